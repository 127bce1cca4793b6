"""The whole house on Matrix, killed while private writing goes out to an encrypted room: looked for there, and asked again if need be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.app import House, Setup
from bot.chat import Heard, RoomFacts
from bot.clock import SetClock
from bot.intervision.sessions import revealed_as
from bot.matrix import MatrixChat
from bot.matrix.sending import transaction
from bot.transcript import enrolled, grouped
from programme import rooms
from programme.intervision.session import Session
from programme.intervision.written import SilentWrite
from programme.people import Person
from tests.fake_homeserver import FakeHomeserver, Fault, fake_homeserver
from tests.matrix_house import QUICK, settings_on
from tests.stage import all_commands, edition, local

NAMES = ("anna", "bram", "carla", "dirk")
ROOM = rooms.group(edition().id, 1)
PIECES = {"carla": "ik zou bellen", "dirk": "ik zou wachten", "anna": "ik zou schrijven"}
UP_TO_WRITING = ("!start intervisie", *["!overslaan"] * 2, "!inbrenger bram", "!volgende", *["!overslaan"] * 4)
AT = local("2026-10-13 13:30")


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


def id_of(name: str) -> str:
    return f"@{name}:fake.test"


@asynccontextmanager
async def open_house(server: FakeHomeserver, folder: Path) -> AsyncIterator[tuple[House, MatrixChat]]:
    """The house with its rooms on the server. At the end it is gone, as after a kill: nothing is waited for."""
    for name in NAMES:
        server.account(name)
    people = [Person(id=id_of(name), name=name.capitalize(), organisation=name, sector=name) for name in NAMES]
    house = House(Setup(folder / "state", all_commands(), [edition()], people, clock=SetClock(AT)))
    house.keep([*enrolled(people, edition(), AT), *grouped([tuple(map(id_of, NAMES))], edition())])
    chat = MatrixChat(settings_on(server), folder / "matrix", house.spell, pace=QUICK)
    serving = asyncio.create_task(house.serve([chat]))
    try:
        await server.until(lambda: serving.done() or house.place_of(ROOM) is not None)
        yield house, chat
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


class Speaking:
    """Lets people say something to the house, as the platform would hand it over."""

    def __init__(self, house: House, chat: MatrixChat) -> None:
        self._house = house
        self._chat = chat
        self._said = 0

    async def __call__(self, name: str, text: str, room: str = "") -> None:
        self._said += 1
        key = room or rooms.direct(id_of(name))
        facts = RoomFacts(members=frozenset(map(id_of, NAMES)), can_silence=True)
        id_ = f"{id(self._house)}/{self._said}"
        place = await self._chat.place(key)
        await self._house.hear(Heard(id_, id_of(name), key, place, text, AT, name.capitalize(), facts))


def session_of(house: House) -> Session:
    (session,) = house.store[Session].values()
    return session


def state_of(house: House) -> str:
    turn = session_of(house).turn
    return turn.state if isinstance(turn, SilentWrite) else ""


async def up_to_the_last_piece(house: House, chat: MatrixChat) -> Speaking:
    speaking = Speaking(house, chat)
    for line in UP_TO_WRITING:
        await speaking("anna", line, ROOM)
    for name in ("carla", "dirk"):
        await speaking(name, f"!schrijf {PIECES[name]}")
    return speaking


def sends_of_the_reveal(server: FakeHomeserver, house: House) -> int:
    return len(server.puts(transaction(revealed_as(session_of(house)))))


@pytest.mark.parametrize(("fault", "then"), [("lose", "released"), ("hang", "writing")])
async def test_the_bot_looks_whether_it_was_said_and_asks_again_only_if_not(
    fault: str, then: str, server: FakeHomeserver, tmp_path: Path
) -> None:
    async with open_house(server, tmp_path) as (house, chat):
        speaking = await up_to_the_last_piece(house, chat)
        first = session_of(house).model_copy(update={"revealings": 1})
        server.faults.append(Fault(fault, transaction(revealed_as(first)), times=50))
        await speaking("anna", f"!schrijf {PIECES['anna']}")
        await server.until(lambda: sends_of_the_reveal(server, house) > 0)
        assert state_of(house) == "releasing"
    server.faults.clear()
    async with open_house(server, tmp_path) as (house, chat):
        await server.until(lambda: state_of(house) == then)
        if then == "writing":
            speaking = Speaking(house, chat)
            for name, piece in PIECES.items():
                await speaking(name, f"!schrijf {piece}")
            await server.until(lambda: state_of(house) == "released")
            assert session_of(house).revealings == 2
            assert sends_of_the_reveal(server, house) == 1
