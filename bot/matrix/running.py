"""One run of the Matrix adapter: its parts put together over one logged-in client, and run side by side."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import nio

from bot.chat import Later, Port, RoomFacts, Undeliverable
from bot.matrix.doors import Doors
from bot.matrix.errands import Errands
from bot.matrix.facts import facts_of
from bot.matrix.hearing import Hearing
from bot.matrix.keys import Keys
from bot.matrix.known import KnownRooms
from bot.matrix.late import LateMessages
from bot.matrix.noticing import Noticing
from bot.matrix.pinning import Pinning
from bot.matrix.rooms import Rooms
from bot.matrix.senders import Senders
from bot.matrix.sending import Sending
from bot.matrix.sync import Intake, Sync
from bot.matrix.wire import MatrixStopped, Pace, Refused, Wire
from bot.matrix.wishes import Render, Wishes
from bot.settings import MatrixSettings


class Running:
    """All parts, wired. `rooms`, `wishes`, `sending` and `sync` are what the chat asks for."""

    def __init__(
        self, wire: Wire, house: Port, settings: MatrixSettings, render: Render, coordinators: frozenset[str]
    ) -> None:
        known, late = KnownRooms(wire), LateMessages(house, wire.pace)
        senders = Senders(wire.client, house, coordinators)
        bots = settings.known_bots
        self._wire, self._known, self._bots = wire, known, bots
        self._keys = Keys(wire, known)
        self._hearing = Hearing(wire, known, late, house, senders, bots)
        self._errands = Errands(wire.pace, wire.me)
        self.rooms = Rooms(wire, known, house, self._errands)
        pinning = Pinning(wire, known)
        self.sending = Sending(wire, known, self._keys, pinning, house)
        self.wishes = Wishes(wire, known, self.rooms, self.sending, pinning, house, render)
        doors = Doors(wire, known, self.rooms, house, self._errands, settings.inviters, bots)
        noticing = Noticing(known, house, bots)
        self._intake = Intake(wire, known, self._keys, self._hearing, noticing, late, self.rooms, doors, senders, house)
        self.sync = Sync(wire, house, self._intake, settings.sync_timeout_ms)
        self._stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    @asynccontextmanager
    async def on(
        cls,
        client: nio.AsyncClient,
        house: Port,
        settings: MatrixSettings,
        render: Render,
        coordinators: frozenset[str],
        pace: Pace,
    ) -> AsyncIterator["Running"]:
        """The parts over this client, whose connections are let go of afterwards."""
        wire = Wire(client, pace)
        try:
            yield cls(wire, house, settings, render, coordinators)
        finally:
            await wire.close()

    async def run(self, *more: Coroutine[Any, Any, None]) -> None:
        """Run all parts, and what more there is, until cancelled. Raises `MatrixStopped`, and what the house raises when it cannot write."""
        try:
            async with asyncio.TaskGroup() as parts:
                for part in (self.sync.run(), self._errands.run(), self._keep_up(), self._wish(), self._stop(), *more):
                    parts.create_task(part)
        except BaseExceptionGroup as several:
            raise _first(several) from several

    async def facts(self, room: str) -> RoomFacts:
        """How a room is now. Raises `Later`, `Undeliverable`."""
        try:
            card = await self._known.load(room)
        except Refused as no:
            raise Undeliverable("left") from no
        return facts_of(card, self._wire.me, encrypted=self._known.encrypted(room), known_bots=self._bots)

    async def begun(self) -> None:
        """Wait for the first sync. Raises `Later` when it does not come."""
        try:
            async with asyncio.timeout(self._wire.pace.room_seen):
                await self._intake.begun.wait()
        except TimeoutError:
            raise Later from None

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """Let the whole run stop when a request inside finds the session gone; for who asked that is `Later`."""
        try:
            yield
        except MatrixStopped as stopped:
            if not self._stopped.done():
                self._stopped.set_exception(stopped)
            raise Later from stopped

    async def _stop(self) -> None:
        await self._stopped

    async def _wish(self) -> None:
        """Rooms are made only when it is known which ones there are."""
        await self._intake.begun.wait()
        await self.wishes.run()

    async def _keep_up(self) -> None:
        """After each sync: what the keys ask for, and messages that waited for no room key but for something else."""
        failed = 0
        while True:
            await self._intake.taken.wait()
            self._intake.taken.clear()
            try:
                await self._keys.keep_up()
                await self._hearing.retry(lambda message: not message.session)
                failed = 0
            except Later as wait:
                failed += 1
                await asyncio.sleep(max(wait.seconds or 0.0, self._wire.pace.pause(failed, self._wire.me)))
                self._intake.taken.set()


def _first(several: BaseExceptionGroup[BaseException]) -> BaseException:
    first: BaseException = several
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
