"""Findings about where meetings and days of their own lie in an edition: after its beginning, in its year, and in their order."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from programme.edition import Edition, Meeting
from programme.lint.finding import Finding, Sheet
from programme.lint.spots import Path
from programme.text import Day, _

HALF_A_YEAR = timedelta(days=183)
"""So long after the last visit nothing of the programme is left: a day that lies later has another year by mistake."""
THE_YEAR = _("look at the year, or choose another day")


def findings(sheet: Sheet, edition: Edition) -> Iterator[Finding]:
    """Days before sign-up or far after the visits, a beginning that comes last, and meetings in another order than their days."""
    for path, day in _days(edition):
        yield from _out_of_time(sheet, path, day, edition)
    late = list(_beginning(sheet, edition))
    yield from late or _order(sheet, edition)


def meetings(edition: Edition) -> Iterator[tuple[Path, Meeting]]:
    """Every meeting and network session, with its path."""
    yield from ((("meetings", index), meeting) for index, meeting in enumerate(edition.meetings))
    yield from ((("network", index), meeting) for index, meeting in enumerate(edition.network))


def in_time(edition: Edition, day: date) -> bool:
    """Whether a day lies in the programme, so that it can be compared with its other days."""
    return edition.windows["signup"].opens <= day <= edition.windows["visits"].closes + HALF_A_YEAR


def _days(edition: Edition) -> Iterator[tuple[Path, date]]:
    yield from (((*path, "day"), meeting.day) for path, meeting in meetings(edition))
    yield from ((("reminders", n, "on"), it.on) for n, it in enumerate(edition.reminders) if it.on is not None)


def _out_of_time(sheet: Sheet, path: Path, day: date, edition: Edition) -> Iterator[Finding]:
    opens, closes = edition.windows["signup"].opens, edition.windows["visits"].closes
    if day < opens:
        what = _("{day} lies before the first day of sign-up, {opens}", day=Day(day=day), opens=Day(day=opens))
        yield sheet.error(path, "order", what, THE_YEAR)
    elif not in_time(edition, day):
        what = _("{day} lies long after the last visits, {closes}", day=Day(day=day), closes=Day(day=closes))
        yield sheet.warning(path, "order", what, THE_YEAR)


def _beginning(sheet: Sheet, edition: Edition) -> Iterator[Finding]:
    """Where there are several meetings the first of them prepares for the visits."""
    visits = edition.windows["visits"]
    for meeting in edition.meetings[:1] if len(edition.meetings) > 1 else ():
        if not in_time(edition, meeting.day):
            continue
        if visits.closes < meeting.day:
            what = _("this is the first meeting, and the visits are over by then, on {day}", day=Day(day=visits.closes))
            yield sheet.warning(("meetings", 0, "day"), "order", what, THE_YEAR)
        elif visits.opens < meeting.day:
            what = _("this is the first meeting, and the visits begin before it, on {day}", day=Day(day=visits.opens))
            yield sheet.warning(("meetings", 0, "day"), "order", what, _("choose an earlier day"))
        elif meeting.day < edition.publish:
            what = _(
                "this is the first meeting, and the matches are not known by then: {day}", day=Day(day=edition.publish)
            )
            yield sheet.warning(("meetings", 0, "day"), "order", what, _("choose a later day, or publish earlier"))


def _order(sheet: Sheet, edition: Edition) -> Iterator[Finding]:
    """A file tells its meetings in the order in which they come."""
    told = [(n, it) for n, it in enumerate(edition.meetings) if in_time(edition, it.day)]
    for (_number, before), (index, meeting) in pairwise(told):
        if meeting.day < before.day:
            what = _("this lies before {meeting}, which stands above it in the file", meeting=before.name)
            yield sheet.warning(("meetings", index, "day"), "order", what, _("look at both days, or put them in order"))
