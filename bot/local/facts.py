"""What the pictures of an edition show, read from its state and written in the language of the reader."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.context import State
from bot.i18n import write_month
from bot.local.circles import Traveller
from bot.local.pictures import Mark, Picture, Ring, Row, Step, Timeline, When, Whereabouts, ring, timeline, whereabouts
from programme import nudges
from programme.edition import Edition, Meeting, WindowName
from programme.exchange import Exchange
from programme.nudges import Nudge
from programme.people import Person, told_apart
from programme.records import Participant, Visit
from programme.reminder import Reminder
from programme.text import Day, Period, Sayable, Text, _, _n, listing
from storage.letters import Rung

ROOMS = ("cohort", "desk")
"""Reminders to these are said in a room, and not to a number of people."""
SENTENCE = re.compile(r".*?[.?](?=\s|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: `say` writes a text in the `language` of the reader; `names` says whether they may see who is where."""

    say: Callable[[Sayable], str]
    language: str
    names: bool = False
    free: frozenset[date] = frozenset()
    """Days on which nobody works: reminders move away from them."""


def pictures(state: State, edition: Edition, now: datetime, reader: Reader) -> tuple[Picture, Picture, Picture]:
    """Draw the ring, the timeline and who is where, of an edition as it stands (`now` aware)."""
    exchange = state.exchange(edition, now)
    people = {it.id: it for it in state.all(Person)}
    rung = {it.id: it for it in state.all(Rung, edition=edition.id)}
    return (
        ring(ring_facts(exchange, people, reader)),
        timeline(timeline_facts(exchange, rung, reader)),
        whereabouts(whereabouts_facts(exchange, people, reader)),
    )


# ── the ring ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def ring_facts(exchange: Exchange, people: Mapping[str, Person], reader: Reader) -> Ring:
    """Tell who goes to whom: as published; before that as proposed, to who may see names; else nothing yet."""
    to = _destinations(exchange, proposed=reader.names)
    title = _("Who visits whom") if exchange.round.published or not to else _("Who would visit whom: the proposal")
    shown = _shown({*to, *(host for host, _level in to.values())}, people)
    there = sorted(shown, key=lambda id_: (shown[id_], id_))
    travellers = tuple(_traveller(id_, to, shown, reader) for id_ in there)
    return Ring(reader.say(title), reader.say(_ring_about(len(to))), travellers)


def _destinations(exchange: Exchange, *, proposed: bool) -> dict[str, tuple[str, int | None]]:
    """By guest: the host, and which preference that is (from 0; None for none of them)."""
    if exchange.round.published:
        return {visit.guest: (visit.host, visit.level) for visit in exchange.going()}
    found = exchange.round.proposal.match if exchange.round.proposal and proposed else {}
    return {
        guest: (exchange.places[number].host, _level(exchange.participants.get(guest), number))
        for guest, number in found.items()
        if number in exchange.places
    }


def _level(part: Participant | None, number: int) -> int | None:
    return part.preferences.index(number) if part is not None and number in part.preferences else None


def _ring_about(count: int) -> Text:
    if not count:
        return _("Nobody has a match yet.")
    return _n(
        "{n} person visits somebody. An arrow goes from each guest to the host.",
        "{n} people visit somebody. An arrow goes from each guest to the host.",
        n=count,
    )


def _traveller(
    id_: str, to: Mapping[str, tuple[str, int | None]], shown: Mapping[str, str], reader: Reader
) -> Traveller:
    host, level = to.get(id_, (None, None))
    return Traveller(id_, shown[id_], host, reader.say(_journey(shown[id_], shown.get(host or ""), level)))


def _journey(name: str, host: str | None, level: int | None) -> Text:
    if host is None:
        return _("{person} receives and visits nobody.", person=name)
    if level is None:
        return _("{guest} visits {host}.", guest=name, host=host)
    return _("{guest} visits {host}: preference {rank}.", guest=name, host=host, rank=level + 1)


def _shown(ids: set[str], people: Mapping[str, Person]) -> dict[str, str]:
    """The name to show of each; with the organisation where another has the same name."""
    return told_apart(people.get(id_) or Person(id=id_) for id_ in ids)


# ── the timeline ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

WINDOWS: dict[WindowName, tuple[Text, Callable[[Period], Text]]] = {
    "signup": (_("Sign-up"), lambda period: _("Sign-up: {period}.", period=period)),
    "preferences": (_("Preferences"), lambda period: _("Preferences: {period}.", period=period)),
    "visits": (_("Visits"), lambda period: _("Visits: {period}.", period=period)),
}


def timeline_facts(exchange: Exchange, rung: Mapping[str, Rung], reader: Reader) -> Timeline:
    """Tell the windows, meetings and visiting days, and what was sent and is to come. `rung` is what has rung, by key."""
    edition, today = exchange.edition, exchange.now.astimezone(exchange.edition.zone).date()
    rows = [
        *_windows(edition, today, reader),
        *_meetings(edition, today, reader),
        Row(reader.say(_("Visiting days")), tuple(_visiting_days(exchange, today, reader))),
        Row(reader.say(_("Reminders sent")), tuple(_sent(exchange, rung, reader))),
        Row(reader.say(_("Reminders to come")), tuple(_to_come(exchange, rung, reader))),
    ]
    return Timeline(
        title=reader.say(_("{edition} in time", edition=edition.name)),
        about=reader.say(
            _("A bar is a time in which something can be done; a dot is one day. What is to come is open.")
        ),
        rows=tuple(row for row in rows if row.marks),
        months=tuple(_months([mark for row in rows for mark in row.marks], today, reader.language)),
        today=today,
        today_says=reader.say(_("Now: {day}", day=Day(day=today))),
    )


def _when(first: date, last: date, today: date) -> When:
    return "past" if last < today else "coming" if first > today else "now"


def _windows(edition: Edition, today: date, reader: Reader) -> Iterator[Row]:
    for name, (label, says) in WINDOWS.items():
        it = edition.period(name)
        mark = Mark(it.first, it.last, reader.say(says(it)), _when(it.first, it.last, today))
        yield Row(reader.say(label), (mark,), span=True)
        if name == "preferences":
            known = _("Matches known: by {day}.", day=Day(day=edition.publish))
            mark = Mark(edition.publish, edition.publish, reader.say(known), _on(edition.publish, today))
            yield Row(reader.say(_("Matches known")), (mark,))


def _on(day: date, today: date) -> When:
    return "coming" if day > today else "past"


def _meetings(edition: Edition, today: date, reader: Reader) -> Iterator[Row]:
    for meeting in sorted(edition.meetings, key=lambda it: (it.day, it.start)):
        yield Row(reader.say(meeting.name), (_meeting(meeting, edition, today, reader),))
    if edition.network:
        sessions = sorted(edition.network, key=lambda it: (it.day, it.start))
        marks = tuple(_meeting(session, edition, today, reader) for session in sessions)
        yield Row(reader.say(_("Network sessions")), marks)


def _meeting(meeting: Meeting, edition: Edition, today: date, reader: Reader) -> Mark:
    says = _("{meeting}: {when}.", meeting=meeting.name, when=meeting.span(edition.zone))
    return Mark(meeting.day, meeting.day, reader.say(says), _on(meeting.day, today))


def _visiting_days(exchange: Exchange, today: date, reader: Reader) -> Iterator[Mark]:
    days = Counter(half.day for visit in exchange.going() for half in visit.agreed)
    for day, count in sorted(days.items()):
        says = _n("{day}: {n} visiting day.", "{day}: {n} visiting days.", n=count, day=Day(day=day))
        yield Mark(day, day, reader.say(says), _on(day, today))


def _sent(exchange: Exchange, rung: Mapping[str, Rung], reader: Reader) -> Iterator[Mark]:
    edition = exchange.edition
    by_key = {it.key: it for it in edition.reminders}
    for it in sorted(rung.values(), key=lambda it: (it.at, it.id)):
        reminder = by_key.get(it.id.removeprefix(f"{edition.id}/").partition("/")[0])
        if reminder is not None and _was_said(exchange, reminder, it):
            day = it.at.astimezone(edition.zone).date()
            says = _reminded(reminder, day, len(it.people), _gist(reminder, edition, reader.language))
            yield Mark(day, day, reader.say(says), "past")


def _was_said(exchange: Exchange, reminder: Reminder, rung: Rung) -> bool:
    """Whether it reached somebody. What leads up to the matches is not said any more once they are published."""
    published = exchange.round.published
    before = (reminder.anchor or "").partition(".")[0] in ("signup", "preferences", "publish")
    in_a_room = reminder.to in ROOMS and not (before and published is not None and rung.at >= published)
    return rung.said and (bool(rung.people) or in_a_room)


def _to_come(exchange: Exchange, rung: Mapping[str, Rung], reader: Reader) -> Iterator[Mark]:
    edition = exchange.edition
    for nudge in sorted(_derived(exchange, reader.free), key=lambda it: (it.at, it.key)):
        if nudge.reminder is not None and nudge.at > exchange.now and nudge.key not in rung:
            day = nudge.at.astimezone(edition.zone).date()
            gist = _gist(nudge.reminder, edition, reader.language)
            says = _("{day}, to come: {gist}", day=Day(day=day), gist=gist)
            yield Mark(day, day, reader.say(says), "coming")


def _derived(exchange: Exchange, free: frozenset[date]) -> Iterator[Nudge]:
    yield from nudges.of_edition(exchange.edition, exchange.round, free)
    for visit in exchange.going():
        yield from nudges.of_visit(exchange.edition, visit, free)


def _reminded(reminder: Reminder, day: date, people: int, gist: str) -> Text:
    if reminder.to in ROOMS:
        return _("{day}, said in a room: {gist}", day=Day(day=day), gist=gist)
    return _n(
        "{day}, sent to {n} person: {gist}", "{day}, sent to {n} people: {gist}", n=people, day=Day(day=day), gist=gist
    )


def _gist(reminder: Reminder, edition: Edition, language: str) -> str:
    """The first sentence of a reminder as its edition has it; a dash stands for what differs from person to person."""
    whole = reminder.text.nl if language == "nl" else reminder.text.en
    first = SENTENCE.match(whole.replace("{edition}", edition.name))
    return re.sub(r"\{\w+\}\.?", "…", first[0] if first else whole)


def _months(marks: list[Mark], today: date, language: str) -> Iterator[tuple[date, str]]:
    last = max([today, *(mark.last for mark in marks)])
    month = min([today, *(mark.first for mark in marks)]).replace(day=1)
    while month <= last:
        yield month, write_month(month, language)
        month = (month + timedelta(days=31)).replace(day=1)


# ── who is where ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

STEPS: dict[str, Text] = {
    "outside": _("Not signed up"),
    "form": _("Filling in the form"),
    "waiting": _("On the waiting list"),
    "in": _("Signed up"),
    "ranked": _("Gave preferences"),
    "unmatched": _("Without a match"),
    "matched": _("Has a match, no day yet"),
    "proposed": _("A day is proposed"),
    "agreed": _("The day is agreed"),
    "visited": _("Has been there"),
    "withdrawn": _("Left the programme"),
}
"""The steps of an exchange, in order; everybody is at one of them."""
MAY_BE_EMPTY = ("outside", "form", "waiting", "unmatched", "withdrawn")
"""These are left out while nobody is there."""


def whereabouts_facts(exchange: Exchange, people: Mapping[str, Person], reader: Reader) -> Whereabouts:
    """Tell how many are at each step, and who, to who may see names."""
    members = {*people, *exchange.participants} - set(exchange.edition.coordinators)
    shown = _shown(members, people)
    own = {visit.guest: visit for visit in exchange.going()}
    found: dict[str, list[str]] = {step: [] for step in STEPS}
    for id_ in members:
        found[_step(exchange, exchange.participants.get(id_), own.get(id_))].append(shown[id_])
    steps = tuple(
        _at_step(STEPS[step], sorted(names), reader)
        for step, names in found.items()
        if names or step not in MAY_BE_EMPTY
    )
    about = _n("{n} person, each at one step.", "{n} people, each at one step.", n=len(members))
    return Whereabouts(reader.say(_("Who is where")), reader.say(about), steps)


def _at_step(label: Text, names: list[str], reader: Reader) -> Step:
    says = _("{step}: {count}", step=label, count=len(names))
    if names and reader.names:
        says = _("{step}: {count} ({people})", step=label, count=len(names), people=listing([*names]))
    return Step(reader.say(label), len(names), reader.say(says), tuple(names) if reader.names else ())


def _step(exchange: Exchange, part: Participant | None, visit: Visit | None) -> str:
    if part is None:
        return "outside"
    if not part.takes_part:
        return "waiting" if part.state == "offered" else part.state
    if exchange.round.published is None:
        return "ranked" if part.preferences else "in"
    return "unmatched" if visit is None else _visiting(visit)


def _visiting(visit: Visit) -> str:
    if visit.done:
        return "visited"
    if visit.agreed:
        return "agreed"
    return "proposed" if visit.suggestion else "matched"
