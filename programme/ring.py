"""The ring: from preferences to matches. Locks, proposal, the hold before publication, and the visits that follow from it.

The lottery is committed to before the first list comes in (`committed`) and revealed with the result: its seed mixes the secret
with the hash of the frozen input, so nobody can choose it (`programme/matching/lottery.py`).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from programme import apart
from programme.exchange import Exchange, Phase
from programme.matching import lottery
from programme.matching.problem import Matching, Mechanism, Pair, Problem
from programme.matching.proof import prove
from programme.matching.solve import solve
from programme.records import Hold, Lock, Participant, Place, Proposal, Round, Visit
from programme.text import Call, Day, Misread, Refusal, _

UNPROVED = _("The outcome did not pass the independent check. Nothing has been kept. Tell the operator.")

NOBODY_PLACED = _(
    "Nobody has a place in this proposal, so there is nothing to publish. See with {state} who takes part and how many places there are. Let somebody in with {admit}, then make a new proposal with {how}.",
    state=Call(command="state"),
    admit=Call(command="admit"),
    how=Call(command="match_propose"),
)


def problem(exchange: Exchange) -> Problem:
    """The matching that these preferences ask for, with its lottery. Refuses when a fixed place is not possible any more."""
    for lock in _locks(exchange):
        _must_hold(exchange, lock)
    asked = _without_lottery(exchange)
    return asked.model_copy(update={"lottery": lottery.seed(exchange.round.secret, asked.hash())})


def _locks(exchange: Exchange) -> list[Lock]:
    """The locks of those who take part. Who was erased has left theirs behind, under a pseudonym."""
    parts = exchange.participants
    return [lock for lock in exchange.round.locks if lock.person in parts and parts[lock.person].takes_part]


def _must_hold(exchange: Exchange, lock: Lock) -> None:
    """Refuse a lock that has been overtaken, by preferences that were opened again or by a change of the form."""
    if lock.number not in _possible(exchange, exchange.participants[lock.person]):
        raise Refusal(
            _(
                "Place {number} was fixed by hand and is not possible any more for that person. Take it back with {how}.",
                number=lock.number,
                how=Call(command="match_release", arguments=(lock.person,)),
            )
        )


def _without_lottery(exchange: Exchange) -> Problem:
    rule = exchange.edition.preferences
    parts = [p for _person, p in sorted(exchange.participants.items()) if p.takes_part]
    places = exchange.offered()
    return Problem(
        people=tuple(p.person for p in parts),
        places={str(place.number): place.seats for place in places},
        preferences={
            p.person: tuple((str(n),) for n in p.preferences if exchange.places[n].can_be_visited) for p in parts
        },
        forbidden=tuple(sorted({pair for p in parts for pair in _forbidden(exchange, p, places)})),
        locked=tuple(sorted((lock.person, str(lock.number)) for lock in _locks(exchange))),
        own={place.host: str(place.number) for place in places},
        reciprocal=rule.reciprocal,
        alternatives=rule.alternatives,
        mechanism=rule.mechanism,
    )


def _forbidden(exchange: Exchange, part: Participant, places: list[Place]) -> Iterator[Pair]:
    """The places that can never be."""
    possible = _possible(exchange, part)
    return ((part.person, str(place.number)) for place in places if place.number not in possible)


def _possible(exchange: Exchange, part: Participant) -> set[int]:
    """What somebody can get: not the own organisation, nothing they would rather not, and no visit that the coordinator forbids."""
    kept_from = apart.from_whom(exchange.round, part.person)
    return {place.number for place in exchange.choosable(part) if place.host not in kept_from}


def committed(round_: Round, secret: str) -> Round:
    """Bind the lottery to a secret, before the first list comes in."""
    return round_.model_copy(update={"secret": secret, "commitment": lottery.commitment(secret, round_.id)})


def must_match(exchange: Exchange) -> None:
    """Refuse a matching before preferences have closed, and after publication."""
    if exchange.round.published:
        raise Refusal(_("The matches have been published. See how it stands with {how}.", how=Call(command="state")))
    if exchange.phase is not Phase.MATCHING:
        closes = exchange.edition.windows["preferences"].closes
        raise Refusal(
            _(
                "Preferences can still come in until the end of {day}. Do you want to match now? Then close them first with {how}.",
                day=Day(day=closes),
                how=Call(command="programme_close", arguments=("preferences",)),
            )
        )


def proposed(exchange: Exchange, asked: Problem, found: Matching) -> Round:
    """Keep an outcome of the solver. Refuses one whose proof fails: then nothing may be published."""
    if prove(asked, found) is not None:
        raise Refusal(UNPROVED)
    proposal = Proposal(
        made=exchange.now,
        input=asked.hash(),
        problem=asked.model_dump_json(),
        matching=found.model_dump_json(),
        match={person: int(place) for person, place in found.match.items()},
        unplaced=found.unplaced,
    )
    return exchange.round.model_copy(update={"proposal": proposal, "hold": None})


def bundle(proposal: Proposal) -> tuple[Problem, Matching]:
    """What was asked and what was found: together they can be checked by anybody."""
    return _read(proposal.problem, proposal.matching)


@lru_cache(maxsize=1)
def _read(asked: str, found: str) -> tuple[Problem, Matching]:
    """Read once what publication asks for each person."""
    return Problem.model_validate_json(asked), Matching.model_validate_json(found)


def is_free(exchange: Exchange, person: str, number: int) -> bool:
    """Whether somebody can be given this place by hand: no rule forbids it, and the locks of others leave a seat."""
    part, place = exchange.participants.get(person), exchange.places.get(number)
    if part is None or not part.takes_part or place is None:
        return False
    taken = sum(lock.number == number for lock in exchange.round.locks if lock.person != person)
    return taken < place.seats and number in _possible(exchange, part)


def locked(exchange: Exchange, person: str, number: int, reason: str) -> Round:
    """Give somebody a place by hand. Refuses one that a rule forbids or that is taken by locks already."""
    exchange.place(number)
    if not is_free(exchange, person, number):
        raise Refusal(
            _(
                "Place {number} is not possible for this person: it is their own organisation, they would rather not, the two are kept apart, or it is full.",
                number=number,
            )
        )
    others = tuple(lock for lock in exchange.round.locks if lock.person != person)
    locks = (*others, Lock(person=person, number=number, reason=reason))
    return exchange.round.model_copy(update={"locks": locks, "hold": None})


def released(exchange: Exchange, person: str) -> Round:
    """Take a lock away. Refuses when there is none."""
    locks = tuple(lock for lock in exchange.round.locks if lock.person != person)
    if locks == exchange.round.locks:
        raise Refusal(_("This person has no fixed place, so there is nothing to take back."))
    return exchange.round.model_copy(update={"locks": locks, "hold": None})


def proposal_that_stands(exchange: Exchange) -> Proposal:
    """The newest proposal. Refuses when there is none, or the state has changed since."""
    must_match(exchange)
    proposal = exchange.round.proposal
    if proposal is None:
        raise Refusal(_("There is no proposal yet. Make one with {how}.", how=Call(command="match_propose")))
    if proposal.input != problem(exchange).hash():
        raise Refusal(
            _("Something has changed since the proposal. Make a new one with {how}.", how=Call(command="match_propose"))
        )
    return proposal


def proposal_to_publish(exchange: Exchange) -> Proposal:
    """The newest proposal, with something to publish. Refuses one that gives nobody a place."""
    proposal = proposal_that_stands(exchange)
    if not proposal.match:
        raise Refusal(NOBODY_PLACED)
    return proposal


def held(exchange: Exchange, by: str, count: int) -> Round:
    """Begin the wait before publication. Refuses a count that is not the number of matches."""
    proposal = proposal_to_publish(exchange)
    if exchange.round.hold is not None:
        raise Refusal(
            _("Publication is under way already. You can stop it with {how}.", how=Call(command="match_stop"))
        )
    if count != len(proposal.match):
        raise Misread(
            _(
                "The proposal holds {n} matches, and you wrote {count}. Publish it with {how}.",
                n=len(proposal.match),
                count=count,
                how=Call(command="match_publish", arguments=(str(len(proposal.match)),)),
            )
        )
    until = exchange.now + timedelta(minutes=exchange.edition.hold_minutes)
    hold = Hold(by=by, at=exchange.now, until=until, input=proposal.input)
    return exchange.round.model_copy(update={"hold": hold})


def stopped(exchange: Exchange) -> Round:
    """Stop a publication that waits. Refuses when none does."""
    if exchange.round.hold is None:
        raise Refusal(_("No publication is under way. There is nothing to stop."))
    return exchange.round.model_copy(update={"hold": None})


def published(exchange: Exchange, now: datetime) -> tuple[Round, list[Visit]]:
    """Make the proposal that was held real. Proof and state are looked at again; refuses when either is not what it was."""
    hold, proposal = exchange.round.hold, proposal_that_stands(exchange)
    if hold is None or hold.input != proposal.input:
        raise Refusal(_("The proposal is not the one that was confirmed. Publish it again."))
    asked, found = bundle(proposal)
    if prove(asked, found) is not None:
        raise Refusal(UNPROVED)
    visits = [visit(exchange, asked, person, int(number)) for person, number in sorted(found.match.items())]
    return exchange.round.model_copy(update={"published": now, "hold": None}), visits


def visit(exchange: Exchange, asked: Problem, guest: str, number: int, version: int = 0) -> Visit:
    """The visit that a match makes. `version` is higher where it comes instead of another, for the calendar file."""
    return Visit(
        id=f"{exchange.edition.id}/{guest}",
        edition=exchange.edition.id,
        guest=guest,
        host=exchange.places[number].host,
        number=number,
        level=asked.level_of(guest).get(str(number)),
        version=version,
    )


def solved(asked: Problem) -> Matching:
    """Solve it: the plain function for a computation beside the loop."""
    return solve(asked)


def by_both_rules(asked: Problem) -> dict[Mechanism, Matching]:
    """The same question solved by the fair rule and in the order of the lottery: to compare, not to publish."""
    rules: tuple[Mechanism, ...] = ("fair", "loting")
    return {rule: solve(asked.model_copy(update={"mechanism": rule})) for rule in rules}
