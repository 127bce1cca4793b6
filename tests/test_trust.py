"""Who said it is decided by keys: a homeserver that puts words under another name is not believed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nio
import pytest
import vodozemac
from hypothesis import given, settings
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
    async with (
        participant(synapse, kring) as bot,
        participant(synapse, eve) as speaker,
        participant(synapse, cor) as other,
    ):
        await said_to(bot, other)
        event = await said_to(bot, speaker)
        assert sender_is_genuine(bot.client, event)
        assert not sender_is_genuine(bot.client, replace_sender(event, cor.user_id))
        assert not sender_is_genuine(bot.client, replace_sender(event, "@nobody:example.nl"))


def replace_sender(event: nio.RoomMessage, sender: str) -> nio.RoomMessage:
    """The same event, as a homeserver can show it under another name."""
    forged = copy(event)
    forged.sender = sender
    return forged


@pytest.mark.synapse
async def test_what_was_not_encrypted_is_of_nobody_for_certain(synapse: Synapse) -> None:
    kring, cor = await synapse.user("kring"), await synapse.user("cor")
    async with participant(synapse, kring) as bot, participant(synapse, cor) as speaker:
        answer = await speaker.client.room_create(invite=[bot.user_id])
        assert isinstance(answer, nio.RoomCreateResponse)
        await speaker.sees(answer.room_id, bot.user_id)
        await speaker.say(answer.room_id, "publiceer 38")
        heard = await bot.wait_for("publiceer 38")
        assert not heard.encrypted
        assert not sender_is_genuine(bot.client, heard.event)


@pytest.mark.synapse
async def test_a_coordinator_is_pinned_at_the_first_command(synapse: Synapse, tmp_path: Path) -> None:
    kring, cor = await synapse.user("kring"), await synapse.user("cor")
    pins = Pinned()
    async with (
        participant(synapse, kring) as bot,
        signed_participant(synapse, cor, tmp_path / "cor") as (speaker, signed),
    ):
        event = await said_to(bot, speaker)
        assert await coordinator_is_genuine(bot.client, event, pins)
        assert pins.keys == {cor.user_id: signed.master}
        assert await coordinator_is_genuine(bot.client, event, pins)
        assert not await coordinator_is_genuine(bot.client, event, Pinned({cor.user_id: SigningKey.new().public}))


@pytest.mark.synapse
async def test_a_device_that_the_coordinator_does_not_vouch_for_gives_no_commands(
    synapse: Synapse, tmp_path: Path
) -> None:
    kring, cor = await synapse.user("kring"), await synapse.user("cor")
    pins = Pinned()
    async with (
        participant(synapse, kring) as bot,
        signed_participant(synapse, cor, tmp_path / "cor"),
        participant(synapse, cor) as unsigned,
    ):
        event = await said_to(bot, unsigned)
        assert sender_is_genuine(bot.client, event)
        assert not await coordinator_is_genuine(bot.client, event, pins)
        assert pins.keys == {}


@pytest.mark.synapse
async def test_a_coordinator_without_cross_signing_passes_until_there_was_some(synapse: Synapse) -> None:
    kring, cor = await synapse.user("kring"), await synapse.user("cor")
    pins = Pinned()
    async with participant(synapse, kring) as bot, participant(synapse, cor) as speaker:
        event = await said_to(bot, speaker)
        assert await coordinator_is_genuine(bot.client, event, pins)
        assert pins.keys == {}
        assert not await coordinator_is_genuine(bot.client, event, Pinned({cor.user_id: SigningKey.new().public}))


def shown_keys(identity: Identity, *, device: str = "PHONE") -> dict[str, Any]:
    """An answer to a key query, as an honest homeserver gives it."""
    account = vodozemac.Account()
    keys = {
        "user_id": identity.user,
        "device_id": device,
        "algorithms": ["m.megolm.v1.aes-sha2"],
        "keys": {
            f"ed25519:{device}": account.ed25519_key.to_base64(),
            f"curve25519:{device}": account.curve25519_key.to_base64(),
        },
    }
    itself = {identity.user: {f"ed25519:{device}": account.sign(canonical_json(keys)).to_base64()}}
    uploads = identity.uploads()
    return {
        "device_keys": {
            identity.user: {device: identity.self_signing.sign({**keys, "signatures": itself}, identity.user)}
        },
        "master_keys": {identity.user: uploads["master_key"]},
        "self_signing_keys": {identity.user: uploads["self_signing_key"]},
        "user_signing_keys": {identity.user: uploads["user_signing_key"]},
    }


def new_identity() -> Identity:
    return Identity(COR, SigningKey.new(), SigningKey.new(), SigningKey.new())


def test_an_honest_answer_is_vouched_for_from_master_key_to_device() -> None:
    identity = new_identity()
    published = read_published(COR, shown_keys(identity))
    assert identity.is_shown_by(published)
    assert published.vouches_for("PHONE")
    curve25519 = published.device_key("PHONE", "curve25519")
    assert curve25519 is not None
    assert published.device_with(curve25519) == "PHONE"


@pytest.mark.parametrize("kind", ["device_keys", "self_signing_keys"])
def test_keys_of_another_identity_are_not_vouched_for(kind: str) -> None:
    answer = shown_keys(new_identity())
    answer[kind] = shown_keys(new_identity())[kind]
    assert not read_published(COR, answer).vouches_for("PHONE")


def test_another_master_key_vouches_for_nothing_that_was_there() -> None:
    mine, theirs = new_identity(), new_identity()
    published = read_published(COR, {**shown_keys(mine), "master_keys": shown_keys(theirs)["master_keys"]})
    assert published.master_key == theirs.master.public
    assert published.self_signing_key is None
    assert not published.vouches_for("PHONE")


def test_a_device_under_a_borrowed_identity_key_is_not_found() -> None:
    identity = new_identity()
    answer = shown_keys(identity)
    phone = answer["device_keys"][COR]["PHONE"]
    phone["keys"]["curve25519:PHONE"] = unpadded(bytes(32))
    assert read_published(COR, answer).device_with(unpadded(bytes(32))) is None


@pytest.mark.parametrize("change", [{"user_id": "@eve:example.nl"}, {"device_id": "OTHER"}])
def test_a_device_that_is_filed_under_another_name_is_left_out(change: dict[str, str]) -> None:
    answer = shown_keys(new_identity())
    answer["device_keys"][COR]["PHONE"].update(change)
    assert read_published(COR, answer).devices == {}


junk = st.recursive(
    st.sampled_from([None, True, 0, -1, 2**70, 0.5, "", "A", "é", "A" * 43]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from([COR, "PHONE", "keys", "signatures", "ed25519:A", "user_id"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(
    answer=st.dictionaries(
        st.sampled_from(["device_keys", "master_keys", "self_signing_keys"]),
        st.dictionaries(st.just(COR), junk | st.dictionaries(st.just("PHONE"), junk, min_size=1), min_size=1),
    )
)
def test_nonsense_is_no_fault_and_vouches_for_nothing(answer: dict[str, Any]) -> None:
    published: PublishedKeys = read_published(COR, answer)
    assert not published.vouches_for("PHONE")
    assert published.device_with("A") is None
