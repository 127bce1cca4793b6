"""Preferences: ranking places, filling a short list, and naming what somebody would rather not visit."""

from collections.abc import Sequence

from programme.apart import Two
from programme.edition import Edition
from programme.exchange import Exchange, Phase, folded
from programme.model import Model
from programme.records import Participant, Place
from programme.text import Call, Day, Misread, Refusal, _


def example(edition: Edition) -> Call:
    """How somebody gives their order: an example with as many places as the edition lets them rank."""
    numbers = (3, 7, 1, 5, 2, 8, 4, 6, 10, 9)[: edition.preferences.length]
    return Call(command="prefer", arguments=tuple(map(str, numbers)))


def erased(exchange: Exchange) -> list[Model]:
    """What changes when nobody needs preferences any more: all that people preferred goes, and all that was made of it but the visits.

    Of the proof the hash stays; and who are kept apart, as long as there can be intervision groups. Empty when there is nothing to erase.
    """
    parts: list[Model] = [
        part.model_copy(update={"preferences": (), "avoids": (), "padded": 0})
        for _person, part in sorted(exchange.participants.items())
        if part.preferences or part.avoids
    ]
    before = exchange.round
    proved = before.proposal.input if before.proposal and before.published else before.proved
    gone = {"proposal": None, "hold": None, "repair": None, "locks": (), "consultations": ()}
    after = before.model_copy(update={**gone, "apart": _still_apart(exchange), "proved": proved})
    return parts if after == before else [*parts, after]


def _still_apart(exchange: Exchange) -> tuple[Two, ...]:
    """Groups are made after the visits: who may not be in one together is known as long as the edition goes on."""
    edition = exchange.edition
    return exchange.round.apart if edition.intervision is not None and edition.is_current(exchange.now) else ()


def must_take_preferences(exchange: Exchange) -> None:
    """Refuse outside the window of preferences."""
    exchange.must_show_places()
    if exchange.phase is not Phase.PREFERENCES:
        raise Refusal(
            _(
                "Preferences closed on {day}. Is something wrong? Call or mail {contact}.",
                day=Day(day=exchange.edition.period("preferences").last),
                contact=str(exchange.edition.contact),
            )
        )


def length(exchange: Exchange, part: Participant) -> int:
    """How many places this person ranks: as the edition says, or all that there are."""
    return min(exchange.edition.preferences.length, len(exchange.choosable(part)))


def ranked(exchange: Exchange, part: Participant, numbers: Sequence[int]) -> Participant:
    """Keep this ranking (numbers of places, best first). Refuses what cannot be ranked; a short list it leaves to `padding`."""
    must_take_preferences(exchange)
    _must_rank(exchange, part, numbers)
    return part.model_copy(update={"preferences": tuple(numbers), "padded": 0})


def _must_rank(exchange: Exchange, part: Participant, numbers: Sequence[int]) -> None:
    if not numbers:
        raise Misread(_("Name at least one place, best first: {how}.", how=example(exchange.edition)))
    if twice := sorted({n for n in numbers if numbers.count(n) > 1}):
        raise Misread(_("Place {number} stands in your list twice. Name each place once.", number=twice[0]))
    if len(numbers) > exchange.edition.preferences.length:
        raise Misread(
            _("Your list can hold {most} places. Leave the last ones out.", most=exchange.edition.preferences.length)
        )
    for number in numbers:
        _must_choose(part, exchange.place(number))


def _must_choose(part: Participant, place: Place) -> None:
    if place.host == part.person:
        raise Misread(_("Place {number} is your own. Choose places of others.", number=place.number))
    if folded(place.organisation) == folded(part.answers.get("organisation", "")):
        raise Misread(
            _("Place {number} is at your own organisation. Choose a place somewhere else.", number=place.number)
        )
    if place.number in part.avoids:
        raise Misread(
            _(
                "Place {number} is one that you would rather not visit. Do you want it after all? Then first type {how}.",
                number=place.number,
                how=Call(command="avoid", arguments=tuple(str(n) for n in part.avoids if n != place.number) or ("0",)),
            )
        )


def padding(exchange: Exchange, part: Participant, numbers: Sequence[int]) -> tuple[int, ...]:
    """The places that fill a short list: other sectors first, then the same; then by number. Empty when it is long enough."""
    missing = exchange.edition.preferences.length - len(numbers)
    if missing <= 0:
        return ()
    mine = part.answers.get("sector", "")
    free = [p for p in exchange.choosable(part) if p.number not in numbers]
    free.sort(key=lambda p: (p.sector == mine, p.number))
    return tuple(p.number for p in free[:missing])


def avoided(exchange: Exchange, part: Participant, numbers: Sequence[int]) -> Participant:
    """Keep which places this person would rather not visit; they leave the ranking. Refuses more than the edition allows."""
    must_take_preferences(exchange)
    most = exchange.edition.preferences.avoid
    if len(set(numbers)) > most:
        raise Refusal(
            _(
                "You can name {most} places at most. Is that not enough? Call or mail {contact}.",
                most=most,
                contact=str(exchange.edition.contact),
            )
        )
    for number in numbers:
        if exchange.place(number).host == part.person:
            raise Refusal(_("Place {number} is your own. You never visit yourself.", number=number))
    kept = tuple(n for n in part.preferences if n not in numbers)
    return part.model_copy(
        update={"avoids": tuple(dict.fromkeys(numbers)), "preferences": kept, "padded": min(part.padded, len(kept))}
    )
