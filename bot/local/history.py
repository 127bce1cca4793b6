"""The conversation of a played chat on disk, so that it is still there after a restart."""

import os
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from bot.cli.faults import Fault
from bot.local.record import Entry
from programme.model import Model


class History(Model):
    """What is kept of a play."""

    play: str
    """Made up once, so that a page knows whether what it remembers is about this play."""
    began: datetime
    """When the play began, by its own clock (aware): the sample edition counts its dates from there."""
    now: datetime
    """Where its clock stands (aware)."""
    entries: tuple[Entry, ...] = ()


def read_history(path: Path) -> History | None:
    """Read a history; None when there is none yet. Raises `Fault` for a file that is no history."""
    try:
        return History.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        raise Fault(f"{path}: cannot be read; take the file away to begin with an empty conversation") from None


def write_history(path: Path, history: History) -> None:
    """Put a history in the place of the former one, whole or not at all. Bodies that are not to be kept stay out of it.

    Raises `OSError` when the disk does not take it.
    """
    kept = tuple(entry if entry.kept else entry.unsaid() for entry in history.entries)
    written = history.model_copy(update={"entries": kept}).model_dump_json()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
