"""What somebody would do, and the look at an exchange from which that is derived."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from programme.ballots import Ballot
from programme.crowd import chance
from programme.crowd.hall import EMPTY, Hall
from programme.crowd.temperament import Pace, Temperament, Trait
from programme.edition import WindowName
from programme.exchange import Exchange
from programme.nudges import MORNING, Nudge, awake, working_day
from programme.people import Person
from programme.records import Participant
from programme.reminder import Audience, Reminder
from programme.text import Call

T = TypeVar("T")
HOURS = {Pace.PROMPT: (0.3, 5.0), Pace.STEADY: (5.0, 40.0), Pace.LATE: (48.0, 130.0), Pace.FORGETFUL: (72.0, 200.0)}
"""How many hours pass before somebody does what they were asked, at least and at most."""
SHARE = {Pace.PROMPT: (0.01, 0.2), Pace.STEADY: (0.2, 0.6), Pace.LATE: (0.75, 0.97), Pace.FORGETFUL: (0.8, 0.97)}
"""Which share of a window has passed by then."""


@dataclass(frozen=True, slots=True)
class Act:
    """What one person would do in one sitting: calls one after the other, each a press, an answer or a typed command."""

    person: str
    at: datetime
    """When (aware)."""
    about: str
    """What it is about: the same for the same thing, unless it is tried again."""
    does: tuple[Call, ...] = ()
    room: str = ""
    """Key of the room; the direct chat when empty."""
    votes: tuple[int, ...] = ()
    """What is chosen in the newest poll of the room, from 1, instead of calls."""
    says: str = ""
    """What is said to the others in the room, instead of calls."""
    session: str = ""
    """Id of the session that it is part of, if it is."""


@dataclass(frozen=True, slots=True)
class Look:
    """The exchange through the eyes of one person. Rules of the crowd read it and yield acts."""

    exchange: Exchange
    me: Person
    temper: Temperament
    seed: int
    free: frozenset[date]
    reminders: Sequence[Nudge]
    """The nudges of the edition, in time order."""
    tries: Mapping[str, int]
    """By person and subject (`PERSON/ABOUT`): how often it was done."""
    moments: Mapping[str, datetime]
    """By person, subject and number of tries (`PERSON/ABOUT/0`): when one decided to do it."""
    ballots: Sequence[Ballot] = ()
    of: Callable[[str], Temperament] = lambda _person: Temperament()
    """What another is like."""
    hall: Hall = EMPTY

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.exchange.now

    @property
    def zone(self) -> ZoneInfo:
        """Where the clock of the edition hangs."""
        return self.exchange.edition.zone

    @property
    def part(self) -> Participant | None:
        """One's own part, if there is one."""
        return self.exchange.participants.get(self.me.id)

    def has(self, trait: Trait) -> bool:
        """Whether one is like that."""
        return trait in self.temper.traits

    def chance(self, about: str) -> float:
        """A number from 0 up to 1."""
        return chance.draw(self.seed, self.me.id, about)

    def pick(self, about: str, among: Sequence[T]) -> T:
        """One of these (not empty)."""
        return chance.pick(self.seed, self.me.id, about, among)

    def tried(self, about: str) -> int:
        """How often one has done this."""
        return self.tries.get(f"{self.me.id}/{about}", 0)

    def act(self, about: str, at: datetime | None, *does: Call, room: str = "", most: int = 1) -> Iterator[Act]:
        """Do this then, at most so often; not at all without a moment."""
        if at is not None and self.tried(about) < most:
            yield Act(self.me.id, at, about, does, room)

    # ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def between(self, about: str, least: float, most: float) -> float:
        """A number in this range."""
        return least + (most - least) * self.chance(f"{about}/when/{self.tried(about)}")

    def at_work(self, at: datetime, about: str) -> datetime:
        """That moment, or some hour of the next working day when nobody works then."""
        local = at.astimezone(self.zone)
        moved = awake(local, self.free, back=False)
        if moved == local:
            return local
        morning = datetime.combine(moved.date(), MORNING, self.zone)
        return morning + timedelta(hours=9 * self.chance(f"{about}/hour/{self.tried(about)}"))

    def soon(self, about: str, since: datetime | None = None) -> datetime:
        """A while after `since` (now), by one's pace."""
        hours = self.between(about, *HOURS[self.temper.pace])
        return self.at_work((since or self.now) + timedelta(hours=hours), about)

    def a_while(self, about: str, since: datetime, least: float, most: float) -> datetime:
        """So many hours after `since`."""
        return self.at_work(since + timedelta(hours=self.between(about, least, most)), about)

    def noon(self, day: date) -> datetime:
        """Twelve o'clock on a day."""
        return datetime.combine(day, time(12), self.zone)

    def directly(self) -> datetime:
        """In the same sitting."""
        return self.now + timedelta(minutes=1)

    def in_window(self, name: WindowName, about: str, to: Audience) -> datetime | None:
        """A moment in a window, by one's pace; when forgetful after a reminder for `to`, or never. None when it is over."""
        window = self.exchange.edition.windows[name]
        opens, closes = self._announced(name, window.begins(self.zone)), window.ends(self.zone)
        if self.now >= closes:
            return None
        if self.temper.pace is Pace.FORGETFUL and to != "cohort":
            reminded = self.reminded(about, to, after=opens)
            return reminded if reminded is not None and reminded < closes else None
        at = opens + (closes - opens) * self.between(about, *SHARE[self.temper.pace])
        return self._in_time(at, closes, about)

    def _announced(self, name: WindowName, opens: datetime) -> datetime:
        """When people hear that it is open: nobody looks by themselves before that."""
        anchor = f"{name}.opens"
        told = [it.at for it in self.reminders if it.reminder is not None and it.reminder.anchor == anchor]
        return max([opens, *told[:1]])

    def _in_time(self, at: datetime, closes: datetime, about: str) -> datetime:
        """At work and before it closes; at once when that has passed."""
        then = self.at_work(at, about)
        if then >= closes:
            then = awake((closes - timedelta(hours=2)).astimezone(self.zone), self.free, back=True)
        return then if then > self.now else min(self.at_work(self.now, about), closes - timedelta(minutes=1))

    def reminded(
        self, about: str, to: Audience, *, after: datetime | None = None, meeting: str = ""
    ) -> datetime | None:
        """Some hours after the next reminder for `to`, as decided before it rang; perhaps the one after. None when there is none."""
        if (decided := self.moments.get(f"{self.me.id}/{about}/{self.tried(about)}")) is not None:
            return decided
        since = max(self.now, after) if after else self.now
        found = [it.at for it in self.reminders if self._is(it, to, meeting) and it.at >= since]
        later = 1 if len(found) > 1 and self.chance(f"{about}/again") < 1 / 3 else 0
        return self.at_work(found[later] + timedelta(hours=self.between(about, 0.3, 4)), about) if found else None

    def after(self, day: date, reminder: Reminder) -> datetime:
        """When a reminder rings that counts from this day on which somebody visited."""
        if reminder.working:
            return datetime.combine(working_day(day, reminder.days, self.free), reminder.at, self.zone)
        return awake(
            datetime.combine(day + timedelta(days=reminder.days), reminder.at, self.zone), self.free, back=False
        )

    @staticmethod
    def _is(nudge: Nudge, to: Audience, meeting: str) -> bool:
        reminder = nudge.reminder
        return reminder is not None and reminder.to == to and not reminder.announces and meeting in ("", nudge.meeting)
