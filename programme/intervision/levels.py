"""How tightly the bot holds people to the method: only the clock (quiet), private hints too (coach), or only the speaker posts (strict).

The strict level is agreed by everybody first, and called off by anybody at once, without a reason. Who may speak is derived from the
turn at every look and kept nowhere else, so that whatever stops the session opens its room.
"""

from programme.intervision.calls import CALL_OFF, NEXT, STRICT
from programme.intervision.happenings import Hint, Level, LevelChanged, StrictAsked, StrictDeclined
from programme.intervision.sitting import Sitting
from programme.text import Refusal, _


def changed(sitting: Sitting, person: str, level: Level) -> Sitting:
    """Let the facilitator set the level. The strict one begins only when everybody who is there has said yes to it."""
    sitting.must_not_be_over()
    sitting.must_chair(person)
    sitting = sitting.seen(person)
    if level == "strict":
        return _asked(sitting, person)
    if level == sitting.session.level:
        raise Refusal(_("It is at that level already."))
    return _at(sitting, level)


def _asked(sitting: Sitting, person: str) -> Sitting:
    session = sitting.session
    if session.level == "strict":
        raise Refusal(_("It is so already: only who has the turn can post. Call it off with {how}.", how=CALL_OFF))
    if session.form == "spoken" or session.slow:
        raise Refusal(_("That is for a session in which you type together. Go on with {how}.", how=NEXT))
    others = tuple(it for it in sitting.present if it != person)
    return complete(sitting.having(StrictAsked(others), agreeing=frozenset({person})))


def agreed(sitting: Sitting, person: str) -> Sitting:
    """Take in that somebody says yes to the strict level. With the last yes it begins."""
    return complete(sitting.having(agreeing=_open_to(sitting, person) | {person}))


def declined(sitting: Sitting, person: str) -> Sitting:
    """Take in that somebody says no: it stays as it was, and nobody hears who."""
    _open_to(sitting, person)
    return sitting.having(StrictDeclined(), agreeing=None)


def _open_to(sitting: Sitting, person: str) -> frozenset[str]:
    """Who has said yes so far. Refuses who does not take part, and an answer to nothing."""
    sitting.must_not_be_over()
    sitting.must_be_there(person)
    if sitting.session.agreeing is None:
        raise Refusal(_("Nobody is asked about that now. The facilitator can ask it with {how}.", how=STRICT))
    return sitting.session.agreeing


def complete(sitting: Sitting) -> Sitting:
    """Begin the strict level when nobody is waited for any more."""
    yes = sitting.session.agreeing
    return _at(sitting, "strict") if yes is not None and yes >= {*sitting.present} else sitting


def called_off(sitting: Sitting, person: str) -> Sitting:
    """Let anybody end the strict level, or the asking for it. Nobody is told who or why. Refuses when there is nothing to end."""
    sitting.must_not_be_over()
    sitting.must_be_there(person)
    if sitting.session.level != "strict" and sitting.session.agreeing is None:
        raise Refusal(_("Everybody can post already."))
    return relaxed(sitting)


def relaxed(sitting: Sitting) -> Sitting:
    """Let everybody post again, as after a stop, when somebody new is there, or after a restart. Any other level stays as it is."""
    if sitting.session.level == "strict":
        return _at(sitting, "coach")
    return sitting.having(StrictDeclined(), agreeing=None) if sitting.session.agreeing is not None else sitting


def not_held(sitting: Sitting) -> Sitting:
    """Go on without: the platform cannot hold anybody back. Only the facilitator hears why."""
    if sitting.session.level != "strict":
        return sitting
    return relaxed(sitting).having(Hint(sitting.session.facilitator, "cannot_silence"))


def _at(sitting: Sitting, level: Level) -> Sitting:
    return sitting.having(LevelChanged(level), level=level, agreeing=None)


def speakers(sitting: Sitting) -> frozenset[str] | None:
    """Who alone may post in the room now, the facilitator always; None: everybody.

    It is everybody in a pause, where all have a part, and as soon as all have had theirs.
    """
    session = sitting.session
    if session.level != "strict" or session.paused_at or session.ended or session.turn.finished:
        return None
    entitled = sitting.entitled
    return None if entitled >= {*sitting.present} else entitled
