"""A chat without a platform: rooms in memory, people who are played, and a clock that stands still until it is moved.

The console, the transcripts and the examples speak through it. Everything behind it is the real house.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.app import House, Setup
from bot.chat import Heard, Later, Noticed, Port, Post, PostedPoll, RoomFacts, chosen_call
from bot.clock import SetClock
from bot.played import CHANGES, PlayedRooms
from programme import rooms
from programme.edition import Edition
from programme.model import Model
from programme.people import Person
from programme.rooms import RoomWish
from programme.text import Call


class NotThere(Exception):  # noqa: N818 - said back to who plays
    """What was asked of the console is not there: a room, a button, an earlier time. The text says what is.

    `str()` is English, whatever the shell speaks: scripts, transcripts and the page of the local chat know it by that. `nl` is Dutch.
    """

    def __init__(self, en: str, nl: str = "") -> None:
        super().__init__(en)
        self.nl = nl or en


def no_such(named: str, there: Iterable[str]) -> NotThere:
    """Nothing here has this name; these are there."""
    known = ", ".join(there)
    return NotThere(
        f"there is no {named!r} here; there is: {known or 'none'}", f"hier is geen {named!r}; wel: {known or 'niets'}"
    )


def _no_poll() -> NotThere:
    return NotThere("there is no open poll", "er is geen open peiling")


@dataclass
class Console:
    """A platform in memory. What the bot says is collected until it is fetched."""

    said: list[Post] = field(default_factory=list)
    deaf: bool = False
    """The platform is away: nothing can be delivered."""
    look: Callable[[str], RoomFacts] = lambda _room: RoomFacts()
    """How the room with this key is, as it is played."""
    _open: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)
    _polls: dict[str, tuple[str, PostedPoll]] = field(default_factory=dict)
    """The newest poll of each room that is not over, and the letter that brought it."""
    _seen: set[str] = field(default_factory=set)

    def serves(self, room: str) -> bool:
        """Every room is here."""
        return bool(room)

    async def run(self, house: Port) -> None:
        """Nothing comes by itself."""

    async def place(self, key: str) -> str:
        """A room's own key is its place."""
        return key

    async def post(self, post: Post, place: str) -> None:
        """Collect it, once."""
        if self.deaf:
            raise Later(0.01)
        if post.id not in self._seen:
            self._seen.add(post.id)
            self.said.append(post)
            for label, written in post.buttons:
                self._open[place, label.casefold()] = (label, written, post.id)
            self._note_poll(post, place)

    def _note_poll(self, post: Post, place: str) -> None:
        if post.poll is not None:
            self._polls[place] = (post.id, post.poll)
        elif place in self._polls and self._polls[place][0] == post.ends:
            del self._polls[place]

    async def facts(self, place: str) -> RoomFacts:
        """How this room is now."""
        return self.look(place)

    async def has_said(self, letter: str, place: str) -> bool:  # noqa: ARG002 - an id is that of one letter
        """Whether the letter with this id was said."""
        if self.deaf:
            raise Later(0.01)
        return letter in self._seen

    def wishes_changed(self) -> None:
        """Rooms follow by themselves."""

    def ready(self) -> dict[str, bool]:
        """It is always there."""
        return {"console": True}

    def button(self, room: str, label: str) -> tuple[str, str]:
        """What typing the newest button with this label in this room looks like, and the id of the letter that it stands below."""
        try:
            _shown, written, letter = self._open[room, label.casefold()]
        except KeyError:
            there = sorted(shown for (place, _), (shown, _w, _i) in self._open.items() if place == room)
            raise no_such(label, there) from None
        return written, letter

    def vote(self, room: str, chosen: Sequence[str]) -> tuple[Call, str]:
        """The call of choosing these (labels, or numbers from 1) in the newest open poll of this room, and what it shows."""
        if room not in self._polls:
            raise _no_poll()
        poll = self._polls[room][1]
        labels = [label.casefold() for label, _written, _call in poll.choices]
        numbers = [_number(word, labels) for word in chosen]
        call = chosen_call(poll, numbers)
        if call is None:
            raise no_such(", ".join(chosen), [label for label, _w, _c in poll.choices])
        return call, ", ".join(chosen)

    def fetch(self) -> list[Post]:
        """What was said since the last time."""
        said, self.said = self.said, []
        return said

    def polled(self) -> list[str]:
        """The rooms with an open poll, the newest last."""
        return list(self._polls)


def _number(word: str, labels: Sequence[str]) -> int:
    """Which choice is meant: by its label, else by its number; 0 for none of them."""
    if word.casefold() in labels:
        return labels.index(word.casefold()) + 1
    return int(word) if word.isascii() and word.isdecimal() else 0


class Stage:
    """A house with a console, to be played."""

    def __init__(self, setup: Setup, clock: SetClock, already: Sequence[Model] = ()) -> None:
        """`already` are records that are there before the play begins."""
        self._setup = replace(setup, clock=clock)
        self.clock = clock
        self.console = Console(look=self._facts)
        self._played = PlayedRooms()
        self.house = House(self._setup)
        self.house.keep(already)

    def begin(self) -> None:
        """Open the house. A loop must run."""
        self.house.start([self.console])

    async def end(self) -> None:
        """Close it."""
        await self.house.stop()

    async def restart(self) -> None:
        """Leave as a killed process does, and start again from what is on disk."""
        await self.end()
        await self.resume()

    async def resume(self) -> None:
        """Start again from what is on disk, after the end."""
        self.house = House(self._setup)
        self.begin()
        self.house.ring()
        await self.house.settle()

    def write_file(self, rewrite: Callable[[Edition], Edition]) -> None:
        """Let the file of the (first) edition say something else, from the next start on."""
        first, *more = self._setup.editions
        self._setup = replace(self._setup, editions=[rewrite(first), *more])

    async def speak(self, person: str, text: str, room: str = "", id_: str = "") -> None:
        """Let somebody say something, in the direct chat or in a room (a key, or its first part when there is only one)."""
        place = self.room(room, person)
        self._must_be_free(person, place)
        await self._hear(person, place, text, id_)

    async def press(self, person: str, label: str, room: str = "", id_: str = "") -> None:
        """Let somebody press the newest button with this label. Raises `NotThere`."""
        place = self.room(room, person)
        self._must_be_free(person, place)
        text, letter = self.console.button(place, label)
        await self._take_in(replace(self._heard(person, place, text, id_), reply_to=letter, by_button=True))

    async def vote(self, person: str, chosen: Sequence[str], room: str = "", id_: str = "") -> None:
        """Let somebody choose these (labels or numbers) in the newest poll of a room, or the newest one that they can see."""
        place = self.room(room, person) if room else self._polled(person)
        call, text = self.console.vote(place, chosen)
        await self._hear(person, place, text, id_, call)

    def _must_be_free(self, person: str, room: str) -> None:
        """Let nobody post whom the room holds back. Raises `NotThere`."""
        wish = next((wish for wish in self.rooms() if wish.key == room), None)
        if wish is not None and wish.speakers is not None and person not in wish.speakers:
            raise NotThere(f"{person} cannot post in this room now", f"{person} kan hier nu niets zeggen")

    async def move(self, person: str, room: str, *, joined: bool, id_: str = "") -> None:
        """Let somebody come into a room, or go out of it. Raises `NotThere`."""
        place = self.room(room, person)
        self._played.move(place, person, joined=joined)
        noticed = Noticed(
            id=id_ or f"console/{secrets.token_hex(8)}",
            room=place,
            destination=place,
            person=person,
            joined=joined,
            at=self.clock.now(),
            facts=self._facts(place),
            name=self._name(person),
        )
        await self.house.noticed(noticed)
        self.house.ring()
        await self.house.settle()

    def change(self, room: str, how: str, person: str = "") -> None:
        """Change how a room is (one of `bot.played.CHANGES`). Raises `NotThere`."""
        if how not in CHANGES:
            raise no_such(how, CHANGES)
        self._played.change(self.room(room, person), how, person)

    def _polled(self, person: str) -> str:
        """The room of the newest poll that this person can see."""
        for place in reversed(self.console.polled()):
            if person in self._facts(place).members:
                return place
        raise _no_poll()

    async def _hear(self, person: str, room: str, text: str, id_: str, press: Call | None = None) -> None:
        await self._take_in(self._heard(person, room, text, id_, press))

    def _heard(self, person: str, room: str, text: str, id_: str, press: Call | None = None) -> Heard:
        return Heard(
            id=id_ or f"console/{secrets.token_hex(8)}",
            person=person,
            room=room,
            destination=room,
            text=text,
            at=self.clock.now(),
            name=self._name(person),
            facts=self._facts(room),
            press=press,
        )

    async def _take_in(self, heard: Heard) -> None:
        await self.house.hear(heard)
        self.house.ring()
        await self.house.settle()

    def _name(self, person: str) -> str:
        """What somebody calls themselves who is not on the list of people."""
        bare = person.removeprefix("@").partition(":")[0]
        return bare[:1].upper() + bare[1:]

    def _facts(self, room: str) -> RoomFacts:
        wish = next((wish for wish in self.rooms() if wish.key == room), None)
        alone = rooms.person_of(room)
        members = wish.members if wish else frozenset({alone} if alone else ())
        return self._played.facts(room, members, encrypted=wish is None or wish.encrypted)

    async def travel(self, to: datetime) -> None:
        """Move the clock forward (aware); what is due on the way rings, in order. Raises `NotThere` for an earlier time."""
        if to < self.clock.now():
            raise NotThere("the clock only goes forward", "de klok gaat alleen vooruit")
        while (at := self.house.bell.next_at()) is not None and at <= to:
            self.clock.set(max(at, self.clock.now()))
            self.house.ring()
            await self.house.settle()
        self.clock.set(to)
        self.house.ring()
        await self.house.settle()

    def people(self) -> Sequence[Person]:
        """Everybody who can be played."""
        return list(self.house.store[Person].values())

    def coordinators(self) -> frozenset[str]:
        """Ids of the coordinators."""
        return frozenset(id_ for edition in self.house.store[Edition].values() for id_ in edition.coordinators)

    def rooms(self) -> Sequence[RoomWish]:
        """The rooms that there are."""
        return [wish for wish in self.house.wishes() if not wish.space]

    def room(self, named: str, person: str) -> str:
        """The key of the room that is meant; the direct chat when none is named. Raises `NotThere`."""
        if not named:
            return rooms.direct(person)
        short = self._short_names()
        meant = [key for key, shown in short.items() if named in (key, shown)]
        if len(meant) != 1:
            raise no_such(named, short.values())
        return meant[0]

    def _short_names(self) -> dict[str, str]:
        """The short name of each room, by key."""
        keys = [wish.key for wish in self.rooms()]
        alone = len({rooms.edition_of(key) for key in keys}) == 1
        return {key: _short(key, alone=alone) for key in keys}

    def short(self, key: str) -> str:
        """The short name of a room: `cohort`, `desk`, `pair/anna`."""
        return _short(key, alone=len({rooms.edition_of(wish.key) for wish in self.rooms()}) == 1)


def _short(key: str, *, alone: bool) -> str:
    """The short name of a room; without the edition when it is the only one."""
    kind, _slash, rest = key.partition("/")
    edition, _slash, more = rest.partition("/")
    return "/".join([kind, *([] if alone else [edition]), *([more] if more else [])])
