"""From an event in a room to what the house hears: decrypted, from whom it says it is, and typed by a person."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import nio

from bot.chat import Heard, Later, Port
from bot.markup import name as shown_name
from bot.matrix.choices import Chosen, chosen, pressed
from bot.matrix.events import LETTER, OwnNames, Typed, said_by_person, typed, when
from bot.matrix.facts import facts_of
from bot.matrix.guard import guarded, noted
from bot.matrix.known import KnownRooms
from bot.matrix.late import LateMessages, Unread
from bot.matrix.senders import Senders
from bot.matrix.shapes import Raw, section, word
from bot.matrix.wire import Refused, Wire
from programme.rooms import person_of

_TRIES = 5


class Hearing:
    """Hands over to the house what people say. Whatever an event holds, taking it never raises for its sake."""

    def __init__(
        self,
        wire: Wire,
        known: KnownRooms,
        late: LateMessages,
        house: Port,
        senders: Senders,
        known_bots: tuple[str, ...],
    ) -> None:
        self._wire = wire
        self._known = known
        self._late = late
        self._house = house
        self._senders = senders
        self._known_bots = known_bots
        self._tries: dict[str, int] = {}

    async def take(self, room: str, raw: Raw) -> None:
        """Take in one event of a room that was entered. What cannot be read or checked now is tried again later."""
        event, person = word(raw, "event_id"), word(raw, "sender")
        if not event or not said_by_person(person, self._wire.me, self._known_bots):
            return
        with guarded("event", event):
            try:
                waits_for = await self._hear(room, nio.Event.parse_event(raw))
            except (Later, Refused):
                waits_for = ""
            if waits_for is None:
                self._late.read(event)
            else:
                self._late.add(Unread(room, event, person, waits_for))

    async def retry(self, due: Callable[[Unread], bool]) -> None:
        """Fetch again those late messages for which it is time. Raises `Later` when the server is away."""
        waiting = self._late.all()
        self._tries = {message.event: self._tries.get(message.event, 0) for message in waiting}
        for message in filter(due, waiting):
            if message.room not in self._known.cards or self._tries[message.event] >= _TRIES:
                self._late.read(message.event)
                continue
            self._tries[message.event] += 1
            await self._fetch(message)

    async def _fetch(self, message: Unread) -> None:
        try:
            raw = await self._wire.ask("GET", "rooms", message.room, "event", message.event)
        except Refused:
            self._late.read(message.event)
        else:
            await self.take(message.room, raw)

    async def _hear(self, room: str, event: Any) -> str | None:
        """Hand it over. A text says that it must wait: for the room key of that id, or (empty) for something else."""
        if isinstance(event, nio.MegolmEvent):
            event.room_id = room
            try:
                event = self._wire.client.decrypt_event(event)
            except nio.EncryptionError:
                return str(event.session_id)
        if not isinstance(event, nio.Event) or (said := self._meant(room, event)) is None:
            return None
        if event.decrypted and not await self._senders.genuine(event):
            return ""
        if self._known.encrypted(room) and not (event.decrypted or _is_open(said)):  # the server could have made it up
            self._late.cannot_read(event.sender, room)
            return None
        await self._hand_over(room, await self._heard(room, event.source), said)
        return None

    async def _hand_over(self, room: str, heard: Heard, said: Typed | Chosen) -> None:
        whole = await (self._chosen(room, heard, said) if isinstance(said, Chosen) else self._typed(room, heard, said))
        if whole is not None:
            self._house.hear(whole).add_done_callback(noted)

    def _meant(self, room: str, event: nio.Event) -> Typed | Chosen | None:
        if isinstance(event, nio.RoomMessageText):
            return typed(event.source, OwnNames(self._wire.me, self._known.cards[room].names.get(self._wire.me, "")))
        return chosen(event.source)

    async def _heard(self, room: str, source: Raw) -> Heard:
        """Who says something, where and when; not yet what."""
        card = await self._known.load(room)
        person, encrypted = word(source, "sender"), self._known.encrypted(room)
        return Heard(
            id=word(source, "event_id"),
            person=person,
            room=await self._key(room),
            destination=room,
            text="",
            at=when(source),
            name=shown_name(card.names.get(person, "")),
            facts=facts_of(card, self._wire.me, encrypted=encrypted, known_bots=self._known_bots),
        )

    async def _typed(self, room: str, heard: Heard, said: Typed) -> Heard:
        letter = await self._letter(room, said.answers) if said.answers else None
        return replace(heard, text=said.text, reply_to=letter, addressed=said.addressed)

    async def _chosen(self, room: str, heard: Heard, said: Chosen) -> Heard | None:
        """A vote or a reaction presses what the bot's own message says that it does; on another message it is nothing."""
        call = pressed(await self._brought(room, said.event), said.numbers)
        return None if call is None else replace(heard, text=" ".join(map(str, said.numbers)), press=call)

    async def _key(self, room: str) -> str:
        """The key under which the house knows the room. A direct chat that others came into is one no longer."""
        key = self._house.key_of(room) or self._known.key_of(room)
        if key is None or (person_of(key) and not self._known.private(room, key)):
            return room
        if person_of(key) and self._house.place_of(key) is None:
            await self._house.remember_place(key, room)
        return key

    async def _letter(self, room: str, event: str) -> str | None:
        """The id of the letter that this event of the bot brought."""
        return word(await self._brought(room, event), LETTER) or None

    async def _brought(self, room: str, event: str) -> Raw:
        """The content of an event of the bot; empty for one of somebody else, and for one that the server could have made up."""
        try:
            raw = await self._wire.ask("GET", "rooms", room, "event", event)
        except Refused:
            return {}
        hidden = word(raw, "type") == "m.room.encrypted"
        if word(raw, "sender") != self._wire.me or (self._known.encrypted(room) and not hidden):
            return {}
        return section(own_event(self._wire.client, room, raw), "content")


def _is_open(said: Typed | Chosen) -> bool:
    """Whether it is of the kind that no client encrypts."""
    return isinstance(said, Chosen) and said.open


def own_event(client: nio.AsyncClient, room: str, raw: Raw) -> Raw:
    """The bot's own event as it was before encryption; as it is when it cannot be read."""
    event = nio.Event.parse_event(raw)
    if isinstance(event, nio.MegolmEvent):
        event.room_id = room
        try:
            event = client.decrypt_event(event)
        except nio.EncryptionError:
            return raw
    source: Raw = event.source
    return source
