"""The split of a cohort in groups: the rules kept, sectors mixed, and the same whoever computes it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from programme.groups import exhaust
from programme.groups.problem import RULES, Problem, Rule, Split
from programme.groups.search import START, Patience, deal, descend, improve
from programme.groups.seating import Groups, Seating
from programme.groups.tally import Tally, tally
from programme.text import Refusal, _, listing

__all__ = ["Problem", "Split", "solve"]


def solve(problem: Problem) -> Split:
    """Find the split that the rules and the lottery give; it depends on the facts alone, not on the order they are handed in.

    Up to `exhaust.FEW` people it is the best there is. Above that it is the best found: `optimal` says that no split has fewer
    pairs of one sector, and an empty `relaxed` that every rule is kept. Takes milliseconds for a hundred people, seconds for
    thousands: run it beside the loop.

    Raises `Refusal` when people who may never be in one group were not parted.
    """
    if not problem.people:
        return Split(groups=(), same_sector_pairs=0, bound=0, optimal=True)
    rules = tally(problem)
    _refuse_large_organisations(problem, rules)
    return settle(problem, rules, [deal(rules)])


def settle(problem: Problem, rules: Tally, starts: Iterable[Groups]) -> Split:
    """Begin at the best of these starts and end at a split. Raises `Refusal` as `solve` does."""
    start = min((Seating(rules, groups) for groups in starts), key=lambda seating: seating.cost)
    few = len(rules.people) <= exhaust.FEW
    found = _best(start) if few else improve(start, problem.seed)
    _refuse_conflicts(rules, found)
    return _described(rules, found)


def _best(start: Seating) -> Seating:
    """The best split of all. The one that swaps find stays when none is better, and makes the search for a better one short."""
    rules = start.tally
    descend(start, Patience(START))
    better = exhaust.better(rules, start.cost) if start.cost > rules.bound * rules.weights.sector else None
    return Seating(rules, better) if better else start


def _described(rules: Tally, found: Seating) -> Split:
    pairs = found.cost % rules.weights.absent // rules.weights.sector
    named = (sorted(rules.people[one] for one in members if one < len(rules.people)) for members in found.groups)
    return Split(
        groups=tuple(sorted(map(tuple, named))),
        same_sector_pairs=pairs,
        bound=rules.bound,
        optimal=pairs == rules.bound,
        relaxed=tuple(rule for rule in RULES if rule in set(_broken(rules, found, pairs))),
    )


def _broken(rules: Tally, found: Seating, pairs: int) -> Iterator[Rule]:
    """Read the rules that are not kept from the cost: each weight divides the next, so the parts come out by remainders."""
    weights, cost = rules.weights, found.cost
    if cost % weights.conflict >= weights.language:
        yield "language"
    if cost % weights.language >= weights.absent:
        yield "slots"
    if cost % weights.sector >= weights.met:
        yield "met"
    if cost % weights.met >= weights.apart:
        yield "apart"
    if pairs > rules.bound:
        yield "sector"


def _refuse_large_organisations(problem: Problem, rules: Tally) -> None:
    counts = Counter(one.organisation for one in problem.people if one.organisation)
    for name, count in sorted(counts.items()):
        if count > rules.groups:
            raise Refusal(
                _(
                    "{organisation} takes part with {people} people, more than there are groups ({groups}). Make smaller groups, or leave somebody out.",
                    organisation=name,
                    people=count,
                    groups=rules.groups,
                )
            )


def _refuse_conflicts(rules: Tally, found: Seating) -> None:
    if found.cost < rules.weights.conflict:
        return
    stuck = sorted(
        rules.people[one]
        for members in found.groups
        for one in members
        if one < len(rules.people) and rules.between(one, members) >= rules.weights.conflict
    )
    raise Refusal(
        _(
            "No split was found that keeps apart who may not be in one group. It fails on: {people}. Make smaller groups, or look at who is blocked.",
            people=listing(list(stuck)),
        )
    )
