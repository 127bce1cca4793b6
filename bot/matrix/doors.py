"""Who lets the bot in: invitations, and rooms that are replaced by others.

A sync shows an invitation once, and its turn may come minutes later: those without an answer are kept, and answered after a restart.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from fnmatch import fnmatchcase
from functools import partial

from bot.chat import Port
from bot.log import log
from bot.matrix.errands import Errands, unless_refused
from bot.matrix.events import said_by_person
from bot.matrix.known import KnownRooms
from bot.matrix.rooms import Rooms
from bot.matrix.shapes import Raw, events, items, section, word
from bot.matrix.turnstile import Turnstile
from bot.matrix.wire import Wire
from programme.rooms import direct
from programme.text import _

MARK = "matrix/invitations"
_MOST_KEPT = 1_000
"""More than ever wait for their turn; of a flood the oldest are forgotten."""
_JOIN_SECONDS = 120.0
_MOST_SERVERS = 4


class Doors:
    """Decides on invitations and upgrades, and goes through the doors that are right."""

    def __init__(
        self,
        wire: Wire,
        known: KnownRooms,
        rooms: Rooms,
        house: Port,
        errands: Errands,
        inviters: tuple[str, ...],
        known_bots: tuple[str, ...],
    ) -> None:
        self._wire = wire
        self._known = known
        self._rooms = rooms
        self._house = house
        self._errands = errands
        self._inviters = inviters
        self._known_bots = known_bots
        self._turnstile = Turnstile()
        self._followed: set[str] = set()
        self._unanswered: dict[str, tuple[str, bool]] = {}
        """By room: who invites, and whether to a direct chat."""
        self._written = house.mark(MARK) or self._as_text()

    def knocked(self, room: str, part: Raw) -> None:
        """Somebody invites the bot to a room: `part` is what the sync shows of it."""
        for event in events(section(part, "invite_state")):
            if word(event, "type") == "m.room.member" and event.get("state_key") == self._known.me:
                is_direct = section(event, "content").get("is_direct") is True
                self._invited(room, word(event, "sender"), is_direct)
                return

    def begin(self) -> None:
        """Now it is known which rooms there are: answer the invitations that had no whole answer when the bot last stopped.

        Who is in already goes in again: what comes after that may be what was cut off, and a second time changes nothing.
        """
        for room, inviter, is_direct in items({"": json.loads(self._written)}, ""):
            if room not in self._unanswered:
                self._invited(room, inviter, is_direct)

    def keep(self) -> None:
        """Write down which invitations have no answer yet, when that has changed."""
        if (text := self._as_text()) != self._written:
            self._house.remember_mark(MARK, text)
            self._written = text

    def check(self, room: str) -> None:
        """A sync has brought this room: follow it when it is one of ours and was replaced.

        Only ours: otherwise anybody could send the bot to any room by replacing one of their own.
        """
        card = self._known.cards[room]
        key = self._house.key_of(room) or card.key
        if card.replacement and key is not None and room not in self._followed:
            self._followed.add(room)
            self._errands.add("upgrade", room, partial(self._follow, room, card.replacement, key))

    def _as_text(self) -> str:
        return json.dumps([[room, *invitation] for room, invitation in self._unanswered.items()])

    def _invited(self, room: str, inviter: str, is_direct: bool) -> None:
        self._unanswered[room] = inviter, is_direct
        while len(self._unanswered) > _MOST_KEPT:
            self._unanswered.pop(next(iter(self._unanswered)))
        self._errands.add("invitation", room, partial(self._answer, room, inviter, is_direct))

    async def _answer(self, room: str, inviter: str, is_direct: bool) -> None:
        if self._may_invite(inviter):
            await self._settle(room, partial(self._begin_shared, room, inviter))
        elif not self._welcome(inviter, is_direct):
            await self._settle(room, partial(self._wire.ask, "POST", "rooms", room, "leave", body={}))
        else:
            self._let_in(room, inviter)

    async def _settle(self, room: str, errand: Callable[[], Awaitable[object]]) -> None:
        """Do it, and the invitation has its answer: also when the server refuses, not when it is away."""
        await unless_refused(errand(), "invitation", room)
        self._unanswered.pop(room, None)

    def _let_in(self, room: str, inviter: str) -> None:
        """In their turn. Of who comes too often the invitation is left as it is: neither taken nor refused."""
        wait = self._turnstile.turn(inviter)
        if wait is None:
            log.warning("matrix.invitation_waits", room=room, person=inviter)
            self._unanswered.pop(room, None)
            return
        enter = partial(self._settle, room, partial(self._begin_direct, room, inviter))
        asyncio.get_running_loop().call_later(wait, self._errands.add, "invitation", room, enter)

    def _may_invite(self, person: str) -> bool:
        return any(fnmatchcase(person, pattern) for pattern in self._inviters)

    def _welcome(self, person: str, is_direct: bool) -> bool:
        """A direct chat is open to all while an edition is, and always to those whom we know."""
        if not is_direct or not said_by_person(person, self._known.me, self._known_bots):
            return False
        acquainted = self._house.place_of(direct(person)) is not None
        return acquainted or self._house.open_to_strangers() or any(person in w.members for w in self._house.wishes())

    async def _begin_shared(self, room: str, inviter: str) -> None:
        if await self._join(room, [_server(inviter)]):
            await self._rooms.adopt(room)

    async def _begin_direct(self, room: str, person: str) -> None:
        """Anybody can call any room a direct chat: once inside, look who is there."""
        if not await self._join(room, [_server(person)]):
            return
        card = await self._known.load(room)
        if card.present <= {self._known.me, person}:
            await self._rooms.adopt(room)
        else:
            await self._wire.ask("POST", "rooms", room, "leave", body={})

    async def _join(self, room: str, servers: list[str]) -> bool:
        """Whether the bot came in and the sync has shown the room."""
        query = {"server_name": servers, "via": servers}
        asked = self._wire.ask("POST", "join", room, body={}, query=query, seconds=_JOIN_SECONDS)
        return await unless_refused(asked, "join", room) and await self._known.wait_for(room, self._wire.pace.room_seen)

    async def _follow(self, room: str, replacement: str, key: str) -> None:
        """Go to the new room only when it says itself that it replaces this one, and is not less private."""
        was_in = replacement in self._known.cards
        old = await self._known.load(room)
        servers = sorted({_server(person) for person in old.joined})[:_MOST_SERVERS]
        if await self._join(replacement, servers) and self._rightful(room, replacement):
            await self._house.remember_place(key, replacement)
            return
        if replacement in self._known.cards and not was_in:
            await unless_refused(self._wire.ask("POST", "rooms", replacement, "leave", body={}), "upgrade", replacement)
        self._house.warn_desk(
            _(
                "A room was replaced by one that I do not trust: {room}. I stay out of the new one. Tell the operator.",
                room=room,
            )
        )

    def _rightful(self, room: str, replacement: str) -> bool:
        old, new = self._known.cards[room], self._known.cards[replacement]
        as_private = self._known.encrypted(replacement) or not self._known.encrypted(room)
        return new.predecessor == room and as_private and new.key in {None, old.key}


def _server(person: str) -> str:
    """The server of a user id (of a room id there may be none)."""
    return person.partition(":")[2]
