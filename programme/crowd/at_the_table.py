"""What made-up people do in a session: they answer to what it asks of them, so that they know turns and not methods."""

from collections.abc import Iterator
from datetime import timedelta

from programme.crowd import words
from programme.crowd.act import Act
from programme.crowd.seat import Seat
from programme.crowd.temperament import Pace
from programme.intervision.anytime import Anytime
from programme.intervision.calls import CHOOSE_CASE, DONE, HAND, LABEL, PASS, STOP, TAKE_OVER, WRITE
from programme.intervision.spoken import Open, QuestionRound, Round
from programme.intervision.written import Classify, SilentWrite, Vote
from programme.text import Call

CASE = Call(command="case")
SELDOM = 1 / 12
"""How often somebody passes."""
ENOUGH = (1 / 8, 1 / 2, 5 / 6)
"""How often somebody has no question any more, in the first loop, the second and later ones."""
CLOSED = 1 / 8
"""How often a first question is one to which yes or no is an answer."""
ALARM = 1 / 150
"""How often somebody says stop in a session."""
GONE = timedelta(minutes=10)
"""After so long past the time of a phase without a sign of life of the facilitator, somebody takes over."""
GONE_FOR_DAYS = timedelta(days=4)
"""The same over days; two of them may be a weekend."""


def acts(seat: Seat) -> Iterator[Act]:
    """What somebody plans who is there."""
    if seat.session.paused_at is not None:
        return
    yield from _turn(seat)
    yield from _case(seat)
    yield from _stopping(seat)
    yield from _taking_over(seat)


def _turn(seat: Seat) -> Iterator[Act]:
    match seat.session.turn:
        case SilentWrite() as turn if seat.me in turn.waiting and turn.state == "writing":
            yield from _writing(seat, turn)
        case Vote() as turn if seat.me in turn.waiting and not turn.finished:
            yield from _voting(seat, turn)
        case Classify() as turn if turn.called == seat.me and turn.items:
            yield from _labelling(seat, turn)
        case QuestionRound() as turn if turn.holder == seat.me:
            yield from _answering(seat) if turn.answering else _asking(seat, turn)
        case Anytime() as turn:
            yield from _at_any_time(seat, turn)
        case Open(called=None):
            yield from _talking(seat)
        case turn if turn.holder == seat.me:
            yield from _speaking(seat)


# ── speaking ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _speaking(seat: Seat) -> Iterator[Act]:
    """Say something and be ready when one's share of the time is used; seldom pass."""
    turn, what = seat.session.turn, seat.of_turn("turn")
    passes = 1 / 2 if isinstance(turn, Round) and turn.again else SELDOM
    if isinstance(turn, Round) and not seat.session.replied and seat.chance(f"{what}/passes") < passes:
        yield from seat.does(what, seat.after(what, 10, 40), PASS)
    elif seat.talks and not seat.session.replied:
        at = seat.after(f"{what}/says", min(12, 0.2 * seat.share), min(45, 0.5 * seat.share))
        yield from seat.says(f"{what}/says", at, _line(seat, what))
    else:
        yield from seat.does(what, seat.after(what, 0.55 * seat.share, 0.95 * seat.share), DONE)


def _line(seat: Seat, what: str) -> str:
    return seat.line("case", words.CASES) if _cases_are_brought(seat) else seat.line(what, words.LINES)


def _talking(seat: Seat) -> Iterator[Act]:
    """Take part in a talk: a line, or now and then a hand."""
    if seat.me not in seat.sitting.takers or seat.me in seat.sitting.listeners:
        return
    if seat.chance("hand") < SELDOM:
        yield from seat.does("hand", seat.within("hand", 0.1, 0.6), HAND, most=1)
    elif seat.talks:
        yield from seat.says("talk", seat.within("talk", 0.05, 0.9), seat.line("talk", words.LINES))


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _asking(seat: Seat, turn: QuestionRound) -> Iterator[Act]:
    """Ask something, or nothing any more. Who leads says when the question has been put; where people talk everybody does."""
    what = seat.of_turn(f"ask/{turn.loops}")
    if not turn.held and not seat.session.replied and seat.chance(f"{what}/passes") < ENOUGH[min(turn.loops, 2)]:
        yield from seat.does(what, seat.after(what, 10, 40), PASS)
    elif seat.talks and not (seat.session.replied and seat.me == seat.session.facilitator):
        at = seat.after(f"{what}/{turn.held}", 15, 50)
        yield from seat.says(f"{what}/{turn.held}", at, _question(seat, turn, what), most=2)
    else:
        yield from seat.does(what, seat.after(what, 50, 100), DONE)


def _question(seat: Seat, turn: QuestionRound, what: str) -> str:
    first = not turn.held and not turn.loops and seat.me not in seat.session.hinted
    closed = first and seat.chance(f"{what}/closed") < CLOSED
    return seat.line(what, words.CLOSED_QUESTIONS if closed else words.QUESTIONS)


def _answering(seat: Seat) -> Iterator[Act]:
    what = seat.of_turn("answer")
    if seat.chance(f"{what}/passes") < SELDOM / 2:
        yield from seat.does(what, seat.after(what, 15, 50), PASS)
    else:
        yield from seat.says(what, seat.after(what, 15, 55), seat.line(what, words.ANSWERS), most=2)


# ── over days ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _at_any_time(seat: Seat, turn: Anytime) -> Iterator[Act]:
    """Contribute when it suits, and answer what was asked; who forgets does so on the last day."""
    if turn.answerer == seat.me and turn.questions:
        oldest = turn.questions[0]
        what = f"answer/{oldest.person}/{oldest.at:%d%H%M}"
        at = seat.look.a_while(seat.about(what), oldest.at, 1, 20)
        yield from seat.says(what, at, seat.line(what, words.ANSWERS), most=2)
    if seat.me not in turn.waiting:
        return
    if seat.me in turn.contributed:
        yield from seat.does("ready", seat.within("ready", 0.5, 0.9), DONE)
    elif seat.chance("passes") < SELDOM:
        yield from seat.does("gives", seat.within("gives", 0.05, 0.8), PASS)
    else:
        asked = words.QUESTIONS if turn.answerer else words.LINES
        least = 0.9 if seat.look.temper.pace is Pace.FORGETFUL else 0.05
        yield from seat.says("gives", seat.within("gives", least, 0.95), seat.line("gives", asked), most=2)


# ── alone ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _writing(seat: Seat, turn: SilentWrite) -> Iterator[Act]:
    """Write to the bot, as many pieces as one has; or for oneself, and then be ready."""
    phase, sent = seat.sitting.phase, turn.items.get(seat.me, 0)
    most = phase.most_items or 1
    wanted = seat.look.between(seat.about("pieces"), phase.least_items, most + 0.99)
    at = seat.within(f"write/{sent}", 0.1 + 0.5 * sent / most, 0.7)
    if phase.reveal == "none":
        yield from seat.does("wrote", seat.within("wrote", 0.4, 0.95), DONE)
    elif not sent and seat.chance("passes") < SELDOM:
        yield from seat.does("write/0", at, PASS, alone=True)
    elif sent < int(wanted):
        call = WRITE.model_copy(update={"arguments": (seat.line(f"write/{sent}", words.WRITTEN),)})
        yield from seat.does(f"write/{sent}", at, call, alone=True)
    else:
        yield from seat.does("written", seat.within("written", 0.7, 0.9), DONE, alone=True)


def _voting(seat: Seat, turn: Vote) -> Iterator[Act]:
    others = [person for person in turn.candidates if person != seat.me] or list(turn.candidates)
    if others:
        case = seat.look.pick(seat.about("vote"), others)
        call = CHOOSE_CASE.model_copy(update={"arguments": (case,)})
        yield from seat.does("vote", seat.after("vote", 10, 80), call, alone=True)


def _labelling(seat: Seat, turn: Classify) -> Iterator[Act]:
    """Give the next piece of writing one of the labels of the phase."""
    item = next((n for n in range(1, turn.items + 1) if n not in turn.labelled), None)
    if item is not None:
        what = f"label/{item}"
        label = seat.look.pick(seat.about(what), seat.sitting.phase.labels)
        call = LABEL.model_copy(
            update={"arguments": (str(item), label.en if seat.look.me.language == "en" else label.nl)}
        )
        yield from seat.does(what, seat.after(what, 15 * item, 15 * item + 12), call)


def _cases_are_brought(seat: Seat) -> bool:
    """Whether people say now what they would bring in, so that one can be chosen."""
    it = seat.sitting
    later = it.method.phases[it.session.phase + 1 : it.session.phase + 2]
    votes = it.session.part == 0 and (it.phase.then == "vote" or any(phase.turn == "vote" for phase in later))
    return votes and it.session.presenter is None


def _case(seat: Seat) -> Iterator[Act]:
    """Give the bot the title of one's case, to be shown at the vote."""
    if _cases_are_brought(seat) and seat.me != seat.session.facilitator:
        call = CASE.model_copy(update={"arguments": (seat.line("case", words.CASES),)})
        yield from seat.does("case", seat.within("case", 0.05, 0.5), call, alone=True, most=1)


# ── when something is wrong ──────────────────────────────────────────────────────────────────────────────────────────────────


def _stopping(seat: Seat) -> Iterator[Act]:
    """Say stop, once in very many sessions, and once in that one."""
    about = f"{seat.session.id}/stop"
    if seat.look.chance(about) < ALARM and seat.session.phase == 1 and not seat.look.tried(about):
        yield Act(seat.me, seat.within("stop", 0.2, 0.8), about, (STOP,), session=seat.session.id)


def _taking_over(seat: Seat) -> Iterator[Act]:
    """Lead, when nothing is heard of the facilitator long after the time of a phase."""
    it = seat.session
    if seat.me in (it.facilitator, it.presenter):
        return
    what, rank = f"take over/{it.facilitator_heard:%d%H%M}", seat.sitting.present.index(seat.me)
    since = max(it.deadline, it.facilitator_heard)
    at = since + GONE + timedelta(minutes=3 * rank)
    if it.slow:
        at = seat.look.at_work(since + GONE_FOR_DAYS + timedelta(days=rank), seat.about(what))
    yield from seat.does(what, at, TAKE_OVER)
