"""A pytest plugin for TinyDB's own tests: wherever they ask for TinyDB's storages, they get ours.

A path becomes the folder of a store, memory becomes a folder that goes away with the run. Storages and middlewares that the tests
bring themselves stay theirs, with TinyDB's own table.
"""

import tempfile
from pathlib import Path
from typing import Any

import pytest
import tinydb
import tinydb.storages
from tinydb import TinyDB
from tinydb.table import Table

from storage.documents import DocumentTable, StoreStorage
from storage.store import Store

_memories = tempfile.TemporaryDirectory(prefix="kring-tinydb-", ignore_cleanup_errors=True)


class StoreAtPath(StoreStorage):
    """Stands where `JSONStorage` does."""

    def __init__(self, path: str | Path, **_options: object) -> None:
        super().__init__(Store.open(Path(path), {}))


class StoreInMemory(StoreStorage):
    """Stands where `MemoryStorage` does."""

    def __init__(self) -> None:
        super().__init__(Store.open(Path(tempfile.mkdtemp(dir=_memories.name)), {}))


def _table(storage: Any, name: str, **options: Any) -> Table:
    kind = DocumentTable if isinstance(storage, StoreStorage) else Table
    return kind(storage, name, **options)


def pytest_configure(config: pytest.Config) -> None:
    """Put ours in their place, before a test module asks for theirs."""
    config.addinivalue_line("filterwarnings", "ignore::ResourceWarning")  # their tests leave storages open
    for module in (tinydb, tinydb.storages):
        for name, kind in (("JSONStorage", StoreAtPath), ("MemoryStorage", StoreInMemory)):
            if hasattr(module, name):
                setattr(module, name, kind)
    TinyDB.default_storage_class = StoreAtPath  # type: ignore[assignment]  # declared as JSONStorage's own type
    TinyDB.table_class = staticmethod(_table)  # type: ignore[assignment]  # declared as a class; it is only called
