"""The matching against everything: worked instances, complete enumeration, shuffles."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.matching import lottery
from programme.matching.proof import prove
from programme.matching.solve import Matching, Problem, solve
from programme.text import Refusal

CASES = json.loads((Path(__file__).parent / "data" / "matching_cases.json").read_text(encoding="utf-8"))
SMALL = [case for case in CASES if len(case["arcs"]) <= 5]
PEOPLE = ("p0", "p1", "p2", "p3", "p4")
PLACES = ("p0", "p1", "p2", "museum", "court")
quick = partial(settings, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def of_case(case: dict[str, Any]) -> tuple[Problem, list[str]]:
    """Give people such names that the lottery draws them in the order of the case."""
    drawn = lottery.order("seed", [f"person {n}" for n in range(len(case["arcs"]))])
    names = [drawn[case["order"].index(n)] for n in range(len(case["arcs"]))]
    lists = {
        name: [[f"place {place}" for place, at in arcs if at == level] for level in range(case["levels"])]
        for name, arcs in zip(names, case["arcs"], strict=True)
    }
    rooms = {f"place {n}": room for n, room in enumerate(case["rooms"])}
    return Problem.model_validate({"people": names, "places": rooms, "preferences": lists, "lottery": "seed"}), names


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_worked_instance_has_its_known_profile_and_the_place_that_the_lottery_gives(case: dict[str, Any]) -> None:
    problem, names = of_case(case)
    matching = solve(problem)
    assert (*matching.profile, len(matching.unplaced)) == tuple(case["profile"])
    expected = {name: f"place {place}" for name, place in zip(names, case["places"], strict=True) if place >= 0}
    assert matching.match == expected
    assert matching.proved


@pytest.mark.parametrize("case", SMALL, ids=[case["name"] for case in SMALL])
def test_a_worked_instance_has_as_many_best_matchings_as_were_counted(case: dict[str, Any]) -> None:
    problem, _ = of_case(case)
    least = min(weight(problem, match) for match in every_match(problem))
    assert sum(weight(problem, match) == least for match in every_match(problem)) == case["optima"]


# Complete enumeration, written without a look at the solver.


def every_match(problem: Problem) -> Iterator[dict[str, str]]:
    own, locks = problem.own or {}, dict(problem.locked)
    listed = {who: {place for tie in problem.preferences.get(who, ()) for place in tie} for who in problem.people}

    def choices(who: str) -> list[str | None]:
        if who in locks:
            return [locks[who]]
        reachable = problem.places if problem.alternatives else listed[who]
        fit = [one for one in sorted(reachable) if one != own.get(who, who) and (who, one) not in problem.forbidden]
        return [None, *fit]

    for row in product(*(choices(who) for who in problem.people)):
        match = {who: place for who, place in zip(problem.people, row, strict=True) if place is not None}
        if all(used <= problem.places[place] for place, used in Counter(match.values()).items()) and not (
            problem.reciprocal == "forbidden" and mutual(problem, match)
        ):
            yield match


def mutual(problem: Problem, match: dict[str, str]) -> bool:
    home = {who: (problem.own or {}).get(who, who) for who in problem.people}
    return any(match.get(a) == home[b] and match.get(b) == home[a] for a in home for b in home if a != b)


def level(problem: Problem, who: str, place: str | None) -> int:
    if place is None:
        return longest(problem) + 1
    tie = (at for at, tie in enumerate(problem.preferences.get(who, ())) if place in tie)
    return next(tie, longest(problem))


def weight(problem: Problem, match: dict[str, str]) -> tuple[int, ...]:
    """What is to be as low as possible, first things first."""
    before, people = problem.previous, problem.people
    changed = 0 if before is None else sum(match.get(who) != before.get(who) for who in people)
    counts = Counter(level(problem, who, place) for who, place in match.items())
    return (len(people) - len(match), changed, *(counts[at] for at in range(longest(problem), 0, -1)))


def longest(problem: Problem) -> int:
    return max((len(problem.preferences.get(who, ())) for who in problem.people), default=0)


def drawn_first(problem: Problem, match: dict[str, str]) -> tuple[list[int], list[str]]:
    """What the lottery minimises among the best: levels in lottery order, then lots."""
    order = lottery.order(problem.lottery, problem.people)
    levels = [level(problem, who, match.get(who)) for who in order]
    return levels, [lottery.lot(problem.lottery, who, match[who]) for who in order if who in match]


@st.composite
def problems(draw: st.DrawFn, *, reciprocal: str = "allowed", repair: bool = False) -> Problem:
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=5))
    rooms = {place: draw(st.integers(0, 3)) for place in PLACES}
    lists = {who: cut(draw, draw(st.permutations(PLACES))) for who in people}
    pairs = st.tuples(st.sampled_from(people or ["p0"]), st.sampled_from(PLACES))
    forbidden = draw(st.lists(pairs, max_size=4)) if people else []
    locked: dict[str, str] = {}
    for who, place in draw(st.lists(pairs, max_size=2)) if people else []:
        free = rooms[place] > list(locked.values()).count(place)
        if free and who not in locked and place != who and (who, place) not in forbidden:
            locked[who] = place
    before = draw(st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(PLACES))) if repair else None
    return Problem.model_validate(
        {
            "people": people,
            "places": rooms,
            "preferences": lists,
            "forbidden": forbidden,
            "locked": list(locked.items()),
            "previous": before,
            "reciprocal": reciprocal,
            "alternatives": draw(st.booleans()),
            "lottery": draw(st.sampled_from(["spring", "autumn"])),
        }
    )


def cut(draw: st.DrawFn, places: list[str] | tuple[str, ...]) -> list[list[str]]:
    """Cut a row of places in levels: ties, empty levels, and some left out."""
    sizes = draw(st.lists(st.integers(0, 2), max_size=4))
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    return [list(places[max(end - size, 0) : end]) for end, size in zip(ends, sizes, strict=True)]


def assert_best(problem: Problem, matching: Matching) -> list[dict[str, str]]:
    """Compare with every matching there is; return the best ones."""
    everything = list(every_match(problem))
    least = min(weight(problem, match) for match in everything)
    assert matching.match in everything
    assert weight(problem, matching.match) == least
    assert prove(problem, matching) is None
    assert matching.proved
    return [match for match in everything if weight(problem, match) == least]


@quick(max_examples=300)
@given(problems())
def test_no_other_matching_is_better_and_among_the_best_the_lottery_chooses(problem: Problem) -> None:
    matching = solve(problem)
    best = assert_best(problem, matching)
    assert matching.match == min(best, key=lambda match: drawn_first(problem, match))


@quick(max_examples=150)
@given(problems(repair=True))
def test_a_repair_places_as_many_as_can_be_and_changes_the_fewest(problem: Problem) -> None:
    matching = solve(problem)
    best = assert_best(problem, matching)
    assert matching.match == min(best, key=lambda match: drawn_first(problem, match))
    assert matching.changed is not None
    before = problem.previous or {}
    assert set(matching.changed) == {who for who in problem.people if matching.match.get(who) != before.get(who)}


@quick(max_examples=200)
@given(problems(reciprocal="forbidden"))
def test_when_nobody_may_visit_each_other_the_best_of_the_rest_is_found_and_proved(problem: Problem) -> None:
    assert_best(problem, solve(problem))


@quick(max_examples=200)
@given(st.booleans().flatmap(lambda repair: problems(reciprocal="required", repair=repair)))
def test_when_every_visit_must_be_returned_the_best_pairs_are_found_and_proved(problem: Problem) -> None:
    pairs = [match for match in every_match(problem) if all(match.get(place) == who for who, place in match.items())]
    if pairs:
        matching = solve(problem)
        assert matching.match in pairs
        assert weight(problem, matching.match) == min(weight(problem, match) for match in pairs)
        assert prove(problem, matching) is None
    else:
        with pytest.raises(Refusal, match="locks leave no way"):
            solve(problem)


def outcome(problem: Problem) -> Matching | str:
    try:
        return solve(problem)
    except Refusal as refusal:
        return str(refusal)


@quick(max_examples=60)
@given(
    st.sampled_from(["allowed", "forbidden", "required"]).flatmap(lambda rule: problems(reciprocal=rule)),
    st.randoms(use_true_random=False),
)
def test_the_order_of_sign_up_makes_no_difference(problem: Problem, shuffler: Any) -> None:
    def shuffled(row: Any) -> list[Any]:
        mixed = list(row)
        shuffler.shuffle(mixed)
        return mixed

    again = Problem(
        **{
            **dict(problem),
            "people": tuple(shuffled(problem.people)),
            "places": dict(shuffled(problem.places.items())),
            "preferences": {
                who: tuple(tuple(shuffled(tie)) for tie in row) for who, row in shuffled(problem.preferences.items())
            },
            "forbidden": tuple(shuffled(problem.forbidden)),
            "locked": tuple(shuffled(problem.locked)),
        }
    )
    assert outcome(again) == outcome(problem)
    assert again.hash() == problem.hash()


@quick(max_examples=80)
@given(problems())
def test_lots_give_everybody_the_best_place_left_in_lottery_order(problem: Problem) -> None:
    problem = problem.model_copy(update={"mechanism": "loting"})
    matching = solve(problem)
    assert prove(problem, matching) is None
    left = Counter(problem.places) - Counter(dict(problem.locked).values())
    for who in matching.lottery_order:
        if who in dict(problem.locked):
            continue
        reachable = [
            place
            for place in problem.places
            if left[place] > 0 and (problem.alternatives or place in problem.level_of(who))
            if place != who and (who, place) not in problem.forbidden
        ]
        best = min((level(problem, who, place) for place in reachable), default=None)
        got = matching.match.get(who)
        assert (None if got is None else level(problem, who, got)) == best
        left -= Counter([got] if got else [])


def ring(n: int, length: int = 5, **more: Any) -> Problem:
    """A round of n people; person i likes the places after a square of i, so that some places are wanted by many."""
    lists = {f"p{i}": dict.fromkeys(f"p{(i * i + 7 * k + 1) % n}" for k in range(3 * length)) for i in range(n)}
    rows = {who: [place for place in row if place != who][:length] for who, row in lists.items()}
    facts = {"people": list(rows), "places": dict.fromkeys(rows, 1), "preferences": rows, "lottery": "ring", **more}
    return Problem.model_validate(facts)


def test_a_hundred_and_twenty_people_are_matched_by_both_rules_and_the_fair_one_places_more() -> None:
    fair, lots = solve(ring(120)), solve(ring(120, mechanism="loting"))
    assert fair.proved
    assert lots.proved
    assert len(fair.match) > len(lots.match)


def test_long_lists_are_counted_exactly_beyond_64_bits() -> None:
    problem = ring(60, length=15)
    matching = solve(problem)
    assert matching.proved
    assert max(len(price) for price in matching.certificate.u.values()) > 20


def test_mutual_visits_are_found_also_where_the_place_has_another_id_than_the_person() -> None:
    facts = {
        "people": ["anna", "bo"],
        "places": {"AFM": 1, "CBG": 1},
        "preferences": {"anna": ["CBG", "AFM"], "bo": ["AFM", "CBG"]},
        "own": {"anna": "AFM", "bo": "CBG"},
    }
    assert solve(Problem.model_validate(facts)).match == {"anna": "CBG", "bo": "AFM"}
    assert len(solve(Problem.model_validate({**facts, "reciprocal": "forbidden"})).match) == 1


def test_pairs_are_refused_under_lots_with_a_shared_place_and_where_locks_leave_none() -> None:
    with pytest.raises(Refusal, match="Lots cannot be drawn"):
        solve(ring(6, reciprocal="required", mechanism="loting"))
    with pytest.raises(Refusal, match="a place of their own"):
        solve(ring(6, reciprocal="required", own={"p0": "p1"}))
    with pytest.raises(Refusal, match="locks leave no way"):
        solve(ring(6, reciprocal="required", locked=[["p0", "p1"], ["p1", "p2"]]))


def test_what_cannot_be_found_exactly_in_reasonable_time_is_refused_and_not_guessed() -> None:
    couples = [(f"a{i}", f"b{i}") for i in range(20)]
    lists = {one: [other] for pair in couples for one, other in (pair, pair[::-1])}
    facts = {"people": list(lists), "places": dict.fromkeys(lists, 1), "preferences": lists, "reciprocal": "forbidden"}
    with pytest.raises(Refusal, match="Too many pairs"):
        solve(Problem.model_validate(facts))
    with pytest.raises(Refusal, match="Too many circles"):
        solve(ring(41, alternatives=True, reciprocal="required"))


@pytest.mark.parametrize("circle", [3, 4, 5, 6, 7])
def test_a_circle_falls_apart_in_pairs_and_one_is_left_when_it_is_odd(circle: int) -> None:
    people = [f"p{i}" for i in range(circle)]
    lists = {one: [people[(i + 1) % circle], people[i - 1]] for i, one in enumerate(people)}
    facts = {"people": people, "places": dict.fromkeys(people, 1), "preferences": lists, "reciprocal": "required"}
    matching = solve(Problem.model_validate(facts))
    assert matching.proved
    assert len(matching.unplaced) == circle % 2
    assert all(matching.match[place] == who for who, place in matching.match.items())


def test_the_hash_leaves_the_seed_out_because_the_seed_is_made_of_it() -> None:
    problem = ring(6)
    secret = "5d41402abc4b2a76b9719d911017c592"
    drawn = problem.model_copy(update={"lottery": lottery.seed(secret, problem.hash())})
    assert drawn.hash() == problem.hash()
    assert problem.model_copy(update={"mechanism": "loting"}).hash() != problem.hash()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"people": ["a", "a", "b"]}, "people: 'a' stands there 2 times"),
        ({"preferences": {"z": []}}, "preferences: 'z' is not one of the people"),
        ({"preferences": {"a": ["x"]}}, "preferences.a: 'x' is not one of the places"),
        ({"preferences": {"a": ["b", ["c", "b"]]}}, "preferences.a: 'b' stands there 2 times"),
        ({"locked": [["a", "b"], ["c", "b"]]}, "2 people are locked to 'b', which has room for 1"),
        ({"locked": [["a", "b"], ["a", "c"]]}, "'a' is locked to 2 places"),
        ({"locked": [["a", "b"]], "forbidden": [["a", "b"]]}, "'a' may not go to 'b'"),
        ({"locked": [["a", "a"]]}, "'a' may not go to 'a'"),
        ({"places": {"a": -1}}, "greater than or equal to 0"),
        ({"places": {"a": True}}, "valid integer"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused_with_its_key(change: dict[str, Any], words: str) -> None:
    facts = {"people": ["a", "b", "c"], "places": {"a": 1, "b": 1, "c": 1}, "preferences": {"a": ["b"]}, **change}
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        Problem.model_validate(facts)
