"""Successive rounds, in which nobody should meet the same person twice."""

from collections import Counter
from typing import Any

import pytest

from programme.groups.problem import Problem, Split
from programme.groups.rounds import solve_rounds
from tests.split_checks import together


def rounds_of(groups: int, size: int, rounds: int, **facts: Any) -> tuple[Split, ...]:
    people = [{"id": f"p{number:03}"} for number in range(groups * size)]
    return solve_rounds(Problem.model_validate({"people": people, "size": size, "rounds": rounds, **facts}))


def most_meetings(splits: tuple[Split, ...]) -> int:
    return max(Counter(pair for split in splits for pair in together(split.groups)).values())


@pytest.mark.parametrize(
    ("groups", "size", "rounds"),
    [
        (5, 4, 5),
        (5, 5, 6),
        (5, 3, 5),
        (8, 4, 9),
        (4, 4, 5),
        (3, 3, 4),
        (7, 7, 8),
        (7, 5, 7),
        (8, 8, 9),
        (11, 5, 11),
        (11, 11, 12),
    ],
)
def test_nobody_meets_twice_for_as_many_rounds_as_the_construction_has(groups: int, size: int, rounds: int) -> None:
    splits = rounds_of(groups, size, rounds)
    assert len(splits) == rounds
    assert [split.relaxed for split in splits] == [()] * rounds
    assert most_meetings(splits) == 1


def test_after_the_last_round_it_says_that_people_meet_again() -> None:
    *good, last = rounds_of(5, 5, 7)
    assert [split.relaxed for split in good] == [()] * 6
    assert last.relaxed == ("met",)


def test_one_sector_to_a_column_keeps_every_group_mixed_in_every_round() -> None:
    people = [
        {"id": f"{sector}{n}", "sector": sector, "organisation": f"{sector}{n}"} for sector in "abcd" for n in range(5)
    ]
    splits = solve_rounds(Problem.model_validate({"people": people, "size": 4, "rounds": 5}))
    assert [(split.same_sector_pairs, split.bound, split.relaxed) for split in splits] == [(0, 0, ())] * 5
    assert most_meetings(splits) == 1


def test_sizes_that_differ_by_one_have_rounds_too() -> None:
    people = [{"id": f"p{number:02}"} for number in range(23)]
    splits = solve_rounds(Problem.model_validate({"people": people, "size": 5, "rounds": 5}))
    assert all(sorted(map(len, split.groups)) == [4, 4, 5, 5, 5] for split in splits)
    assert most_meetings(splits) == 1


def test_a_rule_that_crosses_the_construction_is_kept_in_every_round() -> None:
    splits = rounds_of(5, 4, 4, blocked=[["p000", "p006"], ["p001", "p012"]])
    pairs = {pair for split in splits for pair in together(split.groups)}
    assert pairs.isdisjoint({("p000", "p006"), ("p001", "p012")})


def test_who_met_before_the_first_round_counts_as_met() -> None:
    splits = rounds_of(5, 4, 2, met=[["p000", "p004"]])
    assert ("p000", "p004") not in {pair for split in splits for pair in together(split.groups)}


def test_one_group_meets_again_and_says_so() -> None:
    splits = rounds_of(1, 4, 2)
    assert [split.relaxed for split in splits] == [(), ("met",)]
