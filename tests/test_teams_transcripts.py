"""The conversations of the transcripts, word for word, through the Teams adapter and over HTTP."""

import asyncio
import difflib
from pathlib import Path

import pytest

from tests.fake_connector import serving_connector
from tests.fake_idp import FakeIdp
from tests.stage import all_commands, edition
from tests.teams_stage import TeamsPlayer, Unplayable

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").rglob("*.chat"))
NOT_IN_TEAMS = {
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


def test_the_conversations_that_cannot_are_there() -> None:
    assert NOT_IN_TEAMS.keys() <= {path.stem for path in TRANSCRIPTS}
