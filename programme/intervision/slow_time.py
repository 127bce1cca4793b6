"""What time brings in a slow session: a new day, the last day for those who are missing, an answer that is owed, and the deadline.

Derived at every look like the moments of a live session, and with keys of the same kind, so that each rings once: also after a
weekend away, and also over a clock change, since nine and five are local.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from programme.intervision.anytime import Anytime
from programme.intervision.happenings import AnswerAwaited, DecisionAsked, LastDay, NewDay, VoteTied
from programme.intervision.nudges import Kind, Moment
from programme.intervision.opening import part_closed
from programme.intervision.sitting import Sitting
from programme.intervision.slow import contributors, has_enough, missing
from programme.intervision.turns import Turn
from programme.intervision.writing import closed, votes_counted
from programme.intervision.written import SilentWrite, Vote
from programme.text import Refusal
from programme.workdays import CLOSE, MORNING

ALWAYS = timedelta(days=366)
"""What is due is done late rather than never."""
FORGOTTEN = timedelta(days=28)
"""So long after it should have been over, nobody will end it any more."""


def forgotten_at(sitting: Sitting) -> datetime:
    """From when on (aware) nobody is expected to end it any more. A pause does not change that."""
    return sitting.session.ends + FORGOTTEN


def moments(sitting: Sitting) -> tuple[Moment, ...]:
    """What time will bring, or brought, as the session stands now; in order. A pause has none, and neither has what is over."""
    if sitting.session.paused_at or sitting.session.ended:
        return ()
    found = (*_days(sitting), *_last_day(sitting), *_answers(sitting), *_deadline(sitting))
    return tuple(sorted(found, key=lambda moment: moment.at))


def _days(sitting: Sitting) -> Iterator[Moment]:
    """Each morning on which the phase goes on."""
    days, session = sitting.workdays, sitting.session
    for day in days.between(days.day(session.began), days.day(session.deadline)):
        at = days.at(day, MORNING)
        if at > session.began:
            yield _moment(sitting, "new_day", at, days.at(day, CLOSE))


def _last_day(sitting: Sitting) -> Iterator[Moment]:
    """Nine o'clock on the last day, unless the phase began on that very day."""
    days, session = sitting.workdays, sitting.session
    last = days.day(session.deadline)
    at = days.at(last, MORNING)
    if days.day(session.began) < last and session.level != "quiet":
        yield _moment(sitting, "last_day", at, session.deadline)


def _answers(sitting: Sitting) -> Iterator[Moment]:
    """The morning of the day by whose close the oldest question should have its answer: one working day later."""
    turn, days = sitting.session.turn, sitting.workdays
    if isinstance(turn, Anytime) and turn.questions and sitting.session.level != "quiet":
        asked = days.day(turn.questions[0].at)
        due = next(days.from_day(asked + timedelta(days=1)))
        yield _moment(sitting, "answer_due", days.at(due, MORNING), days.at(due, CLOSE))


def _deadline(sitting: Sitting) -> Iterator[Moment]:
    """The deadline, and nine o'clock on the next working day for a facilitator who has not decided."""
    deadline, days = sitting.session.deadline, sitting.workdays
    after = days.at(next(days.from_day(days.day(deadline) + timedelta(days=1))), MORNING)
    yield _moment(sitting, "deadline", deadline, after)
    yield _moment(sitting, "undecided", after, deadline + ALWAYS)


def _moment(sitting: Sitting, kind: Kind, at: datetime, until: datetime) -> Moment:
    session = sitting.session
    where = f"{session.phase}.{session.part}"
    return Moment(f"{session.id}/{kind}/{where}/{at.isoformat()}", kind, at, until)


def rung(sitting: Sitting, key: str) -> Sitting:
    """Do what the moment with this key brings, when it has come and is still of use; else nothing happens."""
    for moment in moments(sitting):
        if moment.key == key and moment.at <= sitting.now < moment.until:
            return _brought(sitting, moment.kind)
    return sitting


def _brought(sitting: Sitting, kind: Kind) -> Sitting:
    turn, until = sitting.session.turn, sitting.session.deadline
    match kind:
        case "new_day":
            return sitting.having(NewDay())
        case "last_day":
            return sitting.having(*(LastDay(person, until) for person in sorted(missing(turn))))
        case "answer_due" if isinstance(turn, Anytime):
            return sitting.having(AnswerAwaited(turn.answerer, len(turn.questions)))
        case "deadline" | "undecided":
            return _due(sitting, turn)
        case _:
            return sitting


def _due(sitting: Sitting, turn: Turn) -> Sitting:
    """Go on with what there is, or ask the facilitator: who is away at the deadline is not left out by a clock alone."""
    if isinstance(turn, SilentWrite) and turn.state == "releasing":
        return sitting
    if isinstance(turn, Vote) and turn.tied:
        return sitting.having(VoteTied(turn.tied))
    asked = sitting.having(DecisionAsked(len(contributors(turn))))
    if not has_enough(sitting):
        return asked
    try:
        return _closed(sitting, turn)
    except Refusal:
        return asked


def _closed(sitting: Sitting, turn: Turn) -> Sitting:
    match turn:
        case SilentWrite():
            return closed(sitting, turn)
        case Vote():
            return votes_counted(sitting, turn)
        case _:
            return part_closed(sitting)
