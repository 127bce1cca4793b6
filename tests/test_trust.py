"""Who said it is decided by keys: a homeserver that puts words under another name is not believed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nio
import pytest
import vodozemac
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.matrix.crossing import CrossSigned, Identity, ensure_cross_signed
from bot.matrix.published import PublishedKeys, read_published
from bot.matrix.session import close_session, open_session
from bot.matrix.signatures import SigningKey, canonical_json, unpadded
from bot.matrix.trust import coordinator_is_genuine, sender_is_genuine
from bot.settings import MatrixSettings
from tests.participant import Participant, participant
from tests.synapse import Credentials, Synapse

COR = "@cor:example.nl"


@dataclass
class Pinned:
    """Pins as the house keeps them."""

    keys: dict[str, str] = field(default_factory=dict)

    def pin_of(self, person: str) -> str | None:
        return self.keys.get(person)

    def remember_pin(self, person: str, key: str) -> None:
        self.keys[person] = key


@asynccontextmanager
async def signed_participant(
    synapse: Synapse, credentials: Credentials, folder: Path
) -> AsyncIterator[tuple[Participant, CrossSigned]]:
    """Somebody whose device is vouched for, as a device is in Element."""
    secret = SecretStr(credentials.password)
    settings = MatrixSettings(homeserver=synapse.url, user=credentials.user_id, password=secret)
    client = await open_session(settings, folder)
    try:
        signed = await ensure_cross_signed(client, settings, folder)
        async with Participant(client) as listening:
            yield listening, signed
    finally:
        await close_session(client)


async def said_to(bot: Participant, speaker: Participant) -> nio.RoomMessage:
    """What the bot heard, in an encrypted direct chat that the speaker made."""
    room = await speaker.direct_chat(bot.user_id)
    await bot.sees(room, speaker.user_id)
    await speaker.say(room, "publiceer 38")
    return (await bot.wait_for("publiceer 38", room)).event


@pytest.mark.synapse
async def test_an_encrypted_message_is_of_the_person_whose_device_made_it(synapse: Synapse) -> None:
    kring, cor, eve = [await synapse.user(name) for name in ("kring", "cor", "eve")]
    async with participant(synapse, kring) as bot, participant(synapse, eve) as speaker, participant(synapse, cor) as other:
        await said_to(bot, other)
        event = await said_to(bot, speaker)
        assert sender_is_genuine(bot.client, event)
        assert not sender_is_genuine(bot.client, replace_sender(event, cor.user_id))
        assert not sender_is_genuine(bot.client, replace_sender(event, "@nobody:example.nl"))


def replace_sender(event: nio.RoomMessage, sender: str) -> nio.RoomMessage:
    """The same event, as a homeserver can show it under another name."""
    forged = replace(event, sender=sender) if False else None
    raise NotImplementedError(forged)
