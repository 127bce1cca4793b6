"""What a split is worth, counted again from the facts alone: nothing here is shared with the search."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from programme.groups.problem import Problem

Groups = Sequence[Sequence[str]]
Worth = tuple[int, int, int, int, int, int]


def conflicts(problem: Problem, groups: Groups) -> list[tuple[str, str]]:
    """Pairs that may never sit together and do."""
    organisation = {one.id: one.organisation for one in problem.people}
    never = {frozenset(pair) for pair in (*problem.blocked, *problem.manages)}
    return [
        (one, other)
        for one, other in together(groups)
        if frozenset((one, other)) in never or (organisation[one] and organisation[one] == organisation[other])
    ]


def worth(problem: Problem, groups: Groups) -> Worth:
    """Who does not speak the language, absences, pairs of a sector, of acquaintances, of people kept apart, moments not shared."""
    sector = {one.id: one.sector for one in problem.people}
    pairs = list(together(groups))
    return (
        sum(strangers(problem, group) for group in groups),
        sum(absences(problem, group) for group in groups),
        sum(sector[one] == sector[other] != "" for one, other in pairs),
        named(pairs, problem.met),
        named(pairs, problem.apart),
        sum(missing == 0 for group in groups for missing in slot_misses(problem, group)) * -1,
    )


def together(groups: Groups) -> Iterator[tuple[str, str]]:
    for group in groups:
        yield from combinations(group, 2)


def named(pairs: Sequence[tuple[str, str]], rule: Sequence[tuple[str, str]]) -> int:
    wanted = {frozenset(pair) for pair in rule}
    return sum(frozenset(pair) in wanted for pair in pairs)


def strangers(problem: Problem, group: Sequence[str]) -> int:
    said = [one.languages for one in problem.people if one.id in group and one.languages is not None]
    names = {language for languages in said for language in languages}
    return min((sum(name not in languages for languages in said) for name in names), default=0)


def absences(problem: Problem, group: Sequence[str]) -> int:
    """A moment that is asked for and that nobody named misses everybody who did say."""
    said = sum(one.slots is not None for one in problem.people if one.id in group)
    return sum(sorted([*slot_misses(problem, group), *[said] * problem.common_slots])[: problem.common_slots])


def slot_misses(problem: Problem, group: Sequence[str]) -> list[int]:
    slots = {slot for one in problem.people for slot in one.slots or ()}
    said = [one.slots for one in problem.people if one.id in group and one.slots is not None]
    return [sum(slot not in some for some in said) for slot in sorted(slots, key=str)]


def every_split(people: Sequence[str], count: int) -> Iterator[list[list[str]]]:
    """All splits in so many groups, no two of which differ by more than one person in size; some more than once."""
    for numbers in product(range(count), repeat=len(people)):
        groups = [[one for one, number in zip(people, numbers, strict=True) if number == at] for at in range(count)]
        if max(map(len, groups)) - min(map(len, groups)) <= 1:
            yield groups
