"""`kring check` and the settings for Teams, and each way to prove who we are."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.chat import Later
from bot.cli.teams_settings import faults
from bot.clock import WallClock
from bot.settings import TeamsSettings
from bot.teams.tokens import Tokens
from tests.fake_idp import APP, ISSUER, TENANT, FakeIdp, certificate, serving_idp

NOW = WallClock().now()


def settings(**more: Any) -> TeamsSettings:
    given: dict[str, Any] = {"app_id": APP, "tenants": (TENANT,), "secret": SecretStr("a secret")}
    return TeamsSettings(**(given | more))


def by_certificate(folder: Path, name: str = "app", key: str = "app") -> dict[str, Any]:
    public, _ = certificate(folder, name)
    _, private = certificate(folder, key)
    return {"secret": None, "certificate_file": public, "key": SecretStr(private.read_text(encoding="ascii"))}


def told(it: TeamsSettings, *, later: timedelta = timedelta()) -> list[str]:
    return list(faults(it, NOW + later))


def test_right_settings_have_no_faults(tmp_path: Path) -> None:
    assert told(settings()) == []
    assert told(settings(**by_certificate(tmp_path))) == []
    assert told(settings(openid_metadata="http://127.0.0.1:1/x", service_hosts=("127.0.0.1:8", "smba.example"))) == []


def test_a_key_of_another_certificate_is_told(tmp_path: Path) -> None:
    (line,) = told(settings(**by_certificate(tmp_path, "app", "login")))
    assert line.startswith("key: ")


def test_a_certificate_that_has_ended_is_told(tmp_path: Path) -> None:
    (line,) = told(settings(**by_certificate(tmp_path)), later=timedelta(days=2))
    assert line.startswith("certificate_file: ")


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    (line,) = told(settings(**by_certificate(tmp_path) | {"key": SecretStr("none")}))
    assert line.startswith("certificate_file: ")


# ── proving who we are ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest_asyncio.fixture
async def idp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeIdp]:
    async with serving_idp(tmp_path) as serving:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "login.pem"))
        yield serving


def tokens(idp: FakeIdp, **more: Any) -> Tokens:
    return Tokens(settings(login_host=idp.login_host, **more), asyncio.get_running_loop().time)


async def test_the_secret_gets_one_token_for_many_who_ask(idp: FakeIdp) -> None:
    it = tokens(idp)
    assert set(await asyncio.gather(*(it.token() for _ in range(10)))) == {"token-1"}
    assert idp.proofs[0]["client_id"] == APP


async def test_a_certificate_proves_it_without_a_secret(idp: FakeIdp, tmp_path: Path) -> None:
    assert await tokens(idp, **by_certificate(tmp_path)).token() == "token-1"
    assert "client_secret" not in idp.proofs[0]


async def test_a_wrong_secret_gets_no_token_and_stops_nothing(idp: FakeIdp) -> None:
    it = tokens(idp, secret=SecretStr("wrong"))
    with pytest.raises(Later):
        await it.token()
    assert not it.good


async def test_a_refusal_is_told_with_microsofts_own_number_and_is_over_when_it_is_mended(idp: FakeIdp) -> None:
    it = tokens(idp)
    idp.secret = "another"
    with pytest.raises(Later):
        await it.token()
    assert it.refused == "invalid_client, AADSTS7000215"
    idp.secret = "a secret"
    assert await it.token() == "token-1"
    assert it.refused == ""


async def test_a_tenant_that_microsoft_does_not_know_is_a_refusal(idp: FakeIdp) -> None:
    it = tokens(idp, tenants=("99999999-2222-3333-4444-555555555555",))
    with pytest.raises(Later):
        await it.token()
    assert it.refused == "ValueError"


async def test_a_login_that_is_away_is_asked_again(idp: FakeIdp) -> None:
    it = tokens(idp)
    idp.away = True
    with pytest.raises(Later):
        await it.token()
    assert it.refused == ""
    idp.away = False
    assert await it.token() == "token-1"


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ("AZURE_POD_IDENTITY_AUTHORITY_HOST", ""),
        ("IDENTITY_ENDPOINT", "/app-service"),
    ],
)
async def test_a_managed_identity_proves_it_without_anything_of_ours(
    idp: FakeIdp, monkeypatch: pytest.MonkeyPatch, where: str, path: str
) -> None:
    monkeypatch.setenv(where, f"http://{idp.host}{path}")
    monkeypatch.setenv("IDENTITY_HEADER", "header") if path else None
    it = tokens(idp, secret=None, managed_identity=True)
    assert await it.token() == "token-1"
    assert idp.proofs == [{"resource": ISSUER, "client_id": APP, "api-version": idp.proofs[0]["api-version"]}]


async def test_an_identity_that_the_machine_does_not_have_is_a_refusal(
    idp: FakeIdp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", f"http://{idp.host}")
    it = tokens(idp, app_id=TENANT, secret=None, managed_identity=True)
    with pytest.raises(Later):
        await it.token()
    assert it.refused == "invalid_request"


async def test_a_login_that_we_cannot_trust_gets_no_proof(idp: FakeIdp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(Later):
        await tokens(idp).token()
    assert idp.proofs == []
    assert ssl.create_default_context().check_hostname
