"""Two people whom the coordinator keeps apart: neither visits the other, whatever they prefer, and no group has both."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console import Stage
from bot.context import State
from programme import apart, circles, repair, ring
from programme.exchange import Exchange
from programme.groups.solve import solve as split
from programme.matching.solve import solve
from programme.records import Participant, Place, Round
from programme.text import Refusal
from tests.stage import edition, local, matched, playing, proposal_of, say

SIX = ("anna", "bram", "carla", "dirk", "eva", "frits")


def exchange(two: list[tuple[str, str]], wishes: dict[str, list[int]]) -> Exchange:
    """Six who take part, with a place each, after preferences have closed."""
    id_, since = edition().id, local("2026-07-01 10:00")
    parts = {
        it: Participant(
            id=f"{id_}/{it}",
            edition=id_,
            person=it,
            state="in",
            since=since,
            answers={"organisation": it, "sector": it},
            preferences=tuple(wishes.get(it, ())),
            intervision="yes",
        )
        for it in SIX
    }
    places = {
        n: Place(id=f"{id_}/{n}", edition=id_, number=n, host=it, organisation=it, sector=it)
        for n, it in enumerate(SIX, 1)
    }
    round_ = Round(id=id_, secret="s", apart=tuple(two))
    return Exchange(edition(), round_, parts, places, {}, local("2026-09-07 10:00"))


pairs = st.tuples(st.sampled_from(SIX), st.sampled_from(SIX)).filter(lambda two: two[0] < two[1])
wishes = st.fixed_dictionaries({it: st.lists(st.integers(1, 6), unique=True, max_size=3) for it in SIX})


@given(two=st.lists(pairs, unique=True, max_size=4), wishes=wishes)
def test_whatever_people_prefer_neither_visits_the_other(
    two: list[tuple[str, str]], wishes: dict[str, list[int]]
) -> None:
    it = exchange(two, {p: [n for n in ns if SIX[n - 1] != p] for p, ns in wishes.items()})
    found = solve(ring.problem(it)).match
    visited = {tuple(sorted((guest, it.places[int(place)].host))) for guest, place in found.items()}
    assert not visited & set(two)


@given(two=pairs)
def test_no_group_has_both(two: tuple[str, str]) -> None:
    it = exchange([two], {})
    assert not any(set(two) <= set(group) for group in split(circles.problem(it, 3)).groups)


@pytest.mark.parametrize(
    ("one", "other", "says"), [("anna", "anna", "themselves"), ("bram", "anna", "kept apart already")]
)
def test_what_makes_no_sense_is_refused(one: str, other: str, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        apart.kept(exchange([("anna", "bram")], {}), one, other)


def test_a_lock_and_keeping_apart_exclude_each_other() -> None:
    it = exchange([("anna", "bram")], {})
    with pytest.raises(Refusal, match="kept apart"):
        ring.locked(it, "anna", 2, "toch")
    locked = exchange([], {})
    round_ = ring.locked(locked, "anna", 2, "afgesproken")
    it = Exchange(locked.edition, round_, locked.participants, locked.places, {}, locked.now)
    with pytest.raises(Refusal, match="fixed by hand"):
        apart.kept(it, "bram", "anna")


def grouped(two: list[tuple[str, str]]) -> Exchange:
    """With two groups proposed, anna and bram in one, before or after they were kept apart."""
    it = exchange(two, {})
    return replace(it, round=circles.proposed(it, (("anna", "bram", "carla"), ("dirk", "eva", "frits"))))


def test_a_proposal_for_groups_from_before_it_does_not_stand() -> None:
    assert circles.proposal(grouped([]))
    with pytest.raises(Refusal, match="kept apart"):
        circles.made(grouped([("anna", "bram")]), 2, local("2026-12-01 10:00").date())


def test_no_swap_brings_both_in_one_group() -> None:
    it = grouped([("anna", "dirk")])
    with pytest.raises(Refusal, match="kept apart"):
        circles.swapped(it, "bram", "dirk")
    assert circles.swapped(it, "bram", "eva").grouping is not None


def now(stage: Stage) -> Exchange:
    return State(stage.house.store).exchange(edition(), stage.clock.now())


async def test_who_have_a_match_are_called_and_a_repair_keeps_the_others_apart(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-24 10:00") as stage:
        for person, first in (("anna", "2 3 4"), ("bram", "3 4 1"), ("carla", "4 1 2"), ("dirk", "1 2 3")):
            await say(stage, person, f"!voorkeur {first}")
        await matched(stage)
        with pytest.raises(Refusal, match="a match already"):
            apart.kept(now(stage), "anna", "bram")
        await say(stage, "cor", "!match verbied anna carla")
        await say(stage, "bram", "!terugtrekken")
        await say(stage, "bram", "ja")
        found = now(stage).round
        assert found.repair is not None
        assert ("anna", "3") in repair.problem(now(stage)).forbidden
        assert all({pair.guest, pair.host} != {"anna", "carla"} for pair in found.repair.pairs)


async def test_a_repair_that_joins_them_is_asked_no_more_and_another_is_looked_for(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-24 10:00") as stage:
        for person, first in (("anna", "2 3 4"), ("bram", "3 4 1"), ("carla", "4 1 2"), ("dirk", "1 2 3")):
            await say(stage, person, f"!voorkeur {first}")
        await matched(stage)
        await say(stage, "bram", "!terugtrekken")
        await say(stage, "bram", "ja")
        (pair, *_others) = repair.open_repair(now(stage)).pairs
        await say(stage, "cor", "!herstel vraag")
        await say(stage, pair.guest, "ja")
        await say(stage, "cor", f"!match verbied {pair.guest} {pair.host}")
        found = repair.open_repair(now(stage))
        assert not found.asked
        assert all({it.guest, it.host} != {pair.guest, pair.host} for it in found.pairs)
        with pytest.raises(Refusal, match="not open any more"):
            repair.pair_of(now(stage), pair.host, pair.guest, pair.number)


async def test_a_proposal_from_before_it_does_not_stand(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-07 10:00") as stage:
        await say(stage, "cor", "!match voorstel")
        count = len(proposal_of(stage))
        await say(stage, "cor", "!match verbied anna bram")
        (said,) = await say(stage, "cor", f"!match publiceer {count}")
        assert "Er is iets veranderd sinds het voorstel" in said.plain
