"""Rules of turns: going on, passing, giving the turn, hands, and what to do with somebody who speaks out of turn."""

from programme.intervision.happenings import HandRaised, Hint, HintAbout, RoomReminded
from programme.intervision.opening import chosen, part_closed, settled
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import Open, Plain, QuestionRound, Round
from programme.intervision.turns import Turn, lot
from programme.intervision.written import SilentWrite, Vote
from programme.text import Refusal, _, _n

NOT_YOUR_TURN = _("It is not your turn now. Raise your hand if you want to say something.")


def gone_on(sitting: Sitting, person: str) -> Sitting:
    """Go on (`volgende`, `klaar`): the holder is ready, or the facilitator closes what is done.

    Refuses whose turn it is not, and the facilitator as long as others are still to write or vote.
    """
    sitting.must_run()
    sitting.must_be_there(person)
    session, turn = sitting.session, sitting.session.turn
    if isinstance(turn, SilentWrite):
        return _writing_on(sitting, turn, person)
    if person != session.facilitator and person != turn.holder:
        raise Refusal(NOT_YOUR_TURN)
    if isinstance(turn, Vote):
        return _vote_on(sitting, turn)
    if turn.finished or _ends_here(sitting, turn, person):
        return part_closed(sitting)
    return _next_turn(sitting, turn)


def _ends_here(sitting: Sitting, turn: Turn, person: str) -> bool:
    """Whether the facilitator's word closes this part although a turn is going on, or there are no turns."""
    if person == turn.holder and person != sitting.session.facilitator:
        return False
    if isinstance(turn, QuestionRound):
        return sitting.is_up and turn.everybody_came
    if isinstance(turn, Round):
        return False
    return not (isinstance(turn, Open) and turn.called)


def _next_turn(sitting: Sitting, turn: Turn) -> Sitting:
    before = turn.holder
    session = sitting.session
    if isinstance(turn, Open) and session.hands:
        return given_turn(sitting, session.facilitator, session.hands[0])
    loops = turn.loops if isinstance(turn, QuestionRound) else 0
    after = turn.done()
    more = after.loops - loops if isinstance(after, QuestionRound) else 0
    held = before if isinstance(after, Round) else None
    return settled(sitting.having(turn=after, rounds=session.rounds + more), held)


def _writing_on(sitting: Sitting, turn: SilentWrite, person: str) -> Sitting:
    from programme.intervision.writing import closed_writing, finished_writing

    if person in turn.waiting and turn.items.get(person):
        return finished_writing(sitting, person)
    if person == sitting.session.facilitator:
        return closed_writing(sitting)
    return finished_writing(sitting, person)


def _vote_on(sitting: Sitting, turn: Vote) -> Sitting:
    from programme.intervision.writing import counted_votes

    if turn.closed:
        return part_closed(sitting)
    if turn.waiting and not sitting.is_up:
        n = len(turn.waiting)
        raise Refusal(
            _n("{n} person has not voted yet. Wait until the time is up.", "{n} people have not voted yet. Wait until the time is up.", n=n)
        )
    return counted_votes(sitting)
