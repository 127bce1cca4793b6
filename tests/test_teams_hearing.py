"""What comes in from Teams: what the house hears, notices, and never hears."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from programme.rooms import direct
from tests.fake_connector import object_id, person_id
from tests.fake_idp import TENANT
from tests.teams_house import Teams, teams


@pytest_asyncio.fixture
async def it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Teams]:
    async with teams(tmp_path, monkeypatch) as running:
        yield running


async def test_a_message_in_the_own_chat_is_heard_with_the_full_id_of_who_said_it(it: Teams) -> None:
    assert await it.connector.speak("anna", "hallo") == 200
    (heard,) = it.house.heard
    assert (heard.person, heard.room, heard.text, heard.name) == (
        f"teams:{TENANT}:{object_id('anna')}",
        direct(person_id("anna")),
        "hallo",
        "Anna",
    )
    assert heard.facts.members == {person_id("anna")}
    assert it.house.places[heard.room] == heard.destination


async def test_the_same_activity_is_heard_once(it: Teams) -> None:
    message = it.connector.activity("anna", "hallo")
    assert [await it.connector.tell(message) for _ in range(3)] == [200, 200, 200]
    assert it.house.texts() == ["hallo"]
