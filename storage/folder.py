"""The folder of the store: who may look into it, who has it open, and how a file comes into it whole."""

import fcntl
import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from storage.errors import Place, StoreDamaged, StoreExposed, StoreLocked

JOURNAL = "journal"
LOCK = "lock"
_OTHERS = 0o077


class Folder:
    """A folder of ours alone, locked until `close`. Made when it is not there.

    Raises `StoreExposed` when others may read the folder or anything in it, and `StoreLocked` when a process has it open.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            path.mkdir(mode=0o700, parents=True)
            _sync(path.parent)
        _check_mode(path)
        with ExitStack() as undo:
            self._lock = _lock(path / LOCK)
            undo.callback(self.close)
            for file in sorted(path.iterdir()):
                _check_mode(file)
            undo.pop_all()

    @property
    def journal(self) -> Path:
        """The file with everything in it."""
        return self.path / JOURNAL

    @property
    def _fresh(self) -> Path:
        return self.path / f"{JOURNAL}.new"

    def is_new(self) -> bool:
        """Whether nothing was ever kept here. Raises `StoreDamaged` when something was, and it is gone."""
        if self.journal.exists():
            return False
        if os.fstat(self._lock).st_size:
            mend = "Restore the latest backup (kring restore FILE)."
            raise StoreDamaged("The journal is missing", place=Place(self.journal, 0, 0), mend=mend)
        return True

    def write_fresh(self, lines: Iterable[bytes]) -> None:
        """Write a new journal beside the old one, and bring it on disk. Raises `OSError`, and then there is none."""
        self._fresh.unlink(missing_ok=True)
        try:
            _write(self._fresh, lines)
        except OSError:
            self._fresh.unlink(missing_ok=True)
            raise

    def put_in_place(self) -> None:
        """Have the new journal take the place of the old one: after a crash there is the one or the other, whole."""
        self._fresh.replace(self.journal)
        _sync(self.path)

    def sign(self) -> None:
        """Write into the lock who has it. From now on a missing journal is a loss and not a beginning."""
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, b"%d\n" % os.getpid(), 0)
        os.fsync(self._lock)

    def close(self) -> None:
        """Unlock it."""
        os.close(self._lock)


def _sync(folder: Path) -> None:
    # What came into a folder is on disk when the folder is.
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _check_mode(path: Path) -> None:
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS:
        fit = "700" if path.is_dir() else "600"
        raise StoreExposed(f"{path} is open to others (mode {mode:o})", mend=f"chmod {fit} {path}")


def _lock(path: Path) -> int:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(fd, 20, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(fd)
        mend = "Stop that process first; two cannot write one store."
        raise StoreLocked(f"{path.parent} is open in another process ({holder})", mend=mend) from None
    return fd


def _write(path: Path, lines: Iterable[bytes]) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb", buffering=1 << 20) as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
