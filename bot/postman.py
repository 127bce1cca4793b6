"""The postman: letters that are on disk go out, in order within a room, rooms beside each other.

A letter leaves the outbox when the platform has it. If the process dies in between, the letter is tried again with the same id,
and the platform knows that id. Where it goes is frozen at the first attempt.
"""

import asyncio
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from bot import carrying
from bot.chat import Chat, Doubtful, Later, Post, Undeliverable
from bot.clock import Clock
from bot.health import Metrics
from bot.ledger import Ledger
from bot.log import log
from programme import rooms
from programme.text import Text, _, lines
from storage.errors import StoreBroken, StoreFull
from storage.letters import RESTORED, Letter, Mark, Undelivered
from storage.store import Store
from storage.unit import Unit

FORGOTTEN = timedelta(hours=12)
"""After this the platform may have forgotten a transaction (Synapse keeps them for a day): look before repeating."""
SINCE_RESTORED = timedelta(days=1)
"""For so long after a restore what is said may have been said before by the bot that was lost."""
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""Seconds."""
DOUBTFUL = "doubtful"
"""The reason in the report of a letter of which nobody knows whether it arrived."""
Outcome = Literal["arrived", "lost"]
Write = Callable[[Letter], Post]
"""Renders a letter for its reader."""


@dataclass
class Postman:
    """Delivers. `write` makes a letter readable."""

    store: Store
    ledger: Ledger
    clock: Clock
    write: Write
    metrics: Metrics
    chats: list[Chat] = field(default_factory=list)
    reported: Callable[[Letter, Outcome], None] = lambda _letter, _outcome: None
    """Told what became of a letter that asks for it."""
    _rooms: dict[str, deque[Letter]] = field(default_factory=dict)
    _workers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _arrived: list[str] = field(default_factory=list)
    """Ids of letters that the platform has, not yet crossed off on disk."""
    _numbers: "count[int]" = field(default_factory=count)

    def start(self) -> None:
        """Take up what a former process left."""
        left = sorted(self.store[Letter].values(), key=lambda letter: letter.number)
        self._numbers = count(left[-1].number + 1 if left else 1)
        self._enqueue(left)

    def next_number(self) -> int:
        """The number of the next letter."""
        return next(self._numbers)

    def take(self, letters: Sequence[Letter], kept: "asyncio.Future[None]") -> None:
        """Deliver these as soon as they are on disk."""
        if letters:
            kept.add_done_callback(
                lambda done: None if done.cancelled() or done.exception() else self._enqueue(letters)
            )

    def _enqueue(self, letters: Sequence[Letter]) -> None:
        for letter in letters:
            self._rooms.setdefault(letter.room, deque()).append(letter)
            self.metrics.pending.inc()
            if letter.room not in self._workers:
                self._workers[letter.room] = asyncio.get_running_loop().create_task(self._serve(letter.room))

    @property
    def busy(self) -> bool:
        """Whether letters are under way."""
        return bool(self._workers)

    async def idle(self) -> None:
        """Wait until there is nothing to deliver (a letter that must wait for its platform counts as work)."""
        while self._workers:
            await asyncio.wait(list(self._workers.values()))

    async def stop(self) -> None:
        """Lay down the work. What is left is in the outbox."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        self._keep_crossed_off()

    async def _serve(self, room: str) -> None:
        letters = self._rooms[room]
        try:
            with suppress(StoreBroken):  # then the process ends, and the next one goes on
                while letters:
                    await self._deliver(letters[0])
                    letters.popleft()
                    self.metrics.pending.dec()
                    await asyncio.sleep(0)  # that it is crossed off is written before anything about the next one is
        finally:
            del self._workers[room]
            if not letters:
                del self._rooms[room]

    async def _deliver(self, letter: Letter) -> None:
        """Try until the platform has it, or it turns out that it cannot be delivered."""
        for attempt in count():
            if self._is_outdone(letter):
                return self._cross_off(letter)
            try:
                return await self._attempt(letter)
            except Later as later:
                await self._pause(letter, attempt, later.seconds)
            except Undeliverable as fault:
                return await self._report(letter, fault.reason)
            except Doubtful:
                return await self._report(letter, DOUBTFUL)
            except StoreBroken:
                raise
            except Exception as fault:  # noqa: BLE001 - a bug in an adapter must not silence a room
                log.error("delivery_fault", letter_id=letter.id, exc_info=fault)
                return await self._report(letter, "fault")
        return None

    def _is_outdone(self, letter: Letter) -> bool:
        """Whether it changes a status text that a later letter, waiting already, changes too."""
        if not letter.status or letter.edits is None:
            return False
        return any(it.edits == letter.edits and it.number > letter.number for it in self._rooms[letter.room])

    async def _attempt(self, letter: Letter) -> None:
        now, useful = self.clock.now(), self._useful(letter)
        if not useful():
            raise Undeliverable("too_late")
        if letter.kept and self.ledger.full:
            raise Later  # that it has arrived could not be kept, and not every platform forgives a second attempt
        chat = self._chat(letter.room)
        post = self.write(letter)
        letter = await self._frozen(letter, chat, now)
        assert letter.place is not None and letter.tried is not None  # noqa: S101, PT018 - just frozen
        await chat.post(replace(post, old=self._is_old(letter.tried, now), useful=useful), letter.place)
        self._cross_off(letter)
        log.debug("delivered", letter_id=letter.id, room=letter.room)
        self.metrics.posted.inc()
        if letter.reports:
            self.reported(letter, "arrived")

    def _useful(self, letter: Letter) -> Callable[[], bool]:
        """Whether it is still of use, asked again at the last moment: keys and rooms may have taken their time."""
        return lambda: letter.until is None or self.clock.now() < letter.until

    def _is_old(self, tried: datetime, now: datetime) -> bool:
        """Whether the platform may not know the transaction of a first attempt at `tried`: look before repeating.

        A clock that was set back says nothing about an age, and after a restore another device asks, which has no transactions yet.
        """
        restored = self.store[Mark].get(RESTORED)
        of_late = restored is not None and abs(now - datetime.fromisoformat(restored.value)) < SINCE_RESTORED
        return of_late or not timedelta(0) <= now - tried < FORGOTTEN

    def _cross_off(self, letter: Letter) -> None:
        """Take it out of the outbox, in one unit with the others that arrive in this turn of the loop."""
        if not letter.kept:
            return
        if not self._arrived:
            asyncio.get_running_loop().call_soon(self._keep_crossed_off)
        self._arrived.append(letter.id)

    def _keep_crossed_off(self) -> None:
        arrived, self._arrived = self._arrived, []
        if arrived:
            with suppress(StoreBroken):  # then the process ends, and the next one looks whether they were said
                self.ledger.owe(Unit(("letters", id_, None) for id_ in arrived))

    async def _frozen(self, letter: Letter, chat: Chat, now: datetime) -> Letter:
        """Fix the destination, on disk, before the first attempt: a second one must not go elsewhere."""
        kept = self.store[Letter].get(letter.id, letter)
        if kept.place is None:
            kept = kept.model_copy(update={"place": await chat.place(letter.room), "tried": kept.tried or now})
            if kept.kept:
                await self._keep(kept)
        return kept

    async def _keep(self, letter: Letter) -> None:
        try:
            await self.ledger.commit(Unit([("letters", letter.id, letter)]))
        except StoreFull as full:
            raise Later from full

    def _chat(self, room: str) -> Chat:
        for chat in self.chats:
            if chat.serves(room):
                return chat
        raise Undeliverable("unknown")

    async def _pause(self, letter: Letter, attempt: int, asked: float | None) -> None:
        doubled = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempt, 10))
        spread = 0.75 + 0.5 * (zlib.crc32(f"{letter.id}{attempt}".encode()) / 2**32)
        log.info("delivery_later", letter_id=letter.id, attempt=attempt)
        await asyncio.sleep(asked if asked is not None else doubled * spread)

    async def _report(self, letter: Letter, reason: str) -> None:
        """Take it out of the outbox, and tell the desk: somebody must be called or mailed."""
        log.warning("undelivered", letter_id=letter.id, reason=reason)
        now = self.clock.now()
        record = Undelivered(id=letter.id, room=letter.room, reason=reason, at=now, edition=letter.edition)
        unit = Unit([("letters", letter.id, None), ("undelivered", record.id, record)])
        carrying.let_go(self.store, letter, unit)
        notice = self._notice(letter, reason)
        if notice is not None:
            unit.put("letters", notice.id, notice)
        kept = self.ledger.owe(unit)
        self.metrics.undelivered.inc()
        self.take([notice] if notice else [], kept)
        await kept
        if letter.reports:
            self.reported(letter, "lost")

    def _notice(self, letter: Letter, reason: str) -> Letter | None:
        desk = rooms.desk(letter.edition)
        if not letter.edition or letter.room == desk or letter.status or not letter.kept:
            return None  # what people wrote for one room is not for the desk, nor for the disk
        person = rooms.person_of(letter.room) or letter.room
        text = _doubted(person) if reason == DOUBTFUL else _lost(person, reason)
        return Letter(
            id=f"{letter.id}!",
            number=self.next_number(),
            room=desk,
            text=lines(text, letter.text),
            edition=letter.edition,
        )


REASONS: dict[str, Text] = {
    "left": _("not in the chat any more"),
    "refused": _("the chat server refuses it"),
    "unknown": _("no way to reach this person"),
    "too_large": _("the message is too long"),
    "too_late": _("it was too late for it"),
    "blocked": _("this person has blocked me or removed the app"),
    "not_installed": _("the app is not installed there"),
    "not_linked": _("this room is not linked to a chat yet"),
    "fault": _("something went wrong here"),
}


def _lost(who: str, reason: str) -> Text:
    return _(
        "A message did not reach {who} ({reason}). Call or mail this person. This is what it said:",
        who=who,
        reason=REASONS.get(reason, REASONS["fault"]),
    )


def _doubted(who: str) -> Text:
    return _(
        "I do not know whether a message reached {who}: the connection broke off. I do not repeat it. Ask this person. This is what it said:",
        who=who,
    )
