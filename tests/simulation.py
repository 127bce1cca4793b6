"""A whole house on a homeserver that does what homeservers do on a bad day, played from a seed: kills, lost answers, set clocks.

The store, the router, the bell, the postman and the Matrix adapter are real; so is the disk. A kill takes from the bot all at once
what a dead process loses: its connections, and of its journal a part of what the disk was not yet known to have. The next life begins on
what is left. In the end everybody is counted: who asked, who was answered, how often, in which order.

    python -m tests.simulation SEED

plays one seed and prints what happened in it.
"""

import asyncio
import hmac
import shutil
import sys
import tempfile
import time as machine_time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random  # noqa: TID251 - the seed decides what goes wrong, and each run can be played again
from typing import Any

import pytest

import bot.postman
from bot.app import House, Setup
from bot.clock import WallClock
from bot.command import Commands
from bot.context import Context
from bot.kit import ANYWHERE, Role, Say, command
from bot.matrix import MatrixChat
from bot.matrix.envelope import MARK
from bot.matrix.events import LETTER
from bot.matrix.sending import transaction
from bot.matrix.wire import Pace
from bot.transcript import enrolled
from programme import rooms
from programme.edition import Edition, Meeting, parse
from programme.people import Person
from programme.reminder import Reminder
from programme.text import Both, _
from storage.folder import JOURNAL
from storage.letters import Audit, Letter, Rung, Undelivered
from storage.unit import Unit
from tests.bot_process import open_edition
from tests.fake_homeserver import FakeHomeserver, Fault, Raw
from tests.matrix_house import settings_on
from tests.stage import all_commands

BOT, COR = "@kring:fake.test", "@cor:fake.test"
PEOPLE = ("anna", "bram", "cas")
HASTE = Pace(
    first_retry=0.01,
    longest_retry=0.05,
    request=0.4,
    keys_from_afar=0.1,
    room_seen=2.0,
    key_underway=0.3,
    settle=0.005,
    look_again=0.1,
)
STAGES = ("before commit", "written", "on disk", "asked", "said")
FAULTS = ("429", "502", "reset", "lose", "lose", "garbage", "hang")
PATHS = ("/send/", "/send/", "/sync", "/members", "/state/", "/messages", "/createRoom", "/keys/")
JUMPS = tuple(timedelta(minutes=m) for m in (-300, -60, -2, 2, 8, 13, 180, 14 * 60, -14 * 60, 30 * 60))
PATIENCE = 30.0
FLIGHT = 0.3
"""Seconds that a letter may be under way after the last look at the clock."""


@command(nl="tel", en="count", who=Role.ANYBODY, where=ANYWHERE, help=_("Counts."))
def count(ctx: Context, word: str) -> list[Say]:
    """Count how often a word was counted; some words are told at the desk too."""
    before = ctx.state.get(Audit, word)
    about = (*(before.about if before else ()), word)
    edition = ctx.editions()[0]
    ctx.save(Audit(id=word, at=ctx.now, edition=edition.id, person=ctx.me.id, action="count", about=about))
    text = Both(nl="Geteld: {word}.", en="Counted: {word}.", values={"word": word})
    return [Say(text), *([Say(text, rooms.desk(edition.id))] if word.endswith("b") else [])]


@dataclass(frozen=True)
class Counts:
    """What became of a run, or of all of them."""

    commands: int = 0
    applied: int = 0
    letters: int = 0
    reminders: int = 0
    kills: int = 0
    faults: int = 0
    jumps: int = 0
    lost: int = 0
    """Commands that were not applied, and letters that were not said."""
    applied_twice: int = 0
    doubled: int = 0
    disordered: int = 0
    """Letters in a room that came after one to a later command."""
    too_late: int = 0
    """Reminders that were said after their meeting had begun."""
    silent: int = 0
    """Reminders of which neither their person nor the desk heard."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: value + asdict(other)[name] for name, value in asdict(self).items()})

    @property
    def wrong(self) -> dict[str, int]:
        """What must be nothing, and is not."""
        named = ("lost", "applied_twice", "doubled", "disordered", "too_late", "silent")
        return {name: value for name in named if (value := asdict(self)[name])}


class Wall:
    """A clock that goes as time does, and can be set. It remembers when it was."""

    def __init__(self, base: datetime) -> None:
        self._base = base - timedelta(seconds=machine_time.monotonic())
        self._set: list[tuple[float, timedelta]] = [(0.0, timedelta(0))]

    def now(self) -> datetime:
        return self.showed(machine_time.monotonic())

    def showed(self, ticks: float) -> datetime:
        """What it showed at a moment of the clock that nobody can set."""
        by = next(by for at, by in reversed(self._set) if at <= ticks)
        return self._base + timedelta(seconds=ticks) + by

    def jump(self, by: timedelta) -> None:
        self._set.append((machine_time.monotonic(), self._set[-1][1] + by))


class Line:
    """The way of one life of the bot to the homeserver. When it is cut, nothing goes either way any more."""

    def __init__(self, url: str) -> None:
        self._port = int(url.rpartition(":")[2])
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_cut = False
        self.url = ""

    async def lay(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        self.is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    async def gone(self) -> None:
        """Let go of the line, when nobody calls any more."""
        self.cut()
        self._server.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        if self.is_cut:
            writer.transport.abort()
            return
        if (joining := asyncio.current_task()) is not None:
            self._tasks.add(joining)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(back)
        await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while (piece := await source.read(65_536)) and not self.is_cut:
                target.write(piece)
        if self.is_cut:
            target.transport.abort()
        target.close()


class Homeserver(FakeHomeserver):
    """Tells when something of the bot arrives, and when it does."""

    def __init__(self) -> None:
        super().__init__()
        self.happens: Callable[[str], None] = lambda _stage: None
        self.arrived: dict[str, float] = {}
        """When each event of the bot came, by its id."""

    def let_go(self) -> None:
        """Answer what hangs, though too late."""
        self._release.set()

    def _fault(self, method: str, path: str) -> Fault | None:
        self.happens("asked")
        return super()._fault(method, path)

    def add(self, room: str, event: Raw) -> str:
        id_ = super().add(room, event)
        if event["sender"] == BOT:
            self.arrived[id_] = machine_time.monotonic()
            self.happens("said")
        return id_


@cache
def words() -> Commands:
    return Commands((*all_commands().all, count), all_commands().acts, all_commands().listeners)


def watch_commits(house: House, happens: Callable[[str, House], None]) -> None:
    """See each commit go by, to kill the bot around it."""
    commit = house.ledger.commit

    def watched(unit: Unit) -> "asyncio.Future[None]":
        if len(unit):
            happens("before commit", house)
        done = commit(unit)
        if len(unit):
            happens("written", house)
            done.add_done_callback(lambda _: happens("on disk", house))
        return done

    vars(house.ledger)["commit"] = watched


def keep_what_is_on_disk(house: House, here: Path, next_: Path, random: Random) -> None:
    """Copy what a dead process leaves. Of what the disk was not known to have, a part is there: any number of bytes of it."""
    journal: Any = vars(house.store)["_journal"]
    unknown = journal._appended - journal._on_disk
    shutil.copytree(here, next_)
    file = next_ / "state" / JOURNAL
    content = file.read_bytes()
    known = sum(map(len, content.splitlines(keepends=True)[: -unknown or None]))
    file.write_bytes(content[: random.randint(known, len(content))])


@dataclass
class Simulation:
    """One run. `diary` says what happened, for whoever plays a seed again."""

    seed: int
    folder: Path
    server: Homeserver
    diary: list[str] = field(default_factory=list)
    commands: list[tuple[str, str, str]] = field(default_factory=list)
    """Room, event and word of each."""
    kills: int = 0
    jumps: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.edition = self._edition()
        self.wall = Wall(self._begins - timedelta(minutes=12))
        self.server.happens = self._happens
        self._armed: tuple[str, int] | None = None
        self._life = 0
        self._rooms: dict[str, str] = {}
        self.killed = asyncio.Event()

    def _edition(self) -> Edition:
        """A meeting at noon with a reminder ten minutes before it, for everybody."""
        plain = parse(open_edition())
        day = WallClock().now().astimezone(plain.zone).date()
        name = Both(nl="Start", en="Start")
        meeting = Meeting(key="sim", name=name, day=day, start=time(12), end=time(13))
        text = Both(nl="Zo begint het.", en="It begins soon.")
        soon = Reminder(key="soon", anchor="meeting.sim", minutes=10, to="everyone", text=text)
        self._begins = datetime.combine(day, meeting.start, plain.zone)
        changed = {"meetings": (meeting,), "network": (), "reminders": (soon,), "coordinators": (COR,)}
        return plain.model_copy(update=changed)

    # ── lives ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def note(self, what: str) -> None:
        self.diary.append(f"{self.wall.now():%H:%M:%S.%f} {what}")

    async def begin(self) -> None:
        """The first life, until it has found the direct chats of everybody."""
        for name in (*PEOPLE, "cor"):
            self.server.account(name)
        await self._live()
        people = [Person(id=f"@{name}:fake.test", name=name.capitalize()) for name in PEOPLE]
        already = enrolled(people, self.edition, self.wall.now())
        self.house.keep([*people, *already])
        self.house.bell.start()
        for name in PEOPLE:
            person = f"@{name}:fake.test"
            self._rooms[person] = self.server.makes_room(person, invite=(BOT,), is_direct=True)
        await self.server.until(
            lambda: all(self.house.place_of(rooms.direct(person)) == room for person, room in self._rooms.items())
        )
        await self.house.settle()

    async def _live(self) -> None:
        self._life += 1
        self._line = Line(self.server.url)
        await self._line.lay()
        here = self._here
        self.house = House(Setup(here / "state", words(), [self.edition], clock=self.wall))
        watch_commits(self.house, self._happens)
        settings = settings_on(self.server, sync_timeout_ms=300).model_copy(update={"homeserver": self._line.url})
        chat = MatrixChat(settings, here / "matrix", self.house.spell, pace=HASTE)
        self._serving = asyncio.get_running_loop().create_task(self.house.serve([chat]))
        self._serving.add_done_callback(lambda _: self.server.pulse.beat())

    @property
    def _here(self) -> Path:
        return self.folder / f"life{self._life}"

    def _happens(self, stage: str, house: object = None) -> None:
        if self._armed is None or self._armed[0] != stage or (house is not None and house is not self.house):
            return
        self._armed = (stage, self._armed[1] - 1)
        if self._armed[1] <= 0:
            self.kill(stage)

    def kill(self, when: str) -> None:
        """The process is gone at this very moment; its code may run on for a while, and nobody hears it."""
        if self.killed.is_set() or self._line.is_cut:
            return
        self.note(f"killed, {when}")
        self.kills += 1
        self._armed = None
        self._line.cut()
        keep_what_is_on_disk(self.house, self._here, self.folder / f"life{self._life + 1}", self.random)
        self.killed.set()
        self.server.pulse.beat()

    async def rise(self, outage: timedelta = timedelta(0)) -> None:
        """The next life, after a while by the clock on the wall."""
        await self._bury()
        if outage:
            self.wall.jump(outage)
            self.note(f"down for {outage}")
        await self._live()
        self.killed.clear()

    async def _bury(self) -> None:
        self._serving.cancel()
        with suppress(asyncio.CancelledError):
            await self._serving
        await self._line.gone()

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def play(self, steps: int) -> None:
        """So many things happen, some of them at once."""
        doing = [self._say, self._say, self._say, self._go_wrong, self._jump, self._repeat, self._die, self._die]
        for _step in range(steps):
            self.random.choice(doing)()
            if self.killed.is_set():
                long = self.random.random() < 0.2
                await self.rise(timedelta(minutes=self.random.choice((5, 15, 600))) if long else timedelta(0))
            await asyncio.sleep(self.random.choice((0.0, 0.001, 0.01, 0.05)))

    def _say(self) -> None:
        person = f"@{self.random.choice(PEOPLE)}:fake.test"
        word = f"w{len(self.commands):03}{self.random.choice('ab')}"
        at = int(self.wall.now().timestamp() * 1000)
        event = {"type": "m.room.message", "sender": person, "origin_server_ts": at}
        content = {"msgtype": "m.text", "body": f"!tel {word}"}
        said = self.server.add(self._rooms[person], {**event, "content": content})
        self.commands.append((self._rooms[person], said, word))
        self.note(f"{person} says {word}")

    def _go_wrong(self) -> None:
        fault = Fault(self.random.choice(FAULTS), self.random.choice(PATHS), times=self.random.choice((1, 1, 2)))
        self.server.faults.append(fault)
        self.note(f"{fault.kind} on {fault.path}, {fault.times} times")

    def _jump(self) -> None:
        by = self.random.choice(JUMPS)
        self.wall.jump(by)
        self.jumps += 1
        self.note(f"the clock is set by {by}")
        self.house.ring()

    def _repeat(self) -> None:
        """What was said comes again, or more than one answer can hold comes at once."""
        if self.random.random() < 0.5:
            self.server.timeline_limit = self.random.choice((1, 2, 50))
            self.note(f"the server shows {self.server.timeline_limit} at once")
        else:
            self.server.sync_patches.append(self._again)
            self.note("the server repeats itself")

    def _again(self, answer: Raw) -> Raw:
        for room, part in answer["rooms"].get("join", {}).items():
            old = [
                event for event in self.server.rooms[room].events if event["sender"] != BOT and "state_key" not in event
            ]
            part["timeline"]["events"] += [{k: v for k, v in event.items() if k != "pos"} for event in old[-5:]]
        return answer

    def _die(self) -> None:
        if self.random.random() < 0.2:
            self.kill("at any moment")
        else:
            self._armed = (self.random.choice(STAGES), self.random.randint(1, 6))

    # ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def calm(self) -> None:
        """Nothing goes wrong any more; wait until all is done that will be, and end."""
        self._armed = None
        self.server.faults.clear()
        self.server.let_go()
        self.server.sync_patches.clear()
        self.server.timeline_limit = 50
        if self.killed.is_set():
            await self.rise()
        self.house.ring()
        with suppress(AssertionError):  # then something is missing, and is counted
            await self.server.until(self._is_done, PATIENCE)
        await self.house.settle()

    def _is_done(self) -> bool:
        store = self.house.store
        if self._serving.done():
            self._serving.result()
        return all(word in store[Audit] for *_, word in self.commands) and not store[Letter] and not self._owes()

    def _owes(self) -> set[str]:
        return self._expected() - set(self._said())

    def _expected(self) -> set[str]:
        """Ids of the letters that there must be: one to each person, and some for the desk."""
        return {f"{event}#{n}" for _room, event, word in self.commands for n in range(2 if word.endswith("b") else 1)}

    def _said(self) -> Counter[str]:
        """How often each letter stands in the timelines."""
        return Counter(letter for room in self.server.rooms for letter, _event in self._letters(room))

    def _letters(self, room: str) -> Iterator[tuple[str, Raw]]:
        key = (self.house.mark(MARK) or "").encode()
        outside = {
            hmac.new(key, transaction(letter).encode(), "sha256").hexdigest()[:32]: letter
            for letter in self._expected()
        }
        for event in self.server.said_by(BOT, room):
            marked = event["content"].get(LETTER)
            if marked is not None:
                yield outside.get(marked, marked), event

    def counts(self) -> Counts:
        store, said = self.house.store, self._said()
        times = {word: len(store[Audit][word].about) if word in store[Audit] else 0 for *_, word in self.commands}
        heard, late = self._reminded()
        return Counts(
            commands=len(self.commands),
            applied=sum(times.values()),
            letters=sum(said.values()),
            reminders=heard.total(),
            kills=self.kills,
            faults=len(self.server.faulted),
            jumps=self.jumps,
            lost=sum(not n for n in times.values()) + len(self._owes()),
            applied_twice=sum(n - 1 for n in times.values() if n > 1),
            doubled=sum(n - 1 for n in said.values()) + sum(n - 1 for n in heard.values()),
            disordered=self._disordered(),
            too_late=late,
            silent=self._silent(heard),
        )

    def _disordered(self) -> int:
        """In a room, answers to one person come in the order in which that person asked."""
        number = {event: place for place, (_room, event, _word) in enumerate(self.commands)}
        asked_in = {event: room for room, event, _word in self.commands}
        wrong = 0
        for room in self.server.rooms:
            orders: defaultdict[str, list[int]] = defaultdict(list)
            for letter, _event in self._letters(room):
                if (event := letter.rpartition("#")[0]) in number:
                    orders[asked_in[event]].append(number[event])
            wrong += sum(b < a for order in orders.values() for a, b in pairwise(order))
        return wrong

    def _reminded(self) -> tuple[Counter[str], int]:
        """How often each person was reminded, and how many reminders came when the meeting had begun."""
        heard: Counter[str] = Counter()
        late = 0
        for person, room in self._rooms.items():
            for letter, event in self._letters(room):
                if "/soon/" in letter:
                    heard[person] += 1
                    late += self.wall.showed(self.server.arrived[event["event_id"]] - FLIGHT) >= self._begins
        return heard, late

    def _silent(self, heard: Counter[str]) -> int:
        """Once it has rung, each was reminded, or the desk knows."""
        rung = [it for it in self.house.store[Rung].values() if "/soon/" in it.id]
        if not rung or not rung[0].said:
            return 0
        told = {it.room for it in self.house.store[Undelivered].values()}
        return sum(not heard[person] and rooms.direct(person) not in told for person in self._rooms)

    async def end(self) -> None:
        await self._bury()


@contextmanager
def hurried() -> Iterator[None]:
    """A postman who does not wait long before he tries again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bot.postman, "FIRST_WAIT", 0.01)
        patch.setattr(bot.postman, "LONGEST_WAIT", 0.1)
        yield


@asynccontextmanager
async def simulating(seed: int, folder: Path) -> AsyncIterator[Simulation]:
    server = Homeserver()
    async with server.listening():
        simulation = Simulation(seed, folder, server)
        try:
            with hurried():
                yield simulation
        finally:
            await simulation.end()


async def played(seed: int, *, steps: int = 40) -> tuple[Counts, list[str]]:
    """What became of a run, and its diary."""
    with tempfile.TemporaryDirectory(prefix="kring-") as folder:
        async with simulating(seed, Path(folder)) as simulation:
            await simulation.begin()
            await simulation.play(steps)
            await simulation.calm()
            return simulation.counts(), simulation.diary


def main() -> None:
    """Play the seed that is named, and print its diary and counts."""
    counts, diary = asyncio.run(played(int(sys.argv[1])))
    print(*diary, asdict(counts), counts.wrong or "nothing is wrong", sep="\n")  # noqa: T201 - this is what it is played for


if __name__ == "__main__":
    main()
