"""Days as people type them, read word by word: the grammar under `bot/dates`.

A day without a year is the next one (today counts). What can be two days, or none, is asked back with the full date; nothing is
guessed, so `dinsdag` on a Tuesday and `volgende dinsdag` on any day are questions.
"""

from calendar import monthrange
from datetime import date, timedelta

from bot.dates.spoken import MONTHS, NUMBERS, WEEKDAYS, Spoken, month_name, weekday_name
from programme.text import Day, Period, Refusal, _

NOT_A_DAY = _("I do not see a day in that. Write it like 14 October, 14-10-2026 or tomorrow.")

YEAR_IN_FULL = _("Write the year with four figures, like 14-10-2026.")

FARTHEST = 10
"""Years ahead. Further is a slip of the finger."""

_ORDINALS = ("e", "de", "ste", "st", "nd", "rd", "th")
_NEAR = {"vandaag": 0, "today": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2, "gisteren": -1, "yesterday": -1}
_PARTS_OF_MONTH = ("begin", "eind", "einde", "half", "midden", "medio", "early", "late", "mid", "end", "beginning")
_NEXT_WEEK = ("volgende week", "next week")
_THIS_WEEK = ("deze week", "this week")
_YEAR_DIGITS = 4
_LEAP_YEAR = 2000
_DECEMBER = 12


def read_day(words: Spoken, today: date) -> date:
    """Read a day here in the text, no earlier than `today`. Raises `Refusal`; leaves what follows the day."""
    words.take("op", "on")
    day = _read(words, today)
    if day < today:
        raise Refusal(_("{day} is over. Which day do you mean?", day=Day(day=day)))
    if day.year > today.year + FARTHEST:
        raise Refusal(_("{day} is very far away. Is the year right?", day=Day(day=day)))
    return day


def _read(words: Spoken, today: date) -> date:
    weekday = words.lookup(WEEKDAYS)
    if weekday is not None:
        return _from_weekday(words, weekday, today)
    near = 2 if words.phrase("the day after tomorrow") else words.lookup(_NEAR)
    if near is not None:
        return today + timedelta(days=near)
    return _from_phrase(words, today)


def _from_phrase(words: Spoken, today: date) -> date:
    """After neither a weekday nor a word like `morgen`: a distance, a week, or a date."""
    if words.peek(1) != "week" and words.take("over", "in"):
        return _after(words, today)
    words.take("in")
    monday = _read_week(words, today)
    if monday is not None:
        return monday + timedelta(days=_weekday_in(words, monday))
    if words.take("komende", "aanstaande", "coming"):
        return _coming(words.lookup(WEEKDAYS), today)
    if words.take("volgende", "next"):
        raise _either_week(words.lookup(WEEKDAYS), today)
    return _read_date(words, today)


def _from_weekday(words: Spoken, weekday: int, today: date) -> date:
    """After `dinsdag`: of which week, or which date, or nothing."""
    words.take(".")
    words.take(",")
    comma = words.at
    words.take("in", "of", "van")
    monday = _read_week(words, today)
    if monday is not None:
        return monday + timedelta(days=weekday)
    words.at = comma
    if not _date_follows(words):
        return _coming(weekday, today)
    day = _read_date(words, today)
    if day.weekday() != weekday:
        raise _not_that_weekday(day, weekday, today)
    return day


def _date_follows(words: Spoken) -> bool:
    words.take("de", "the")
    first, second = words.peek(), words.peek(1)
    numbered = first.isdigit() and (second in MONTHS or second in _ORDINALS or second in {"-", "/"})
    return numbered or first in MONTHS


def _after(words: Spoken, today: date) -> date:
    """After `over` or `in`: so many days or weeks from today."""
    written = words.digits(3)
    number = words.lookup(NUMBERS) if written is None else int(written)
    if number and words.take("dag", "dagen", "day", "days"):
        return today + timedelta(days=number)
    if number and words.take("week", "weken", "weeks"):
        return today + timedelta(weeks=number)
    if number is None and words.peek() in MONTHS:
        raise _which_day(words.lookup(MONTHS))
    if number and words.take("maand", "maanden", "month", "months", "jaar", "year", "years"):
        raise Refusal(_("Months differ in length. Which date do you mean, for example 14 October?"))
    raise Refusal(NOT_A_DAY)


def _read_week(words: Spoken, today: date) -> date | None:
    """The Monday of a week: this one, the next, or a numbered one (ISO 8601)."""
    this = today - timedelta(days=today.weekday())
    if words.phrase(*_NEXT_WEEK):
        return this + timedelta(weeks=1)
    if words.phrase(*_THIS_WEEK):
        return this
    if words.peek() == "week" and words.peek(1).isdigit():
        words.take("week")
        return _numbered_week(words, today)
    return None


def _numbered_week(words: Spoken, today: date) -> date:
    number = int(words.digits(2) or 0)
    written = _read_year(words)
    year = today.isocalendar().year if written is None else int(written)
    if written is None and number < today.isocalendar().week:
        year += 1
    if not today.year <= year <= today.year + FARTHEST + 1:
        raise Refusal(NOT_A_DAY)
    if not 1 <= number <= _weeks_in(year):
        raise Refusal(_("The year {year} has no week {number}.", year=f"{year}", number=number))
    return date.fromisocalendar(year, number, 1)


def _weeks_in(year: int) -> int:
    # The week with 28 December is always the last one of its year.
    return date(year, _DECEMBER, 28).isocalendar().week


def _weekday_in(words: Spoken, monday: date) -> int:
    words.take(",")
    words.take("op", "on")
    weekday = words.lookup(WEEKDAYS)
    if weekday is None:
        week = Period(first=monday, last=monday + timedelta(days=6))
        raise Refusal(_("That week is {week}. Which day do you mean?", week=week))
    words.take(".")
    return weekday


def _coming(weekday: int | None, today: date) -> date:
    """The next such weekday after today. On that weekday itself it may be today or in a week: asked."""
    if weekday is None:
        raise Refusal(NOT_A_DAY)
    ahead = (weekday - today.weekday()) % 7
    if ahead == 0:
        raise _one_of(today, today + timedelta(weeks=1))
    return today + timedelta(days=ahead)


def _either_week(weekday: int | None, today: date) -> Refusal:
    """`volgende dinsdag` is the first one for some and the one after for others."""
    if weekday is None:
        return Refusal(NOT_A_DAY)
    first = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return _one_of(first, first + timedelta(weeks=1))


def _one_of(first: date, second: date) -> Refusal:
    days = {"first": Day(day=first), "second": Day(day=second)}
    return Refusal(_("Do you mean {first} or {second}? Write the date.", **days))


def _read_date(words: Spoken, today: date) -> date:
    """A date in figures or with the name of its month."""
    words.take("de", "the")
    if words.take(*_PARTS_OF_MONTH):
        words.take("of", "van", "-")
        raise _which_day(words.lookup(MONTHS))
    month = words.lookup(MONTHS)
    if month is not None:
        return _month_first(words, month, today)
    if _is_year(words.peek()):
        return _year_first(words)
    return _day_first(words, today)


def _month_first(words: Spoken, month: int, today: date) -> date:
    """After `October`: `14`, `14th`, `14, 2026`. The month alone is asked."""
    words.take(".")
    day = words.digits(2)
    if day is None:
        raise _which_day(month)
    words.take(*_ORDINALS)
    if words.peek() == "," and _is_year(words.peek(1)):
        words.take(",")
    return _date(int(day), month, _read_year(words), today)


def _year_first(words: Spoken) -> date:
    """`2026-10-14`, ISO 8601."""
    year = words.digits(_YEAR_DIGITS)
    month = words.digits(2) if words.take("-") else None
    day = words.digits(2) if words.take("-") else None
    if not (year and month and day):
        raise Refusal(NOT_A_DAY)
    return _date(int(day), int(month), year, date.min)


def _day_first(words: Spoken, today: date) -> date:
    """`14 oktober`, `14e okt.`, `14-10`, `14/10/2026`."""
    day = words.digits(2)
    if day is None:
        raise _dotted(words) if "." in words.peek()[1:] else Refusal(NOT_A_DAY)
    sign = words.peek()
    if words.take("-", "/"):
        month = words.digits(2)
        if month is None:
            raise Refusal(NOT_A_DAY)
        return _date(int(day), int(month), _signed_year(words, sign), today)
    words.take(*_ORDINALS)
    words.take("of", "van")
    named = words.lookup(MONTHS)
    if named is None:
        raise Refusal(NOT_A_DAY)
    words.take(".")
    return _date(int(day), named, _read_year(words), today)


def _dotted(words: Spoken) -> Refusal:
    written = words.peek()
    return Refusal(
        _("Is {written} a day or a time? Write a day like 14-10, and a time like 09.30 after it.", written=written)
    )


def _signed_year(words: Spoken, sign: str) -> str | None:
    if not words.take(sign):
        return None
    if not _is_year(words.peek()):
        raise Refusal(YEAR_IN_FULL)
    return words.digits(_YEAR_DIGITS)


def _read_year(words: Spoken) -> str | None:
    """A year of four figures, when it stands here."""
    if words.peek() == "'" and words.peek(1).isdigit():
        raise Refusal(YEAR_IN_FULL)
    return words.digits(_YEAR_DIGITS) if _is_year(words.peek()) else None


def _is_year(word: str) -> bool:
    return word.isdigit() and len(word) == _YEAR_DIGITS and word[0] != "0"


def _date(day: int, month: int, written: str | None, today: date) -> date:
    """The date; without a year the next one, and for 29 February the year is asked when that is not within a year."""
    if not 1 <= month <= _DECEMBER:
        raise Refusal(_("There is no month {number}. Write the day first, then the month: 14-10-2026.", number=month))
    year = _LEAP_YEAR if written is None else int(written)
    longest = monthrange(year, month)[1]
    if not 1 <= day <= longest:
        raise Refusal(_("{month} has {n} days. Which day do you mean?", month=month_name(month), n=longest))
    return _next(day, month, today) if written is None else date(year, month, day)


def _next(day: int, month: int, today: date) -> date:
    year = today.year + ((month, day) < (today.month, today.day))
    if day > monthrange(year, month)[1]:
        while day > monthrange(year, month)[1]:
            year += 1
        raise Refusal(
            _("The next one is {day}. Write the year too if you mean that day.", day=Day(day=date(year, month, day)))
        )
    return date(year, month, day)


def _which_day(month: int | None) -> Refusal:
    if month is None:
        return Refusal(NOT_A_DAY)
    return Refusal(_("Which day in {month} do you mean? Write the date.", month=month_name(month)))


def _not_that_weekday(day: date, weekday: int, today: date) -> Refusal:
    """Both ways to mend it: the same date, or the nearest day of that name."""
    other = day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3)
    if other < today:
        other += timedelta(weeks=1)
    return Refusal(
        _(
            "{day} is not a {weekday}. Do you mean that day, or {other}?",
            day=Day(day=day),
            weekday=weekday_name(weekday),
            other=Day(day=other),
        )
    )
