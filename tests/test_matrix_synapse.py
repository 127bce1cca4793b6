"""The adapter on a real homeserver: what a fake one may have got wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nio
import pytest
from pydantic import SecretStr

from bot.matrix import MatrixChat
from bot.matrix.known import CREATION_KEY
from bot.settings import MatrixSettings
from programme.rooms import RoomWish
from programme.text import Both
from storage.letters import File
from tests.matrix_house import RecordingHouse, chatting_as, post
from tests.participant import Participant, participant
from tests.synapse import Credentials, Synapse

pytestmark = pytest.mark.synapse
COHORT = "cohort/wissel-2026"


@pytest.fixture
def house() -> RecordingHouse:
    return RecordingHouse()


@pytest.fixture
async def bot(synapse: Synapse) -> Credentials:
    return await synapse.user("kring")


@pytest.fixture
async def anna(synapse: Synapse) -> AsyncIterator[Participant]:
    async with participant(synapse, await synapse.user("anna")) as running:
        yield running


@asynccontextmanager
async def on(synapse: Synapse, bot: Credentials, house: RecordingHouse, folder: Path) -> AsyncIterator[MatrixChat]:
    secret = SecretStr(bot.password)
    settings = MatrixSettings(
        homeserver=synapse.url, user=bot.user_id, password=secret, inviters=("@*:*",), sync_timeout_ms=5000
    )
    async with chatting_as(settings, house, folder) as chat:
        yield chat


async def state(person: Participant, room: str, kind: str) -> Any:
    answer = await person.client.room_get_state_event(room, kind)
    assert isinstance(answer, nio.RoomGetStateEventResponse), answer
    return answer.content


async def test_a_direct_chat_that_the_bot_begins_can_be_read_and_answered(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    async with on(synapse, bot, house, tmp_path) as chat:
        room = await chat.place(f"direct/{anna.user_id}")
        file = File(name="rooster.ics", mime="text/calendar", content=b"BEGIN:VCALENDAR")
        await chat.post(post("Kom je ook?", letter="vraag", file=file), room)
        question = await anna.wait_for("Kom je ook?", room)
        await anna.say(room, "ja")
        heard = await house.hears("ja")
        assert await chat.place(f"direct/{anna.user_id}") == room
    assert question.encrypted
    assert (heard.room, heard.facts.encrypted) == (f"direct/{anna.user_id}", True)
    assert heard.facts.members == {anna.user_id}
    assert (await state(anna, room, "m.room.create"))[CREATION_KEY] == f"direct/{anna.user_id}"


async def test_a_wished_room_stands_as_wished_and_is_found_again(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    house.wished = [
        RoomWish(
            key=COHORT,
            name=Both(nl="Wissel", en="Exchange"),
            topic=Both(nl="Iedereen", en="Everybody"),
            members=frozenset({anna.user_id}),
            powerful=frozenset({anna.user_id}),
            pinned=Both(nl="Wat hier gezegd wordt, blijft hier", en="What is said here stays here"),
        )
    ]
    async with on(synapse, bot, house, tmp_path) as chat:
        chat.wishes_changed()
        await house.until(lambda: house.mark(f"matrix/pinned/{COHORT}"))
        room = house.places.pop(COHORT)
        await anna.joined(room)
        await anna.sees(room, bot.user_id)
    async with on(synapse, bot, house, tmp_path) as chat:
        assert await chat.place(COHORT) == room
        await chat.post(post("Welkom allemaal", letter="welkom"), room)
        assert (await anna.wait_for("Welkom allemaal", room)).encrypted
    assert (await state(anna, room, "m.room.name"))["name"] == "Wissel"
    assert (await state(anna, room, "m.room.topic"))["topic"] == "Iedereen"
    assert (await state(anna, room, "m.room.power_levels"))["users"][anna.user_id] == 50
    assert (await state(anna, room, "m.room.encryption"))["algorithm"] == "m.megolm.v1.aes-sha2"
    assert (await state(anna, room, "m.room.history_visibility"))["history_visibility"] == "joined"
    assert len((await state(anna, room, "m.room.pinned_events"))["pinned"]) == 1


async def test_what_was_said_while_the_bot_was_away_is_heard_in_order(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    async with on(synapse, bot, house, tmp_path):
        room = await anna.direct_chat(bot.user_id)
        await anna.say(room, "begin")
        await house.hears("begin")
    said = [f"bericht {number}" for number in range(120)]
    for text in said:
        await anna.say(room, text)
    async with on(synapse, bot, house, tmp_path):
        await house.hears(said[-1])
    assert house.texts() == ["begin", *said]


async def test_an_old_letter_is_found_by_reading_back(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    async with on(synapse, bot, house, tmp_path) as chat:
        room = await anna.direct_chat(bot.user_id)
        await chat.post(post("al gezegd", letter="oud"), room)
        await anna.wait_for("al gezegd", room)
    async with on(synapse, bot, house, tmp_path) as chat:
        await chat.post(post("in andere woorden", letter="oud", old=True), room)
        await chat.post(post("nieuw", letter="nieuw", old=True), room)
        await anna.wait_for("nieuw", room)
    assert [message.body for message in anna.heard] == ["al gezegd", "nieuw"]


async def test_a_reply_and_an_edit_find_their_letter(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    async with on(synapse, bot, house, tmp_path) as chat:
        room = await anna.direct_chat(bot.user_id)
        await chat.post(post("3 van 5", letter="stand"), room)
        first = await anna.wait_for("3 van 5", room)
    async with on(synapse, bot, house, tmp_path) as chat:
        await chat.post(post("4 van 5", letter="stand-2", edits="stand"), room)
        edit = await anna.wait_for("* 4 van 5", room)
        relation = {"m.in_reply_to": {"event_id": first.event.event_id}}
        content = {"msgtype": "m.text", "body": "> <@x:y> 3 van 5\n\ngoed zo", "m.relates_to": relation}
        await anna.client.room_send(room, "m.room.message", content, ignore_unverified_devices=True)
        assert (await house.hears("goed zo")).reply_to == "stand"
    assert edit.event.source["content"]["m.relates_to"]["event_id"] == first.event.event_id


async def test_who_comes_in_later_reads_from_then_on(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    async with on(synapse, bot, house, tmp_path) as chat:
        room = await anna.direct_chat(bot.user_id)
        await anna.say(room, "met zijn tweeën")
        await house.hears("met zijn tweeën")
        await house.until(lambda: house.places)
        await chat.post(post("voor twee", letter="1"), room)
        async with participant(synapse, await synapse.user("bo")) as bo:
            await anna.client.room_invite(room, bo.user_id)
            await bo.joined(room)
            await anna.sees(room, bo.user_id)
            await anna.say(room, "met zijn drieën")
            heard = await house.hears("met zijn drieën")
            await chat.post(post("voor drie", letter="2"), room)
            assert (await bo.wait_for("voor drie", room)).encrypted
    assert heard.room == room
    assert heard.facts.members == {anna.user_id, bo.user_id}
