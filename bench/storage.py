"""The store beside its peers: a bare append with fdatasync (the disk's own limit), SQLite in WAL mode with full sync, plain TinyDB.

`python -m bench.storage` prints the rows; `rows()` gives them as `bench/results.json` wants them. All who are compared keep the same
documents on the same disk, in turns, and a value is the median of the rounds.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import storage_whole
from bench.row import Row, row
from bench.storage_peers import COMMITS, LIMIT, NAMES, SQLITE, Bare, Ours, Sqlite, Tiny, each_ms

__all__ = ["Bare", "each_ms", "rows"]

ROUNDS = 7
TOGETHER = 16
SIZES = (1_000, 10_000, 100_000)
GOALS = {
    "store.commit.one": (0.80, 0.85),
    "store.commit.three_tables": (0.70, 0.85),
    "store.commit.together": (3.0, 0.0),
}
"""Which share of the speed of the bare append, and of SQLite's, is asked for; 0 where nothing is."""
TINY, TINY_ROUNDS = 30_000, 5
"""How many changes TinyDB makes in a round, by the number of its documents; and in how many rounds."""


async def ours_ms(ours: Ours, tables: Sequence[str], together: int = 1) -> float:
    """Milliseconds per unit, when so many wait at the same time."""

    async def keep(first: int) -> None:
        for number in range(first, COMMITS, together):
            await ours.commit(number, tables)

    begin = time.perf_counter()
    await asyncio.gather(*map(keep, range(together)))
    return (time.perf_counter() - begin) * 1000 / COMMITS


class Rounds:
    """The three of them over one number of documents, measured in turns."""

    def __init__(self, folder: Path, size: int) -> None:
        self._size = size
        self._ours = Ours(folder / "store", size)
        self._bare = Bare(folder / "bare")
        self._sqlite = Sqlite(folder / "sqlite", size)

    async def rows(self) -> list[Row]:
        """The rows of this size."""
        one = await self._compare("store.commit.one", NAMES[:1])
        three = await self._compare("store.commit.three_tables", NAMES)
        together = await self._compare("store.commit.together", NAMES[:1], together=TOGETHER)
        return one + three + together

    async def _compare(self, name: str, tables: Sequence[str], together: int = 1) -> list[Row]:
        taken: list[tuple[float, float, float]] = []
        for _ in range(ROUNDS):
            ours = await ours_ms(self._ours, tables, together)
            bare = each_ms(lambda number: self._bare.commit(number, tables))
            taken.append((ours, bare, each_ms(lambda number: self._sqlite.commit(number, tables))))
        ours, bare, sqlite = (median(values) for values in zip(*taken, strict=True))
        bare_goal, sqlite_goal = GOALS[name]
        return [
            _slower(name, self._size, ours, LIMIT, bare, bare_goal, limit=True),
            *([_slower(name, self._size, ours, SQLITE, sqlite, sqlite_goal)] if sqlite_goal else []),
        ]

    def beside_tinydb(self, path: Path) -> Row:
        """One document in our store, and in TinyDB's own."""
        tiny, times = Tiny(path, self._size), max(2, TINY // self._size)
        tens = [each_ms(tiny.commit, times) for _ in range(TINY_ROUNDS)]
        ours = [asyncio.run(self._one()) for _ in range(TINY_ROUNDS)]
        return row(
            "store.commit.one",
            self._size,
            median(ours),
            "ms",
            peer="TinyDB JSONStorage",
            peer_value=median(tens),
            better="lower",
        )

    async def _one(self) -> float:
        return await ours_ms(self._ours, NAMES[:1])

    def close(self) -> None:
        self._ours.store.close()


def _slower(name: str, n: int, ours: float, peer: str, peer_value: float, share: float, *, limit: bool = False) -> Row:
    """A row of milliseconds, with the goal to reach this share of the peer's speed."""
    goal = peer_value / share
    measured = row(name, n, ours, "ms", peer=peer, peer_value=peer_value, at_most=goal, better="lower")
    return {**measured, "limit": True} if limit else measured


def growth_row(rows: Sequence[Row]) -> Row:
    """What a change costs in the largest store, beside the smallest."""
    cost = {row["n"]: row["ours"] for row in rows if row["name"] == "store.commit.one" and row["peer"] == LIMIT}
    small, large = cost[SIZES[0]], cost[SIZES[-1]]
    name = f"the same at {SIZES[0]} documents"
    return _slower("store.commit.growth", SIZES[-1], large, name, small, 1 / 1.2)


def rows() -> list[Row]:
    """All rows of this benchmark."""
    found: list[Row] = []
    for size in SIZES:
        with TemporaryDirectory() as folder:
            rounds = Rounds(Path(folder), size)
            found += [*asyncio.run(rounds.rows()), rounds.beside_tinydb(Path(folder) / "tiny.json")]
            rounds.close()
    return [*found, growth_row(found), *storage_whole.rows()]


if __name__ == "__main__":
    for measured in rows():
        print(json.dumps(measured))
