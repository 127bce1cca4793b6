"""The logbook: what coordinators did is kept by the house, and never what anybody wrote."""

from pathlib import Path

import pytest

from bot.console import Stage
from storage.letters import Audit
from storage.unit import Unit
from tests.stage import edition, matched, playing, proposal_of, say

WHOM = "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), dirk (DUO, onderwijs), wim, coordinator: cor"


def noted(stage: Stage) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(it.person, it.action, it.about) for it in stage.house.store[Audit].values()]


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        (["!programma wijzig voorkeuren t/m 11 sept", "ja"], ("programme_change", ("preferences", "t/m 11-09-2026"))),
        (["!programma begin stages 12-10-2026", "ja"], ("programme_begin", ("visits", "12-10-2026"))),
        (["!bericht Het geheim van Anna", "ja"], ("announce", ())),
        (["!herinnering verplaats no-day-first 19-10-2026", "ja"], ("reminder_move", ("no-day-first", "19-10-2026"))),
        (["!bijeenkomst vervalt start", "ja"], ("meeting_cancel", ("start",))),
    ],
)
async def test_what_was_done_is_noted_as_it_could_be_typed_without_words_of_ones_own(
    typed: list[str], entry: tuple[str, tuple[str, ...]], tmp_path: Path
) -> None:
    async with playing(tmp_path, "2026-08-03 10:00") as stage:
        for line in typed:
            await say(stage, "cor", line)
        assert noted(stage) == [("cor", *entry)]


@pytest.mark.parametrize(
    "typed", [["!stand"], ["!bericht Dag"], ["!bericht Dag", "nee"], ["!toelaten anna"], ["!programma bestand"]]
)
async def test_who_looks_is_asked_or_refused_has_done_nothing(typed: list[str], tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-03 10:00") as stage:
        for line in typed:
            await say(stage, "cor", line)
        assert noted(stage) == []


async def test_fixing_a_place_is_noted_without_its_reason(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-07 10:00") as stage:
        await say(stage, "cor", "!match zet vast anna 2 Anna is ziek geweest")
        await say(stage, "cor", "ja")
        assert noted(stage) == [("cor", "match_lock", ("anna", "2"))]
        assert "`!match zet vast Anna 2`" in (await say(stage, "cor", "!logboek"))[0].plain


async def test_publishing_is_noted_once_and_what_participants_do_is_not(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-24 10:00") as stage:
        await say(stage, "anna", "!voorkeur 2 3 4")
        await matched(stage)
        assert noted(stage) == [("cor", "match_publish", (str(len(proposal_of(stage))),))]


async def test_the_newest_twenty_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-03 10:00") as stage:
        for day in range(23):
            at, what = stage.clock.now(), ("no-day-first", f"day-{day:02}")
            entry = Audit(id=f"{day}", at=at, edition=edition().id, person="cor", action="gone", about=what)
            stage.house.store.commit_now(Unit([("audit", entry.id, entry)]))
        (said,) = await say(stage, "cor", "!logboek")
        assert said.plain.count("gone") == 20
        assert "Er zijn nog 3 oudere regels." in said.plain
