"""The slow form: the same method over working days, in writing, with nobody at the table at the same time.

Who may speak in turn live can contribute at any time here; who speaks while the presenter must listen writes to the bot alone, and
all is shown at once, so that nobody anchors on the first. Source of the division in days: spec.md, 1.6 (a group in writing
needs 5 to 12 days for one case).
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from programme.intervision.anytime import Anytime
from programme.intervision.division import divided
from programme.intervision.method import Method, Phase, TurnRule
from programme.intervision.session import Slow
from programme.intervision.sitting import Sitting
from programme.intervision.turns import Turn
from programme.intervision.written import Classify, SilentWrite, Vote

FEWEST_DAYS, MOST_DAYS = 5, 12
MINUTES_A_DAY = 9
"""So many minutes at the table are one working day in writing: 90 minutes are 10 days."""
ENOUGH = 2
"""So many contributions are enough to go on at the deadline, or one where one person speaks."""


# ── the method ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def planned(method: Method, *, chosen: bool) -> tuple[tuple[str, int], ...]:
    """Divide a method over working days: the key of each phase that is left, in order, and its days.

    `chosen` when it is known whose case it is: then nothing is left to choose. Phases in which nobody writes anything for the
    others take no days: silence, notes for oneself, explanation.
    """
    kept = list(_kept(method, chosen=chosen))
    if any(phase.days for phase in kept):
        return tuple((phase.key, phase.days or 1) for phase in kept)
    floors = [2 if phase.turn == "question_round" else 1 for phase in kept]
    wished = min(max(round(method.minutes / MINUTES_A_DAY), FEWEST_DAYS), MOST_DAYS)
    days = divided(max(wished, sum(floors)), [phase.seconds for phase in kept], floors)
    return tuple((phase.key, share) for phase, share in zip(kept, days, strict=True))


def _kept(method: Method, *, chosen: bool) -> Iterator[Phase]:
    for index, phase in enumerate(method.phases):
        before = method.phases[index - 1] if index else None
        after = method.phases[index + 1] if index + 1 < len(method.phases) else None
        choosing = phase.turn == "vote" or phase.then == "vote" or (after is not None and after.turn == "vote")
        looks_back = method.family == "case" and index < method.case_begins and not choosing
        told_already = before is not None and before.reveal == "together" and is_alone(phase)
        mute = phase.turn in ("announce", "silence") or phase.reveal == "none"
        if not (mute or looks_back or told_already or (choosing and chosen)):
            yield phase


def is_alone(phase: Phase) -> bool:
    """Whether a round becomes private writing, shown at once: the one whose case it is listens until everybody is in."""
    return phase.turn == "round" and phase.listeners == "presenter" and phase.then is None


def slowed(method: Method, slow: Slow) -> Method:
    """The method in its slow form: the phases of the plan, each by the rule that it has there."""
    phases = tuple(_slowed(method.phase(key)) for key, _days in slow.phases)
    return method.model_copy(update={"phases": phases})


def _slowed(phase: Phase) -> Phase:
    prompt = {"prompt": phase.prompt_slow} if phase.prompt_slow else {}
    alone = {"turn": "silent_write", "reveal": "together"} if is_alone(phase) else {}
    return phase.model_copy(update={**prompt, **alone})


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def timed(sitting: Sitting, index: int) -> tuple[datetime, datetime]:
    """When a phase that begins now is due, and when all is to be over (both aware)."""
    days = [days for _key, days in sitting.must_be_slow.phases][index:]
    due = sitting.workdays.due(sitting.clock, days[0])
    return due, ends(sitting, due, index)


def ends(sitting: Sitting, due: datetime, index: int) -> datetime:
    """When all is to be over (aware), if this phase is over when it is due."""
    later = sum(days for _key, days in sitting.must_be_slow.phases[index + 1 :])
    return sitting.workdays.due(due, later) if later else due


def prolonged(sitting: Sitting) -> dict[str, datetime]:
    """Give what follows a round in its phase a day at least: the deadlines that the session has then (aware)."""
    session = sitting.session
    due = max(session.deadline, sitting.workdays.due(sitting.clock, 1))
    return {"deadline": due, "ends": ends(sitting, due, session.phase)}


# ── turns ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def turn_of(sitting: Sitting, rule: TurnRule) -> Turn | None:
    """The turn of a part that begins under this rule; None where it is the same as live: writing, labels, a vote."""
    make = _TURNS.get(rule)
    return make(sitting) if make else None


def _speaking(sitting: Sitting, *, once: bool, answerer: str = "") -> Anytime:
    people = frozenset(sitting.takers) - sitting.listeners
    return Anytime(people=people, once=once, answerer=answerer)


_TURNS: dict[TurnRule, Callable[[Sitting], Turn]] = {
    "round": lambda it: _speaking(it, once=True),
    "question_round": lambda it: _speaking(it, once=False, answerer=it.session.presenter or ""),
    "open": lambda it: _speaking(it, once=False),
    "monologue": lambda it: _speaking(it, once=False),
}


def contributors(turn: Turn) -> frozenset[str]:
    """Who has contributed in this part of the phase. Passing is none."""
    match turn:
        case Anytime():
            return turn.contributed
        case SilentWrite():
            return turn.delivered | turn.items.keys()
        case Vote():
            return frozenset(turn.ballots)
        case Classify(called=str(person)) if turn.labelled:
            return frozenset({person})
        case _:
            return frozenset()


def missing(turn: Turn) -> frozenset[str]:
    """Who neither contributed nor passed in this part of the phase."""
    match turn:
        case Anytime():
            return turn.missing
        case SilentWrite() | Vote():
            return turn.waiting - contributors(turn)
        case Classify(called=str(person)):
            return frozenset({person}) - contributors(turn)
        case _:
            return frozenset()


def has_enough(sitting: Sitting) -> bool:
    """Whether the deadline can end this part by itself. Writing on which the rest of the method rests waits for everybody."""
    turn = sitting.session.turn
    if isinstance(turn, SilentWrite) and sitting.phase.waits_for_all and turn.waiting:
        return False
    there = contributors(turn)
    return len(there) >= min(ENOUGH, len(there | missing(turn)) or 1)
