"""The same bad days in Teams, where nothing can be repeated safely: at most once, and what is in doubt is shown.

    python -m tests.simulation_teams SEED

plays one seed and prints what happened in it. How a process dies is told in `simulation`.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random  # noqa: TID251 - the seed decides what goes wrong, and each run can be played again
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import House, Setup
from bot.clock import WallClock
from bot.settings import TeamsSettings
from bot.teams import TeamsChat
from programme.edition import parse
from storage.letters import Audit, Letter, Seen, Undelivered
from tests.bot_process import open_edition
from tests.doors import let_nobody_in
from tests.fake_connector import FakeConnector, Fault, person_id, serving_connector
from tests.fake_idp import APP, TENANT, FakeIdp, serving_idp
from tests.simulation import PATIENCE, PEOPLE, Wall, hurried, keep_what_is_on_disk, watch_commits, words
from tests.teams_house import QUICK, opened

STAGES = ("before commit", "written", "on disk", "said")
FAULTS: tuple[int | str, ...] = (429, 500, 502, "lost", "lost", "reset", "silent")
JUMPS = tuple(timedelta(minutes=m) for m in (-300, -2, 13, 14 * 60, -14 * 60))
WORD = re.compile(r"w\d{3}")


@dataclass(frozen=True)
class Counts:
    """What became of a run, or of all of them."""

    commands: int = 0
    applied: int = 0
    said: int = 0
    kills: int = 0
    faults: int = 0
    doubtful: int = 0
    """Letters of which nobody knows, and which the coordinators are told of."""
    lost: int = 0
    """Commands that Teams was told are taken, and that were not applied."""
    applied_twice: int = 0
    doubled: int = 0
    disordered: int = 0
    silent: int = 0
    """Letters that did not arrive and that nobody was told of."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: value + asdict(other)[name] for name, value in asdict(self).items()})

    @property
    def wrong(self) -> dict[str, int]:
        """What must be nothing, and is not."""
        named = ("lost", "applied_twice", "doubled", "disordered", "silent")
        return {name: value for name in named if (value := asdict(self)[name])}


@dataclass
class TeamsDays:
    """One run."""

    seed: int
    folder: Path
    idp: FakeIdp
    connector: FakeConnector
    diary: list[str] = field(default_factory=list)
    commands: list[tuple[str, str, str]] = field(default_factory=list)
    """Who, the id of the activity, and the word."""
    kills: int = 0
    faults: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.wall = Wall(WallClock().now())
        self._armed: tuple[str, int] | None = None
        self._life = 0
        self._said = 0
        self._alive = asyncio.Event()
        self.killed = asyncio.Event()
        self._speaking: dict[str, asyncio.Task[None]] = {}
        self._closing: list[Awaitable[None]] = []

    def note(self, what: str) -> None:
        self.diary.append(f"{self.wall.now():%H:%M:%S.%f} {what}")

    # ── lives ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def live(self) -> None:
        self._life += 1
        edition = parse(open_edition()).model_copy(update={"reminders": (), "coordinators": (person_id("cor"),)})
        self.house = House(Setup(self._here / "state", words(), [edition], clock=self.wall))
        watch_commits(self.house, self._happens)
        self._chat = TeamsChat(self._settings(), self.house.spell, self.house.place_of, clock=self.wall, patience=QUICK)
        self._serving = asyncio.get_running_loop().create_task(self.house.serve([self._chat]))
        await opened(self._chat, self._serving)
        self.connector.endpoint = self._chat.address
        self._alive.set()

    def _settings(self) -> TeamsSettings:
        return TeamsSettings(
            app_id=APP,
            tenants=(TENANT,),
            secret=SecretStr(self.idp.secret),
            listen="127.0.0.1:0",
            openid_metadata=self.idp.metadata,
            login_host=self.idp.login_host,
            service_hosts=(self.connector.host,),
        )

    @property
    def _here(self) -> Path:
        return self.folder / f"life{self._life}"

    def _happens(self, stage: str, house: object = None) -> None:
        if self._armed is None or self._armed[0] != stage or (house is not None and house is not self.house):
            return
        self._armed = (stage, self._armed[1] - 1)
        if self._armed[1] <= 0:
            self.kill(stage)

    def look(self) -> None:
        """Whether something has just been said."""
        if len(self.connector.said) > self._said:
            self._said = len(self.connector.said)
            self._happens("said")

    def kill(self, when: str) -> None:
        if self.killed.is_set():
            return
        self.note(f"killed, {when}")
        self.kills, self._armed = self.kills + 1, None
        running: Any = self._chat._running
        if running is not None:
            self._closing.append(aiohttp.BaseConnector.close(running._session.connector))  # at once; the rest may wait
        self._alive.clear()
        self.connector.endpoint = "127.0.0.1:1"
        keep_what_is_on_disk(self.house, self._here, self.folder / f"life{self._life + 1}", self.random)
        self.killed.set()

    async def rise(self) -> None:
        await self.bury()
        await self.live()
        self.killed.clear()

    async def bury(self) -> None:
        running: Any = self._chat._running
        if running is not None and running.inbound._runner is not None:
            await let_nobody_in(running.inbound._runner)
        for closing in self._closing:
            await closing
        self._closing.clear()
        self._serving.cancel()
        with suppress(asyncio.CancelledError):
            await self._serving

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def play(self, steps: int) -> None:
        for _step in range(steps):
            self.random.choice([self._say, self._say, self._say, self._go_wrong, self._jump, self._die])()
            if self.killed.is_set():
                await self.rise()
            await asyncio.sleep(self.random.choice((0.0, 0.001, 0.01, 0.05)))

    def _say(self) -> None:
        """Queue a command; a person says the next thing when Teams has handed over the one before."""
        name, word = self.random.choice(PEOPLE), f"w{len(self.commands):03}"
        activity = self.connector.activity(name, f"!tel {word}")
        self.commands.append((name, activity["id"], word))
        self.note(f"{name} says {word}")
        before = self._speaking.get(name)
        self._speaking[name] = asyncio.get_running_loop().create_task(self._hand_over(activity, before))

    async def _hand_over(self, activity: dict[str, Any], before: "asyncio.Task[None] | None") -> None:
        """As Teams does: again, with the same id, until the bot has taken it. What a dead process answers nobody hears."""
        if before is not None:
            await before
        while True:
            await self._alive.wait()
            life = self._life
            with suppress(aiohttp.ClientError, TimeoutError):
                status = await self.connector.tell(activity)
                if status == 200 and life == self._life and not self.killed.is_set():
                    return
            await asyncio.sleep(0.01)

    def _go_wrong(self) -> None:
        fault = Fault(self.random.choice(FAULTS))
        self.connector.faults.append(fault)
        self.faults += 1
        self.note(f"{fault.how} for the next thing said")

    def _jump(self) -> None:
        by = self.random.choice(JUMPS)
        self.wall.jump(by)
        self.note(f"the clock is set by {by}")

    def _die(self) -> None:
        self._armed = (self.random.choice(STAGES), self.random.randint(1, 6))

    async def calm(self) -> None:
        """Nothing goes wrong any more; wait until all is done that will be."""
        self._armed = None
        self.connector.faults.clear()
        if self.killed.is_set():
            await self.rise()
        with suppress(TimeoutError):  # then something is missing, and is counted
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*self._speaking.values())
                await self.house.settle()

    # ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def counts(self) -> Counts:
        store = self.house.store
        times = {word: len(store[Audit][word].about) if word in store[Audit] else 0 for *_, word in self.commands}
        heard = {word: self._times_said(name, word) for name, _id, word in self.commands}
        told = {it.id.rpartition("#")[0] for it in store[Undelivered].values()} | {
            letter.id.rpartition("#")[0] for letter in store[Letter].values()
        }
        events = {id_: next((key for key in store[Seen] if id_ in key), "") for _name, id_, _word in self.commands}
        return Counts(
            commands=len(self.commands),
            applied=sum(times.values()),
            said=sum(heard.values()),
            kills=self.kills,
            faults=self.faults,
            doubtful=sum(it.reason == "doubtful" for it in store[Undelivered].values()),
            lost=sum(not n for n in times.values()),
            applied_twice=sum(n - 1 for n in times.values() if n > 1),
            doubled=sum(n - 1 for n in heard.values() if n > 1),
            disordered=sum(self._disordered(name) for name in PEOPLE),
            silent=sum(not heard[word] and events[id_] not in told for _name, id_, word in self.commands),
        )

    def _words(self, name: str) -> list[str]:
        """The words that were said to somebody, in their order."""
        return [word for text in self.connector.texts(self.connector.chat_of(name)) for word in WORD.findall(text)]

    def _times_said(self, name: str, word: str) -> int:
        return self._words(name).count(word)

    def _disordered(self, name: str) -> int:
        said = self._words(name)
        return sum(later < earlier for earlier, later in pairwise(said))


async def _watching(days: TeamsDays) -> None:
    """See each thing that is said, to kill the bot before it hears that it was."""
    while True:
        beats = days.connector.pulse._beats
        await beats.wait()
        days.look()


@asynccontextmanager
async def teams_days(seed: int, folder: Path) -> AsyncIterator[TeamsDays]:
    async with serving_idp(folder) as idp, serving_connector(idp) as connector:
        days = TeamsDays(seed, folder, idp, connector)
        with hurried(), pytest.MonkeyPatch.context() as patch:
            patch.setenv("REQUESTS_CA_BUNDLE", str(folder / "login.pem"))
            await days.live()
            watcher = asyncio.get_running_loop().create_task(_watching(days))
            try:
                yield days
            finally:
                for task in (watcher, *days._speaking.values()):
                    task.cancel()
                await days.bury()


async def played(seed: int, *, steps: int = 40) -> tuple[Counts, list[str]]:
    """What became of a run, and its diary."""
    with tempfile.TemporaryDirectory(prefix="kring-") as folder:
        async with teams_days(seed, Path(folder)) as days:
            await days.play(steps)
            await days.calm()
            return days.counts(), days.diary


def main() -> None:
    """Play the seed that is named, and print its diary and counts."""
    counts, diary = asyncio.run(played(int(sys.argv[1])))
    print(*diary, asdict(counts), counts.wrong or "nothing is wrong", sep="\n")  # noqa: T201 - this is what it is played for


if __name__ == "__main__":
    main()
