"""In consultation: somebody for whom no preference was possible chooses from three places, before the matches are published.

At most two proposals; then the coordinator calls. Why somebody says no is neither asked nor kept.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Literal

from programme import ring
from programme.exchange import Exchange
from programme.matching.offers import offers
from programme.records import Consultation, Proposal, Round
from programme.text import Call, Refusal, _

MOST = 2
CHOICES = 3
REASON = "in overleg"
Answer = Literal["accepted", "declined", "call"]


def of(exchange: Exchange, person: str) -> Consultation | None:
    """What was discussed with this person."""
    return next((it for it in exchange.round.consultations if it.person == person), None)


def proposed(exchange: Exchange, person: str) -> Round:
    """Offer somebody up to three places that are possible. Refuses who has a preference, and a third proposal."""
    proposal, before = ring.proposal_that_stands(exchange), of(exchange, person)
    if before is not None and before.times >= MOST:
        raise Refusal(
            _(
                "There were two proposals. Call this person; the place can be fixed with {how}.",
                how=Call(command="match_lock"),
            )
        )
    numbers = _possible(exchange, proposal, person, before.offered if before else ())
    if not numbers:
        raise Refusal(_("There is no other place that is possible. Call this person."))
    times = before.times + 1 if before else 1
    return _with(exchange, Consultation(person=person, offered=numbers, times=times, asked=exchange.now))


def _possible(exchange: Exchange, proposal: Proposal, person: str, seen: Collection[int]) -> tuple[int, ...]:
    """Up to three places that this person has not seen yet: the one that they would have now, then those that cost others least."""
    asked, found = ring.bundle(proposal)
    place = found.match.get(person)
    if person not in asked.people or place in asked.level_of(person):
        raise Refusal(_("This person has one of their preferences, so there is nothing to discuss."))
    found_places = [*([place] if place else []), *offers(asked, found, person, n=CHOICES + len(seen))]
    numbers = [int(it) for it in found_places if int(it) not in seen and ring.is_free(exchange, person, int(it))]
    return tuple(numbers[:CHOICES])


def _with(exchange: Exchange, it: Consultation) -> Round:
    others = tuple(other for other in exchange.round.consultations if other.person != it.person)
    return exchange.round.model_copy(update={"consultations": (*others, it)})


def unsettled(exchange: Exchange) -> list[Consultation]:
    """What still waits for somebody who takes part: for their choice, or to be called."""
    parts = exchange.participants
    mine = (it for it in exchange.round.consultations if it.person in parts and parts[it.person].takes_part)
    return [it for it in mine if it.answer in ("open", "call")]


def fixed(exchange: Exchange, person: str, number: int, reason: str) -> Round:
    """Give somebody a place by hand: they have nothing to choose any more. Refuses what `ring.locked` refuses."""
    it, round_ = of(exchange, person), ring.locked(exchange, person, number, reason)
    settled = it is not None and it.answer in ("open", "call")
    if it is None or not settled:
        return round_
    return _with(replace(exchange, round=round_), it.model_copy(update={"answer": "fixed"}))


def open_to(exchange: Exchange, person: str) -> Consultation:
    """The places from which this person can choose now. Refuses when there are none, or when it is too late."""
    it = of(exchange, person)
    if it is None or it.answer != "open" or exchange.round.published:
        raise Refusal(_("There is nothing to choose now. See how you stand with {how}.", how=Call(command="overview")))
    return it


def still_possible(exchange: Exchange, it: Consultation) -> list[int]:
    """The offered places that nobody else has taken since."""
    return [number for number in it.offered if ring.is_free(exchange, it.person, number)]


def accepted(exchange: Exchange, person: str, number: int) -> Round:
    """Fix the place that somebody chose. Refuses one that was not offered, or that others were given meanwhile."""
    it = open_to(exchange, person)
    if number not in it.offered:
        raise Refusal(
            _("That place was not proposed to you. See the proposal with {how}.", how=Call(command="alternative"))
        )
    if number not in still_possible(exchange, it):
        raise Refusal(
            _("Somebody else has that place now. Choose another one with {how}.", how=Call(command="alternative"))
        )
    fixed = ring.locked(exchange, person, number, REASON)
    return _with(replace(exchange, round=fixed), it.model_copy(update={"answer": "accepted"}))


def answered(exchange: Exchange, person: str, answer: Answer) -> Round:
    """Keep that somebody wants none of these places, or wants to be called."""
    return _with(exchange, open_to(exchange, person).model_copy(update={"answer": answer}))
