"""The checker refuses whatever was tampered with, and the lottery can be counted again with nothing but SHA-256."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from programme.matching import lottery
from programme.matching.proof import prove
from programme.matching.solve import Certificate, Matching, Problem, solve

FACTS: dict[str, Any] = {
    "people": ["a", "b", "c", "d"],
    "places": {"a": 1, "b": 1, "c": 1, "d": 0, "x": 2},
    "preferences": {"a": ["b", "c"], "b": ["c", "a"], "c": ["b", "a"], "d": ["b", "x"]},
    "forbidden": [["a", "x"]],
    "locked": [["b", "a"]],
    "lottery": "seed",
}


def changed_price(matching: Matching, book: str, who: str, by: int) -> Matching:
    """Give one price of the certificate another value."""
    prices = {**getattr(matching.certificate, book)}
    prices[who] = str(int(prices[who]) + by)
    return matching.model_copy(update={"certificate": matching.certificate.model_copy(update={book: prices})})


def moved(matching: Matching, **places: str | None) -> Matching:
    match = {**matching.match, **places}
    return matching.model_copy(update={"match": {who: place for who, place in match.items() if place is not None}})


TAMPERINGS: dict[str, Callable[[Matching], Matching]] = {
    "somebody at a place outside their list": lambda m: moved(m, c="x"),
    "somebody at their own place": lambda m: moved(m, c="c"),
    "somebody at a forbidden place": lambda m: moved(m, a="x"),
    "somebody at a closed place": lambda m: moved(m, c="d"),
    "a stranger": lambda m: moved(m, z="x"),
    "a lock that was broken": lambda m: moved(m, b="c"),
    "a locked person left out": lambda m: moved(m, b=None),
    "two people in one room": lambda m: moved(m, a="b", c="b", d="x"),
    "somebody left out": lambda m: moved(m, d=None),
    "another profile": lambda m: m.model_copy(update={"profile": (4, 0)}),
    "a profile with one level more": lambda m: m.model_copy(update={"profile": (*m.profile, 0)}),
    "somebody said to be without a place": lambda m: m.model_copy(update={"unplaced": ("a",)}),
    "another lottery order": lambda m: m.model_copy(update={"lottery_order": m.lottery_order[::-1]}),
    "another mechanism": lambda m: m.model_copy(update={"mechanism": "loting"}),
    "changes without an earlier match": lambda m: m.model_copy(update={"changed": ()}),
    "a person's price raised": lambda m: changed_price(m, "u", "a", 1),
    "a person's price lowered": lambda m: changed_price(m, "u", "a", -1),
    "a place's price raised": lambda m: changed_price(m, "v", "x", 1),
    "a place's price lowered": lambda m: changed_price(m, "v", "x", -1),
    "no certificate": lambda m: m.model_copy(update={"certificate": Certificate(u={}, v={})}),
    "a price that is no number": lambda m: m.model_copy(
        update={"certificate": Certificate(u={**m.certificate.u, "a": "much"}, v=m.certificate.v)}
    ),
    "a split that no rule allows": lambda m: m.model_copy(
        update={
            "certificate": Certificate(
                u={}, v={}, split=(("a", "b"), ("b", "a")), branches=(m.certificate, m.certificate)
            )
        }
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_the_checker_refuses(tampering: str) -> None:
    problem = Problem.model_validate(FACTS)
    matching = solve(problem)
    assert prove(problem, matching) is None
    sentence = prove(problem, TAMPERINGS[tampering](matching))
    assert sentence is not None
    assert sentence.id.endswith(".")


def test_a_worse_matching_that_keeps_every_rule_is_refused() -> None:
    problem = Problem.model_validate({**FACTS, "locked": [], "forbidden": []})
    better = solve(problem)
    worse = solve(Problem.model_validate({**FACTS, "forbidden": []}))
    assert worse.profile != better.profile
    assert prove(problem, worse.model_copy(update={"certificate": better.certificate})) is not None
    assert prove(problem, worse) is not None


def test_a_matching_does_not_prove_another_problem() -> None:
    matching = solve(Problem.model_validate(FACTS))
    assert prove(Problem.model_validate({**FACTS, "lottery": "other"}), matching) is not None
    assert prove(Problem.model_validate({**FACTS, "locked": [["b", "c"]]}), matching) is not None


def test_a_split_world_is_proved_in_both_halves() -> None:
    facts = {"people": ["a", "b"], "places": {"a": 1, "b": 1}, "preferences": {"a": ["b"], "b": ["a"]}}
    problem = Problem.model_validate({**facts, "reciprocal": "forbidden"})
    matching = solve(problem)
    proof = matching.certificate
    assert proof.split == (("a", "b"), ("b", "a"))
    assert len(matching.match) == 1
    half = proof.model_copy(update={"branches": proof.branches[:1]})
    assert prove(problem, matching.model_copy(update={"certificate": half})) is not None
    assert prove(problem, solve(Problem.model_validate(facts))) is not None


def test_a_circle_of_three_is_proved_by_a_split_and_not_without_it() -> None:
    rows = {"a": ["b", "c"], "b": ["c", "a"], "c": ["a", "b"]}
    facts = {"people": list(rows), "places": dict.fromkeys(rows, 1), "preferences": rows, "reciprocal": "required"}
    problem = Problem.model_validate(facts)
    matching = solve(problem)
    proof = matching.certificate
    assert proof.split is not None
    assert matching.proved
    (one, _), (other, _) = proof.split
    stranger = next(who for who in rows if who not in (one, other))
    for tampered in (
        proof.branches[0],
        proof.model_copy(update={"branches": proof.branches[::-1]}),
        proof.model_copy(update={"split": ((one, other), (other, stranger))}),
    ):
        assert prove(problem, matching.model_copy(update={"certificate": tampered})) is not None


def test_a_proof_that_is_nested_too_deep_is_refused() -> None:
    facts = {"people": ["a", "b"], "places": {"a": 1, "b": 1}, "preferences": {"a": ["b"], "b": ["a"]}}
    problem = Problem.model_validate({**facts, "reciprocal": "forbidden"})
    matching = solve(problem)
    proof = matching.certificate
    for _ in range(2_000):
        proof = Certificate(u={}, v={}, split=proof.split, branches=(proof, proof))
    assert prove(problem, matching.model_copy(update={"certificate": proof})) is not None


def test_another_draw_of_lots_is_refused() -> None:
    problem = Problem.model_validate({**FACTS, "mechanism": "loting", "locked": []})
    matching = solve(problem)
    assert prove(problem, matching) is None
    assert prove(problem, moved(matching, d=None)) is not None


def test_a_repair_that_changes_too_many_is_refused() -> None:
    keep = {"a": "b", "b": "a", "c": "x"}
    facts = {
        "people": ["a", "b", "c"],
        "places": {"a": 1, "b": 1, "c": 1, "x": 1},
        "preferences": {"a": ["c", "b"], "b": ["c", "a"], "c": ["a", "x"]},
        "lottery": "seed",
    }
    problem = Problem.model_validate({**facts, "previous": keep})
    repaired, fresh = solve(problem), solve(Problem.model_validate(facts))
    assert repaired.match == keep
    assert repaired.changed == ()
    moved_too_many = tuple(who for who in sorted(keep) if fresh.match.get(who) != keep[who])
    assert prove(problem, fresh.model_copy(update={"changed": moved_too_many})) is not None


def test_the_lottery_is_sha256_of_the_parts_written_one_after_the_other() -> None:
    hexes = {one: sha256(("seed" + one).encode()).hexdigest() for one in "abcdef"}
    assert lottery.order("seed", "fdbeca") == tuple(sorted(hexes, key=lambda one: hexes[one]))
    assert lottery.commitment("secret", "round-1") == sha256(b"secretround-1").hexdigest()
    assert lottery.seed("secret", "00ff") == sha256(b"secret00ff").hexdigest()
    assert lottery.lot("seed", "a", "b") == sha256(b"seedab").hexdigest()


def test_every_place_in_the_draw_is_about_as_likely() -> None:
    people = [f"p{n}" for n in range(8)]
    first = [lottery.order(f"seed {n}", people)[0] for n in range(800)]
    assert all(60 <= first.count(one) <= 145 for one in people)
