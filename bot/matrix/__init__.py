"""Matrix as a chat platform: one account, one device, all rooms of the house.

Read in this order: `sync` (what comes in), `hearing` and `events` (what of it somebody said), `rooms`, `wishes` and `doors` (which
rooms, and who lets the bot in), `sending` and `keys` (what goes out), `wire` (the requests themselves).
"""

import asyncio
from contextlib import suppress
from pathlib import Path

import nio

from bot.chat import Later, Port, Post, RoomFacts, Undeliverable
from bot.log import log
from bot.matrix.crossing import CrossSigningFault, ForeignMasterKey, SigningLater, ensure_cross_signed
from bot.matrix.faults import ServerAway
from bot.matrix.running import Running
from bot.matrix.session import close_session, open_session
from bot.matrix.wire import MatrixStopped, Pace, Refused, silence
from bot.matrix.wishes import Render
from bot.settings import MatrixSettings
from programme.rooms import person_of

__all__ = ["MatrixChat", "MatrixStopped", "Pace", "Render"]


class MatrixChat:
    """A `bot.chat.Chat` on one homeserver.

    `folder` holds the session and its keys (see `session`), `render` writes the names of rooms, `coordinators` are the full ids of
    those whose identity is pinned, and `pace` says how patient to be.
    """

    def __init__(
        self,
        settings: MatrixSettings,
        folder: Path,
        render: Render,
        *,
        coordinators: frozenset[str] = frozenset(),
        pace: Pace | None = None,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._render = render
        self._coordinators = coordinators
        self._pace = pace or Pace()
        self._cross_signed = False
        self._running: Running | None = None

    def serves(self, room: str) -> bool:
        """Whether a room with this key is on Matrix: all are, but direct chats with people of another platform."""
        person = person_of(room)
        return person.startswith("@") if person is not None else not room.startswith("teams:")

    async def run(self, house: Port) -> None:
        """Be on Matrix until cancelled.

        Raises `SessionFault` or `MatrixStopped`, with the way out in one line, when an operator must mend something.
        """
        client = await self._open()
        try:
            again = await self._vouch(client)
            parts = Running.on(client, house, self._settings, self._render, self._coordinators, self._pace)
            async with parts as self._running:
                await self._running.run(*([self._vouch_later(client)] if again else []))
        finally:
            self._running = None
            await close_session(client)

    async def place(self, key: str) -> str:
        """The room for this key, made if need be. Raises `Undeliverable`, `Later`."""
        running = await self._begun()
        person = person_of(key)
        with running.stopping():
            try:
                return await (running.rooms.direct_chat(person) if person else running.wishes.place(key))
            except Refused as no:
                raise Undeliverable("refused") from no

    async def post(self, post: Post, place: str) -> None:
        """Say the letter there. Raises `Undeliverable`, `Later`."""
        running = await self._begun()
        with running.stopping():
            await running.sending.post(post, place)

    async def facts(self, place: str) -> RoomFacts:
        """How this room is now. Raises `Undeliverable`, `Later`."""
        running = await self._begun()
        with running.stopping():
            return await running.facts(place)

    async def has_said(self, letter: str, place: str) -> bool:
        """Whether the bot has said the text of the letter with this id there. Raises `Undeliverable`, `Later`."""
        running = await self._begun()
        with running.stopping():
            return await running.sending.has_said(letter, place)

    def wishes_changed(self) -> None:
        """The rooms that should be may have changed: make reality agree soon."""
        if self._running is not None:
            self._running.wishes.changed()

    def ready(self) -> dict[str, bool]:
        """Whether the sync keeps up, and whether careful clients trust the bot's device."""
        synced = self._running is not None and self._running.sync.fresh
        return {"matrix_sync": synced, "matrix_cross_signed": self._cross_signed}

    async def _begun(self) -> Running:
        """The run, once it knows which rooms there are."""
        if self._running is None:
            raise Later
        running = self._running
        await running.begun()
        return running

    async def _open(self) -> nio.AsyncClient:
        """The session. A homeserver that is away is waited for; any other fault is the operator's."""
        attempt = 0
        while True:
            reason = await silence(self._settings.homeserver, self._pace.request)
            if reason is None:
                with suppress(ServerAway):
                    return await open_session(self._settings, self._folder)
            attempt += 1
            log.warning("matrix.away", attempt=attempt, server=self._settings.homeserver, reason=reason)
            await asyncio.sleep(self._pace.pause(attempt, self._settings.user))

    async def _vouch(self, client: nio.AsyncClient) -> bool:
        """Have the bot's device cross-signed; whether to try again. Without it most people can still talk with the bot, so it goes on."""
        try:
            await ensure_cross_signed(client, self._settings, self._folder)
        except ForeignMasterKey:
            raise
        except CrossSigningFault as fault:
            log.warning("matrix.not_cross_signed", error=type(fault).__name__)
            return isinstance(fault, SigningLater)
        self._cross_signed = True
        return False

    async def _vouch_later(self, client: nio.AsyncClient) -> None:
        """Try again until the homeserver is there."""
        again = True
        while again:
            await asyncio.sleep(self._pace.look_again)
            again = await self._vouch(client)
