"""Doing something for somebody who called: as if they had typed it, nothing that is theirs alone, and they read it."""

import re
from pathlib import Path

import pytest

from bot.transcript import enrolled
from programme import rooms
from programme.model import Model
from programme.people import Person
from programme.records import Participant, Visit
from storage.letters import Question
from tests.stage import all_commands, edition, local, matched, plain, playing, say

OPEN = "2026-08-18 10:00"
TWO_ANNAS = (
    Person(id="@anna1:x.nl", name="Anna Boer", organisation="AFM", sector="rijk"),
    Person(id="@anna2:x.nl", name="Anna Boer", organisation="CBG", sector="zorg"),
    Person(id="@carla.jansen:x.nl", name="Carla Jansen", organisation="CAOP", sector="onderwijs"),
    Person(id="@dirk:x.nl", name="Dirk Vis", organisation="DUO", sector="onderwijs"),
)
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


def everybody() -> list[Model]:
    return [*TWO_ANNAS, *enrolled(TWO_ANNAS, edition(), local(OPEN))]


def to(person: str) -> str:
    return rooms.direct(person)


@pytest.mark.parametrize("id_", THEIRS_ALONE)
def test_what_is_secret_or_a_promise_is_theirs_alone(id_: str) -> None:
    assert not all_commands().by_id[id_].by_phone


async def test_the_preferences_are_theirs_and_they_hear_of_it(tmp_path: Path) -> None:
    async with playing(tmp_path, OPEN) as stage:
        said = await say(stage, "cor", "!namens bram voorkeur 1 3 4")
        assert stage.house.store[Participant][f"{edition().id}/bram"].preferences == (1, 3, 4)
        assert {post.room for post in said} == {to("cor"), to("bram")}
        assert any("1. AFM, 2. CAOP, 3. DUO" in post.plain for post in said if post.room == to("cor"))
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


async def test_namesakes_are_told_apart_in_the_question_and_in_the_receipt(tmp_path: Path) -> None:
    async with playing(tmp_path, OPEN, "coordinator: cor", already=everybody()) as stage:
        (asked,) = await say(stage, "cor", "!namens anna, voorkeur 1 3 4")
        assert [label for label, _typed in asked.buttons] == ["Anna Boer (AFM)", "Anna Boer (CBG)"]
        await stage.press("cor", "Anna Boer (CBG)")
        assert "Gedaan. Anna Boer (CBG) krijgt" in plain(stage.console.fetch())


@pytest.mark.parametrize("stranger", ["Carla", "Carla Jansen", "@carla:evil.example"])
async def test_a_stranger_with_a_better_name_gets_nothing_that_was_meant_for_a_participant(
    stranger: str, tmp_path: Path
) -> None:
    outsider = Person(id="@carla:evil.example", name=stranger)
    async with playing(tmp_path, OPEN, "coordinator: cor", already=(*everybody(), outsider)) as stage:
        said = await say(stage, "cor", "!namens carla voorkeur 1 2 4")
        assert {post.room for post in said} == {to("cor"), to("@carla.jansen:x.nl")}


async def test_who_is_not_of_the_edition_is_found_by_full_id_alone(tmp_path: Path) -> None:
    async with playing(tmp_path, OPEN, already=[Person(id="@piet:evil.example", name="Piet")]) as stage:
        (said,) = await say(stage, "cor", "!namens piet aanmelden")
        assert "Ik ken piet niet" in said.plain
        assert "evil" not in said.plain
        (said,) = await say(stage, "cor", "!namens @piet:evil.example, aanmelden")
        assert "Voor Piet (@piet:evil.example):" in said.plain


@pytest.mark.parametrize("id_", ["@nieuw:gemeente.example.nl", "teams:TENANT-1:OBJECT-2"])
async def test_an_unknown_address_of_a_platform_is_shown_before_it_is_signed_up(id_: str, tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-07 10:00") as stage:
        (said,) = await say(stage, "cor", f"!namens {id_}, aanmelden")
        shown = id_.lower() if id_.startswith("teams") else id_
        assert f"Voor {shown}:" in said.plain


@pytest.mark.parametrize("word", ["zoe:", "bram:x", "nota:bene", "@nieuw:", "@:example.nl", "teams:alleen"])
async def test_a_word_with_a_colon_is_nobody(word: str, tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-07 10:00") as stage:
        (said,) = await say(stage, "cor", f"!namens {word} aanmelden")
        assert "niet. Typ het hele adres" in said.plain


@pytest.mark.parametrize(
    ("at", "line", "secret", "how"),
    [
        (OPEN, "voorkeur 1 3 4", "CAOP", "`!overzicht`"),
        (OPEN, "liever niet 4", "DUO", ""),
        ("2026-07-07 10:00", "formulier factuur bram@geheim.example", "geheim.example", "`!formulier`"),
    ],
)
async def test_what_is_private_is_read_by_the_coordinator_alone(
    at: str, line: str, secret: str, how: str, tmp_path: Path
) -> None:
    async with playing(tmp_path, at) as stage:
        said = await say(stage, "cor", f"!namens bram {line}")
        theirs = [post for post in said if post.room == to("bram")]
        assert any(secret in post.plain for post in said if post.room == to("cor"))
        assert [post.wake for post in theirs] == [True]
        assert "Cor, coördinator van SecretarisWissel 2026, deed `!" in theirs[0].plain
        assert secret not in theirs[0].plain
        assert re.findall(r"Bekijk het met (`[^`]+`)", theirs[0].plain) == ([how] if how else [])


async def test_a_form_that_the_coordinator_leaves_half_way_was_told_once(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-07 10:00") as stage:
        await say(stage, "cor", "!namens zoe aanmelden")
        assert to("zoe") in {post.room for post in await say(stage, "cor", "ja")}
        rows = [await say(stage, "cor", answer) for answer in ("Gemeente Zeist", "gemeente", "Zeist", "later")]
        heard = [[post.plain for post in row if post.room == to("zoe")] for row in rows]
        assert [len(row) for row in heard] == [1, 0, 0, 0]
        assert "deed `!formulier` voor je" in heard[0][0]


async def test_a_form_that_is_only_asked_for_changes_nothing_and_is_not_told(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-07 10:00") as stage:
        await say(stage, "zoe", "!aanmelden")
        await say(stage, "zoe", "ja")
        assert {post.room for post in await say(stage, "cor", "!namens zoe formulier")} == {to("cor")}


async def test_how_a_visit_was_is_asked_of_who_was_there(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-24 10:00") as stage:
        for person, first in (("anna", "2 3"), ("bram", "3 4"), ("carla", "4 1"), ("dirk", "1 2")):
            await say(stage, person, f"!voorkeur {first}")
        await matched(stage)
        await stage.travel(local("2026-10-05 10:00"))
        host = next(it.host for it in stage.house.store[Visit].values() if it.guest == "anna")
        await say(stage, "cor", "!namens anna stagedag gast 14-10-2026")
        await say(stage, "cor", f"!namens {host} stagedag akkoord anna")
        await stage.travel(local("2026-10-14 20:00"))
        said = await say(stage, "cor", "!namens anna stagedag geweest gast")
        told, asked = (post for post in said if post.room == to("anna"))
        assert "deed `!stagedag geweest` voor je" in told.plain
        assert ("Hoe was het" in asked.plain, asked.wake, len(asked.buttons)) == (True, True, 5)
        assert [post.buttons for post in said if post.room == to("cor")] == [()]
        await stage.press("anna", "4")
        (visit,) = (it for it in stage.house.store[Visit].values() if it.guest == "anna")
        assert visit.figures == {"guest": 4}


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
