"""Whatever dies, gets lost or is set: each command counts once and is answered once, in order, and no reminder comes too late.

A run that goes wrong names its seed; `python -m tests.simulation SEED` plays it again and tells what happened in it.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from time import monotonic

import pytest
import structlog

from tests import simulation_teams
from tests.simulation import Counts, played

QUICK_SEEDS = (1, 8, 32, 56, 153, 204, 233)
"""Some of them found something once: 56 a gap in a room that the bot left out when the server could not fill it."""
LONG_SECONDS = 180.0
MOST_RUNS = 500


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of lines of log hide the one that counts."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


def play(seeds: Iterable[int], seconds: float) -> Counts:
    """Play these seeds, as many as begin in so many seconds. Fails at the first that goes wrong."""
    total, began, runs = Counts(), monotonic(), 0
    for seed in seeds:
        if monotonic() - began > seconds:
            break
        counts, diary = asyncio.run(played(seed))
        assert not counts.wrong, told("tests.simulation", seed, counts.wrong, diary)
        total, runs = total + counts, runs + 1
    print(f"{runs} runs: {asdict(total)}")  # noqa: T201 - the counts are what this test is read for
    return total


def play_teams(seeds: Iterable[int]) -> simulation_teams.Counts:
    """The same for Teams."""
    total = simulation_teams.Counts()
    for seed in seeds:
        counts, diary = asyncio.run(simulation_teams.played(seed))
        assert not counts.wrong, told("tests.simulation_teams", seed, counts.wrong, diary)
        total += counts
    print(asdict(total))  # noqa: T201 - the counts are what this test is read for
    return total


def told(module: str, seed: int, wrong: dict[str, int], diary: list[str]) -> str:
    """What happened, and the shortest way to see it again."""
    return "\n".join([*diary, f"seed {seed}: {wrong}", f"again: python -m {module} {seed}"])


def test_nothing_is_lost_or_said_twice_on_seven_bad_days() -> None:
    total = play(QUICK_SEEDS, 60.0)
    assert total.commands == total.applied > 50
    assert total.letters >= total.commands
    assert min(total.kills, total.faults, total.jumps) > 10


@pytest.mark.slow
def test_nothing_is_lost_or_said_twice_on_hundreds_of_bad_days() -> None:
    total = play(range(1_000, 1_000 + MOST_RUNS), LONG_SECONDS)
    assert total.commands == total.applied > 500
    assert total.reminders > 10


def test_in_teams_nothing_is_said_twice_and_what_is_in_doubt_is_shown() -> None:
    total = play_teams(range(1, 8))
    assert total.commands == total.applied > 50
    assert min(total.kills, total.faults, total.doubtful) > 5
    assert total.said >= total.commands - total.doubtful


@pytest.mark.slow
def test_in_teams_nothing_is_said_twice_on_a_hundred_bad_days() -> None:
    total = play_teams(range(1_000, 1_100))
    assert total.commands == total.applied > 500


def test_what_must_be_nothing_and_is_not_is_told() -> None:
    assert Counts(doubled=1, letters=5).wrong == {"doubled": 1}
    assert (Counts(lost=1) + Counts(lost=2, disordered=1)).wrong == {"lost": 3, "disordered": 1}
