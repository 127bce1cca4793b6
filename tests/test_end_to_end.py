"""The whole bot on a real homeserver, with encryption: what people get to see, also when the bot dies in between."""

import re
from pathlib import Path

import pytest

from tests.participant import participant
from tests.running_bot import running_bot
from tests.synapse import Synapse

WORDS = [f"word{number:02}" for number in range(20)]
KILLED_AFTER = (4, 9, 15)


@pytest.mark.synapse
async def test_a_person_begins_a_chat_and_is_answered_encrypted(synapse: Synapse, tmp_path: Path) -> None:
    cor, anna = await synapse.user("cor"), await synapse.user("anna")
    async with running_bot(synapse, tmp_path / "bot", cor) as bot, participant(synapse, anna) as client:
        room = await client.direct_chat(bot.user_id)
        helped = await client.ask(room, "!help", "SecretarisWissel")
        assert helped.encrypted
        assert helped.sender == bot.user_id
        assert helped.kind == "m.notice"
        assert await bot.stop() == 0
        assert "SecretarisWissel" not in bot.log


@pytest.mark.synapse
async def test_after_three_kills_each_of_twenty_commands_has_one_answer_in_order(
    synapse: Synapse, tmp_path: Path
) -> None:
    cor, anna = await synapse.user("cor"), await synapse.user("anna")
    async with running_bot(synapse, tmp_path / "bot", cor) as bot, participant(synapse, anna) as client:
        room = await client.direct_chat(bot.user_id)
        await client.ask(room, "!help", "SecretarisWissel")
        for number, word in enumerate(WORDS):
            await client.say(room, f"!taal {word}")
            if number in KILLED_AFTER:
                await bot.kill()
                await bot.start()
        await client.wait_for(WORDS[-1], room)
        await client.ask(room, "!taal last", "last")
        answers = [message.body for message in client.heard if message.sender == bot.user_id]
    assert re.findall(r"word\d\d", "\n".join(answers)) == WORDS
