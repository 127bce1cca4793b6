"""The rooms of the house on this homeserver: found, made once, and known by their key.

A room of ours carries its key in its creation event. A crash, or an answer that got lost, between making a room and remembering it
is therefore mended by looking: the room is found again, never made twice.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator

from bot.chat import Later, Port, Undeliverable
from bot.matrix.errands import Errands, unless_refused
from bot.matrix.known import CREATION_KEY, Card, KnownRooms
from bot.matrix.shapes import Raw, events, section, word, words
from bot.matrix.wire import Refused, Wire
from programme.rooms import direct, person_of

MEGOLM = "m.megolm.v1.aes-sha2"


class Rooms:
    """Finds and makes rooms. Each is found or made by one at a time."""

    def __init__(self, wire: Wire, known: KnownRooms, house: Port, errands: Errands) -> None:
        self._wire = wire
        self._known = known
        self._house = house
        self._errands = errands
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._direct: dict[str, tuple[str, ...]] = {}
        self._made: set[str] = set()
        self._unsure: set[str] = set()
        self._invited: set[tuple[str, str]] = set()

    def note_direct(self, event: Raw) -> None:
        """Take in the account's list of direct chats (`m.direct`)."""
        if word(event, "type") == "m.direct":
            content = section(event, "content")
            self._direct = {person: words(content, person) for person in content}

    async def direct_chat(self, person: str) -> str:
        """The room for personal words with this person, with nobody else in it, made if need be.

        Raises `Later`, and `Undeliverable` when the person left it or cannot be invited.
        """
        key = direct(person)
        async with self._locks[key]:
            await self._find_lost(key)
            for room in dict.fromkeys(self._candidates(key, person)):
                if room in self._made and room not in self._known.cards:
                    return room
                if await self._alone_with(room, key, person):
                    return await self._remember(key, room)
            room = await self._make(key, {"is_direct": True, **_private("invited")})
            await self.invite(room, person, is_direct=True)
            self._list_direct(person, room)
            return room

    async def wished(self, key: str, creation: Raw) -> str:
        """The room of more people with this key, made with this creation if need be. Raises `Later`, `Undeliverable`."""
        async with self._locks[key]:
            await self._find_lost(key)
            kept, made = self._house.place_of(key), self._known.with_key(key)
            if kept is not None and kept not in self._known.left:
                return kept
            return await (self._remember(key, made) if made else self._make(key, creation))

    async def adopt(self, room: str) -> None:
        """A direct chat that a person began becomes theirs, unless that would mean less privacy than the one they have."""
        await self._known.load(room)
        key = self._known.key_of(room)
        if key is None or person_of(key) is None:
            return
        kept = self._house.place_of(key)
        if kept not in self._known.cards or self._known.encrypted(room) or not self._known.encrypted(kept):
            await self._remember(key, room)
            self._list_direct(person_of(key) or "", room)

    async def invite(self, room: str, person: str, *, is_direct: bool = False) -> None:
        """Invite once in a life of the bot: who goes away is not called back again and again. Raises `Later`, `Undeliverable`."""
        if (room, person) in self._invited:
            raise Undeliverable("left")
        content = {"membership": "invite", **({"is_direct": True} if is_direct else {})}
        try:
            await self._wire.ask("PUT", "rooms", room, "state", "m.room.member", person, body=content)
        except Refused as no:
            raise Undeliverable("refused" if no.code == "M_FORBIDDEN" else "unknown") from no
        self._invited.add((room, person))
        self._known.gap(room)  # whoever is invited must get the keys of what is said from now on

    def _candidates(self, key: str, person: str) -> Iterator[str]:
        joined = self._known.cards
        kept, made = self._house.place_of(key), self._known.with_key(key)
        yield from (room for room in (kept, made) if room is not None and (room in joined or room in self._made))
        yield from (room for room in self._direct.get(person, ()) if room in joined)

    async def _alone_with(self, room: str, key: str, person: str) -> bool:
        """Whether the room holds nobody but this person and the bot; the person is called in when not there."""
        try:
            card: Card = await self._known.load(room)
        except Refused:
            return False
        if not self._known.private(room, key) or card.key not in {None, key}:
            return False
        if person not in card.present:
            await self.invite(room, person, is_direct=True)
        return True

    async def _remember(self, key: str, room: str) -> str:
        if self._house.place_of(key) != room:
            await self._house.remember_place(key, room)
        return room

    async def _make(self, key: str, creation: Raw) -> str:
        body = {**creation, "creation_content": {**section(creation, "creation_content"), CREATION_KEY: key}}
        try:
            room = word(await self._wire.ask("POST", "createRoom", body=body), "room_id")
        except Later:
            self._unsure.add(key)
            raise
        except Refused as no:
            raise Undeliverable("refused") from no
        self._made.add(room)
        await self._remember(key, room)
        await self._known.wait_for(room, self._wire.pace.room_seen)
        return room

    async def _find_lost(self, key: str) -> None:
        """The answer to making this room got lost: look whether it is there."""
        if key not in self._unsure:
            return
        joined = words(await self._wire.ask("GET", "joined_rooms"), "joined_rooms")
        for room in set(joined) - set(self._known.cards) - self._made:
            state = await self._wire.ask_list("GET", "rooms", room, "state")
            if any(_ours(event, key, self._known.me) for event in events({"": state}, "")):
                self._made.add(room)
                await self._remember(key, room)
        self._unsure.discard(key)

    def _list_direct(self, person: str, room: str) -> None:
        """Write it into the account's list of direct chats, so that other clients of the bot's account show it as one.

        Rooms that the bot was taken out of go off it: anybody can make and leave as many as they like.
        """
        there = (it for it in self._direct.get(person, ()) if it not in self._known.left)
        self._direct[person] = tuple(dict.fromkeys([*there, room]))
        self._errands.add("m.direct", person, self._write_direct)

    async def _write_direct(self) -> None:
        body = {person: list(rooms) for person, rooms in self._direct.items()}
        asked = self._wire.ask("PUT", "user", self._known.me, "account_data", "m.direct", body=body)
        await unless_refused(asked, "m.direct", self._known.me)


def group_creation(name: str, topic: str, *, encrypted: bool) -> Raw:
    """How a room of more people begins: private, read from joining on."""
    return {"name": name, "topic": topic, **_private("joined", encrypted=encrypted)}


def space_creation(name: str, topic: str) -> Raw:
    """How a space begins (Matrix specification, "Spaces"): private, and nobody speaks in it."""
    space = group_creation(name, topic, encrypted=False)
    levels = {**space["power_level_content_override"], "events_default": 100}
    return {**space, "creation_content": {"type": "m.space"}, "power_level_content_override": levels}


def _private(history: str, *, encrypted: bool = True) -> Raw:
    """Invitation only, no guests, encrypted from its first event. The server chooses the room version.

    A letter often arrives before the person accepts the invitation to a direct chat, so there history is read from the invitation on.
    """
    state = {
        "m.room.history_visibility": {"history_visibility": history},
        "m.room.guest_access": {"guest_access": "forbidden"},
        "m.room.join_rules": {"join_rule": "invite"},
    }
    if encrypted:
        state["m.room.encryption"] = {"algorithm": MEGOLM}
    return {
        "preset": "private_chat",
        "visibility": "private",
        "initial_state": [{"type": kind, "state_key": "", "content": content} for kind, content in state.items()],
        "power_level_content_override": {"invite": 50},
    }


def _ours(event: Raw, key: str, me: str) -> bool:
    made_by_us = word(event, "type") == "m.room.create" and word(event, "sender") == me
    return made_by_us and word(section(event, "content"), CREATION_KEY) == key
