"""What is kept of a session with the homeserver, in the folder with the keys."""

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from pydantic import Field, ValidationError

from bot.matrix.faults import SessionFault, unusable
from bot.matrix.keyfolder import read_private, write_private
from bot.settings import MatrixSettings
from programme.model import Model
from programme.text import _

SESSION = "session.json"
PICKLE_KEY = "pickle.key"
CRYPTO_STORE = "crypto.db"


class SavedSession(Model):
    """What is kept of a session. Without a token it is a login that was begun."""

    user_id: str
    device_id: str
    access_token: str = Field(default="", repr=False)


def saved_session(settings: MatrixSettings, folder: Path) -> SavedSession:
    """The session as it was kept, or a new one with a device id of its own. Raises `SessionFault`."""
    text = _read(folder / SESSION)
    if text is None:
        return new_session(settings)
    try:
        saved = SavedSession.model_validate_json(text)
    except ValidationError:
        raise SessionFault(
            _("{file} is damaged; log in anew with kring matrix login --new-device", file=str(folder / SESSION))
        ) from None
    if saved.user_id == settings.user:
        return saved
    if not saved.access_token:  # a login that was begun binds to nobody
        return new_session(settings)
    raise SessionFault(
        _(
            "kring.toml: matrix.user: {folder} holds the session of {user}; write that one, choose another data folder, or leave "
            "that session with kring matrix login --new-device",
            folder=str(folder),
            user=saved.user_id,
        )
    )


def has_session(folder: Path) -> bool:
    """Whether a session is kept there that was once logged in; what cannot be read is told by `saved_session`."""
    try:
        return bool(SavedSession.model_validate_json((folder / SESSION).read_bytes()).access_token)
    except FileNotFoundError:
        return False
    except (OSError, ValidationError):
        return True


def forget_begun(folder: Path) -> None:
    """Keep nothing of a login that the homeserver refused; a session that was logged in before stays as it is."""
    if not has_session(folder):
        (folder / SESSION).unlink(missing_ok=True)


def new_session(settings: MatrixSettings) -> SavedSession:
    """A login that is to begin, on a device of its own."""
    return SavedSession(user_id=settings.user, device_id=f"KRING{secrets.token_hex(4).upper()}")


def keep(folder: Path, saved: SavedSession) -> None:
    """Keep it. Raises `SessionFault`."""
    _write(folder / SESSION, saved.model_dump_json())


def check_store(file: Path) -> None:
    """Refuse (`SessionFault`) to begin without the keys of the device: nio would make new ones under its name."""
    if not file.exists():
        raise SessionFault(
            _(
                "{file} is gone, and the keys of this device with it; log in anew with kring matrix login --new-device",
                file=str(file),
            )
        )
    try:
        with closing(sqlite3.connect(file)) as store:
            store.execute("PRAGMA schema_version")
    except sqlite3.DatabaseError:
        raise SessionFault(
            _(
                "{file} is damaged; take it away, and log in anew with kring matrix login --new-device",
                file=str(file),
            )
        ) from None


def pickle_key(settings: MatrixSettings, folder: Path) -> str:
    """What locks the crypto store: the operator's key, else one of our own. Raises `SessionFault`."""
    if settings.pickle_key is not None:
        return settings.pickle_key.get_secret_value()
    kept = _read(folder / PICKLE_KEY)
    if kept is None:
        kept = secrets.token_urlsafe(32)
        _write(folder / PICKLE_KEY, kept)
    return kept


def _read(file: Path) -> str | None:
    try:
        return read_private(file)
    except OSError as fault:
        raise unusable(file, fault) from fault


def _write(file: Path, text: str) -> None:
    try:
        write_private(file, text)
    except OSError as fault:
        raise unusable(file, fault) from fault
