"""What a command returns: what the bot is to say, to ask, or to compute first.

A context holds commands, and commands return answers: so an answer knows no context, and what is called with one says `Any`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from programme.model import Model
from programme.text import Call, Sayable
from storage.letters import Button, File, Question, Ranking

HERE = ""
"""The room in which the command was typed."""
TEN_MINUTES = timedelta(minutes=10)
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Poll:
    """A poll in a room. Everybody there sees who chose what, so it is never for what is secret, ranked or confidential.

    The calls of the choices have one command and differ in their arguments; who chooses several makes one call with the
    arguments of all. A later vote takes the place of an earlier one: the command sees to that.
    """

    key: str
    """What it is known by in this room, to end it (`Say.ends`)."""
    choices: Sequence[Button]
    most: int = 1
    """How many choices one person may make."""
    none: Call | None = None
    """The call of somebody who takes their choice back."""


@dataclass(frozen=True)
class Say:
    """Say something. `to` is the key of a room (`programme.rooms`), HERE by default."""

    text: Sayable
    to: str = HERE
    buttons: Sequence[Button] = ()
    file: File | None = None
    until: datetime | None = None
    """From then on it is of no use any more, and is not said (aware)."""
    wake: bool = False
    """It must reach somebody's attention: a reminder, a match, a question. Plain answers do not wake."""
    keep: bool = True
    """False for what people wrote: it never touches the disk, so a crash loses it."""
    status: str = ""
    """It is the status text of the room, under this key: said and pinned when there is none with the key yet, else changed in place.

    Later ones replace earlier ones that are still under way, and a text that stays the same is not said again. Never wakes.
    """
    poll: Poll | None = None
    """The text is its question."""
    ends: str = ""
    """Key of the poll of this room that is over now."""
    ranking: Ranking | None = None
    """In a direct chat: what can be put in order below the text, where the platform can show that. The text says how to type it."""
    mentions: str = ""
    """Full id of the one person who is addressed in a room."""
    reports: str = ""
    """Only with `keep=False`: the act `REPORTS_arrived` is done in its room when the platform has it, `REPORTS_lost` when it cannot be."""
    known_as: str = ""
    """An id of its own for the letter, by which it is looked up after a crash; never the same for two."""
    reactions: bool = False
    """A reaction with its number presses a button, in rooms. Reactions are never encrypted and easily forged by the server of
    who reacts: only for an opinion that everybody may see."""


@dataclass(frozen=True)
class Ask:
    """Ask one person an open question, in the direct chat. The whole next message is the answer.

    `call` has a `GAP` where the answer goes; with `choices` and no `call`, only a choice counts.
    """

    text: Sayable
    call: Call | None = None
    choices: Sequence[Button] = ()
    to: str = HERE
    """Key of a direct chat."""
    until: timedelta = A_WEEK
    wake: bool = False
    whose: str = ""
    """What makes it another question than an earlier one with the same call: the later replaces the earlier."""
    back: Call | None = None
    """The call of going back to the question before this one, where there is one."""
    resume: Call | None = None
    """The call with which somebody goes on who answers another time; what was given before is kept."""
    lapses: bool = False
    """It asks for what a command lacks, and is over when the person types another one."""


@dataclass(frozen=True)
class Again:
    """Put a question once more that is open: its answers stand at the end of the chat again. `before` is said above it."""

    question: Question
    before: Sayable | None = None


@dataclass(frozen=True)
class Confirm:
    """Ask whether this very command must be done. Yes runs it again with `ctx.confirmed`; once, by this person, within ten minutes."""

    text: Sayable
    yes: Sayable | None = None
    no: Sayable | None = None


@dataclass(frozen=True)
class Work:
    """A computation over 50 ms: `then(ctx, input, result)` gives the answer, in an event of its own.

    `function` is a plain function of a module, `input` a model; the result is dropped when `again(ctx)` has become another input.
    """

    function: Callable[[Any], Any]
    input: Any
    then: "Callable[[Any, Any, Any], Answer]"
    again: Callable[[Any], Any]
    meanwhile: Sayable | None = None
    act: str = ""
    """The act of the house that asks for it again, for what nobody typed; empty: the call does."""
    call: Call | None = None
    """The call that asked for it; the router fills it in."""


@dataclass(frozen=True)
class Look:
    """See how a room is now: the act is done in that room with its facts. Not when it cannot be known before `until` (aware)."""

    room: str
    act: str
    until: datetime


Part = Say | Ask | Again | Confirm | Work | Look
Answer = Part | Sequence[Part] | Sayable | None


def parts(answer: Answer) -> list[Part]:
    """Take an answer apart; a bare text is said here."""
    if answer is None:
        return []
    if isinstance(answer, Model):
        return [Say(answer)]
    return list(answer) if isinstance(answer, Sequence) else [answer]
