"""Findings about when the reminders of an edition come: in quiet hours, on a day off, or after what they are about."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from programme.edition import Edition
from programme.lint.days_off import FRIDAY, Free
from programme.lint.finding import Finding, Sheet
from programme.lint.spots import Path
from programme.nudges import EVENING, MORNING
from programme.reminder import Reminder
from programme.text import Day, _

STILL_TO_DO = {"signup.closes": "unfinished", "preferences.closes": "undecided", "visits.closes": "undated"}
"""Whom a reminder is for who still has something to do before the end of a window."""
STILL_TO_COME = frozenset({"expected", "unanswered", "unshared"})
"""Whom a reminder is for who still has something to do before a meeting."""


def findings(sheet: Sheet, edition: Edition, free: Free) -> Iterator[Finding]:
    """All that is to be said about the moments of the reminders."""
    for index, reminder in enumerate(edition.reminders):
        path: Path = ("reminders", index)
        yield from _at_night(sheet, path, reminder, edition)
        yield from _too_late(sheet, path, reminder, edition)
        yield from _on_a_day_off(sheet, path, reminder, free)


def _at_night(sheet: Sheet, path: Path, reminder: Reminder, edition: Edition) -> Iterator[Finding]:
    if reminder.minutes:
        for key, at in _before_meetings(reminder, edition):
            if _is_quiet(at):
                what = _("before {meeting} this comes at {time}, in the quiet hours", meeting=key, time=f"{at:%H:%M}")
                yield sheet.warning((*path, "minutes"), "quiet-hours", what, _("take it out, or move the meeting"))
    elif _is_quiet(reminder.at):
        what = _("{time} lies in the quiet hours, so it comes at another time", time=f"{reminder.at:%H:%M}")
        if reminder.working:
            what = _("{time} lies in the quiet hours", time=f"{reminder.at:%H:%M}")
        mend = _("choose a time from {first} to {last}", first=f"{MORNING:%H:%M}", last=f"{EVENING:%H:%M}")
        yield sheet.warning((*path, "at"), "quiet-hours", what, mend)


def _is_quiet(at: time) -> bool:
    return not MORNING <= at < EVENING


def _before_meetings(reminder: Reminder, edition: Edition) -> Iterator[tuple[str, time]]:
    """The meetings before which it rings, each with the time at which it does."""
    name, _dot, key = (reminder.anchor or "").partition(".")
    about = (
        edition.network if name == "network" else [m for m in edition.meetings if name == "meeting" and m.key == key]
    )
    for meeting in about:
        begins = datetime.combine(meeting.day, meeting.start, edition.zone)
        yield meeting.key, (begins - timedelta(minutes=reminder.minutes)).time()


def _too_late(sheet: Sheet, path: Path, reminder: Reminder, edition: Edition) -> Iterator[Finding]:
    anchor = reminder.anchor or ""
    about_meeting = anchor.partition(".")[0] == "meeting" and reminder.to in STILL_TO_COME
    if reminder.days > 0 and about_meeting:
        what = _("this comes after its meeting, to people who are to do something before it")
        yield sheet.warning((*path, "days"), "deadline", what, _("write days with a minus sign"))
    if reminder.days > 0 and STILL_TO_DO.get(anchor) == reminder.to:
        what = _("this comes after the last day, to people who can do nothing any more")
        yield sheet.warning((*path, "days"), "deadline", what, _("write days with a minus sign"))
    closes = edition.windows["visits"].closes
    if reminder.on is not None and reminder.to == "undated" and reminder.on > closes:
        what = _("the visiting period ends before this, on {day}", day=Day(day=closes))
        yield sheet.warning((*path, "on"), "deadline", what, _("choose an earlier day"))


def _on_a_day_off(sheet: Sheet, path: Path, reminder: Reminder, free: Free) -> Iterator[Finding]:
    day = reminder.on
    if day is None:
        return
    mend = _("choose a working day; Kring sends it on the next one")
    if (name := free(day.year).get(day)) is not None:
        what = _("{day} is a public holiday: {name}", day=Day(day=day), name=name)
        yield sheet.warning((*path, "on"), "holiday", what, mend)
    elif day.isoweekday() > FRIDAY:
        yield sheet.warning((*path, "on"), "weekend", _("{day} falls in the weekend", day=Day(day=day)), mend)
