"""Kring on a homeserver beside its peers: an echo in bare nio, and one in maubot.

All talk with the same fake homeserver (`bench/load.py`), each with a process of that of its own, so that nobody's bot shares a loop
with who measures. The rooms are not encrypted: the fake homeserver has no people with keys.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Self

from bench.crowd import COORDINATOR, EDITION, SERVER, SIZE, gathered
from bench.load import BOT, Outcome
from bench.peers.environment import maubot_python
from bench.storage import Bare, each_ms
from bench.way import percentile
from bot.clock import SetClock, WallClock

ROOT = Path(__file__).parent.parent
PEERS = Path(__file__).parent / "peers"
USER = f"@{BOT}:{SERVER}"
PASSWORD = "secret"
CHATS, EACH = 50, 20
ROUNDS = 5
TURNS = 40
SLOW_MS = 10.0
GAP = 10
KILLED_AT, COMMANDS = 15, 30
MOST_MEBIBYTES = 80
LEAST_A_SECOND = 1_000
Row = dict[str, Any]


class Server:
    """A homeserver in a process of its own, told what to do by lines of JSON."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.load"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.url: str = self.do("open", chats=CHATS)

    def do(self, task: str, **arguments: Any) -> Any:
        """Have a task done (`Load` in `bench/load.py` tells which there are); its outcome."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([task, arguments]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the homeserver has ended in {task}")
        return json.loads(line)

    def outcome(self) -> Outcome:
        """What became of the queued commands."""
        return Outcome(**self.do("collect"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


@dataclass
class Bot:
    """A bot under measurement: how it is started, and what a command to it looks like."""

    name: str
    text: str
    command: list[str]
    folder: Path
    server: Server
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it does nothing but listen."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log)
        self.server.do("calm", seconds=1.0)

    def stop(self) -> None:
        """End it, and wait until it is gone."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self._gone()

    def _gone(self) -> None:
        assert self.process is not None
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def killed(self) -> None:
        """Wait until the kernel has taken it away."""
        self._gone()

    @property
    def mebibytes(self) -> float:
        """The most memory that it has had (Linux: VmHWM)."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024

    def latencies(self) -> list[float]:
        """Milliseconds from command to answer, one command at a time."""
        taken: list[float] = self.server.do("one_by_one", text=self.text, times=TURNS)
        return taken

    def burst(self) -> Outcome:
        """All rooms at once, on a homeserver that takes its time."""
        self.server.do("slow", milliseconds=SLOW_MS)
        self.server.do("queue", text=self.text, each=EACH, chats=CHATS)
        outcome = self.server.outcome()
        self.server.do("slow", milliseconds=0)
        return outcome


@contextmanager
def running(bot: Bot) -> Iterator[Bot]:
    """The bot, listening."""
    bot.start()
    try:
        yield bot
    finally:
        bot.stop()


def kring(folder: Path, server: Server) -> Bot:
    """Kring as an operator runs it, in an exchange with five hundred people."""
    gathered(folder / "data" / "state", SetClock(WallClock().now())).store.close()
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    config = f"""
        [[edition]]
        file = "{EDITION}"
        coordinators = ["{COORDINATOR}"]
        [matrix]
        homeserver = "{server.url}"
        user = "{USER}"
        password_file = "password"
    """
    (folder / "kring.toml").write_text(config, encoding="utf-8")
    start = [sys.executable, "-P", "-m", "bot", "run", "--config", str(folder / "kring.toml")]
    return Bot("kring", "!overzicht", start, folder, server)


def nio_echo(folder: Path, server: Server) -> Bot:
    """An echo in bare nio."""
    start = [sys.executable, str(PEERS / "nio_echo.py"), server.url, USER, PASSWORD]
    return Bot("bare nio echo", "!echo {number}", start, folder, server)


def maubot_echo(folder: Path, server: Server, python: Path) -> Bot:
    """An echo in maubot, standing alone."""
    config = {
        "user": {
            "credentials": {
                "id": USER,
                "homeserver": server.url,
                "access_token": server.do("token"),
                "device_id": None,
            },
            "displayname": "disable",
            "avatar_url": "disable",
        },
        "logging": {"version": 1, "root": {"level": "WARNING"}},
    }
    (folder / "config.yaml").write_text(json.dumps(config), encoding="utf-8")
    start = [str(python), "-m", "maubot.standalone", "-c", "config.yaml", "-m", str(PEERS / "maubot.yaml")]
    return Bot("maubot echo", "!echo {number}", start, folder, server)
