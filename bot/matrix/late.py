"""Messages that cannot be read yet: kept as ids, never as text, and fetched again when their key comes.

A room key may come after its message (another server was slow), or never (the sender's device does not trust the bot). The list is
kept in the store, so that a key that comes after a restart still finds its message.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass

from bot.chat import Port
from bot.matrix.shapes import items
from bot.matrix.wire import Pace

MARK = "matrix/unread"
_MOST = 300
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Unread:
    """A message that cannot be read yet. `session` is the id of the room key that it waits for."""

    room: str
    event: str
    person: str
    session: str


class LateMessages:
    """The messages that wait, oldest first; of very many the oldest are given up."""

    def __init__(self, house: Port, pace: Pace) -> None:
        self._house = house
        self._pace = pace
        self._told: dict[str, float] = {}
        self._waiting = {message.event: message for message in _kept(house.mark(MARK))}
        self._written = self._as_text()

    def add(self, message: Unread) -> None:
        """Keep it, and tell the person when it still cannot be read after a while."""
        self._waiting.setdefault(message.event, message)
        while len(self._waiting) > _MOST:
            self._waiting.pop(next(iter(self._waiting)))
        asyncio.get_running_loop().call_later(self._pace.key_underway, self._tell, message)

    def read(self, event: str) -> None:
        """It has been read, or never will be."""
        self._waiting.pop(event, None)

    def all(self) -> list[Unread]:
        """All that wait, oldest first."""
        return list(self._waiting.values())

    def keep(self) -> None:
        """Write the list to the store when it has changed."""
        if (text := self._as_text()) != self._written:
            self._house.remember_mark(MARK, text)
            self._written = text

    def cannot_read(self, person: str, room: str) -> None:
        """Say so to the person, once an hour."""
        now = asyncio.get_running_loop().time()
        self._told = {who: at for who, at in self._told.items() if now - at < _HOUR}
        if person not in self._told:
            self._told[person] = now
            self._house.cannot_read(person, room)

    def _tell(self, message: Unread) -> None:
        if message.event in self._waiting:
            self.cannot_read(message.person, message.room)

    def _as_text(self) -> str:
        return json.dumps([[m.room, m.event, m.person, m.session] for m in self._waiting.values()])


def _kept(mark: str | None) -> Iterator[Unread]:
    for message in items({"": json.loads(mark or "[]")}, ""):
        yield Unread(*message)
