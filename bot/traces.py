"""Where a person is in what the bot remembers: for the right to be forgotten.

Ids of people stand in keys, in fields, in lists and in texts. All of these become a pseudonym; here stands what is a person's own
beyond that, and therefore goes or is emptied. Every table is named once: whoever adds one decides what it means to be forgotten.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Final

from programme.rooms import KINDS
from storage.erasure import Erasure, Fields, Own, is_full, pseudonym
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
            "undisturbed": None,
        },
    ),
    "places": Own(by=("host",), leaves={"offer": "", "organisation": "", "open": False}),
    "visits": Own(
        by=("guest", "host"),
        leaves={"suggestion": None, "wishes": [], "signed": None, "figures": {}},
    ),
    "experiences": Own(by=("person", "id")),
    "letters": Own(by=("room",)),
    "questions": Own(by=("person", "call", "choices")),
    "seen": Own(by=("id",)),
    "gathered": Own(by=("id",)),
    "rooms": Own(by=("id",)),
    "carriers": Own(by=("id", "key")),
    "marks": Own(by=("id",)),
    "pending": Own(by=("person",)),
    "undelivered": Own(by=("room",)),
}

PERSONS: Final[dict[str, tuple[str, ...]]] = {
    "people": ("id",),
    "participants": ("person",),
    "places": ("host",),
    "visits": ("guest", "host"),
    "experiences": ("person",),
    "questions": ("person",),
}
"""The fields that hold nothing but the full id of somebody: who stands in one is known here."""

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


FIELDS: Final = Fields(
    fixed=frozenset(
        {
            "action",
            "answer",
            "checks",
            "command",
            "commitment",
            "currency",
            "digest",
            "edition",
            "en",
            "form",
            "how",
            "input",
            "kind",
            "language",
            "level",
            "meetings",
            "method",
            "mime",
            "name",
            "network",
            "nl",
            "organisation",
            "phases",
            "plural",
            "region",
            "rule",
            "secret",
            "sector",
            "sharing",
            "state",
            "zone",
        }
    ),
    content=frozenset({"answers", "offer", "question", "words", "text", "reason"}),
    open=frozenset({"values", "answers"}),
    pairs=frozenset({"apart"}),
    lists={"editions": frozenset({"coordinators"}), "edition_files": frozenset({"coordinators"})},
)
"""What stands in the fields of documents. An edition keeps its texts: nobody but its coordinators is in it."""
MOST_NEAR: Final = 3


def erasure(person: str, files: Sequence[Shelves], words: Sequence[str] = (), *, at: datetime) -> Erasure:
    """What it takes to forget the person with this id, given the documents of every file that is to forget them.

    At `at` (aware) the person counts as gone, so that what follows on a withdrawal follows on this: the house looks for another match
    for whoever lost one.

    `words` are names that the operator gives, to be replaced in what others wrote too. Without them a name of one word may
    be any word, and a name that two people have is not one person's: such a name stays where it stands.
    """
    named = [named for shelves in files for named in _names(shelves)]
    others = {name for id_, name in named if id_ != person}
    names = dict.fromkeys(name for id_, name in named if id_ == person and " " in name.strip() and name not in others)
    own = {**OWN, "participants": _gone(OWN["participants"], at)}
    return Erasure(person, tuple(names), pseudonym(files), own, tuple(dict.fromkeys(words)), FIELDS)


def _gone(own: Own, at: datetime) -> Own:
    return Own(own.by, {**(own.leaves or {}), "since": at.isoformat()})


def known(files: Iterable[Shelves]) -> dict[str, str]:
    """The ids of everybody of whom there is a record of their own, with the newest name that is known, or none."""
    people: dict[str, str] = {}
    for shelves in files:
        for id_ in _ids(shelves):
            people.setdefault(id_, "")
        for id_, name in _names(shelves):
            people[id_] = people.get(id_) or name
    return people


def nearest(written: str, people: Mapping[str, str]) -> list[str]:
    """The ids that could be meant by what somebody wrote: by the letters of the id, or by the name."""
    sought = written.casefold()
    named = [id_ for id_, name in people.items() if sought in name.casefold() or sought in id_.casefold()]
    return list(dict.fromkeys([*named, *get_close_matches(written, people, n=MOST_NEAR)]))[:MOST_NEAR]


def is_ambiguous(person: str, files: Iterable[Shelves]) -> bool:
    """Whether an id of one word, as a played chat has them, is a word of the house too: a number, an edition, a kind of room."""
    editions = {id_ for shelves in files for id_ in shelves.get("editions", Shelf("editions"))}
    return not is_full(person) and (person.isdecimal() or person in editions | KINDS | {"direct"})


def _ids(shelves: Shelves) -> Iterator[str]:
    for table, fields in PERSONS.items():
        shelf = shelves.get(table, Shelf(table))
        for key in shelf:
            document = shelf.document(key)
            for field in fields:
                if isinstance(id_ := document.get(field), str) and id_:
                    yield id_


def _names(shelves: Shelves) -> Iterator[tuple[str, str]]:
    """The id and the name of everybody."""
    people = shelves.get("people", Shelf("people"))
    return ((key, str(people.document(key).get("name", ""))) for key in people)
