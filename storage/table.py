"""Tables: what the bot knows now, in memory, by key.

A document that was read from the file stays the JSON that it was until somebody asks for it; from then on it is a model, and
the JSON is let go. So a start does not pay for what nobody reads, and nothing is kept twice.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError, from_json, to_json

from programme.model import Model
from storage.errors import StoreDamaged
from storage.records import GONE

M = TypeVar("M", bound=Model)
_MISFIT = "Run the version that wrote it, or restore a backup (kring restore FILE)."
Json = dict[str, Any]
"""A document as TinyDB knows it."""


class Change(NamedTuple):
    """One document that is about to change, checked and written out: nothing that follows can fail."""

    shelf: "Shelf"
    key: str
    cell: object
    """What memory keeps: a model, the JSON of a plain document, or None when deleted."""
    json: bytes


class Shelf:
    """Documents by key, of no declared model: a table that only TinyDB calls use, or one of an older version.

    `version` rises with every change, for whoever keeps an answer.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.version = 0
        self._cells: dict[str, Any] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def __contains__(self, key: object) -> bool:
        return key in self._cells

    def json(self, key: str) -> bytes:
        """The document as it is written. Raises `KeyError`."""
        cell = self._cells[key]
        return cell if isinstance(cell, bytes) else _json(cell)

    def document(self, key: str) -> Json:
        """The document as TinyDB knows it; a copy, the caller's own. Raises `KeyError`."""
        document: Json = from_json(self.json(key))
        return document

    def check(self) -> None:
        """Read every document. Raises `StoreDamaged` for the first that does not fit."""
        for key in self:
            self.document(key)

    def load(self, key: str, json: bytes) -> None:
        """Take over what the file says."""
        if json == GONE:
            self._cells.pop(key, None)
        else:
            self._cells[key] = json

    def prepare(self, key: str, value: Model | Json | None) -> Change:
        """Check a change and write it out, without making it. Raises `TypeError` or `ValueError` for what cannot be kept."""
        if isinstance(value, Model):
            raise TypeError(f"{self.name} is not a declared table of models")
        try:
            json = GONE if value is None else to_json(value)
        except PydanticSerializationError as error:
            raise TypeError(f"{key} in {self.name} cannot be written as JSON: {error}") from error
        return Change(self, key, None if value is None else json, json)

    def apply(self, change: Change) -> None:
        """Make a prepared change."""
        self.version += 1
        if change.cell is None:
            self._cells.pop(change.key, None)
        else:
            self._cells[change.key] = change.cell


class Index:
    """Which keys have a given value in one field."""

    def __init__(self, field: str) -> None:
        self.value: Callable[[Model], Hashable] = attrgetter(field)
        self._keys: dict[Hashable, set[str]] = {}

    def keys(self, value: Hashable) -> list[str]:
        """The keys with this value, sorted: the same after a restart."""
        return sorted(self._keys.get(value, ()))

    def add(self, key: str, model: Model) -> None:
        """Enter a model."""
        self._keys.setdefault(self.value(model), set()).add(key)

    def discard(self, key: str, model: Model) -> None:
        """Take a model out."""
        value = self.value(model)
        keys = self._keys[value]
        keys.remove(key)
        if not keys:
            del self._keys[value]


class Table(Shelf, Mapping[str, M], Generic[M]):
    """Frozen models by key, to read like a dictionary; `Store.commit` alone changes it. Order: of arrival.

    Reading a document for the first time after a start checks it: `StoreDamaged` when it does not fit the model any more.
    """

    def __init__(self, name: str, model: type[M], fields: Sequence[str] = ()) -> None:
        super().__init__(name)
        if not model.model_config.get("frozen"):
            raise TypeError(f"{model.__name__} is not frozen: it could change without being kept")
        if unknown := set(fields) - set(model.model_fields):
            raise TypeError(f"{model.__name__} has no field {', '.join(sorted(unknown))} to look up by")
        self.model = model
        self._indexes = {field: Index(field) for field in fields}
        self._found: dict[tuple[str, Hashable], list[M]] = {}

    def __getitem__(self, key: str) -> M:
        cell = self._cells[key]
        if type(cell) is bytes:
            cell = self._cells[key] = self._validate(key, cell)
        model: M = cell
        return model

    def __repr__(self) -> str:
        return f"<Table {self.name} of {len(self)} {self.model.__name__}>"

    def find(self, field: str, value: Hashable) -> list[M]:
        """All models with this value in an indexed field, sorted by key. Raises `KeyError` for a field without an index.

        What was found is remembered until the table changes: many events look at one cohort.
        """
        found = self._found.get((field, value)) or [self[key] for key in self._indexes[field].keys(value)]
        if found:
            self._found[field, value] = found
        return list(found)

    def check(self) -> None:
        """Read every document. Raises `StoreDamaged` for the first that does not fit."""
        for _ in self.values():
            pass

    def index(self) -> None:
        """Enter everything in the indexes, once, after the file has been read."""
        if self._indexes:
            for key, model in self.items():
                self._enter(key, model)

    def prepare(self, key: str, value: Model | Json | None) -> Change:
        """Check a change and write it out, without making it.

        What is written is read back: it has to be the same model again after a restart. A copy with new values
        (`model_copy`) was never checked before this. Raises `TypeError` for a model of another table or an indexed value
        that cannot be a key, `ValueError` for what does not fit its model or cannot be read back.
        """
        if value is None:
            return Change(self, key, None, GONE)
        model = self.model.model_validate_json(to_json(value)) if isinstance(value, dict) else value
        if type(model) is not self.model:
            raise TypeError(f"{type(model).__name__} does not belong in {self.name}, a table of {self.model.__name__}")
        for index in self._indexes.values():
            hash(index.value(model))
        json = _json(model)
        if self.model.model_validate_json(json) != model:
            raise ValueError(f"{key} in {self.name} would not be the same {self.model.__name__} when it is read back")
        return Change(self, key, model, json)

    def apply(self, change: Change) -> None:
        """Make a prepared change."""
        if self._indexes and change.key in self._cells:
            old = self[change.key]
            for index in self._indexes.values():
                index.discard(change.key, old)
        super().apply(change)
        self._found.clear()
        if isinstance(change.cell, Model):
            self._enter(change.key, change.cell)

    def _enter(self, key: str, model: Model) -> None:
        for index in self._indexes.values():
            index.add(key, model)

    def _validate(self, key: str, json: bytes) -> M:
        try:
            return self.model.model_validate_json(json)
        except ValidationError as error:
            what = f"{key} in {self.name} does not fit {self.model.__name__}: {error.errors()[0]['msg']}"
            facts = {"document": key, "table": self.name}
            raise StoreDamaged(what, mend=_MISFIT, facts=facts) from None


def _json(model: Model) -> bytes:
    # model_dump_json() would make a string of these bytes first. What it would warn of is refused when it is read back.
    return model.__pydantic_serializer__.to_json(model, warnings=False)
