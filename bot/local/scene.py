"""What the page shows beside the messages: the clock, the people, their rooms, what time brings; and to one tab the next step."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from bot.clock import free_days
from bot.local.facts import Reader, pictures
from bot.local.play import Play
from bot.local.road import next_step
from bot.local.steps import shown
from bot.local.suggestions import speaks, suggested
from bot.local.timeline import SOMETHING, Milestone, heard_next, in_sessions, milestone_after, timeline
from programme.people import LanguageCode, Person
from programme.records import Participant
from programme.rooms import RoomWish
from programme.text import Sayable

LANGUAGES = ("nl", "en")


@dataclass
class View:
    """What one tab looks at."""

    person: str = ""
    """Full id of who is played there; empty: everybody."""
    room: str = ""
    """Key of the room."""
    language: LanguageCode = "nl"
    """The language of the page."""
    pictures: bool = False
    """Whether the pictures are shown."""


def scene(play: Play) -> dict[str, Any]:
    """Everything that can change with what was done, as all tabs see it."""
    found = timeline(play)
    return {
        "kind": "scene",
        "play": play.id,
        "clock": _clock(play, found),
        "edition": _edition(play),
        "people": [_person(play, it) for it in play.people()],
        "rooms": [_room(play, it) for it in play.rooms()],
        "timeline": [it.shown() for it in found],
        "asked": sorted(play.asked()),
    }


def closer(play: Play, view: View) -> dict[str, Any]:
    """What only the tab with this view sees: the next step, what could be typed there, and the pictures when they are wanted."""
    return {
        "kind": "closer",
        "play": play.id,
        "step": _step(play, view),
        "suggestions": _suggestions(play, view),
        "language": speaks(play, view.person, view.language),
        "pictures": _pictures(play, view),
    }


def _step(play: Play, view: View) -> dict[str, Any] | None:
    step = next_step(play, view.person, view.language)
    return shown(play, step) if step is not None else None


def _suggestions(play: Play, view: View) -> list[dict[str, Any]]:
    known = {person.id for person in play.people()}
    return [asdict(it) for it in suggested(play, view.person, view.room, view.language)] if view.person in known else []


def _both(play: Play, text: Sayable) -> dict[str, str]:
    return {language: play.house.spell(text, language) for language in LANGUAGES}


def _clock(play: Play, found: list[Milestone]) -> dict[str, Any]:
    """Where the clock stands, what happens next by itself, and the next milestone for everybody."""
    now, at = play.clock.now(), heard_next(found, play.next_at())
    named = [it.shown() for it in found if it.standing == "coming" and it.at == at and it.people != 0]
    what = [it["what"] for it in named] or [_session_brings(play, at)]
    beacon = milestone_after(found, now)
    return {
        "now": now.isoformat(),
        "next": at and {"at": at.isoformat(), "what": what},
        "milestone": beacon and beacon.shown(),
    }


def _session_brings(play: Play, at: datetime | None) -> dict[str, str]:
    """What a session brings at this moment, in both languages."""
    what = next((it for moment, it in in_sessions(play).items() if moment == at), SOMETHING)
    return {"nl": what.nl, "en": what.en}


def _edition(play: Play) -> dict[str, Any]:
    edition = play.edition
    phase = play.state.exchange(edition, play.clock.now()).phase
    return {"name": edition.name, "zone": edition.zone_name, "phase": phase, "language": edition.language}


def _person(play: Play, person: Person) -> dict[str, Any]:
    part = play.state.get(Participant, f"{play.edition.id}/{person.id}")
    return {
        "id": person.id,
        "name": person.shown,
        "organisation": person.organisation,
        "coordinates": person.id in play.coordinators(),
        "state": part.state if part is not None else "",
        "language": person.language or play.house.setup.language,
    }


def _room(play: Play, wish: RoomWish) -> dict[str, Any]:
    return {
        "key": wish.key,
        "name": _both(play, wish.name),
        "topic": _both(play, wish.topic),
        "members": sorted(play.members(wish)),
        "archived": wish.archived,
    }


def _pictures(play: Play, view: View) -> list[dict[str, Any]]:
    if not view.pictures:
        return []
    now = play.clock.now()
    reader = Reader(
        lambda text: play.house.spell(text, view.language), view.language, names=True, free=_free(now.date())
    )
    drawn = pictures(play.state, play.edition, now, reader)
    return [{"title": it.title, "svg": it.svg, "rows": it.rows} for it in drawn]


def _free(today: date) -> frozenset[date]:
    return free_days(today.year) | free_days(today.year + 1)
