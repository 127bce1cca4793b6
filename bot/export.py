"""What a coordinator may take along of an edition, as tables: who takes part, places, matches, visits, groups and meetings.

Some things are in none of them, for who gets a file cannot be made to forget it: the list of what somebody prefers, or would rather
not visit, experiences (who wrote one can take it back), figures, and anything of a session but how many were held. Of a match
there is which preference it was, of the statement of confidentiality the day, and of meetings how many come.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.context import State
from bot.i18n import either
from bot.sheets import Cell, Column, Sheet
from programme.edition import Edition, Meeting, Question
from programme.exchange import Exchange
from programme.meetings import in_order, seated
from programme.people import Person
from programme.records import Group, Participant, Place, Visit
from programme.text import Both


def _said(nl: str, en: str) -> Both:
    return Both(nl=nl, en=en)


YES_NO: Final = {"yes": _said("ja", "yes"), "no": _said("nee", "no")}
STATES: Final = {
    "in": _said("doet mee", "takes part"),
    "form": _said("vult het formulier in", "fills in the form"),
    "offered": _said("kan meedoen", "may take part"),
    "waiting": _said("wachtlijst", "waiting list"),
    "withdrawn": _said("gestopt", "left"),
}
"""How somebody takes part (`programme.records.State`)."""
WISHES: Final = {**YES_NO, "together": _said("ja, ook met de match", "yes, also with the match")}
ENDS: Final = {
    "open": _said("nog geen dag", "no day yet"),
    "proposed": _said("voorgesteld", "proposed"),
    "agreed": _said("afgesproken", "agreed"),
    "done": _said("geweest", "took place"),
    "cancelled by guest": _said("afgezegd door de gast", "called off by the guest"),
    "cancelled by host": _said("afgezegd door de gastgever", "called off by the host"),
    "missed": _said("gast kwam niet", "guest did not come"),
    "not yet": _said("nog niet geweest", "not yet"),
}
"""How a visit stands; from `done` on as the two have said."""
ENGINE: Final = frozenset({"organisation", "sector", "region", "places", "offer"})
"""Questions of the form with columns of their own: that of the person, or of the place."""

PERSON: Final = (
    Column("id", _said("id", "id")),
    Column("name", _said("naam", "name")),
    Column("organisation", _said("organisatie", "organisation")),
)
MATCH: Final = (
    Column("guest", _said("id gast", "guest id")),
    Column("guest_name", _said("gast", "guest")),
    Column("host", _said("id gastgever", "host id")),
    Column("host_name", _said("gastgever", "host")),
)
VISIT: Final = (
    *MATCH,
    Column("state", _said("stand", "state"), ENDS),
    Column("first_day", _said("dag", "day")),
    Column("second_day", _said("tweede dag", "second day")),
    Column("said_on", _said("gezegd op", "said on")),
    Column("signed_on", _said("verklaring getekend", "statement signed")),
)
GROUP: Final = (
    Column("number", _said("groep", "group")),
    *PERSON,
    Column("agreed_on", _said("afspraken aanvaard", "agreements accepted")),
    Column("sessions", _said("sessies gehouden", "sessions held")),
    Column("closed_on", _said("gestopt op", "ended on")),
)
MEETING: Final = (
    Column("key", _said("sleutel", "key")),
    Column("name", _said("bijeenkomst", "meeting")),
    Column("day", _said("dag", "day")),
    Column("start", _said("van", "from")),
    Column("end", _said("tot", "to")),
    Column("seats", _said("plaatsen", "seats")),
    Column("coming", _said("komen", "coming")),
    Column("absent", _said("komen niet", "not coming")),
    Column("silent", _said("geen antwoord", "no answer")),
    Column("waiting", _said("wachtlijst", "waiting list")),
)


@dataclass(frozen=True)
class Roll:
    """An edition as it stands, with the names of everybody in it."""

    exchange: Exchange
    person: Callable[[str], Person]

    def whole(self, id_: str) -> tuple[str, str, str]:
        """Somebody's id, name, and organisation as the form has it."""
        part, person = self.exchange.participants.get(id_), self.person(id_)
        return id_, person.name, _answer(part, "organisation") or person.organisation

    def named(self, id_: str) -> tuple[str, str]:
        """Somebody's id and name."""
        return id_, self.person(id_).name

    def day(self, at: datetime | None) -> date | None:
        """The day of an instant (aware), where the clock of the edition hangs."""
        return at and at.astimezone(self.exchange.edition.zone).date()


def sheets(state: State, edition: Edition, now: datetime) -> list[Sheet]:
    """The tables of an edition as it stands now (aware), each in an order that is the same every time."""
    exchange = state.exchange(edition, now)
    roll = Roll(exchange, lambda id_: state.get(Person, id_) or Person(id=id_))
    visits = [exchange.visits[guest] for guest in sorted(exchange.visits)]
    groups = [exchange.groups[number] for number in sorted(exchange.groups)]
    return [
        _participants(roll),
        _places(roll),
        _matches(roll, visits),
        Sheet("visits", _said("Stagedagen", "Visits"), VISIT, [_visit(roll, it) for it in visits]),
        Sheet("groups", _said("Groepen", "Groups"), GROUP, [row for it in groups for row in _group(roll, it)]),
        _meetings(roll),
    ]


def _participants(roll: Roll) -> Sheet:
    asked = [question for question in roll.exchange.edition.form if question.key not in ENGINE]
    columns = (
        *PERSON,
        *_whereabouts(roll.exchange.edition),
        Column("state", _said("stand", "state"), STATES),
        Column("since", _said("sinds", "since")),
        Column("late", _said("te laat toegelaten", "admitted late"), YES_NO),
        Column("preferences", _said("aantal voorkeuren", "number of preferences")),
        Column("intervision", _said("intervisie", "intervision"), WISHES),
        *(Column(f"form.{q.key}", q.label, _choices(q)) for q in asked),
    )
    parts = [part for _person, part in sorted(roll.exchange.participants.items())]
    return Sheet("participants", _said("Deelnemers", "Participants"), columns, [_part(roll, it, asked) for it in parts])


def _whereabouts(edition: Edition) -> tuple[Column, Column]:
    """Sector and town: what is chosen is kept by its Dutch label, as any answer of the form is."""
    words = {question.key: _choices(question) for question in edition.form}
    return (
        Column("sector", _said("sector", "sector"), words.get("sector", {})),
        Column("region", _said("plaats", "town"), words.get("region", {})),
    )


def _choices(question: Question) -> dict[str, Both]:
    return {choice.nl: choice for choice in question.choices}


def _part(roll: Roll, part: Participant, asked: Iterable[Question]) -> tuple[Cell, ...]:
    person = roll.person(part.person)
    return (
        *roll.whole(part.person),
        _answer(part, "sector") or person.sector,
        _answer(part, "region") or person.region,
        part.state,
        roll.day(part.since),
        _yes(part.admitted),
        len(part.preferences),
        part.intervision or None,
        *(part.answers.get(question.key) for question in asked),
    )


def _answer(part: Participant | None, key: str) -> str:
    return part.answers.get(key, "") if part else ""


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def _places(roll: Roll) -> Sheet:
    columns = (
        Column("number", _said("plek", "place")),
        Column("host", _said("id gastgever", "host id")),
        Column("host_name", _said("gastgever", "host")),
        Column("organisation", _said("organisatie", "organisation")),
        *_whereabouts(roll.exchange.edition),
        Column("offer", _said("aanbod", "offer")),
        Column("seats", _said("gasten", "guests")),
        Column("open", _said("open", "open"), YES_NO),
    )
    places = [place for _number, place in sorted(roll.exchange.places.items())]
    return Sheet("places", _said("Plekken", "Places"), columns, [_place(roll, it) for it in places])


def _place(roll: Roll, place: Place) -> tuple[Cell, ...]:
    told = (place.organisation, place.sector, place.region, place.offer)
    return place.number, *roll.named(place.host), *told, place.seats, _yes(place.open)


def _matches(roll: Roll, visits: Iterable[Visit]) -> Sheet:
    columns = (
        *MATCH,
        Column("place", _said("plek", "place")),
        Column("preference", _said("hoeveelste voorkeur", "rank of preference")),
    )
    rows = [(*_pair(roll, it), it.number, None if it.level is None else it.level + 1) for it in visits]
    return Sheet("matches", _said("Matches", "Matches"), columns, rows)


def _pair(roll: Roll, visit: Visit) -> tuple[str, str, str, str]:
    return *roll.named(visit.guest), *roll.named(visit.host)


def _visit(roll: Roll, visit: Visit) -> tuple[Cell, ...]:
    first, second, *_ = [*sorted({half.day for half in visit.agreed}), None, None]
    said = visit.ended.on if visit.ended else None
    return *_pair(roll, visit), _standing(visit), first, second, said, visit.signed.on if visit.signed else None


def _standing(visit: Visit) -> str:
    if visit.suggestion is not None:
        return "proposed"
    if visit.ended is not None:
        return visit.ended.how
    return "agreed" if visit.agreed else "open"


def _group(roll: Roll, group: Group) -> list[tuple[Cell, ...]]:
    return [
        (group.number, *roll.whole(person), group.agreed.get(person), group.held, group.closed)
        for person in group.members
    ]


def _meetings(roll: Roll) -> Sheet:
    edition = roll.exchange.edition
    everybody = [_of_all(roll, it) for it in edition.meetings]
    chosen = [_of_some(roll, it) for it in edition.network]
    return Sheet("meetings", _said("Bijeenkomsten", "Meetings"), MEETING, [*everybody, *chosen])


def _when(roll: Roll, meeting: Meeting) -> tuple[Cell, ...]:
    name = either(meeting.name, roll.exchange.edition.language)
    return meeting.key, name, meeting.day, f"{meeting.start:%H:%M}", f"{meeting.end:%H:%M}", meeting.seats


def _of_all(roll: Roll, meeting: Meeting) -> tuple[Cell, ...]:
    """A meeting for everybody: how many come, cannot, and have not said."""
    said = [part.meetings.get(meeting.key) for part in roll.exchange.participants.values() if part.takes_part]
    return *_when(roll, meeting), said.count("coming"), said.count("absent"), said.count(None), None


def _of_some(roll: Roll, session: Meeting) -> tuple[Cell, ...]:
    """A session for who chooses it: how many have a seat, and how many wait for one."""
    coming = len(seated(roll.exchange, session))
    return *_when(roll, session), coming, None, None, len(in_order(roll.exchange, session)) - coming
