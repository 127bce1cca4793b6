"""A button answers the question below which it stands, and no other: also when that question is long over."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest_asyncio

from bot.chat import Heard, Post, RoomFacts
from bot.console import Stage
from programme import rooms
from programme.records import Participant
from tests.stage import edition, local, playing, say

CLOSED = "Die knop hoort bij een vraag die voorbij is."
NONE_OPEN = "Er staat nu geen vraag open."
ids = count(1)


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with playing(tmp_path, "2026-08-18 10:00") as it:
        await it.travel(local("2026-08-18 10:00"))
        yield it


async def pressed(stage: Stage, person: str, label: str, letter: str) -> list[Post]:
    """Let somebody press a button below this letter, as a platform with buttons tells it."""
    room, now = rooms.direct(person), stage.clock.now()
    stage.console.fetch()
    heard = Heard(
        f"button-{next(ids)}", person, room, room, label, now, person, RoomFacts(), reply_to=letter, by_button=True
    )
    await stage.house.hear(heard)
    await stage.house.settle()
    return stage.console.fetch()


def state_of(stage: Stage, person: str) -> str:
    return stage.house.store[Participant][f"{edition().id}/{person}"].state


async def test_a_button_answers_its_own_question(stage: Stage) -> None:
    (asked,) = await say(stage, "anna", "!terugtrekken")
    await pressed(stage, "anna", asked.buttons[0][0], asked.id)
    assert state_of(stage, "anna") == "withdrawn"


async def test_an_old_button_does_not_say_yes_to_a_new_question(stage: Stage) -> None:
    (old,) = await say(stage, "anna", "!terugtrekken")
    await say(stage, "anna", old.buttons[1][0])
    (new,) = await say(stage, "anna", "!terugtrekken")
    (answer,) = await pressed(stage, "anna", old.buttons[0][0], old.id)
    assert CLOSED in answer.plain
    assert state_of(stage, "anna") == "in"
    await pressed(stage, "anna", new.buttons[0][0], new.id)
    assert state_of(stage, "anna") == "withdrawn"


async def test_a_button_of_somebody_else_says_nothing(stage: Stage) -> None:
    (asked,) = await say(stage, "anna", "!terugtrekken")
    (answer,) = await pressed(stage, "bram", asked.buttons[0][0], asked.id)
    assert NONE_OPEN in answer.plain
    assert (state_of(stage, "anna"), state_of(stage, "bram")) == ("in", "in")


async def test_a_button_is_pressed_once(stage: Stage) -> None:
    (asked,) = await say(stage, "anna", "!terugtrekken")
    await pressed(stage, "anna", asked.buttons[1][0], asked.id)
    (answer,) = await pressed(stage, "anna", asked.buttons[0][0], asked.id)
    assert NONE_OPEN in answer.plain
    assert state_of(stage, "anna") == "in"


async def test_a_button_that_stands_for_a_command_is_that_command_at_any_time(stage: Stage) -> None:
    (answer,) = await pressed(stage, "anna", "!contact", "an old letter")
    assert "Bel of mail" in answer.plain
