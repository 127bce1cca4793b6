"""What time brings: reminders, and what the house does by itself. Derived from the state at every look, never stored as a job.

A `Nudge` is one moment of one rule: *the evening before this visit*, *a week before preferences close*. Whom it reaches is
looked up when it rings (`programme/reaching.py`), so that nobody is reminded of what is done.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from programme.edition import Edition, Meeting, Window
from programme.records import Group, Participant, Round, Suggestion, Visit
from programme.reminder import Reminder
from programme.visits import lapses
from programme.workdays import EARLY, LATE, works

MORNING, AFTERNOON, EVENING = EARLY, time(16), LATE
ROOM_IS_KEPT = 2
"""So many working days somebody from the waiting list has to say yes, before the next one is asked."""


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
    asked: date | None = None
    """The day on which was asked what it is about, for what is about a question to several people."""
    act: str = ""
    """Name of what the house does, for what is no reminder."""

    @property
    def urgent(self) -> bool:
        """Whether it cannot wait for another day, or for the morning."""
        return self.reminder is not None and self.reminder.minutes > 0


def of_edition(edition: Edition, round_: Round, free: frozenset[date]) -> Iterator[Nudge]:
    """All nudges of an edition except those of visits. `free` are the days on which nobody works."""
    for reminder in edition.reminders:
        yield from _of_reminder(edition, reminder, round_, free)
    if not round_.secret:
        yield _act(edition, "lottery", _lottery(edition, free), "")
    if round_.hold:
        yield _act(edition, "publish", round_.hold.until, round_.hold.at.isoformat())


def erasing(edition: Edition) -> Iterator[Nudge]:
    """That preferences are erased when the visiting period is over: to mend the ring they are needed until then.

    Who are kept apart is needed for the intervision groups, and is erased when the edition is over.
    """
    over = edition.windows["visits"].ends(edition.zone)
    yield _act(edition, "erase_preferences", over, over.isoformat())
    if edition.intervision is not None:
        ended = datetime.combine(edition.last_day + timedelta(days=1), time(), edition.zone)
        yield _act(edition, "erase_preferences", ended, ended.isoformat())


def _lottery(edition: Edition, free: frozenset[date]) -> datetime:
    """The afternoon of the working day before preferences open: nobody can have chosen yet, and people are awake to read the code.

    Where they are opened by hand that has passed, so it is done at once.
    """
    eve = edition.period("preferences").first - timedelta(days=1)
    return awake(datetime.combine(eve, AFTERNOON, edition.zone), free, back=True)


def of_participant(edition: Edition, part: Participant, round_: Round) -> Iterator[Nudge]:
    """What the house does when somebody leaves, or does not answer an offer of room.

    It sees at once how to mend a published ring, tells their intervision group, and asks the next one on the waiting list.
    """
    if part.state == "offered" and part.room_until is not None:
        yield _act(edition, "room_over", part.room_until, f"{part.person}/{part.room_until.isoformat()}")
    if part.state == "withdrawn" and part.intervision in ("yes", "together"):
        yield _act(edition, "leave_group", part.since, f"{part.person}/{part.since.isoformat()}")
    if part.state == "withdrawn" and round_.published is not None and part.since >= round_.published:
        yield _act(edition, "repair", part.since, f"{part.person}/{part.since.isoformat()}")


def room_until(edition: Edition, now: datetime, free: frozenset[date]) -> datetime:
    """Until when room that is offered now (aware) is kept for somebody: two working days, and not in quiet hours."""
    here = now.astimezone(edition.zone)
    day = working_day(here.date(), ROOM_IS_KEPT, free)
    return awake(datetime.combine(day, here.time(), edition.zone), free, back=False)


def _of_reminder(edition: Edition, reminder: Reminder, round_: Round, free: frozenset[date]) -> Iterator[Nudge]:
    name, edge = reminder.counts_from
    match name:
        case "visit" | "missed" | "proposal" | "intervision" | "agreements" | "room":
            return
        case "repair":
            repair = round_.repair
            if repair is not None and repair.asked and repair.asked_at is not None:
                yield _since(edition, reminder, repair.asked_at, free)
        case "meeting":
            yield _before(edition, reminder, edition.meeting(edge), free)
        case "network":
            yield from (_before(edition, reminder, session, free) for session in edition.network)
        case "consultation":
            yield from _of_consultations(edition, reminder, round_, free)
        case _ if not _is_cut_short(edition, reminder):
            yield _fixed(edition, reminder, free)


def of_visit(edition: Edition, visit: Visit, free: frozenset[date]) -> Iterator[Nudge]:
    """The nudges around one agreed visit, after one that was missed, or about a day that was proposed."""
    yield from (nudge for nudge in _around_day(edition, visit, free) if not _is_overtaken(nudge, visit))
    for reminder in edition.reminders:
        if reminder.anchor == "missed" and visit.missed and visit.end is not None:
            at = _on(edition, reminder, visit.end.on, free)
            yield _of_one(edition, reminder, visit, at, at + timedelta(days=reminder.useful_days))
    if visit.suggestion is not None:
        yield from _of_suggestion(edition, visit, visit.suggestion, free)


def overtaken(edition: Edition, visit: Visit, free: frozenset[date]) -> list[Nudge]:
    """What its two people should have heard before the day was agreed; of several about one thing the last."""
    before = [nudge for nudge in _around_day(edition, visit, free) if _is_overtaken(nudge, visit)]
    last = {it.reminder.only: it for it in sorted(before, key=lambda it: it.at) if it.reminder and _is_for_two(it)}
    return list(last.values())


def _is_for_two(nudge: Nudge) -> bool:
    return nudge.reminder is not None and nudge.reminder.to == "visiting"


def _is_overtaken(nudge: Nudge, visit: Visit) -> bool:
    return visit.agreed_at is not None and nudge.at < visit.agreed_at


def _around_day(edition: Edition, visit: Visit, free: frozenset[date]) -> Iterator[Nudge]:
    for reminder in edition.reminders if visit.agreed else ():
        if reminder.anchor == "visit":
            yield _around(edition, reminder, visit, free)


def _of_suggestion(edition: Edition, visit: Visit, it: Suggestion, free: frozenset[date]) -> Iterator[Nudge]:
    """Reminders until the day has come, for as far as there is time; then it is off the table."""
    over = awake(lapses(edition, it).astimezone(edition.zone), free, back=False)
    first = it.at or over  # one from before its moment was kept has no reminders
    key = f"{visit.guest}/{first.isoformat()}"
    for reminder in edition.reminders if it.at else ():
        if reminder.anchor == "proposal":
            at = _on(edition, reminder, edition.day(first), free)
            if at < over:
                yield Nudge(f"{edition.id}/{reminder.key}/{key}", at, over, edition.id, reminder, visit.id)
    yield _act(edition, "proposal_over", over, key)


def of_groups(
    edition: Edition, parts: Iterable[Participant], groups: Iterable[Group], free: frozenset[date]
) -> Iterator[Nudge]:
    """Reminders of what people were asked: to take the room that was offered, to be in a group, and to agree how it works."""
    moments = {
        "intervision": {part.asked for part in parts if part.asked is not None and not part.intervision},
        "room": {part.since for part in parts if part.state == "offered" and part.room_until is not None},
        "agreements": {group.made for group in groups if group.made is not None and group.closed is None},
    }
    for reminder in edition.reminders:
        found = {
            it.key: it for at in moments.get(reminder.anchor or "", ()) for it in [_since(edition, reminder, at, free)]
        }
        yield from found.values()


def _since(edition: Edition, reminder: Reminder, asked: datetime, free: frozenset[date]) -> Nudge:
    """A reminder of what several people were asked at this moment (aware); all that was asked on one day is one nudge."""
    day = edition.day(asked)
    at = _on(edition, reminder, day, free)
    until = at + timedelta(days=reminder.useful_days)
    return Nudge(f"{edition.id}/{reminder.key}/{day.isoformat()}", at, until, edition.id, reminder, asked=day)


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
            at = _on(edition, reminder, edition.day(it.asked), free)
            key = f"{edition.id}/{reminder.key}/{it.person}/{it.times}"
            yield Nudge(key, at, at + timedelta(days=reminder.useful_days), edition.id, reminder, person=it.person)


def _on(edition: Edition, reminder: Reminder, anchor: date, free: frozenset[date]) -> datetime:
    """The moment of a reminder that counts from this day, on a working day and out of quiet hours."""
    day = working_day(anchor, reminder.days, free) if reminder.working else anchor + timedelta(days=reminder.days)
    return awake(datetime.combine(day, reminder.at, edition.zone), free, back=reminder.comes_before)


def working_day(day: date, count: int, free: frozenset[date]) -> date:
    """The day that is so many working days later, or earlier when `count` is below zero; with 0 the day itself."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= works(day, free)
    return day


def _fixed(edition: Edition, reminder: Reminder, free: frozenset[date]) -> Nudge:
    """A reminder with a day of its own, of publication, or about the first or last day of a window."""
    anchor, end = anchor_day(edition, reminder)
    day = anchor + timedelta(days=reminder.days)
    at = _on(edition, reminder, anchor, free)
    until = end if end is not None and reminder.comes_before else at + timedelta(days=reminder.useful_days)
    return Nudge(f"{edition.id}/{reminder.key}/{day.isoformat()}", at, until, edition.id, reminder)


def _is_cut_short(edition: Edition, reminder: Reminder) -> bool:
    """Whether it would come before the end of a window that a coordinator has closed by hand already."""
    name, edge = reminder.counts_from
    return edge == "closes" and reminder.comes_before and _window(edition, name).closed is not None


def anchor_day(edition: Edition, reminder: Reminder) -> tuple[date, datetime | None]:
    """The day that a reminder counts from, and the instant after which one that comes before it is of no use."""
    if reminder.on is not None:
        return reminder.on, None
    name, edge = reminder.counts_from
    if name == "publish":
        return edition.publish, datetime.combine(edition.publish + timedelta(days=1), time.min, edition.zone)
    window = _window(edition, name)
    open_ = window.period(edition.zone)
    return (open_.first, None) if edge == "opens" else (open_.last, window.ends(edition.zone))


def _window(edition: Edition, name: str) -> Window:
    return next(window for known, window in edition.windows.items() if known == name)


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
    while not works(day, free):
        day += timedelta(days=-1 if back else 1)
    return datetime.combine(day, clock, zone)
