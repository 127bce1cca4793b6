"""The people of the sample as they take part already: what each of them offers, and where they would like to go.

Together with the first of them, who is played by hand, they make one ring: nearly everybody gets a first preference.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from bot.transcript import enrolled
from programme.edition import Edition
from programme.model import Model
from programme.people import Person
from programme.records import Participant, Place, Round


class Wish(NamedTuple):
    """What somebody of the sample offers, and the hosts whom they would like to visit, best first."""

    offer: str
    to: tuple[str, ...]


_WRITTEN = """
bram: eva farid karin daan hugo: Je ziet hoe een college van deskundigen over geneesmiddelen beslist.
carla: karin joost bram ilse daan: Een vergadering met werkgevers en vakbonden, en de voorbereiding daarvan.
daan: hugo carla ilse farid bram: Een dag op het stadhuis: de collegevergadering, en 's avonds de raad.
eva: carla joost grace daan karin: We gaan naar de dijk, en 's middags naar de vergadering van het dagelijks bestuur.
farid: anna joost daan bram hugo: Je begint bij de briefing van half acht en eindigt in de driehoek met burgemeester en officier.
grace: ilse hugo eva carla joost: See how we warn the country for bad weather, and sit in on the meeting of the directors.
hugo: carla grace daan karin bram: Het college van bestuur praat met de medezeggenschap. Daarna een rondgang over de campus.
ilse: carla bram eva hugo grace: De week voor Provinciale Staten: hoe stukken op tijd klaar en leesbaar zijn.
joost: farid karin carla ilse eva: Een gewone dag van een directie, met het overleg over vaccinaties in de regio.
karin: grace anna joost eva ilse: Hoe een grote organisatie beslist: van vraag van de minister tot advies in één dag.
"""
WISHES: Final = {
    id_: Wish(offer, tuple(hosts.split()))
    for id_, hosts, offer in (row.split(": ", 2) for row in _WRITTEN.split("\n") if row)
}
"""By id of a person in the sample list."""


def taking_part(people: Sequence[Person], edition: Edition, at: datetime) -> Iterator[Model]:
    """The records of the participants of the sample: so that one person can play it all, all but the first take part already.

    `at` (aware) is when they signed up. The place of the first is ready too, and closed until they sign up: others want to go there.
    """
    first, *others = (person for person in people if person.id not in edition.coordinators)
    numbers = {person.id: number for number, person in enumerate((*others, first), 1)}
    for record in enrolled(others, edition, at):
        match record:
            case Participant(person=person) if person in WISHES:
                answers = {**record.answers, "offer": WISHES[person].offer}
                wanted = tuple(numbers[host] for host in WISHES[person].to)
                yield record.model_copy(update={"answers": answers, "preferences": wanted})
            case Place(host=host) if host in WISHES:
                yield record.model_copy(update={"offer": WISHES[host].offer})
            case Round():
                yield record.model_copy(update={"next_number": len(numbers) + 1})
            case _:
                yield record
    yield _closed(edition, first, numbers[first.id])


def _closed(edition: Edition, host: Person, number: int) -> Place:
    """A place with a number, at which nobody can be received yet."""
    return Place(
        id=f"{edition.id}/{number}",
        edition=edition.id,
        number=number,
        host=host.id,
        organisation=host.organisation,
        sector=host.sector,
        region=host.region,
        open=False,
    )
