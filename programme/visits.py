"""The visiting day: proposed by one, accepted or declined by the other."""

from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime

from programme.edition import Edition
from programme.exchange import Exchange, Phase
from programme.records import Half, Suggestion, Visit
from programme.text import Call, Day, Refusal, Span, Value, _, listing


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
        raise Refusal(
            _("The matches are not known yet. You will hear yours by {day}.", day=Day(day=exchange.edition.publish))
        )


def suggested(exchange: Exchange, visit: Visit, by: str, halves: Sequence[Half]) -> Visit:
    """Propose a day for a visit. Refuses days outside the period, in the past, or on which one of the two visits elsewhere."""
    must_visit(exchange)
    _must_fit(exchange, visit, halves)
    return visit.model_copy(update={"suggestion": Suggestion(by=by, halves=tuple(halves))})


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
        if half.day < exchange.now.astimezone(exchange.edition.zone).date():
            raise Refusal(_("{day} has passed. Choose a day that is still to come.", day=Day(day=half.day)))
        if half.day.isoweekday() > 5:  # noqa: PLR2004 - Saturday and Sunday
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


def accepted(exchange: Exchange, visit: Visit, by: str) -> Visit:
    """Say yes to the day that the other proposed. Refuses when there is none, or it does not fit any more."""
    if visit.suggestion is None or visit.suggestion.by == by:
        raise Refusal(_("There is no day to answer. Propose one yourself with {how}.", how=Call(command="propose")))
    _must_fit(exchange, visit, visit.suggestion.halves)
    return visit.model_copy(
        update={"agreed": visit.suggestion.halves, "suggestion": None, "version": visit.version + 1}
    )


def declined(visit: Visit, by: str) -> Visit:
    """Say no to the day that the other proposed."""
    if visit.suggestion is None or visit.suggestion.by == by:
        raise Refusal(_("There is no day to answer. Propose one yourself with {how}.", how=Call(command="propose")))
    return visit.model_copy(update={"suggestion": None})


def spans(edition: Edition, halves: Iterable[Half]) -> Value:
    """Write agreed halves as they are read: "dinsdag 13 oktober 2026, 09.00-17.00 uur"."""
    zone = edition.zone
    return listing(
        [Span(start=datetime.combine(h.day, h.start, zone), end=datetime.combine(h.day, h.end, zone)) for h in halves]
    )
