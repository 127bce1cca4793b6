"""Experiences: who reads what, and an anonymous one that holds nothing of who wrote it."""

import json
from pathlib import Path

import pytest

from bot.console import Stage
from programme import experience
from programme.records import Experience, Participant, Sharing, Visit
from programme.text import Refusal
from tests.stage import edition, local, matched, plain, playing, say, to

ID = edition().id


def written(number: int, sharing: Sharing) -> Experience:
    return Experience(
        id=f"{ID}/{number}",
        edition=ID,
        person="" if sharing == "anonymous" else f"p{number}",
        sharing=sharing,
        answers=("a", "b", "c"),
    )


@pytest.mark.parametrize(("count", "visible"), [(0, 0), (4, 0), (5, 5), (9, 9)])
def test_anonymous_answers_are_shown_from_five_on(count: int, visible: int) -> None:
    named, anonymous = experience.shown([written(n, "anonymous") for n in range(count)])
    assert (len(named), len(anonymous)) == (0, visible)


def test_a_private_one_is_shown_to_nobody_else() -> None:
    kept = [*(written(n, "private") for n in range(7)), written(7, "cohort")]
    named, anonymous = experience.shown(kept)
    assert [it.person for it in named] == ["p7"]
    assert anonymous == []


def test_what_is_too_long_is_refused_and_a_dash_skips() -> None:
    assert experience.must_fit(" - ") == ""
    with pytest.raises(Refusal):
        experience.must_fit("x" * 1001)


async def answers(stage: Stage, person: str, sharing: str, *said: str) -> str:
    await stage.speak(person, f"!ervaring {sharing}")
    for text in said[:-1]:
        await stage.speak(person, text)
    return plain(await say(stage, person, said[-1]), to(person))


async def visiting(stage: Stage) -> None:
    await matched(stage)
    await stage.travel(local("2026-11-20 10:00"))
    stage.console.fetch()


async def test_an_anonymous_experience_names_nobody_in_its_record(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await visiting(stage)
        await answers(stage, "anna", "anoniem", "Rustig.", "Veel.", "Doen.")
        (kept,) = stage.house.store[Experience].values()
        assert kept.person == ""
        assert kept.answers == ("Rustig.", "Veel.", "Doen.")
        assert "anna" not in json.dumps(kept.model_dump())
        assert stage.house.store[Participant][f"{ID}/anna"].shared


async def test_after_an_anonymous_experience_there_is_no_second_one(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await visiting(stage)
        await answers(stage, "anna", "anoniem", "Rustig.", "Veel.", "Doen.")
        for sharing in ("anoniem", "privé", "groep"):
            assert "één per persoon" in plain(await say(stage, "anna", f"!ervaring {sharing}"))
        assert len(list(stage.house.store[Experience].values())) == 1


async def test_what_is_answered_anew_takes_the_place_of_the_old(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await visiting(stage)
        await answers(stage, "anna", "groep", "Een.", "-", "-")
        await answers(stage, "anna", "privé", 'Twee, met "aanhaling"', "regel een\nregel twee", "-")
        (kept,) = stage.house.store[Experience].values()
        assert kept.sharing == "private"
        assert kept.answers == ('Twee, met "aanhaling"', "regel een\nregel twee", "")


async def test_the_bundle_holds_names_only_where_that_was_chosen(tmp_path: Path) -> None:
    people = ", ".join(f"p{n} (O{n}, zorg)" for n in range(8)) + ", coordinator: cor"
    async with playing(tmp_path, "2026-08-18 10:00", people) as stage:
        await visiting(stage)
        for n in range(5):
            await answers(stage, f"p{n}", "anoniem", f"zonder {n}", "-", "-")
        await answers(stage, "p5", "groep", "met naam", "-", "-")
        await answers(stage, "p6", "privé", "alleen voor mij", "-", "-")
        (post,) = await say(stage, "cor", "!ervaringen", "desk")
    assert post.file is not None
    text = post.file.content.decode()
    assert "- met naam (P5)" in text
    assert all(f"- zonder {n}\n" in text for n in range(5))
    assert "alleen voor mij" not in text


async def test_who_had_a_visit_and_wrote_nothing_down_is_asked_for_it_and_nobody_else(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await visiting(stage)
        host = stage.house.store[Visit][f"{ID}/anna"].host
        await stage.speak("anna", "!stagedag gast 24-11-2026")
        await stage.speak(host, "!stagedag akkoord anna")
        await answers(stage, "anna", "privé", "Rustig.", "-", "-")
        await stage.travel(local("2026-12-01 10:00"))
        rooms = {post.room for post in stage.console.fetch() if "drie korte vragen" in post.plain}
        assert rooms == {to(host)}
