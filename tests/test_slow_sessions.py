"""Sessions over days through the whole house: what is kept, restarts, days away, and who comes in."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.chat import Post
from bot.console import Stage
from programme.intervision.session import Session
from programme.intervision.written import SilentWrite
from programme.records import Group
from tests.stage import edition, local, plain, playing, to

FIVE = (
    "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), dirk (DUO, onderwijs), eva (RVO, rijk), "
    "coordinator: cor"
)
AT = "2026-11-23 09:30"
"""A Monday; the year has no holiday before Christmas."""
ID = f"{edition().id}/1"
ROOM = f"group/{ID}"
SECRETS = (
    "mijn voorzitter belde de wethouder",
    "wie wist ervan",
    "alleen de griffier",
    "ik zie een gebrek aan vertrouwen",
    "ik zie vooral haast",
    "ik zet het toch maar hier",
)


def group(*members: str) -> Group:
    return Group(id=ID, edition=edition().id, number=1, members=members or ("anna", "bram", "carla", "dirk"))


def session_of(stage: Stage) -> Session:
    return stage.house.store[Session][f"{ID}/1"]


def phase_of(stage: Stage) -> str:
    session = session_of(stage)
    assert session.slow is not None
    return session.slow.phases[session.phase][0]


async def played(stage: Stage, *lines: str) -> list[Post]:
    """Play lines `person: text`, a minute after each other; `#person: text` is said in the room of the group."""
    stage.console.fetch()
    for line in lines:
        person, _colon, text = line.removeprefix("#").partition(": ")
        await stage.travel(stage.clock.now() + timedelta(minutes=1))
        await stage.speak(person, text, ROOM if line.startswith("#") else "")
    return stage.console.fetch()


async def at(stage: Stage, moment: str) -> list[Post]:
    """Let time pass until this moment; gives what the bot said meanwhile."""
    stage.console.fetch()
    await stage.travel(local(moment))
    return stage.console.fetch()


BEGUN = ("#anna: !start intervisie incident langzaam bram",)
UP_TO_DIAGNOSIS = (
    *BEGUN,
    f"#bram: {SECRETS[0]}",
    "#bram: klaar",
    f"#carla: {SECRETS[1]}",
    f"#bram: {SECRETS[2]}",
    "#carla: klaar",
    "#dirk: klaar",
    "#anna: klaar",
)
WRITTEN = (f"carla: {SECRETS[3]}", f"dirk: {SECRETS[4]}", f"#anna: {SECRETS[5]}")


def texts_on_disk(folder: Path) -> Iterable[str]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.read_bytes().decode("utf-8", "replace").casefold()


def found_in(texts: Iterable[str]) -> set[str]:
    return {secret for text in texts for secret in SECRETS if secret in text}


async def test_nothing_that_people_typed_over_days_is_on_disk_or_in_the_logs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logged:
        async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
            await played(stage, *UP_TO_DIAGNOSIS, *WRITTEN[:2])
            assert found_in(texts_on_disk(tmp_path)) == set()
            await stage.restart()
            said = await played(stage, *WRITTEN)
    assert found_in([plain(said, ROOM)]) == {*SECRETS[3:5]}
    assert found_in(texts_on_disk(tmp_path)) == set()
    assert found_in([str(logged).casefold(), caplog.text.casefold()]) == set()


async def test_what_everybody_wrote_is_shown_at_once_and_the_next_phase_begins(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *UP_TO_DIAGNOSIS, *WRITTEN)
        await stage.house.settle()
        assert phase_of(stage) == "write_position"
        assert stage.house.router.memory.pieces(session_of(stage).id) == {}


async def test_a_restart_is_told_to_those_alone_whose_writing_is_gone(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *UP_TO_DIAGNOSIS, WRITTEN[0])
        await stage.restart()
        said = [post for post in stage.console.fetch() if not post.status]
        assert [post.room for post in said] == [to("carla")]
        assert "mijn aantekeningen zijn weg" in plain(said)
        turn = session_of(stage).turn
        assert isinstance(turn, SilentWrite)
        assert "carla" in turn.waiting


async def test_a_restart_that_lost_nothing_is_told_to_nobody(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *BEGUN)
        before = session_of(stage)
        await stage.restart()
        assert [post for post in stage.console.fetch() if not post.status] == []
        assert session_of(stage) == before


async def test_three_days_down_over_a_deadline_goes_on_once_and_with_all_its_days(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *UP_TO_DIAGNOSIS[:-3], f"#dirk: {SECRETS[1]}")
        stage.clock.set(local("2026-11-28 12:00"))  # the deadline was on Wednesday
        stage.console.fetch()
        await stage.restart()
        stage.house.ring()
        await stage.house.settle()
        said = stage.console.fetch()
        assert phase_of(stage) == "diagnosis"
        assert session_of(stage).deadline == local("2026-12-01 17:00")
        assert [post.plain for post in said if "De tijd voor" in post.plain or "kan nog tot" in post.plain] == []


async def test_a_phase_wakes_people_by_day_and_nobody_in_the_evening(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        by_day = await played(stage, *UP_TO_DIAGNOSIS[:3])
        await at(stage, "2026-11-23 21:00")
        in_the_evening = await played(stage, *UP_TO_DIAGNOSIS[3:])
        assert [post.wake for post in by_day if "Fase 2 van 6" in post.plain] == [True]
        assert [post.wake for post in in_the_evening if "Fase 3 van 6" in post.plain] == [False]


async def test_a_facilitator_who_is_asked_goes_on_with_a_button(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *BEGUN)
        said = await at(stage, "2026-11-23 17:00")
        assert [post.room for post in said if post.buttons] == [to("anna")]
        await stage.press("anna", "Verder")
        assert phase_of(stage) == "information"


async def test_a_facilitator_who_is_asked_ends_it_with_a_button(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *BEGUN)
        await at(stage, "2026-11-23 17:00")
        await stage.press("anna", "Sessie stoppen")
        assert session_of(stage).ended == local("2026-11-23 17:00")


@pytest.mark.parametrize("second", ["!start intervisie", "!start intervisie incident langzaam bram"])
async def test_a_group_has_one_session_at_a_time_live_or_slow(second: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *BEGUN)
        assert "loopt hier al een sessie" in plain(await played(stage, f"#carla: {second}"), to("carla"))


async def test_only_a_first_session_is_advised_to_be_live(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group().model_copy(update={"held": 1})]) as stage:
        assert plain(await played(stage, *BEGUN), to("anna")) == ""


async def test_somebody_of_the_group_who_comes_in_later_stops_nothing(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group("anna", "bram", "carla", "dirk", "eva")]) as stage:
        await stage.move("eva", "group/1", joined=False)
        await played(stage, *BEGUN)
        await stage.move("eva", "group/1", joined=True)
        session = session_of(stage)
        assert session.paused_at is None
        assert "eva" in session.members


async def test_an_outsider_who_comes_in_stops_a_slow_session_too(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *BEGUN)
        await stage.move("piet", "group/1", joined=True)
        assert session_of(stage).paused_at is not None


async def test_more_days_are_for_slow_sessions_and_more_minutes_for_live_ones(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *BEGUN, "#anna: !verleng 1 dag")
        assert session_of(stage).deadline == local("2026-11-24 17:00")
        await played(stage, "#anna: !verleng")
        assert session_of(stage).deadline == local("2026-11-25 17:00")


async def test_a_live_session_is_not_given_days(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        said = await played(stage, "#anna: !start intervisie", "#anna: !verleng 1 dag")
        assert "telt in minuten" in plain(said, to("anna"))


async def test_a_session_in_english_is_as_slow(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, "#anna: !start session incident slow bram", "#anna: !extend 2 days")
        assert session_of(stage).deadline == local("2026-11-25 17:00")


async def test_a_name_that_nobody_has_is_taken_for_a_method(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        said = await played(stage, "#anna: !start intervisie incident langzaam zebra")
        assert "incident zebra" in plain(said)


async def test_a_slow_session_that_nobody_ends_is_over_four_weeks_later(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *BEGUN)
        ends = session_of(stage).ends
        await stage.travel(ends + timedelta(days=28) - timedelta(seconds=1))
        assert session_of(stage).ended is None
        await stage.travel(ends + timedelta(days=28))
        assert session_of(stage).ended is not None


async def test_christmas_is_a_holiday_in_january_too(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-12-24 09:30", FIVE, already=[group()]) as stage:
        await played(stage, *UP_TO_DIAGNOSIS[:3], "#anna: !verleng 3 dagen")
        said = await at(stage, "2027-01-04 09:00")
        assert "Werkdag 6 van 6" in plain(said[-1:], ROOM)  # 24, 28, 29, 30, 31 December and 4 January


WITHOUT_CONTENT = (
    *("#bram: klaar", "#carla: klaar", "#dirk: klaar", "#anna: klaar"),
    *("carla: !pas", "dirk: !pas", "#anna: pas"),
    *("carla: !pas", "dirk: !pas", "#anna: pas"),
    *("#bram: klaar", "#carla: klaar", "#dirk: klaar", "#anna: klaar", "#bram: klaar"),
)
"""A whole session of people who talk on the phone: each line says that somebody is ready, and nothing else."""


async def test_a_session_without_a_word_of_content_comes_to_its_end_over_a_restart_at_each_step(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, FIVE, already=[group()]) as stage:
        await played(stage, *BEGUN)
        phases = [phase_of(stage)]
        for line in WITHOUT_CONTENT:
            await played(stage, line)
            await stage.restart()
            phases.append(phase_of(stage))
        assert list(dict.fromkeys(phases)) == [
            *("incident", "information", "diagnosis", "write_position", "reveal", "evaluation")
        ]
        assert session_of(stage).ended is not None
