"""An edition: one run of a programme, as its file says and the coordinator amends it.

Dates are local days in the zone of the edition; they become instants as late as possible, so that nine o'clock stays nine
o'clock over a clock change. `t/m` is inclusive: a window that closes on 10 July is open until the last second of that day.
"""

import tomllib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticKnownError

from programme.form import NEEDED, Question
from programme.model import Model
from programme.people import LanguageCode
from programme.reminder import QUESTIONS, Reminder
from programme.text import Both, Day, Lines, Money, Period, Refusal, Span, Text, Value, _, lines

__all__ = [
    "AMSTERDAM",
    "Contact",
    "Edition",
    "Intervision",
    "Meeting",
    "PreferenceRule",
    "Question",
    "Step",
    "Window",
    "WindowName",
    "parse",
    "shifted",
]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WindowName = Literal["signup", "preferences", "visits"]


class Contact(Model):
    """The person to ask, outside chat."""

    name: str
    phone: str
    mail: str

    def __str__(self) -> str:
        return f"{self.name}, {self.phone}, {self.mail}"


class Step(Model):
    """One step of the programme, as participants see it."""

    key: str
    name: Both
    explains: Both


class Window(Model):
    """A time in which something can be done: from `opens` through `closes`, or as the coordinator opened or closed it by hand."""

    opens: date
    closes: date
    opened: datetime | None = None
    closed: datetime | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.closes < self.opens:
            raise ValueError(f"closes ({self.closes}) lies before opens ({self.opens}); put the later day in closes")
        return self

    def begins(self, zone: ZoneInfo) -> datetime:
        """The first instant of it (aware)."""
        return self.opened or datetime.combine(self.opens, time.min, zone)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The first instant after it (aware)."""
        return self.closed or datetime.combine(self.closes + timedelta(days=1), time.min, zone)

    def period(self, zone: ZoneInfo) -> Period:
        """From day through day in which it is open: as its file says, or as the coordinator opened and closed it by hand."""
        last = self.ends(zone) - timedelta(microseconds=1)
        return Period(first=self.begins(zone).astimezone(zone).date(), last=last.astimezone(zone).date())


class Meeting(Model):
    """A meeting in the calendar, for all participants."""

    key: str
    name: Both
    day: date
    start: time
    end: time
    online: bool = True
    mandatory: bool = False
    about: Both | None = None
    seats: int | None = Field(default=None, ge=1)
    """How many can come; None when there is room for all."""
    version: int = 0
    """Counts how often it was moved, for the calendar file."""

    def span(self, zone: ZoneInfo) -> Span:
        """From when to when, to show."""
        return Span(start=datetime.combine(self.day, self.start, zone), end=datetime.combine(self.day, self.end, zone))


class PreferenceRule(Model):
    """How people rank places. Frozen before the first list comes in (docs: matching)."""

    length: int = Field(default=5, ge=1, le=10)
    avoid: int = Field(default=2, ge=0, le=5)
    mechanism: Literal["fair", "loting"] = "fair"
    reciprocal: Literal["allowed", "forbidden"] = "allowed"
    alternatives: bool = True


class Intervision(Model):
    """How intervision groups are made afterwards."""

    size: int = Field(default=5, ge=3, le=8)
    """So many people are in a group at most."""
    sessions: int = Field(default=5, ge=1)
    mixed_sectors: bool = True
    agreements: tuple[Both, ...] = ()
    """What a group agrees before it begins, point by point."""
    version: int = 1
    """Which version of the agreements this is. Who said yes to another one is asked again."""
    until: date | None = None
    """Until when its groups may go on; known when they are made."""

    @property
    def card(self) -> Lines:
        """The agreements, to show."""
        points: list[Value] = [_("{number}. {point}", number=n, point=p) for n, p in enumerate(self.agreements, 1)]
        return lines(_("The agreements of intervision (version {version}):", version=self.version), *points)


class Edition(Model):
    """One run of a programme."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")]
    kind: Literal["exchange"] = "exchange"
    name: str
    words: tuple[str, ...] = ()
    """Other words by which people name it."""
    zone_name: str = "Europe/Amsterdam"
    language: LanguageCode = "nl"
    audience: Both
    purpose: Both
    contact: Contact
    fee: Decimal | None = Field(default=None, ge=0)
    steps: tuple[Step, ...] = ()
    windows: dict[WindowName, Window]
    publish: date
    hold_minutes: int = Field(default=10, ge=0, le=24 * 60)
    """How long a confirmed publication waits, so that it can still be stopped."""
    meetings: tuple[Meeting, ...] = ()
    network: tuple[Meeting, ...] = ()
    """Sessions for who chooses them. The coordinator adds them when their days are known."""
    sessions_planned: int = 0
    """So many were ever added: a number is never used for another one."""
    checks: tuple[Step, ...] = ()
    """What guest and host settle before a visit. `day` is settled when a day is agreed; `board` leaves the plan when the
    confidentiality statement is not signed in time."""
    experience: tuple[Both, ...] = Field(default=(), max_length=3)
    """The questions after the visit."""
    form: tuple[Question, ...] = ()
    preferences: PreferenceRule = PreferenceRule()
    reminders: tuple[Reminder, ...] = ()
    intervision: Intervision | None = None
    confidentiality: Both | None = None
    since: datetime | None = None
    """When the house came to know it. What was to be said before that is not missed."""
    coordinators: tuple[str, ...] = ()
    """Full ids; they come from the configuration, never from the file."""

    @field_validator("zone_name")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (
            ZoneInfoNotFoundError,
            ValueError,
            OSError,
        ):  # OSError: a name that is a folder of zones, such as Europe
            near = get_close_matches(name, available_timezones()) or [AMSTERDAM.key]
            raise PydanticKnownError("literal_error", {"expected": " or ".join(map(repr, near))}) from None
        return name

    @model_validator(mode="after")
    def _whole(self) -> "Edition":
        _check_form(self.form)
        _check_windows(self)
        _check_anchors(self)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """Where its clock hangs."""
        return ZoneInfo(self.zone_name)

    @property
    def price(self) -> Money | None:
        """The fee, to show."""
        return Money(amount=self.fee) if self.fee is not None else None

    def day(self, at: datetime) -> date:
        """The day of a moment (aware), where its clock hangs."""
        return at.astimezone(self.zone).date()

    def is_open(self, window: WindowName, now: datetime) -> bool:
        """Whether this window is open at `now` (aware)."""
        it = self.windows[window]
        return it.begins(self.zone) <= now < it.ends(self.zone)

    def period(self, window: WindowName) -> Period:
        """From day through day in which this window is open."""
        return self.windows[window].period(self.zone)

    def has_begun(self, window: WindowName, now: datetime) -> bool:
        """Whether this window has opened, now or before."""
        return now >= self.windows[window].begins(self.zone)

    def is_over(self, window: WindowName, now: datetime) -> bool:
        """Whether this window has closed."""
        return now >= self.windows[window].ends(self.zone)

    @property
    def last_day(self) -> date:
        """Until when people can have business with it: a month after the last date, that of its groups included."""
        last = max([w.closes for w in self.windows.values()] + [m.day for m in (*self.meetings, *self.network)])
        if self.intervision is not None and self.intervision.until is not None:
            last = max(last, self.intervision.until)
        return last + timedelta(days=31)

    def is_current(self, now: datetime) -> bool:
        """Whether people can still have business with it."""
        return self.day(now) <= self.last_day

    def question(self, key: str) -> Question:
        """The question with this key. Refuses an unknown one."""
        for question in self.form:
            if question.key == key:
                return question
        raise Refusal(_("The form has no question about {key}. Choose a word that stands in your form.", key=key))

    def meeting(self, key: str) -> Meeting:
        """The meeting with this key. Raises `StopIteration` for one that is not there."""
        return next(meeting for meeting in self.meetings if meeting.key == key)

    def with_window(self, name: WindowName, window: Window) -> "Edition":
        """Put this window in place of the one that was."""
        return self.model_copy(update={"windows": {**self.windows, name: window}})

    def opened(self, name: WindowName, now: datetime) -> "Edition":
        """Open a window by hand, now. Its closing day stays; one that has passed is refused."""
        window = self.windows[name]
        if self.day(now) > window.closes:
            raise Refusal(WINDOW_PAST)
        return self.with_window(
            name, window.model_copy(update={"opened": min(now, window.begins(self.zone)), "closed": None})
        )

    def closed(self, name: WindowName, now: datetime) -> "Edition":
        """Close a window by hand, now."""
        if not self.is_open(name, now):
            raise Refusal(_("This is not open now, so there is nothing to close."))
        return self.with_window(name, self.windows[name].model_copy(update={"closed": now}))

    def until(self, name: WindowName, last: date, now: datetime) -> "Edition":
        """Let a window close at the end of `last`. Refuses a day that has passed, or lies before the opening or after the next step."""
        window = self.windows[name]
        if last < self.day(now):
            raise Refusal(WINDOW_PAST)
        if last < window.opens:
            raise Refusal(_("The first day is {day}. Choose a later last day.", day=Day(day=window.opens)))
        follows = self._follows(name)
        if follows is not None and last >= follows:
            raise Refusal(_("The next step begins on {day}. Choose an earlier last day.", day=Day(day=follows)))
        return self.with_window(name, window.model_copy(update={"closes": last, "closed": None}))

    def _follows(self, name: WindowName) -> date | None:
        """The day on which the step after this window begins."""
        after: dict[WindowName, date] = {"signup": self.windows["preferences"].opens, "preferences": self.publish}
        return after.get(name)


WINDOW_PAST: Text = _("The last day lies in the past. Choose a later day.")


def _check_form(form: tuple[Question, ...]) -> None:
    keys = [question.key for question in form]
    for needed in NEEDED:
        if needed not in keys:
            raise ValueError(f"form: the question {needed} is missing; add a [[form]] with key = {needed!r}")
    if len(keys) != len(set(keys)):
        raise ValueError("form: a key stands twice; give each question a key of its own")


def _check_windows(edition: Edition) -> None:
    for needed in ("signup", "preferences", "visits"):
        if needed not in edition.windows:
            raise ValueError(f"windows: {needed} is missing; add [windows.{needed}] with opens and closes")


def _check_anchors(edition: Edition) -> None:
    known = {"publish", "visit", "missed", "consultation", "network", *QUESTIONS}
    known |= {f"meeting.{m.key}" for m in edition.meetings}
    known |= {f"{name}.{edge}" for name in edition.windows for edge in ("opens", "closes")}
    for reminder in edition.reminders:
        if reminder.anchor is not None and reminder.anchor not in known:
            raise ValueError(
                f"reminders: {reminder.key}: unknown anchor {reminder.anchor!r}; known are {', '.join(sorted(known))}"
            )


def parse(toml: str) -> Edition:
    """Make an edition from the text of its file.

    Raises `tomllib.TOMLDecodeError` or `pydantic.ValidationError`; both say where.
    """
    return Edition.model_validate(tomllib.loads(toml))


def shifted(edition: Edition, weeks: int) -> Edition:
    """Move all dates by whole weeks, so that weekdays stay what they are."""
    return Edition.model_validate(_shift(edition.model_dump(), timedelta(weeks=weeks)))


def _shift(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {key: _shift(item, by) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_shift(item, by) for item in value)
    return value + by if isinstance(value, date) else value
