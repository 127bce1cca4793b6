"""Whom somebody means: a full id, a name of one or more words, and a question when more people have it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.transcript import enrolled
from programme.model import Model
from programme.people import Person
from programme.records import Round
from tests.stage import edition, local, plain, playing, say

AT = "2026-09-07 10:00"
BOER = Person(id="@anna.boer:x.nl", name="Anna de Boer", organisation="AFM", sector="rijk")
SMIT = Person(id="@anna.smit:x.nl", name="Anna Smit", organisation="CBG", sector="zorg")
CARLA = Person(id="@carla:x.nl", name="Carla van der Berg", organisation="CAOP", sector="onderwijs")
PEOPLE = (BOER, SMIT, CARLA)


def everybody() -> Sequence[Model]:
    return (*PEOPLE, *enrolled(PEOPLE, edition(), local(AT)))


@pytest.mark.parametrize(
    ("written", "who"),
    [
        ("Anna de Boer", "Anna de Boer"),
        ("anna de boer", "Anna de Boer"),
        ("boer", "Anna de Boer"),
        ("Carla", "Carla van der Berg"),
        ("carla van der berg", "Carla van der Berg"),
        ("berg", "Carla van der Berg"),
        ("@anna.smit:x.nl", "Anna Smit"),
        ('"Anna Smit"', "Anna Smit"),
    ],
)
async def test_a_name_is_understood_as_it_is_shown(tmp_path: Path, written: str, who: str) -> None:
    async with playing(tmp_path, AT, "coordinator: cor", already=everybody()) as stage:
        said = plain(await say(stage, "cor", f"!match zet vast {written} 2 afgesproken"))
        assert who in said or "je eigen plek" in said or "eigen organisatie" in said, said


async def test_a_first_name_of_two_people_is_asked_and_the_button_says_which(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, "coordinator: cor", already=everybody()) as stage:
        (asked,) = await say(stage, "cor", "!match zet vast anna 3 afgesproken")
        assert [label for label, _typed in asked.buttons] == ["Anna de Boer (AFM)", "Anna Smit (CBG)"]
        await stage.press("cor", "Anna Smit (CBG)")
        await stage.speak("cor", "ja")
        assert [lock.person for lock in stage.house.store[Round][edition().id].locks] == [SMIT.id]


@pytest.mark.parametrize("written", ["Anna de Boer bij CAOP omdat het past", "boer 3 omdat het past"])
async def test_a_small_word_ties_a_person_to_a_place(tmp_path: Path, written: str) -> None:
    async with playing(tmp_path, AT, "coordinator: cor", already=everybody()) as stage:
        await stage.speak("cor", f"!match zet vast {written}")
        await stage.speak("cor", "ja")
        assert [lock.person for lock in stage.house.store[Round][edition().id].locks] == [BOER.id]


@pytest.mark.parametrize("written", ["Anna de Boer met Carla van der Berg", "boer en carla", "boer carla"])
async def test_two_people_stand_in_one_line(tmp_path: Path, written: str) -> None:
    async with playing(tmp_path, "2026-11-02 10:00", "coordinator: cor", already=everybody()) as stage:
        said = plain(await say(stage, "cor", f"!groepen ruil {written}"))
        assert "ken ik niet" not in said
        assert "Bedoel je" not in said


async def test_in_a_room_of_more_people_the_full_addresses_are_told(tmp_path: Path) -> None:
    people = "coordinator: cor, coordinator: eva"
    async with playing(tmp_path, AT, people, already=everybody()) as stage:
        said = await say(stage, "cor", "!match zet vast anna 3 afgesproken", "desk")
        assert BOER.id in plain(said)
        assert all(not post.buttons for post in said)
