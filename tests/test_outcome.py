"""What became of a visiting day: new days that are possible, nothing about why, and when people are asked."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import free_days
from bot.console import Stage
from programme import outcome
from programme.exchange import Exchange
from programme.nudges import Nudge, of_visit, working_day
from programme.records import Half, Participant, Round, Visit
from programme.text import Refusal
from tests.stage import edition, local, matched, plain, playing, say, to

ID = edition().id
FREE = free_days(2026)
PERIOD = edition().period("visits")
DAYS = st.dates(PERIOD.first, PERIOD.last)


def half(day: date) -> Half:
    return Half(day=day, start=time(9), end=time(17))


def visit(guest: str, host: str, *days: date, version: int = 1) -> Visit:
    halves = tuple(half(day) for day in days)
    return Visit(
        id=f"{ID}/{guest}", edition=ID, guest=guest, host=host, number=2, level=0, agreed=halves, version=version
    )


def exchange(visits: Sequence[Visit], now: str = "2026-10-14 07:15") -> Exchange:
    parts = {
        p: Participant(id=f"{ID}/{p}", edition=ID, person=p, state="in", since=local("2026-06-01 09:00"))
        for p in ("anna", "bram", "carla")
    }
    round_ = Round(id=ID, published=local("2026-09-07 10:10"))
    return Exchange(edition(), round_, parts, {}, {it.guest: it for it in visits}, local(now))


@given(DAYS, DAYS, DAYS)
def test_three_new_days_are_working_days_on_which_both_are_free(now: date, agreed: date, other: date) -> None:
    mine, theirs = visit("anna", "bram", agreed), visit("carla", "anna", other)
    it = exchange([mine, theirs], f"{now.isoformat()} 07:15")
    days = outcome.new_days(it, mine, FREE, agreed)
    assert days == sorted(set(days))
    assert len(days) <= 3
    for day in days:
        assert now < day <= PERIOD.last
        assert day.isoweekday() <= 5
        assert day not in FREE | {agreed, other}


def test_new_days_are_of_the_same_day_of_the_week_as_long_as_there_are_some() -> None:
    mine = visit("anna", "bram", date(2026, 10, 14))
    assert outcome.new_days(exchange([mine]), mine, FREE, date(2026, 10, 14)) == [
        date(2026, 10, 21),
        date(2026, 10, 28),
        date(2026, 11, 4),
    ]


def test_on_the_last_day_there_is_no_other_day() -> None:
    mine = visit("anna", "bram", PERIOD.last)
    assert outcome.new_days(exchange([mine], f"{PERIOD.last.isoformat()} 07:15"), mine, FREE, PERIOD.last) == []


def test_calling_off_keeps_who_and_never_why() -> None:
    mine = visit("anna", "bram", date(2026, 10, 14))
    after = outcome.cancelled(exchange([mine]), mine, "bram")
    assert after.end is not None
    assert after.end.model_dump(exclude={"on"}) == {"version": 2, "how": "cancelled by host"}
    assert after.agreed == ()


def test_a_new_day_makes_what_became_of_the_old_one_past() -> None:
    mine = visit("anna", "bram", date(2026, 10, 14))
    missed = outcome.missed(exchange([mine]), mine)
    assert missed.missed
    again = missed.model_copy(update={"agreed": (half(date(2026, 10, 21)),), "version": missed.version + 1})
    assert not again.missed
    assert again.ended is None


@pytest.mark.parametrize("figure", [-1, 0, 6, 10])
def test_only_figures_from_one_to_five_are_kept(figure: int) -> None:
    done = outcome.done(exchange([]), visit("anna", "bram", date(2026, 10, 14)))
    with pytest.raises(Refusal):
        outcome.figured(done, "anna", figure)


def test_both_sides_keep_a_figure_of_their_own() -> None:
    done = outcome.done(exchange([]), visit("anna", "bram", date(2026, 10, 14)))
    assert outcome.figured(outcome.figured(done, "anna", 5), "bram", 2).figures == {"guest": 5, "host": 2}


# ── when people are asked ────────────────────────────────────────────────────────────────────────────────────────────────────


def nudges(it: Visit) -> dict[str, Nudge]:
    return {nudge.key.split("/")[1]: nudge for nudge in of_visit(edition(), it, FREE)}


def test_two_half_days_are_asked_about_after_the_second() -> None:
    both = nudges(visit("anna", "bram", date(2026, 10, 13), date(2026, 11, 2)))
    assert both["took-place"].at == local("2026-11-03 09:00")
    assert both["day-before"].at == local("2026-10-12 09:00")


def test_after_a_friday_people_are_asked_on_monday_and_then_on_wednesday() -> None:
    rings = nudges(visit("anna", "bram", date(2026, 10, 23)))
    assert rings["took-place"].at == local("2026-10-26 09:00")
    assert rings["took-place-again"].at == local("2026-10-28 09:00")
    assert rings["took-place-desk"].at == local("2026-10-30 09:00")


@given(DAYS, st.integers(0, 12))
def test_working_days_are_counted_without_weekends_and_free_days(day: date, count: int) -> None:
    found = working_day(day, count, FREE)
    between = (day + timedelta(days=n) for n in range(1, (found - day).days + 1))
    assert sum(it.isoweekday() <= 5 and it not in FREE for it in between) == count


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def agreed(stage: Stage, day: str) -> None:
    await matched(stage)
    await stage.speak("anna", f"!stagedag gast {day}")
    host = stage.house.store[Visit][f"{ID}/anna"].host
    await stage.speak(host, "ja")
    await stage.speak("anna", "!geheimhouding gast ja")


async def test_being_ill_is_nowhere_on_disk(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await agreed(stage, "14-10-2026")
        await stage.travel(local("2026-10-14 07:15"))
        assert "reden" in plain(await say(stage, "anna", "ik ben ziek"))
        said = plain(await say(stage, "anna", "ja"), to(stage.house.store[Visit][f"{ID}/anna"].host))
        await stage.house.settle()
        assert "gaat niet door" in said
        assert "ziek" not in said
        assert b"cancelled by guest" in on_disk(tmp_path)
        assert b"ziek" not in on_disk(tmp_path)


async def test_who_has_said_that_it_took_place_is_not_asked_again(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await agreed(stage, "14-10-2026")
        await stage.travel(local("2026-10-15 10:00"))
        await stage.press("anna", "Ja, geweest")
        stage.console.fetch()
        await stage.travel(local("2026-10-25 10:00"))
        assert "geweest" not in plain(stage.console.fetch())


async def test_the_coordinator_hears_of_a_missed_day_only_when_nothing_was_proposed(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await agreed(stage, "14-10-2026")
        host = stage.house.store[Visit][f"{ID}/anna"].host
        await stage.travel(local("2026-10-14 10:00"))
        await stage.speak(host, "!gast niet gekomen")
        await stage.press("anna", "woensdag 21 oktober 2026")
        stage.console.fetch()
        await stage.travel(local("2026-10-19 10:00"))
        assert "werkdagen" not in plain(stage.console.fetch())
