"""The whole bot in a process of its own, as an operator runs it: `kring run` with a kring.toml, against a real homeserver."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.clock import WallClock
from bot.matrix.keyfolder import write_private
from tests.local_matrix import EDITION, moved
from tests.synapse import Credentials, Synapse

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 10


@dataclass
class RunningBot:
    """`kring run` on a folder. It may be killed and started again: what it keeps, it keeps in the folder."""

    user_id: str
    folder: Path
    _process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it. Whoever begins a chat notices when it is there."""
        with (self.folder / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--config", str(self.folder / "kring.toml")),
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """End it as a power cut does."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask it to end; its exit code."""
        return await self._end(signal.SIGTERM)

    @property
    def log(self) -> str:
        """What it wrote so far, over all its lives."""
        return (self.folder / "bot.log").read_text("utf-8")

    async def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(how)
        async with asyncio.timeout(STOP_SECONDS):
            return await process.wait()


@asynccontextmanager
async def running_bot(synapse: Synapse, folder: Path, coordinator: Credentials) -> AsyncIterator[RunningBot]:
    """A bot with the sample edition, in which sign-up is open, on an account of its own. Ended with the block."""
    bot = await synapse.user("kring")
    _write_config(synapse, folder, bot, coordinator)
    running = RunningBot(bot.user_id, folder)
    await running.start()
    try:
        yield running
    except AssertionError as failure:
        failure.add_note(f"The bot wrote:\n{running.log[-4000:]}")
        raise
    finally:
        await running.kill()


def _write_config(synapse: Synapse, folder: Path, bot: Credentials, coordinator: Credentials) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_private(folder / "password", bot.password)
    edition = moved(EDITION.read_text("utf-8"), WallClock().now().date())
    (folder / "edition.toml").write_text(edition, "utf-8")
    (folder / "kring.toml").write_text(
        f'[[edition]]\nfile = "edition.toml"\ncoordinators = ["{coordinator.user_id}"]\n\n'
        f'[matrix]\nhomeserver = "{synapse.url}"\nuser = "{bot.user_id}"\npassword_file = "password"\n'
        'inviters = ["@*:kring.test"]\nsync_timeout_ms = 5000\n'
    )
