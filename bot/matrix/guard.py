"""The guard around each single thing that comes from outside: whatever one event does, the next is heard."""

from asyncio import Future
from collections.abc import Iterator
from contextlib import contextmanager

from bot.chat import Later
from bot.log import log
from bot.matrix.wire import MatrixStopped


@contextmanager
def guarded(what: str, which: str) -> Iterator[None]:
    """Let what goes wrong inside go wrong alone: `what` of a thing (`event`, `to_device`), and `which` one (its id).

    A server that is away is not the event's fault: `Later` and `MatrixStopped` pass.
    """
    try:
        yield
    except (Later, MatrixStopped):
        raise
    except Exception as fault:  # noqa: BLE001 - the one broad guard of this adapter: what breaks is made by others
        log.warning("matrix.poison", kind=what, id=which, error=type(fault).__name__)


def noted(done: "Future[None]") -> None:
    """Write down that the house could not keep what it was handed."""
    if not done.cancelled() and (fault := done.exception()) is not None:
        log.error("matrix.not_handled", error=type(fault).__name__)
