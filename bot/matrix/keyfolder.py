"""The folder with the keys: nobody else reads it, and one process at a time writes it.

Two processes on one crypto store use the same ratchet twice, and then nobody can read the bot any more: hence the lock.
"""

import errno
import fcntl
import os
import stat
from pathlib import Path
from typing import TextIO

LOCK = "lock"


class TooOpen(PermissionError):  # noqa: N818 - a fact about a file
    """Others can read the file or folder at `filename`; `fit` is the mode that it should have (`600`)."""

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(errno.EPERM, "others can read it", str(path))
        self.fit = f"{mode:o}"


def hold(folder: Path) -> TextIO:
    """Make the folder (0700) if need be and take its lock, until the returned file is closed.

    From here on this process makes files that only its own user can read, the crypto store's own files among them.

    Raises `BlockingIOError` when another process holds it, `TooOpen` when others can read it, and any other `OSError` of the
    disk.
    """
    os.umask(0o077)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_wider(folder, 0o700)
    lock = (folder / LOCK).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    return lock


def read_private(file: Path) -> str | None:
    """The text of the file, or None when it is not there. Raises `TooOpen` when others can read it too."""
    try:
        _refuse_wider(file, 0o600)
        return file.read_text("utf-8")
    except FileNotFoundError:
        return None


def write_private(file: Path, text: str) -> None:
    """Replace the file by this text, mode 0600: after a crash it is there as it was or as it becomes, never in between."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_wider(path: Path, mode: int) -> None:
    found = stat.S_IMODE(path.stat().st_mode)
    if found & 0o077:
        raise TooOpen(path, mode)
