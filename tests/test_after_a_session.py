"""After a session: figures that belong to nobody, and the secret vote on going on."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.console import Stage
from programme import rooms
from programme.intervision.afterwards import Evaluation
from programme.intervision.continuing import Continuing, opened
from programme.records import Group
from storage.letters import Question
from tests.stage import edition, local, plain, playing, say, to

AT = "2026-10-13 13:30"
ROOM = rooms.group(edition().id, 1)
MEMBERS = ("anna", "bram", "carla", "dirk")


def group(held: int) -> Group:
    return Group(id=f"{edition().id}/1", edition=edition().id, number=1, members=MEMBERS, held=held)


async def ended(stage: Stage) -> None:
    """Hold a short session."""
    await stage.speak("anna", "!start intervisie", ROOM)
    await stage.speak("anna", "!afronden nu", ROOM)


def kept(stage: Stage) -> Group:
    return stage.house.store[Group][f"{edition().id}/1"]


@pytest.mark.parametrize(
    ("figures", "tenths"),
    [((), None), ((5, 5, 5, 5), None), ((1, 2, 3, 4, 5), 30), ((5, 5, 5, 5, 4), 48), ((1, 1, 1, 1, 2, 2), 13)],
)
def test_a_mean_is_shown_from_five_answers_up(figures: tuple[int, ...], tenths: int | None) -> None:
    evaluation = Evaluation(id="e/1", edition="e")
    for figure in figures:
        evaluation = evaluation.given(figure)
    assert (evaluation.answers, evaluation.tenths) == (len(figures), tenths)


async def test_a_figure_is_kept_without_a_name_and_counted_once(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, already=[group(0)]) as stage:
        await ended(stage)
        await stage.speak("anna", "4")
        await stage.speak("anna", "!evaluatie 4")
        found = stage.house.store[Evaluation][f"{edition().id}/1"]
        assert found.counts == (0, 0, 0, 1, 0)
        assert "anna" not in found.model_dump_json()


@pytest.mark.parametrize("answer", ["!evaluatie 4", "cijfer 4", "een 4", "4!"])
async def test_a_figure_is_counted_with_or_without_words_around_it(answer: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT, already=[group(0)]) as stage:
        await ended(stage)
        assert "Ik heb het geteld." in plain(await say(stage, "anna", answer))
        assert stage.house.store[Evaluation][f"{edition().id}/1"].counts == (0, 0, 0, 1, 0)
        assert not [it for it in stage.house.store[Question].values() if it.person == "anna"]


@pytest.mark.parametrize("answer", ["7", "44", "3 of 4", "heel zinvol"])
async def test_what_is_no_figure_is_asked_once_more(answer: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT, already=[group(0)]) as stage:
        await ended(stage)
        (again,) = await say(stage, "anna", answer)
        assert again.plain == "Geef een cijfer van 1 tot en met 5."
        assert [label for label, _typed in again.buttons] == ["1", "2", "3", "4", "5", "Geen antwoord"]


async def test_the_word_alone_asks_for_the_figure_that_is_still_open_and_else_tells_the_mean(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, already=[group(0)]) as stage:
        await ended(stage)
        assert "Hoe zinvol was deze sessie" in plain(await say(stage, "anna", "!evaluatie"))
        assert "Ik heb het geteld." in plain(await say(stage, "anna", "5"))
        assert "te weinig antwoorden" in plain(await say(stage, "anna", "!evaluatie"))


async def test_after_the_last_planned_session_each_is_asked_alone_whether_to_go_on(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, already=[group(4)]) as stage:
        await stage.speak("anna", "!start intervisie", ROOM)
        said = await say(stage, "anna", "!afronden nu", ROOM)
        assert {post.room for post in said if post.buttons} == {to(person) for person in MEMBERS}


@pytest.mark.parametrize(("yes", "goes_on"), [(3, True), (2, False), (0, False)])
async def test_a_group_goes_on_when_more_than_half_want_to_and_silence_is_stopping(
    yes: int, goes_on: bool, tmp_path: Path
) -> None:
    async with playing(tmp_path, AT, already=[group(4)]) as stage:
        await ended(stage)
        for person in MEMBERS[:yes]:
            await stage.speak(person, "ja")
        assert kept(stage).closed is None
        stage.console.fetch()
        await stage.travel(local(AT) + timedelta(days=7, minutes=1))
        said = plain(stage.console.fetch(), ROOM)
        assert ("gaat door" in said, "stopt hier" in said) == (goes_on, not goes_on)
        assert (kept(stage).closed is None) is goes_on
        assert not list(stage.house.store[Continuing].values())


async def test_once_everybody_has_answered_it_is_decided_and_nobody_is_named(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, already=[group(4)]) as stage:
        await ended(stage)
        for person, answer in zip(MEMBERS[:3], ("ja", "ja", "ja"), strict=True):
            await stage.speak(person, answer)
        said = plain(await say(stage, "dirk", "nee"), ROOM)
        assert "gaat door" in said
        assert "Dirk" not in said


def test_a_vote_counts_only_those_who_are_in_the_group_now() -> None:
    vote = opened("e/1", "e", local(AT)).voted("anna", goes_on=True).voted("weg", goes_on=True)
    assert not vote.goes_on(("anna", "bram"))
    assert vote.goes_on(("anna",))
