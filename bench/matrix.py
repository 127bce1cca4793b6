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
from bench.row import Row, row
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
NAME = "matrix.plain_rooms"


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
            self.process = subprocess.Popen(  # noqa: S603 - the bots named below
                self.command, cwd=self.folder, stdout=log, stderr=log
            )
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

    @property
    def cpu_ms(self) -> float:
        """The processor time that it has had so far, in milliseconds (Linux: fields 14 and 15 of `stat`)."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def latencies(self) -> list[float]:
        """Milliseconds from command to answer, one command at a time."""
        taken: list[float] = self.server.do("one_by_one", text=self.text, times=TURNS)
        return taken

    def burst(self) -> tuple[Outcome, float]:
        """All rooms at once, on a homeserver that takes its time; and the processor time a command, in milliseconds."""
        before = self.cpu_ms
        self.server.do("slow", milliseconds=SLOW_MS)
        self.server.do("queue", text=self.text, each=EACH, chats=CHATS)
        outcome = self.server.outcome()
        self.server.do("slow", milliseconds=0)
        return outcome, (self.cpu_ms - before) / outcome.commands


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


# ── what is measured ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def latency_rows(bots: list[Bot], disk: float) -> list[Row]:
    """From command to answer, one command at a time, in turns. `disk` is what one wait for the disk takes, in milliseconds."""
    taken: dict[str, list[list[float]]] = {bot.name: [] for bot in bots}
    for _ in range(ROUNDS):
        for bot in bots:
            taken[bot.name].append(bot.latencies())
    half = {name: median(percentile(times, 50) for times in rounds) for name, rounds in taken.items()}
    most = {name: median(percentile(times, 99) for times in rounds) for name, rounds in taken.items()}
    ours, nio, *others = (bot.name for bot in bots)
    goal = 1.5 * half[nio] + disk
    return [
        *(
            row(f"{NAME}.p50", TURNS, half[ours], "ms", peer=peer, peer_value=half[peer], at_most=goal)
            for peer in (nio, *others)
        ),
        *(row(f"{NAME}.p99", TURNS, most[ours], "ms", peer=peer, peer_value=most[peer]) for peer in (nio, *others)),
    ]


def burst_rows(bots: list[Bot]) -> list[Row]:
    """Fifty rooms at once on a homeserver that takes ten milliseconds for each answer, in turns."""
    taken: dict[str, list[tuple[Outcome, float]]] = {bot.name: [] for bot in bots}
    for _ in range(ROUNDS):
        for bot in bots:
            taken[bot.name].append(bot.burst())
    speed = {name: median(it.answered / it.seconds for it, _ in rounds) for name, rounds in taken.items()}
    work = {name: median(cpu for _, cpu in rounds) for name, rounds in taken.items()}
    ours, *others = (bot.name for bot in bots)
    name, n = f"{NAME}.burst_10ms", CHATS * EACH
    return [
        *(
            row(name, n, speed[ours], "messages/s", peer=peer, peer_value=speed[peer], at_least=LEAST_A_SECOND)
            for peer in others
        ),
        *(row(f"{name}.processor", n, work[ours], "ms", peer=peer, peer_value=work[peer]) for peer in others),
        *outcome_rows(name, [outcome for outcome, _ in taken[ours]]),
    ]


def outcome_rows(name: str, outcomes: list[Outcome]) -> list[Row]:
    """What went wrong in all of them together."""
    n = sum(it.commands for it in outcomes)
    return [
        row(f"{name}.lost", n, sum(it.lost for it in outcomes), "messages", at_most=0),
        row(f"{name}.doubled", n, sum(it.doubled for it in outcomes), "messages", at_most=0),
        row(f"{name}.out_of_order", n, sum(it.disordered for it in outcomes), "rooms", at_most=0),
    ]


def memory_rows(bots: list[Bot]) -> list[Row]:
    """The most memory that each has had, after all its commands."""
    ours, *others = bots
    return [
        row(
            f"{NAME}.memory",
            SIZE,
            ours.mebibytes,
            "MiB",
            peer=peer.name,
            peer_value=peer.mebibytes,
            at_most=MOST_MEBIBYTES,
        )
        for peer in others
    ]


def gap_rows(bot: Bot) -> list[Row]:
    """A thousand commands while the bot is away; the homeserver's sync shows the last ten of each room."""
    bot.stop()
    bot.server.do("queue", text=bot.text, each=EACH, chats=CHATS, timeline=GAP)
    bot.start()
    outcome = bot.server.outcome()
    name = f"{NAME}.gap_of_{GAP}"
    answered = row(f"{name}.answered", outcome.commands, outcome.answered, "messages", at_least=outcome.commands)
    return [answered, *outcome_rows(name, [outcome])[1:]]


def kill_rows(bot: Bot) -> list[Row]:
    """SIGKILL at the moment of an answer, and a start after it."""
    assert bot.process is not None
    bot.server.do("kill_at", answer=KILLED_AT, pid=bot.process.pid)
    bot.server.do("queue", text=bot.text, each=COMMANDS // 3, chats=3)
    bot.killed()
    bot.start()
    return outcome_rows(f"{NAME}.killed_at_{KILLED_AT}_of_{COMMANDS}", [bot.server.outcome()])


def rows() -> list[Row]:
    """All rows of this benchmark."""
    python = maubot_python()
    with ExitStack() as stack:
        ours = stack.enter_context(running(kring(*_ground(stack))))
        bots = [ours, stack.enter_context(running(nio_echo(*_ground(stack))))]
        if isinstance(python, Path):
            bots.append(stack.enter_context(running(maubot_echo(*_ground(stack), python))))
        disk = _disk_ms(stack)
        found = latency_rows(bots, disk) + burst_rows(bots) + memory_rows(bots) + gap_rows(ours) + kill_rows(ours)
    if not isinstance(python, Path):
        found.append({"name": f"{NAME}.maubot", "peer": None, "reason": python})
    return found


def _ground(stack: ExitStack) -> tuple[Path, Server]:
    """A folder and a homeserver for one bot."""
    return Path(stack.enter_context(TemporaryDirectory())), stack.enter_context(Server())


def _disk_ms(stack: ExitStack) -> float:
    """What one append takes that is waited for until it is on disk, in milliseconds."""
    bare = Bare(Path(stack.enter_context(TemporaryDirectory())) / "bare")
    return median(each_ms(lambda number: bare.commit(number, ("letters",)), 1) for _ in range(100))


if __name__ == "__main__":
    for measured in rows():
        print(json.dumps(measured))
