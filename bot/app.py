"""The wiring, to be read from top to bottom: store → scribe → postman → router → bell → chats."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, cast

from bot.answer import Say
from bot.bell import Bell
from bot.chat import Chat, Heard, Noticed
from bot.clock import Alarm, Clock, SetClock, WallClock, free_days
from bot.command import Commands
from bot.condition import Condition
from bot.context import Event, State
from bot.flood import ROOM, Flood
from bot.health import Metrics
from bot.i18n import Languages
from bot.intervision.sessions import with_speakers
from bot.ledger import FULL, Ledger
from bot.meaning import Meaning
from bot.postman import Postman
from bot.router import Router
from bot.scribe import Scribe
from bot.tables import INDEXES, NAMES, TABLES
from programme import rooms
from programme.edition import Edition
from programme.edition_file import EditionFile, met
from programme.exchange import Exchange
from programme.intervision.session import Session
from programme.model import Model
from programme.people import LanguageCode, Person
from programme.rooms import RoomWish
from programme.text import Moment, Sayable, Text, _
from storage.backup import backed_up_at
from storage.letters import Mark, Room, Seen
from storage.store import Store
from storage.unit import Unit

PREFIX = "!"
Future = asyncio.Future[None]
MOST_FORGOTTEN = 2_000
REMEMBERED = timedelta(days=14)
"""How long we know that an event was handled. No platform repeats one later than this."""


@dataclass(frozen=True)
class Setup:
    """What the house must be told."""

    folder: Path
    commands: Commands
    editions: Sequence[Edition]
    people: Sequence[Person] = ()
    language: LanguageCode = "nl"
    prefix: str = PREFIX
    clock: Clock = field(default_factory=WallClock)
    secret: Callable[[], str] = lambda: secrets.token_hex(32)
    patience: float = ROOM
    """How many messages one person may send at once (`bot.flood`)."""
    ticks: Callable[[], float] = time.monotonic
    """Seconds on a clock that nobody can set."""


class House:
    """Everything together: what the chats talk to (`bot.chat.Port`), and what starts and stops it."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.clock = setup.clock
        self.metrics = Metrics()
        self.languages = Languages.load()
        self.store = Store.open(setup.folder, TABLES, indexes=INDEXES)
        self.ledger = Ledger(self.store, self.clock, self._has_room)
        self.scribe = Scribe(self.store, self.languages, setup.commands, setup.prefix, setup.language)
        self.spell = self.scribe.spell
        self.postman = Postman(self.store, self.ledger, self.clock, self.scribe.post, self.metrics)
        self.router = Router(
            store=self.store,
            ledger=self.ledger,
            clock=self.clock,
            postman=self.postman,
            meaning=Meaning(setup.commands, self.spell, setup.prefix),
            language=setup.language,
            free=free_days,
            secret=setup.secret,
            changed=self._changed,
            timed=self._timed,
            flood=Flood(setup.patience, setup.ticks),
            metrics=self.metrics,
            condition=self.condition,
        )
        self.postman.reported = self.router.reported
        self.bell = Bell(self.router, free_days, self._set_alarm)
        self.alarm = Alarm(self.clock, self.ring, self.bell.derive_anew)
        self._forgot: datetime | None = None
        self._strict = {it.id for it in self.store[Session].values() if it.level == "strict"}
        self._seed()

    # ── start and stop ───────────────────────────────────────────────────────────────────────────────────────────────────

    def start(self, chats: Iterable[Chat]) -> None:
        """Take up the work, with these platforms. A loop must run."""
        self.postman.chats = list(chats)
        self.bell.start()
        self.postman.start()
        self.router.computing.resume()
        self.bell.resume()
        self._tell_of_files()
        if not isinstance(self.clock, SetClock):
            self.alarm.start()
            self.ring()

    def _tell_of_files(self) -> None:
        """Say at the desks which files have changed since the last start."""
        for file in list(self.store[EditionFile].values()):
            if not file.told:
                self.router.learnt(rooms.desk(file.id), "file_changed")

    async def serve(self, chats: Sequence[Chat]) -> None:
        """Serve until cancelled. Raises what a platform cannot mend, and `StoreBroken`."""
        self.start(chats)
        running = [asyncio.ensure_future(part) for part in (*(chat.run(self) for chat in chats), self.ledger.ends())]
        try:
            await asyncio.gather(*running)
        finally:
            for task in running:
                if not task.cancelling():  # gather has asked it already: who is tidying up is not asked twice
                    task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*running, return_exceptions=True)
            await self.stop()

    async def stop(self) -> None:
        """Lay down the work; what is left is on disk."""
        self.alarm.stop()
        self.router.lookout.stop()
        await self.bell.stop()
        self.ledger.close()
        await self.postman.stop()
        await self.store.aclose()

    async def settle(self) -> None:
        """Wait until nothing is under way: what rings, computations, commits, letters; and what they set going in their turn."""
        await self.store.commit(Unit())
        while self.bell.rings or self.router.working or self.ledger.busy or self.postman.busy:
            await self.bell.quiet()
            if self.router.working:
                await asyncio.wait(list(self.router.working))
            await self.store.commit(Unit())
            await self.postman.idle()

    def store_works(self) -> bool:
        """Whether what is said can be kept."""
        return not self.ledger.full and self.ledger.broken is None

    def ready(self) -> dict[str, bool]:
        """What `/readyz` shows: whether what is said can be kept, and the facts of each platform."""
        facts = {"store": self.store_works()}
        for chat in self.postman.chats:
            facts |= chat.ready()
        return facts

    def condition(self) -> Condition:
        """How the house is, for a coordinator who asks."""
        return Condition(self.ready(), backed_up_at(self.setup.folder))

    def keep(self, records: Iterable[Model]) -> None:
        """Put records in the store that are not there, before the work begins."""
        unit = Unit((NAMES[type(it)], _id(it), it) for it in records if _id(it) not in self.store[type(it)])
        if len(unit):
            self.store.commit_now(unit)

    def _seed(self) -> None:
        """Put editions and people in the store that are not there."""
        unit = Unit()
        for edition in self.setup.editions:
            known = self.store[Edition].get(edition.id)
            seeded = (
                edition.model_copy(update={"since": self.clock.now()})
                if known is None
                else known.model_copy(update={"coordinators": edition.coordinators})
            )
            if seeded != known:
                unit.put("editions", edition.id, seeded)
            file = self.store[EditionFile].get(edition.id)
            if (now := met(file, edition)) is not file:
                unit.put("edition_files", edition.id, now)
        for person in self.setup.people:
            if person.id not in self.store[Person]:
                unit.put("people", person.id, person)
        if len(unit):
            self.store.commit_now(unit)

    # ── what chats ask (bot.chat.Port) ──────────────────────────────────────────────────────────────────────────────────

    def hear(self, heard: Heard) -> Future:
        """Handle it now. The future is done when all that followed is on disk."""
        self.metrics.heard.inc()
        return self.router.hear(heard)

    def noticed(self, noticed: Noticed) -> Future:
        """Handle that somebody came or went. The future is done when all that followed is on disk."""
        return self.router.noticed(noticed)

    def wishes(self) -> Sequence[RoomWish]:
        """The rooms that there should be now."""
        state = State(self.store)
        now = self.clock.now()
        wished = [wish for e in self._current() for wish in self._rooms_of(state.exchange(e, now), state)]
        return with_speakers(wished, state, now)

    def _rooms_of(self, exchange: Exchange, state: State) -> list[RoomWish]:
        names = state.names(exchange)
        return rooms.wishes([exchange], lambda person: names.get(person) or self._shown(person))

    def _shown(self, person: str) -> str:
        known = self.store[Person].get(person)
        return known.shown if known else person

    def place_of(self, key: str) -> str | None:
        """The platform's id of the room with this key."""
        room = cast("Room | None", self.ledger.owed("rooms", key)) or self.store[Room].get(key)
        return room.place if room else None

    def key_of(self, place: str) -> str | None:
        """The key of the room with this platform id."""
        owed = [room for room in cast("list[Room]", self.ledger.all_owed("rooms")) if room.place == place]
        found = owed or self.store[Room].find("place", place)
        return found[0].id if found else None

    def remember_place(self, key: str, place: str) -> Future:
        """Keep which platform id a key has."""
        return self.ledger.owe(Unit([("rooms", key, Room(id=key, place=place))]))

    def mark(self, name: str) -> str | None:
        """A small thing the platform keeps with us."""
        mark = cast("Mark | None", self.ledger.owed("marks", name)) or self.store[Mark].get(name)
        return mark.value if mark else None

    def remember_mark(self, name: str, value: str) -> Future:
        """Keep it, after everything that was heard before."""
        return self.ledger.owe(Unit([("marks", name, Mark(id=name, value=value))]))

    def cannot_silence(self, key: str) -> None:
        """Let the session in this room go on with everybody posting."""
        self.router.learnt(key, "not_held")

    def open_to_strangers(self) -> bool:
        """Whether an edition stands open."""
        return bool(self._current())

    def cannot_read(self, person: str, place: str) -> None:
        """Tell this person, once an hour at most, that a message of theirs cannot be read."""
        now = self.clock.now()
        hour = now.strftime("%Y-%m-%dT%H")
        event = Event(f"unread/{person}/{hour}", person, self.key_of(place) or rooms.direct(person), place, now)
        if event.id not in self.store[Seen]:
            self.router.surely(
                event,
                lambda _ctx: _(
                    "I cannot read your last message: it is encrypted for other devices. Send it once more."
                ),
            )

    def warn_desk(self, warning: Sayable) -> None:
        """Tell the coordinators something about the platform."""
        now = self.clock.now()
        event = Event(f"warning/{now.isoformat()}", "", "", None, now)
        self.router.surely(event, lambda _ctx: [Say(warning, rooms.desk(e.id)) for e in self._current()])

    def _has_room(self, since: datetime) -> None:
        """The disk takes what is said again: the coordinators hear it, once an hour at most."""
        now = self.clock.now()
        event = Event(f"{FULL}/{now:%Y-%m-%dT%H}", "", "", None, now)
        if event.id not in self.store[Seen]:
            self.router.surely(event, lambda _ctx: [Say(_was_full(since), rooms.desk(e.id)) for e in self._current()])

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def ring(self) -> None:
        """Begin to let everything ring that is due, and set the alarm at what comes next; once a day forget what nobody repeats."""
        self.bell.ring()
        self._forget()

    def _set_alarm(self) -> None:
        """Set the alarm; while it rings there is no need, for it goes on until nothing is due."""
        if not isinstance(self.clock, SetClock) and not self.bell.rings:
            self.alarm.set(self.bell.next_at())

    def _forget(self) -> None:
        """Forget handled events that no platform repeats any more, a few thousand at a time so that the loop goes on."""
        now = self.clock.now()
        if self._forgot is not None and abs(now - self._forgot) < timedelta(days=1):
            return
        self._forgot = now
        self.bell.derive_anew()  # what was too far away, or has become too long ago
        old = (seen.id for seen in self.store[Seen].values() if now - seen.at > REMEMBERED)
        unit = Unit(("seen", id_, None) for id_ in islice(old, MOST_FORGOTTEN))
        if len(unit):
            self.ledger.owe(unit)
        if len(unit) == MOST_FORGOTTEN:
            self._forgot = None  # there are more: go on at the next ring

    def _changed(self, editions: set[str]) -> None:
        self.bell.derive(editions)
        self._set_alarm()
        self._wish()

    def _wish(self) -> None:
        for chat in self.postman.chats:
            chat.wishes_changed()

    def _timed(self, sessions: set[str]) -> None:
        self.bell.derive_sessions(sessions)
        self._set_alarm()
        strict = {id_ for id_ in sessions if self.store[Session][id_].level == "strict"}
        if strict or self._strict & sessions:  # who may post follows the turn
            self._strict = (self._strict - sessions) | strict
            self._wish()

    def _current(self) -> list[Edition]:
        return [edition for edition in self.store[Edition].values() if edition.is_current(self.clock.now())]


def _id(record: Model) -> str:
    return cast("str", cast("Any", record).id)


def _was_full(since: datetime) -> Text:
    return _(
        "The disk of the bot was full from {moment}, and now there is room again. Who asked me something meanwhile was told to ask "
        "it again later. Tell the operator.",
        moment=Moment(at=since),
    )
