"""Sessions in the rooms of groups, through the whole house: what is kept of them, restarts, and groups beside each other."""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.chat import Heard, Post, Undeliverable
from bot.console import Console, Stage
from programme import rooms
from programme.intervision.session import Session
from programme.intervision.written import SilentWrite
from programme.records import Group
from storage.letters import Letter, Question
from tests.stage import edition, heard, plain, playing, say, to

SIX = (
    "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), dirk (DUO, onderwijs), eva (RVO, rijk), "
    "frits (UWV, zorg), gijs (SVB, rijk), hanna (COA, zorg), coordinator: cor"
)
AT = "2026-10-13 13:30"
ROOM, OTHER = (f"group/{edition().id}/{number}" for number in (1, 2))
SECRETS = (
    "een besluit zonder draagvlak",
    "mijn voorzitter belde de wethouder",
    "ik zou onder vier ogen praten",
    "ik zou wachten op de raad",
    "ik zou het opschrijven",
)


def groups() -> list[Group]:
    """Two groups of four."""
    members = ("anna", "bram", "carla", "dirk"), ("eva", "frits", "gijs", "hanna")
    return [
        Group(id=f"{edition().id}/{n}", edition=edition().id, number=n, members=people)
        for n, people in enumerate(members, 1)
    ]


def session_of(stage: Stage, number: int = 1) -> Session:
    return stage.house.store[Session][f"{edition().id}/{number}/1"]


async def played(stage: Stage, *lines: str) -> list[Post]:
    """Play lines `person: text`; `#person: text` is said in the room of the first group."""
    stage.console.fetch()
    for line in lines:
        person, _colon, text = line.removeprefix("#").partition(": ")
        stage.clock.set(stage.clock.now() + timedelta(seconds=1))
        await stage.speak(person, text, ROOM if line.startswith("#") else "")
    return stage.console.fetch()


UP_TO_WRITING = (
    "#anna: !start intervisie",
    "bram: !inbreng een besluit zonder draagvlak",
    "#anna: overslaan",
    "#anna: overslaan",
    "#anna: !inbrenger bram",
    "#anna: volgende",
    "#bram: mijn voorzitter belde de wethouder",
    *["#anna: overslaan"] * 4,
)


def texts_on_disk(folder: Path) -> Iterable[str]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.read_bytes().decode("utf-8", "replace").casefold()


def found_in(texts: Iterable[str]) -> set[str]:
    return {secret for text in texts for secret in SECRETS if secret in text}


async def test_nothing_that_people_typed_is_on_disk_or_in_the_logs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logged:
        async with playing(tmp_path, AT, SIX, already=groups()) as stage:
            await played(stage, *UP_TO_WRITING, "carla: ik zou onder vier ogen praten")
            assert found_in(texts_on_disk(tmp_path)) == set()
            await stage.restart()
            said = await played(
                stage,
                "carla: ik zou onder vier ogen praten",
                "dirk: ik zou wachten op de raad",
                "anna: ik zou het opschrijven",
                "#anna: volgende",
                "#anna: !afronden nu",
            )
    assert "ik zou wachten op de raad" in plain(said, ROOM)
    assert found_in(texts_on_disk(tmp_path)) == set()
    assert found_in([str(logged).casefold(), caplog.text.casefold()]) == set()


async def test_the_memory_of_a_session_is_empty_once_it_is_over(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, *UP_TO_WRITING, "carla: ik zou onder vier ogen praten")
        memory, id_ = stage.house.router.memory, session_of(stage).id
        assert memory.pieces(id_) == {"carla": ["ik zou onder vier ogen praten"]}
        assert memory.titles(id_) == {"bram": "een besluit zonder draagvlak"}
        await played(stage, "#anna: !afronden nu")
        assert not memory.pieces(id_)
        assert not memory.titles(id_)
        assert not [it for it in stage.house.store[Question].values() if it.call and it.call.command == "write"]


async def test_a_session_that_ends_counts_for_its_group(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie", "#anna: !afronden nu")
        group = stage.house.store[Group][f"{edition().id}/1"]
        assert (group.held, group.facilitators) == (1, ("anna",))


async def test_two_groups_hold_a_session_at_once_and_do_not_meet(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await stage.speak("anna", "!start intervisie", ROOM)
        stage.console.fetch()
        said = await say(stage, "eva", "!start intervisie incidentmethode 60", OTHER)
        assert {post.room for post in said} == {OTHER, to("eva")}
        said = await say(stage, "hanna", "!stop")
        assert {post.room for post in said} == {to("hanna"), to("eva"), OTHER}
        assert session_of(stage, 1).paused_at is None
        assert session_of(stage, 2).paused_at is not None


@pytest.mark.parametrize("line", ["hand in hand", "pas op", "tijd is geld", "terug naar de vraag", "beurt aan Carla"])
async def test_a_sentence_that_begins_with_a_word_of_the_session_is_only_a_sentence(line: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie")
        before = session_of(stage).turn
        assert await played(stage, f"#bram: {line}") == []
        assert session_of(stage).turn == before


async def test_without_a_session_the_bot_does_not_listen_in_the_room(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        assert await played(stage, "#anna: pas", "#anna: hand", "#bram: hoe gaat het?") == []


async def test_a_turn_wakes_and_names_exactly_one_person(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie")
        said = [post for post in await played(stage, "#bram: klaar") if post.room == ROOM and not post.status]
        assert [(post.wake, post.mentions) for post in said] == [(True, ("carla",))]


async def test_people_who_talk_in_a_call_are_not_reminded(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie incidentmethode 60 video")
        assert session_of(stage).form == "spoken"
        assert await played(stage, "#dirk: ik typ maar wat") == []


async def test_a_restart_keeps_the_phase_the_turn_and_the_clock(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie", "#bram: klaar")
        before = session_of(stage)
        stage.clock.set(stage.clock.now() + timedelta(seconds=30))
        await stage.restart()
        assert session_of(stage) == before
        await stage.travel(before.deadline)
        assert "Nog twee minuten." in plain(stage.console.fetch(), ROOM)


async def test_a_session_that_nobody_ended_is_over_three_hours_later(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie", "#bram: stop")
        ends = session_of(stage).ends
        await stage.travel(ends + timedelta(hours=3) - timedelta(seconds=1))
        assert session_of(stage).ended is None
        await stage.travel(ends + timedelta(hours=3))
        assert session_of(stage).ended == ends + timedelta(hours=3)
        assert await played(stage, "#carla: !start intervisie")


async def test_a_word_of_the_session_counts_only_from_who_takes_part(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie")
        assert await played(stage, "#eva: stop") == []
        assert session_of(stage).paused_at is None


async def test_a_phase_that_begins_again_begins_with_nothing_written(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, *UP_TO_WRITING, "carla: ik zou onder vier ogen praten")
        await played(stage, "#anna: terug", "#anna: overslaan")
        assert not stage.house.router.memory.pieces(session_of(stage).id)
        said = await played(stage, "carla: !pas", *WRITTEN[1:])
        assert found_in([plain(said, ROOM)]) == set(SECRETS[3:])


class Refusing(Console):
    """A platform that takes everything but what is shown together."""

    async def post(self, post: Post, place: str) -> None:
        if post.plain.startswith("Dit schreef iedereen"):
            raise Undeliverable("refused")
        await super().post(post, place)


WRITTEN: Sequence[str] = (
    "carla: ik zou onder vier ogen praten",
    "dirk: ik zou wachten op de raad",
    "anna: ik zou het opschrijven",
)


async def test_what_cannot_be_shown_is_asked_again_and_told_to_nobody_else(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, *UP_TO_WRITING)
        stage.console = Refusing()
        stage.house.postman.chats = [stage.console]
        said = await played(stage, *WRITTEN)
        turn = session_of(stage).turn
        assert isinstance(turn, SilentWrite)
        assert turn.waiting == {"anna", "carla", "dirk"}
        assert "nog eens" in plain(said, to("carla"))
        assert plain(said, rooms.desk(edition().id)) == ""
        assert found_in(texts_on_disk(tmp_path)) == set()


async def test_a_crash_before_the_platform_has_it_asks_again(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, *UP_TO_WRITING, *WRITTEN[:-1])
        stage.console.deaf = True
        future = stage.house.hear(_typed(stage, "anna", WRITTEN[-1].removeprefix("anna: ")))
        await future
        assert _state(stage) == "releasing"
        await stage.end()
        stage.console.deaf = False
        await stage.resume()
        assert _state(stage) == "writing"
        assert not [letter for letter in stage.house.store[Letter].values() if not letter.kept]
        said = plain(await played(stage, *WRITTEN), ROOM)
        assert found_in([said]) == set(SECRETS[2:])


def _state(stage: Stage) -> str:
    turn = session_of(stage).turn
    assert isinstance(turn, SilentWrite)
    return turn.state


def _typed(stage: Stage, person: str, text: str) -> Heard:
    return heard(stage, person, text, id_="last")
