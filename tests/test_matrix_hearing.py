"""What the bot hears on Matrix, and what it does not take for something that a person said."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.matrix.events import OwnNames, shown_name, typed, without_fallback
from tests.fake_homeserver import FakeHomeserver, fake_homeserver
from tests.matrix_house import RecordingHouse, chatting


@pytest.fixture
async def server() -> AsyncIterator[FakeHomeserver]:
    async with fake_homeserver() as running:
        yield running


async def test_a_person_who_begins_a_direct_chat_is_heard_from_the_first_word(
    server: FakeHomeserver, tmp_path: Path
) -> None:
    house, anna = RecordingHouse(), server.account("anna")
    async with chatting(server, house, tmp_path):
        room = server.makes_room(anna, invite=("@kring:fake.test",), is_direct=True)
        server.says(room, anna, "aanmelden")
        heard = await house.hears("aanmelden")
    assert (heard.person, heard.room, heard.destination) == (anna, f"direct/{anna}", room)
    assert heard.facts.members == {anna, "@kring:fake.test"}
    assert not heard.facts.encrypted
    assert house.places[f"direct/{anna}"] == room
