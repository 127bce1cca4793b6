"""What a made-up facilitator does: go on when everybody has had their part or the time is over, and see to what stands still."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from programme.crowd import words
from programme.crowd.act import Act
from programme.crowd.seat import Seat
from programme.intervision.calls import (
    A_DAY_MORE,
    BREAK_TIE,
    END,
    END_NOW,
    EXTEND,
    NEXT,
    PRESENTER,
    RESUME,
    SKIP,
    WITHOUT,
)
from programme.intervision.spoken import Announce, Open, QuestionRound, Silence
from programme.intervision.turns import Turn
from programme.intervision.written import SilentWrite, Vote
from programme.text import Call

TURN = Call(command="turn")
MORE = 1 / 8
"""How often somebody gives a phase more time."""
SILENT = 150
"""After so many seconds of silence it is the turn of the next one."""
HANGS = timedelta(minutes=15)
"""So long after its time a phase is left that will not end; as long after that the session is."""


def acts(seat: Seat) -> Iterator[Act]:
    """What the facilitator plans."""
    it = seat.session
    if it.presenter not in seat.sitting.present and _presenter_is_needed(seat):
        yield from _naming(seat)
    elif it.paused_at is not None:
        yield from seat.does(f"resume/{it.paused_at:%d%H%M%S}", seat.after("resume", 120, 300, it.paused_at), RESUME)
    elif isinstance(it.turn, Vote) and it.turn.tied:
        case = BREAK_TIE.model_copy(update={"arguments": (seat.look.pick(seat.about("tie"), it.turn.tied),)})
        yield from seat.does("tie", seat.look.now + timedelta(seconds=30), case, alone=True)
    elif it.turn.finished:
        yield from _closing(seat, it.turn)
    else:
        yield from _keeping_time(seat, it.turn)
        yield from _leaving(seat)


def _presenter_is_needed(seat: Seat) -> bool:
    """Whether this phase or the next one cannot do without a presenter, and no vote will bring one."""
    it = seat.sitting
    turn, phases = it.session.turn, it.method.phases[it.session.phase : it.session.phase + 2]
    will_be_chosen = isinstance(turn, Vote) and turn.candidates and not turn.closed
    will_be_voted = it.session.part == 0 and it.phase.then == "vote"
    return any(phase.needs_presenter for phase in phases) and not will_be_chosen and not will_be_voted


def _naming(seat: Seat) -> Iterator[Act]:
    it = seat.session
    able = [person for person in seat.sitting.present if person != seat.me and person not in it.presented]
    if able:
        call = PRESENTER.model_copy(update={"arguments": (seat.look.pick(seat.about("presenter"), able),)})
        yield from seat.does("presenter", seat.look.now + timedelta(seconds=40), call)


def _closing(seat: Seat, turn: Turn) -> Iterator[Act]:
    """Go on a moment after everybody has had their part. A slow session does so by itself."""
    shown = not isinstance(turn, SilentWrite) or turn.state != "releasing"
    if shown and seat.session.slow is None:
        seconds = seat.look.between(seat.about("close"), 15, 60)
        call = END if seat.sitting.is_last and seat.session.part + 1 == seat.sitting.parts else NEXT
        what = f"close/{seat.session.rounds}/{seat.session.turn_since:%H%M%S}"
        yield from seat.does(what, seat.look.now + timedelta(seconds=seconds), call)


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _keeping_time(seat: Seat, turn: Turn) -> Iterator[Act]:
    """Go on from what no turn ends by itself."""
    match turn:
        case Announce():
            yield from seat.says("tells", seat.after("tells", 15, 40), seat.line("tells", words.LINES))
            yield from seat.does("go on", seat.within("go on", 0.5, 0.95), NEXT)
        case Silence():
            yield from seat.does("go on", seat.within("go on", 1.0, 1.0), NEXT)
        case Open(called=None) if seat.session.hands:
            hand = TURN.model_copy(update={"arguments": (seat.session.hands[0],)})
            yield from seat.does(f"hand/{seat.session.hands[0]}", seat.look.now + timedelta(seconds=20), hand)
        case Open(called=None):
            yield from _at_its_time(seat, seat.late("go on", -60, 60))
        case SilentWrite():
            yield from _without_who_is_missing(seat, turn)
        case QuestionRound() if turn.everybody_came:
            yield from _at_its_time(seat, seat.late("go on", 90, 120) if turn.answering else seat.late("go on", 5, 40))
        case _ if turn.holder is None:
            yield from _at_its_time(seat, seat.late("go on", 30, 60))
    if turn.holder not in (None, seat.me) and seat.session.slow is None:
        yield from _after_a_silence(seat)


def _at_its_time(seat: Seat, at: datetime) -> Iterator[Act]:
    """Go on; or, once, give more time."""
    it = seat.session
    if it.extension == 0 and seat.chance("more") < MORE:
        yield from seat.does("more", seat.late("more", 10, 50), A_DAY_MORE if it.slow else EXTEND, most=1)
    skips = isinstance(it.turn, QuestionRound) and it.turn.answering
    yield from seat.does(f"go on/{it.deadline:%d%H%M%S}", at, SKIP if skips else NEXT)


def _without_who_is_missing(seat: Seat, turn: SilentWrite) -> Iterator[Act]:
    """Go on with what was written; where everybody writes first, without who is not there any more."""
    others = sorted(turn.waiting - {seat.me})
    if seat.sitting.phase.waits_for_all and others and seat.session.slow is None:
        gone = WITHOUT.model_copy(update={"arguments": (others[0],)})
        yield from seat.does(f"without/{others[0]}", seat.late("go on", 90, 120), gone)
    elif others or seat.me not in turn.waiting:
        yield from seat.does(f"go on/{len(others)}", seat.late("go on", 30, 60), NEXT)


def _after_a_silence(seat: Seat) -> Iterator[Act]:
    """Go on without the holder of the turn: soon when they said nothing, late when they only did not say that they are ready."""
    longest = SILENT if seat.talks and not seat.session.replied else 3 * seat.share + SILENT
    what = seat.of_turn(f"silence/{seat.session.replied}")
    yield from seat.does(what, seat.after(what, longest, longest + 30), NEXT)


def _leaving(seat: Seat) -> Iterator[Act]:
    """Leave a phase that will not end, and at last the session."""
    if seat.session.slow is None:
        yield from seat.does("skip", seat.session.deadline + HANGS, SKIP)
        yield from seat.does("end", seat.session.deadline + 2 * HANGS, END_NOW)
    else:
        yield from seat.does("end", seat.late("end", 5 * 1440, 6 * 1440), END_NOW)
