"""Who is late with what, for a reminder out of turn: its words are those of the programme's own first reminder about it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal

from programme.exchange import Exchange, Phase
from programme.meetings import to_come
from programme.nudges import Nudge
from programme.owed import owed
from programme.reaching import Shown, Word, words
from programme.records import Visit
from programme.reminder import Audience, Reminder

Matter = Literal["form", "preferences", "day", "answer", "meeting"]
"""The form; preferences; a visiting day; the answer to a question; whether one comes to the next meeting."""
DUTIES: Final[dict[Matter, tuple[Audience, Phase]]] = {
    "form": ("unfinished", Phase.SIGNUP),
    "preferences": ("undecided", Phase.PREFERENCES),
    "day": ("undated", Phase.VISITS),
}
"""What everybody is asked for in one phase; before and after it nobody is late with it."""


def asked_of_all(exchange: Exchange) -> tuple[Audience, set[str]]:
    """What everybody is asked for now, as the people that reminders of it are for; and who has not done it."""
    if exchange.phase is Phase.SIGNUP:
        return "unfinished", {p.person for p in exchange.participants.values() if p.state == "form"}
    if exchange.phase in (Phase.PREFERENCES, Phase.MATCHING):
        return "undecided", {p.person for p in exchange.undecided()}
    return "undated", {person for v in exchange.undated() if v.suggestion is None for person in (v.guest, v.host)}


def late(exchange: Exchange, matter: Matter, shown: Shown) -> list[tuple[Nudge, Word]]:
    """What is to be said now to each who is late with this, and the reminder that says it. `shown` gives the name of an id."""
    return [(nudge, word) for nudge in _nudges(exchange, matter) for word in words(nudge, exchange, shown)]


def _nudges(exchange: Exchange, matter: Matter) -> Iterator[Nudge]:
    match matter:
        case "answer":
            return _of_answers(exchange)
        case "meeting":
            return _of_meeting(exchange)
        case _:
            return _of_duty(exchange, *DUTIES[matter])


def _of_duty(exchange: Exchange, to: Audience, phase: Phase) -> Iterator[Nudge]:
    closed = phase is Phase.SIGNUP and not exchange.edition.is_open("signup", exchange.now)
    reminder = _first(exchange, to)
    if reminder is not None and exchange.phase is phase and not closed:
        yield _now(exchange, reminder, "")


def _of_answers(exchange: Exchange) -> Iterator[Nudge]:
    """One for each question that somebody owes an answer to; those who were asked on one day are reminded together."""
    found: dict[str, Nudge] = {}
    for it in owed(exchange):
        if (reminder := _first(exchange, "owing", it.about)) is not None:
            day = it.asked.astimezone(exchange.edition.zone).date()
            visit = it.pair.id if isinstance(it.pair, Visit) else ""
            nudge = _now(exchange, reminder, visit or day.isoformat())
            found[nudge.key] = replace(nudge, visit=visit, asked=day)
    yield from found.values()


def _of_meeting(exchange: Exchange) -> Iterator[Nudge]:
    """About each meeting to come of which the programme itself has asked already."""
    today = exchange.now.astimezone(exchange.edition.zone).date()
    for meeting in to_come(exchange):
        reminder = _first(exchange, "unanswered", f"meeting.{meeting.key}")
        if reminder is not None and meeting.day + timedelta(days=reminder.days) <= today:
            yield replace(_now(exchange, reminder, meeting.key), meeting=meeting.key)


def _first(exchange: Exchange, to: Audience, anchor: str = "") -> Reminder | None:
    """The first reminder for these people, about this where it is given; not one that only says that something begins."""
    found = (r for r in exchange.edition.reminders if r.to == to and anchor in ("", r.anchor) and not r.announces)
    return next(found, None)


def _now(exchange: Exchange, reminder: Reminder, about: str) -> Nudge:
    edition, now = exchange.edition, exchange.now
    key = f"{edition.id}/{reminder.key}/by-hand/{now.isoformat()}/{about}"
    return Nudge(key, now, now + timedelta(days=reminder.useful_days), edition.id, reminder)
