"""What goes out to Teams: once, or told to be in doubt; whatever the connector does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from bot.chat import Doubtful, Later, PostedPoll, PostedRanking, Undeliverable
from bot.settings import TeamsSettings
from bot.teams import Patience, TeamsChat
from bot.teams.letters import size
from programme.rooms import RoomWish, direct, group
from programme.text import Call, Text
from tests.fake_connector import Fault, actions_of, object_id, person_id
from tests.fake_idp import APP, TENANT
from tests.matrix_house import render
from tests.teams_house import QUICK, Teams, post, teams

GROUP = group("wissel", 1)


@pytest_asyncio.fixture
async def it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Teams]:
    async with teams(tmp_path, monkeypatch) as running:
        yield running


@pytest_asyncio.fixture
async def known(it: Teams) -> Teams:
    await it.meet()
    return it


async def linked(it: Teams, *names: str) -> str:
    """A group chat that is the room of the first group."""
    place = f"teams:{it.connector.group(*names)}"
    await it.house.remember_place(GROUP, place)
    assert await it.connector.tell(it.connector.mention(names[0], "hallo", place.removeprefix("teams:"))) == 200
    return place


async def test_a_letter_is_said_in_the_chat_where_the_person_spoke_first(it: Teams) -> None:
    await it.chat.post(post("Dag <strong>Anna</strong>"), await it.meet())
    (said,) = it.connector.said
    assert said.conversation == it.connector.chat_of("anna")
    assert (said.activity["text"], said.activity["textFormat"]) == ("Dag <strong>Anna</strong>", "xml")


async def test_requests_carry_the_token_of_the_app(it: Teams) -> None:
    await it.chat.post(post("dag"), await it.meet())
    assert it.connector.asked[-1][2] == "Bearer token-1"
    assert it.idp.given == 1


async def test_a_chat_is_begun_with_somebody_who_never_spoke(known: Teams) -> None:
    bram = direct(person_id("bram"))
    place = await known.chat.place(bram)
    assert known.connector.asked[-1][:2] == ("POST", "/emea/v3/conversations")
    await known.chat.post(post("dag", bram), place)
    assert known.connector.said[0].conversation == known.connector.chat_of("bram")
    assert known.house.places[bram] == place


async def test_somebody_without_the_app_cannot_be_reached(known: Teams) -> None:
    known.connector.installed = False
    with pytest.raises(Undeliverable, match="not_installed"):
        await known.chat.place(direct(person_id("bram")))


async def test_somebody_of_another_tenant_cannot_be_reached(known: Teams) -> None:
    with pytest.raises(Undeliverable, match="unknown"):
        await known.chat.place(direct(person_id("bram", "99999999-2222-3333-4444-555555555555")))


async def test_a_room_that_is_not_linked_cannot_be_reached(known: Teams) -> None:
    with pytest.raises(Undeliverable, match="not_linked"):
        await known.chat.place(GROUP)


async def test_a_desk_that_is_not_linked_is_the_chat_with_a_coordinator(known: Teams) -> None:
    desk = "desk/wissel"
    known.house.wished = [
        RoomWish(key=desk, name=Text(id="desk"), topic=Text(id="desk"), members=frozenset({person_id("anna")}))
    ]
    place = await known.chat.place(desk)
    await known.chat.post(post("let op", desk), place)
    assert known.connector.texts(known.connector.chat_of("anna")) == ["let op"]


@pytest.mark.parametrize(
    ("room", "alone", "beside"),
    [
        (direct(person_id("anna")), True, True),
        (direct("@anna:example.nl"), False, False),
        ("teams:19:elders@thread.v2", True, True),
        ("cohort/wissel", True, False),
        (GROUP, True, True),
    ],
    ids=["a person of Teams", "a person of Matrix", "a conversation", "a room", "a room that is linked"],
)
def test_beside_matrix_only_what_belongs_to_teams_goes_there(room: str, *, alone: bool, beside: bool) -> None:
    places = {GROUP: "teams:19:groep@thread.v2"}
    settings = TeamsSettings(app_id=APP, tenants=(TENANT,), authenticate=False)
    assert TeamsChat(settings, render, places.get).serves(room) == alone
    assert TeamsChat(settings, render, places.get, alone=False).serves(room) == beside


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("how", "asked"), [(429, "3"), (412, ""), (503, "3"), (429, "soon")])
async def test_a_request_to_wait_is_waited_for_and_then_it_is_said_once(it: Teams, how: int, asked: str) -> None:
    place = await it.meet()
    it.connector.faults.append(Fault(how, {"Retry-After": asked} if asked else {}))
    with pytest.raises(Later) as wait:
        await it.chat.post(post("dag"), place)
    if asked == "3":
        assert wait.value.seconds is not None
        assert 3.0 <= wait.value.seconds <= 3.75
    else:
        assert wait.value.seconds is None
    await it.chat.post(post("dag"), place)
    assert it.connector.texts() == ["dag"]


@pytest.mark.parametrize("how", [500, 502, 504, "reset", "silent", "lost"])
async def test_what_may_have_arrived_is_not_said_again(it: Teams, how: int | str) -> None:
    place = await it.meet()
    it.connector.faults.append(Fault(how))
    for _ in range(3):
        with pytest.raises(Doubtful):
            await it.chat.post(post("dag"), place)
    assert it.connector.texts() == (["dag"] if how == "lost" else [])
    await it.chat.post(post("verder", letter="letter-2"), place)
    assert it.connector.texts()[-1] == "verder"


async def test_a_letter_on_its_way_when_the_bot_died_is_in_doubt_after_the_restart(it: Teams) -> None:
    place = await it.meet()
    it.connector.faults.append(Fault("lost"))
    with pytest.raises(Doubtful):
        await it.chat.post(post("dag"), place)
    async with it.running() as chat:
        with pytest.raises(Doubtful):
            await chat.post(post("dag"), place)
    assert it.connector.texts() == ["dag"]


async def test_a_letter_on_its_way_at_a_stop_may_arrive_first(it: Teams) -> None:
    place = await it.meet()
    it.connector.faults.append(Fault("slow"))
    underway = asyncio.create_task(it.chat.post(post("dag"), place))
    await it.connector.pulse.until(lambda: not it.connector.faults)
    assert it.run is not None
    it.run.cancel()
    ended, _ = await asyncio.wait({it.run}, timeout=0.1)
    assert not ended
    it.connector.go_on.set()
    await underway
    with pytest.raises(Later):
        await it.chat.post(post("nog iets", letter="letter-2"), place)
    assert it.connector.texts() == ["dag"]


async def test_a_stop_does_not_wait_for_ever_for_a_letter_on_its_way(it: Teams) -> None:
    place = await it.meet()
    it.connector.faults.append(Fault("silent"))
    underway = asyncio.create_task(it.chat.post(post("dag"), place))
    await it.connector.pulse.until(lambda: not it.connector.faults)
    assert it.run is not None
    it.run.cancel()
    await asyncio.wait({it.run})
    with pytest.raises(Doubtful):
        await underway


async def test_a_connector_that_is_not_there_has_said_nothing(it: Teams) -> None:
    place = await it.meet()
    it.house.marks["teams/at/" + direct(person_id("anna"))] = (
        f'{{"service": "http://127.0.0.1:9/emea", "tenant": "{TENANT}", "kind": "personal"}}'
    )
    with pytest.raises(Later):
        await it.chat.post(post("dag"), place)


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (403, "MessageWritesBlocked", "blocked"),
        (403, "BotDisabledByUser", "blocked"),
        (403, "BotNotInConversationRoster", "left"),
        (403, "ForbiddenOperationException", "not_installed"),
        (403, "Other", "refused"),
        (404, "ConversationNotFound", "left"),
        (413, "MessageSizeTooBig", "too_large"),
        (400, "BadSyntax", "refused"),
        (301, "", "refused"),
    ],
)
async def test_a_refusal_becomes_a_reason_for_the_coordinator(it: Teams, status: int, code: str, reason: str) -> None:
    place = await it.meet()
    it.connector.faults.append(Fault(status, {"Location": f"{it.connector.service}/elsewhere"}, code))
    with pytest.raises(Undeliverable, match=f"^{reason}$"):
        await it.chat.post(post("dag"), place)
    assert it.connector.said == []


async def test_a_token_that_is_refused_is_replaced(it: Teams) -> None:
    place = await it.meet()
    it.connector.faults.append(Fault(401))
    with pytest.raises(Later):
        await it.chat.post(post("dag"), place)
    await it.chat.post(post("dag"), place)
    assert it.connector.asked[-1][2] == "Bearer token-2"
    assert it.connector.texts() == ["dag"]


async def test_without_a_token_nothing_is_said_and_nothing_is_lost(it: Teams) -> None:
    place = await it.meet()
    it.connector.faults.append(Fault(401))
    with pytest.raises(Later):
        await it.chat.post(post("dag"), place)
    it.idp.secret = "another"
    with pytest.raises(Later):
        await it.chat.post(post("dag"), place)
    assert not it.chat.ready()["teams_token"]
    it.idp.secret = "a secret"
    await it.chat.post(post("dag"), place)
    assert it.connector.texts() == ["dag"]


async def test_a_letter_that_is_of_no_use_any_more_is_not_said(it: Teams) -> None:
    place = await it.meet()
    with pytest.raises(Undeliverable, match="too_late"):
        await it.chat.post(post("dag", useful=lambda: False), place)
    assert it.connector.said == []


async def test_a_stop_while_it_is_not_yet_our_turn_leaves_no_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Patience(answer=QUICK.answer, request=QUICK.request, a_second=1.0)
    async with teams(tmp_path, monkeypatch, patience=slow) as it:
        place = await it.meet()
        await it.chat.post(post("eerst", letter="letter-0"), place)
        waiting = asyncio.create_task(it.chat.post(post("dag"), place))
        await asyncio.sleep(0)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
        async with it.running() as chat:
            await chat.post(post("dag"), place)
        assert it.connector.texts() == ["eerst", "dag"]


# ── long letters ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_long_letter_comes_in_parts_that_together_say_it(it: Teams) -> None:
    lines = [f"regel {number} " + "x" * 200 for number in range(400)]
    await it.chat.post(post("<br>".join(lines)), await it.meet())
    said = it.connector.texts()
    assert len(said) > 1
    assert max(len(text.encode("utf-16-le")) for text in said) <= 80_000
    assert "<br/>".join(said).split("<br/>") == lines


@pytest.mark.parametrize("how", ["lost", "reset"])
async def test_a_part_in_doubt_does_not_keep_the_others(it: Teams, how: str) -> None:
    place = await it.meet()
    lines = ["x" * 1000 for _ in range(100)]
    it.connector.faults.append(Fault(how))
    for _ in range(2):
        with pytest.raises(Doubtful):
            await it.chat.post(post("<br>".join(lines)), place)
    whole = sum(text.count("x") for text in it.connector.texts())
    assert (whole == 100_000) == (how == "lost")
    assert whole > 50_000


async def test_parts_that_were_said_are_not_said_again_when_a_later_one_must_wait(known: Teams) -> None:
    place = known.house.places[direct(person_id("anna"))]
    lines = ["x" * 1000 for _ in range(100)]
    known.connector.faults += [Fault("lost"), Fault(429), Fault(429)]
    for expected in (Later, Later, Doubtful):
        with pytest.raises(expected):
            await known.chat.post(post("<br>".join(lines)), place)
    assert sum(text.count("x") for text in known.connector.texts()) == 100_000


# ── status texts, mentions, wake ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_status_text_changes_in_place_also_after_a_restart(it: Teams) -> None:
    place = await linked(it, "anna", "bram")
    await it.chat.post(post("ronde 1", GROUP, "s1", status=True), place)
    await it.chat.post(post("ronde 2", GROUP, "s2", status=True, edits="s1"), place)
    async with it.running() as chat:
        await chat.post(post("ronde 3", GROUP, "s3", status=True, edits="s1"), place)
    (said,) = it.connector.said
    assert (said.activity["text"], said.changes) == ("ronde 3", 2)


@pytest.mark.parametrize("how", [502, "lost", "silent"])
async def test_a_change_in_place_may_be_repeated(it: Teams, how: int | str) -> None:
    place = await linked(it, "anna", "bram")
    await it.chat.post(post("ronde 1", GROUP, "s1", status=True), place)
    it.connector.faults.append(Fault(how, method="PUT"))
    with suppress(Later):  # aiohttp repeats some of these itself
        await it.chat.post(post("ronde 2", GROUP, "s2", status=True, edits="s1"), place)
    await it.chat.post(post("ronde 2", GROUP, "s2", status=True, edits="s1"), place)
    assert it.connector.texts() == ["ronde 2"]


async def test_a_status_text_that_somebody_deleted_is_said_anew(it: Teams) -> None:
    place = await linked(it, "anna", "bram")
    await it.chat.post(post("ronde 1", GROUP, "s1", status=True), place)
    it.connector.said.clear()
    await it.chat.post(post("ronde 2", GROUP, "s2", status=True, edits="s1"), place)
    await it.chat.post(post("ronde 3", GROUP, "s3", status=True, edits="s1"), place)
    assert it.connector.texts() == ["ronde 3"]


async def test_who_is_addressed_in_a_room_is_mentioned_by_object_id(it: Teams) -> None:
    place = await linked(it, "anna", "bram")
    addressed = (person_id("bram"), person_id("zoe"))
    await it.chat.post(post("jij bent", GROUP, mentions=addressed, wake=True), place)
    (said,) = it.connector.said
    assert said.activity["text"] == "<at>Bram</at> jij bent"
    assert [entity["mentioned"] for entity in said.activity["entities"]] == [{"id": object_id("bram"), "name": "Bram"}]
    assert said.activity["channelData"] == {"notification": {"alert": True}}


async def test_a_plain_answer_wakes_nobody(it: Teams) -> None:
    await it.chat.post(post("dag"), await it.meet())
    assert "channelData" not in it.connector.said[0].activity
    assert "entities" not in it.connector.said[0].activity


# ── cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_pressing_is_typing(it: Teams) -> None:
    await it.chat.post(post("Zeker?", buttons=(("Ja", "Ja"), ("Help", "!help"))), await it.meet())
    (said,) = it.connector.said
    assert [action["title"] for action in actions_of(said.activity)] == ["Ja", "Help"]
    status, answer = await it.connector.told(it.connector.press("anna", said, "Help"))
    assert (status, '"statusCode": 200' in answer) == (200, True)
    heard = it.house.heard[-1]
    assert (heard.text, heard.reply_to, heard.person) == ("!help", "letter-1", person_id("anna"))


async def test_a_client_without_execute_presses_by_submit(it: Teams) -> None:
    await it.chat.post(post("Zeker?", buttons=(("Ja", "Ja"),)), await it.meet())
    (action,) = actions_of(it.connector.said[0].activity)
    assert await it.connector.tell(it.connector.activity("anna", "", value=action["fallback"]["data"])) == 200
    assert it.house.texts()[-1] == "Ja"


async def test_every_card_can_do_without_being_a_card(it: Teams) -> None:
    await it.chat.post(post("Zeker?", buttons=(("Ja", "Ja"), ("Help", "!help"))), await it.meet())
    (card,) = it.connector.said[0].activity["attachments"]
    assert card["content"]["fallbackText"] == "1. Ja\n2. Help: !help"


RANKING = PostedRanking("!voorkeur", tuple((f"{n}. Plek {n}", str(n)) for n in range(1, 41)), 3)


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ({"rank1": "3", "rank2": "17", "rank3": "1"}, "!voorkeur 3 17 1"),
        ({"rank1": "3", "rank2": "", "rank3": "1"}, "!voorkeur 3 1"),
        ({"rank1": "3", "rank4": "5", "rank11": "9"}, "!voorkeur 3 5"),
        ({}, "!voorkeur"),
    ],
)
async def test_an_order_that_is_chosen_is_an_order_that_is_typed(it: Teams, chosen: dict[str, str], typed: str) -> None:
    await it.chat.post(post("De plekken:", ranking=RANKING), await it.meet())
    (said,) = it.connector.said
    assert await it.connector.tell(it.connector.press("anna", said, "Send my choice", **chosen)) == 200
    assert (it.house.texts()[-1], it.house.heard[-1].reply_to) == (typed, "letter-1")


async def test_an_order_has_a_list_for_each_rank_and_the_message_stays_small(it: Teams) -> None:
    await it.chat.post(post("x" * 70_000, ranking=RANKING), await it.meet())
    assert [len(it.activity.get("attachments", [])) for it in it.connector.said][-1] == 1
    body = it.connector.said[-1].activity["attachments"][0]["content"]["body"]
    assert [(part["id"], part["style"]) for part in body[:-1]] == [(f"rank{n}", "compact") for n in (1, 2, 3)]
    assert all(size(json.dumps(said.activity)) < 100_000 for said in it.connector.said)


async def test_an_order_of_more_than_a_message_holds_is_typed(it: Teams) -> None:
    many = PostedRanking("!voorkeur", tuple((f"{n}. " + "Plek" * 30, str(n)) for n in range(300)), 5)
    await it.chat.post(post("De plekken:", ranking=many), await it.meet())
    assert "attachments" not in it.connector.said[0].activity


POLL = PostedPoll(
    tuple(
        (day, f"!stem {n}", Call(command="vote", arguments=(str(n),))) for n, day in enumerate(["ma", "di", "wo"], 1)
    ),
    most=2,
    none=Call(command="vote"),
)


async def test_a_vote_makes_the_call_of_what_was_chosen_also_after_a_restart(it: Teams) -> None:
    place = await linked(it, "anna", "bram")
    await it.chat.post(post("Wanneer?", GROUP, poll=POLL), place)
    (said,) = it.connector.said
    async with it.running():
        assert await it.connector.tell(it.connector.press("bram", said, "Send my choice", choice="3,1,2")) == 200
        assert await it.connector.tell(it.connector.press("bram", said, "Send my choice", choice="")) == 200
    assert [heard.press for heard in it.house.heard[-2:]] == [
        Call(command="vote", arguments=("3", "1")),
        Call(command="vote"),
    ]
    assert it.house.heard[-1].person == person_id("bram")


async def test_a_vote_counts_only_where_the_poll_is(it: Teams) -> None:
    place = await linked(it, "anna", "bram")
    await it.chat.post(post("Wanneer?", GROUP, poll=POLL), place)
    heard = len(it.house.heard)
    press = it.connector.press("zoe", it.connector.said[0], "Send my choice", choice="1")
    elsewhere = press | {"conversation": {"id": it.connector.chat_of("zoe"), "conversationType": "personal"}}
    assert await it.connector.tell(elsewhere) == 200
    assert len(it.house.heard) == heard


async def test_a_poll_that_is_over_shows_the_outcome_in_place_of_its_card(it: Teams) -> None:
    place = await linked(it, "anna", "bram")
    await it.chat.post(post("Wanneer?", GROUP, "p1", poll=POLL), place)
    vote = it.connector.press("bram", it.connector.said[0], "Send my choice", choice="1")
    await it.chat.post(post("Het wordt di", GROUP, "p2", ends="p1"), place)
    assert it.connector.texts() == ["Het wordt di", "Het wordt di"]
    assert "attachments" not in it.connector.said[0].activity
    heard = len(it.house.heard)
    assert await it.connector.tell(vote) == 200
    assert len(it.house.heard) == heard


# ── pace ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_letters_of_one_conversation_keep_the_pace_that_teams_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Patience(answer=QUICK.answer, request=QUICK.request, a_second=20.0)
    async with teams(tmp_path, monkeypatch, patience=slow) as it:
        place, loop = await it.meet(), asyncio.get_running_loop()
        began = loop.time()
        for number in range(26):
            await it.chat.post(post("dag", letter=f"letter-{number}"), place)
        assert loop.time() - began >= 0.25
        assert len(it.connector.said) == 26
