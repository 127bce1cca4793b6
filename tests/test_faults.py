"""Whatever the homeserver or a person does to it, the whole bot answers what is said next; or it stops, and says why in one line.

What the adapter alone makes of each of these is in `test_matrix_faults.py`; here the store, the router and the postman are real too.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import commands
from bot.app import House, Setup
from bot.command import find
from bot.matrix import MatrixChat
from bot.matrix.known import CREATION_KEY
from programme.edition import parse
from tests.bot_process import BotProcess, open_edition, write_config
from tests.fake_homeserver import FakeHomeserver, Fault, fake_homeserver
from tests.matrix_house import QUICK, settings_on
from tests.synapse import Credentials
from tests.test_matrix_faults import POISON_ANSWERS, POISON_EVENTS, POISON_TO_DEVICE

BOT = "@kring:fake.test"
COR = "@cor:fake.test"


class Talk:
    """Anna's direct chat with the running bot."""

    def __init__(self, server: FakeHomeserver, anna: str) -> None:
        self.server = server
        self.anna = anna
        self.room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        self._count = 0

    async def is_answered(self) -> None:
        """What is said now has one answer, and it is the last thing that the bot says."""
        self._count += 1
        word = f"vraag{self._count}."
        self.server.says(self.room, self.anna, f"help {word}")
        await self.server.until(lambda: any(word in body for body in self._said()), 20.0)
        assert [word in body for body in self._said()].count(True) == 1

    def _said(self) -> list[str]:
        return [str(event["content"].get("body")) for event in self.server.said_by(BOT, self.room)]


@asynccontextmanager
async def serving(server: FakeHomeserver, folder: Path) -> AsyncIterator[House]:
    """The whole bot in this process, in haste, on the fake homeserver."""
    edition = parse(open_edition()).model_copy(update={"coordinators": (COR,)})
    house = House(Setup(folder / "state", find(commands), [edition]))
    chat = MatrixChat(settings_on(server, sync_timeout_ms=300), folder / "matrix", house.spell, pace=QUICK)
    running = asyncio.create_task(house.serve([chat]))
    try:
        yield house
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


@pytest.fixture
async def talk(server: FakeHomeserver, tmp_path: Path) -> AsyncIterator[Talk]:
    async with serving(server, tmp_path):
        yield Talk(server, server.account("anna"))


def keys_of_rooms(server: FakeHomeserver) -> list[str]:
    """The keys of all rooms that the bot made."""
    created = [room.state()["m.room.create", ""] for room in server.rooms_made_by(BOT)]
    return [str(event["content"][CREATION_KEY]) for event in created]


@pytest.mark.parametrize("kind", ["429", "502", "hang", "reset", "garbage", "wrong", "lose"])
async def test_the_bot_answers_after_a_fault_of_its_homeserver(
    server: FakeHomeserver, tmp_path: Path, kind: str
) -> None:
    """Each request goes wrong twice: some while the bot begins and makes its rooms, the others in the talk.

    Only a join may hang for two minutes: other homeservers take part in it.
    """
    begins = ("/createRoom", "/state/") if kind == "hang" else ("/createRoom", "/state/", "/join/")
    server.faults.extend(Fault(kind, path, times=2) for path in begins)
    async with serving(server, tmp_path):
        talk = Talk(server, server.account("anna"))
        await talk.is_answered()
        for path in ("/sync", "/send/"):
            server.faults.append(Fault(kind, path, times=2))
            await talk.is_answered()
        await server.until(lambda: {key.partition("/")[0] for key in keys_of_rooms(server)} >= {"desk", "cohort"})
        await server.until(lambda: all(room.membership(COR) == "invite" for room in server.rooms_made_by(BOT)))
    assert len(keys_of_rooms(server)) == len(set(keys_of_rooms(server)))


async def test_the_bot_answers_all_that_stood_in_a_gap_of_the_timeline(talk: Talk) -> None:
    await talk.is_answered()
    talk.server.timeline_limit = 1
    talk.server.faults.append(Fault("502", "/sync", times=2))
    for number in range(8):
        talk.server.says(talk.room, talk.anna, f"help gat{number}.")
    await talk.is_answered()
    said = "\n".join(talk._said())
    assert [said.count(f"gat{number}.") for number in range(8)] == [1] * 8


async def test_the_bot_answers_after_every_poisoned_event(talk: Talk) -> None:
    for event in POISON_EVENTS:
        room = talk.room
        if "state_key" in event:
            room = talk.server.makes_room(talk.anna, invite=(BOT,), is_direct=True)
        talk.server.add(room, {"sender": talk.anna, **event})
        await talk.is_answered()


async def test_the_bot_answers_after_every_poisoned_to_device_message(talk: Talk) -> None:
    await talk.is_answered()
    own = talk.server.device_of(BOT)
    curve = own.keys["keys"][f"curve25519:{own.id}"]
    for event in POISON_TO_DEVICE:
        talk.server.sends_to_device(BOT, json.loads(json.dumps(event).replace("OWN", curve)))
        await talk.is_answered()


async def test_the_bot_answers_after_every_poisoned_sync(talk: Talk) -> None:
    await talk.is_answered()
    for patch in POISON_ANSWERS.values():
        talk.server.sync_patches.append(patch)
        await talk.is_answered()


@asynccontextmanager
async def process_on(server: FakeHomeserver, folder: Path) -> AsyncIterator[BotProcess]:
    account = Credentials(server.account("kring"), "secret")
    write_config(server.url, folder, account, [COR], open_edition())
    process = BotProcess(account.user_id, folder)
    await process.start()
    try:
        yield process
    finally:
        await process.kill()


def last_line(process: BotProcess) -> str:
    """What the operator reads last. No traceback stands above it."""
    assert "Traceback" not in "\n".join(process.log)
    return process.log[-1]


async def test_a_revoked_token_stops_the_process_with_the_way_out(server: FakeHomeserver, tmp_path: Path) -> None:
    async with process_on(server, tmp_path) as process:
        await process.ready()
        server.faults.append(Fault("revoked", "/sync"))
        assert await process.ended() == 2
    assert "kring matrix login" in last_line(process)


async def test_a_revoked_token_is_told_again_at_the_next_start(server: FakeHomeserver, tmp_path: Path) -> None:
    async with process_on(server, tmp_path) as process:
        await process.ready()
        assert await process.stop() == 0
        server.faults.append(Fault("revoked", "/whoami"))
        await process.start()
        assert await process.ended() == 2
    assert "kring matrix login" in last_line(process)


async def test_a_foreign_master_key_stops_the_process_with_the_way_out(server: FakeHomeserver, tmp_path: Path) -> None:
    foreign = {"user_id": BOT, "usage": ["master"], "keys": {f"ed25519:{'A' * 43}": "A" * 43}}
    server.cross_signing[BOT] = {"master_key": foreign}
    async with process_on(server, tmp_path) as process:
        assert await process.ended() == 2
    assert "kring matrix bootstrap" in last_line(process)


async def test_a_wrong_password_stops_the_process_with_one_line(server: FakeHomeserver, tmp_path: Path) -> None:
    server.faults.append(Fault("refuse", "/login", "POST"))
    async with process_on(server, tmp_path) as process:
        assert await process.ended() == 2
    assert "password" in last_line(process)


async def test_a_homeserver_that_is_away_at_the_start_is_waited_for(server: FakeHomeserver, tmp_path: Path) -> None:
    server.faults.append(Fault("reset", "/login", times=2))
    async with process_on(server, tmp_path) as process:
        await process.ready()
        talk: Any = Talk(server, server.account("anna"))
        await talk.is_answered()
