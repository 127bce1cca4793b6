"""The folder of the store: who may look into it, who has it open, and how a file comes into it whole."""

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path

from storage.errors import Place, StoreDamaged, StoreExposed, StoreLocked

JOURNAL = "journal"
LOCK = "lock"
STATE = "state"
BACKUPS = 3
"""How many former journals are kept, and how many pieces that were cut off."""
TORN = "torn"
_DIGITS = 8
_TRIES, _PAUSE = 8, 0.1
_OTHERS = 0o077


def backups_of(path: Path) -> Path:
    """Where a store keeps its former journals: beside it in a data folder (`data/state`, `data/backup`), else in itself."""
    return (path.parent if path.name == STATE else path) / "backup"


def former(path: Path) -> list[Path]:
    """The former journals of the store in this folder, oldest first."""
    return sorted(backups_of(path).glob(f"{JOURNAL}-{'[0-9]' * _DIGITS}"))


def torn(path: Path) -> list[Path]:
    """The pieces that were cut off the journal of this folder, oldest first."""
    return sorted(backups_of(path).glob(f"{TORN}-{'[0-9]' * _DIGITS}"))


class Folder:
    """A folder of ours alone, locked until `close`. Made when it is not there.

    Raises `StoreExposed` when others may read the folder or anything in it, and `StoreLocked` when a process has it open.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            path.mkdir(mode=0o700, parents=True)
            sync_folder(path.parent)
        check_mode(path)
        with ExitStack() as undo:
            self._lock = _lock(path / LOCK)
            undo.callback(self.close)
            for file in (*sorted(path.iterdir()), *self.backups()):
                check_mode(file)
            self._tidy()
            undo.pop_all()

    @property
    def journal(self) -> Path:
        """The file with everything in it."""
        return self.path / JOURNAL

    @property
    def fresh(self) -> Path:
        """The file that is to take its place."""
        return self.path / f"{JOURNAL}.new"

    def is_new(self) -> bool:
        """Whether nothing was ever kept here. Raises `StoreDamaged` when something was, and it is gone."""
        if self.journal.exists():
            return False
        if os.fstat(self._lock).st_size:
            mend = "Restore the latest backup (kring restore FILE)."
            raise StoreDamaged("The journal is missing", place=Place(self.journal, 0, 0), mend=mend)
        return True

    def begin_fresh(self) -> int:
        """Make a new journal beside the old one, empty, and a place for the old one. Gives its descriptor. Raises `OSError`."""
        if self.journal.exists():
            self._make_backups()
        self.drop_fresh()
        return os.open(self.fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def drop_fresh(self) -> None:
        """Leave no new journal behind."""
        self.fresh.unlink(missing_ok=True)

    def write_fresh(self, lines: Iterable[bytes]) -> None:
        """Write a new journal beside the old one, and bring it on disk. Raises `OSError`, and then there is none."""
        try:
            write_lines(self.begin_fresh(), lines)
        except OSError:
            self.drop_fresh()
            raise

    def put_in_place(self) -> None:
        """Have the new journal take the place of the old one, which becomes a backup; the oldest of more than three goes.

        After a crash there is the one or the other, whole. Raises `OSError`.
        """
        if self.journal.exists():
            self._keep_old()
        self.fresh.replace(self.journal)
        sync_folder(self.path)
        for backup in self.backups()[:-BACKUPS]:
            backup.unlink()

    def backups(self) -> list[Path]:
        """The former journals that there are, oldest first."""
        return former(self.path)

    def set_aside(self, offset: int) -> Path | None:
        """Keep what stands in the journal from this byte on, before it is cut off; gives where, None when the disk has no room for it."""
        try:
            self._make_backups()
            kept = torn(self.path)
            number = int(kept[-1].name.rpartition("-")[2]) + 1 if kept else 1
            target = backups_of(self.path) / f"{TORN}-{number:0{_DIGITS}}"
            with self.journal.open("rb") as file:
                file.seek(offset)
                replace_whole(target, [file.read()])
            for old in torn(self.path)[:-BACKUPS]:
                old.unlink()
        except OSError:
            return None
        return target

    def sign(self) -> None:
        """Write into the lock who has it. From now on a missing journal is a loss and not a beginning."""
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, b"%d\n" % os.getpid(), 0)
        os.fsync(self._lock)

    def close(self) -> None:
        """Unlock it."""
        os.close(self._lock)

    def _tidy(self) -> None:
        """Take away what a process left that died on the way: half a file, and a backup that is the journal itself."""
        with suppress(OSError):  # a disk that is only read keeps nobody from looking
            if self.journal.exists():
                self.drop_fresh()
            for half in backups_of(self.path).glob(f"{JOURNAL}-*.new"):
                half.unlink()
            for backup in self.backups():
                if backup.samefile(self.journal):
                    backup.unlink()

    def _make_backups(self) -> None:
        folder = backups_of(self.path)
        if not folder.is_dir():
            folder.mkdir(mode=0o700)
            sync_folder(folder.parent)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))

    def _keep_old(self) -> None:
        backups = self.backups()
        number = int(backups[-1].name.rpartition("-")[2]) + 1 if backups else 1
        target = backups_of(self.path) / f"{JOURNAL}-{number:0{_DIGITS}}"
        try:
            target.hardlink_to(self.journal)
        except OSError as error:
            if error.errno not in {errno.EXDEV, errno.EPERM}:
                raise
            _copy(self.journal, target)  # the backups are on another disk, or the disk has no links
        sync_folder(target.parent)


def write_lines(fd: int, lines: Iterable[bytes]) -> None:
    """Write lines to a file, bring them on disk, and close it. Raises `OSError`."""
    with os.fdopen(fd, "wb", buffering=1 << 20) as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())


def replace_whole(target: Path, lines: Iterable[bytes]) -> None:
    """Have a file hold these lines, readable for its owner alone: after a crash it is as it was or as it becomes. Raises `OSError`."""
    fresh = target.with_name(f"{target.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        write_lines(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), lines)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(target.parent)


def write_new(target: Path, lines: Iterable[bytes]) -> None:
    """Write a file that must not be there yet: it is there whole or not at all, readable for its owner alone. Raises `OSError`."""
    if target.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    replace_whole(target, lines)


def sync_folder(folder: Path) -> None:
    """Bring on disk what came into a folder. Raises `OSError`."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def check_mode(path: Path) -> None:
    """Raise `StoreExposed` when others than the owner can do anything with it."""
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS:
        fit = "700" if path.is_dir() else "600"
        raise StoreExposed(
            f"{path} is open to others (mode {mode:o})",
            mend=f"chmod {fit} {path}",
            facts={"path": path, "mode": f"{mode:o}", "fit": fit},
        )


def _copy(source: Path, target: Path) -> None:
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with source.open("rb") as from_here, os.fdopen(fd, "wb") as to_there:
        shutil.copyfileobj(from_here, to_there, 1 << 20)
        to_there.flush()
        os.fsync(to_there.fileno())


def _lock(path: Path) -> int:
    """Take the lock, or raise `StoreLocked` within a second.

    A process that was killed while it began a child leaves the lock with that child until the child's own program starts; so the
    lock is asked for a few times before it counts as another's.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    for _ in range(_TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return fd
        time.sleep(_PAUSE)
    holder = os.pread(fd, 20, 0).decode("ascii", "replace").strip() or "unknown"
    os.close(fd)
    mend = "Stop that process first; two cannot write one store."
    raise StoreLocked(
        f"{path.parent} is open in another process ({holder})", mend=mend, facts={"path": path.parent, "holder": holder}
    )
