"""`kring try` as a person starts it: a process of its own on a free port, with a folder that can outlive it."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/#(\S+)")
SECONDS = 30.0


@dataclass
class Trying:
    """One start of `kring try`. `options` are added to its command line."""

    folder: Path
    options: tuple[str, ...] = ()
    port: int = 0
    """Where it was the first time, and where it comes back after a restart."""
    origin: str = ""
    """Where it is served: `http://127.0.0.1:PORT`."""
    token: str = ""
    said: list[str] = field(default_factory=list)
    """What it wrote to its terminal, in all its lives."""
    _process: Process | None = None
    _reading: "asyncio.Task[None] | None" = None

    @property
    def address(self) -> str:
        """What a person opens."""
        return f"{self.origin}/#{self.token}"

    async def start(self) -> None:
        """Start it, and wait until it says where it is."""
        self._process = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-m",
                "bot",
                "try",
                "--port",
                str(self.port),
                "--no-browser",
                "--store",
                str(self.folder),
            ),
            *self.options,
            cwd=ROOT,
            stdout=PIPE,
            stderr=STDOUT,
        )
        async with asyncio.timeout(SECONDS):
            self.origin, self.token = await self._announced(self._process)
        self.port = int(self.origin.rpartition(":")[2])
        self._reading = asyncio.create_task(self._read(self._process), name="terminal of kring try")

    async def _announced(self, process: Process) -> tuple[str, str]:
        assert process.stdout is not None
        async for line in process.stdout:
            self.said.append(line.decode().rstrip())
            if found := ADDRESS.search(self.said[-1]):
                return found[1], found[2]
        raise AssertionError("kring try ended:\n" + "\n".join(self.said))

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.said.append(line.decode().rstrip())

    async def restart(self) -> None:
        """Kill it as a power cut does, and start it again on the same folder."""
        await self.end(signal.SIGKILL)
        await self.start()

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        if self._process is None or self._reading is None:
            return 0
        if self._process.returncode is None:
            self._process.send_signal(how)
        async with asyncio.timeout(SECONDS):
            await self._reading
            return await self._process.wait()
