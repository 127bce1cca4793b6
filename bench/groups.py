"""How long splitting in groups takes, for cohorts with everything at once: sectors, organisations, languages, agendas, history.

No peer stands beside it; each row is held to the goal of the design.
"""

import json
from hashlib import sha256
from statistics import median
from time import perf_counter
from typing import Any

from bench.row import Row, row
from programme.groups.problem import Problem
from programme.groups.rounds import solve_rounds
from programme.groups.solve import solve

GOALS = {100: 100, 500: 500, 5_000: 15_000}
REPEATS = 5
MOMENTS = 10


def draw(*parts: object) -> int:
    return int.from_bytes(sha256("/".join(map(str, parts)).encode()).digest()[:4])


def member(number: int) -> dict[str, Any]:
    """One of five sectors, three to an organisation; one in twelve speaks English only; at least two of ten moments suit, mostly five or six."""
    tongue = draw("language", number) % 12
    liked = (moment for moment in range(MOMENTS) if draw("slot", number, moment) % 100 < 50)
    return {
        "id": f"p{number:04}",
        "sector": f"sector {draw('sector', number // 3) % 5}",
        "organisation": f"organisation {number // 3}",
        "languages": ["en"] if tongue == 0 else ["nl", "en"] if tongue < 6 else ["nl"],
        "slots": sorted({number % MOMENTS, number * 7 % 11 % MOMENTS, *liked}),
    }


def sample(people: int) -> Problem:
    names = [f"p{number:04}" for number in range(people)]
    pairs = {
        key: [(names[draw(key, n) % people], names[draw(key, n, "b") % people]) for n in range(people // share)]
        for key, share in (("met", 1), ("blocked", 20), ("manages", 50), ("apart", 2))
    }
    return Problem.model_validate(
        {
            "people": [member(number) for number in range(people)],
            "size": 5,
            "common_slots": 1,
            "seed": "bench",
            **{key: [pair for pair in found if pair[0] != pair[1]] for key, found in pairs.items()},
        }
    )


def rows() -> list[Row]:
    """One row per size, as `bench/results.json` holds them, and one for five rounds of a hundred people."""
    return [*(_row(people, goal) for people, goal in GOALS.items()), _rounds(100)]


def _row(people: int, goal: int) -> Row:
    problem, times = sample(people), []
    for _ in range(REPEATS if people < 5_000 else 1):
        start = perf_counter()
        split = solve(problem)
        times.append((perf_counter() - start) * 1000)
        assert split.optimal
        assert not split.relaxed
    return row("groups.solve", people, median(times), "ms", at_most=goal)


def _rounds(people: int) -> Row:
    problem = Problem.model_validate(
        {
            "people": [{"id": f"p{number:03}", "sector": f"{number // 20}"} for number in range(people)],
            "size": 5,
            "rounds": 5,
        }
    )
    start = perf_counter()
    splits = solve_rounds(problem)
    spent = (perf_counter() - start) * 1000
    assert not any(split.relaxed for split in splits)
    return row("groups.rounds.5", people, spent, "ms")


if __name__ == "__main__":
    for one in rows():
        print(json.dumps(one))
