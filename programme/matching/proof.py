"""The checker: is this matching really the best one? It reads the raw facts and shares no code with what found the answer.

The proof is the duality of linear programming: with prices u and v <= 0 such that u + v is at most the cost of every possible visit, and u
at most the cost of having no place, no matching can cost less than the sum of u plus room times v. A matching that costs exactly that is
best. Under a rule against mutual visits the certificate may split the world by two visits that cannot both be; the bound is then
the lower one of both halves. Under lots the draw is simply done again.

Which of several equally good matchings the lottery chose is checked by solving once more; `kring prove` does both.
"""

from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from itertools import accumulate
from math import inf

from programme.matching.problem import Certificate, Matching, Pair, Problem
from programme.text import Text, _

Visits = dict[str, dict[str, int]]
"""Per person each possible place, with its level."""

World = tuple[Visits, frozenset[str]]
"""What is possible, and who must have a place."""

Cost = Callable[[str, str | None], int]
"""What it costs that this person is at this place, or has none."""


def prove(problem: Problem, matching: Matching) -> Text | None:
    """Return None when the matching keeps every rule and is proved best, else one sentence saying why not."""
    visits = _possible(problem)
    if sentence := _broken(problem, matching.match, visits) or _misreported(problem, matching, visits):
        return sentence
    if problem.mechanism == "loting" and problem.previous is None:
        return None if matching.match == _drawn(problem, visits) else _("The lots give another match.")
    world: World = (visits, frozenset(dict(problem.locked)).intersection(problem.people))
    cost = _costs(problem, visits)
    try:
        if problem.reciprocal == "required":
            world, cost = _returned(problem, visits, cost)
        paid = sum(cost(person, matching.match.get(person)) for person in problem.people)
        proved = _bound(problem, world, cost, matching.certificate)
    except (ValueError, KeyError, RecursionError):
        return _("The certificate is no complete proof in whole numbers for these people and places.")
    return None if proved == paid else _("The certificate does not prove that no better matching exists.")


def _possible(problem: Problem) -> Visits:
    """Work out from the lists, rules and locks who can go where."""
    own, banned, locks = problem.own or {}, set(problem.forbidden), dict(problem.locked)
    last, visits = _longest(problem), dict[str, dict[str, int]]()
    for person in problem.people:
        wish = {place: rank for rank, tie in enumerate(problem.preferences.get(person, ())) for place in tie}
        every = problem.places if problem.alternatives or person in locks else wish
        visits[person] = {
            place: wish.get(place, last)
            for place in every
            if locks.get(person, place) == place
            if place != own.get(person, person) and (person, place) not in banned and problem.places.get(place, 0) > 0
        }
    return visits


def _longest(problem: Problem) -> int:
    return max((len(problem.preferences.get(person, ())) for person in problem.people), default=0)


def _broken(problem: Problem, match: dict[str, str], visits: Visits) -> Text | None:
    """Name a rule that the match does not keep."""
    own, load = problem.own or {}, Counter(match.values())
    for person, place in match.items():
        if place not in visits.get(person, {}):
            return _("'{person}' cannot be at '{place}'.", person=person, place=place)
        if load[place] > problem.places[place]:
            return _("More people are at '{place}' than there is room for.", place=place)
    if missing := set(dict(problem.locked)) & set(problem.people) - set(match):
        return _("'{person}' is locked to a place and has none.", person=min(missing))
    hosts: dict[str, list[str]] = {}
    for person in match:
        hosts.setdefault(own.get(person, person), []).append(person)
    for person, place in match.items():
        mutual = any(match[host] == own.get(person, person) for host in hosts.get(place, ()))
        if (mutual, problem.reciprocal) in {(True, "forbidden"), (False, "required")}:
            return (
                _("'{person}' and their host visit each other, which is forbidden.", person=person)
                if mutual
                else _("'{person}' and their host do not visit each other, which is required.", person=person)
            )
    return None


def _misreported(problem: Problem, matching: Matching, visits: Visits) -> Text | None:
    """Name something that the matching says about itself and that is not so."""
    people, match, before = sorted(problem.people), matching.match, problem.previous
    counts = Counter(visits[person][place] for person, place in match.items())
    facts = {
        "mechanism": problem.mechanism,
        "unplaced": tuple(person for person in people if person not in match),
        "profile": tuple(counts[level] for level in range(_levels(problem, visits))),
        "lottery_order": tuple(sorted(people, key=lambda one: sha256((problem.lottery + one).encode()).digest())),
        "changed": None if before is None else tuple(one for one in people if match.get(one) != before.get(one)),
    }
    wrong = next((word for word, fact in facts.items() if getattr(matching, word) != fact), None)
    return (
        None
        if wrong is None
        else _("What it says under {key} does not follow from the problem and the match.", key=wrong)
    )


def _levels(problem: Problem, visits: Visits) -> int:
    locked = {level for person, _place in problem.locked for level in visits.get(person, {}).values()}
    return _longest(problem) + (problem.alternatives or _longest(problem) in locked)


def _costs(problem: Problem, visits: Visits) -> Cost:
    """Weigh in base people + 1: levels from the second on, then changes if there is a match to keep, then having no place."""
    base, top, before = len(problem.people) + 1, max(_levels(problem, visits) - 1, 0), problem.previous
    powers = tuple(accumulate(range(top + 1), lambda power, _level: power * base, initial=1))
    weight = (0, *powers)

    def cost(person: str, place: str | None) -> int:
        changed = 0 if before is None else powers[top] * (before.get(person) != place)
        return changed + (powers[top + (before is not None)] if place is None else weight[visits[person][place]])

    return cost


def _bound(problem: Problem, world: World, cost: Cost, proof: Certificate) -> float:
    """The least that any matching in this world can cost, as far as the proof shows."""
    if proof.split is not None:
        halves = zip(_split(problem, world, *proof.split), proof.branches, strict=True)
        return min(_bound(problem, half, cost, branch) for half, branch in halves)
    visits, fixed = world
    if any(not visits[person] for person in fixed):
        return inf
    u, v = ({one: int(price) for one, price in prices.items()} for prices in (proof.u, proof.v))
    rooms = {
        place: min(room, 1) if problem.reciprocal == "required" else room for place, room in problem.places.items()
    }
    fits = (u[one] + v[place] <= cost(one, place) for one in problem.people for place in visits[one])
    stays = (u[one] <= cost(one, None) for one in problem.people if one not in fixed)
    honest = u.keys() == set(problem.people) and v.keys() == set(rooms) and max(v.values(), default=0) <= 0
    total = sum(u.values()) + sum(room * v[place] for place, room in rooms.items())
    return total if honest and all(fits) and all(stays) else -inf


def _split(problem: Problem, world: World, first: Pair, second: Pair) -> tuple[World, World]:
    """The two worlds that a split makes; raises `ValueError` for one that no rule allows."""
    own, (visits, fixed) = problem.own or {}, world
    if problem.reciprocal == "allowed" or (second[1], first[1]) != tuple(
        own.get(one, one) for one, _place in (first, second)
    ):
        raise ValueError(problem.reciprocal)
    without_first, without_second = _without(visits, *first), _without(visits, *second)
    if problem.reciprocal == "forbidden":
        return (without_first, fixed), (without_second, fixed)
    return (_without(without_first, *second), fixed), _together(world, first, second)


def _together(world: World, *pair: Pair) -> World:
    """The world in which these two visits take place, and nobody else comes to these places."""
    (visits, fixed), goal, taken = world, dict(pair), {place for _, place in pair}
    left = {
        one: {
            place: level for place, level in row.items() if (goal[one] == place if one in goal else place not in taken)
        }
        for one, row in visits.items()
    }
    return left, fixed | set(goal)


def _returned(problem: Problem, visits: Visits, cost: Cost) -> tuple[World, Cost]:
    """Under returned visits: the visits that can be returned, each at the cost of both, and locks that hold for both sides."""
    own = problem.own or {}
    host = {own.get(person, person): person for person in problem.people}
    if len(host) < len(problem.people):
        raise ValueError("own")
    both = {
        one: {
            place: level for place, level in row.items() if place in host and own.get(one, one) in visits[host[place]]
        }
        for one, row in visits.items()
    }
    world: World = (both, frozenset())
    for person, place in problem.locked:
        if person in both:
            world = _together(world, (person, place), (host.get(place, person), own.get(person, person)))

    def double(person: str, place: str | None) -> int:
        back = cost(person, None) if place is None else cost(host[place], own.get(person, person))
        return cost(person, place) + back

    return world, double


def _without(visits: Visits, person: str, place: str) -> Visits:
    return {**visits, person: {there: level for there, level in visits[person].items() if there != place}}


def _drawn(problem: Problem, visits: Visits) -> dict[str, str]:
    """Draw the lots again: in lottery order everybody takes the best place that is left."""

    def lot(*parts: str) -> bytes:
        return sha256("".join((problem.lottery, *parts)).encode()).digest()

    own, match = problem.own or {}, {one: place for one, place in problem.locked if one in problem.people}
    for person in sorted(set(problem.people) - set(match), key=lot):
        load, home = Counter(match.values()), own.get(person, person)
        shy = {
            own.get(host, host) for host, place in match.items() if place == home and problem.reciprocal == "forbidden"
        }
        left = [place for place in visits[person] if load[place] < problem.places[place] and place not in shy]
        if left:
            match[person] = min(left, key=lambda place: (visits[person][place], lot(person, place)))
    return match
