"""The guard around each thing that a page asks: a bug in it is logged and said, and the chat goes on."""

from collections.abc import Awaitable, Callable

from bot.log import log

Tell = Callable[[str], None]


async def guarded(doing: Awaitable[None], tell: Tell) -> None:
    """Do it; of a bug its kind and place are logged, never what somebody typed, and `tell` gets the name of that kind."""
    try:
        await doing
    except Exception as fault:  # noqa: BLE001 - a bug of the page must not end the chat
        log.error("page_fault", exc_info=fault)
        tell(type(fault).__name__)
