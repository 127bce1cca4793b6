"""The homeserver's side of the measurements, a process of its own: it says commands, and looks what comes back, when, and in what order.

`python -m bench.load` reads one JSON object per line, the name and the arguments of a task, and writes its outcome as one line. It is
the homeserver of the tests with three differences: an answer may take as long as it is told to, a sync costs what is new and
not what there is, and nothing is kept of the requests.
"""

import asyncio
import json
import os
import signal
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from aiohttp import web

from bench.crowd import member
from bot.clock import WallClock
from tests.fake_homeserver import Device, FakeHomeserver, Raw

BOT = "kring"
LETTER = "nl.kring.letter"
BETWEEN = 0.02
"""Seconds between an answer and the next command, so that what a bot does afterwards is done."""
LONGEST = 60.0
AFTER = 0.3
"""Seconds in which an answer that comes twice would come."""
SPEAK_EVERY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the commands of one task."""

    commands: int
    seconds: float
    answered: int
    lost: int
    doubled: int
    disordered: int
    """Rooms in which an answer came before one to an earlier command."""


@dataclass
class Tally:
    """Which commands were given, and which answers came. A command is known by its event and by its number."""

    bot: str
    asked: dict[str, int] = field(default_factory=dict)
    """The number of each command, by the id of its event."""
    answers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The numbers of the commands that were answered, by room, in the order of the answers."""
    times: Counter[int] = field(default_factory=Counter)
    """How often each was answered."""
    began: float = 0.0
    latest: float = 0.0

    def begin(self) -> None:
        """Forget what was before."""
        self.asked.clear()
        self.answers.clear()
        self.times.clear()
        self.began = self.latest = perf_counter()

    def note(self, room: str, event: Raw) -> bool:
        """Take in an event; whether it is an answer: of Kring with the id of its letter, of an echo with the number."""
        if event.get("sender") != self.bot or event.get("type") != "m.room.message":
            return False
        letter = event["content"].get(LETTER)
        number = int(event["content"]["body"]) if letter is None else self.asked.get(letter.rpartition("#")[0])
        if number is None:
            return False
        self.answers[room].append(number)
        self.times[number] += 1
        self.latest = perf_counter()
        return True

    @property
    def complete(self) -> bool:
        """Whether every command has an answer."""
        return len(self.times) >= len(self.asked)

    def outcome(self) -> Outcome:
        """What has become of it by now."""
        disordered = sum(numbers != sorted(numbers) for numbers in self.answers.values())
        doubled = self.times.total() - len(self.times)
        lost = len(self.asked) - len(self.times)
        return Outcome(len(self.asked), self.latest - self.began, len(self.times), lost, doubled, disordered)


class Load(FakeHomeserver):
    """A homeserver with people who say what the task asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.bot = self.account(BOT)
        self.tally = Tally(self.bot)
        self.delay = 0.0
        self.chats: list[tuple[str, str]] = []
        """Each a direct chat: its room, and the person in it."""
        self._stream: list[tuple[int, str, Raw]] = []
        self._synced = False
        self._stirred = asyncio.Event()
        self._victim: tuple[int, int] | None = None
        self._answered = asyncio.Event()
        self._spoken = 0

    # ── tasks ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def open(self, chats: int) -> str:
        """Begin so many direct chats with the bot; the address of the homeserver."""
        for number in range(1, chats + 1):
            room = self.makes_room(member(number))
            self.joins(room, self.bot)
            self.chats.append((room, member(number)))
        return self.url

    async def token(self) -> str:
        """An access token for a bot that does not log in itself."""
        self.devices["bench"] = Device(self.bot, "BENCH", "bench")
        return "bench"

    async def calm(self, seconds: float) -> None:
        """Wait until a bot that has just begun is in a sync, and has been for so long, with nothing else."""
        self._synced = False
        async with asyncio.timeout(LONGEST):
            while not (await self._still(seconds) and self._synced):
                pass

    async def _still(self, seconds: float) -> bool:
        """Whether nothing but syncs is asked for in the next so many seconds."""
        self._stirred.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        return not self._stirred.is_set()

    async def one_by_one(self, text: str, times: int) -> list[float]:
        """Give commands, each after the answer to the one before; milliseconds of each from command to answer."""
        taken = []
        for turn in range(times):
            self.tally.begin()
            self._answered.clear()
            self._say(text, *self.chats[turn % len(self.chats)], WallClock().now())
            async with asyncio.timeout(LONGEST):
                await self._answered.wait()
            taken.append((self.tally.latest - self.tally.began) * 1000)
            await asyncio.sleep(BETWEEN)
        return taken

    async def queue(self, text: str, each: int, chats: int, *, timeline: int = 50) -> None:
        """Give so many commands in each of so many chats, all at once, as if they had been typed a second apart."""
        self.timeline_limit = timeline
        self.tally.begin()
        first = WallClock().now() - each * SPEAK_EVERY
        for turn in range(each):
            for room, person in self.chats[:chats]:
                self._say(text, room, person, first + turn * SPEAK_EVERY)

    async def collect(self, seconds: float = LONGEST) -> Raw:
        """Wait for the answers to what was queued, and then a little for what comes twice; the outcome."""
        with suppress(TimeoutError):  # then some are lost
            async with asyncio.timeout(seconds):
                while not self.tally.complete:
                    self._answered.clear()
                    await self._answered.wait()
        await asyncio.sleep(AFTER)
        return asdict(self.tally.outcome())

    async def slow(self, milliseconds: float) -> None:
        """Let each answer take so long from now on."""
        self.delay = milliseconds / 1000

    async def kill_at(self, answer: int, pid: int) -> None:
        """Kill that process as soon as its so-manieth answer has come, before it hears that it has."""
        self._victim = (answer, pid)

    def _say(self, text: str, room: str, person: str, at: datetime) -> None:
        self._spoken += 1
        content = {"msgtype": "m.text", "body": text.format(number=self._spoken)}
        event_id = f"$command{self._spoken}"
        self.tally.asked[event_id] = self._spoken
        stamp = int(at.astimezone(UTC).timestamp() * 1000)
        event = {"type": "m.room.message", "sender": person, "content": content, "event_id": event_id}
        self.add(room, {**event, "origin_server_ts": stamp})

    # ── the server ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, room: str, event: Raw) -> str:
        event_id = super().add(room, event)
        self._stream.append((self._position, room, self.rooms[room].events[-1]))
        if self.tally.note(room, event):
            self._answered.set()
            self._kill_if_due()
        return event_id

    def _kill_if_due(self) -> None:
        if self._victim is not None and self.tally.times.total() >= self._victim[0]:
            os.kill(self._victim[1], signal.SIGKILL)
            self._victim = None

    @web.middleware
    async def _record(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answer, as late as it was told to. maubot asks for a filter, which has no meaning here."""
        if request.path.endswith("/filter"):
            return web.json_response({"filter_id": "1"})
        if request.path.endswith("/sync"):
            self._synced = True
        else:
            self._stirred.set()
        answer = await handler(request)
        if self.delay:
            await asyncio.sleep(self.delay)
        return answer

    def _news(self, device: Device, since: int, *, full: bool) -> Raw:
        """What is new, of messages alone: where there is more the homeserver of the tests counts it out."""
        fresh = self._stream[bisect_right(self._stream, since, key=lambda entry: entry[0]) :]
        if full or self._more_than_messages(device, since, fresh):
            return super()._news(device, since, full=full)
        answer = {"next_batch": f"s{self._position}", "device_one_time_keys_count": {"signed_curve25519": 50}}
        rooms: defaultdict[str, list[Raw]] = defaultdict(list)
        for _, room, event in fresh:
            rooms[room].append(event)
        joined = {room: self._timeline(events) for room, events in rooms.items()}
        return {**answer, "rooms": {"join": joined}} if joined else answer

    def _more_than_messages(self, device: Device, since: int, fresh: list[tuple[int, str, Raw]]) -> bool:
        newest = max((entry["pos"] for entry in self.account_data.values()), default=0)
        changed = self._keys_changed[-1][0] if self._keys_changed else 0
        return bool(device.inbox) or max(newest, changed) > since or any("state_key" in event for *_, event in fresh)

    def _timeline(self, events: list[Raw]) -> Raw:
        shown = events[-self.timeline_limit :]
        bare = [{name: value for name, value in event.items() if name != "pos"} for event in shown]
        limited = len(shown) < len(events)
        return {"timeline": {"events": bare, "limited": limited, "prev_batch": f"t{shown[0]['pos'] - 1}"}}


async def main() -> None:
    """Do the tasks on standard input, one after the other, until it ends."""
    load = Load()
    tasks: dict[str, Callable[..., Awaitable[object]]] = {
        task.__name__: task
        for task in (
            load.open,
            load.token,
            load.calm,
            load.one_by_one,
            load.queue,
            load.collect,
            load.slow,
            load.kill_at,
        )
    }
    async with load.listening():
        while line := await asyncio.to_thread(sys.stdin.readline):
            name, arguments = json.loads(line)
            outcome: Any = await tasks[name](**arguments)
            sys.stdout.write(json.dumps(outcome) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
