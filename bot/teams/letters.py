"""A letter as activities: its text in parts that Teams accepts, and the card below the last one."""

import json
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

from bot.chat import Post
from bot.teams.activities import Raw
from bot.teams.addresses import tenant_and_object
from bot.teams.cards import buttons_card, poll_card, ranking_card

LARGEST = 80_000
"""Bytes of text in one message, counted as UTF-16 as Teams does. Source: Microsoft, "Format your bot messages" (about 100 kB in all)."""
LARGEST_CARD = 50_000
"""Bytes of it that a card may take, counted in the same way."""
FOR_THE_REST = 10_000
"""Bytes that names and addresses may take of it."""
_TAG = re.compile(r"<[^>]{0,100}>")


def activities(post: Post, send: str, names: dict[str, str]) -> list[Raw]:
    """The activities that say a post, in their order. `send` stands on the button of a poll; `names` are of who may be mentioned.

    Raises nothing: what is too long is split, between lines where that can be.
    """
    card = _card(post, send)
    parts = list(split(post.html, LARGEST - FOR_THE_REST - size(json.dumps(card)))) or [""]
    said = [_message(part, post) for part in parts]
    said[0] |= _mentions(said[0]["text"], names)
    if card is not None:
        said[-1]["attachments"] = [card]
    if post.wake:
        said[-1]["channelData"] = {"notification": {"alert": True}}
    return said


def _card(post: Post, send: str) -> Raw | None:
    """What stands below the text. A ranking of so much that no message holds it goes without: the text says how to type it."""
    if post.poll is not None:
        return poll_card(post, post.poll, send)
    if post.buttons:
        return buttons_card(post)
    card = ranking_card(post, post.ranking, send) if post.ranking is not None else None
    return card if card is not None and size(json.dumps(card)) <= LARGEST_CARD else None


def closed(post: Post) -> Raw:
    """What stands in the place of a poll that is over."""
    return _message(next(split(post.html, LARGEST - FOR_THE_REST), ""), post)


def split(markup: str, largest: int) -> Iterator[str]:
    """Our own HTML in parts of at most so many bytes, none of them empty; one that fits stays as it is."""
    if size(markup) <= largest:
        if markup:
            yield markup
        return
    part: list[str] = []
    room = largest
    for line in _lines(markup, largest):
        needs = size(line) + size("<br>")
        if part and needs > room:
            yield "<br>".join(part)
            part, room = [], largest
        part.append(line)
        room -= needs
    if part:
        yield "<br>".join(part)


def size(text: str) -> int:
    """Bytes as Teams counts them."""
    return len(text.encode("utf-16-le", errors="replace"))


def _lines(markup: str, largest: int) -> Iterator[str]:
    """The lines of it, lists made plain, each small enough."""
    flat = re.sub(r"</?ul>", "<br>", markup).replace("<li>", "• ").replace("</li>", "<br>")
    for line in flat.split("<br>"):
        if size(line) + size("<br>") <= largest:
            yield line
        else:
            yield from _cut(unescape(_TAG.sub("", line)), largest)


def _cut(text: str, largest: int) -> Iterator[str]:
    """A line that is too long by itself, cut anywhere; an escaped sign takes at most six."""
    most = max(1, largest // 16)
    for start in range(0, len(text), most):
        yield escape(text[start : start + most])


def _message(text: str, post: Post) -> Raw:
    return {
        "type": "message",
        "text": text.replace("<br>", "<br/>"),
        "textFormat": "xml",
        "summary": post.plain.partition("\n")[0][:200],
    }


def _mentions(text: str, names: dict[str, str]) -> Raw:
    """The text with the people who are addressed in front, and what makes Teams notify them."""
    if not names:
        return {}
    shown = {person: f"<at>{escape(name)}</at>" for person, name in names.items()}
    entities = [_mention(person, names[person], written) for person, written in shown.items()]
    return {"text": f"{' '.join(shown.values())} {text}", "entities": entities}


def _mention(person: str, name: str, written: str) -> Raw:
    """Source: Microsoft, "Mention a user" (the Entra object id may stand for the user)."""
    _tenant, object_id = tenant_and_object(person)
    return {"type": "mention", "text": written, "mentioned": {"id": object_id, "name": name}}


def mentionable(post: Post, names: dict[str, str]) -> Sequence[str]:
    """Whom a post addresses who is there and has a name."""
    return [person for person in post.mentions if names.get(person)]
