"""The bot vouches for its device, on a real homeserver, and what it signs holds by somebody else's code."""

import json
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nio
import pytest
import vodozemac
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.matrix.crossing import SEEDS, CrossSigned, CrossSigningFault, ForeignMasterKey, ensure_cross_signed
from bot.matrix.published import published_keys
from bot.matrix.session import close_session, open_session
from bot.matrix.signatures import SigningKey, canonical_json, from_unpadded, is_signed
from bot.settings import MatrixSettings
from tests.synapse import Credentials, Synapse

RFC_8032_SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
RFC_8032_PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")


def settings_of(synapse: Synapse, credentials: Credentials, password: str | None = None) -> MatrixSettings:
    secret = SecretStr(password or credentials.password)
    return MatrixSettings(homeserver=synapse.url, user=credentials.user_id, password=secret)


@asynccontextmanager
async def session(settings: MatrixSettings, folder: Path) -> AsyncIterator[nio.AsyncClient]:
    client = await open_session(settings, folder)
    try:
        yield client
    finally:
        await close_session(client)


async def signed_in(settings: MatrixSettings, folder: Path, *, replace: bool = False) -> CrossSigned:
    async with session(settings, folder) as client:
        return await ensure_cross_signed(client, settings, folder, replace=replace)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({}, "{}"),
        ({"one": 1, "two": "Two"}, '{"one":1,"two":"Two"}'),
        ({"b": "2", "a": "1"}, '{"a":"1","b":"2"}'),
        ({"a": "日本語"}, '{"a":"日本語"}'),
        ({"本": 2, "日": 1}, '{"日":1,"本":2}'),
        ({"a": None, "b": [True, False]}, '{"a":null,"b":[true,false]}'),
        ({"\uffff": 1, "\U00010000": 2}, '{"\uffff":1,"\U00010000":2}'),
        ({"a": '\x07\n\\"\x7f/'}, '{"a":"\\u0007\\n\\\\\\"\x7f/"}'),
        ({"a": 2**53 - 1}, '{"a":9007199254740991}'),
    ],
)
def test_canonical_json_is_as_the_specification_has_it(value: Any, written: str) -> None:
    assert canonical_json(value) == written.encode()


@pytest.mark.parametrize("value", [1.5, math.nan, 2**53, -(2**53), {"a": {"b": [0.0]}}, {1: "a"}, "\ud800", b"bytes"])
def test_canonical_json_refuses_what_it_does_not_have(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical_json(value)


texts = st.text(alphabet='ab"\\/\n\x00\x07\x7fé日\uffff\U0001f600', max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(value=values)
def test_canonical_json_says_the_same_and_is_one(value: Any) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


def test_a_key_is_the_one_that_the_standard_gives_for_its_seed() -> None:
    key = SigningKey.from_seed(RFC_8032_SEED)
    assert from_unpadded(key.public) == RFC_8032_PUBLIC
    assert key.seed == RFC_8032_SEED


def test_what_we_sign_holds_by_other_code() -> None:
    key = SigningKey.new()
    signed = key.sign({"b": 1, "a": "é", "unsigned": {"age": 3}}, "@kring:example.nl")
    signature = vodozemac.Ed25519Signature.from_base64(
        signed["signatures"]["@kring:example.nl"][f"ed25519:{key.public}"]
    )
    vodozemac.Ed25519PublicKey.from_base64(key.public).verify_signature('{"a":"é","b":1}'.encode(), signature)


def test_what_other_code_signs_holds_for_us() -> None:
    account = vodozemac.Account()
    signature = account.sign(b'{"a":1}').to_base64()
    subject = {"a": 1, "unsigned": {}, "signatures": {"@anna:example.nl": {"ed25519:DEVICE": signature}}}
    assert is_signed(subject, "@anna:example.nl", account.ed25519_key.to_base64(), name="DEVICE")


def test_a_second_signature_stands_beside_the_first() -> None:
    one, two = SigningKey.new(), SigningKey.new()
    signed = two.sign(one.sign({"a": 1}, "@a:x"), "@a:x")
    assert is_signed(signed, "@a:x", one.public)
    assert is_signed(signed, "@a:x", two.public)


@pytest.mark.parametrize(
    "change",
    [
        {"a": 2},
        {"a": 1.5},
        {"more": True},
        {"signatures": {}},
        {"signatures": None},
        {"signatures": {"@a:x": []}},
    ],
)
def test_a_changed_object_bears_no_good_signature(change: dict[str, Any]) -> None:
    key = SigningKey.new()
    signed = key.sign({"a": 1}, "@a:x")
    assert is_signed(signed, "@a:x", key.public)
    assert not is_signed({**signed, **change}, "@a:x", key.public)


@pytest.mark.parametrize("key", ["", "A", "é", "A" * 43, "A" * 44, "A" * 60])
def test_a_strange_key_vouches_for_nothing(key: str) -> None:
    signed = {"a": 1, "signatures": {"@a:x": {f"ed25519:{key}": "A" * 86}}}
    assert not is_signed(signed, "@a:x", key)


@pytest.mark.synapse
async def test_the_first_start_makes_an_identity_that_vouches_for_the_device(synapse: Synapse, tmp_path: Path) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    async with session(settings, tmp_path / "matrix") as client:
        signed = await ensure_cross_signed(client, settings, tmp_path / "matrix")
        published = await published_keys(client, settings.user)
    assert (published.master_key, client.device_id) == (signed.master, signed.device)
    assert published.vouches_for(signed.device)
    assert published.user_signing_key is not None
    assert (tmp_path / "matrix" / SEEDS).stat().st_mode & 0o777 == 0o600


@pytest.mark.synapse
async def test_another_person_can_follow_the_signatures(synapse: Synapse, tmp_path: Path) -> None:
    bot = settings_of(synapse, await synapse.user("kring"))
    anna = settings_of(synapse, await synapse.user("anna"))
    signed = await signed_in(bot, tmp_path / "matrix")
    async with session(anna, tmp_path / "anna") as client:
        published = await published_keys(client, bot.user)
        assert (await published_keys(client, bot.user)).master_key == signed.master
        assert (await published_keys(client, anna.user)).master_key is None
    assert published.vouches_for(signed.device)


@pytest.mark.synapse
async def test_a_restart_changes_nothing(synapse: Synapse, tmp_path: Path) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    async with session(settings, tmp_path / "matrix") as client:
        first = await ensure_cross_signed(client, settings, tmp_path / "matrix")
        before = await published_keys(client, settings.user)
    passwordless = settings.model_copy(update={"password": None})
    async with session(passwordless, tmp_path / "matrix") as client:
        second = await ensure_cross_signed(client, passwordless, tmp_path / "matrix")
        after = await published_keys(client, settings.user)
    assert second == first
    assert after == before


@pytest.mark.synapse
async def test_an_upload_that_was_cut_off_is_finished_at_the_next_start(synapse: Synapse, tmp_path: Path) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    first = await signed_in(settings, tmp_path / "other")
    (tmp_path / "matrix").mkdir(mode=0o700)
    (tmp_path / "other" / SEEDS).rename(tmp_path / "matrix" / SEEDS)
    second = await signed_in(settings, tmp_path / "matrix")
    assert second.master == first.master
    assert second.device != first.device


@pytest.mark.synapse
async def test_a_foreign_identity_is_refused_with_the_way_out(synapse: Synapse, tmp_path: Path) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    theirs = await signed_in(settings, tmp_path / "element")
    with pytest.raises(ForeignMasterKey, match=r"backup.*kring matrix bootstrap --replace"):
        await signed_in(settings, tmp_path / "matrix")
    assert not (tmp_path / "matrix" / SEEDS).exists()
    async with session(settings, tmp_path / "matrix") as client:
        assert (await published_keys(client, settings.user)).master_key == theirs.master


@pytest.mark.synapse
async def test_a_foreign_identity_is_replaced_when_the_operator_says_so(synapse: Synapse, tmp_path: Path) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    theirs = await signed_in(settings, tmp_path / "element")
    ours = await signed_in(settings, tmp_path / "matrix", replace=True)
    assert ours.master != theirs.master
    assert await signed_in(settings, tmp_path / "matrix") == ours
    with pytest.raises(ForeignMasterKey):
        await signed_in(settings, tmp_path / "element")


@pytest.mark.synapse
@pytest.mark.parametrize(("password", "fault"), [("wrong", "wrong password"), (None, "needs the password")])
async def test_replacing_takes_the_right_password(
    synapse: Synapse, tmp_path: Path, password: str | None, fault: str
) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    theirs = await signed_in(settings, tmp_path / "element")
    async with session(settings, tmp_path / "matrix") as client:
        secret = SecretStr(password) if password else None
        with pytest.raises(CrossSigningFault, match=fault):
            await ensure_cross_signed(
                client, settings.model_copy(update={"password": secret}), tmp_path / "matrix", replace=True
            )
        assert (await published_keys(client, settings.user)).master_key == theirs.master


@pytest.mark.synapse
@pytest.mark.parametrize(
    "damage", ["", "{}", '{"user_id": "@else:x", "master": "", "self_signing": "", "user_signing": ""}']
)
async def test_a_damaged_key_file_is_told_and_left_alone(synapse: Synapse, tmp_path: Path, damage: str) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    await signed_in(settings, tmp_path / "matrix")
    (tmp_path / "matrix" / SEEDS).write_text(damage)
    with pytest.raises(CrossSigningFault, match="damaged"):
        await signed_in(settings, tmp_path / "matrix")
    assert (tmp_path / "matrix" / SEEDS).read_text() == damage
