"""What a command returns: what the bot is to say, to ask, or to compute first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from programme.model import Model
from programme.text import Call, Sayable
from storage.letters import Button, File

if TYPE_CHECKING:
    from bot.context import Context

HERE = ""
"""The room in which the command was typed."""
TEN_MINUTES = timedelta(minutes=10)
A_WEEK = timedelta(days=7)


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
    then: "Callable[[Context, Any, Any], Answer]"
    again: "Callable[[Context], Any]"
    meanwhile: Sayable | None = None
    call: Call | None = None
    """The call that asked for it; the router fills it in."""


Part = Say | Ask | Confirm | Work
Answer = Part | Sequence[Part] | Sayable | None


def parts(answer: Answer) -> list[Part]:
    """Take an answer apart; a bare text is said here."""
    if answer is None:
        return []
    if isinstance(answer, Model):
        return [Say(answer)]
    return list(answer) if isinstance(answer, Sequence) else [answer]
