"""The kit of a command author: all that a file in `commands/` needs from this house."""

from typing import Annotated

from bot.answer import HERE, Answer, Ask, Confirm, Poll, Say, Work
from bot.arguments import Choice, Rest, UntilDay
from bot.calendar import calendar_file
from bot.command import ANYWHERE, DESK, DIRECT, PRIVATE, Command, command, fold, listen, when
from bot.context import Context
from programme.people import Person, Role
from programme.text import GAP, Call, Refusal, Sayable, Text, Value, _, _n, lines, listing
from storage.letters import Button, File, Ranking

__all__ = [
    "ANYWHERE",
    "DESK",
    "DIRECT",
    "GAP",
    "HERE",
    "PRIVATE",
    "Annotated",
    "Answer",
    "Ask",
    "Button",
    "Call",
    "Choice",
    "Command",
    "Confirm",
    "Context",
    "File",
    "Person",
    "Poll",
    "Ranking",
    "Refusal",
    "Rest",
    "Role",
    "Say",
    "Sayable",
    "Text",
    "UntilDay",
    "Value",
    "Work",
    "_",
    "_n",
    "calendar_file",
    "command",
    "fold",
    "lines",
    "listen",
    "listing",
    "when",
]  # fmt: skip
