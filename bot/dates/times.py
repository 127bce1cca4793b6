"""Times of the day as people type them, in 24 hours: right, or refused with an example.

`9u`, `9 uur`, `09.00`, `9:30`, `9u30`, `half tien` (09.30), `kwart over negen`, `vijf voor half tien` (09.25), `half past nine`.
An hour from 1 to 6 without a zero in front may as well be in the afternoon (`half drie`, `2 uur`): that is asked, and so is
`half nine`, which is another time in English than in Dutch.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.dates.spoken import ENGLISH_NUMBERS, NUMBERS, Spoken, clock, spoken
from programme.text import Day, Refusal, _

Fold = Literal[0, 1]
"""Which of the two, when a clock change makes a time come twice: 0 the first (summer time), 1 the second (winter time)."""

NOT_A_TIME = _("I do not see a time in that. Write it like 09.30 or 14.00.")

_AND = ("en", "and")
_UNTIL = ("-", "tot", "to", "until", "till")
_UNITS = ("uur", "u", "h")
_MINUTES = NUMBERS | {"twintig": 20, "twenty": 20}
_LAST_HOUR, _LAST_MINUTE = 23, 59
_HALF_DAY = timedelta(hours=12)
# Before this hour nobody meets: a time that lands here without saying so was meant for the afternoon or the evening.
_DAWN = 7


@dataclass(frozen=True, slots=True)
class Hours:
    """What was read: from when, to when (or open), and which of the two when it comes twice."""

    start: time
    end: time | None = None
    fold: Fold | None = None


def parse_time(text: str) -> time:
    """Read one time of the day. Raises `Refusal`, which says how to write it."""
    words = spoken(text, NOT_A_TIME)
    words.take("om", "at", "vanaf", "from")
    at, marked = _read(words)
    if not marked or not words.done:
        raise Refusal(NOT_A_TIME)
    return at


def read_hours(words: Spoken) -> Hours:
    """Read a time, or a time and its end (`9.30-12.00`, `van 9 tot 12`), here in the text. Raises `Refusal`."""
    between = words.take("tussen", "between")
    ranged = between or words.take("van", "from")
    words.take("om", "at", "vanaf")
    bare = _a_time_or_not(words)
    if not ranged and _is_bare(words):
        raise bare
    start, marked = _read(words, ranged=ranged)
    end = None
    if words.take(*(_AND if between else _UNTIL)):
        end, also = _read(words)
        marked = marked or also or ranged
    if not marked:
        raise bare
    if end is not None and end <= start:
        raise _backwards(start, end)
    return Hours(start, end, _read_fold(words))


def _is_bare(words: Spoken) -> bool:
    """Numbers alone, `9` or `2-11`: no more a time than a date."""
    ranged = words.peek(1) == "-" and words.peek(2).isdigit() and words.peek(3) not in _UNITS
    return words.peek().isdigit() and (ranged or not words.peek(1))


def _backwards(start: time, end: time) -> Refusal:
    hours = {"start": clock(start), "end": clock(end)}
    return Refusal(_("{end} is not later than {start}. When does it begin and when does it end?", **hours))


def _a_time_or_not(words: Spoken) -> Refusal:
    return Refusal(_("Is {written} a time? Then write it like 09.30 or 14.00.", written=words.rest()))


def instant(day: date, at: time, zone: ZoneInfo, fold: Fold | None = None) -> datetime:
    """The instant (UTC) at which a clock in `zone` shows this, on this day.

    Raises `Refusal` for a time that a clock change skips; for one that it doubles too, unless `fold` says which of the two.
    Who cannot ask passes 0, the first: nobody is late then. A `fold` for a time that comes once changes nothing.
    """
    local = datetime.combine(day, at, zone).replace(fold=fold or 0)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise _skipped(day, at)
    if fold is None and local.utcoffset() != local.replace(fold=1).utcoffset():
        raise _twice(day, at)
    return local.astimezone(UTC)


def _skipped(day: date, at: time) -> Refusal:
    return Refusal(
        _(
            "On {day} the clock skips {at}: summer time begins. Choose an hour earlier or later.",
            day=Day(day=day),
            at=clock(at),
        )
    )


def _twice(day: date, at: time) -> Refusal:
    return Refusal(
        _(
            "On {day} {at} comes twice: the clock goes back. Add the words summer time (the first) or winter time (the second).",
            day=Day(day=day),
            at=clock(at),
        )
    )


def _read(words: Spoken, *, ranged: bool = False) -> tuple[time, bool]:
    """A time, and whether it is written as a time: a bare `9` is one only beside another.

    `ranged`: after `from` or `van`, where `to` comes before the end.
    """
    if words.take("half"):
        return _half(words), True
    if words.take("kwart", "quarter"):
        return _counted(words, 15), True
    if {":", "."} & set(words.peek()[1:]):
        return _written(words), True
    if words.phrase("twenty - five", "twenty five"):
        return _counted(words, 25), True
    return _numbered(words, ranged=ranged)


def _written(words: Spoken) -> time:
    word = words.peek()
    words.at += 1
    hour, minute = word.replace(":", ".").split(".")
    words.take(*_UNITS)
    return _certain(hour, minute, words)


def _numbered(words: Spoken, *, ranged: bool) -> tuple[time, bool]:
    number = words.digits(2)
    spelled = words.lookup(_MINUTES) if number is None else int(number)
    if spelled is None:
        raise Refusal(NOT_A_TIME)
    if words.peek() in {"over", "voor", "past"} or (words.peek() == "to" and not ranged and _to_hour(words, spelled)):
        return _counted(words, spelled), True
    unit = words.take(*_UNITS) or words.phrase("o ' clock")
    minute = words.digits(2) if unit and words.peek(1) not in _UNITS else None
    if minute is not None and len(minute) == 1:
        raise Refusal(NOT_A_TIME)
    return _certain(number or str(spelled), minute or "0", words), unit


def _to_hour(words: Spoken, minutes: int) -> bool:
    # `9 to 12` and `nine to twelve` are from and to; `ten to nine` is minutes, for clocks are read in fives.
    return words.peek(1) in ENGLISH_NUMBERS and minutes % 5 == 0


def _half(words: Spoken) -> time:
    """After `half`: `half tien` is 09.30, `half past nine` 09.30, and `half nine` is asked."""
    if words.take("past"):
        return _awake(_hour(words) * 60 + 30)
    english = words.peek() in ENGLISH_NUMBERS
    hour = _hour(words)
    if english:
        raise _which(_at(hour * 60 - 30), _at(hour * 60 + 30))
    return _awake(hour * 60 - 30)


def _counted(words: Spoken, minutes: int) -> time:
    """After so many minutes: `over negen`, `voor half tien`, `past nine`, `to ten`."""
    sign = words.lookup({"over": 1, "voor": -1, "past": 1, "to": -1})
    half = words.take("half")
    if sign is None or not 0 < minutes < (15 if half else 30):
        raise Refusal(NOT_A_TIME)
    return _awake(_hour(words) * 60 - 30 * half + sign * minutes)


def _hour(words: Spoken) -> int:
    number = words.digits(2)
    hour = words.lookup(NUMBERS) if number is None else int(number)
    words.take("uur")
    if hour is None or not 1 <= hour <= _LAST_HOUR:
        raise Refusal(NOT_A_TIME)
    _refuse_half_clock(words)
    return hour


def _certain(hour: str, minute: str, words: Spoken) -> time:
    """A written hour and minute, when there is no doubt about them."""
    _refuse_half_clock(words)
    if int(hour) > _LAST_HOUR or int(minute) > _LAST_MINUTE:
        written = f"{hour}.{minute:0>2}"
        raise Refusal(
            _("{written} is not on the clock. Hours run from 00 to 23, minutes from 00 to 59.", written=written)
        )
    at = time(int(hour), int(minute))
    if len(hour) == 1 and 0 < at.hour < _DAWN:
        raise _which(at, _later(at))
    return at


def _awake(minutes: int) -> time:
    at = _at(minutes)
    if at.hour < _DAWN:
        raise _which(at, _later(at))
    return at


def _at(minutes: int) -> time:
    hour, minute = divmod(minutes, 60)
    return time(hour, minute)


def _later(at: time) -> time:
    return (datetime.combine(date.min, at) + _HALF_DAY).time()


def _which(first: time, second: time) -> Refusal:
    early, late = clock(first), clock(second)
    return Refusal(_("Do you mean {early} or {late}? Write it in figures.", early=early, late=late))


def _refuse_half_clock(words: Spoken) -> None:
    if words.peek() in {"am", "pm", "'"} or words.phrase("a . m", "p . m"):
        raise Refusal(_("I use the clock of 24 hours. Write it like 09.00 or 21.00."))


def _read_fold(words: Spoken) -> Fold | None:
    bracket = words.take("(")
    fold: Fold | None = None
    if words.phrase("zomertijd", "summer time"):
        fold = 0
    elif words.phrase("wintertijd", "winter time"):
        fold = 1
    if bracket and (fold is None or not words.take(")")):
        raise Refusal(NOT_A_TIME)
    return fold
