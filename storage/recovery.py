"""The start: from the file to tables in memory and a journal that goes on where the file ends."""

import gc
import os
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from storage.errors import StoreForeign
from storage.folder import Folder
from storage.journal import Journal
from storage.records import SCHEMA, Header, Scan, Written, frame, pack, unpack
from storage.table import Shelf

WORTHWHILE = 1_000
"""How many documents in the file may be out of date, beyond one for each that is not, before a start writes it anew."""

Shelves = MutableMapping[str, Shelf]


class Recovered(NamedTuple):
    """The journal, open, and how many bytes of an unfinished record were left out at its end."""

    journal: Journal
    dropped: int


class _Read(NamedTuple):
    scan: Scan
    documents: int


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


def recover(folder: Folder, shelves: Shelves) -> Recovered:
    """Fill the shelves from the journal of a folder, or begin one.

    The journal is written anew as a snapshot when most of it is out of date. Raises `StoreDamaged`, `StoreForeign`, `OSError`.
    """
    if folder.is_new():
        folder.write_fresh(snapshot({}, number=0))
        folder.put_in_place()
    read = _replay(folder.journal, shelves)
    end, number, live = read.scan.end, read.scan.number, sum(map(len, shelves.values()))
    if read.documents > 2 * live + WORTHWHILE and _rewrite(folder, shelves, number + 1):
        end, number = folder.journal.stat().st_size, number + 1 + live
    return Recovered(_open(folder.journal, end, number), read.scan.dropped)


def snapshot(shelves: Mapping[str, Shelf], *, number: int) -> Iterator[bytes]:
    """Write all documents as lines: a header with this number, then one record for each document."""
    live = sum(map(len, shelves.values()))
    yield frame(number, Header(records=live).model_dump_json().encode())
    for name, shelf in shelves.items():
        for key in shelf:
            number += 1
            yield frame(number, pack([Written(name, key, shelf.json(key))]))


def _replay(path: Path, shelves: Shelves) -> _Read:
    documents = 0
    with path.open("rb", buffering=1 << 20) as file:
        _forget_pages(file.fileno())
        scan = Scan(file, path)
        if scan.header.version != SCHEMA:
            what = f"The store has schema {scan.header.version}; this version has {SCHEMA}"
            raise StoreForeign(what, mend="Run the version that wrote it, or migrate (kring migrate).")
        for record in scan:
            try:
                for name, key, json in unpack(record.payload):
                    documents += 1
                    _shelf(shelves, name).load(key, json)
            except (ValueError, TypeError, IndexError) as error:
                raise scan.damage("A record has no list of documents, against its checksum") from error
    return _Read(scan, documents)


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


def _shelf(shelves: Shelves, name: str) -> Shelf:
    if name not in shelves:
        shelves[name] = Shelf(name)
    return shelves[name]


def _open(path: Path, end: int, number: int) -> Journal:
    with ExitStack() as undo:
        fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        undo.callback(os.close, fd)
        os.ftruncate(fd, end)
        os.fsync(fd)
        undo.pop_all()
    return Journal(fd, path, end=end, number=number)
