"""The strict level on a real homeserver: who has no turn cannot post, their own chat with the bot works, and a stop opens the room."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nio
import pytest

from bot.matrix.floor import SPEAKS
from tests.evening import Evening, evening
from tests.synapse import Synapse

pytestmark = pytest.mark.synapse

GROUP = "anna", "bram", "carla"
EVERYBODY = {"anna", "bram", "carla"}


async def test_only_who_has_the_turn_can_post_until_anybody_calls_it_off(synapse: Synapse, tmp_path: Path) -> None:
    async with evening(synapse, tmp_path / "bot", [GROUP]) as it:
        floor = Floor(it)
        await it.says("anna", "!start intervisie incident 60", "Fase 1 van 11")
        await all_agree(it)
        speaker = await floor.when(lambda may: len(may) == 2)
        silent = next(name for name in GROUP if name not in speaker)
        assert await posted(it, silent, "ik wil ook iets zeggen") is False
        await it.people[silent].ask("!hand", "Je hand is op")
        (holder,) = speaker - {"anna"}
        await it.people[holder].ask("!klaar", "Genoteerd.")
        await floor.when(lambda may: may == {"anna", silent})
        assert await posted(it, silent, "nu mag ik") is True
        assert await posted(it, holder, "ik nog even") is False
        await it.people[holder].ask("!stop", "Genoteerd.")
        await floor.when(lambda may: may == EVERYBODY)
        assert await posted(it, holder, "ik kan weer schrijven") is True
        assert not [line for line in it.bot.events() if line["level"] in {"error", "critical"}]


async def test_a_bot_that_was_killed_opens_the_room_when_it_is_back(synapse: Synapse, tmp_path: Path) -> None:
    async with evening(synapse, tmp_path / "bot", [GROUP]) as it:
        floor = Floor(it)
        await it.says("anna", "!start intervisie incident 60", "Fase 1 van 11")
        await all_agree(it)
        await floor.when(lambda may: len(may) == 2)
        await it.bot.restart()
        await it.bot.ready()
        await it.all_hear("Ik was even weg.")
        await floor.when(lambda may: may == EVERYBODY)
        assert await posted(it, "bram", "daar ben ik weer") is True


async def all_agree(it: Evening) -> None:
    """Anna proposes it, and everybody says yes in their own chat."""
    await it.people["anna"].client.say(it.rooms[0], "!streng")
    for name in GROUP[1:]:
        await it.people[name].hears("Wil je dit?")
        await it.people[name].ask("ja", "Genoteerd.")
    await it.all_hear("Vanaf nu schrijft hier alleen")


class Floor:
    """Who may post in the room, by the newest power levels that Anna's client got. (nio itself never forgets a power.)"""

    def __init__(self, it: Evening) -> None:
        self._it = it
        self._levels: dict[str, Any] = {}
        client: Any = it.people["anna"].client.client
        client.add_event_callback(self._note, nio.PowerLevelsEvent)

    def _note(self, room: nio.MatrixRoom, event: nio.PowerLevelsEvent) -> None:
        if room.room_id == self._it.rooms[0]:
            self._levels = event.source["content"]

    def now(self) -> set[str]:
        needed, powers = self._levels.get("events_default", 0), self._levels.get("users", {})
        assert needed in (0, SPEAKS)
        return {name for name in GROUP if powers.get(self._it.accounts[name].user_id, 0) >= needed}

    async def when(self, so: Callable[[set[str]], bool]) -> set[str]:
        """Who may post, once it is so."""
        await self._it.people["anna"].client.until(lambda: so(self.now()), "others to be free to post")
        return self.now()


async def posted(it: Evening, name: str, text: str) -> bool:
    """Whether the homeserver takes a message of this person in the room of the group."""
    client: Any = it.people[name].client.client
    content = {"msgtype": "m.text", "body": text}
    async with asyncio.timeout(20):
        answer = await client.room_send(it.rooms[0], "m.room.message", content, ignore_unverified_devices=True)
    if isinstance(answer, nio.RoomSendError):
        assert answer.status_code == "M_FORBIDDEN"
        return False
    return True
