"""What a matching is asked, and what it answers: plain facts, checked when they come in.

Only facts stand here; how the answer is found is in `solve.py`, and `proof.py` checks it on the raw facts of this module alone.
"""

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from programme.model import Model
from programme.text import Text, _

Id = Annotated[str, StringConstraints(min_length=1)]
Capacity = Annotated[int, Field(ge=0, strict=True)]
Level = tuple[Id, ...]
Pair = tuple[Id, Id]
Mechanism = Literal["fair", "loting"]
MOST_DIGITS = 4_000
"""The longest decimal numbers in a certificate. Python reads and writes no longer ones, against overload."""
Reciprocal = Literal["allowed", "forbidden", "required"]


class Contradictions(ValueError):  # noqa: N818 - what an input says against itself
    """Why an input cannot be; `texts` has one for each fault: the key, what is wrong and, after a semicolon, how to mend it."""

    def __init__(self, *texts: Text) -> None:
        super().__init__("\n".join(text.id.format(**text.values) for text in texts))
        self.texts = texts


class Problem(Model):
    """Who looks for a place, which places there are, and the rules of this round.

    `preferences[person]` is a list of levels, best first; a level is a tuple of places liked as much (a tie), and an empty level
    is left out on purpose. `forbidden` and `locked` are pairs (person, place). `previous` is an earlier match to stay close
    to: whoever is in it but not in `people` has left, and rules and wishes that still name a leaver are kept but ask nothing.
    `alternatives` says whether a fitting place outside the list may be given, as one last level. A person's own place has the
    person's id, unless `own` says otherwise; nobody gets it. `lottery` is the seed text; without it the lots
    hang on the ids alone, which is for trying out only.

    Raises `ValueError` with one line `key: what is wrong; how to mend it` per fault.
    """

    people: tuple[Id, ...]
    places: dict[Id, Capacity]
    preferences: dict[Id, tuple[Level, ...]]
    forbidden: tuple[Pair, ...] = ()
    locked: tuple[Pair, ...] = ()
    previous: dict[Id, Id] | None = None
    reciprocal: Reciprocal = "allowed"
    alternatives: Annotated[bool, Field(strict=True)] = False
    mechanism: Mechanism = "fair"
    lottery: str = ""
    own: dict[Id, Id] | None = None

    @field_validator("preferences", mode="before")
    @classmethod
    def _wrap_single_places(cls, raw: Any) -> Any:
        """Read `["b", ["c", "d"]]` as the levels `("b",)` and `("c", "d")`."""
        if not isinstance(raw, dict):
            return raw
        return {person: _levels(row) for person, row in raw.items()}

    @model_validator(mode="after")
    def _refuse_contradictions(self) -> Self:
        faults = list(_faults(self))
        if faults:
            raise Contradictions(*faults)
        return self

    def own_place(self, person: str) -> str:
        """The place that this person keeps as a host, whether or not it takes part."""
        return (self.own or {}).get(person, person)

    def locks(self) -> dict[str, str]:
        """Where those who take part have been locked to: person to place."""
        taking_part = set(self.people)
        return {person: place for person, place in self.locked if person in taking_part}

    def barred(self) -> set[Pair]:
        """Every pair (person, place) that can never be: forbidden, or the person's own place."""
        return set(self.forbidden) | {(person, self.own_place(person)) for person in self.people}

    def list_length(self) -> int:
        """How many levels the longest list has: a place outside the list comes after all of these."""
        return max((len(self.preferences.get(person, ())) for person in self.people), default=0)

    def levels(self) -> int:
        """How many levels a profile has: those of the lists, and one more when places outside the list can be given."""
        beyond = self.alternatives or any(place not in self.level_of(person) for person, place in self.locks().items())
        return self.list_length() + beyond

    def level_of(self, person: str) -> dict[str, int]:
        """The level of each listed place of this person; 0 is the first choice."""
        return {place: level for level, tie in enumerate(self.preferences.get(person, ())) for place in tie}

    def hash(self) -> str:
        """SHA-256, in hexadecimal, of the canonical JSON of everything but the lottery's seed, which is drawn from this hash.

        The order of people, places, pairs and of places within a level makes no difference.
        """
        facts = self.model_dump(exclude={"lottery"})
        facts["people"] = sorted(self.people)
        facts["forbidden"] = sorted(set(self.forbidden))
        facts["locked"] = sorted(set(self.locked))
        facts["preferences"] = {
            person: [sorted(level) for level in row] for person, row in self.preferences.items() if row
        }
        text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


class Certificate(Model):
    """The proof that no better matching exists: a price for every person (`u`) and every place (`v`), as decimal strings.

    Under a rule about mutual visits a price list alone may not suffice. Then `split` holds two visits (person, place) that return each
    other, and `branches` the proof for both worlds. Mutual visits forbidden: the world without the first visit and the one
    without the second. Required: the world without both, and the one in which these two visit each other.
    """

    u: dict[str, str]
    v: dict[str, str]
    split: tuple[Pair, Pair] | None = None
    branches: tuple["Certificate", ...] = ()


class Matching(Model):
    """Who visits where. `profile[r]` counts people on their (r+1)-th level; `alternatives` are offers for who has no wish fulfilled.

    `changed` names who has another place than in `previous`, and is None when there was none.
    """

    match: dict[str, str]
    unplaced: tuple[str, ...]
    profile: tuple[int, ...]
    alternatives: dict[str, tuple[str, ...]]
    mechanism: Mechanism
    lottery_order: tuple[str, ...]
    certificate: Certificate
    proved: bool
    changed: tuple[str, ...] | None = None


def _levels(row: Any) -> Any:
    return [(level,) if isinstance(level, str) else level for level in row] if isinstance(row, list | tuple) else row


def _faults(problem: Problem) -> Iterator[Text]:
    yield from _faults_of_ids(problem)
    yield from _faults_of_lists(problem)
    yield from _faults_of_locks(problem)


def _faults_of_ids(problem: Problem) -> Iterator[Text]:
    previous = problem.previous or {}
    people = {*problem.people, *previous}
    places = {*problem.places, *previous, *previous.values()}
    for person, times in Counter(problem.people).items():
        if times > 1:
            yield _("people: '{person}' stands there {times} times; name everybody once", person=person, times=times)
    for key, named in _named_people(problem):
        if named not in people:
            yield _(
                "{key}: '{named}' is not one of the people; add the person to people or take this out",
                key=key,
                named=named,
            )
    for key, named in _named_places(problem):
        if named not in places:
            yield _(
                "{key}: '{named}' is not one of the places; add it to places (capacity 0 when it is closed) or take this out",
                key=key,
                named=named,
            )


def _named_people(problem: Problem) -> Iterator[tuple[str, str]]:
    yield from (("preferences", person) for person in problem.preferences)
    yield from (("forbidden", person) for person, _ in problem.forbidden)
    yield from (("locked", person) for person, _ in problem.locked)
    yield from (("own", person) for person in problem.own or {})


def _named_places(problem: Problem) -> Iterator[tuple[str, str]]:
    for person, row in problem.preferences.items():
        yield from ((f"preferences.{person}", place) for level in row for place in level)
    people = set(problem.people)
    # Whoever keeps no place may still be barred from "their own": an id that is a person's is no slip of the pen.
    yield from (("forbidden", place) for _, place in problem.forbidden if place not in people)
    yield from (("locked", place) for _, place in problem.locked)


def _faults_of_lists(problem: Problem) -> Iterator[Text]:
    if problem.levels() * len(str(len(problem.people) + 1)) > MOST_DIGITS:
        yield _("preferences: a list is too long to count exactly in decimal numbers; leave out its last places")
    for person, row in problem.preferences.items():
        for place, times in Counter(place for level in row for place in level).items():
            if times > 1:
                yield _(
                    "preferences.{person}: '{place}' stands there {times} times; keep its best level only",
                    person=person,
                    place=place,
                    times=times,
                )


def _faults_of_locks(problem: Problem) -> Iterator[Text]:
    people, barred = set(problem.people), problem.barred()
    locked = sorted({lock for lock in problem.locked if lock[0] in people})
    for person, times in Counter(person for person, _place in locked).items():
        if times > 1:
            yield _("locked: '{person}' is locked to {times} places; keep one", person=person, times=times)
    for place, times in Counter(place for _person, place in locked).items():
        if times > (room := problem.places.get(place, 0)):
            yield _(
                "locked: {times} people are locked to '{place}', which has room for {room}; unlock some or give it more room",
                times=times,
                place=place,
                room=room,
            )
    for person, place in locked:
        if (person, place) in barred:
            yield _(
                "locked: '{person}' may not go to '{place}' (forbidden, or their own place); unlock, or take the rule away",
                person=person,
                place=place,
            )
