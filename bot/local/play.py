"""A house that is played in the browser: people who speak, press and choose by number of message, and a clock that goes forward.

Everything behind it is the real house: the same router, commands, store and postman as on any platform.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from bot import questions
from bot.app import Setup
from bot.chat import Heard, Post, chosen_call
from bot.clock import SetClock
from bot.console import Console, NotThere, Stage
from bot.context import State
from bot.intervision.sessions import session_in, session_with
from bot.local.history import History, write_history
from bot.local.record import Entry, Record
from bot.markup import name as clean_name
from programme import rooms
from programme.edition import Edition
from programme.model import Model
from programme.people import Person
from programme.rooms import RoomWish
from programme.text import Call
from storage.letters import Letter, Question

Ahead = Literal["hour", "day", "next"]
FARTHEST = timedelta(days=5 * 366)
BREATH = timedelta(seconds=20)
"""Between two things that are said one after the other."""
LONGEST = 64 * 1024
"""Characters of one message: as much as a Matrix event holds."""


@dataclass
class LocalChat(Console):
    """The platform of the page: it hands on each post when it comes, so that it shows at its own played moment."""

    noted: Callable[[Post], None] = field(default=lambda _post: None)

    async def post(self, post: Post, place: str) -> None:
        """Show it, once."""
        await super().post(post, place)
        self.noted(post)
        self.fetch()

    def ready(self) -> dict[str, bool]:
        """It is always there."""
        return {"local": True}


class Play(Stage):
    """A played house with everything that was said in it. `tell` gets the messages that are new or different."""

    def __init__(
        self, setup: Setup, clock: SetClock, already: Sequence[Model] = (), *, file: Path | None, past: History | None
    ) -> None:
        """`past` is what an earlier run wrote to `file`; without a file nothing is written."""
        super().__init__(setup, clock, already)
        self.console = LocalChat(noted=self._note)
        self.record = Record(past.entries if past else ())
        self.began = past.began if past else clock.now()
        self.id = past.play if past else secrets.token_hex(8)
        self.tell: Callable[[Sequence[Entry]], None] = lambda _entries: None
        self.turn = asyncio.Lock()
        """One thing at a time: whoever acts holds it."""
        self._file = file
        self._waiting: list[tuple[Post, datetime, bool]] | None = None
        """What the bot said (when; whether it may be kept) while somebody is overheard."""

    @property
    def edition(self) -> Edition:
        """The edition that is played, as it stands."""
        found: Edition = self.house.store[Edition][self._setup.editions[0].id]
        return found

    @property
    def state(self) -> State:
        """The state as it is kept now."""
        return State(self.house.store)

    async def open(self) -> None:
        """Begin, with what is due at once. A loop must run."""
        self.begin()
        await self.travel(self.clock.now())
        await self.save()

    async def save(self) -> None:
        """Write the conversation down, beside the loop. Raises `OSError`."""
        if self._file is not None:
            entries = tuple(self.record.all())
            history = History(play=self.id, began=self.began, now=self.clock.now(), entries=entries)
            await asyncio.to_thread(write_history, self._file, history)

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def say(self, person: str, room: str, text: str) -> None:
        """Let somebody say something in a room (by key). Raises `NotThere` for a room without them."""
        if not text.strip():
            raise NotThere("nothing was said")
        await self._act(person, room, text[:LONGEST])

    async def enact(self, said: Iterable[tuple[str, str, str]]) -> None:
        """Let people say these things (who, in which room, what), one after the other: the clock goes on a little with each."""
        for person, room, text in said:
            await self.travel(self.clock.now() + BREATH)
            await self.say(person, room, text)

    def join(self, name: str, organisation: str) -> Person:
        """Let somebody in whom the bot has never met: they are in no programme, and have a chat with it. Raises `NotThere` without a name."""
        shown = clean_name(name)
        if not shown:
            raise NotThere("nobody has that name")
        person = Person(id=f"nieuw-{len(self.people()) + 1}", name=shown, organisation=clean_name(organisation))
        self.house.keep([person])
        return person

    async def press_at(self, person: str, number: int, index: int) -> None:
        """Let somebody press a button (from 0) of a message. Raises `NotThere` for one that is not there, or of a question that is answered."""
        entry = self._entry(number)
        if not 0 <= index < len(entry.buttons):
            raise NotThere("there is no such button")
        button = entry.buttons[index]
        if button.label == button.typed and number not in self.asked():
            raise NotThere("this question is not open any more")
        await self._act(person, entry.room, button.typed, reply_to=entry.id)

    async def vote_at(self, person: str, number: int, chosen: Sequence[int]) -> None:
        """Let somebody choose these (from 1) in the poll of a message; none takes a choice back. Raises `NotThere`."""
        entry = self._entry(number)
        if entry.vote is None or entry.vote.over:
            raise NotThere("this poll is over")
        call = chosen_call(entry.vote.posted(), chosen)
        if call is None:
            raise NotThere("nothing to choose by that")
        labels = [entry.vote.choices[n - 1].label for n in chosen if 1 <= n <= len(entry.vote.choices)]
        await self._act(person, entry.room, ", ".join(labels) or "–", press=call)

    def asked(self) -> set[int]:
        """Numbers of the messages whose question is open."""
        now, letters = self.clock.now(), {entry.id: entry.number for entry in self.record.all()}
        asked = (q.letter for q in self.house.store[Question].values() if q.until > now)
        return {letters[letter] for letter in asked if letter in letters}

    def by_hand(self) -> frozenset[str]:
        """Full ids of those whom a person usually plays: the first participant, and the coordinators."""
        guest = next((person.id for person in self.people() if person.id not in self.coordinators()), "")
        return self.coordinators() | {guest}

    def asked_of(self, person: str) -> list[Question]:
        """The questions that are open to somebody, oldest first."""
        return questions.open_to(self.state, person, self.clock.now())

    async def _act(
        self, person: str, room: str, text: str, *, press: Call | None = None, reply_to: str | None = None
    ) -> None:
        facts = self._facts(room)
        if person not in facts.members or person not in self._known():
            raise NotThere(f"{person} is not in that room")
        now, id_ = self.clock.now(), f"page/{secrets.token_hex(8)}"
        kept = not self._is_confidential(person, room)
        self.tell([self.record.heard(id_, room, person, now, text, kept=kept)])
        name = self._name(person)
        heard = Heard(id_, person, room, room, text, now, name, facts, press, reply_to)
        await self.house.hear(heard)
        self.house.ring()
        await self.house.settle()

    def _is_confidential(self, person: str, room: str) -> bool:
        """Whether what is said there now belongs to a session: it is for those who are in it, and never for a disk."""
        alone = rooms.person_of(room)
        if alone is None:
            return session_in(self.state, room) is not None
        return any(session_with(self.state, id_, person) for id_ in self.house.store[Edition])

    def _known(self) -> set[str]:
        return {person.id for person in self.people()}

    @contextmanager
    def overhearing(self) -> Iterator[Callable[[Heard], None]]:
        """Let others speak with the house directly. What the bot says waits until what it answers is noted, with the function given."""
        self._waiting = []
        try:
            yield self._overheard
        finally:
            self._let_through()
            self._waiting = None

    def _overheard(self, heard: Heard) -> None:
        kept = not self._is_confidential(heard.person, heard.room)
        self.tell([self.record.heard(heard.id, heard.room, heard.person, heard.at, heard.text, kept=kept)])
        self._let_through()

    def _let_through(self) -> None:
        while self._waiting:
            post, at, kept = self._waiting.pop(0)
            self.tell(self.record.posted(post, at, kept=kept))

    def _entry(self, number: int) -> Entry:
        entry = self.record.get(number)
        if entry is None:
            raise NotThere("there is no such message")
        return entry

    def _note(self, post: Post) -> None:
        at, kept = self.clock.now(), post.id in self.house.store[Letter]
        if self._waiting is not None:
            self._waiting.append((post, at, kept))
        else:
            self.tell(self.record.posted(post, at, kept=kept))

    def members(self, wish: RoomWish) -> frozenset[str]:
        """Full ids of those who are in a room now."""
        return self._played.facts(wish.key, wish.members).members

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def next_at(self) -> datetime | None:
        """The moment of the next thing that happens by itself (aware), now or later."""
        at = self.house.bell.next_at()
        return None if at is None else max(at, self.clock.now())

    async def go_to(self, to: datetime) -> None:
        """Move the clock to a moment (aware). Raises `NotThere` for one in the past, or years away."""
        if to - self.clock.now() > FARTHEST:
            raise NotThere("that is too far away")
        await self.travel(to)

    async def ahead(self, by: Ahead) -> None:
        """Move the clock on: an hour, a day (the same time on its clock), or to the next thing. Raises `NotThere` when nothing comes."""
        now = self.clock.now()
        a_day_on = (now.astimezone(self.edition.zone) + timedelta(days=1)).astimezone(UTC)
        to = {"hour": now + timedelta(hours=1), "day": a_day_on, "next": self.next_at()}[by]
        if to is None:
            raise NotThere("nothing comes any more")
        await self.travel(to)
