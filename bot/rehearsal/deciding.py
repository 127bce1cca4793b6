"""What a coordinator has on their hands in a rehearsal: what the desk is asked, what they type, and who was placed without a word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Literal

from bot.rehearsal.record import Message, Rehearsal, Spoken
from programme import rooms
from programme.text import Both

Kind = Literal["asked", "typed", "placed"]
"""Something at the desk that asks for attention; a command that was given there; somebody with a match and no preferences."""
DECISIONS: dict[Kind, Both] = {
    "asked": Both(nl="je leest: {text}", en="you read: {text}"),
    "typed": Both(nl="je typt {text}", en="you type {text}"),
    "placed": Both(
        nl="{person} is geplaatst en gaf geen voorkeuren. Bel even.",
        en="{person} has a place and gave no preferences. Call them.",
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do or to decide, and when."""

    at: datetime
    kind: Kind
    person: str = ""
    text: str = ""
    """What the desk reads; or what is typed, with what comes of it."""


def steps(rehearsal: Rehearsal) -> list[Step]:
    """All of them, in order of time."""
    found = [*_at_the_desk(rehearsal), *_placed(rehearsal)]
    return sorted(found, key=lambda step: step.at)


def _at_the_desk(rehearsal: Rehearsal) -> Iterator[Step]:
    """What wakes the coordinators, and what they say there with the last thing that was answered."""
    desk = [it for it in rehearsal.said if it.room == rooms.desk(rehearsal.edition.id)]
    for index, it in enumerate(desk):
        if isinstance(it, Spoken):
            yield Step(it.at, "typed", it.person, _with_answer(it, desk[index + 1 :]))
        elif it.cause != "answer" and it.wake:
            yield Step(it.at, "asked", text=it.text)


def _with_answer(it: Spoken, later: list[Message | Spoken]) -> str:
    ends = next((n for n, other in enumerate(later) if isinstance(other, Spoken)), len(later))
    answers = [other for other in later[:ends] if isinstance(other, Message) and other.cause == "answer"]
    said = f"[{it.text}]" if it.pressed else it.text
    return f"{said} → {_gist(answers[-1].text)}" if answers else said


def _gist(answer: str) -> str:
    """The first line that says something: not a heading; of a list all of it."""
    lines = [line for line in answer.split("\n") if not line.endswith(":")] or [answer]
    listed = [line.removeprefix("- ") for line in takewhile(lambda line: line.startswith("- "), lines)]
    return "; ".join(listed) or lines[0]


def _placed(rehearsal: Rehearsal) -> Iterator[Step]:
    """Who has a match, gave no preferences and did not choose it in consultation either."""
    end = rehearsal.end
    if end is None or end.round.published is None:
        return
    chose = {it.person for it in end.round.consultations if it.answer == "accepted"}
    for person in sorted(visit.guest for visit in end.visits.values()):
        part = end.participants.get(person)
        if part is not None and not part.preferences and person not in chose:
            yield Step(end.round.published, "placed", person)
