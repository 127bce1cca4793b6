"""The way of a message inside the process: heard, answered, on disk, and written out for its reader.

Five hundred people take part. What they say is real, the store is on a real disk, and only the chat platform is left out. The
physical limit beside it is the append and the one wait for the disk that such a promise needs.
"""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.crowd import SIZE, gathered, member
from bench.row import Row, row
from bench.storage import Bare, each_ms
from bot.app import House
from bot.chat import Heard, Post
from bot.clock import SetClock
from bot.console import Console
from programme.rooms import direct

AT = datetime(2026, 8, 26, 10, tzinfo=UTC)
LIMIT = "append + fdatasync"


class Ear(Console):
    """A platform that notes when it is given a letter."""

    def __init__(self) -> None:
        super().__init__()
        self.told = asyncio.Event()

    async def post(self, post: Post, place: str) -> None:
        self.at = perf_counter()
        await super().post(post, place)
        self.told.set()


def saying(word: str) -> Iterator[tuple[str, str]]:
    """Who says what: everybody once, with a ranking of their own where one is asked."""
    for number in range(1, SIZE + 1):
        ranked = " ".join(str((number + step) % SIZE + 1) for step in (0, 7, 31, 101, 211))
        yield member(number), word.format(ranked=ranked)


async def said(house: House, ear: Ear, person: str, text: str) -> float:
    """Milliseconds from a message to its answer, given to the platform."""
    ear.told.clear()
    room = direct(person)
    heard = Heard(f"{person} {text}", person, room, room, text, house.clock.now())
    begin = perf_counter()
    house.hear(heard)
    async with asyncio.timeout(10):
        await ear.told.wait()
    await house.settle()
    return (ear.at - begin) * 1000


async def measured(folder: Path, words: dict[str, str]) -> list[Row]:
    """The rows of all words, each beside the disk's own limit, measured in turns with it."""
    house, ear, bare = gathered(folder / "state", SetClock(AT)), Ear(), Bare(folder / "bare")
    house.start([ear])
    rows: list[Row] = []
    for name, word in words.items():
        taken = []
        for person, text in saying(word):
            ours = await said(house, ear, person, text)
            taken.append((ours, each_ms(lambda number: bare.commit(number, ("letters", "seen")), 1)))
        rows += _rows(name, [ours for ours, _ in taken], [limit for _, limit in taken])
    await house.stop()
    return rows


def percentile(values: list[float], percent: int) -> float:
    """The value under which so many percent of the values lie."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _rows(name: str, ours: list[float], limit: list[float]) -> Iterator[Row]:
    for label, percent in (("p50", 50), ("p99", 99)):
        value, peer_value = percentile(ours, percent), percentile(limit, percent)
        yield row(f"way.{name}.{label}", len(ours), value, "ms", peer=LIMIT, peer_value=peer_value, limit=True)


WORDS = {"help": "!help", "prefer": "!voorkeur {ranked}", "places": "!plekken", "overview": "!overzicht"}


def rows() -> list[Row]:
    """All rows of this benchmark."""
    with TemporaryDirectory() as folder:
        return asyncio.run(measured(Path(folder), WORDS))


if __name__ == "__main__":
    for measured_row in rows():
        print(json.dumps(measured_row))
