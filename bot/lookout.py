"""What the house does not know by itself and a platform can tell: how a room is, and whether something was said before a crash.

The answer comes back as an event of its own. Until then nothing waits for it but what it is about.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Protocol, TypeVar

from bot.chat import Later, Looking, RoomFacts, Undeliverable
from bot.clock import Clock
from bot.postman import Postman
from storage.letters import Room
from storage.store import Store

T = TypeVar("T")
LONGEST_WAIT = 30.0
"""Seconds."""


class Learnt(Protocol):
    """Who is told what was seen: do this act in the room, with what it is about or how the room is."""

    def __call__(self, room: str, act: str, *, about: str = "", facts: RoomFacts | None = None) -> object:
        """Do it now."""


@dataclass
class Lookout:
    """Looks on the platforms of the house. `working` holds what is under way in the house, and so each look too."""

    store: Store
    clock: Clock
    postman: Postman
    working: set[asyncio.Task[None]]
    learnt: Learnt
    _looking: set[asyncio.Task[None]] = field(default_factory=set)

    def said(self, room: str, letter: str, found: str, missing: str) -> None:
        """Look whether this letter was said in the room with this key, and do the act `found` or `missing`.

        Where nobody can look it counts as missing: better asked twice than lost.
        """
        self._begin(self._said(room, letter, found, missing))

    def facts(self, room: str, act: str, *, until: datetime) -> None:
        """Look how the room is, and do this act with the facts; not at all when it cannot be known before `until` (aware)."""
        self._begin(self._facts(room, act, until))

    def stop(self) -> None:
        """Stop looking."""
        for task in [*self._looking]:
            task.cancel()

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        for tasks in (self._looking, self.working):
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def _said(self, room: str, letter: str, found: str, missing: str) -> None:
        said = await self._ask(room, lambda chat, place: chat.has_said(letter, place))
        self.learnt(room, found if said else missing, about=letter if said else "")

    async def _facts(self, room: str, act: str, until: datetime) -> None:
        facts = await self._ask(room, lambda chat, place: chat.facts(place))
        if facts is not None and self.clock.now() < until:
            self.learnt(room, act, facts=facts)

    async def _ask(self, room: str, question: Callable[[Looking, str], Awaitable[T]]) -> T | None:
        """What the platform of this room answers, however long it is away; None when it cannot say."""
        chat = next((chat for chat in self.postman.chats if chat.serves(room)), None)
        kept = self.store[Room].get(room)
        if not isinstance(chat, Looking):
            return None
        for attempt in count():
            try:
                return await question(chat, kept.place if kept else room)
            except Undeliverable:
                return None
            except Later as later:
                await asyncio.sleep(later.seconds or min(LONGEST_WAIT, 0.5 * 2 ** min(attempt, 10)))
        return None
