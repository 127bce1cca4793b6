"""The checkup: what is wrong comes first, and what did not arrive leaves the list only when the coordinator says so."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.condition import Condition
from bot.console import Stage
from programme import rooms
from programme.text import Text
from storage.backup import backed_up_at, note_backup
from storage.letters import Audit, Letter, Undelivered
from storage.unit import Unit
from tests.stage import edition, local, plain, playing, say

AT = "2026-08-18 10:00"


def lost(person: str, reason: str = "left") -> Undelivered:
    at = local("2026-08-17 09:00")
    return Undelivered(id=person, room=rooms.direct(person), reason=reason, at=at, edition=edition().id)


async def checked(stage: Stage, *facts: tuple[str, bool], hours: int | None = 1) -> str:
    """What the checkup says of a house like this, with a backup so many hours ago."""
    made = None if hours is None else stage.clock.now() - timedelta(hours=hours)
    stage.house.router.condition = lambda: Condition(dict(facts), made)
    return plain(await say(stage, "cor", "!controle"))


async def test_when_all_is_well_it_says_so_first(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        said = await checked(stage, ("store", True), ("matrix_sync", True))
        assert said.startswith("Alles werkt.\n- in orde: ik kan bewaren wat mensen zeggen\n- in orde: Matrix")
        assert "reservekopie: dinsdag 18 augustus 2026, 09.00 uur" in said


@pytest.mark.parametrize("fact", ["store", "matrix_sync", "matrix_cross_signed", "teams_listening", "teams_token"])
async def test_what_does_not_work_comes_first_with_whom_to_tell(fact: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        first, wrong, way, *_rest = (await checked(stage, ("console", True), (fact, False))).splitlines()
        assert first == "Dit vraagt aandacht:"
        assert wrong.startswith("- niet in orde: ")
        assert "beheerder" in way


@pytest.mark.parametrize(("hours", "words"), [(None, "van geen reservekopie"), (49, "reservekopie is oud"), (47, "")])
async def test_a_backup_that_was_forgotten_is_told(hours: int | None, words: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        said = await checked(stage, ("store", True), hours=hours)
        assert words in said
        assert said.startswith("Dit vraagt aandacht") is bool(words)


async def test_what_did_not_arrive_stays_until_it_was_seen(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        stage.house.keep([lost("bram"), lost("anna", "blocked")])
        assert "2 berichten zijn niet aangekomen. Bekijk ze met `!controle`" in plain(await say(stage, "cor", "!stand"))
        said = await checked(stage, ("store", True))
        assert "Bram, maandag 17 augustus 2026, 09.00 uur: niet meer in de chat" in said
        await say(stage, "cor", "!controle gezien")
        assert not list(stage.house.store[Undelivered].values())
        assert [it.about for it in stage.house.store[Audit].values()] == [("seen",)]
        assert (await checked(stage, ("store", True))).startswith("Alles werkt.")


async def test_a_letter_that_waits_long_is_counted(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        tried = stage.clock.now() - timedelta(minutes=11)
        letter = Letter(id="x", number=1, room=rooms.direct("bram"), text=Text(id="x"), tried=tried)
        stage.house.store.commit_now(Unit([("letters", "x", letter)]))
        assert "1 bericht wacht op bezorging, sinds dinsdag 18 augustus 2026, 09.49 uur" in await checked(stage)


def test_a_backup_is_remembered_beside_the_store(tmp_path: Path) -> None:
    assert backed_up_at(tmp_path / "state") is None
    note_backup(tmp_path / "state")
    assert backed_up_at(tmp_path / "state") is not None
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()] == [
        "backup/latest"
    ]
