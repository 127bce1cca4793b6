"""Working days: weekends, Dutch holidays, noon, and the two nights on which the clock changes."""

from datetime import date, datetime

import pytest

from bot.clock import free_days
from programme.workdays import CLOSE, MORNING, Workdays
from tests.slow_play import ZONE, day, local

DAYS = Workdays(ZONE, free_days(2026) | free_days(2027))


@pytest.mark.parametrize(
    ("begins", "days", "due"),
    [
        ("2026-11-23 09:00", 1, "2026-11-23"),  # a Monday
        ("2026-11-23 12:00", 1, "2026-11-23"),  # noon still counts
        ("2026-11-23 12:01", 1, "2026-11-24"),
        ("2026-11-23 17:00", 2, "2026-11-25"),
        ("2026-11-27 17:00", 1, "2026-11-30"),  # over a weekend
        ("2026-11-28 10:00", 1, "2026-11-30"),  # begun on a Saturday
        ("2026-11-23 09:00", 10, "2026-12-04"),
        ("2026-12-24 13:00", 1, "2026-12-28"),  # Christmas, 25 December, is a Friday
        ("2026-12-31 17:00", 1, "2027-01-04"),  # New Year's Day is a Friday
        ("2027-03-25 17:00", 2, "2027-03-31"),  # Good Friday and Easter Monday
        ("2027-04-26 17:00", 1, "2027-04-28"),  # King's Day, a Tuesday
        ("2027-05-05 17:00", 1, "2027-05-07"),  # Ascension Day
        ("2027-05-14 17:00", 1, "2027-05-18"),  # Whit Monday
    ],
)
def test_a_phase_is_due_at_five_on_its_last_working_day(begins: str, days: int, due: str) -> None:
    assert DAYS.due(local(begins), days) == DAYS.at(day(due), CLOSE)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-11-23", "2026-11-23", 1),
        ("2026-11-23", "2026-11-29", 5),
        ("2026-11-28", "2026-11-29", 0),
        ("2026-12-21", "2026-12-31", 8),  # without the 25th; the 26th is a Saturday
        ("2027-03-25", "2027-03-30", 2),
        ("2026-11-24", "2026-11-23", 0),
    ],
)
def test_working_days_are_counted_with_both_ends(first: str, last: str, count: int) -> None:
    assert DAYS.count(day(first), day(last)) == count


@pytest.mark.parametrize(
    ("on", "five", "nine"),
    [
        ("2026-10-23", "2026-10-23T15:00+00:00", "2026-10-23T07:00+00:00"),
        ("2026-10-26", "2026-10-26T16:00+00:00", "2026-10-26T08:00+00:00"),  # the clock went back in between
        ("2027-03-26", "2027-03-26T16:00+00:00", "2027-03-26T08:00+00:00"),
        ("2027-03-30", "2027-03-30T15:00+00:00", "2027-03-30T07:00+00:00"),  # and forward
    ],
)
def test_nine_and_five_stay_nine_and_five_over_a_clock_change(on: str, five: str, nine: str) -> None:
    assert DAYS.at(day(on), CLOSE) == datetime.fromisoformat(five)
    assert DAYS.at(day(on), MORNING) == datetime.fromisoformat(nine)


@pytest.mark.parametrize(
    ("at", "awake"),
    [
        ("2026-11-23 08:00", True),
        ("2026-11-23 07:59", False),
        ("2026-11-23 18:00", False),
        ("2026-11-28 10:00", False),
        ("2026-12-25 10:00", False),
    ],
)
def test_nobody_is_woken_in_the_evening_the_weekend_or_on_a_holiday(at: str, awake: bool) -> None:
    assert DAYS.awake(local(at)) is awake


def test_the_day_of_a_moment_is_the_local_one() -> None:
    assert DAYS.day(datetime.fromisoformat("2026-11-23T23:30+00:00")) == date(2026, 11, 24)
