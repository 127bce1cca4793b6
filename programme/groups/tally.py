"""What a group costs: all rules as one whole number, so that comparing two splits is comparing two numbers.

People are numbers here, in dealing order: by sector, then organisation, then lot. After them come the empty seats that fill the
smaller groups up; these behave as people of one organisation, so that no group has two of them and sizes stay within one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from programme.groups.bound import fewest_pairs, groups_for
from programme.groups.problem import Member, Problem, Slot
from programme.matching import lottery


@dataclass(frozen=True, slots=True)
class Weights:
    """What one breach of each rule costs. Each weighs more than all breaches that are possible of the rules before it."""

    apart: int
    met: int
    sector: int
    absent: int
    language: int
    conflict: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The rules of one problem, by number. `pairs[i]` holds what i costs in one group with each of a few others."""

    people: tuple[str, ...]
    groups: int
    seats: int
    sector: tuple[int, ...]
    organisation: tuple[int, ...]
    pairs: tuple[dict[int, int], ...]
    speaks: tuple[int, ...]
    can: tuple[int, ...]
    named_slots: int
    common_slots: int
    weights: Weights
    bound: int

    def between(self, one: int, others: Iterable[int]) -> int:
        """What this person costs in one group with these others, by pairs. Whether they include the person makes no difference."""
        sector, organisation, pairs, cost = self.sector[one], self.organisation[one], self.pairs[one], 0
        for other in others:
            if other == one:
                continue
            if self.sector[other] == sector:
                cost += self.weights.sector
            if self.organisation[other] == organisation:
                cost += self.weights.conflict
            if other in pairs:
                cost += pairs[other]
        return cost

    def together(self, members: Sequence[int]) -> int:
        """What a group costs as a whole: who does not speak its language, who is absent, and the moments that not all have."""
        speak = can = -1
        for one in members:
            speak &= self.speaks[one]
            can &= self.can[one]
        cost = self.named_slots - (can & ((1 << self.named_slots) - 1)).bit_count()
        if not speak:
            cost += self.weights.language * self.strangers(members)
        if can.bit_count() < self.common_slots:
            cost += self.weights.absent * self.absences(members)
        return cost

    def group(self, members: Sequence[int]) -> int:
        """What a group costs in all."""
        return self.together(members) + sum(self.between(one, members[:at]) for at, one in enumerate(members))

    def strangers(self, members: Sequence[int]) -> int:
        """How many do not speak the language that most of them do."""
        return len(members) - most_shared([self.speaks[one] for one in members], 1)

    def absences(self, members: Sequence[int]) -> int:
        """How often somebody would be absent, over the best moments of this group."""
        moments = self.common_slots
        return len(members) * moments - most_shared([self.can[one] for one in members], moments)


def tally(problem: Problem) -> Tally:
    """Put the rules of a problem in numbers. It must have people."""
    people = _dealing_order(problem)
    groups = groups_for(len(people), problem.size)
    seats = -(-len(people) // groups)
    nobody = [Member(id="-", organisation="-")] * (seats * groups - len(people))
    languages = sorted({language for one in people for language in one.languages or ()})
    slots = sorted({slot for one in people for slot in one.slots or ()}, key=lambda slot: (str(slot), str(type(slot))))
    weights = _weights(problem, groups, len(slots))
    return Tally(
        people=tuple(one.id for one in people),
        groups=groups,
        seats=seats,
        sector=_numbers(one.sector for one in [*people, *nobody]),
        organisation=(*_numbers(one.organisation for one in people), *(-1 for _ in nobody)),
        pairs=(*_pairs(problem, people, weights), *({} for _ in nobody)),
        speaks=tuple(_mask(one.languages, languages, 1) for one in [*people, *nobody]),
        can=tuple(_mask(one.slots, slots, problem.common_slots) for one in [*people, *nobody]),
        named_slots=len(slots),
        common_slots=problem.common_slots,
        weights=weights,
        bound=fewest_pairs(Counter(one.sector for one in people if one.sector).values(), groups),
    )


def _dealing_order(problem: Problem) -> list[Member]:
    drawn = {person: at for at, person in enumerate(lottery.order(problem.seed, (one.id for one in problem.people)))}
    return sorted(problem.people, key=lambda one: (one.sector == "", one.sector, one.organisation, drawn[one.id]))


def _weights(problem: Problem, groups: int, named_slots: int) -> Weights:
    people = len(problem.people)
    apart = groups * named_slots + 1
    met = apart * (len(problem.apart) + 1)
    sector = met * (len(problem.met) + 1)
    absent = sector * (people * problem.size + 1)
    language = absent * (people * problem.common_slots + 1)
    return Weights(apart, met, sector, absent, language, conflict=language * (people + 1))


def _pairs(problem: Problem, people: Sequence[Member], weights: Weights) -> list[dict[int, int]]:
    """What the named pairs cost, on both sides. A pair that is named twice under one rule counts once."""
    number = {one.id: at for at, one in enumerate(people)}
    costs: list[dict[int, int]] = [defaultdict(int) for _ in people]
    rules = (
        ({*problem.blocked, *problem.manages}, weights.conflict),
        (problem.met, weights.met),
        (problem.apart, weights.apart),
    )
    for pairs, weight in rules:
        for one, other in {(min(pair), max(pair)) for pair in pairs if number.keys() >= set(pair)}:
            costs[number[one]][number[other]] += weight
            costs[number[other]][number[one]] += weight
    return costs


def _numbers(words: Iterable[str]) -> tuple[int, ...]:
    """Give equal words equal numbers; an empty word is nobody else's."""
    first: dict[str, int] = {}
    return tuple(first.setdefault(word, at) if word else at for at, word in enumerate(words))


def _mask(given: Sequence[Slot] | None, names: Sequence[Slot], spare: int) -> int:
    """Bit i for the i-th name. Who did not say has every bit, and `spare` more that only such people have."""
    if given is None:
        return (1 << len(names) + spare) - 1
    return sum(1 << at for at, name in enumerate(names) if name in given)


def most_shared(masks: Iterable[int], wanted: int) -> int:
    """Sum, over the `wanted` bits that most masks have, of how many have them.

    `planes` holds the count of every bit at once, in binary and upright: bit i of plane p is digit p of the count of bit i. So a
    mask is added, and the highest count found, in a few operations however many bits there are.
    """
    planes: list[int] = []
    for mask in masks:
        _add(planes, mask)
    found, left = 0, reduce(or_, planes, 0)
    while wanted > 0 and left:
        count, bits = _highest(planes, left)
        taken = min(wanted, bits.bit_count())
        found, wanted, left = found + taken * count, wanted - taken, left & ~bits
    return found


def _add(planes: list[int], mask: int) -> None:
    for digit, plane in enumerate(planes):
        planes[digit], mask = plane ^ mask, plane & mask
    if mask:
        planes.append(mask)


def _highest(planes: Sequence[int], among: int) -> tuple[int, int]:
    """The highest count of any of these bits, and which have it."""
    count = 0
    for digit in reversed(range(len(planes))):
        if among & planes[digit]:
            among &= planes[digit]
            count |= 1 << digit
    return count, among
