"""Findings about days on which offices are closed: the weekend and the public holidays."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from programme.edition import Edition
from programme.lint.finding import Finding, Sheet
from programme.lint.spots import Path
from programme.text import Both, Day, Text, _

Free = Callable[[int], Mapping[date, Both]]
"""The public holidays of a year, with what each is called."""
FRIDAY = 5
MEETING = _("choose a working day")
DEADLINE = _("choose a working day, so that people can still ask something")


def findings(sheet: Sheet, edition: Edition, free: Free) -> Iterator[Finding]:
    """The days of the edition on which nobody works, each with its day of the week."""
    for path, day, mend in _days(edition):
        if (name := free(day.year).get(day)) is not None:
            what = _("{day} is a public holiday: {name}", day=Day(day=day), name=name)
            yield sheet.warning(path, "holiday", what, mend)
        elif day.isoweekday() > FRIDAY:
            yield sheet.warning(path, "weekend", _("{day} falls in the weekend", day=Day(day=day)), mend)


def _days(edition: Edition) -> Iterator[tuple[Path, date, Text]]:
    for name, window in edition.windows.items():
        yield ("windows", name, "opens"), window.opens, MEETING
        yield ("windows", name, "closes"), window.closes, DEADLINE
    yield ("publish",), edition.publish, DEADLINE
    for index, meeting in enumerate(edition.meetings):
        yield ("meetings", index, "day"), meeting.day, MEETING
    for index, meeting in enumerate(edition.network):
        yield ("network", index, "day"), meeting.day, MEETING
