"""The way to a good split: deal, then let people change places as long as it helps.

Dealing a list that is sorted by sector attains the fewest pairs of one sector. What it leaves (a blocked pair, a group without a
common moment) is repaired by swaps, which mostly are between people of one sector and so cost nothing there. Where swaps end in a dead
end, some people get a place by lot and the swaps begin anew (iterated local search: Lourenço, Martin and Stützle, "Iterated Local
Search", Handbook of Metaheuristics, 2003). All of it is counted, never timed: the same problem always ends in the same split.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from programme.groups.seating import Groups, Seating
from programme.groups.tally import Tally
from programme.matching import lottery

START, STEP = 4_000, 10
LONG, STEPS = 12_000, 60
"""How many swaps are looked at, and per person besides, before another start is tried, and before the best found is taken."""
LARGE = 10
"""From this size of group on a look takes longer, by as much as the group is larger, and fewer are taken."""
SHAKEN = 3
"""How many people get a place by lot before the swaps begin anew."""
MATES = 64
"""Among how many people, those with the fewest ways out first, the next member of a group is sought."""


class Patience:
    """How many swaps may still be looked at."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, looks: int) -> None:
        """Count what was looked at."""
        self.left -= looks


def deal(tally: Tally) -> Groups:
    """Deal the list round, one to each group in turn."""
    seats = range(tally.groups * tally.seats)
    return [list(seats[number :: tally.groups]) for number in range(tally.groups)]


def improve(start: Seating, seed: str) -> Seating:
    """Repair a split until no rule is broken that could be kept, or until patience ends."""
    seats, best = len(start.where), start
    descend(best, Patience(START + STEP * seats))
    if best.cost >= best.tally.weights.absent:
        other = Seating(best.tally, gather(best.tally))
        descend(other, Patience(START + STEP * seats))
        best = min(best, other, key=lambda seating: seating.cost)
    patience = Patience((LONG + STEPS * seats) // (1 + best.tally.seats // LARGE))
    descend(best, patience, everybody=True)
    best = _shaken(best, patience, seed)
    polish(best)
    return best


def descend(seating: Seating, patience: Patience, *, everybody: bool = False) -> None:
    """Swap whoever is in trouble with the first partner that makes it better, as long as that helps."""
    helped = True
    while helped and patience.left > 0:
        patience.spend(len(seating.where) // 2)
        helped = sum(_moved(seating, one, patience, everybody=everybody) for one in seating.troubled()) > 0


def polish(seating: Seating) -> None:
    """Give groups more common moments, once round the cohort, without breaking anything for it."""
    if seating.tally.named_slots:
        patience = Patience(20 * len(seating.where))
        for one in range(len(seating.where)):
            _moved(seating, one, patience)


def _moved(seating: Seating, one: int, patience: Patience, *, everybody: bool = False) -> bool:
    """Swap with the first partner that helps, if one does."""
    for other in seating.partners(one, everybody=everybody) if patience.left > 0 else ():
        patience.spend(1)
        if (change := seating.change(one, other)) < 0:
            seating.swap(one, other, change)
            return True
    return False


def _shaken(best: Seating, patience: Patience, seed: str) -> Seating:
    """Try again from nearby splits, and keep the best. An equal one is kept too, to get away from where nothing helps."""
    draws = _draws(seed)
    while patience.left > 0 and (troubled := best.troubled()):
        other = best.copy()
        patience.spend(2 * len(other.where))
        for _ in range(SHAKEN):
            one = troubled[next(draws) % len(troubled)]
            partners = other.partners(one)
            if not partners:
                return best
            mate = partners[next(draws) % len(partners)]
            other.swap(one, mate, other.change(one, mate))
        descend(other, patience)
        best = min(other, best, key=lambda seating: seating.cost)
    return best


def _draws(seed: str) -> Iterator[int]:
    number = 0
    while True:
        yield int(lottery.lot(seed, "swap", str(number)), 16)
        number += 1


def gather(tally: Tally) -> Groups:
    """Fill one group after the other, beginning with whoever fits with fewest, and add who costs the group least.

    This finds the groups of small minorities (a language that five people speak), which swaps one by one do not.
    """
    left = _scarce_first(tally)
    empty = range(len(tally.people), tally.groups * tally.seats)
    groups: Groups = [[] for _ in range(tally.groups - len(empty))] + [[seat] for seat in empty]
    for members in groups:
        while len(members) < tally.seats:
            members.append(_mate(tally, members, left))
    return groups


def _mate(tally: Tally, members: Sequence[int], left: list[int]) -> int:
    """Take out of `left` who costs these members least; of equals the first."""

    def cost(one: int) -> int:
        return tally.between(one, members) + tally.together([*members, one])

    mate = min(left[:MATES], key=cost)
    left.remove(mate)
    return mate


def _scarce_first(tally: Tally) -> list[int]:
    """People in the order of how many others share a language with them, then of how well their moments suit others."""
    people = range(len(tally.people))
    speakers = Counter(tally.speaks[one] for one in people)
    heard = {mask: sum(n for other, n in speakers.items() if mask & other) for mask in speakers}
    wanted = [sum(tally.can[one] >> slot & 1 for one in people) for slot in range(tally.named_slots)]

    def company(one: int) -> tuple[int, int, int]:
        shared = sum(count for slot, count in enumerate(wanted) if tally.can[one] >> slot & 1)
        return heard[tally.speaks[one]], shared, one

    return sorted(people, key=company)
