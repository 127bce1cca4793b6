"""Who may tell the bot something: the table of bad tokens, bodies that are wrong, and keys that cannot be had."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives import serialization

from bot.settings import TeamsSettings
from bot.teams import Patience, TeamsChat, TeamsStopped
from bot.teams.addresses import is_service
from bot.teams.keyring import Keyring, KeysAway
from tests.fake_connector import object_id
from tests.fake_idp import APP, TENANT, FakeIdp, jwk, rsa_key
from tests.matrix_house import render
from tests.teams_house import Teams, teams

Forge = Callable[[FakeIdp, str], str]


@pytest_asyncio.fixture
async def it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Teams]:
    async with teams(tmp_path, monkeypatch) as running:
        running.idp.keys += [jwk("other-channel", "webchat"), jwk("no-endorsement")]
        yield running


def now(idp: FakeIdp, seconds: int) -> int:
    return int(idp.claims("")["nbf"]) + 10 + seconds


def unsigned(idp: FakeIdp, service: str) -> str:
    return jwt.encode(idp.claims(service), "", "none", headers={"kid": "key-1"})


def symmetric(idp: FakeIdp, service: str) -> str:
    """Signed with our public key as if it were a shared secret, by hand: libraries refuse to make it."""
    public = rsa_key("key-1").public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "typ": "JWT", "kid": "key-1"}
    signed = ".".join(part64(json.dumps(part).encode()) for part in (header, idp.claims(service)))
    signature = jwt.get_algorithm_by_name("HS256").sign(signed.encode(), pem)
    return f"{signed}.{part64(signature)}"


def part64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def tampered(idp: FakeIdp, service: str) -> str:
    header, _claims, signature = idp.signed(service).split(".")
    return f"{header}.{part64(json.dumps(idp.claims(service, iss='evil')).encode())}.{signature}"


def with_own_key(idp: FakeIdp, service: str) -> str:
    """The forger's key, in the token itself and under the name of a real one."""
    key = rsa_key("forger")
    headers = {"kid": "key-1", "jwk": jwk("forger"), "jku": "http://evil.example/keys"}
    return jwt.encode(idp.claims(service), key, "RS256", headers=headers)


BAD: dict[str, Forge] = {
    "nothing": lambda _idp, _service: "",
    "no token": lambda _idp, _service: "abc",
    "three empty parts": lambda _idp, _service: "..",
    "too long": lambda idp, service: idp.signed(service) + "x" * 6_000,
    "unsigned": unsigned,
    "signed with a shared secret": symmetric,
    "another algorithm of the same family": lambda idp, service: idp.signed(service, algorithm="RS512"),
    "changed after signing": tampered,
    "signed with the key that it brings": with_own_key,
    "signed by another key": lambda idp, service: idp.signed(service, key=rsa_key("forger")),
    "an unknown key": lambda idp, service: idp.signed(service, kid="unknown"),
    "a key for another channel": lambda idp, service: idp.signed(service, kid="other-channel"),
    "a key without endorsement": lambda idp, service: idp.signed(service, kid="no-endorsement"),
    "another issuer": lambda idp, service: idp.signed(service, iss="https://sts.windows.net/other/"),
    "no issuer": lambda idp, service: idp.signed(service, iss=None),
    "for another app": lambda idp, service: idp.signed(service, aud="99999999-1b1b-2c2c-3d3d-4e4e4e4e4e4e"),
    "for several apps": lambda idp, service: idp.signed(service, aud=[idp.claims(service)["aud"], "other"]),
    "no audience": lambda idp, service: idp.signed(service, aud=None),
    "expired": lambda idp, service: idp.signed(service, exp=now(idp, -301)),
    "no end": lambda idp, service: idp.signed(service, exp=None),
    "not valid yet": lambda idp, service: idp.signed(service, nbf=now(idp, 320)),
    "no beginning": lambda idp, service: idp.signed(service, nbf=None),
    "no service": lambda idp, service: idp.signed(service, serviceurl=None),
    "another service": lambda idp, service: idp.signed(service, serviceurl="https://smba.trafficmanager.net/emea"),
    "a service that is no text": lambda idp, service: idp.signed(service, serviceurl=[service]),
}


@pytest.mark.parametrize("forge", BAD.values(), ids=BAD.keys())
async def test_a_bad_token_gets_401_and_nothing_is_heard(it: Teams, forge: Forge) -> None:
    token = forge(it.idp, it.connector.service)
    status, body = await it.connector.told(it.connector.activity("anna", "hallo"), token=token)
    assert (status, body) == (401, "")
    assert it.house.heard == []


async def test_a_good_token_is_let_in_also_when_clocks_differ_a_little(it: Teams) -> None:
    for claims in (
        {},
        {"exp": now(it.idp, -290)},
        {"nbf": now(it.idp, 290)},
        {"serviceurl": f"{it.connector.service}/"},
    ):
        token = it.idp.signed(it.connector.service, **claims)
        assert await it.connector.tell(it.connector.activity("anna", "hallo"), token=token) == 200


async def test_another_scheme_than_bearer_is_no_token(it: Teams) -> None:
    token = it.idp.signed(it.connector.service)
    assert await it.connector.tell(it.connector.activity("anna", "hallo"), token=token, scheme="Basic") == 401


# ── bodies ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"type": "message"}', b'{"type": 3}', b"[" * 100_000, b"\xff\xfe"],
    ids=["empty", "half", "list", "null", "text", "bare", "no conversation", "number", "deep", "no utf-8"],
)
async def test_a_body_that_is_no_activity_gets_400(it: Teams, body: bytes) -> None:
    status, answer = await it.connector.told(None, data=body)
    assert (status, answer) == (400, "")


async def test_a_body_that_is_too_large_is_refused_unread(it: Teams) -> None:
    activity = it.connector.activity("anna", "x" * 300_000)
    assert await it.connector.tell(activity) == 413
    assert it.house.heard == []


async def test_a_body_that_never_comes_holds_nobody(it: Teams) -> None:
    host, port = it.connector.endpoint.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    token = it.idp.signed(it.connector.service)
    writer.write(
        f"POST /api/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: 10\r\n\r\n".encode()
    )
    assert await it.connector.speak("anna", "hallo") == 200
    assert b"408" in await reader.readline()
    writer.close()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"conversation": {"id": "a:1", "tenantId": "99999999-2222-3333-4444-555555555555"}}, 403),
        ({"conversation": {"id": "a:1"}, "channelData": None}, 403),
        ({"channelId": "webchat"}, 403),
        ({"conversation": {"id": "a:1", "tenantId": TENANT.upper(), "conversationType": "personal"}}, 200),
    ],
    ids=["another tenant", "no tenant", "another channel", "capitals"],
)
async def test_only_teams_in_the_tenants_of_the_list_may_speak(it: Teams, changes: dict[str, Any], status: int) -> None:
    assert await it.connector.tell(it.connector.activity("anna", "hallo") | changes) == status
    assert len(it.house.heard) == (status == 200)


@pytest.mark.parametrize(
    "url",
    [
        "http://smba.trafficmanager.net/emea",
        "https://smba.trafficmanager.net:8443/emea",
        "https://evil.example/emea",
        "https://smba.trafficmanager.net.evil.example/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://52.113.194.132/emea",
        "https://[::1]/emea",
        "https://localhost/emea",
        "https://smba.trafficmanager.net/emea?next=evil",
        "https://smba.trafficmanager.net:port/",
        "file:///etc/passwd",
        "",
    ],
)
async def test_our_token_goes_to_no_service_that_we_do_not_know(it: Teams, url: str) -> None:
    assert not is_service(url)
    activity = it.connector.activity("anna", "hallo", serviceUrl=url)
    assert await it.connector.tell(activity, token=it.idp.signed(url)) in {401, 403}
    assert it.house.marks == {}


def test_the_real_services_are_known() -> None:
    assert is_service("https://smba.trafficmanager.net/emea/11111111-2222-3333-4444-555555555555/")
    assert is_service("https://smba.infra.gcc.teams.microsoft.com/teams")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_there_is_nothing_else_to_ask(it: Teams, method: str) -> None:
    session = it.connector._session
    assert session is not None
    async with session.request(method, f"http://{it.connector.endpoint}/api/messages") as answer:
        assert answer.status == 405
    async with session.request("GET", f"http://{it.connector.endpoint}/") as answer:
        assert answer.status == 404


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_flood_of_unknown_keys_makes_us_fetch_once(it: Teams) -> None:
    assert await it.connector.speak("anna", "hallo") == 200
    fetched = len(it.idp.asked)
    for number in range(20):
        token = it.idp.signed(it.connector.service, kid=f"flood-{number}", key=rsa_key("forger"))
        assert await it.connector.tell(it.connector.activity("anna", "hallo"), token=token) == 401
    assert len(it.idp.asked) == fetched
    assert await it.connector.speak("anna", "nog eens") == 200


async def test_without_any_key_the_sender_is_asked_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with teams(tmp_path, monkeypatch) as it:
        it.idp.away = True
        assert await it.connector.speak("anna", "hallo") == 503
        asked = len(it.idp.asked)
        assert await it.connector.speak("anna", "hallo") == 503
        assert len(it.idp.asked) == asked


class Hands:
    """A clock whose hands are moved, and keys that change."""

    def __init__(self) -> None:
        self.now = 0.0
        self.kids = ["one"]
        self.fetched = 0
        self.away = False

    async def fetch(self, address: str) -> Any:
        self.fetched += 1
        if self.away:
            raise TimeoutError
        return {"jwks_uri": "keys"} if address == "metadata" else {"keys": [jwk(kid, "msteams") for kid in self.kids]}

    def keyring(self) -> Keyring:
        return Keyring("metadata", self.fetch, Patience(), lambda: self.now)


async def test_a_new_key_is_found_after_an_hour_at_the_latest() -> None:
    hands = Hands()
    ring = hands.keyring()
    assert await ring.key("one") is not None
    hands.kids.append("two")
    assert await ring.key("two") is None
    hands.now = 3_601
    assert await ring.key("two") is not None
    assert hands.fetched == 4


async def test_keys_go_on_counting_when_they_cannot_be_fetched_again() -> None:
    hands = Hands()
    ring = hands.keyring()
    await ring.key("one")
    hands.away, hands.now = True, 90_000.0
    assert await ring.key("one") is not None
    fetched = hands.fetched
    assert await ring.key("one") is not None
    assert hands.fetched == fetched


async def test_keys_that_cannot_be_had_are_asked_for_later_and_later() -> None:
    hands = Hands()
    hands.away = True
    ring = hands.keyring()
    tried: list[int] = []
    for second in range(0, 10_000, 5):
        hands.now = float(second)
        before = hands.fetched
        with pytest.raises(KeysAway):
            await ring.key("one")
        tried += [second] * (hands.fetched - before)
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert gaps[:4] == [5, 10, 20, 40]
    assert max(gaps) <= 3_600


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_running_without_authentication_is_refused_off_loopback() -> None:
    with pytest.raises(ValueError, match="loopback only"):
        TeamsSettings(app_id=APP, tenants=(TENANT,), authenticate=False, listen="0.0.0.0:3978")
    assert TeamsSettings(app_id=APP, tenants=(TENANT,), authenticate=False).secret is None


async def test_on_loopback_one_can_try_without_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with teams(tmp_path, monkeypatch, authenticate=False, secret=None) as it:
        assert await it.connector.tell(it.connector.activity("anna", "hallo"), token="") == 200
        assert it.house.heard[0].person == f"teams:{TENANT}:{object_id('anna')}"


async def test_an_address_that_is_taken_stops_the_adapter_with_the_way_out(it: Teams) -> None:
    settings = it.settings().model_copy(update={"listen": it.connector.endpoint})
    with pytest.raises(TeamsStopped, match=r"teams\.listen.*choose another port"):
        await TeamsChat(settings, render, it.house.place_of).run(it.house)
