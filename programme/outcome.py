"""What became of a visiting day: called off, missed, not yet, or done and how it was. Why is neither asked nor kept."""

from collections.abc import Iterator
from datetime import date, timedelta

from programme.exchange import Exchange
from programme.records import Ended, How, Visit
from programme.text import Call, Refusal, _
from programme.workdays import works

WORST, BEST = 1, 5
CHOICES = 3


def ahead(exchange: Exchange, person: str) -> list[Visit]:
    """The visits of somebody that are agreed and not over."""
    day = exchange.today
    return [visit for visit in _agreed(exchange, person) if visit.agreed[-1].day >= day]


def likely(exchange: Exchange, person: str) -> list[Visit]:
    """Those of them that are meant when none is named: those of today, if there are any."""
    day, found = exchange.today, ahead(exchange, person)
    return [visit for visit in found if any(half.day == day for half in visit.agreed)] or found


def begun(exchange: Exchange, person: str) -> list[Visit]:
    """The visits of somebody whose agreed day has come, and of which nobody has said what became of it."""
    return [v for v in _agreed(exchange, person) if v.agreed[0].day <= exchange.today]


def _agreed(exchange: Exchange, person: str) -> Iterator[Visit]:
    return (v for v in exchange.visits_of(person) if v.agreed and v.ended is None)


def has_been(exchange: Exchange, visit: Visit) -> bool:
    """Whether a visit has taken place: it was said, or the day that was agreed is past and nobody said otherwise."""
    if visit.ended is not None:
        return visit.done
    return bool(visit.agreed) and visit.agreed[-1].day < exchange.today


def had(exchange: Exchange, person: str) -> bool:
    """Whether somebody has visited or received a guest."""
    return any(has_been(exchange, visit) for visit in exchange.concerning.get(person, ()))


def cancelled(exchange: Exchange, visit: Visit, by: str) -> Visit:
    """Call off what was agreed. Kept is who did, and never why."""
    return _undone(exchange, visit, "cancelled by guest" if by == visit.guest else "cancelled by host")


def missed(exchange: Exchange, visit: Visit) -> Visit:
    """The guest did not come. It is a fact of the day, and not of the person."""
    return _undone(exchange, visit, "missed")


def not_yet(exchange: Exchange, visit: Visit) -> Visit:
    """It has not taken place; another day can be agreed."""
    return _undone(exchange, visit, "not yet")


def _undone(exchange: Exchange, visit: Visit, how: How) -> Visit:
    version = visit.version + 1
    end = Ended(version=version, how=how, on=exchange.today)
    return visit.model_copy(
        update={"agreed": (), "agreed_at": None, "suggestion": None, "version": version, "end": end}
    )


def done(exchange: Exchange, visit: Visit) -> Visit:
    """It has taken place."""
    end = Ended(version=visit.version, how="done", on=exchange.today)
    return visit.model_copy(update={"end": end})


def figured(visit: Visit, person: str, figure: int) -> Visit:
    """Keep how it was for one of the two: a figure, and nothing else. Refuses a visit that has not taken place."""
    if not visit.done:
        raise Refusal(_("Has the visit taken place? Then first type {how}.", how=Call(command="took_place")))
    if not WORST <= figure <= BEST:
        raise Refusal(_("I need a number from {least} to {most}. Type only the number.", least=WORST, most=BEST))
    return visit.model_copy(update={"figures": {**visit.figures, visit.side(person): figure}})


def new_days(exchange: Exchange, visit: Visit, free: frozenset[date], like: date) -> list[date]:
    """Three days to choose from, in order: working days from tomorrow within the period, on which neither of the two visits.

    The day that is called off is none of them. Days of the week of `like` come first: people's weeks have a shape. `free` are the
    days on which nobody works.
    """
    period = exchange.edition.period("visits")
    taken = {
        h.day for p in (visit.guest, visit.host) for v in exchange.visits_of(p) if v.id != visit.id for h in v.agreed
    }
    taken |= {half.day for half in visit.agreed}
    first = max(period.first, exchange.today + timedelta(days=1))
    days = [first + timedelta(days=n) for n in range((period.last - first).days + 1)]
    possible = [day for day in days if works(day, free | taken)]
    return sorted(sorted(possible, key=lambda d: (d.weekday() != like.weekday(), d))[:CHOICES])
