"""What the surroundings may ask of the bot: is it alive, is it ready, what has it done. Numbers and yes or no, never ids."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

Page = Callable[[web.Request], Awaitable[web.Response]]

COMMIT_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""Seconds. A commit is one append and one fdatasync: a few milliseconds on a good disk."""


class Metrics:
    """The numbers on `/metrics`. None has a label: a label would be the first place where somebody's id could leak.

    Count with `heard.inc()`, `posted.inc()`, `undelivered.inc()`, `faults.inc()`; set `pending.set(n)`; measure with `commit.observe(seconds)`.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.heard = Counter("kring_messages_heard", "Messages and presses heard.", registry=self._registry)
        self.posted = Counter("kring_letters_posted", "Letters that a platform accepted.", registry=self._registry)
        self.pending = Gauge("kring_letters_pending", "Letters on their way.", registry=self._registry)
        self.undelivered = Counter(
            "kring_letters_undelivered", "Letters that could not be delivered.", registry=self._registry
        )
        self.faults = Counter("kring_faults", "Bugs met and survived.", registry=self._registry)
        self.commit = Histogram(
            "kring_commit_seconds",
            "From commit until it is on disk.",
            buckets=COMMIT_BUCKETS,
            registry=self._registry,
        )

    def page(self) -> bytes:
        """Write the numbers in Prometheus' text format."""
        return generate_latest(self._registry)


async def serve(listen: str, ready: Callable[[], dict[str, bool]], metrics: Metrics) -> web.AppRunner:
    """Serve `/livez`, `/readyz` and `/metrics` on `listen` (`host:port`; port 0 takes a free one).

    `/readyz` answers 200 when every fact of `ready()` is so, else 503, with the facts by name. Gives the runner: its
    `addresses` tell where it listens, `cleanup()` ends it. Raises `OSError` when the address is taken.
    """
    app = web.Application()
    app.add_routes(
        [
            web.get("/livez", _alive),
            web.get("/readyz", _readiness(ready)),
            web.get("/metrics", _numbers(metrics)),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    host, _, port = listen.rpartition(":")
    try:
        await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner


def address(runner: web.AppRunner) -> str:
    """Where a served page listens (`host:port`): who asked for any free port reads here which one it became."""
    host, port, *_ = runner.addresses[0]
    return f"{host}:{port}"


async def _alive(_: web.Request) -> web.Response:
    """Answer at all: the loop runs, so the process lives."""
    return web.json_response({"alive": True})


def _readiness(ready: Callable[[], dict[str, bool]]) -> Page:
    async def readyz(_: web.Request) -> web.Response:
        facts = ready()
        well = all(facts.values())
        return web.json_response({"ready": well, "facts": facts}, status=200 if well else 503)

    return readyz


def _numbers(metrics: Metrics) -> Page:
    async def page(_: web.Request) -> web.Response:
        return web.Response(body=metrics.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return page
