"""What is kept of a rehearsal: every message and everything that people did, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from programme.edition import Edition
from programme.exchange import Exchange
from programme.intervision.session import Session
from programme.people import Person

Cause = Literal["reminder", "answer", "passed on"]
"""Why the bot said it: the clock; an answer to who reads it; because somebody else did something."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something that the bot said."""

    at: datetime
    room: str
    """Key of the room."""
    person: str
    """Whose direct chat it is; empty for a room of more people."""
    text: str
    buttons: tuple[str, ...]
    choices: tuple[str, ...]
    """Of a poll."""
    file: str
    """Name of the file that came with it, or empty."""
    cause: Cause
    wake: bool
    members: tuple[str, ...] = ()
    """Who was in a room of more people, by id."""
    session: str = ""
    """Id of the session that it is part of, if it is."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that one of the people typed or pressed."""

    at: datetime
    room: str
    person: str
    text: str
    pressed: bool
    answered: bool
    """The bot said something to this person on it, or it was said to the others."""
    members: tuple[str, ...] = ()
    """Who was in a room of more people, by id."""
    session: str = ""
    """Id of the session that it is part of, if it is."""


@dataclass(frozen=True, slots=True)
class Chased:
    """Somebody was reminded of what they had done already."""

    at: datetime
    person: str
    reminder: str
    """Key of the reminder."""


@dataclass
class Rehearsal:
    """What was said, in order, and how the edition stood at the end."""

    edition: Edition
    seed: int
    people: Sequence[Person]
    said: list[Message | Spoken] = field(default_factory=list)
    chased: list[Chased] = field(default_factory=list)
    faults: int = 0
    """Bugs of the bot, each with a code in the messages."""
    end: Exchange | None = None
    """None as long as it is not played out."""
    sessions: Mapping[str, Session] = field(default_factory=dict)
    """The sessions that its groups held, by id, as they were at the end."""

    def at_the_table(self, it: Message | Spoken) -> bool:
        """Whether this belongs to a session that people sit in together: they chose to, and nothing in it chases anybody.

        What the clock brings over days is a reminder as any other.
        """
        session = self.sessions.get(it.session)
        if session is None or session.slow is None:
            return bool(it.session)
        return not (isinstance(it, Message) and it.cause == "reminder")

    @property
    def messages(self) -> list[Message]:
        """What the bot said."""
        return [it for it in self.said if isinstance(it, Message)]
