"""Who is erased in the middle of a programme: what is said before, whom it touches, and what the house mends afterwards."""

from datetime import datetime
from pathlib import Path

from bot.cli.erase_effects import taking_part, tell_desks, told_beforehand
from bot.tables import TABLES
from bot.traces import erasure
from programme.records import Participant, Round, Visit
from storage.folder import JOURNAL
from storage.forgetting import prepare, read
from tests.stage import edition, kept, local, matched, playing, proposal_of

ID = edition().id


def erased(folder: Path, person: str, at: datetime) -> list[str]:
    """Do what `kring erase` does, at a moment of our own; gives what is said beforehand."""
    reading = read(folder / "state" / JOURNAL, [])
    erasing = erasure(person, reading.shelves, at=at)
    told, concerned = list(told_beforehand(person, reading.shelves[0])), taking_part(person, reading.shelves[0])
    prepared = prepare(erasing, reading, TABLES)
    tell_desks(concerned, reading.shelves[0], erasing.pseudonym)
    prepared.write()
    return told


async def test_who_is_erased_after_publication_is_missed_and_the_others_get_another_match(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await matched(stage)
        before = proposal_of(stage)
        assert "bram" in before
    told = erased(tmp_path, "bram", local("2026-09-14 09:00"))
    assert told[0] == f"Takes part in {ID}."
    assert told[1].startswith("Lose a match: ")
    assert "Rather let this person leave first" in told[-1]
    async with playing(tmp_path, "2026-09-14 10:00", "coordinator: cor") as stage:
        await stage.travel(local("2026-09-14 10:05"))
        said = stage.console.fetch()
        desk = "\n".join(post.plain for post in said if post.room == f"desk/{ID}")
        assert "Een deelnemer wilde vergeten worden en is gewist. In lijsten staat nu gewist-1." in desk
        (round_,) = stage.house.store[Round].values()
        assert round_.repair is not None
        assert round_.repair.pairs
        assert "bram" not in {pair.guest for pair in round_.repair.pairs}


async def test_who_takes_part_in_nothing_is_erased_without_a_word_to_anybody(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await stage.speak("bram", "!terugtrekken")
        await stage.speak("bram", "ja")
    assert erased(tmp_path, "bram", local("2026-09-14 09:00")) == []
    async with playing(tmp_path, "2026-08-19 10:00", "coordinator: cor") as stage:
        assert stage.house.store[Participant][f"{ID}/gewist-1"].state == "withdrawn"
        assert not [key for key in kept(stage) if key[0] == Visit.__name__]
