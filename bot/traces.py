"""Where a person is in what the bot remembers: for the right to be forgotten.

Ids of people stand in keys, in fields, in lists and in texts. All of these become a pseudonym; here stands what is a person's own
beyond that, and therefore goes or is emptied. Every table is named once: whoever adds one decides what it means to be forgotten.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from storage.erasure import Erasure, Own, pseudonym
from storage.snapshot import Shelves
from storage.table import Shelf

OWN: Final[dict[str, Own]] = {
    "people": Own(by=("id",)),
    "participants": Own(
        by=("person",),
        leaves={
            "state": "withdrawn",
            "answers": {},
            "preferences": [],
            "avoids": [],
            "meetings": {},
            "network": {},
            "shared": False,
        },
    ),
    "places": Own(by=("host",), leaves={"offer": "", "organisation": "", "open": False}),
    "visits": Own(by=("guest", "host")),
    "experiences": Own(by=("person", "id")),
    "letters": Own(by=("room",)),
    "questions": Own(by=("person",)),
    "seen": Own(by=("id",)),
    "gathered": Own(by=("id",)),
    "rooms": Own(by=("id",)),
    "carriers": Own(by=("id", "key")),
    "marks": Own(by=("id",)),
    "pending": Own(by=("person",)),
    "undelivered": Own(by=("room",)),
}

SHARED: Final = frozenset(
    {
        "editions",
        "edition_files",
        "rounds",
        "groups",
        "ballots",
        "sessions",
        "evaluations",
        "continuing",
        "planned",
        "rung",
        "audit",
    }
)
"""Tables of which no document is one person's own: people are in them by their ids alone."""


def erasure(person: str, files: Sequence[Shelves]) -> Erasure:
    """What it takes to forget the person with this id, given the documents of every file that is to forget them.

    A name of one word may be any word, and a name that two people have is not one person's: such a name stays where it stands
    in texts of others.
    """
    named = [named for shelves in files for named in _names(shelves)]
    others = {name for id_, name in named if id_ != person}
    names = dict.fromkeys(name for id_, name in named if id_ == person and " " in name.strip() and name not in others)
    return Erasure(person, tuple(names), pseudonym(files), OWN)


def _names(shelves: Shelves) -> Iterator[tuple[str, str]]:
    """The id and the name of everybody."""
    people = shelves.get("people", Shelf("people"))
    return ((key, str(people.document(key).get("name", ""))) for key in people)
