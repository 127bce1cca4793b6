"""Which tables there are, and what is looked up in them by something else than the id."""

from typing import Final

from programme.ballots import Ballot
from programme.edition import Edition
from programme.edition_file import EditionFile
from programme.intervision.afterwards import Evaluation
from programme.intervision.continuing import Continuing
from programme.intervision.planned import Planned
from programme.intervision.session import Session
from programme.model import Model
from programme.people import Person
from programme.records import Experience, Group, Participant, Place, Round, Visit
from storage.letters import Audit, Carrier, Gathered, Letter, Mark, Pending, Question, Room, Rung, Seen, Undelivered

TABLES: Final[dict[str, type[Model]]] = {
    "people": Person,
    "editions": Edition,
    "edition_files": EditionFile,
    "participants": Participant,
    "places": Place,
    "rounds": Round,
    "visits": Visit,
    "experiences": Experience,
    "groups": Group,
    "ballots": Ballot,
    "sessions": Session,
    "evaluations": Evaluation,
    "continuing": Continuing,
    "planned": Planned,
    "letters": Letter,
    "questions": Question,
    "seen": Seen,
    "rung": Rung,
    "gathered": Gathered,
    "rooms": Room,
    "marks": Mark,
    "carriers": Carrier,
    "pending": Pending,
    "undelivered": Undelivered,
    "audit": Audit,
}
INDEXES: Final[dict[str, tuple[str, ...]]] = {
    "participants": ("edition", "person"),
    "places": ("edition",),
    "visits": ("edition",),
    "experiences": ("edition",),
    "groups": ("edition",),
    "ballots": ("edition",),
    "sessions": ("edition", "group"),
    "evaluations": ("edition",),
    "continuing": ("edition",),
    "planned": ("edition",),
    "questions": ("person",),
    "rooms": ("place",),
    "rung": ("edition",),
    "undelivered": ("edition",),
    "audit": ("edition",),
}
NAMES: Final[dict[type[Model], str]] = {model: name for name, model in TABLES.items()}
