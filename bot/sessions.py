"""Finding the session that something is about: the one of this room, or the one in which this person takes part."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.files import read_methods
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting

if TYPE_CHECKING:
    from bot.context import State

PREFIX = "group/"


def room_of(session: Session) -> str:
    """The key of the room in which it is held."""
    return PREFIX + session.group


def session_in(state: "State", room: str) -> Session | None:
    """The session that goes on in the room with this key, if there is one."""
    if not room.startswith(PREFIX):
        return None
    return next((it for it in state.all(Session, group=room.removeprefix(PREFIX)) if it.ended is None), None)


def session_with(state: "State", edition: str, person: str) -> Session | None:
    """The session of this edition in which this person is now; the newest one, should there be more."""
    going_on = (it for it in state.all(Session, edition=edition) if it.ended is None)
    theirs = [it for it in going_on if person in it.members and person not in it.away]
    return max(theirs, key=lambda it: it.started, default=None)


def sitting_of(session: Session, now: datetime) -> Sitting:
    """The view of a session in which everything is looked up, at this moment (aware)."""
    return Sitting(read_methods()[session.method], session, now)
