"""The sync loop: one answer after the other, each event once, the token only when all before it is on disk.

nio's own loop saves the token before anybody has seen the events, and ends at the first exception. Here an answer is read as it came,
every event in a guard of its own; the house remembers the token after all that the answer brought, so that a restart begins with
what was not yet handled.
"""

import asyncio
import json

import nio

from bot.chat import Later, Port
from bot.log import log
from bot.matrix.behind import Gaps, since_invited
from bot.matrix.choices import POLL_RESPONSES, REACTION
from bot.matrix.doors import Doors
from bot.matrix.guard import guarded
from bot.matrix.hearing import Hearing
from bot.matrix.keys import Keys
from bot.matrix.known import STATE, KnownRooms
from bot.matrix.late import LateMessages
from bot.matrix.noticing import Noticing
from bot.matrix.rooms import Rooms
from bot.matrix.senders import Senders
from bot.matrix.shapes import Raw, events, rooms, section, word, words
from bot.matrix.wire import Refused, Wire

MARK = "matrix/sync"
_FIRST_SECONDS = 300.0
_TRIES = 3

_SAID = ("m.room.message", "m.room.encrypted", REACTION, *POLL_RESPONSES)
FILTER = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": ["m.direct"]},
        "room": {
            "account_data": {"types": []},
            "ephemeral": {"types": []},
            "state": {"types": STATE, "lazy_load_members": True},
            "timeline": {"types": [*STATE, *_SAID], "lazy_load_members": True, "limit": 50},
        },
    },
    separators=(",", ":"),
)
"""Only what the bot looks at, and members only when they matter: thousands of rooms then begin in seconds."""


class Sync:
    """Keeps up with the homeserver until cancelled."""

    def __init__(self, wire: Wire, house: Port, intake: "Intake", timeout_ms: int) -> None:
        self._wire = wire
        self._house = house
        self._intake = intake
        self._timeout_ms = timeout_ms
        self._token = house.mark(MARK)
        self._begun = False
        self._latest: float | None = None

    @property
    def fresh(self) -> bool:
        """Whether the latest answer is of this moment, or of a long poll ago."""
        allowed = self._timeout_ms / 1000 + self._wire.pace.request
        return self._latest is not None and asyncio.get_running_loop().time() - self._latest < allowed

    async def run(self) -> None:
        """Take in answers for ever. Raises `MatrixStopped`, and what the house raises when it cannot write."""
        failed = 0
        while True:
            try:
                await self._round()
                if failed:
                    log.info("matrix.back", attempt=failed)
                failed = 0
            except (Later, Refused) as fault:
                failed += 1
                asked = fault.seconds if isinstance(fault, Later) else None
                code = fault.code if isinstance(fault, Refused) else "away"
                (log.warning if failed == 1 else log.info)("matrix.sync_later", attempt=failed, error=code)
                await asyncio.sleep(max(asked or 0.0, self._wire.pace.pause(failed, self._wire.me)))

    async def _round(self) -> None:
        began = asyncio.get_running_loop().time()
        answer = await self._wire.ask("GET", "sync", query=self._query(), seconds=self._patience())
        token = word(answer, "next_batch")
        if not token or (self._begun and token == self._token and self._too_soon(began)):
            raise Later  # no sync answer, or an empty one at once: asking again at once would only be noise
        await self._intake.take(answer, self._token)
        await self._house.remember_mark(MARK, token)
        self._latest = asyncio.get_running_loop().time()
        if not self._begun:
            log.info("matrix.listening")
        self._token, self._begun = token, True

    def _query(self) -> Raw:
        """The first answer after a start brings all state anew: what was missed while away has no gaps then."""
        query: Raw = {"filter": FILTER, "timeout": self._timeout_ms if self._begun else 0}
        if not self._begun:
            query["full_state"] = "true"
        if self._token:
            query["since"] = self._token
        return query

    def _patience(self) -> float:
        return self._timeout_ms / 1000 + self._wire.pace.request if self._begun else _FIRST_SECONDS

    def _too_soon(self, began: float) -> bool:
        return asyncio.get_running_loop().time() - began < self._timeout_ms / 2000


class Intake:
    """Takes in one sync answer: keys first, then rooms, in each room what was said in its order."""

    def __init__(
        self,
        wire: Wire,
        known: KnownRooms,
        keys: Keys,
        hearing: Hearing,
        noticing: Noticing,
        late: LateMessages,
        own_rooms: Rooms,
        doors: Doors,
        senders: Senders,
        house: Port,
    ) -> None:
        self._wire = wire
        self._gaps = Gaps(wire, known, house, (*_SAID, "m.room.member"))
        self._known = known
        self._keys = keys
        self._hearing = hearing
        self._noticing = noticing
        self._late = late
        self._rooms = own_rooms
        self._doors = doors
        self._senders = senders
        self._arrived: set[str] = set()
        self.begun = asyncio.Event()
        """Set for good after the first answer: now it is known which rooms there are."""
        self.taken = asyncio.Event()
        """Set after each answer: there may be keys to send or rooms to mend."""

    async def take(self, answer: Raw, since: str | None) -> None:
        """Take in an answer. Without `since` it is the very first one, and what was said before it is not for the bot.

        A room with a gap that cannot be filled now waits until it can.
        """
        self._arrived |= self._take_to_device(answer)
        self._keys.counted(answer)
        changed = {*words(section(answer, "device_lists"), "changed"), *words(section(answer, "device_lists"), "left")}
        self._keys.changed(changed)
        self._senders.changed(changed)
        for event in events(section(answer, "account_data")):
            self._rooms.note_direct(event)
        for room in rooms(answer, "leave"):
            self._known.leave(room)
            self._gaps.leave(room)
        for room, part in rooms(answer, "invite").items():
            self._doors.knocked(room, part)
        for room, part in rooms(answer, "join").items():
            await self._take_room(room, part, since)
            await asyncio.sleep(0)  # answers to one room leave while the next is read
        for room in set(self._gaps.waiting()) - set(rooms(answer, "join")):
            await self._hear_all(room, await self._gaps.filled(room))
        await self._read_late()
        if not self.begun.is_set():
            self._doors.begin()
        self._late.keep()
        self._gaps.keep()
        self._doors.keep()
        self.begun.set()
        self.taken.set()

    async def _read_late(self) -> None:
        """Read what waited for the keys that came; at the start all that waits, for a key may have come just before the end."""
        begun = self.begun.is_set()
        await self._hearing.retry(lambda message: not begun or message.session in self._arrived)
        self._arrived.clear()

    def _take_to_device(self, answer: Raw) -> set[str]:
        """Take in what other devices sent to this one; the ids of the room keys that came with it."""
        olm = self._wire.client.olm
        arrived: set[str] = set()
        for raw in events(section(answer, "to_device")):
            with guarded("to_device", word(raw, "type")):
                event = olm.handle_to_device_event(nio.ToDeviceEvent.parse_event(raw))
                if isinstance(event, nio.RoomKeyEvent | nio.ForwardedRoomKeyEvent):
                    arrived.add(event.session_id)
        with guarded("to_device", "m.room_key_request"):
            olm.collect_key_requests()
        return arrived

    async def _take_room(self, room: str, part: Raw, since: str | None) -> None:
        """All state first, then what was said: who is there is a question about now."""
        self._known.enter(room)
        timeline = section(part, "timeline")
        for event in [*events(section(part, "state")), *events(timeline)]:
            if "state_key" in event:
                self._take_state(room, event)
        with guarded("room", room):
            self._known.seen(room)
            self._doors.check(room)
        if since:
            await self._hear_all(room, await self._gaps.whole(room, timeline, since))

    async def _hear_all(self, room: str, listed: list[Raw] | None) -> None:
        """Hear what was said in a room, unless a part of it is missing."""
        if listed is not None:
            await self._hear(room, listed[since_invited(listed, self._wire.me) :])

    async def _hear(self, room: str, listed: list[Raw]) -> None:
        happened = [event for event in listed if "state_key" not in event or self._noticing.concerns(room, event)]
        if happened:
            await self._look_around(room)
        for event in happened:
            await (self._noticing if "state_key" in event else self._hearing).take(room, event)

    async def _look_around(self, room: str) -> None:
        """See who is in the room before anything said there is handed over; tried a few times, so that all keeps its order."""
        for attempt in range(1, _TRIES + 1):
            try:
                await self._known.load(room)
            except Refused:
                await asyncio.sleep(self._wire.pace.pause(attempt, room))
            except Later as wait:
                await asyncio.sleep(max(wait.seconds or 0.0, self._wire.pace.pause(attempt, room)))
            else:
                return

    def _take_state(self, room: str, event: Raw) -> None:
        with guarded("state", word(event, "event_id")):
            self._known.take(room, event)
