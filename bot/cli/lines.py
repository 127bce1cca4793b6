"""A played chat of JSON lines, for scripts and tests: one object in, the answers out, then `{"done": N}`."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.chat import Post
from bot.console import NotThere, Stage
from bot.transcript import ZONE
from programme import rooms


async def typed_lines() -> AsyncIterator[str]:
    """Lines of standard input, without holding the loop."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line.rstrip("\r\n")


class BadLine(Exception):  # noqa: N818 - answered, and nothing has changed
    """A line that is no input; the text says why."""


@dataclass
class _Ids:
    """Short ids for what the bot says: m1, m2 and so on."""

    known: dict[str, str] = field(default_factory=dict)

    def of(self, letter: str) -> str:
        return self.known.setdefault(letter, f"m{len(self.known) + 1}")


async def play_lines(stage: Stage) -> None:
    """Play what comes on standard input until it ends."""
    ids, count = _Ids(), 0
    _write_posts(stage, ids)
    async for line in typed_lines():
        if not line.strip():
            continue
        count += 1
        try:
            extra = await _input(stage, _object(line))
        except (BadLine, NotThere) as fault:
            _write({"error": str(fault)})
        else:
            _write_posts(stage, ids)
            if extra is not None:
                _write(extra)
        _write({"done": count})


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as fault:
        raise BadLine(f"not JSON: {fault}") from None
    if not isinstance(found, dict):
        raise BadLine('not an object; for example {"person": "anna", "text": "!help"}')
    return found


async def _input(stage: Stage, asked: dict[str, Any]) -> dict[str, Any] | None:
    """Do one input; gives what is to be written beside what the bot says."""
    if "at" in asked:
        await stage.travel(_at(asked["at"]))
    elif asked.get("restart") is True:
        await stage.restart()
    elif asked.get("rooms") is True:
        return {"rooms": [_room(stage, wish.key, wish.members, encrypted=wish.encrypted) for wish in stage.rooms()]}
    else:
        await _spoken(stage, asked)
    return None


async def _spoken(stage: Stage, asked: dict[str, Any]) -> None:
    unknown = set(asked) - {"person", "text", "press", "vote", "room", "id"}
    if unknown:
        raise BadLine(
            f"unknown key {min(unknown)!r}; known are person, text, press, vote, room, id, at, restart, rooms"
        )
    person, room, id_ = (_word(asked, key) for key in ("person", "room", "id"))
    if not person:
        raise BadLine('person is missing; for example {"person": "anna", "text": "!help"}')
    if "text" in asked:
        await stage.speak(person, _word(asked, "text"), room, id_)
    elif "press" in asked:
        await stage.press(person, _word(asked, "press"), room, id_)
    elif "vote" in asked:
        await stage.vote(person, _words(asked, "vote"), room, id_)
    else:
        raise BadLine("text, press or vote is missing")


def _word(asked: dict[str, Any], key: str) -> str:
    value = asked.get(key, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadLine(f"{key} must be a text")
    return value


def _words(asked: dict[str, Any], key: str) -> list[str]:
    words = asked[key]
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise BadLine(f'{key} must be a list of texts; for example ["2", "5"]')
    return words


def _at(written: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError:
        raise BadLine(f"at: {written!r} is not a moment; write it as 2026-07-10T23:59:59+02:00") from None
    return at if at.tzinfo else at.replace(tzinfo=ZONE)


def _room(stage: Stage, key: str, members: frozenset[str], *, encrypted: bool) -> dict[str, Any]:
    return {"id": key, "name": stage.short(key), "members": sorted(members), "encrypted": encrypted}


def _write_posts(stage: Stage, ids: _Ids) -> None:
    for post in stage.console.fetch():
        _write(_post(stage, post, ids))


def _post(stage: Stage, post: Post, ids: _Ids) -> dict[str, Any]:
    person = rooms.person_of(post.room)
    return {
        "to": person,
        "room": None if person else stage.short(post.room),
        "id": ids.of(post.id),
        "text": post.plain,
        "html": post.html,
        "buttons": [label for label, _written in post.buttons],
        "poll": _poll(post),
        "file": _file(post),
        "edits": ids.of(post.edits) if post.edits else None,
        "mentions": list(post.mentions),
    }


def _poll(post: Post) -> dict[str, Any] | None:
    if post.poll is None:
        return None
    return {"question": post.plain, "choices": [label for label, _w, _c in post.poll.choices], "max": post.poll.most}


def _file(post: Post) -> dict[str, str] | None:
    if post.file is None:
        return None
    return {"name": post.file.name, "mime": post.file.mime, "base64": base64.b64encode(post.file.content).decode()}


def _write(found: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    sys.stdout.flush()
