"""How made-up people come to a session of their group: in time, late or not at all; and who begins it, by which method."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from programme import circles
from programme.crowd import chance
from programme.crowd.act import Act, Look
from programme.intervision.calls import START
from programme.intervision.method import Method
from programme.intervision.planned import FEWEST, HERE, Planned, leads_next
from programme.intervision.session import Session
from programme.records import Group

Comes = Literal["in time", "late", "not"]
IN_TIME, LATE = 0.85, 0.94
"""With a draw below the first somebody is there in time, below the second late."""
ARRIVES: Mapping[Comes, tuple[float, float]] = {"in time": (-4.8, 1.5), "late": (8, 25)}
"""So many minutes after the beginning."""
LONGEST = 90
"""Minutes that a group has."""
SPOKEN, SLOW = 0.25, 0.4
"""With a draw below the first a group talks in a call, below the second it goes over days, where both can be."""


def comes(it: Look, mine: Group, day: date) -> Comes:
    """Whether somebody comes to the session of their group on this day."""
    drawn = it.chance(f"comes/{mine.id}/{day}")
    return "in time" if drawn < IN_TIME else "late" if drawn < LATE else "not"


def acts(it: Look, mine: Group, planned: Planned, room: str) -> Iterator[Act]:
    """Say that one is there when that is asked, and begin."""
    begins, _ends = planned.span(it.zone)
    how = comes(it, mine, planned.day)
    if it.me.id not in planned.here and how != "not":
        about = f"here/{begins:%Y%m%d}"
        at = begins + timedelta(minutes=it.between(about, *ARRIVES[how]))
        yield from it.act(about, at, HERE, room=room)
    if it.me.id in planned.here and len(planned.here) >= FEWEST:
        yield from _starting(it, mine, planned, room, begins)


def coming_late(it: Look, mine: Group, session: Session, room: str) -> Iterator[Act]:
    """Say that one is there while the session goes on already."""
    how = comes(it, mine, session.started.astimezone(it.zone).date())
    if how != "not":
        about = f"late/{session.id}"
        least, most = ARRIVES[how]
        at = session.started + timedelta(minutes=max(1.0, it.between(about, least, most)))
        here = it.act(about, at, HERE, room=room)
        yield from (replace(act, session=session.id) for act in here if at < session.ends)


def _starting(it: Look, mine: Group, planned: Planned, room: str, begins: datetime) -> Iterator[Act]:
    """Begin: who leads next, or, a while later, another who is there. Not everybody there? Then with the button to begin all the same."""
    first = leads_next(mine)
    line = [person for person in (first, *(p for p in mine.members if p != first)) if person in planned.here]
    about = f"start/{mine.held}/{begins:%Y%m%d}"
    at = begins + timedelta(minutes=2 + 4 * line.index(it.me.id) + it.between(about, 0, 1.5))
    words = _words(it, mine, planned)
    start = START.model_copy(update={"arguments": words})
    all_there = planned.here >= {*mine.members} and not circles.waiting_for(it.exchange.edition, mine)
    now = START.model_copy(update={"arguments": (*words, "nu")})
    calls = (start,) if all_there or "langzaam" in words else (start, now)
    yield from it.act(about, at, *calls, room=room, most=2)


def _words(it: Look, mine: Group, planned: Planned) -> tuple[str, ...]:
    """By which method, how it is held, and whose case it is where no vote brings that out."""
    about = f"{mine.id}/{mine.held}"
    fitting = [method for method in it.hall.methods.values() if _fits(method, len(planned.here))]
    if not fitting:
        return ()
    method = chance.pick(it.seed, mine.id, about, fitting)
    how = _how(it, mine, method, about)
    others = sorted(planned.here - {it.me.id})
    presenter = (chance.pick(it.seed, mine.id, f"{about}/case", others),) if _names_presenter(method, how) else ()
    return (method.id, *how, *presenter)


def _fits(method: Method, number: int) -> bool:
    return method.sizes.least <= number <= method.sizes.most and method.minutes <= LONGEST


def _how(it: Look, mine: Group, method: Method, about: str) -> tuple[str, ...]:
    """In writing, in a call, or over days: not the first time, and only with one case."""
    drawn = chance.draw(it.seed, mine.id, f"{about}/how")
    if drawn < SPOKEN:
        return ("video",)
    slow = drawn < SLOW and mine.held and all(phase.case == 1 for phase in method.phases) and method.needs_presenter
    return ("langzaam",) if slow else ()


def _names_presenter(method: Method, how: tuple[str, ...]) -> bool:
    return method.phases[0].needs_presenter or ("langzaam" in how and method.needs_presenter)
