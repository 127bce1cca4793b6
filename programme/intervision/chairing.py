"""Rules of the facilitator: more time, pausing, going back, skipping, ending, whose case it is; and what anybody may do, stopping."""

from datetime import datetime, timedelta

from programme.intervision import slow_chairing
from programme.intervision.calls import PRESENTER
from programme.intervision.happenings import (
    Extended,
    Hint,
    Parked,
    Paused,
    PauseReason,
    PresenterChosen,
    Resumed,
    Skipped,
)
from programme.intervision.levels import relaxed
from programme.intervision.method import MINUTE
from programme.intervision.opening import counted, over, phase_begun, phase_left, replanned, settled
from programme.intervision.sitting import Sitting
from programme.intervision.start import BOTH_ROLES
from programme.intervision.writing import complete
from programme.intervision.written import SilentWrite, Vote
from programme.text import Refusal, _

MOST_MINUTES = 60
"""More than so much at once is a slip of the finger."""


def extended(sitting: Sitting, person: str, minutes: int) -> Sitting:
    """Give the phase so many minutes more, from now when its time is over already. What follows shrinks; the evaluation does not.

    When later phases cannot give enough the end moves, and the happening says by how much. Refuses anything but 1 to 60 minutes.
    """
    sitting = _chaired(sitting, person)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refusal(_("Type a number of minutes from 1 to {most}, for example 3.", most=MOST_MINUTES))
    session = sitting.session
    until = max(session.deadline, sitting.clock) + timedelta(minutes=minutes)
    plan, ends = replanned(sitting, session.phase + 1, until)
    here = int((until - session.began).total_seconds())
    return sitting.having(
        Extended(minutes, until, later=_minutes(ends - session.ends)),
        deadline=until,
        extension=session.extension + minutes,
        plan=(*plan[: session.phase], here, *plan[session.phase + 1 :]),
        ends=ends,
    )


def _minutes(length: timedelta) -> int:
    """Whole minutes, rounded up."""
    return -(-int(length.total_seconds()) // MINUTE)


def _chaired(sitting: Sitting, person: str) -> Sitting:
    sitting.must_run()
    sitting.must_chair(person)
    return sitting.seen(person)


def skipped(sitting: Sitting, person: str) -> Sitting:
    """Leave this phase for the next. Refuses as long as writing that the next phases rest on is not complete."""
    sitting = _chaired(sitting, person)
    turn = sitting.session.turn
    if isinstance(turn, SilentWrite) and sitting.phase.waits_for_all and turn.waiting:
        raise Refusal(
            _("This phase cannot be skipped: everybody writes first, or passes. It keeps advice from coming too early.")
        )
    return phase_left(sitting.having(Skipped(sitting.session.phase)))


def gone_back(sitting: Sitting, person: str) -> Sitting:
    """Begin the phase before this one again."""
    sitting = _chaired(sitting, person)
    if sitting.session.phase == 0:
        raise Refusal(_("This is the first phase, so there is nothing to go back to."))
    return phase_begun(counted(sitting), sitting.session.phase - 1)


def paused(sitting: Sitting, person: str) -> Sitting:
    """Let the facilitator stop the clock for a while."""
    return interrupted(_chaired(sitting, person), "facilitator")


def interrupted(sitting: Sitting, reason: PauseReason) -> Sitting:
    """Stop the clock by itself, such as when somebody enters the room. In a pause nothing changes."""
    sitting.must_not_be_over()
    return sitting if sitting.session.paused_at else sitting.having(Paused(reason), paused_at=sitting.now)


def stopped(sitting: Sitting, person: str) -> Sitting:
    """Pause because somebody said stop: anybody may, from the room or in private, and nobody is told who or why."""
    sitting.must_be_there(person)
    sitting = interrupted(relaxed(sitting), "stop")
    return sitting.having(Hint(sitting.session.facilitator, "stopped"))


def resumed(sitting: Sitting, person: str) -> Sitting:
    """Let the facilitator start the clock again: everything is as much later as the pause was long, and it is said whose turn it is."""
    sitting.must_not_be_over()
    sitting.must_chair(person)
    session = sitting.session
    if session.paused_at is None:
        raise Refusal(_("We are not pausing."))
    sitting.must_have_presenter(sitting.phase)
    moved = slow_chairing.moved_on(sitting) if session.slow else _moved_on(sitting, session.paused_at)
    sitting = complete(
        sitting.having(Resumed(moved["deadline"]), paused_at=None, facilitator_heard=sitting.now, **moved)
    )
    return settled(sitting) if sitting.session.turn is session.turn and not session.turn.finished else sitting


def _moved_on(sitting: Sitting, paused_at: datetime) -> dict[str, datetime]:
    by = sitting.now - paused_at
    return {name: getattr(sitting.session, name) + by for name in ("began", "deadline", "ends", "turn_since")}


def presenter_named(sitting: Sitting, by: str, person: str) -> Sitting:
    """Let the facilitator say whose case it is. Another case begins where cases begin, so that no step is missed. It may be paused.

    Refuses the facilitator, and who is not there.
    """
    sitting.must_not_be_over()
    sitting.must_chair(by)
    sitting.must_be_there(person)
    if person == by:
        raise Refusal(BOTH_ROLES)
    if person in sitting.session.presented:
        raise Refusal(_("The case of this person has been done. Take the case of somebody else."))
    turn = sitting.session.turn
    closed = turn.decided() if isinstance(turn, Vote) else turn
    begins = sitting.method.begins(sitting.phase.case)
    again = sitting.session.phase >= begins and person != sitting.session.presenter
    sitting = sitting.having(
        PresenterChosen(person),
        presenter=person,
        turn=closed,
        outcome_known=None,
        declined=sitting.session.declined - {person},
        facilitator_heard=sitting.now,
    )
    if again:
        return phase_begun(counted(sitting), begins)
    decided = sitting.session.slow and isinstance(turn, Vote) and not sitting.session.paused_at
    return settled(sitting) if decided else sitting


def outcome_told(sitting: Sitting, person: str, *, known: bool) -> Sitting:
    """Let the presenter say in private whether the event is over, so that the right thing is asked at the end."""
    sitting.must_not_be_over()
    if person != sitting.session.presenter:
        raise Refusal(_("Only the one whose case it is can say this. Say who presents with {how}.", how=PRESENTER))
    return sitting.having(outcome_known=known)


def parked(sitting: Sitting, person: str) -> Sitting:
    """Keep something for later: anybody may. The record counts it; what it is stays in the room."""
    sitting.must_not_be_over()
    sitting.must_be_there(person)
    count = sitting.session.parked + 1
    return sitting.having(Parked(count), parked=count)


def ended(sitting: Sitting, person: str) -> Sitting:
    """Let the facilitator end the session now, also in a pause."""
    sitting.must_not_be_over()
    sitting.must_chair(person)
    return over(sitting)
