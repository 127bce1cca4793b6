"""What the bot itself remembers beside the subject: letters under way, open questions, what was handled.

Each record has an `id` that is unique in its table.
"""

from datetime import date, datetime

from pydantic import ConfigDict, Field

from programme.model import Model
from programme.text import Call, Sayable

RESTORED = "store/restored"
"""The mark that says when a backup was put back: an instant, ISO 8601."""


class File(Model):
    """A file to hand over, small and made by us (a calendar, a sheet)."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    mime: str
    content: bytes


class Button(Model):
    """A label, and the call that pressing it (or typing what it stands for) makes."""

    label: Sayable
    call: Call
    says: Sayable | None = None
    """What is typed for it below a question, where that is not the label."""


class LetterPoll(Model):
    """A poll in a letter: what there is to choose, how many of it, and what taking a choice back means."""

    choices: tuple[Button, ...]
    most: int = 1
    none: Call | None = None


class Ranking(Model):
    """What is to be put in order, the best first: the calls have one command, and differ in the argument that is put in order."""

    choices: tuple[Button, ...] = Field(min_length=1)
    most: int
    """How many of them."""


class Letter(Model):
    """Something to say, on its way. It leaves the table when the platform has it."""

    id: str
    number: int
    """Order in which letters were written; it is kept within a room."""
    room: str
    """Key of the room."""
    text: Sayable
    buttons: tuple[Button, ...] = ()
    answers: bool = False
    """The buttons are the answers to a question: typed as they are, without a command."""
    file: File | None = None
    wake: bool = False
    place: str | None = None
    """The platform's id of the room: frozen at the first attempt."""
    tried: datetime | None = None
    """When the first attempt could have been."""
    until: datetime | None = None
    """From then on it is of no use any more."""
    edition: str = ""
    kept: bool = True
    """False: what people wrote. It never touches the disk, and a crash loses it."""
    status: bool = False
    """It is the status text of its room."""
    edits: str | None = None
    """Id of the letter whose text it changes in place."""
    poll: LetterPoll | None = None
    ranking: Ranking | None = None
    ends: str | None = None
    """Id of the letter whose poll is over."""
    reactions: bool = False
    """A reaction with its number presses a button."""
    mentions: str = ""
    """Full id of the one person who is addressed in a room."""
    reports: str = ""
    """What is to be done when the platform has it, or cannot have it."""


class Carrier(Model):
    """Which letter brought what changes later in a room: its status text (`ROOM/status`) or a poll (`ROOM/poll/KEY`)."""

    id: str
    key: str
    letter: str
    digest: str = ""
    """What the status text says now, so that the same is not said again."""


class Question(Model):
    """An open question to one person, in the direct chat. The whole next message is its answer."""

    id: str
    person: str
    call: Call | None
    """The call with a `GAP` that the answer fills; None when only the choices count."""
    choices: tuple[Button, ...] = ()
    confirms: bool = False
    """The first choice confirms its call: single use, bound to this person."""
    text: Sayable
    until: datetime
    letter: str
    front: bool = False
    """The person said that it is this question that they are answering."""
    number: int = 0
    """Order in which the open questions of a person were put."""
    room: str = ""
    """Key of the room in which it was put; empty: the direct chat."""
    back: Call | None = None
    """What going back does: the question before this one."""
    resume: Call | None = None
    """How somebody goes on who answers it another time."""
    aside: bool = False
    """The person answers it another time: no message is taken for its answer, but one below its letter."""
    lapses: bool = False
    """It was asked for what a command lacked, and is over when the person types another command."""


class Seen(Model):
    """An event that was handled."""

    id: str
    at: datetime


class Rung(Model):
    """A nudge that has rung: said, or found too late to be of use."""

    id: str
    at: datetime
    edition: str
    people: tuple[str, ...] = ()
    """Whom it reached."""
    said: bool = True


class Gathered(Model):
    """The gathered reminders of one person: the last day on which there were some, and what waits for the next."""

    id: str
    day: date
    waiting: tuple[str, ...] = ()
    """Keys of the nudges that wait."""
    told: tuple[str, ...] = ()
    """Keys of nudges that this person was told, of which others are still to be told."""


class Room(Model):
    """Which room of the platform a key has."""

    id: str
    place: str


class Mark(Model):
    """A small thing that a platform keeps with us."""

    id: str
    value: str


class Pending(Model):
    """A long computation that was asked for and has not come back. After a restart it is asked again."""

    id: str
    person: str
    room: str
    place: str
    call: Call
    act: str = ""
    """The act of the house that asks for it again, in the edition of the call; empty: the call itself does."""


class Undelivered(Model):
    """A letter that could not be delivered, for the report at the desk."""

    id: str
    room: str
    reason: str
    at: datetime
    edition: str = ""


class Audit(Model):
    """Who did what, when: coordinators' actions, without content."""

    id: str
    at: datetime
    edition: str
    person: str
    action: str
    about: tuple[str, ...] = ()
