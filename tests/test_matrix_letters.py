"""Letters on Matrix: said once, encrypted where the room is, and honest about what cannot be."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat import Later, Undeliverable
from bot.matrix import MatrixChat
from bot.matrix.sending import text_content, transaction
from storage.letters import File
from tests.fake_homeserver import FakeHomeserver, Fault, fake_homeserver
from tests.matrix_house import QUICK, RecordingHouse, chatting, post, render, settings_on

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


@pytest.fixture
async def room(server: FakeHomeserver, house: RecordingHouse, chat: MatrixChat) -> str:
    """A plain room of Anna and the bot, so that what is sent can be read on the server."""
    assert chat.ready()["matrix_sync"]
    anna = server.account("anna")
    made = server.makes_room(anna, invite=(BOT,), is_direct=True)
    await house.until(lambda: house.places.get(f"direct/{anna}") == made)
    return made


def said(server: FakeHomeserver, room: str) -> list[Any]:
    return [event["content"] for event in server.said_by(BOT, room)]


def test_an_answer_is_a_notice_that_mentions_nobody() -> None:
    content = text_content(post("Je volgorde", mentions=("@anna:fake.test",)))
    assert (content["msgtype"], content["m.mentions"]) == ("m.notice", {})
    assert (content["body"], content["formatted_body"]) == ("Je volgorde", "Je volgorde")


def test_what_must_wake_somebody_is_a_text_that_mentions_them() -> None:
    content = text_content(post("Morgen!", wake=True, mentions=("@bo:fake.test", "@anna:fake.test")))
    assert content["msgtype"] == "m.text"
    assert content["m.mentions"] == {"user_ids": ["@anna:fake.test", "@bo:fake.test"]}


def test_a_button_is_a_line_to_type_and_an_answer_that_is_its_own_word_is_numbered() -> None:
    content = text_content(post("Kies", buttons=(("Bevestig <nu>", "bevestig 3"), ("ja & nee", "ja & nee"))))
    assert content["body"] == "Kies\nBevestig <nu>: `bevestig 3`\n2. ja & nee"
    assert content["formatted_body"] == "Kies<br>Bevestig &lt;nu&gt;: <code>bevestig 3</code><br>2. ja &amp; nee"


def test_the_transaction_is_made_of_the_letter_and_its_part() -> None:
    assert transaction("letter-1") == transaction("letter-1")
    assert len({transaction("letter-1"), transaction("letter-2"), transaction("letter-1", "file")}) == 3
    assert transaction("a") == "kring." + hashlib.sha256(b"a\0text").hexdigest()[:40]


async def test_a_letter_tried_again_is_said_once(server: FakeHomeserver, chat: MatrixChat, room: str) -> None:
    server.faults.append(Fault("lose", "/send/", times=2))  # the connection itself tries a PUT twice
    with pytest.raises(Later):
        await chat.post(post("een keer"), room)
    await chat.post(post("een keer"), room)
    await chat.post(post("een keer"), room)
    assert [content["body"] for content in said(server, room)] == ["een keer"]
    assert len(server.puts("/send/")) == 4


async def test_an_old_letter_is_looked_for_before_it_is_said(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    await chat.post(post("al gezegd", letter="oud-1"), room)
    for device in server.devices.values():
        device.transactions.clear()
    await chat.post(post("al gezegd", letter="oud-1", old=True), room)
    await chat.post(post("nog niet gezegd", letter="oud-2", old=True), room)
    assert [content["body"] for content in said(server, room)] == ["al gezegd", "nog niet gezegd"]


async def test_an_old_letter_of_somebody_else_does_not_count_as_said(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    server.says(room, "@anna:fake.test", "nep", **{"nl.kring.letter": "oud-3"})
    await chat.post(post("echt", letter="oud-3", old=True), room)
    assert [content["body"] for content in said(server, room)] == ["echt"]


async def test_a_letter_that_replaces_another_is_an_edit_of_it(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    await chat.post(post("3 van 5", letter="stand-1"), room)
    await chat.post(post("4 van 5", letter="stand-2", edits="stand-1"), room)
    first, edit = server.said_by(BOT, room)
    assert edit["content"]["m.relates_to"] == {"rel_type": "m.replace", "event_id": first["event_id"]}
    assert edit["content"]["m.new_content"]["body"] == "4 van 5"
    assert edit["content"]["body"] == "* 4 van 5"


async def test_a_file_goes_after_its_text_with_its_name_and_size(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    file = File(name="rooster.ics", mime="text/calendar", content=b"BEGIN:VCALENDAR")
    await chat.post(post("Je rooster", file=file), room)
    text, sent = said(server, room)
    assert text["body"] == "Je rooster"
    assert (sent["msgtype"], sent["filename"], sent["info"]) == (
        "m.file",
        "rooster.ics",
        {"mimetype": "text/calendar", "size": 15},
    )
    assert server.uploads[sent["url"]] == b"BEGIN:VCALENDAR"


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        ("429", 0.02),
        ("429-header", 7.0),
        ("429-now", None),
        ("502", None),
        ("reset", None),
        ("hang", None),
        ("garbage", None),
    ],
)
async def test_a_server_that_cannot_now_means_later(
    server: FakeHomeserver, chat: MatrixChat, room: str, kind: str, seconds: float | None
) -> None:
    server.faults.append(Fault(kind, "/send/", times=2 if kind == "reset" else 1))
    with pytest.raises(Later) as later:
        await chat.post(post("straks"), room)
    assert later.value.seconds == seconds


async def test_a_limit_is_told_at_once_and_not_waited_for_inside(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    server.faults.append(Fault("429", "/send/", times=5, retry_after_ms=60_000))
    with pytest.raises(Later) as later:
        async with asyncio.timeout(2):
            await chat.post(post("straks"), room)
    assert later.value.seconds == 60
    assert len(server.puts("/send/")) == 1


async def test_a_letter_that_the_server_refuses_is_undeliverable(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    server.faults.append(Fault("refuse", "/send/"))
    with pytest.raises(Undeliverable) as no:
        await chat.post(post("mag niet"), room)
    assert no.value.reason == "refused"


async def test_a_letter_that_is_too_large_is_undeliverable(server: FakeHomeserver, chat: MatrixChat, room: str) -> None:
    with pytest.raises(Undeliverable) as no:
        await chat.post(post("x" * 70_000), room)
    assert no.value.reason == "too_large"
    assert said(server, room) == []


async def test_a_room_that_the_bot_was_put_out_of_is_undeliverable(
    server: FakeHomeserver, chat: MatrixChat, room: str
) -> None:
    server.leaves(room, BOT)
    with pytest.raises(Undeliverable) as no:
        await chat.post(post("nog een ding"), room)
    assert no.value.reason == "left"


async def test_a_letter_waits_until_the_sync_has_shown_its_room(server: FakeHomeserver, chat: MatrixChat) -> None:
    anna = server.account("anna")
    room = server.makes_room(anna, invite=(BOT,), is_direct=True)
    await server.until(lambda: server.rooms[room].membership(BOT) == "join")
    await chat.post(post("meteen"), room)
    assert [content["body"] for content in said(server, room)] == ["meteen"]


async def test_before_the_bot_runs_there_is_only_later(server: FakeHomeserver, tmp_path: Path) -> None:
    chat = MatrixChat(settings_on(server), tmp_path, render, pace=QUICK)
    chat.wishes_changed()
    with pytest.raises(Later):
        await chat.post(post("te vroeg"), "!room")
    with pytest.raises(Later):
        await chat.place("direct/@anna:fake.test")


async def test_the_chat_serves_all_rooms_but_those_of_another_platform(chat: MatrixChat) -> None:
    keys = {
        "direct/@a:b": True,
        "cohort/wissel": True,
        "!room": True,
        "direct/teams:t:o": False,
        "teams:chat": False,
    }
    assert {key: chat.serves(key) for key in keys} == keys
