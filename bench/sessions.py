"""Two hundred live sessions at once: what the bot itself spends on a message, what a session weighs, and how often its status text changes.

Twelve hundred people in groups of six each say something every ten seconds, by a clock that is set. Who has the turn is ready
at every second message, and the facilitator goes on when everybody has had theirs; the others talk out of turn. The house, its
store and the commands are real, and only the chat platform is left out. One message at a time is heard, kept and answered, so no
change of a status text is spared because a later one waits already: there are never more of them than these.
"""

import asyncio
import gc
import json
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import commands
from bench.crowd import EDITION, member, people
from bench.row import Row, row
from bench.way import percentile
from bot.app import House, Setup
from bot.chat import Heard, Post, RoomFacts
from bot.clock import SetClock
from bot.command import find
from bot.console import Console
from bot.context import State
from bot.intervision.sessions import session_in
from bot.transcript import enrolled, grouped
from programme import rooms
from programme.edition import parse
from programme.intervision.session import Session

AT = datetime(2026, 10, 13, 11, 30, tzinfo=UTC)
"""A moment in the visiting period, when groups may meet."""
SESSIONS = 200
GROUP = 6
EVERY = 10
"""Seconds between two messages of one person."""
MINUTES = 2
WEIGHED = 1
"""Minutes in which memory is followed: that alone makes everything several times slower."""
START = "!start intervisie incident 90"
TALK = "Ik herken dat wel: bij ons ging het vorig jaar ook zo, en niemand wist ervan."


class Wall(Console):
    """A platform that counts the status texts of each room and keeps nothing, so that what is weighed is the bot's."""

    def __init__(self) -> None:
        super().__init__()
        self.status: Counter[str] = Counter()

    async def post(self, post: Post, place: str) -> None:
        if post.status:
            self.status[place] += 1


@dataclass
class Spent:
    """Milliseconds of each message: of the processor, and from being heard until all that followed is kept and given away."""

    own: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


class Hall:
    """Groups of six in a house, each in a room of its own."""

    def __init__(self, folder: Path) -> None:
        edition, everybody = parse(EDITION.read_text(encoding="utf-8")), people(SESSIONS * GROUP)
        self.groups = [tuple(member(first + n) for n in range(GROUP)) for first in range(1, SESSIONS * GROUP, GROUP)]
        self.room = {
            person: rooms.group(edition.id, number) for number, group in enumerate(self.groups, 1) for person in group
        }
        self.facts = {person: RoomFacts(members=frozenset(group)) for group in self.groups for person in group}
        self.clock, self.wall, self.spent = SetClock(AT), Wall(), Spent()
        self.house = House(Setup(folder, find(commands), [edition], everybody, clock=self.clock))
        self.house.keep([*enrolled(everybody, edition, AT), *grouped(self.groups, edition)])
        self._said = 0

    async def begin(self) -> None:
        """Let the first of each group start a session."""
        for first, *_others in self.groups:
            await self.say(first, START)
        assert len(self.house.store[Session]) == SESSIONS
        self.wall.status.clear()
        self.spent = Spent()

    async def talk(self, minutes: int) -> None:
        """Let everybody talk for so many minutes of the clock."""
        for second in range(minutes * 60):
            self.clock.set(self.clock.now() + timedelta(seconds=1))
            self.house.ring()
            await self.house.settle()
            for person in self._speaking(second):
                await self.say(person, self._words(person, second // EVERY))

    def _speaking(self, second: int) -> Iterator[str]:
        """Whose second of the ten it is: of each group other people than of the group beside it."""
        for number, person in enumerate(self.room):
            if number * 7 % EVERY == second % EVERY:
                yield person

    def _words(self, person: str, turn: int) -> str:
        session = session_in(State(self.house.store), self.room[person])
        assert session is not None
        if session.turn.holder == person and turn % 2:
            return "klaar"
        if session.turn.holder is None and session.facilitator == person:
            return "volgende"
        return TALK

    async def say(self, person: str, text: str) -> None:
        """Say something in the room of the group, and wait until all that follows is kept and given to the platform."""
        self._said += 1
        room, now = self.room[person], self.clock.now()
        heard = Heard(f"$said{self._said}", person, room, room, text, now, facts=self.facts[person])
        began, worked = perf_counter(), process_time()
        await self.house.hear(heard)
        await self.house.settle()
        self.spent.own.append((process_time() - worked) * 1000)
        self.spent.whole.append((perf_counter() - began) * 1000)


async def spoken(folder: Path) -> list[Row]:
    """The rows of time and of status texts."""
    hall = Hall(folder)
    hall.house.start([hall.wall])
    await hall.begin()
    await hall.talk(MINUTES)
    await hall.house.stop()
    edits = sorted(hall.wall.status[room] / MINUTES for room in set(hall.room.values()))
    return [
        *_times("own", hall.spent.own),
        *_times("kept", hall.spent.whole),
        row("sessions.edits.p50", SESSIONS, median(edits), "a minute in a room"),
        row("sessions.edits.most", SESSIONS, edits[-1], "a minute in a room"),
    ]


def _times(name: str, taken: list[float]) -> Iterator[Row]:
    for percent in (50, 99):
        yield row(f"sessions.{name}.p{percent}", len(taken), percentile(taken, percent), "ms")


async def weighed(folder: Path) -> list[Row]:
    """The rows of memory: what a session takes when it has begun, and what a minute of talk leaves behind."""
    hall = Hall(folder)
    hall.house.start([hall.wall])
    tracemalloc.start()
    empty = _weight()
    await hall.begin()
    begun = _weight()
    await hall.talk(WEIGHED)
    hall.spent = Spent()
    talked = _weight()
    tracemalloc.stop()
    await hall.house.stop()
    return [
        row("sessions.memory.begun", SESSIONS, (begun - empty) / SESSIONS, "KiB a session"),
        row("sessions.memory.minute", SESSIONS, (talked - begun) / SESSIONS / WEIGHED, "KiB a session"),
    ]


def _weight() -> float:
    """KiB of what is in use now, of what came since it is followed."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / 1024


def rows() -> list[Row]:
    """All rows of this benchmark."""
    with TemporaryDirectory() as folder:
        timed = asyncio.run(spoken(Path(folder) / "timed"))
        return [*timed, *asyncio.run(weighed(Path(folder) / "weighed"))]


if __name__ == "__main__":
    for one in rows():
        print(json.dumps(one))
