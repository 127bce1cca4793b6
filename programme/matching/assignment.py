"""The cheapest assignment in a network, by shortest augmenting paths with prices.

One person after the other gets a place: Dijkstra's search runs from the newcomer over places, with the length cost - u - v of an arc
(never negative), through the people that a full place holds; it ends at a place with room, or with somebody for whom staying
without a place is cheapest. The path is flipped and the prices are raised so that all lengths stay non-negative and everybody's
own arc has length 0. Then the prices prove the assignment: total cost = sum of u + sum of room times v.

The method is the Hungarian one in the form of Edmonds and Karp (J. ACM 19(2), 1972) and Tomizawa (Networks 1, 1971), with rooms.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush

from programme.matching.network import NOWHERE, Network
from programme.matching.problem import Certificate


@dataclass(slots=True)
class Assignment:
    """Who is where, with the prices that go with it."""

    place_of: list[int]
    guests: list[list[int]]
    u: list[int]
    """Per person: what their place costs the whole, at most the cost of staying without."""
    v: list[int]
    """Per place: 0, or less where more people want to be than there is room."""

    def move(self, person: int, place: int) -> None:
        """Bring somebody to a place, or to NOWHERE."""
        if (left := self.place_of[person]) != NOWHERE:
            self.guests[left].remove(person)
        self.place_of[person] = place
        if place != NOWHERE:
            self.guests[place].append(person)


def assign(net: Network) -> Assignment:
    """Solve the network: a cheapest assignment and optimal prices. The same network always gives the same answer.

    Raises `ValueError` when somebody is locked to a place that the network no longer offers them, or that locks have filled.
    """
    state = Assignment(
        [NOWHERE] * len(net.people), [[] for _ in net.places], [0] * len(net.people), [0] * len(net.places)
    )
    waiting = _first_places(net, state)
    for person in waiting:
        _Search(net, state, person).run()
    return state


def total(net: Network, state: Assignment) -> int:
    """What an optimal assignment costs, by its prices."""
    return sum(state.u) + sum(room * price for room, price in zip(net.room, state.v, strict=True))


def prices(net: Network, state: Assignment) -> Certificate:
    """Write the prices down as a proof."""
    return Certificate(
        u={person: str(price) for person, price in zip(net.people, state.u, strict=True)},
        v={place: str(price) for place, price in zip(net.places, state.v, strict=True)},
    )


def _first_places(net: Network, state: Assignment) -> list[int]:
    """Put those who are locked in place, then whoever finds room at a cheapest place; return who still waits."""
    waiting: list[int] = []
    for person in sorted(range(len(net.people)), key=lambda one: net.stay[one] is not None):
        stay, arcs = net.stay[person], net.arcs[person]
        if not arcs:
            if stay is None:
                raise ValueError(net.people[person])
            state.u[person] = stay
            continue
        cheapest = state.u[person] = arcs[0][1]
        free = (one for one, cost, _ in arcs if cost == cheapest and len(state.guests[one]) < net.room[one])
        if (place := next(free, NOWHERE)) == NOWHERE:
            waiting.append(person)
        else:
            state.move(person, place)
    return waiting


@dataclass(slots=True)
class _Search:
    """One search for the shortest path from a newcomer to room."""

    net: Network
    state: Assignment
    root: int
    limit: int = 0
    """Length of the shortest way out found so far."""
    last: tuple[int, int] = (NOWHERE, NOWHERE)
    """The last step of that way: who goes where."""
    reached: dict[int, int] = field(default_factory=dict)
    via: dict[int, int] = field(default_factory=dict)
    """Who would come to a place that was reached."""
    heap: list[tuple[int, int]] = field(default_factory=list)

    def run(self) -> None:
        stay = self.net.stay[self.root]
        if stay is None:
            raise ValueError(self.net.people[self.root])
        self.limit, self.last = stay - self.state.u[self.root], (self.root, NOWHERE)
        seen, full = [(self.root, 0)], []
        self._look_around(self.root, 0)
        while self.heap and self.heap[0][0] < self.limit:
            distance, place = heappop(self.heap)
            if distance > self.reached[place]:
                continue
            full.append((place, distance))
            for guest in self.state.guests[place]:
                seen.append((guest, distance))
                self._look_around(guest, distance)
        self._raise_prices(seen, full)
        self._flip()

    def _look_around(self, person: int, distance: int) -> None:
        """Follow the arcs of somebody who was reached."""
        state, net, reached = self.state, self.net, self.reached
        start = distance - state.u[person]
        if (stay := net.stay[person]) is not None and start + stay < self.limit:
            self.limit, self.last = start + stay, (person, NOWHERE)
        for place, cost, _ in net.arcs[person]:
            if start + cost >= self.limit:  # dearer arcs follow, and no place makes them cheaper (v <= 0)
                return
            length = start + cost - state.v[place]
            if length >= self.limit or length >= reached.get(place, self.limit):
                continue
            reached[place], self.via[place] = length, person
            if len(state.guests[place]) < net.room[place]:
                self.limit, self.last = length, (person, place)
            else:
                heappush(self.heap, (length, place))

    def _raise_prices(self, seen: list[tuple[int, int]], full: list[tuple[int, int]]) -> None:
        for person, distance in seen:
            self.state.u[person] += self.limit - distance
        for place, distance in full:
            self.state.v[place] -= self.limit - distance

    def _flip(self) -> None:
        """Walk the path back: everybody on it moves one step on."""
        person, place = self.last
        while person != self.root:
            left = self.state.place_of[person]
            self.state.move(person, place)
            person, place = self.via[left], left
        self.state.move(person, place)
