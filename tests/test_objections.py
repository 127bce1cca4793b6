"""A coordinator who moves dates in the chat hears beforehand what `kring lint` would say of them."""

from pathlib import Path

import pytest

from bot.objections import objections
from tests.stage import edition, local, plain, playing, say

AT = "2026-08-18 10:00"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            "!bijeenkomst verplaats start 12-09-2026 9.00-11.00",
            "Let op: zaterdag 12 september 2026 valt in het weekend.",
        ),
        (
            "!bijeenkomst verplaats start 20-10-2026 9.00-11.00",
            "Let op: dit is de eerste bijeenkomst, en de stagedagen beginnen al eerder",
        ),
        ("!bijeenkomst verplaats closing 25-12-2026 9.00-11.00", "Let op: vrijdag 25 december 2026 is een feestdag"),
        (
            "!bijeenkomst verplaats closing 20-11-2026 9.00-10.30",
            "Let op: stage lopen kan nog na de laatste bijeenkomst",
        ),
        ("!programma open stages", "Let op: de matches zijn pa"),
    ],
)
async def test_what_lint_would_say_is_said_before_the_question(typed: str, told: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        said = plain(await say(stage, "cor", typed))
        assert told in said
        assert said.index("Let op") < said.index("Zal ik het doen?")


async def test_a_change_against_which_nothing_can_be_said_is_asked_as_before(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        assert "Let op" not in plain(await say(stage, "cor", "!bijeenkomst verplaats start 30-09-2026 9.00-11.00"))


def test_what_was_so_before_is_not_brought_up_again() -> None:
    late = edition().until("visits", edition().meetings[-1].day.replace(day=4), local(AT))
    assert len(objections(edition(), late)) == 1
    assert objections(late, late) == []
