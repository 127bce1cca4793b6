"""Examples lie in the edition at hand: what help shows can be typed as it stands, also a year later."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.arguments import read_call
from programme.edition import shifted
from tests.stage import all_commands, edition, plain, playing, say

DATES = re.compile(r"\b(\d{2})-(\d{2})-(\d{4})\b")
WITH_DAYS = [it for it in all_commands().all if any(DATES.search(example) for example in it.examples)]


def days_in(text: str) -> list[date]:
    return [date(int(year), int(month), int(day)) for day, month, year in DATES.findall(text)]


@pytest.mark.parametrize("command", WITH_DAYS, ids=lambda it: it.id)
async def test_a_year_later_no_example_is_of_a_day_gone_by(command: object, tmp_path: Path) -> None:
    (it,) = [known for known in WITH_DAYS if known is command]
    async with playing(tmp_path, "2027-05-18 10:00", editions=[shifted(edition(), 52)]) as stage:
        said = plain(await say(stage, "cor", f"!help {it.word('nl')}"))
        assert days_in(said)
        assert all(date(2027, 5, 18) <= day < date(2028, 5, 18) for day in days_in(said))


async def test_at_the_end_of_an_edition_an_example_is_still_to_come(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-11-26 10:00") as stage:
        said = plain(await say(stage, "cor", "!help programma wijzig"))
        assert min(days_in(said)) >= date(2026, 11, 26)


async def test_in_its_own_edition_an_example_is_as_it_is_written(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        said = plain(await say(stage, "cor", "!help programma wijzig"))
        assert read_call("programma wijzig aanmelden t/m 17-07-2026", all_commands()) is not None
        assert "aanmelden t/m 17-07-2026" in said
