"""What is kept of a rehearsal: every message and everything that people did, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from programme.edition import Edition
from programme.exchange import Exchange
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


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that one of the people typed or pressed."""

    at: datetime
    room: str
    person: str
    text: str
    pressed: bool
    answered: bool
    """The bot said something to this person on it."""
    members: tuple[str, ...] = ()
    """Who was in a room of more people, by id."""


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

    @property
    def messages(self) -> list[Message]:
        """What the bot said."""
        return [it for it in self.said if isinstance(it, Message)]
