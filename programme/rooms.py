"""Which rooms there should be: derived from the state, never kept beside it.

A room is known by its key: `direct/PERSON`, `cohort/EDITION`, `desk/EDITION`, `pair/EDITION/GUEST`. The chat adapters make
reality agree with the wishes; nobody else makes a room.
"""

from programme.model import Model
from programme.text import Sayable


class RoomWish(Model):
    """One room as it should be.

    `members` are invited when they are not there; whoever is there and not in `members` stays out of nobody's business here
    (`strict` says whether the adapter takes them out). `powerful` may change the room, next to the bot.
    """

    key: str
    name: Sayable
    topic: Sayable
    language: str = "nl"
    members: frozenset[str] = frozenset()
    powerful: frozenset[str] = frozenset()
    pinned: Sayable | None = None
    encrypted: bool = True


def direct(person: str) -> str:
    """The key of the direct chat with this person."""
    return f"direct/{person}"


def person_of(key: str) -> str | None:
    """Whose direct chat this is, or None for a room of more people."""
    return key.removeprefix("direct/") if key.startswith("direct/") else None
