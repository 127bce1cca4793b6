"""`kring run` as an operator runs it, in Teams alone: a process of its own, killed and stopped, over HTTP both ways."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio

from bot.clock import WallClock
from tests.fake_connector import BOT, FakeConnector, Fault, person_id, serving_connector
from tests.fake_idp import APP, TENANT, FakeIdp, serving_idp
from tests.local_matrix import EDITION, moved

ROOT = Path(__file__).parent.parent
SECONDS = 30.0


@dataclass
class Bot:
    """The process, and where it listens."""

    folder: Path
    idp: FakeIdp
    connector: FakeConnector

    def write(self) -> None:
        secret = self.folder / "secret"
        secret.write_text(self.idp.secret)
        secret.chmod(0o600)
        today = WallClock().now().date()
        (self.folder / "edition.toml").write_text(moved(EDITION.read_text("utf-8"), today), "utf-8")
        (self.folder / "kring.toml").write_text(
            f"""
            data = "data"
            [[edition]]
            file = "edition.toml"
            coordinators = ["{person_id("cor")}"]
            [teams]
            app_id = "{APP}"
            tenants = ["{TENANT}"]
            secret_file = "secret"
            listen = "127.0.0.1:0"
            openid_metadata = "{self.idp.metadata}"
            login_host = "{self.idp.login_host}"
            service_hosts = ["{self.connector.host}"]
            """
        )

    @asynccontextmanager
    async def running(self, *, end: signal.Signals = signal.SIGTERM) -> AsyncIterator[Process]:
        """The process, which ends at the end of the block by this signal."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--config", str(self.folder / "kring.toml")),
            cwd=ROOT,
            env={**os.environ, "REQUESTS_CA_BUNDLE": str(self.folder / "login.pem")},
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(SECONDS):
                self.connector.endpoint = await listening(process)
            reading = asyncio.create_task(read(process))
            yield process
        finally:
            process.send_signal(end)
            async with asyncio.timeout(SECONDS):
                await process.wait()
        await reading

    async def check(self) -> tuple[int, list[str]]:
        """What `kring check` says of Teams, and its exit code."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "check", "--config", str(self.folder / "kring.toml")),
            cwd=ROOT,
            env={**os.environ, "REQUESTS_CA_BUNDLE": str(self.folder / "login.pem"), "LANG": "C.UTF-8"},
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(SECONDS):
            out, _ = await process.communicate()
        return process.returncode or 0, [line for line in out.decode().splitlines() if " teams: " in line]

    async def ends(self) -> tuple[int, list[str]]:
        """Run it in a Dutch shell until it ends by itself; its exit code, and what it wrote."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--config", str(self.folder / "kring.toml")),
            cwd=ROOT,
            env={**os.environ, "REQUESTS_CA_BUNDLE": str(self.folder / "login.pem"), "LC_ALL": "nl_NL.UTF-8"},
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(SECONDS):
            _, told = await process.communicate()
        return process.returncode or 0, told.decode().splitlines()

    async def install(self, name: str) -> None:
        added = self.connector.activity(name, type="conversationUpdate", membersAdded=[BOT])
        assert await self.connector.tell(added) == 200

    async def hears(self, name: str, words: str) -> str:
        """Wait until somebody reads these words in their own chat; gives what was said there."""
        where = self.connector.chat_of(name)
        await self.connector.pulse.until(lambda: any(words in text for text in self.connector.texts(where)))
        return next(text for text in self.connector.texts(where) if words in text)


DOUBT = "Ik weet niet of een bericht aan"


async def listening(process: Process) -> str:
    """Where the process says that it listens."""
    assert process.stderr is not None
    while line := await process.stderr.readline():
        told = json.loads(line)
        if told["event"] == "teams.listening":
            return str(told["listen"])
    raise AssertionError("it ended before it listened")


async def read(process: Process) -> list[bytes]:
    """The other lines, so that the process never waits for somebody to read them."""
    assert process.stderr is not None
    return [line async for line in process.stderr]


@pytest_asyncio.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with serving_idp(tmp_path) as idp, serving_connector(idp) as connector:
        it = Bot(tmp_path, idp, connector)
        await asyncio.to_thread(it.write)
        yield it


async def test_kring_check_asks_microsoft_who_we_are(bot: Bot) -> None:
    assert await bot.check() == (0, ["ok  teams: 127.0.0.1:0"])
    bot.idp.secret = "another"
    code, (line,) = await bot.check()
    assert code == 1
    assert line.startswith("NO  teams: no token from Microsoft (invalid_client); ")


async def test_a_proof_that_microsoft_refuses_stops_the_start_with_one_line(bot: Bot) -> None:
    bot.idp.secret = "another"
    code, told = await bot.ends()
    assert code == 2
    (line,) = (it for it in told if not it.startswith("{"))
    assert line == (
        "kring.toml: teams: Microsoft weigert het bewijs van wie de bot is (invalid_client, AADSTS7000215); "
        "kijk naar app_id, het bewijs en de eerste tenant"
    )


async def test_kring_run_serves_teams_alone_and_ends_on_sigterm(bot: Bot) -> None:
    async with bot.running() as process:
        assert await bot.connector.speak("anna", "hulp") == 200
        await bot.connector.until(1)
    assert process.returncode == 0
    assert bot.connector.said[0].conversation == bot.connector.chat_of("anna")


async def test_what_was_handled_before_a_kill_is_not_handled_again(bot: Bot) -> None:
    message = bot.connector.activity("anna", "hulp")
    async with bot.running(end=signal.SIGKILL):
        assert await bot.connector.tell(message) == 200
        await bot.connector.until(1)
    async with bot.running():
        assert await bot.connector.tell(message) == 200
        assert await bot.connector.speak("anna", "taal en") == 200
        await bot.connector.until(2)
    answers = [text for text in bot.connector.texts(bot.connector.chat_of("anna")) if text == bot.connector.texts()[0]]
    assert len(answers) == 1


async def test_a_letter_in_doubt_is_said_once_and_the_coordinator_hears_of_it(bot: Bot) -> None:
    async with bot.running():
        await bot.install("cor")
        bot.connector.faults.append(Fault("lost", conversation=bot.connector.chat_of("anna")))
        assert await bot.connector.speak("anna", "!contact") == 200
        assert person_id("anna") in await bot.hears("cor", DOUBT)
    assert len(bot.connector.texts(bot.connector.chat_of("anna"))) == 1


async def test_a_kill_while_a_letter_is_on_its_way_says_it_at_most_once(bot: Bot) -> None:
    async with bot.running(end=signal.SIGKILL):
        await bot.install("cor")
        bot.connector.faults.append(Fault("silent", conversation=bot.connector.chat_of("anna")))
        assert await bot.connector.speak("anna", "!contact") == 200
        await bot.connector.pulse.until(lambda: not bot.connector.faults)
    async with bot.running():
        await bot.hears("cor", DOUBT)
    assert bot.connector.texts(bot.connector.chat_of("anna")) == []
