"""Mending a published ring when somebody leaves: as few changes as possible, and only with the consent of who is touched.

The solver is asked for the matching nearest to what there is (`programme/matching`): first as few people without a place as
possible, then as few changes, then the preferences. Visits that have taken place stay as they are.
"""

from collections import Counter

from programme import apart, ring
from programme.exchange import Exchange
from programme.matching.alternatives import without
from programme.matching.problem import Matching, Problem
from programme.outcome import has_been
from programme.records import NewPair, Repair, Round, Visit
from programme.text import Call, Refusal, _

MOST_REFUSED = 2
"""After so many pairs to which somebody said no, people talk with each other."""


def broken(exchange: Exchange) -> list[Visit]:
    """The visits that have not been and of which one of the two has left."""
    going = {visit.guest for visit in exchange.going()}
    return [
        visit
        for guest, visit in sorted(exchange.visits.items())
        if guest not in going and not has_been(exchange, visit)
    ]


def is_overtaken(exchange: Exchange) -> bool:
    """Whether the repair at hand cannot be: somebody on whom it counts has left, two of a pair are kept apart, or somebody said no.

    After a no another repair is looked for only as long as it `may_go_on`.
    """
    repair = exchange.round.repair
    if repair is None:
        return False
    if may_go_on(repair) and any((pair.guest, pair.number) in repair.refused for pair in repair.pairs):
        return True
    if apart.joined(exchange.round):
        return True
    counted_on = {*repair.unplaced, *(person for pair in repair.pairs for person in (pair.guest, pair.host))}
    return any(not exchange.participants[person].takes_part for person in counted_on)


def may_go_on(repair: Repair) -> bool:
    """Whether another repair is looked for when somebody says no."""
    return len(repair.refused) < MOST_REFUSED


def problem(exchange: Exchange) -> Problem:
    """What is asked of the solver: the published matching without who left, to be kept as much as can be.

    Whose visit has taken place looks for nothing any more, and has used up a seat. Refuses when nothing is published.
    """
    proposal = exchange.round.proposal
    if exchange.round.proved:
        raise Refusal(_("The preferences were erased when the visiting period ended, so I can find no other match."))
    if proposal is None or not exchange.round.published:
        raise Refusal(
            _("The matches are not published. Make a proposal with {how}.", how=Call(command="match_propose"))
        )
    asked, found = ring.bundle(proposal)
    taking_part = {p.person for p in exchange.participants.values() if p.takes_part}
    left = [person for person in asked.people if person not in taking_part]
    match = {person: asked.own_place(person) for person in left}
    match |= {guest: str(visit.number) for guest, visit in exchange.visits.items()}
    for person in left:
        asked = without(asked, found.model_copy(update={"match": match}), person)
    previous = {**(asked.previous or {}), **match}
    return Problem.model_validate({**dict(asked), "previous": previous, **_still_open(exchange, asked)})


def _still_open(exchange: Exchange, asked: Problem) -> dict[str, object]:
    """Who still looks for a place and where there is room, without the visits that have been and the pairs that were refused."""
    been = {guest: str(visit.number) for guest, visit in exchange.visits.items() if has_been(exchange, visit)}
    used = Counter(been.values())
    return {
        "people": tuple(person for person in asked.people if person not in been),
        "places": {place: max(0, room - used[place]) for place, room in asked.places.items()},
        "locked": tuple(lock for lock in asked.locked if lock[0] not in been),
        "forbidden": _forbidden(exchange, asked),
    }


def _forbidden(exchange: Exchange, asked: Problem) -> tuple[tuple[str, str], ...]:
    refused = exchange.round.repair.refused if exchange.round.repair else ()
    hosts = {place.host: str(place.number) for place in exchange.places.values() if str(place.number) in asked.places}
    kept = (
        (person, hosts[host])
        for person in asked.people
        for host in apart.from_whom(exchange.round, person) & hosts.keys()
    )
    return (*asked.forbidden, *((guest, str(number)) for guest, number in refused), *sorted(kept))


def proposed(exchange: Exchange, asked: Problem, found: Matching) -> Round:
    """Keep the repair that was found, with the fewest changes. Consents that were given to a pair that stays are kept."""
    before = exchange.round.repair
    pairs = tuple(_pair(exchange, before, guest, found) for guest in found.changed or () if guest in found.match)
    gone = {visit.guest: visit.version for visit in exchange.visits.values() if visit.guest in {p.guest for p in pairs}}
    repair = Repair(
        made=exchange.now,
        pairs=pairs,
        unplaced=found.unplaced,
        idle=_idle(exchange, asked, found),
        refused=before.refused if before else (),
        versions={**(before.versions if before else {}), **gone},
    )
    return exchange.round.model_copy(update={"repair": repair})


def _pair(exchange: Exchange, before: Repair | None, guest: str, found: Matching) -> NewPair:
    number = int(found.match[guest])
    said_yes = {(pair.guest, pair.number): pair.agreed for pair in before.pairs} if before else {}
    agreed = said_yes.get((guest, number), frozenset())
    return NewPair(guest=guest, number=number, host=exchange.places[number].host, agreed=agreed)


def _idle(exchange: Exchange, asked: Problem, found: Matching) -> tuple[str, ...]:
    """Hosts whose guest has left, or would have come by an earlier repair, and who receive fewer than they can."""
    load, before = Counter(found.match.values()), exchange.round.repair
    hosts = {visit.host for visit in broken(exchange)}
    hosts |= {*before.idle, *(pair.host for pair in before.pairs)} if before else set()
    room = {host: str(place.number) for host in hosts if (place := exchange.place_of(host)) is not None}
    return tuple(host for host, place in sorted(room.items()) if load[place] < asked.places.get(place, 0))


def open_repair(exchange: Exchange) -> Repair:
    """The repair at hand. Refuses when there is none."""
    if exchange.round.repair is None:
        raise Refusal(_("There is nothing to mend now. See how it stands with {how}.", how=Call(command="state")))
    return exchange.round.repair


def asked(exchange: Exchange) -> Round:
    """Let the pairs be asked. Refuses when nobody can be."""
    repair = open_repair(exchange)
    if not repair.pairs:
        raise Refusal(
            _("There is no pair to ask. Call who has no place: {contact}.", contact=str(exchange.edition.contact))
        )
    return exchange.round.model_copy(
        update={"repair": repair.model_copy(update={"asked": True, "asked_at": exchange.now})}
    )


def pair_of(exchange: Exchange, person: str, guest: str, number: int) -> NewPair:
    """The pair that this person is asked about. Refuses anybody else, and what is not asked any more."""
    repair = exchange.round.repair
    for pair in repair.pairs if repair and repair.asked else ():
        if (pair.guest, pair.number) == (guest, number) and person in (pair.guest, pair.host):
            return pair
    raise Refusal(_("This question is not open any more. See how you stand with {how}.", how=Call(command="overview")))


def agreed(exchange: Exchange, pair: NewPair, person: str) -> Round:
    """Keep that one of the two agrees."""
    repair = open_repair(exchange)
    better = pair.model_copy(update={"agreed": pair.agreed | {person}})
    pairs = tuple(better if it == pair else it for it in repair.pairs)
    return exchange.round.model_copy(update={"repair": repair.model_copy(update={"pairs": pairs})})


def is_agreed(repair: Repair) -> bool:
    """Whether all who are touched have said yes. Then it can be done, all at once."""
    return all({pair.guest, pair.host} <= pair.agreed for pair in repair.pairs)


def applied(exchange: Exchange) -> tuple[Round, list[Visit]]:
    """The new visits, and the round without the repair. They take the place of what these guests had."""
    repair, proposal = open_repair(exchange), exchange.round.proposal
    assert proposal is not None  # noqa: S101 - a repair comes from a proposal
    asked, _found = ring.bundle(proposal)
    visits = [
        ring.visit(exchange, asked, pair.guest, pair.number, repair.versions.get(pair.guest, 0) + 1)
        for pair in repair.pairs
    ]
    return exchange.round.model_copy(update={"repair": None}), visits


def refused(exchange: Exchange, pair: NewPair) -> Round:
    """Keep that this pair is not to be. Why is not asked."""
    repair = open_repair(exchange)
    said_no = (*repair.refused, (pair.guest, pair.number))
    return exchange.round.model_copy(update={"repair": repair.model_copy(update={"refused": said_no, "asked": False})})
