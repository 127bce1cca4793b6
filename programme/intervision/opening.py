"""Rules of going on: a phase, what follows a round within it, and the end; and the time that is divided anew each time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from programme.intervision import slow
from programme.intervision.anytime import Anytime
from programme.intervision.division import divided
from programme.intervision.happenings import (
    Ended,
    Happening,
    Hint,
    HintAbout,
    PhaseBegan,
    PresenterChosen,
    TurnGiven,
    VoteOpened,
    WritingAsked,
)
from programme.intervision.method import MINUTE, TurnRule
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import NOBODY, Announce, Monologue, Open, QuestionRound, Round, Silence
from programme.intervision.turns import Turn, speaking_order
from programme.intervision.written import Classify, SilentWrite, Vote
from programme.text import Refusal


def phase_begun(sitting: Sitting, index: int) -> Sitting:
    """Begin this phase now, with the time that is left divided anew. Refuses when it is not known whose case it is about."""
    sitting = _of_its_case(sitting, index)
    sitting.must_have_presenter(sitting.method.phases[index])
    plan, until, ends = _timed(sitting, index)
    return part_begun(
        sitting.having(
            PhaseBegan(index, until),
            phase=index,
            plan=plan,
            ends=ends,
            began=sitting.clock,
            deadline=until,
            extension=0,
            close_asked=False,
            reminded=False,
            hinted=NOBODY,
            hands=(),
        ),
        0,
    )


def _timed(sitting: Sitting, index: int) -> tuple[tuple[int, ...], datetime, datetime]:
    """The plan as it is from this phase on, when the phase is to be over, and when all is (aware)."""
    if sitting.session.slow:
        return sitting.session.plan, *slow.timed(sitting, index)
    plan, ends = replanned(sitting, index, sitting.clock)
    return plan, sitting.clock + timedelta(seconds=plan[index]), ends


def _of_its_case(sitting: Sitting, index: int) -> Sitting:
    """Begin another case with nobody presenting it yet; or go back to the one before, with who presented that."""
    before, after, session = sitting.phase.case, sitting.method.phases[index].case, sitting.session
    if after > before:
        done = (*session.presented, *([session.presenter] if session.presenter else []))
        return sitting.having(presented=done, presenter=None, outcome_known=None, brought=NOBODY, declined=NOBODY)
    if after < before:
        return sitting.having(presenter=next(iter(session.presented[-1:]), None), presented=session.presented[:-1])
    return _unchosen(sitting, index)


def _unchosen(sitting: Sitting, index: int) -> Sitting:
    """Take the choice of the case back by going back to it: else there would be nothing to choose."""
    gone = sitting.method.phases[index : sitting.session.phase + 1]
    back = index < sitting.session.phase and any("vote" in (phase.turn, phase.then) for phase in gone)
    return sitting.having(presenter=None, outcome_known=None) if back else sitting


def replanned(sitting: Sitting, index: int, at: datetime) -> tuple[tuple[int, ...], datetime]:
    """Divide what is left from `at` over this phase and those after it: the plan (seconds), and when it all ends.

    When it is too little, phases shrink in proportion down to their floors, protected ones (the evaluation) not at all. When
    that is not enough, the end moves; the bot keeps time but does not overrule the facilitator.
    """
    session = sitting.session
    later = session.plan[index:]
    there_is = int((session.ends - at).total_seconds())
    if sum(later) <= there_is:
        return session.plan, session.ends
    floors = [_floor(sitting, i) for i in range(index, len(session.plan))]
    if sum(floors) >= there_is:
        return (*session.plan[:index], *floors), at + timedelta(seconds=sum(floors))
    return (*session.plan[:index], *divided(there_is, later, floors)), session.ends


def _floor(sitting: Sitting, index: int) -> int:
    phase, planned = sitting.method.phases[index], sitting.session.plan[index]
    members = len(sitting.present) - sitting.method.needs_presenter
    return planned if phase.protected else min(planned, phase.floor(members) * MINUTE)


def part_begun(sitting: Sitting, part: int) -> Sitting:
    """Begin the phase itself (0) or what follows its round (1). Where there is one case only, nobody votes about it."""
    sitting = sitting.having(part=part)
    if sitting.session.slow and part:
        sitting = sitting.having(**slow.prolonged(sitting))
    turn = _turn(sitting)
    if isinstance(turn, Round | QuestionRound):
        sitting = sitting.having(rounds=sitting.session.rounds + 1)
    sitting = sitting.having(
        *_opened(turn), *_responding(sitting, part), turn=turn, turn_since=sitting.clock, replied=False
    )
    if isinstance(turn, Vote) and not turn.closed and len(turn.candidates) == 1:
        return chosen(sitting, turn.candidates[0])
    if sitting.session.slow and isinstance(turn, Vote) and turn.closed:
        return part_closed(sitting)  # it is known already whose case it is: no day is spent on choosing
    return sitting


def _turn(sitting: Sitting) -> Turn:
    """What the rule of this part begins with; in the slow form who may speak can do so at any time."""
    at_any_time = slow.turn_of(sitting, sitting.rule) if sitting.session.slow else None
    return at_any_time or _TURNS[sitting.rule](sitting)


def _opened(turn: Turn) -> tuple[Happening, ...]:
    if isinstance(turn, SilentWrite):
        return (WritingAsked(tuple(sorted(turn.waiting))),)
    if isinstance(turn, Vote):
        clear = turn.closed or len(turn.candidates) < 2  # noqa: PLR2004 - a choice is between two
        return () if clear else (VoteOpened(tuple(sorted(turn.waiting)), turn.candidates),)
    return (TurnGiven(turn.holder),) if turn.holder else ()


def _responding(sitting: Sitting, part: int) -> tuple[Happening, ...]:
    """Tell the presenter of a slow session that everybody was heard, and that they may respond now."""
    responds = sitting.session.slow and part and sitting.rule == "monologue"
    return tuple(TurnGiven(person) for person in sitting.takers if responds)


def _round(sitting: Sitting) -> Round:
    last = sitting.session.presenter if sitting.phase.presenter == "last" else None
    return Round(queue=_order(sitting), once=sitting.phase.once, last=last)


def _question_round(sitting: Sitting) -> QuestionRound:
    session, people = sitting.session, _order(sitting)
    return QuestionRound(
        people=people,
        queue=people,
        fixed=int(session.facilitator in people),
        answerer=session.presenter or "",
        answers_apart=session.form == "written",
        most=sitting.phase.most_items,
    )


def _order(sitting: Sitting) -> tuple[str, ...]:
    session = sitting.session
    return speaking_order(
        session.id,
        sitting.takers,
        shift=session.rounds,
        facilitator=session.facilitator,
        presenter=session.presenter,
        presenter_place=sitting.phase.presenter,
    )


def _vote(sitting: Sitting) -> Vote:
    session = sitting.session
    out = {session.facilitator, *session.presented, *session.declined}
    able = [p for p in sitting.present if p not in out]
    brought = [p for p in able if p in session.brought]
    return Vote(
        candidates=tuple(brought or able),
        waiting=frozenset(() if session.presenter or not able else sitting.takers),
        closed=session.presenter is not None,
    )


def _speaker(sitting: Sitting) -> str | None:
    return next(iter(sitting.takers), None)


_TURNS: dict[TurnRule, Callable[[Sitting], Turn]] = {
    "announce": lambda _sitting: Announce(),
    "monologue": lambda sitting: Monologue(called=_speaker(sitting)),
    "round": _round,
    "question_round": _question_round,
    "silent_write": lambda sitting: SilentWrite(waiting=frozenset(sitting.takers)),
    "classify": lambda sitting: Classify(called=_speaker(sitting), items=sitting.session.items),
    "vote": _vote,
    "open": lambda _sitting: Open(),
    "silence": lambda _sitting: Silence(),
}


def part_closed(sitting: Sitting) -> Sitting:
    """Go on after this part of the phase: to what follows its round, to the next phase, or to the end."""
    sitting = _remembered(sitting)
    if sitting.session.part + 1 < sitting.parts:
        return part_begun(sitting, sitting.session.part + 1)
    return phase_left(sitting)


def phase_left(sitting: Sitting) -> Sitting:
    """Leave this phase for the next one, or for the end."""
    index = sitting.session.phase + 1
    if index < len(sitting.method.phases):
        return phase_begun(counted(sitting), index)
    return over(sitting)


def over(sitting: Sitting) -> Sitting:
    """End the session now. Who voted for what, who wrote, and who did or would not do what is forgotten with it."""
    sitting = counted(sitting)
    forgotten = {"brought": NOBODY, "declined": NOBODY, "hinted": NOBODY, "agreeing": None, "hands": ()}
    return sitting.having(Ended(sitting.session.used), ended=sitting.now, paused_at=None, turn=Announce(), **forgotten)


def _remembered(sitting: Sitting) -> Sitting:
    """Keep of this part what the next one needs: who brought a case."""
    turn = sitting.session.turn
    if isinstance(turn, Anytime):
        return sitting.having(brought=turn.contributed)
    return sitting.having(brought=turn.spoken) if isinstance(turn, Round) else sitting


def counted(sitting: Sitting) -> Sitting:
    """Add the time since the phase began to what it has used."""
    session = sitting.session
    spent = int((sitting.clock - session.began).total_seconds())
    used = tuple(s + spent * (i == session.phase) for i, s in enumerate(session.used))
    return sitting.having(used=used, began=sitting.clock)


def chosen(sitting: Sitting, person: str) -> Sitting:
    """Let it be this person's case, and close the vote on it."""
    turn = sitting.session.turn
    closed = turn.decided() if isinstance(turn, Vote) else turn
    return settled(sitting.having(PresenterChosen(person), presenter=person, turn=closed))


def settled(sitting: Sitting, before: str | None = None) -> Sitting:
    """Say who has the turn now, unless it was `before` already; or, when all had theirs, go on to what the facilitator decides.

    A slow session waits for no word of the facilitator: it goes on by itself.
    """
    turn = sitting.session.turn
    if turn.finished and sitting.session.slow:
        return _gone_on_alone(sitting)
    if turn.finished and sitting.session.part + 1 < sitting.parts:
        return part_closed(sitting)
    if turn.finished:
        chair = sitting.session.facilitator
        about: HintAbout = "may_end" if sitting.is_last else "may_close"
        return sitting.having(Hint(chair, about)) if chair in sitting.present else sitting
    if turn.holder is None or turn.holder == before:
        return sitting
    again = isinstance(turn, Round) and turn.holder in turn.returning
    answering = isinstance(turn, QuestionRound) and turn.answering
    return sitting.having(
        TurnGiven(turn.holder, again=again, answering=answering),
        turn_since=sitting.clock,
        replied=False,
        close_asked=False,
        hands=tuple(p for p in sitting.session.hands if p != turn.holder),
    )


def _gone_on_alone(sitting: Sitting) -> Sitting:
    """Go on by itself, as a slow session does; where it cannot, tell the facilitator what is missing."""
    turn = sitting.session.turn
    if isinstance(turn, Vote) and not turn.closed:
        return sitting
    try:
        return part_closed(sitting)
    except Refusal:
        return sitting.having(Hint(sitting.session.facilitator, "presenter_left"))
