"""Time: when something rings, for whom, and what becomes of it when the bot was away."""

import re
from datetime import UTC, date, time, timedelta
from pathlib import Path

import pytest

from bot.clock import free_days
from bot.console import Stage
from bot.transcript import ZONE
from programme import rooms
from programme.edition import Edition
from programme.nudges import Nudge, awake, of_edition, of_visit, working_day
from programme.records import Half, Participant, Round, Visit
from programme.reminder import Reminder
from programme.text import Both
from programme.workdays import Workdays, works
from storage.letters import Rung
from tests.stage import edition, local, matched, plain, playing, to

ID = edition().id
THREE = "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), coordinator: cor"
COHORT, DESK = rooms.cohort(ID), rooms.desk(ID)
FREE_2026 = free_days(2026)

# ── quiet hours, weekends, holidays ──────────────────────────────────────────────────────────────────────────────────────────

FORWARD = [
    ("2026-08-17 09:00", "2026-08-17 09:00"),
    ("2026-08-17 08:00", "2026-08-17 08:00"),
    ("2026-08-17 07:59", "2026-08-17 08:00"),
    ("2026-08-17 00:00", "2026-08-17 08:00"),
    ("2026-08-17 17:59", "2026-08-17 17:59"),
    ("2026-08-17 18:00", "2026-08-18 08:00"),
    ("2026-08-21 18:00", "2026-08-24 08:00"),
    ("2026-08-22 09:00", "2026-08-24 09:00"),
    ("2026-08-23 23:00", "2026-08-24 08:00"),
    ("2026-05-14 09:00", "2026-05-15 09:00"),
    ("2026-05-25 09:00", "2026-05-26 09:00"),
    ("2026-04-03 18:00", "2026-04-07 08:00"),
    ("2026-12-25 09:00", "2026-12-28 09:00"),
]
BACK = [
    ("2026-08-17 09:00", "2026-08-17 09:00"),
    ("2026-08-22 09:00", "2026-08-21 09:00"),
    ("2026-08-23 09:00", "2026-08-21 09:00"),
    ("2026-08-17 19:00", "2026-08-17 08:00"),
    ("2026-05-25 09:00", "2026-05-22 09:00"),
    ("2026-04-06 09:00", "2026-04-02 09:00"),
]


@pytest.mark.parametrize(("wished", "rings"), FORWARD)
def test_what_comes_after_waits_for_office_hours_of_a_working_day(wished: str, rings: str) -> None:
    assert awake(local(wished), FREE_2026, back=False) == local(rings)


@pytest.mark.parametrize(("wished", "rings"), BACK)
def test_what_comes_before_goes_back_to_a_working_day(wished: str, rings: str) -> None:
    assert awake(local(wished), FREE_2026, back=True) == local(rings)


def test_a_moment_that_is_moved_is_never_in_the_night_or_on_a_free_day() -> None:
    began = local("2026-01-01 00:30")
    for hours in range(0, 366 * 24, 7):
        moment = awake((began + timedelta(hours=hours)).replace(tzinfo=ZONE), FREE_2026 | free_days(2027), back=False)
        assert time(8) <= moment.time() < time(18)
        assert moment.isoweekday() <= 5
        assert moment.date() not in FREE_2026


# ── which nudges there are ───────────────────────────────────────────────────────────────────────────────────────────────────


def fixed() -> dict[str, Nudge]:
    return {nudge.key.split("/")[1]: nudge for nudge in of_edition(edition(), Round(id=ID), FREE_2026)}


RINGS = [
    ("signup-two-weeks", "2026-06-26 09:00"),
    ("signup-last-day", "2026-07-10 09:00"),
    ("lottery", "2026-08-14 16:00"),
    ("preferences-open", "2026-08-17 09:00"),
    ("preferences-missing-last-day", "2026-09-04 09:00"),
    ("call-list", "2026-09-07 09:00"),
    ("start-meeting", "2026-09-28 09:00"),
    ("no-day-second", "2026-10-26 09:00"),
]


@pytest.mark.parametrize(("key", "moment"), RINGS)
def test_what_the_edition_brings_rings_in_office_hours_on_its_clock(key: str, moment: str) -> None:
    assert fixed()[key].at == local(moment)


def moved_by(days: int) -> Edition:
    """The edition with all its days so much later."""
    later = timedelta(days=days)
    it = edition()
    windows = {
        name: w.model_copy(update={"opens": w.opens + later, "closes": w.closes + later})
        for name, w in it.windows.items()
    }
    meetings = tuple(m.model_copy(update={"day": m.day + later}) for m in it.meetings)
    return it.model_copy(update={"windows": windows, "meetings": meetings, "publish": it.publish + later})


@pytest.mark.parametrize("days", range(7))
def test_what_comes_before_a_day_is_in_time_on_whatever_day_of_the_week_that_falls(days: int) -> None:
    found = list(of_edition(moved_by(days), Round(id=ID), FREE_2026))
    assert [nudge.key for nudge in found if nudge.at >= nudge.until] == []
    assert all(nudge.at == awake(nudge.at, FREE_2026, back=False) for nudge in found if not nudge.urgent)


def test_a_window_that_was_closed_by_hand_has_no_last_day_to_come_and_what_follows_it_follows_at_once() -> None:
    closed = local("2026-08-27 15:00")
    found = list(of_edition(edition().closed("preferences", closed), Round(id=ID), FREE_2026))
    about = {n.reminder.key: n.at for n in found if n.reminder and n.reminder.anchor == "preferences.closes"}
    assert about == {"call-list": local("2026-08-28 09:00")}


@pytest.mark.parametrize("count", [-5, -1, 0, 1, 5])
@pytest.mark.parametrize("day", [date(2026, 5, 12) + timedelta(days=n) for n in range(14)])
def test_working_days_lie_as_far_before_a_day_as_after_it(day: date, count: int) -> None:
    there = working_day(day, count, FREE_2026)
    first, last = (there, day - timedelta(days=1)) if count < 0 else (day + timedelta(days=1), there)
    assert Workdays(ZONE, FREE_2026).count(first, last) == abs(count)
    assert count == 0 or works(there, FREE_2026)


def visit(day: str, *, version: int = 1, start: time = time(9)) -> Visit:
    half = Half(day=date.fromisoformat(day), start=start, end=time(17))
    return Visit(
        id=f"{ID}/anna", edition=ID, guest="anna", host="bram", number=2, level=0, agreed=(half,), version=version
    )


def around(agreed: Visit) -> dict[str, Nudge]:
    """The nudges around a visit, by reminder."""
    return {nudge.key.split("/")[1]: nudge for nudge in of_visit(edition(), agreed, FREE_2026)}


@pytest.mark.parametrize(
    ("day", "moment", "utc_hour"),
    [
        ("2026-10-23", "2026-10-22 09:00", 7),
        ("2026-10-26", "2026-10-23 09:00", 7),
        ("2026-10-27", "2026-10-26 09:00", 8),
        ("2026-11-02", "2026-10-30 09:00", 8),
    ],
)
def test_nine_o_clock_stays_nine_o_clock_over_the_clock_change(day: str, moment: str, utc_hour: int) -> None:
    nudge = around(visit(day))["day-before"]
    assert nudge.at == local(moment)
    assert nudge.at.astimezone(UTC).hour == utc_hour


def test_a_reminder_before_a_visit_is_of_no_use_once_the_visit_begins() -> None:
    nudge = around(visit("2026-10-14"))["day-before"]
    assert nudge.until == local("2026-10-14 09:00")


def test_a_visit_that_moved_is_another_nudge() -> None:
    first, second = around(visit("2026-10-14")), around(visit("2026-10-15", version=2))
    assert not {nudge.key for nudge in first.values()} & {nudge.key for nudge in second.values()}


def test_a_visit_without_a_day_has_no_nudge() -> None:
    undated = visit("2026-10-14").model_copy(update={"agreed": ()})
    assert list(of_visit(edition(), undated, FREE_2026)) == []


def test_the_lottery_is_drawn_once() -> None:
    drawn = Round(id=ID, secret="geheim")
    assert "lottery" not in {nudge.act for nudge in of_edition(edition(), drawn, FREE_2026)}


# ── in the house ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def rung(stage: Stage, rule: str) -> list[Rung]:
    return [it for it in stage.house.store[Rung].values() if it.id.startswith(f"{ID}/{rule}/")]


async def test_nobody_is_reminded_of_what_is_done(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", THREE) as stage:
        await stage.speak("anna", "!voorkeur 2 3")
        stage.console.fetch()
        await stage.travel(local("2026-08-28 09:00"))
        assert {post.room for post in stage.console.fetch()} == {to("bram"), to("carla")}
        await stage.speak("bram", "!voorkeur 1 3")
        stage.console.fetch()
        await stage.travel(local("2026-09-04 09:00"))
        assert {post.room for post in stage.console.fetch()} == {to("carla")}


async def test_who_has_agreed_a_day_is_not_asked_for_one(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor") as stage:
        await matched(stage)
        for asker, side, day in (("anna", "gast", "14-10-2026"), ("anna", "gastgever", "15-10-2026")):
            await stage.speak(asker, f"!stagedag {side} {day}")
            await stage.speak("bram", "ja")
        await stage.travel(local("2026-10-09 10:00"))
        stage.console.fetch()
        await stage.travel(local("2026-10-12 10:00"))
        assert "nog geen stagedag" not in plain(stage.console.fetch())


async def test_the_desk_hears_of_no_reminder_that_closing_by_hand_made_needless(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", THREE) as stage:
        await stage.speak("cor", "!programma sluit voorkeuren", DESK)
        await stage.speak("cor", "ja")
        stage.console.fetch()
        await stage.travel(local("2026-09-10 10:00"))
        heard = stage.console.fetch()
        assert {post.room for post in heard} == {DESK}
        assert "niet verstuurd" not in plain(heard)
        assert "bellijst" in plain(heard)


async def test_who_has_left_is_not_reminded(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", THREE) as stage:
        await matched(stage)
        for typed in ("!terugtrekken", "ja"):
            await stage.speak("bram", typed)
        stage.console.fetch()
        await stage.travel(local("2026-10-12 10:00"))
        assert to("bram") not in {post.room for post in stage.console.fetch()}


async def test_the_same_reminder_is_not_said_twice_in_one_message(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor") as stage:
        await matched(stage)
        await stage.travel(local("2026-10-11 10:00"))
        stage.console.fetch()
        await stage.travel(local("2026-10-12 10:00"))
        rows = plain(stage.console.fetch(), to("anna")).splitlines()
        assert len(rows) == len(set(rows))


async def test_the_day_that_a_reminder_gives_as_an_example_can_be_proposed(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor") as stage:
        await matched(stage)
        await stage.travel(local("2026-11-08 10:00"))
        stage.console.fetch()
        await stage.travel(local("2026-11-09 10:00"))
        (line,) = set(re.findall(r"`!(stagedag) (\S+)`", plain(stage.console.fetch(), to("anna"))))
        await stage.speak("anna", f"!stagedag gast {line[1]}")
        assert stage.house.store[Visit][f"{ID}/anna"].suggestion is not None


async def test_a_reminder_that_is_late_but_useful_is_said_once(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-15 10:00", THREE) as stage:
        stage.clock.set(local("2026-08-20 11:00"))
        stage.house.ring()
        await stage.house.settle()
        assert len([post for post in stage.console.fetch() if post.room == to("anna")]) == 1
        await stage.restart()
        stage.house.ring()
        await stage.house.settle()
        assert stage.console.fetch() == []


async def test_what_came_too_late_is_told_at_the_desk_and_to_nobody_else(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", THREE) as stage:
        await stage.travel(stage.clock.now())
        stage.console.fetch()
        stage.clock.set(local("2026-09-05 10:00"))
        stage.house.ring()
        await stage.house.settle()
        said = stage.console.fetch()
        assert {post.room for post in said} == {DESK}
        assert "preferences-missing-last-day" in plain(said)
        assert all(not it.said for it in rung(stage, "preferences-missing-last-day"))


async def test_three_days_down_leaves_one_message_a_person(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", THREE) as stage:
        await matched(stage)
        await stage.speak("anna", "!stagedag gast 14-10-2026")
        stage.console.fetch()
        await stage.speak(_host(stage, "anna"), "ja")
        await stage.travel(local("2026-10-09 17:00"))
        stage.console.fetch()
        stage.clock.set(local("2026-10-13 08:30"))
        stage.house.ring()
        await stage.house.settle()
        said = [post for post in stage.console.fetch() if rooms.person_of(post.room)]
        assert len(said) == len({post.room for post in said}) > 0


def _host(stage: Stage, guest: str) -> str:
    return stage.house.store[Visit][f"{ID}/{guest}"].host


async def test_a_second_reminder_of_a_day_waits_for_the_next_working_day(tmp_path: Path) -> None:
    text = Both(nl="Tweede bericht over {edition}.", en="Second message about {edition}.")
    later = Reminder(key="second", on=date(2026, 8, 28), at=time(15), to="undecided", text=text, useful_days=9)
    both = edition().model_copy(update={"reminders": (*edition().reminders, later)})
    async with playing(tmp_path, "2026-08-18 10:00", THREE, editions=[both]) as stage:
        await stage.travel(local("2026-08-28 16:00"))
        assert "Tweede" not in plain(stage.console.fetch())
        await stage.speak("bram", "!voorkeur 1 3")
        stage.console.fetch()
        await stage.travel(local("2026-08-31 09:00"))
        said = stage.console.fetch()
        assert {post.room for post in said} == {to("anna"), to("carla")}
        assert "Tweede" in plain(said)


async def test_a_reminder_for_a_room_is_said_in_the_room(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-06-01 10:00", THREE) as stage:
        await stage.travel(local("2026-06-26 09:00"))
        assert {post.room for post in stage.console.fetch()} == {COHORT}


async def test_every_reminder_wakes_and_answers_do_not(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-16 10:00", THREE) as stage:
        await stage.travel(local("2026-08-17 09:00"))
        said = [post for post in stage.console.fetch() if rooms.person_of(post.room)]
        assert all(post.wake for post in said)
        await stage.speak("anna", "!plekken")
        assert not any(post.wake for post in stage.console.fetch())


async def test_a_clock_that_is_set_back_repeats_nothing(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-16 10:00", THREE) as stage:
        await stage.travel(local("2026-08-17 09:30"))
        stage.console.fetch()
        stage.clock.set(local("2026-08-17 08:30"))
        await stage.restart()
        await stage.travel(local("2026-08-17 10:00"))
        assert stage.console.fetch() == []


async def test_an_edition_that_begins_late_does_not_catch_up_on_what_was_before(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-02 10:00", THREE) as stage:
        await stage.travel(stage.clock.now())
        assert not [post for post in stage.console.fetch() if rooms.person_of(post.room)]


async def test_the_reminders_of_a_form_stop_when_it_is_complete(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-06 10:00", "zoe, coordinator: cor") as stage:
        for typed in ("!aanmelden", "ja", "Zeist", "gemeente", "Zeist", "1", "Een dag", "-", "1"):
            await stage.speak("zoe", typed)
        stage.console.fetch()
        await stage.travel(local("2026-07-07 09:00"))
        assert {post.room for post in stage.console.fetch()} == {to("zoe")}
        await stage.speak("zoe", "x@example.nl")
        assert stage.house.store[Participant][f"{ID}/zoe"].takes_part
        stage.console.fetch()
        await stage.travel(local("2026-07-10 10:00"))
        assert stage.console.fetch() == []


async def test_a_window_that_moved_moves_its_reminders(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", THREE) as stage:
        await stage.speak("cor", "!programma wijzig voorkeuren t/m 11-09-2026")
        await stage.speak("cor", "ja")
        await stage.travel(local("2026-09-03 17:00"))
        stage.console.fetch()
        await stage.travel(local("2026-09-04 17:00"))
        first = plain(stage.console.fetch(), to("anna"))
        await stage.travel(local("2026-09-11 09:00"))
        assert "4 september" not in first
        assert to("anna") in {post.room for post in stage.console.fetch()}
