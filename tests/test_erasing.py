"""Preferences go when the visiting period is over, and what was made of them goes with them; the visits stay."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.transcript import LOTTERY, enrolled
from programme import preferences, repair, ring
from programme.exchange import Exchange
from programme.people import Person
from programme.records import Consultation, Lock, Participant, Place, Round, Visit
from programme.text import Refusal
from storage.letters import Audit, Question
from tests.stage import edition, local, playing, say

ID = edition().id
THE_LAST_SECOND, OVER, MONTHS_LATER = "2026-11-27 23:59:59", "2026-11-28 00:00", "2027-03-01 10:00"


def published(at: str = "2026-10-12 11:00") -> Exchange:
    """Six people with lists, matched and published, with all that was agreed about it on the way."""
    people = [Person(id=f"p{n}", name=f"P{n}", organisation=f"O{n}", sector="zorg") for n in range(6)]
    records = list(enrolled(people, edition(), local("2026-08-18 10:00")))
    parts = {it.person: it for it in records if isinstance(it, Participant)}
    places = {it.number: it for it in records if isinstance(it, Place)}
    for index, person in enumerate(sorted(parts)):
        wanted = tuple((index + k) % 6 + 1 for k in (1, 2))
        avoids = ((index + 4) % 6 + 1,)
        parts[person] = parts[person].model_copy(update={"preferences": wanted, "avoids": avoids, "padded": 1})
    now = local("2026-09-07 10:00")
    talk = Consultation(person="p1", offered=(4, 5), asked=now, answer="accepted")
    round_ = Round(
        id=ID, apart=(("p0", "p3"),), locks=(Lock(person="p1", number=4, reason="reistijd"),), consultations=(talk,)
    )
    it = Exchange(edition(), ring.committed(round_, LOTTERY), parts, places, {}, now)
    asked = ring.problem(it)
    it = replace(it, round=ring.proposed(it, asked, ring.solved(asked)))
    it = replace(it, round=ring.held(it, "cor", 6))
    round_, visits = ring.published(it, now)
    return replace(it, round=round_, visits={visit.guest: visit for visit in visits}, now=local(at))


def test_what_people_preferred_is_nowhere_in_what_is_kept_and_the_hash_of_the_proof_is() -> None:
    before = published(OVER)
    assert before.round.proposal is not None
    after = preferences.erased(before)
    (kept,) = [it for it in after if isinstance(it, Round)]
    assert kept.apart == (("p0", "p3"),)  # groups can still be made
    round_ = kept.model_copy(update={"apart": ()})
    parts = [it for it in after if isinstance(it, Participant)]
    assert [(it.preferences, it.avoids, it.padded) for it in parts] == [((), (), 0)] * 6
    assert not any(it.person in round_.model_dump_json() for it in parts)
    assert "reistijd" not in round_.model_dump_json()
    assert round_.proved == before.round.proposal.input
    assert (round_.secret, round_.published) == (before.round.secret, before.round.published)


@pytest.mark.parametrize(("at", "groups"), [(OVER, False), ("2027-12-01 00:00", True)])
def test_who_are_kept_apart_is_erased_when_no_group_can_be_made_any_more(at: str, *, groups: bool) -> None:
    before = published(at)
    if not groups:
        before = replace(before, edition=before.edition.model_copy(update={"intervision": None}))
    (round_,) = [it for it in preferences.erased(before) if isinstance(it, Round)]
    assert round_.apart == ()


def test_what_is_erased_is_not_erased_again() -> None:
    before = published(OVER)
    after = preferences.erased(before)
    (round_,) = [it for it in after if isinstance(it, Round)]
    parts = {it.person: it for it in after if isinstance(it, Participant)}
    assert preferences.erased(replace(before, round=round_, participants=parts)) == []


def test_no_other_match_is_looked_for_without_preferences() -> None:
    before = published(OVER)
    (round_,) = [it for it in preferences.erased(before) if isinstance(it, Round)]
    with pytest.raises(Refusal, match="erased"):
        repair.problem(replace(before, round=round_))


async def test_they_are_kept_to_the_last_second_of_the_period_and_then_no_longer(tmp_path: Path) -> None:
    it = published()
    kept = [it.round, *it.participants.values(), *it.places.values(), *it.visits.values()]
    async with playing(tmp_path, "2026-11-27 23:00", "coordinator: cor", already=kept) as stage:
        await stage.travel(local(THE_LAST_SECOND))
        assert all(part.preferences for part in stage.house.store[Participant].values())
        await stage.travel(local(OVER))
        assert not any(part.preferences for part in stage.house.store[Participant].values())
        assert stage.house.store[Round][ID].proposal is None
        assert len(stage.house.store[Visit]) == 6
        (line,) = stage.house.store[Audit].values()
        assert (line.action, line.person, line.about) == ("erase_preferences", "", ())
        assert stage.house.store[Round][ID].apart == (("p0", "p3"),)
        await stage.travel(local(MONTHS_LATER))
        assert stage.house.store[Round][ID].apart == ()


async def test_no_question_and_no_line_of_the_logbook_tells_it_afterwards(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-24 10:00") as stage:
        await say(stage, "cor", "!match verbied anna bram")
        await say(stage, "anna", "!voorkeur 3")
        await say(stage, "cor", "!namens bram voorkeur 3")
        assert {it.person for it in stage.house.store[Question].values()} == {"anna", "cor"}
        await stage.travel(local(OVER))
        assert [it for it in stage.house.store[Question].values() if it.person != "wim"] == []
        lines = stage.house.store[Audit].values()
        (forbidden,) = [it for it in lines if it.action == "match_forbid"]
        assert (forbidden.about, "anna" in forbidden.id) == ((), False)


async def test_a_house_that_was_away_for_months_erases_them_when_it_is_back(tmp_path: Path) -> None:
    it = published()
    kept = [it.round, *it.participants.values(), *it.places.values(), *it.visits.values()]
    async with playing(tmp_path, MONTHS_LATER, "coordinator: cor", already=kept) as stage:
        await stage.travel(local(MONTHS_LATER))
        assert not any(part.preferences or part.avoids for part in stage.house.store[Participant].values())
