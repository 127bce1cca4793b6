"""The lottery's choice among all best assignments.

Optimal prices mark every arc that occurs in some best assignment as tight (length 0). An assignment over tight arcs is a best one as
long as places with a price below 0 stay full. So people can rotate: each goes to the place of the next, and the last one to the
place that the first one left, or to room without a price. In lottery order everybody rotates to the best level still reachable and
stays on it; then, in the same order, to the place with the lowest lot on that level. What comes out does not depend on where it started.
"""

from collections.abc import Callable
from dataclasses import dataclass

from programme.matching.assignment import Assignment
from programme.matching.network import NOWHERE, Network

Lot = Callable[[int, int], str]
"""The lot of a place for a person; the lowest wins."""


def settle(net: Network, state: Assignment, order: list[int], lot: Lot) -> list[int]:
    """Return the place of each person (or NOWHERE) in the one best assignment that the lottery chooses.

    `order` holds every person, first drawn first. `state` is an optimal assignment with its prices, and is left as it was.
    """
    circle = _Circle.of(net, state)
    for person in order:
        circle.take_best_level(person)
    for person in order:
        circle.take_lowest_lot(person, lot)
    return [NOWHERE if place == circle.outside else place for place in circle.place_of]


@dataclass(slots=True)
class _Circle:
    """Who is where, and where they could be without loss. Having no place is a place too, with room for all: `outside`."""

    outside: int
    room: list[int]
    place_of: list[int]
    guests: list[list[int]]
    wishes: list[dict[int, int]]
    """Per person the tight places that are still open to them, with their level."""
    unpriced: list[int]
    """Places that may be left: these need not stay full."""

    @classmethod
    def of(cls, net: Network, state: Assignment) -> "_Circle":
        outside = len(net.places)
        wishes = [_tight(net, state, person, outside) for person in range(len(net.people))]
        circle = cls(
            outside=outside,
            room=[*net.room, len(net.people)],
            place_of=[outside if place == NOWHERE else place for place in state.place_of],
            guests=[[] for _ in range(outside + 1)],
            wishes=wishes,
            unpriced=[*(place for place in range(outside) if state.v[place] == 0), outside],
        )
        for person, place in enumerate(circle.place_of):
            circle.guests[place].append(person)
        return circle

    def take_best_level(self, person: int) -> None:
        """Rotate somebody to the best level still open to them, and close all other levels."""
        wishes = self.wishes[person]
        now = wishes[self.place_of[person]]
        better = sorted((level, place) for place, level in wishes.items() if level < now)
        for reached in sorted({level for level, _ in better}):
            if self._rotate(person, [place for level, place in better if level == reached]):
                now = reached
                break
        self.wishes[person] = {place: level for place, level in wishes.items() if level == now}

    def take_lowest_lot(self, person: int, lot: Lot) -> None:
        """Rotate somebody to the place with the lowest lot that is still open to them, and close all others."""
        wishes = self.wishes[person]
        if len(wishes) == 1:
            return
        for place in sorted(wishes, key=lambda one: (lot(person, one), one)):
            if place == self.place_of[person] or self._rotate(person, [place]):
                self.wishes[person] = {place: wishes[place]}
                return

    def _rotate(self, person: int, wanted: list[int]) -> bool:
        """Bring somebody to one of the wanted places, if the others can close the circle; else change nothing."""
        home = self.place_of[person]
        came: dict[int, tuple[int, int]] = {}
        """How the search came to a place: from which place, and who would make that step (NOBODY: room itself moves)."""
        seen, todo, loose = set(wanted), list(wanted), False
        while todo:
            place = todo.pop()
            if place == home:
                self._turn(person, came, home)
                return True
            steps = [(guest, there) for guest in self.guests[place] for there in self.wishes[guest]]
            if not loose and len(self.guests[place]) < self.room[place]:
                loose = True
                steps += [(_NOBODY, there) for there in self.unpriced]
            for guest, there in steps:
                if there not in seen:
                    seen.add(there)
                    came[there] = (place, guest)
                    todo.append(there)
        return False

    def _turn(self, person: int, came: dict[int, tuple[int, int]], home: int) -> None:
        place = home
        while place in came:
            before, guest = came[place]
            if guest != _NOBODY:
                self._move(guest, place)
            place = before
        self._move(person, place)

    def _move(self, person: int, place: int) -> None:
        self.guests[self.place_of[person]].remove(person)
        self.place_of[person] = place
        self.guests[place].append(person)


_NOBODY = -1


def _tight(net: Network, state: Assignment, person: int, outside: int) -> dict[int, int]:
    paid = state.u[person]
    tight = {place: level for place, cost, level in net.arcs[person] if cost == paid + state.v[place]}
    return tight if net.stay[person] != paid else {**tight, outside: net.levels}
