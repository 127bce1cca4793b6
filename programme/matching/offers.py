"""Alternatives in consultation: what a person without a wish fulfilled can be offered."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from programme.matching import lottery
from programme.matching.network import Costs, costs
from programme.matching.optimum import Returns, returns
from programme.matching.problem import Matching, Pair, Problem


def offers(problem: Problem, matching: Matching, person: str, n: int = 3) -> tuple[str, ...]:
    """Return up to `n` places that this person could have instead, the easiest first.

    Places with room come first, then the ones whose prices say that the whole loses least; of equal ones the lower lot. Never the place
    that they have, their own, a forbidden or closed one, one filled by locks, or one that would break the rule about
    mutual visits. Under lots only places with room are offered: who drew earlier keeps what they drew.
    """
    return _Openings.of(problem, matching).offers(person, n)


def all_offers(problem: Problem, matching: Matching) -> dict[str, tuple[str, ...]]:
    """Return three offers for everybody without a wish fulfilled who is not locked to where they are."""
    openings, locks = _Openings.of(problem, matching), problem.locks()
    unlucky = (one for one in sorted(problem.people) if matching.match.get(one) not in problem.level_of(one))
    return {person: openings.offers(person, 3) for person in unlucky if person not in locks}


@dataclass(frozen=True, slots=True)
class _Openings:
    """The places of a matched problem that could take one more, by how hard that is."""

    problem: Problem
    match: dict[str, str]
    barred: set[Pair]
    back: Returns
    weights: Costs
    strain: dict[str, tuple[bool, int]]
    """Per place: whether somebody would have to move for it, and what its price says that they lose."""
    alike: tuple[tuple[str, ...], ...]
    """The places in groups of equal strain, the easiest first."""

    @classmethod
    def of(cls, problem: Problem, matching: Matching) -> "_Openings":
        load, locked = Counter(matching.match.values()), Counter(problem.locks().values())
        prices = matching.certificate.v
        fixed = locked if prices else load
        strain = {
            place: (load[place] >= room, -int(prices.get(place, "0")))
            for place, room in sorted(problem.places.items())
            if fixed[place] < room
        }
        groups = groupby(sorted(strain, key=strain.__getitem__), key=strain.__getitem__)
        return cls(
            problem=problem,
            match=matching.match,
            barred=problem.barred(),
            back=returns(problem),
            weights=costs(problem),
            strain=strain,
            alike=tuple(tuple(places) for _, places in groups),
        )

    def offers(self, person: str, n: int) -> tuple[str, ...]:
        level_of = self.problem.level_of(person)
        found = [place for place in level_of if place in self.strain and self._can_be(person, place)]
        outside = 0
        for group in self.alike:
            more = [place for place in group if place not in level_of and self._can_be(person, place)]
            found += more
            outside += len(more)
            if outside >= n:  # all places outside the list are liked as much: those with more strain come later
                break
        return tuple(sorted(found, key=lambda place: self._loss(person, place, level_of.get(place)))[:n])

    def _can_be(self, person: str, place: str) -> bool:
        if (person, place) in self.barred or place == self.match.get(person):
            return False
        mutual = self.problem.reciprocal == "forbidden"
        return not (mutual and any(self.match.get(host) == own for host, own in self.back(person, place)))

    def _loss(self, person: str, place: str, level: int | None) -> tuple[bool, int, str]:
        full, price = self.strain[place]
        own_loss = self.weights.nowhere if level is None else self.weights.by_level[level]
        return full, own_loss + price, lottery.lot(self.problem.lottery, person, place)
