"""How fast strangers may come in: a few at once from one person, a crowd at once in all."""

import asyncio
from dataclasses import dataclass

_PERSON = (5.0, 1 / 600)
_ALL = (60.0, 1.0)
_MOST_PEOPLE = 10_000


@dataclass(slots=True)
class Bucket:
    """A measure that holds `most`, fills by `per_second`, and gives one at a time."""

    most: float
    per_second: float
    left: float
    at: float

    def filled(self, now: float) -> float:
        """How much there is at this moment of the loop's clock."""
        self.left = min(self.most, self.left + (now - self.at) * self.per_second)
        self.at = now
        return self.left


class Turnstile:
    """Lets people through while neither their own measure nor the common one is empty."""

    def __init__(self) -> None:
        self._people: dict[str, Bucket] = {}
        self._all: Bucket | None = None

    def lets_through(self, person: str) -> bool:
        """Whether this person may come in now; it is counted when so."""
        now = asyncio.get_running_loop().time()
        self._all = self._all or Bucket(*_ALL, _ALL[0], now)
        if person not in self._people and len(self._people) >= _MOST_PEOPLE:
            self._people.pop(next(iter(self._people)))
        own = self._people.setdefault(person, Bucket(*_PERSON, _PERSON[0], now))
        if own.filled(now) < 1 or self._all.filled(now) < 1:
            return False
        own.left -= 1
        self._all.left -= 1
        return True
