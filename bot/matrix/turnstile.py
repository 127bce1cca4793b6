"""How fast strangers may come in: a few at once from one person, a crowd at once in all, and the rest of it one by one."""

import asyncio

from bot.bucket import Bucket

_PERSON = (5.0, 1 / 600)
_ALL = (60.0, 1.0)
_MOST_PEOPLE = 10_000
_LONGEST = 600.0
"""Seconds that somebody may have to wait for their turn. Who would wait longer is no crowd but a flood."""


class Turnstile:
    """Gives people their turn: each by their own measure, all by the common one."""

    def __init__(self) -> None:
        self._people: dict[str, Bucket] = {}
        self._all: Bucket | None = None

    def turn(self, person: str) -> float | None:
        """In how many seconds this person may come in (0: now), and then the turn is theirs; None when they may not."""
        now = asyncio.get_running_loop().time()
        self._all = self._all or Bucket.full(*_ALL, now)
        if person not in self._people and len(self._people) >= _MOST_PEOPLE:
            self._people.pop(next(iter(self._people)))
        own = self._people.setdefault(person, Bucket.full(*_PERSON, now))
        if own.filled(now) < 1 or self._all.wait(now) > _LONGEST:
            return None
        own.take(now)
        return self._all.take(now)
