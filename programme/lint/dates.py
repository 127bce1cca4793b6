"""Findings about the dates of an edition: their order, gaps, days off, and what clock and deadlines do to them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations

from programme.edition import Edition, Meeting
from programme.lint.days_off import Free
from programme.lint.days_off import findings as on_days_off
from programme.lint.finding import Finding, Sheet
from programme.lint.meetings import findings as about_meetings
from programme.lint.meetings import in_time, meetings
from programme.lint.reminders import findings as about_reminders
from programme.lint.spots import Path
from programme.text import Day, Text, _, _n

LONGEST_SILENCE = timedelta(weeks=6)
"""The longest summer holiday of Dutch schools: without anything to do or to attend for longer, people lose the thread."""
SHORTEST = 5
"""So many days people need to answer: a working week. Below that whoever is ill or on leave is too late."""
TO_MATCH = 3
"""So many days a coordinator needs between the last preference and the matches, to call who gave none."""
Stay = tuple[date, date, Path]
"""From day through day there is something to do or to attend, and where that is written."""


def findings(sheet: Sheet, edition: Edition, free: Free) -> Iterator[Finding]:
    """All that is to be said about the dates of an edition that is whole. `free` gives the public holidays of a year."""
    yield from _order(sheet, edition)
    yield from _short(sheet, edition)
    yield from about_meetings(sheet, edition)
    yield from _silences(sheet, edition)
    for path, meeting in meetings(edition):
        yield from _of_meeting(sheet, path, meeting, edition)
    yield from _meetings_overlap(sheet, edition)
    yield from _last_meeting(sheet, edition)
    yield from on_days_off(sheet, edition, free)
    yield from about_reminders(sheet, edition, free)


def _order(sheet: Sheet, edition: Edition) -> Iterator[Finding]:
    """The steps follow each other: sign-up, preferences, publication, visits."""
    signup, preferences, visits = (edition.windows[name] for name in ("signup", "preferences", "visits"))
    if signup.opens <= preferences.opens <= signup.closes:
        what = _("this overlaps with sign-up, which is open until the end of {day}", day=Day(day=signup.closes))
        yield sheet.error(("windows", "preferences", "opens"), "overlap", what, _("choose a later day"))
    elif preferences.opens < signup.opens:
        what = _("this lies before sign-up, which opens on {day}", day=Day(day=signup.opens))
        yield sheet.error(("windows", "preferences", "opens"), "order", what, _("choose a later day"))
    if edition.publish <= preferences.closes:
        what = _("preferences can still be given until the end of {day}", day=Day(day=preferences.closes))
        yield sheet.error(("publish",), "order", what, _("choose a later day"))
    if visits.opens < edition.publish:
        what = _("the matches are published later, on {day}", day=Day(day=edition.publish))
        yield sheet.error(("windows", "visits", "opens"), "order", what, _("choose a later day"))
    until = edition.intervision.until if edition.intervision else None
    if until is not None and until < visits.opens:
        what = _("the visits begin later, on {day}, and the groups after that", day=Day(day=visits.opens))
        yield sheet.error(("intervision", "until"), "order", what, _("choose a later day"))


def _short(sheet: Sheet, edition: Edition) -> Iterator[Finding]:
    """Windows that are over before people have answered, and a publication that follows at once."""
    for name, window in edition.windows.items():
        if (days := (window.closes - window.opens).days + 1) < SHORTEST:
            what = _n("this is open for {n} day", "this is open for {n} days", n=days)
            yield sheet.warning(("windows", name, "closes"), "deadline", what, _("choose a later day"))
    between = (edition.publish - edition.windows["preferences"].closes).days - 1
    if 0 <= between < TO_MATCH:
        what = _n(
            "there is {n} day between the last day of preferences and this",
            "there are {n} days between the last day of preferences and this",
            n=between,
        )
        mend = _("keep some days to make the matches, and to call who gave no preferences")
        yield sheet.warning(("publish",), "deadline", what, mend)


def _silences(sheet: Sheet, edition: Edition) -> Iterator[Finding]:
    reached: date | None = None
    for first, last, path in _stays(edition):
        if reached is not None and first - reached > LONGEST_SILENCE:
            weeks = (first - reached).days // 7
            what = _("for {n} weeks before this there is nothing to do or to attend", n=weeks)
            yield sheet.warning(path, "gap", what, _("move a date, or plan a meeting in between"))
        reached = last if reached is None else max(reached, last)


def _stays(edition: Edition) -> list[Stay]:
    windows = [(w.opens, w.closes, ("windows", name, "opens")) for name, w in edition.windows.items()]
    days = [(edition.publish, ("publish",)), *((it.day, (*path, "day")) for path, it in meetings(edition))]
    inside = ((day, day, path) for day, path in days if in_time(edition, day))  # the others are told already
    return sorted([*windows, *inside], key=lambda stay: stay[:2])


def _of_meeting(sheet: Sheet, path: Path, meeting: Meeting, edition: Edition) -> Iterator[Finding]:
    if meeting.end <= meeting.start:
        what = _("the end lies before the beginning, at {time}", time=f"{meeting.start:%H:%M}")
        yield sheet.error((*path, "end"), "order", what, _("write the later time in end"))
        return
    edges = {name: datetime.combine(meeting.day, at, edition.zone) for name, at in _edges(meeting)}
    odd = False
    for name, at in edges.items():
        if (oddness := _oddness(at)) is not None:
            odd = True
            yield sheet.error((*path, name), "clock-change", oddness, _("choose another time, or another day"))
    if not odd and edges["start"].utcoffset() != edges["end"].utcoffset():
        what = _("the clock changes during this meeting, so it lasts an hour more or less than it seems")
        yield sheet.warning((*path, "day"), "clock-change", what, _("choose another time, or another day"))


def _edges(meeting: Meeting) -> tuple[tuple[str, time], tuple[str, time]]:
    return ("start", meeting.start), ("end", meeting.end)


def _oddness(at: datetime) -> Text | None:
    """What is odd about a time on the clock (local, aware): it does not exist, or comes twice. Source: PEP 495, `fold`."""
    if at.replace(fold=0).utcoffset() == at.replace(fold=1).utcoffset():
        return None
    if at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) != at.replace(tzinfo=None):
        return _("{time} does not exist that night, because the clock goes forward", time=f"{at:%H:%M}")
    return _("{time} comes twice that night, because the clock goes back", time=f"{at:%H:%M}")


def _meetings_overlap(sheet: Sheet, edition: Edition) -> Iterator[Finding]:
    ordered = sorted(meetings(edition), key=lambda it: (it[1].day, it[1].start))
    for (_before, one), (path, other) in combinations(ordered, 2):
        if one.day == other.day and other.start < one.end:
            what = _("this begins while {meeting} is going on", meeting=one.name)
            yield sheet.warning((*path, "start"), "overlap", what, _("choose another time, or another day"))


def _last_meeting(sheet: Sheet, edition: Edition) -> Iterator[Finding]:
    """Who visits after the last meeting has nothing to tell there."""
    days = [meeting.day for meeting in edition.meetings]
    last = max(days) if days and all(in_time(edition, day) for day in days) else None
    closes = edition.windows["visits"].closes
    if last is not None and closes > last:
        what = _("people can visit after the last meeting, which is on {day}", day=Day(day=last))
        mend = _("let the visits end earlier, or move the last meeting")
        yield sheet.warning(("windows", "visits", "closes"), "deadline", what, mend)
