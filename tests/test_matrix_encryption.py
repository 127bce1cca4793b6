"""Encrypted talk with real clients on the other side, through a fake homeserver that delays, forges and withholds."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, cast

import nio
import pytest
from nio.crypto import decrypt_attachment
from nio.responses import DeviceList, DeviceOneTimeKeyCount, Rooms

from bot.chat import Later
from bot.matrix import MatrixChat
from bot.matrix.late import MARK, LateMessages, Unread
from bot.matrix.session import close_session, open_session
from storage.letters import File
from tests.fake_homeserver import FakeHomeserver, Fault, fake_homeserver
from tests.matrix_house import QUICK, RecordingHouse, chatting, post, settings_on
from tests.participant import Participant, participant
from tests.synapse import Credentials, Synapse

BOT = "@kring:fake.test"


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


def person(server: FakeHomeserver, name: str) -> AbstractAsyncContextManager[Participant]:
    return participant(cast("Synapse", server), Credentials(server.account(name), "secret"))


@pytest.fixture
async def anna(server: FakeHomeserver, chat: MatrixChat) -> AsyncIterator[Participant]:
    assert chat.ready()["matrix_cross_signed"]
    async with person(server, "anna") as running:
        yield running


async def begin_chat(anna: Participant, house: RecordingHouse) -> str:
    """An encrypted direct chat that the bot has looked around in: only then may others come in."""
    room = await anna.direct_chat(BOT)
    await house.until(lambda: house.places.get(f"direct/{anna.user_id}") == room)
    return room


async def test_a_direct_chat_is_encrypted_both_ways(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, anna: Participant
) -> None:
    room = await anna.direct_chat(BOT)
    await anna.say(room, "aanmelden")
    heard = await house.hears("aanmelden")
    assert heard.facts.encrypted
    await chat.post(post("Welkom", letter="a"), heard.destination)
    message = await anna.wait_for("Welkom", room)
    assert (message.kind, message.encrypted) == ("m.notice", True)
    assert {event["type"] for event in server.said_by(BOT)} == {"m.room.encrypted"}
    assert "Welkom" not in json.dumps(server.rooms[room].events)


async def test_a_letter_to_somebody_who_still_has_to_come_in_can_be_read_afterwards(
    server: FakeHomeserver, chat: MatrixChat, anna: Participant
) -> None:
    room = await chat.place(f"direct/{anna.user_id}")
    await chat.post(post("Kom je ook?"), room)
    assert (await anna.wait_for("Kom je ook?", room)).encrypted
    assert server.rooms[room].membership(anna.user_id) == "join"


async def test_who_comes_in_later_can_read_what_is_said_from_then_on(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, anna: Participant
) -> None:
    room = await begin_chat(anna, house)
    await chat.post(post("voor twee", letter="1"), room)
    async with person(server, "bo") as bo:
        server.invites(room, anna.user_id, bo.user_id)
        await anna.sees(room, bo.user_id)
        await bo.joined(room)
        await server.until(
            lambda: bo.user_id in chat._running.sending._known.cards[room].joined if chat._running else False
        )
        await chat.post(post("voor drie", letter="2"), room)
        assert (await bo.wait_for("voor drie", room)).encrypted
    assert (await anna.wait_for("voor drie", room)).encrypted


async def test_a_message_whose_key_comes_later_is_heard_then(
    server: FakeHomeserver, house: RecordingHouse, anna: Participant
) -> None:
    room = await anna.direct_chat(BOT)
    server.withheld = []
    await anna.say(room, "te vroeg")
    await house.until(lambda: house.unread)
    assert house.unread == [(anna.user_id, room)]
    assert house.texts() == []
    server.let_through()
    await house.hears("te vroeg")
    assert house.marks[MARK] == "[]"


async def test_what_was_heard_late_is_not_counted_for_ever(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, anna: Participant
) -> None:
    room = await anna.direct_chat(BOT)
    server.withheld = []
    await anna.say(room, "te vroeg")
    await house.until(lambda: house.marks.get(MARK, "[]") != "[]")
    server.let_through()
    await house.hears("te vroeg")
    await anna.say(room, "en nog iets")
    await house.hears("en nog iets")
    assert chat._running is not None
    assert chat._running._hearing._tries == {}


async def test_a_message_whose_key_comes_after_a_restart_is_heard_then(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    async with person(server, "anna") as anna:
        async with chatting(server, house, tmp_path):
            room = await anna.direct_chat(BOT)
            server.withheld = []
            event = await anna.say(room, "nog te vroeg")
            await house.until(lambda: event in house.marks.get(MARK, ""))
        assert "vroeg" not in json.dumps(house.marks)
        server.let_through()
        async with chatting(server, house, tmp_path):
            await house.hears("nog te vroeg")


async def test_a_message_whose_key_came_just_before_the_end_is_heard_at_the_next_start(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    async with person(server, "anna") as anna:
        async with chatting(server, house, tmp_path):
            room = await anna.direct_chat(BOT)
            event = await anna.say(room, "op het nippertje")
            await house.hears("op het nippertje")
        house.heard.clear()
        house.marks[MARK] = json.dumps([[room, event, anna.user_id, "session"]])
        async with chatting(server, house, tmp_path):
            await house.hears("op het nippertje")
            await house.until(lambda: house.marks[MARK] == "[]")


async def test_who_cannot_be_read_is_told_once_an_hour(house: RecordingHouse) -> None:
    late = LateMessages(house, QUICK)
    for number in range(3):
        late.add(Unread("!room", f"$event{number}", "@anna:x", "session"))
    await house.until(lambda: house.unread)
    late.cannot_read("@anna:x", "!other")
    late.cannot_read("@bo:x", "!other")
    assert house.unread == [("@anna:x", "!room"), ("@bo:x", "!other")]


async def test_of_very_many_unread_messages_the_oldest_are_given_up(house: RecordingHouse) -> None:
    late = LateMessages(house, QUICK)
    for number in range(400):
        late.add(Unread("!room", f"$event{number}", "@anna:x", "session"))
        late.read(f"$event{number}") if number == 399 else None
    late.keep()
    kept = LateMessages(house, QUICK).all()
    assert (len(kept), kept[0].event, kept[-1].event) == (299, "$event100", "$event398")


async def test_a_message_under_somebody_elses_name_is_not_believed(
    server: FakeHomeserver, house: RecordingHouse, anna: Participant
) -> None:
    room = await begin_chat(anna, house)
    async with person(server, "bo") as bo:
        server.joins(room, bo.user_id)
        await anna.say(room, "van anna")
        await house.hears("van anna")
        server.rewrite = lambda event: {**event, "sender": bo.user_id}
        await anna.say(room, "zogenaamd van bo")
        server.rewrite = None
        await anna.say(room, "weer van anna")
        await house.hears("weer van anna")
        await house.until(lambda: house.unread)
    assert house.texts() == ["van anna", "weer van anna"]
    assert house.unread == [(bo.user_id, room)]


async def test_a_coordinators_identity_is_pinned_and_another_one_is_not_believed(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    async with (
        person(server, "anna") as anna,
        chatting(server, house, tmp_path, coordinators=frozenset({anna.user_id})),
    ):
        room = await anna.direct_chat(BOT)
        await anna.say(room, "zonder identiteit")
        await house.hears("zonder identiteit")
        house.marks[f"matrix/pin/{anna.user_id}"] = "de sleutel van voorheen"
        await anna.client.logout()
    house.heard.clear()
    async with (
        person(server, "anna") as impostor,
        chatting(server, house, tmp_path, coordinators=frozenset({impostor.user_id})),
    ):
        room = await impostor.direct_chat(BOT)
        await impostor.say(room, "namens haar server")
        await house.until(lambda: house.unread)
    assert house.texts() == []


JUNK_DEVICES: list[Any] = [
    {"X": {}},
    {"X": {"user_id": "@eve:fake.test", "device_id": "X", "keys": {"ed25519:X": "a", "curve25519:X": "b"}}},
    {
        "X": {
            "user_id": "@eve:fake.test",
            "device_id": "X",
            "algorithms": [],
            "keys": {"ed25519:X": "!", "curve25519:X": 5},
            "signatures": {"@eve:fake.test": {"ed25519:X": "!"}},
        }
    },
    {"X": None},
    {"X": []},
    [],
    "x",
    None,
]


@pytest.mark.parametrize("devices", JUNK_DEVICES, ids=str)
async def test_junk_for_devices_of_one_keeps_nobody_else_from_reading(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, anna: Participant, devices: Any
) -> None:
    room = await begin_chat(anna, house)
    eve = server.account("eve")
    server.shown_keys[eve] = devices
    server.joins(room, eve)
    await chat.post(post("toch leesbaar"), room)
    assert (await anna.wait_for("toch leesbaar", room)).encrypted


async def test_one_junk_device_does_not_keep_its_owner_from_reading_on_another(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, anna: Participant
) -> None:
    room = await begin_chat(anna, house)
    async with person(server, "eve") as eve:
        good = server.device_of(eve.user_id)
        server.shown_keys[eve.user_id] = {"X": {}, good.id: good.keys}
        server.joins(room, eve.user_id)
        await chat.post(post("op het goede apparaat"), room)
        assert (await eve.wait_for("op het goede apparaat", room)).encrypted


@pytest.mark.parametrize(
    "junk", [{"signed_curve25519:A": {"key": "!"}}, {}, {"x": 5}, {"signed_curve25519:A": "x"}], ids=str
)
async def test_a_junk_one_time_key_of_one_keeps_nobody_else_from_reading(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, anna: Participant, junk: Any
) -> None:
    room = await begin_chat(anna, house)
    async with person(server, "eve") as eve:
        await server.until(lambda: server.device_of(eve.user_id).one_time)
        server.device_of(eve.user_id).one_time = dict.fromkeys(junk, next(iter(junk.values()))) if junk else {}
        server.joins(room, eve.user_id)
        await chat.post(post("toch leesbaar"), room)
        assert (await anna.wait_for("toch leesbaar", room)).encrypted


async def test_a_room_key_that_the_server_did_not_pass_on_is_sent_again_before_the_letter(
    server: FakeHomeserver, chat: MatrixChat, anna: Participant
) -> None:
    room = await anna.direct_chat(BOT)
    server.faults.append(Fault("429", "/sendToDevice/m.room.encrypted"))
    with pytest.raises(Later):
        await chat.post(post("met sleutel"), room)
    assert server.said_by(BOT, room) == []
    await chat.post(post("met sleutel"), room)
    assert (await anna.wait_for("met sleutel", room)).encrypted
    assert not anna.unreadable


@pytest.mark.parametrize("path", ["/keys/claim", "/keys/query", "/members"])
async def test_a_fault_on_the_way_to_the_keys_does_not_lock_the_room(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, anna: Participant, path: str
) -> None:
    room = await begin_chat(anna, house)
    await server.until(lambda: server.asked("/keys/query"))
    if path == "/members":
        server.joins(room, server.account("bo"))
    server.faults.append(Fault("reset", path, times=2))
    async with asyncio.timeout(5):
        for _ in range(20):
            try:
                await chat.post(post("gelukt"), room)
                break
            except Later:
                await asyncio.sleep(0.01)
    assert (await anna.wait_for("gelukt", room)).encrypted


async def test_one_time_keys_are_refilled_when_the_server_has_none_left(
    server: FakeHomeserver, chat: MatrixChat
) -> None:
    assert chat.ready()["matrix_sync"]
    own = server.device_of(BOT)
    await server.until(lambda: len(own.one_time) > 10)
    own.one_time.clear()
    server.sends_to_device(BOT, {"type": "m.dummy", "sender": BOT, "content": {}})
    await server.until(lambda: len(own.one_time) > 10)


async def test_an_old_letter_in_an_encrypted_room_is_found_by_reading_back(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    async with person(server, "anna") as anna:
        async with chatting(server, house, tmp_path) as chat:
            room = await anna.direct_chat(BOT)
            await chat.post(post("al gezegd", letter="oud"), room)
        server.device_of(BOT).transactions.clear()
        async with chatting(server, house, tmp_path) as chat:
            await chat.post(post("al gezegd", letter="oud", old=True), room)
    assert len(server.said_by(BOT, room)) == 1


async def test_a_file_is_encrypted_where_the_room_is(
    server: FakeHomeserver, chat: MatrixChat, anna: Participant
) -> None:
    room = await anna.direct_chat(BOT)
    got: list[nio.RoomEncryptedFile] = []
    anna.client.add_event_callback(lambda _, event: got.append(event), nio.RoomEncryptedFile)
    await chat.post(post("Je rooster", file=File(name="r.ics", mime="text/calendar", content=b"BEGIN")), room)
    await anna.wait_for("Je rooster", room)
    await server.until(lambda: got)
    [stored] = server.uploads.values()
    assert stored != b"BEGIN"
    opened = decrypt_attachment(stored, got[0].key["k"], got[0].hashes["sha256"], got[0].iv)
    assert opened == b"BEGIN"


async def test_a_reply_in_an_encrypted_room_names_its_letter(
    house: RecordingHouse, chat: MatrixChat, anna: Participant
) -> None:
    room = await anna.direct_chat(BOT)
    await chat.post(post("Kom je?", letter="vraag-1"), room)
    question = await anna.wait_for("Kom je?", room)
    content = {
        "msgtype": "m.text",
        "body": "> <@kring:fake.test> Kom je?\n\nja",
        "m.relates_to": {"m.in_reply_to": {"event_id": question.event.event_id}},
    }
    await anna.client.room_send(room, "m.room.message", content, ignore_unverified_devices=True)
    assert (await house.hears("ja")).reply_to == "vraag-1"


# What nio 0.26 does by itself, and why the adapter does it otherwise: each fails when nio no longer needs it.


@pytest.fixture
async def client(server: FakeHomeserver, tmp_path: Path) -> AsyncIterator[nio.AsyncClient]:
    logged_in = await open_session(settings_on(server), tmp_path)
    yield logged_in
    await close_session(logged_in)


def sync_answer(to_device: list[Any], left: int | None = None) -> nio.SyncResponse:
    events = [nio.ToDeviceEvent.parse_event(event) for event in to_device]
    count = DeviceOneTimeKeyCount(None, left)
    return nio.SyncResponse("s1", Rooms({}, {}, {}), count, DeviceList([], []), events, [])


async def test_nio_itself_ends_at_a_poisoned_to_device_message(client: nio.AsyncClient) -> None:
    own = client.olm.account.identity_keys["curve25519"]
    ciphertext = {own: {"type": 0, "body": "AwogYWJj"}}
    content = {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": own, "ciphertext": ciphertext}
    poison = {"type": "m.room.encrypted", "sender": "@a:b", "content": content}
    with pytest.raises(ValueError, match=r"."):
        await client.receive_response(sync_answer([poison]))


async def test_nio_itself_does_not_notice_that_no_one_time_keys_are_left(client: nio.AsyncClient) -> None:
    client.olm.account.shared = True
    client.olm.uploaded_key_count = 50
    await client.receive_response(sync_answer([], left=0))
    assert client.olm.uploaded_key_count == 50


async def test_nio_itself_lets_one_bad_device_stop_the_keys_of_all(client: nio.AsyncClient) -> None:
    with pytest.raises((KeyError, TypeError)):
        await client.receive_response(nio.KeysQueryResponse({"@eve:x": {"X": {}}}, {}))


async def test_nio_itself_counts_a_room_key_as_shared_that_the_server_refused(
    server: FakeHomeserver, client: nio.AsyncClient
) -> None:
    async with person(server, "anna") as anna:
        room = server.makes_room(anna.user_id, invite=(BOT,), encrypted=True)
        await client.keys_upload()
        await client.join(room)
        await client.sync(full_state=True)
        await client.joined_members(room)
        await client.keys_query()
        server.faults.append(Fault("refuse", "/sendToDevice/"))
        await client.share_group_session(room, ignore_unverified_devices=True)
        assert client.olm.outbound_group_sessions[room].shared
