"""Erasure: a person who wants to be forgotten goes out of every document, every former file and every backup, to the last byte.

What is only theirs goes. What others need stays, with a pseudonym in the place of the id and the name. Everything is prepared
and read back before a byte is written (`storage/forgetting.py`). This works on the documents as they are written, so that it
reaches backups of an older schema too.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from storage.snapshot import Shelves
from storage.table import Shelf

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Own:
    """Whose the documents of a table are: the fields that say so.

    `leaves` is what such a document has afterwards in the place of what it said; None when it goes whole.
    """

    by: tuple[str, ...]
    leaves: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in the fields of documents, by the name of the field.

    `fixed` are the words of the house: nobody is in them. `content` is what people wrote: only `words` are looked for there.
    `open` are mappings of which the keys are no fields but placeholders. `pairs` are lists of two people each: one with the person
    in it goes whole. `lists` are, by table, the fields of the only lists
    that a person is taken out of, in documents that are otherwise left as they are.
    """

    fixed: frozenset[str] = frozenset()
    content: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Erasure:
    """The person with this id becomes a pseudonym. `own` says of each table which documents are a person's own.

    A name of `names` is replaced where it is all that is said in a place, never within what somebody wrote. `words` are
    replaced in what people wrote too, as whole words: whoever gives one has looked whether it is nobody else's.
    """

    person: str
    names: tuple[str, ...]
    pseudonym: str
    own: Mapping[str, Own]
    words: tuple[str, ...] = ()
    fields: Fields = Fields()

    def revise(self, shelves: Shelves) -> list[tuple[str, str]]:
        """Change the documents. Gives the table and the new key of each in which the person was; the key is empty when it went."""
        found = ((shelf.name, self._revise(shelf, key)) for shelf in shelves.values() for key in list(shelf))
        return [(table, key) for table, key in found if key is not None]

    def mentions(self, shelves: Shelves, words: Iterable[str]) -> int:
        """In how many documents one of these words stands as a whole word, editions left out."""
        pattern = _any_of(map(_whole, words))
        read = (shelf for shelf in shelves.values() if shelf.name not in self.fields.lists)
        return sum(pattern.search(shelf.json(key).decode()) is not None for shelf in read for key in shelf)

    def remains(self, paths: Iterable[Path]) -> list[Path]:
        """Which of these files have the person's full id in them, byte for byte. An id of one word may be any word: it is not looked for."""
        if not is_full(self.person):
            return []
        pattern = re.compile(_any_of(map(_whole, _written(self.person))).pattern.encode())
        return [path for path in paths if _has(path, pattern)]

    def _revise(self, shelf: Shelf, key: str) -> str | None:
        """Change one document; gives its key from now on, empty when it is gone, None when the person is not in it."""
        document = shelf.document(key)
        if shelf.name in self.fields.lists:
            return self._taken_out(shelf, key, document)
        own = self.own.get(shelf.name)
        leaves: dict[str, Any] = {}
        if own is not None and any(self._is_in(document.get(name), name) for name in own.by):
            if own.leaves is None:
                shelf.load(key, b"null")
                return ""
            leaves = dict(own.leaves)
        new_key, changed = self._id_out(key), self._renamed({**document, **leaves} if leaves else document, "")
        if new_key == key and changed == document:
            return None
        shelf.load(key, b"null")
        shelf.load(new_key, to_json(changed))
        return new_key

    def _taken_out(self, shelf: Shelf, key: str, document: dict[str, Any]) -> str | None:
        changed = self._without(document, self.fields.lists[shelf.name])
        if changed == document:
            return None
        shelf.load(key, to_json(changed))
        return key

    def _without(self, value: Any, lists: frozenset[str], name: str = "") -> Any:
        match value:
            case dict():
                return {key: self._without(part, lists, key) for key, part in value.items()}
            case list() if name in lists:
                return [part for part in value if part != self.person]
        return value

    def _is_in(self, value: Any, name: str) -> bool:
        return bool(value) and self._renamed(value, name, self._id_out) != value

    def _renamed(self, value: Any, name: str, rename: Callable[[str], str] | None = None) -> Any:
        """A value with a pseudonym where the person was; `name` is the field in which it stands."""
        match value:
            case str():
                return rename(value) if rename else self._said(value, name)
            case dict():
                return dict(self._entry(key, part, name, value, rename) for key, part in value.items())
            case list():
                kept = [part for part in value if not self._is_in(part, "")] if name in self.fields.pairs else value
                return [self._renamed(part, name, rename) for part in kept]
        return value

    def _entry(
        self, key: str, part: Any, name: str, whole: Mapping[str, Any], rename: Callable[[str], str] | None
    ) -> tuple[str, Any]:
        """One key with its value, of a mapping that stands in the field `name`."""
        if name in self.fields.open and not isinstance(
            whole.get("kind"), str
        ):  # a text has a kind; what fills it has none
            return key, self._renamed(part, name, rename)
        return key if name in self.fields.fixed else self._id_out(key), self._renamed(part, key, rename)

    def _said(self, text: str, name: str) -> str:
        """What stands in a field of this name, without the person."""
        if name in self.fields.fixed:
            return self._id_out(text) if is_full(self.person) else text
        if text in self.names and name not in self.fields.content:
            return self.pseudonym
        if text.startswith("{") and (bundle := _bundle(text)) is not None:
            renamed = self._renamed(bundle, "")
            return text if renamed == bundle else json.dumps(renamed, ensure_ascii=False, separators=(",", ":"))
        replaced = self._id_out(text) if is_full(self.person) or name not in self.fields.content else text
        is_written = name in self.fields.content | self.fields.open
        return self._words.sub(self.pseudonym, replaced) if is_written else replaced

    def _id_out(self, text: str) -> str:
        return self._id.sub(self.pseudonym, text)

    @cached_property
    def _id(self) -> re.Pattern[str]:
        """The id: a full one wherever it stands, and one of a single word only as a whole part of a key."""
        if is_full(self.person):
            return _any_of(map(_whole, _written(self.person)))
        return re.compile(rf"(?:^|(?<=[/:])){re.escape(self.person)}(?=[/:]|$)")

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return _any_of(map(_whole, self.words))


def is_full(person: str) -> bool:
    """Whether this is the full id of a platform, with where it is from; a played chat has ids of one word."""
    return ":" in person


def pseudonym(files: Iterable[Shelves]) -> str:
    """Find a pseudonym that is nowhere in these documents."""
    written = (key.encode() + shelf.json(key) for shelves in files for shelf in shelves.values() for key in shelf)
    taken = {int(number) for document in written for number in re.findall(rb"gewist-(\d+)", document)}
    return f"gewist-{max(taken, default=0) + 1}"


def _bundle(text: str) -> dict[str, Any] | None:
    """What a text says when it is itself JSON, as a matching is kept for whoever checks it."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern for several; without any it is found nowhere."""
    return re.compile("|".join(dict.fromkeys(patterns)) or r"(?!)")


def _written(word: str) -> Iterator[str]:
    """A word as it may stand in a string: as it is, and as it is within JSON that is itself a string."""
    yield from (word, json.dumps(word, ensure_ascii=False)[1:-1], json.dumps(word)[1:-1])


def _whole(word: str) -> str:
    """A pattern for a word that is not part of a longer one: `@anna:example.nl` is not in `@anna:example.nl.org`."""
    before = r"(?<![\w-])" if word[:1].isalnum() else ""
    return rf"{before}{re.escape(word)}(?![\w-]|\.[a-z0-9]|:\d)"


def _has(path: Path, pattern: re.Pattern[bytes]) -> bool:
    """Whether a file has it: read in pieces that overlap, so that nothing falls between two."""
    kept = b""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            if pattern.search(kept + piece):
                return True
            kept = piece[-1024:]
    return False
