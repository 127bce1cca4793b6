"""The restore drill: the machine is lost while letters are under way, and a backup is put back on a new one.

The house, the Matrix adapter and the command line are real; the homeserver is the fake one. What had been said is not said
again, what had not been said is said, and the bot is there with a new device that its old identity vouches for.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.__main__ import kring
from bot.answer import Say
from bot.app import House, Setup
from bot.cli.faults import finish
from bot.clock import WallClock
from bot.context import Event
from bot.matrix import MatrixChat
from programme.edition import parse
from programme.people import Person
from programme.rooms import direct
from programme.text import Both
from storage.letters import Letter
from tests.bot_process import open_edition
from tests.fake_homeserver import FakeHomeserver, Fault, fake_homeserver
from tests.matrix_house import QUICK, settings_on
from tests.stage import all_commands

BOT = "@kring:fake.test"


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


@asynccontextmanager
async def serving(server: FakeHomeserver, data: Path) -> AsyncIterator[House]:
    """The house on a data folder, with Matrix for its platform, until the end of the block."""
    house = House(Setup(data / "state", all_commands(), [parse(open_edition())]))
    chat = MatrixChat(settings_on(server), data / "matrix", house.spell, pace=QUICK)
    task = asyncio.create_task(house.serve([chat]))
    try:
        yield house
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def said_in(server: FakeHomeserver, room: str) -> list[str]:
    messages = [event["content"] for event in server.said_by(BOT, room) if event["type"] == "m.room.message"]
    return [content["body"] for content in messages]


def devices(server: FakeHomeserver) -> set[str]:
    return {device.id for device in server.devices.values()}


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def run(*words: object) -> int:
    return finish(kring, [str(word) for word in words])


async def test_after_a_restore_nothing_is_said_twice_and_nothing_is_left_unsaid(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    old, new = tmp_path / "old" / "data", tmp_path / "new" / "data"
    anna = server.account("anna")
    async with serving(server, old) as house:
        room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        await server.until(lambda: house.place_of(direct(anna)) == room)
        server.says(room, anna, "!help")
        await server.until(lambda: len(said_in(server, room)) == 1)
        server.faults.append(Fault("lose", "/send/", method="PUT", times=1_000))  # said, and the bot never hears of it
        server.says(room, anna, "!taal nl")
        server.says(room, anna, "!taal en")
        await server.until(lambda: len(said_in(server, room)) == 2 and len(house.store[Letter]) == 2)
        assert await asyncio.to_thread(run, "backup", tmp_path / "backup", "--store", old) == 0
    before = devices(server)
    server.faults.clear()
    (made,) = files_in(tmp_path / "backup")
    assert run("restore", made, "--store", new) == 0
    async with serving(server, new) as house:
        await server.until(lambda: len(said_in(server, room)) == 3 and not house.store[Letter])
    assert len(set(said_in(server, room))) == 3
    assert len(devices(server) - before) == 1
    assert (new / "matrix" / "cross_signing.json").read_text() == (old / "matrix" / "cross_signing.json").read_text()


def hidden_in(server: FakeHomeserver, room: str) -> int:
    return len([event for event in server.said_by(BOT, room) if event["type"] == "m.room.encrypted"])


def tells(house: House, person: str, number: int) -> None:
    """Something happens of which this person is told."""
    text = Both(nl=f"Bericht {number}", en=f"Message {number}")
    house.router.run(
        Event(f"happening{number}", "", "", None, WallClock().now()), lambda _ctx: Say(text, direct(person))
    )


async def test_after_a_restore_nothing_is_said_twice_in_an_encrypted_room_that_the_new_device_cannot_read(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    old, new = tmp_path / "old" / "data", tmp_path / "new" / "data"
    anna = server.account("anna")
    async with serving(server, old) as house:
        room = server.makes_room(anna, invite=(BOT,), is_direct=True, encrypted=True)
        await server.until(lambda: house.place_of(direct(anna)) == room)
        server.faults.append(Fault("lose", "/send/m.room.encrypted", method="PUT", times=1_000))
        for number in (1, 2):
            tells(house, anna, number)
        await server.until(lambda: hidden_in(server, room) == 1 and len(house.store[Letter]) == 2)
        assert await asyncio.to_thread(run, "backup", tmp_path / "backup", "--store", old) == 0
    server.faults.clear()
    (made,) = files_in(tmp_path / "backup")
    assert run("restore", made, "--store", new) == 0
    async with serving(server, new) as house:
        await server.until(lambda: not house.store[Letter])
        assert hidden_in(server, room) == 2
        tells(house, anna, 3)
        await server.until(lambda: hidden_in(server, room) == 3)
    assert len({device.id for device in server.devices.values() if device.user == BOT}) == 2


async def test_what_was_asked_and_answered_after_the_backup_is_done_again_and_not_answered_again(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    old, new = tmp_path / "old" / "data", tmp_path / "new" / "data"
    anna = server.account("anna")
    async with serving(server, old) as house:
        room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        await server.until(lambda: house.place_of(direct(anna)) == room)
        server.says(room, anna, "!help")
        await server.until(lambda: len(said_in(server, room)) == 1 and not house.store[Letter])
        assert await asyncio.to_thread(run, "backup", tmp_path / "backup", "--store", old) == 0
        server.says(room, anna, "!taal en")
        await server.until(lambda: len(said_in(server, room)) == 2 and not house.store[Letter])
    (made,) = files_in(tmp_path / "backup")
    assert run("restore", made, "--store", new) == 0
    async with serving(server, new) as house:
        await server.until(lambda: anna in house.store[Person] and house.store[Person][anna].language == "en")
        await server.until(lambda: not house.store[Letter])
        server.says(room, anna, "!taal nl")
        await server.until(lambda: len(said_in(server, room)) == 3)
    assert len(set(said_in(server, room))) == 3
