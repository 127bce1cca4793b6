"""A kill at every point around the moment at which private writing is shown: it is shown once, or asked again, and never both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import House
from bot.chat import Post
from bot.console import Console, Stage
from bot.intervision.sessions import revealed_as
from bot.matrix import MatrixChat
from programme.intervision.written import SilentWrite
from tests.fake_homeserver import FakeHomeserver, fake_homeserver
from tests.matrix_house import RecordingHouse, chatting, post
from tests.stage import plain, playing, to
from tests.test_live_session import (
    AT,
    ROOM,
    SIX,
    UP_TO_WRITING,
    WRITTEN,
    found_in,
    groups,
    played,
    session_of,
    texts_on_disk,
)

SHOWN = "Dit schreef iedereen"


class Cutting(Console):
    """A platform on whose way the bot dies when writing is shown: before the room has it, or just after."""

    def __init__(self, *, has_it: bool) -> None:
        super().__init__()
        self.has_it = has_it
        self.cut = asyncio.Event()

    async def post(self, post: Post, place: str) -> None:
        if not post.plain.startswith(SHOWN) or self.cut.is_set():
            await super().post(post, place)
            return
        if self.has_it:
            await super().post(post, place)
        self.cut.set()
        await asyncio.Event().wait()  # no answer comes any more


@asynccontextmanager
async def writing(folder: Path) -> AsyncIterator[Stage]:
    """A session in which the last piece of private writing is still to come."""
    async with playing(folder, AT, SIX, already=groups()) as stage:
        await played(stage, *UP_TO_WRITING, *WRITTEN[:-1])
        yield stage


def state_of(stage: Stage) -> str:
    turn = session_of(stage).turn
    assert isinstance(turn, SilentWrite)
    return turn.state


async def killed_while_showing(stage: Stage, *, has_it: bool) -> list[Post]:
    """Let the last piece come in, and the process die as it is shown; what was said, before and after."""
    cutting = Cutting(has_it=has_it)
    stage.console, stage.house.postman.chats = cutting, [cutting]
    speaking = asyncio.create_task(stage.speak("anna", WRITTEN[-1].removeprefix("anna: ")))
    await cutting.cut.wait()
    assert state_of(stage) == "releasing"
    speaking.cancel()
    await asyncio.gather(speaking, return_exceptions=True)
    await stage.restart()
    return stage.console.fetch()


async def test_killed_before_the_last_piece_is_in_it_asks_those_again_who_had_written(tmp_path: Path) -> None:
    async with writing(tmp_path) as stage:
        await stage.restart()
        said = stage.console.fetch()
        assert state_of(stage) == "writing"
        assert all("nog eens" in plain(said, to(person)) for person in ("carla", "dirk"))
        assert plain(said, to("anna")) == ""


async def test_killed_before_the_room_has_it_it_says_so_and_asks_everybody_again(tmp_path: Path) -> None:
    async with writing(tmp_path) as stage:
        said = await killed_while_showing(stage, has_it=False)
        assert SHOWN not in plain(said)
        assert state_of(stage) == "writing"
        assert all("nog eens" in plain(said, to(person)) for person in ("anna", "carla", "dirk"))
        again = await played(stage, *WRITTEN)
        assert plain(again, ROOM).count(SHOWN) == 1
        assert state_of(stage) == "released"


async def test_killed_once_the_room_has_it_it_goes_on_and_asks_nobody(tmp_path: Path) -> None:
    async with writing(tmp_path) as stage:
        said = await killed_while_showing(stage, has_it=True)
        assert plain(said, ROOM).count(SHOWN) == 1
        assert "Ik was even weg" in plain(said, ROOM)
        assert "nog eens" not in plain(said)
        assert state_of(stage) == "released"
        assert "Fase 9 van 11" in plain(await played(stage, "#anna: volgende"), ROOM)


async def test_killed_after_all_that_nothing_is_shown_or_asked_again(tmp_path: Path) -> None:
    async with writing(tmp_path) as stage:
        await played(stage, WRITTEN[-1])
        assert state_of(stage) == "released"
        await stage.restart()
        said = stage.console.fetch()
        assert SHOWN not in plain(said)
        assert "nog eens" not in plain(said)
        assert state_of(stage) == "released"


@pytest.mark.parametrize("has_it", [False, True])
async def test_nothing_that_was_written_is_on_disk_wherever_the_bot_dies(tmp_path: Path, *, has_it: bool) -> None:
    async with writing(tmp_path) as stage:
        await killed_while_showing(stage, has_it=has_it)
        assert found_in(texts_on_disk(tmp_path)) == set()


async def test_a_phase_that_is_done_again_is_shown_again_under_another_name(tmp_path: Path) -> None:
    async with writing(tmp_path) as stage:
        await played(stage, WRITTEN[-1])
        first = revealed_as(session_of(stage))
        said = await played(stage, "#anna: volgende", "#anna: terug", *WRITTEN)
        assert plain(said, ROOM).count(SHOWN) == 1
        assert revealed_as(session_of(stage)) != first


async def test_the_bot_waits_for_a_platform_that_is_away_before_it_asks_anybody(tmp_path: Path) -> None:
    async with writing(tmp_path) as stage:
        cutting = Cutting(has_it=True)
        stage.console, stage.house.postman.chats = cutting, [cutting]
        speaking = asyncio.create_task(stage.speak("anna", WRITTEN[-1].removeprefix("anna: ")))
        await cutting.cut.wait()
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
        await stage.end()
        cutting.deaf = True
        stage.house = House(stage._setup)
        stage.begin()
        assert state_of(stage) == "releasing"
        cutting.deaf = False
        await stage.house.settle()
        assert state_of(stage) == "released"


# on Matrix


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


async def shown_in(server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat) -> str:
    """An encrypted room of the bot and Anna."""
    anna = server.account("anna")
    room = await chat.place(f"direct/{anna}")
    server.joins(room, anna)
    await server.until(lambda: server.rooms[room].membership(anna) == "join")
    assert house.places
    return room


async def test_a_letter_is_found_in_an_encrypted_room_by_a_bot_that_was_killed(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house = RecordingHouse()
    async with chatting(server, house, tmp_path) as chat:
        room = await shown_in(server, house, chat)
        await chat.post(post(SHOWN, key=house.key_of(room) or "", letter="g/1/revealed/1"), room)
    async with chatting(server, house, tmp_path) as again:
        assert await again.has_said("g/1/revealed/1", room)
        assert not await again.has_said("g/1/revealed/2", room)
