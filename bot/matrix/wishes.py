"""Reality made to agree with the rooms that there should be: made, named, peopled and pinned as wished, and nothing twice."""

import asyncio
import hashlib
import html
from collections.abc import Callable

from bot.chat import Later, Port, Undeliverable
from bot.log import log
from bot.matrix.floor import floor
from bot.matrix.guard import guarded
from bot.matrix.known import Card, KnownRooms
from bot.matrix.pinning import Pinning
from bot.matrix.rooms import MEGOLM, Rooms, group_creation, space_creation
from bot.matrix.sending import Sending, transaction
from bot.matrix.shapes import Raw, number, section
from bot.matrix.spaces import gather
from bot.matrix.wire import Refused, Wire
from programme.rooms import RoomWish, person_of
from programme.text import Sayable, _

Render = Callable[[Sayable, str], str]
"""Writes a text in a language ("nl", "en"), plain."""

OVER = _("This conversation is over. You can still read it; writing is no longer possible.")
MAY_CHANGE = 50
"""The power level at which people may change a room and take people in and out (Matrix calls them moderators)."""


_CLOSED: Raw = {"events_default": 100, "invite": 100}
_OPEN: Raw = {"events_default": 0, "invite": MAY_CHANGE}
"""The levels for writing and inviting, in a room that is over and in one that is not."""


class Wishes:
    """Brings about what the house wishes, again after each change, a little later so that changes come together."""

    def __init__(
        self,
        wire: Wire,
        known: KnownRooms,
        rooms: Rooms,
        sending: Sending,
        pinning: Pinning,
        house: Port,
        render: Render,
    ) -> None:
        self._wire = wire
        self._known = known
        self._rooms = rooms
        self._sending = sending
        self._pinning = pinning
        self._house = house
        self._render = render
        self._told: set[tuple[str, str]] = set()
        self._changed = asyncio.Event()
        self._changed.set()

    def changed(self) -> None:
        """The house may wish for something else now."""
        self._changed.set()

    async def run(self) -> None:
        """Agree with the wishes whenever they change, until cancelled. Raises `MatrixStopped`."""
        attempt = 0
        while True:
            await self._changed.wait()
            await asyncio.sleep(self._wire.pace.settle)
            self._changed.clear()
            try:
                await self._agree_all()
                attempt = 0
            except Later as wait:
                attempt += 1
                self._changed.set()
                await asyncio.sleep(max(wait.seconds or 0.0, self._wire.pace.pause(attempt, self._wire.me)))

    async def place(self, key: str) -> str:
        """The room with this key, made if need be. Raises `Undeliverable` when nobody wishes for it, and `Later`."""
        wish = next((wish for wish in self._house.wishes() if wish.key == key), None)
        if wish is None:
            raise Undeliverable("unknown")
        name, topic = (self._render(text, wish.language) for text in (wish.name, wish.topic))
        creation = space_creation(name, topic) if wish.space else group_creation(name, topic, encrypted=wish.encrypted)
        return await self._rooms.wished(key, creation)

    async def _agree_all(self) -> None:
        """One room after the other; one for which the server is away now does not hold up the others."""
        missed: Later | None = None
        for wish in self._house.wishes():
            if person_of(wish.key) is None:
                try:
                    with guarded("wish", wish.key):
                        await self._agree(wish)
                except Later as wait:
                    missed = wait
        if missed is not None:
            raise missed

    async def _agree(self, wish: RoomWish) -> None:
        if wish.archived and not (self._house.place_of(wish.key) or self._known.with_key(wish.key)):
            return
        try:
            room = await self.place(wish.key)
            if room in self._known.cards:
                await self._agree_room(wish, room, await self._known.load(room))
        except Refused as no:
            log.warning("matrix.wish_refused", key=wish.key, status=no.status, error=no.code)
        except Undeliverable as no:
            log.warning("matrix.wish_refused", key=wish.key, reason=no.reason)

    async def _agree_room(self, wish: RoomWish, room: str, card: Card) -> None:
        """The room's state first, so that whoever is invited finds it as it should be."""
        await self._encrypt(wish, room)
        known = self._wire.client.rooms[room]
        await self._put_changed(room, "m.room.name", "name", known.name, self._render(wish.name, wish.language))
        await self._put_changed(room, "m.room.topic", "topic", known.topic, self._render(wish.topic, wish.language))
        await self._empower(wish, room, card)
        await self._pin(wish, room, card)
        if wish.space:
            await gather(self._wire, self._known, self._house, wish, room)
        await self._archive(wish, room, card)
        await self._give_floor(wish, room, card)
        for person in sorted(wish.gone & card.present - {self._wire.me}):
            await self._take_out(room, person)
        if wish.archived:
            return
        for person in sorted(wish.members - set(card.present) - {self._wire.me}):
            if person.startswith("@") and card.members.get(person) != "ban":
                await self._invite(room, person)

    async def _invite(self, room: str, person: str) -> None:
        """One person who cannot be invited keeps nobody else out; the coordinators hear it once in a life of the bot."""
        try:
            await self._rooms.invite(room, person)
        except Undeliverable as no:
            if no.reason != "left" and (room, person) not in self._told:
                self._told.add((room, person))
                log.warning("matrix.not_invited", room=room, person=person, reason=no.reason)
                self._house.warn_desk(
                    _("I could not invite {person}. Ask the operator whether that account is right.", person=person)
                )

    async def _take_out(self, room: str, person: str) -> None:
        """One person who cannot be taken out (they have as much power as the bot) is told of, and holds up nothing."""
        try:
            await self._wire.ask("POST", "rooms", room, "kick", body={"user_id": person})
        except Refused as no:
            log.warning("matrix.not_taken_out", room=room, person=person, error=no.code)

    async def _encrypt(self, wish: RoomWish, room: str) -> None:
        if wish.encrypted and not self._known.encrypted(room):
            await self._put(room, "m.room.encryption", {"algorithm": MEGOLM})

    async def _put_changed(self, room: str, kind: str, field: str, old: str | None, new: str) -> None:
        if (old or "") != new:
            await self._put(room, kind, {field: new})

    async def _empower(self, wish: RoomWish, room: str, card: Card) -> None:
        """Power as wished: who has exactly ours and is not named loses it, whoever has more keeps it."""
        levels = section(card.levels, "users")
        named = {person for person in wish.powerful if person.startswith("@")} - card.creators
        kept = {who: level for who, level in levels.items() if level != MAY_CHANGE or who in named}
        wished = {person: MAY_CHANGE for person in named if (number(levels, person) or 0) < MAY_CHANGE}
        if card.levels and (kept | wished) != levels:
            await self._put_levels(room, card, {"users": kept | wished})

    async def _pin(self, wish: RoomWish, room: str, card: Card) -> None:
        """Say the agreements and pin them. Which event it was is kept, so that only a new text is said again."""
        if wish.pinned is None:
            return
        text = self._render(wish.pinned, wish.language)
        digest = hashlib.sha256(text.encode()).hexdigest()[:24]
        mark = f"matrix/pinned/{wish.key}"
        kept, _space, event = (self._house.mark(mark) or "").partition(" ")
        if kept == digest and event in card.pinned:
            return
        said = await self._sending.say(room, _notice(text), transaction(f"{room} {digest}", "pinned"))
        await self._pinning.replace(room, event, said)
        await self._house.remember_mark(mark, f"{digest} {said}")

    async def _archive(self, wish: RoomWish, room: str, card: Card) -> None:
        """Say that it is over and let nobody write any more; or let people write again, when it is not over after all."""
        mark = f"matrix/archived/{wish.key}"
        turns = int(self._house.mark(mark) or 0)  # odd: it is closed
        if wish.archived == bool(turns % 2):
            return
        if wish.archived:
            text = self._render(OVER, wish.language)
            await self._sending.say(room, _notice(text), transaction(f"{room} {turns}", "archived"))
        await self._put_levels(room, card, _CLOSED if wish.archived else _OPEN)
        await self._house.remember_mark(mark, str(turns + 1))

    async def _give_floor(self, wish: RoomWish, room: str, card: Card) -> None:
        """Let only the speakers post, or everybody again. What the server refuses leaves everybody free to post."""
        wanted = floor(card.levels, None if wish.archived else wish.speakers, card.creators)
        if not card.levels or wanted == card.levels:
            return
        try:
            await self._put_levels(room, card, wanted)
        except Refused as no:
            log.warning("matrix.not_silenced", room=room, error=no.code)
            self._house.cannot_silence(wish.key)

    async def _put_levels(self, room: str, card: Card, changed: Raw) -> None:
        """Change the power levels; the sync shows them later, and another change may come before that."""
        levels = {**card.levels, **changed}
        await self._put(room, "m.room.power_levels", levels)
        card.levels = levels

    async def _put(self, room: str, kind: str, content: Raw) -> None:
        await self._wire.ask("PUT", "rooms", room, "state", kind, "", body=content)


def _notice(text: str) -> Raw:
    markup = html.escape(text).replace("\n", "<br>")
    return {
        "msgtype": "m.notice",
        "body": text,
        "format": "org.matrix.custom.html",
        "formatted_body": markup,
        "m.mentions": {},
    }
