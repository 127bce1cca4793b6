"""From preferences to matches: locks, the proposal, the ten minutes before publication, and the visits that follow."""

from dataclasses import replace
from pathlib import Path

import pytest

from programme import participation, preferences, ring
from programme.exchange import Exchange
from programme.matching import lottery
from programme.model import Model
from programme.records import Hold, Lock, Participant, Place, Proposal, Round, Visit
from programme.text import Refusal
from tests.stage import edition, kept, local, matched, playing, proposal_of, say
from tests.test_exchange import AFTER_PREFERENCES, DURING_PREFERENCES, ID, SIX, at

WISHES = {"anna": (2, 3), "bram": (3, 1), "carla": (1, 2), "dirk": (6,), "fred": (4, 3)}
SECRET = ring.committed(Round(id=ID, next_number=7), "geheim")


def ranked(round_: Round = SECRET, *changed: Model, moment: str = AFTER_PREFERENCES) -> Exchange:
    """Six people of whom five gave preferences: ella gave none."""
    open_ = at(DURING_PREFERENCES)
    parts = [preferences.ranked(open_, open_.participants[who], wish) for who, wish in WISHES.items()]
    return at(moment, *parts, round_, *changed)


def proposed(exchange: Exchange) -> Exchange:
    asked = ring.problem(exchange)
    return replace(exchange, round=ring.proposed(exchange, asked, ring.solved(asked)))


def proposal(exchange: Exchange) -> Proposal:
    assert exchange.round.proposal is not None
    return exchange.round.proposal


def held(exchange: Exchange) -> Exchange:
    return replace(exchange, round=ring.held(exchange, "cor", len(proposal(exchange).match)))


# ── the problem and its lottery ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_problem_holds_all_that_was_wished_and_nobody_s_own_organisation() -> None:
    asked = ring.problem(ranked())
    assert asked.people == ("anna", "bram", "carla", "dirk", "ella", "fred")
    assert asked.preferences["anna"] == (("2",), ("3",))
    assert asked.preferences["ella"] == ()
    assert {("anna", "5"), ("ella", "1")} <= set(asked.forbidden)


def test_an_organisation_is_the_same_with_a_space_more() -> None:
    spaced = "anna (Gemeente Zeist, gemeente), bram (gemeente  zeist, gemeente), carla (CAOP, onderwijs)"
    asked = ring.problem(at(AFTER_PREFERENCES, SECRET, people=spaced))
    assert {("anna", "2"), ("bram", "1")} <= set(asked.forbidden)


def test_what_somebody_would_rather_not_visit_is_forbidden() -> None:
    open_ = at(DURING_PREFERENCES)
    part = preferences.avoided(open_, open_.participants["ella"], (2, 3))
    assert {("ella", "2"), ("ella", "3")} <= set(ring.problem(ranked(SECRET, part)).forbidden)


def test_the_lottery_hangs_on_the_secret_and_on_the_wishes() -> None:
    first = ring.problem(ranked())
    other = ring.problem(ranked(ring.committed(Round(id=ID, next_number=7), "ander geheim")))
    assert first.hash() == other.hash()
    assert first.lottery != other.lottery
    assert first.lottery == lottery.seed("geheim", first.hash())


def test_the_secret_is_committed_to_and_not_shown() -> None:
    assert SECRET.commitment == lottery.commitment("geheim", ID)
    assert "geheim" not in SECRET.commitment


def test_who_left_is_not_matched_and_their_place_neither() -> None:
    exchange = ranked()
    left = participation.withdrawn(exchange, exchange.participants["bram"])
    asked = ring.problem(ranked(SECRET, *[it for it in left if not isinstance(it, Round)]))
    assert "bram" not in asked.people
    assert "2" not in asked.places
    assert asked.preferences["anna"] == (("3",),)


def test_a_place_whose_host_came_back_and_receives_nobody_is_nobody_s_preference_any_more() -> None:
    empty = at(AFTER_PREFERENCES).places[2].model_copy(update={"seats": 0})
    asked = ring.problem(ranked(SECRET, empty))
    assert "2" not in asked.places
    assert asked.preferences["anna"] == (("3",),)


# ── locks ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("person", "number"), [("anna", 1), ("anna", 5), ("anna", 9), ("ella", 1)])
def test_an_impossible_place_cannot_be_fixed(person: str, number: int) -> None:
    with pytest.raises(Refusal):
        ring.locked(ranked(), person, number, "reden")


def test_a_place_is_fixed_for_as_many_as_it_has_seats() -> None:
    exchange = ranked()
    first = replace(exchange, round=ring.locked(exchange, "anna", 4, "reden"))
    with pytest.raises(Refusal):
        ring.locked(first, "bram", 4, "reden")


def test_a_second_lock_of_somebody_takes_the_place_of_the_first() -> None:
    exchange = ranked()
    first = replace(exchange, round=ring.locked(exchange, "anna", 4, "reden"))
    assert ring.locked(first, "anna", 6, "beter").locks == (Lock(person="anna", number=6, reason="beter"),)


def test_a_lock_survives_every_proposal_until_it_is_released() -> None:
    exchange = ranked()
    fixed = proposed(replace(exchange, round=ring.locked(exchange, "anna", 4, "reden")))
    assert proposal(fixed).match["anna"] == 4
    assert proposal(proposed(fixed)).match["anna"] == 4
    loose = replace(fixed, round=ring.released(fixed, "anna"))
    assert proposal(proposed(loose)).match["anna"] == 2


def test_a_lock_that_became_impossible_is_told_with_the_way_to_take_it_back() -> None:
    """Preferences were opened again after the place was fixed, and the person would rather not go there."""
    locked = ring.locked(ranked(), "anna", 2, "afgesproken")
    open_ = at(DURING_PREFERENCES)
    part = preferences.avoided(open_, open_.participants["anna"], (2,))
    with pytest.raises(Refusal, match="match_release"):
        ring.problem(ranked(locked, part))


def test_the_lock_of_somebody_who_was_erased_is_in_nobody_s_way() -> None:
    """Erasing leaves a pseudonym where the person stood, who takes part no more."""
    locked = ring.locked(ranked(), "anna", 2, "afgesproken")
    gone = ranked().participants["anna"].model_copy(update={"state": "withdrawn", "preferences": (), "answers": {}})
    place = ranked().places[1].model_copy(update={"organisation": "", "open": False})
    assert ring.problem(ranked(locked, gone, place)).locked == ()


def test_what_is_not_fixed_cannot_be_released() -> None:
    with pytest.raises(Refusal):
        ring.released(ranked(), "anna")


def test_a_lock_leaves_with_its_person() -> None:
    exchange = ranked()
    fixed = replace(exchange, round=ring.locked(exchange, "anna", 4, "reden"))
    (round_,) = [it for it in participation.withdrawn(fixed, fixed.participants["anna"]) if isinstance(it, Round)]
    assert round_.locks == ()


def test_a_lock_leaves_with_its_host() -> None:
    exchange = ranked()
    fixed = ring.locked(exchange, "anna", 4, "reden")
    left = participation.withdrawn(replace(exchange, round=fixed), exchange.participants["dirk"])
    assert ring.problem(ranked(fixed, *left)).locked == ()


# ── proposal, hold, publication ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_proposal_gives_everybody_a_place_and_nobody_their_own() -> None:
    match = proposal(proposed(ranked())).match
    assert sorted(match) == ["anna", "bram", "carla", "dirk", "ella", "fred"]
    assert sorted(match.values()) == [1, 2, 3, 4, 5, 6]
    assert match["ella"] not in (1, 5)
    assert match["anna"] not in (1, 5)


def test_a_proposal_without_its_proof_is_not_kept() -> None:
    exchange = ranked()
    asked = ring.problem(exchange)
    found = ring.solved(asked)
    first, second = found.match["bram"], found.match["carla"]
    swapped = found.model_copy(update={"match": {**found.match, "bram": second, "carla": first}})
    with pytest.raises(Refusal):
        ring.proposed(exchange, asked, swapped)


def test_the_bundle_of_a_proposal_is_what_was_asked_and_found() -> None:
    exchange = proposed(ranked())
    asked, found = ring.bundle(proposal(exchange))
    assert asked == ring.problem(exchange)
    assert found == ring.solved(asked)


@pytest.mark.parametrize("count", [0, 5, 7])
def test_publication_asks_for_the_right_count(count: int) -> None:
    with pytest.raises(Refusal):
        ring.held(proposed(ranked()), "cor", count)


def test_publication_waits_and_is_begun_once() -> None:
    exchange = held(proposed(ranked()))
    assert exchange.round.hold is not None
    assert exchange.round.hold.until - exchange.now == local("2026-01-01 00:10") - local("2026-01-01 00:00")
    with pytest.raises(Refusal):
        ring.held(exchange, "cor", 6)


def test_what_waits_can_be_stopped_and_nothing_else() -> None:
    exchange = held(proposed(ranked()))
    assert ring.stopped(exchange).hold is None
    with pytest.raises(Refusal):
        ring.stopped(replace(exchange, round=ring.stopped(exchange)))


@pytest.mark.parametrize("step", ["lock", "release", "propose"])
def test_every_change_of_the_matching_ends_the_wait(step: str) -> None:
    exchange = ranked()
    exchange = held(proposed(replace(exchange, round=ring.locked(exchange, "anna", 4, "reden"))))
    after = {
        "lock": lambda: ring.locked(exchange, "bram", 3, "reden"),
        "release": lambda: ring.released(exchange, "anna"),
        "propose": lambda: proposed(exchange).round,
    }[step]()
    assert after.hold is None


def test_what_is_published_is_what_was_confirmed() -> None:
    exchange = held(proposed(ranked()))
    round_, visits = ring.published(exchange, exchange.now)
    assert round_.published == exchange.now
    assert round_.hold is None
    assert {visit.guest: visit.number for visit in visits} == proposal(exchange).match
    assert all(visit.host == exchange.places[visit.number].host != visit.guest for visit in visits)
    assert {visit.guest: visit.level for visit in visits}["ella"] is None


def gone(exchange: Exchange) -> Exchange:
    part, *more = participation.withdrawn(exchange, exchange.participants["dirk"])
    places = {it.number: it for it in more if isinstance(it, Place)}
    return replace(
        exchange,
        participants={**exchange.participants, "dirk": Participant.model_validate(part.model_dump())},
        places={**exchange.places, **places},
    )


def fixed(exchange: Exchange) -> Exchange:
    lock = Lock(person="bram", number=4, reason="later")
    return replace(exchange, round=exchange.round.model_copy(update={"locks": (lock,)}))


def exchanged(exchange: Exchange) -> Exchange:
    made = proposal(exchange)
    asked, found = ring.bundle(made)
    first, second = found.match["bram"], found.match["carla"]
    worse = found.model_copy(update={"match": {**found.match, "bram": second, "carla": first}})
    tampered = made.model_copy(update={"matching": worse.model_dump_json(), "problem": asked.model_dump_json()})
    return replace(exchange, round=exchange.round.model_copy(update={"proposal": tampered}))


def unconfirmed(exchange: Exchange) -> Exchange:
    hold = Hold(by="cor", at=exchange.now, until=exchange.now, input="another")
    return replace(exchange, round=exchange.round.model_copy(update={"hold": hold}))


def unheld(exchange: Exchange) -> Exchange:
    return replace(exchange, round=ring.stopped(exchange))


@pytest.mark.parametrize("changed", [gone, fixed, exchanged, unconfirmed, unheld])
def test_what_is_not_what_was_confirmed_and_proved_is_not_published(changed: object) -> None:
    assert callable(changed)
    exchange = changed(held(proposed(ranked())))
    with pytest.raises(Refusal):
        ring.published(exchange, exchange.now)


def test_the_pairs_that_are_published_are_the_proved_ones() -> None:
    exchange = held(proposed(ranked()))
    made = proposal(exchange)
    pairs = {**made.match, "bram": made.match["carla"], "carla": made.match["bram"]}
    round_ = exchange.round.model_copy(update={"proposal": made.model_copy(update={"match": pairs})})
    _round, visits = ring.published(replace(exchange, round=round_), exchange.now)
    _asked, found = ring.bundle(made)
    assert {visit.guest: str(visit.number) for visit in visits} == found.match


@pytest.mark.parametrize("moment", [DURING_PREFERENCES, "2026-09-04 23:59:59"])
def test_nothing_is_matched_while_preferences_can_come_in(moment: str) -> None:
    with pytest.raises(Refusal):
        ring.must_match(ranked(moment=moment))


def test_nothing_is_matched_twice() -> None:
    exchange = held(proposed(ranked()))
    round_, visits = ring.published(exchange, exchange.now)
    after = replace(exchange, round=round_, visits={visit.guest: visit for visit in visits})
    with pytest.raises(Refusal):
        ring.must_match(after)


# ── in the house ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_change_within_the_ten_minutes_stops_publication_and_the_desk_hears_it(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", f"{SIX}, coordinator: cor") as stage:
        await stage.travel(local(AFTER_PREFERENCES))
        await stage.speak("cor", "!match voorstel")
        await stage.speak("cor", f"!match publiceer {len(proposal_of(stage))}")
        for typed in ("!terugtrekken", "ja"):
            await stage.speak("fred", typed)
        stage.console.fetch()
        await stage.travel(local("2026-09-07 10:11"))
        assert {post.room for post in stage.console.fetch()} == {f"desk/{ID}"}
        assert len(stage.house.store[Visit]) == 0
        round_ = stage.house.store[Round][ID]
        assert (round_.published, round_.hold) == (None, None)


async def test_publication_tells_everybody_their_own_match_once(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", f"{SIX}, coordinator: cor") as stage:
        await matched(stage)
        before = kept(stage)
        await stage.restart()
        await stage.travel(local("2026-09-07 12:00"))
        assert stage.console.fetch() == []
        assert kept(stage) == before
        assert len(stage.house.store[Visit]) == 6


async def test_nobody_hears_what_another_preferred(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", f"{SIX}, coordinator: cor") as stage:
        assert {post.room for post in await say(stage, "anna", "!voorkeur 2 3 4 6")} == {"direct/anna"}
        assert {post.room for post in await say(stage, "anna", "!liever niet 2")} == {"direct/anna"}


def test_the_edition_waits_ten_minutes() -> None:
    assert edition().hold_minutes == 10
