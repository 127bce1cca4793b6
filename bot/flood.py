"""Patience with one person who sends very much, so that nobody else has to wait.

A bucket per person: a full one holds 60 messages and fills with two a second, measured by when the messages were *sent*: whoever
typed a lot while the bot was away is no flooder.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

ROOM = 60.0
A_SECOND = 2.0
FORGET = timedelta(hours=1)


@dataclass
class _Bucket:
    level: float
    at: datetime
    told: datetime | None = None


@dataclass
class Flood:
    """How much everybody has sent lately. In memory: a restart forgives.

    `room` is how many messages a full bucket holds; more of them where the clock stands still, and nothing flows in.
    """

    room: float = ROOM
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def look(self, person: str, sent: datetime, now: datetime) -> Literal["tell", "ignore"] | None:
        """Count a message that was sent at `sent` (aware). None: handle it. `tell`: say that it is too much, once a minute; else `ignore`."""
        sent = min(max(sent, now - FORGET), now)
        bucket = self._buckets.setdefault(person, _Bucket(self.room, sent))
        if bucket.at > now:  # the clock was set back: waiting until then would silence somebody for hours
            bucket.at, bucket.told = sent, None
        passed = max(0.0, (sent - bucket.at).total_seconds())
        bucket.level = min(self.room, bucket.level + passed * A_SECOND)
        bucket.at = max(bucket.at, sent)
        self._forget(now)
        if bucket.level >= 1:
            bucket.level -= 1
            return None
        return self._patience(bucket, now)

    def _patience(self, bucket: _Bucket, now: datetime) -> Literal["tell", "ignore"]:
        if bucket.told is None or now - bucket.told > timedelta(minutes=1):
            bucket.told = now
            return "tell"
        return "ignore"

    def _forget(self, now: datetime) -> None:
        if len(self._buckets) > 10_000:  # noqa: PLR2004 - more people than ever talk in an hour
            self._buckets = {p: b for p, b in self._buckets.items() if now - b.at < FORGET}
