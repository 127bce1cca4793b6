"""What is kept of an exchange: taking part, places, the round of matching, and visits. Plain records; the rules live beside them."""

from datetime import date, datetime, time
from typing import Literal, NewType

from pydantic import Field

from programme.model import Model

State = Literal["form", "in", "offered", "waiting", "withdrawn"]
"""Filling in the form; taking part; may take part and has not said yes; on the waiting list; left."""
PlaceNumber = NewType("PlaceNumber", int)
Presence = Literal["coming", "absent"]
Side = Literal["guest", "host"]
Intervising = Literal["", "yes", "together", "no"]
"""Whether somebody wants to be in an intervision group: has not said so; yes; yes, and with the match partner too; no."""
How = Literal["done", "cancelled by guest", "cancelled by host", "missed", "not yet"]
"""What can become of a day that was agreed."""
Sharing = Literal["private", "cohort", "anonymous"]
"""Who reads an experience: only who wrote it; everybody in the edition, with the name; everybody, and nobody knows from whom."""


class Participant(Model):
    """Somebody's part in an edition: the form, the preferences, and what they said of meetings and intervision."""

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
    meetings: dict[str, Presence] = Field(default_factory=dict)
    """By key of a meeting: whether they said that they come. Never why not."""
    network: dict[str, datetime] = Field(default_factory=dict)
    """By key of a network session that they chose: since when, for the order on its waiting list."""
    shared: bool = False
    """They wrote down their experience. What they wrote stands elsewhere, anonymous or not."""
    intervision: Intervising = ""
    asked: datetime | None = None
    """When they were last asked whether they want to be in an intervision group; None when they never were."""
    room_until: datetime | None = None
    """Until when room is kept for them that they were offered; None: nothing was offered, or before this was kept."""
    undisturbed: date | None = None
    """They want no reminders through this day."""

    def rests(self, today: date) -> bool:
        """Whether they want no reminders today."""
        return self.undisturbed is not None and self.undisturbed >= today

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

    @property
    def can_be_visited(self) -> bool:
        """Whether it takes guests."""
        return self.open and self.seats > 0


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


class Consultation(Model):
    """What was discussed with one person for whom no preference was possible. Never why they said no."""

    person: str
    offered: tuple[int, ...]
    """The places of the newest proposal."""
    times: int = 1
    """So many proposals were made."""
    asked: datetime
    answer: Literal["open", "accepted", "declined", "call", "fixed"] = "open"
    """The last: the coordinator gave them a place by hand."""


class NewPair(Model):
    """A visit that a repair would make, and who of the two have agreed to it."""

    guest: str
    number: int
    host: str
    agreed: frozenset[str] = frozenset()


class Repair(Model):
    """What is to be done after somebody left a published ring. Only who stands in `pairs` has anything to do with it."""

    made: datetime
    pairs: tuple[NewPair, ...]
    unplaced: tuple[str, ...] = ()
    """Guests for whom no place was found."""
    idle: tuple[str, ...] = ()
    """Hosts whose guest left and for whom nobody was found."""
    asked: bool = False
    """The coordinator has let the pairs be asked."""
    asked_at: datetime | None = None
    """When that was; None for one that was asked before this was kept."""
    refused: tuple[tuple[str, int], ...] = ()
    """Pairs (guest, number of the place) to which somebody said no: they are not proposed again."""
    versions: dict[str, int] = Field(default_factory=dict)
    """By guest: the last version of the visit that does not go on, so that the calendar file of the new one is a later one."""


class Grouping(Model):
    """The intervision groups as they are proposed and not made yet: full ids, group by group."""

    made: datetime
    groups: tuple[tuple[str, ...], ...]


class Round(Model):
    """The matching of one edition, and the proposal for its intervision groups."""

    id: str
    next_number: int = 1
    secret: str = ""
    commitment: str = ""
    """Published before the first list comes in; the secret itself only with the result."""
    locks: tuple[Lock, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    """Pairs of people whom the coordinator keeps apart: full ids, in alphabetical order. Never why."""
    proposal: Proposal | None = None
    hold: Hold | None = None
    published: datetime | None = None
    proved: str = ""
    """Hash of the problem that was published, once the problem itself is erased: whoever kept the proof can show that it is this one."""
    consultations: tuple[Consultation, ...] = ()
    repair: Repair | None = None
    grouping: Grouping | None = None


class Half(Model):
    """A day or a half day, in local time."""

    day: date
    start: time
    end: time


class Suggestion(Model):
    """A day that one of two proposed to the other."""

    by: str
    halves: tuple[Half, ...]
    at: datetime | None = None
    """When; None for one from before this was kept."""


class Wish(Model):
    """Something that the guest would like to see. Its number is its place in the list, from 1."""

    text: str
    answer: Literal["", "yes", "no", "later"] = ""


class Signed(Model):
    """The confidentiality statement was signed: who said so, and on which day. Nothing of what it says."""

    by: str
    on: date


class Ended(Model):
    """What became of the day that was agreed. Never why."""

    version: int
    """Of which version of the visit this holds; a new day is another version."""
    how: How
    on: date
    """The day on which it was said."""


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
    agreed_at: datetime | None = None
    """When that day was agreed. What should have been said before that is said with the agreement. None: before this was kept."""
    version: int = 0
    """Counts what was agreed, for the calendar file."""
    checks: frozenset[str] = frozenset()
    """Keys of what the two have settled in their preparation."""
    wishes: tuple[Wish, ...] = ()
    signed: Signed | None = None
    end: Ended | None = None
    figures: dict[Side, int] = Field(default_factory=dict)
    """How it was, from 1 to 5, by side."""

    @property
    def ended(self) -> Ended | None:
        """What became of the day, if that is known and no other day was agreed since."""
        return self.end if self.end is not None and self.end.version == self.version else None

    @property
    def done(self) -> bool:
        """Whether it took place."""
        return self.ended is not None and self.ended.how == "done"

    @property
    def missed(self) -> bool:
        """Whether the guest did not come, and nothing is agreed or proposed since."""
        return self.ended is not None and self.ended.how == "missed" and self.suggestion is None

    def other(self, person: str) -> str:
        """The one who is not this person."""
        return self.host if person == self.guest else self.guest

    def concerns(self, person: str) -> bool:
        """Whether this person is its guest or host."""
        return person in (self.guest, self.host)

    def side(self, person: str) -> Side:
        """Which of the two this person is."""
        return "guest" if person == self.guest else "host"


class Experience(Model):
    """What somebody wrote down after the visit: the answers to the questions of the edition, in their order."""

    id: str
    edition: str
    person: str = ""
    """Empty when it is anonymous."""
    sharing: Sharing
    answers: tuple[str, ...]


class Group(Model):
    """An intervision group. What is said in it is kept nowhere; this is who is in it and what they agreed."""

    id: str
    """`EDITION/NUMBER`."""
    edition: str
    number: int
    """Counted from 1 in its edition, and never used for another group."""
    members: tuple[str, ...]
    """Full ids. Who leaves the programme is taken out."""
    facilitators: tuple[str, ...] = ()
    """Who led the sessions that were held, the first one first."""
    held: int = 0
    """So many sessions were held."""
    version: int = 1
    """Which version of the agreements `agreed` is about."""
    agreed: dict[str, date] = Field(default_factory=dict)
    """By person: the day on which they said yes to that version."""
    made: datetime | None = None
    """When it was made, and everybody was asked to agree; None for one from before this was kept."""
    closed: date | None = None
    """The day on which it ended; None while it goes on."""
