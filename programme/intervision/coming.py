"""Rules of who is there: coming late, leaving, and taking over from a facilitator who has gone silent."""

from programme.intervision import levels
from programme.intervision.calls import FACILITATOR
from programme.intervision.chairing import interrupted
from programme.intervision.happenings import (
    FacilitatorChanged,
    FacilitatorGone,
    Happening,
    Hint,
    Joined,
    PassedOver,
    VoteOpened,
    WritingAsked,
)
from programme.intervision.opening import over, settled
from programme.intervision.sitting import Sitting
from programme.intervision.start import BOTH_ROLES
from programme.intervision.turns import Turn
from programme.intervision.writing import complete
from programme.intervision.written import SilentWrite, Vote
from programme.text import Refusal, _

FEWEST = 2
"""With fewer there is nobody left to talk with."""


def joined(sitting: Sitting, person: str) -> Sitting:
    """Let somebody of the group in, late or back again; in the turns of now they come last. Who is there already stays so.

    That this person belongs to the group is for the caller to know.
    """
    sitting.must_not_be_over()
    if person in sitting.present:
        return sitting
    members = sitting.session.members
    sitting = levels.relaxed(sitting).having(  # who comes now has not said yes to the strict level
        Joined(person),
        members=members if person in members else (*members, person),
        away=sitting.session.away - {person},
    )
    before = sitting.session.turn
    return _turned(sitting, before.joined(person)) if person in sitting.takers else sitting


def left(sitting: Sitting, person: str) -> Sitting:
    """Go on without somebody, and without comment. Without the presenter it pauses; with one person left it is over."""
    sitting.must_not_be_over()
    sitting.must_be_there(person)
    session = sitting.session
    sitting = sitting.having(away=session.away | {person}, hands=tuple(p for p in session.hands if p != person))
    if len(sitting.present) < FEWEST:
        return over(sitting)
    sitting = levels.complete(sitting)
    if person == session.facilitator:
        sitting = sitting.having(FacilitatorGone())
    if person == session.presenter and _still_about_them(sitting):
        return interrupted(sitting, "presenter_left").having(
            Hint(session.facilitator, "presenter_left"), turn=_kept_for(session.turn, person)
        )
    return _turned(sitting, session.turn.left(person))


def gone(sitting: Sitting, by: str, person: str) -> Sitting:
    """Let the facilitator go on without somebody who is not there any more; whoever says something again takes part again.

    Only who is present is waited for (`write_position` too), and in a room nobody sees a chair that has become empty.
    """
    sitting.must_run()
    sitting.must_chair(by)
    sitting.must_be_there(person)
    if person == by:
        raise Refusal(_("You lead the session. Hand it over first with {how}.", how=FACILITATOR))
    return left(sitting.seen(by).having(PassedOver(person)), person)


def _kept_for(turn: Turn, presenter: str) -> Turn:
    """Keep the turn of the presenter for when they come back, or for whose case is taken instead."""
    return turn if turn.called == presenter else turn.left(presenter)


def _still_about_them(sitting: Sitting) -> bool:
    return any(phase.needs_presenter for phase in sitting.method.phases[sitting.session.phase :])


def _turned(sitting: Sitting, after: Turn) -> Sitting:
    """Go on with this turn; say so only when something changed for the room."""
    before = sitting.session.turn
    sitting = complete(sitting.having(*_asked_now(before, after), turn=after))
    if sitting.session.turn is not after or (before.holder, before.finished) == (after.holder, after.finished):
        return sitting
    return settled(sitting, before.holder)


def _asked_now(before: Turn, after: Turn) -> tuple[Happening, ...]:
    """Ask those alone who have something to write or to vote on that they had not before."""
    if isinstance(before, SilentWrite) and isinstance(after, SilentWrite) and after.waiting - before.waiting:
        return (WritingAsked(tuple(sorted(after.waiting - before.waiting))),)
    if isinstance(before, Vote) and isinstance(after, Vote) and after.waiting - before.waiting:
        return (VoteOpened(tuple(sorted(after.waiting - before.waiting)), after.candidates),)
    return ()


def taken_over(sitting: Sitting, person: str) -> Sitting:
    """Become the facilitator: anybody but the presenter may, once the facilitator has been silent for two minutes or has left."""
    sitting.must_not_be_over()
    sitting.must_be_there(person)
    session = sitting.session
    if person == session.facilitator:
        raise Refusal(_("You are the facilitator already."))
    if person == session.presenter:
        raise Refusal(_("You cannot present a case and be the facilitator of it. Ask somebody else to take over."))
    here = session.facilitator in sitting.present
    if here and not sitting.facilitator_is_silent and session.slow:
        raise Refusal(_("The facilitator is still here. You can take over after two working days of silence."))
    if here and not sitting.facilitator_is_silent:
        raise Refusal(_("The facilitator is still here. You can take over after two minutes of silence."))
    told = [Hint(session.facilitator, "led_by_another")] if here else []
    return _led_by(sitting.having(*told), person)


def handed_over(sitting: Sitting, by: str, person: str) -> Sitting:
    """Let the facilitator hand over to somebody who is there and does not present."""
    sitting.must_not_be_over()
    sitting.must_chair(by)
    sitting.must_be_there(person)
    if person == sitting.session.presenter:
        raise Refusal(BOTH_ROLES)
    return sitting if person == by else _led_by(sitting, person)


def _led_by(sitting: Sitting, person: str) -> Sitting:
    before = sitting.session.facilitator
    sitting = sitting.having(
        FacilitatorChanged(person),
        facilitator=person,
        facilitator_takes_turn=True,
        facilitator_heard=sitting.now,
    )
    return _turned(sitting, _with_roles_changed(sitting, before))


def _with_roles_changed(sitting: Sitting, before: str) -> Turn:
    """Give who was the facilitator a part in what goes on, and let the case of who is now not be chosen any more."""
    turn = sitting.session.turn
    turn = turn.joined(before) if before in sitting.takers else turn
    return turn.without_case(sitting.session.facilitator) if isinstance(turn, Vote) and not turn.closed else turn
