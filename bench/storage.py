"""The store beside its peers: a bare append with fdatasync (the disk's own limit), and SQLite in WAL mode with full sync.

`python -m bench.storage` prints the rows; `rows()` gives them as `bench/results.json` wants them. All who are compared keep the same
documents on the same disk, in turns, and a value is the median of the rounds.
"""

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from programme.model import Model
from storage.store import Store
from storage.unit import Unit

ROUNDS = 7
COMMITS = 300
TOGETHER = 16
SIZES = (1_000, 10_000, 100_000)
NAMES = ("people", "places", "letters")


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


def each_ms(work: Callable[[int], object], times: int = COMMITS) -> float:
    """Milliseconds that one call takes, over many."""
    begin = time.perf_counter()
    for number in range(times):
        work(number)
    return (time.perf_counter() - begin) * 1000 / times


async def ours_ms(ours: Ours, tables: Sequence[str], together: int = 1) -> float:
    """Milliseconds per unit, when so many wait at the same time."""

    async def keep(first: int) -> None:
        for number in range(first, COMMITS, together):
            await ours.commit(number, tables)

    begin = time.perf_counter()
    await asyncio.gather(*map(keep, range(together)))
    return (time.perf_counter() - begin) * 1000 / COMMITS


def row(name: str, n: int, ours: float, peer: str, peer_value: float, *, limit: bool = False) -> dict[str, Any]:
    """One row; a `ratio` of 1 is as fast as the peer, of 2 twice as fast."""
    values: dict[str, Any] = {
        "name": name,
        "n": n,
        "ours": round(ours, 4),
        "peer": peer,
        "peer_value": round(peer_value, 4),
    }
    return {**values, "unit": "ms", "ratio": round(peer_value / ours, 2), **({"limit": True} if limit else {})}


class Rounds:
    """The three of them over one number of documents, measured in turns."""

    def __init__(self, folder: Path, size: int) -> None:
        self._size = size
        self._ours = Ours(folder / "store", size)
        self._bare = Bare(folder / "bare")
        self._sqlite = Sqlite(folder / "sqlite", size)

    async def rows(self) -> list[dict[str, Any]]:
        """The rows of this size."""
        one = await self._compare("store.commit.one", NAMES[:1])
        three = await self._compare("store.commit.three_tables", NAMES)
        together = await self._compare("store.commit.together", NAMES[:1], together=TOGETHER)
        await self._ours.store.aclose()
        return one + three + together

    async def _compare(self, name: str, tables: Sequence[str], together: int = 1) -> list[dict[str, Any]]:
        taken: list[tuple[float, float, float]] = []
        for _ in range(ROUNDS):
            ours = await ours_ms(self._ours, tables, together)
            bare = each_ms(lambda number: self._bare.commit(number, tables))
            taken.append((ours, bare, each_ms(lambda number: self._sqlite.commit(number, tables))))
        ours, bare, sqlite = (median(values) for values in zip(*taken, strict=True))
        return [
            row(name, self._size, ours, "append + fdatasync", bare, limit=True),
            row(name, self._size, ours, "sqlite3 WAL FULL", sqlite),
        ]


def open_rows(folder: Path, size: int) -> list[dict[str, Any]]:
    """Opening a store with so many documents, against reading all rows of the same in SQLite."""
    Ours(folder / "store", size).store.close()
    Sqlite(folder / "sqlite", size)

    def read_all() -> None:
        sqlite3.connect(folder / "sqlite").execute("SELECT key, json FROM people").fetchall()

    taken = [
        (
            each_ms(lambda _: Store.open(folder / "store", TABLES).close(), 1),
            each_ms(lambda _: Store.open(folder / "store", TABLES, indexes={"people": ("sector",)}).close(), 1),
            each_ms(lambda _: read_all(), 1),
        )
        for _ in range(ROUNDS)
    ]
    ours, indexed, sqlite = (median(values) for values in zip(*taken, strict=True))
    return [
        row("store.open", size, ours, "sqlite3 read all rows", sqlite),
        row("store.open.indexed", size, indexed, "sqlite3 read all rows", sqlite),
    ]


def growth_row(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What a change costs in the largest store, against the smallest."""
    cost = {row["n"]: row["ours"] for row in rows if row["name"] == "store.commit.one"}
    return row("store.commit.growth", SIZES[-1], cost[SIZES[-1]], f"the same at {SIZES[0]} documents", cost[SIZES[0]])


def rows() -> list[dict[str, Any]]:
    """All rows of this benchmark."""
    found: list[dict[str, Any]] = []
    for size in SIZES:
        with TemporaryDirectory() as folder:
            found += asyncio.run(Rounds(Path(folder), size).rows())
    with TemporaryDirectory() as folder:
        found += open_rows(Path(folder), SIZES[-1])
    return [*found, growth_row(found)]


if __name__ == "__main__":
    for measured in rows():
        print(json.dumps(measured))
