"""Dates and times as people type them, in Dutch and in English: right, or refused with an example, never silently wrong.

The forms are those of everyday Dutch: `14 oktober`, `di 29 sept`, `14-10-2026`, `morgen`, `volgende week dinsdag`, `9u`, `half
tien`, `t/m 10 juli`. Whoever reads a day here echoes it in full, with its weekday. No answer depends on the language that
somebody chose: words of both are always known. `today` is the day in the zone of the edition.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.dates.days import NOT_A_DAY, YEAR_IN_FULL, read_day
from bot.dates.spoken import Spoken, spoken
from bot.dates.times import NOT_A_TIME, Fold, Hours, instant, parse_time, read_hours
from programme.model import Model
from programme.text import Refusal, Text, Unclear, _

__all__ = [
    "HALF_DAYS",
    "Fold",
    "HalfDays",
    "When",
    "day_in",
    "instant",
    "parse_day",
    "parse_halves",
    "parse_moment",
    "parse_time",
    "parse_until",
    "parse_when",
]

NOT_A_MOMENT = _(
    "Write a day, and if need be a time. For example: 14 October, 14 October morning, or 14 October 09.30-12.00."
)
NOT_HALVES = _("Write two half days, each with its day. For example: 12 October morning, 2 November afternoon.")
NOT_UNTIL = _("Write through which day, or before which day. For example: through 14 October, or before 14 October.")

_MORNING = ("ochtend", "ochtends", "morgens", "morning")
_AFTERNOON = ("middag", "middags", "afternoon")
_EVENING = ("avond", "avonds", "nacht", "nachts", "evening", "night")
_WHOLE = ("hele dag", "heel de dag", "whole day", "all day", "full day")
_INTO = ("in de", "in the", "de", "the", "' s", "s")
_LUNCH = ("tussen de middag", "lunch", "lunchtijd", "lunchtime", "at lunch")
_THROUGH = ("t / m", "tm", "tot en met", "uiterlijk op", "uiterlijk", "through", "up to and including", "no later than")
_BEFORE = ("tot", "voor", "before")
MOST_WORDS = 8
"""No day is written in more words."""
_LIMIT = re.compile(
    r"\s*(t/m|tm|tot en met|uiterlijk( op)?|through|up to and including|no later than|tot|v[oó]{2}r|before)\s",
    re.IGNORECASE,
)


class HalfDays(Model):
    """What morning and afternoon are in an edition; a whole day runs from the first to the end of the second."""

    morning: tuple[time, time] = (time(9), time(12, 30))
    afternoon: tuple[time, time] = (time(13), time(17))

    @property
    def whole(self) -> tuple[time, time]:
        """The whole day, lunch included."""
        return self.morning[0], self.afternoon[1]


HALF_DAYS = HalfDays()


@dataclass(frozen=True, slots=True)
class When:
    """A day, and from when to when if that was said. `fold`: which of the two, for a time that comes twice that day."""

    day: date
    start: time | None = None
    end: time | None = None
    fold: Fold | None = None


@contextmanager
def _asked_back(text: str, stays: Callable[[], str] = str) -> Iterator[None]:
    """Let what is refused be asked back: `stays` gives the beginning of the text that need not be said again."""
    try:
        yield
    except Unclear:
        raise
    except Refusal as refusal:
        raise Unclear(refusal.text, text, stays) from None


def day_in(text: str, today: date) -> str:
    """The words at the beginning of a text that are a day, as they were typed; empty when it does not begin with one."""
    words = text.split()
    for length in range(min(len(words), MOST_WORDS), 0, -1):
        with suppress(Refusal):
            read = spoken(beginning := " ".join(words[:length]), NOT_A_DAY)
            read_day(read, today)
            if read.done:
                return beginning
    return ""


def _limit_in(text: str) -> str:
    found = _LIMIT.match(text)
    return found[0].strip() if found else ""


def parse_day(text: str, today: date) -> date:
    """Read a day, today or later. Raises `Unclear`, which asks back or says how to write it."""
    with _asked_back(text):
        words = spoken(text, NOT_A_DAY)
        day = read_day(words, today)
        if not words.done:
            raise Refusal(_not_only_a_day(words))
        return day


def parse_when(text: str, today: date, halves: HalfDays = HALF_DAYS) -> When:
    """Read a day, with or without a time, a time and its end, or a half day. Raises `Refusal`."""
    with _asked_back(text, lambda: day_in(text, today)):
        words = spoken(text, NOT_A_MOMENT)
        when = _read_when(words, today, halves)
        if not words.done:
            raise Refusal(NOT_A_MOMENT)
        return when


def parse_moment(text: str, today: date, zone: ZoneInfo) -> datetime:
    """Read a day and a time as an instant (UTC) on the clock of `zone`. Raises `Refusal`, also for a time that is not there.

    `zomertijd` or `wintertijd` after the time chooses between two that a clock change makes.
    """
    when = parse_when(text, today)
    if when.start is None or when.end is not None:
        raise Refusal(NOT_A_TIME)
    return instant(when.day, when.start, zone, when.fold)


def parse_halves(text: str, today: date, halves: HalfDays = HALF_DAYS) -> tuple[When, When]:
    """Read two half days (or two spans of hours), in order of time: `12-10 ochtend, 2-11 middag`. Raises `Refusal`."""
    with _asked_back(text):
        words = spoken(text, NOT_HALVES)
        first = _read_when(words, today, halves)
        while words.take(",", ";", "en", "and", "+", "&"):
            pass
        if words.done:
            raise Refusal(NOT_HALVES)
        named = _named_hours(words, halves)
        second = _on(first.day, named) if named else _read_when(words, today, halves)
        if not words.done or any(
            when.end is None or (when.start, when.end) == halves.whole for when in (first, second)
        ):
            raise Refusal(NOT_HALVES)
        return _apart(first, second)


def parse_until(text: str, today: date) -> date:
    """Read a limit as its last day: through X for `t/m X` and `uiterlijk X`; the day before for `tot X` and `vóór X`.

    Raises `Refusal`; also for `until X` and for a bare day, which some read as through and some as before.
    """
    with _asked_back(text, lambda: _limit_in(text)):
        words = spoken(text, NOT_UNTIL)
        through = words.phrase(*_THROUGH)
        if not through and not words.phrase(*_BEFORE):
            raise Refusal(NOT_UNTIL)
        day = read_day(words, today)
        if not words.done:
            raise Refusal(_not_only_a_day(words))
        if not through and day == today:
            raise Refusal(_("All days before today are over. Which day do you mean?"))
        return day if through else day - timedelta(days=1)


def _read_when(words: Spoken, today: date, halves: HalfDays) -> When:
    day = read_day(words, today)
    words.take(",")
    if words.done:
        return When(day)
    named = _named_hours(words, halves)
    return _on(day, named or read_hours(words))


def _on(day: date, hours: Hours) -> When:
    return When(day, hours.start, hours.end, hours.fold)


def _named_hours(words: Spoken, halves: HalfDays) -> Hours | None:
    """A half day or a whole day by its name. What has no fixed hours is asked."""
    before = words.at
    if words.phrase(*_LUNCH):
        raise Refusal(_("From when to when exactly? For example 12.00-13.30."))
    words.phrase(*_INTO)
    if words.phrase(*_WHOLE):
        return Hours(*halves.whole)
    if words.take(*_MORNING):
        return Hours(*halves.morning)
    if words.take(*_AFTERNOON):
        return Hours(*halves.afternoon)
    if words.take(*_EVENING):
        raise Refusal(_("From when to when in the evening? For example 19.00-21.00."))
    words.at = before
    return None


def _apart(first: When, second: When) -> tuple[When, When]:
    """The two in order of time, when they do not overlap."""
    early, late = sorted((first, second), key=lambda when: (when.day, when.start or time.min))
    if early.day == late.day and early.end and late.start and early.end > late.start:
        raise Refusal(_("These two overlap. Choose two different half days."))
    return early, late


def _not_only_a_day(words: Spoken) -> Text:
    if words.peek().isdigit() and not words.peek(1):
        return YEAR_IN_FULL
    return _("I look for a day alone here, without a time: 14 October, 14-10-2026 or tomorrow.")
