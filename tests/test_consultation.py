"""In consultation: three places, two proposals at most, and a choice that is a fixed place."""

from dataclasses import replace

import pytest

from bot.transcript import LOTTERY, enrolled
from programme import consultation, ring
from programme.exchange import Exchange
from programme.nudges import of_edition
from programme.people import Person
from programme.reaching import words
from programme.records import Participant, Place, Round
from programme.text import Refusal
from tests.stage import edition, local

ID = edition().id
NOW = local("2026-09-07 10:00")


def with_proposal(it: Exchange) -> Exchange:
    asked = ring.problem(it)
    return replace(it, round=ring.proposed(it, asked, ring.solved(asked)))


def exchange() -> Exchange:
    """Seven people; p0 has no list, so that no preference of theirs is possible."""
    people = [Person(id=f"p{n}", name=f"P{n}", organisation=f"O{n}", sector="zorg") for n in range(7)]
    records = list(enrolled(people, edition(), local("2026-08-18 10:00")))
    places = {it.number: it for it in records if isinstance(it, Place)}
    parts = {it.person: it for it in records if isinstance(it, Participant)}
    for index, person in enumerate(sorted(parts)[1:], 1):
        wanted = tuple((index + k) % 7 + 1 for k in range(1, 5))
        parts[person] = parts[person].model_copy(update={"preferences": wanted})
    return with_proposal(Exchange(edition(), ring.committed(Round(id=ID), LOTTERY), parts, places, {}, NOW))


def asked(it: Exchange, person: str = "p0") -> Exchange:
    return replace(it, round=consultation.proposed(it, person))


def test_three_different_places_are_offered_and_the_own_is_none_of_them() -> None:
    offered = consultation.open_to(asked(exchange()), "p0").offered
    assert len(set(offered)) == 3
    assert 1 not in offered


def test_who_has_a_preference_is_not_asked() -> None:
    it = exchange()
    assert it.round.proposal is not None
    lucky = next(p for p, n in it.round.proposal.match.items() if n in it.participants[p].preferences)
    with pytest.raises(Refusal):
        consultation.proposed(it, lucky)


def test_every_offered_place_can_be_fixed_and_the_next_proposal_keeps_it() -> None:
    it = asked(exchange())
    for number in consultation.open_to(it, "p0").offered:
        fixed = replace(it, round=consultation.accepted(it, "p0", number))
        again = with_proposal(fixed)
        assert again.round.proposal is not None
        assert again.round.proposal.match["p0"] == number
        assert again.round.proposal.unplaced == ()


def test_a_place_that_was_not_offered_cannot_be_chosen() -> None:
    it = asked(exchange())
    other = next(n for n in it.places if n not in consultation.open_to(it, "p0").offered)
    with pytest.raises(Refusal):
        consultation.accepted(it, "p0", other)


def test_the_second_proposal_holds_other_places_and_there_is_no_third() -> None:
    first = asked(exchange())
    declined = replace(first, round=consultation.answered(first, "p0", "declined"))
    second = asked(declined)
    assert not set(consultation.open_to(first, "p0").offered) & set(consultation.open_to(second, "p0").offered)
    with pytest.raises(Refusal):
        consultation.proposed(replace(second, round=consultation.answered(second, "p0", "declined")), "p0")


def test_an_answer_is_given_once() -> None:
    it = asked(exchange())
    it = replace(it, round=consultation.answered(it, "p0", "call"))
    with pytest.raises(Refusal):
        consultation.open_to(it, "p0")


def test_no_answer_is_followed_after_three_and_five_working_days() -> None:
    rings = {n.key.split("/")[1]: n for n in of_edition(edition(), asked(exchange()).round, frozenset())}
    assert rings["consultation-first"].at == local("2026-09-10 09:00")
    assert rings["consultation-desk"].at == local("2026-09-14 09:00")


@pytest.mark.parametrize("rule", ["consultation-first", "consultation-desk"])
def test_nobody_is_asked_or_told_to_call_about_who_has_left(rule: str) -> None:
    it = asked(exchange())
    (nudge,) = (n for n in of_edition(edition(), it.round, frozenset()) if f"/{rule}/" in n.key)
    assert words(nudge, it, str)
    left = it.participants["p0"].model_copy(update={"state": "withdrawn"})
    assert words(nudge, replace(it, participants={**it.participants, "p0": left}), str) == []


def test_who_has_answered_is_not_reminded() -> None:
    it = asked(exchange())
    answered = consultation.answered(it, "p0", "declined")
    assert "consultation-first" not in {n.key.split("/")[1] for n in of_edition(edition(), answered, frozenset())}
