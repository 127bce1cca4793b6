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

from tests.bot_process import bot_process
from tests.participant import PATIENCE, participant
from tests.synapse import Credentials, Synapse

INTEROP = Path(__file__).parent / "interop"
NO_SHIELD = 0


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
        raise AssertionError(f"the script ended without telling {fact}")


@asynccontextmanager
async def strict_client(node: str, synapse: Synapse, credentials: Credentials, bot: str) -> AsyncIterator[Strict]:
    """Somebody who begins a chat with the bot and asks for help."""
    person = {"HOMESERVER": synapse.url, "USER": credentials.user_id, "PASSWORD": credentials.password}
    process = await asyncio.create_subprocess_exec(
        *(node, "strict.mjs"),
        cwd=INTEROP,
        env={**os.environ, **person, "BOT": bot, "SAY": "!help"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Strict(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.synapse
async def test_a_strict_client_and_the_bot_read_each_other_without_a_shield(
    node: str, synapse: Synapse, tmp_path: Path
) -> None:
    kring, cor, anna = await synapse.user("kring"), await synapse.user("cor"), await synapse.user("anna")
    async with (
        bot_process(synapse.url, tmp_path / "bot", kring, [cor.user_id]) as bot,
        strict_client(node, synapse, anna, bot.user_id) as client,
    ):
        heard = await client.tells("heard")
    assert "SecretarisWissel" in heard["body"]
    assert heard["shield"] == NO_SHIELD


@pytest.mark.synapse
async def test_a_strict_client_and_an_unsigned_bot_do_not_read_each_other(node: str, synapse: Synapse) -> None:
    kring, anna = await synapse.user("kring"), await synapse.user("anna")
    async with participant(synapse, kring) as bot, strict_client(node, synapse, anna, bot.user_id) as client:
        await client.tells("said")
        await bot.until(lambda: bool(bot.unreadable), "something that it cannot read")
        await bot.say(bot.unreadable[0].room_id, "Dag, ik ben Kring.")
        assert await client.tells("unreadable") == "UNSIGNED_SENDER_DEVICE"
    assert bot.heard == [message for message in bot.heard if message.sender == kring.user_id]
