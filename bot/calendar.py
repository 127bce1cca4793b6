"""Calendar files: made by icalendar, with the zone inside, a stable UID per event and a number that rises when it moves."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event

from bot.context import Context
from bot.i18n import either
from programme.edition import Meeting
from programme.records import Visit
from programme.text import Both
from storage.letters import File

MANDATORY = Both(nl="Deze bijeenkomst is verplicht.", en="This meeting is mandatory.")


@dataclass(frozen=True)
class Entry:
    """One event for a calendar. `start` and `end` are aware, in the zone of the edition."""

    key: str
    """What it is: the same when it moves."""
    title: str
    start: datetime
    end: datetime
    about: str = ""
    where: str = ""
    version: int = 0


def calendar_file(name: str, entries: Sequence[Entry], made: datetime, *, off: bool = False) -> File:
    """Make a calendar file of these events. `made` (aware) is the moment of making; `off` takes them out of the calendar.

    Source: RFC 5546, 3.2.5: a CANCEL has the UID of the event and a higher sequence.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Kring//Kring//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "PUBLISH")
    for entry in entries:
        event = _event(entry, made)
        if off:
            event.add("status", "CANCELLED")
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return File(name=f"{name}.ics", mime="text/calendar", content=calendar.to_ical())


def _event(entry: Entry, made: datetime) -> Event:
    event = Event()
    event.add("uid", hashlib.sha256(entry.key.encode()).hexdigest()[:32] + "@kring")
    event.add("dtstamp", made)
    event.add("sequence", entry.version)
    event.add("summary", entry.title)
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    if entry.about:
        event.add("description", entry.about)
    if entry.where:
        event.add("location", entry.where)
    return event


def meeting_file(ctx: Context, meeting: Meeting, person: str, *, off: bool = False) -> File:
    """The file that puts a meeting in somebody's calendar, in their language; `off` takes it out."""
    language = ctx.person(person).language or ctx.edition.language
    return calendar_file(meeting.key, [meeting_entry(ctx, meeting, language)], ctx.now, off=off)


def meeting_entry(ctx: Context, meeting: Meeting, language: str) -> Entry:
    """A meeting, as an event in the calendar of somebody who reads this language."""
    span = meeting.span(ctx.edition.zone)
    title = f"{ctx.edition.name}: {either(meeting.name, language)}"
    told = [MANDATORY] if meeting.mandatory else []
    about = "\n".join(either(text, language) for text in (*told, meeting.about) if text)
    where = "Online" if meeting.online and meeting.seats is None else ""
    return Entry(f"{ctx.edition.id}/{meeting.key}", title, span.start, span.end, about, where, meeting.version)


def visit_entries(ctx: Context, visit: Visit) -> list[Entry]:
    """The agreed halves of a visit, as events."""
    zone, place = ctx.edition.zone, ctx.exchange.places[visit.number]
    title = f"{ctx.edition.name}: {ctx.name(visit.guest)} → {place.organisation}"
    return [
        Entry(
            f"{visit.id}/{n}",
            title,
            datetime.combine(half.day, half.start, zone),
            datetime.combine(half.day, half.end, zone),
            version=visit.version,
        )
        for n, half in enumerate(visit.agreed)
    ]
