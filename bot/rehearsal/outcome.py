"""How it ended for everybody, and how many messages it took."""

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Literal

from bot.rehearsal.record import Rehearsal, Spoken
from programme.exchange import Exchange

Outcome = Literal["visited", "agreed", "no day", "no place", "waiting", "form", "left", "not signed up"]
"""The day took place; it was agreed and nobody said what became of it; there is a host and no day; there is no host; on the
waiting list; with a form that was not finished; left; never signed up."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A rehearsal in numbers. Messages are those that the bot sent to people who take part, in their own chat and outside sessions."""

    people: int
    messages: int
    spoken: int
    """What people typed and pressed."""
    most: int
    """Messages to whom it said most."""
    median: float
    busiest: str
    """Who that was."""
    weeks: float
    """Over so many weeks."""
    each_week: float
    """Messages a week to one person, in the middle of all people."""
    sessions: int
    """So many sessions the groups held."""
    in_sessions: int
    """What the bot said in them, in rooms and alone."""


def outcomes(rehearsal: Rehearsal) -> dict[str, Outcome]:
    """How it ended for everybody, by id; the coordinators left out."""
    assert rehearsal.end is not None  # noqa: S101 - played to its end
    people = (p.id for p in rehearsal.people if p.id not in rehearsal.edition.coordinators)
    return {person: _outcome(person, rehearsal.end) for person in people}


def _outcome(person: str, end: Exchange) -> Outcome:
    part, visit = end.participants.get(person), end.visits.get(person)
    if part is None:
        return "not signed up"
    match part.state:
        case "withdrawn":
            return "left"
        case "form":
            return "form"
        case "waiting" | "offered":
            return "waiting"
        case "in" if visit is None:
            return "no place"
        case "in" if visit is not None:
            return "visited" if visit.done else "agreed" if visit.agreed else "no day"
    raise AssertionError(part.state)


def summary(rehearsal: Rehearsal) -> Summary:
    """Count."""
    people = outcomes(rehearsal)
    counted = Counter(dict.fromkeys(people, 0))
    apart = [rehearsal.at_the_table(m) for m in rehearsal.messages]
    counted.update(
        m.person for m, away in zip(rehearsal.messages, apart, strict=True) if m.person in people and not away
    )
    moments = [it.at for it in rehearsal.said]
    weeks = (max(moments) - min(moments)).total_seconds() / (7 * 86_400) if moments else 0.0
    middle = median(counted.values()) if counted else 0
    busiest = max(sorted(counted), key=lambda person: counted[person], default="")
    return Summary(
        people=len(people),
        messages=sum(counted.values()),
        spoken=sum(isinstance(it, Spoken) for it in rehearsal.said),
        most=counted[busiest],
        median=middle,
        busiest=busiest,
        weeks=round(weeks, 1),
        each_week=round(middle / weeks, 1) if weeks else 0.0,
        sessions=len(rehearsal.sessions),
        in_sessions=sum(apart),
    )
