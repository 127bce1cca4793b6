"""Doing something for somebody who called: as if they had typed it, nothing that is theirs alone, and they read it."""

from pathlib import Path

import pytest

from programme import rooms
from programme.people import Person
from programme.records import Participant, Visit
from storage.letters import Question
from tests.stage import all_commands, edition, local, matched, plain, playing, say

OPEN = "2026-08-18 10:00"
THEIRS_ALONE = [
    "agree",
    "confidentiality",
    "objection",
    "in_confidence",
    "experience",
    "experience_answer",
    "evaluation",
    "go_on",
    "figure",
    "vote",
    "language",
    "choose_case",
    "outcome_known",
    "write",
    "stop",
    "next_turn",
    "match",
    "overview",
]


def to(person: str) -> str:
    return rooms.direct(person)


@pytest.mark.parametrize("id_", THEIRS_ALONE)
def test_what_is_secret_or_a_promise_is_theirs_alone(id_: str) -> None:
    assert not all_commands().by_id[id_].by_phone


async def test_the_preferences_are_theirs_and_both_read_them(tmp_path: Path) -> None:
    async with playing(tmp_path, OPEN) as stage:
        said = await say(stage, "cor", "!namens bram voorkeur 1 3 4")
        assert stage.house.store[Participant][f"{edition().id}/bram"].preferences == (1, 3, 4)
        assert {post.room for post in said} == {to("cor"), to("bram")}
        assert all("1. AFM, 2. CAOP, 3. DUO" in post.plain for post in said)
        assert [post.wake for post in said if post.room == to("bram")] == [True]


async def test_a_coordinator_is_not_signed_up_by_what_they_do_for_another(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-07 10:00") as stage:
        await say(stage, "cor", "!namens zoe aanmelden")
        await say(stage, "cor", "!namens @piet:voorbeeld.nl aanmelden")
        said = await say(stage, "cor", "ja")
        assert to("@piet:voorbeeld.nl") in {post.room for post in said}
        parts = {it.person: it.state for it in stage.house.store[Participant].values()}
        assert parts["@piet:voorbeeld.nl"] == "form"
        assert "cor" not in parts


async def test_the_question_that_was_open_to_them_is_closed_by_what_was_done_for_them(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-07 10:00") as stage:
        await say(stage, "zoe", "!aanmelden")
        await say(stage, "zoe", "ja")
        assert [it.person for it in stage.house.store[Question].values()] == ["zoe"]
        await say(stage, "cor", "!namens zoe formulier organisatie Zeist")
        assert [it.person for it in stage.house.store[Question].values()] == ["cor"]
        await say(stage, "cor", "gemeente")
        await say(stage, "zoe", "!formulier plaats Zeist")
        answers = stage.house.store[Participant][f"{edition().id}/zoe"].answers
        assert answers == {"organisation": "Zeist", "sector": "gemeente", "region": "Zeist"}


async def test_a_refusal_is_told_to_the_coordinator_alone_and_nothing_changes(tmp_path: Path) -> None:
    async with playing(tmp_path, OPEN) as stage:
        before = stage.house.store[Participant][f"{edition().id}/bram"]
        (said,) = await say(stage, "cor", "!namens bram voorkeur 2")
        assert (said.room, "antwoord voor Bram" in said.plain) == (to("cor"), True)
        assert stage.house.store[Participant][f"{edition().id}/bram"] == before


@pytest.mark.parametrize("line", ["akkoord", "bezwaar", "stem 1", "stand", "namens carla voorkeur 1 3", "onzin"])
async def test_what_nobody_does_for_another_is_refused_with_what_one_can(line: str, tmp_path: Path) -> None:
    async with playing(tmp_path, OPEN) as stage:
        (said,) = await say(stage, "cor", f"!namens bram {line}")
        assert "Dat kan niet namens een ander" in said.plain
        assert "`!voorkeur`" in said.plain


async def test_namesakes_are_told_apart_by_their_address(tmp_path: Path) -> None:
    async with playing(tmp_path, OPEN) as stage:
        stage.house.keep([Person(id="@bram:voorbeeld.nl", name="Bram")])
        assert "Typ het hele adres" in plain(await say(stage, "cor", "!namens br voorkeur 1 3 4"))
        assert "Gedaan. Bram" in plain(await say(stage, "cor", "!namens bram voorkeur 1 3 4"))


async def test_a_day_that_was_agreed_by_telephone_comes_to_both_with_its_file(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-24 10:00") as stage:
        for person, first in (("anna", "2 3"), ("bram", "3 4"), ("carla", "4 1"), ("dirk", "1 2")):
            await say(stage, person, f"!voorkeur {first}")
        await matched(stage)
        await stage.travel(local("2026-10-05 10:00"))
        visit = next(it for it in stage.house.store[Visit].values() if it.guest == "anna")
        said = await say(stage, "cor", "!namens anna stagedag gast 14-10-2026")
        assert {post.room for post in said} == {to("cor"), to("anna"), to(visit.host)}
        said = await say(stage, "cor", f"!namens {visit.host} stagedag akkoord anna")
        assert {post.room for post in said if post.file} == {to("anna"), to(visit.host)}
        assert stage.house.store[Visit][visit.id].agreed


async def test_an_answer_with_commas_is_kept_as_it_was_typed(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-07 10:00") as stage:
        await say(stage, "cor", '!namens bram formulier wensen Een vergadering, en "de kelder"')
        assert stage.house.store[Participant][f"{edition().id}/bram"].answers["wishes"] == (
            'Een vergadering, en "de kelder"'
        )
