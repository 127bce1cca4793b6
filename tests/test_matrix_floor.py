"""Who may post in a room on Matrix: one state event, given and taken back, and never in the way of anything else."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.matrix import MatrixChat
from bot.matrix.floor import SPEAKS, can_give, floor
from programme.rooms import RoomWish
from programme.text import Both
from tests.fake_homeserver import FakeHomeserver, Fault, fake_homeserver
from tests.matrix_house import RecordingHouse, chatting

BOT = "@kring:fake.test"
ANNA, BO = "@anna:fake.test", "@bo:fake.test"
GROUP = "group/wissel-2026/1"
LEVELS = "m.room.power_levels"
GIVEN: dict[str, Any] = {"users": {BOT: 100, "@cor:fake.test": 50}, "events": {LEVELS: 100}, "invite": 50}


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


@pytest.fixture
def house() -> RecordingHouse:
    return RecordingHouse()


@pytest.fixture
async def chat(server: FakeHomeserver, house: RecordingHouse, tmp_path: Path) -> AsyncIterator[MatrixChat]:
    async with chatting(server, house, tmp_path) as running:
        yield running


def wish(speakers: set[str] | None = None, **more: Any) -> RoomWish:
    return RoomWish(
        key=GROUP,
        name=Both(nl="Groep 1", en="Group 1"),
        topic=Both(nl="Onder ons", en="Among us"),
        members=frozenset({ANNA, BO}),
        speakers=frozenset(speakers) if speakers is not None else None,
        **more,
    )


def test_the_floor_is_for_the_speakers_alone_and_for_everybody_again() -> None:
    held = floor(GIVEN, frozenset({ANNA}), frozenset())
    assert held == {**GIVEN, "users": {**GIVEN["users"], ANNA: SPEAKS}, "events_default": SPEAKS}
    passed_on = floor(held, frozenset({BO}), frozenset())
    assert passed_on["users"] == {**GIVEN["users"], BO: SPEAKS}
    assert floor(passed_on, None, frozenset()) == {**GIVEN, "events_default": 0}


def test_a_floor_that_is_for_everybody_is_left_as_it_is() -> None:
    assert floor(GIVEN, None, frozenset()) == GIVEN
    closed = {**GIVEN, "events_default": 100}
    assert floor(closed, None, frozenset()) == closed


def test_who_has_power_already_keeps_it_and_a_creator_is_not_named() -> None:
    held = floor(GIVEN, frozenset({BOT, "@cor:fake.test", ANNA}), frozenset({ANNA}))
    assert held["users"] == GIVEN["users"]


@pytest.mark.parametrize(
    ("levels", "creators", "can"),
    [
        (GIVEN, frozenset(), True),
        ({**GIVEN, "users": {BOT: 50}}, frozenset(), False),
        ({"users": {}}, frozenset({BOT}), True),
        ({"users": {BOT: 50}}, frozenset(), True),
        ({}, frozenset(), False),
    ],
)
def test_it_can_be_given_by_who_may_change_power(levels: dict[str, Any], creators: frozenset[str], can: bool) -> None:
    assert can_give(levels, creators, BOT) is can


async def settled(server: FakeHomeserver, room: str, speakers: set[str] | None) -> dict[str, Any]:
    """The power levels of the room, once it lets these people post."""

    def so() -> bool:
        levels = server.rooms[room].state()[LEVELS, ""]["content"]
        speaking = {who for who, level in levels["users"].items() if level == SPEAKS}
        held = levels.get("events_default", 0) == SPEAKS
        return speaking == (speakers or set()) and held is (speakers is not None)

    await server.until(so)
    content: dict[str, Any] = server.rooms[room].state()[LEVELS, ""]["content"]
    return content


async def test_each_turn_takes_one_state_event_and_the_end_gives_all_back(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    for name in ("anna", "bo"):
        server.account(name)
    house.wished = [wish()]
    room = await chat.place(GROUP)
    chat.wishes_changed()
    before = await settled(server, room, None)
    puts = len(server.puts(LEVELS))
    for speakers in ({ANNA}, {BO}, {BO}):
        house.wished = [wish(speakers)]
        chat.wishes_changed()
        await settled(server, room, speakers)
    assert len(server.puts(LEVELS)) == puts + 2
    house.wished = [wish()]
    chat.wishes_changed()
    after = await settled(server, room, None)
    assert (after["users"], after["events_default"], after["invite"]) == (before["users"], 0, before["invite"])


async def test_a_server_that_refuses_leaves_everybody_free_and_the_house_is_told(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    house.wished = [wish()]
    room = await chat.place(GROUP)
    server.faults.append(Fault("refuse", LEVELS))
    house.wished = [wish({ANNA})]
    chat.wishes_changed()
    await house.until(lambda: house.not_silenced)
    assert house.not_silenced == [GROUP]
    await settled(server, room, None)


async def test_a_server_that_is_away_for_a_moment_holds_people_back_a_little_later(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    house.wished = [wish()]
    room = await chat.place(GROUP)
    server.faults.append(Fault("502", LEVELS))
    house.wished = [wish({ANNA})]
    chat.wishes_changed()
    await settled(server, room, {ANNA})
    assert house.not_silenced == []


async def test_the_platform_says_how_a_room_is(server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat) -> None:
    house.wished = [wish()]
    room = await chat.place(GROUP)
    server.joins(room, server.account("anna"))
    await server.until(lambda: server.rooms[room].membership(ANNA) == "join")
    chat.wishes_changed()
    facts = await chat.facts(room)
    assert (facts.encrypted, facts.can_silence, facts.history) == (True, True, "joined")
