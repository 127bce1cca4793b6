"""Working days: Monday to Friday without the days on which nobody works, from noon to the close of business.

Everything here is local date and clock; an instant comes out only at the end, so that 17.00 stays 17.00 over a clock change.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

MORNING, NOON, CLOSE = time(9), time(12), time(17)
"""When a reminder comes, until when a day still counts for what begins on it, and when a day is over (spec.md, 1.6)."""
EARLY, LATE = time(8), time(18)
"""Outside these hours nobody is woken for what can wait."""
FRIDAY = 5


def is_weekend(day: date) -> bool:
    """Whether this is a Saturday or a Sunday."""
    return day.isoweekday() > FRIDAY


def works(day: date, free: Container[date]) -> bool:
    """Whether people work on this day. `free` are the days on which nobody works."""
    return not is_weekend(day) and day not in free


@dataclass(frozen=True)
class Workdays:
    """The working days of one place. `free` are the days on which nobody works."""

    zone: ZoneInfo
    free: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether people work on this day."""
        return works(day, self.free)

    def awake(self, at: datetime) -> bool:
        """Whether people may be woken at this moment (aware) for what can wait."""
        local = at.astimezone(self.zone)
        return self.works(local.date()) and EARLY <= local.time() < LATE

    def from_day(self, day: date) -> Iterator[date]:
        """The working days from this day on, itself included when it is one; there is no last one."""
        while True:
            if self.works(day):
                yield day
            day += timedelta(days=1)

    def day(self, at: datetime) -> date:
        """The local day of a moment (aware)."""
        return at.astimezone(self.zone).date()

    def first(self, at: datetime) -> date:
        """The first day that counts for what begins at this moment (aware): that very day until noon, else the next working day."""
        local = at.astimezone(self.zone)
        late = timedelta(days=local.time() > NOON)
        return next(self.from_day(local.date() + late))

    def due(self, at: datetime, days: int) -> datetime:
        """The close (aware) of the last of so many working days (at least 1) for what begins at this moment (aware)."""
        coming = self.from_day(self.first(at))
        return self.at([next(coming) for _day in range(days)][-1], CLOSE)

    def at(self, day: date, clock: time) -> datetime:
        """The moment (aware) at which the clock shows this on this day."""
        return datetime.combine(day, clock, self.zone)

    def between(self, first: date, last: date) -> Iterator[date]:
        """The working days from the first through the last, both included."""
        return takewhile(lambda day: day <= last, self.from_day(first))

    def count(self, first: date, last: date) -> int:
        """How many working days there are from the first through the last, both included."""
        return sum(1 for _day in self.between(first, last))
