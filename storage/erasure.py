"""Erasure: a person who wants to be forgotten goes out of every document, every former file and every backup, to the last byte.

What is only theirs goes. What others need stays, with a pseudonym in the place of the id and the name. This works on the
documents as they are written, so that it reaches backups of an older schema too.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from storage.errors import StoreDamaged, StoreForeign
from storage.folder import replace_whole, sync_folder
from storage.snapshot import Shelves, load_file, snapshot
from storage.table import Shelf

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Own:
    """Whose the documents of a table are: the fields that say so.

    `leaves` is what such a document has afterwards in the place of what it said; None when it goes whole.
    """

    by: tuple[str, ...]
    leaves: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Erasure:
    """The person with this id and these names becomes a pseudonym. `own` says of each table which documents are a person's own.

    A name that is also an ordinary word would change what others wrote: give only names that are nobody else's and nothing else.
    """

    person: str
    names: tuple[str, ...]
    pseudonym: str
    own: Mapping[str, Own]

    def revise(self, shelves: Shelves) -> int:
        """Change the documents. Gives in how many the person was."""
        return sum(self._revise(shelf, key) for shelf in shelves.values() for key in list(shelf))

    def rewrite(self, path: Path) -> int:
        """Change a file of the store that nobody has open. Gives in how many documents the person was.

        Raises `StoreDamaged`, `StoreForeign`, `OSError`; then the file is as it was.
        """
        header, shelves, number = load_file(path)
        changed = self.revise(shelves)
        replace_whole(path, snapshot(shelves, number=number + 1, kind=header.kring, version=header.version))
        return changed

    def rewrite_or_drop(self, path: Path) -> bool:
        """Change a backup, or take it away when it cannot be read: nobody can tell what is in it. True when it is still there."""
        try:
            self.rewrite(path)
        except (StoreDamaged, StoreForeign):
            path.unlink()
            sync_folder(path.parent)
            return False
        return True

    def remains(self, paths: Iterable[Path]) -> list[Path]:
        """Which of these files have the person in them, byte for byte."""
        pattern = re.compile(self._pattern.pattern.encode())
        return [path for path in paths if _has(path, pattern)]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(_whole, dict.fromkeys(_written(self.person, *self.names)))))

    def _revise(self, shelf: Shelf, key: str) -> bool:
        pattern = self._pattern
        document = shelf.document(key)
        if not pattern.search(key) and not _mentions(document, pattern):
            return False
        shelf.load(key, b"null")
        own = self.own.get(shelf.name)
        if own is not None and any(_mentions(document.get(field), pattern) for field in own.by):
            if own.leaves is None:
                return True
            document |= own.leaves
        shelf.load(pattern.sub(self.pseudonym, key), to_json(_renamed(document, pattern, self.pseudonym)))
        return True


def pseudonym(files: Iterable[Shelves]) -> str:
    """Find a pseudonym that is nowhere in these documents."""
    written = (key.encode() + shelf.json(key) for shelves in files for shelf in shelves.values() for key in shelf)
    taken = {int(number) for document in written for number in re.findall(rb"gewist-(\d+)", document)}
    return f"gewist-{max(taken, default=0) + 1}"


def _written(*words: str) -> Iterator[str]:
    """Each word as it may stand in a string: as it is, and as it is within JSON that is itself a string."""
    for word in words:
        yield from (word, json.dumps(word, ensure_ascii=False)[1:-1], json.dumps(word)[1:-1])


def _whole(word: str) -> str:
    """A pattern for a word that is not part of a longer one: `@anna:example.nl` is not in `@anna:example.nl.org`."""
    before = r"(?<!\w)" if word[:1].isalnum() else ""
    return rf"{before}{re.escape(word)}(?![\w-]|\.[a-z0-9]|:\d)"


def _mentions(value: Any, pattern: re.Pattern[str]) -> bool:
    match value:
        case str():
            return pattern.search(value) is not None
        case dict():
            return any(_mentions(part, pattern) for part in (*value, *value.values()))
        case list():
            return any(_mentions(part, pattern) for part in value)
    return False


def _renamed(value: Any, pattern: re.Pattern[str], name: str) -> Any:
    match value:
        case str():
            return pattern.sub(name, value)
        case dict():
            return {pattern.sub(name, key): _renamed(part, pattern, name) for key, part in value.items()}
        case list():
            return [_renamed(part, pattern, name) for part in value]
    return value


def _has(path: Path, pattern: re.Pattern[bytes]) -> bool:
    """Whether a file has it: read in pieces that overlap, so that nothing falls between two."""
    kept = b""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            if pattern.search(kept + piece):
                return True
            kept = piece[-1024:]
    return False
