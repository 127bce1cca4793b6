"""Reminding out of turn: who is late with what, and nobody twice a day."""

from datetime import date, time
from pathlib import Path

from bot.console import Stage
from programme import rooms
from programme.records import Half, Suggestion, Visit
from storage.letters import Gathered, Rung
from storage.unit import Unit
from tests.stage import local, matched, plain, playing, say

HALF = Half(day=date(2026, 10, 8), start=time(9), end=time(12))


def to(person: str) -> str:
    return rooms.direct(person)


def visits(stage: Stage) -> list[Visit]:
    return list(stage.house.store[Visit].values())


async def with_matches(stage: Stage) -> Visit:
    """Everybody matched; gives the visit of Anna."""
    for person, first in (("anna", "2 3"), ("bram", "3 4"), ("carla", "4 1"), ("dirk", "1 2")):
        await say(stage, person, f"!voorkeur {first}")
    await matched(stage)
    return next(visit for visit in visits(stage) if visit.guest == "anna")


async def test_a_question_is_reminded_of_with_its_buttons_and_only_to_who_owes_the_answer(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-24 10:00") as stage:
        visit = await with_matches(stage)
        await stage.travel(local("2026-10-01 10:00"))
        await say(stage, "anna", "!stagedag gast 14-10-2026")
        assert "- antwoord op een vraag: 1" in plain(await say(stage, "cor", "!herinner"))
        await say(stage, "cor", "!herinner antwoord")
        said = await say(stage, "cor", "ja")
        (letter,) = [post for post in said if post.room == to(visit.host)]
        assert [label for label, _typed in letter.buttons] == ["Ja, dat past", "Nee, een andere dag"]
        assert {post.room for post in said} == {to("cor"), to(visit.host)}


async def test_who_was_reminded_by_hand_is_on_the_call_list_for_a_question(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-24 10:00") as stage:
        visit = await with_matches(stage)
        half = visit.model_copy(
            update={"suggestion": Suggestion(by="anna", halves=(HALF,), at=local("2026-10-01 09:00"))}
        )
        stage.house.store.commit_now(Unit([("visits", half.id, half)]))
        await stage.travel(local("2026-10-01 10:00"))
        assert "niemand om te bellen" in plain(await say(stage, "cor", "!bellijst"))
        await say(stage, "cor", "!herinner antwoord")
        await say(stage, "cor", "ja")
        assert visit.host.capitalize() in plain(await say(stage, "cor", "!bellijst"))


async def test_a_meeting_is_open_only_once_the_programme_has_asked(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-24 10:00") as stage:
        await with_matches(stage)
        await stage.travel(local("2026-09-21 16:00"))
        assert "bij niemand" in plain(await say(stage, "cor", "!herinner bijeenkomst"))
        await stage.travel(local("2026-09-22 16:00"))
        await say(stage, "anna", "!aanwezig start")
        assert "geen herinnering meer: Bram, Carla en Dirk" in plain(await say(stage, "cor", "!herinner bijeenkomst"))
        await stage.travel(local("2026-09-23 16:00"))
        assert "3 mensen krijgen" in plain(await say(stage, "cor", "!herinner bijeenkomst"))


async def test_a_reminder_by_hand_is_the_one_of_that_day(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-27 10:00") as stage:
        await stage.travel(local("2026-08-27 10:00"))
        waits = Gathered(id="bram", day=local("2026-08-27 10:00").date(), waiting=("x",))
        stage.house.store.commit_now(Unit([("gathered", "bram", waits)]))
        said = plain(await say(stage, "cor", "!herinner voorkeuren"))
        assert "3 mensen krijgen een herinnering: Anna, Carla en Dirk." in said
        assert "1 persoon krijgt vandaag geen herinnering meer." in said
        said = plain(await say(stage, "cor", "ja"))
        assert said.count("Ik heb nog geen voorkeuren van je.") == 3
        assert stage.house.store[Gathered]["bram"] == waits
        assert {it.people for it in stage.house.store[Rung].values() if "by-hand" in it.id} == {
            ("anna", "carla", "dirk")
        }


async def test_what_is_not_asked_now_is_open_with_nobody(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-13 10:00") as stage:
        for what in ("formulier", "voorkeuren", "stagedag", "antwoord", "bijeenkomst"):
            assert "bij niemand" in plain(await say(stage, "cor", f"!herinner {what}")), what
        assert "bij niemand iets open" in plain(await say(stage, "cor", "!herinner"))
