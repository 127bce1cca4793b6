"""Time as it really goes: clocks that change by night or are set, days of downtime, and very much at once."""

import asyncio
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.answer import Say
from bot.clock import Alarm, free_days
from bot.console import Stage
from bot.context import Context, Event
from bot.flood import Flood
from bot.reminding import SLICE, Occasion
from bot.transcript import ZONE
from programme import nudges, rooms
from programme.edition import Edition, Meeting, Window
from programme.nudges import awake
from programme.people import Person
from programme.records import Round
from programme.reminder import Reminder
from programme.text import Both
from storage.letters import Letter, Rung
from storage.unit import Unit
from tests.simulation import Wall
from tests.stage import edition, heard, local, plain, playing, to

ID, DESK = edition().id, rooms.desk(edition().id)
TWO = "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor"
AUTUMN, SPRING = date(2026, 10, 25), date(2027, 3, 28)
"""The nights in which 03:00 becomes 02:00, and 02:00 becomes 03:00."""


def with_meeting(day: date, start: time, minutes: int) -> Edition:
    """A meeting with one reminder, so many minutes before it, and nothing else that rings."""
    name = Both(nl="Nacht", en="Night")
    meeting = Meeting(key="night", name=name, day=day, start=start, end=time(23, 59))
    text = Both(nl="Zo begint het.", en="It begins soon.")
    soon = Reminder(key="soon", anchor="meeting.night", minutes=minutes, to="everyone", text=text)
    return edition().model_copy(update={"meetings": (meeting,), "network": (), "reminders": (soon,)})


async def ring(stage: Stage, at: datetime) -> list[str]:
    """Set the clock, let ring what is due; who heard something that wakes."""
    stage.console.fetch()
    stage.clock.set(at)
    stage.house.ring()
    await stage.house.settle()
    return sorted(post.room for post in stage.console.fetch() if post.wake)


# ── the nights in which clocks change ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("day", [AUTUMN, SPRING])
async def test_a_reminder_so_many_minutes_before_rings_once_and_in_time_in_the_night_of_the_change(
    tmp_path: Path, day: date
) -> None:
    """Thirty-five minutes before 03:05: half past two comes twice in autumn, and not at all in spring."""
    begins = datetime.combine(day, time(3, 5), ZONE).timestamp()
    night = with_meeting(day, time(3, 5), 35)
    async with playing(tmp_path, f"{day} 00:30", TWO, editions=[night]) as stage:
        rang: Counter[float] = Counter()
        for minute in range(0, 300, 5):
            at = local(f"{day} 00:30").timestamp() + 60 * minute
            for _room in await ring(stage, datetime.fromtimestamp(at, ZONE)):
                rang[begins - at] += 1
    assert rang == {35 * 60: 2}


@pytest.mark.parametrize(("day", "hours"), [(AUTUMN, 25), (SPRING, 23)])
def test_a_window_through_that_day_lasts_until_its_midnight(day: date, hours: int) -> None:
    window = Window(opens=day, closes=day)
    assert window.ends(ZONE).timestamp() - window.begins(ZONE).timestamp() == hours * 3600
    assert window.ends(ZONE) == datetime.combine(day + timedelta(days=1), time(0), ZONE)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [(AUTUMN, date(2026, 10, 23), date(2026, 10, 26)), (SPRING, date(2027, 3, 25), date(2027, 3, 30))],
)
def test_quiet_hours_hold_in_the_night_of_the_change(day: date, before: date, after: date) -> None:
    """In 2027 that night is the one to Easter Sunday, between Good Friday and Easter Monday."""
    free = free_days(day.year)
    wished = datetime.combine(day, time(2, 30), ZONE)
    earlier, later = (awake(wished, free, back=back).replace(tzinfo=None) for back in (True, False))
    assert (earlier, later) == (datetime.combine(before, time(8)), datetime.combine(after, time(8)))


# ── a clock that is set ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_clock_set_back_by_hours_rings_nothing_twice_and_goes_on(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-16 10:00", TWO) as stage:
        assert await ring(stage, local("2026-08-17 09:30")) == [to("anna"), to("bram")]
        assert await ring(stage, local("2026-08-17 06:30")) == []
        await stage.restart()
        assert await ring(stage, local("2026-08-17 09:30")) == []
        assert await ring(stage, local("2026-08-28 09:00")) == [to("anna"), to("bram")]


def test_a_clock_set_back_silences_nobody() -> None:
    seconds = 0.0
    flood, now = Flood(ticks=lambda: seconds), local("2026-08-17 12:00")
    for _ in range(60):
        flood.look("anna", now, now)
    assert flood.look("anna", now, now) == "tell"
    earlier = now - timedelta(hours=5)
    assert flood.look("anna", earlier, earlier) == "ignore"
    seconds = 9.0
    assert flood.look("anna", earlier + timedelta(seconds=9), earlier + timedelta(seconds=9)) is None


@pytest.mark.parametrize("hours", [-7, 7])
async def test_the_sweep_goes_on_and_notices_when_the_clock_is_set(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    monkeypatch.setattr("bot.clock.SWEEP_SECONDS", 0.01)
    wall, rang, jumped = Wall(local("2026-08-17 12:00")), Beats(), Beats()
    alarm = Alarm(wall, rang, jumped)
    alarm.start()
    try:
        await rang.more()
        assert jumped.count == 0
        wall.jump(timedelta(hours=hours))
        await jumped.more()
        await rang.more()
        await rang.more()
        assert jumped.count == 1
    finally:
        alarm.stop()


async def test_the_alarm_rings_by_the_clock_of_the_house() -> None:
    wall, rang = Wall(local("2026-08-17 12:00")), Beats()
    alarm = Alarm(wall, rang, lambda: None)
    alarm.start()
    try:
        alarm.set(wall.now() + timedelta(milliseconds=20))
        await rang.more()
    finally:
        alarm.stop()


class Beats:
    """Counts how often it was called, and can be waited for."""

    def __init__(self) -> None:
        self.count = 0
        self._beat = asyncio.Event()

    def __call__(self) -> None:
        self.count += 1
        self._beat.set()

    async def more(self) -> None:
        self._beat.clear()
        async with asyncio.timeout(10):
            await self._beat.wait()


# ── downtime ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_after_three_days_down_what_is_useful_is_said_once_and_the_rest_is_told_at_the_desk(
    tmp_path: Path,
) -> None:
    """Down from before the opening, through a meeting: it is still of use that preferences are open, and the meeting is over."""
    night = with_meeting(date(2026, 8, 18), time(10), 10)
    opened = next(it for it in edition().reminders if it.key == "preferences-open")
    both = night.model_copy(update={"reminders": (*night.reminders, opened)})
    async with playing(tmp_path, "2026-08-16 10:00", TWO, editions=[both]) as stage:
        await ring(stage, local("2026-08-16 10:00"))
        await stage.house.stop()
        stage.clock.set(local("2026-08-19 11:00"))
        await stage.restart()
        said = stage.console.fetch()
        assert sorted(post.room for post in said if post.wake) == [to("anna"), to("bram")]
        assert "soon" in plain(said, DESK)
        await stage.restart()
        assert stage.console.fetch() == []


# ── very much at once ────────────────────────────────────────────────────────────────────────────────────────────────────────


def crowd(people: int) -> str:
    return ", ".join([*(f"p{number:03} (AFM, rijk)" for number in range(people)), "coordinator: cor"])


class Units:
    """All units that the house keeps from now on."""

    def __init__(self, stage: Stage) -> None:
        self.kept: list[Unit] = []
        self._begun = asyncio.Event()
        self._commit = stage.house.ledger.commit
        vars(stage.house.ledger)["commit"] = self._note

    def _note(self, unit: Unit) -> "asyncio.Future[None]":
        self.kept.append(unit)
        self._begun.set()
        return self._commit(unit)

    async def first(self) -> Unit:
        async with asyncio.timeout(10):
            await self._begun.wait()
        return self.kept[0]


def written(unit: Unit, kind: type[Letter | Rung | Person]) -> list[str]:
    """Ids of the records of this kind that a unit keeps."""
    return [key for _table, key, value in unit if isinstance(value, kind)]


async def test_a_large_occasion_is_told_in_slices_and_who_speaks_is_answered_in_between(tmp_path: Path) -> None:
    people = 3 * SLICE - 10
    async with playing(tmp_path, "2026-08-16 10:00", crowd(people)) as stage:
        await ring(stage, local("2026-08-17 08:59"))
        units = Units(stage)
        stage.clock.set(local("2026-08-17 09:00"))
        stage.house.ring()
        await units.first()
        await stage.house.hear(heard(stage, "p000", "!taal en", id_="$between"))
        await stage.house.settle()
        told = [len(written(unit, Letter)) for unit in units.kept]
        spoke = next(place for place, unit in enumerate(units.kept) if written(unit, Person))
        reminded = Counter(post.room for post in stage.console.fetch() if post.wake)
    assert max(told) == SLICE
    assert sorted(told, reverse=True)[:3] == [SLICE, SLICE, SLICE - 10]
    assert 0 < spoke < [place for place, number in enumerate(told) if number > 1][-1]
    assert len(reminded) == people
    assert set(reminded.values()) == {1}


async def test_a_large_occasion_that_a_crash_cuts_off_is_told_to_the_others_and_to_nobody_twice(tmp_path: Path) -> None:
    people = 3 * SLICE
    async with playing(tmp_path, "2026-08-16 10:00", crowd(people)) as stage:
        await ring(stage, local("2026-08-17 08:59"))
        units = Units(stage)
        stage.clock.set(local("2026-08-17 09:00"))
        stage.house.ring()
        assert not written(await units.first(), Rung)
        await stage.restart()
        reminded = Counter(post.room for post in stage.console.fetch() if post.wake)
        assert [it.said for it in stage.house.store[Rung].values() if "preferences-open" in it.id] == [True]
    assert len(reminded) == people
    assert set(reminded.values()) == {1}


async def test_a_bug_in_a_later_slice_leaves_what_was_told_before_it_as_it_is(tmp_path: Path) -> None:
    """The desk is told in the first slice; the slice with the last person fails, and that reminder alone is given up."""
    night = with_meeting(date(2026, 8, 17), time(10), 60)
    (soon,) = night.reminders
    desk = soon.model_copy(update={"key": "desk", "to": "desk"})
    both = night.model_copy(update={"reminders": (desk, soon)})
    async with playing(tmp_path, "2026-08-17 09:01", crowd(SLICE), editions=[both]) as stage:
        due = [it for it in nudges.of_edition(both, Round(id=ID), frozenset()) if it.reminder is not None]
        occasion = Occasion(ID, due, dict)

        def failing(ctx: Context) -> list[Say]:
            raise ZeroDivisionError(len(occasion.tell(ctx)))

        for handle in (occasion.tell, failing):
            event = Event(id=occasion.next_id, person="", room="", place=None, at=stage.clock.now())
            await stage.house.router.run(event, handle, undone=occasion.give_up)
        assert occasion.over
        rung = stage.house.store[Rung]
        assert [rung[it.key].said for it in due] == [True, False]
