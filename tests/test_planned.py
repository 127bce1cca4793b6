"""The minutes before a planned session: the room looked at, the roll called, and who takes part then."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.console import Stage
from programme.intervision.planned import Planned, due, leads_next, nudges, planned, too_few
from programme.intervision.session import Session
from programme.records import Group
from programme.text import Refusal
from storage.letters import Rung
from tests.stage import edition, local, plain, playing, say, to
from tests.test_live_session import AT, ROOM, SIX, groups, played, session_of

ZONE = edition().zone
GROUP = Group(id="e/1", edition="e", number=1, members=("anna", "bram", "carla"))
NOW = local("2026-10-05 10:00")
PLAN = "#anna: !sessie plan 13-10-2026 15.00-16.30"
ROLL_CALL, BEGINS = "2026-10-13 14:55", "2026-10-13 15:00"


def at(day: str, start: str, end: str) -> Planned:
    return planned(GROUP, date.fromisoformat(day), time.fromisoformat(start), time.fromisoformat(end), NOW, ZONE)


@pytest.mark.parametrize(("day", "start", "end"), [("2026-10-05", "09:00", "10:00"), ("2026-10-13", "15:00", "15:00")])
def test_what_has_passed_or_ends_before_it_begins_cannot_be_planned(day: str, start: str, end: str) -> None:
    with pytest.raises(Refusal):
        at(day, start, end)


def test_the_three_moments_keep_their_distance_over_the_clock_change() -> None:
    for day in ("2026-10-24", "2026-10-25"):  # in the night before the second one the clock goes back
        it = at(day, "09:30", "11:00")
        begins = it.span(ZONE)[0]
        assert {n.act: n.at - begins for n in nudges(it, ZONE)} == {
            "planned_check": timedelta(minutes=-15),
            "roll_call": timedelta(minutes=-5),
            "roll_counted": timedelta(minutes=10),
        }


def test_a_nudge_is_about_the_session_as_it_is_planned_now() -> None:
    it, other = at("2026-10-13", "15:00", "16:30"), at("2026-10-14", "15:00", "16:30")
    keys = [n.key for n in nudges(it, ZONE)]
    begins = it.span(ZONE)[0]
    early, late = begins - timedelta(minutes=15), begins + timedelta(minutes=10)
    assert [due([other, it], key, early, ZONE) for key in keys] == [it] * 3
    assert [due([other], key, early, ZONE) for key in keys] == [None] * 3
    assert [due([it], key, late, ZONE) for key in keys] == [None, None, it]


def test_who_led_longest_ago_leads_next_and_who_never_did_goes_before() -> None:
    assert leads_next(GROUP.model_copy(update={"facilitators": ("anna", "carla")})) == "bram"
    assert leads_next(GROUP.model_copy(update={"facilitators": ("anna", "carla", "bram", "anna")})) == "carla"
    assert leads_next(GROUP.model_copy(update={"members": ()})) is None
    assert leads_next(GROUP) in GROUP.members
    assert leads_next(GROUP) == leads_next(GROUP)


def test_too_few_are_offered_another_method_and_another_day() -> None:
    assert "troika" in str(too_few(2))
    assert "date_poll" in str(too_few(2))


# through the house


async def planned_stage(stage: Stage, to_: str) -> str:
    """Plan a session and go to this moment; what the room heard on the way."""
    await played(stage, PLAN)
    stage.console.fetch()
    await stage.travel(local(to_))
    return plain(stage.console.fetch(), ROOM)


async def test_the_roll_is_called_once_also_when_the_bot_was_away_for_a_moment(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, PLAN)
        await stage.end()
        stage.clock.set(local(ROLL_CALL) + timedelta(minutes=2))
        await stage.resume()
        assert plain(stage.console.fetch(), ROOM).count("Ben je er?") == 1
        await stage.restart()
        assert plain(stage.console.fetch(), ROOM) == ""


async def test_after_the_beginning_nobody_calls_the_roll_any_more(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, PLAN)
        await stage.end()
        stage.clock.set(local(BEGINS))
        await stage.resume()
        assert plain(stage.console.fetch(), ROOM) == ""


async def test_what_is_wrong_with_the_room_is_for_who_is_to_lead_alone(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, PLAN)
        stage.change(ROOM, "bridged")
        stage.console.fetch()
        await stage.travel(local("2026-10-13 14:45"))
        said = stage.console.fetch()
        leads = leads_next(stage.house.store[Group][groups()[0].id]) or ""
        assert {post.room for post in said} == {to(leads)}
        assert "Een andere bot of een koppeling" in plain(said)


async def test_a_session_begins_with_those_who_said_to_be_there(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await planned_stage(stage, ROLL_CALL)
        await played(stage, "#bram: !ik ben er", "#carla: !ik ben er", "#anna: !start intervisie incident 60 nu")
        assert session_of(stage).members == ("anna", "bram", "carla")
        assert not stage.house.store[Planned].values()
        await played(stage, "#dirk: hier ben ik")
        assert session_of(stage).members == ("anna", "bram", "carla", "dirk")


async def test_where_nobody_answered_everybody_in_the_room_takes_part(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await planned_stage(stage, ROLL_CALL)
        await played(stage, "#anna: !start intervisie incident 60")
        assert session_of(stage).members == ("anna", "bram", "carla", "dirk")


async def test_with_two_of_them_there_nothing_begins_and_the_plan_stays(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await planned_stage(stage, ROLL_CALL)
        said = await played(stage, "#bram: !ik ben er", "#anna: !start intervisie incident 60")
        assert "troika" in plain(said, to("anna"))
        assert not stage.house.store[Session].values()
        assert len(stage.house.store[Planned].values()) == 1


async def test_a_session_that_goes_on_already_is_not_called_for(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, PLAN, "#anna: !start intervisie incident 60 nu", PLAN)
        stage.console.fetch()
        await stage.travel(local("2026-10-13 14:15"))
        stage.console.fetch()
        await stage.travel(local(BEGINS))
        assert "Ben je er?" not in plain(stage.console.fetch())
        assert [rung for rung in stage.house.store[Rung].values() if "/roll_call/" in rung.id]


@pytest.mark.parametrize(("moment", "asked"), [("2026-10-13 14:44", True), ("2026-10-13 14:45", False)])
@pytest.mark.parametrize("how", ["incident 60", "langzaam bram"])
async def test_long_before_its_time_a_session_begins_only_when_that_is_meant(
    moment: str, asked: bool, how: str, tmp_path: Path
) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, PLAN)
        await stage.travel(local(moment))
        said = plain(await say(stage, "anna", f"!start intervisie {how}", ROOM), ROOM)
        assert ("De sessie van deze groep staat gepland op dinsdag 13 oktober 2026, 15.00-16.30 uur." in said) is asked
        assert bool(stage.house.store[Session]) is not asked
        await played(stage, *(["#anna: !start intervisie nu"] if asked else []))
        assert len(stage.house.store[Session]) == 1
        assert not list(stage.house.store[Planned].values())


async def test_only_somebody_of_the_group_plans_and_answers_in_its_room(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        for line in ("!sessie plan 13-10-2026 15.00-16.30", "!ik ben er"):
            assert "kamer van je groep" in plain(await say(stage, "eva", line, ROOM))
        assert not stage.house.store[Planned].values()
