"""What is pinned in a room: changed by one at a time, from what the room has pinned now."""

import asyncio
from collections import defaultdict

from bot.log import log
from bot.matrix.known import KnownRooms
from bot.matrix.wire import Refused, Wire


class Pinning:
    """Pins what the bot said, next to what others pinned."""

    def __init__(self, wire: Wire, known: KnownRooms) -> None:
        self._wire = wire
        self._known = known
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def replace(self, room: str, former: str, event: str) -> None:
        """Pin this event of the bot instead of a former one (empty for none). Raises `Later`.

        Who may not pin says it unpinned: the text is there all the same.
        """
        async with self._locks[room]:
            card = self._known.cards.get(room)
            if card is None or (event in card.pinned and former not in card.pinned):
                return
            pinned = (*(other for other in card.pinned if other not in {former, event}), event)
            try:
                await self._wire.ask(
                    "PUT", "rooms", room, "state", "m.room.pinned_events", "", body={"pinned": list(pinned)}
                )
            except Refused as no:
                log.warning("matrix.not_pinned", room=room, error=no.code)
            else:
                card.pinned = pinned
