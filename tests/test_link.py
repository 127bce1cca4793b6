"""A coordinator says which conversation is which room, where the platform cannot make rooms."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from bot.chat import Heard, RoomFacts
from bot.console import Stage
from programme import rooms
from programme.records import Group
from storage.letters import Audit, Room
from tests.stage import edition, local, plain, playing

HERE = "teams:19:groep@thread.v2"
GROUP = rooms.group(edition().id, 1)
MEMBERS = ("anna", "bram", "carla")
ids = count(1)


@dataclass
class Conversation:
    """A conversation that the house does not know yet, with these people in it."""

    stage: Stage
    members: frozenset[str] = frozenset({*MEMBERS, "cor"})
    linkable: bool = True

    async def say(self, person: str, text: str, place: str = HERE) -> str:
        """Say something there; gives what the bot said to it, wherever that was."""
        facts = RoomFacts(members=self.members, linkable=self.linkable)
        room = self.stage.house.key_of(place) or place
        now = self.stage.clock.now()
        await self.stage.house.hear(Heard(f"link-{next(ids)}", person, room, place, text, now, person, facts))
        await self.stage.house.settle()
        return plain(self.stage.console.fetch())

    def place(self, key: str) -> str | None:
        return self.stage.house.place_of(key)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Conversation]:
    group = Group(id=f"{edition().id}/1", edition=edition().id, number=1, members=MEMBERS)
    async with playing(tmp_path, "2026-10-13 13:30", already=[group]) as stage:
        await stage.travel(local("2026-10-13 13:30"))
        stage.console.fetch()
        yield Conversation(stage)


async def test_a_coordinator_links_a_conversation_to_a_group(here: Conversation) -> None:
    said = await here.say("cor", "!kamer koppel groep 1")
    assert "Vanaf nu is dit gesprek: Intervisiegroep 1" in said
    assert here.place(GROUP) == HERE
    assert "al Intervisiegroep 1" in await here.say("cor", "!kamer koppel groep 1")


async def test_who_links_a_group_is_told_to_leave_it(here: Conversation) -> None:
    said = await here.say("cor", "!kamer koppel groep 1")
    assert "Er is 1 persoon in de kamer" in said
    assert "Ga eruit als je klaar bent" in said


@pytest.mark.parametrize("person", ["anna", "zoe", "dirk"])
async def test_nobody_else_links(here: Conversation, person: str) -> None:
    assert "Dat kan alleen de coördinator" in await here.say(person, "!kamer koppel groep 1")
    assert here.place(GROUP) is None


async def test_where_the_bot_makes_the_rooms_there_is_nothing_to_link(here: Conversation) -> None:
    here.linkable = False
    assert "niets te koppelen" in await here.say("cor", "!kamer koppel groep 1")
    assert "niets te koppelen" in await here.say("cor", "!kamer los")
    assert here.place(GROUP) is None


@pytest.mark.parametrize("wrong", ["groep 9", "groep", "bezoek anna", "bezoek"])
async def test_a_room_that_is_not_there_is_refused_with_an_example(here: Conversation, wrong: str) -> None:
    assert "Typ bijvoorbeeld `!kamer koppel" in await here.say("cor", f"!kamer koppel {wrong}")
    assert here.stage.house.key_of(HERE) is None


async def test_one_conversation_is_one_room(here: Conversation) -> None:
    await here.say("cor", "!kamer koppel groep 1")
    assert "Maak dat eerst los" in await here.say("cor", "!kamer koppel iedereen")
    assert "geen kamer van mij meer" in await here.say("cor", "!kamer los")
    await here.say("cor", "!kamer koppel iedereen")
    assert (here.place(GROUP), here.place(rooms.cohort(edition().id))) == (None, HERE)


async def test_a_room_moves_to_the_conversation_that_was_linked_last(here: Conversation) -> None:
    await here.say("cor", "!kamer koppel groep 1")
    said = await here.say("cor", "!kamer koppel groep 1", "teams:19:nieuw@thread.v2")
    assert "is het niet meer" in said
    assert here.place(GROUP) == "teams:19:nieuw@thread.v2"
    assert here.stage.house.key_of(HERE) is None


async def test_the_desk_is_for_coordinators_alone(here: Conversation) -> None:
    assert "geen coördinator" in await here.say("cor", "!kamer koppel coördinatie")
    here.members = frozenset({"cor"})
    assert "Vanaf nu" in await here.say("cor", "!kamer koppel coördinatie")
    assert here.place(rooms.desk(edition().id)) == HERE


async def test_what_is_linked_is_kept_with_who_did_it(here: Conversation) -> None:
    await here.say("cor", "!kamer koppel groep 1")
    await here.say("cor", "!kamer los")
    audits = [(it.person, it.action, it.about) for it in here.stage.house.store[Audit].values()]
    assert sorted(audits) == [("cor", "link", ("group", "1")), ("cor", "unlink", (GROUP,))]
    assert GROUP not in here.stage.house.store[Room]


async def test_unlinking_what_is_no_room_changes_nothing(here: Conversation) -> None:
    assert "geen kamer van mij" in await here.say("cor", "!kamer los")
