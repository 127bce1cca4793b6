"""After the solve: why a person has this place, what a lock would cost, and how to mend a matching when somebody leaves."""

from typing import Literal

from programme.matching.offers import offers
from programme.matching.problem import Matching, Pair, Problem
from programme.matching.solve import solve
from programme.model import Model

__all__ = ["Explanation", "Missed", "Price", "explain", "offers", "price_of_lock", "with_lock", "without"]

Reason = Literal["full", "closed", "ruled out", "locked", "kept"]


class Missed(Model):
    """A place that a person liked better, and why it was not to be.

    `full`: others have it, by the rules or the lottery. `closed`: it takes nobody. `ruled out`: a rule forbids it. `locked`: the
    coordinator has given this person a fixed place. `kept`: there was room, but taking it would break what a repair or the
    rule about mutual visits keeps.
    """

    place: str
    level: int
    reason: Reason


class Explanation(Model):
    """Why a person is where they are, told without a word about anybody else.

    `level` is None for a place outside the list and for no place. `missed` are the places that they liked better, best first.
    """

    person: str
    place: str | None
    level: int | None
    locked: bool
    missed: tuple[Missed, ...]


class Price(Model):
    """What changes for everybody together: more people without a place, and more (or fewer) people on each level.

    Two prices compare like the rule does: first the unplaced, then the levels from the last to the second.
    """

    unplaced: int
    profile: tuple[int, ...]

    def weight(self) -> tuple[int, ...]:
        """To sort by: the lower, the better for all. A price of nothing has only zeros."""
        return (self.unplaced, *reversed(self.profile[1:]))


def explain(problem: Problem, matching: Matching, person: str) -> Explanation:
    """Explain to one person their own place."""
    place, levels = matching.match.get(person), problem.level_of(person)
    own = levels.get(place) if place is not None else None
    better = sorted((level, wish) for wish, level in levels.items() if own is None or level < own)
    return Explanation(
        person=person,
        place=place,
        level=own,
        locked=person in problem.locks(),
        missed=tuple(
            Missed(place=wish, level=level, reason=_reason(problem, matching, (person, wish))) for level, wish in better
        ),
    )


def _reason(problem: Problem, matching: Matching, visit: Pair) -> Reason:
    person, place = visit
    room = problem.places.get(place, 0)
    if visit in problem.barred():
        return "ruled out"
    if room == 0:
        return "closed"
    if person in problem.locks():
        return "locked"
    return "full" if list(matching.match.values()).count(place) >= room else "kept"


def with_lock(problem: Problem, person: str, place: str) -> Problem:
    """Lock a person to a place, instead of where they were locked before.

    Raises pydantic's `ValidationError` (a `ValueError`) when a rule forbids it or locks fill the place already.
    """
    others = tuple(lock for lock in problem.locked if lock[0] != person)
    return Problem.model_validate({**dict(problem), "locked": (*others, (person, place))})


def price_of_lock(problem: Problem, person: str, place: str) -> Price:
    """Tell what it would cost everybody together to lock a person to a place, before doing so.

    Raises as `with_lock` and `solve` do.
    """
    free, locked = solve(problem), solve(with_lock(problem, person, place))
    levels = max(len(free.profile), len(locked.profile))
    padded = [[*one.profile, *[0] * (levels - len(one.profile))] for one in (locked, free)]
    return Price(
        unplaced=len(locked.unplaced) - len(free.unplaced),
        profile=tuple(after - before for after, before in zip(*padded, strict=True)),
    )


def without(problem: Problem, matching: Matching, person: str, *, host: bool = False) -> Problem:
    """Take a person who leaves out of a matched problem, so that `solve` repairs it with as few changes as possible.

    `host` says that their own place stays open: they no longer visit, and still receive.
    """
    places = problem.places if host else {**problem.places, problem.own_place(person): 0}
    return Problem.model_validate(
        {
            **dict(problem),
            "people": tuple(one for one in problem.people if one != person),
            "places": {place: room for place, room in places.items() if place in problem.places},
            "locked": tuple(lock for lock in problem.locked if lock[0] != person and places.get(lock[1])),
            "previous": {**matching.match, person: matching.match.get(person, problem.own_place(person))},
        }
    )
