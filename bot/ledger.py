"""Writing to the store on a bad day: what a full disk refuses, what is owed until there is room, and when the process must end.

What a person asked for is refused at once, and the person is told. What the house itself must remember (which letters have arrived,
where the sync is) is owed: it stays in memory and goes into the file before anything else does, as soon as there is room.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import cast

from bot.clock import Clock
from bot.log import log
from programme.model import Model
from storage.errors import StoreBroken, StoreFull
from storage.letters import Mark
from storage.store import Store
from storage.unit import Unit

Future = asyncio.Future[None]
TRY_AGAIN = 5.0
"""Seconds between two looks whether there is room."""
FULL = "store/full"
"""The mark that is written first when there is room again: only writing proves that there is."""


class Ledger:
    """All commits of a house. `recovered` is told since when (aware) there was no room, once there is.

    `full` holds as long as nothing can be written, `broken` once the disk has failed for good.
    """

    def __init__(self, store: Store, clock: Clock, recovered: Callable[[datetime], None]) -> None:
        self._store = store
        self._clock = clock
        self._recovered = recovered
        self._fault: StoreFull | None = None
        self._since: datetime | None = None
        self._owed = Unit()
        self._under_way: set[Future] = set()
        self._waiting: list[Callable[[], object]] = []
        self._next: asyncio.TimerHandle | None = None
        self._end: asyncio.Future[None] | None = None
        self.broken: StoreBroken | None = None

    @property
    def full(self) -> bool:
        """Whether the disk took nothing the last time."""
        return self._fault is not None

    @property
    def busy(self) -> bool:
        """Whether something is not on disk yet: what waits for that may set more going."""
        return bool(self._under_way)

    def commit(self, unit: Unit) -> Future:
        """Keep a unit, as `Store.commit` does. Raises `StoreFull` and then nothing has changed, or `StoreBroken`."""
        if self._fault is not None and len(unit):
            raise self._fault
        try:
            done = self._store.commit(unit)
        except StoreFull as fault:
            self._begin(fault)
            raise
        except StoreBroken as fault:
            self._break(fault)
            raise
        self._under_way.add(done)
        done.add_done_callback(self._under_way.discard)
        done.add_done_callback(self._look)
        return done

    def owe(self, unit: Unit) -> Future:
        """Keep a unit now, or as soon as there is room. Raises `StoreBroken`.

        The future is done when it is on disk, and at once when there is no room: nobody can wait for that.
        """
        try:
            return self.commit(unit)
        except StoreFull:
            for table, key, value in unit:
                self._owed.put(table, key, cast("Model | None", value))
            return done_now()

    def owed(self, table: str, key: str) -> Model | None:
        """What is owed to this place: newer than what the store has there. None when nothing is, or a deletion."""
        return cast("Model | None", self._owed[table, key]) if (table, key) in self._owed else None

    def all_owed(self, table: str) -> list[Model]:
        """All records that are owed to this table."""
        return [cast("Model", value) for name, _key, value in self._owed if name == table and value is not None]

    def when_room(self, act: Callable[[], object]) -> None:
        """Do this as soon as there is room; in the order in which it was asked."""
        self._waiting.append(act)

    def try_again(self) -> None:
        """Look whether there is room now, and if so, write what is owed and do what waits."""
        if self._fault is None:
            return
        self._stop_waiting()
        since = self._since or self._clock.now()
        self._owed.put("marks", FULL, Mark(id=FULL, value=since.isoformat()))
        self._fault = None
        with suppress(StoreFull, StoreBroken):  # the one begins again, of the other the process ends
            self.commit(self._owed)
            self._owed, self._since = Unit(), None
            self._go_on(since)

    async def ends(self) -> None:
        """Wait until the disk has failed for good. Raises `StoreBroken` then."""
        self._end = asyncio.get_running_loop().create_future()
        if self.broken is not None:
            raise self.broken
        await self._end

    def close(self) -> None:
        """Look no more."""
        self._stop_waiting()

    def _begin(self, fault: StoreFull) -> None:
        self._fault = fault
        if self._since is None:
            self._since = self._clock.now()
            log.error("store_full")
        self._stop_waiting()
        self._next = asyncio.get_running_loop().call_later(TRY_AGAIN, self.try_again)

    def _go_on(self, since: datetime) -> None:
        log.info("store_has_room", seconds=int((self._clock.now() - since).total_seconds()))
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()
        self._recovered(since)

    def _stop_waiting(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _look(self, done: Future) -> None:
        fault = None if done.cancelled() else done.exception()
        if isinstance(fault, StoreBroken):
            self._break(fault)

    def _break(self, fault: StoreBroken) -> None:
        self.broken = self.broken or fault
        if self._end is not None and not self._end.done():
            self._end.set_exception(fault)


def done_now() -> Future:
    """A future of the loop that runs, which is done."""
    future: Future = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future
