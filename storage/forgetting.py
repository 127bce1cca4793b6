"""The files of a store that are to forget a person: all prepared and read back in memory, and only then written.

Whatever does not fit stops it before the first byte: then every file is as it was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from programme.model import Model
from storage.erasure import Erasure
from storage.errors import StoreDamaged, StoreForeign
from storage.folder import replace_whole, sync_folder
from storage.records import SCHEMA, Header
from storage.snapshot import Shelves, load_file, snapshot
from storage.table import Table


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was read: its header, its documents, and the number of its last record."""

    path: Path
    header: Header
    shelves: Shelves
    number: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All files that are to forget somebody; `unread` are backups of which nobody can tell what is in them."""

    files: tuple[Kept, ...]
    unread: tuple[Path, ...]

    @property
    def shelves(self) -> list[Shelves]:
        """The documents of each file, that of the store first."""
        return [file.shelves for file in self.files]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Files without the person, in memory; `documents` is in how many of each the person was."""

    reading: Reading
    documents: tuple[int, ...]

    def write(self) -> None:
        """Write each file whole, and take away those that cannot be read. Raises `OSError`; what was written by then stays so.

        The store comes last: as long as it has the person, the same can be asked again.
        """
        for path in self.reading.unread:
            path.unlink()
            sync_folder(path.parent)
        for file in reversed(self.reading.files):
            lines = snapshot(file.shelves, number=file.number + 1, kind=file.header.kring, version=file.header.version)
            replace_whole(file.path, lines)


def read(journal: Path, backups: Iterable[Path]) -> Reading:
    """Read the journal, which must be sound, and backups. Raises `StoreDamaged`, `StoreForeign`, `OSError` about the journal."""
    files, unread = [Kept(journal, *load_file(journal))], []
    for path in backups:
        try:
            files.append(Kept(path, *load_file(path)))
        except (StoreDamaged, StoreForeign):
            unread.append(path)
    return Reading(tuple(files), tuple(unread))


def prepare(erasing: Erasure, reading: Reading, tables: Mapping[str, type[Model]]) -> Prepared:
    """Take the person out of the documents, in memory, and read back what changed.

    Raises `StoreDamaged` for the first document that would not fit its model; then nothing may be written.
    """
    return Prepared(reading, tuple(_prepared(erasing, file, tables) for file in reading.files))


def _prepared(erasing: Erasure, file: Kept, tables: Mapping[str, type[Model]]) -> int:
    changed = erasing.revise(file.shelves)
    if file.header.version == SCHEMA:
        for name, keys in _by_table(changed):
            if name in tables:
                _read_back(Table(name, tables[name]), keys, file.shelves)
    return len(changed)


def _by_table(changed: Sequence[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    for name in dict.fromkeys(table for table, _key in changed):
        yield name, [key for table, key in changed if table == name and key]


def _read_back(table: Table[Model], keys: Iterable[str], shelves: Shelves) -> None:
    for key in keys:
        table.load(key, shelves[table.name].json(key))
    table.check()
