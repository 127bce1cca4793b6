"""The private ways to the coordinator: in time, and heard by nobody else."""

from datetime import timedelta
from pathlib import Path

import pytest

from programme import rooms
from programme.records import Round
from tests.stage import edition, matched, playing, say, to

DESK = rooms.desk(edition().id)


async def test_an_objection_reaches_the_coordinator_and_nobody_else(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await matched(stage)
        await stage.speak("anna", "!bezwaar")
        said = await say(stage, "anna", "ja")
    assert {post.room for post in said} == {to("anna"), DESK}


@pytest.mark.parametrize(("seconds", "asked"), [(-1, True), (0, False)])
async def test_two_days_after_publication_it_is_too_late(seconds: int, asked: bool, tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await matched(stage)
        (round_,) = stage.house.store[Round].values()
        assert round_.published is not None
        await stage.travel(round_.published + timedelta(hours=48, seconds=seconds))
        (answer,) = await say(stage, "anna", "!bezwaar")
    assert bool(answer.buttons) is asked


async def test_a_talk_in_confidence_is_asked_for_without_a_word_about_what(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        said = await say(stage, "anna", "!vertrouwelijk")
        in_the_room = await say(stage, "anna", "!vertrouwelijk", "cohort")
    assert {post.room for post in said} == {to("anna"), DESK}
    assert {post.room for post in in_the_room} == {to("anna")}
