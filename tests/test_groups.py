"""Splitting a cohort in groups: the rules, what gives way, and worked examples."""

from collections.abc import Collection, Sequence
from itertools import combinations
from math import comb
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from programme.groups.bound import cuts, fewest_pairs, groups_for, sizes
from programme.groups.problem import Problem, Split
from programme.groups.search import deal
from programme.groups.solve import solve
from programme.groups.tally import tally
from programme.text import Refusal
from tests.split_checks import absences, conflicts, every_split, strangers, together, worth

SECTORS = ("rijk", "zorg", "onderwijs")


def person(name: str, **facts: Any) -> dict[str, Any]:
    return {"id": name, **facts}


def cohort(count: int, **facts: Any) -> list[dict[str, Any]]:
    return [person(f"p{number:02}", **facts) for number in range(count)]


def asked(people: list[dict[str, Any]], size: int = 3, **rules: Any) -> Problem:
    return Problem.model_validate({"people": people, "size": size, **rules})


def mixed(count: int, **facts: Any) -> list[dict[str, Any]]:
    """A cohort of three sectors in turn, each person of an organisation of their own."""
    return [
        {**one, "sector": SECTORS[at % 3], "organisation": f"o{at}"} for at, one in enumerate(cohort(count, **facts))
    ]


def group_of(split: Split, name: str) -> set[str]:
    return next(set(group) for group in split.groups if name in group)


def moments(problem: Problem, group: Collection[str]) -> set[int | str]:
    """When the whole group can come, of what its members named."""
    named = [set(one.slots) for one in problem.people if one.id in group and one.slots is not None]
    return set[int | str]().union(*named).intersection(*named)


def shared(problem: Problem, groups: Sequence[Sequence[str]]) -> int:
    return sum(len(moments(problem, group)) for group in groups)


@pytest.mark.parametrize(
    ("people", "size", "expected"),
    [
        (20, 10, ((10, 10),)),
        (11, 10, ((6, 5), (11,))),
        (10, 5, ((5, 5),)),
        (9, 5, ((5, 4),)),
        (8, 5, ((4, 4),)),
        (12, 5, ((4, 4, 4),)),
        (6, 5, ((3, 3), (6,))),
        (7, 5, ((4, 3), (7,))),
        (11, 5, ((4, 4, 3), (6, 5))),
        (3, 5, ((3,),)),
        (0, 5, ((),)),
    ],
)
def test_the_coordinator_chooses_where_the_size_does_not_come_out(
    people: int, size: int, expected: tuple[tuple[int, ...], ...]
) -> None:
    assert cuts(people, size) == expected


@given(people=st.integers(1, 400), size=st.integers(2, 30))
def test_every_cut_can_be_asked_for_by_its_largest_group(people: int, size: int) -> None:
    for cut in cuts(people, size):
        assert sum(cut) == people
        assert max(cut) - min(cut) <= 1
        assert sizes(people, groups_for(people, max(cut))) == cut


@given(people=st.integers(1, 400), size=st.integers(2, 30))
def test_a_second_cut_is_offered_only_when_a_group_is_two_short(people: int, size: int) -> None:
    usual, *others = cuts(people, size)
    assert bool(others) == (people > size and min(usual) < size - 1)


@given(counts=st.lists(st.integers(1, 6), min_size=1, max_size=3), groups=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_no_split_has_fewer_pairs_of_a_sector_than_the_bound(counts: list[int], groups: int) -> None:
    counts = counts[: max(1, 7 // max(counts))]
    people = [f"{sector}{number}" for sector, count in enumerate(counts) for number in range(count)]
    if len(people) < groups:
        return
    fewest = min(sum(one[0] == other[0] for one, other in together(split)) for split in every_split(people, groups))
    assert fewest == fewest_pairs(counts, groups)


@given(counts=st.lists(st.integers(1, 40), min_size=1, max_size=6), size=st.integers(2, 9))
@settings(deadline=None)
def test_dealing_attains_the_bound(counts: list[int], size: int) -> None:
    people = [person(f"{at}-{n}", sector=f"s{at}") for at, count in enumerate(counts) for n in range(count)]
    rules = tally(asked(people, size))
    assert sum(map(rules.group, deal(rules))) == rules.bound * rules.weights.sector


def test_a_group_has_five_different_sectors_and_organisations() -> None:
    people = [person(f"{s}{n}", sector=s, organisation=f"{s}-{n}") for s in "abcde" for n in range(4)]
    split = solve(asked(people, 5))
    assert (split.same_sector_pairs, split.bound, split.optimal, split.relaxed) == (0, 0, True, ())
    assert all(len({name[0] for name in group}) == 5 for group in split.groups)


def test_one_sector_for_all_is_at_the_bound() -> None:
    split = solve(asked(cohort(12, sector="rijk"), 5))
    assert [len(group) for group in split.groups] == [4, 4, 4]
    assert (split.same_sector_pairs, split.bound, split.optimal) == (3 * comb(4, 2), 18, True)


def test_an_unknown_sector_or_organisation_is_nobody_elses() -> None:
    split = solve(asked(cohort(6)))
    assert (split.same_sector_pairs, split.bound, split.relaxed) == (0, 0, ())


def test_colleagues_sit_apart_even_when_they_are_of_different_sectors() -> None:
    people = [person(f"{o}{n}", organisation=o, sector=SECTORS[n]) for o in "abcdefgh" for n in range(3)]
    problem = asked(people, 5)
    split = solve(problem)
    assert conflicts(problem, split.groups) == []
    assert split.optimal


def test_a_boss_never_sits_with_their_own_people() -> None:
    people = mixed(9)
    problem = asked(people, manages=[["p00", f"p0{n}"] for n in range(1, 7)])
    assert group_of(solve(problem), "p00") == {"p00", "p07", "p08"}


def test_a_blocked_pair_costs_the_mix_of_sectors_if_it_must() -> None:
    people = [person("a", sector="x"), person("b", sector="x"), person("c", sector="y"), person("d", sector="y")]
    split = solve(asked(people, 2, blocked=[["a", "c"], ["a", "d"]]))
    assert split.groups == (("a", "b"), ("c", "d"))
    assert (split.same_sector_pairs, split.bound, split.optimal, split.relaxed) == (2, 0, False, ("sector",))


def test_a_minority_that_speaks_one_language_is_brought_together() -> None:
    people = [
        {**one, "languages": ["en"] if at % 10 == 3 else ["nl", "en"] if at % 4 == 0 else ["nl"]}
        for at, one in enumerate(mixed(40))
    ]
    problem = asked(people, 5)
    split = solve(problem)
    assert split.relaxed == ()
    assert [strangers(problem, group) for group in split.groups] == [0] * 8


def test_five_who_speak_one_language_find_each_other_among_a_hundred() -> None:
    english = {0: ["en"], 1: ["nl", "en"]}
    people = [{**one, "languages": english.get(at % 20, ["nl"])} for at, one in enumerate(mixed(100))]
    problem = asked(people, 5)
    split = solve(problem)
    assert "language" not in split.relaxed
    assert not any(strangers(problem, group) for group in split.groups)


def test_a_group_can_meet_at_a_moment_that_suits_all() -> None:
    people = [{**one, "slots": [at % 4, (at // 2) % 4]} for at, one in enumerate(mixed(24))]
    problem = asked(people, 3, common_slots=1)
    split = solve(problem)
    assert "slots" not in split.relaxed
    assert all(moments(problem, group) for group in split.groups)


def test_who_did_not_say_when_can_come_always() -> None:
    people = [person("a", slots=[1]), person("b", slots=[2]), person("c"), person("d")]
    problem = asked(people, 2, common_slots=1)
    split = solve(problem)
    assert split.relaxed == ()
    assert group_of(split, "a") != {"a", "b"}


def test_more_common_moments_are_better_when_all_else_is_equal() -> None:
    people = [
        person("a", slots=[1, 2, 3]),
        person("b", slots=[1]),
        person("c", slots=[1, 2, 3]),
        person("d", slots=[1]),
    ]
    assert solve(asked(people, 2, common_slots=1)).groups == (("a", "c"), ("b", "d"))


def test_in_a_larger_cohort_too_people_who_share_more_moments_sit_together() -> None:
    problem = asked(
        [{**one, "slots": [1, 2, 3] if at % 2 else [1]} for at, one in enumerate(mixed(24))], common_slots=1
    )
    rules = tally(problem)
    dealt = [[rules.people[one] for one in members] for members in deal(rules)]
    split = solve(problem)
    assert split.optimal
    assert shared(problem, split.groups) > shared(problem, dealt)


def test_who_can_never_come_relaxes_the_moments_only() -> None:
    people = [{**one, "slots": [1]} for one in mixed(9)]
    people[4]["slots"] = []
    problem = asked(people, common_slots=1)
    split = solve(problem)
    assert split.relaxed == ("slots",)
    assert sum(absences(problem, group) for group in split.groups) == 1
    assert split.optimal


def test_the_language_gives_way_only_as_far_as_it_must() -> None:
    people = [{**one, "languages": ["nl"]} for one in mixed(9)]
    people[0]["languages"] = ["en"]
    problem = asked(people)
    split = solve(problem)
    assert split.relaxed == ("language",)
    assert sum(strangers(problem, group) for group in split.groups) == 1


def test_moments_give_way_before_the_language() -> None:
    people = [
        person("a", languages=["nl"], slots=[1]),
        person("b", languages=["nl"], slots=[2]),
        person("c", languages=["en"], slots=[1]),
        person("d", languages=["en"], slots=[2]),
    ]
    split = solve(asked(people, 2, common_slots=1))
    assert split.groups == (("a", "b"), ("c", "d"))
    assert split.relaxed == ("slots",)


def test_who_met_before_gives_way_to_the_mix_of_sectors() -> None:
    people = [person("a", sector="x"), person("b", sector="x"), person("c", sector="y"), person("d", sector="y")]
    split = solve(asked(people, 2, met=[["a", "c"], ["a", "d"]]))
    assert split.optimal
    assert split.relaxed == ("met",)


def test_a_match_partner_gives_way_to_who_met_before() -> None:
    problem = asked(cohort(4), 2, met=[["p00", "p01"], ["p02", "p03"]], apart=[["p00", "p02"], ["p00", "p03"]])
    split = solve(problem)
    assert split.relaxed == ("apart",)
    assert worth(problem, split.groups)[3:5] == (0, 1)


def test_a_match_partner_sits_elsewhere_when_that_can_be() -> None:
    problem = asked(mixed(20), 5, apart=[[f"p{n:02}", f"p{n + 10:02}"] for n in range(10)])
    split = solve(problem)
    assert split.relaxed == ()
    assert worth(problem, split.groups)[4] == 0


def test_too_many_of_one_organisation_is_refused_with_the_name() -> None:
    with pytest.raises(Refusal, match="AFM"):
        solve(asked(cohort(6, organisation="AFM"), 3))


def test_people_who_cannot_be_parted_are_named() -> None:
    blocked = list(combinations(["p00", "p01", "p02"], 2))
    with pytest.raises(Refusal) as caught:
        solve(asked(mixed(6), blocked=blocked))
    assert [name for name in ("p00", "p01", "p02", "p03") if f'"{name}"' in str(caught.value)] != []
    assert '"p03"' not in str(caught.value)


def test_nobody_makes_no_groups() -> None:
    assert solve(asked([])) == Split(groups=(), same_sector_pairs=0, bound=0, optimal=True)


def test_the_seed_decides_among_equals() -> None:
    splits = {solve(asked(cohort(9), seed=seed)).groups for seed in ("a", "b", "c", "d", "e")}
    assert len(splits) > 1


def test_history_may_name_who_has_left() -> None:
    assert solve(asked(cohort(6), met=[["p00", "gone"]])).relaxed == ()


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"people": [{"id": "a"}, {"id": "a"}]}, "people: 'a' stands there 2 times; name everybody once"),
        ({"blocked": [["a", "a"]]}, "blocked: 'a' stands there with themselves; name two people"),
        ({"blocked": [["a", "z"]]}, "blocked: 'z' is not one of the people; add the person to people or take this out"),
        ({"manages": [["z", "a"]]}, "manages: 'z' is not one of the people; add the person to people or take this out"),
        ({"apart": [["z", "a"]]}, "apart: 'z' is not one of the people; add the person to people or take this out"),
        ({"size": 1}, "greater than or equal to 2"),
        ({"people": [{"id": "a", "languages": []}]}, "at least 1 item"),
        ({"people": [{"id": "a", "slots": [True]}]}, "valid integer"),
        ({"group": 5}, "Extra inputs"),
    ],
)
def test_a_fault_in_the_input_is_one_line(facts: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Problem.model_validate({"people": [{"id": "a"}], "size": 5, **facts})
    assert fault in str(caught.value)
