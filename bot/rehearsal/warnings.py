"""What to look at before real people come: found in what was said in a rehearsal, and in the edition itself."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.rehearsal.outcome import Outcome, outcomes
from bot.rehearsal.record import Message, Rehearsal, Spoken
from programme import nudges
from programme.edition import Edition, Meeting, WindowName
from programme.nudges import Nudge, awake
from programme.records import Round
from programme.reminder import Audience, Reminder
from programme.text import Both

Kind = Literal["fault", "busy", "quiet", "chased", "no reminder", "free day", "no answer", "left waiting"]
"""A bug of the bot; many messages in a week; a message by itself in quiet hours; reminded of what was done; a step that nobody is reminded of; a
meeting in a weekend or on a holiday; something said to which the bot said nothing; at the end something that still waits."""
USUAL_MOST = 5
STEPS: dict[WindowName, tuple[Both, frozenset[Audience]]] = {
    "signup": (Both(nl="aanmelden", en="sign-up"), frozenset({"cohort", "unfinished"})),
    "preferences": (Both(nl="voorkeuren", en="preferences"), frozenset({"undecided", "everyone"})),
    "visits": (Both(nl="een stagedag afspreken", en="agreeing a visiting day"), frozenset({"undated"})),
}
"""By window what it is called, and for whom a reminder of it is."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to look at."""

    kind: Kind
    person: str = ""
    """Whom it happens to, when it is one person."""
    at: datetime | None = None
    what: Both | None = None
    """The step, reminder or meeting that it is about."""
    count: int = 0
    """Of bugs, or of messages in the week that begins at `at`."""
    text: str = ""
    """What was said."""
    room: str = ""
    """Key of the room, where it is nobody's own chat."""
    messages: tuple[Message, ...] = ()
    """Those that make a week full."""


def warnings(rehearsal: Rehearsal, free: frozenset[date], most: int = USUAL_MOST) -> list[Warned]:
    """All that there is to look at. `most` is how many messages in a week nobody minds; `free` the days on which nobody works."""
    broken = [Warned("fault", count=rehearsal.faults)] if rehearsal.faults else []
    return [
        *broken,
        *_steps(rehearsal.edition, free),
        *_free_days(rehearsal.edition, free),
        *_busy(rehearsal, most),
        *_quiet(rehearsal, free),
        *_chased(rehearsal),
        *_unanswered(rehearsal),
        *_waiting(rehearsal),
    ]


# ── in the edition ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _steps(edition: Edition, free: frozenset[date]) -> Iterator[Warned]:
    """Windows and tasks that end without anybody being reminded."""
    known = list(nudges.of_edition(edition, Round(id=edition.id), free))
    for name, (what, audiences) in STEPS.items():
        window = edition.windows[name]
        if not any(_is_for(it, audiences) and _within(it, window.opens, window.closes) for it in known):
            yield Warned("no reminder", what=what)
    for meeting in edition.meetings:
        if not any(it.meeting == meeting.key and it.at < meeting.span(edition.zone).start for it in known):
            yield Warned("no reminder", what=meeting.name)
    yield from (Warned("no reminder", what=what) for what, found in _tasks(edition) if not found)


def _is_for(nudge: Nudge, audiences: frozenset[Audience]) -> bool:
    return nudge.reminder is not None and nudge.reminder.to in audiences


def _within(nudge: Nudge, opens: date, closes: date) -> bool:
    """After the first day, on which it is announced, and not after the last."""
    return opens < nudge.at.date() <= closes


def _tasks(edition: Edition) -> Iterator[tuple[Both, bool]]:
    """What people do at a visit and after, and whether a reminder is about it."""
    every = edition.reminders
    yield (
        Both(nl="de stagedag zelf", en="the visiting day itself"),
        any(_before_visit(r) and r.only is None for r in every),
    )
    if edition.confidentiality is not None:
        found = any(r.only == "unsigned" and _before_visit(r) for r in every)
        yield Both(nl="de geheimhoudingsverklaring", en="the confidentiality statement"), found
    yield (
        Both(nl="laten weten of de dag is geweest", en="saying whether the day has taken place"),
        any(r.only == "unconfirmed" and r.to == "visiting" for r in every),
    )
    if edition.experience:
        yield Both(nl="ervaringen opschrijven", en="writing down experiences"), any(r.to == "unshared" for r in every)


def _before_visit(reminder: Reminder) -> bool:
    return reminder.anchor == "visit" and reminder.days < 0 and reminder.to == "visiting"


def _free_days(edition: Edition, free: frozenset[date]) -> Iterator[Warned]:
    for meeting in (*edition.meetings, *edition.network):
        if meeting.day in free or meeting.day.isoweekday() > 5:  # noqa: PLR2004 - Saturday and Sunday
            yield Warned("free day", at=_start(meeting, edition), what=meeting.name)


def _start(meeting: Meeting, edition: Edition) -> datetime:
    return datetime.combine(meeting.day, meeting.start, edition.zone)


# ── in what was said ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def unasked(rehearsal: Rehearsal) -> Iterator[tuple[str, Message]]:
    """What reached people without their having just said something: reminders, matches, questions of others. With to whom.

    A session at the table is left out: people sit in it together by choice, and a turn is no nagging. Of one over days, what the
    clock brings counts.
    """
    coordinators = set(rehearsal.edition.coordinators)
    for message in rehearsal.messages:
        unasked_for = message.cause != "answer" and not rehearsal.at_the_table(message)
        if message.person and unasked_for and message.person not in coordinators:
            yield message.person, message


def monday(at: datetime, edition: Edition) -> datetime:
    """The beginning of the week of this moment, where the clock of the edition hangs."""
    local = at.astimezone(edition.zone)
    first = local.date() - timedelta(days=local.weekday())
    return datetime(first.year, first.month, first.day, tzinfo=edition.zone)


def _busy(rehearsal: Rehearsal, most: int) -> Iterator[Warned]:
    weeks: dict[tuple[datetime, str], list[Message]] = defaultdict(list)
    for person, message in unasked(rehearsal):
        weeks[monday(message.at, rehearsal.edition), person].append(message)
    for (week, person), found in sorted(weeks.items()):
        if len(found) > most:
            yield Warned("busy", person=person, at=week, count=len(found), messages=tuple(found))


def _quiet(rehearsal: Rehearsal, free: frozenset[date]) -> Iterator[Warned]:
    """What the clock brings while people do not work, in a room too. What somebody else does then is passed on at once: no surprise.

    When a group sits together is for the group: nobody is surprised by the clock of its own session.
    """
    for message in rehearsal.messages:
        local = message.at.astimezone(rehearsal.edition.zone)
        by_itself = message.cause == "reminder" and not rehearsal.at_the_table(message)
        if by_itself and awake(local, free, back=False) != local:
            yield Warned("quiet", person=message.person, at=message.at, text=message.text, room=message.room)


def _chased(rehearsal: Rehearsal) -> Iterator[Warned]:
    for it in rehearsal.chased:
        yield Warned("chased", person=it.person, at=it.at, what=Both(nl=it.reminder, en=it.reminder))


def _unanswered(rehearsal: Rehearsal) -> Iterator[Warned]:
    """What was said to the bot outside sessions: in one, the text that stands in the room says how it goes on."""
    for it in rehearsal.said:
        if isinstance(it, Spoken) and not it.answered and not it.session:
            yield Warned("no answer", person=it.person, at=it.at, text=it.text)


WAITS: dict[Outcome, Both] = {
    "form": Both(nl="een formulier dat niet af is", en="a form that is not finished"),
    "waiting": Both(nl="een plaats op de wachtlijst", en="a place on the waiting list"),
    "no place": Both(nl="een gastgever", en="a host"),
    "no day": Both(nl="een stagedag", en="a visiting day"),
}
"""How it can end for somebody that is no ending."""


def _waiting(rehearsal: Rehearsal) -> Iterator[Warned]:
    """Who is left in the middle: nothing more will happen unless somebody does something."""
    for person, outcome in outcomes(rehearsal).items():
        if outcome in WAITS:
            yield Warned("left waiting", person=person, what=WAITS[outcome])
