"""Whatever coordinators change, in whatever order: the edition stays whole, and what it brings in time stays of use."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from programme import meetings
from programme.amending import beginning, groups_until, publishing, reminding
from programme.edition import Edition, WindowName
from programme.exchange import Exchange
from programme.nudges import of_edition
from programme.records import Round
from programme.text import Refusal
from tests.stage import edition, local

Change = Callable[[Exchange], Edition]
WINDOWS: st.SearchStrategy[WindowName] = st.sampled_from(["signup", "preferences", "visits"])
DAYS = st.dates(date(2026, 5, 1), date(2027, 1, 15))
QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
REMINDERS = st.sampled_from(["no-day-first", "no-day-third", "day-before"])
NUMBERS = st.integers(0, 4)


def moved(number: int, day: date, start: time, end: time | None) -> Change:
    def change(it: Exchange) -> Edition:
        found = [*it.edition.meetings, *it.edition.network]
        return meetings.moved(it, found[number % len(found)], day, start, end)[0] if found else it.edition

    return change


def cancelled(number: int) -> Change:
    def change(it: Exchange) -> Edition:
        found = [*it.edition.meetings, *it.edition.network]
        return meetings.cancelled(it.edition, found[number % len(found)]) if found else it.edition

    return change


CHANGES: st.SearchStrategy[Change] = st.one_of(
    WINDOWS.map(lambda name: lambda it: it.edition.opened(name, it.now)),
    WINDOWS.map(lambda name: lambda it: it.edition.closed(name, it.now)),
    st.tuples(WINDOWS, DAYS).map(lambda to: lambda it: it.edition.until(*to, it.now)),
    st.tuples(WINDOWS, DAYS).map(lambda to: lambda it: beginning(it.edition, *to, it.now)),
    DAYS.map(lambda day: lambda it: publishing(it, day)),
    DAYS.map(lambda day: lambda it: groups_until(it.edition, day, it.now)),
    st.tuples(REMINDERS, DAYS).map(lambda to: lambda it: reminding(it.edition, *to, it.now)),
    st.builds(moved, NUMBERS, DAYS, QUARTERS, st.none() | QUARTERS),
    st.builds(cancelled, NUMBERS),
    st.tuples(NUMBERS, DAYS, QUARTERS, QUARTERS).map(lambda to: lambda it: meetings.planned(it, *to)[0]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CHANGES, st.integers(0, 20 * 24)), max_size=12))
def test_whatever_is_changed_the_edition_stays_whole_and_no_reminder_comes_too_late(
    steps: list[tuple[Change, int]],
) -> None:
    it = Exchange(edition(), Round(id=edition().id), {}, {}, {}, local("2026-05-02 10:00"))
    for change, hours in steps:
        it = replace(it, now=it.now + timedelta(hours=hours))
        try:
            it = replace(it, edition=change(it))
        except Refusal:
            continue
        must_be_whole(it.edition)


def must_be_whole(it: Edition) -> None:
    """It can be kept and read back, its windows do not end before they begin, and each reminder is one, in time."""
    assert Edition.model_validate_json(it.model_dump_json()) == it
    assert all(window.begins(it.zone) <= window.ends(it.zone) for window in it.windows.values())
    found = [nudge for nudge in of_edition(it, Round(id=it.id), frozenset()) if nudge.reminder]
    assert len({nudge.key for nudge in found}) == len(found)
    assert [nudge.key for nudge in found if nudge.at >= nudge.until] == []
