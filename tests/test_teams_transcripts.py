"""The conversations of the transcripts, word for word, through the Teams adapter and over HTTP."""

import asyncio
import difflib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import Setup
from bot.clock import SetClock
from bot.transcript import LOTTERY, enrolled, grouped, read_scene
from tests.fake_connector import serving_connector
from tests.fake_idp import FakeIdp
from tests.stage import FOUR, all_commands, edition, local
from tests.teams_stage import TeamsPlayer, TeamsStage, Unplayable, fields

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").rglob("*.chat"))
NOT_IN_TEAMS = {
    "controle": "it names the platform that is in order",
    "reis-10-een-vreemde-in-de-kamer": "the room becomes one whose past newcomers can read: in Teams that is another conversation",
    "sessie-opkomst": "the room becomes one without encryption, and in Teams a room does not change so",
    "sessie-streng": "Teams cannot hold anybody back from posting, so the strict level is not offered",
}
"""Conversations that cannot go the same way in Teams, and why."""
PLAYED = [path for path in TRANSCRIPTS if path.stem not in NOT_IN_TEAMS]
NOT_PLAYED = [path for path in TRANSCRIPTS if path.stem in NOT_IN_TEAMS]
PATIENCE = 240.0


async def played(written: str, folder: Path) -> str:
    async with serving_connector(FakeIdp()) as connector, asyncio.timeout(PATIENCE):
        return await TeamsPlayer(all_commands(), edition(), folder / "state", connector=connector).play(written)


@pytest.mark.slow
@pytest.mark.parametrize("path", PLAYED, ids=lambda path: path.stem)
def test_a_conversation_goes_in_teams_as_it_is_written(path: Path, tmp_path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    went = asyncio.run(played(written, tmp_path))
    rows = difflib.unified_diff(written.splitlines(), went.splitlines(), "written", "Teams", lineterm="", n=1)
    assert "\n".join(rows) == ""


@pytest.mark.slow
@pytest.mark.parametrize("path", NOT_PLAYED, ids=lambda path: path.stem)
def test_what_cannot_go_the_same_way_in_teams_does_not(path: Path, tmp_path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    try:
        went = asyncio.run(played(written, tmp_path))
    except Unplayable:
        went = ""
    assert went != written


@asynccontextmanager
async def in_teams(folder: Path, at: str) -> AsyncIterator[TeamsStage]:
    """A house in Teams, open from this moment, with four people who take part."""
    scene, began = read_scene(FOUR), local(at)
    ours = edition().model_copy(update={"coordinators": scene.coordinators})
    setup = Setup(folder / "state", all_commands(), [ours], scene.people, secret=lambda: LOTTERY)
    async with serving_connector(FakeIdp()) as connector, asyncio.timeout(PATIENCE):
        already = [*enrolled(scene.signed_up, ours, began), *grouped([("anna", "bram", "carla", "dirk")], ours)]
        stage = TeamsStage(setup, SetClock(began), connector, already)
        stage.begin()
        try:
            yield stage
        finally:
            await stage.end()


async def test_below_the_places_stands_a_card_to_put_them_in_order(tmp_path: Path) -> None:
    async with in_teams(tmp_path, "2026-08-18 10:00") as stage:
        await stage.speak("anna", "!plekken")
        places = stage.connector.said[-1]
        rank, *_others = fields(places, "compact")
        assert [choice["title"] for choice in rank["choices"]] == [
            "2. CBG, Utrecht",
            "3. CAOP, Utrecht",
            "4. DUO, Utrecht",
        ]
        await stage.send("anna", places, rank1="3", rank2="2", rank3="4")
        assert stage.connector.texts()[-1].startswith("Je volgorde: 1. CAOP, 2. CBG, 3. DUO.")
        await stage.send("anna", places, rank1="3", rank2="3")
        assert "staat twee keer" in stage.connector.texts()[-1]


async def test_who_has_no_order_to_give_gets_no_card(tmp_path: Path) -> None:
    async with in_teams(tmp_path, "2026-08-18 10:00") as stage:
        for person, line in (("cor", "!plekken"), ("anna", "!plekken zorg"), ("anna", "!overzicht")):
            await stage.speak(person, line)
            assert not fields(stage.connector.said[-1], "compact")


async def test_the_strict_level_is_refused_kindly_before_anybody_is_asked(tmp_path: Path) -> None:
    async with in_teams(tmp_path, "2026-10-06 10:00") as stage:
        await stage.speak("anna", "!start intervisie", "group/1")
        asked = len(stage.connector.said)
        await stage.speak("anna", "!streng", "group/1")
        (told,) = stage.connector.said[asked:]
        assert told.conversation == stage.connector.chat_of("anna")
        assert told.activity["text"].startswith("Ik kan in deze kamer niemand tegenhouden")


def test_the_conversations_that_cannot_are_there() -> None:
    assert NOT_IN_TEAMS.keys() <= {path.stem for path in TRANSCRIPTS}
