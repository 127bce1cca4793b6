"""Patience with one person who sends very much, so that nobody else has to wait.

A bucket per person: a full one holds 60 messages and fills with two a second. What counts is real time, or the time between two
messages by their origin when that is longer: whoever typed a lot while the bot was away is no flooder, and where a game is played
with a clock that stands still, waiting helps all the same.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

ROOM = 60.0
A_SECOND = 2.0
A_MINUTE = 60.0
AN_HOUR = timedelta(hours=1)
MOST_PEOPLE = 10_000
"""More people than ever talk in an hour."""


@dataclass
class _Bucket:
    level: float
    sent: datetime
    """When the newest message was sent, by its origin (aware)."""
    ticks: float
    """When we heard it, on the clock that nobody can set (seconds)."""
    told: float | None = None

    def fill(self, sent: datetime, ticks: float, room: float) -> None:
        """Let in what has come since the message before."""
        passed = max(0.0, (sent - self.sent).total_seconds(), ticks - self.ticks)
        self.level = min(room, self.level + passed * A_SECOND)
        self.sent, self.ticks = max(self.sent, sent), ticks


@dataclass
class Flood:
    """How much everybody has sent lately. In memory: a restart forgives.

    `room` is how many messages a full bucket holds; `ticks` gives seconds on a clock that nobody can set.
    """

    room: float = ROOM
    ticks: Callable[[], float] = time.monotonic
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def look(self, person: str, sent: datetime, now: datetime) -> Literal["tell", "ignore"] | None:
        """Count a message that was sent at `sent` (aware). None: handle it. `tell`: say that it is too much, once a minute; else `ignore`."""
        sent, ticks = min(max(sent, now - AN_HOUR), now), self.ticks()
        bucket = self._buckets.setdefault(person, _Bucket(self.room, sent, ticks))
        if bucket.sent > now:  # the clock was set back
            bucket.sent = sent
        bucket.fill(sent, ticks, self.room)
        self._forget(ticks)
        if bucket.level >= 1:
            bucket.level -= 1
            return None
        return self._patience(bucket, ticks)

    def _patience(self, bucket: _Bucket, ticks: float) -> Literal["tell", "ignore"]:
        if bucket.told is None or ticks - bucket.told > A_MINUTE:
            bucket.told = ticks
            return "tell"
        return "ignore"

    def _forget(self, ticks: float) -> None:
        if len(self._buckets) > MOST_PEOPLE:
            lately = ticks - AN_HOUR.total_seconds()
            self._buckets = {p: b for p, b in self._buckets.items() if b.ticks > lately}
