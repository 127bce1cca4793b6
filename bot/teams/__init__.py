"""Microsoft Teams as a chat platform: one app, its chats with people, and the group chats and channels that were linked to rooms.

Read in this order: `inbound` and `gate` (what comes in, and whether it may), `hearing` and `typed` (what of it somebody said),
`sending`, `letters` and `cards` (what goes out), `connector` and `tokens` (the requests themselves). `package` and `icons` make the app that people install.
"""

from collections.abc import Callable

from bot.chat import Later, Port, Post, RoomFacts
from bot.clock import Clock, WallClock
from bot.settings import TeamsSettings
from bot.teams.addresses import PREFIX
from bot.teams.patience import Patience
from bot.teams.running import Running, TeamsStopped
from bot.teams.wording import Render
from programme.rooms import person_of

__all__ = ["Patience", "Render", "TeamsChat", "TeamsStopped"]

Linked = Callable[[str], str | None]
"""The platform's id of the room with this key, when it is known (`bot.chat.Port.place_of`)."""


class TeamsChat:
    """A `bot.chat.Chat` in the tenants of the settings.

    `linked` tells which place a room has, `render` writes the few words of the adapter's own; `alone` says that there is no other
    platform, so that every room is to be here.
    """

    def __init__(
        self,
        settings: TeamsSettings,
        render: Render,
        linked: Linked,
        *,
        alone: bool = True,
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._settings = settings
        self._render = render
        self._linked = linked
        self._alone = alone
        self._clock = clock or WallClock()
        self._patience = patience or Patience()
        self._running: Running | None = None

    @property
    def address(self) -> str:
        """Where the endpoint listens (`host:port`); empty as long as it does not."""
        return self._running.inbound.address if self._running else ""

    def serves(self, room: str) -> bool:
        """Whether a room with this key is in Teams: chats with people of Teams, rooms linked to a chat here, else all when alone."""
        person = person_of(room)
        if person is not None:
            return person.startswith(PREFIX)
        return room.startswith(PREFIX) or self._alone or (self._linked(room) or "").startswith(PREFIX)

    async def run(self, house: Port) -> None:
        """Be in Teams until cancelled. Raises `TeamsStopped`, with the way out in one line, when an operator must mend something."""
        async with Running.on(self._settings, house, self._render, self._clock, self._patience) as running:
            self._running = running
            try:
                await running.run()
            finally:
                self._running = None

    async def place(self, key: str) -> str:
        """The conversation for this key; a chat with one person is begun if need be. Raises `Undeliverable`, `Later`."""
        return await self._begun().places.place(key)

    async def post(self, post: Post, place: str) -> None:
        """Say the letter there. Raises `Undeliverable`, `Later`, `Doubtful`."""
        await self._begun().sending.post(post, place)

    async def facts(self, place: str) -> RoomFacts:
        """How this conversation is now. Raises `Undeliverable`, `Later`."""
        return await self._begun().facts(place)

    async def has_said(self, letter: str, place: str) -> bool:  # noqa: ARG002 - the signature is the port's
        """A bot cannot read back in Teams, so it never knows."""
        return False

    def wishes_changed(self) -> None:
        """Rooms are linked by people here, not made."""

    def ready(self) -> dict[str, bool]:
        """Whether Teams can reach us, and whether we can prove to Teams who we are."""
        running = self._running
        return {
            "teams_listening": bool(self.address),
            "teams_token": running is not None and running.tokens.good,
        }

    def _begun(self) -> Running:
        if self._running is None:
            raise Later
        return self._running
