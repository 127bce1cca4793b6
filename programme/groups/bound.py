"""How many groups there are, how large, and the fewest pairs of one sector that any such split can have."""

from collections.abc import Iterable
from math import comb


def groups_for(people: int, size: int) -> int:
    """How many groups of at most `size` hold this many people."""
    return -(-people // size)


def roomy(people: int, size: int, least: int) -> int:
    """The size of groups to ask for, so that none has fewer than `least` people: `size`, or larger where it must be.

    There are `least` people or more.
    """
    groups = min(groups_for(people, size), people // least)
    return max(size, -(-people // groups))


def sizes(people: int, groups: int) -> tuple[int, ...]:
    """The sizes of so many groups, largest first, no two more than one apart."""
    smaller, larger = divmod(people, groups) if groups else (0, 0)
    return (smaller + 1,) * larger + (smaller,) * (groups - larger)


def cuts(people: int, size: int) -> tuple[tuple[int, ...], ...]:
    """The ways to cut a cohort that a coordinator can choose from, the usual one first.

    There is one when groups of `size` and of one fewer will do, or when all fit in one group. Else (with size 5: 6, 7 and 11
    people) the second has one group fewer, with more than `size` people; `max(cut)` is the `size` that asks for a cut.
    """
    groups = groups_for(people, size)
    usual = sizes(people, groups)
    if groups <= 1 or min(usual) >= size - 1:
        return (usual,)
    return (usual, sizes(people, groups - 1))


def fewest_pairs(sectors: Iterable[int], groups: int) -> int:
    """The fewest pairs of one sector in one group, over all splits, from how many people each sector has.

    Pairs grow faster than group members (n people make n(n-1)/2 pairs), so spreading a sector evenly is best: of c = qG + r
    people, r groups get q + 1 and the others q. Dealing a list that is sorted by sector does this for all sectors at once.
    """
    return sum(_fewest(count, groups) for count in sectors)


def _fewest(count: int, groups: int) -> int:
    each, over = divmod(count, groups)
    return over * comb(each + 1, 2) + (groups - over) * comb(each, 2)
