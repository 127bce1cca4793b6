"""Two people whom the coordinator keeps apart: no visit between them, either way, and no intervision group with both.

Somebody and their manager, for instance. Why is neither asked nor kept, and participants do not see it.
"""

from collections.abc import Collection

from programme.exchange import Exchange
from programme.records import NewPair, Round
from programme.text import Call, Refusal, _

Two = tuple[str, str]


def from_whom(round_: Round, person: str) -> frozenset[str]:
    """From whom somebody is kept apart: full ids."""
    return frozenset(other for two in round_.apart if person in two for other in two if other != person)


def among(round_: Round, people: Collection[str]) -> tuple[Two, ...]:
    """The pairs of whom both are among these people."""
    return tuple(two for two in round_.apart if set(two) <= set(people))


def kept(exchange: Exchange, one: str, other: str) -> Round:
    """Keep two people apart from now on; nobody is asked any more about a repair that joins them.

    Refuses two who are so already, whom a lock puts together, or who have a match.
    """
    two, round_ = _two(one, other), exchange.round
    if one == other:
        raise Refusal(_("Nobody visits themselves. Name two people."))
    if two in round_.apart:
        raise Refusal(_("These two are kept apart already. Undo it with {how}.", how=_undo(one, other)))
    for person, host in ((one, other), (other, one)):
        place = exchange.place_of(host)
        if place is not None and any((it.person, it.number) == (person, place.number) for it in round_.locks):
            how = Call(command="match_release", arguments=(person,))
            raise Refusal(_("A place was fixed by hand for these two. First take that back with {how}.", how=how))
    if any(visit.concerns(one) and visit.concerns(other) for visit in exchange.going()):
        raise Refusal(_("These two have a match already. Call them; a visit can be called off by either of them."))
    after = round_.model_copy(update={"apart": (*round_.apart, two), "hold": None})
    if after.repair is None or not joined(after):
        return after
    return after.model_copy(update={"repair": after.repair.model_copy(update={"asked": False})})


def joined(round_: Round) -> list[NewPair]:
    """The pairs of the repair at hand that may not be: their two are kept apart since."""
    return [pair for pair in (round_.repair.pairs if round_.repair else ()) if among(round_, (pair.guest, pair.host))]


def undone(exchange: Exchange, one: str, other: str) -> Round:
    """Keep two people apart no longer. Refuses two who are not."""
    two, round_ = _two(one, other), exchange.round
    if two not in round_.apart:
        raise Refusal(_("These two are not kept apart. See who are with {how}.", how=Call(command="match_forbid")))
    left = tuple(it for it in round_.apart if it != two)
    return round_.model_copy(update={"apart": left, "hold": None})


def _two(one: str, other: str) -> Two:
    first, second = sorted((one, other))
    return first, second


def _undo(one: str, other: str) -> Call:
    return Call(command="match_allow", arguments=(one, other))
