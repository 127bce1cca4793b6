"""Any cohort: against every split there is when it is small, against the rules when it is larger."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.groups import sample
from programme.groups import exhaust
from programme.groups.bound import groups_for
from programme.groups.problem import Problem
from programme.groups.search import deal, improve
from programme.groups.seating import Seating
from programme.groups.solve import solve
from programme.groups.tally import most_shared, tally
from programme.text import Refusal
from tests.split_checks import Worth, conflicts, every_split, worth


@st.composite
def problems(draw: st.DrawFn, *, most: int = 7) -> Problem:
    count = draw(st.integers(1, most))
    names = [f"p{number:02}" for number in range(count)]
    pairs = st.lists(st.permutations(names).map(lambda order: order[:2]), max_size=count) if count > 1 else st.just([])
    people = [
        {
            "id": name,
            "organisation": draw(st.sampled_from(["", "", "", *(f"o{n}" for n in range(count))])),
            "sector": draw(st.sampled_from(["", "x", "y", "z"])),
            "languages": draw(st.sampled_from([None, ["nl"], ["nl"], ["en"], ["nl", "en"]])),
            "slots": draw(st.none() | st.sets(st.integers(1, 4)).map(sorted)),
        }
        for name in names
    ]
    facts: dict[str, Any] = {key: draw(pairs) for key in ("met", "apart")}
    facts["blocked"] = draw(pairs)[: count // 3]
    facts["manages"] = draw(pairs)[: count // 4]
    size, moments = draw(st.integers(2, 5)), draw(st.integers(0, 2))
    return Problem.model_validate({"people": people, "size": size, "common_slots": moments, "seed": "s", **facts})


def best_of_all(problem: Problem) -> Worth | None:
    names = [one.id for one in problem.people]
    splits = every_split(names, groups_for(len(names), problem.size))
    return min((worth(problem, split) for split in splits if not conflicts(problem, split)), default=None)


@given(problem=problems())
@settings(max_examples=150, deadline=None)
def test_a_small_cohort_gets_the_best_split_there_is(problem: Problem) -> None:
    best = best_of_all(problem)
    try:
        split = solve(problem)
    except Refusal:
        assert best is None
        return
    assert conflicts(problem, split.groups) == []
    assert worth(problem, split.groups) == best


@given(problem=problems(most=24))
@settings(max_examples=60, deadline=None)
def test_a_split_is_what_it_says(problem: Problem) -> None:
    try:
        split = solve(problem)
    except Refusal:
        return
    sizes = [len(group) for group in split.groups]
    assert sorted(name for group in split.groups for name in group) == sorted(one.id for one in problem.people)
    assert len(sizes) == groups_for(len(problem.people), problem.size)
    assert max(sizes) - min(sizes) <= 1
    assert conflicts(problem, split.groups) == []
    language, moments, sector, met, apart, _shared = worth(problem, split.groups)
    assert split.same_sector_pairs == sector >= split.bound
    assert split.optimal == (sector == split.bound)
    broken = {"slots": moments, "language": language, "apart": apart, "met": met, "sector": sector - split.bound}
    assert list(split.relaxed) == [rule for rule, breaches in broken.items() if breaches]


@given(problem=problems(most=20), shuffle=st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_facts_makes_no_difference(problem: Problem, shuffle: Any) -> None:
    turned = {"people": list(problem.people)}
    turned |= {key: [pair[::-1] for pair in getattr(problem, key)] for key in ("met", "apart", "blocked")}
    for rows in turned.values():
        shuffle.shuffle(rows)
    other = problem.model_copy(update={key: tuple(rows) for key, rows in turned.items()})
    assert outcome(other) == outcome(problem)


def outcome(problem: Problem) -> object:
    try:
        return solve(problem)
    except Refusal as refusal:
        return str(refusal)


@given(problem=problems(most=16))
@settings(max_examples=30, deadline=None)
def test_the_cost_is_kept_right_while_people_change_places(problem: Problem) -> None:
    rules = tally(problem)
    chairs = range(rules.groups * rules.seats)
    found = improve(Seating(rules, deal(rules)), "s")
    assert found.cost == sum(map(rules.group, found.groups))
    assert found.wholes == [rules.together(members) for members in found.groups]
    assert all(one in found.groups[found.where[one]] for one in chairs)


@given(masks=st.lists(st.integers(0, 255), max_size=9), wanted=st.integers(0, 10))
def test_what_most_share_is_counted_bit_by_bit(masks: list[int], wanted: int) -> None:
    counts = sorted((sum(mask >> bit & 1 for mask in masks) for bit in range(8)), reverse=True)
    assert most_shared(masks, wanted) == sum(counts[:wanted])


@pytest.mark.parametrize("people", [13, 14, 15])
def test_swaps_alone_break_no_more_rules_than_trying_everything(people: int) -> None:
    rules = tally(sample(people))
    found = improve(Seating(rules, deal(rules)), "s")
    better = exhaust.better(rules, found.cost)
    cost = Seating(rules, better).cost if better else found.cost
    assert found.cost // rules.weights.apart == cost // rules.weights.apart


@pytest.mark.parametrize("people", [40, 100, 333, 500, pytest.param(5_000, marks=pytest.mark.slow)])
def test_a_large_cohort_with_every_rule_at_once_is_at_the_bound(people: int) -> None:
    problem = sample(people)
    split = solve(problem)
    assert (split.optimal, split.relaxed) == (True, ())
    assert conflicts(problem, split.groups) == []
    assert worth(problem, split.groups)[:5] == (0, 0, split.bound, 0, 0)
