"""What is to ring, and what of it is next: nudges by whom they are derived from, and heaps over them.

A heap holds more than there is: an entry whose nudge has gone or moved counts for nothing and is dropped when it comes to the top. So
an edition that changes costs what is in it, and a look costs what is due.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heappop, heappush

from programme.nudges import Nudge

Due = tuple[datetime, str, str]
"""When, the key of the nudge, and the edition or session from which it is derived."""
REMINDERS = ("", "gathered")
"""What a nudge that is a reminder has for its act; any other is something that the house does."""
STALE = 1_000
"""So many entries may count for nothing, beside as many as there are, before the heaps are made anew."""


@dataclass
class Agenda:
    """Nudges that have not rung yet. What the house does by itself goes before what is said."""

    _known: dict[str, dict[str, Nudge]] = field(default_factory=dict)
    """By edition or session, and key."""
    _acts: list[Due] = field(default_factory=list)
    _reminders: list[Due] = field(default_factory=list)
    _count: int = 0

    def put(self, owner: str, found: Iterable[Nudge]) -> None:
        """These are all the nudges of an edition or session now."""
        before, known = self._known.pop(owner, {}), {nudge.key: nudge for nudge in found}
        if known:
            self._known[owner] = known
        for nudge in known.values():
            if nudge.key not in before or before[nudge.key].at != nudge.at:
                heappush(self._heap_of(nudge), (nudge.at, nudge.key, owner))
        self._count += len(known) - len(before)
        if len(self._acts) + len(self._reminders) > 2 * self._count + STALE:
            self._tidy()

    def next_at(self) -> datetime | None:
        """When the next one is due (aware)."""
        return min((heap[0][0] for heap in (self._acts, self._reminders) if self._has_next(heap)), default=None)

    def next_act(self, now: datetime) -> Nudge | None:
        """Take the next thing that the house is to do by now (aware)."""
        return self._take(self._acts, now)

    def next_reminder(self, now: datetime) -> Nudge | None:
        """Take the next thing that is to be said by now (aware)."""
        return self._take(self._reminders, now)

    def reminders_of(self, edition: str, now: datetime, most: int) -> list[Nudge]:
        """Take what else is to be said in an edition by now (aware), in order; no more than `most` of it."""
        known = self._known.get(edition, {})
        due = (nudge for nudge in known.values() if nudge.at <= now and nudge.act in REMINDERS)
        taken = sorted(due, key=lambda nudge: (nudge.at, nudge.key))[:most]
        for nudge in taken:
            del known[nudge.key]
        self._count -= len(taken)
        return taken

    def _take(self, heap: list[Due], now: datetime) -> Nudge | None:
        if not self._has_next(heap) or heap[0][0] > now:
            return None
        _at, key, owner = heappop(heap)
        self._count -= 1
        return self._known[owner].pop(key)

    def _has_next(self, heap: list[Due]) -> bool:
        """Whether there is one in this heap, once those that count for nothing are off its top."""
        while heap and not self._counts(*heap[0]):
            heappop(heap)
        return bool(heap)

    def _counts(self, at: datetime, key: str, owner: str) -> bool:
        nudge = self._known.get(owner, {}).get(key)
        return nudge is not None and nudge.at == at

    def _heap_of(self, nudge: Nudge) -> list[Due]:
        return self._reminders if nudge.act in REMINDERS else self._acts

    def _tidy(self) -> None:
        """Leave out of the heaps what counts for nothing."""
        self._acts, self._reminders = [], []
        for owner, known in self._known.items():
            for nudge in known.values():
                self._heap_of(nudge).append((nudge.at, nudge.key, owner))
        heapify(self._acts)
        heapify(self._reminders)
