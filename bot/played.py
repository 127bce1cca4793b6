"""What somebody who plays can change about the rooms of a console: who comes and goes, and how open a room is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.chat import RoomFacts


@dataclass
class PlayedRooms:
    """The facts of each room (by key): as it is wished, with what was changed in play."""

    _facts: dict[str, RoomFacts] = field(default_factory=dict)
    """What was changed of rooms, without their members."""
    _came: dict[str, set[str]] = field(default_factory=dict)
    _went: dict[str, set[str]] = field(default_factory=dict)

    def facts(self, room: str, wished: frozenset[str], *, encrypted: bool = True) -> RoomFacts:
        """The facts of a room whose members should be `wished`."""
        members = (wished | self._came.get(room, set())) - self._went.get(room, set())
        return replace(
            self._facts.get(room, RoomFacts(encrypted=encrypted)), members=frozenset(members), can_silence=True
        )

    def move(self, room: str, person: str, *, joined: bool) -> None:
        """Let somebody come into a room, or go out of it."""
        entered, left = (self._came, self._went) if joined else (self._went, self._came)
        entered.setdefault(room, set()).add(person)
        left.setdefault(room, set()).discard(person)

    def change(self, room: str, how: str, person: str = "") -> None:
        """Change how a room is (one of `CHANGES`). Raises `KeyError` for something else."""
        self._facts[room] = CHANGES[how](self._facts.get(room, RoomFacts()), person)


CHANGES: Mapping[str, Callable[[RoomFacts, str], RoomFacts]] = {
    "private": lambda _facts, _person: RoomFacts(),
    "unencrypted": lambda facts, _person: replace(facts, encrypted=False),
    "public": lambda facts, _person: replace(facts, invite_only=False),
    "readable": lambda facts, _person: replace(facts, history="shared"),
    "guests": lambda facts, _person: replace(facts, guests=True),
    "bridged": lambda facts, _person: replace(facts, bridged=True),
    "invited": lambda facts, person: replace(facts, invited=facts.invited | {person}),
    "robot": lambda facts, person: replace(facts, bots=facts.bots | {person}),
}
"""What can be changed: everything private again; not encrypted; anybody may come in; newcomers read what was said before;
guests; a bridge; somebody is invited; somebody is a bot."""
