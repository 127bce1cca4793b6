"""The visiting day: proposed by one, accepted or declined by the other."""

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date, datetime

from programme import rooms
from programme.edition import Edition
from programme.exchange import Exchange, Phase, folded
from programme.records import Half, Suggestion, Visit
from programme.text import Call, Day, Refusal, Sayable, Span, Value, _, listing
from programme.workdays import is_weekend


def must_visit(exchange: Exchange) -> None:
    """Refuse as long as the matches are not known, and after the visiting period."""
    if exchange.phase is Phase.CLOSED:
        raise Refusal(
            _(
                "The visiting period is over. Do you still want to agree a day? Call or mail {contact}.",
                contact=str(exchange.edition.contact),
            )
        )
    if not exchange.round.published:
        raise Refusal(matches_to_come(exchange))


def matches_to_come(exchange: Exchange) -> Sayable:
    """When somebody hears their match, before publication: by its day, as long as that has not passed."""
    if exchange.today > exchange.edition.publish:
        return _("The matches are not known yet. You will hear yours as soon as they are.")
    return _("The matches are not known yet. You will hear yours by {day}.", day=Day(day=exchange.edition.publish))


def named(exchange: Exchange, person: str, written: str) -> tuple[list[Visit], str]:
    """The visits that somebody may mean, and what else they wrote. A side (`gast`, `gastgever`) or the guest's id may come first."""
    mine = exchange.visits_of(person)
    first, _space, rest = written.strip().partition(" ")
    if folded(first) in ("gast", "guest"):
        return [v for v in mine if v.guest == person], rest.strip()
    if folded(first) in ("gastgever", "host"):
        return [v for v in mine if v.host == person], rest.strip()
    if of := [v for v in mine if v.guest == first]:
        return of, rest.strip()
    return mine, written.strip()


def meant(exchange: Exchange, person: str, written: str, room: str) -> tuple[list[Visit], str]:
    """As `named`; in the room of a pair it is their visit. Refuses who has none."""
    found, rest = named(exchange, person, written)
    here = [v for v in found if rooms.pair(exchange.edition.id, v.guest) == room]
    if not found:
        raise Refusal(_("I do not know which visit you mean. See your visits with {how}.", how=Call(command="match")))
    return here or found, rest


def called(visit: Visit, reader: str, name: Callable[[str], str]) -> Sayable:
    """What this visit is called to one of the two."""
    if visit.guest == reader:
        return _("Your visit to {host}", host=name(visit.host))
    return _("The visit of {guest} to you", guest=name(visit.guest))


def suggested(exchange: Exchange, visit: Visit, by: str, halves: Sequence[Half]) -> Visit:
    """Propose a day for a visit. Refuses days outside the period, in the past, or on which one of the two visits elsewhere."""
    must_visit(exchange)
    _must_fit(exchange, visit, halves)
    return visit.model_copy(update={"suggestion": Suggestion(by=by, halves=tuple(halves), at=exchange.now)})


def _must_fit(exchange: Exchange, visit: Visit, halves: Sequence[Half]) -> None:
    must_be_in_period(exchange, halves)
    for half in halves:
        _must_be_free(exchange, visit, half.day)


def must_be_in_period(exchange: Exchange, halves: Sequence[Half], free: Container[date] = ()) -> None:
    """Refuse days outside the visiting period, in the past, in the weekend, or `free`: on which nobody works."""
    period = exchange.edition.period("visits")
    for half in halves:
        if not period.first <= half.day <= period.last:
            raise Refusal(
                _(
                    "{day} lies outside the visiting period ({period}). Choose a day within it. Is there no other way? Call or mail {contact}.",
                    day=Day(day=half.day),
                    period=period,
                    contact=str(exchange.edition.contact),
                )
            )
        if datetime.combine(half.day, half.end, exchange.edition.zone) <= exchange.now:
            raise Refusal(_("{day} has passed. Choose a day that is still to come.", day=Day(day=half.day)))
        if is_weekend(half.day):
            raise Refusal(_("{day} is in the weekend. Choose a working day.", day=Day(day=half.day)))
        if half.day in free:
            raise Refusal(_("{day} is a public holiday. Choose a working day.", day=Day(day=half.day)))


def _must_be_free(exchange: Exchange, visit: Visit, day: date) -> None:
    for person in (visit.guest, visit.host):
        for other in exchange.visits_of(person):
            if other.id != visit.id and any(half.day == day for half in other.agreed):
                raise Refusal(
                    _(
                        "One of you has another visit on {day}. Choose another day.",
                        day=Day(day=day),
                    )
                )


def objection(exchange: Exchange, visit: Visit) -> Sayable | None:
    """Why the day that was proposed does not fit any more; None when it does. Refuses after the visiting period."""
    must_visit(exchange)
    try:
        _must_fit(exchange, visit, visit.suggestion.halves if visit.suggestion else ())
    except Refusal as refusal:
        return refusal.text
    return None


def accepted(exchange: Exchange, visit: Visit, by: str) -> Visit:
    """Say yes to the day that the other proposed. Refuses when there is none, or it does not fit any more."""
    if visit.suggestion is None or visit.suggestion.by == by:
        raise Refusal(_("There is no day to answer. Propose one yourself with {how}.", how=Call(command="propose")))
    _must_fit(exchange, visit, visit.suggestion.halves)
    agreed: dict[str, object] = {"agreed": visit.suggestion.halves, "agreed_at": exchange.now}
    return visit.model_copy(update={**agreed, "suggestion": None, "version": visit.version + 1})


def declined(visit: Visit, by: str) -> Visit:
    """Say no to the day that the other proposed."""
    if visit.suggestion is None or visit.suggestion.by == by:
        raise Refusal(_("There is no day to answer. Propose one yourself with {how}.", how=Call(command="propose")))
    return visit.model_copy(update={"suggestion": None})


def lapses(edition: Edition, suggestion: Suggestion) -> datetime:
    """When a day that was proposed has come (aware): as it begins, or at its end when it was proposed later than that."""
    first = min(suggestion.halves, key=lambda half: (half.day, half.start))
    begins, ends = (datetime.combine(first.day, clock, edition.zone) for clock in (first.start, first.end))
    return begins if suggestion.at is None or suggestion.at < begins else ends


def lapsed(exchange: Exchange) -> list[Visit]:
    """The visits with a proposal to which no answer came before its day did."""
    now, edition = exchange.now, exchange.edition
    return [v for v in exchange.going() if v.suggestion is not None and lapses(edition, v.suggestion) <= now]


def unanswered(visit: Visit) -> Visit:
    """Take a proposal off the table whose day has come."""
    return visit.model_copy(update={"suggestion": None})


def spans(edition: Edition, halves: Iterable[Half]) -> Value:
    """Write agreed halves as they are read: "dinsdag 13 oktober 2026, 09.00-17.00 uur"."""
    zone = edition.zone
    return listing(
        [Span(start=datetime.combine(h.day, h.start, zone), end=datetime.combine(h.day, h.end, zone)) for h in halves]
    )
