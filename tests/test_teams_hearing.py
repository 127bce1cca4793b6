"""What comes in from Teams: what the house hears, notices, and never hears."""

import asyncio
from asyncio import Future
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.teams.rosters import UNKNOWN
from programme.rooms import direct, group
from storage.errors import StoreBroken, StoreFull
from tests.fake_connector import BOT, Fault, member, object_id, person_id
from tests.fake_idp import TENANT
from tests.teams_house import Teams, post, teams

ANNA, BRAM, CARLA, ZOE = map(person_id, ("anna", "bram", "carla", "zoe"))
GROUP = group("wissel", 1)


@pytest_asyncio.fixture
async def it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Teams]:
    async with teams(tmp_path, monkeypatch) as running:
        yield running


async def linked(it: Teams, *names: str, **more: Any) -> str:
    """A conversation that is the room of the first group; gives its id."""
    conversation = it.connector.group(*names, **more)
    await it.house.remember_place(GROUP, f"teams:{conversation}")
    return conversation


async def test_a_message_in_the_own_chat_is_heard_with_the_full_id_of_who_said_it(it: Teams) -> None:
    assert await it.connector.speak("anna", "hallo") == 200
    (heard,) = it.house.heard
    assert (heard.person, heard.room, heard.text, heard.name) == (
        f"teams:{TENANT}:{object_id('anna')}",
        direct(ANNA),
        "hallo",
        "Anna",
    )
    assert heard.facts.members == {ANNA}
    assert it.house.places[heard.room] == heard.destination


async def test_it_was_said_when_its_origin_says(it: Teams) -> None:
    await it.connector.tell(it.connector.activity("anna", "hallo", timestamp="2026-07-10T23:59:59.5Z"))
    assert it.house.heard[0].at == datetime(2026, 7, 10, 23, 59, 59, 500_000, tzinfo=UTC)


async def test_the_same_activity_is_heard_once(it: Teams) -> None:
    message = it.connector.activity("anna", "hallo")
    assert [await it.connector.tell(message) for _ in range(3)] == [200, 200, 200]
    assert it.house.texts() == ["hallo"]


async def test_the_same_number_in_another_conversation_is_another_message(it: Teams) -> None:
    for name in ("anna", "bram"):
        assert await it.connector.speak(name, "hallo", id_="1700000000000") == 200
    assert len({heard.id for heard in it.house.heard}) == 2


async def test_capitals_in_an_id_make_nobody_else(it: Teams) -> None:
    shouted = it.connector.activity("anna", "hallo")
    shouted["from"]["aadObjectId"] = shouted["from"]["aadObjectId"].upper()
    assert await it.connector.tell(shouted) == 200
    assert it.house.heard[0].person == ANNA


async def test_a_name_that_hides_something_is_shown_clean(it: Teams) -> None:
    spoofed = it.connector.activity("anna", "hallo")
    spoofed["from"]["name"] = "Cor\u202e\u200b  de Boer" + "x" * 100
    await it.connector.tell(spoofed)
    assert it.house.heard[0].name.startswith("Cor de Boerxx")
    assert len(it.house.heard[0].name) <= 64


@pytest.mark.parametrize(
    "change",
    [
        {"type": "messageUpdate"},
        {"type": "messageDelete"},
        {"type": "messageReaction"},
        {"type": "typing"},
        {"type": "installationUpdate"},
        {"type": "event", "name": "application/vnd.microsoft.meetingStart"},
        {"type": "something new"},
        {"type": "invoke", "name": "task/fetch"},
        {"type": "invoke", "name": "adaptiveCard/action", "value": [1]},
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": {"kring": {"letter": 3}}}}},
        {"from": {"id": "28:another-bot", "name": "Bot", "aadObjectId": object_id("anna")}},
        {"from": {"id": "29:anna", "name": "Anna"}},
        {"text": ""},
        {"text": None, "value": {"other": "card"}},
        {"id": ""},
        {"attachments": [{"contentType": "text/html", "content": "<pre>!hulp</pre>"}]},
        {
            "attachments": [
                {"contentType": "text/html", "content": "<div><codeblock><code>!hulp</code></codeblock></div>"}
            ]
        },
        {"attachments": [{"contentType": "text/html", "content": "<blockquote>!hulp</blockquote>"}]},
        {"attachments": [{"contentType": "text/html", "content": "<p>" * 30_000}]},
    ],
    ids=str,
)
async def test_what_is_no_fresh_word_of_a_person_is_answered_and_not_heard(it: Teams, change: dict[str, Any]) -> None:
    assert await it.connector.tell(it.connector.activity("anna", "!hulp") | change) == 200
    assert it.house.heard == []


async def test_what_was_formatted_is_heard_as_it_was_typed(it: Teams) -> None:
    html = [{"contentType": "text/html", "content": "<p>ja <strong>graag</strong></p>"}]
    await it.connector.tell(it.connector.activity("anna", "ja graag", attachments=html))
    assert it.house.texts() == ["ja graag"]


REPLY = (
    '<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="{id}"><strong itemprop="mri">Kring</strong>'
    '<span itemprop="time"></span><p itemprop="preview">!wis alles</p></blockquote><p>Amsterdam &amp; omgeving</p>'
)


async def test_a_reply_is_heard_without_what_it_repeats_and_with_the_letter_that_it_answers(it: Teams) -> None:
    await it.chat.post(post("Waar woon je?"), await it.meet())
    (said,) = it.connector.said
    html = [{"contentType": "text/html", "content": REPLY.format(id=said.id)}]
    await it.connector.tell(it.connector.activity("anna", "!wis alles\nAmsterdam", attachments=html))
    heard = it.house.heard[-1]
    assert (heard.text, heard.reply_to) == ("Amsterdam & omgeving", "letter-1")


# ── rooms ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_in_a_group_chat_the_bot_is_addressed_by_its_name(it: Teams) -> None:
    conversation = await linked(it, "anna", "bram", "carla", "dirk")
    await it.connector.tell(it.connector.mention("anna", "hulp", conversation))
    await it.connector.tell(it.connector.activity("anna", "onder ons", conversation))
    first, second = it.house.heard
    assert (first.room, first.text, first.addressed) == (GROUP, "hulp", True)
    assert (second.text, second.addressed) == ("onder ons", False)
    assert first.facts.members == {ANNA, BRAM, CARLA, person_id("dirk")}
    assert (first.facts.guests, first.facts.history, first.facts.linkable) == (False, "joined", True)


async def test_the_name_of_somebody_else_stays_in_the_text(it: Teams) -> None:
    conversation = await linked(it, "anna", "bram")
    said = it.connector.mention("anna", "<at>Bram</at> mag", conversation)
    said["entities"].append(
        {"type": "mention", "text": "<at>Bram</at>", "mentioned": {"id": "29:bram", "name": "Bram"}}
    )
    await it.connector.tell(said)
    assert it.house.texts() == ["Bram mag"]


async def test_a_conversation_that_is_no_room_of_ours_is_known_by_its_own_id(it: Teams) -> None:
    conversation = it.connector.group("anna", "bram")
    await it.connector.tell(it.connector.mention("anna", "kamer koppel groep 1", conversation))
    assert it.house.heard[0].room == f"teams:{conversation}"
    await it.chat.post(post("Gekoppeld.", f"teams:{conversation}"), it.house.heard[0].destination)
    assert it.connector.texts(conversation) == ["Gekoppeld."]


async def test_in_a_channel_the_answer_goes_to_the_thread_and_newcomers_read_back(it: Teams) -> None:
    channel = await linked(it, "anna", "bram", id_="19:kanaal@thread.tacv2", kind="channel")
    thread = f"{channel};messageid=1700"
    await it.connector.tell(it.connector.mention("anna", "hulp", thread))
    heard = it.house.heard[0]
    assert (heard.room, heard.facts.history) == (GROUP, "shared")
    await it.chat.post(post("Dit kan ik", GROUP), heard.destination)
    await it.chat.post(post("Denk eraan", GROUP, "letter-2"), await it.chat.place(GROUP))
    assert [said.conversation for said in it.connector.said] == [thread, channel]


@pytest.mark.parametrize(
    "stranger",
    [
        member("piet", userRole="guest"),
        member("piet", tenantId="99999999-2222-3333-4444-555555555555"),
        member("piet", objectId=None),
        member("piet", userRole="anonymous"),
    ],
    ids=["guest", "another tenant", "no id", "anonymous"],
)
async def test_a_guest_is_told_to_the_house(it: Teams, stranger: dict[str, Any]) -> None:
    conversation = await linked(it, "anna", "bram")
    it.connector.rosters[conversation].append(stranger)
    await it.connector.tell(it.connector.mention("anna", "start", conversation))
    facts = it.house.heard[0].facts
    assert facts.guests
    assert facts.members > {ANNA, BRAM}


async def test_a_roster_that_cannot_be_had_makes_a_room_where_nothing_confidential_begins(it: Teams) -> None:
    conversation = await linked(it, "anna", "bram")
    it.connector.faults.append(Fault(502, method="GET"))
    await it.connector.tell(it.connector.mention("anna", "start", conversation))
    await it.connector.tell(it.connector.mention("anna", "start", conversation))
    assert [heard.facts == UNKNOWN for heard in it.house.heard] == [True, False]


async def test_the_house_can_look_how_a_conversation_is_now(it: Teams) -> None:
    conversation = await linked(it, "anna", "bram")
    await it.connector.tell(it.connector.mention("anna", "hallo", conversation))
    it.connector.rosters[conversation].append(member("zoe"))
    assert (await it.chat.facts(f"teams:{conversation}")).members == {ANNA, BRAM, ZOE}


# ── coming and going ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_comes_into_a_room_and_goes_is_noticed_with_the_room_as_it_is_now(it: Teams) -> None:
    conversation = await linked(it, "anna", "bram")
    await it.connector.tell(it.connector.moved("carla", conversation, joined=True))
    await it.connector.tell(it.connector.moved("bram", conversation, joined=False))
    came, went = it.house.seen_moving
    assert (came.person, came.joined, came.room) == (CARLA, True, GROUP)
    assert came.facts.members == {ANNA, BRAM, CARLA}
    assert (went.person, went.joined) == (BRAM, False)
    assert went.facts.members == {ANNA, CARLA}


async def test_who_went_is_known_by_the_roster_when_teams_tells_no_object_id(it: Teams) -> None:
    conversation = await linked(it, "anna", "bram")
    await it.connector.tell(it.connector.mention("anna", "hallo", conversation))
    gone = it.connector.moved("bram", conversation, joined=False)
    del gone["membersRemoved"][0]["aadObjectId"]
    await it.connector.tell(gone)
    assert it.house.seen_moving[0].person == BRAM


async def test_the_same_coming_is_noticed_once_and_the_bot_itself_never(it: Teams) -> None:
    conversation = await linked(it, "anna", "bram")
    came = it.connector.moved("carla", conversation, joined=True)
    came["membersAdded"].append(BOT)
    assert [await it.connector.tell(came) for _ in range(2)] == [200, 200]
    assert [noticed.person for noticed in it.house.seen_moving] == [CARLA]


async def test_who_installs_the_bot_can_be_reached_from_then_on(it: Teams) -> None:
    installed = it.connector.activity("anna", type="conversationUpdate", membersAdded=[BOT])
    assert await it.connector.tell(installed) == 200
    await it.chat.post(post("Welkom"), await it.chat.place(direct(ANNA)))
    assert it.connector.texts(it.connector.chat_of("anna")) == ["Welkom"]


# ── the house is slow, full, or has a bug ────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_not_on_disk_in_time_is_not_acknowledged_and_handled_once(it: Teams) -> None:
    kept: Future[None] = asyncio.get_running_loop().create_future()
    it.house.trouble, it.house.too_late = lambda: kept, True
    message = it.connector.activity("anna", "hallo")
    assert await it.connector.tell(message) == 503
    kept.set_result(None)
    assert await it.connector.tell(message) == 200
    assert it.house.texts() == ["hallo"]


def full() -> "Future[None]":
    failed: Future[None] = asyncio.get_running_loop().create_future()
    failed.set_exception(StoreFull("the disk is full", mend="make room"))
    return failed


def broken() -> "Future[None]":
    raise ZeroDivisionError("a secret in a message")


@pytest.mark.parametrize(("trouble", "status"), [(full, 503), (broken, 500)])
async def test_what_cannot_be_kept_is_not_acknowledged_and_holds_up_nothing(
    it: Teams, trouble: Callable[[], "Future[None]"], status: int
) -> None:
    it.house.trouble = trouble
    message = it.connector.activity("anna", "hallo")
    assert await it.connector.told(message) == (status, "")
    it.house.trouble = None
    assert await it.connector.speak("anna", "verder") == 200
    assert await it.connector.tell(message) == 200
    assert it.house.texts() == ["verder", "hallo"]


def unkept() -> "Future[None]":
    raise StoreBroken("the disk did not keep its word", mend="start again")


async def test_a_broken_store_ends_the_adapter(it: Teams) -> None:
    it.house.trouble = unkept
    assert await it.connector.speak("anna", "hallo") == 503
    assert it.run is not None
    with pytest.raises(StoreBroken):
        await it.run


async def test_messages_of_one_conversation_are_heard_in_order_however_slow_its_roster(it: Teams) -> None:
    conversation = await linked(it, "anna", "bram")
    await it.meet("bram")
    it.connector.faults.append(Fault("silent", method="GET"))
    first = asyncio.create_task(it.connector.tell(it.connector.mention("anna", "een", conversation)))
    await it.connector.pulse.until(lambda: not it.connector.faults)
    second = asyncio.create_task(it.connector.tell(it.connector.mention("anna", "twee", conversation)))
    assert await it.connector.speak("bram", "ondertussen") == 200
    assert (await first, await second) == (200, 200)
    assert it.house.texts() == ["hallo", "ondertussen", "een", "twee"]
