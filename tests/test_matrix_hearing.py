"""What the bot hears on Matrix, and what it does not take for something that a person said."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.matrix.events import OwnNames, Typed, typed, when, without_fallback
from tests.fake_homeserver import FakeHomeserver, fake_homeserver
from tests.matrix_house import RecordingHouse, chatting, post

BOT = "@kring:fake.test"
NAMES = OwnNames(BOT, "Kring de bot")


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


def message(body: str, **content: Any) -> dict[str, Any]:
    return {"type": "m.room.message", "content": {"msgtype": "m.text", "body": body, **content}}


def answer_to(event: str) -> dict[str, Any]:
    return {"m.in_reply_to": {"event_id": event}}


@pytest.mark.parametrize(
    "event",
    [
        message("!help", msgtype="m.notice"),
        message("!help", msgtype="m.emote"),
        message("!help", msgtype="m.image", url="mxc://a/b"),
        message("!help", msgtype=["m.text"]),
        message("* !help", **{"m.new_content": {"body": "!help", "msgtype": "m.text"}}),
        message("!help", **{"m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}}),
        message("!help", **{"m.relates_to": {"rel_type": "m.annotation", "event_id": "$1"}}),
        message("!help", formatted_body="<pre><code>!help</code></pre>"),
        message("!help", formatted_body="  <CODE>!help</CODE>"),
        message("!help", formatted_body="<blockquote>!help</blockquote>"),
        message("!help", formatted_body="<mx-reply>x</mx-reply> <blockquote>!help</blockquote>"),
        {**message("!help"), "type": "m.reaction"},
        {**message("!help"), "type": "m.sticker"},
        {**message("!help"), "state_key": ""},
        {"type": "m.room.message", "content": "!help"},
        {"type": "m.room.message"},
        {},
    ],
)
def test_only_fresh_plain_text_counts_as_typed(event: dict[str, Any]) -> None:
    assert typed(event, NAMES) is None


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (message("!help"), Typed("!help")),
        (message("eerste\n!help"), Typed("eerste\n!help")),
        (message("ja", **{"m.relates_to": answer_to("$1")}), Typed("ja", answers="$1")),
        (message("> <@a:b> !weg\n> !nog\n\nja", **{"m.relates_to": answer_to("$1")}), Typed("ja", answers="$1")),
        (message("> !weg", **{"m.relates_to": answer_to("$1")}), Typed("", answers="$1")),
        (message("> !weg\nja"), Typed("> !weg\nja")),
        (
            message("ja", **{"m.relates_to": {"rel_type": "m.thread", "is_falling_back": True, **answer_to("$1")}}),
            Typed("ja"),
        ),
        (message("kring: help"), Typed("help", addressed=True)),
        (message("Kring help"), Typed("help", addressed=True)),
        (message("@kring:fake.test help"), Typed("help", addressed=True)),
        (message("@KRING, help"), Typed("help", addressed=True)),
        (message("Kring de bot: help"), Typed("help", addressed=True)),
        (message("kring"), Typed("", addressed=True)),
        (message("kringen zijn rond"), Typed("kringen zijn rond")),
        (message("ha kring: help"), Typed("ha kring: help")),
        (
            message("Help eens", **{"m.mentions": {"user_ids": [BOT]}}),
            Typed("Help eens", addressed=True),
        ),
        (message("Help eens", **{"m.mentions": {"user_ids": BOT}}), Typed("Help eens")),
        (
            message("Robotje: help", formatted_body=f'<a href="https://matrix.to/#/{BOT}">Robotje</a>: help'),
            Typed("help", addressed=True),
        ),
        (
            message("Robotje: help", formatted_body='<a href="https://matrix.to/#/@anna:fake.test">Robotje</a>: help'),
            Typed("Robotje: help"),
        ),
        (
            message(
                "Robotje help", formatted_body='<a href="https://matrix.to/#/%40kring%3Afake.test">Robotje</a> help'
            ),
            Typed("help", addressed=True),
        ),
        (message("\ud800lone"), Typed("?lone")),
    ],
)
def test_the_name_in_front_is_taken_off_and_what_a_reply_repeats_too(event: dict[str, Any], said: Typed) -> None:
    assert typed(event, NAMES) == said


def test_a_reply_without_repeated_lines_stays_whole() -> None:
    assert without_fallback("ja\n> en dit") == "ja\n> en dit"


@pytest.mark.parametrize(
    ("stamp", "year"), [(0, 1970), (-(10**30), 1970), (10**30, 9999), ("nu", 1970), (None, 1970), (True, 1970)]
)
def test_a_moment_that_no_calendar_holds_becomes_one_that_it_does(stamp: object, year: int) -> None:
    assert when({"origin_server_ts": stamp}).year == year


def test_a_moment_is_read_in_utc() -> None:
    assert when({"origin_server_ts": 1_790_000_000_123}) == datetime(2026, 9, 21, 14, 13, 20, 123000, UTC)


async def test_a_name_that_hides_something_is_heard_clean(server: FakeHomeserver, tmp_path: Path) -> None:
    house = RecordingHouse()
    async with chatting(server, house, tmp_path):
        anna = server.account("anna")
        room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        server.joins(room, anna, "An\u202ena\u200b  @room\n" + "x" * 500)
        server.says(room, anna, "hallo")
        heard = await house.hears("hallo")
    assert heard.name.startswith("Anna @ room xxx")
    assert len(heard.name) == 64


async def test_a_person_who_begins_a_direct_chat_is_heard_from_the_first_word(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house, anna = RecordingHouse(), server.account("anna")
    async with chatting(server, house, tmp_path):
        room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        server.says(room, anna, "aanmelden")
        heard = await house.hears("aanmelden")
        await house.until(lambda: house.places.get(f"direct/{anna}") == room)
    assert (heard.person, heard.room, heard.destination) == (anna, f"direct/{anna}", room)
    assert heard.facts.members == {anna}
    assert not heard.facts.encrypted


async def test_a_room_that_the_house_does_not_know_keeps_its_own_id_as_its_key(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house, anna, bo = RecordingHouse(), server.account("anna"), server.account("bo")
    async with chatting(server, house, tmp_path, inviters=("@*:fake.test",)):
        room = server.makes_room(anna, invite=(BOT,))
        server.joins(room, bo, "Bo\u202e van Dijk")
        await server.until(lambda: server.rooms[room].membership(BOT) == "join")
        server.says(room, bo, "hallo")
        heard = await house.hears("hallo")
    assert (heard.room, heard.destination, heard.name) == (room, room, "Bo van Dijk")


async def test_a_direct_chat_that_others_came_into_is_one_no_longer(server: FakeHomeserver, tmp_path: Path) -> None:
    house, anna, bo = RecordingHouse(), server.account("anna"), server.account("bo")
    async with chatting(server, house, tmp_path):
        room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        await house.until(lambda: house.places.get(f"direct/{anna}") == room)
        server.invites(room, anna, bo)
        server.says(room, anna, "met z'n drieën")
        heard = await house.hears("met z'n drieën")
    assert heard.room == room


async def test_the_bot_itself_and_other_bots_are_not_heard(server: FakeHomeserver, tmp_path: Path) -> None:
    house, anna, robot = RecordingHouse(), server.account("anna"), server.account("robot")
    async with chatting(server, house, tmp_path, known_bots=(robot,)):
        room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        await server.until(lambda: server.rooms[room].membership(BOT) == "join")
        server.says(room, BOT, "van mijzelf")
        server.joins(room, robot)
        server.says(room, robot, "van een bot")
        server.says(room, anna, "van een mens")
        await house.hears("van een mens")
    assert house.texts() == ["van een mens"]


async def test_what_was_said_before_the_very_first_start_is_not_for_the_bot(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house, anna = RecordingHouse(), server.account("anna")
    server.account("kring")
    room = server.makes_room(anna, invite=(BOT,), is_direct=True)
    server.joins(room, BOT)
    server.says(room, anna, "van gisteren")
    async with chatting(server, house, tmp_path):
        server.says(room, anna, "van vandaag")
        await house.hears("van vandaag")
    assert house.texts() == ["van vandaag"]


async def test_what_was_said_while_the_bot_was_away_is_heard_in_order_over_a_gap(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house, anna = RecordingHouse(), server.account("anna")
    async with chatting(server, house, tmp_path):
        room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        server.says(room, anna, "nul")
        await house.hears("nul")
    server.timeline_limit = 3
    said = [f"bericht {number}" for number in range(250)]
    for text in said:
        server.says(room, anna, text)
    async with chatting(server, house, tmp_path):
        await house.hears(said[-1])
    assert house.texts() == ["nul", *said]
    assert len(server.asked("/messages")) == 3


async def test_the_token_is_kept_after_all_that_came_before_it(server: FakeHomeserver, tmp_path: Path) -> None:
    house, anna = RecordingHouse(), server.account("anna")
    async with chatting(server, house, tmp_path):
        room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        server.says(room, anna, "een")
        server.says(room, anna, "twee")
        await house.hears("twee")
        token = house.marks["matrix/sync"]
        await house.until(lambda: house.marks["matrix/sync"] != token)
    heard = [place for place, (kind, _) in enumerate(house.order) if kind == "heard"]
    marks = [place for place, (kind, name) in enumerate(house.order) if (kind, name) == ("mark", "matrix/sync")]
    assert marks[0] < heard[0] < heard[-1] < marks[-1]
    assert not [request for request in server.asked("/sync") if request.method != "GET"]


async def test_a_restart_begins_where_the_last_token_was(server: FakeHomeserver, tmp_path: Path) -> None:
    house, anna = RecordingHouse(), server.account("anna")
    async with chatting(server, house, tmp_path):
        room = server.makes_room(anna, invite=(BOT,), is_direct=True)
        server.says(room, anna, "voor de val")
        await house.hears("voor de val")
    house.marks["matrix/sync"] = "s1"  # as if the process died before the token was on disk
    async with chatting(server, house, tmp_path):
        server.says(room, anna, "na de val")
        await house.hears("na de val")
    assert house.texts() == ["voor de val", "na de val"]


async def test_a_reply_names_the_letter_that_it_answers(server: FakeHomeserver, tmp_path: Path) -> None:
    house, anna = RecordingHouse(), server.account("anna")
    async with chatting(server, house, tmp_path) as chat:
        room = await chat.place(f"direct/{anna}")
        server.joins(room, anna)
        await chat.post(post("Kom je ook?", letter="letter-7"), room)
        event = server.said_by(BOT, room)[0]["event_id"]
        outside = server.makes_room(anna, invite=(BOT,), is_direct=True)
        await server.until(lambda: server.rooms[outside].membership(BOT) == "join")
        server.says(outside, anna, "ja", **{"m.relates_to": answer_to("$nergens")})
        assert (await house.hears("ja")).reply_to is None
        mine = server.says(outside, BOT, "los", **{"nl.kring.letter": "letter-8"})
        theirs = server.says(outside, anna, "los", **{"nl.kring.letter": "letter-9"})
        server.says(outside, anna, "graag", **{"m.relates_to": answer_to(mine)})
        server.says(outside, anna, "nee", **{"m.relates_to": answer_to(theirs)})
        assert (await house.hears("graag")).reply_to == "letter-8"
        assert (await house.hears("nee")).reply_to is None
    assert event


async def test_a_plain_message_in_an_encrypted_room_is_not_believed(server: FakeHomeserver, tmp_path: Path) -> None:
    house, anna = RecordingHouse(), server.account("anna")
    async with chatting(server, house, tmp_path):
        room = server.makes_room(anna, invite=(BOT,), is_direct=True, encrypted=True)
        await server.until(lambda: server.rooms[room].membership(BOT) == "join")
        server.says(room, anna, "!wis alles")
        server.says(room, anna, "!wis alles")
        await house.until(lambda: house.unread)
        other = server.makes_room(anna, invite=(BOT,), is_direct=True)
        server.says(other, anna, "klaar")
        await house.hears("klaar")
    assert house.texts() == ["klaar"]
    assert house.unread == [(anna, room)]
