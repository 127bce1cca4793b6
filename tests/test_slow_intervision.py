"""A session over days: its plan, its clock, who contributes, and what becomes of it whatever people do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.intervision import chairing, coming, slow_chairing, speaking, writing
from programme.intervision.anytime import Anytime
from programme.intervision.happenings import (
    AnswerAwaited,
    DecisionAsked,
    Ended,
    Hint,
    LastDay,
    NewDay,
    NothingWritten,
    PhaseBegan,
    PresenterChosen,
    Revealing,
    StillWriting,
    TurnGiven,
    VoteTied,
    WritingAsked,
)
from programme.intervision.sitting import Sitting
from programme.intervision.slow import FEWEST_DAYS, MOST_DAYS, missing, planned
from programme.intervision.written import Classify, SilentWrite, Vote
from programme.text import Refusal, Text
from tests.intervision_play import ANNA, BRAM, CAS, DIEN, EIGHT, EVA, methods, reloaded
from tests.slow_play import Days, begin_slowly, local, then
from tests.test_intervision import ALLOWED, KNOWN, strings

METHODS = sorted(id_ for id_, method in methods().items() if all(phase.case == 1 for phase in method.phases))
"""Those with one case: over days there is room for no more."""
MEMBERS = (ANNA, CAS, DIEN, EVA)
"""All but the presenter."""


def refusal(act: Callable[[], Sitting]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    assert isinstance(caught.value.text, Text)
    return caught.value.text.id


def some(method: str) -> tuple[str, ...]:
    """As many people as the method is best for."""
    return EIGHT[: methods()[method].sizes.best_from]


def anytime(sitting: Sitting) -> Anytime:
    assert isinstance(sitting.session.turn, Anytime)
    return sitting.session.turn


def writing_of(sitting: Sitting) -> SilentWrite:
    assert isinstance(sitting.session.turn, SilentWrite)
    return sitting.session.turn


def at(key: str, sitting: Sitting | None = None) -> Sitting:
    """Play on until this phase has begun: everybody does what is asked, half an hour after each other."""
    sitting = sitting or begin_slowly()
    while sitting.phase.key != key:
        assert sitting.session.ended is None, f"{key} never came"
        sitting = willing(then(sitting, 5))
    return then(sitting)


def willing(sitting: Sitting) -> Sitting:  # noqa: PLR0911 - one line for each rule
    """One thing that somebody of a willing group does."""
    turn, chair = sitting.session.turn, sitting.session.facilitator
    match turn:
        case Anytime() if turn.questions and turn.answerer in sitting.present:
            return speaking.gone_on(sitting, turn.answerer)
        case Anytime() if turn.waiting:
            return speaking.gone_on(sitting, min(turn.waiting))
        case SilentWrite(state="releasing"):
            return writing.released(sitting)
        case SilentWrite() if turn.waiting:
            return writing.delivered(sitting, min(turn.waiting))
        case Vote() if not turn.candidates and not turn.closed:
            return chairing.presenter_named(sitting, chair, next(p for p in sitting.present if p != chair))
        case Vote() if turn.tied:
            return writing.tie_broken(sitting, chair, turn.tied[0])
        case Vote() if turn.waiting:
            return writing.voted(sitting, min(turn.waiting), turn.candidates[0])
        case Classify(called=str(person)):
            return speaking.gone_on(sitting, person)
        case _:
            return speaking.gone_on(sitting, chair)


# The plan


def test_an_incident_takes_ten_working_days_as_its_source_says() -> None:
    assert planned(methods()["incident"], chosen=True) == (
        ("incident", 1),
        ("information", 3),
        ("diagnosis", 2),
        ("write_position", 2),
        ("reveal", 1),
        ("evaluation", 1),
    )


def test_a_case_that_is_to_be_chosen_takes_two_days_more() -> None:
    assert planned(methods()["incident"], chosen=False)[:2] == (("inventory", 1), ("choose", 1))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("chosen", [True, False])
def test_every_method_fits_in_five_to_twelve_working_days(method: str, chosen: bool) -> None:
    plan = planned(methods()[method], chosen=chosen)
    assert FEWEST_DAYS <= sum(days for _key, days in plan) <= MOST_DAYS
    assert min(days for _key, days in plan) >= 1


def test_without_days_in_the_file_a_longer_phase_gets_more_days() -> None:
    plan = dict(planned(methods()["case_clinic"], chosen=True))
    assert plan["dialogue"] > plan["intention"] > plan["closing"]


def test_who_speaks_while_the_presenter_listens_writes_alone() -> None:
    turns = {phase.key: (phase.turn, phase.reveal) for phase in begin_slowly().method.phases}
    assert turns["diagnosis"] == turns["write_position"] == ("silent_write", "together")
    assert "advice" not in turns


@pytest.mark.parametrize("method", METHODS)
def test_no_prompt_over_days_speaks_of_minutes(method: str) -> None:
    for phase in begin_slowly(method, some(method)).method.phases:
        assert "{minutes}" not in phase.prompt.nl + phase.prompt.en, phase.key


def test_a_method_that_chooses_no_case_asks_whose_it_is() -> None:
    assert "type the name of who presents" in refusal(lambda: begin_slowly("ten_step", presenter=None))


def test_whose_case_it_is_hears_so_at_once() -> None:
    assert begin_slowly().happened[0] == PresenterChosen(BRAM)


def test_a_method_with_two_cases_is_not_for_days() -> None:
    assert refusal(lambda: begin_slowly("incident_two_cases")).startswith("Over days there is room for one case")


# The clock


def test_a_session_begun_in_the_morning_has_its_first_deadline_that_day_and_its_last_after_ten() -> None:
    session = begin_slowly().session
    assert (session.deadline, session.ends) == (local("2026-11-23 17:00"), local("2026-12-04 17:00"))


def test_a_holiday_takes_no_day_of_a_phase() -> None:
    days = Days(begin_slowly(at="2026-12-23 09:30"))
    days.take(speaking.heard(then(days.sitting), BRAM))
    days.to("2026-12-23 17:00")
    assert days.sitting.session.deadline == local("2026-12-29 17:00")  # 24, 28, 29; not Christmas, not the weekend


def test_five_stays_five_over_the_night_on_which_the_clock_goes_back() -> None:
    days = Days(begin_slowly(at="2026-10-22 09:30"))
    days.take(speaking.heard(then(days.sitting), BRAM))
    days.to("2026-10-22 17:00")
    assert days.sitting.session.deadline == local("2026-10-27 17:00")
    assert days.sitting.session.deadline - local("2026-10-22 17:00") == timedelta(days=5, hours=1)


def test_a_phase_ends_at_the_deadline_with_two_contributions() -> None:
    days = Days(at_information())
    for person in (CAS, DIEN):
        days.take(speaking.heard(then(days.sitting), person))
    assert [it.index for it in days.to(days.sitting.session.deadline) if isinstance(it, PhaseBegan)] == [2]


def at_information() -> Sitting:
    return replace(at("information"), happened=())


def test_with_one_contribution_the_facilitator_is_asked_and_nothing_goes_on_by_itself() -> None:
    days = Days(at_information())
    days.take(speaking.heard(then(days.sitting), CAS))
    brought = days.to(days.sitting.session.deadline)
    assert [it for it in brought if isinstance(it, DecisionAsked | PhaseBegan)] == [DecisionAsked(1)]
    assert days.sitting.phase.key == "information"


def test_a_facilitator_who_does_not_decide_is_asked_once_more_the_next_working_morning() -> None:
    days = Days(at_information())
    days.to(days.sitting.session.deadline)
    later = days.sitting.workdays.at(local("2026-11-27 09:00").date(), local("2026-11-27 09:00").time())
    assert days.to(later) == [DecisionAsked(0)]
    assert days.to(later + timedelta(days=20)) == []


def test_one_who_tells_is_enough_where_one_tells() -> None:
    days = Days(begin_slowly())
    days.take(speaking.heard(then(days.sitting), BRAM))
    days.to("2026-11-23 17:00")
    assert days.sitting.phase.key == "information"


def test_a_phase_ends_early_when_everybody_is_in() -> None:
    sitting = at("evaluation")
    for person in (CAS, DIEN, EVA, ANNA):
        sitting = speaking.heard(then(sitting), person)
    assert sitting.session.ended is None
    assert speaking.passed(then(sitting), BRAM).session.ended


def test_the_reminder_of_the_last_day_reaches_those_alone_who_are_missing() -> None:
    days = Days(at_information())
    days.take(speaking.heard(then(days.sitting), CAS))
    days.take(speaking.passed(then(days.sitting), DIEN))
    brought = days.to(days.sitting.session.deadline - timedelta(hours=8))
    assert sorted(it.to for it in brought if isinstance(it, LastDay)) == [ANNA, EVA]


def test_the_reminder_comes_at_nine_on_the_last_day_and_not_before() -> None:
    days = Days(at_information())
    nine = days.sitting.session.deadline - timedelta(hours=8)
    assert not [it for it in days.to(nine - timedelta(seconds=1)) if isinstance(it, LastDay)]
    assert [it for it in days.to(nine) if isinstance(it, LastDay)]


def test_each_working_day_brings_the_status_up_to_date_and_no_weekend_does() -> None:
    days = Days(replace(begin_slowly(at="2026-11-26 09:30"), happened=()))
    days.take(speaking.gone_on(then(days.sitting), BRAM))
    assert days.to("2026-11-29 23:00") == [NewDay()]  # Friday
    assert NewDay() in days.to("2026-11-30 09:00")


def test_after_three_days_away_late_things_come_once_and_the_reminder_not_at_all() -> None:
    days = Days(at_information())
    brought = days.away_until("2026-11-29 12:00")  # the deadline was on Thursday
    assert brought == [DecisionAsked(0)]
    assert days.to("2026-11-30 12:00") == []


def test_who_contributed_before_three_days_away_finds_the_next_phase_with_all_its_days() -> None:
    days = Days(at_information())
    for person in (CAS, DIEN):
        days.take(speaking.heard(then(days.sitting), person))
    days.away_until("2026-11-29 12:00")
    assert days.sitting.phase.key == "diagnosis"
    assert days.sitting.session.deadline == local("2026-12-01 17:00")


def test_what_follows_a_round_has_a_day_at_least_and_the_presenter_hears_of_it() -> None:
    sitting = at("mirroring", begin_slowly("case_clinic"))
    for person in (CAS, DIEN, EVA):
        sitting = speaking.heard(then(sitting), person)
    late = replace(then(sitting), now=sitting.session.deadline)
    after = speaking.heard(late, ANNA)
    assert after.happened == (TurnGiven(BRAM),)
    assert after.session.deadline == after.workdays.due(late.now, 1)
    assert speaking.gone_on(then(after), BRAM).phase.key == "dialogue"


# Contributing


def test_each_contributes_once_in_a_round_and_hears_that_once() -> None:
    sitting = speaking.heard(at("evaluation"), CAS)
    again = speaking.heard(then(sitting), CAS)
    assert again.happened == (Hint(CAS, "had_your_say"),)
    assert speaking.heard(then(again), CAS).happened == ()
    assert anytime(again).contributed == {CAS}


def test_questions_come_at_any_time_and_are_counted_by_who_asked() -> None:
    sitting = at_information()
    for person in (CAS, CAS, DIEN):
        sitting = speaking.heard(then(sitting), person)
    assert [it.person for it in anytime(sitting).questions] == [CAS, CAS, DIEN]
    answered = speaking.heard(then(sitting), BRAM)
    assert [it.person for it in anytime(answered).questions] == [CAS, DIEN]
    assert anytime(speaking.gone_on(then(answered), BRAM)).questions == ()


def test_the_presenter_may_leave_a_question_unanswered() -> None:
    sitting = speaking.heard(at_information(), CAS)
    assert anytime(speaking.passed(then(sitting), BRAM)).questions == ()


def test_an_answer_is_owed_the_next_working_morning() -> None:
    days = Days(at_information())
    days.take(speaking.heard(then(days.sitting), CAS))
    assert AnswerAwaited(BRAM, 1) in days.to(days.sitting.now + timedelta(days=1))


def test_a_question_phase_waits_for_answers_before_it_ends_early() -> None:
    sitting = speaking.heard(at_information(), CAS)
    for person in MEMBERS:
        sitting = speaking.gone_on(then(sitting), person)
    assert sitting.phase.key == "information"
    assert speaking.heard(then(sitting), BRAM).phase.key == "diagnosis"


def test_the_presenter_who_speaks_while_listening_hears_so_alone_and_changes_nothing() -> None:
    sitting = at("diagnosis")
    after = speaking.heard(sitting, BRAM)
    assert after.happened == (Hint(BRAM, "listen"),)
    assert after.session.turn == sitting.session.turn


def test_members_hear_alone_that_this_phase_is_for_the_presenter() -> None:
    assert speaking.heard(begin_slowly(), CAS).happened[-1] == Hint(CAS, "not_now")


def test_nobody_is_given_the_turn() -> None:
    assert "nobody has the turn" in refusal(lambda: speaking.given_turn(at("evaluation"), ANNA, CAS))


def test_nobody_has_to_raise_a_hand() -> None:
    assert "nobody has the turn" in refusal(lambda: speaking.hand_raised(at("evaluation"), CAS))


def test_a_better_form_is_hinted_at_once_and_the_contribution_counts_all_the_same() -> None:
    sitting = speaking.heard(at_information(), CAS, "no_advice")
    assert sitting.happened == (Hint(CAS, "no_advice"),)
    assert anytime(sitting).contributed == {CAS}
    assert speaking.heard(then(sitting), CAS, "no_advice").happened == ()


def test_who_had_their_part_has_nothing_more_to_go_on_with() -> None:
    sitting = then(speaking.heard(at("evaluation"), CAS))
    assert refusal(lambda: speaking.gone_on(sitting, CAS)).startswith("You have had your part")
    assert refusal(lambda: speaking.passed(sitting, CAS)).startswith("You have had your part")


def test_the_word_of_the_facilitator_is_their_own_part_first() -> None:
    sitting = speaking.gone_on(at("evaluation"), ANNA)
    assert anytime(sitting).contributed == {ANNA}
    assert refusal(lambda: speaking.gone_on(then(sitting), ANNA)).endswith("Go on without them with {how}.")


def test_the_facilitator_goes_on_once_the_deadline_has_passed() -> None:
    days = Days(at_information())
    days.to(days.sitting.session.deadline)
    assert speaking.gone_on(days.sitting, ANNA).phase.key == "diagnosis"


# Writing alone


def test_what_everybody_wrote_is_shown_when_all_are_in_and_then_it_goes_on_by_itself() -> None:
    sitting = at("diagnosis")
    for person in MEMBERS:
        assert not [it for it in sitting.happened if isinstance(it, Revealing)]
        sitting = writing.delivered(then(sitting), person)
    (revealing,) = (it for it in sitting.happened if isinstance(it, Revealing))
    assert sorted(revealing.order) == sorted(MEMBERS)
    assert writing.released(then(sitting)).phase.key == "write_position"


def test_who_posts_in_the_room_instead_is_in_and_nothing_of_theirs_is_shown() -> None:
    sitting = at("diagnosis")
    for person in MEMBERS:
        sitting = speaking.heard(then(sitting), person)
    assert sitting.phase.key == "write_position"
    assert not [it for it in sitting.happened if isinstance(it, Revealing | NothingWritten)]


def test_a_restart_asks_those_again_who_had_written_and_them_alone() -> None:
    sitting = speaking.heard(writing.delivered(at("diagnosis"), CAS), DIEN)
    lost = writing.notes_lost(then(reloaded(sitting)))
    assert lost.happened == (WritingAsked((CAS,), again=True),)
    assert DIEN not in writing_of(lost).waiting


def test_a_diagnosis_with_two_is_shown_at_the_deadline() -> None:
    days = Days(at("diagnosis"))
    for person in (CAS, DIEN):
        days.take(writing.delivered(then(days.sitting), person))
    assert [it for it in days.to(days.sitting.session.deadline) if isinstance(it, Revealing)]


def test_positions_wait_for_everybody_or_for_the_word_of_the_facilitator_at_the_deadline() -> None:
    """The only phase that no deadline ends by itself: advice that comes too early cannot be taken back."""
    days = Days(at("write_position"))
    for person in (CAS, DIEN, EVA):
        days.take(writing.delivered(then(days.sitting), person))
    assert speaking.gone_on(then(days.sitting), ANNA).happened == (StillWriting((ANNA,), waits=True),)
    assert refusal(lambda: chairing.skipped(then(days.sitting), ANNA)).startswith("This phase cannot be skipped")
    brought = days.to(days.sitting.session.deadline)
    assert [it for it in brought if isinstance(it, DecisionAsked | Revealing)] == [DecisionAsked(3)]
    after = speaking.gone_on(days.sitting, ANNA)
    assert [it for it in after.happened if isinstance(it, Revealing)]


# Choosing, pausing, leading


def test_a_vote_is_counted_at_the_deadline_and_a_tie_is_for_the_facilitator() -> None:
    days = Days(at("choose", begin_slowly(presenter=None)))
    days.take(writing.voted(then(days.sitting), CAS, DIEN))
    days.take(writing.voted(then(days.sitting), DIEN, CAS))
    assert [it for it in days.to(days.sitting.session.deadline) if isinstance(it, VoteTied)]
    assert writing.tie_broken(days.sitting, ANNA, DIEN).phase.key == "incident"


def test_who_is_named_while_cases_are_gathered_needs_no_vote() -> None:
    sitting = chairing.presenter_named(begin_slowly(presenter=None), ANNA, CAS)
    while sitting.phase.key == "inventory":
        sitting = willing(then(sitting))
    assert sitting.phase.key == "incident"
    assert sitting.session.presenter == CAS


def test_who_is_named_during_the_vote_ends_it() -> None:
    sitting = chairing.presenter_named(at("choose", begin_slowly(presenter=None)), ANNA, CAS)
    assert (sitting.phase.key, sitting.session.presenter) == ("incident", CAS)


def test_a_day_more_is_the_next_working_day() -> None:
    sitting = slow_chairing.extended(begin_slowly(at="2026-11-27 09:30"), ANNA, 1)
    assert sitting.session.deadline == local("2026-11-30 17:00")
    assert sitting.session.ends == local("2026-12-11 17:00")


def test_a_day_more_after_the_deadline_counts_from_now() -> None:
    days = Days(at_information())
    days.to("2026-11-27 10:00")
    assert slow_chairing.extended(days.sitting, ANNA, 1).session.deadline == local("2026-11-27 17:00")


@pytest.mark.parametrize("number", [0, 6])
def test_a_slip_of_the_finger_is_no_extension(number: int) -> None:
    assert refusal(lambda: slow_chairing.extended(begin_slowly(), ANNA, number)).startswith("Type a number of days")


def test_after_a_pause_as_many_working_days_are_left_as_before() -> None:
    paused = chairing.stopped(at_information(), CAS)  # Monday, with three days: through Thursday
    assert Days(paused).to("2026-12-01 09:00") == [*paused.happened][:0]
    resumed = chairing.resumed(replace(paused, now=local("2026-12-01 09:00"), happened=()), ANNA)
    left = paused.workdays.count(paused.workdays.first(paused.now), paused.workdays.day(paused.session.deadline))
    assert resumed.session.deadline == resumed.workdays.due(resumed.now, left)


def test_a_facilitator_is_silent_after_two_working_days_and_not_after_a_weekend() -> None:
    sitting = begin_slowly(at="2026-11-27 09:30")
    monday = replace(sitting, now=local("2026-11-30 09:00"))
    assert "two working days" in refusal(lambda: coming.taken_over(monday, CAS))
    assert coming.taken_over(replace(sitting, now=local("2026-11-30 17:00")), CAS).session.facilitator == CAS


def test_a_late_comer_has_a_part_in_what_goes_on() -> None:
    sitting = coming.joined(at("evaluation"), "@frits:example.nl")
    assert "@frits:example.nl" in anytime(sitting).missing


def test_the_last_one_awaited_who_leaves_lets_it_go_on() -> None:
    sitting = at("evaluation")
    for person in (ANNA, BRAM, CAS, DIEN):
        sitting = speaking.heard(then(sitting), person)
    assert [it for it in coming.left(then(sitting), EVA).happened if isinstance(it, Ended)]


# Whatever people do


def test_no_record_holds_anything_but_ids_moments_and_words_of_our_own() -> None:
    ours = {*KNOWN, "incident", "anytime", "Europe/Amsterdam", *(phase.key for phase in methods()["incident"].phases)}
    sitting = begin_slowly()
    while sitting.session.ended is None:
        found = strings(sitting.session.model_dump(mode="json"))
        assert [it for it in found if it and it not in ours and not ALLOWED.fullmatch(it)] == []
        sitting = willing(then(sitting, 20))


class Group:
    """People who do things at random over days, and an observer who judges each step from outside."""

    def __init__(self, chance: Any, sitting: Sitting) -> None:
        self.chance = chance
        self.days = Days(sitting)

    def act(self) -> None:
        """Let time pass, then let somebody do something, from the record alone."""
        minutes = self.chance.choice((1, 30, 300, 1500))
        self.pass_time(self.days.sitting.now + timedelta(minutes=minutes))
        before = self.days.sitting
        if before.session.ended:
            return
        act, by_chair = self.something(before)
        try:
            after = act()
        except Refusal:
            return
        judge(before, after, decided=by_chair)
        self.days.take(after)

    def pass_time(self, until: datetime) -> None:
        before = self.days.sitting
        brought = self.days.to(until)
        waits = before.phase.waits_for_all and missing(before.session.turn)
        if waits and before.session.phase == self.days.sitting.session.phase - 1:
            assert not [it for it in brought if isinstance(it, PhaseBegan)], "a clock alone ended what waits for all"

    def something(self, sitting: Sitting) -> tuple[Callable[[], Sitting], bool]:
        chair = sitting.session.facilitator
        who = self.chance.choice((*sitting.session.members, "@nobody:example.nl"))
        if self.chance.random() < 0.4:
            return lambda: willing(sitting), False
        acts: tuple[tuple[Callable[[], Sitting], bool], ...] = (
            (lambda: speaking.heard(sitting, who), False),
            (lambda: speaking.gone_on(sitting, who), who == chair),
            (lambda: speaking.passed(sitting, who), False),
            (lambda: writing.delivered(sitting, who), False),
            (lambda: writing.released(sitting), False),
            (lambda: writing.notes_lost(sitting), False),
            (lambda: writing.voted(sitting, who, self.chance.choice(sitting.session.members)), False),
            (lambda: slow_chairing.extended(sitting, chair, self.chance.randint(1, 2)), True),
            (lambda: chairing.stopped(sitting, who), False),
            (lambda: chairing.resumed(sitting, chair), True),
            (lambda: chairing.skipped(sitting, chair), True),
            (lambda: coming.left(sitting, who) if len(sitting.present) > 3 else sitting, False),
            (lambda: coming.joined(sitting, self.chance.choice(sitting.session.members)), False),
            (lambda: coming.taken_over(sitting, who), False),
        )
        chosen: tuple[Callable[[], Sitting], bool] = self.chance.choice(acts)
        return chosen


def judge(before: Sitting, after: Sitting, *, decided: bool) -> None:
    """What must hold at each step."""
    turn = after.session.turn
    if isinstance(turn, Anytime):
        assert not turn.people & after.listeners, "who must listen is never expected to contribute"
        assert after.session.presenter != turn.answerer or turn.answerer not in turn.people
    if any(isinstance(it, PhaseBegan) for it in after.happened) and not decided:
        still = missing(before.session.turn) & {*after.present}
        gone_or_in = still - contributed_now(before, after)
        assert not gone_or_in or before.is_up, "nobody loses the chance to contribute before the deadline"


def contributed_now(before: Sitting, after: Sitting) -> frozenset[str]:
    """At most one person was awaited still, and has contributed, passed or voted by this very step."""
    still = missing(before.session.turn) & {*after.present}
    return still if len(still) == 1 else frozenset()


def finish(days: Days) -> None:
    """Let a willing group and time bring it to its end."""
    for _step in range(600):
        if days.sitting.session.ended:
            return
        days.to(days.sitting.now + timedelta(minutes=45))
        if not days.sitting.session.ended:
            days.take(step_on(days.sitting))
    raise AssertionError(f"it does not end: {days.sitting.session!r}")


def step_on(sitting: Sitting) -> Sitting:
    session = sitting.session
    others = [p for p in sitting.present if p not in (session.facilitator, session.presenter)]
    if session.facilitator not in sitting.present:
        return coming.taken_over(sitting, others[0])
    if session.presenter not in sitting.present and not isinstance(session.turn, Vote):
        return chairing.presenter_named(sitting, session.facilitator, others[0])
    if session.paused_at:
        return chairing.resumed(sitting, session.facilitator)
    return willing(sitting)


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(size=st.integers(3, 8), chance=st.randoms(use_true_random=True), known=st.booleans())
def test_whatever_people_do_everybody_has_their_chance_and_it_ends(
    method: str, size: int, chance: Any, known: bool
) -> None:
    sizes = methods()[method].sizes
    members = EIGHT[: min(max(size, sizes.least), sizes.most)]
    try:
        sitting = begin_slowly(method, members, presenter=BRAM if known else None)
    except Refusal:
        sitting = begin_slowly(method, members)
    group = Group(chance, sitting)
    for _step in range(40):
        if group.days.sitting.session.ended:
            return
        group.act()
    finish(group.days)


@pytest.mark.parametrize("method", METHODS)
def test_left_alone_with_time_a_session_never_ends_a_phase_that_nobody_contributed_to(method: str) -> None:
    sitting = begin_slowly(method, some(method))
    days = Days(replace(sitting, happened=()))
    brought = days.to(sitting.session.ends + timedelta(days=20))
    assert [it for it in brought if isinstance(it, PhaseBegan | Ended)] == []
    assert [it for it in brought if isinstance(it, DecisionAsked)] == [DecisionAsked(0), DecisionAsked(0)]


@pytest.mark.parametrize("method", METHODS)
def test_a_restart_at_each_step_of_a_slow_session_changes_nothing(method: str) -> None:
    steady = restarted = begin_slowly(method, some(method))
    while steady.session.ended is None:
        steady, restarted = willing(then(steady, 20)), willing(then(reloaded(restarted), 20))
        assert restarted.session == steady.session
        assert restarted.happened == steady.happened
