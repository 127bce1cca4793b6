"""A session is one device, kept over restarts; whatever stands in its way is told in one line with the way out."""

import json
import logging
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import nio
import pytest
from aiohttp import ClientSession, web
from pydantic import SecretStr

from bot.matrix.keyfolder import LOCK, hold, read_private, write_private
from bot.matrix.session import CRYPTO_STORE, PICKLE_KEY, SESSION, ServerAway, SessionFault, close_session, open_session
from bot.settings import MatrixSettings
from tests.synapse import Credentials, Synapse

HOLDER = """
import sys
from pathlib import Path
from bot.matrix.keyfolder import hold
lock = hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""
SLOWER = {"errcode": "M_LIMIT_EXCEEDED", "error": "slower", "retry_after_ms": 1}
NOWHERE = MatrixSettings(homeserver="http://127.0.0.1:9", user="@kring:example.nl", password=SecretStr("x"))


def settings_of(synapse: Synapse, credentials: Credentials, **changes: Any) -> MatrixSettings:
    usual = {"homeserver": synapse.url, "user": credentials.user_id, "password": SecretStr(credentials.password)}
    return MatrixSettings(**{**usual, **changes})


@asynccontextmanager
async def session(settings: MatrixSettings, folder: Path, **how: Any) -> AsyncIterator[nio.AsyncClient]:
    client = await open_session(settings, folder, **how)
    try:
        yield client
    finally:
        await close_session(client)


def keys_of(client: nio.AsyncClient) -> tuple[str, str]:
    assert client.olm
    keys = client.olm.account.identity_keys
    return keys["ed25519"], keys["curve25519"]


async def token_for(synapse: Synapse, credentials: Credentials) -> str:
    """What an administrator makes for the bot: a token with a device that has no keys yet."""
    body = {"type": "m.login.password", "user": credentials.user_id, "password": credentials.password}
    address = f"{synapse.url}/_matrix/client/v3/login"
    async with ClientSession(raise_for_status=True) as http, http.post(address, json=body) as answer:
        return str((await answer.json())["access_token"])


@asynccontextmanager
async def homeserver(answers: dict[str, tuple[int, object]]) -> AsyncIterator[str]:
    """A homeserver that says what it is told to say, by the last word of the path."""

    async def say(request: web.Request) -> web.Response:
        status, body = answers.get(f"{request.method} {request.path.rsplit('/', 1)[1]}", (404, {}))
        return web.json_response(body, status=status)

    runner = web.AppRunner(web.Application())
    runner.app.router.add_route("*", "/{path:.*}", say)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def test_a_folder_is_for_its_user_only_and_so_are_its_files(tmp_path: Path) -> None:
    with hold(tmp_path / "matrix"):
        write_private(tmp_path / "matrix" / "secret", "text")
        modes = {
            path.name: path.stat().st_mode & 0o777 for path in [tmp_path / "matrix", *(tmp_path / "matrix").iterdir()]
        }
    assert modes == {"matrix": 0o700, "secret": 0o600, LOCK: 0o600}


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", "text")
    assert read_private(tmp_path / "secret") == "text"
    (tmp_path / "secret").chmod(0o640)
    with pytest.raises(PermissionError, match="others can read it"):
        read_private(tmp_path / "secret")


def test_a_file_of_a_write_that_was_cut_off_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "secret.new").write_text("half a te")
    write_private(tmp_path / "secret", "text")
    assert read_private(tmp_path / "secret") == "text"
    assert not (tmp_path / "secret.new").exists()


def test_a_lock_is_free_when_its_process_is_gone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "matrix")]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(BlockingIOError):
            hold(tmp_path / "matrix")
        other.kill()
    hold(tmp_path / "matrix").close()


async def test_a_server_that_is_away_is_a_fault_and_gives_the_folder_free(tmp_path: Path) -> None:
    with pytest.raises(ServerAway, match="cannot be reached"):
        await open_session(NOWHERE, tmp_path / "matrix")
    hold(tmp_path / "matrix").close()


async def test_a_folder_that_others_can_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "matrix").mkdir(mode=0o755)
    (tmp_path / "matrix").chmod(0o755)
    with pytest.raises(SessionFault, match="chmod 700"):
        await open_session(NOWHERE, tmp_path / "matrix")


async def test_a_second_process_is_refused(tmp_path: Path) -> None:
    with hold(tmp_path / "matrix"), pytest.raises(SessionFault, match="another process"):
        await open_session(NOWHERE, tmp_path / "matrix")


async def test_a_login_needs_a_password(tmp_path: Path) -> None:
    with pytest.raises(SessionFault, match="password_file"):
        await open_session(NOWHERE.model_copy(update={"password": None}), tmp_path / "matrix")


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"POST login": (403, {"errcode": "M_FORBIDDEN", "error": "no"})}, "wrong password"),
        ({"POST login": (403, {"errcode": "M_USER_DEACTIVATED", "error": "no"})}, "deactivated"),
        (
            {
                "POST login": (400, {"errcode": "M_UNKNOWN", "error": "no"}),
                "GET login": (200, {"flows": [{"type": "m.login.sso"}]}),
            },
            r"no password login.*--token",
        ),
        ({"POST login": (400, {"errcode": "M_UNKNOWN", "error": "odd"})}, "M_UNKNOWN odd"),
        ({"POST login": (200, ["no object"])}, "not answer as a Matrix homeserver"),
        ({}, "not answer as a Matrix homeserver"),
    ],
)
async def test_what_a_server_says_to_a_login_is_told_with_the_way_out(
    tmp_path: Path, answers: dict[str, tuple[int, object]], fault: str
) -> None:
    async with homeserver(answers) as address:
        with pytest.raises(SessionFault, match=fault):
            await open_session(NOWHERE.model_copy(update={"homeserver": address}), tmp_path / "matrix")


@pytest.mark.parametrize("answer", [(500, {"errcode": "M_UNKNOWN", "error": "broken"}), (502, {}), (429, SLOWER)])
async def test_a_server_that_is_out_of_order_is_only_away(tmp_path: Path, answer: tuple[int, object]) -> None:
    async with homeserver({"POST login": answer}) as address:
        with pytest.raises(ServerAway, match="later"):
            await open_session(NOWHERE.model_copy(update={"homeserver": address}), tmp_path / "matrix")


async def test_a_soft_logout_takes_the_password_and_keeps_the_device(tmp_path: Path) -> None:
    answers: dict[str, tuple[int, object]] = {"POST login": (200, login_answer("first"))}
    async with homeserver(answers) as address:
        settings = NOWHERE.model_copy(update={"homeserver": address})
        async with session(settings, tmp_path / "matrix") as client:
            keys = keys_of(client)
        answers["GET whoami"] = (401, {"errcode": "M_UNKNOWN_TOKEN", "error": "expired", "soft_logout": True})
        answers["POST login"] = (200, login_answer("second"))
        async with session(settings, tmp_path / "matrix") as client:
            assert (client.device_id, client.access_token, keys_of(client)) == ("PHONE", "second", keys)
        answers["GET whoami"] = (200, {"user_id": NOWHERE.user, "device_id": "PHONE"})
        async with session(settings, tmp_path / "matrix") as client:
            assert client.access_token == "second"


async def test_a_name_that_the_server_writes_otherwise_is_told(tmp_path: Path) -> None:
    async with homeserver({"POST login": (200, login_answer("first"))}) as address:
        settings = NOWHERE.model_copy(update={"homeserver": address, "user": "@Kring:example.nl"})
        with pytest.raises(SessionFault, match=r"@kring:example\.nl.*write it so"):
            await open_session(settings, tmp_path / "matrix")


def login_answer(token: str) -> dict[str, str]:
    return {"user_id": NOWHERE.user, "device_id": "PHONE", "access_token": token}


async def test_a_login_that_was_cut_off_keeps_its_device(tmp_path: Path) -> None:
    with pytest.raises(SessionFault):
        await open_session(NOWHERE, tmp_path / "matrix")
    begun = json.loads((tmp_path / "matrix" / SESSION).read_text())
    with pytest.raises(SessionFault):
        await open_session(NOWHERE, tmp_path / "matrix")
    assert json.loads((tmp_path / "matrix" / SESSION).read_text()) == begun
    assert begun["access_token"] == ""


@pytest.mark.synapse
async def test_a_restart_keeps_the_device_and_its_keys(synapse: Synapse, tmp_path: Path) -> None:
    credentials = await synapse.user("kring")
    async with session(settings_of(synapse, credentials), tmp_path / "matrix") as client:
        first = (client.device_id, keys_of(client), client.access_token)
    async with session(settings_of(synapse, credentials, password=None), tmp_path / "matrix") as client:
        assert (client.device_id, keys_of(client), client.access_token) == first
    modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "matrix").iterdir()}
    assert {CRYPTO_STORE, PICKLE_KEY, SESSION, LOCK} <= modes.keys()
    assert set(modes.values()) == {0o600}


@pytest.mark.synapse
async def test_a_revoked_token_is_told_and_a_new_device_mends_it(synapse: Synapse, tmp_path: Path) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    async with session(settings, tmp_path / "matrix") as client:
        first = client.device_id
        await client.logout()
    with pytest.raises(SessionFault, match=r"no longer knows.*login --new-device"):
        await open_session(settings, tmp_path / "matrix")
    async with session(settings, tmp_path / "matrix", new_device=True) as client:
        second = client.device_id
    async with session(settings, tmp_path / "matrix") as client:
        assert client.device_id == second != first


@pytest.mark.synapse
async def test_a_new_device_that_cannot_log_in_leaves_the_old_one(synapse: Synapse, tmp_path: Path) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    async with session(settings, tmp_path / "matrix") as client:
        first = client.device_id
    wrong = settings.model_copy(update={"password": SecretStr("wrong")})
    with pytest.raises(SessionFault, match="wrong password"):
        await open_session(wrong, tmp_path / "matrix", new_device=True)
    async with session(settings, tmp_path / "matrix") as client:
        assert client.device_id == first


@pytest.mark.synapse
async def test_an_access_token_of_its_own_device_is_as_good_as_a_password(synapse: Synapse, tmp_path: Path) -> None:
    credentials = await synapse.user("kring")
    settings = settings_of(synapse, credentials, password=None)
    stranger = await synapse.user("anna")
    token = await token_for(synapse, credentials)
    with pytest.raises(SessionFault, match=r"matrix\.user.*change this or the token"):
        await open_session(settings_of(synapse, stranger), tmp_path / "anna", token=token)
    async with session(settings, tmp_path / "matrix", token=token) as client:
        first = (client.device_id, keys_of(client))
    async with session(settings, tmp_path / "matrix") as client:
        assert (client.device_id, keys_of(client)) == first


@pytest.mark.synapse
async def test_a_wrong_access_token_is_a_fault(synapse: Synapse, tmp_path: Path) -> None:
    settings = settings_of(synapse, await synapse.user("kring"), password=None)
    with pytest.raises(SessionFault, match="refuses the access token"):
        await open_session(settings, tmp_path / "matrix", token="syt_wrong")


@pytest.mark.synapse
@pytest.mark.parametrize(
    ("file", "content", "fault"),
    [
        (CRYPTO_STORE, None, "gone.*login --new-device"),
        (CRYPTO_STORE, "no database at all " * 100, "damaged"),
        (PICKLE_KEY, "another key", "pickle key does not open"),
        (SESSION, "{", "damaged"),
        (SESSION, '{"user_id": "@x:y", "device_id": "A", "access_token": "t"}', "session of @x:y"),
    ],
)
async def test_what_was_lost_or_damaged_is_told(
    synapse: Synapse, tmp_path: Path, file: str, content: str | None, fault: str
) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    async with session(settings, tmp_path / "matrix"):
        pass
    if content is None:
        (tmp_path / "matrix" / file).unlink()
    else:
        (tmp_path / "matrix" / file).write_text(content)
    with pytest.raises(SessionFault, match=fault):
        await open_session(settings, tmp_path / "matrix")


@pytest.mark.synapse
async def test_a_store_that_was_killed_while_it_wrote_is_whole_again(synapse: Synapse, tmp_path: Path) -> None:
    settings = settings_of(synapse, await synapse.user("kring"))
    async with session(settings, tmp_path / "matrix") as client:
        first = keys_of(client)
    kill_while_writing(tmp_path / "matrix" / CRYPTO_STORE)
    async with session(settings, tmp_path / "matrix") as client:
        assert keys_of(client) == first


def kill_while_writing(file: Path) -> None:
    """Leave the store as a power cut in the middle of a transaction leaves it: half written, with its journal."""
    journal = file.with_name(f"{file.name}-journal")
    with closing(sqlite3.connect(file)) as store:
        store.execute("PRAGMA cache_size = 1")
        store.execute("UPDATE accounts SET account = zeroblob(100000)")
        cut = {path: path.read_bytes() for path in (file, journal)}
        store.rollback()
    for path, content in cut.items():
        path.write_bytes(content)
        path.chmod(0o600)


@pytest.mark.synapse
async def test_a_pickle_key_of_the_operator_is_not_written_down(synapse: Synapse, tmp_path: Path) -> None:
    settings = settings_of(synapse, await synapse.user("kring"), pickle_key=SecretStr("correct horse"))
    async with session(settings, tmp_path / "matrix") as client:
        first = keys_of(client)
    assert not (tmp_path / "matrix" / PICKLE_KEY).exists()
    async with session(settings, tmp_path / "matrix") as client:
        assert keys_of(client) == first


@pytest.mark.synapse
async def test_nobody_reads_in_the_log_what_a_server_sends(
    synapse: Synapse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with session(settings_of(synapse, await synapse.user("kring")), tmp_path / "matrix"):
        nio.SyncResponse.from_dict({"next_batch": 1, "rooms": "what somebody wrote"})
    assert "what somebody wrote" not in caplog.text
    assert "syt_" not in caplog.text
