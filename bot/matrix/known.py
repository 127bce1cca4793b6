"""What the bot knows of the rooms that it is in.

nio keeps what its encryption needs (`client.rooms`). Beside it stands a card per room, read from the events themselves, with what
decisions rest on: who is really there, who made the room, and which of our rooms it is.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import nio

from bot.matrix.guard import guarded
from bot.matrix.shapes import Raw, events, number, section, word, words
from bot.matrix.wire import Refused, Wire
from programme.rooms import direct, person_of

CREATION_KEY = "nl.kring.key"
"""Where the creation event of a room of ours carries the room's key."""

HERE = frozenset({"join", "invite", "knock"})
BRIDGES = ("m.bridge", "uk.half-shot.bridge")
"""Where a bridge says that it carries the room elsewhere (MSC2346, with and without its unstable prefix)."""
STATE = (
    *BRIDGES,
    "m.room.create",
    "m.room.encryption",
    "m.room.guest_access",
    "m.room.history_visibility",
    "m.room.join_rules",
    "m.room.member",
    "m.room.name",
    "m.room.pinned_events",
    "m.room.power_levels",
    "m.room.tombstone",
    "m.room.topic",
    "m.space.child",
    "m.space.parent",
)
"""The state that the bot looks at; the sync filter leaves out the rest."""

_MORTAL_CREATORS = frozenset(str(version) for version in range(1, 12))
"""Room versions in which a creator's power stands in the power levels. Since 12 it is infinite and stands nowhere (MSC4289)."""


@dataclass(slots=True)
class Card:
    """One room. `members` and `names` are complete once `whole`."""

    key: str | None = None
    made_at: int = 0
    predecessor: str = ""
    creators: frozenset[str] = frozenset()
    members: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    levels: Raw = field(default_factory=dict)
    pinned: tuple[str, ...] = ()
    replacement: str = ""
    join_rule: str = "invite"
    history: str = "shared"
    guests: str = "forbidden"
    bridges: dict[str, str] = field(default_factory=dict)
    """The bridges that carry the room elsewhere, by the key of each, with the id of its bot."""
    children: set[str] = field(default_factory=set)
    parents: set[str] = field(default_factory=set)
    """Of a space its rooms, and of a room its spaces, as far as either says so."""
    whole: bool = False

    @property
    def joined(self) -> frozenset[str]:
        """Who is in the room."""
        return frozenset(person for person, membership in self.members.items() if membership == "join")

    @property
    def present(self) -> frozenset[str]:
        """Who is in the room, or may come in at once."""
        return frozenset(person for person, membership in self.members.items() if membership in HERE)

    @property
    def bridged(self) -> bool:
        """Whether a bridge carries the room elsewhere."""
        return bool(self.bridges)

    @property
    def bridge_bots(self) -> frozenset[str]:
        """The bots of its bridges."""
        return frozenset(self.bridges.values())


class KnownRooms:
    """All rooms that the bot has joined, by the homeserver's id of each. A room id is never taken apart: it may hold no server."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._client = wire.client
        self._seen: dict[str, asyncio.Event] = {}
        self.me = wire.me
        self.cards: dict[str, Card] = {}
        self.left: set[str] = set()

    def enter(self, room: str) -> None:
        """A sync shows this room as joined."""
        self.left.discard(room)
        self.cards.setdefault(room, Card())
        if room not in self._client.rooms:
            self._client.rooms[room] = nio.MatrixRoom(room, self.me, room in self._client.encrypted_rooms)

    def seen(self, room: str) -> None:
        """All that the sync says of this room is taken in: letters may go."""
        self._track_devices(room)
        self._seen.setdefault(room, asyncio.Event()).set()

    def leave(self, room: str) -> None:
        """The bot is no longer in this room."""
        self.left.add(room)
        self.cards.pop(room, None)
        self._client.rooms.pop(room, None)
        self._client.invalidate_outbound_session(room)
        self._seen.pop(room, None)

    async def wait_for(self, room: str, seconds: float) -> bool:
        """Whether a sync has shown the room, now or within so many seconds."""
        seen = self._seen.setdefault(room, asyncio.Event())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # not wait_for: in Python 3.11 it can swallow a cancellation
                await seen.wait()
        return seen.is_set()

    def take(self, room: str, event: Raw) -> None:
        """Take in one state event of a room that was entered."""
        self._note(self.cards[room], event)
        self._tell_nio(room, nio.Event.parse_event(event))

    def gap(self, room: str) -> None:
        """Events were left out that may have changed who is there: look again before anything rests on it."""
        if card := self.cards.get(room):
            card.whole = False
            self._client.rooms[room].members_synced = False

    async def load(self, room: str) -> Card:
        """The card of the room with all its members. Raises `Later`, and `Refused` when the bot is not, or no longer, in it."""
        if room in self.cards and not self.cards[room].whole:
            answer = await self._wire.ask("GET", "rooms", room, "members", query={"not_membership": "leave"})
            if room in self.cards:
                self._take_members(room, events(answer, "chunk"))
        if room not in self.cards:
            raise Refused(403, "M_FORBIDDEN")
        return self.cards[room]

    def key_of(self, room: str) -> str | None:
        """The key that its creation event carries, or of the direct chat that it is (its members must be loaded)."""
        card = self.cards[room]
        others = card.present - {self.me}
        if card.key is None and card.joined - {self.me} == others and len(others) == 1:
            return direct(next(iter(others)))
        return card.key

    def private(self, room: str, key: str) -> bool:
        """Whether a room with this key of a direct chat holds nobody but that person and the bot."""
        return self.cards[room].present <= {self.me, person_of(key)}

    def with_key(self, key: str) -> str | None:
        """The room that we made for this key; of several, the first made."""
        made = [(card.made_at, room) for room, card in self.cards.items() if card.key == key]
        return min(made)[1] if made else None

    def encrypted(self, room: str) -> bool:
        """Whether the room is encrypted. Once it is, it stays so."""
        return bool(self._client.rooms[room].encrypted)

    def _note(self, card: Card, event: Raw) -> None:
        content = section(event, "content")
        match word(event, "type"):
            case "m.room.create":
                self._note_creation(card, event, content)
            case "m.room.member":
                _note_member(card, word(event, "state_key"), content)
            case "m.room.power_levels":
                card.levels = content
            case "m.room.pinned_events":
                card.pinned = words(content, "pinned")
            case "m.room.tombstone":
                card.replacement = word(content, "replacement_room")
            case _:
                _note_openness(card, event, content)

    def _note_creation(self, card: Card, event: Raw, content: Raw) -> None:
        maker = word(event, "sender")
        if maker == self.me:  # anybody may write our key into a room of their own
            card.key = word(content, CREATION_KEY) or None
        if (word(content, "room_version") or "1") not in _MORTAL_CREATORS:
            card.creators = frozenset({maker, *words(content, "additional_creators")})
        card.predecessor = word(section(content, "predecessor"), "room_id")
        card.made_at = number(event, "origin_server_ts") or 0

    def _tell_nio(self, room: str, event: Any) -> None:
        known = self._client.rooms[room]
        if isinstance(event, nio.RoomMemberEvent):
            if known.handle_membership(event):
                self._client.invalidate_outbound_session(room)
        elif isinstance(event, nio.Event):
            known.handle_event(event)
        if isinstance(event, nio.RoomEncryptionEvent) and room not in self._client.encrypted_rooms:
            self._client.encrypted_rooms.add(room)
            self._client.store.save_encrypted_rooms({room})

    def _take_members(self, room: str, members: list[Raw]) -> None:
        card, known = self.cards[room], self._client.rooms[room]
        card.members.clear()
        for event in members:
            with guarded("member", word(event, "event_id")):
                self.take(room, event)
        for gone in set(known.users) - card.present:
            known.remove_member(gone)
            self._client.invalidate_outbound_session(room)
        card.whole = known.members_synced = True
        self._track_devices(room)

    def _track_devices(self, room: str) -> None:
        """Whoever is in an encrypted room has devices that must be able to read it."""
        if self._client.rooms[room].encrypted:
            self._client.olm.update_tracked_users(self._client.rooms[room])


def _note_openness(card: Card, event: Raw, content: Raw) -> None:
    """What says who can come in, who reads what, and with which rooms this one stands together."""
    key = word(event, "state_key")
    match word(event, "type"):
        case "m.room.join_rules":
            card.join_rule = word(content, "join_rule")
        case "m.room.history_visibility":
            card.history = word(content, "history_visibility")
        case "m.room.guest_access":
            card.guests = word(content, "guest_access")
        case "m.space.child" | "m.space.parent" as kind:
            related = card.children if kind == "m.space.child" else card.parents
            (related.add if content.get("via") else related.discard)(key)
        case kind if kind in BRIDGES:
            card.bridges.pop(key, None)
            if content:
                card.bridges[key] = word(content, "bridgebot") or word(event, "sender")


def _note_member(card: Card, person: str, content: Raw) -> None:
    if person:
        card.members[person] = word(content, "membership")
        card.names[person] = word(content, "displayname")
