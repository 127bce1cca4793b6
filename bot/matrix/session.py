"""The session with the homeserver: one device, kept over restarts, with its keys in a folder of its own.

The first time the bot logs in with a password (or an access token, where the server has single sign-on); afterwards the token
and the keys in the folder are all it needs. The device id is written down before the login, so that a crash in between leaves
no stray device on the server.
"""

import logging
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from http import HTTPStatus
from pathlib import Path

import aiohttp
import nio
import vodozemac
from nio.store import SqliteStore
from pydantic import Field, ValidationError

from bot.matrix.keyfolder import hold, read_private, write_private
from bot.settings import MatrixSettings
from programme.model import Model

SESSION = "session.json"
PICKLE_KEY = "pickle.key"
CRYPTO_STORE = "crypto.db"

REQUEST_SECONDS = 30
"""How long one request may take. A sync adds its own long poll to it."""

UNKNOWN_TOKEN = "M_UNKNOWN_TOKEN"  # noqa: S105 - the name of an error
LOGIN_AGAIN = "mend: `kring matrix login --new-device`"


class SessionFault(Exception):  # noqa: N818 - the word of the house for what an operator mends
    """Why the bot cannot be on this homeserver: `text`, one line with the way to mend it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class ServerAway(SessionFault):
    """The homeserver cannot be reached, is out of order or asks for patience: the same may go well later."""


class SavedSession(Model):
    """What is kept of a session. Without a token it is a login that was begun."""

    user_id: str
    device_id: str
    access_token: str = Field(default="", repr=False)


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
        saved = _new_session(settings) if new_device else _saved(settings, folder)
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
    _check_store(folder / CRYPTO_STORE)
    client.restore_login(saved.user_id, saved.device_id, saved.access_token)
    answer = await client.whoami()
    if isinstance(answer, nio.WhoamiError):
        await _revive(client, settings, folder, saved, answer)
    elif (answer.user_id, answer.device_id) != (saved.user_id, saved.device_id):
        raise SessionFault(f"The token in {folder / SESSION} belongs to another user or device; {LOGIN_AGAIN}.")


async def _revive(
    client: nio.AsyncClient, settings: MatrixSettings, folder: Path, saved: SavedSession, answer: nio.WhoamiError
) -> None:
    """After a soft logout the device is still ours, and asks for the password."""
    if answer.status_code != UNKNOWN_TOKEN:
        raise _refused(settings.homeserver, answer)
    if not answer.soft_logout:
        raise SessionFault(f"The homeserver no longer knows the token or the device of {saved.user_id}; {LOGIN_AGAIN}.")
    await _log_in(client, settings, folder, saved)


async def _adopt(client: nio.AsyncClient, folder: Path, saved: SavedSession, token: str) -> None:
    client.access_token = token
    answer = await client.whoami()
    if isinstance(answer, nio.WhoamiError) and answer.status_code != UNKNOWN_TOKEN:
        raise _refused(client.homeserver, answer)
    if isinstance(answer, nio.WhoamiError):
        raise SessionFault(
            f"The homeserver refuses the access token ({answer.message}); mend: make a new one for {saved.user_id}."
        )
    if answer.user_id != saved.user_id:
        raise SessionFault(
            f"The access token is of {answer.user_id}, not of {saved.user_id}; mend: `user` or the token."
        )
    if not answer.device_id:
        raise SessionFault("The access token belongs to no device, so it cannot encrypt; mend: make one with a device.")
    client.restore_login(answer.user_id, answer.device_id, token)
    _keep(folder, SavedSession(user_id=answer.user_id, device_id=answer.device_id, access_token=token))


async def _log_in(client: nio.AsyncClient, settings: MatrixSettings, folder: Path, saved: SavedSession) -> None:
    if settings.password is None:
        raise SessionFault(
            "There is no session yet and no password; mend: set matrix.password_file, or `kring matrix login --token -`."
        )
    if not (folder / SESSION).exists():
        _keep(folder, saved)
    answer = await client.login(settings.password.get_secret_value(), device_name="Kring")
    if isinstance(answer, nio.LoginError):
        raise await _login_fault(client, settings, answer)
    if answer.user_id != saved.user_id:
        raise SessionFault(f"The homeserver calls {saved.user_id} {answer.user_id}; mend: write matrix.user so.")
    _keep(folder, SavedSession(user_id=answer.user_id, device_id=answer.device_id, access_token=answer.access_token))


async def _login_fault(client: nio.AsyncClient, settings: MatrixSettings, answer: nio.LoginError) -> SessionFault:
    if answer.status_code == "M_FORBIDDEN":
        return SessionFault(f"Wrong password for {settings.user}; mend: matrix.password_file.")
    if answer.status_code == "M_USER_DEACTIVATED":
        return SessionFault(
            f"The account {settings.user} is deactivated; mend: let the homeserver's administrator open it."
        )
    ways = await client.login_info()
    if isinstance(ways, nio.LoginInfoResponse) and "m.login.password" not in ways.flows:
        return SessionFault(
            f"{settings.homeserver} has no password login; mend: let its administrator make an access token "
            "with a device for the bot, and give it to `kring matrix login --token -`."
        )
    return _refused(settings.homeserver, answer)


def _refused(homeserver: str, answer: nio.ErrorResponse) -> SessionFault:
    status: int = getattr(answer.transport_response, "status", HTTPStatus.OK)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return ServerAway(f"{homeserver} cannot answer now (HTTP {status}); mend: try again later.")
    if answer.status_code is None:
        return SessionFault(f"{homeserver} does not answer as a Matrix homeserver; mend: matrix.homeserver.")
    return SessionFault(f"{homeserver} refuses the login: {answer.status_code} {answer.message}")


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    try:
        lock = hold(folder)
    except BlockingIOError:
        raise SessionFault(f"{folder} is in use by another process; mend: stop that one first.") from None
    except OSError as fault:
        raise SessionFault(f"{folder}: {fault.strerror}.") from fault
    with lock:
        yield


@contextmanager
def _reaching(homeserver: str) -> Iterator[None]:
    """Tell an unreachable server as a fault."""
    try:
        yield
    except aiohttp.ClientSSLError as fault:
        raise SessionFault(
            f"{homeserver} has no certificate that this machine trusts; mend: the certificate, or SSL_CERT_FILE."
        ) from fault
    except (aiohttp.ClientError, OSError, UnicodeDecodeError) as fault:
        raise ServerAway(
            f"{homeserver} cannot be reached ({type(fault).__name__}); mend: the address, or the server."
        ) from fault


@contextmanager
def _opening_keys() -> Iterator[None]:
    """Tell a crypto store that does not open as a fault."""
    try:
        yield
    except (vodozemac.PickleException, vodozemac.LibolmPickleException) as fault:
        raise SessionFault(
            f"The pickle key does not open {CRYPTO_STORE}; mend: the key that it was made with."
        ) from fault


def _saved(settings: MatrixSettings, folder: Path) -> SavedSession:
    """The session as it was kept, or a new one with a device id of its own."""
    text = _read(folder / SESSION)
    if text is None:
        return _new_session(settings)
    try:
        saved = SavedSession.model_validate_json(text)
    except ValidationError:
        raise SessionFault(f"{folder / SESSION} is damaged; {LOGIN_AGAIN}.") from None
    if saved.user_id != settings.user:
        raise SessionFault(f"{folder} holds the session of {saved.user_id}; mend: matrix.user, or another data folder.")
    return saved


def _new_session(settings: MatrixSettings) -> SavedSession:
    return SavedSession(user_id=settings.user, device_id=f"KRING{secrets.token_hex(4).upper()}")


def _keep(folder: Path, saved: SavedSession) -> None:
    write_private(folder / SESSION, saved.model_dump_json())


def _config(settings: MatrixSettings, folder: Path) -> nio.AsyncClientConfig:
    """One file for the store, whoever the user is: a user id may hold a slash, and nio would name its files after it."""
    return nio.AsyncClientConfig(
        store=SqliteStore,
        store_name=CRYPTO_STORE,
        pickle_key=_pickle_key(settings, folder),
        encryption_enabled=True,
        store_sync_tokens=False,
        max_limit_exceeded=2,
        max_timeouts=0,
        request_timeout=REQUEST_SECONDS,
    )


def _check_store(file: Path) -> None:
    """Refuse to begin without the keys of the device: nio would make new ones under its name."""
    if not file.exists():
        raise SessionFault(f"{file} is gone, and the keys of this device with it; {LOGIN_AGAIN}.")
    try:
        with closing(sqlite3.connect(file)) as store:
            store.execute("PRAGMA schema_version")
    except sqlite3.DatabaseError:
        raise SessionFault(
            f"{file} is damaged; mend: take it away, and then `kring matrix login --new-device`."
        ) from None


def _pickle_key(settings: MatrixSettings, folder: Path) -> str:
    if settings.pickle_key is not None:
        return settings.pickle_key.get_secret_value()
    kept = _read(folder / PICKLE_KEY)
    if kept is None:
        kept = secrets.token_urlsafe(32)
        write_private(folder / PICKLE_KEY, kept)
    return kept


def _read(file: Path) -> str | None:
    try:
        return read_private(file)
    except OSError as fault:
        raise SessionFault(f"{file}: {fault.strerror}.") from fault


def _close_store(client: nio.AsyncClient) -> None:
    if client.store is not None:
        client.store.database.close()
