"""Which events are something that a person said: fresh plain text that they typed, and nothing else.

Edits, notices, emotes, captions, quotes, code, what a reply repeats, the bot's own events and those of other bots never become a
`Heard`, so nothing hidden in them can become a command.
"""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from bot.matrix.shapes import Raw, number, section, word, words

LETTER = "nl.kring.letter"
"""Where an event of the bot carries the id of the letter that it brings."""

_LATEST = 253_402_300_799_000  # the last millisecond that a datetime can hold
_NOT_TYPED_FRESH = ("<blockquote", "<pre", "<code")
_PILL = re.compile(r'<a href="https://matrix\.to/#/([^"?]{1,255})[^"]{0,255}">', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed: the text without the bot's name in front, and the event that it answers."""

    text: str
    addressed: bool = False
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class OwnNames:
    """What the bot is called: its full id, and the name that it shows."""

    id: str
    shown: str = ""

    def in_front(self) -> list[str]:
        """The ways to begin a message with the bot's name, longest first."""
        local = self.id.partition(":")[0].removeprefix("@")
        return sorted({self.id, f"@{local}", local, self.shown} - {"", "@"}, key=len, reverse=True)


def said_by_person(sender: str, me: str, known_bots: tuple[str, ...]) -> bool:
    """Whether this sender is a person: not the bot itself, and none of the bots that we know (ids or patterns of ids)."""
    return bool(sender) and sender != me and not any(fnmatchcase(sender, pattern) for pattern in known_bots)


def typed(event: Raw, names: OwnNames) -> Typed | None:
    """What a person typed in this (decrypted) event; None when it is anything but fresh plain text."""
    content = section(event, "content")
    if word(event, "type") != "m.room.message" or word(content, "msgtype") != "m.text" or "state_key" in event:
        return None
    relation = section(content, "m.relates_to")
    if "m.new_content" in content or word(relation, "rel_type") not in {"", "m.thread"}:
        return None
    answers = _answered(relation)
    markup = _without_repeated(word(content, "formatted_body"))
    if markup.lower().startswith(_NOT_TYPED_FRESH):
        return None
    body = word(content, "body")
    text = without_fallback(body) if answers else body
    return _addressed(text, markup, content, names, answers)


def without_fallback(body: str) -> str:
    """A reply without the lines that it repeats (`> <@anna:example.nl> …` and the empty line after them)."""
    lines = body.split("\n")
    repeated = next((place for place, line in enumerate(lines) if not line.startswith(">")), len(lines))
    fresh = lines[repeated:]
    return "\n".join(fresh[1:] if repeated and fresh and not fresh[0].strip() else fresh)


def when(event: Raw) -> datetime:
    """When it was said, according to its origin (UTC). What no calendar holds becomes the nearest that one does."""
    stamp = number(event, "origin_server_ts") or 0
    return datetime.fromtimestamp(min(max(stamp, 0), _LATEST) / 1000, UTC)


def _answered(relation: Raw) -> str | None:
    """The event that this one answers. In a thread, the last event stands there for old clients only."""
    if relation.get("is_falling_back") is True:
        return None
    return word(section(relation, "m.in_reply_to"), "event_id") or None


def _without_repeated(markup: str) -> str:
    """Formatted text without the part that a reply repeats."""
    markup = markup.lstrip()
    if markup[:10].lower() == "<mx-reply>":
        markup = markup.partition("</mx-reply>")[2].lstrip()
    return markup


def _addressed(text: str, markup: str, content: Raw, names: OwnNames, answers: str | None) -> Typed:
    pill = _PILL.match(markup)
    front = names.in_front()
    if pill and html.unescape(pill.group(1)).replace("%40", "@").replace("%3A", ":") == names.id:
        rest = _after_pill(text, markup[pill.end() :], front)
    else:
        rest = _after_name(text, front)
    mentioned = names.id in words(section(content, "m.mentions"), "user_ids")
    if rest is None:
        return Typed(text, addressed=mentioned, answers=answers)
    return Typed(rest, addressed=True, answers=answers)


def _after_pill(text: str, markup: str, front: list[str]) -> str | None:
    """The plain text after a pill shows the name that the writer's client has for the bot."""
    shown = html.unescape(markup.partition("</a>")[0])
    return _after_name(text, [shown, *front] if shown else front)


def _after_name(text: str, front: list[str]) -> str | None:
    """What follows the bot's name, or None when the text does not begin with it."""
    text = text.lstrip()
    for name in front:
        rest = text[len(name) :]
        if text[: len(name)].casefold() == name.casefold() and (not rest or rest[0] in ":, \n\t"):
            return rest.lstrip(":, \n\t")
    return None
