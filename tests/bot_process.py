"""The whole bot as an operator runs it: `kring run` in a process of its own, against whatever homeserver a test has.

It can be killed and started again on the same folder. What it logs is read as it is written, so that a test waits for what
happens and never for a while.
"""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import WallClock
from bot.matrix.keyfolder import write_private
from tests.fake_homeserver import Pulse
from tests.local_matrix import EDITION, moved
from tests.synapse import Credentials

ROOT = Path(__file__).resolve().parent.parent
BEGIN_SECONDS = 30.0
STOP_SECONDS = 10.0


@dataclass
class BotProcess:
    """`kring run` on a folder with a `kring.toml`. `log` holds the lines of all its lives."""

    user_id: str
    folder: Path
    options: tuple[str, ...] = ()
    log: list[str] = field(default_factory=list)
    _pulse: Pulse = field(default_factory=Pulse)
    _process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None
    _born: int = 0
    """How many lines there were when this life began."""

    async def start(self) -> None:
        """Start it; whoever needs it to listen waits for `ready`."""
        self._born = len(self.log)
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", *self.options, "--config", str(self.folder / "kring.toml")),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self._process), name="log of the bot")

    async def ready(self) -> None:
        """Wait until it has heard from the homeserver, and says itself that all is well."""
        await self.logs("matrix.listening")
        status, facts = await self.health()
        assert status == 200, facts

    async def logs(self, event: str) -> dict[str, Any]:
        """Wait until it logs this event in its present life; the fields of the line."""

        def found() -> dict[str, Any] | None:
            return next((line for line in self.events() if line["event"] == event), None)

        await self._pulse.until(lambda: found() or self._is_over(), BEGIN_SECONDS)
        told = found()
        assert told is not None, f"the bot ended without {event}:\n" + "\n".join(self.log[self._born :])
        return told

    def events(self) -> list[dict[str, Any]]:
        """The log lines of its present life. A line that is no JSON is something that the operator reads."""
        return [json.loads(line) for line in self.log[self._born :] if line.startswith("{")]

    async def health(self) -> tuple[int, dict[str, bool]]:
        """What `/readyz` answers now: HTTP status, and the facts by name."""
        address = (await self.logs("started"))["listen"]
        async with aiohttp.ClientSession() as http, http.get(f"http://{address}/readyz") as answer:
            return answer.status, (await answer.json())["facts"]

    async def restart(self) -> None:
        """Kill it as a power cut does, and start it again."""
        await self.kill()
        await self.start()

    async def kill(self) -> None:
        """End it as a power cut does."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask it to end; its exit code."""
        return await self._end(signal.SIGTERM)

    async def ended(self) -> int:
        """Wait until it ends by itself; its exit code."""
        return await self._end(None)

    async def _end(self, how: signal.Signals | None) -> int:
        if self._process is None or self._reading is None:
            return 0
        if how is not None and self._process.returncode is None:
            self._process.send_signal(how)
        async with asyncio.timeout(STOP_SECONDS):
            await asyncio.shield(self._reading)
            return await self._process.wait()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.log.append(line.decode().rstrip("\n"))
            self._pulse.beat()
        self._pulse.beat()

    def _is_over(self) -> bool:
        return self._reading is None or self._reading.done()


@asynccontextmanager
async def bot_process(
    homeserver: str, folder: Path, bot: Credentials, coordinators: Iterable[str], edition: str | None = None
) -> AsyncIterator[BotProcess]:
    """A bot on this homeserver, started and listening; ended with the block. `edition` is the text of its edition file."""
    write_config(homeserver, folder, bot, coordinators, edition or open_edition())
    process = BotProcess(bot.user_id, folder)
    await process.start()
    try:
        await process.ready()
        yield process
    finally:
        await process.kill()


def write_config(homeserver: str, folder: Path, bot: Credentials, coordinators: Iterable[str], edition: str) -> None:
    """Write what an operator writes: `kring.toml`, the edition beside it, and the password in a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    write_private(folder / "password", bot.password)
    (folder / "edition.toml").write_text(edition, "utf-8")
    (folder / "kring.toml").write_text(
        f'[[edition]]\nfile = "edition.toml"\ncoordinators = {json.dumps(list(coordinators))}\n\n'
        f'[matrix]\nhomeserver = "{homeserver}"\nuser = "{bot.user_id}"\npassword_file = "password"\n'
        'sync_timeout_ms = 5000\n\n[health]\nlisten = "127.0.0.1:0"\n'
    )


def open_edition(today: date | None = None) -> str:
    """SecretarisWissel with sign-up open since last week, publishing at once and without reminders.

    The coordinator opens and closes the other windows by hand, so that a programme of months passes in a minute; and nothing
    that is said hangs on the hour at which the tests run.
    """
    written = moved(EDITION.read_text("utf-8"), today or WallClock().now().date())
    return "hold_minutes = 0\n" + written.partition("[[reminders]]")[0]
