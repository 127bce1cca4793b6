"""The start: from the file to tables in memory and a journal that goes on where the file ends."""

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from programme.model import Model
from storage.compaction import Volume
from storage.errors import StoreForeign
from storage.folder import Folder
from storage.journal import Journal
from storage.records import SCHEMA, Scan
from storage.snapshot import Shelves, count, load, snapshot
from storage.table import Table

_MIGRATE = "Migrate it (kring migrate), or run the version that wrote it."
_NEWER = "Run the version that wrote it; this one cannot read it, and left it as it is."
_NOT_A_JOURNAL = "Restore it (kring restore FILE); a backup is not put in place by hand."


class Recovered(NamedTuple):
    """The journal, open; how many documents its file has; how many bytes of an unfinished record were left out, and where those are now."""

    journal: Journal
    documents: int
    dropped: int
    aside: Path | None


@contextmanager
def without_collection() -> Iterator[None]:
    """Keep the garbage collector from looking again and again at a hundred thousand new things that all stay."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def read_along(
    journal: Path, tables: Mapping[str, type[Model]], indexes: Mapping[str, Sequence[str]]
) -> dict[type[Model], Table[Any]]:
    """Read a journal that a bot may be writing. Gives each table by its model, as it is now and to read only.

    `tables` and `indexes` are those of `Store.open`. Raises `StoreDamaged`, `StoreForeign`, `OSError`.
    """
    declared = [Table(name, model, indexes.get(name, ())) for name, model in tables.items()]
    with without_collection():
        _replay(journal, {table.name: table for table in declared})
        for table in declared:
            table.index()
    return {table.model: table for table in declared}


def recover(folder: Folder, shelves: Shelves) -> Recovered:
    """Fill the shelves from the journal of a folder, or begin one.

    A piece at the end that was never finished is kept beside the journal and cut off: a crash leaves one, and so does whoever cuts the
    file; nobody can tell the two apart. The journal is written anew as a snapshot when most of it is out of date. Raises `StoreDamaged`, `StoreForeign`, `OSError`.
    """
    if folder.is_new():
        folder.write_fresh(snapshot({}, number=0))
        folder.put_in_place()
    scan, documents = _replay(folder.journal, shelves)
    aside = folder.set_aside(scan.end) if scan.dropped else None
    end, number, live = scan.end, scan.number, count(shelves)
    if Volume(documents=documents, live=live).is_worth_compacting and _rewrite(folder, shelves, number + 1):
        end, number, documents = folder.journal.stat().st_size, number + 1 + live, live
    return Recovered(_open(folder.journal, end, number), documents, scan.dropped, aside)


def _replay(path: Path, shelves: Shelves) -> tuple[Scan, int]:
    with path.open("rb", buffering=1 << 20) as file:
        _forget_pages(file.fileno())
        scan = Scan(file, path)
        _check(scan, path)
        return scan, load(scan, shelves)


def _check(scan: Scan, path: Path) -> None:
    if scan.header.version != SCHEMA:
        what = f"The store has schema {scan.header.version}; this version has {SCHEMA}"
        facts = {"path": path, "version": scan.header.version, "schema": SCHEMA}
        raise StoreForeign(what, mend=_MIGRATE if scan.header.version < SCHEMA else _NEWER, facts=facts)
    if scan.header.kring != "journal":
        raise StoreForeign("The journal is a backup", mend=_NOT_A_JOURNAL, facts={"path": path, "kind": "backup"})


def _rewrite(folder: Folder, shelves: Shelves, number: int) -> bool:
    try:
        folder.write_fresh(snapshot(shelves, number=number))
    except OSError:  # a full disk keeps nobody from reading; the first commit will say so
        return False
    folder.put_in_place()
    return True


def _forget_pages(fd: int) -> None:
    """Have the kernel read from the disk.

    What a killed process has written may be in memory alone, and is brought on disk. What a failing disk did not take stays in
    memory too, as if it were kept (Rebello et al., USENIX ATC 2020): going on from that would be going on from
    nothing.
    """
    os.fsync(fd)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)


def _open(path: Path, end: int, number: int) -> Journal:
    with ExitStack() as undo:
        fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        undo.callback(os.close, fd)
        os.ftruncate(fd, end)
        os.fsync(fd)
        undo.pop_all()
    return Journal(fd, path, end=end, number=number)
