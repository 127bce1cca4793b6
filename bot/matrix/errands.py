"""What the bot does on the side: errands that may wait for slow servers without holding up what people say."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.chat import Later
from bot.log import log
from bot.matrix.guard import guarded
from bot.matrix.wire import Pace, Refused

Errand = Callable[[], Awaitable[None]]
_WORKERS = 4
_MOST = 2_000
_TRIES = 5


class Errands:
    """A bounded list of errands and a few who run them. One that finds the server away is tried again, a few times."""

    def __init__(self, pace: Pace, me: str) -> None:
        self._pace = pace
        self._me = me
        self._waiting: asyncio.Queue[tuple[str, str, Errand, int]] = asyncio.Queue(_MOST)

    def add(self, what: str, which: str, errand: Errand, attempt: int = 1) -> None:
        """Run it soon. When too many wait already, it is left out: only a flood brings that many."""
        try:
            self._waiting.put_nowait((what, which, errand, attempt))
        except asyncio.QueueFull:
            log.warning("matrix.errand_left_out", kind=what, id=which)

    async def run(self) -> None:
        """Run errands until cancelled. Raises `MatrixStopped`."""
        async with asyncio.TaskGroup() as workers:
            for _ in range(_WORKERS):
                workers.create_task(self._work())

    async def _work(self) -> None:
        while True:
            what, which, errand, attempt = await self._waiting.get()
            try:
                with guarded(what, which):
                    await errand()
            except Later as wait:
                self._again(what, which, errand, attempt, wait)

    def _again(self, what: str, which: str, errand: Errand, attempt: int, wait: Later) -> None:
        if attempt >= _TRIES:
            log.warning("matrix.errand_given_up", kind=what, id=which)
            return
        pause = max(wait.seconds or 0.0, self._pace.pause(attempt, self._me))
        asyncio.get_running_loop().call_later(pause, self.add, what, which, errand, attempt + 1)


async def unless_refused(asked: Awaitable[object], what: str, which: str) -> bool:
    """Wait for what was asked of the server; whether it was done. A no is written down."""
    try:
        await asked
    except Refused as no:
        log.warning("matrix.refused", kind=what, id=which, error=no.code)
        return False
    return True
