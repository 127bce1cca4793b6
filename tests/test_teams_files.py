"""Handing over a file in Teams: asked for, stored where the person's files are, and never anywhere else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from microsoft_teams.api.activities import ActivityTypeAdapter
from microsoft_teams.api.models.file import FileConsentCard, FileInfoCard

from bot.teams.files import CONSENT, INFO, is_store
from programme.rooms import group
from storage.letters import File
from tests.fake_connector import Fault, Said
from tests.teams_house import Teams, post, teams

ICS = File(name="start.ics", mime="text/calendar", content=b"BEGIN:VCALENDAR")


@pytest_asyncio.fixture
async def it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Teams]:
    async with teams(tmp_path, monkeypatch) as running:
        yield running


async def offered(it: Teams) -> Said:
    """The question whether somebody wants a file."""
    await it.chat.post(post("Tot dan", file=ICS), await it.meet())
    return it.connector.said[-1]


async def test_a_file_is_asked_about_below_its_text(it: Teams) -> None:
    said = await offered(it)
    assert it.connector.said[0].activity["text"] == "Tot dan"
    (card,) = said.activity["attachments"]
    read = FileConsentCard.model_validate(card["content"])
    assert (card["contentType"], card["name"], read.size_in_bytes) == (CONSENT, "start.ics", len(ICS.content))


async def test_who_says_yes_gets_it_and_the_question_becomes_the_way_to_it(it: Teams) -> None:
    said = await offered(it)
    answer = it.connector.answer_offer("anna", said)
    ActivityTypeAdapter.validate_python(answer)
    assert await it.connector.tell(answer) == 200
    await it.connector.pulse.until(lambda: said.changes)
    (card,) = said.activity["attachments"]
    FileInfoCard.model_validate(card["content"])
    assert (card["contentType"], card["name"]) == (INFO, "start.ics")
    assert it.connector.stored == {"start.ics": ICS.content}


async def test_who_says_no_gets_nothing(it: Teams) -> None:
    said = await offered(it)
    assert await it.connector.tell(it.connector.answer_offer("anna", said, accept=False)) == 200
    assert await it.connector.tell(it.connector.answer_offer("anna", said)) == 200
    await it.connector.until(3)
    assert it.connector.stored == {}
    assert "that file any more" in it.connector.texts()[-1]


async def test_after_a_restart_the_bot_says_that_it_has_the_file_no_more(it: Teams) -> None:
    said = await offered(it)
    async with it.running():
        assert await it.connector.tell(it.connector.answer_offer("anna", said)) == 200
        await it.connector.until(3)
    assert it.connector.texts()[-1] == "I do not have that file any more. Ask for it once more."
    assert it.connector.stored == {}


async def test_a_file_goes_only_to_the_chat_where_it_was_offered(it: Teams) -> None:
    said = await offered(it)
    answer = it.connector.answer_offer("bram", said) | {
        "conversation": {"id": it.connector.chat_of("bram"), "conversationType": "personal"}
    }
    assert await it.connector.tell(answer) == 200
    assert await it.connector.speak("bram", "hallo") == 200
    assert it.connector.stored == {}


async def test_a_group_chat_is_told_where_the_file_is_to_be_had(it: Teams) -> None:
    conversation = it.connector.group("anna", "bram")
    await it.house.remember_place(group("wissel", 1), f"teams:{conversation}")
    await it.connector.tell(it.connector.mention("anna", "hallo", conversation))
    await it.chat.post(post("Het wordt dinsdag", group("wissel", 1), file=ICS), f"teams:{conversation}")
    (said,) = it.connector.said
    assert said.activity["text"].startswith("Het wordt dinsdag<br/>A file belongs to this")
    assert "attachments" not in said.activity


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://rijk-my.sharepoint.com/personal/anna/up?token=1", True),
        ("https://rijk.sharepoint.us/x", True),
        ("http://rijk.sharepoint.com/x", False),
        ("https://sharepoint.com.evil.example/x", False),
        ("https://rijk.sharepoint.com@evil.example/x", False),
        ("https://rijk.sharepoint.com:8443/x", False),
        ("https://evilsharepoint.com/x", False),
        ("file:///etc/passwd", False),
    ],
)
def test_a_file_goes_to_no_store_that_is_not_microsofts(url: str, *, ours: bool) -> None:
    assert is_store(url) == ours


@pytest.mark.parametrize("fault", [Fault("silent", method="PUT"), Fault(429, method="PUT", conversation="activities")])
async def test_who_could_not_be_given_it_can_say_yes_once_more(it: Teams, fault: Fault) -> None:
    said = await offered(it)
    it.connector.faults.append(fault)
    assert await it.connector.tell(it.connector.answer_offer("anna", said)) == 200
    assert it.chat._running is not None
    await asyncio.wait(it.chat._running.files._errands, timeout=5)
    assert not it.chat._running.files._errands
    assert await it.connector.tell(it.connector.answer_offer("anna", said)) == 200
    await it.connector.pulse.until(lambda: said.changes)
    assert said.activity["attachments"][0]["contentType"] == INFO


async def test_a_store_that_is_none_gets_nothing_and_the_question_stands(it: Teams) -> None:
    said = await offered(it)
    evil = it.connector.answer_offer("anna", said, upload="http://127.0.0.1:9/onedrive/x")
    assert await it.connector.tell(evil) == 200
    assert await it.connector.tell(it.connector.answer_offer("anna", said)) == 200
    await it.connector.pulse.until(lambda: said.changes)
    assert it.connector.stored == {"start.ics": ICS.content}
