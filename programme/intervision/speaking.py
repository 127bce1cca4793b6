"""Rules of turns: going on, passing, giving the turn, hands, and what becomes of somebody who speaks out of turn."""

from programme.intervision import contributing, declining
from programme.intervision.anytime import Anytime
from programme.intervision.asking import OF_FORM, Remark
from programme.intervision.happenings import (
    CloseAsked,
    ComesNext,
    HandRaised,
    Hint,
    HintAbout,
    PassedOver,
    Postponed,
    RoomReminded,
    Unanswered,
)
from programme.intervision.opening import part_closed, settled
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import Open, QuestionRound, Round
from programme.intervision.turns import Turn
from programme.intervision.writing import (
    not_voting,
    not_writing,
    still_voting,
    vote_on,
    voted_aloud,
    writing_on,
    writing_ready,
)
from programme.intervision.written import SilentWrite, Vote
from programme.text import Refusal, _

NOBODYS_TURN = _("Good. Nobody has the turn now: the facilitator goes on when everybody is ready.")
NOT_YOUR_TURN = _("It is not your turn now. Raise your hand if you want to say something.")
AGAIN: dict[Remark | None, HintAbout] = {
    "open_question": "again_open_question",
    "one_question": "again_one_question",
    "no_advice": "again_no_advice",
}
"""What is said of a question that waits until it is asked better."""
TOLD: dict[Remark | None, HintAbout] = {"one_question": "told_one_question", "no_advice": "told_no_advice"}
"""What the facilitator hears of it."""
NOT_THEIR_TURN = _("This person cannot have the turn now: they had it, they listen, or somebody is answering.")


def ready(sitting: Sitting, person: str) -> Sitting:
    """Let somebody be ready with their own part (`klaar`). Nobody is passed over by it, also not by the facilitator.

    Once nobody is waited for it is the same as going on.
    """
    turn, chairs = sitting.session.turn, person == sitting.session.facilitator
    if isinstance(turn, SilentWrite) and turn.waiting:
        return writing_ready(_alive(sitting, person), turn, person)
    if isinstance(turn, Anytime) and turn.waiting:
        return contributing.ready(_alive(sitting, person), turn, person)
    if isinstance(turn, Vote) and turn.waiting and chairs:
        raise Refusal(still_voting(turn))
    if turn.holder is not None and chairs and not _has_turn(turn, person):
        return _alive(sitting, person).having(Hint(person, "turn_of_another"))
    return gone_on(sitting, person)


def gone_on(sitting: Sitting, person: str) -> Sitting:
    """Go on (`volgende`): the holder is ready, or the facilitator closes what is done.

    Refuses whose turn it is not, and the facilitator as long as others are still to write or vote.
    """
    sitting = _alive(sitting, person)
    turn = sitting.session.turn
    if isinstance(turn, SilentWrite):
        return writing_on(sitting, turn, person)
    if isinstance(turn, Anytime):
        return contributing.gone_on(sitting, turn, person)
    if person != sitting.session.facilitator and not _has_turn(turn, person):
        raise Refusal(NOT_YOUR_TURN if turn.holder else NOBODYS_TURN)
    if isinstance(turn, Vote):
        return vote_on(sitting, turn, person)
    if person == sitting.session.facilitator and (turn.finished or _ends_here(sitting, turn)):
        return _closed_or_asked(sitting, turn)
    return _next_turn(sitting, turn, person)


def _alive(sitting: Sitting, person: str) -> Sitting:
    sitting.must_run()
    sitting.must_be_there(person)
    return sitting.seen(person)


def _has_turn(turn: Turn, person: str) -> bool:
    """Whether this person can end the turn that is going on: its holder, or who answers where people talk."""
    answers = isinstance(turn, QuestionRound) and not turn.answers_apart and person == turn.answerer
    return turn.holder is not None and (person == turn.holder or answers)


def _ends_here(sitting: Sitting, turn: Turn) -> bool:
    """Whether the word of the facilitator closes this part although not everybody has had a turn."""
    match turn:
        case Round():
            return False
        case QuestionRound():
            return sitting.is_up and turn.everybody_came
        case Open():
            return turn.called is None
        case _:
            return True


def _closed_or_asked(sitting: Sitting, turn: Turn) -> Sitting:
    """Close this part; or first ask the facilitator, once, when questions end while an answer is awaited or hands are up."""
    session = sitting.session
    awaited = isinstance(turn, QuestionRound) and not turn.finished and (turn.answering or session.hands)
    if isinstance(turn, QuestionRound) and awaited and not session.close_asked:
        return sitting.having(CloseAsked(turn.answering, session.hands), close_asked=True)
    return part_closed(sitting)


def _next_turn(sitting: Sitting, turn: Turn, person: str) -> Sitting:
    """Go on to the next turn. Of nothing no question is made, and who was silent has not spoken."""
    hands, silent = sitting.session.hands, _said_nothing(sitting)
    match turn:
        case Open() if hands:
            return _given(sitting, hands[0])
        case QuestionRound() if silent and turn.answering and person != turn.answerer:
            return _stepped(sitting.having(Unanswered()), turn, turn.done())
        case QuestionRound() if silent and not turn.answering and not turn.held:
            return _stepped(_passing_over(sitting, person), turn, turn.passed())
        case Round() if silent and person != turn.holder:
            return _stepped(_passing_over(sitting, person), turn, turn.passed_over())
        case _:
            return _stepped(sitting, turn, turn.done())


def _said_nothing(sitting: Sitting) -> bool:
    """Whether the holder of the turn has said nothing, where that can be heard."""
    session = sitting.session
    return session.form == "written" and session.hears and not session.replied


def _passing_over(sitting: Sitting, by: str) -> Sitting:
    holder = sitting.session.turn.holder
    return sitting.having(PassedOver(holder)) if holder is not None and holder != by else sitting


def _stepped(sitting: Sitting, before: Turn, after: Turn) -> Sitting:
    """Take the next step of the turn, and count the loops that began with it."""
    rounds = sitting.session.rounds
    if isinstance(before, QuestionRound) and isinstance(after, QuestionRound):
        rounds += after.loops - before.loops
    return settled(sitting.having(turn=after, rounds=rounds))


def passed(sitting: Sitting, person: str) -> Sitting:
    """Pass without a reason; the facilitator can pass for the holder of the turn, to come back to them later."""
    sitting = _alive(sitting, person)
    turn = sitting.session.turn
    if declining.is_asked(sitting, person):
        return declining.declined(sitting, person)
    if isinstance(turn, SilentWrite):
        return not_writing(sitting, turn, person)
    if isinstance(turn, Vote):
        return not_voting(sitting, turn, person)
    if isinstance(turn, Anytime):
        return contributing.passed(sitting, turn, person)
    return _turn_passed(sitting, turn, person)


def _turn_passed(sitting: Sitting, turn: Turn, person: str) -> Sitting:
    """Pass on a turn at the table: one's own, also before it comes; and who leads for the holder of it."""
    if isinstance(turn, Round | QuestionRound) and person in turn.queue[1:] and person != sitting.session.facilitator:
        return sitting.having(Hint(person, "passes_later"), turn=turn.passed_early(person))
    if turn.finished or not (_has_turn(turn, person) or (turn.holder and person == sitting.session.facilitator)):
        raise Refusal(NOT_YOUR_TURN)
    if isinstance(turn, Round) and person != turn.holder and not turn.again:
        return _stepped(sitting.having(Postponed(turn.holder or "")), turn, turn.postponed())
    unanswered = isinstance(turn, QuestionRound) and person == turn.answerer
    return _stepped(sitting, turn, turn.done() if unanswered else turn.passed())


def given_turn(sitting: Sitting, by: str, person: str) -> Sitting:
    """Let the facilitator give the turn (`beurt`). Refuses who had it in this round, and who listens."""
    sitting = _alive(sitting, by)
    sitting.must_chair(by)
    sitting.must_be_there(person)
    if sitting.session.slow:
        raise Refusal(contributing.NO_TURNS)
    return _given(sitting, person)


def _given(sitting: Sitting, person: str) -> Sitting:
    before = sitting.session.turn
    turn = None if person in sitting.listeners else before.given(person)
    if turn is None:
        raise Refusal(NOT_THEIR_TURN)
    hands = tuple(p for p in sitting.session.hands if p != person)
    after = [ComesNext(person, before.asker or "")] if isinstance(before, QuestionRound) and before.answering else []
    return settled(sitting.having(*after, turn=turn, hands=hands), before.holder)


def hand_raised(sitting: Sitting, person: str) -> Sitting:
    """Raise a hand. Raising it twice changes nothing. Over days nobody needs to."""
    sitting = _alive(sitting, person)
    if sitting.session.slow:
        raise Refusal(contributing.NO_TURNS)
    hands = sitting.session.hands
    if person not in hands:
        hands = (*hands, person)
    return sitting.having(HandRaised(person, hands.index(person) + 1), hands=hands)


def heard(sitting: Sitting, person: str, remark: Remark | None = None) -> Sitting:
    """Take in that this person typed something in the room. What it was never comes here: `remark` is all that is known of it.

    In a question round the message of the asker is the question and that of the presenter the answer. A line of the facilitator
    is never either: their turn ends by their word alone. Who speaks out of turn gets a private hint; the first time in a phase the
    room is reminded instead, without a name. Nobody is refused anything.
    """
    sitting = sitting.seen(person)
    if person not in sitting.present or sitting.session.paused_at or sitting.session.ended:
        return sitting
    if sitting.session.slow:
        return contributing.heard(sitting, person, remark)
    sitting = sitting.having(hears=True)
    if isinstance(sitting.session.turn, Vote) and remark == "votes":
        return voted_aloud(sitting, sitting.session.turn, person)
    if person == sitting.session.facilitator:
        return sitting.having(replied=True) if person == sitting.session.turn.holder else sitting
    return _at_the_table(sitting, person, remark)


def _at_the_table(sitting: Sitting, person: str, remark: Remark | None) -> Sitting:
    turn = sitting.session.turn
    if isinstance(turn, QuestionRound) and turn.answers_apart and turn.holder:
        return _questioned(sitting, turn, person, remark)
    if isinstance(turn, SilentWrite | Vote) and person in turn.waiting:
        return _meant_for_me(sitting, turn, person)
    if isinstance(turn, Round) and person in turn.missed and not turn.finished:
        return sitting.having(Hint(person, "back_again"), turn=turn.back(person))
    if person == turn.holder:
        return _remarked(declining.said(sitting.having(replied=True), person, remark), person, remark)
    return _beside_the_turn(sitting, person, remark)


def _beside_the_turn(sitting: Sitting, person: str, remark: Remark | None) -> Sitting:
    turn = sitting.session.turn
    if person in sitting.entitled or (turn.finished and person not in sitting.listeners):
        return sitting
    return _out_of_turn(sitting, person, remark)


def _questioned(sitting: Sitting, turn: QuestionRound, person: str, remark: Remark | None) -> Sitting:
    """Take a message of who asks for the question, and one of who answers for the answer; a question back is neither."""
    if person == turn.answerer:
        return _answered(sitting, turn, asks_back=remark == "asks_back")
    if person == turn.holder and remark == "announces":
        return sitting
    if person == turn.holder:
        return _held(sitting, turn, person, remark) or _stepped(sitting, turn, turn.done())
    if person == turn.asker:
        asked_back = sitting.session.replied
        return (
            sitting if asked_back or sitting.session.level == "quiet" else sitting.having(Hint(person, "one_question"))
        )
    return _out_of_turn(sitting, person, remark)


def _answered(sitting: Sitting, turn: QuestionRound, *, asks_back: bool) -> Sitting:
    """Go on after an answer. Who answers before the question was put better has answered it as it stood."""
    if asks_back:
        return sitting.having(replied=turn.answering)
    if turn.answering:
        return _stepped(sitting, turn, turn.done())
    return _stepped(sitting, turn, turn.done().done()) if turn.held else sitting


def _held(sitting: Sitting, turn: QuestionRound, person: str, remark: Remark | None) -> Sitting | None:
    """Let the question wait, once in a phase, and say to this person alone how to ask it better; None when it can be put."""
    early = remark == "no_advice" and not sitting.session.reminded and sitting.session.level != "quiet"
    if remark not in AGAIN or not (early or _may_hint(sitting, person)):
        return None
    told = _chair_told(sitting, remark)
    return told.having(
        *([RoomReminded("advice")] if early else []),
        Hint(person, AGAIN[remark]),
        turn=turn.model_copy(update={"held": True}),
        turn_since=sitting.clock,
        reminded=told.session.reminded or early,
        hinted=told.session.hinted | {person},
    )


def _may_hint(sitting: Sitting, person: str) -> bool:
    """Whether this person can still have a hint in this phase about the form of what they say."""
    session = sitting.session
    return session.level != "quiet" and session.form == "written" and person not in session.hinted


def _chair_told(sitting: Sitting, remark: Remark | None) -> Sitting:
    """Tell the facilitator too, once in a phase, of advice or of two questions at once."""
    chair = sitting.session.facilitator
    if remark not in TOLD or not _may_hint(sitting, chair):
        return sitting
    return sitting.having(Hint(chair, TOLD[remark]), hinted=sitting.session.hinted | {chair})


def _remarked(sitting: Sitting, person: str, remark: Remark | None) -> Sitting:
    """Hint at a better form, once in a phase, to this person alone. That advice comes later, the room hears once instead."""
    session, about = sitting.session, OF_FORM.get(remark)
    if about is None or session.level == "quiet" or session.form == "spoken":
        return sitting
    if remark == "no_advice" and not session.reminded:
        return _chair_told(sitting, remark).having(RoomReminded("advice"), reminded=True)
    if person in session.hinted:
        return sitting
    return sitting.having(Hint(person, about), hinted=session.hinted | {person})


def _meant_for_me(sitting: Sitting, turn: SilentWrite | Vote, person: str) -> Sitting:
    """Point, once in a phase, to the direct chat: what is written or chosen alone is for the bot."""
    if not _may_hint(sitting, person):
        return sitting
    about: HintAbout = "choose_here"
    if isinstance(turn, SilentWrite):
        about = "send_to_me" if sitting.phase.reveal == "together" else "write_alone"
    return sitting.having(Hint(person, about), hinted=sitting.session.hinted | {person})


def _out_of_turn(sitting: Sitting, person: str, remark: Remark | None) -> Sitting:
    if sitting.session.level == "quiet" or sitting.session.form == "spoken":
        return sitting
    if person == sitting.session.presenter and person in sitting.listeners:
        return sitting.having(Hint(person, "listen"))
    if remark == "no_advice" and _may_hint(sitting, person):
        return sitting.having(Hint(person, "no_advice"), hinted=sitting.session.hinted | {person})
    if sitting.session.reminded:
        return sitting.having(Hint(person, "wait"))
    return sitting.having(RoomReminded(), reminded=True)
