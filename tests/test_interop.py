"""Element's own crypto, told to exclude insecure devices, and the bot: they read each other, and only because it is signed."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.matrix.crossing import ensure_cross_signed
from bot.matrix.session import close_session, open_session
from bot.settings import MatrixSettings
from tests.participant import PATIENCE, Participant
from tests.synapse import Credentials, Synapse

INTEROP = Path(__file__).parent / "interop"
NO_SHIELD = 0
GREETING = "Dag, ik ben Kring."
ANSWER = "Dag Kring, ik lees je."


@pytest.fixture(scope="session")
def node() -> str:
    """Node with matrix-js-sdk. Without Node there is nothing to try, which only a machine of a person may say."""
    found = shutil.which("node")
    npm = shutil.which("npm")
    if found is None or npm is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Node on this machine: the interop test needs Node 20 or later")
        pytest.skip("no Node on this machine: Element's crypto is not tried")
    if not (INTEROP / "node_modules").exists():
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=INTEROP, check=True)  # noqa: S603
    return found


@dataclass
class Strict:
    """The person with the strict client, in a process of its own."""

    process: asyncio.subprocess.Process

    async def tells(self, fact: str) -> Any:
        """Wait until the script tells something with this key, and give what it is."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            async for line in self.process.stdout:
                told = json.loads(line)
                if fact in told:
                    return told[fact]
                assert "unreadable" not in told, told
        raise AssertionError(f"the script ended without telling {fact}")


@asynccontextmanager
async def strict_client(node: str, synapse: Synapse, credentials: Credentials) -> AsyncIterator[Strict]:
    wishes = {
        "HOMESERVER": synapse.url,
        "USER": credentials.user_id,
        "PASSWORD": credentials.password,
        "ANSWER": ANSWER,
    }
    process = await asyncio.create_subprocess_exec(
        node, "strict.mjs", cwd=INTEROP, env={**os.environ, **wishes}, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Strict(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@asynccontextmanager
async def bot_on(synapse: Synapse, folder: Path, *, signed: bool) -> AsyncIterator[Participant]:
    """The bot's own session, with a loop that only listens."""
    credentials = await synapse.user("kring")
    secret = SecretStr(credentials.password)
    settings = MatrixSettings(homeserver=synapse.url, user=credentials.user_id, password=secret)
    client = await open_session(settings, folder)
    try:
        if signed:
            await ensure_cross_signed(client, settings, folder)
        async with Participant(client) as bot:
            yield bot
    finally:
        await close_session(client)


@pytest.mark.synapse
async def test_a_strict_client_reads_the_bot_without_a_shield_and_is_read(
    node: str, synapse: Synapse, tmp_path: Path
) -> None:
    anna = await synapse.user("anna")
    async with bot_on(synapse, tmp_path / "matrix", signed=True) as bot, strict_client(node, synapse, anna) as client:
        await client.tells("ready")
        room = await bot.direct_chat(anna.user_id)
        await bot.say(room, GREETING)
        assert await client.tells("shield") == NO_SHIELD
        heard = await bot.wait_for(ANSWER, room)
    assert (heard.sender, heard.encrypted) == (anna.user_id, True)


@pytest.mark.synapse
async def test_a_strict_client_and_an_unsigned_bot_do_not_read_each_other(
    node: str, synapse: Synapse, tmp_path: Path
) -> None:
    anna = await synapse.user("anna")
    async with bot_on(synapse, tmp_path / "matrix", signed=False) as bot, strict_client(node, synapse, anna) as client:
        await client.tells("ready")
        room = await bot.direct_chat(anna.user_id)
        await bot.say(room, GREETING)
        assert await client.tells("unreadable") == "UNSIGNED_SENDER_DEVICE"
        await client.tells("said")
        await bot.until(lambda: bool(bot.unreadable), "something that it cannot read")
    assert not any(message.sender == anna.user_id for message in bot.heard)
