"""What time brings: reminders, and what the house does by itself. Derived from the state at every look, never stored as a job.

A `Nudge` is one moment of one rule: *the evening before this visit*, *a week before preferences close*. Whom it reaches is
looked up when it rings, so that nobody is reminded of what is done.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from programme.edition import Edition, Meeting, WindowName
from programme.exchange import Exchange
from programme.meetings import seated
from programme.records import Participant, Round, Visit
from programme.reminder import Audience, Reminder
from programme.rooms import cohort, desk, direct
from programme.text import Both, Call, Day, Value, listing
from programme.visits import spans

Shown = Callable[[str], str]
MORNING, EVENING = time(8), time(18)


@dataclass(frozen=True, slots=True)
class Nudge:
    """A moment at which something is to be said or done."""

    key: str
    """`EDITION/RULE/…`, the same whenever it is derived: it rings once."""
    at: datetime
    """When (aware)."""
    until: datetime
    """From then on it is of no use any more."""
    edition: str
    reminder: Reminder | None = None
    visit: str = ""
    """Id of the visit that it is about."""
    meeting: str = ""
    """Key of the meeting that it is about."""
    person: str = ""
    """The one person that it is about, where it is about one."""
    act: str = ""
    """Name of what the house does, for what is no reminder."""

    @property
    def urgent(self) -> bool:
        """Whether it cannot wait for another day, or for the morning."""
        return self.reminder is not None and self.reminder.minutes > 0


@dataclass(frozen=True, slots=True)
class Word:
    """What a nudge says to one room."""

    room: str
    person: str
    """Whose direct chat it is, or empty for a room."""
    text: Both
    taps: tuple[tuple[Both, Call], ...] = ()
    """Buttons: what stands on each, and what it does."""


def of_edition(edition: Edition, round_: Round, free: frozenset[date]) -> Iterator[Nudge]:
    """All nudges of an edition except those of visits. `free` are the days on which nobody works."""
    for reminder in edition.reminders:
        yield from _of_reminder(edition, reminder, round_, free)
    if not round_.secret:
        yield _act(edition, "lottery", edition.windows["preferences"].begins(edition.zone), "")
    if round_.hold:
        yield _act(edition, "publish", round_.hold.until, round_.hold.at.isoformat())


def of_participant(edition: Edition, part: Participant, round_: Round) -> Iterator[Nudge]:
    """What the house does when somebody leaves: see at once how to mend a published ring, and tell their intervision group."""
    if part.state == "withdrawn" and part.intervision in ("yes", "together"):
        yield _act(edition, "leave_group", part.since, f"{part.person}/{part.since.isoformat()}")
    if part.state == "withdrawn" and round_.published is not None and part.since >= round_.published:
        yield _act(edition, "repair", part.since, f"{part.person}/{part.since.isoformat()}")


def _of_reminder(edition: Edition, reminder: Reminder, round_: Round, free: frozenset[date]) -> Iterator[Nudge]:
    name, _dot, edge = (reminder.anchor or "").partition(".")
    match name:
        case "visit" | "missed":
            return
        case "meeting":
            yield _before(edition, reminder, edition.meeting(edge), free)
        case "network":
            yield from (_before(edition, reminder, session, free) for session in edition.network)
        case "consultation":
            yield from _of_consultations(edition, reminder, round_, free)
        case _:
            yield _fixed(edition, reminder, free)


def of_visit(edition: Edition, visit: Visit, free: frozenset[date]) -> Iterator[Nudge]:
    """The nudges around one agreed visit, or after one that was missed."""
    for reminder in edition.reminders:
        if reminder.anchor == "visit" and visit.agreed:
            yield _around(edition, reminder, visit, free)
        elif reminder.anchor == "missed" and visit.missed and visit.end is not None:
            at = _on(edition, reminder, visit.end.on, free)
            yield _of_one(edition, reminder, visit, at, at + timedelta(days=reminder.useful_days))


def _around(edition: Edition, reminder: Reminder, visit: Visit, free: frozenset[date]) -> Nudge:
    """A reminder before, on or after the day; a visit of two halves begins with the first and is over after the last."""
    first, last = visit.agreed[0], visit.agreed[-1]
    at = _on(edition, reminder, last.day if reminder.days > 0 else first.day, free)
    starts = datetime.combine(first.day, first.start, edition.zone)
    until = starts if reminder.days < 0 else at + timedelta(days=reminder.useful_days)
    return _of_one(edition, reminder, visit, at, until)


def _of_one(edition: Edition, reminder: Reminder, visit: Visit, at: datetime, until: datetime) -> Nudge:
    key = f"{edition.id}/{reminder.key}/{visit.guest}/{visit.version}"
    return Nudge(key, at, until, edition.id, reminder, visit.id)


def _before(edition: Edition, reminder: Reminder, meeting: Meeting, free: frozenset[date]) -> Nudge:
    """A reminder about a meeting. One that counts in minutes rings also in the evening and the weekend, as the meeting does."""
    span = meeting.span(edition.zone)
    at = _on(edition, reminder, meeting.day, free)
    if reminder.minutes:
        at = (span.start.astimezone(UTC) - timedelta(minutes=reminder.minutes)).astimezone(edition.zone)
    until = span.start if reminder.days <= 0 else at + timedelta(days=reminder.useful_days)
    day = meeting.day + timedelta(days=reminder.days)
    key = f"{edition.id}/{reminder.key}/{day.isoformat()}/{meeting.key}"
    return Nudge(key, at, until, edition.id, reminder, meeting=meeting.key)


def _of_consultations(edition: Edition, reminder: Reminder, round_: Round, free: frozenset[date]) -> Iterator[Nudge]:
    for it in round_.consultations:
        if it.answer == "open" and round_.published is None:
            at = _on(edition, reminder, it.asked.astimezone(edition.zone).date(), free)
            key = f"{edition.id}/{reminder.key}/{it.person}/{it.times}"
            yield Nudge(key, at, at + timedelta(days=reminder.useful_days), edition.id, reminder, person=it.person)


def _on(edition: Edition, reminder: Reminder, anchor: date, free: frozenset[date]) -> datetime:
    """The moment of a reminder that counts from this day."""
    if reminder.working:
        return datetime.combine(working_day(anchor, reminder.days, free), reminder.at, edition.zone)
    day = anchor + timedelta(days=reminder.days)
    return awake(datetime.combine(day, reminder.at, edition.zone), free, back=reminder.days < 0)


def working_day(day: date, count: int, free: frozenset[date]) -> date:
    """The day that is so many working days later (`count` ≥ 0)."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.isoweekday() <= 5 and day not in free  # noqa: PLR2004 - Monday to Friday
    return day


def _fixed(edition: Edition, reminder: Reminder, free: frozenset[date]) -> Nudge:
    anchor_day, anchor_end = _anchor(edition, reminder)
    day = anchor_day + timedelta(days=reminder.days)
    before = anchor_end is not None and reminder.days <= 0
    at = _on(edition, reminder, anchor_day, free)
    until = anchor_end if before and anchor_end is not None else at + timedelta(days=reminder.useful_days)
    return Nudge(f"{edition.id}/{reminder.key}/{day.isoformat()}", at, until, edition.id, reminder)


def _anchor(edition: Edition, reminder: Reminder) -> tuple[date, datetime | None]:
    """The day that a reminder counts from, and the instant after which one that comes before it is of no use."""
    if reminder.on is not None:
        return reminder.on, None
    name, _dot, edge = (reminder.anchor or "").partition(".")
    if name == "publish":
        return edition.publish, datetime.combine(edition.publish + timedelta(days=1), time.min, edition.zone)
    return _edge(edition, name, edge)


def _edge(edition: Edition, name: str, edge: str) -> tuple[date, datetime | None]:
    window = next(w for n, w in edition.windows.items() if n == name)
    if edge == "opens":
        return window.begins(edition.zone).astimezone(edition.zone).date(), None
    return window.closes, window.ends(edition.zone)


def _act(edition: Edition, name: str, at: datetime, which: str) -> Nudge:
    return Nudge(f"{edition.id}/{name}/{which}", at, at + timedelta(days=366), edition.id, act=name)


def awake(at: datetime, free: frozenset[date], *, back: bool) -> datetime:
    """Move a moment (aware, local) out of quiet hours: to a working day between eight and six. `back`: earlier, not later."""
    zone = at.tzinfo
    day, clock = at.date(), at.time()
    if clock < MORNING:
        clock = MORNING
    elif clock >= EVENING:
        clock = MORNING
        day += timedelta(days=0 if back else 1)
    while day.isoweekday() > 5 or day in free:  # noqa: PLR2004 - Saturday and Sunday
        day += timedelta(days=-1 if back else 1)
    return datetime.combine(day, clock, zone)


def words(nudge: Nudge, exchange: Exchange, shown: Shown) -> list[Word]:
    """Whom this reminder reaches now, and what it says to each. `shown` gives the name to show for a person's id."""
    reminder = nudge.reminder
    if reminder is None or _is_past(reminder, exchange):
        return []
    return (
        _of_their_visit(nudge, reminder, exchange, shown) if nudge.visit else _of_all(nudge, reminder, exchange, shown)
    )


def _of_all(nudge: Nudge, reminder: Reminder, exchange: Exchange, shown: Shown) -> list[Word]:
    """What is said of anything but a visit: in a room, or to each whom it is for."""
    about: dict[str, Value] = {"guest": shown(nudge.person)} if nudge.person else {}
    match reminder.to:
        case "cohort":
            return [Word(cohort(exchange.edition.id), "", _text(nudge, exchange))]
        case "desk":
            return [Word(desk(exchange.edition.id), "", _text(nudge, exchange, about))]
        case "consulted":
            return [_to(nudge.person, nudge, exchange, about)]
        case "undated":
            return [_to(p, nudge, exchange, {"host": others}) for p, others in _undated(exchange, shown)]
        case _:
            return [_to(person, nudge, exchange, {}) for person in _people(nudge, reminder, exchange)]


def _of_their_visit(nudge: Nudge, reminder: Reminder, exchange: Exchange, shown: Shown) -> list[Word]:
    """What is said about one visit, to both of its people or at the desk; nothing when it is done or goes on no more."""
    found = [visit for visit in exchange.going() if visit.id == nudge.visit and _is_open(reminder, visit)]
    if not found:
        return []
    visit, edition = found[0], exchange.edition
    about = _about(visit, edition, shown)
    if reminder.to == "desk":
        return [Word(desk(edition.id), "", _text(nudge, exchange, about))]
    return [_to(person, nudge, exchange, about, visit.guest) for person in (visit.guest, visit.host)]


def _is_open(reminder: Reminder, visit: Visit) -> bool:
    match reminder.only:
        case "unsigned":
            return visit.signed is None
        case "unconfirmed":
            return visit.ended is None
        case None:
            return True


def _is_past(reminder: Reminder, exchange: Exchange) -> bool:
    """Whether what it is about is done: nobody waits for preferences or matches once they are published."""
    about = (reminder.anchor or "").partition(".")[0]
    return exchange.round.published is not None and about in ("signup", "preferences", "publish")


def _people(nudge: Nudge, reminder: Reminder, exchange: Exchange) -> list[str]:
    if reminder.to == "attending":
        session = next((it for it in exchange.edition.network if it.key == nudge.meeting), None)
        return [] if session is None else sorted(seated(exchange, session))
    parts = sorted(exchange.participants.values(), key=lambda p: p.person)
    return [p.person for p in parts if _is_for(p, reminder.to, nudge.meeting)]


def _is_for(part: Participant, to: Audience, meeting: str) -> bool:
    """Whether this participant still has to do what a reminder for `to` is about."""
    found: dict[Audience, bool] = {
        "unfinished": part.state == "form",
        "undecided": part.takes_part and not part.preferences,
        "expected": part.takes_part and part.meetings.get(meeting) != "absent",
        "unanswered": part.takes_part and meeting not in part.meetings,
        "unshared": part.takes_part and not part.shared,
    }
    return found.get(to, part.takes_part)


def _to(person: str, nudge: Nudge, exchange: Exchange, values: dict[str, Value], about: str = "") -> Word:
    """A word to one person; its taps are about this guest's visit, or about the meeting of the nudge."""
    taps = nudge.reminder.taps if nudge.reminder else ()
    calls = tuple((tap.label, Call(command=tap.command, arguments=(about or nudge.meeting,))) for tap in taps)
    return Word(direct(person), person, _text(nudge, exchange, values), calls)


def _text(nudge: Nudge, exchange: Exchange, more: dict[str, Value] | None = None) -> Both:
    reminder, edition = nudge.reminder, exchange.edition
    assert reminder is not None  # noqa: S101 - words() has looked
    values: dict[str, Value] = {
        "edition": edition.name,
        "contact": str(edition.contact),
        "day": Day(day=_day(nudge, edition)),
        "closes": Day(day=_closes(edition, reminder)),
        "when": _when(edition, nudge.meeting),
        "host": "",
        "guest": "",
        **{name: Call(command=name) for name in ("signup", "form", "places", "overview", "call_list", "match_propose")},
        **{
            name: Call(command=name)
            for name in ("absent", "confidentiality", "preparation", "experience", "alternative")
        },
        "network": Call(command="network_leave"),
        "prefer": Call(command="prefer", arguments=("3", "7", "1")),
        "propose": Call(command="propose", arguments=(exchange.example_day(),)),
    }
    said = {**values, **(more or {})}
    used = {name: value for name, value in said.items() if f"{{{name}}}" in reminder.text.nl + reminder.text.en}
    return reminder.text.model_copy(update={"values": used})


def _closes(edition: Edition, reminder: Reminder) -> date:
    name: WindowName = "visits"
    for window in edition.windows:
        if (reminder.anchor or "").startswith(window):
            name = window
    return edition.windows[name].closes


def _day(nudge: Nudge, edition: Edition) -> date:
    """The day of what it is about; where that is a visit or a meeting, `{when}` tells it with its hours."""
    about = nudge.visit or nudge.meeting or nudge.person
    return nudge.at.date() if about or nudge.reminder is None else _anchor(edition, nudge.reminder)[0]


def _when(edition: Edition, key: str) -> Value:
    meeting = next((m for m in (*edition.meetings, *edition.network) if m.key == key), None)
    return "" if meeting is None else meeting.span(edition.zone)


def _undated(exchange: Exchange, shown: Shown) -> list[tuple[str, Value]]:
    """Everybody with a visit that has no day, and with whom: "Bram en Carla". Who has proposed one waits for the other."""
    open_ = exchange.undated()
    waits = {(v.id, v.suggestion.by) for v in open_ if v.suggestion}
    people = sorted({p for v in open_ for p in (v.guest, v.host) if (v.id, p) not in waits})
    return [
        (
            p,
            listing(
                [shown(o) for o in dict.fromkeys(v.other(p) for v in open_ if v.concerns(p) and (v.id, p) not in waits)]
            ),
        )
        for p in people
    ]


def _about(visit: Visit, edition: Edition, shown: Shown) -> dict[str, Value]:
    """The words about one visit."""
    return {
        "guest": shown(visit.guest),
        "host": shown(visit.host),
        "when": spans(edition, visit.agreed) if visit.agreed else listing([]),
    }
