"""The written form of the store: readable lines, each with its length, checksum and number.

A file is a header line and then records, each `LENGTH CRC32 NUMBER JSON` and a newline. LENGTH counts the bytes of the JSON,
CRC32 (eight hexadecimal digits, `zlib.crc32`) covers NUMBER and JSON, and NUMBER rises by one per line, the header's included.
JSON has no raw newline, so a newline is the end of a line and nothing else. The header is a line of the same form.

The JSON of a record is `[["people","@anna:example.nl",57,"places","3",4],{…},null]`: table, key and byte length of each document,
then the documents in that order, `null` for one that is deleted. With the lengths in front a reader finds every document
without parsing any.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple
from zlib import crc32

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from programme.model import Model
from storage.errors import Place, StoreDamaged, StoreForeign

SCHEMA = 1
"""The version of the models in the file. It rises with every change that old files need a migration for."""

GONE = b"null"
"""The document of a key that is deleted."""

_RESTORE = "Stop, keep a copy of the folder as it is, and restore the latest backup (kring restore FILE)."
# The list in front of the documents ends at the first bracket outside a string. Possessive: there is one way to match.
_HEAD = re.compile(rb'\[(\[(?:[^]"]++|"(?:[^"\\]++|\\.)*+")*+\]),')
_HEADER = re.compile(rb"\d+ [0-9a-f]{8} (\d{1,18}) (\{.*)\n")
# What a line looks like when it stops early: each part may be missing only when all that follows is missing.
_CUT = re.compile(rb"(\d+)(?: ([0-9a-f]{0,8})(?:(?<= [0-9a-f]{8}) (\d*)(?:(?<=\d) (.*))?)?)?", re.DOTALL)


class Written(NamedTuple):
    """One document in a record: its table, its key and its JSON (`GONE` when deleted)."""

    table: str
    key: str
    json: bytes


Kind = Literal["journal", "backup"]
"""What a file of this form is: the open end that a store writes on, or a copy that has to be restored first."""


class Header(Model):
    """The first line. `records` is how many records after it are a snapshot: those came into the file all at once."""

    kring: Kind = "journal"
    form: Literal[1] = 1
    version: int = SCHEMA
    records: int = 0


class Record(NamedTuple):
    """One line that was read and found right: where it begins, its number and its JSON."""

    offset: int
    number: int
    payload: bytes


def frame(number: int, payload: bytes) -> bytes:
    """Write a line: `payload` is JSON without newlines."""
    return b"%d %08x %d %b\n" % (len(payload), _checksum(number, payload), number, payload)


def pack(documents: Iterable[Written]) -> bytes:
    """Write the JSON of a record."""
    head: list[str | int] = []
    bodies: list[bytes] = []
    for table, key, json in documents:
        head += (table, key, len(json))
        bodies.append(json)
    return b"[%b,%b]" % (to_json(head), b",".join(bodies))


def unpack(payload: bytes) -> Iterator[Written]:
    """Read the JSON of a record. Raises `ValueError` when it is not what `pack` writes."""
    match = _HEAD.match(payload)
    if match is None:
        raise ValueError("a record without a list of its documents")
    head = from_json(match[1])
    start = match.end()
    for at in range(0, len(head), 3):
        end = start + head[at + 2]
        yield Written(head[at], head[at + 1], payload[start:end])
        start = end + 1
    if payload[start - 1 :] != b"]":
        raise ValueError("documents and their lengths differ")


def renumber(lines: bytes, number: int) -> bytes:
    """Write whole lines again, the first of which gets this number. Raises `ValueError` for a line that is not right."""
    framed: list[bytes] = []
    for line in lines.splitlines(keepends=True):
        payload = _payload(line)
        if line != frame(int(line.split(b" ", 3)[2]), payload):
            raise ValueError("a line does not agree with its checksum or its length")
        framed.append(frame(number + len(framed), payload))
    return b"".join(framed)


class Scan:
    """Reads a file from its start and stops at the first thing that is wrong.

    `end` is the byte after the last good line and `number` that line's number. A file that was cut while its last line
    was being written is right up to that line: `dropped` counts the bytes of the piece, which was never acknowledged, as that
    happens only after the newline is on disk. Only a piece that can be the beginning of the very next line, with nothing after
    it, passes for that; a bad line that ends in a newline was whole once, and raises `StoreDamaged` like everything else.
    A snapshot and a header come into the folder by a rename, whole; they are never taken for cut.

    Of a file that somebody is writing, a second iteration reads what has come since the first.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self.end = 0
        self.number = -1
        self.dropped = 0
        self.header = self._read_header()
        self._snapshot = self.number + self.header.records

    def __iter__(self) -> Iterator[Record]:
        self._file.seek(self.end)
        self.dropped = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                self._drop(line)
                break
            payload = _payload(line)
            if line != frame(self.number + 1, payload):
                raise self.damage("A line does not agree with its checksum, its length or its number")
            yield Record(self.end, self.number + 1, payload)
            self.number += 1
            self.end += len(line)
        if self.number < self._snapshot:
            raise self.damage("The snapshot is cut short")

    def damage(self, what: str) -> StoreDamaged:
        """Say that the line at hand is wrong."""
        return StoreDamaged(what, place=Place(self._path, self.end, self.number + 1), mend=_RESTORE)

    def _read_header(self) -> Header:
        line = self._file.readline()
        match = _HEADER.fullmatch(line)
        if match is None or line != frame(int(match[1]), match[2]):
            raise self.damage("The first line is not a header")
        self.number, self.end = int(match[1]), len(line)
        try:
            return Header.model_validate_json(match[2])
        except ValidationError as error:
            raise StoreForeign(
                "The file is not of a form that this version knows", mend=_RESTORE, facts={"path": self._path}
            ) from error

    def _drop(self, piece: bytes) -> None:
        if not _is_cut(piece, self.number + 1):
            raise self.damage("The file ends in something that is not the beginning of a record")
        self.dropped = len(piece)


def _payload(line: bytes) -> bytes:
    return line[line.find(b" ", line.find(b" ", line.find(b" ") + 1) + 1) + 1 : -1]


def _is_cut(piece: bytes, number: int) -> bool:
    """Whether a piece without a newline can be the beginning of the record with this number."""
    match = _CUT.fullmatch(piece)
    if match is None:
        return False
    length, checksum, digits, payload = match.groups()
    if payload is None:
        return (b"%d" % number).startswith(digits or b"")
    if digits != b"%d" % number or len(payload) > int(length):
        return False
    return len(payload) < int(length) or checksum == b"%08x" % _checksum(number, payload)


def _checksum(number: int, payload: bytes) -> int:
    return crc32(payload, crc32(b"%d " % number))
