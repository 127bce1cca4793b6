"""Who is measured, each with the same documents: our store, a bare append with fdatasync, SQLite, and TinyDB as it comes."""

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from tinydb import TinyDB

from programme.model import Model
from storage.store import Store
from storage.unit import Unit

COMMITS = 300
NAMES = ("people", "places", "letters")
LIMIT, SQLITE = "append + fdatasync", "sqlite3 WAL FULL"


class Kept(Model):
    """A document of the size that the bot keeps (about 200 bytes)."""

    name: str
    sector: str
    text: str
    wishes: tuple[int, ...]


TABLES: dict[str, type[Model]] = dict.fromkeys(NAMES, Kept)


def kept(number: int) -> Kept:
    return Kept(name=f"Person {number}", sector="rijk", text="a" * 100, wishes=(number, number + 1))


async def _fill(folder: Path, size: int) -> None:
    with Store.open(folder, TABLES) as store:
        for number in range(size):
            store.commit(Unit([("people", str(number), kept(number))]))


class Ours:
    """A store with `size` documents. `commit` keeps one document in each of `tables`."""

    def __init__(self, folder: Path, size: int) -> None:
        asyncio.run(_fill(folder, size))
        self.store = Store.open(folder, TABLES)
        self._size = size

    async def commit(self, number: int, tables: Sequence[str]) -> None:
        model = kept(number)
        await self.store.commit(Unit((table, str(number % self._size), model) for table in tables))


class Bare:
    """Append the same bytes to a file, and wait for the disk."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def commit(self, number: int, tables: Sequence[str]) -> None:
        line = kept(number).model_dump_json().encode()
        os.write(self._fd, b"\n".join([line] * len(tables)))
        os.fdatasync(self._fd)


class Sqlite:
    """Rows of JSON by key; one transaction per unit."""

    def __init__(self, path: Path, size: int) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
        for table in NAMES:
            self._connection.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, json TEXT)")
        documents = ((str(number), kept(number).model_dump_json()) for number in range(size))
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO people VALUES (?, ?)", documents)
        self._connection.execute("COMMIT")
        self._size = size

    def commit(self, number: int, tables: Sequence[str]) -> None:
        row = (str(number % self._size), kept(number).model_dump_json())
        self._connection.execute("BEGIN")
        for table in tables:
            self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", row)  # noqa: S608 - our own names
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()

    @staticmethod
    def read_all(path: Path) -> None:
        """Read every row anew."""
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("SELECT key, json FROM people").fetchall()


class Tiny:
    """TinyDB with the storage that it brings: the whole file is written anew for every change."""

    def __init__(self, path: Path, size: int) -> None:
        documents = {str(number): kept(number).model_dump(mode="json") for number in range(1, size + 1)}
        path.write_text(json.dumps({"people": documents}), encoding="utf-8")
        self._people = TinyDB(path).table("people")
        self._size = size

    def commit(self, number: int) -> None:
        self._people.update(kept(number).model_dump(mode="json"), doc_ids=[number % self._size + 1])


def each_ms(work: Callable[[int], object], times: int = COMMITS) -> float:
    """Milliseconds that one call takes, over many."""
    begin = time.perf_counter()
    for number in range(times):
        work(number)
    return (time.perf_counter() - begin) * 1000 / times
