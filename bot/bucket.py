"""A measure of how fast something may go: so many at once, and then so many a second."""

from dataclasses import dataclass
from typing import Self


@dataclass(slots=True)
class Bucket:
    """Holds `most` and fills by `a_second`. `left` is what it held at the moment `at` (seconds that only go forward).

    Below nothing it is owed by those who wait for their turn.
    """

    most: float
    a_second: float
    left: float
    at: float

    @classmethod
    def full(cls, most: float, a_second: float, now: float) -> Self:
        """One that was never used."""
        return cls(most, a_second, most, now)

    def filled(self, now: float) -> float:
        """What it holds at this moment."""
        self.left = min(self.most, self.left + (now - self.at) * self.a_second)
        self.at = now
        return self.left

    def wait(self, now: float) -> float:
        """Seconds until there is one to take."""
        return max(0.0, (1 - self.filled(now)) / self.a_second)

    def take(self, now: float) -> float:
        """Take one; gives the seconds until its turn."""
        wait = self.wait(now)
        self.left -= 1
        return wait
