"""A matching problem as a network of numbers: who can go where, at which level and at which cost.

With B = people + 1 a person on level 0 costs 0, on level l costs B^(l-1), and without a place more than everybody together on
the last level. So a lower total is exactly: fewer people without a place, then fewer on the last level, then on the last but
one, and so on (the fair matching of Huang, Kavitha, Mehlhorn and Michail, Algorithmica 74(3), 2016). The costs are exact
integers of any size: floats and 64 bits are silently wrong from a few hundred people on.
"""

from dataclasses import dataclass

from programme.matching.problem import Pair, Problem

NOWHERE = -1
"""The place of who has none."""

WORLDS, DEPTH = 500, 100
"""How many worlds are tried under a rule about mutual visits, and how often one is split, before the answer is "I cannot say"."""

Arc = tuple[int, int, int]
"""Place, cost, level."""


@dataclass(frozen=True, slots=True)
class Network:
    """People and places by number, as a rule in the order of their ids, never in the order of sign-up."""

    people: tuple[str, ...]
    places: tuple[str, ...]
    room: tuple[int, ...]
    arcs: tuple[tuple[Arc, ...], ...]
    """Per person where they can go, cheapest first. Who is locked has one arc."""
    stay: tuple[int | None, ...]
    """What it costs to give this person no place; None when they are locked."""
    levels: int

    def without(self, *pairs: Pair) -> "Network":
        """Take these pairs (person, place) away."""
        gone = {(self.people.index(person), self.places.index(place)) for person, place in pairs}
        changed = {person for person, _ in gone}
        arcs = tuple(
            tuple(arc for arc in row if (person, arc[0]) not in gone) if person in changed else row
            for person, row in enumerate(self.arcs)
        )
        return Network(self.people, self.places, self.room, arcs, self.stay, self.levels)


@dataclass(frozen=True, slots=True)
class Costs:
    """What each level costs; with an earlier match to stay close to, every change weighs more than all levels together."""

    by_level: tuple[int, ...]
    change: int
    nowhere: int


def costs(problem: Problem) -> Costs:
    """Weigh the digits of this problem: unplaced, then changed (in a repair), then the levels from the last to the second."""
    base, levels = len(problem.people) + 1, problem.levels()
    by_level = (0, *(base**power for power in range(levels - 1)))
    nowhere = base ** max(levels - 1, 0)
    if problem.previous is None:
        return Costs(by_level, 0, nowhere)
    return Costs(by_level, nowhere, nowhere * base)


def network(problem: Problem, people: tuple[str, ...] | None = None) -> Network:
    """Write a problem as a network, the people numbered in the order of their ids or in the order that is given."""
    people, places = people or tuple(sorted(problem.people)), tuple(sorted(problem.places))
    weights, locks = costs(problem), problem.locks()
    previous = problem.previous if problem.previous is not None else {}
    number = {place: index for index, place in enumerate(places)}

    def arcs_of(person: str) -> tuple[Arc, ...]:
        before = previous.get(person)
        return tuple(
            sorted(
                (
                    (number[place], weights.by_level[level] + weights.change * (place != before), level)
                    for place, level in wishes[person].items()
                ),
                key=lambda arc: (arc[1], arc[0]),
            )
        )

    wishes = _wishes(problem, locks)
    return Network(
        people=people,
        places=places,
        room=tuple(problem.places[place] for place in places),
        arcs=tuple(arcs_of(person) for person in people),
        stay=tuple(
            None if person in locks else weights.nowhere + weights.change * (person in previous) for person in people
        ),
        levels=problem.levels(),
    )


def _wishes(problem: Problem, locks: dict[str, str]) -> dict[str, dict[str, int]]:
    """Per person the places that they can go to, with the level of each."""
    barred, last = problem.barred(), problem.list_length()
    open_places = [place for place, room in problem.places.items() if room]

    def wishes_of(person: str) -> dict[str, int]:
        listed = problem.level_of(person)
        if person in locks:
            return {locks[person]: listed.get(locks[person], last)}
        outside = dict.fromkeys(open_places, last) if problem.alternatives else {}
        can_be = {**outside, **{place: level for place, level in listed.items() if problem.places.get(place)}}
        return {place: level for place, level in can_be.items() if (person, place) not in barred}

    return {person: wishes_of(person) for person in problem.people}
