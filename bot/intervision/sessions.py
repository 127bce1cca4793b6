"""Finding the session that something is about: the one of this room, or the one in which this person takes part."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.files import read_methods
from programme.intervision.levels import speakers
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting
from programme.intervision.slow import slowed
from programme.rooms import RoomWish

if TYPE_CHECKING:
    from bot.context import State

PREFIX = "group/"


def room_of(session: Session) -> str:
    """The key of the room in which it is held."""
    return PREFIX + session.group


def revealed_as(session: Session) -> str:
    """The id of the letter in which private writing is shown, this time: made of the session, so that it is found after a crash."""
    return f"{session.id}/revealed/{session.revealings}"


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


def going_on(state: "State") -> list[Session]:
    """All sessions that are not over."""
    return [session for session in state.all(Session) if session.ended is None]


def with_speakers(wishes: Iterable[RoomWish], state: "State", now: datetime) -> list[RoomWish]:
    """The same wishes, with who alone may post in the rooms of sessions that agreed on that. `now` is aware."""
    held = {room_of(it): speakers(sitting_of(it, now, frozenset())) for it in going_on(state) if it.level == "strict"}
    return [wish.model_copy(update={"speakers": held[wish.key]}) if held.get(wish.key) else wish for wish in wishes]


def sitting_of(session: Session, now: datetime, free: frozenset[date]) -> Sitting:
    """The view of a session in which everything is looked up, at this moment (aware). `free` are the days on which nobody works."""
    method = read_methods()[session.method]
    return Sitting(slowed(method, session.slow) if session.slow else method, session, now, free=free)
