"""The store as TinyDB shows it: the same documents, read and written by TinyDB's own calls.

TinyDB (4.9) hands the whole database to its storage with every write. Here its two private hooks, `_read_table` and
`_update_table`, work on single documents instead: a read makes a document when it is asked for, a write becomes one unit with
what has changed. A document of a declared table is checked against its model; its id is a string, the key.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from itertools import chain
from typing import Any, Protocol

from tinydb import Storage, TinyDB
from tinydb.queries import QueryLike
from tinydb.table import Document
from tinydb.table import Table as TinyTable

from storage.table import Json, Shelf, Table
from storage.unit import Unit


class Keeper(Protocol):
    """What the documents are kept in: `Store`."""

    def shelf(self, name: str) -> Shelf:
        """The documents with this name."""

    def shelves(self) -> list[Shelf]:
        """All that hold documents."""

    def commit_now(self, unit: Unit) -> None:
        """Keep a unit; it is on disk when the call returns."""

    def close(self) -> None:
        """Keep all, and unlock."""


class Documents(Mapping[str, Json]):
    """A table as TinyDB reads it: documents by id, each made when asked for. It shows what is there now."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __getitem__(self, key: str) -> Json:
        return self._shelf.document(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._shelf)

    def __len__(self) -> int:
        return len(self._shelf)


class Draft(MutableMapping[Any, Json]):
    """A table as TinyDB's writing calls change it: a layer of copies over what is there. `identify` makes an id of a key."""

    def __init__(self, shelf: Shelf, identify: Callable[[str], Any]) -> None:
        self._shelf = shelf
        self._identify = identify
        self._copies: dict[str, Json | None] = {}

    def __getitem__(self, doc_id: Any) -> Json:
        key = str(doc_id)
        if key not in self._copies:
            self._copies[key] = self._shelf.document(key)
        document = self._copies[key]
        if document is None:
            raise KeyError(doc_id)
        return document

    def __setitem__(self, doc_id: Any, document: Json) -> None:
        self._copies[str(doc_id)] = document

    def __delitem__(self, doc_id: Any) -> None:
        if doc_id not in self:
            raise KeyError(doc_id)
        self._copies[str(doc_id)] = None

    def __contains__(self, doc_id: object) -> bool:
        key = str(doc_id)
        return self._copies[key] is not None if key in self._copies else key in self._shelf

    def __iter__(self) -> Iterator[Any]:
        keys = (*self._shelf, *(key for key in self._copies if key not in self._shelf))
        return (self._identify(key) for key in keys if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Delete everything, at once: one by one would begin at the front each time."""
        self._copies = dict.fromkeys(self._shelf)

    def changes(self) -> Iterator[tuple[str, str, Json | None]]:
        """What has become different, as a unit takes it."""
        return ((self._shelf.name, key, document) for key, document in self._copies.items() if self._differs(key))

    def _differs(self, key: str) -> bool:
        return self._copies[key] != (self._shelf.document(key) if key in self._shelf else None)


class StoreStorage(Storage):
    """TinyDB's storage over a store."""

    def __init__(self, store: Keeper) -> None:
        self.store = store

    def read(self) -> dict[str, Any] | None:
        """All tables that hold documents, by name; None when there are none. The documents are made when asked for."""
        return {shelf.name: Documents(shelf) for shelf in self.store.shelves()} or None

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Make the store agree with `data`, in one unit. A table that is not in it loses its documents."""
        names = dict.fromkeys((*(shelf.name for shelf in self.store.shelves()), *data))
        self.store.commit_now(Unit(chain.from_iterable(self._changes(name, data.get(name, {})) for name in names)))

    def _changes(self, name: str, documents: Mapping[Any, Any]) -> Iterator[tuple[str, str, Json | None]]:
        if isinstance(documents, Documents):  # handed back as `read` gave it
            return iter(())
        draft = Draft(self.store.shelf(name), str)
        draft.clear()
        draft.update(documents)
        return draft.changes()

    def close(self) -> None:
        """Close the store."""
        self.store.close()


class DocumentTable(TinyTable):
    """TinyDB's table over a store. Answers to queries are kept as TinyDB does, until the table changes."""

    def __init__(self, storage: StoreStorage, name: str, cache_size: int = 10, persist_empty: bool = False) -> None:
        self._store = storage.store
        self._answers_of: int | None = None
        if isinstance(self._store.shelf(name), Table):
            # The key of a model is a name of its own, not a number that TinyDB gives.
            self.document_id_class = str  # type: ignore[assignment]  # TinyDB's way to choose the class, declared as type[int]
        super().__init__(storage, name, cache_size, persist_empty)

    def search(self, cond: QueryLike) -> list[Document]:
        """Find all documents that match."""
        version = self._store.shelf(self._name).version
        if version != self._answers_of:
            self.clear_cache()
            self._answers_of = version
        return super().search(cond)

    def _get_next_id(self) -> Any:
        if self.document_id_class is int:
            return super()._get_next_id()  # type: ignore[no-untyped-call]  # TinyDB has no type for it
        numbers = (int(key) for key in self._read_table() if key.isdecimal())
        return str(max(numbers, default=0) + 1)

    def _read_table(self) -> Any:
        return Documents(self._store.shelf(self._name))

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        draft = Draft(self._store.shelf(self._name), self.document_id_class)
        updater(draft)
        self._store.commit_now(Unit(draft.changes()))
        self.clear_cache()


class Database(TinyDB):
    """TinyDB over a store."""

    table_class = DocumentTable  # type: ignore[assignment]  # made by StoreStorage alone, and so with a StoreStorage

    def __init__(self, store: Keeper) -> None:
        super().__init__(store, storage=StoreStorage)
