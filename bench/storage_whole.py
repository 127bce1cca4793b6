"""The store as a whole: how soon it is open, how much memory it takes, and how long the loop stands still while it is compacted."""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.row import Row, row
from bench.storage_peers import SQLITE, TABLES, Ours, Sqlite, each_ms, kept
from storage.store import Store
from storage.unit import Unit

ROUNDS = 5
SIZES = (1_000, 10_000, 100_000)
LONGEST_STALL = {10_000: 20.0, 100_000: 50.0}
LONGEST_OPENING = {100_000: 1_000.0}
TICK = 0.001


def opening_rows(folder: Path, size: int) -> list[Row]:
    """Opening a store, beside reading all rows of the same documents in SQLite; with and without an index."""
    Ours(folder / "store", size).store.close()
    Sqlite(folder / "sqlite", size).close()
    ways = {
        "store.open": lambda _: Store.open(folder / "store", TABLES).close(),
        "store.open.indexed": lambda _: Store.open(folder / "store", TABLES, indexes={"people": ("sector",)}).close(),
        SQLITE: lambda _: Sqlite.read_all(folder / "sqlite"),
    }
    taken = {name: median(each_ms(way, 1) for _ in range(ROUNDS)) for name, way in ways.items()}
    peer = taken.pop(SQLITE)
    at_most = LONGEST_OPENING.get(size)
    return [
        row(name, size, ours, "ms", peer=f"{SQLITE}, read all rows", peer_value=peer, at_most=at_most, better="lower")
        for name, ours in taken.items()
    ]


MEMORY = """
import gc, resource, sys
from pathlib import Path
from bench.storage_peers import TABLES
from storage.store import Store
store = Store.open(Path(sys.argv[1]), TABLES) if len(sys.argv) > 1 else None
pages = int(Path("/proc/self/statm").read_text().split()[1])
print(pages * resource.getpagesize() / 2**20)
"""


def mebibytes(*arguments: str) -> float:
    """The memory of a process that has the store open, or of one without a store."""
    command = [sys.executable, "-c", MEMORY, *arguments]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)  # noqa: S603


def memory_row(folder: Path, size: int) -> Row:
    """What the documents take in memory."""
    journal = folder / "store" / "journal"
    took = mebibytes(str(folder / "store")) - mebibytes()
    on_disk = journal.stat().st_size / 2**20
    return row("store.memory", size, took, "MiB", peer="the file", peer_value=on_disk, better="lower")


async def longest_stall_ms(store: Store, *, compacting: bool) -> float:
    """How long the loop stood still at most, while units are committed; during a compaction, or for as long as one takes."""
    longest, going_on = 0.0, True

    async def tick() -> None:
        nonlocal longest
        while going_on:
            begin = time.perf_counter()
            await asyncio.sleep(TICK)
            longest = max(longest, (time.perf_counter() - begin - TICK) * 1000)

    async def commit() -> None:
        number = 0
        while going_on:
            number += 1
            await store.commit(Unit([("people", str(number % 500), kept(number))]))

    tasks = [asyncio.ensure_future(tick()), asyncio.ensure_future(commit())]
    await (store.compact() if compacting else asyncio.sleep(1))
    going_on = False
    await asyncio.gather(*tasks)
    return longest


async def stall_rows(folder: Path, size: int) -> list[Row]:
    """The longest stall of all rounds, beside that of the same work without a compaction."""
    store = Store.open(folder / "store", TABLES)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for compacting, longest in taken.items():
            longest.append(await longest_stall_ms(store, compacting=compacting))
    await store.aclose()
    return [
        row(
            "store.compaction.stall",
            size,
            max(taken[True]),
            "ms",
            peer="the same work without a compaction",
            peer_value=max(taken[False]),
            at_most=LONGEST_STALL.get(size),
            better="lower",
            median=round(median(taken[True]), 3),
        )
    ]


def rows() -> list[Row]:
    """All rows of this benchmark."""
    found: list[Row] = []
    for size in SIZES:
        with TemporaryDirectory() as place:
            folder = Path(place)
            found += [*opening_rows(folder, size), memory_row(folder, size), *asyncio.run(stall_rows(folder, size))]
    return found


if __name__ == "__main__":
    for measured in rows():
        print(json.dumps(measured))
