"""What is whose part: being ready with one's own, what each has to do now, what the presenter hears, and voting where it counts."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.console import Stage
from programme.intervision import chairing, coming, speaking
from programme.intervision.happenings import Hint, PassedOver, TurnGiven
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import Round
from programme.intervision.status import part_over
from programme.intervision.written import SilentWrite, Vote
from programme.intervision.your_part import presenter_part, your_part
from programme.text import Refusal
from tests.intervision_play import ANNA, BRAM, CAS, DIEN, at_phase, begin, happened, later
from tests.slow_play import begin_slowly, then
from tests.stage import plain, playing, say, to
from tests.test_live_session import AT, ROOM, SIX, groups, played, session_of


def during(key: str) -> Sitting:
    return at_phase(key, begin(presenter=BRAM))


# Being ready with one's own part


def test_the_facilitator_ends_nobody_elses_turn_by_being_ready() -> None:
    sitting = later(begin())
    holder = sitting.session.turn.holder
    after = speaking.ready(sitting, ANNA)
    assert holder not in (ANNA, None)
    assert happened(after, Hint, PassedOver, TurnGiven) == [Hint(ANNA, "turn_of_another")]
    assert after.session.turn == sitting.session.turn
    assert speaking.gone_on(sitting, ANNA).session.turn.holder != holder


def test_being_ready_is_a_sign_of_life_of_the_facilitator() -> None:
    sitting = later(begin(), 60)
    assert speaking.ready(sitting, ANNA).session.facilitator_heard == sitting.now


def test_who_has_the_turn_ends_it_and_so_does_the_facilitator_their_own() -> None:
    sitting = later(begin())
    while (holder := sitting.session.turn.holder) is not None:
        after = speaking.ready(sitting, holder)
        assert isinstance(after.session.turn, Round)
        assert holder in after.session.turn.spoken
        sitting = later(after)


def test_the_facilitator_who_is_ready_closes_neither_writing_nor_a_vote_of_others() -> None:
    for key in ("write_position", "note_questions", "choose"):
        sitting = later(during(key) if key != "choose" else at_phase(key, begin()), 60 * 60)
        assert sitting.is_up
        others = sitting.session.turn
        assert isinstance(others, SilentWrite | Vote)
        with suppress(Refusal):
            sitting = speaking.ready(sitting, ANNA)
        after = sitting.session.turn
        assert isinstance(after, SilentWrite | Vote)
        assert after.waiting >= others.waiting - {ANNA}
        assert sitting.phase.key == key


def test_after_the_deadline_of_a_slow_phase_being_ready_is_still_only_ones_own() -> None:
    sitting = then(speaking.ready(then(begin_slowly()), BRAM))
    assert sitting.phase.key == "information"
    due = replace(sitting, now=sitting.session.deadline, happened=())
    after = speaking.ready(due, ANNA)
    assert after.phase.key == "information"
    assert speaking.gone_on(due, ANNA).phase.key != "information"


def test_once_everybody_has_been_the_facilitator_may_also_be_ready_with_the_phase() -> None:
    sitting = during("diagnosis")
    while sitting.session.turn.holder is not None:
        sitting = later(speaking.gone_on(sitting, sitting.session.turn.holder))
    assert speaking.ready(sitting, ANNA).phase.key == "write_position"


# What each has to do


def ids(sitting: Sitting, *people: str) -> list[str]:
    return [your_part(sitting, person).id.partition(",")[0].partition(".")[0] for person in people]


def test_everybody_hears_their_own_part() -> None:
    sitting = during("diagnosis")
    holder = sitting.session.turn.holder or ""
    (other,) = {CAS, DIEN} - {holder} if holder in (CAS, DIEN) else {CAS}
    assert ids(sitting, holder, other, BRAM, ANNA) == [
        "You have the turn: say it in the room",
        "You only listen now",
        "You only listen now",
        "You lead: go on with {next}",
    ]
    assert your_part(sitting, other) != your_part(sitting, BRAM)


def test_in_a_question_round_one_asks_and_one_answers() -> None:
    sitting = during("information")
    asker = sitting.session.turn.holder or ""
    assert ids(sitting, asker, BRAM) == ["Ask one open question", "You get questions now"]
    answering = later(speaking.ready(sitting, asker))
    assert ids(answering, BRAM) == ["A question waits for your answer"]


def test_who_writes_or_votes_hears_where() -> None:
    assert ids(at_phase("choose", begin()), CAS) == ["Choose here"]
    assert ids(during("note_questions"), CAS) == ["Write it down for yourself"]
    assert ids(during("write_position"), CAS, BRAM) == ["Write it here", "You need not do anything now"]


def test_in_a_pause_only_who_leads_has_something_to_do() -> None:
    sitting = later(chairing.paused(during("diagnosis"), ANNA))
    assert your_part(sitting, ANNA) != your_part(sitting, CAS)
    assert ids(sitting, ANNA, CAS) == ["We are taking a break"] * 2


def test_who_was_passed_over_hears_how_they_come_after_all() -> None:
    sitting = later(speaking.heard(later(begin()), CAS))
    missed = sitting.session.turn.holder or ""
    after = later(speaking.gone_on(sitting, ANNA))
    assert ids(after, missed) == ["You have not been yet"]


def test_who_has_gone_has_no_part_that_others_wait_for() -> None:
    sitting = during("write_position")
    assert ids(coming.left(sitting, CAS), CAS) == ["You need not do anything now"]


# What the presenter hears


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("incident", None),
        ("note_questions", "The others write now."),
        ("information", "Answer briefly, with facts."),
        ("diagnosis", "You need not answer or explain anything."),
        ("write_position", "The others write now."),
        ("advice", "You need not answer or explain anything."),
        ("reveal", None),
        ("evaluation", None),
    ],
)
def test_the_presenter_hears_what_is_asked_where_the_room_does_not_say_so(phase: str, words: str | None) -> None:
    part = presenter_part(during(phase))
    assert (part is None) if words is None else (part is not None and words in part.id)


def test_before_it_is_known_whose_case_it_is_nobody_hears_of_a_presenter() -> None:
    assert presenter_part(begin()) is None


def test_at_the_quiet_level_the_presenter_hears_nothing() -> None:
    assert presenter_part(during("information").having(level="quiet")) is None


# That a part is over


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("check_in", "Everybody has had their part."),
        ("choose", "The choice is made."),
        ("incident", "{person} is ready."),
        ("write_position", "Everybody is done writing."),
    ],
)
def test_what_is_over_is_said_in_the_words_of_what_was_done(phase: str, words: str) -> None:
    assert part_over(at_phase(phase, begin(presenter=BRAM)), str).id == words


# In the room


async def test_who_asks_what_comes_hears_it_alone_and_that_is_no_turn(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie")
        before = session_of(stage)
        holder = before.turn.holder or ""
        (said,) = await say(stage, holder, "wat nu?", ROOM)
        assert (said.room, said.wake) == (to(holder), False)
        assert "Jij bent aan de beurt: zeg het in de kamer." in said.plain
        assert session_of(stage).model_copy(update={"facilitator_heard": before.facilitator_heard}) == before


async def test_in_the_chat_with_the_bot_whose_turn_it_is_comes_with_ones_own_part(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie")
        assert "Jij begeleidt: ga verder met `!volgende`" in plain(await say(stage, "anna", "!beurt"))
        assert "Jij begeleidt" not in plain(await say(stage, "anna", "!beurt", ROOM))


async def test_what_comes_can_be_asked_in_a_pause_too(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, "#anna: !start intervisie", "#anna: pauze")
        assert "Ga verder met `!hervat`" in plain(await say(stage, "anna", "en nu?", ROOM), to("anna"))


async def at_the_vote(stage: Stage) -> Session:
    await played(stage, "#anna: !start intervisie", "#anna: overslaan", "#anna: overslaan")
    return session_of(stage)


@pytest.mark.parametrize("person", ["anna", "bram"])
async def test_a_vote_said_aloud_is_not_counted_and_each_time_it_is_said_where_it_counts(
    person: str, tmp_path: Path
) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        before = await at_the_vote(stage)
        for line in ("ik kies die van Carla", "2"):
            (said,) = await say(stage, person, line, ROOM)
            assert said.room == to(person)
            assert said.plain.startswith("Je stem telt alleen hier, in deze chat")
        assert session_of(stage).turn == before.turn
