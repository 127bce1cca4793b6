"""The rules of intervision groups: who is in them, what the split is asked, agreeing and leaving."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.transcript import enrolled, read_scene
from programme import circles, nudges, rooms
from programme.edition import Edition
from programme.exchange import Exchange
from programme.groups.bound import groups_for, sizes
from programme.groups.solve import solve
from programme.records import Group, Intervising, Participant, Round, Visit
from programme.text import Refusal
from tests.stage import edition, local, playing, say

ID = edition().id
NOW = local("2026-12-04 10:00")
TODAY = date(2026, 12, 4)
TEN = (
    "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), dirk (DUO, onderwijs), ella (UWV, rijk), "
    "fred (Zuyderland, zorg), gerda (Zeist, gemeente), hans (afm, rijk), iris (Utrecht, gemeente), joop (Rijnland, water)"
)


def cohort(*wishes: Intervising, groups: Sequence[Group] = (), visits: Sequence[Visit] = ()) -> Exchange:
    """The first so many of the ten, with what they wish."""
    records = [it for it in enrolled(read_scene(TEN).signed_up, edition(), NOW) if isinstance(it, Participant)]
    parts = [p.model_copy(update={"intervision": w}) for p, w in zip(records, wishes, strict=False)]
    return Exchange(
        edition=edition(),
        round=Round(id=ID),
        participants={p.person: p for p in parts},
        places={},
        visits={v.guest: v for v in visits},
        now=NOW,
        groups={g.number: g for g in groups},
    )


def wanting(count: int) -> Exchange:
    everybody: list[Intervising] = ["yes"] * count
    return cohort(*everybody)


def group(number: int, *members: str) -> Group:
    return Group(id=f"{ID}/{number}", edition=ID, number=number, members=members)


def visit(guest: str, host: str) -> Visit:
    return Visit(id=f"{ID}/{guest}", edition=ID, guest=guest, host=host, number=1, level=0)


def with_proposal(exchange: Exchange, *groups: tuple[str, ...]) -> Exchange:
    return replace(exchange, round=circles.proposed(exchange, groups))


def versioned(version: int) -> Edition:
    rule = circles.rule(edition()).model_copy(update={"version": version})
    return edition().model_copy(update={"intervision": rule})


# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_who_wants_to_and_is_in_no_group_is_split() -> None:
    exchange = cohort("yes", "no", "together", "", "yes", groups=[group(1, "anna", "bram")])
    assert [p.person for p in circles.candidates(exchange)] == ["carla", "ella"]
    assert [p.person for p in circles.unasked(exchange)] == ["dirk"]


def test_who_was_in_a_group_that_ended_can_be_in_another() -> None:
    ended = group(1, "anna", "bram").model_copy(update={"closed": TODAY})
    exchange = cohort("yes", "yes", groups=[ended])
    assert [p.person for p in circles.candidates(exchange)] == ["anna", "bram"]
    assert circles.group_of(exchange, "anna") is None


def test_who_waits_and_who_does_not_want_hear_something_else() -> None:
    exchange = cohort("yes", "no")
    with pytest.raises(Refusal, match="not in a group yet"):
        circles.own_group(exchange, "anna")
    with pytest.raises(Refusal, match="Do you want to take part"):
        circles.own_group(exchange, "bram")


def test_an_edition_without_intervision_says_so() -> None:
    exchange = replace(wanting(3), edition=edition().model_copy(update={"intervision": None}))
    with pytest.raises(Refusal, match="no intervision"):
        circles.wished(exchange, "anna", "yes")


def test_a_stranger_cannot_wish() -> None:
    with pytest.raises(Refusal):
        circles.wished(wanting(3), "zoe", "yes")


# ── the split ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("people", "ways"),
    [
        (3, ((3,),)),
        (5, ((5,),)),
        (6, ((3, 3), (6,))),
        (7, ((4, 3), (7,))),
        (8, ((4, 4),)),
        (10, ((5, 5),)),
    ],
)
def test_an_uneven_cohort_can_be_cut_in_two_ways(people: int, ways: tuple[tuple[int, ...], ...]) -> None:
    assert circles.ways(wanting(people)) == ways


def test_two_people_are_too_few_for_a_group() -> None:
    with pytest.raises(Refusal, match="are needed"):
        circles.ways(wanting(2))


@pytest.mark.parametrize(("people", "size"), [(6, 2), (6, 7), (10, 6), (10, 0), (5, -1)])
def test_a_size_that_does_not_fit_is_refused(people: int, size: int) -> None:
    with pytest.raises(Refusal, match="people"):
        circles.problem(wanting(people), size)


@given(st.integers(3, 10), st.integers(3, 8), st.integers(3, 8))
def test_nobody_is_put_in_a_group_of_two_whatever_size_the_edition_has_or_the_coordinator_asks(
    people: int, usual: int, asked: int
) -> None:
    rule = circles.rule(edition()).model_copy(update={"size": usual})
    it = replace(wanting(people), edition=edition().model_copy(update={"intervision": rule}))
    assert min(min(way) for way in circles.ways(it)) >= circles.LEAST
    for size in {usual, min(asked, usual), *map(max, circles.ways(it))}:
        asks = circles.problem(it, size).size
        assert asks >= size
        assert min(sizes(people, groups_for(people, asks))) >= circles.LEAST


def test_a_larger_group_is_possible_only_where_the_cut_asks_for_it() -> None:
    (all_six,) = solve(circles.problem(wanting(6), 6)).groups
    assert len(all_six) == 6


def test_ten_people_make_two_groups_of_five_without_colleagues_and_with_sectors_mixed() -> None:
    exchange = wanting(10)
    found = solve(circles.problem(exchange, 5))
    assert [len(members) for members in found.groups] == [5, 5]
    assert not any({"anna", "hans"} <= set(members) for members in found.groups)
    assert circles.same_sector(exchange, found.groups) == (found.same_sector_pairs, found.bound)
    assert found.optimal


def test_match_partners_are_apart_unless_both_wish_otherwise() -> None:
    visits = [visit("anna", "bram"), visit("bram", "anna"), visit("carla", "fred"), visit("dirk", "ella")]
    exchange = cohort("together", "together", "together", "yes", "no", "yes", visits=visits)
    assert circles.problem(exchange, 5).apart == (("carla", "fred"),)
    groups = (("anna", "bram"), ("carla", "dirk", "fred"))
    assert circles.partners_together(exchange, groups) == [("carla", "fred")]


def test_the_split_keeps_match_partners_apart() -> None:
    exchange = cohort(*("yes",) * 8, visits=[visit("anna", "bram"), visit("carla", "gerda"), visit("ella", "fred")])
    found = solve(circles.problem(exchange, 5))
    assert circles.partners_together(exchange, found.groups) == []
    assert "apart" not in found.relaxed


def test_who_met_in_an_earlier_group_is_told_to_the_split() -> None:
    ended = group(1, "bram", "anna", "carla").model_copy(update={"closed": TODAY})
    exchange = cohort(*("yes",) * 4, groups=[ended])
    assert circles.problem(exchange, 5).met == (("anna", "bram"), ("anna", "carla"), ("bram", "carla"))


def test_sectors_do_not_count_where_the_edition_does_not_mix_them() -> None:
    rule = circles.rule(edition()).model_copy(update={"mixed_sectors": False})
    exchange = replace(wanting(5), edition=edition().model_copy(update={"intervision": rule}))
    assert {member.sector for member in circles.problem(exchange, 5).people} == {""}
    assert circles.same_sector(exchange, (("anna", "ella"), ("bram", "fred"))) == (0, 0)


# ── the proposal ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

HALVES = ("anna", "bram", "carla"), ("dirk", "ella", "fred")


def test_two_people_change_places() -> None:
    exchange = with_proposal(wanting(6), *HALVES)
    swapped = replace(exchange, round=circles.swapped(exchange, "anna", "ella"))
    assert circles.proposal(swapped) == (("bram", "carla", "ella"), ("anna", "dirk", "fred"))


def test_a_swap_that_puts_colleagues_together_is_refused() -> None:
    exchange = with_proposal(wanting(8), ("anna", "bram", "carla", "dirk"), ("ella", "fred", "gerda", "hans"))
    with pytest.raises(Refusal, match=r"AFM|afm"):
        circles.swapped(exchange, "anna", "ella")
    assert circles.swapped(exchange, "anna", "hans").grouping is not None


@pytest.mark.parametrize(
    ("one", "other", "why"), [("anna", "bram", "same group"), ("anna", "joop", "in no group"), ("anna", "anna", "same")]
)
def test_a_swap_must_change_something(one: str, other: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        circles.swapped(with_proposal(wanting(6), *HALVES), one, other)


@pytest.mark.parametrize("people", [5, 7])
def test_a_proposal_falls_when_somebody_comes_or_leaves(people: int) -> None:
    exchange = replace(wanting(people), round=with_proposal(wanting(6), *HALVES).round)
    with pytest.raises(Refusal, match="came or left"):
        circles.proposal(exchange)


def test_groups_are_made_only_with_the_right_count() -> None:
    exchange = with_proposal(wanting(6), *HALVES)
    for count in (1, 3, -2):
        with pytest.raises(Refusal, match="groups_make"):
            circles.made(exchange, count, TODAY)
    _edition, round_, fresh = circles.made(exchange, 2, TODAY)
    assert [(it.id, it.members) for it in fresh] == [(f"{ID}/1", HALVES[0]), (f"{ID}/2", HALVES[1])]
    assert round_.grouping is None


def test_groups_are_not_made_without_agreements() -> None:
    rule = circles.rule(edition()).model_copy(update={"agreements": ()})
    exchange = replace(wanting(6), edition=edition().model_copy(update={"intervision": rule}))
    with pytest.raises(Refusal, match="no agreements"):
        circles.made(with_proposal(exchange, *HALVES), 2, TODAY)


def test_a_later_group_gets_a_number_of_its_own() -> None:
    ended = group(4, "joop").model_copy(update={"closed": TODAY})
    exchange = with_proposal(replace(wanting(6), groups={4: ended}), *HALVES)
    assert [it.number for it in circles.made(exchange, 2, TODAY)[2]] == [5, 6]


def test_the_edition_goes_on_as_long_as_its_groups_may() -> None:
    in_summer = local("2027-06-01 10:00")
    made, _round, _groups = circles.made(with_proposal(wanting(6), *HALVES), 2, TODAY)
    assert made.is_current(in_summer)
    assert not edition().is_current(in_summer)
    assert not made.is_current(local("2028-01-01 10:00"))


# ── rooms ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def room_of(exchange: Exchange) -> rooms.RoomWish:
    (wish,) = [w for w in rooms.wishes([exchange], str) if w.key.startswith("group/")]
    return wish


def test_a_group_has_an_encrypted_room_for_its_members_alone() -> None:
    exchange = replace(cohort("yes", "yes", "yes", groups=[group(1, *HALVES[0])]))
    exchange = replace(exchange, edition=edition().model_copy(update={"coordinators": ("cor",)}))
    wish = room_of(exchange)
    assert (wish.key, wish.members, wish.powerful) == (f"group/{ID}/1", frozenset(HALVES[0]), frozenset())
    assert wish.encrypted
    assert wish.pinned == circles.rule(edition()).card
    assert rooms.edition_of(wish.key) == ID


def test_a_group_that_has_ended_is_archived() -> None:
    ended = group(1, *HALVES[0]).model_copy(update={"closed": TODAY})
    assert room_of(cohort("yes", "yes", "yes", groups=[ended])).archived


def test_who_has_left_the_programme_is_not_invited_again() -> None:
    exchange = cohort("yes", "yes", "yes", groups=[group(1, *HALVES[0])])
    gone = exchange.participants["bram"].model_copy(update={"state": "withdrawn"})
    exchange = replace(exchange, participants={**exchange.participants, "bram": gone})
    assert room_of(exchange).members == {"anna", "carla"}
    assert [(g.number, person) for g, person in circles.leavers(exchange)] == [(1, "bram")]
    assert [n.act for n in nudges.of_participant(edition(), gone, Round(id=ID))] == ["leave_group"]


# ── agreeing and leaving ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_member_agrees_once_with_version_and_day() -> None:
    it = circles.agreed(edition(), group(1, "anna", "bram"), "anna", TODAY)
    again = circles.agreed(edition(), it, "anna", date(2026, 12, 24))
    assert (again.version, again.agreed) == (1, {"anna": TODAY})
    assert circles.waiting_for(edition(), again) == ["bram"]


def test_a_new_version_of_the_agreements_asks_everybody_again() -> None:
    it = circles.agreed(edition(), group(1, "anna", "bram"), "anna", TODAY)
    newer = versioned(2)
    assert circles.waiting_for(newer, it) == ["anna", "bram"]
    later = circles.agreed(newer, it, "bram", date(2027, 1, 8))
    assert (later.version, later.agreed) == (2, {"bram": date(2027, 1, 8)})


def test_nothing_of_who_left_stays_in_the_group() -> None:
    it = circles.agreed(edition(), group(1, "anna", "bram"), "anna", TODAY)
    assert circles.without(it, "anna") == group(1, "bram")


async def test_a_stopped_participant_is_not_named_and_a_restart_says_it_no_second_time(tmp_path: Path) -> None:
    people = f"{TEN}, coordinator: cor"
    async with playing(tmp_path, "2026-12-04 10:00", people) as stage:
        for person in ("anna", "bram", "carla", "dirk"):
            await say(stage, person, "!intervisie ja")
        await say(stage, "cor", "!groepen voorstel")
        await say(stage, "cor", "!groepen maak 1")
        await say(stage, "bram", "!terugtrekken")
        await say(stage, "bram", "ja")
        await stage.restart()
        await stage.travel(local("2026-12-04 10:30"))
        assert stage.console.fetch() == []
        (kept,) = stage.house.store[Group].values()
        assert kept.members == ("anna", "carla", "dirk")
        assert stage.house.store[Round][ID].grouping is None
