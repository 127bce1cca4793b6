"""Who takes part: looking somebody up, a message to some, and letting somebody finish who was late."""

from pathlib import Path

import pytest

from bot.console import Stage
from programme import rooms
from programme.records import Participant
from tests.stage import edition, local, matched, plain, playing, say

NOON = "2026-08-24 10:00"


def to(person: str) -> str:
    return rooms.direct(person)


def part(stage: Stage, person: str) -> Participant:
    return stage.house.store[Participant][f"{edition().id}/{person}"]


@pytest.mark.parametrize(
    ("only", "names"),
    [
        ("", "Anna Bram Carla Dirk"),
        ("zorg", "Bram"),
        ("onderwijs", "Carla Dirk"),
        ("anna, bram", "Anna Bram"),
        ("zonder voorkeuren", "Bram Carla"),
        ("without preferences", "Bram Carla"),
        ("gestopt", "Dirk"),
        ("formulier", ""),
        ("zonder iets", ""),
    ],
)
async def test_the_list_is_searched_by_what_a_coordinator_would_type(only: str, names: str, tmp_path: Path) -> None:
    async with playing(tmp_path, NOON) as stage:
        await say(stage, "anna", "!voorkeur 2 3 4")
        if only == "gestopt" or "voorkeuren" in only or "preferences" in only:
            await say(stage, "dirk", "!terugtrekken")
            await say(stage, "dirk", "ja")
        said = plain(await say(stage, "cor", f"!deelnemers {only}"))
        assert [name for name in ("Anna", "Bram", "Carla", "Dirk") if f"- {name}," in said] == names.split()


async def test_one_person_is_shown_with_the_form_and_the_visits_and_no_preferences(tmp_path: Path) -> None:
    async with playing(tmp_path, NOON) as stage:
        for person, first in (("anna", "2 3 4"), ("bram", "3 4 1"), ("carla", "4 1 2"), ("dirk", "1 2 3")):
            await say(stage, person, f"!voorkeur {first}")
        await matched(stage)
        said = plain(await say(stage, "cor", "!deelnemer anna"))
        assert "- organisatie: AFM" in said
        assert "- gaat naar Bram: nog geen dag" in said
        assert "- adres: anna" in said
        assert "voorkeur" not in said


async def test_a_message_to_some_goes_to_them_alone(tmp_path: Path) -> None:
    async with playing(tmp_path, NOON) as stage:
        await say(stage, "anna", "!voorkeur 2 3 4")
        preview = plain(await say(stage, "cor", "!bericht aan zonder voorkeuren: Lukt het? Bel me: 06 1."))
        assert "Voor Bram, Carla en Dirk." in preview
        said = await say(stage, "cor", "ja")
        assert {post.room for post in said} == {to("cor"), to("bram"), to("carla"), to("dirk")}
        assert plain(said, to("bram")).endswith("\nLukt het? Bel me: 06 1.")


@pytest.mark.parametrize("text", ["aan niemand: hoi", "aan zonder onzin: hoi"])
async def test_a_message_to_nobody_is_not_offered(text: str, tmp_path: Path) -> None:
    async with playing(tmp_path, NOON) as stage:
        assert "Niemand zou dit bericht krijgen" in plain(await say(stage, "cor", f"!bericht {text}"))


@pytest.mark.parametrize("text", ["Tijd: 9 uur", "aan de slag", "Let op: morgen"])
async def test_a_colon_in_a_message_does_not_make_it_one_to_some(text: str, tmp_path: Path) -> None:
    async with playing(tmp_path, NOON) as stage:
        said = plain(await say(stage, "cor", f"!bericht {text}"))
        assert "4 mensen krijgen dit bericht" in said
        assert text in said


async def test_who_was_late_with_the_form_may_finish_it_when_the_coordinator_says_so(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-10 10:00") as stage:
        for typed in ("!aanmelden", "ja", "Zeist", "gemeente"):
            await say(stage, "zoe", typed)
        await stage.travel(local("2026-07-13 10:00"))
        assert "Zoe had het formulier niet op tijd af" in plain(await say(stage, "cor", "!stand"))
        said = await say(stage, "cor", "!toelaten zoe")
        assert "Maak je formulier af" in plain(said, to("zoe"))
        for typed in ("!formulier", "Zeist", "1", "Een dag", "-", "1", "x@example.nl"):
            await say(stage, "zoe", typed)
        assert part(stage, "zoe").state == "in"


async def test_a_short_list_counts_until_there_is_a_longer_one(tmp_path: Path) -> None:
    async with playing(tmp_path, NOON) as stage:
        await say(stage, "anna", "!voorkeur 3")
        assert part(stage, "anna").preferences == (3,)
        await say(stage, "anna", "ja")
        assert part(stage, "anna").preferences == (3, 2, 4)


async def test_who_has_not_chosen_from_other_places_stands_in_the_proposal(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-07 10:00") as stage:
        await say(stage, "cor", "!match voorstel")
        await say(stage, "cor", "!match overleg anna")
        said = plain(await say(stage, "cor", "!match publiceer"))
        assert "Anna moet nog kiezen uit de plekken van maandag 7 september 2026" in said


async def test_what_a_coordinator_closed_is_not_missed_afterwards(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-06-01 10:00") as stage:
        await say(stage, "cor", "!programma sluit aanmelden")
        await say(stage, "cor", "ja")
        await stage.travel(local("2026-07-20 10:00"))
        assert "niet verstuurd" not in plain(stage.console.fetch())


@pytest.mark.parametrize("day", ["1 mei", "zaterdag 1 mei 2027"])
async def test_a_reminder_is_not_moved_to_after_the_programme(day: str, tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-06-01 10:00") as stage:
        said = plain(await say(stage, "cor", f"!herinnering verplaats no-day-first {day}"))
        assert "na het einde van het programma" in said


async def test_a_reminder_on_a_day_without_work_shows_when_it_comes(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-06-01 10:00") as stage:
        said = plain(await say(stage, "cor", "!herinnering verplaats no-day-first 17-10-2026"))
        assert "op maandag 19 oktober 2026, 09.00 uur" in said
        await say(stage, "cor", "ja")
        assert "maandag 19 oktober 2026, 09.00 uur: no-day-first" in plain(await say(stage, "cor", "!herinneringen"))
