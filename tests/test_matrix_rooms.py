"""Rooms on Matrix: made once, found again, private where they must be, and as the house wishes them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat import Later, Undeliverable
from bot.matrix import MatrixChat
from bot.matrix.known import CREATION_KEY
from bot.matrix.turnstile import Turnstile
from programme.rooms import RoomWish
from programme.text import Both
from tests.fake_homeserver import MEGOLM, FakeHomeserver, Fault, fake_homeserver
from tests.matrix_house import RecordingHouse, chatting, post

BOT = "@kring:fake.test"
COHORT = "cohort/wissel-2026"


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


@pytest.fixture
def house() -> RecordingHouse:
    return RecordingHouse()


@pytest.fixture
async def chat(server: FakeHomeserver, house: RecordingHouse, tmp_path: Path) -> AsyncIterator[MatrixChat]:
    async with chatting(server, house, tmp_path, inviters=("@cor:fake.test",)) as running:
        yield running


def content(server: FakeHomeserver, room: str, kind: str, key: str = "") -> Any:
    event = server.rooms[room].state().get((kind, key))
    return event and event["content"]


def wish(**more: Any) -> RoomWish:
    wished: dict[str, Any] = {
        "key": COHORT,
        "name": Both(nl="Wissel 2026", en="Exchange 2026"),
        "topic": Both(nl="Iedereen", en="Everybody"),
        "members": frozenset({"@anna:fake.test", "@bo:fake.test"}),
    }
    return RoomWish(**(wished | more))


async def test_a_direct_chat_is_made_private_and_encrypted_and_the_person_is_invited(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    anna = server.account("anna")
    room = await chat.place(f"direct/{anna}")
    assert house.places == {f"direct/{anna}": room}
    assert content(server, room, "m.room.create")[CREATION_KEY] == f"direct/{anna}"
    assert content(server, room, "m.room.encryption") == MEGOLM
    assert content(server, room, "m.room.join_rules") == {"join_rule": "invite"}
    assert content(server, room, "m.room.guest_access") == {"guest_access": "forbidden"}
    assert content(server, room, "m.room.history_visibility") == {"history_visibility": "invited"}
    assert content(server, room, "m.room.member", anna) == {"membership": "invite", "is_direct": True}
    await server.until(lambda: server.account_data)
    assert server.account_data[BOT, "m.direct"]["content"] == {anna: [room]}


async def test_a_direct_chat_is_made_once(server: FakeHomeserver, chat: MatrixChat) -> None:
    anna = server.account("anna")
    first = await chat.place(f"direct/{anna}")
    assert await chat.place(f"direct/{anna}") == first
    assert len(server.rooms) == 1


async def test_a_room_made_just_before_a_crash_is_found_again(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    anna = server.account("anna")
    async with chatting(server, house, tmp_path) as chat:
        room = await chat.place(f"direct/{anna}")
    house.places.clear()
    async with chatting(server, house, tmp_path) as chat:
        assert await chat.place(f"direct/{anna}") == room
    assert house.places == {f"direct/{anna}": room}
    assert len(server.rooms) == 1


async def test_a_room_whose_making_was_answered_into_the_void_is_found_again(
    server: FakeHomeserver, chat: MatrixChat
) -> None:
    anna = server.account("anna")
    server.faults.append(Fault("lose", "/createRoom"))
    server.faults.append(Fault("hang", "/sync"))
    with pytest.raises(Later):
        await chat.place(f"direct/{anna}")
    room = await chat.place(f"direct/{anna}")
    assert list(server.rooms) == [room]
    assert server.rooms[room].membership(anna) == "invite"


async def test_chats_that_are_over_do_not_pile_up_in_the_list_of_direct_chats(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    anna = server.account("anna")
    await over(server, house, chat, anna)
    await over(server, house, chat, anna)
    newest = await chat.place(f"direct/{anna}")
    await server.until(lambda: server.account_data[BOT, "m.direct"]["content"] == {anna: [newest]})


async def over(server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, person: str) -> None:
    """Somebody begins a direct chat, and the bot is taken out of it."""
    room = server.makes_room(person, invite=(BOT,), is_direct=True)
    await house.until(lambda: house.places.get(f"direct/{person}") == room)
    server.leaves(room, BOT)
    assert chat._running is not None
    left = chat._running._known.left
    await server.until(lambda: room in left)


async def test_a_room_of_somebody_else_with_our_key_in_it_is_not_ours(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    anna, eve = server.account("anna"), server.account("eve")
    trap = server.makes_room(eve, invite=(BOT,), is_direct=True, creation={CREATION_KEY: f"direct/{anna}"})
    await house.until(lambda: house.places.get(f"direct/{eve}") == trap)
    assert await chat.place(f"direct/{anna}") != trap


async def test_personal_words_do_not_go_where_somebody_else_came_in(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    anna, eve = server.account("anna"), server.account("eve")
    first = await chat.place(f"direct/{anna}")
    server.joins(first, anna)
    server.invites(first, anna, eve)
    server.says(first, anna, "kijk mee")
    await house.until(lambda: house.unread)
    second = await chat.place(f"direct/{anna}")
    assert second != first
    assert house.places[f"direct/{anna}"] == second
    assert server.rooms[second].membership(anna) == "invite"
    assert server.rooms[second].membership(eve) == "leave"


async def test_who_leaves_the_direct_chat_is_called_back_once_and_then_left_in_peace(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    anna = server.account("anna")
    async with chatting(server, house, tmp_path) as chat:
        room = await chat.place(f"direct/{anna}")
        server.joins(room, anna)
    server.leaves(room, anna)
    async with chatting(server, house, tmp_path) as chat:
        assert await chat.place(f"direct/{anna}") == room
        assert server.rooms[room].membership(anna) == "invite"
        token = house.marks["matrix/sync"]
        server.leaves(room, anna)
        await house.until(lambda: house.marks["matrix/sync"] != token)
        with pytest.raises(Undeliverable) as no:
            await chat.place(f"direct/{anna}")
    assert no.value.reason == "left"
    assert len(server.rooms) == 1


async def test_a_wished_room_is_made_named_and_peopled(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    house.wished = [
        wish(powerful=frozenset({"@cor:fake.test"}), pinned=Both(nl="Wat hier gezegd wordt", en="What is said here"))
    ]
    chat.wishes_changed()
    await house.until(lambda: house.mark(f"matrix/pinned/{COHORT}"))
    room = house.places[COHORT]
    await server.until(lambda: server.rooms[room].membership("@bo:fake.test") == "invite")
    assert content(server, room, "m.room.create")[CREATION_KEY] == COHORT
    assert content(server, room, "m.room.name") == {"name": "Wissel 2026"}
    assert content(server, room, "m.room.topic") == {"topic": "Iedereen"}
    assert content(server, room, "m.room.encryption") == MEGOLM
    assert content(server, room, "m.room.history_visibility") == {"history_visibility": "joined"}
    assert content(server, room, "m.room.member", "@anna:fake.test") == {"membership": "invite"}
    assert content(server, room, "m.room.power_levels")["users"] == {"@cor:fake.test": 50}
    [pinned] = content(server, room, "m.room.pinned_events")["pinned"]
    assert [event["event_id"] for event in server.said_by(BOT, room)] == [pinned]


async def test_wishes_that_are_fulfilled_ask_nothing_more_of_the_server(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    house.wished = [wish(pinned=Both(nl="Afspraken", en="Agreements"))]
    async with chatting(server, house, tmp_path):
        await house.until(lambda: COHORT in house.places)
        room = server.rooms[house.places[COHORT]]
        await server.until(lambda: room.membership("@bo:fake.test") == "invite")
    done = len(server.puts(""))
    async with chatting(server, house, tmp_path) as chat:
        chat.wishes_changed()
        assert await chat.place(COHORT) == room.id
        await server.until(lambda: [r for r in server.asked("/members") if room.id in r.path][1:])
        await chat.post(post("dag", letter="after"), room.id)
    assert [put.path for put in server.puts("")[done:] if "sendToDevice" not in put.path] == [
        server.puts("/send/")[-1].path
    ]
    assert len(server.rooms) == 1


async def test_a_changed_wish_changes_the_room_and_not_more(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    house.wished = [wish(powerful=frozenset({"@cor:fake.test"}))]
    chat.wishes_changed()
    await house.until(lambda: COHORT in house.places)
    room = house.places[COHORT]
    await server.until(lambda: server.rooms[room].membership("@bo:fake.test") == "invite")
    before = len(server.puts("/state/"))
    house.wished = [wish(topic=Both(nl="Stand: 2 van 5", en="2 of 5"), powerful=frozenset({"@dee:fake.test"}))]
    chat.wishes_changed()
    await server.until(lambda: content(server, room, "m.room.power_levels")["users"] == {"@dee:fake.test": 50})
    assert content(server, room, "m.room.topic") == {"topic": "Stand: 2 van 5"}
    assert len(server.puts("/state/")) == before + 2


async def test_a_room_that_nobody_wishes_for_is_not_made(server: FakeHomeserver, chat: MatrixChat) -> None:
    with pytest.raises(Undeliverable) as no:
        await chat.place("cohort/onbekend")
    assert no.value.reason == "unknown"
    assert not server.rooms


async def test_a_wish_that_cannot_be_keeps_no_other_from_being(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    server.faults.append(Fault("refuse", "/createRoom"))
    house.wished = [wish(key="cohort/eerst"), wish(key="cohort/daarna")]
    chat.wishes_changed()
    await house.until(lambda: "cohort/daarna" in house.places)
    assert "cohort/eerst" not in house.places


async def test_who_may_invite_is_followed_into_a_room_and_others_are_not(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    cor, eve = server.account("cor"), server.account("eve")
    assert chat.ready()["matrix_sync"]
    theirs = server.makes_room(eve, invite=(BOT,))
    await server.until(lambda: server.rooms[theirs].membership(BOT) == "leave")
    ours = server.makes_room(cor, invite=(BOT,))
    await server.until(lambda: server.rooms[ours].membership(BOT) == "join")
    assert not house.warned


async def test_a_stranger_is_welcome_only_while_an_edition_stands_open(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    eve, anna = server.account("eve"), server.account("anna")
    house.open = False
    house.wished = [wish(members=frozenset({anna}))]
    closed = server.makes_room(eve, invite=(BOT,), is_direct=True)
    await server.until(lambda: server.rooms[closed].membership(BOT) == "leave")
    known = server.makes_room(anna, invite=(BOT,), is_direct=True)
    await server.until(lambda: server.rooms[known].membership(BOT) == "join")
    assert chat.ready()["matrix_sync"]


async def test_a_room_that_only_calls_itself_direct_is_left_again(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    eve, mob = server.account("eve"), server.account("mob")
    assert chat.ready()["matrix_sync"]
    room = server.makes_room(eve)
    server.joins(room, mob)
    server.invites(room, eve, BOT, is_direct=True)
    await server.until(lambda: server.asked(f"/rooms/{room}/leave"))
    await server.until(lambda: server.rooms[room].membership(BOT) == "leave")
    assert f"direct/{eve}" not in house.places


async def test_a_flood_of_invitations_from_one_person_waits_outside(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    eve, anna = server.account("eve"), server.account("anna")
    assert chat.ready()["matrix_sync"]
    rooms = [server.makes_room(eve, invite=(BOT,), is_direct=True) for _ in range(8)]
    hers = server.makes_room(anna, invite=(BOT,), is_direct=True)
    await house.until(lambda: house.places.get(f"direct/{anna}") == hers)
    await server.until(lambda: sum(server.rooms[room].membership(BOT) == "join" for room in rooms) == 5)
    assert sum(server.rooms[room].membership(BOT) == "invite" for room in rooms) == 3


async def test_of_a_crowd_that_comes_at_once_everybody_comes_in(server: FakeHomeserver, chat: MatrixChat) -> None:
    assert chat.ready()["matrix_sync"]
    people = [server.account(f"p{number}") for number in range(62)]
    rooms = [server.makes_room(person, invite=(BOT,), is_direct=True) for person in people]
    await server.until(lambda: all(server.rooms[room].membership(BOT) == "join" for room in rooms))


async def test_who_waits_for_their_turn_when_the_bot_stops_comes_in_after_the_restart(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    people = [server.account(f"p{number}") for number in range(70)]
    async with chatting(server, house, tmp_path):
        token = house.marks["matrix/sync"]
        rooms = [server.makes_room(person, invite=(BOT,), is_direct=True) for person in people]
        await house.until(lambda: house.marks["matrix/sync"] != token)
        await server.until(lambda: sum(server.rooms[room].membership(BOT) == "join" for room in rooms) >= 50)
    assert any(server.rooms[room].membership(BOT) == "invite" for room in rooms)
    async with chatting(server, house, tmp_path):
        await server.until(lambda: all(server.rooms[room].membership(BOT) == "join" for room in rooms))
        await house.until(lambda: house.marks["matrix/invitations"] == "[]")
        assert {house.places[f"direct/{person}"] for person in people} == set(rooms)


async def test_the_turnstile_lets_a_crowd_in_one_by_one_and_makes_nobody_wait_for_hours() -> None:
    turnstile = Turnstile()
    turns = [turnstile.turn(f"@p{number}:x") for number in range(1_000)]
    assert turns[:60] == [0.0] * 60
    assert turns[60:660] == pytest.approx(list(range(1, 601)), abs=0.5)
    assert turns[661:] == [None] * 339


async def test_who_is_a_flood_alone_takes_nobody_elses_turn() -> None:
    turnstile = Turnstile()
    assert [turnstile.turn("@eve:x") for _ in range(100)] == [0.0] * 5 + [None] * 95
    assert [turnstile.turn(f"@p{number}:x") for number in range(55)] == [0.0] * 55


async def test_a_persons_new_direct_chat_becomes_theirs_but_not_with_less_privacy(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    anna = server.account("anna")
    assert chat.ready()["matrix_sync"]
    plain = server.makes_room(anna, invite=(BOT,), is_direct=True)
    await house.until(lambda: house.places.get(f"direct/{anna}") == plain)
    safe = server.makes_room(anna, invite=(BOT,), is_direct=True, encrypted=True)
    await house.until(lambda: house.places.get(f"direct/{anna}") == safe)
    third = server.makes_room(anna, invite=(BOT,), is_direct=True)
    server.says(third, anna, "hier ook")
    heard = await house.hears("hier ook")
    assert (heard.room, heard.destination) == (f"direct/{anna}", third)
    assert house.places[f"direct/{anna}"] == safe


@pytest.fixture
async def cohort(house: RecordingHouse, chat: MatrixChat) -> str:
    house.wished = [wish(members=frozenset())]
    chat.wishes_changed()
    return await chat.place(COHORT)


async def test_a_room_that_was_upgraded_is_followed(server: FakeHomeserver, house: RecordingHouse, cohort: str) -> None:
    cor = server.account("cor")
    server.joins(cohort, cor)
    new = server.makes_room(cor, encrypted=True, creation={"predecessor": {"room_id": cohort}})
    server.put_state(new, cor, "m.room.join_rules", {"join_rule": "public"})
    server.put_state(cohort, cor, "m.room.tombstone", {"replacement_room": new})
    await house.until(lambda: house.places[COHORT] == new)
    assert not house.warned


@pytest.mark.parametrize(
    ("encrypted", "predecessor"), [(True, {}), (True, {"room_id": "!andere"}), (False, None), (True, "x")]
)
async def test_a_room_that_only_claims_to_replace_ours_is_left_and_the_desk_warned(
    server: FakeHomeserver, house: RecordingHouse, cohort: str, encrypted: bool, predecessor: Any
) -> None:
    eve = server.account("eve")
    before = {"room_id": cohort} if predecessor is None else predecessor
    new = server.makes_room(eve, encrypted=encrypted, creation={"predecessor": before})
    server.put_state(new, eve, "m.room.join_rules", {"join_rule": "public"})
    server.put_state(cohort, eve, "m.room.tombstone", {"replacement_room": new})
    await house.until(lambda: house.warned)
    assert house.places[COHORT] == cohort
    assert server.rooms[new].membership(BOT) == "leave"


async def test_a_replacement_that_lets_nobody_in_is_told_to_the_desk(
    server: FakeHomeserver, house: RecordingHouse, cohort: str
) -> None:
    server.put_state(
        cohort, "@eve:fake.test", "m.room.tombstone", {"replacement_room": server.makes_room("@eve:fake.test")}
    )
    await house.until(lambda: house.warned)
    assert house.places[COHORT] == cohort


async def test_a_replaced_room_that_points_to_another_of_ours_does_not_take_the_bot_out_of_that(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, cohort: str
) -> None:
    house.wished.append(wish(key="desk/wissel-2026", members=frozenset()))
    desk = await chat.place("desk/wissel-2026")
    server.put_state(cohort, "@eve:fake.test", "m.room.tombstone", {"replacement_room": desk})
    await house.until(lambda: house.warned)
    assert server.rooms[desk].membership(BOT) == "join"
    assert house.places[COHORT] == cohort


async def test_the_bot_does_not_go_where_a_room_of_somebody_else_points(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    cor = server.account("cor")
    theirs = server.makes_room(cor, invite=(BOT,))
    server.joins(theirs, server.account("bo"))
    await server.until(lambda: server.rooms[theirs].membership(BOT) == "join")
    trap = server.makes_room(cor, creation={"predecessor": {"room_id": theirs}})
    server.put_state(trap, cor, "m.room.join_rules", {"join_rule": "public"})
    server.put_state(theirs, cor, "m.room.tombstone", {"replacement_room": trap})
    server.says(theirs, cor, "kom mee")
    await house.hears("kom mee")
    assert not server.asked(f"/join/{trap}")
    assert chat.ready()["matrix_sync"]


async def test_a_personal_letter_is_not_said_when_somebody_came_in_after_it_was_addressed(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    anna = server.account("anna")
    room = await chat.place(f"direct/{anna}")
    token = house.marks["matrix/sync"]
    server.joins(room, "@eve:fake.test")
    await house.until(lambda: house.marks["matrix/sync"] != token)
    with pytest.raises(Undeliverable):
        await chat.post(post("alleen voor jou", key=f"direct/{anna}"), room)
    assert server.said_by(BOT, room) == []


async def test_a_room_that_cannot_be_made_now_is_made_later_and_holds_up_no_other(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    server.faults.append(Fault("502", "/createRoom"))
    house.wished = [wish(key="cohort/eerst"), wish(key="cohort/daarna")]
    chat.wishes_changed()
    await house.until(lambda: "cohort/eerst" in house.places)
    assert list(house.places) == ["cohort/daarna", "cohort/eerst"]


async def test_who_has_left_is_taken_out_of_the_room_and_a_guest_is_not(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    anna, eve = server.account("anna"), server.account("eve")
    house.wished = [wish(members=frozenset({anna}))]
    chat.wishes_changed()
    room = await chat.place(COHORT)
    server.joins(room, anna)
    server.joins(room, eve)
    house.wished = [wish(members=frozenset(), gone=frozenset({anna}))]
    chat.wishes_changed()
    await server.until(lambda: server.rooms[room].membership(anna) == "leave")
    assert server.rooms[room].membership(eve) == "join"
