"""The session with the homeserver: one device, kept over restarts, with its keys in a folder of its own.

The first time the bot logs in with a password (or an access token, where the server has single sign-on); afterwards the token
and the keys in the folder are all it needs. The device id is written down before the login, so that a crash in between leaves
no stray device on the server.
"""

import logging
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path

import aiohttp
import nio
import vodozemac
from nio.store import SqliteStore

from bot.matrix.faults import AWAY, ServerAway, SessionFault, unreachable, unusable, wrong_password
from bot.matrix.keyfolder import hold
from bot.matrix.saved import (
    CRYPTO_STORE,
    PICKLE_KEY,
    SESSION,
    SavedSession,
    check_store,
    forget_begun,
    keep,
    new_session,
    pickle_key,
    saved_session,
)
from bot.settings import MatrixSettings
from programme.text import _

__all__ = ["CRYPTO_STORE", "PICKLE_KEY", "SESSION", "ServerAway", "SessionFault", "close_session", "open_session"]

REQUEST_SECONDS = 30
"""How long one request may take. A sync adds its own long poll to it."""

UNKNOWN_TOKEN = "M_UNKNOWN_TOKEN"  # noqa: S105 - the name of an error

_open: dict[nio.AsyncClient, AsyncExitStack] = {}
"""What is to be let go of with each client: its connections, its store and the lock on its folder, in that order."""


async def open_session(
    settings: MatrixSettings, folder: Path, *, token: str | None = None, new_device: bool = False
) -> nio.AsyncClient:
    """Take the folder's lock, log in or resume, and load the keys.

    `token` is an access token that was made for the bot and is not yet in use, where the server has no passwords.
    `new_device` leaves the session that was kept for what it is, as soon as the login has succeeded.

    Returns a client that never repeats a request by itself, save twice when the server asks for patience: who calls decides.
    Raises `SessionFault`; `ServerAway` when it may go well later.
    """
    silence_libraries()
    async with AsyncExitStack() as stack:
        stack.enter_context(_held(folder))
        saved = new_session(settings) if new_device else saved_session(settings, folder)
        client = nio.AsyncClient(
            settings.homeserver,
            saved.user_id,
            saved.device_id,
            str(folder),
            _config(settings, folder),
            ssl=True,
        )
        stack.callback(_close_store, client)
        stack.push_async_callback(client.close)
        with _reaching(settings.homeserver), _opening_keys():
            await _enter(client, settings, folder, saved, token)
        _open[client] = stack.pop_all()
    return client


async def close_session(client: nio.AsyncClient) -> None:
    """Close the connections and the crypto store, and give the folder free. Twice is as good as once."""
    stack = _open.pop(client, None)
    if stack is not None:
        await stack.aclose()


def silence_libraries() -> None:
    """Keep what people write out of the log.

    nio logs the body of whatever does not fit its schemas, at WARNING and DEBUG; peewee logs every query with its values.
    A level of their own holds whatever the level of the root becomes.
    """
    for name in ("nio", "peewee"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


async def _enter(
    client: nio.AsyncClient, settings: MatrixSettings, folder: Path, saved: SavedSession, token: str | None
) -> None:
    if saved.access_token:
        await _resume(client, settings, folder, saved)
    elif token is not None:
        await _adopt(client, folder, saved, token)
    else:
        await _log_in(client, settings, folder, saved)


async def _resume(client: nio.AsyncClient, settings: MatrixSettings, folder: Path, saved: SavedSession) -> None:
    check_store(folder / CRYPTO_STORE)
    client.restore_login(saved.user_id, saved.device_id, saved.access_token)
    answer = await client.whoami()
    if isinstance(answer, nio.WhoamiError):
        await _revive(client, settings, folder, saved, answer)
    elif (answer.user_id, answer.device_id) != (saved.user_id, saved.device_id):
        raise SessionFault(
            _(
                "{file}: the token belongs to another user or device; log in anew with kring matrix login --new-device",
                file=str(folder / SESSION),
            )
        )


async def _revive(
    client: nio.AsyncClient, settings: MatrixSettings, folder: Path, saved: SavedSession, answer: nio.WhoamiError
) -> None:
    """After a soft logout the device is still ours, and asks for the password."""
    if answer.status_code != UNKNOWN_TOKEN:
        raise _refused(settings.homeserver, answer)
    if not answer.soft_logout:
        raise SessionFault(
            _(
                "{homeserver} no longer knows the token or the device of {user}; log in anew with kring matrix login --new-device",
                homeserver=settings.homeserver,
                user=saved.user_id,
            )
        )
    await _log_in(client, settings, folder, saved)


async def _adopt(client: nio.AsyncClient, folder: Path, saved: SavedSession, token: str) -> None:
    client.access_token = token
    answer = await client.whoami()
    if isinstance(answer, nio.WhoamiError) and answer.status_code != UNKNOWN_TOKEN:
        raise _refused(client.homeserver, answer)
    if isinstance(answer, nio.WhoamiError):
        raise SessionFault(
            _(
                "{homeserver} refuses the access token ({reason}); make a new one for {user}",
                homeserver=client.homeserver,
                reason=answer.message,
                user=saved.user_id,
            )
        )
    if answer.user_id != saved.user_id:
        raise SessionFault(
            _(
                "kring.toml: matrix.user: the access token is of {owner}, not of {user}; change this or the token",
                owner=answer.user_id,
                user=saved.user_id,
            )
        )
    if not answer.device_id:
        raise SessionFault(_("The access token belongs to no device, so it cannot encrypt; make one with a device"))
    client.restore_login(answer.user_id, answer.device_id, token)
    keep(folder, SavedSession(user_id=answer.user_id, device_id=answer.device_id, access_token=token))


async def _log_in(client: nio.AsyncClient, settings: MatrixSettings, folder: Path, saved: SavedSession) -> None:
    if settings.password is None:
        raise SessionFault(
            _(
                "kring.toml: matrix: there is no session yet and no password; write password_file, or run "
                "kring matrix login --token -"
            )
        )
    if not (folder / SESSION).exists():
        keep(folder, saved)
    answer = await client.login(settings.password.get_secret_value(), device_name="Kring")
    if isinstance(answer, nio.LoginError):
        fault = await _login_fault(client, settings, answer)
        if not isinstance(fault, ServerAway):
            forget_begun(folder)
        raise fault
    if answer.user_id != saved.user_id:
        raise SessionFault(
            _(
                "kring.toml: matrix.user: the homeserver calls {user} {own}; write it so",
                user=saved.user_id,
                own=answer.user_id,
            )
        )
    keep(folder, SavedSession(user_id=answer.user_id, device_id=answer.device_id, access_token=answer.access_token))


async def _login_fault(client: nio.AsyncClient, settings: MatrixSettings, answer: nio.LoginError) -> SessionFault:
    if answer.status_code == "M_FORBIDDEN":
        return wrong_password(settings)
    if answer.status_code == "M_USER_DEACTIVATED":
        return SessionFault(
            _("The account {user} is deactivated; let the homeserver's administrator open it", user=settings.user)
        )
    ways = await client.login_info()
    if isinstance(ways, nio.LoginInfoResponse) and "m.login.password" not in ways.flows:
        return SessionFault(
            _(
                "{homeserver} has no password login; let its administrator make an access token with a device for the bot, and "
                "give it to kring matrix login --token -",
                homeserver=settings.homeserver,
            )
        )
    return _refused(settings.homeserver, answer)


def _refused(homeserver: str, answer: nio.ErrorResponse) -> SessionFault:
    status: int = getattr(answer.transport_response, "status", HTTPStatus.OK)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return ServerAway(
            _("{homeserver} cannot answer now (HTTP {status}); try again later", homeserver=homeserver, status=status)
        )
    if answer.status_code is None:
        return SessionFault(
            _(
                "kring.toml: matrix.homeserver: {homeserver} does not answer as a Matrix homeserver; write its own address",
                homeserver=homeserver,
            )
        )
    return SessionFault(
        _(
            "{homeserver} refuses the login ({reason}); ask its administrator",
            homeserver=homeserver,
            reason=f"{answer.status_code} {answer.message}",
        )
    )


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    try:
        lock = hold(folder)
    except BlockingIOError:
        raise SessionFault(_("{path} is in use by another process; stop that one first", path=str(folder))) from None
    except OSError as fault:
        raise unusable(folder, fault) from fault
    with lock:
        yield


@contextmanager
def _reaching(homeserver: str) -> Iterator[None]:
    """Tell an unreachable server as a fault."""
    try:
        yield
    except aiohttp.ClientSSLError as fault:
        raise SessionFault(
            _(
                "{homeserver} has no certificate that this machine trusts; mend the certificate, or set SSL_CERT_FILE",
                homeserver=homeserver,
            )
        ) from fault
    except AWAY as fault:
        raise unreachable(homeserver, fault) from fault


@contextmanager
def _opening_keys() -> Iterator[None]:
    """Tell a crypto store that does not open as a fault."""
    try:
        yield
    except (vodozemac.PickleException, vodozemac.LibolmPickleException) as fault:
        raise SessionFault(
            _(
                "kring.toml: matrix.pickle_key: the pickle key does not open {file}; give the key that it was made with",
                file=CRYPTO_STORE,
            )
        ) from fault


def _config(settings: MatrixSettings, folder: Path) -> nio.AsyncClientConfig:
    """One file for the store, whoever the user is: a user id may hold a slash, and nio would name its files after it."""
    return nio.AsyncClientConfig(
        store=SqliteStore,
        store_name=CRYPTO_STORE,
        pickle_key=pickle_key(settings, folder),
        encryption_enabled=True,
        store_sync_tokens=False,
        max_limit_exceeded=2,
        max_timeouts=0,
        request_timeout=REQUEST_SECONDS,
    )


def _close_store(client: nio.AsyncClient) -> None:
    if client.store is not None:
        client.store.database.close()
