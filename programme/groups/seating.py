"""Who sits in which group, while two at a time change places."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import comb

from programme.groups.bound import fewest_pairs
from programme.groups.tally import Tally

Groups = list[list[int]]
NEAR, FAR = 48, 32
"""How many partners somebody looks at in a large cohort: next in the dealing order (much alike), and spread over all of it."""


class Seating:
    """A split that can be changed, with its cost kept up to date."""

    def __init__(self, tally: Tally, groups: Iterable[Sequence[int]]) -> None:
        self.tally = tally
        self.groups: Groups = [list(members) for members in groups]
        self.where = [0] * (tally.groups * tally.seats)
        for number, members in enumerate(self.groups):
            for one in members:
                self.where[one] = number
        self.wholes = [tally.together(members) for members in self.groups]
        self.cost = sum(map(tally.group, self.groups))
        self.steps = _steps(len(self.where))

    def copy(self) -> "Seating":
        """Make another with the same groups."""
        return Seating(self.tally, self.groups)

    def change(self, one: int, other: int) -> int:
        """What it costs more (or, below zero, less) when these two of different groups change places."""
        tally, here, there = self.tally, self.where[one], self.where[other]
        home = [member for member in self.groups[here] if member != one]
        away = [member for member in self.groups[there] if member != other]
        before = tally.between(one, home) + tally.between(other, away) + self.wholes[here] + self.wholes[there]
        after = tally.between(other, home) + tally.between(one, away)
        return after - before + tally.together([*home, other]) + tally.together([*away, one])

    def swap(self, one: int, other: int, change: int) -> None:
        """Let two people change places; `change` is what `change()` says of it."""
        here, there = self.where[one], self.where[other]
        for number, old, new in ((here, one, other), (there, other, one)):
            members = self.groups[number]
            members[members.index(old)] = new
            self.where[new] = number
            self.wholes[number] = self.tally.together(members)
        self.cost += change

    def partners(self, one: int, *, everybody: bool = False) -> list[int]:
        """With whom somebody could change places, those most alike first: everybody in a small cohort, else a sample unless asked."""
        seats, here = len(self.where), self.where[one]
        near = ((one + step) % seats for step in (range(1, seats) if everybody else self.steps))
        return [other for other in near if self.where[other] != here]

    def troubled(self) -> list[int]:
        """Those whose place breaks a rule that could be kept: the ones to move. Common moments beyond those asked for do not count."""
        crowded = self._crowded()
        return [one for members in self.groups for one in self._troubled_of(members, crowded)]

    def _troubled_of(self, members: Sequence[int], crowded: dict[int, int]) -> list[int]:
        tally, weights = self.tally, self.tally.weights
        if self.wholes[self.where[members[0]]] >= weights.absent:
            return list(members)
        found = []
        counts = Counter(tally.sector[one] for one in members) if crowded else Counter[int]()
        for one in members:
            cost, sector = tally.between(one, members), tally.sector[one]
            over = sector in crowded and counts[sector] > crowded[sector]
            if over or cost >= weights.conflict or cost % weights.sector:
                found.append(one)
        return found

    def _crowded(self) -> dict[int, int]:
        """The sectors with more pairs in a group than need be, and above how many of each in a group it is too many."""
        tally, groups = self.tally, self.tally.groups
        counts: dict[int, list[int]] = defaultdict(list)
        for members in self.groups:
            for sector, count in Counter(tally.sector[one] for one in members).items():
                counts[sector].append(count)
        return {
            sector: _too_many(found, groups)
            for sector, found in counts.items()
            if sum(comb(count, 2) for count in found) > fewest_pairs([sum(found)], groups)
        }


def _too_many(counts: list[int], groups: int) -> int:
    """Above the even share rounded up; where nothing is, a group has too few, and the share rounded down is the mark."""
    shared = -(-sum(counts) // groups)
    return shared if max(counts) > shared else shared - 1


def _steps(seats: int) -> list[int]:
    """How far the partners are, in the dealing order: everybody in a small cohort, a sample in a large one."""
    nearest = [sign * step for step in range(1, seats // 2 + 1) for sign in (1, -1)]
    if seats <= NEAR + FAR:
        return nearest
    return [*nearest[:NEAR], *range(NEAR, seats - NEAR, (seats - 2 * NEAR) // FAR or 1)]
