"""How long the matching takes, with OR-tools' minimum cost flow and SciPy's assignment beside it where these are installed.

The peers get the same graph with weights that fit them (64-bit integers, floats). That is enough to time them; for long lists and
many people such weights overflow, which is why the product counts with exact integers of its own.
"""

import json
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from time import perf_counter
from typing import Any

from bench.row import row
from programme.matching.assignment import assign
from programme.matching.network import Network, network
from programme.matching.proof import prove
from programme.matching.solve import Problem, solve

ROUNDS = 5
SIZES = (40, 300, 2_000)
LIST_LENGTH = 5


def sample(n: int, *, alternatives: bool = False) -> Problem:
    """A round of n people with five wishes each; hosts with a low number are wanted most."""
    people = [f"p{i}" for i in range(n)]
    return Problem.model_validate(
        {
            "people": people,
            "places": dict.fromkeys(people, 1),
            "preferences": {person: _wishes(i, n) for i, person in enumerate(people)},
            "alternatives": alternatives,
            "lottery": "bench",
        }
    )


def _wishes(person: int, n: int) -> list[str]:
    digest = b"".join(sha256(f"{person}/{block}".encode()).digest() for block in range(8))
    draws = [int.from_bytes(digest[at : at + 4]) % n for at in range(0, len(digest), 4)]
    liked = dict.fromkeys(min(pair) for pair in zip(draws[::2], draws[1::2], strict=True))
    return [f"p{place}" for place in liked if place != person][:LIST_LENGTH]


def flow(net: Network) -> Callable[[], object]:
    """OR-tools: source, people, places, sink, and an arc past the places for who stays without."""
    min_cost_flow: Any = import_module("ortools.graph.python.min_cost_flow")

    def run() -> object:
        solver = min_cost_flow.SimpleMinCostFlow()
        n = len(net.people)
        sink = n + len(net.places)
        for person, arcs in enumerate(net.arcs):
            for place, cost, _level in arcs:
                solver.add_arc_with_capacity_and_unit_cost(person, n + place, 1, cost)
            solver.add_arc_with_capacity_and_unit_cost(person, sink, 1, net.stay[person] or 0)
            solver.set_node_supply(person, 1)
        for place, room in enumerate(net.room):
            solver.add_arc_with_capacity_and_unit_cost(n + place, sink, room, 0)
        solver.set_node_supply(sink, -n)
        assert solver.solve() == solver.OPTIMAL
        return solver.optimal_cost()

    return run


def dense(net: Network) -> Callable[[], object]:
    """SciPy: a full table with a column of their own for whoever stays without."""
    np: Any = import_module("numpy")
    solver: Any = import_module("scipy.optimize")

    def run() -> object:
        n, places = len(net.people), len(net.places)
        table = np.full((n, places + n), float(net.stay[0] or 0))
        table[:, :places] *= 2
        for person, arcs in enumerate(net.arcs):
            for place, cost, _level in arcs:
                table[person, place] = float(cost)
        return solver.linear_sum_assignment(table)

    return run


def alternating(*runs: Callable[[], object]) -> list[float]:
    """The median time of each, in milliseconds, run in turns so that a busy moment hits all alike."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for run, taken in zip(runs, times, strict=True):
            start = perf_counter()
            run()
            taken.append((perf_counter() - start) * 1000)
    return [median(taken) for taken in times]


def rows() -> list[dict[str, Any]]:
    """One row per size and peer, as `bench/results.json` holds them; without peers when none is installed."""
    table = [row for n in SIZES for row in _assignments(n)]
    for n, alternatives in ((40, False), (300, False), (300, True), (2_000, False)):
        problem = sample(n, alternatives=alternatives)
        name = "matching.solve.alternatives" if alternatives else "matching.solve"
        matching = solve(problem)
        assert matching.proved
        ours, checking = alternating(partial(solve, problem), partial(prove, problem, matching))
        table += [_row(name, n, ours), _row(name.replace("solve", "prove"), n, checking)]
    return table


def _assignments(n: int) -> list[dict[str, Any]]:
    """The assignment alone, next to what others make of the same graph."""
    net = network(sample(n))
    peers: list[tuple[str, Callable[[], object]]] = []
    if find_spec("ortools"):
        peers.append(("OR-tools min cost flow", flow(net)))
    if find_spec("scipy") and n <= 300:
        peers.append(("SciPy linear_sum_assignment", dense(net)))
    ours, *others = alternating(lambda: assign(net), *(run for _, run in peers))
    named = [(name, value) for (name, _), value in zip(peers, others, strict=True)]
    return [_row("matching.assign", n, ours, name, value) for name, value in named] or [
        _row("matching.assign", n, ours)
    ]


def _row(name: str, n: int, ours: float, peer: str | None = None, value: float | None = None) -> dict[str, Any]:
    return row(name, n, ours, "ms", peer=peer, peer_value=value, better="lower")


if __name__ == "__main__":
    for measured in rows():
        print(json.dumps(measured))
