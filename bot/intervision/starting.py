"""What somebody types to start a session, read: the method by any of its names, how long, how it is held, and whose case it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.arguments import converter_of
from bot.command import fold
from bot.context import Context
from bot.files import read_methods
from programme.intervision.calls import START
from programme.intervision.method import Method
from programme.intervision.session import Form
from programme.people import Person
from programme.text import Refusal, _, listing

SPOKEN = frozenset({"video", "gesproken", "bellen", "spoken", "call"})
"""People talk in a call, and the bot keeps turns and time."""
SLOW = frozenset({"langzaam", "slow"})
"""It goes over working days, in writing."""
NOW, WAIT = frozenset({"nu", "now"}), frozenset({"wacht", "wait"})
"""Begin without who is not there; or wait."""
HOW_AND_WHEN = SPOKEN | SLOW | NOW | WAIT
FILLERS = frozenset({"met", "de", "het", "een", "minuten", "with", "the", "a", "minutes"})
"""What people say around the name of a method."""


@dataclass(frozen=True)
class Wanted:
    """What was typed behind the command."""

    method: Method
    minutes: int | None
    form: Form
    slow: bool
    presenter: str | None
    """Full id of whose case it is, where somebody was named."""
    when: Literal["", "now", "wait"] = ""
    """What was said on who is not there yet."""


def read_start(ctx: Context, words: Sequence[str]) -> Wanted:
    """Read the method, the whole length in minutes, how it is held, and whose case it is; all may be left out."""
    numbers = [int(word) for word in words if word.isascii() and word.isdecimal()]
    how = {fold(word) for word in words}
    named = [word for word in words if not word.isdecimal() and fold(word) not in HOW_AND_WHEN | FILLERS]
    method, rest = _method(named)
    minutes = numbers[0] if numbers else None
    return Wanted(
        method=read_methods()[method.instead.get(minutes or 0, method.id)],
        minutes=minutes,
        form="spoken" if how & SPOKEN else "written",
        slow=bool(how & SLOW),
        when="now" if how & NOW else "wait" if how & WAIT else "",
        presenter=_presenter(ctx, " ".join(rest), " ".join(named)) if rest else None,
    )


def _method(named: Sequence[str]) -> tuple[Method, Sequence[str]]:
    """The method that the words begin with, and what stands behind it; the incident method when they begin with none."""
    known = read_methods()
    for length in range(len(named), 0, -1):
        meant = _key(" ".join(named[:length]))
        for method in known.values():
            if meant and meant in {_key(it) for it in (method.id, method.name.nl, method.name.en)}:
                return method, named[length:]
    return known["incident"], named


def _key(name: str) -> str:
    """What counts in the name of a method: "Incidentmethode, kort" is "incident kort"."""
    folded = fold(name.replace(",", " "))
    return re.sub("method(?:iek|e)?", "", folded)


def _presenter(ctx: Context, name: str, typed: str) -> str:
    """The person with this name. What is neither a method nor a person is taken for a method that we do not know."""
    try:
        return str(converter_of(Person).read(ctx, name).id)
    except Refusal:
        short = "kort" if ctx.language == "nl" else "short"
        some = [START.model_copy(update={"arguments": it}) for it in (("incident",), ("incident", short), ("troika",))]
        text = _("I do not know the method {name}. Type one of these: {some}.", name=typed, some=listing([*some]))
        raise Refusal(text) from None
