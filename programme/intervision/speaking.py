"""Rules of turns: going on, passing, giving the turn, hands, and what becomes of somebody who speaks out of turn."""

from programme.intervision import contributing
from programme.intervision.anytime import Anytime
from programme.intervision.asking import Remark
from programme.intervision.happenings import HandRaised, Hint, RoomReminded
from programme.intervision.opening import part_closed, settled
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import Open, QuestionRound, Round
from programme.intervision.turns import Turn
from programme.intervision.writing import not_voting, not_writing, vote_on, writing_on
from programme.intervision.written import SilentWrite, Vote
from programme.text import Refusal, _

NOT_YOUR_TURN = _("It is not your turn now. Raise your hand if you want to say something.")
NOT_THEIR_TURN = _("This person cannot have the turn now: they had it, they listen, or somebody is answering.")


def gone_on(sitting: Sitting, person: str) -> Sitting:
    """Go on (`volgende`, `klaar`): the holder is ready, or the facilitator closes what is done.

    Refuses whose turn it is not, and the facilitator as long as others are still to write or vote.
    """
    sitting = _alive(sitting, person)
    turn = sitting.session.turn
    if isinstance(turn, SilentWrite):
        return writing_on(sitting, turn, person)
    if isinstance(turn, Anytime):
        return contributing.gone_on(sitting, turn, person)
    if person != sitting.session.facilitator and not _has_turn(turn, person):
        raise Refusal(NOT_YOUR_TURN)
    if isinstance(turn, Vote):
        return vote_on(sitting, turn, person)
    if person == sitting.session.facilitator and (turn.finished or _ends_here(sitting, turn)):
        return part_closed(sitting)
    return _next_turn(sitting, turn)


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


def _next_turn(sitting: Sitting, turn: Turn) -> Sitting:
    hands = sitting.session.hands
    if isinstance(turn, Open) and hands:
        return _given(sitting, hands[0])
    return _stepped(sitting, turn, turn.done())


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
    if isinstance(turn, SilentWrite):
        return not_writing(sitting, turn, person)
    if isinstance(turn, Vote):
        return not_voting(sitting, turn, person)
    if isinstance(turn, Anytime):
        return contributing.passed(sitting, turn, person)
    if turn.finished or not (_has_turn(turn, person) or (turn.holder and person == sitting.session.facilitator)):
        raise Refusal(NOT_YOUR_TURN)
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
    turn = None if person in sitting.listeners else sitting.session.turn.given(person)
    if turn is None:
        raise Refusal(NOT_THEIR_TURN)
    hands = tuple(p for p in sitting.session.hands if p != person)
    return settled(sitting.having(turn=turn, hands=hands), sitting.session.turn.holder)


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

    In a question round the message of the asker is the question and that of the presenter the answer. Who speaks out of turn
    gets a private hint; the first time in a phase the room is reminded instead, without a name. Nobody is refused anything.
    """
    sitting = sitting.seen(person)
    if person not in sitting.present or sitting.session.paused_at or sitting.session.ended:
        return sitting
    if sitting.session.slow:
        return contributing.heard(sitting, person, remark)
    turn = sitting.session.turn
    if isinstance(turn, QuestionRound) and turn.answers_apart and turn.holder:
        return _questioned(sitting, turn, person, remark)
    if person == turn.holder:
        return _remarked(sitting.having(replied=True), person, remark)
    if person in sitting.entitled or (turn.finished and person not in sitting.listeners):
        return sitting
    return _out_of_turn(sitting, person)


def _questioned(sitting: Sitting, turn: QuestionRound, person: str, remark: Remark | None) -> Sitting:
    if person == turn.holder:
        if not turn.answering:
            sitting = _remarked(sitting, person, remark)
        return _stepped(sitting, turn, turn.done())
    if person in (turn.answerer, sitting.session.facilitator):
        return sitting
    if person == turn.asker and sitting.session.level != "quiet":
        return sitting.having(Hint(person, "one_question"))
    return _out_of_turn(sitting, person)


def _remarked(sitting: Sitting, person: str, remark: Remark | None) -> Sitting:
    """Hint at a better form, once in a phase, to this person alone. That advice comes later, the room hears once instead."""
    session = sitting.session
    if remark is None or session.level == "quiet" or session.form == "spoken":
        return sitting
    if remark == "no_advice" and not session.reminded:
        return sitting.having(RoomReminded("advice"), reminded=True)
    if person in session.hinted:
        return sitting
    return sitting.having(Hint(person, remark), hinted=session.hinted | {person})


def _out_of_turn(sitting: Sitting, person: str) -> Sitting:
    if sitting.session.level == "quiet" or sitting.session.form == "spoken":
        return sitting
    if person == sitting.session.presenter and person in sitting.listeners:
        return sitting.having(Hint(person, "listen"))
    if sitting.session.reminded:
        return sitting.having(Hint(person, "wait"))
    return sitting.having(RoomReminded(), reminded=True)
