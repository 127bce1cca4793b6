"""One edition of an exchange as it stands: the view in which everything is looked up.

The records are in `records.py`; the rules are in `participation.py`, `preferences.py`, `ring.py` and `visits.py`: each takes this view and
returns new records, or refuses with the answer that the person gets.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from programme.edition import Edition
from programme.records import Group, Participant, Place, Round, Visit
from programme.text import Call, Day, Misread, Refusal, _
from programme.workdays import FRIDAY, is_weekend

GRACE = timedelta(minutes=10)
"""A message counts by its own time when it arrives at most this much later."""


class Phase(StrEnum):
    """Where an exchange stands."""

    BEFORE = "before"
    SIGNUP = "signup"
    PREFERENCES = "preferences"
    MATCHING = "matching"
    VISITS = "visits"
    CLOSED = "closed"


@dataclass(frozen=True)
class Exchange:
    """One edition as it stands. Everything is read; rules return new records."""

    edition: Edition
    round: Round
    participants: Mapping[str, Participant]
    """By person."""
    places: Mapping[int, Place]
    """By number; also those that are closed."""
    visits: Mapping[str, Visit]
    """By guest."""
    now: datetime
    groups: Mapping[int, Group] = field(default_factory=dict)
    """By number; also those that have ended."""

    @cached_property
    def phase(self) -> Phase:
        """Where it stands now."""
        edition, now = self.edition, self.now
        if self.round.published:
            return Phase.CLOSED if edition.is_over("visits", now) else Phase.VISITS
        if edition.is_open("preferences", now):
            return Phase.PREFERENCES
        if edition.is_over("preferences", now):
            return Phase.MATCHING
        return Phase.SIGNUP if edition.has_begun("signup", now) else Phase.BEFORE

    @property
    def today(self) -> date:
        """The day, where the edition's clock hangs."""
        return self.edition.day(self.now)

    def participant(self, person: str) -> Participant:
        """This person's part. Refuses who has none."""
        found = self.participants.get(person)
        if found is None or found.state == "withdrawn":
            raise Refusal(
                _(
                    "You do not take part in {edition}. Sign up with {how}.",
                    edition=self.edition.name,
                    how=Call(command="signup"),
                )
            )
        return found

    def active(self, person: str) -> Participant:
        """This person's part, complete. Refuses who has not finished the form or waits."""
        found = self.participant(person)
        if found.state == "form":
            raise Refusal(_("Your form is not finished yet. Go on with {how}.", how=Call(command="form")))
        if not found.takes_part:
            raise Refusal(
                _(
                    "You are on the waiting list of {edition}. You will hear from me when there is room.",
                    edition=self.edition.name,
                )
            )
        return found

    def waiting(self) -> list[Participant]:
        """Who waits, longest first."""
        return sorted((p for p in self.participants.values() if p.state == "waiting"), key=lambda p: p.since)

    def place_of(self, person: str) -> Place | None:
        """What this person offers, also when it is closed."""
        return next((place for place in self.places.values() if place.host == person), None)

    def offered(self) -> list[Place]:
        """The places that can be visited, by number."""
        return [place for place, _organisation in self._offered]

    @cached_property
    def _offered(self) -> tuple[tuple[Place, str], ...]:
        """The places that can be visited, by number, each with the name of its organisation as it is compared."""
        places = (self.places[number] for number in sorted(self.places))
        return tuple((place, folded(place.organisation)) for place in places if place.can_be_visited)

    def choosable(self, part: Participant) -> list[Place]:
        """The places that this person can rank: not the own organisation, not avoided."""
        own = folded(part.answers.get("organisation", ""))
        return [
            place
            for place, organisation in self._offered
            if place.host != part.person and place.number not in part.avoids and organisation != own
        ]

    def place(self, number: int) -> Place:
        """The open place with this number. Refuses any other."""
        place = self.places.get(number)
        if place is None or not place.can_be_visited:
            raise Misread(
                _("There is no place {number}. See the places with {how}.", number=number, how=Call(command="places"))
            )
        return place

    def must_show_places(self) -> None:
        """Refuse as long as the places are not shown."""
        if self.phase in (Phase.BEFORE, Phase.SIGNUP):
            raise Refusal(
                _(
                    "The places are shown from {day}. I will send you a message then.",
                    day=Day(day=self.edition.windows["preferences"].opens),
                )
            )

    def undecided(self) -> list[Participant]:
        """Who takes part and has no preferences."""
        return [p for p in self.participants.values() if p.takes_part and not p.preferences]

    def visits_of(self, person: str) -> list[Visit]:
        """The visits that concern this person: the own visit first, then those who come."""
        mine = [v for v in self.concerning.get(person, ()) if self._can_go_on(v)]
        return sorted(mine, key=lambda v: (v.guest != person, v.guest))

    @cached_property
    def concerning(self) -> Mapping[str, list[Visit]]:
        """All visits by each of their two people, also those that go on no more."""
        found: dict[str, list[Visit]] = defaultdict(list)
        for visit in self.visits.values():
            found[visit.guest].append(visit)
            found[visit.host].append(visit)
        return found

    def undated(self) -> list[Visit]:
        """The visits without a day."""
        return [v for v in self.going() if not v.agreed]

    def going(self) -> list[Visit]:
        """The visits that can go on: neither of the two has left."""
        return [v for v in self.visits.values() if self._can_go_on(v)]

    def _can_go_on(self, visit: Visit) -> bool:
        return visit.guest not in self.left and visit.host not in self.left

    @cached_property
    def left(self) -> frozenset[str]:
        """Who has left the edition."""
        return frozenset(p.person for p in self.participants.values() if p.state == "withdrawn")

    def example_day(self) -> str:
        """A day that can be proposed, as people type it: a working day of the visiting period, a week ahead if there is time."""
        period, today = self.edition.period("visits"), self.today
        day = min(max(period.first, today + timedelta(days=7)), period.last)
        if is_weekend(day):
            friday = day - timedelta(days=day.isoweekday() - FRIDAY)
            day = friday if friday >= max(period.first, today) else friday + timedelta(days=3)
        return day.strftime("%d-%m-%Y")


def folded(name: str) -> str:
    """A name as it is compared: without case and surplus spaces."""
    return " ".join(name.casefold().split())
