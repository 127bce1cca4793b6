"""What goes into the log: one JSON object a line, with ids and names of events, never a word that somebody wrote.

A line is made of fields on a list; every other field is left out. A value is an id, a number or a name: text with a space in
it is replaced by `LEFT_OUT`, so that a sentence cannot pass even in a field that is on the list. What libraries want to say is
reduced to who said it and how bad it is, because they quote: matrix-nio logs the body of a malformed message.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from itertools import pairwise
from types import TracebackType
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger

LEFT_OUT = "-"
LONGEST = 255
"""Characters: as long as an id in Matrix may be."""
IDS = frozenset({"id", "event_id", "letter_id", "person", "room", "destination", "edition", "key", "code"})
FACTS = frozenset(
    {"type", "kind", "command", "platform", "reason", "error", "where", "logger", "version", "signal", "listen"}
)
NUMBERS = frozenset({"seconds", "count", "attempt", "status", "bytes", "pending", "port"})
FIELDS = IDS | FACTS | NUMBERS
CAPPED = ("nio", "aiohttp", "apscheduler", "asyncio", "msal", "peewee", "tzlocal")
"""Loggers of libraries: warnings and worse only, however talkative the rest is asked to be."""
OURS = ("bot", "commands", "programme", "storage")


log = cast("FilteringBoundLogger", structlog.get_logger())
"""The log. Its first word names what happened (`delivery_later`); the fields beside it are those of `FIELDS`."""


def set_up(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Send every log line of this process, ours and of libraries, to `stream` (standard error when left out)."""
    _write_to(stream or sys.stderr, level)
    logging.captureWarnings(capture=True)
    logging.basicConfig(handlers=[_Reduced()], level=max(level, logging.INFO), force=True)
    for name in CAPPED:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.access").setLevel(logging.CRITICAL)


class _Reduced(logging.Handler):
    """Take a record of a library and keep who and how bad, not what it says."""

    def emit(self, record: logging.LogRecord) -> None:
        log.log(record.levelno, "library-said", logger=record.name, exc_info=record.exc_info)


_stamped = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")


def _bare_error(_: object, __: str, event: MutableMapping[str, Any]) -> EventDict:
    """Reduce an exception to its type and the way through our own code: its message may quote somebody."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = ">".join(_frames(error.__traceback__)) or LEFT_OUT
    return event


def _frames(trace: TracebackType | None) -> list[str]:
    """Name our own lines on the way to where it was raised, outermost first: `bot.router:88`."""
    found = []
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] in OURS:
            found.append(f"{module}:{trace.tb_lineno}")
        trace = trace.tb_next
    return [later for earlier, later in pairwise(["", *found]) if earlier != later][-8:]


def _allowed(_: object, __: str, event: Mapping[str, Any]) -> EventDict:
    """Keep the name of the event, its level, and the fields on the list."""
    kept = {name: _safe(event[name]) for name in sorted(event.keys() & FIELDS)}
    return {"event": _safe(event.get("event")), "level": event.get("level"), **kept}


def _safe(value: object) -> object:
    """Let a number or a word of id-like shape through; anything else, and any sentence, becomes `LEFT_OUT`."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, str) and len(value) <= LONGEST and value.isprintable() and not any(map(str.isspace, value)):
        return value
    return LEFT_OUT


def _write_to(stream: TextIO | None, level: int) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _bare_error,
            _allowed,
            _stamped,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


_write_to(None, logging.INFO)  # until `set_up`, and in whatever forgets it: a line of structlog's own would quote
