"""When a group meets next, and who has said to be there: the minutes before a session that is planned. Derived from this alone.

A quarter of an hour before, the room is looked at, for who leads only; five minutes before, everybody is asked to say that they are
there (spec.md, 1.6 and 7.2, journeys 6 and 7). The record is gone as soon as the session begins.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal, Self
from zoneinfo import ZoneInfo

from programme.intervision.calls import PLAN, START
from programme.intervision.spoken import NOBODY, People
from programme.intervision.turns import lot
from programme.model import Model
from programme.nudges import Nudge
from programme.records import Group
from programme.text import Call, Day, Lines, Refusal, Text, _, _n, lines

FEWEST = 3
"""With fewer it is another method, or another day."""
Act = Literal["planned_check", "roll_call", "roll_counted"]
MOMENTS: Mapping[Act, timedelta] = {
    "planned_check": timedelta(minutes=-15),
    "roll_call": timedelta(minutes=-5),
    "roll_counted": timedelta(minutes=10),
}
"""What is done, and how long after the planned beginning."""
AN_HOUR = timedelta(hours=1)
TROIKA = START.model_copy(update={"arguments": ("troika",)})
DATE_POLL = Call(command="date_poll")
HERE = Call(command="here")


class Planned(Model):
    """The next session of a group. It has the id of the group."""

    id: str
    edition: str
    day: date
    start: time
    end: time
    """On the clock of the edition."""
    here: People = NOBODY
    """Who has said to be there."""

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when to when (aware)."""
        return datetime.combine(self.day, self.start, zone), datetime.combine(self.day, self.end, zone)

    def asked(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether people have been asked by now (aware) to say that they are there, and it is not over."""
        begins, ends = self.span(zone)
        return begins + MOMENTS["roll_call"] <= now < ends

    def is_early(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether now (aware) is so long before the beginning that people may not be expected to be there yet."""
        return now < self.span(zone)[0] + MOMENTS["planned_check"]

    def arrived(self, person: str) -> Self:
        """Count somebody who says to be there; twice is once."""
        return self.model_copy(update={"here": self.here | {person}})


def planned(group: Group, day: date, start: time, end: time, now: datetime, zone: ZoneInfo) -> Planned:
    """Plan the next session of a group; `now` is aware. Refuses a moment that has passed, and an end before the beginning."""
    it = Planned(id=group.id, edition=group.edition, day=day, start=start, end=end)
    begins, ends = it.span(zone)
    if begins <= now:
        raise Refusal(_("{day} has passed. Choose a day that is still to come.", day=Day(day=day)))
    if ends <= begins:
        raise Refusal(_("The end lies before the beginning. Type for example {how}.", how=PLAN))
    return it


def nudges(it: Planned, zone: ZoneInfo) -> Iterator[Nudge]:
    """What is to be done around the planned beginning. Nothing of it is of use once that is past, but to count who is there."""
    begins, _ends = it.span(zone)
    for act, after in MOMENTS.items():
        at = begins + after
        key = f"{it.edition}/{act}/{it.id}/{begins.isoformat()}"
        yield Nudge(key, at, begins if after < timedelta() else at + AN_HOUR, it.edition, act=act)


def due(all_planned: Iterable[Planned], key: str, now: datetime, zone: ZoneInfo) -> Planned | None:
    """The planned session that the nudge with this key is about: still planned for that moment, and not past its use."""
    return next((it for it in all_planned for n in nudges(it, zone) if n.key == key and now < n.until), None)


def too_few(n: int) -> Lines:
    """What a group can do of which so few (under `FEWEST`) are there."""
    there = _n("{n} person is there.", "{n} people are there.", n=n) if n else _("Nobody has said to be there yet.")
    return lines(there, _("Are you there, and have you not said so? Type {how}.", how=HERE), _way_on(n))


def _way_on(n: int) -> Text:
    if n == FEWEST - 1:
        return _(
            "With one more you are three, and you can do the troika: {troika}. Or look for another day: {poll}.",
            troika=TROIKA,
            poll=DATE_POLL,
        )
    return _("Does it not work today? Look for another day: {poll}.", poll=DATE_POLL)


def leads_next(group: Group) -> str | None:
    """Who is to lead: who never did, or else did so longest ago; between several it is chance, the same at every look."""
    last = {person: at for at, person in enumerate(group.facilitators)}
    return min(group.members, key=lambda p: (last.get(p, -1), lot(group.id, str(group.held), p)), default=None)
