"""Whether a message comes from whom it says: asked once for each device, and again when somebody's devices change."""

from collections.abc import Iterable

import aiohttp
import nio

from bot.chat import Later, Port
from bot.matrix.published import NoAnswer
from bot.matrix.trust import coordinator_is_genuine, sender_is_genuine


class HousePins:
    """The pinned master keys of coordinators, kept with the house (`trust.Pins`)."""

    def __init__(self, house: Port) -> None:
        self._house = house

    def pin_of(self, person: str) -> str | None:
        """The master key that is pinned for this full user id."""
        return self._house.mark(f"matrix/pin/{person}")

    def remember_pin(self, person: str, key: str) -> object:
        """Pin it."""
        return self._house.remember_mark(f"matrix/pin/{person}", key)


class Senders:
    """Checks who really said it: anybody by their devices, coordinators by their pinned identity too."""

    def __init__(self, client: nio.AsyncClient, house: Port, coordinators: frozenset[str]) -> None:
        self._client = client
        self._pins = HousePins(house)
        self._coordinators = coordinators
        self._vouched: set[tuple[str, str]] = set()

    async def genuine(self, event: nio.Event) -> bool:
        """Whether this decrypted event is its sender's own. When no, the sender's devices are asked for anew.

        Raises `Later` when a coordinator's server cannot be asked now.
        """
        if not sender_is_genuine(self._client, event):
            self._client.olm.add_changed_users({event.sender})
            return False
        if event.sender not in self._coordinators or (event.sender, event.sender_key) in self._vouched:
            return True
        if not await self._pinned(event):
            return False
        self._vouched.add((event.sender, event.sender_key))
        return True

    def changed(self, people: Iterable[str]) -> None:
        """These people's devices may have changed: ask again."""
        changed = set(people)
        self._vouched = {(person, key) for person, key in self._vouched if person not in changed}

    async def _pinned(self, event: nio.Event) -> bool:
        try:
            return await coordinator_is_genuine(self._client, event, self._pins)
        except (NoAnswer, aiohttp.ClientError, TimeoutError, OSError) as away:
            raise Later from away
