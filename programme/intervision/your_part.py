"""What one person has to do at this moment of a session, in one sentence: for who asks, and for the presenter of each phase."""

from programme.intervision.anytime import Anytime
from programme.intervision.calls import DONE, EXTEND, NEXT, PASS, RESUME, WRITE
from programme.intervision.declining import is_asked
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import Open, QuestionRound, Round
from programme.intervision.turns import Turn
from programme.intervision.written import Classify, SilentWrite, Vote
from programme.text import Text, _

ANSWERS = _("You get questions now. Answer briefly, with facts. You need not explain or defend anything.")
LISTENS = _(
    "You only listen now. You need not answer or explain anything. Write down what strikes you: the word comes back to you."
)
OTHERS_WRITE = _("The others write now. You need not do anything.")
TELLS = _(
    "Begin like this: where were you, who was there, and then …? Stop just before you did something. Ready? Type {how}.",
    how=DONE,
)
THINKS = _(
    "It is your case. Think of your learning question for a moment. Would you rather not after all? Type {how}.",
    how=PASS,
)
OTHERS_TURN = _("You only listen now, until it is your turn.")
WAITS = _("You need not do anything now. The facilitator goes on.")
CHAIRS = _("You lead: go on with {next}, or give more time with {more}.", next=NEXT, more=EXTEND)


def presenter_part(sitting: Sitting) -> Text | None:
    """What is asked of the presenter in the phase that begins; None where the room is told so, or nothing is other than for all."""
    session, turn = sitting.session, sitting.session.turn
    if session.presenter is None or session.level == "quiet":
        return None
    if isinstance(turn, QuestionRound):
        return ANSWERS
    if session.presenter in sitting.listeners:
        return LISTENS
    alone = isinstance(turn, SilentWrite) and session.presenter not in sitting.takers
    return OTHERS_WRITE if alone else None


def your_part(sitting: Sitting, person: str) -> Text:
    """What this person has to do now. Who leads hears how to go on, unless something of their own is waited for."""
    if sitting.session.paused_at:
        return _resting(sitting, person)
    turn, chairs = sitting.session.turn, person == sitting.session.facilitator
    if is_asked(sitting, person):
        return TELLS if turn.holder == person else THINKS
    if person in waited_for(turn):
        return _alone(sitting, turn) or _at_the_table(turn)
    if isinstance(turn, QuestionRound | Anytime) and person == turn.answerer:
        return ANSWERS
    return CHAIRS if chairs else _waiting(sitting, person)


def _resting(sitting: Sitting, person: str) -> Text:
    if person == sitting.session.facilitator:
        return _("We are taking a break. Go on with {how}, when everybody is ready.", how=RESUME)
    return _("We are taking a break. You need not do anything now.")


def waited_for(turn: Turn) -> frozenset[str]:
    """Of whom something is waited for in this turn."""
    match turn:
        case SilentWrite() | Vote() | Anytime():
            return turn.waiting
        case _:
            return frozenset(() if turn.holder is None else (turn.holder,))


def _alone(sitting: Sitting, turn: Turn) -> Text | None:
    """How somebody writes or chooses alone; None where it is done at the table."""
    match turn:
        case SilentWrite() if sitting.phase.reveal == "together":
            return _("Write it here, in this chat, with {how}. You may also pass, with {pass_}.", how=WRITE, pass_=PASS)
        case SilentWrite():
            return _("Write it down for yourself. Ready? Type {how}.", how=DONE)
        case Vote():
            return _("Choose here, in this chat: press a name or type it.")
        case _:
            return None


def _at_the_table(turn: Turn) -> Text:
    """How somebody does in the room what is waited for."""
    match turn:
        case Classify():
            return _("Give each number a label, in the room. Ready? Type {how}.", how=DONE)
        case QuestionRound(answering=True):
            return _(
                "A question waits for your answer. Answer it briefly, in the room. You may also type {how}.", how=PASS
            )
        case QuestionRound():
            return _("Ask one open question, in the room. No question? Type {how}.", how=PASS)
        case Anytime():
            return _("Write it in the room, when it suits you. Ready? Type {how}.", how=DONE)
        case _:
            return _("You have the turn: say it in the room. Ready? Type {how}.", how=DONE)


def _waiting(sitting: Sitting, person: str) -> Text:
    """What somebody does of whom nothing is waited for."""
    turn = sitting.session.turn
    if person in sitting.listeners:
        return LISTENS if person == sitting.session.presenter else _("You only listen now.")
    if isinstance(turn, Round) and person in turn.missed:
        return _("You have not been yet. Say something in the room, and you come at the end of this round.")
    if person in turn.coming:
        return OTHERS_TURN
    if isinstance(turn, Open) and turn.called is None:
        return _("Everybody may speak in the room.")
    return WAITS
