"""Microsoft's own models are the judge: they read everything that we send, and we read what they write."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from microsoft_teams.api.activities import ActivityTypeAdapter
from microsoft_teams.api.activities.message import MessageActivityInput
from microsoft_teams.api.models import Account, ConversationAccount
from microsoft_teams.api.models.adaptive_card.adaptive_card_action_response import AdaptiveCardActionMessageResponse
from microsoft_teams.api.models.entity import MentionEntity
from microsoft_teams.cards import AdaptiveCard

from bot.chat import PostedPoll, PostedRanking
from bot.teams.activities import Activity, Raw
from bot.teams.inbound import RECEIVED
from programme.rooms import direct, group
from programme.text import Call
from tests.fake_connector import BOT, FakeConnector, Said, object_id, person_id
from tests.fake_idp import TENANT, FakeIdp
from tests.teams_house import Teams, post, teams

GROUP = group("wissel", 1)
POLL = PostedPoll(tuple((day, f"!stem {day}", Call(command="vote", arguments=(day,))) for day in ("ma", "di")), most=2)
RANKING = PostedRanking("!voorkeur", (("1. CAOP", "1"), ("3. CBG", "3")), 2)
SENT: dict[str, dict[str, Any]] = {
    "text": {},
    "buttons": {"buttons": (("Ja", "Ja"), ("Nee", "Nee"))},
    "many buttons": {"buttons": tuple((f"Plek {n}", f"!plek {n}") for n in range(20))},
    "poll": {"poll": POLL},
    "ranking": {"ranking": RANKING},
    "mention": {"mentions": (person_id("bram"),), "wake": True},
    "status": {"status": True},
}


@pytest_asyncio.fixture
async def it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Teams]:
    async with teams(tmp_path, monkeypatch) as running:
        yield running


async def linked(it: Teams) -> str:
    conversation = it.connector.group("anna", "bram")
    await it.house.remember_place(GROUP, f"teams:{conversation}")
    assert await it.connector.tell(it.connector.mention("anna", "hallo", conversation)) == 200
    return f"teams:{conversation}"


def judged(said: Said) -> MessageActivityInput:
    """Read by Microsoft's models, its cards too; everything that we wrote is understood and comes out as it went in."""
    read = MessageActivityInput.model_validate(said.activity)
    written = read.model_dump(by_alias=True, exclude_none=True, mode="json")
    assert {name: written.get(name) for name in said.activity if name not in {"attachments", "summary"}} == {
        name: value for name, value in said.activity.items() if name not in {"attachments", "summary"}
    }
    for attachment in said.activity.get("attachments", []):
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        card = AdaptiveCard.model_validate(attachment["content"])
        assert understood(attachment["content"], card.model_dump(by_alias=True, exclude_none=True, mode="json"))
    return read


def understood(ours: Any, theirs: Any) -> bool:
    """Whether everything in ours is in theirs."""
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and all(
            name in theirs and understood(ours[name], theirs[name]) for name in ours
        )
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(understood, ours, theirs))
    return bool(ours == theirs)


@pytest.mark.parametrize("more", SENT.values(), ids=SENT.keys())
async def test_everything_that_we_say_is_read_by_their_models(it: Teams, more: dict[str, Any]) -> None:
    place = await linked(it)
    await it.chat.post(post("Dag <strong>allemaal</strong>", GROUP, **more), place)
    (said,) = it.connector.said
    assert judged(said).text is not None


async def test_a_change_in_place_is_read_by_their_models(it: Teams) -> None:
    place = await linked(it)
    await it.chat.post(post("ronde 1", GROUP, "s1", status=True), place)
    await it.chat.post(post("ronde 2", GROUP, "s2", status=True, edits="s1"), place)
    assert judged(it.connector.said[0]).text == "ronde 2"


async def test_a_mention_is_a_mention_to_them(it: Teams) -> None:
    place = await linked(it)
    await it.chat.post(post("jij bent", GROUP, mentions=(person_id("bram"),)), place)
    read = judged(it.connector.said[0])
    (entity,) = read.entities or []
    assert isinstance(entity, MentionEntity)
    assert entity.mentioned.id == object_id("bram")
    assert entity.text is not None
    assert entity.text in (read.text or "")


def test_what_is_answered_to_a_press_is_what_they_answer() -> None:
    AdaptiveCardActionMessageResponse.model_validate(RECEIVED)


def written(it: Teams, **more: Any) -> Raw:
    """An activity made by their models, as Teams writes it."""
    conversation = ConversationAccount(
        id=it.connector.chat_of("anna"), tenant_id=TENANT, conversation_type="personal", is_group=False
    )
    raw = {
        "type": "message",
        "id": "1700000000000",
        "channelId": "msteams",
        "serviceUrl": it.connector.service,
        "timestamp": datetime(2026, 7, 10, 21, 59, 59, tzinfo=UTC).isoformat(),
        "from": Account(id="29:anna", name="Anna", aad_object_id=object_id("anna")).model_dump(by_alias=True),
        "recipient": BOT,
        "conversation": conversation.model_dump(by_alias=True),
        "channelData": {"tenant": {"id": TENANT}},
    } | more
    model = ActivityTypeAdapter.validate_python(raw)
    made: Raw = ActivityTypeAdapter.dump_python(model, by_alias=True, mode="json")
    return made


THEIRS: dict[str, dict[str, Any]] = {
    "message": {"text": "hallo", "textFormat": "plain"},
    "typing": {"type": "typing"},
    "coming": {
        "type": "conversationUpdate",
        "membersAdded": [{"id": "29:bram", "aadObjectId": object_id("bram")}],
        "channelData": {"tenant": {"id": TENANT}, "eventType": None},
    },
    "reaction": {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
    "change": {"type": "messageUpdate", "text": "anders", "channelData": {"eventType": "editMessage"}},
    "deletion": {"type": "messageDelete", "channelData": {"eventType": "softDeleteMessage"}},
    "installation": {"type": "installationUpdate", "action": "add"},
    "removal": {"type": "installationUpdate", "action": "remove"},
    "meeting": {
        "type": "event",
        "name": "application/vnd.microsoft.readReceipt",
        "value": {"lastReadMessageId": "1"},
    },
    "press": {
        "type": "invoke",
        "name": "adaptiveCard/action",
        "value": {
            "action": {"type": "Action.Execute", "verb": "kring", "data": {"kring": {"letter": "1", "line": "ja"}}}
        },
    },
    "submit": {"text": "", "value": {"kring": {"letter": "1", "line": "ja"}}},
}
HEARD = {"message": "hallo", "press": "ja", "submit": "ja"}


@pytest.mark.parametrize("kind", THEIRS)
async def test_everything_that_their_models_write_is_accepted(it: Teams, kind: str) -> None:
    assert await it.connector.tell(written(it, **THEIRS[kind])) == 200
    assert it.house.texts() == ([HEARD[kind]] if kind in HEARD else [])
    assert not it.house.heard or it.house.heard[0].room == direct(person_id("anna"))


def test_the_fake_writes_activities_as_they_do() -> None:

    connector = FakeConnector(FakeIdp(), host="127.0.0.1:1")
    group_chat = connector.group("anna", "bram")
    for raw in (
        connector.activity("anna", "hallo"),
        connector.mention("anna", "hulp", group_chat),
        connector.moved("carla", group_chat, joined=True),
    ):
        ActivityTypeAdapter.validate_python(raw)
        assert Activity.model_validate(raw).tenant == TENANT
