"""THE PORT: all that a chat platform and the house say to each other.

Inward a platform hands over what it `Heard`; outward the postman hands it a `Post`, in the reader's language and ready to
show. A room is known by its key (`programme/rooms.py`) on this side and by the platform's own id on the other; the house
remembers which is which.
"""

from asyncio import Future
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from programme.rooms import RoomWish
from programme.text import Call, Sayable, Text
from storage.letters import File

History = Literal["joined", "invited", "shared", "world"]
"""Who reads what was said before they came: nobody, those who were invited by then, every member, anybody."""


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """What a command must know of the room that it stands in. People are full ids; the bot itself is never among them."""

    encrypted: bool = True
    members: frozenset[str] = frozenset()
    """Who is in the room."""
    invited: frozenset[str] = frozenset()
    """Who may come in at any moment."""
    invite_only: bool = True
    history: History = "joined"
    guests: bool = False
    """People without an account may come in."""
    bots: frozenset[str] = frozenset()
    """Those among the members who seem to be other bots, or the shadows that a bridge makes of people elsewhere."""
    bridged: bool = False
    """A bridge says that it carries the room elsewhere."""
    linkable: bool = False
    """The platform cannot make rooms: a coordinator may link this one to a room that there should be."""
    can_silence: bool = False
    """The platform can let only some people post for a while (`RoomWish.speakers`)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that a person said or pressed. Only fresh, plain text that a person typed becomes one."""

    id: str
    """The platform's id of the event. The same id is handled once, ever."""
    person: str
    """Full id of who said it (`@anna:example.nl`). Never a display name."""
    room: str
    """Key of the room: `direct/@anna:example.nl`, `cohort/wissel-2026`, or the platform's id for a room we do not know."""
    destination: str
    """The platform's id of that room: where an answer goes."""
    text: str
    """The plain body, whole."""
    at: datetime
    """When it was said according to its origin (aware, UTC). Deadlines look at it, with little grace; nothing else does."""
    name: str = ""
    """What the person calls themselves. To show, never to decide."""
    facts: RoomFacts = field(default_factory=RoomFacts)
    press: Call | None = None
    """The call of the button that was pressed; then `text` is its label."""
    reply_to: str | None = None
    """Id of the letter that this is a reply to."""
    by_button: bool = False
    """It was pressed below the letter `reply_to`: when it is an answer, then to that question and to no other."""
    addressed: bool = False
    """The bot was named (a mention, its name in front). The adapter has taken the name off `text`."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Somebody came into a room of ours (of more people than two), or went out of it."""

    id: str
    """The platform's id of the event. The same id is handled once, ever."""
    room: str
    """Key of the room."""
    destination: str
    """The platform's id of that room."""
    person: str
    """Full id of who came or went."""
    joined: bool
    """Came in; else went out, by themselves or sent away."""
    at: datetime
    """When, according to its origin (aware, UTC)."""
    facts: RoomFacts = field(default_factory=RoomFacts)
    """The room as it is now, after it."""
    name: str = ""
    """What the person calls themselves. To show, never to decide."""


@dataclass(frozen=True, slots=True)
class PostedPoll:
    """A poll, ready to show. The question is the text of its post."""

    choices: tuple[tuple[str, str, Call], ...]
    """Label, what typing it looks like, and the call that choosing it makes."""
    most: int = 1
    """How many of them one person may choose."""
    none: Call | None = None
    """The call of somebody who takes their choice back."""


@dataclass(frozen=True, slots=True)
class PostedRanking:
    """What can be put in order, the best first. Whoever does so types `line` with the words of what they chose behind it."""

    line: str
    choices: tuple[tuple[str, str], ...]
    """Label, and the word that stands for it."""
    most: int
    """How many of them."""


def chosen_call(poll: PostedPoll, numbers: Sequence[int]) -> Call | None:
    """The call of choosing these (from 1, in the order chosen). Unknown ones and surplus do not count; None when nothing is meant.

    Source: MSC3381, "Polls": what a response holds beyond `max_selections` is left out.
    """
    known = [n for n in dict.fromkeys(numbers) if 1 <= n <= len(poll.choices)][: poll.most]
    if not known:
        return None if numbers else poll.none
    first, *more = [poll.choices[n - 1][2] for n in known]
    return first.model_copy(update={"arguments": sum((call.arguments for call in more), first.arguments)})


@dataclass(frozen=True, slots=True)
class Post:
    """A letter, ready to show. `id` is the same at every attempt: platforms derive their transaction id from it."""

    id: str
    room: str
    """Key of the room."""
    plain: str
    html: str
    buttons: tuple[tuple[str, str], ...] = ()
    """Label, and what typing it looks like: pressing is typing."""
    file: File | None = None
    wake: bool = False
    """Must reach attention: it notifies. Everything else does not."""
    mentions: tuple[str, ...] = ()
    """Full ids of those who are addressed."""
    edits: str | None = None
    """Id of the letter that this one replaces in place."""
    status: bool = False
    """The one status text of the room: pinned, and it never notifies."""
    poll: PostedPoll | None = None
    ends: str | None = None
    """Id of the letter whose poll is over now."""
    ranking: PostedRanking | None = None
    """To be put in order where the platform can show that; the text says what to type."""
    presses: tuple[Call, ...] = ()
    """The calls of the buttons, in their order, where a reaction with a number may press them. Reactions are never encrypted."""
    old: bool = False
    """First tried so long ago that the platform may have forgotten its transaction: look whether it was said before saying it."""
    useful: Callable[[], bool] = field(default=lambda: True, compare=False, repr=False)
    """Whether it is still of use, to be asked just before it is said: a reminder is not once its meeting has begun."""


class Undeliverable(Exception):  # noqa: N818 - a fact about a letter, reported at the desk
    """It cannot reach this person or room: `reason` is one word of ours (`bot.postman.REASONS`)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Doubtful(Exception):  # noqa: N818 - a fact about a letter, reported at the desk
    """It may have arrived and may not, and saying it again might say it twice: nobody tries it again, and somebody looks."""


class Later(Exception):  # noqa: N818 - a fact about a moment
    """Not now: the platform is away or asks for patience. `seconds` is what it asked for, if it did."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Mendable(Exception):  # noqa: N818 - what it is to an operator
    """The platform cannot go on until an operator mends something: `text` is one line with what is wrong and the way out."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.id.format(**text.values))
        self.text = text


class Port(Protocol):
    """What the house offers to a chat platform."""

    def hear(self, heard: Heard) -> "Future[None]":
        """Handle it now, in this call. The future is done when all that followed is on disk: acknowledge only then."""

    def noticed(self, noticed: Noticed) -> "Future[None]":
        """Handle it now that somebody came or went. The future is done when all that followed is on disk."""

    def wishes(self) -> Sequence[RoomWish]:
        """The rooms that there should be now."""

    def place_of(self, key: str) -> str | None:
        """The platform's id of the room with this key, when it is known."""

    def key_of(self, place: str) -> str | None:
        """The key of the room with this platform id, when it is one of ours."""

    def remember_place(self, key: str, place: str) -> "Future[None]":
        """Keep which platform id a key has. Done when on disk."""

    def mark(self, name: str) -> str | None:
        """A small thing the platform keeps with us, such as its sync token."""

    def remember_mark(self, name: str, value: str) -> "Future[None]":
        """Keep it. Done when on disk, and so is everything that was heard before this call; on a full disk at once."""

    def cannot_silence(self, key: str) -> None:
        """The speakers wished for in this room cannot be brought about: everybody posts, and the session is to know."""

    def open_to_strangers(self) -> bool:
        """Whether an edition stands open, so that anybody may begin a direct chat."""

    def cannot_read(self, person: str, place: str) -> None:
        """Tell this person, once an hour at most, that a message of theirs in that room cannot be read."""

    def warn_desk(self, warning: Sayable) -> None:
        """Tell the coordinators something about the platform that only they can mend."""


class Chat(Protocol):
    """One platform."""

    def serves(self, room: str) -> bool:
        """Whether the room with this key is (to be) on this platform."""

    async def run(self, house: Port) -> None:
        """Listen until cancelled. Raises `Mendable`, and what the house raises when it cannot write."""

    async def place(self, key: str) -> str:
        """The platform's id for this room, made if need be (a direct chat). Raises `Undeliverable`, `Later`."""

    async def post(self, post: Post, place: str) -> None:
        """Say it there, once however often it is tried with one id. Raises `Undeliverable`, `Later`, `Doubtful`."""

    def wishes_changed(self) -> None:
        """The rooms that should be may have changed: make reality agree soon."""

    def ready(self) -> dict[str, bool]:
        """What `/readyz` shows of this platform: name of the fact, and whether it is so."""


@runtime_checkable
class Looking(Protocol):
    """A platform on which the house can look for itself, beside hearing. One that cannot is none, and the house does without."""

    async def facts(self, place: str) -> RoomFacts:
        """How this room is now. Raises `Undeliverable`, `Later`."""

    async def has_said(self, letter: str, place: str) -> bool:
        """Whether the bot has said the text of the letter with this id there. Raises `Undeliverable`, `Later`."""


Hear = Callable[[Heard], "Future[None]"]
