"""Gaps: what a sync does not show of a room is asked for, and a room of which the server cannot give it is behind until it can.

All other rooms go on meanwhile, and this one waits with what it has: nothing that was said is lost or heard out of its turn. Which
rooms are behind, and since when, is kept before the token of the sync is, so that a restart asks again. A server that still does not
give it after a while never will: then the room goes on without.
"""

import asyncio
import json
from dataclasses import dataclass, field

from bot.chat import Later, Port
from bot.log import log
from bot.matrix.known import KnownRooms
from bot.matrix.shapes import Raw, events, read_json, section, word
from bot.matrix.wire import Refused, Wire

MARK = "matrix/behind"
MOST_TRIES = 12
_PAGE = 100
_MOST_PAGES = 30
_TRIES = 3


@dataclass
class _Behind:
    """A room that waits: everything between the tokens `since` and `back` is missing, and `held` comes after it, oldest first."""

    since: str
    back: str = ""
    held: list[Raw] = field(default_factory=list)
    tries: int = 0
    not_before: float = 0.0
    begun: bool = False
    """Something of it was shown in this life of the bot."""


class Gaps:
    """Fills gaps. `kinds` are the types of events that are of use; `me` is the bot's full id."""

    def __init__(self, wire: Wire, known: KnownRooms, house: Port, kinds: tuple[str, ...]) -> None:
        self._wire = wire
        self._known = known
        self._house = house
        self._filter = json.dumps({"types": kinds})
        kept = section(read_json((house.mark(MARK) or "{}").encode()))
        self._behind = {room: _Behind(word(kept, room)) for room in kept}
        self._written = self._as_text()

    async def whole(self, room: str, timeline: Raw, since: str) -> list[Raw] | None:
        """All that happened in a room since this token, oldest first, as far as a sync shows this timeline; None when it is behind."""
        listed, limited = events(timeline), timeline.get("limited") is True
        if room not in self._behind and not limited:
            return listed
        behind = self._behind.setdefault(room, _Behind(since))
        if limited or not behind.begun:
            behind.back, behind.held, behind.begun = word(timeline, "prev_batch"), listed, True
        else:
            behind.held += listed
        return await self.filled(room)

    def leave(self, room: str) -> None:
        """The bot is no longer in this room: nothing of it is missed any more."""
        self._behind.pop(room, None)

    def waiting(self) -> list[str]:
        """The rooms that are behind, of those of which something was shown."""
        return [room for room, behind in self._behind.items() if behind.begun]

    async def filled(self, room: str) -> list[Raw] | None:
        """Ask once more for what is missing, when it is time; then all of it, and it is behind no longer. Else None."""
        behind = self._behind[room]
        if asyncio.get_running_loop().time() < behind.not_before:
            return None
        try:
            missed = await self._fetch(room, behind.back, behind.since)
        except Later as wait:
            behind.tries += 1
            if behind.tries < MOST_TRIES:
                pause = max(wait.seconds or 0.0, self._wire.pace.pause(behind.tries, room))
                behind.not_before = asyncio.get_running_loop().time() + pause
                return None
            log.warning("matrix.gap_left", room=room)
            missed = []
        del self._behind[room]
        return missed + behind.held

    def keep(self) -> None:
        """Write down which rooms are behind, when that has changed."""
        if (text := self._as_text()) != self._written:
            self._house.remember_mark(MARK, text)
            self._written = text

    def _as_text(self) -> str:
        return json.dumps({room: behind.since for room, behind in self._behind.items()})

    async def _fetch(self, room: str, back: str, since: str) -> list[Raw]:
        """What was said between the tokens, and who came and went, oldest first. Raises `Later`."""
        self._known.gap(room)
        found: list[Raw] = []
        for _ in range(_MOST_PAGES):
            page = await self._page(room, back, since)
            chunk = events(page, "chunk")
            found += chunk
            back = word(page, "end")
            if not chunk or not back or since_invited(chunk[::-1], self._wire.me):
                break
        else:
            log.warning("matrix.gap_too_long", room=room)
        return found[::-1]

    async def _page(self, room: str, back: str, since: str) -> Raw:
        """One page backwards. What the server refuses to show is left out."""
        query = {"dir": "b", "to": since, "limit": _PAGE, "filter": self._filter} | ({"from": back} if back else {})
        for attempt in range(1, _TRIES):
            try:
                return await self._ask(room, query)
            except Later as wait:
                await asyncio.sleep(max(wait.seconds or 0.0, self._wire.pace.pause(attempt, room)))
        return await self._ask(room, query)

    async def _ask(self, room: str, query: Raw) -> Raw:
        try:
            return await self._wire.ask("GET", "rooms", room, "messages", query=query)
        except Refused:
            log.warning("matrix.gap_left", room=room)
            return {}


def since_invited(said: list[Raw], me: str) -> int:
    """Where in a room's events (oldest first) the bot's own time in it begins: after its latest invitation, else after its joining."""
    begin = 0
    for place, event in enumerate(said):
        if not _own_membership(event, me):
            continue
        invited = word(section(event, "content"), "membership") == "invite"
        before = section(event, "unsigned")
        came = word(section(before, "prev_content"), "membership") in {"leave", "ban", "knock"}
        first = not begin and "prev_content" not in before and "replaces_state" not in before
        if invited or came or first:
            begin = place + 1
    return begin


def _own_membership(event: Raw, me: str) -> bool:
    return word(event, "type") == "m.room.member" and event.get("state_key") == me
