"""Whatever a server or a person sends: what is said afterwards is heard and answered."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.chat import Later
from bot.matrix import MatrixChat, MatrixStopped
from bot.matrix.session import SessionFault
from bot.matrix.shapes import DEEPEST, read_json, without_depths
from bot.matrix.wire import Pace, _answer
from tests.fake_homeserver import FakeHomeserver, Fault, fake_homeserver
from tests.matrix_house import QUICK, RecordingHouse, chatting, post, render, settings_on

BOT = "@kring:fake.test"


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


class Talk:
    """Anna's direct chat with a running bot."""

    def __init__(self, server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, room: str, anna: str) -> None:
        self.server = server
        self.house = house
        self.chat = chat
        self.room = room
        self.anna = anna
        self._count = 0

    async def still_goes(self) -> None:
        """Something said now is heard, and an answer arrives."""
        self._count += 1
        word = f"ben je er nog {self._count}"
        self.server.says(self.room, self.anna, word)
        heard = await self.house.hears(word)
        await persistently(self.chat, post(f"ja {self._count}", letter=word), heard.destination)
        said = [event["content"].get("body") for event in self.server.said_by(BOT, self.room)]
        assert said.count(f"ja {self._count}") == 1


async def persistently(chat: MatrixChat, letter: Any, room: str) -> None:
    """Post as a postman does: again when told later."""
    async with asyncio.timeout(10):
        while True:
            try:
                return await chat.post(letter, room)
            except Later as wait:
                await asyncio.sleep(wait.seconds or 0.02)


@pytest.fixture
async def talk(server: FakeHomeserver, tmp_path: Path) -> AsyncIterator[Talk]:
    house, anna = RecordingHouse(), server.account("anna")
    async with chatting(server, house, tmp_path, sync_timeout_ms=300) as chat:
        room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        await house.until(lambda: house.places.get(f"direct/{anna}") == room)
        yield Talk(server, house, chat, room, anna)


FAULTS = [
    (kind, path)
    for kind in ("429", "502", "hang", "reset", "garbage", "wrong", "refuse", "lose")
    for path in ("/sync", "/send/", "/members", "/keys/")
    if (kind, path) != ("refuse", "/send/")  # a refused letter is undeliverable
]


@pytest.mark.parametrize(("kind", "path"), FAULTS)
async def test_after_a_fault_the_talk_goes_on(talk: Talk, kind: str, path: str) -> None:
    fault = Fault(kind, path, times=2)
    talk.server.device_of(BOT).one_time.clear()  # the next sync makes the bot upload keys
    talk.server.faults.append(fault)
    talk.server.timeline_limit = 1  # and the gap makes it look again who is there
    for number in range(3):
        talk.server.says(talk.room, talk.anna, f"eerder {number}")
    await talk.still_goes()
    await talk.server.until(lambda: fault in talk.server.faulted)
    assert talk.house.texts()[:3] == ["eerder 0", "eerder 1", "eerder 2"]


POISON_EVENTS: list[Any] = [
    {"type": "m.room.encrypted", "content": {}},
    {"type": "m.room.encrypted", "content": {"algorithm": "m.megolm.v1.aes-sha2"}},
    {
        "type": "m.room.encrypted",
        "content": {
            "algorithm": "m.megolm.v1.aes-sha2",
            "ciphertext": "AwgAEpABqg",
            "sender_key": "x",
            "session_id": "y",
            "device_id": "Z",
        },
    },
    {
        "type": "m.room.encrypted",
        "content": {"algorithm": ["a"], "ciphertext": {"a": 1}, "sender_key": 5, "session_id": None, "device_id": {}},
    },
    {"type": "m.room.message", "content": []},
    {"type": "m.room.message", "content": {"msgtype": "m.text", "body": {"a": "b"}}},
    {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "x", "m.relates_to": [1, 2]}},
    {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "\ud800"}},
    {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "x"}, "origin_server_ts": -(10**40)},
    {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "x"}, "unsigned": "no"},
    {"type": ["m.room.message"], "content": {}},
    {"type": "m.room.member", "state_key": "@x:y", "content": {"membership": 7, "displayname": {}}},
    {"type": "m.room.member", "state_key": "@x:y", "content": None},
    {"type": "m.room.power_levels", "state_key": "", "content": {"users": [], "ban": "much"}},
    {"type": "m.room.create", "state_key": "", "content": {"room_version": 5, "predecessor": "x"}},
    {"type": "m.room.encryption", "state_key": "other", "content": {"algorithm": 3}},
    {"type": "m.room.name", "state_key": "", "content": {"name": 5}},
    {"type": "m.room.pinned_events", "state_key": "", "content": {"pinned": "all"}},
    {"type": "m.room.tombstone", "state_key": "", "content": {"replacement_room": 5}},
    {"type": "m.room.redaction", "content": {}, "redacts": []},
]


@pytest.mark.parametrize("event", POISON_EVENTS, ids=lambda event: str(event["type"]))
async def test_after_a_poisoned_event_the_talk_goes_on(talk: Talk, event: Any) -> None:
    """State goes into a room of its own: a room may well be unusable after it, but no other."""
    room = talk.room
    if "state_key" in event:
        room = talk.server.makes_room(talk.anna, invite=(BOT,), is_direct=True)
        await talk.server.until(lambda: talk.server.rooms[room].membership(BOT) == "join")
    talk.server.add(room, {"sender": talk.anna, **event})
    await talk.still_goes()


KEY = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU"
POISON_TO_DEVICE: list[Any] = [
    {"type": "m.room.encrypted", "sender": "@a:b", "content": {}},
    {"type": "m.room.encrypted", "sender": "@a:b", "content": {"algorithm": "m.olm.v1.curve25519-aes-sha2"}},
    {
        "type": "m.room.encrypted",
        "sender": "@a:b",
        "content": {
            "algorithm": "m.olm.v1.curve25519-aes-sha2",
            "sender_key": KEY,
            "ciphertext": {"OWN": {"type": 0, "body": "AwogYWJj"}},
        },
    },
    {
        "type": "m.room.encrypted",
        "sender": "@a:b",
        "content": {
            "algorithm": "m.olm.v1.curve25519-aes-sha2",
            "sender_key": KEY,
            "ciphertext": {"OWN": {"type": 1, "body": "!!!"}},
        },
    },
    {"type": "m.room_key_request", "sender": "@a:b", "content": {"action": "request", "body": 5}},
    {"type": "m.room_key", "sender": "@a:b", "content": {"algorithm": 1, "session_key": "x"}},
    {"type": "m.key.verification.start", "sender": "@a:b", "content": {"transaction_id": 5}},
    {
        "type": "m.key.verification.cancel",
        "sender": "@a:b",
        "content": {"transaction_id": "x", "code": "c", "reason": "r"},
    },
    {"type": "m.dummy", "sender": None, "content": 5},
    {"type": 5},
    {},
    "text",
    None,
    [1],
]


@pytest.mark.parametrize("event", POISON_TO_DEVICE, ids=lambda event: str(event)[:40])
async def test_after_a_poisoned_to_device_message_the_talk_goes_on(talk: Talk, event: Any) -> None:
    own = talk.server.device_of(BOT)
    curve = own.keys["keys"][f"curve25519:{own.id}"]
    talk.server.sends_to_device(BOT, json.loads(json.dumps(event).replace("OWN", curve)))
    await talk.still_goes()


def with_rooms(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], Any]:
    def patch(answer: dict[str, Any]) -> dict[str, Any]:
        change(answer)
        return answer

    return patch


POISON_ANSWERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no token": lambda answer: {name: part for name, part in answer.items() if name != "next_batch"},
    "token of another type": lambda answer: answer | {"next_batch": 5},
    "token null": lambda answer: answer | {"next_batch": None},
    "extra rooms of the wrong type": with_rooms(lambda answer: answer["rooms"].update(leave=[], invite="x", knock=5)),
    "a sparse invite": with_rooms(
        lambda answer: answer["rooms"].update(invite={"!new": {}, "!b": {"invite_state": []}})
    ),
    "a sparse leave": with_rooms(lambda answer: answer["rooms"].update(leave={"!gone": {}})),
    "a bare join": with_rooms(lambda answer: answer["rooms"]["join"].update({"!bare": {}, "!list": [], "!none": None})),
    "state of the wrong type": with_rooms(
        lambda answer: answer["rooms"]["join"].update(
            {"!odd": {"state": {"events": 5}, "timeline": {"events": {"a": 1}}}}
        )
    ),
    "a gap without a way back": with_rooms(
        lambda answer: answer["rooms"]["join"].update({"!gap": {"timeline": {"limited": True, "events": []}}})
    ),
    "counts of the wrong type": lambda answer: answer | {"device_one_time_keys_count": {"signed_curve25519": "many"}},
    "device lists of the wrong type": lambda answer: answer | {"device_lists": {"changed": [5, None, {}], "left": "x"}},
    "to-device of the wrong type": lambda answer: answer | {"to_device": {"events": "x"}, "account_data": []},
    "too deep": lambda answer: json.dumps(answer)[:-1] + ', "deep": ' + "[" * 5000 + "]" * 5000 + "}",
    "too long a number": lambda answer: json.dumps(answer)[:-1] + ', "long": ' + "9" * 6000 + "}",
}


@pytest.mark.parametrize("name", POISON_ANSWERS)
async def test_after_a_poisoned_answer_the_talk_goes_on(talk: Talk, name: str) -> None:
    talk.server.sync_patches.append(POISON_ANSWERS[name])
    await talk.still_goes()
    assert not talk.server.sync_patches
    await talk.still_goes()


async def test_a_room_whose_history_the_server_cannot_give_does_not_stop_the_others(talk: Talk) -> None:
    talk.server.timeline_limit = 1
    talk.server.faults.append(Fault("502", "/messages", times=99))
    for number in range(4):
        talk.server.says(talk.room, talk.anna, f"snel {number}")
    await talk.house.hears("snel 3")
    talk.server.faults.clear()
    await talk.still_goes()


async def test_a_revoked_token_stops_the_bot_with_the_way_out(server: FakeHomeserver, tmp_path: Path) -> None:
    house = RecordingHouse()
    chat = MatrixChat(settings_on(server), tmp_path, render, pace=QUICK)
    server.faults.append(Fault("revoked", "/sync"))
    with pytest.raises(MatrixStopped, match="kring matrix login"):
        await chat.run(house)


async def test_a_soft_logout_stops_the_bot_and_says_so(server: FakeHomeserver, tmp_path: Path) -> None:
    chat = MatrixChat(settings_on(server), tmp_path, render, pace=QUICK)
    server.faults.append(Fault("soft", "/sync"))
    with pytest.raises(MatrixStopped, match="for a while"):
        await chat.run(RecordingHouse())


async def test_a_letter_that_finds_the_token_revoked_stops_the_whole_run(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house, anna = RecordingHouse(), server.account("anna")
    chat = MatrixChat(settings_on(server), tmp_path, render, pace=QUICK)
    running = asyncio.create_task(chat.run(house))
    await house.until(lambda: chat.ready()["matrix_sync"])
    room = await chat.place(f"direct/{anna}")
    server.faults.append(Fault("revoked", "/send"))
    with pytest.raises(Later):
        await chat.post(post("dag"), room)
    with pytest.raises(MatrixStopped):
        await running


@pytest.mark.parametrize(
    ("kind", "path"), [("reset", "/login"), ("502", "/login"), ("reset", "/versions"), ("502", "/versions")]
)
async def test_a_server_that_is_away_at_the_start_is_waited_for(
    server: FakeHomeserver, tmp_path: Path, kind: str, path: str
) -> None:
    house = RecordingHouse()
    server.faults.append(Fault(kind, path, times=3))
    async with chatting(server, house, tmp_path) as chat:
        assert chat.ready() == {"matrix_sync": True, "matrix_cross_signed": True}
    assert chat.ready()["matrix_sync"] is False
    assert not server.faults


async def test_a_server_that_is_out_of_order_when_the_bot_comes_back_is_waited_for(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house = RecordingHouse()
    async with chatting(server, house, tmp_path):
        pass
    server.faults.append(Fault("502", "/whoami", times=2))
    async with chatting(server, house, tmp_path) as chat:
        assert chat.ready()["matrix_sync"]
    assert not server.faults


def test_a_server_that_asks_for_patience_in_thousands_of_digits_is_given_the_longest() -> None:
    with pytest.raises(Later) as wait:
        _answer(429, {}, "9" * 5_000)
    assert wait.value.seconds == 600.0


@pytest.mark.parametrize("kind", ["502", "429", "reset"])
async def test_a_server_that_cannot_cross_sign_at_the_start_is_asked_again(
    server: FakeHomeserver, tmp_path: Path, kind: str
) -> None:
    house = RecordingHouse()
    server.faults.append(Fault(kind, "/keys/query", times=1 if kind != "429" else 3))
    async with chatting(server, house, tmp_path) as chat:
        assert not chat.ready()["matrix_cross_signed"]
        await server.until(lambda: chat.ready()["matrix_cross_signed"])


async def test_a_wrong_password_is_told_at_once(server: FakeHomeserver, tmp_path: Path) -> None:
    settings = settings_on(server)
    server.account("kring", "another")
    with pytest.raises(SessionFault, match="wrong password"):
        await MatrixChat(settings, tmp_path, render, pace=QUICK).run(RecordingHouse())


async def test_the_bot_does_not_hammer_a_server_that_answers_at_once_with_nothing(talk: Talk) -> None:
    talk.server.sync_patches.extend([lambda _: {"next_batch": talk.house.marks["matrix/sync"]}] * 3)
    for number in range(3):
        talk.server.says(talk.room, talk.anna, f"leeg {number}")
    await talk.house.hears("leeg 2")
    at = [request.at for request in talk.server.asked("/sync")][-4:]
    assert at[-1] - at[0] > QUICK.first_retry


def test_a_pause_doubles_up_to_the_longest_and_differs_between_bots() -> None:
    pace = Pace(first_retry=1.0, longest_retry=60.0)
    pauses = [pace.pause(attempt, "@kring:a") for attempt in range(1, 40)]
    assert all(0.5 <= pause / min(60.0, 2.0**place) <= 1.0 for place, pause in enumerate(pauses))
    assert pauses != [pace.pause(attempt, "@kring:b") for attempt in range(1, 40)]


def test_json_too_deep_is_read_without_its_depths() -> None:
    deep = '{"a": ' + "[" * 9000 + "1" + "]" * 9000 + ', "b": "]}\\"[{", "c": [1, {"d": 2}]}'
    assert read_json(deep.encode()) == {"a": _nested(DEEPEST - 1), "b": ']}"[{', "c": [1, {"d": 2}]}


def _nested(levels: int) -> Any:
    value: Any = None
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("text", ["{}", "[]", '{"a": [1, {"b": "x"}]}', '"[[["', "1"])
def test_json_that_is_not_deep_stays_as_it_is(text: str) -> None:
    assert without_depths(text) == text


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"<html>", b'{"a":' + b"[" * 100_000])
def test_what_is_no_json_is_nothing(body: bytes) -> None:
    assert read_json(body) is None
