"""The exchange: who takes part, what they offer and prefer, who visits whom, and when.

The records (`Participant`, `Place`, `Round`, `Visit`) are what is kept. `Exchange` is the view of one edition in which the rules
live: each takes what is so and returns new records, or refuses with the answer that the person gets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Literal, NewType

from pydantic import Field

from programme.edition import Edition
from programme.model import Model
from programme.people import Person
from programme.text import Both, Call, Day, Moment, Period, Refusal, Sayable, Span, Value, _, lines, listing

State = Literal["form", "in", "offered", "waiting", "withdrawn"]
"""Filling in the form; taking part; may take part and has not said yes; on the waiting list; left."""
PlaceNumber = NewType("PlaceNumber", int)


class Phase(StrEnum):
    """Where an exchange stands."""

    BEFORE = "before"
    SIGNUP = "signup"
    PREFERENCES = "preferences"
    MATCHING = "matching"
    VISITS = "visits"
    CLOSED = "closed"


class Half(Model):
    """A day or a half day, in local time."""

    day: date
    start: time
    end: time


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


HOLD = timedelta(minutes=10)
GRACE = timedelta(minutes=10)


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

    # ── taking part ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def participant(self, person: str) -> Participant:
        """This person's part. Refuses who has none."""
        found = self.participants.get(person)
        if found is None or found.state == "withdrawn":
            raise Refusal(
                _(
                    "You do not take part in {edition} yet. Sign up with {how}.",
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
                    "You are on the waiting list of {edition}. The coordinator will tell you when there is room.",
                    edition=self.edition.name,
                )
            )
        return found

    def may_sign_up(self, person: str) -> Literal["now", "late"]:
        """Whether this person can sign up: in time, or for the waiting list. Refuses who is in, and who is too early."""
        found = self.participants.get(person)
        if found is not None and found.state != "withdrawn":
            raise Refusal(self._already(found))
        if not self.edition.has_begun("signup", self.now):
            raise Refusal(
                _(
                    "Sign-up for {edition} opens on {day}. Come back then and type {how}.",
                    edition=self.edition.name,
                    day=Day(day=self.edition.windows["signup"].opens),
                    how=Call(command="signup"),
                )
            )
        return "now" if self.edition.is_open("signup", self.now) else "late"

    def _already(self, found: Participant) -> Sayable:
        match found.state:
            case "form":
                return _("You have begun to sign up. Go on with {how}.", how=Call(command="form"))
            case "waiting":
                return _(
                    "You are on the waiting list of {edition}. You need not do anything.", edition=self.edition.name
                )
            case "offered":
                return _(
                    "There is room for you in {edition}. Answer the question that I asked you.",
                    edition=self.edition.name,
                )
            case _:
                return _(
                    "You already take part in {edition}. See what comes with {how}.",
                    edition=self.edition.name,
                    how=Call(command="overview"),
                )

    def begin(self, me: Person) -> Participant:
        """Let somebody in, at the form. What is known of them is filled in."""
        known = {"organisation": me.organisation, "sector": me.sector, "region": me.region}
        answers = {q.key: known[q.key] for q in self.edition.form if known.get(q.key)}
        return self._part(me.id, "form", answers)

    def wait(self, person: str) -> Participant:
        """Put somebody on the waiting list."""
        return self._part(person, "waiting", {})

    def _part(self, person: str, state: State, answers: dict[str, str]) -> Participant:
        return Participant(
            id=f"{self.edition.id}/{person}",
            edition=self.edition.id,
            person=person,
            state=state,
            since=self.now,
            answers=answers,
        )

    def invited(self, person: str) -> Participant:
        """The part of somebody to whom room was offered. Refuses anybody else."""
        found = self.participants.get(person)
        if found is None or found.state != "offered":
            raise Refusal(
                _("There is no open offer for you. See how you stand with {how}.", how=Call(command="overview"))
            )
        return found

    def may_complete(self, part: Participant) -> bool:
        """Whether a complete form lets somebody in now: in time, or let in by the coordinator, or in already."""
        return part.admitted or self.edition.is_open("signup", self.now)

    def waiting(self) -> list[Participant]:
        """Who waits, longest first."""
        return sorted((p for p in self.participants.values() if p.state == "waiting"), key=lambda p: p.since)

    def next_question(self, part: Participant) -> str | None:
        """Key of the first question without an answer; None when the form is complete."""
        return next((q.key for q in self.edition.form if q.key not in part.answers), None)

    def answered(self, part: Participant, key: str, answer: str) -> Participant:
        """Put an answer in the form. Refuses one that does not fit the question, and says what does."""
        answers = {**part.answers, key: _fitting(self.edition, key, answer)}
        return part.model_copy(update={"answers": answers})

    def completed(self, part: Participant) -> tuple[Participant, Place | None, Round]:
        """Take somebody in whose form is complete, and give their places a number."""
        part = part.model_copy(update={"state": "in", "since": self.now if part.state == "form" else part.since})
        mine = self.place_of(part.person)
        number = mine.number if mine else self.round.next_number
        place = _place(self.edition.id, part, number)
        if mine is None and place.seats == 0:
            return part, None, self.round
        return part, place, self.round.model_copy(update={"next_number": max(self.round.next_number, number + 1)})

    def withdrawn(self, part: Participant) -> list[Model]:
        """Let somebody go: their part, place and open day proposals."""
        gone: list[Model] = [
            part.model_copy(
                update={"state": "withdrawn", "preferences": (), "avoids": (), "padded": 0, "since": self.now}
            )
        ]
        if place := self.place_of(part.person):
            gone.append(place.model_copy(update={"open": False}))
        locks = tuple(lock for lock in self.round.locks if lock.person != part.person)
        if locks != self.round.locks:
            gone.append(self.round.model_copy(update={"locks": locks}))
        return gone

    # ── places and preferences ───────────────────────────────────────────────────────────────────────────────────────────

    def place_of(self, person: str) -> Place | None:
        """What this person offers, also when it is closed."""
        return next((place for place in self.places.values() if place.host == person), None)

    def offered(self) -> list[Place]:
        """The places that can be visited, by number."""
        return [self.places[n] for n in sorted(self.places) if self.places[n].open and self.places[n].seats]

    def choosable(self, part: Participant) -> list[Place]:
        """The places that this person can rank: not the own organisation, not avoided."""
        own = _folded(part.answers.get("organisation", ""))
        return [
            p
            for p in self.offered()
            if p.host != part.person and _folded(p.organisation) != own and p.number not in part.avoids
        ]

    def place(self, number: int) -> Place:
        """The open place with this number. Refuses any other."""
        place = self.places.get(number)
        if place is None or not place.open or not place.seats:
            raise Refusal(
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

    def must_still_offer(self) -> None:
        """Refuse a change of the number of places once they can be ranked."""
        if self.phase not in (Phase.BEFORE, Phase.SIGNUP):
            raise Refusal(
                _(
                    "The number of places is fixed now, because others choose from them. Is something wrong? Call or mail {contact}.",
                    contact=str(self.edition.contact),
                )
            )

    def must_take_preferences(self) -> None:
        """Refuse outside the window of preferences."""
        self.must_show_places()
        if self.phase is not Phase.PREFERENCES:
            raise Refusal(
                _(
                    "Preferences closed on {day}. Is something wrong? Call or mail {contact}.",
                    day=Day(day=self.edition.windows["preferences"].closes),
                    contact=str(self.edition.contact),
                )
            )

    def length(self, part: Participant) -> int:
        """How many places this person ranks: as the edition says, or all that there are."""
        return min(self.edition.preferences.length, len(self.choosable(part)))

    def preferred(self, part: Participant, numbers: Sequence[int]) -> Participant:
        """Keep this ranking, best first. A short list is for `padded_list` to fill; this refuses it never."""
        self.must_take_preferences()
        self._must_rank(part, numbers)
        return part.model_copy(update={"preferences": tuple(numbers), "padded": 0})

    def _must_rank(self, part: Participant, numbers: Sequence[int]) -> None:
        if not numbers:
            raise Refusal(
                _("Name at least one place, best first: {how}.", how=Call(command="prefer", arguments=("3", "7", "1")))
            )
        if twice := sorted({n for n in numbers if numbers.count(n) > 1}):
            raise Refusal(_("Place {number} stands in your list twice. Name each place once.", number=twice[0]))
        if len(numbers) > self.edition.preferences.length:
            raise Refusal(
                _("Your list can hold {most} places. Leave the last ones out.", most=self.edition.preferences.length)
            )
        for number in numbers:
            self._must_choose(part, self.place(number))

    def _must_choose(self, part: Participant, place: Place) -> None:
        if place.host == part.person:
            raise Refusal(_("Place {number} is your own. Choose places of others.", number=place.number))
        if _folded(place.organisation) == _folded(part.answers.get("organisation", "")):
            raise Refusal(
                _("Place {number} is at your own organisation. Choose a place somewhere else.", number=place.number)
            )
        if place.number in part.avoids:
            raise Refusal(
                _(
                    "Place {number} is one that you would rather not visit. Do you want it after all? Then first type {how}.",
                    number=place.number,
                    how=Call(
                        command="avoid", arguments=tuple(str(n) for n in part.avoids if n != place.number) or ("0",)
                    ),
                )
            )

    def padding(self, part: Participant, numbers: Sequence[int]) -> tuple[int, ...]:
        """The places that fill a short list: other sectors first, then the same; then by number. Empty when it is long enough."""
        mine = part.answers.get("sector", "")
        free = [p for p in self.choosable(part) if p.number not in numbers]
        free.sort(key=lambda p: (p.sector == mine, p.number))
        return tuple(p.number for p in free[: max(0, self.length(part) - len(numbers))])

    def avoided(self, part: Participant, numbers: Sequence[int]) -> Participant:
        """Keep which places this person would rather not visit; they leave the ranking. Refuses more than the edition allows."""
        self.must_take_preferences()
        most = self.edition.preferences.avoid
        if len(set(numbers)) > most:
            raise Refusal(
                _(
                    "You can name {most} places at most. Is that not enough? Call or mail {contact}.",
                    most=most,
                    contact=str(self.edition.contact),
                )
            )
        for number in numbers:
            if self.place(number).host == part.person:
                raise Refusal(_("Place {number} is your own. You never visit yourself.", number=number))
        kept = tuple(n for n in part.preferences if n not in numbers)
        return part.model_copy(
            update={"avoids": tuple(dict.fromkeys(numbers)), "preferences": kept, "padded": min(part.padded, len(kept))}
        )

    def undecided(self) -> list[Participant]:
        """Who takes part and has no preferences."""
        return [p for p in self.participants.values() if p.takes_part and not p.preferences]

    # ── visits ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    def visits_of(self, person: str) -> list[Visit]:
        """The visits that concern this person: the own visit first, then those who come."""
        mine = [v for v in self.visits.values() if v.concerns(person)]
        return sorted(mine, key=lambda v: (v.guest != person, v.guest))

    def must_visit(self) -> None:
        """Refuse as long as the matches are not known, and after the visiting period."""
        if self.phase is Phase.CLOSED:
            raise Refusal(
                _(
                    "The visiting period is over. Do you still want to agree a day? Call or mail {contact}.",
                    contact=str(self.edition.contact),
                )
            )
        if not self.round.published:
            raise Refusal(
                _("The matches are not known yet. You hear yours by {day}.", day=Day(day=self.edition.publish))
            )

    def suggested(self, visit: Visit, by: str, halves: Sequence[Half]) -> Visit:
        """Propose a day for a visit. Refuses days outside the period, in the past, or on which one of the two visits elsewhere."""
        self.must_visit()
        self._must_fit(visit, halves)
        return visit.model_copy(update={"suggestion": Suggestion(by=by, halves=tuple(halves))})

    def _must_fit(self, visit: Visit, halves: Sequence[Half]) -> None:
        period = self.edition.windows["visits"].period
        for half in halves:
            if not period.first <= half.day <= period.last:
                raise Refusal(
                    _(
                        "{day} lies outside the visiting period ({period}). Choose a day within it. Is there no other way? Call or mail {contact}.",
                        day=Day(day=half.day),
                        period=period,
                        contact=str(self.edition.contact),
                    )
                )
            if half.day < self.now.astimezone(self.edition.zone).date():
                raise Refusal(_("{day} has passed. Choose a day that is still to come.", day=Day(day=half.day)))
            if half.day.isoweekday() > 5:  # noqa: PLR2004 - Saturday and Sunday
                raise Refusal(_("{day} is in the weekend. Choose a working day.", day=Day(day=half.day)))
            self._must_be_free(visit, half.day)

    def _must_be_free(self, visit: Visit, day: date) -> None:
        for person in (visit.guest, visit.host):
            for other in self.visits_of(person):
                if other.id != visit.id and any(half.day == day for half in other.agreed):
                    raise Refusal(
                        _(
                            "There is another visit on {day}. Nobody visits and receives on one day. Choose another day.",
                            day=Day(day=day),
                        )
                    )

    def accepted(self, visit: Visit, by: str) -> Visit:
        """Say yes to the day that the other proposed. Refuses when there is none, or it does not fit any more."""
        if visit.suggestion is None or visit.suggestion.by == by:
            raise Refusal(_("There is no day to answer. Propose one yourself with {how}.", how=Call(command="propose")))
        self._must_fit(visit, visit.suggestion.halves)
        return visit.model_copy(
            update={"agreed": visit.suggestion.halves, "suggestion": None, "version": visit.version + 1}
        )

    def declined(self, visit: Visit, by: str) -> Visit:
        """Say no to the day that the other proposed."""
        if visit.suggestion is None or visit.suggestion.by == by:
            raise Refusal(_("There is no day to answer. Propose one yourself with {how}.", how=Call(command="propose")))
        return visit.model_copy(update={"suggestion": None})

    def undated(self) -> list[Visit]:
        """The visits without a day."""
        return [v for v in self.visits.values() if not v.agreed]


def spans(edition: Edition, halves: Iterable[Half]) -> Value:
    """Write agreed halves as they are read: "dinsdag 13 oktober 2026, 09.00-17.00 uur"."""
    zone = edition.zone
    return listing(
        [Span(start=datetime.combine(h.day, h.start, zone), end=datetime.combine(h.day, h.end, zone)) for h in halves]
    )


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _place(edition: str, part: Participant, number: int) -> Place:
    answers = part.answers
    return Place(
        id=f"{edition}/{number}",
        edition=edition,
        number=number,
        host=part.person,
        organisation=answers["organisation"],
        sector=answers["sector"],
        region=answers.get("region", ""),
        offer=answers.get("offer", ""),
        seats=int(answers["places"]),
    )


def _fitting(edition: Edition, key: str, answer: str) -> str:
    """The answer as it is kept: a choice as its Dutch label, a number as digits."""
    question = edition.question(key)
    answer = answer.strip()
    match question.kind:
        case "number":
            return _number(answer, question.least, question.most)
        case "choice" if answer or not question.optional:
            return _choice(answer, question.choices)
        case "yes_no":
            return _choice(answer, (Both(nl="ja", en="yes"), Both(nl="nee", en="no")))
        case _:
            if not answer and not question.optional:
                raise Refusal(_("I did not get an answer. Type it in one message."))
            return answer


def _number(answer: str, least: int, most: int) -> str:
    words = {
        "een": 1,
        "één": 1,
        "one": 1,
        "geen": 0,
        "none": 0,
        "twee": 2,
        "two": 2,
        "drie": 3,
        "three": 3,
        "vier": 4,
        "four": 4,
    }
    folded = answer.casefold()
    number = words.get(folded, int(folded) if folded.isascii() and folded.isdecimal() and len(folded) <= 3 else None)  # noqa: PLR2004
    if number is None or not least <= number <= most:
        raise Refusal(_("I need a number from {least} to {most}. Type only the number.", least=least, most=most))
    return str(number)


def _choice(answer: str, choices: Sequence[Both]) -> str:
    if answer.isascii() and answer.isdecimal() and 1 <= int(answer[:4]) <= len(choices):
        return choices[int(answer) - 1].nl
    for choice in choices:
        if _folded(answer) in (_folded(choice.nl), _folded(choice.en)):
            return choice.nl
    raise Refusal(
        lines(
            _("I do not know that answer. Choose one of these, or type its number:"),
            *(_("{number}. {choice}", number=n, choice=choice) for n, choice in enumerate(choices, 1)),
        )
    )


def period_of(edition: Edition) -> Period:
    """The visiting period, to show."""
    return edition.windows["visits"].period


def moment(at: datetime) -> Moment:
    """An instant, to show."""
    return Moment(at=at)
