"""Slow sessions to test with: a start, a calendar with holidays, and time that passes with everything ringing that is due."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import free_days
from programme.intervision import slow_time
from programme.intervision.happenings import Happening
from programme.intervision.sitting import Sitting
from programme.intervision.slow_start import started_slowly
from programme.intervision.start import Start
from tests.intervision_play import ANNA, BRAM, FIVE, methods, reloaded

ZONE = ZoneInfo("Europe/Amsterdam")
FREE = free_days(2026) | free_days(2027)


def local(written: str) -> datetime:
    """A moment as the clock in Amsterdam shows it."""
    return datetime.fromisoformat(written).replace(tzinfo=ZONE)


def day(written: str) -> date:
    return date.fromisoformat(written)


def begin_slowly(
    method: str = "incident",
    members: tuple[str, ...] = FIVE,
    *,
    presenter: str | None = BRAM,
    at: str = "2026-11-23 09:30",
    id_: str = "s1",
) -> Sitting:
    """Monday morning, with ten working days ahead, where nothing else is said. Anna is the facilitator."""
    start = Start(id=id_, edition="wissel-2026", group="g1", members=members, facilitator=ANNA, presenter=presenter)
    return started_slowly(methods()[method], start, local(at), zone=ZONE, free=FREE)


def then(sitting: Sitting, minutes: float = 1) -> Sitting:
    """The sitting that the next thing meets, so many minutes on."""
    return replace(sitting, now=sitting.now + timedelta(minutes=minutes), happened=())


@dataclass
class Days:
    """A slow session, the days that pass, and all that happened in it."""

    sitting: Sitting
    rung: set[str] = field(default_factory=set)
    happened: list[Happening] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.happened += self.sitting.happened

    def take(self, after: Sitting) -> None:
        self.sitting = after
        self.happened += after.happened

    def to(self, moment: datetime | str) -> list[Happening]:
        """Let time pass until this moment, from the record alone; gives what it brought."""
        until = local(moment) if isinstance(moment, str) else moment
        before = len(self.happened)
        while due := [m for m in slow_time.moments(self.sitting) if m.at <= until and m.key not in self.rung]:
            self._ring(due[0].key, max(due[0].at, self.sitting.now))
        self.sitting = replace(reloaded(self.sitting), now=until, happened=())
        return self.happened[before:]

    def away_until(self, moment: str) -> list[Happening]:
        """The bot is down until this moment; what is due rings then, late."""
        self.sitting = replace(reloaded(self.sitting), now=local(moment), happened=())
        return self.to(moment)

    def _ring(self, key: str, at: datetime) -> None:
        self.rung.add(key)
        self.take(slow_time.rung(replace(reloaded(self.sitting), now=at, happened=()), key))
