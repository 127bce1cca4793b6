"""A room of which the server cannot give what was said: it waits, the others go on, and in the end all is heard in its order."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.matrix.behind import MARK
from tests.fake_homeserver import FakeHomeserver, Fault, fake_homeserver
from tests.matrix_house import RecordingHouse, chatting

BOT = "@kring:fake.test"


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


async def direct_chat(server: FakeHomeserver, house: RecordingHouse, name: str) -> str:
    person = server.account(name)
    room = server.makes_room(person, invite=(BOT,), is_direct=True)
    await house.until(lambda: house.places.get(f"direct/{person}") == room)
    return room


def says(server: FakeHomeserver, room: str, name: str, words: list[str]) -> None:
    """Say all of it before the bot can look."""
    for word in words:
        server.says(room, f"@{name}:fake.test", word)


async def test_what_was_missed_is_heard_in_its_order_once_the_server_gives_it(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house = RecordingHouse()
    async with chatting(server, house, tmp_path, sync_timeout_ms=100):
        anna, bram = await direct_chat(server, house, "anna"), await direct_chat(server, house, "bram")
        server.timeline_limit = 1
        fault = Fault("502", "/messages", times=9)
        server.faults.append(fault)
        says(server, anna, "anna", ["een", "twee", "drie"])
        says(server, bram, "bram", ["hallo"])
        await house.hears("hallo")
        assert "drie" not in house.texts()
        says(server, anna, "anna", ["vier"])
        await house.hears("vier")
    assert [text for text in house.texts() if text != "hallo"] == ["een", "twee", "drie", "vier"]
    assert house.marks[MARK] == "{}"


async def test_a_room_that_was_behind_is_so_after_a_restart_and_nothing_is_lost(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house = RecordingHouse()
    async with chatting(server, house, tmp_path, sync_timeout_ms=100):
        anna = await direct_chat(server, house, "anna")
        server.timeline_limit = 1
        server.faults.append(Fault("502", "/messages", times=1_000))
        says(server, anna, "anna", ["een", "twee", "drie"])
        await house.until(lambda: anna in house.marks.get(MARK, ""))
    assert house.texts() == []
    server.faults.clear()
    async with chatting(server, house, tmp_path, sync_timeout_ms=100):
        await house.hears("drie")
    assert house.texts() == ["een", "twee", "drie"]


async def test_a_room_that_the_bot_is_taken_out_of_is_behind_no_longer(server: FakeHomeserver, tmp_path: Path) -> None:
    house = RecordingHouse()
    async with chatting(server, house, tmp_path, sync_timeout_ms=100):
        anna = await direct_chat(server, house, "anna")
        server.timeline_limit = 1
        server.faults.append(Fault("502", "/messages", times=1_000))
        says(server, anna, "anna", ["een", "twee", "drie"])
        await house.until(lambda: anna in house.marks.get(MARK, ""))
        server.leaves(anna, BOT)
        await house.until(lambda: house.marks[MARK] == "{}")


async def test_a_server_that_never_gives_it_does_not_silence_the_room_for_ever(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house = RecordingHouse()
    async with chatting(server, house, tmp_path, sync_timeout_ms=50):
        anna = await direct_chat(server, house, "anna")
        server.timeline_limit = 1
        server.faults.append(Fault("502", "/messages", times=1_000))
        says(server, anna, "anna", ["een", "twee", "drie"])
        await house.hears("drie")
    assert house.texts() == ["drie"]
