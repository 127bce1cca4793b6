"""The guard around each single activity: whatever one holds, the next is heard."""

from collections.abc import Awaitable

from bot.log import log
from storage.errors import StoreError


async def survived(taking: Awaitable[None], kind: str) -> bool:
    """Whether taking in an activity of this kind went well. A store that cannot write is no fault of the activity: it passes."""
    try:
        await taking
    except StoreError:
        raise
    except Exception as fault:  # noqa: BLE001 - the one broad guard of this adapter: what breaks is made by others
        log.warning("teams.poison", kind=kind, exc_info=fault)
        return False
    return True
