"""The clock: the only place that knows what time it is, and the one alarm at the next moment that matters.

APScheduler holds a single job, set anew after each change of the state. No meeting and no session owns a job: what is due is
derived (`programme/nudges.py`). Its traps are avoided here: by default it drops jobs that are a second late and runs missed ones
several times, and a clock that is set back by hours silences whatever it repeats. So the sweep below it counts by the clock that
nobody can set (that of the loop), and notices when the two have come apart.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Protocol

import holidays
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.log import log
from programme.text import Both

SWEEP_SECONDS = 30
JUMP_SECONDS = 5.0
"""When the clock on the wall has gone so much more or less than the one that nobody can set, it was set."""


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The moment (aware, UTC)."""


class WallClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """The moment (aware, UTC)."""
        return datetime.now(UTC)  # noqa: TID251 - the one place


class SetClock:
    """A clock that stands still until it is moved: for the console and the tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The moment to which it was set (aware, UTC)."""
        return self._at

    def set(self, at: datetime) -> None:
        """Move it (aware). Backwards is possible: a clock may be set back."""
        self._at = at.astimezone(UTC)


class Alarm:
    """One job at the next due moment, and a sweep every half minute: a clock that is set, or a machine that slept, loses nothing.

    `ring` is called when it is time, or may be; `jumped` when the clock was set.
    """

    def __init__(self, clock: Clock, ring: Callable[[], None], jumped: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._jumped = jumped
        self._sweeping: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin to sweep. The loop must run."""
        self._scheduler.start()
        self._sweeping = asyncio.get_running_loop().create_task(self._sweep())

    def set(self, at: datetime | None) -> None:
        """Ring at this moment (aware), or when the sweep finds something; the earlier alarm is gone."""
        if at is not None:
            left = max(at - self._clock.now(), timedelta(milliseconds=1))
            at = WallClock().now() + left  # APScheduler looks at the machine's own clock
            self._scheduler.add_job(self._strike, "date", run_date=at, id="next", replace_existing=True)
        elif self._scheduler.get_job("next"):
            self._scheduler.remove_job("next")

    async def _strike(self) -> None:
        """Ring in the loop, where the house lives: APScheduler gives a plain function to a thread of its own."""
        self._ring()

    async def _sweep(self) -> None:
        ticks = asyncio.get_running_loop().time
        while True:
            wall, began = self._clock.now(), ticks()
            await asyncio.sleep(SWEEP_SECONDS)
            gone = (self._clock.now() - wall).total_seconds() - (ticks() - began)
            if abs(gone) > JUMP_SECONDS:
                log.warning("clock_was_set", seconds=int(gone))
                self._jumped()
            self._ring()

    def stop(self) -> None:
        """Stop for good."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


@lru_cache(maxsize=8)
def free_days(year: int) -> frozenset[date]:
    """The days of a year on which offices in the Netherlands are closed (package `holidays`: public holidays)."""
    return frozenset(named_free_days(year))


@lru_cache(maxsize=16)
def named_free_days(year: int) -> Mapping[date, Both]:
    """The same days, with what each is called."""
    dutch, english = (holidays.country_holidays("NL", years=year, language=code) for code in ("nl", "en_US"))
    return {day: Both(nl=name.replace("; ", ", "), en=english[day].replace("; ", ", ")) for day, name in dutch.items()}
