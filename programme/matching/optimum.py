"""A best matching with its proof, also when people may not visit each other.

Without that rule the prices of the assignment are the proof. With it the cheapest assignment may hold a pair that visits each
other; then the world is split in two, one without the first visit and one without the second, and the best of both is taken.
A world whose prices already show that it cannot be better is left as it is: those prices are its proof. Usually two to four worlds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from programme.matching import lottery
from programme.matching.assignment import Assignment, assign, prices, total
from programme.matching.mutual import best_pairs
from programme.matching.network import DEPTH, NOWHERE, WORLDS, Network, network
from programme.matching.problem import Certificate, Pair, Problem
from programme.matching.rotation import settle
from programme.text import Refusal, _

Returns = Callable[[str, str], tuple[Pair, ...]]
"""The visits that would make a visit mutual: those of the place's hosts to the visitor's own place."""


def optimum(problem: Problem) -> tuple[dict[str, str], Certificate]:
    """Return the best match (person to place, whoever has none left out) that the lottery chooses, and the proof.

    With `reciprocal="forbidden"` the lottery chooses within the world where the first best matching is found.
    With `reciprocal="required"` see `best_pairs`. Raises `Refusal` as that does, or when too many worlds would be needed.
    """
    if problem.reciprocal == "required":
        return best_pairs(problem)
    tree = _Tree(problem, returns(problem))
    proof = tree.explore(network(problem))
    return tree.best, proof


def returns(problem: Problem) -> Returns:
    """Tell, for a visit (person, place), which visits would return it."""
    hosts: dict[str, list[str]] = {}
    for person in sorted(problem.people):
        hosts.setdefault(problem.own_place(person), []).append(person)
    return lambda person, place: tuple((host, problem.own_place(person)) for host in hosts.get(place, ()))


@dataclass(slots=True)
class _Tree:
    """The worlds that were explored, and the best matching found in them."""

    problem: Problem
    returns: Returns
    best: dict[str, str] = field(default_factory=dict)
    cost: int | None = None
    worlds: int = 0

    def explore(self, net: Network, depth: int = 0) -> Certificate:
        """Solve one world, and split it as long as its best matching holds a forbidden pair and could be the best of all."""
        self._count(depth)
        try:
            state = assign(net)
        except ValueError:  # a locked visit was taken away: nobody can be matched in this world
            return Certificate(u={}, v={})
        cost = total(net, state)
        if self.cost is not None and cost >= self.cost:
            return prices(net, state)
        match = self._settled(net, state)
        if (pair := self._mutual(match)) is None:
            self.best, self.cost = match, cost
            return prices(net, state)
        first, second = (self.explore(net.without(visit), depth + 1) for visit in pair)
        return Certificate(u={}, v={}, split=pair, branches=(first, second))

    def _count(self, depth: int) -> None:
        self.worlds += 1
        if self.worlds > WORLDS or depth > DEPTH:
            raise Refusal(
                _("Too many pairs would visit each other for an exact answer. Allow it, or forbid some pairs by hand.")
            )

    def _settled(self, net: Network, state: Assignment) -> dict[str, str]:
        number = {person: index for index, person in enumerate(net.people)}
        order = [number[person] for person in lottery.order(self.problem.lottery, net.people)]

        def lot(person: int, place: int) -> str:
            where = net.places[place] if place < len(net.places) else ""
            return lottery.lot(self.problem.lottery, net.people[person], where)

        places = settle(net, state, order, lot)
        return {net.people[one]: net.places[place] for one, place in enumerate(places) if place != NOWHERE}

    def _mutual(self, match: dict[str, str]) -> tuple[Pair, Pair] | None:
        return next(mutual_visits(match, self.returns), None) if self.problem.reciprocal == "forbidden" else None


def mutual_visits(match: dict[str, str], returns: Returns) -> Iterator[tuple[Pair, Pair]]:
    """Yield the pairs of visits in a match that return each other, each pair twice."""
    for person, place in sorted(match.items()):
        for back in returns(person, place):
            if match.get(back[0]) == back[1]:
                yield (person, place), back
