"""Reading what a server sends without believing it: every value may be missing, of another type, too deep or too long."""

import json
import re
from typing import Any

Raw = dict[str, Any]
"""A JSON object as it came."""

DEEPEST = 60
"""Deeper values are cut off. The deepest that Matrix itself asks for is about ten."""

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)  # possessive: no way back, whatever the text
_LONGEST_NUMBER = 20


def read_json(body: bytes) -> object:
    """The JSON in a body, or None when there is none in it.

    Too deep values become null and too long numbers zero, so that one person's event cannot make the answer unreadable.
    """
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text, parse_int=_number)
    except RecursionError:
        return _read_shallow(text)
    except ValueError:
        return None


def _read_shallow(text: str) -> object:
    try:
        return json.loads(without_depths(text), parse_int=_number)
    except ValueError:
        return None


def _number(digits: str) -> int:
    """Python refuses to read numbers of thousands of digits; nothing in Matrix has more than sixteen."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else 0


def without_depths(text: str, deepest: int = DEEPEST) -> str:
    """The same JSON with `null` for every value that lies deeper than `deepest`."""
    kept: list[str] = []
    depth = start = 0
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if sign in "[{":
            depth += 1
            if depth == deepest + 1:
                kept.append(text[start : token.start()] + "null")
        elif sign in "]}":
            if depth == deepest + 1:
                start = token.end()
            depth -= 1
    return "".join(kept) + text[start:]


def section(raw: object, *names: str) -> Raw:
    """The object at this road of names; empty when there is none."""
    for name in names:
        raw = raw.get(name) if isinstance(raw, dict) else None
    return raw if isinstance(raw, dict) else {}


def items(raw: object, name: str) -> list[Any]:
    """The list of this name; empty when there is none."""
    found = raw.get(name) if isinstance(raw, dict) else None
    return found if isinstance(found, list) else []


def events(raw: object, name: str = "events") -> list[Raw]:
    """The objects in the list of this name."""
    return [event for event in items(raw, name) if isinstance(event, dict)]


def rooms(raw: object, membership: str) -> dict[str, Raw]:
    """The rooms in a sync answer that the bot has this membership of (`join`, `invite`, `leave`)."""
    return {room: part for room, part in section(raw, "rooms", membership).items() if isinstance(part, dict)}


def word(raw: object, name: str) -> str:
    """The text of this name; empty when there is none. Signs that no file can hold are replaced."""
    found = raw.get(name) if isinstance(raw, dict) else None
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def words(raw: object, name: str) -> tuple[str, ...]:
    """The texts in the list of this name."""
    return tuple(item for item in items(raw, name) if isinstance(item, str))


def number(raw: object, name: str) -> int | None:
    """The whole number of this name."""
    found = raw.get(name) if isinstance(raw, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None
