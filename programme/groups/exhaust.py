"""Trying every split of a small cohort, so that nothing is left to luck there."""

from programme.groups.seating import Groups
from programme.groups.tally import Tally

FEW = 12
"""Up to so many people every split is tried: 15,400 at most, in groups of three."""


def better(tally: Tally, limit: int) -> Groups | None:
    """The split of least cost below `limit`, the first in dealing order; None when there is none.

    Costs only grow as a group fills, so a branch ends as soon as it is not cheaper than the best found.
    """
    empty = range(len(tally.people), tally.groups * tally.seats)
    groups: Groups = [[seat] for seat in empty] + [[] for _ in range(tally.groups - len(empty))]
    return _Search(tally, groups, limit).best


class _Search:
    def __init__(self, tally: Tally, groups: Groups, limit: int) -> None:
        self.tally = tally
        self.groups = groups
        self.costs = [0] * len(groups)
        self.limit = limit
        self.best: Groups | None = None
        self._seat(0, 0)

    def _seat(self, one: int, cost: int) -> None:
        """Give `one` and all after them a place. `cost` is that of everybody before them."""
        if one == len(self.tally.people):
            self.limit, self.best = cost, [list(members) for members in self.groups]
            return
        for number in self._open():
            members, old = self.groups[number], self.costs[number]
            members.append(one)
            self.costs[number] = new = self.tally.group(members)
            if cost - old + new < self.limit:
                self._seat(one + 1, cost - old + new)
            members.pop()
            self.costs[number] = old

    def _open(self) -> list[int]:
        """The groups with a free place; of groups that nobody sits in yet, one of each size."""
        people, fresh, found = len(self.tally.people), set[int](), []
        for number, members in enumerate(self.groups):
            if len(members) == self.tally.seats:
                continue
            if all(member >= people for member in members):
                if len(members) in fresh:
                    continue
                fresh.add(len(members))
            found.append(number)
        return found
