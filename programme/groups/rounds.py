"""Several splits after each other, in which nobody meets the same person twice as long as that can be.

Lay the dealing list in columns as long as there are groups, g. In round r the group b takes, from every column x, row b - r·x
(modulo g). When g is prime and no group is larger than g, two people of different columns share a group in exactly one of g rounds,
because their rows differ by r times the distance of their columns for one r only; two of one column never do. One sector to a column
thus keeps every group mixed, in every round. When s divides g, columns can be cut in groups of s for one more round. (The
"social golfer problem"; the lines of an affine plane, see Dénes and Keedwell, "Latin Squares and their Applications".) For g = 4,
8, 16, … the same holds when rows are counted in the field of that many elements.

What this attains for g groups of s, beside the most that is known: 5-4: 5 of 5; 5-5: 6 of 6; 5-3: 5 of 7; 8-4: 9 of 10. Where a rule
stands in the way of the construction, swaps repair the round; `relaxed` tells when people meet again.
"""

from collections.abc import Iterator
from itertools import combinations

from programme.groups.problem import Problem, Split
from programme.groups.seating import Groups
from programme.groups.solve import settle, solve
from programme.groups.tally import Tally, tally

LOOKED_AT = 8
"""How many ways of dealing are compared for each round."""
FIELDS = {4: 0b111, 8: 0b1011, 16: 0b10011, 32: 0b100101, 64: 0b1000011}
"""An irreducible polynomial over two elements for each number of groups that is a power of two; bit i stands for x to the i."""


def solve_rounds(problem: Problem) -> tuple[Split, ...]:
    """Give `problem.rounds` splits. Who shares a group in one counts as having met in all that follow.

    Raises `Refusal` as `solve` does.
    """
    rounds: list[Split] = []
    asked = problem
    for number in range(problem.rounds):
        rounds.append(_round(asked, number))
        met = sorted({*asked.met, *_pairs(rounds[-1])})
        asked = asked.model_copy(update={"met": tuple(met)})
    return tuple(rounds)


def _round(problem: Problem, number: int) -> Split:
    if number == 0 or len(problem.people) <= problem.size:
        return solve(problem)
    rules = tally(problem)
    slopes = range(number, number + min(LOOKED_AT, rules.groups))
    return settle(problem, rules, [*(sheared(rules, slope % rules.groups) for slope in slopes), columns(rules)])


def sheared(tally: Tally, slope: int) -> Groups:
    """Deal so that every next column begins `slope` groups further on; slope 0 is plain dealing."""
    groups: Groups = [[] for _ in range(tally.groups)]
    for seat in range(tally.groups * tally.seats):
        column, row = divmod(seat, tally.groups)
        groups[_shifted(row, slope, column, tally.groups)].append(seat)
    return groups


def columns(tally: Tally) -> Groups:
    """Cut the dealing list itself in groups: whoever stands next to each other sits together."""
    seats = range(tally.groups * tally.seats)
    return [list(seats[at : at + tally.seats]) for at in seats[:: tally.seats]]


def _shifted(row: int, slope: int, column: int, groups: int) -> int:
    if groups not in FIELDS:
        return (row + slope * column) % groups
    return row ^ _product(slope, column % groups, FIELDS[groups])


def _product(one: int, other: int, modulus: int) -> int:
    """Multiply in the field of polynomials over two elements, modulo an irreducible one."""
    found, top = 0, 1 << modulus.bit_length() - 1
    while other:
        if other & 1:
            found ^= one
        one <<= 1
        if one & top:
            one ^= modulus
        other >>= 1
    return found


def _pairs(split: Split) -> Iterator[tuple[str, str]]:
    """Who meets whom; groups are in the order of ids, and so is each pair."""
    for group in split.groups:
        yield from combinations(group, 2)
