"""Sessions to test with: the methods of the house, people, a start, and a group that brings a session to its end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from bot.files import read_methods
from programme.intervision import chairing, coming, speaking, writing
from programme.intervision.happenings import Happening
from programme.intervision.method import Method
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import QuestionRound
from programme.intervision.start import Start, started
from programme.intervision.written import SilentWrite, Vote

T0 = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
ANNA, BRAM, CAS, DIEN, EVA = FIVE = tuple(f"@{name}:example.nl" for name in ("anna", "bram", "cas", "dien", "eva"))
EIGHT = (*FIVE, *(f"@{name}:example.nl" for name in ("frits", "gijs", "hanna")))
"""Anna is the facilitator and Bram presents, where nothing else is said."""


@cache
def methods() -> dict[str, Method]:
    return read_methods()


def begin(
    method: str | Method = "incident",
    members: tuple[str, ...] = FIVE,
    *,
    presenter: str | None = None,
    minutes: int | None = None,
    spoken: bool = False,
    takes_turn: bool | None = None,
    id_: str = "s1",
) -> Sitting:
    start = Start(
        id=id_,
        edition="wissel-2026",
        group="g1",
        members=members,
        facilitator=ANNA,
        presenter=presenter,
        minutes=minutes,
        form="spoken" if spoken else "written",
        facilitator_takes_turn=takes_turn,
    )
    return started(methods()[method] if isinstance(method, str) else method, start, T0)


def later(sitting: Sitting, seconds: float = 0) -> Sitting:
    """The sitting that the next thing meets, so many seconds on."""
    return replace(sitting, now=sitting.now + timedelta(seconds=seconds), happened=())


def reloaded(sitting: Sitting) -> Sitting:
    """The same after a restart: from the record alone."""
    session = Session.model_validate_json(sitting.session.model_dump_json())
    assert session == sitting.session
    return replace(sitting, session=session)


def happened(sitting: Sitting, *kinds: type[Happening]) -> list[Happening]:
    return [it for it in sitting.happened if isinstance(it, kinds)]


def at_phase(key: str, sitting: Sitting) -> Sitting:
    """Play on until this phase begins."""
    while sitting.phase.key != key:
        assert sitting.session.ended is None, f"{key} never came"
        sitting = stepped(later(sitting))
    return later(sitting)


def to_the_end(sitting: Sitting, *, most: int = 2000) -> list[Sitting]:
    """Let a willing group play until it is over: each step on the way."""
    steps = [sitting]
    while steps[-1].session.ended is None:
        assert len(steps) < most, f"it does not end: {steps[-1].session.turn!r}"
        steps.append(stepped(later(steps[-1], 5)))
    return steps


def stepped(sitting: Sitting) -> Sitting:
    """One sensible step of a willing group. Questions end after one loop, and writing is passed on."""
    session = sitting.session
    others = [p for p in sitting.present if p not in (session.facilitator, session.presenter)]
    if session.facilitator not in sitting.present:
        return coming.taken_over(sitting, others[0])
    if session.presenter not in sitting.present and _presenter_next(sitting):
        return chairing.presenter_named(sitting, session.facilitator, BRAM if BRAM in others else others[0])
    if session.paused_at:
        return chairing.resumed(sitting, session.facilitator)
    return _turned(sitting)


def _turned(sitting: Sitting) -> Sitting:
    chair, turn = sitting.session.facilitator, sitting.session.turn
    match turn:
        case SilentWrite(state="releasing"):
            return writing.released(sitting)
        case SilentWrite() if turn.waiting:
            return speaking.passed(sitting, min(turn.waiting))
        case Vote() if turn.waiting and not turn.finished:
            return writing.voted(sitting, min(turn.waiting), turn.candidates[0])
        case Vote() if turn.tied:
            return writing.tie_broken(sitting, chair, turn.tied[0])
        case QuestionRound() if turn.loops and turn.holder:
            return speaking.passed(sitting, turn.holder)
        case _:
            return speaking.gone_on(sitting, turn.holder or chair)


def _presenter_next(sitting: Sitting) -> bool:
    """Whether the phase of now or the next one cannot do without a presenter, and no vote will bring one."""
    phases = sitting.method.phases[sitting.session.phase : sitting.session.phase + 2]
    turn = sitting.session.turn
    voting = isinstance(turn, Vote) and turn.candidates and not turn.closed
    first_part = sitting.session.part == 0 and sitting.phase.then == "vote"
    return any(phase.needs_presenter for phase in phases) and not voting and not first_part
