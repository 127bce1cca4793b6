"""What a session asks of Matrix: who comes and goes, how private a room is, one status text, polls, reactions, spaces, archives."""

import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from bot.chat import Later, PostedPoll, RoomFacts, chosen_call
from bot.matrix import MatrixChat
from bot.matrix.choices import NUMBERS, POLL_END, POLL_START, PRESSES, chosen
from bot.matrix.known import CREATION_KEY
from programme.rooms import RoomWish
from programme.text import Both, Call
from tests.fake_homeserver import FakeHomeserver, Fault, fake_homeserver
from tests.matrix_house import RecordingHouse, chatting, post
from tests.participant import Participant, participant
from tests.synapse import Credentials, Synapse

BOT = "@kring:fake.test"
ANNA, BO, EVE = (f"@{name}:fake.test" for name in ("anna", "bo", "eve"))
COHORT = "cohort/wissel-2026"
PLAIN = {"encrypted": False}
"""Rooms of which the test can read on the server what is said in them."""


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


@pytest.fixture
def house() -> RecordingHouse:
    return RecordingHouse()


@pytest.fixture
async def chat(server: FakeHomeserver, house: RecordingHouse, tmp_path: Path) -> AsyncIterator[MatrixChat]:
    async with chatting(server, house, tmp_path, known_bots=("@relay:elsewhere.test",)) as running:
        yield running


@pytest.fixture
async def room(house: RecordingHouse, chat: MatrixChat) -> str:
    house.wished = [wish(**PLAIN)]
    return await chat.place(COHORT)


def wish(**more: Any) -> RoomWish:
    wished: dict[str, Any] = {
        "key": COHORT,
        "name": Both(nl="Wissel 2026", en="Exchange 2026"),
        "topic": Both(nl="Iedereen", en="Everybody"),
    }
    return RoomWish(**(wished | more))


def content(server: FakeHomeserver, room: str, kind: str, key: str = "") -> Any:
    event = server.rooms[room].state().get((kind, key))
    return event and event["content"]


def said(server: FakeHomeserver, room: str, kind: str = "m.room.message") -> list[Any]:
    return [event["content"] for event in server.said_by(BOT, room) if event["type"] == kind]


# ── who comes and goes ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_comes_into_a_room_of_ours_and_who_goes_is_noticed_with_the_room_as_it_is_now(
    server: FakeHomeserver, house: RecordingHouse, room: str
) -> None:
    server.joins(room, ANNA, "Anna")
    await house.until(lambda: len(house.seen_moving) == 1)
    server.leaves(room, ANNA)
    await house.until(lambda: len(house.seen_moving) == 2)
    came, went = house.seen_moving
    assert (came.person, came.joined, came.room, came.destination, came.name) == (ANNA, True, COHORT, room, "Anna")
    assert came.facts.members == {ANNA}
    assert (went.person, went.joined, went.facts.members) == (ANNA, False, frozenset())


async def test_neither_an_invitation_nor_a_new_name_nor_a_refusal_is_coming_or_going(
    server: FakeHomeserver, house: RecordingHouse, room: str
) -> None:
    server.joins(room, ANNA, "Anna")
    server.joins(room, ANNA, "Anna de Vries")
    server.invites(room, BOT, BO)
    server.leaves(room, BO)
    server.says(room, ANNA, "klaar")
    await house.hears("klaar")
    assert [(it.person, it.joined) for it in house.seen_moving] == [(ANNA, True)]


async def test_in_rooms_of_others_nobody_is_noticed(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    theirs = server.makes_room(EVE, invite=(BOT,), is_direct=True)
    await house.until(lambda: house.places.get(f"direct/{EVE}") == theirs)
    server.joins(theirs, ANNA)
    server.says(theirs, EVE, "kijk")
    await house.hears("kijk")
    assert house.seen_moving == []
    assert chat.ready()["matrix_sync"]


async def test_who_came_while_the_bot_was_away_is_noticed_once_and_in_order_with_what_was_said(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    house.wished = [wish(**PLAIN)]
    async with chatting(server, house, tmp_path) as chat:
        room = await chat.place(COHORT)
        server.joins(room, ANNA)
        await house.until(lambda: house.seen_moving)
    house.order.clear()
    server.timeline_limit = 5
    server.says(room, ANNA, "voor")
    server.joins(room, EVE)
    for number in range(20):
        server.says(room, ANNA, f"na {number}")
    async with chatting(server, house, tmp_path):
        await house.hears("na 19")
    assert [it for it in house.order if it[0] != "mark"][:3] == [("heard", "voor"), ("noticed", EVE), ("heard", "na 0")]
    assert [it.person for it in house.seen_moving] == [ANNA, EVE]


async def test_the_token_is_kept_only_after_who_came_was_handed_over(
    server: FakeHomeserver, house: RecordingHouse, room: str
) -> None:
    begun = len(house.order)
    server.joins(room, EVE)
    await house.until(lambda: ("mark", "matrix/sync") in house.order[begun:])
    after = house.order[begun:]
    assert after.index(("noticed", EVE)) < after.index(("mark", "matrix/sync"))


# ── how private a room is ────────────────────────────────────────────────────────────────────────────────────────────────────


async def facts_in(server: FakeHomeserver, house: RecordingHouse, room: str) -> RoomFacts:
    server.joins(room, ANNA)
    text = f"zo is het nu {len(house.heard)}"
    server.says(room, ANNA, text)
    return (await house.hears(text)).facts


async def test_a_room_that_the_bot_made_is_private(server: FakeHomeserver, house: RecordingHouse, room: str) -> None:
    assert await facts_in(server, house, room) == RoomFacts(
        encrypted=False, members=frozenset({ANNA}), can_silence=True
    )


@pytest.mark.parametrize(
    ("kind", "changed", "fact"),
    [
        ("m.room.join_rules", {"join_rule": "public"}, {"invite_only": False}),
        ("m.room.join_rules", {"join_rule": "knock"}, {"invite_only": False}),
        ("m.room.join_rules", {"join_rule": 5}, {"invite_only": False}),
        ("m.room.history_visibility", {"history_visibility": "world_readable"}, {"history": "world"}),
        ("m.room.history_visibility", {"history_visibility": "invited"}, {"history": "invited"}),
        ("m.room.history_visibility", {"history_visibility": "nonsense"}, {"history": "shared"}),
        ("m.room.guest_access", {"guest_access": "can_join"}, {"guests": True}),
        ("uk.half-shot.bridge", {"bridgebot": "@anna:fake.test"}, {"bridged": True, "bots": frozenset({ANNA})}),
        ("m.bridge", {}, {"bridged": False}),
    ],
)
async def test_what_makes_a_room_less_private_is_seen(
    server: FakeHomeserver, house: RecordingHouse, room: str, kind: str, changed: Any, fact: dict[str, Any]
) -> None:
    server.put_state(room, BOT, kind, changed)
    found = await facts_in(server, house, room)
    assert {name: getattr(found, name) for name in fact} == fact


async def test_bots_shadows_of_a_bridge_and_the_invited_are_told_apart(
    server: FakeHomeserver, house: RecordingHouse, room: str
) -> None:
    for bot in ("@relay:elsewhere.test", "@_discord_1:fake.test", BO):
        server.joins(room, bot)
    server.invites(room, BOT, EVE)
    found = await facts_in(server, house, room)
    assert found.bots == {"@relay:elsewhere.test", "@_discord_1:fake.test"}
    assert found.invited == {EVE}
    assert found.members == {ANNA, BO, *found.bots}


# ── one status text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def status(text: str, letter: str, **more: Any) -> Any:
    return post(text, COHORT, letter, status=True, **more)


async def test_a_status_text_is_said_and_pinned_and_then_changed_in_place(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    await chat.post(status("fase 1", "s1"), room)
    await chat.post(status("fase 2", "s2", edits="s1"), room)
    first, second = server.said_by(BOT, room)
    assert content(server, room, "m.room.pinned_events") == {"pinned": [first["event_id"]]}
    assert second["content"]["m.relates_to"] == {"rel_type": "m.replace", "event_id": first["event_id"]}
    assert second["content"]["m.new_content"]["body"] == "fase 2"
    assert {part["msgtype"] for part in (second["content"], second["content"]["m.new_content"])} == {"m.notice"}
    assert {json.dumps(part["m.mentions"]) for part in said(server, room)} == {"{}"}


async def test_after_a_restart_the_same_status_text_is_changed_without_reading_back(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    house.wished = [wish(**PLAIN)]
    async with chatting(server, house, tmp_path) as chat:
        room = await chat.place(COHORT)
        await chat.post(status("fase 1", "s1"), room)
    async with chatting(server, house, tmp_path) as chat:
        await chat.post(status("fase 2", "s2", edits="s1"), room)
    first, second = server.said_by(BOT, room)
    assert second["content"]["m.relates_to"]["event_id"] == first["event_id"]
    assert not server.asked(f"/rooms/{room}/messages")


async def test_a_next_session_gets_a_status_text_of_its_own_and_its_pin_takes_the_place_of_the_former(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    server.put_state(room, BOT, "m.room.pinned_events", {"pinned": ["$afspraken"]})
    server.says(room, ANNA, "een bericht")
    await chat.post(status("keer 1", "s1"), room)
    await server.until(lambda: len(content(server, room, "m.room.pinned_events")["pinned"]))
    await chat.post(status("keer 2", "t1"), room)
    latest = server.said_by(BOT, room)[-1]["event_id"]
    pinned = content(server, room, "m.room.pinned_events")["pinned"]
    assert pinned[-1] == latest
    assert server.said_by(BOT, room)[0]["event_id"] not in pinned


async def test_a_status_text_that_is_nowhere_to_be_found_is_said_anew_and_from_then_on_changed(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    await chat.post(status("fase 4", "s4", edits="verdwenen"), room)
    await chat.post(status("fase 5", "s5", edits="verdwenen"), room)
    first, second = server.said_by(BOT, room)
    assert "m.relates_to" not in first["content"]
    assert second["content"]["m.relates_to"]["event_id"] == first["event_id"]


async def test_a_status_text_whose_acknowledgement_got_lost_is_said_and_pinned_once(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    server.faults.append(Fault("502", "/state/m.room.pinned_events", "PUT"))
    with pytest.raises(Later):
        await chat.post(status("fase 1", "s1"), room)
    await chat.post(status("fase 1", "s1"), room)
    (only,) = server.said_by(BOT, room)
    assert content(server, room, "m.room.pinned_events") == {"pinned": [only["event_id"]]}


async def test_a_status_text_so_old_that_its_transaction_may_be_forgotten_is_looked_for_first(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    await chat.post(status("fase 1", "s1"), room)
    server.device_of(BOT).transactions.clear()
    await chat.post(status("fase 1", "s1", old=True), room)
    assert len(server.said_by(BOT, room)) == 1


# ── polls ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def voting(choice: str) -> Call:
    return Call(command="vote", arguments=(choice,))


DAYS = PostedPoll(
    choices=tuple((label, f"!stem 3.{n}", voting(f"3.{n}")) for n, label in enumerate(("di", "wo", "do"), 1)),
    most=2,
    none=voting("3.0"),
)


def vote(room: str, poll: str, *answers: str, stable: bool = False, who: str = ANNA) -> dict[str, Any]:
    kind = "m.poll.response" if stable else "org.matrix.msc3381.poll.response"
    chosen = {"m.selections": list(answers)} if stable else {kind: {"answers": list(answers)}}
    relation = {"m.relates_to": {"rel_type": "m.reference", "event_id": poll}}
    return {"type": kind, "sender": who, "content": chosen | relation, "room_id": room}


@pytest.fixture
async def poll(server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, room: str) -> str:
    """The event of an open poll about days, in a room with Anna."""
    server.joins(room, ANNA)
    await house.until(lambda: house.seen_moving)
    await chat.post(post("Wanneer?", COHORT, "p", poll=DAYS), room)
    return str(server.said_by(BOT, room)[-1]["event_id"])


async def test_a_poll_is_shown_by_clients_that_know_polls_and_numbered_for_all_others(
    server: FakeHomeserver, room: str, poll: str
) -> None:
    (shown,) = said(server, room, POLL_START)
    assert poll
    assert shown[POLL_START]["max_selections"] == 2
    assert shown[POLL_START]["question"]["org.matrix.msc1767.text"] == "Wanneer?"
    assert [(it["id"], it["org.matrix.msc1767.text"]) for it in shown[POLL_START]["answers"]] == [
        ("1", "di"), ("2", "wo"), ("3", "do"),
    ]  # fmt: skip
    assert shown["body"] == "Wanneer?\n1. di: `!stem 3.1`\n2. wo: `!stem 3.2`\n3. do: `!stem 3.3`"


@pytest.mark.parametrize("stable", [False, True], ids=["unstable", "stable"])
@pytest.mark.parametrize(
    ("answers", "meant"),
    [
        (("2",), ("3.2",)),
        (("3", "1"), ("3.3", "3.1")),
        (("1", "2", "3"), ("3.1", "3.2")),
        (("weg", "3", "9"), ("3.3",)),
        ((), ("3.0",)),
    ],
    ids=["one", "several", "surplus", "unknown", "none"],
)
async def test_a_vote_is_the_press_of_what_was_chosen(
    server: FakeHomeserver,
    house: RecordingHouse,
    room: str,
    poll: str,
    answers: tuple[str, ...],
    meant: tuple[str, ...],
    stable: bool,
) -> None:
    event = server.add(room, vote(room, poll, *answers, stable=stable))
    await house.until(lambda: house.heard)
    (heard,) = house.heard
    assert heard.press == Call(command="vote", arguments=meant)
    assert (heard.id, heard.person, heard.room) == (event, ANNA, COHORT)


async def test_a_vote_for_nothing_that_is_there_is_nothing(
    server: FakeHomeserver, house: RecordingHouse, room: str, poll: str
) -> None:
    theirs = server.says(room, ANNA, "kies", **{PRESSES: [{"command": "vote", "arguments": ["9"]}]})
    server.add(room, vote(room, poll, "7"))
    server.add(room, vote(room, "$nergens", "1"))
    server.add(room, vote(room, theirs, "1"))
    server.add(room, vote(room, poll, "1", who=BOT))
    server.says(room, ANNA, "klaar")
    await house.hears("klaar")
    assert [heard.press for heard in house.heard] == [None, None]


async def test_a_poll_ends_with_its_result_and_an_event_that_closes_it(
    server: FakeHomeserver, chat: MatrixChat, room: str, poll: str
) -> None:
    await chat.post(post("Gekozen: di", COHORT, "p2", ends="p"), room)
    assert [it["body"] for it in said(server, room)] == ["Gekozen: di"]
    (end,) = said(server, room, POLL_END)
    assert end["m.relates_to"] == {"rel_type": "m.reference", "event_id": poll}


async def test_a_poll_is_ended_after_a_restart_too(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    house.wished = [wish(**PLAIN)]
    async with chatting(server, house, tmp_path) as chat:
        room = await chat.place(COHORT)
        await chat.post(post("Wanneer?", COHORT, "p", poll=DAYS), room)
    async with chatting(server, house, tmp_path) as chat:
        await chat.post(post("Gekozen: di", COHORT, "p2", ends="p"), room)
        await chat.post(post("Gekozen: wo", COHORT, "p3", ends="nooit gehouden"), room)
    begun = server.said_by(BOT, room)[0]["event_id"]
    assert [end["m.relates_to"]["event_id"] for end in said(server, room, POLL_END)] == [begun]


async def test_in_an_encrypted_room_a_poll_and_its_votes_are_encrypted(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    credentials = Credentials(server.account("anna"), "secret")
    house.wished = [wish(members=frozenset({ANNA}))]
    async with participant(cast("Synapse", server), credentials) as anna:
        chat.wishes_changed()
        await house.until(lambda: any(it.person == ANNA for it in house.seen_moving))
        room = house.places[COHORT]
        await chat.post(post("Wanneer?", COHORT, "p", poll=DAYS), room)
        poll = server.said_by(BOT, room)[-1]
        await anna.until(lambda: bool(anna.client.rooms.get(room)) and anna.client.rooms[room].encrypted, "the room")
        server.add(room, vote(room, poll["event_id"], "1"))  # in the clear: the server could have made it up
        await cast_vote(anna, room, poll["event_id"], "2")
        await house.until(lambda: house.heard)
    assert poll["type"] == "m.room.encrypted"
    assert "Wanneer" not in json.dumps(server.rooms[room].events)
    assert [heard.press for heard in house.heard] == [voting("3.2")]
    assert house.unread == [(ANNA, room)]


async def cast_vote(person: Participant, room: str, poll: str, *answers: str) -> None:
    event = vote(room, poll, *answers)
    await person.client.joined_members(room)
    if person.client.should_query_keys:
        await person.client.keys_query()
    await person.client.room_send(room, event["type"], event["content"], ignore_unverified_devices=True)


# ── reactions ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def reaction(event: str, key: str, who: str = ANNA) -> dict[str, Any]:
    relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
    return {"type": "m.reaction", "sender": who, "content": {"m.relates_to": relation}}


@pytest.fixture
async def buttons(server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, room: str) -> str:
    """The event of a message with two buttons that reactions press."""
    server.joins(room, ANNA)
    await house.until(lambda: house.seen_moving)
    typed = (("koffie", "!stem 1"), ("thee", "!stem 2"))
    letter = post("Wat wil je?", COHORT, "b", buttons=typed, presses=(voting("1"), voting("2")))
    await chat.post(letter, room)
    return str(next(event["event_id"] for event in server.said_by(BOT, room) if event["type"] == "m.room.message"))


async def test_the_bot_shows_the_numbers_of_its_choices_once(
    server: FakeHomeserver, chat: MatrixChat, room: str, buttons: str
) -> None:
    typed = (("koffie", "!stem 1"), ("thee", "!stem 2"))
    await chat.post(post("Wat wil je?", COHORT, "b", buttons=typed, presses=(voting("1"), voting("2"))), room)
    shown = [it["m.relates_to"] for it in said(server, room, "m.reaction")]
    assert [(it["key"], it["event_id"]) for it in shown] == [("1️⃣", buttons), ("2️⃣", buttons)]


@pytest.mark.parametrize("key", ["2️⃣", "2⃣"])
async def test_a_reaction_with_a_number_presses_the_button_and_any_other_is_nothing(
    server: FakeHomeserver, house: RecordingHouse, room: str, buttons: str, key: str
) -> None:
    for nothing in ("👍", "3️⃣", "2"):
        server.add(room, reaction(buttons, nothing))
    pressed = server.add(room, reaction(buttons, key))
    server.says(room, ANNA, "klaar")
    await house.hears("klaar")
    assert [(heard.id, heard.press) for heard in house.heard[:-1]] == [(pressed, voting("2"))]


async def test_taking_a_reaction_away_takes_nothing_back(
    server: FakeHomeserver, house: RecordingHouse, room: str, buttons: str
) -> None:
    pressed = server.add(room, reaction(buttons, "1️⃣"))
    server.add(room, {"type": "m.room.redaction", "sender": ANNA, "content": {}, "redacts": pressed})
    server.says(room, ANNA, "klaar")
    await house.hears("klaar")
    assert [heard.press for heard in house.heard] == [voting("1"), None]


async def test_a_message_whose_buttons_are_nobody_elses_business_gets_no_reactions(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, room: str
) -> None:
    server.joins(room, ANNA)
    await house.until(lambda: house.seen_moving)
    await chat.post(post("Zeker?", COHORT, "c", buttons=(("Ja", "ja"), ("Nee", "nee"))), room)
    (asked,) = server.said_by(BOT, room)
    server.add(room, reaction(asked["event_id"], "1️⃣"))
    server.says(room, ANNA, "klaar")
    await house.hears("klaar")
    assert PRESSES not in asked["content"]
    assert [heard.press for heard in house.heard] == [None]


async def test_where_the_bot_may_not_react_the_message_stands_all_the_same(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    server.faults.append(Fault("refuse", "/send/m.reaction/"))
    await chat.post(post("Kies", COHORT, "d", buttons=(("a", "!a"),), presses=(voting("1"),)), room)
    assert [it["body"] for it in said(server, room)] == ["Kies\na: `!a`"]


@pytest.mark.parametrize("raw", [{}, {"content": []}, {"content": {"m.relates_to": []}}, reaction("", "1️⃣")])
def test_what_is_no_choice_is_none(raw: dict[str, Any]) -> None:
    assert chosen({"type": "m.reaction", **raw}) is None


def test_all_ten_numbers_are_read_as_they_are_shown() -> None:
    for number, key in enumerate(NUMBERS, 1):
        found = chosen(reaction("$e", key))
        assert found is not None
        assert found.numbers == (number,)


def test_several_choices_become_one_call() -> None:
    assert chosen_call(DAYS, (2, 2, 3)) == Call(command="vote", arguments=("3.2", "3.3"))
    assert chosen_call(PostedPoll(DAYS.choices), ()) is None


# ── spaces and archives ──────────────────────────────────────────────────────────────────────────────────────────────────────


def space(**more: Any) -> RoomWish:
    return wish(key="space/wissel-2026", space=True, encrypted=False, **more)


async def test_a_space_holds_the_rooms_of_its_edition_and_is_found_again(
    server: FakeHomeserver, house: RecordingHouse, tmp_path: Path
) -> None:
    other = wish(key="cohort/andere", **PLAIN)
    house.wished = [wish(**PLAIN), wish(key="desk/wissel-2026"), other, space(members=frozenset({ANNA}))]
    async with chatting(server, house, tmp_path) as chat:
        chat.wishes_changed()
        await server.until(lambda: len(server.puts("/state/m.space.parent")) == 2)
        holder = house.places.pop("space/wissel-2026")
        await server.until(lambda: server.rooms[holder].membership(ANNA) == "invite")
    async with chatting(server, house, tmp_path) as chat:
        assert await chat.place("space/wissel-2026") == holder
    creation = content(server, holder, "m.room.create")
    assert (creation["type"], creation[CREATION_KEY]) == ("m.space", "space/wissel-2026")
    assert not content(server, holder, "m.room.encryption")
    held = {key for (kind, key) in server.rooms[holder].state() if kind == "m.space.child"}
    assert held == {house.places[COHORT], house.places["desk/wissel-2026"]}
    assert content(server, house.places[COHORT], "m.space.parent", holder) == {"via": ["fake.test"], "canonical": True}
    assert len(server.puts("/state/m.space.child")) == 2


async def test_a_room_that_is_no_longer_wished_leaves_its_space(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    pair = wish(key="pair/wissel-2026/@anna:fake.test", **PLAIN)
    house.wished = [wish(**PLAIN), pair, space()]
    chat.wishes_changed()
    await server.until(lambda: len(server.puts("/state/m.space.parent")) == 2)
    holder, gone = house.places["space/wissel-2026"], house.places[pair.key]
    house.wished = [wish(**PLAIN), space()]
    chat.wishes_changed()
    await server.until(lambda: content(server, holder, "m.space.child", gone) == {})
    assert content(server, holder, "m.space.child", house.places[COHORT]) == {"via": ["fake.test"]}


async def test_an_archived_room_can_be_read_and_not_written_in_after_a_last_word(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, room: str
) -> None:
    house.wished = [wish(archived=True, members=frozenset({ANNA}), **PLAIN)]
    chat.wishes_changed()
    await house.until(lambda: house.mark(f"matrix/archived/{COHORT}"))
    chat.wishes_changed()
    levels = content(server, room, "m.room.power_levels")
    assert (levels["events_default"], levels["invite"]) == (100, 100)
    assert [it["msgtype"] for it in said(server, room)] == ["m.notice"]
    assert server.rooms[room].membership(ANNA) == "leave"


async def test_a_room_that_is_taken_up_again_can_be_written_in(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat, room: str
) -> None:
    for turn, archived in enumerate((True, False, True), 1):
        house.wished = [wish(archived=archived, **PLAIN)]
        chat.wishes_changed()
        await house.until(partial(is_turned, house, str(turn)))
        assert content(server, room, "m.room.power_levels")["events_default"] == (100 if archived else 0)
    assert len(said(server, room)) == 2


def is_turned(house: RecordingHouse, turns: str) -> bool:
    return house.mark(f"matrix/archived/{COHORT}") == turns


async def test_a_room_that_never_was_is_not_made_to_be_archived(
    server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat
) -> None:
    house.wished = [wish(archived=True, key="group/wissel-2026/1"), wish(**PLAIN)]
    chat.wishes_changed()
    await house.until(lambda: COHORT in house.places)
    assert len(server.rooms) == 1
