"""After the solve: explanations that leak nobody, offers, the price of a lock, and repairs that touch few."""

from typing import Any

import pytest

from programme.matching.alternatives import explain, offers, price_of_lock, with_lock, without
from programme.matching.solve import Problem, solve

CROWDED: dict[str, Any] = {
    "people": ["a", "b", "c", "d"],
    "places": {"a": 1, "b": 1, "c": 1, "d": 0, "x": 1},
    "preferences": {"a": ["b", "c"], "b": ["c", "x"], "c": ["b", "d"], "d": ["b", "c"]},
    "lottery": "seed",
}


def crowded(**more: Any) -> Problem:
    return Problem.model_validate({**CROWDED, **more})


def big(n: int = 60) -> Problem:
    rows = {f"p{i}": dict.fromkeys(f"p{(i * i * k + 5 * k + 1) % n}" for k in range(1, 12)) for i in range(n)}
    lists = {who: [place for place in row if place != who][:5] for who, row in rows.items()}
    return Problem.model_validate(
        {"people": list(rows), "places": dict.fromkeys(rows, 1), "preferences": lists, "lottery": "big"}
    )


def test_an_explanation_tells_the_own_level_and_why_each_better_place_was_not_to_be() -> None:
    problem = crowded(forbidden=[["d", "b"]], locked=[["a", "c"]])
    matching = solve(problem)
    told = {who: explain(problem, matching, who) for who in problem.people}
    assert [(one.place, one.reason) for one in told["a"].missed] == [("b", "locked")]
    assert told["a"].locked
    assert [(one.place, one.reason) for one in told["b"].missed] == [("c", "full")]
    assert [(one.place, one.reason) for one in told["d"].missed] == [("b", "ruled out"), ("c", "full")]
    assert told["c"].missed == ()
    assert told["c"].level == 0


def test_a_closed_place_is_called_closed_and_a_place_kept_by_a_repair_is_called_kept() -> None:
    problem = crowded(people=["b", "c"], preferences={"b": ["c", "x"], "c": ["d", "b"]}, previous={"b": "x"})
    matching = solve(problem)
    assert [(one.place, one.reason) for one in explain(problem, matching, "b").missed] == [("c", "kept")]
    assert [(one.place, one.reason) for one in explain(problem, matching, "c").missed] == [("d", "closed")]


@pytest.mark.parametrize("who", ["p3", "p17", "p41"])
def test_an_explanation_names_nobody_but_the_person_and_their_own_list(who: str) -> None:
    problem = big()
    # Places with ids of their own, so that a person's id in the explanation can only be a leak.
    own = {one: f"house of {one}" for one in problem.people}
    renamed = Problem.model_validate(
        {
            "people": [f"id-{one}" for one in problem.people],
            "places": {own[one]: 1 for one in problem.people},
            "preferences": {
                f"id-{one}": [[own[place] for place in tie] for tie in row] for one, row in problem.preferences.items()
            },
            "own": {f"id-{one}": own[one] for one in problem.people},
            "lottery": "big",
        }
    )
    text = explain(renamed, solve(renamed), f"id-{who}").model_dump_json()
    assert [one for one in renamed.people if f'"{one}"' in text] == [f"id-{who}"]


def test_who_has_no_wish_fulfilled_gets_three_places_that_can_be_and_the_ones_with_room_first() -> None:
    problem = big()
    matching = solve(problem)
    assert matching.unplaced
    taken = set(matching.match.values())
    for who in matching.unplaced:
        offered = matching.alternatives[who]
        assert len(offered) == 3
        assert who not in offered
        assert offers(problem, matching, who) == offered
        full = [place in taken for place in offered]
        assert full == sorted(full)
        for place in offered:
            assert solve(with_lock(problem, who, place)).match[who] == place


def test_nobody_is_offered_a_place_that_locks_have_filled() -> None:
    problem = crowded(locked=[["a", "b"], ["b", "c"]])
    matching = solve(problem)
    assert "d" in matching.alternatives
    assert set(matching.alternatives["d"]) == {"x", "a"}
    assert "a" not in matching.alternatives


def test_under_lots_only_places_with_room_are_offered() -> None:
    problem = big().model_copy(update={"mechanism": "loting"})
    matching = solve(problem)
    taken = set(matching.match.values())
    assert matching.alternatives
    assert not [place for offered in matching.alternatives.values() for place in offered if place in taken]


def test_a_lock_on_the_place_that_somebody_has_is_free_and_another_has_its_price() -> None:
    problem = crowded()
    matching = solve(problem)
    who, place = next(iter(matching.match.items()))
    assert not any(price_of_lock(problem, who, place).weight())
    dear = price_of_lock(problem, "a", "x")
    assert dear.weight() > price_of_lock(problem, who, place).weight()
    assert dear.unplaced == len(solve(with_lock(problem, "a", "x")).unplaced) - len(matching.unplaced)


def test_a_lock_against_a_rule_is_refused_before_it_is_made() -> None:
    with pytest.raises(ValueError, match="may not go to"):
        price_of_lock(crowded(), "a", "a")


@pytest.mark.parametrize("leaver", ["p0", "p7", "p23", "p58"])
def test_a_drop_out_changes_few_people_and_fewer_than_matching_anew(leaver: str) -> None:
    problem = big()
    before = solve(problem)
    repair = without(problem, before, leaver)
    repaired = solve(repair)
    anew = solve(repair.model_copy(update={"previous": None}))
    touched_anew = [who for who in repair.people if anew.match.get(who) != before.match.get(who)]
    assert repaired.proved
    assert repaired.changed is not None
    assert leaver not in repaired.changed
    assert leaver not in repaired.match.values()
    assert len(repaired.changed) <= min(4, len(touched_anew))
    assert len(repaired.unplaced) == len(anew.unplaced)


def test_who_no_longer_visits_may_still_receive() -> None:
    problem = big()
    before = solve(problem)
    leaver = next(who for who in sorted(before.match) if who in before.match.values())
    repaired = solve(without(problem, before, leaver, host=True))
    assert leaver not in repaired.match
    assert leaver in repaired.match.values()


def test_the_level_of_a_place_counts_from_0_and_is_none_outside_the_list() -> None:
    problem = crowded()
    assert [problem.level_of("a").get(place) for place in ("b", "c", "x")] == [0, 1, None]
