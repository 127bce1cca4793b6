"""What time brings: reminders, and what the house does by itself. Derived from the state at every look, never stored as a job.

A `Nudge` is one moment of one rule: *the evening before this visit*, *a week before preferences close*. Whom it reaches is
looked up when it rings, so that nobody is reminded of what is done.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from programme.edition import Edition, Reminder, WindowName
from programme.exchange import Exchange
from programme.records import Round, Visit
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
    person: str = ""
    """The one person that it is for, where it is for one."""
    act: str = ""
    """Name of what the house does, for what is no reminder."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a nudge says to one room."""

    room: str
    person: str
    """Whose direct chat it is, or empty for a room."""
    text: Both


def of_edition(edition: Edition, round_: Round, free: frozenset[date]) -> Iterator[Nudge]:
    """All nudges of an edition except those of visits. `free` are the days on which nobody works."""
    for reminder in edition.reminders:
        if reminder.anchor != "visit":
            yield _fixed(edition, reminder, free)
    if not round_.secret:
        yield _act(edition, "lottery", edition.windows["preferences"].begins(edition.zone), "")
    if round_.hold:
        yield _act(edition, "publish", round_.hold.until, round_.hold.at.isoformat())


def of_visit(edition: Edition, visit: Visit, free: frozenset[date]) -> Iterator[Nudge]:
    """The nudges around one agreed visit."""
    if not visit.agreed:
        return
    first = visit.agreed[0]
    starts = datetime.combine(first.day, first.start, edition.zone)
    for reminder in edition.reminders:
        if reminder.anchor == "visit":
            day = first.day + timedelta(days=reminder.days)
            at = awake(datetime.combine(day, reminder.at, edition.zone), free, back=reminder.days < 0)
            until = starts if reminder.days < 0 else at + timedelta(days=reminder.useful_days)
            yield Nudge(
                f"{edition.id}/{reminder.key}/{visit.guest}/{visit.version}", at, until, edition.id, reminder, visit.id
            )


def _fixed(edition: Edition, reminder: Reminder, free: frozenset[date]) -> Nudge:
    anchor_day, anchor_end = _anchor(edition, reminder)
    day = anchor_day + timedelta(days=reminder.days)
    before = anchor_end is not None and reminder.days <= 0
    at = awake(datetime.combine(day, reminder.at, edition.zone), free, back=reminder.days < 0)
    until = anchor_end if before and anchor_end is not None else at + timedelta(days=reminder.useful_days)
    return Nudge(f"{edition.id}/{reminder.key}/{day.isoformat()}", at, until, edition.id, reminder)


def _anchor(edition: Edition, reminder: Reminder) -> tuple[date, datetime | None]:
    """The day that a reminder counts from, and the instant after which one that comes before it is of no use."""
    if reminder.on is not None:
        return reminder.on, None
    name, _dot, edge = (reminder.anchor or "").partition(".")
    if name == "publish":
        return edition.publish, datetime.combine(edition.publish + timedelta(days=1), time.min, edition.zone)
    if name == "meeting":
        meeting = next(m for m in edition.meetings if m.key == edge)
        return meeting.day, datetime.combine(meeting.day, meeting.start, edition.zone)
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
    edition = exchange.edition
    match reminder.to:
        case "cohort":
            return [Word(cohort(edition.id), "", _text(nudge, exchange))]
        case "desk":
            return [Word(desk(edition.id), "", _text(nudge, exchange))]
        case "visiting":
            return [
                _to(p, nudge, exchange, _about(v, edition, shown))
                for v in exchange.going()
                if v.id == nudge.visit
                for p in (v.guest, v.host)
            ]
        case "undated":
            return [_to(p, nudge, exchange, {"host": others}) for p, others in _undated(exchange, shown)]
        case _:
            return [_to(person, nudge, exchange, {}) for person in _people(reminder, exchange)]


def _is_past(reminder: Reminder, exchange: Exchange) -> bool:
    """Whether what it is about is done: nobody waits for preferences or matches once they are published."""
    about = (reminder.anchor or "").partition(".")[0]
    return exchange.round.published is not None and about in ("signup", "preferences", "publish")


def _people(reminder: Reminder, exchange: Exchange) -> list[str]:
    parts = sorted(exchange.participants.values(), key=lambda p: p.person)
    match reminder.to:
        case "unfinished":
            return [p.person for p in parts if p.state == "form"]
        case "undecided":
            return [p.person for p in parts if p.takes_part and not p.preferences]
        case _:
            return [p.person for p in parts if p.takes_part]


def _to(person: str, nudge: Nudge, exchange: Exchange, values: dict[str, Value]) -> Word:
    return Word(direct(person), person, _text(nudge, exchange, values))


def _text(nudge: Nudge, exchange: Exchange, more: dict[str, Value] | None = None) -> Both:
    reminder, edition = nudge.reminder, exchange.edition
    assert reminder is not None  # noqa: S101 - words() has looked
    values: dict[str, Value] = {
        "edition": edition.name,
        "contact": str(edition.contact),
        "day": Day(day=_anchor(edition, reminder)[0] if reminder.anchor != "visit" else nudge.at.date()),
        "closes": Day(day=_closes(edition, reminder)),
        "when": _when(edition, reminder),
        "host": "",
        "guest": "",
        **{name: Call(command=name) for name in ("signup", "form", "places", "overview", "call_list", "match_propose")},
        "prefer": Call(command="prefer", arguments=("3", "7", "1")),
        "propose": Call(command="propose", arguments=(exchange.example_day(),)),
    }
    return reminder.text.model_copy(update={"values": {**values, **(more or {})}})


def _closes(edition: Edition, reminder: Reminder) -> date:
    name: WindowName = "visits"
    for window in edition.windows:
        if (reminder.anchor or "").startswith(window):
            name = window
    return edition.windows[name].closes


def _when(edition: Edition, reminder: Reminder) -> Value:
    meeting = next((m for m in edition.meetings if reminder.anchor == f"meeting.{m.key}"), None)
    if meeting is None:
        return ""
    return meeting.span(edition.zone)


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
