"""Not being disturbed for a while: reminders wait, and what is asked of somebody by another comes at once."""

from datetime import date
from pathlib import Path

import pytest

from bot.console import Stage
from bot.transcript import enrolled
from programme import rooms
from programme.edition import Edition
from programme.people import Person
from programme.records import Participant
from programme.reminder import Reminder
from programme.text import Both
from storage.letters import Gathered
from tests.stage import edition, local, matched, plain, playing, say


def to(person: str) -> str:
    return rooms.direct(person)


def part(stage: Stage, person: str) -> Participant:
    return stage.house.store[Participant][f"{edition().id}/{person}"]


async def heard(stage: Stage, person: str, until: str) -> str:
    """What somebody hears until that moment."""
    stage.console.fetch()
    await stage.travel(local(until))
    return plain(stage.console.fetch(), to(person))


async def test_what_is_about_to_begin_does_not_disturb_either(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-28 17:00") as stage:
        await say(stage, "anna", "!niet storen t/m 29-09-2026")
        stage.console.fetch()
        await stage.travel(local("2026-09-29 08:50"))
        said = stage.console.fetch()
        assert "begint zo" in plain(said, to("bram"))
        assert plain(said, to("anna")) == ""


async def test_what_waited_comes_once_on_the_first_working_day_after_it(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-27 10:00") as stage:
        await stage.travel(local("2026-08-27 10:00"))
        await say(stage, "anna", "!niet storen t/m 29-08-2026")
        assert await heard(stage, "anna", "2026-08-31 08:59") == ""
        assert (await heard(stage, "anna", "2026-08-31 09:01")).count("Ik heb nog geen voorkeuren van je.") == 1
        assert await heard(stage, "anna", "2026-09-01 12:00") == ""


async def test_who_ends_it_hears_what_waited_on_the_next_working_day(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-27 10:00") as stage:
        await stage.travel(local("2026-08-27 10:00"))
        await say(stage, "anna", "!niet storen t/m 03-09-2026")
        assert await heard(stage, "anna", "2026-08-31 12:00") == ""
        assert stage.house.store[Gathered]["anna"].day == date(2026, 9, 3)
        await say(stage, "anna", "!niet storen uit")
        assert await heard(stage, "anna", "2026-08-31 18:00") == ""
        assert "Ik heb nog geen voorkeuren" in await heard(stage, "anna", "2026-09-01 12:00")


async def test_who_shortens_it_hears_what_waited_after_the_new_day(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-27 10:00") as stage:
        await stage.travel(local("2026-08-27 10:00"))
        await say(stage, "anna", "!niet storen t/m 10-09-2026")
        assert await heard(stage, "anna", "2026-08-31 12:00") == ""
        await say(stage, "anna", "!niet storen t/m 01-09-2026")
        assert await heard(stage, "anna", "2026-09-01 23:00") == ""
        assert "Ik heb nog geen voorkeuren" in await heard(stage, "anna", "2026-09-02 12:00")


def asking(id_: str, text: str) -> Edition:
    """An edition with one reminder, a week before its preferences close."""
    week = Reminder(key="week", anchor="preferences.closes", days=-7, to="undecided", text=Both(nl=text, en=text))
    return edition().model_copy(update={"id": id_, "reminders": (week,)})


async def test_what_waited_in_two_editions_comes_one_edition_a_day_and_whole(tmp_path: Path) -> None:
    both = [asking("eerste-2026", "Dit is van de eerste."), asking("tweede-2026", "Dit is van de tweede.")]
    anna = Person(id="anna", name="anna", organisation="AFM", sector="rijk")
    records = [it for use in both for it in enrolled([anna], use, local("2026-07-10 10:00"))]
    resting = [
        it.model_copy(update={"undisturbed": date(2026, 8, 29)}) if isinstance(it, Participant) else it
        for it in records
    ]
    async with playing(tmp_path, "2026-08-27 10:00", editions=both, already=resting) as stage:
        assert await heard(stage, "anna", "2026-08-31 08:59") == ""
        said = [await heard(stage, "anna", f"2026-{day} 12:00") for day in ("08-31", "09-01", "09-02")]
        assert sorted(said) == ["", "Dit is van de eerste.", "Dit is van de tweede."]
        assert said[2] == ""


async def test_what_is_done_meanwhile_is_not_said_afterwards(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-27 10:00") as stage:
        await stage.travel(local("2026-08-27 10:00"))
        await say(stage, "anna", "!niet storen t/m 31-08-2026")
        await heard(stage, "anna", "2026-08-30 12:00")
        await say(stage, "anna", "!voorkeur 2 3 4")
        assert await heard(stage, "anna", "2026-09-03 12:00") == ""


async def test_a_match_and_the_question_of_another_come_at_once(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-24 10:00") as stage:
        for person, first in (("anna", "3 2"), ("bram", "1 3"), ("carla", "4 1"), ("dirk", "2 1")):
            await say(stage, person, f"!voorkeur {first}")
        await say(stage, "carla", "!niet storen t/m 12-11-2026")
        stage.console.fetch()
        await matched(stage)
        await stage.travel(local("2026-10-05 10:00"))
        said = await say(stage, "anna", "!stagedag gast 14-10-2026")
        assert "stelt een dag voor" in plain(said, to("carla"))


@pytest.mark.parametrize("written", ["vrijdag", "31-12-2026", "t/m 31-12-2026", "t/m gisteren", "onzin"])
async def test_an_unclear_day_or_one_too_far_away_changes_nothing(written: str, tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-27 10:00") as stage:
        assert await say(stage, "anna", f"!niet storen {written}")
        assert part(stage, "anna").undisturbed is None
