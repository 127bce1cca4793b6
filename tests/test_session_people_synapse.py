"""Who comes late, who speaks out of turn, who leaves and who falls away, in a session on a real homeserver with encryption."""

from pathlib import Path

import pytest

from tests.evening import Evening, evening
from tests.synapse import Synapse

pytestmark = pytest.mark.synapse

GROUP = "anna", "bram", "carla", "dirk", "emre"
LATE = "emre"


async def test_a_session_goes_on_whoever_comes_speaks_or_goes(synapse: Synapse, tmp_path: Path) -> None:
    async with evening(synapse, tmp_path / "bot", [GROUP], late=[LATE]) as it:
        await a_case_is_told(it)
        await the_room_is_reminded_once_and_then_only_who_speaks_out_of_turn(it)
        await who_comes_late_pauses_it_and_gets_a_turn(it)
        await who_leaves_is_passed_over_without_a_word(it)
        await another_takes_over_when_the_facilitator_is_gone(it)
        assert not [line for line in it.bot.events() if line["level"] in {"error", "critical"}]


async def a_case_is_told(it: Evening) -> None:
    """Bram brings his case, and the others may ask, one at a time."""
    await it.says("anna", "!start intervisie nu", "Fase 1 van 11")
    for phase in (2, 3):
        await it.says("anna", "overslaan", f"Fase {phase} van 11")
    await it.says("anna", "!inbrenger bram", "de casus van Bram")
    for phase in (4, 5):
        await it.says("anna", "volgende", f"Fase {phase} van 11")
    await it.says("anna", "overslaan", "Fase 6 van 11")


async def holder(it: Evening) -> str:
    """Who has the turn, as the bot says to who asks."""
    told = await it.people["anna"].ask("tijd", "is aan de beurt", it.rooms[0])
    return next(name for name in GROUP if f"{name.capitalize()} is aan de beurt" in told.body)


async def the_room_is_reminded_once_and_then_only_who_speaks_out_of_turn(it: Evening) -> None:
    has_it = await holder(it)
    other = next(name for name in ("carla", "dirk") if name != has_it)
    await it.people[other].client.say(it.rooms[0], "Mag ik ook iets vragen?")
    await it.all_hear("Even wachten:")
    hints = len(it.people[other].client.heard)
    await it.people[other].client.say(it.rooms[0], "En nog iets?")
    await it.people[other].hears("Een ander is aan de beurt.", after=hints)
    said = [message for message in it.people["bram"].client.heard if "Even wachten:" in message.body]
    assert len(said) == 1, "the room is reminded once in a phase"


async def who_comes_late_pauses_it_and_gets_a_turn(it: Evening) -> None:
    await it.comes(LATE, greeting="Er loopt een sessie.")
    await it.people[LATE].client.joined(it.rooms[0])
    await it.people["anna"].hears("Er komt iemand bij.", it.rooms[0])
    await it.says("anna", "!hervat", "We gaan verder.")
    await it.says("anna", "!beurt emre", "Emre, jij bent aan de beurt.")
    await it.people[LATE].hears("Emre, jij bent aan de beurt.", it.rooms[0])


async def who_leaves_is_passed_over_without_a_word(it: Evening) -> None:
    """The turn goes on to somebody else; no message names who left."""
    carla = it.people.pop("carla")
    before = len(it.people["anna"].client.heard)
    await carla.client.client.room_leave(it.rooms[0])
    anna = it.people["anna"].client
    await anna.until(lambda: carla.client.user_id not in anna.client.rooms[it.rooms[0]].users, "carla to leave")
    await it.says("emre", "pas", "Dirk, jij bent aan de beurt.")
    fresh = [
        message for message in anna.heard[before:] if not message.body.startswith("*")
    ]  # the status is edited in place
    assert fresh
    assert not [message for message in fresh if "Carla" in message.body]


async def another_takes_over_when_the_facilitator_is_gone(it: Evening) -> None:
    anna = it.people.pop("anna")
    await anna.client.client.room_leave(it.rooms[0])
    await it.people["dirk"].hears("De begeleider is weg.", it.rooms[0])
    await it.says("dirk", "overnemen", "Dirk is nu de begeleider.")
    await it.says("dirk", "overslaan", "Fase 7 van 11")
    await it.says("dirk", "!afronden nu", "Deze sessie is klaar")
