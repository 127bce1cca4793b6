"""The endpoint where Teams tells what happened: let in by the gate, one at a time per conversation, answered within two seconds.

An activity is acknowledged when what followed from it is on disk. Takes that longer, then the answer is 503 and the work goes on:
the sender offers it again, and its id keeps it from being handled twice.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.log import log
from bot.teams.activities import Activity
from bot.teams.addresses import without_thread
from bot.teams.gate import LARGEST, Denied, Gate
from bot.teams.guard import survived
from bot.teams.patience import Patience
from storage.errors import StoreBroken

PATH = "/api/messages"
RECEIVED = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "✓"}
"""What somebody who pressed sees at once. Source: Microsoft, "Universal Actions for Adaptive Cards"."""
Take = Callable[[Activity], Awaitable[None]]
"""Takes an activity in; done when all that followed is on disk."""


class Inbound:
    """Serves the endpoint on `listen` (`host:port`)."""

    def __init__(self, gate: Gate, take: Take, listen: str, patience: Patience) -> None:
        self._gate = gate
        self._take = take
        self._listen = listen
        self._patience = patience
        self._newest: dict[str, asyncio.Task[bool]] = {}
        self._under_way: set[asyncio.Task[bool]] = set()
        self._runner: web.AppRunner | None = None
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def broken(self) -> None:
        """Wait until the store is broken, and raise what it raised: then the process must end."""
        await self._broken

    @property
    def address(self) -> str:
        """Where it listens (`host:port`), or nothing when it does not."""
        if self._runner is None or not self._runner.addresses:
            return ""
        host, port, *_ = self._runner.addresses[0]
        return f"{host}:{port}"

    async def start(self) -> None:
        """Begin to listen. Raises `OSError` when the address is taken."""
        app = web.Application(client_max_size=LARGEST)
        app.add_routes([web.post(PATH, self._messages)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        host, _, port = self._listen.rpartition(":")
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner

    async def stop(self) -> None:
        """Stop listening. What was not finished was not acknowledged either."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _messages(self, request: web.Request) -> web.Response:
        try:
            activity = await self._gate.admit(request)
        except Denied as no:
            log.info("teams.denied", reason=no.reason, status=no.status)
            return web.Response(status=no.status)
        if len(self._under_way) >= self._patience.waiting:
            return _later()
        return await self._answer(activity, self._begin(activity))

    async def _answer(self, activity: Activity, task: "asyncio.Task[bool]") -> web.Response:
        await asyncio.wait({task}, timeout=self._patience.answer)
        if not task.done() or task.cancelled() or task.exception() is not None:
            return _later()
        if not task.result():
            return web.Response(status=500)
        return web.json_response(RECEIVED) if activity.type == "invoke" else web.Response(status=200)

    def _begin(self, activity: Activity) -> "asyncio.Task[bool]":
        """Put it at the end of the row of its conversation."""
        where = without_thread(activity.conversation.id)
        task = asyncio.create_task(self._after(self._newest.get(where), activity))
        self._newest[where] = task
        self._under_way.add(task)
        task.add_done_callback(lambda done: self._done(where, done))
        return task

    async def _after(self, before: "asyncio.Task[bool] | None", activity: Activity) -> bool:
        if before is not None:
            await asyncio.wait({before})
        return await survived(self._take(activity), activity.type)

    def _done(self, where: str, task: "asyncio.Task[bool]") -> None:
        self._under_way.discard(task)
        if self._newest.get(where) is task:
            del self._newest[where]
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("teams.not_handled", error=type(fault).__name__)
            if isinstance(fault, StoreBroken) and not self._broken.done():
                self._broken.set_exception(fault)


def _later() -> web.Response:
    return web.Response(status=503, headers={"Retry-After": "2"})
