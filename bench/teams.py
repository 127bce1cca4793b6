"""Kring in Teams beside an echo in bare aiohttp that checks the same tokens: from message to answer, one at a time.

Both talk over HTTP with the fake connector of the tests, each bot in a process of its own. The echo keeps nothing; Kring answers when
what was said and that the answer is on its way are on disk, each with a wait of its own.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.crowd import EDITION
from bench.row import Row, row
from bench.storage import Bare, each_ms
from bench.way import percentile
from bot.teams.activities import Raw
from tests.fake_connector import FakeConnector, person_id, serving_connector
from tests.fake_idp import APP, TENANT, FakeIdp, serving_idp

ROOT = Path(__file__).parent.parent
PEERS = Path(__file__).parent / "peers"
PEER = "bare aiohttp echo"
PEOPLE, ROUNDS = 100, 5
WAITS = 2
BETWEEN = 0.025
"""Seconds between two messages: Teams allows fifty a second in a tenant, and Kring keeps to that."""
SECONDS = 30.0


@dataclass
class Bot:
    """A bot under measurement: what is said to it, and where it listens (`host:port`)."""

    name: str
    text: str
    connector: FakeConnector
    token: str
    endpoint: str = ""
    rounds: list[list[float]] = field(default_factory=list)

    async def round(self) -> list[float]:
        """Milliseconds from message to answer, for one message of each person."""
        self.connector.endpoint = self.endpoint
        return [await self._turn(self.connector.activity(f"p{number}", self.text)) for number in range(PEOPLE)]

    async def _turn(self, activity: Raw) -> float:
        before = len(self.connector.said)
        began = perf_counter()
        acknowledged = asyncio.create_task(self.connector.tell(activity, token=self.token))
        async with asyncio.timeout(SECONDS):
            await self.connector.pulse.until(lambda: len(self.connector.said) > before)
        taken = (perf_counter() - began) * 1000
        assert await acknowledged == 200
        await asyncio.sleep(BETWEEN)
        return taken


@asynccontextmanager
async def started(*command: str, **environment: str) -> AsyncIterator[Process]:
    """A process, ended with the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *command),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.communicate()


def configured(folder: Path, idp: FakeIdp, connector: FakeConnector) -> Path:
    """A folder as an operator makes it; gives the configuration file."""
    secret, config = folder / "secret", folder / "kring.toml"
    secret.touch(mode=0o600)
    secret.write_text(idp.secret, encoding="utf-8")
    config.write_text(
        f"""
        [[edition]]
        file = "{EDITION}"
        coordinators = ["{person_id("cor")}"]
        [teams]
        app_id = "{APP}"
        tenants = ["{TENANT}"]
        secret_file = "secret"
        listen = "127.0.0.1:0"
        openid_metadata = "{idp.metadata}"
        login_host = "{idp.login_host}"
        service_hosts = ["{connector.host}"]
        """,
        encoding="utf-8",
    )
    return config


async def kring(stack: AsyncExitStack, folder: Path, idp: FakeIdp, connector: FakeConnector) -> Bot:
    """Kring as an operator runs it."""
    config = await asyncio.to_thread(configured, folder, idp, connector)
    run = started("-m", "bot", "run", "--config", str(config), REQUESTS_CA_BUNDLE=str(folder / "login.pem"))
    process = await stack.enter_async_context(run)
    return Bot("kring", "!contact", connector, idp.signed(connector.service), await listening(process))


async def listening(process: Process) -> str:
    """Where Kring says that it listens."""
    assert process.stderr is not None
    async with asyncio.timeout(SECONDS):
        while line := await process.stderr.readline():
            told = json.loads(line)
            if told["event"] == "teams.listening":
                return str(told["listen"])
    raise RuntimeError("it ended before it listened")


async def echo(stack: AsyncExitStack, idp: FakeIdp, connector: FakeConnector) -> Bot:
    """The peer."""
    keys = f"http://{idp.host}/v1/.well-known/keys"
    process = await stack.enter_async_context(started(str(PEERS / "teams_echo.py"), keys, APP))
    assert process.stdout is not None
    port = (await process.stdout.readline()).decode().strip()
    return Bot(PEER, "hallo", connector, idp.signed(connector.service), f"127.0.0.1:{port}")


async def measured(folder: Path) -> list[Row]:
    """The rows, measured in turns, after a round in which everybody says hello."""
    async with AsyncExitStack() as stack:
        idp = await stack.enter_async_context(serving_idp(folder))
        connector = await stack.enter_async_context(serving_connector(idp))
        ours, peer = await kring(stack, folder, idp, connector), await echo(stack, idp, connector)
        for bot in (ours, peer):
            await bot.round()
        for _ in range(ROUNDS):
            for bot in (ours, peer):
                bot.rounds.append(await bot.round())
    bare = Bare(folder / "bare")
    disk = median(each_ms(lambda number: bare.commit(number, ("letters",)), 1) for _ in range(100))
    return latency_rows(ours, peer, disk)


def latency_rows(ours: Bot, peer: Bot, disk: float) -> list[Row]:
    """The middle and the slow end. `disk` is what one wait for the disk takes, in milliseconds."""
    half, most = (
        [median(percentile(it, percent) for it in bot.rounds) for bot in (ours, peer)] for percent in (50, 99)
    )
    goal = 1.5 * half[1] + WAITS * disk
    return [
        row("teams.p50", PEOPLE, half[0], "ms", peer=PEER, peer_value=half[1], at_most=goal),
        row("teams.p99", PEOPLE, most[0], "ms", peer=PEER, peer_value=most[1]),
    ]


def rows() -> list[Row]:
    """All rows of this benchmark."""
    with TemporaryDirectory() as folder:
        return asyncio.run(measured(Path(folder)))


if __name__ == "__main__":
    for measured_row in rows():
        print(json.dumps(measured_row))
