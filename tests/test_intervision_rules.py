"""The rules of a session one by one, as a group meets them. Anna is the facilitator and Bram presents."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from programme.intervision import chairing, coming, speaking, writing
from programme.intervision.asking import Remark
from programme.intervision.happenings import (
    CloseAsked,
    ComesNext,
    Ended,
    Extended,
    FacilitatorChanged,
    FacilitatorGone,
    HandRaised,
    Hint,
    HintAbout,
    Labelled,
    NothingWritten,
    Parked,
    PassedOver,
    Paused,
    PhaseBegan,
    PresenterChosen,
    PresenterDeclined,
    Resumed,
    Revealing,
    RoomReminded,
    Skipped,
    StillWriting,
    TurnGiven,
    Unanswered,
    VoteOpened,
    VoteTied,
    WritingAsked,
)
from programme.intervision.sitting import Sitting
from programme.intervision.speaking import AGAIN
from programme.intervision.spoken import QuestionRound, Round
from programme.intervision.turns import speaking_order
from programme.intervision.written import SilentWrite, Vote
from programme.text import Refusal, Text
from tests.intervision_play import (
    ANNA,
    BRAM,
    CAS,
    DIEN,
    EIGHT,
    EVA,
    FIVE,
    T0,
    at_phase,
    begin,
    happened,
    later,
    methods,
    stepped,
)


def refusal(act: Callable[[], Sitting]) -> str:
    """What a rule answers when it refuses."""
    with pytest.raises(Refusal) as caught:
        act()
    assert isinstance(caught.value.text, Text)
    return caught.value.text.id


def vote_of(sitting: Sitting) -> Vote:
    assert isinstance(sitting.session.turn, Vote)
    return sitting.session.turn


def writing_of(sitting: Sitting) -> SilentWrite:
    assert isinstance(sitting.session.turn, SilentWrite)
    return sitting.session.turn


def questions_of(sitting: Sitting) -> QuestionRound:
    assert isinstance(sitting.session.turn, QuestionRound)
    return sitting.session.turn


# Starting


def test_a_session_begins_with_its_first_phase_and_its_first_turn() -> None:
    sitting = begin()
    assert happened(sitting, PhaseBegan) == [PhaseBegan(0, T0 + timedelta(minutes=10))]
    assert happened(sitting, TurnGiven) == [TurnGiven(sitting.session.turn.holder or "")]
    assert sitting.session.ends == T0 + timedelta(minutes=90)


@pytest.mark.parametrize("size", [2, 9])
def test_a_group_that_is_too_small_or_too_large_is_refused(size: int) -> None:
    members = (*EIGHT, "@iris:example.nl")[:size]
    assert refusal(lambda: begin(members=members)).startswith("{method} is for {least} to {most} people")


def test_nobody_presents_a_case_and_leads_it() -> None:
    assert refusal(lambda: begin(presenter=ANNA)).startswith("You cannot present a case and be the facilitator")


def test_the_presenter_has_to_be_there() -> None:
    assert "have to be here" in refusal(lambda: begin(presenter="@zoe:example.nl"))


def test_a_method_about_a_case_does_not_begin_without_a_presenter() -> None:
    assert "not known yet whose case" in refusal(lambda: begin("ten_step"))


@pytest.mark.parametrize(("members", "takes"), [(FIVE, True), (EIGHT, False)])
def test_the_facilitator_takes_a_turn_in_a_small_group(members: tuple[str, ...], takes: bool) -> None:
    assert (ANNA in begin(members=members).takers) is takes


# The order of speaking


def test_the_order_is_the_same_at_every_look_and_another_one_in_another_session() -> None:
    orders = {id_: begin(members=EIGHT, id_=id_).session.turn for id_ in ("s1", "s2", "s3")}
    assert orders["s1"] == begin(members=EIGHT).session.turn
    assert len({turn.model_dump_json() for turn in orders.values()}) > 1


def test_the_facilitator_is_the_last_but_one_and_the_presenter_the_last() -> None:
    order = speaking_order("s1", EIGHT, shift=3, facilitator=ANNA, presenter=BRAM)
    assert order[-2:] == (ANNA, BRAM)
    assert sorted(order) == sorted(EIGHT)


def test_the_presenter_can_be_the_first() -> None:
    order = speaking_order("s1", FIVE, shift=0, facilitator=ANNA, presenter=BRAM, presenter_place="first")
    assert (order[0], order[-1]) == (BRAM, ANNA)


def test_each_loop_begins_one_place_further() -> None:
    first, second = (speaking_order("s1", EIGHT, shift=n, facilitator=ANNA, presenter=BRAM) for n in (0, 1))
    assert second[:6] == (*first[1:6], first[0])


def test_the_next_round_begins_with_another_person() -> None:
    first, second = begin(), at_phase("inventory", begin())
    assert second.session.turn.holder == first.session.turn.coming[0]


# A round


def test_a_round_gives_each_one_turn_and_then_waits_for_the_facilitator() -> None:
    sitting, spoke = begin(), list[str]()
    while sitting.session.turn.holder:
        spoke.append(sitting.session.turn.holder)
        sitting = speaking.gone_on(later(sitting), spoke[-1])
    assert sorted(spoke) == sorted(FIVE)
    assert sitting.happened == (Hint(ANNA, "may_close"),)
    assert speaking.gone_on(later(sitting), ANNA).phase.key == "inventory"


def test_only_the_facilitator_closes_a_phase() -> None:
    sitting = begin()
    while sitting.session.turn.holder:
        sitting = speaking.gone_on(later(sitting), sitting.session.turn.holder)
    assert "Nobody has the turn now" in refusal(lambda: speaking.gone_on(sitting, BRAM))


def test_who_passes_is_asked_once_more_at_the_end() -> None:
    sitting = at_phase("evaluation", begin(presenter=BRAM))
    shy = sitting.session.turn.holder or ""
    sitting = speaking.passed(sitting, shy)
    for _turn in range(3):
        sitting = speaking.gone_on(later(sitting), sitting.session.turn.holder or "")
    assert sitting.happened == (TurnGiven(shy, again=True),)
    sitting = speaking.passed(later(sitting), shy)
    assert sitting.happened == (TurnGiven(BRAM),)  # the last word is of whose case it was
    assert speaking.gone_on(later(sitting), BRAM).session.turn.finished


def test_who_passes_as_the_last_one_is_not_asked_again() -> None:
    sitting = at_phase("evaluation", begin(presenter=BRAM))
    for _turn in range(4):
        sitting = speaking.gone_on(later(sitting), sitting.session.turn.holder or "")
    sitting = speaking.passed(later(sitting), sitting.session.turn.holder or "")
    assert sitting.happened == (Hint(ANNA, "may_end"),)


@pytest.mark.parametrize("key", ["check_in", "inventory"])
def test_in_looking_back_and_in_bringing_cases_passing_is_passing(key: str) -> None:
    sitting = at_phase(key, begin())
    sitting = speaking.passed(sitting, sitting.session.turn.holder or "")
    for _turn in range(4):
        sitting = speaking.gone_on(later(sitting), sitting.session.turn.holder or "")
    assert sitting.happened == (Hint(ANNA, "may_close"),)


@pytest.mark.parametrize("key", ["check_in", "evaluation"])
def test_the_facilitator_comes_back_later_to_somebody_who_is_silent(key: str) -> None:
    sitting = at_phase(key, begin(presenter=BRAM))
    silent = sitting.session.turn.holder or ""
    sitting = speaking.passed(sitting, ANNA)
    assert isinstance(sitting.session.turn, Round)
    assert sitting.session.turn.later == (silent,)


def noticed(sitting: Sitting) -> Sitting:
    """The same once somebody was heard, so that silence is known to be silence."""
    return later(speaking.heard(sitting, ANNA))


def test_somebody_silent_is_passed_over_and_comes_last_once_they_say_something() -> None:
    sitting = noticed(begin())
    silent, following = sitting.session.turn.holder or "", sitting.session.turn.coming[0]
    sitting = speaking.gone_on(sitting, ANNA)
    assert sitting.happened == (PassedOver(silent), TurnGiven(following))
    sitting = speaking.heard(later(sitting), silent)
    assert sitting.happened == (Hint(silent, "back_again"),)
    assert sitting.session.turn.coming[-1] == silent


def test_who_was_passed_over_brought_no_case() -> None:
    sitting = noticed(at_phase("inventory", begin()))
    silent = sitting.session.turn.holder or ""
    sitting = speaking.gone_on(sitting, ANNA)
    while not sitting.session.turn.finished:
        sitting = speaking.gone_on(later(sitting), sitting.session.turn.holder or "")
    sitting = speaking.gone_on(later(sitting), ANNA)
    assert isinstance(sitting.session.turn, Vote)
    assert silent not in sitting.session.turn.candidates


def test_nobody_passes_for_another() -> None:
    sitting = begin()
    holder, other = sitting.session.turn.holder, sitting.session.turn.coming[0]
    sitting = speaking.passed(later(sitting), other)
    assert sitting.happened == (Hint(other, "passes_later"),)
    assert sitting.session.turn.holder == holder
    assert other not in sitting.session.turn.coming
    assert "not your turn" in refusal(lambda: speaking.passed(sitting, other))


def test_who_passed_on_the_vote_can_still_choose() -> None:
    sitting = speaking.passed(later(choosing()), EVA)
    assert EVA in vote_of(writing.voted(later(sitting), EVA, CAS)).ballots


def test_saying_that_a_question_comes_is_no_question() -> None:
    sitting = information()
    asker = questions_of(sitting).asker or ""
    sitting = speaking.heard(later(sitting), asker, "announces")
    assert (sitting.happened, questions_of(sitting).answering) == ((), False)


def test_the_facilitator_lets_somebody_go_first_but_not_twice() -> None:
    sitting = begin()
    last = sitting.session.turn.coming[-1]
    sitting = speaking.given_turn(later(sitting), ANNA, last)
    assert sitting.happened == (TurnGiven(last),)
    sitting = speaking.gone_on(later(sitting), last)
    assert "cannot have the turn now" in refusal(lambda: speaking.given_turn(sitting, ANNA, last))


def test_only_the_facilitator_gives_the_turn() -> None:
    assert refusal(lambda: speaking.given_turn(begin(), BRAM, CAS)).startswith("Only the facilitator")


def test_a_raised_hand_has_its_place_in_the_row_and_is_raised_once() -> None:
    sitting = speaking.hand_raised(begin(), CAS)
    sitting = speaking.hand_raised(later(sitting), DIEN)
    assert sitting.happened == (HandRaised(DIEN, 2),)
    assert speaking.hand_raised(later(sitting), CAS).session.hands == (CAS, DIEN)


def test_in_an_open_talk_hands_get_the_turn_one_after_the_other() -> None:
    sitting = at_phase("gossip", begin("gossip", presenter=BRAM))
    for person in (CAS, DIEN):
        sitting = speaking.hand_raised(later(sitting), person)
    sitting = speaking.given_turn(later(sitting), ANNA, CAS)
    sitting = speaking.gone_on(later(sitting), CAS)
    assert sitting.happened == (TurnGiven(DIEN),)
    sitting = speaking.gone_on(later(sitting), DIEN)
    assert sitting.phase.key == "gossip"
    assert speaking.gone_on(later(sitting), ANNA).phase.key == "experience"


def test_the_facilitator_ends_a_turn_in_an_open_talk_before_the_talk_itself() -> None:
    sitting = speaking.given_turn(at_phase("gossip", begin("gossip", presenter=BRAM)), ANNA, CAS)
    sitting = speaking.gone_on(later(sitting), ANNA)
    assert (sitting.phase.key, sitting.session.turn.holder) == ("gossip", None)


def test_the_presenter_gets_no_turn_while_they_listen() -> None:
    sitting = at_phase("gossip", begin("gossip", presenter=BRAM))
    assert "they listen" in refusal(lambda: speaking.given_turn(sitting, ANNA, BRAM))


# Questions and answers


def information(*, spoken: bool = False) -> Sitting:
    return at_phase("information", begin(presenter=BRAM, spoken=spoken))


def test_a_question_is_answered_before_the_next_one_comes() -> None:
    sitting = information()
    asker, following = questions_of(sitting).queue[:2]
    sitting = speaking.heard(sitting, asker)
    assert sitting.happened == (TurnGiven(BRAM, answering=True),)
    sitting = speaking.heard(later(sitting), BRAM)
    assert sitting.happened == (TurnGiven(following),)


def test_going_on_makes_no_question_of_nothing() -> None:
    sitting = noticed(information())
    silent, following = questions_of(sitting).queue[:2]
    assert speaking.gone_on(sitting, ANNA).happened == (PassedOver(silent), TurnGiven(following))


def test_who_is_ready_without_a_question_has_passed() -> None:
    sitting = noticed(information())
    silent, following = questions_of(sitting).queue[:2]
    assert speaking.gone_on(sitting, silent).happened == (TurnGiven(following),)


def test_where_nobody_can_be_heard_a_word_of_the_asker_is_a_question() -> None:
    sitting = information()
    assert not sitting.session.hears
    assert speaking.gone_on(sitting, questions_of(sitting).queue[0]).happened == (TurnGiven(BRAM, answering=True),)


def test_a_question_that_stays_unanswered_is_left_with_a_word() -> None:
    sitting = information()
    asker, following = questions_of(sitting).queue[:2]
    sitting = speaking.gone_on(later(speaking.heard(sitting, asker)), ANNA)
    assert sitting.happened == (Unanswered(), TurnGiven(following))


def test_a_line_of_the_facilitator_is_never_their_question() -> None:
    sitting = information()
    while sitting.session.turn.holder != ANNA:
        sitting = speaking.passed(later(sitting), sitting.session.turn.holder or "")
    sitting = speaking.heard(later(sitting), ANNA)
    assert sitting.happened == ()
    assert speaking.gone_on(later(sitting), ANNA).happened == (TurnGiven(BRAM, answering=True),)


@pytest.mark.parametrize("remark", ["open_question", "one_question"])
def test_a_question_that_can_be_better_waits_until_it_is_asked_again(remark: Remark) -> None:
    sitting = information()
    asker = questions_of(sitting).queue[0]
    sitting = speaking.heard(sitting, asker, remark)
    assert questions_of(sitting).held
    assert Hint(asker, AGAIN[remark]) in sitting.happened
    assert not happened(sitting, TurnGiven)
    for then in (speaking.heard(later(sitting), asker, remark), speaking.gone_on(later(sitting), asker)):
        assert then.happened == (TurnGiven(BRAM, answering=True),)


def test_who_answers_a_question_that_waits_has_answered_it() -> None:
    sitting = information()
    asker, following = questions_of(sitting).queue[:2]
    sitting = speaking.heard(sitting, asker, "open_question")
    assert speaking.heard(later(sitting), BRAM).happened == (TurnGiven(following),)


def test_a_question_back_is_no_answer() -> None:
    sitting = information()
    asker = questions_of(sitting).queue[0]
    sitting = speaking.heard(later(speaking.heard(sitting, asker)), BRAM, "asks_back")
    assert questions_of(sitting).answering
    assert speaking.heard(later(sitting), asker).happened == ()


def test_the_facilitator_hears_once_a_phase_of_two_questions() -> None:
    sitting = information()
    told = []
    for _question in range(4):
        sitting = speaking.heard(later(sitting), questions_of(sitting).asker or "", "one_question")
        told += [it for it in happened(sitting, Hint) if it == Hint(ANNA, "told_one_question")]
        sitting = speaking.heard(later(sitting), BRAM)
        if sitting.session.turn.holder == ANNA:
            sitting = speaking.passed(later(sitting), ANNA)
    assert len(told) == 1


def test_at_the_end_of_questions_an_open_answer_is_for_the_facilitator_to_leave() -> None:
    sitting = information()
    for _person in questions_of(sitting).people:
        asker = sitting.session.turn.holder or ""
        sitting = speaking.heard(later(speaking.gone_on(later(sitting), asker)), BRAM)
    sitting = speaking.heard(later(sitting), sitting.session.turn.holder or "")
    sitting = speaking.gone_on(later(sitting, 3600), ANNA)
    assert sitting.happened == (CloseAsked(answering=True, hands=()),)
    assert sitting.phase.key == "information"


def test_going_on_once_more_closes_the_questions_although_a_hand_is_up() -> None:
    sitting = information()
    for _person in questions_of(sitting).people:
        asker = sitting.session.turn.holder or ""
        sitting = speaking.heard(later(speaking.gone_on(later(sitting), asker)), BRAM)
    sitting = speaking.gone_on(speaking.hand_raised(later(sitting, 3600), DIEN), ANNA)
    assert happened(sitting, CloseAsked) == [CloseAsked(answering=False, hands=(DIEN,))]
    assert speaking.gone_on(later(sitting), ANNA).phase.key == "diagnosis"


def test_who_gets_the_turn_while_a_question_is_answered_comes_after_it() -> None:
    sitting = information()
    asker, following, wanted = questions_of(sitting).queue[:3]
    sitting = speaking.hand_raised(speaking.heard(sitting, asker), wanted)
    sitting = speaking.given_turn(later(sitting), ANNA, wanted)
    assert sitting.happened == (ComesNext(wanted, asker),)
    sitting = speaking.heard(later(sitting), BRAM)
    assert (sitting.happened, sitting.session.hands) == ((TurnGiven(wanted),), ())
    assert sitting.next_in_line == following


def test_a_hand_is_down_once_its_owner_has_had_the_turn() -> None:
    sitting = information()
    first, following = questions_of(sitting).queue[:2]
    sitting = speaking.hand_raised(sitting, following)
    assert speaking.passed(later(sitting), first).session.hands == ()


def test_a_raised_hand_is_not_said_to_come_next_where_it_does_not() -> None:
    sitting = information()
    for _person in questions_of(sitting).people[1:]:
        sitting = speaking.passed(later(sitting), sitting.session.turn.holder or "")
    assert speaking.hand_raised(later(sitting), CAS).next_in_line is None


def test_two_questions_at_once_bring_a_private_word() -> None:
    sitting = information()
    asker = questions_of(sitting).queue[0]
    sitting = speaking.heard(later(speaking.heard(sitting, asker)), asker)
    assert sitting.happened == (Hint(asker, "one_question"),)


def test_the_presenter_may_leave_a_question_unanswered() -> None:
    sitting = information()
    asker, following = questions_of(sitting).queue[:2]
    sitting = speaking.passed(later(speaking.gone_on(sitting, asker)), BRAM)
    assert sitting.happened == (TurnGiven(following),)


def test_where_people_talk_one_word_closes_question_and_answer() -> None:
    sitting = information(spoken=True)
    following = questions_of(sitting).queue[1]
    assert speaking.gone_on(sitting, BRAM).happened == (TurnGiven(following),)


def test_questions_end_after_a_loop_in_which_everybody_passed() -> None:
    sitting = information()
    for _asker in range(4):
        sitting = speaking.passed(later(sitting), sitting.session.turn.holder or "")
    assert sitting.happened == (Hint(ANNA, "may_close"),)


def test_a_new_loop_of_questions_begins_with_another_person() -> None:
    sitting = information()
    first = questions_of(sitting).people
    while questions_of(sitting).loops == 0:
        sitting = speaking.gone_on(later(sitting), sitting.session.turn.holder or "")
    assert questions_of(sitting).people == (*first[1:3], first[0], ANNA)


def test_time_ends_the_questions_only_when_everybody_could_ask_one() -> None:
    sitting = later(information(), 3600)
    assert speaking.gone_on(sitting, ANNA).phase.key == "information"
    while questions_of(sitting).loops == 0:
        sitting = speaking.gone_on(later(sitting), sitting.session.turn.holder or "")
    assert speaking.gone_on(later(sitting), ANNA).phase.key == "diagnosis"


def test_questions_are_limited_where_the_method_says_so() -> None:
    sitting = at_phase("exploration", begin("gossip", presenter=BRAM))
    turns = 0
    while (holder := sitting.session.turn.holder) is not None:
        sitting, turns = speaking.gone_on(later(sitting), holder), turns + 1
    assert turns == 4 * 3 * 2


# Whose case it will be


def choosing() -> Sitting:
    sitting = at_phase("inventory", begin())
    while (holder := sitting.session.turn.holder) is not None:
        act = speaking.gone_on if holder in (BRAM, CAS, ANNA) else speaking.passed
        sitting = act(later(sitting), holder)
    return speaking.gone_on(later(sitting), ANNA)


def test_the_cases_are_of_those_who_brought_one_and_do_not_lead() -> None:
    sitting = choosing()
    assert happened(sitting, VoteOpened) == [VoteOpened(tuple(sorted(FIVE)), (BRAM, CAS))]


def test_the_case_with_most_votes_is_chosen_and_the_ballots_are_gone() -> None:
    sitting = choosing()
    for voter in FIVE:
        sitting = writing.voted(later(sitting), voter, CAS if voter == EVA else BRAM)
    assert sitting.happened == (PresenterChosen(BRAM), Hint(ANNA, "may_close"))
    assert (sitting.session.presenter, vote_of(sitting).ballots) == (BRAM, {})


def test_a_tie_is_for_the_facilitator() -> None:
    sitting = choosing()
    for voter, case in zip(FIVE, (BRAM, CAS, BRAM, CAS), strict=False):
        sitting = writing.voted(later(sitting), voter, case)
    sitting = speaking.passed(later(sitting), EVA)
    assert sitting.happened == (VoteTied((BRAM, CAS)),)
    assert vote_of(sitting).ballots == {}
    assert "Choose between them" in refusal(lambda: speaking.gone_on(sitting, ANNA))
    assert refusal(lambda: writing.tie_broken(sitting, BRAM, BRAM)).startswith("Only the facilitator")
    assert writing.tie_broken(sitting, ANNA, CAS).session.presenter == CAS


def chosen_by_vote() -> Sitting:
    sitting = choosing()
    for voter in FIVE:
        sitting = writing.voted(later(sitting), voter, BRAM)
    return sitting


def test_who_would_rather_not_bring_in_their_case_says_so_by_passing_and_it_is_chosen_anew() -> None:
    sitting = speaking.passed(later(chosen_by_vote()), BRAM)
    assert happened(sitting, PresenterDeclined) == [PresenterDeclined(BRAM, CAS, again=True)]
    assert sitting.session.presenter == CAS  # the only one who is left


def test_the_session_does_not_go_on_without_a_case_when_the_presenter_passes() -> None:
    sitting = speaking.passed(at_phase("incident", chosen_by_vote()), BRAM)
    assert sitting.happened == (PresenterDeclined(BRAM, CAS, again=False),)
    assert "not known yet whose case" in refusal(lambda: speaking.gone_on(later(sitting), ANNA))
    other = chairing.presenter_named(later(sitting), ANNA, CAS)
    assert (other.phase.key, other.session.turn.holder) == ("incident", CAS)
    back = chairing.gone_back(later(sitting), ANNA)
    assert (back.phase.key, BRAM in vote_of(back).candidates) == ("choose", False)


def test_going_back_to_the_choice_takes_the_choice_back() -> None:
    sitting = chairing.gone_back(at_phase("incident", chosen_by_vote()), ANNA)
    assert (sitting.session.presenter, vote_of(sitting).waiting) == (None, frozenset(FIVE))


def test_who_said_to_have_no_case_cannot_be_chosen() -> None:
    sitting = at_phase("inventory", begin())
    none = next(p for p in (sitting.session.turn.holder, *sitting.session.turn.coming) if p not in (ANNA, None)) or ""
    while sitting.session.turn.holder:
        holder = sitting.session.turn.holder
        sitting = speaking.heard(later(sitting), holder, "nothing_brought" if holder == none else None)
        sitting = speaking.gone_on(later(sitting), holder)
    assert none not in vote_of(speaking.gone_on(later(sitting), ANNA)).candidates


def test_a_vote_can_be_changed_until_the_last_one_is_in() -> None:
    sitting = writing.voted(choosing(), CAS, CAS)
    assert vote_of(writing.voted(sitting, CAS, BRAM)).ballots == {CAS: BRAM}


def test_a_vote_for_somebody_who_brought_nothing_is_refused() -> None:
    assert "cannot be chosen" in refusal(lambda: writing.voted(choosing(), CAS, EVA))


def test_the_facilitator_closes_a_vote_only_when_the_time_is_up() -> None:
    sitting = writing.voted(choosing(), CAS, CAS)
    assert "not voted yet" in refusal(lambda: speaking.gone_on(sitting, ANNA))
    assert speaking.gone_on(later(sitting, 3600), ANNA).session.presenter == CAS


def test_with_one_case_nobody_votes() -> None:
    sitting = at_phase("inventory", begin())
    while (holder := sitting.session.turn.holder) is not None:
        sitting = (speaking.gone_on if holder == EVA else speaking.passed)(later(sitting), holder)
    sitting = speaking.gone_on(later(sitting), ANNA)
    assert happened(sitting, VoteOpened, PresenterChosen) == [PresenterChosen(EVA)]


def test_who_voted_for_somebody_that_left_votes_again() -> None:
    sitting = writing.voted(choosing(), CAS, BRAM)
    sitting = coming.left(later(sitting), BRAM)
    assert CAS in vote_of(sitting).waiting
    assert sitting.happened == (VoteOpened((CAS,), (CAS,)),)


def test_a_vote_follows_the_round_within_one_phase() -> None:
    sitting = begin("incident_short")
    while sitting.session.part == 0:
        sitting = stepped(later(sitting))
    assert sitting.phase.key == "inventory"
    assert happened(sitting, VoteOpened)


def test_the_presenter_responds_after_the_round_within_one_phase() -> None:
    sitting = at_phase("core", begin("five_step", presenter=BRAM))
    for _member in range(4):
        sitting = speaking.gone_on(later(sitting), sitting.session.turn.holder or "")
    assert sitting.happened == (TurnGiven(BRAM),)
    assert sitting.listeners == frozenset()


def test_a_case_that_is_known_beforehand_needs_no_vote() -> None:
    sitting = at_phase("choose", begin(presenter=BRAM))
    assert happened(sitting, VoteOpened) == []
    assert speaking.gone_on(sitting, ANNA).phase.key == "incident"


# Private writing


def writing_position() -> Sitting:
    return at_phase("write_position", begin(presenter=BRAM))


def test_what_was_written_is_shown_when_the_last_one_is_in() -> None:
    sitting = writing_position()
    assert writing_of(sitting).waiting == {ANNA, CAS, DIEN, EVA}
    for person in (CAS, DIEN, ANNA):
        sitting = writing.delivered(later(sitting), person)
        assert sitting.happened == ()
    sitting = speaking.passed(later(sitting), EVA)
    (revealing,) = happened(sitting, Revealing)
    assert isinstance(revealing, Revealing)
    assert sorted(revealing.order) == [ANNA, CAS, DIEN]
    assert "I am showing" in refusal(lambda: speaking.gone_on(sitting, ANNA))
    assert writing.released(later(sitting)).happened == (Hint(ANNA, "may_close"),)


def test_who_passed_can_still_write_as_long_as_nothing_is_shown() -> None:
    turn = writing_of(writing.delivered(speaking.passed(writing_position(), CAS), CAS))
    assert (CAS in turn.delivered, CAS in turn.passed_on) == (True, False)


def test_the_presenter_has_nothing_to_write() -> None:
    assert "nothing to write" in refusal(lambda: writing.delivered(writing_position(), BRAM))


def test_nothing_is_shown_when_everybody_passes() -> None:
    sitting = writing_position()
    for person in (ANNA, CAS, DIEN, EVA):
        sitting = speaking.passed(later(sitting), person)
    assert happened(sitting, NothingWritten) == [NothingWritten()]


def test_after_a_restart_those_who_wrote_are_asked_again() -> None:
    sitting = writing.delivered(writing_position(), CAS)
    sitting = writing.notes_lost(later(speaking.passed(later(sitting), DIEN)))
    assert sitting.happened == (WritingAsked((CAS,), again=True),)
    assert writing_of(sitting).waiting == {ANNA, CAS, EVA}


def test_after_a_release_that_was_seen_nobody_is_asked_again() -> None:
    sitting = writing_position()
    for person in (ANNA, CAS, DIEN, EVA):
        sitting = writing.delivered(later(sitting), person)
    sitting = writing.released(sitting)
    assert writing.notes_lost(sitting) == sitting
    assert "shown already" in refusal(lambda: writing.delivered(sitting, CAS))


def test_when_the_time_is_up_the_facilitator_goes_on_without_the_slow_ones() -> None:
    sitting = writing.delivered(at_phase("write_questions", begin("ten_step", presenter=BRAM)), CAS)
    assert speaking.gone_on(later(sitting), ANNA).happened == (StillWriting((ANNA, CAS, DIEN, EVA), waits=False),)
    sitting = speaking.gone_on(later(sitting, 3600), ANNA)
    assert sitting.happened == (Revealing((CAS,)),)


def test_somebody_with_several_pieces_says_when_they_are_ready() -> None:
    sitting = at_phase("write_questions", begin("ten_step", presenter=BRAM))
    assert refusal(lambda: speaking.gone_on(sitting, CAS)).startswith("Send me {n} piece first")
    sitting = writing.delivered(sitting, CAS)
    assert CAS in writing_of(sitting).waiting
    assert CAS in writing_of(speaking.gone_on(sitting, CAS)).delivered
    for _piece in range(2):
        sitting = writing.delivered(sitting, CAS)
    assert CAS in writing_of(sitting).delivered


def test_the_presenter_labels_each_item_that_was_shown() -> None:
    sitting = at_phase("write_questions", begin("ten_step", presenter=BRAM))
    for person in (ANNA, CAS):
        sitting = speaking.gone_on(writing.delivered(later(sitting), person), person)
    for person in (DIEN, EVA):
        sitting = speaking.passed(later(sitting), person)
    sitting = speaking.gone_on(writing.released(later(sitting)), ANNA)
    assert "from 1 to {most}" in refusal(lambda: writing.labelled(sitting, BRAM, 3, 0))
    assert "nothing to label" in refusal(lambda: writing.labelled(sitting, CAS, 1, 0))
    labels = sitting.phase.labels
    sitting = writing.labelled(later(sitting), BRAM, 1, 2)
    assert sitting.happened == (Labelled(1, labels[2]),)
    assert writing.labelled(later(sitting), BRAM, 2, 0).happened == (Labelled(2, labels[0]), Hint(ANNA, "may_close"))


def test_writing_for_oneself_goes_on_until_all_are_ready_or_the_time_is_up() -> None:
    sitting = at_phase("note_questions", begin(presenter=BRAM))
    mine = speaking.gone_on(sitting, ANNA)
    assert mine.phase.key == "note_questions"
    assert "still writing" in refusal(lambda: speaking.gone_on(later(mine), ANNA))
    assert speaking.gone_on(later(mine, 200), ANNA).phase.key == "information"
    for person in (CAS, DIEN, EVA):
        mine = speaking.gone_on(later(mine), person)
    assert speaking.gone_on(later(mine), ANNA).phase.key == "information"


@pytest.mark.parametrize(("key", "about"), [("write_position", "send_to_me"), ("note_questions", "write_alone")])
def test_what_is_written_in_the_room_is_pointed_to_its_place_once(key: str, about: HintAbout) -> None:
    sitting = at_phase(key, begin(presenter=BRAM))
    sitting = speaking.heard(sitting, CAS)
    assert sitting.happened == (Hint(CAS, about),)
    assert speaking.heard(later(sitting), CAS).happened == ()


def test_who_votes_in_the_room_is_pointed_to_the_direct_chat() -> None:
    assert speaking.heard(at_phase("choose", begin()), CAS).happened == (Hint(CAS, "choose_here"),)


def test_advice_beside_the_turn_hears_that_it_comes_later() -> None:
    sitting = at_phase("diagnosis", begin(presenter=BRAM))
    other = sitting.session.turn.coming[0]
    assert speaking.heard(sitting, other, "no_advice").happened == (Hint(other, "no_advice"),)


def test_words_sent_in_a_pause_are_not_lost_and_not_shown() -> None:
    sitting = chairing.paused(writing_position(), ANNA)
    for person in (ANNA, CAS, DIEN, EVA):
        sitting = writing.delivered(later(sitting), person)
    assert happened(sitting, Revealing) == []
    assert happened(chairing.resumed(sitting, ANNA), Revealing) != []


# Out of turn


def test_out_of_turn_the_room_is_reminded_once_and_then_it_is_private() -> None:
    sitting = begin()
    other = sitting.session.turn.coming[0]
    sitting = speaking.heard(later(sitting), other)
    assert sitting.happened == (RoomReminded(),)
    assert speaking.heard(later(sitting), other).happened == (Hint(other, "wait"),)


def test_a_presenter_who_speaks_while_they_listen_hears_it_in_private() -> None:
    sitting = at_phase("diagnosis", begin(presenter=BRAM))
    assert speaking.heard(sitting, BRAM).happened == (Hint(BRAM, "listen"),)


def test_the_facilitator_may_always_say_how_it_goes() -> None:
    sitting = at_phase("incident", begin(presenter=BRAM))
    assert speaking.heard(sitting, ANNA).happened == ()
    assert sitting.listeners == {CAS, DIEN, EVA}


@pytest.mark.parametrize("changes", [{"level": "quiet"}, {"form": "spoken"}])
def test_a_quiet_or_spoken_session_has_no_hints(changes: dict[str, str]) -> None:
    sitting = later(begin().having(**changes))
    assert speaking.heard(sitting, sitting.session.turn.coming[0]).happened == ()


# The clock


def length(sitting: Sitting, key: str) -> int:
    return sitting.session.plan[[p.key for p in sitting.method.phases].index(key)]


def on_time() -> Sitting:
    """The information round of a group that used its time so far to the minute."""
    sitting = at_phase("note_questions", begin(presenter=BRAM))
    return later(speaking.gone_on(later(sitting, 33 * 60), ANNA))


def test_more_time_comes_from_later_phases_and_not_from_the_evaluation() -> None:
    before = on_time()
    after = chairing.extended(before, ANNA, 3)
    assert after.happened == (Extended(3, before.session.deadline + timedelta(minutes=3), later=0),)
    assert after.session.ends == before.session.ends
    assert length(after, "evaluation") == length(before, "evaluation")
    assert sum(after.session.plan[6:]) == sum(before.session.plan[6:]) - 180
    assert length(after, "advice") < length(before, "advice")


def test_a_group_that_is_early_spends_what_it_saved_first() -> None:
    before = information()
    assert chairing.extended(before, ANNA, 3).session.plan[6:] == before.session.plan[6:]


def test_when_nothing_can_shrink_any_more_the_end_moves_and_it_is_said() -> None:
    sitting = at_phase("evaluation", begin(presenter=BRAM))
    ends = sitting.session.ends
    sitting = later(chairing.extended(sitting, ANNA, 40), 0)
    sitting = chairing.extended(sitting, ANNA, 50)
    (extended,) = happened(sitting, Extended)
    assert isinstance(extended, Extended)
    assert extended.later > 0
    assert sitting.session.ends > ends


def test_time_that_is_over_is_extended_from_now() -> None:
    sitting = later(begin(), 20 * 60)
    assert chairing.extended(sitting, ANNA, 5).left == timedelta(minutes=5)


@pytest.mark.parametrize("minutes", [0, -3, 61])
def test_an_odd_number_of_minutes_is_refused(minutes: int) -> None:
    assert "from 1 to {most}" in refusal(lambda: chairing.extended(begin(), ANNA, minutes))


def test_a_phase_that_ran_over_shrinks_those_that_follow() -> None:
    sitting = later(on_time(), 20 * 60)
    while sitting.phase.key == "information":
        sitting = stepped(later(sitting))
    assert sitting.session.deadline + timedelta(seconds=sum(sitting.session.plan[7:])) <= sitting.session.ends
    assert length(sitting, "evaluation") == 600
    assert length(sitting, "diagnosis") < 600


def test_a_pause_moves_everything_by_its_length() -> None:
    before = later(begin(), 60)
    paused = chairing.paused(before, ANNA)
    assert paused.happened == (Paused("facilitator"),)
    waiting = later(paused, 600)
    assert waiting.left == before.left
    after = chairing.resumed(waiting, ANNA)
    assert after.happened == (
        Resumed(before.session.deadline + timedelta(minutes=10)),
        TurnGiven(before.session.turn.holder or ""),
    )
    assert after.left == before.left
    assert after.session.ends == before.session.ends + timedelta(minutes=10)


def test_in_a_pause_nobody_goes_on() -> None:
    sitting = chairing.paused(begin(), ANNA)
    assert refusal(lambda: speaking.gone_on(sitting, ANNA)).startswith("We are pausing")
    assert refusal(lambda: chairing.skipped(sitting, ANNA)).startswith("We are pausing")


def test_going_back_begins_the_phase_before_again() -> None:
    sitting = chairing.gone_back(at_phase("inventory", begin()), ANNA)
    assert sitting.phase.key == "check_in"
    assert "first phase" in refusal(lambda: chairing.gone_back(sitting, ANNA))


def test_a_skipped_phase_is_left_for_the_next() -> None:
    sitting = chairing.skipped(begin(), ANNA)
    assert (happened(sitting, Skipped), sitting.phase.key) == ([Skipped(0)], "inventory")


def test_a_phase_about_a_case_is_not_reached_by_skipping_the_choice() -> None:
    sitting = at_phase("choose", begin())
    assert "not known yet whose case" in refusal(lambda: chairing.skipped(sitting, ANNA))


# Anybody


@pytest.mark.parametrize("person", FIVE)
def test_anybody_can_say_stop_and_nobody_hears_who(person: str) -> None:
    sitting = chairing.stopped(later(begin()), person)
    assert sitting.happened == (Paused("stop"), Hint(ANNA, "stopped"))
    assert sitting.session == chairing.stopped(later(begin()), ANNA).session


def test_an_outsider_cannot_do_anything() -> None:
    outsider = "@zoe:example.nl"
    assert "not in this session" in refusal(lambda: chairing.stopped(begin(), outsider))
    assert "not in this session" in refusal(lambda: speaking.gone_on(begin(), outsider))
    assert speaking.heard(later(begin()), outsider).happened == ()


def test_anybody_parks_something_and_only_the_count_is_kept() -> None:
    sitting = chairing.parked(chairing.parked(begin(), CAS), DIEN)
    assert happened(sitting, Parked) == [Parked(1), Parked(2)]


def test_the_one_who_presents_says_whether_it_is_over() -> None:
    sitting = chairing.outcome_told(begin(presenter=BRAM), BRAM, known=True)
    assert sitting.session.outcome_known is True
    assert "whose case it is" in refusal(lambda: chairing.outcome_told(sitting, CAS, known=False))


def test_another_case_begins_where_cases_begin() -> None:
    sitting = at_phase("advice", chairing.outcome_told(begin(presenter=BRAM), BRAM, known=True))
    sitting = chairing.presenter_named(sitting, ANNA, CAS)
    assert (sitting.phase.key, sitting.session.turn.holder) == ("incident", CAS)
    assert sitting.session.outcome_known is None


def test_the_end_is_for_the_facilitator_and_nothing_follows() -> None:
    assert refusal(lambda: chairing.ended(begin(), BRAM)).startswith("Only the facilitator")
    sitting = chairing.ended(later(begin(), 90), ANNA)
    assert happened(sitting, Ended) == [Ended((90, *(0,) * 10))]
    assert refusal(lambda: speaking.gone_on(sitting, ANNA)).startswith("This session is over")


def test_who_did_or_would_not_do_what_is_forgotten_at_the_end() -> None:
    some = frozenset({BRAM})
    sitting = begin().having(brought=some, declined=some, hinted=some, agreeing=some, hands=(BRAM,))
    over = chairing.ended(sitting, ANNA).session
    assert not any((over.brought, over.declined, over.hinted, over.hands))
    assert over.agreeing is None


def test_the_minutes_of_a_phase_count_both_times_that_it_was_done() -> None:
    sitting = later(chairing.skipped(later(begin(), 60), ANNA), 30)
    sitting = chairing.ended(later(chairing.gone_back(sitting, ANNA), 15), ANNA)
    assert sitting.session.used[:2] == (75, 30)


def test_the_minutes_of_each_phase_leave_out_the_pauses() -> None:
    sitting = chairing.resumed(later(chairing.paused(later(begin(), 60), ANNA), 600), ANNA)
    assert chairing.ended(later(sitting, 30), ANNA).session.used[0] == 90


# Coming and going


def test_a_late_comer_is_the_last_one_of_the_round() -> None:
    sitting = coming.joined(begin(), "@zoe:example.nl")
    assert sitting.session.turn.coming[-1] == "@zoe:example.nl"


def test_a_late_comer_is_asked_to_write_or_vote_too() -> None:
    zoe = "@zoe:example.nl"
    assert happened(coming.joined(writing_position(), zoe), WritingAsked) == [WritingAsked((zoe,))]
    assert happened(coming.joined(later(choosing()), zoe), VoteOpened) == [VoteOpened((zoe,), (BRAM, CAS))]


def test_who_comes_after_all_was_shown_has_passed_on_writing() -> None:
    sitting = writing_position()
    for person in (ANNA, CAS, DIEN, EVA):
        sitting = writing.delivered(later(sitting), person)
    sitting = coming.joined(writing.released(later(sitting)), "@zoe:example.nl")
    assert writing_of(sitting).passed_on == {"@zoe:example.nl"}
    assert speaking.gone_on(later(sitting), ANNA).phase.key == "advice"


def test_who_comes_back_after_speaking_does_not_speak_twice() -> None:
    sitting = begin()
    first = sitting.session.turn.holder or ""
    sitting = coming.left(later(speaking.gone_on(sitting, first)), first)
    assert first not in coming.joined(later(sitting), first).session.turn.coming


def test_somebody_who_leaves_is_skipped_without_comment() -> None:
    sitting = begin()
    holder, following = sitting.session.turn.holder or "", sitting.session.turn.coming[0]
    assert coming.left(later(sitting), sitting.session.turn.coming[1]).happened == ()
    assert coming.left(later(sitting), holder).happened == (TurnGiven(following),)


def test_without_the_presenter_it_pauses_until_they_are_back() -> None:
    sitting = coming.left(later(information()), BRAM)
    assert sitting.happened == (Paused("presenter_left"), Hint(ANNA, "presenter_left"))
    assert "not known yet whose case" in refusal(lambda: chairing.resumed(sitting, ANNA))
    back = coming.joined(later(sitting, 60), BRAM)
    assert chairing.resumed(back, ANNA).session.turn == information().session.turn


def test_the_last_of_two_ends_the_session() -> None:
    sitting = begin()
    for person in (CAS, DIEN, EVA, BRAM):
        sitting = coming.left(later(sitting), person)
    assert happened(sitting, Ended)


def test_somebody_takes_over_after_two_minutes_of_silence() -> None:
    sitting = speaking.heard(later(begin(), 300), ANNA)
    assert "still here" in refusal(lambda: coming.taken_over(later(sitting, 119), CAS))
    sitting = coming.taken_over(later(sitting, 120), CAS)
    assert sitting.happened == (Hint(ANNA, "led_by_another"), FacilitatorChanged(CAS))
    assert chairing.paused(sitting, CAS).session.paused_at == sitting.now


def test_the_presenter_does_not_take_over() -> None:
    sitting = later(begin(presenter=BRAM), 600)
    assert "Ask somebody else to take over" in refusal(lambda: coming.taken_over(sitting, BRAM))


def test_when_the_facilitator_leaves_somebody_takes_over_at_once() -> None:
    sitting = coming.left(later(begin()), ANNA)
    assert happened(sitting, FacilitatorGone) == [FacilitatorGone()]
    assert coming.taken_over(sitting, CAS).session.facilitator == CAS


def test_a_facilitator_who_has_left_gets_no_word() -> None:
    sitting = coming.left(later(begin()), ANNA)
    while sitting.session.turn.holder:
        sitting = speaking.gone_on(later(sitting), sitting.session.turn.holder)
    assert sitting.happened == ()


def test_a_candidate_who_takes_over_is_no_candidate_any_more() -> None:
    sitting = coming.taken_over(later(choosing(), 600), CAS)
    assert vote_of(sitting).candidates == (BRAM,)
    assert CAS in vote_of(sitting).waiting


def test_who_led_and_had_no_turn_gets_one_when_another_takes_over() -> None:
    sitting = coming.taken_over(later(begin(members=EIGHT), 600), CAS)
    assert sitting.session.turn.coming[-1] == ANNA
    assert sitting.session.facilitator_takes_turn


# Strict mode


def test_only_those_may_post_whose_turn_it_is() -> None:
    sitting = information()
    assert sitting.entitled == {ANNA, BRAM, questions_of(sitting).queue[0]}
    assert at_phase("gossip", begin("gossip", presenter=BRAM)).entitled == {ANNA, CAS, DIEN, EVA}
    assert writing_position().entitled == {ANNA}


def test_a_pause_lets_everybody_post() -> None:
    assert chairing.paused(information(), ANNA).entitled == set(FIVE)


def test_all_nine_turn_rules_are_used_by_the_methods_of_the_house() -> None:
    assert len({phase.turn for method in methods().values() for phase in method.phases}) == 9
