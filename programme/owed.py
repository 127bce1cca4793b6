"""Answers that people owe: to a day that was proposed, a new pair, room that came free, a place in an intervision group, and its agreements.

Each is derived from what the answer would change, so nobody owes what they have answered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from programme import circles
from programme.exchange import Exchange
from programme.records import NewPair, Visit
from programme.reminder import About

__all__ = ["About", "Owed", "owed", "owed_since"]


@dataclass(frozen=True, slots=True)
class Owed:
    """An answer that one person owes."""

    about: About
    person: str
    asked: datetime
    """When they were asked (aware)."""
    call: tuple[str, ...] = ()
    """The arguments of the commands that answer it."""
    pair: Visit | NewPair | None = None
    """The guest and host that it is about."""
    until: datetime | None = None
    """Until when it can be answered, where that is known (aware)."""


def owed(exchange: Exchange) -> Iterator[Owed]:
    """All answers that are owed now."""
    yield from _days(exchange)
    yield from _pairs(exchange)
    yield from _rooms(exchange)
    yield from _wishes(exchange)
    yield from _agreements(exchange)


def owed_since(exchange: Exchange, about: str, day: date | None) -> list[Owed]:
    """The answers to one kind of question that are owed since this day, where the clock of the edition hangs."""
    return [it for it in owed(exchange) if it.about == about and exchange.edition.day(it.asked) == day]


def _days(exchange: Exchange) -> Iterator[Owed]:
    for visit in exchange.going():
        if visit.suggestion is not None and visit.suggestion.at is not None:
            person = visit.other(visit.suggestion.by)
            yield Owed("proposal", person, visit.suggestion.at, (visit.guest,), visit)


def _pairs(exchange: Exchange) -> Iterator[Owed]:
    repair = exchange.round.repair
    if repair is None or not repair.asked or repair.asked_at is None:
        return
    for pair in repair.pairs:
        for person in sorted({pair.guest, pair.host} - pair.agreed):
            yield Owed("repair", person, repair.asked_at, (pair.guest, str(pair.number)), pair)


def _rooms(exchange: Exchange) -> Iterator[Owed]:
    for person, part in sorted(exchange.participants.items()):
        if part.state == "offered" and part.room_until is not None:
            yield Owed("room", person, part.since, until=part.room_until)


def _wishes(exchange: Exchange) -> Iterator[Owed]:
    for part in circles.unasked(exchange):
        if part.asked is not None and exchange.edition.intervision is not None:
            yield Owed("intervision", part.person, part.asked)


def _agreements(exchange: Exchange) -> Iterator[Owed]:
    for _number, group in sorted(exchange.groups.items()):
        if group.closed is None and group.made is not None:
            for person in circles.waiting_for(exchange.edition, group):
                yield Owed("agreements", person, group.made)
