"""What is kept of an exchange: taking part, places, the round of matching, and visits. Plain records; the rules live beside them."""

from datetime import date, datetime, time
from typing import Literal, NewType

from pydantic import Field

from programme.model import Model

State = Literal["form", "in", "offered", "waiting", "withdrawn"]
"""Filling in the form; taking part; may take part and has not said yes; on the waiting list; left."""
PlaceNumber = NewType("PlaceNumber", int)


class Participant(Model):
    """Somebody's part in an edition, up to the match."""

    id: str
    edition: str
    person: str
    state: State
    since: datetime
    """Since when it is so: order on the waiting list, and the receipt."""
    answers: dict[str, str] = Field(default_factory=dict)
    preferences: tuple[int, ...] = ()
    padded: int = 0
    """So many at the end of the list were put there by the bot, with consent."""
    avoids: tuple[int, ...] = ()
    admitted: bool = False
    """The coordinator let them in after sign-up had closed."""

    @property
    def takes_part(self) -> bool:
        """Whether they are in, for the matching."""
        return self.state == "in"


class Place(Model):
    """What a host offers. Its number is issued once and never used for another."""

    id: str
    edition: str
    number: int
    host: str
    organisation: str
    sector: str
    region: str = ""
    offer: str = ""
    seats: int = 1
    open: bool = True


class Lock(Model):
    """A pair that the coordinator made by hand. It survives every new proposal."""

    person: str
    number: int
    reason: str


class Proposal(Model):
    """The newest outcome of the matching, not yet published."""

    made: datetime
    input: str
    """Hash of the problem that it solves."""
    problem: str
    """That problem, as canonical JSON; with `matching` it is the bundle that anybody can check."""
    matching: str
    """The matching with its certificate, as JSON."""
    match: dict[str, int]
    unplaced: tuple[str, ...]


class Hold(Model):
    """A publication that waits ten minutes, so that it can be stopped."""

    by: str
    at: datetime
    until: datetime
    input: str


class Round(Model):
    """The matching of one edition."""

    id: str
    next_number: int = 1
    secret: str = ""
    commitment: str = ""
    """Published before the first list comes in; the secret itself only with the result."""
    locks: tuple[Lock, ...] = ()
    proposal: Proposal | None = None
    hold: Hold | None = None
    published: datetime | None = None


class Half(Model):
    """A day or a half day, in local time."""

    day: date
    start: time
    end: time


class Suggestion(Model):
    """A day that one of two proposed to the other."""

    by: str
    halves: tuple[Half, ...]


class Visit(Model):
    """One match: this guest visits this host."""

    id: str
    edition: str
    guest: str
    host: str
    number: int
    level: int | None
    """Which preference it was, from 0; None when it was none of them."""
    suggestion: Suggestion | None = None
    agreed: tuple[Half, ...] = ()
    version: int = 0
    """Counts what was agreed, for the calendar file."""

    def other(self, person: str) -> str:
        """The one who is not this person."""
        return self.host if person == self.guest else self.guest

    def concerns(self, person: str) -> bool:
        """Whether this person is its guest or host."""
        return person in (self.guest, self.host)
