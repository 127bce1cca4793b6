"""Twenty thousand reminders due at one moment: how long the loop is held while they go out, and how long it takes in all.

A thousand cohorts of twenty people, each with a visit on the same day. A watcher asks the loop to wake it every millisecond; when it is
late by so much, somebody held the loop. The house, its store and the postman are real, and only the chat platform is left out.
"""

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time

import commands
from bench.crowd import EDITION, member
from bench.row import Row, row
from bot.app import House, Setup
from bot.chat import Post
from bot.clock import SetClock
from bot.command import find
from bot.console import Console
from bot.garbage import settle_down
from programme.edition import Edition, parse
from programme.model import Model
from programme.records import Half, Participant, Visit
from storage.letters import Rung

COHORTS, SIZE = 1_000, 20
NUDGES = COHORTS * SIZE
VISIT = date(2026, 10, 14)
BEFORE = datetime(2026, 10, 13, 6, 59, tzinfo=UTC)
DUE = datetime(2026, 10, 13, 7, 0, tzinfo=UTC)
LONGEST_HOLD = 50.0
"""Milliseconds."""
TICK = 0.001


class Wall(Console):
    """A platform that counts, and keeps nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.posts = 0

    async def post(self, post: Post, place: str) -> None:  # noqa: ARG002 - the port's own
        self.posts += 1


@dataclass(frozen=True, slots=True)
class Hold:
    """Milliseconds by which a waking came too late, and those in which this thread itself was at work meanwhile."""

    wall: float
    own: float


async def holds(found: list[Hold]) -> None:
    """Note how late each waking comes. What others on the machine take of it is in the first figure and not in the second."""
    while True:
        began, worked = perf_counter(), thread_time()
        await asyncio.sleep(TICK)
        found.append(Hold((perf_counter() - began - TICK) * 1000, (thread_time() - worked) * 1000))


def cohorts() -> list[Edition]:
    """Editions with the one reminder of the evening before a visit."""
    plain = parse(EDITION.read_text(encoding="utf-8"))
    (day_before,) = (it for it in plain.reminders if it.key == "day-before")
    changed = {"reminders": (day_before,), "meetings": (), "network": (), "coordinators": ()}
    return [plain.model_copy(update={"id": f"cohort-{n}", **changed}) for n in range(COHORTS)]


def members(edition: Edition, first: int) -> Iterator[Model]:
    """The people of an edition, each visiting the next one."""
    people = [member(first + n) for n in range(SIZE)]
    half = Half(day=VISIT, start=time(9), end=time(17))
    for number, person in enumerate(people):
        yield Participant(
            id=f"{edition.id}/{person}", edition=edition.id, person=person, state="in", since=BEFORE, answers={}
        )
        yield Visit(
            id=f"{edition.id}/{person}",
            edition=edition.id,
            guest=person,
            host=people[(number + 1) % SIZE],
            number=number + 1,
            level=0,
            agreed=(half,),
            version=1,
        )


async def measured(folder: Path) -> tuple[list[Hold], float, int]:
    """How long the loop was held at each look (ms), seconds until all was said, and how many posts there were."""
    editions, clock, wall = cohorts(), SetClock(BEFORE), Wall()
    house = House(Setup(folder / "state", find(commands), editions, clock=clock))
    house.keep(it for n, edition in enumerate(editions) for it in members(edition, 1 + n * SIZE))
    house.start([wall])
    house.ring()
    await house.settle()
    await asyncio.sleep(0.1)
    thresholds = gc.get_threshold()
    settle_down()
    held: list[Hold] = []
    before, watcher = wall.posts, asyncio.create_task(holds(held))
    clock.set(DUE)
    began = perf_counter()
    house.ring()
    await house.settle()
    seconds = perf_counter() - began
    watcher.cancel()
    rung = sum(it.said and "/day-before/" in it.id for it in house.store[Rung].values())
    assert rung == NUDGES, rung
    await house.stop()
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    return held, seconds, wall.posts - before


def rows() -> list[Row]:
    """The longest hold, and the whole."""
    with TemporaryDirectory(prefix="kring-bench-") as folder:
        held, seconds, posts = asyncio.run(measured(Path(folder)))
    return [
        row(
            f"bell.{NUDGES}.longest_hold",
            NUDGES,
            max(hold.own for hold in held),
            "ms",
            at_most=LONGEST_HOLD,
            on_the_wall=round(max(hold.wall for hold in held), 1),
            looks=len(held),
        ),
        row(f"bell.{NUDGES}.all_said", NUDGES, seconds, "s", posts=posts),
    ]
