"""What a session asks of Matrix, on a real homeserver and with encryption."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nio
import pytest
from pydantic import SecretStr

from bot.chat import Post, PostedPoll, RoomFacts
from bot.matrix import MatrixChat
from bot.matrix.choices import POLL_END, POLL_START
from bot.settings import MatrixSettings
from programme.rooms import RoomWish
from programme.text import Both, Call
from tests.bot_process import bot_process
from tests.matrix_house import RecordingHouse, chatting_as, post
from tests.participant import PATIENCE, Participant, participant
from tests.synapse import Credentials, Synapse

pytestmark = pytest.mark.synapse
GROUP = "pair/wissel-2026/1"


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
    settings = MatrixSettings(homeserver=synapse.url, user=bot.user_id, password=secret, sync_timeout_ms=5000)
    async with chatting_as(settings, house, folder) as chat:
        yield chat


def group(*members: Participant, **more: Any) -> RoomWish:
    wished: dict[str, Any] = {
        "key": GROUP,
        "name": Both(nl="Groep 1", en="Group 1"),
        "topic": Both(nl="Vertrouwelijk", en="Confidential"),
        "members": frozenset(member.user_id for member in members),
    }
    return RoomWish(**(wished | more))


async def gathered(house: RecordingHouse, chat: MatrixChat, *people: Participant, room: str = "") -> str:
    """The room of the group, with these people in it, as they and the bot both know."""
    chat.wishes_changed()
    await house.until(lambda: {person.user_id for person in people} <= {it.person for it in house.seen_moving})
    for person in people:
        await person.sees(house.places[GROUP], person.user_id)
    return room or house.places[GROUP]


async def send(person: Participant, room: str, kind: str, content: dict[str, Any]) -> nio.Response:
    if person.client.should_query_keys:
        await person.client.keys_query()
    answer: nio.Response = await person.client.room_send(room, kind, content, ignore_unverified_devices=True)
    return answer


async def state(person: Participant, room: str, kind: str, key: str = "") -> Any:
    answer = await person.client.room_get_state_event(room, kind, key)
    assert isinstance(answer, nio.RoomGetStateEventResponse), answer
    return answer.content


async def test_who_comes_and_goes_is_noticed_also_when_the_bot_was_away_and_much_was_said_since(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    async with participant(synapse, await synapse.user("bo")) as bo:
        house.wished = [group(anna, bo)]
        async with on(synapse, bot, house, tmp_path) as chat:
            room = await gathered(house, chat, anna, bo)
            await bo.client.room_leave(room)
            await house.until(lambda: len(house.seen_moving) == 3)
        house.wished = []
        await anna.client.room_send(
            room, "m.room.message", {"msgtype": "m.text", "body": "x"}, ignore_unverified_devices=True
        )
        answer = await synapse_invite(synapse, bot, room, bo.user_id)
        assert answer
        await bo.sees(room, bo.user_id)
        for number in range(60):
            await anna.say(room, f"zin {number}")
        async with on(synapse, bot, house, tmp_path):
            heard = await house.hears("zin 59")
    assert [(it.person, it.joined) for it in house.seen_moving[2:]] == [(bo.user_id, False), (bo.user_id, True)]
    assert heard.facts == RoomFacts(members=frozenset({anna.user_id, bo.user_id}), can_silence=True)


async def synapse_invite(synapse: Synapse, bot: Credentials, room: str, guest: str) -> bool:
    """Invite somebody with the bot's account, as an operator could from another client of it."""
    async with participant(synapse, bot) as other:
        return isinstance(await other.client.room_invite(room, guest), nio.RoomInviteResponse)


async def test_how_private_a_room_is_follows_the_room(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    house.wished = [group(anna, powerful=frozenset({anna.user_id}))]
    async with on(synapse, bot, house, tmp_path) as chat:
        room = await gathered(house, chat, anna)
        await anna.say(room, "eerst")
        before = (await house.hears("eerst")).facts
        for kind, content in (
            ("m.room.guest_access", {"guest_access": "can_join"}),
            ("m.room.history_visibility", {"history_visibility": "shared"}),
        ):
            async with participant(synapse, bot) as other:
                assert isinstance(await other.client.room_put_state(room, kind, content), nio.RoomPutStateResponse)
        await anna.say(room, "daarna")
        after = (await house.hears("daarna")).facts
    assert before == RoomFacts(members=frozenset({anna.user_id}), can_silence=True)
    assert after == RoomFacts(members=frozenset({anna.user_id}), guests=True, history="shared", can_silence=True)


async def test_the_status_text_is_one_pinned_message_that_changes(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    house.wished = [group(anna)]
    async with on(synapse, bot, house, tmp_path) as chat:
        room = await gathered(house, chat, anna)
        await chat.post(status("fase 1 van 11", "s1"), room)
        first = await anna.wait_for("fase 1 van 11", room)
    async with on(synapse, bot, house, tmp_path) as chat:
        await chat.post(status("fase 2 van 11", "s2", edits="s1"), room)
        second = await anna.wait_for("fase 2 van 11", room)
    assert second.event.source["content"]["m.relates_to"] == {"rel_type": "m.replace", "event_id": first.event.event_id}
    assert (first.kind, second.kind, second.encrypted) == ("m.notice", "m.notice", True)
    assert (await state(anna, room, "m.room.pinned_events"))["pinned"] == [first.event.event_id]


def status(text: str, letter: str, **more: Any) -> Post:
    return post(text, GROUP, letter, status=True, **more)


def voting(choice: str) -> Call:
    return Call(command="vote", arguments=(choice,))


DAYS = PostedPoll((("di", "!stem 1.1", voting("1.1")), ("wo", "!stem 1.2", voting("1.2"))), most=1, none=voting("1.0"))


async def test_a_poll_is_voted_in_and_ended_in_an_encrypted_room(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    house.wished = [group(anna)]
    seen: list[nio.UnknownEvent] = []
    anna.client.add_event_callback(lambda _room, event: seen.append(event), nio.UnknownEvent)
    async with on(synapse, bot, house, tmp_path) as chat:
        room = await gathered(house, chat, anna)
        await chat.post(post("Wanneer?", GROUP, "p", poll=DAYS), room)
        await chat.post(post("kies maar", GROUP, "q"), room)
        await anna.wait_for("kies maar", room)
        poll = next(event for event in seen if event.type == POLL_START)
        relation = {"m.relates_to": {"rel_type": "m.reference", "event_id": poll.event_id}}
        for answers in (["2"], ["1"], []):
            vote = {"org.matrix.msc3381.poll.response": {"answers": answers}, **relation}
            await send(anna, room, "org.matrix.msc3381.poll.response", vote)
        await house.until(lambda: len(house.heard) == 3)
    async with on(synapse, bot, house, tmp_path) as chat:
        await chat.post(post("Gekozen: di", GROUP, "r", ends="p"), room)
        await chat.post(post("klaar", GROUP, "s"), room)
        await anna.wait_for("klaar", room)
    assert poll.decrypted
    assert [heard.press for heard in house.heard] == [voting("1.2"), voting("1.1"), voting("1.0")]
    ends = [event.source["content"]["m.relates_to"]["event_id"] for event in seen if event.type == POLL_END]
    assert ends == [poll.event_id]


async def test_a_reaction_presses_a_button_in_an_encrypted_room(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    house.wished = [group(anna)]
    async with on(synapse, bot, house, tmp_path) as chat:
        room = await gathered(house, chat, anna)
        typed = (("koffie", "!stem 1.1"), ("thee", "!stem 1.2"))
        await chat.post(post("Wat?", GROUP, "b", buttons=typed, presses=(voting("1.1"), voting("1.2"))), room)
        asked = await anna.wait_for("Wat?", room)
        relation = {"rel_type": "m.annotation", "event_id": asked.event.event_id, "key": "2️⃣"}
        await send(anna, room, "m.reaction", {"m.relates_to": relation})
        await house.until(lambda: house.heard)
    assert [(heard.person, heard.press) for heard in house.heard] == [(anna.user_id, voting("1.2"))]


async def test_a_space_shows_its_rooms_and_an_archived_room_cannot_be_written_in(
    synapse: Synapse, bot: Credentials, house: RecordingHouse, anna: Participant, tmp_path: Path
) -> None:
    space = group(anna, key="space/wissel-2026", space=True, encrypted=False)
    house.wished = [group(anna), space]
    async with on(synapse, bot, house, tmp_path) as chat:
        room = await gathered(house, chat, anna)
        await house.until(lambda: "space/wissel-2026" in house.places)
        holder = house.places["space/wissel-2026"]
        await anna.joined(holder)
        await shows(anna, holder, room)
        house.wished = [group(anna, archived=True), space]
        chat.wishes_changed()
        await house.until(lambda: house.mark(f"matrix/archived/{GROUP}") == "1")
        await anna.wait_for("conversation is over", room)
        refused = await send(anna, room, "m.room.message", {"msgtype": "m.text", "body": "nog iets"})
        await chat.post(post("van de bot", GROUP, "z"), room)
        assert (await anna.wait_for("van de bot", room)).encrypted
    assert isinstance(refused, nio.RoomSendError)
    assert refused.status_code == "M_FORBIDDEN"
    assert (await state(anna, holder, "m.room.create"))["type"] == "m.space"


async def shows(person: Participant, holder: str, room: str) -> None:
    """Wait until the space names the room, as its member reads it."""
    held: list[Any] = []
    async with asyncio.timeout(PATIENCE):
        while not held:
            answer = await person.client.room_get_state(holder)
            assert isinstance(answer, nio.RoomGetStateResponse), answer
            held = [it["content"] for it in answer.events if it["type"] == "m.space.child" and it["state_key"] == room]
    assert held[0]["via"]


async def test_the_whole_bot_holds_a_poll_over_a_kill(synapse: Synapse, bot: Credentials, tmp_path: Path) -> None:
    coordinator = await synapse.user("cor")
    async with (
        bot_process(synapse.url, tmp_path / "bot", bot, [coordinator.user_id]) as running,
        participant(synapse, coordinator) as cor,
    ):
        polls: list[nio.UnknownEvent] = []
        cor.client.add_event_callback(lambda _room, event: polls.append(event), nio.UnknownEvent)
        desk = await named(cor, "Coördinatie SecretarisWissel 2026")
        await cor.sees(desk, bot.user_id)
        await cor.say(desk, "!peiling Koffie of thee?; koffie; thee")
        await cor.until(lambda: any(it.type == POLL_START for it in polls), "the poll")
        (poll,) = (it for it in polls if it.type == POLL_START)
        relation = {"m.relates_to": {"rel_type": "m.reference", "event_id": poll.event_id}}
        vote = {"org.matrix.msc3381.poll.response": {"answers": ["2"]}, **relation}
        await running.kill()
        await send(cor, desk, "org.matrix.msc3381.poll.response", vote)
        await running.start()
        await running.ready()
        result = await cor.ask(desk, "!peiling sluit", "Peiling 1 is gesloten")
        await cor.until(lambda: any(it.type == POLL_END for it in polls), "the end of the poll")
    assert result.body.endswith("koffie: 0 stemmen\nthee: 1 stem\nBesloten: thee.")


async def named(person: Participant, name: str) -> str:
    def found() -> list[str]:
        return [room for room, it in person.client.rooms.items() if it.name == name and it.room_type != "m.space"]

    await person.until(lambda: bool(found()), f"the room {name}")
    return found()[0]
