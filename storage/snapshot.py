"""All documents at once: read from a file of the store, and written as one."""

from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path

from storage.records import SCHEMA, Header, Kind, Scan, Written, frame, pack, unpack
from storage.table import Shelf

Shelves = MutableMapping[str, Shelf]
"""The documents by the name of their table."""


def load(scan: Scan, shelves: Shelves) -> int:
    """Take the records of a file, from where the scan stands to the end, into the shelves.

    Gives how many documents were read, old versions and deletions included. Raises `StoreDamaged`.
    """
    documents = 0
    for record in scan:
        try:
            for name, key, json in unpack(record.payload):
                documents += 1
                _shelf(shelves, name).load(key, json)
        except (ValueError, TypeError, IndexError) as error:
            raise scan.damage("A record has no list of documents, against its checksum") from error
    return documents


def load_file(path: Path) -> tuple[Header, Shelves, int]:
    """Read a whole file: its header, what lives in it, and the number of its last record. Raises `StoreDamaged`, `OSError`."""
    shelves: Shelves = {}
    with path.open("rb", buffering=1 << 20) as file:
        scan = Scan(file, path)
        load(scan, shelves)
        return scan.header, shelves, scan.number


def count(shelves: Mapping[str, Shelf]) -> int:
    """Count the documents that there are."""
    return sum(map(len, shelves.values()))


def snapshot(
    shelves: Mapping[str, Shelf], *, number: int, kind: Kind = "journal", version: int = SCHEMA
) -> Iterator[bytes]:
    """Write all documents as lines: a header with this number, then one record for each document."""
    header = Header(kring=kind, version=version, records=count(shelves))
    yield frame(number, header.model_dump_json().encode())
    for name, shelf in shelves.items():
        for key in shelf:
            number += 1
            yield frame(number, pack([Written(name, key, shelf.json(key))]))


def _shelf(shelves: Shelves, name: str) -> Shelf:
    if name not in shelves:
        shelves[name] = Shelf(name)
    return shelves[name]
