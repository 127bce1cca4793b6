"""The bot is killed while people talk to it: each thing said is answered once and in order, whatever it was doing when it died."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.bot_process import bot_process
from tests.participant import participant
from tests.synapse import Synapse


@pytest.mark.synapse
async def test_twenty_commands_and_three_kills_give_twenty_answers_in_order(synapse: Synapse, tmp_path: Path) -> None:
    await talk_to_a_dying_bot(synapse, tmp_path / "bot", commands=20, killed_after={4, 9, 15})


@pytest.mark.slow
@pytest.mark.synapse
async def test_sixty_commands_and_fifteen_kills_give_sixty_answers_in_order(synapse: Synapse, tmp_path: Path) -> None:
    """Some kills come while the bot is still starting after the one before."""
    await talk_to_a_dying_bot(synapse, tmp_path / "bot", commands=60, killed_after={*range(3, 59, 4), 20})


async def talk_to_a_dying_bot(synapse: Synapse, folder: Path, *, commands: int, killed_after: Iterable[int]) -> None:
    """Nobody waits for an answer before saying the next thing, so the bot dies at another point of its work each time."""
    account, anna, cor = await synapse.user("kring"), await synapse.user("anna"), await synapse.user("cor")
    words = [f"woord{number:02}" for number in range(commands)]
    async with bot_process(synapse.url, folder, account, [cor.user_id]) as bot, participant(synapse, anna) as client:
        room = await client.direct_chat(account.user_id)
        await client.ask(room, "!help", "SecretarisWissel")
        for number, word in enumerate(words):
            await client.say(room, f"!help {word}")
            if number in killed_after:
                await bot.restart()
        await client.wait_for(words[-1], room, seconds=60)
        await client.ask(room, "!help slot", "slot")
        said = [message for message in client.heard if message.sender == bot.user_id]
    assert re.findall(r"woord\d\d", "\n".join(message.body for message in said)) == words
    assert all(message.encrypted for message in said)
    assert not client.unreadable
