"""A best matching when every visit must be returned: people are matched in pairs.

A pair costs what both visits cost. So every visit is given the cost of both, the network is solved as if visits need not be
returned, and then people go round in circles or stand in rows. A row, or a circle of an even number, falls apart in pairs at
the same cost. A circle of an odd number does not: then the world is split in one without a pair of it and one with that pair fixed.
(Without the rule about odd circles this is Balinski's half-integral matching; On maximum matching, 1970.)
"""

from dataclasses import dataclass, field, replace

from programme.matching import lottery
from programme.matching.assignment import Assignment, assign, prices, total
from programme.matching.network import DEPTH, NOWHERE, WORLDS, Arc, Network, network
from programme.matching.problem import Certificate, Pair, Problem
from programme.text import Refusal, _

Couple = tuple[int, int]


def best_pairs(problem: Problem) -> tuple[dict[str, str], Certificate]:
    """Return the best match in which every visit is returned (person to place), and the proof.

    Of equally good outcomes the same one always comes out, and nobody's sign-up order weighs in it; the lottery numbers the
    people beforehand. Raises `Refusal` when two people share a place, when locks leave no answer, or when too many worlds are needed.
    """
    own = [problem.own_place(person) for person in problem.people]
    if len(set(own)) < len(own):
        raise Refusal(_("Visits can only be returned when everybody has a place of their own. Give each person one."))
    tree = _Pairs(problem)
    proof = tree.explore(tree.start())
    if tree.cost is None:
        raise Refusal(_("The locks leave no way in which every visit is returned. Take a lock away."))
    return tree.match, proof


@dataclass(slots=True)
class _Pairs:
    """The worlds that were explored, and the best pairs found in them. People and places go by number."""

    problem: Problem
    match: dict[str, str] = field(default_factory=dict)
    cost: int | None = None
    """Of the best pairs found, every visit counted at the cost of both."""
    worlds: int = 0

    def start(self) -> Network:
        """The world in which only visits that can be returned are left, each at the cost of both, and locks hold two people."""
        net = network(self.problem, lottery.order(self.problem.lottery, self.problem.people))
        home = self._homes(net)
        host = {place: person for person, place in enumerate(home)}
        price = {(person, place): cost for person, arcs in enumerate(net.arcs) for place, cost, _level in arcs}

        def returned(person: int) -> tuple[Arc, ...]:
            both = (
                (place, cost + price[host[place], home[person]], level)
                for place, cost, level in net.arcs[person]
                if (host.get(place, NOWHERE), home[person]) in price
            )
            return tuple(sorted(both, key=lambda arc: (arc[1], arc[0])))

        doubled = replace(
            net,
            room=tuple(min(room, 1) for room in net.room),
            arcs=tuple(returned(person) for person in range(len(net.people))),
            stay=tuple(None if stay is None else 2 * stay for stay in net.stay),
        )
        for person, place in sorted(self.problem.locks().items()):
            number = net.places.index(place)
            doubled = _only(doubled, home, (net.people.index(person), host.get(number, NOWHERE)))
        return doubled

    def explore(self, net: Network, depth: int = 0) -> Certificate:
        """Solve one world, and split it as long as its people do not fall apart in pairs and it could be the best of all."""
        self.worlds += 1
        if self.worlds > WORLDS or depth > DEPTH:
            raise Refusal(
                _("Too many circles for an exact answer in pairs. Lock some pairs, or let visits go unreturned.")
            )
        try:
            state = assign(net)
        except ValueError:  # somebody who is fixed has nowhere to go: there is no answer in this world
            return Certificate(u={}, v={})
        bound = total(net, state)
        if self.cost is not None and bound >= self.cost:
            return prices(net, state)
        home = self._homes(net)
        couples, loose = _fall_apart(state, home)
        if _weight(net, home, couples) == bound:
            self.cost, self.match = bound, self._match(net, home, couples)
            return prices(net, state)
        visits = self._visits(net, home, loose)
        branches = tuple(self.explore(half, depth + 1) for half in (net.without(*visits), _only(net, home, loose)))
        return Certificate(u={}, v={}, split=visits, branches=branches)

    def _homes(self, net: Network) -> list[int]:
        number = {place: index for index, place in enumerate(net.places)}
        return [number.get(self.problem.own_place(person), NOWHERE) for person in net.people]

    def _visits(self, net: Network, home: list[int], couple: Couple) -> tuple[Pair, Pair]:
        one, other = couple
        return (net.people[one], net.places[home[other]]), (net.people[other], net.places[home[one]])

    def _match(self, net: Network, home: list[int], couples: list[Couple]) -> dict[str, str]:
        return dict(sorted(visit for couple in couples for visit in self._visits(net, home, couple)))


def _only(net: Network, home: list[int], couple: Couple) -> Network:
    """The world in which these two visit each other, and nobody else visits them."""
    one, other = couple
    if other == NOWHERE:
        return replace(net, arcs=tuple(() if person == one else row for person, row in enumerate(net.arcs)))
    taken, goal = {home[one], home[other]}, {one: home[other], other: home[one]}
    arcs = tuple(
        tuple(arc for arc in row if (arc[0] == goal[person] if person in goal else arc[0] not in taken))
        for person, row in enumerate(net.arcs)
    )
    stay = tuple(None if person in goal else cost for person, cost in enumerate(net.stay))
    return replace(net, arcs=arcs, stay=stay)


def _fall_apart(state: Assignment, home: list[int]) -> tuple[list[Couple], Couple]:
    """Cut rows and circles of visitors in couples; also return two neighbours to split the world by, of an odd circle if there is one."""
    host = {place: person for person, place in enumerate(home)}
    after = {person: host[place] for person, place in enumerate(state.place_of) if place != NOWHERE}
    starts = [person for person in after if person not in set(after.values())]
    couples: list[Couple] = []
    loose: Couple = (NOWHERE, NOWHERE)
    seen: set[int] = set()
    for person in (*starts, *after):
        row = _row(after, person, seen)
        closed = bool(row) and after.get(row[-1]) == row[0]
        returned = after.get(row[1]) == row[0] if row[1:] else True
        if not returned and (loose == (NOWHERE, NOWHERE) or (closed and len(row) % 2)):
            loose = (row[0], row[1])
        couples += zip(row[::2], row[1::2], strict=False)
    return couples, loose


def _row(after: dict[int, int], person: int, seen: set[int]) -> list[int]:
    """Follow the visits from somebody until they end or close."""
    row: list[int] = []
    while person not in seen:
        seen.add(person)
        row.append(person)
        person = after.get(person, person)
    return row


def _weight(net: Network, home: list[int], couples: list[Couple]) -> int:
    """What these couples cost, counted as the network does; -1 when somebody who is fixed is left out."""
    price = {(person, place): cost for person, arcs in enumerate(net.arcs) for place, cost, _level in arcs}
    paired = {person for couple in couples for person in couple}
    alone = [net.stay[person] for person in range(len(net.people)) if person not in paired]
    if None in alone:
        return -1
    return sum(2 * price[one, home[other]] for one, other in couples) + sum(filter(None, alone))
