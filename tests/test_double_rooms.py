"""Killed between making a room and recording it: after the restart there is that one room, and all that belongs in it once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from tests.bot_process import bot_process
from tests.participant import Participant, participant
from tests.synapse import Synapse

EDITION = "SecretarisWissel 2026"
DESK = f"Coördinatie {EDITION}"
HOP_BY_HOP = {"transfer-encoding", "content-length", "content-encoding", "connection", "host"}


class Gate:
    """Stands between the bot and the homeserver, lets everything through, and holds one answer back when told to."""

    def __init__(self, homeserver: str) -> None:
        self.url = ""
        self.made: list[str] = []
        """The ids of the rooms that the homeserver made for the bot."""
        self._homeserver = homeserver
        self._held = ""
        self._caught = asyncio.Event()
        self._open = asyncio.Event()

    def hold(self, path: str) -> None:
        """Do not give the next answer to a change whose path contains this; the homeserver has done it then."""
        self._held = path
        self._caught.clear()
        self._open.clear()

    async def catches(self) -> None:
        """Wait until an answer is held back."""
        async with asyncio.timeout(30):
            await self._caught.wait()

    def let_go(self) -> None:
        self._open.set()

    async def pass_on(self, request: web.Request) -> web.Response:
        """Ask the homeserver the same, and give its answer."""
        address = URL(f"{self._homeserver}{request.rel_url.raw_path_qs}", encoded=True)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        async with (
            aiohttp.ClientSession(auto_decompress=False) as http,
            http.request(request.method, address, headers=headers, data=await request.read()) as answer,
        ):
            body = await answer.read()
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
        if request.path.endswith("/createRoom"):
            self.made.append(json.loads(body)["room_id"])
        await self._perhaps_hold(request)
        return web.Response(body=body, status=answer.status, headers=kept)

    async def _perhaps_hold(self, request: web.Request) -> None:
        if self._held and request.method in {"PUT", "POST"} and self._held in request.path:
            self._held = ""
            self._caught.set()
            await self._open.wait()


@asynccontextmanager
async def gate_before(synapse: Synapse) -> AsyncIterator[Gate]:
    gate = Gate(synapse.url)
    app = web.Application(client_max_size=10**8)
    app.router.add_route("*", "/{path:.*}", gate.pass_on)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    gate.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield gate
    finally:
        gate.let_go()
        await runner.cleanup()


async def room_of(client: Participant, name: str) -> str:
    """The room to talk in with this name, once they are in it."""

    def named() -> list[str]:
        return [room for room, it in client.client.rooms.items() if it.name == name and it.room_type != "m.space"]

    await client.until(lambda: bool(named()), f"the room {name}")
    return named()[0]


async def nothing_was_made_twice(gate: Gate, cor: Participant) -> None:
    """The coordinator is in every room that the homeserver made, and no two of them are the same."""
    await cor.until(lambda: set(gate.made) <= set(cor.client.rooms), f"being in {gate.made}")
    made = [(cor.client.rooms[room].name, cor.client.rooms[room].room_type) for room in gate.made]
    assert len(set(made)) == len(made), made


@pytest.mark.synapse
@pytest.mark.parametrize("held", ["/createRoom", "/m.room.member/", "/m.room.pinned_events", "/send/"])
async def test_the_rooms_of_an_edition_are_made_once_though_the_bot_dies_meanwhile(
    synapse: Synapse, tmp_path: Path, held: str
) -> None:
    account, coordinator = await synapse.user("kring"), await synapse.user("cor")
    async with gate_before(synapse) as gate, participant(synapse, coordinator) as cor:
        gate.hold(held)
        async with bot_process(gate.url, tmp_path / "bot", account, [cor.user_id]) as bot:
            await gate.catches()
            await bot.kill()
            gate.let_go()
            await bot.start()
            desk = await room_of(cor, DESK)
            cohort = await room_of(cor, EDITION)
            await cor.ask(desk, "!stand", EDITION)
            pinned = await cor.client.room_get_state_event(cohort, "m.room.pinned_events", "")
            await nothing_was_made_twice(gate, cor)
    assert len(pinned.content["pinned"]) == 1


@pytest.mark.synapse
@pytest.mark.parametrize("held", ["/createRoom", "/m.room.member/", "/send/"])
async def test_a_direct_chat_is_made_once_though_the_bot_dies_meanwhile(
    synapse: Synapse, tmp_path: Path, held: str
) -> None:
    """The coordinator never began a chat: the bot makes one for its question, which is not for the other one at the desk."""
    account, coordinator, colleague = [await synapse.user(name) for name in ("kring", "cor", "piet")]
    async with (
        gate_before(synapse) as gate,
        participant(synapse, coordinator) as cor,
        participant(synapse, colleague) as piet,
        bot_process(gate.url, tmp_path / "bot", account, [cor.user_id, piet.user_id]) as bot,
    ):
        desk = await room_of(cor, DESK)
        await room_of(piet, DESK)
        await room_of(cor, EDITION)
        await cor.ask(desk, "!stand", EDITION)
        await cor.until(lambda: set(gate.made) <= set(cor.client.rooms), "all rooms")
        gate.hold(held)
        await cor.say(desk, "!programma sluit aanmelden")
        await gate.catches()
        await bot.restart()
        gate.let_go()
        asked = await cor.wait_for("Zal ik het doen?")
        await cor.ask(asked.room, "ja", "Gedaan")
        await nothing_was_made_twice(gate, cor)
    assert asked.room in gate.made
    assert len([message for message in cor.heard if "Zal ik het doen?" in message.body]) == 1
