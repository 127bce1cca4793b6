"""Backups to keep elsewhere, the way back from them, and a look at whether a file is sound.

A backup is one file of the store's own form: a snapshot of what lives, with the files that go with it (the seeds of
cross-signing) as documents of a table of their own. It is read without the lock, while the bot writes: what it has is everything up to
some record. The Matrix device is never in it: one that is put back has used its ratchets before, and nobody could read the bot
any more.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic_core import from_json, to_json

from programme.model import Model
from storage.folder import Folder, backups_of, write_new
from storage.migrations import upgrade
from storage.records import SCHEMA, Kind, Scan
from storage.snapshot import Shelves, count, load, load_file, snapshot
from storage.table import Shelf, Table

FILES = "files"
"""The table of a backup with the files that go with the store, by their path in the data folder."""


LATEST = "latest"
"""The file, beside the former journals, that is as old as the backup that was made last."""


class Sound(Model):
    """A file that was read to its end and is right. `dropped` counts the bytes of a record that was never finished."""

    kind: Kind
    schema_version: int
    documents: int
    records: int
    dropped: int


def inspect(path: Path, tables: Mapping[str, type[Model]]) -> Sound:
    """Read a journal or backup, every document against its model when the file has this version's schema.

    Raises `StoreDamaged` with the place, `StoreForeign`, `OSError`.
    """
    shelves: Shelves = {name: Table(name, model) for name, model in tables.items()}
    with path.open("rb", buffering=1 << 20) as file:
        scan = Scan(file, path)
        first = scan.number
        load(scan, shelves)
    if scan.header.version == SCHEMA:
        for shelf in shelves.values():
            shelf.check()
    return Sound(
        kind=scan.header.kring,
        schema_version=scan.header.version,
        documents=count(shelves),
        records=scan.number - first,
        dropped=scan.dropped,
    )


def back_up(journal: Path, target: Path, files: Mapping[str, str]) -> int:
    """Write a backup of a journal, which a bot may be writing on, and of these files. Gives how many documents it has.

    `target` is there whole or not at all. Raises `StoreDamaged`, `StoreForeign`, `OSError` (`FileExistsError` among them).
    """
    header, shelves, number = load_file(journal)
    shelves[FILES] = Shelf(FILES)
    for name, text in files.items():
        shelves[FILES].load(name, to_json(text))
    lines = snapshot(shelves, number=number, kind="backup", version=header.version)
    write_new(target, lines)
    return count(shelves)


def restore(backup: Path, folder: Path, revise: Callable[[Shelves], None]) -> dict[str, str]:
    """Put a backup, or a former journal, in the place of the store in a folder. What was there becomes a backup, damaged or not.

    `revise` changes the documents on their way. Gives the files that were in the backup, by their path in the data
    folder; they are the caller's to write. Raises `StoreDamaged`, `StoreForeign` and `OSError` about the backup, `StoreLocked` and
    `StoreExposed` about the folder; then all is as it was.
    """
    header, kept, number = load_file(backup)
    files = kept.pop(FILES, Shelf(FILES))
    shelves = upgrade(kept, header.version)
    revise(shelves)
    place = Folder(folder)
    try:
        place.write_fresh(snapshot(shelves, number=number + 1))
        place.put_in_place()
        place.sign()
    finally:
        place.close()
    return {name: from_json(files.json(name)) for name in files}


def note_backup(state: Path) -> None:
    """Keep that a backup of the store in this folder was made now; where that cannot be written, nobody is told of it."""
    folder = backups_of(state)
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / LATEST).touch(mode=0o600)


def backed_up_at(state: Path) -> datetime | None:
    """When a backup of the store in this folder was made last (aware, UTC); None when that is not known."""
    try:
        return datetime.fromtimestamp((backups_of(state) / LATEST).stat().st_mtime, UTC)
    except OSError:
        return None
