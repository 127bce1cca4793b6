"""A reminder as an edition has it: when, for whom, what is said, and what can be answered with a tap."""

import string
from datetime import date, time
from typing import Literal, get_args

from pydantic import Field, field_validator, model_validator

from programme.model import Model
from programme.text import Both

Audience = Literal[
    "cohort",
    "unfinished",
    "everyone",
    "undecided",
    "undated",
    "visiting",
    "desk",
    "expected",
    "unanswered",
    "attending",
    "unshared",
    "consulted",
    "owing",
    "proposer",
]
"""Who a reminder is for: the cohort room; who began to sign up; all participants; those without preferences; those without a
day; both sides of a visit; the coordinators. Of a meeting: who has not said that they cannot come; who has said nothing; who has a
seat in the network session. Who has had a visit and not written down an experience; who was offered places and has not answered. Who
was asked what the reminder is about and owes the answer; who proposed the day that it is about."""
Only = Literal["unsigned", "unconfirmed", "undated"]
"""Which visits a reminder is about: those without a signed statement; those of which nobody has said what became of the day; those
without a day."""
TapCommand = Literal[
    "attend",
    "absent",
    "took_place",
    "not_yet",
    "accept_day",
    "decline_day",
    "repair_yes",
    "repair_no",
    "take_room",
    "leave_room",
]
About = Literal["proposal", "repair", "room", "intervision", "agreements"]
"""What somebody was asked: a day that was proposed, a new pair, room that came free, a place in an intervision group, its agreements."""
QUESTIONS: tuple[About, ...] = get_args(About)
"""The anchors that are a question to somebody: a reminder counts from the day on which it was put."""

COMMANDS = (
    "signup",
    "form",
    "places",
    "overview",
    "call_list",
    "match_propose",
    "absent",
    "confidentiality",
    "preparation",
    "experience",
    "alternative",
    "intervision",
    "agreements",
    "agree",
    "groups_propose",
)
"""What a reminder can tell people to type by its bare word."""
FACTS = ("edition", "day", "closes", "contact", "host", "guest", "when", "visits", "people")
"""What a reminder can say of what it is about."""
EXAMPLES = ("prefer", "propose", "network")
"""What a reminder can tell people to type with more than the bare word, or by another word than its own."""
WORDS_IN_REMINDERS = frozenset({*FACTS, *COMMANDS, *EXAMPLES})
"""What may stand between braces in a reminder's text."""


class Tap(Model):
    """A button below a reminder: its label, and the command that it gives, about the visit or meeting of the reminder."""

    label: Both
    command: TapCommand


class Reminder(Model):
    """A reminder as data: when, for whom, what. At `at` on the day that lies `days` after the anchor, or `on` a day of its own."""

    key: str
    anchor: str | None = None
    """`signup.opens`, `preferences.closes`, `visits.closes`, `publish`, `meeting.KEY`, `network` (each network session), `visit` (the
    day of each visit), `missed` (the day on which a host said that the guest did not come), `consultation` (the day on which
    places were offered to somebody) or one of `QUESTIONS` (the day on which it was put to somebody)."""
    days: int = 0
    working: bool = False
    """`days` counts only working days."""
    minutes: int = Field(default=0, ge=0, le=240)
    """So many minutes before a meeting begins, instead of `days` and `at`. Such a reminder never waits for another day."""
    on: date | None = None
    at: time = time(9)
    to: Audience
    only: Only | None = None
    text: Both
    taps: tuple[Tap, ...] = ()
    useful_days: int = Field(default=3, ge=1)
    """Late is better than never for this many days, but never after the anchor when it comes before it."""

    @property
    def announces(self) -> bool:
        """Whether it says that something begins: nobody can be late with that."""
        return self.counts_from[1] == "opens"

    @property
    def counts_from(self) -> tuple[str, str]:
        """The two halves of the anchor: `("signup", "closes")`, `("visit", "")`; empty words for a reminder with a day of its own."""
        name, _dot, edge = (self.anchor or "").partition(".")
        return name, edge

    @property
    def comes_before(self) -> bool:
        """Whether it must be there before something, so that it comes earlier where it cannot come on its own day.

        On the day of a meeting or of publication, and on the last day of a window, it is still in time; the day after it is not.
        """
        name, edge = self.counts_from
        ends = edge == "closes" or name in ("meeting", "network", "publish", "visit")
        return self.days < 0 or (self.days == 0 and ends)

    @property
    def words(self) -> tuple[str, ...]:
        """The names between braces in its text, in either language, each once and in their order."""
        return tuple(dict.fromkeys((*_names_in(self.text.nl), *_names_in(self.text.en))))

    @model_validator(mode="after")
    def _dated(self) -> "Reminder":
        if (self.anchor is None) == (self.on is None):
            raise ValueError("give either anchor (with days) or on")
        return self

    @field_validator("text")
    @classmethod
    def _known_words(cls, text: Both) -> Both:
        for written in (text.nl, text.en):
            if unknown := set(_names_in(written)) - WORDS_IN_REMINDERS:
                raise ValueError(f"unknown {{{min(unknown)}}}; known are {', '.join(sorted(WORDS_IN_REMINDERS))}")
        return text


def _names_in(written: str) -> tuple[str, ...]:
    return tuple(name for _text, name, _spec, _conversion in string.Formatter().parse(written) if name is not None)
