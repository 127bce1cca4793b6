"""Saying a letter in a room, once: encrypted where the room is, however often it is tried.

The transaction id is made of the letter's id. The server gives the same event for the same transaction, even when the ciphertext of a
second attempt differs, so a letter whose acknowledgement got lost is not said twice. For a letter so old that the server may have
forgotten its transaction, the bot reads back its own messages first; one that it cannot read it knows by its outside (`envelope`).
"""

import hashlib
import html
import json
from typing import Any

from nio.crypto import encrypt_attachment

from bot.chat import Later, Port, Post, Undeliverable
from bot.log import log
from bot.matrix.choices import (
    POLL_END,
    POLL_START,
    PRESSES,
    REACTION,
    as_presses,
    end_content,
    number_reactions,
    poll_content,
)
from bot.matrix.envelope import Envelopes
from bot.matrix.events import LETTER
from bot.matrix.hearing import own_event
from bot.matrix.keys import Keys
from bot.matrix.known import KnownRooms
from bot.matrix.pinning import Pinning
from bot.matrix.shapes import Raw, events, section, word, words
from bot.matrix.wire import Refused, Wire
from programme.rooms import person_of
from storage.letters import File

_MESSAGE = "m.room.message"
_PAGES_BACK = 10
_MOST_REMEMBERED = 2000
_REASONS = {"M_TOO_LARGE": "too_large", "M_NOT_FOUND": "unknown"}


def transaction(letter: str, part: str = "text") -> str:
    """The transaction id of a part of a letter: the same at every attempt."""
    return "kring." + hashlib.sha256(f"{letter}\0{part}".encode()).hexdigest()[:40]


class Sending:
    """Says letters. One at a time per room: the postman sees to that."""

    def __init__(self, wire: Wire, known: KnownRooms, keys: Keys, pinning: Pinning, house: Port) -> None:
        self._wire = wire
        self._known = known
        self._keys = keys
        self._pinning = pinning
        self._house = house
        self._envelopes = Envelopes(house)
        self._said: dict[str, str] = {}

    async def post(self, post: Post, room: str) -> None:
        """Say the letter there. Raises `Undeliverable` and `Later`."""
        await self._see(room)
        try:
            await self._check_alone(post.room, room)
            await self._say_parts(post, room)
        except Refused as no:
            raise Undeliverable(await self._reason(room, no)) from no

    async def has_said(self, letter: str, room: str) -> bool:
        """Whether the text of this letter stands in the room. Raises `Later`, `Undeliverable`."""
        await self._see(room)
        try:
            return await self._find(room, letter, "text") is not None
        except Refused as no:
            raise Undeliverable(await self._reason(room, no)) from no

    async def say(self, room: str, content: Raw, transaction_id: str, kind: str = _MESSAGE) -> str:
        """Send an event of this kind to a room that the sync has shown, encrypted where the room is. The id of it.

        Raises `Later`, `Refused`.
        """
        if self._known.encrypted(room):
            await self._keys.share(room)
            kind, hidden = self._wire.client.encrypt(room, kind, content)
            content = await self._envelopes.marked(hidden, transaction_id)
        answer = await self._wire.ask("PUT", "rooms", room, "send", kind, transaction_id, body=content)
        return word(answer, "event_id")

    async def _see(self, room: str) -> None:
        """Wait until the sync has shown the room: before that nobody knows whether it is encrypted."""
        if room in self._known.left:
            raise Undeliverable("left")
        if not await self._known.wait_for(room, self._wire.pace.room_seen):
            raise Undeliverable("left") if await self._is_out(room) else Later

    async def _check_alone(self, key: str, room: str) -> None:
        """Personal words go nowhere where somebody came in since the letter was addressed."""
        if person_of(key) is not None:
            await self._known.load(room)
            if not self._known.private(room, key):
                raise Undeliverable("refused")

    async def _is_out(self, room: str) -> bool:
        return room not in words(await self._wire.ask("GET", "joined_rooms"), "joined_rooms")

    async def _reason(self, room: str, no: Refused) -> str:
        if no.code == "M_FORBIDDEN":
            return "left" if await self._is_out(room) else "refused"
        return _REASONS.get(no.code, "refused")

    async def _say_parts(self, post: Post, room: str) -> None:
        if post.status:
            await self._say_status(post, room)
        elif post.plain or post.file is None:
            event = await self._say_text(post, room)
            await self._show_numbers(post, room, event)
        if post.ends is not None:
            await self._end_poll(post, post.ends, room)
        if post.file is not None and not (post.old and await self._find(room, post.id, "file")):
            content = {**await self._file(post.file, room), LETTER: post.id}
            await self.say(room, content, transaction(post.id, "file"))

    async def _say_text(self, post: Post, room: str) -> str:
        event = await self._find(room, post.id, "text") if post.old else None
        if event is None:
            await self._see_if_useful(post, room)
        if event is None and post.poll is not None:
            event = await self.say(room, poll_content(post, post.poll), transaction(post.id), POLL_START)
        event = event or await self.say(room, await self._text(post, room), transaction(post.id))
        self._remember(post.id, event)
        return event

    async def _see_if_useful(self, post: Post, room: str) -> None:
        """Look once more, after the keys, which may take their time, and right before it is said."""
        if self._known.encrypted(room):
            await self._keys.share(room)
        if not post.useful():
            raise Undeliverable("too_late")

    def _remember(self, letter: str, event: str) -> None:
        self._said[letter] = event
        if len(self._said) > _MOST_REMEMBERED:
            self._said.pop(next(iter(self._said)))

    async def _text(self, post: Post, room: str) -> Raw:
        content = text_content(post)
        if post.edits is None:
            return content
        said = await self._event_of(post.edits, room)
        return as_edit(content, said) if said else content

    async def _event_of(self, letter: str, room: str) -> str | None:
        """The event that brought the text of a letter."""
        return self._said.get(letter) or await self._find(room, letter, "text")

    async def _say_status(self, post: Post, room: str) -> None:
        """Change the status text in place; say and pin it when there is none yet, or none that can be found.

        Which event it is is kept, for a status text may stand far back when the bot comes back.
        """
        mark = f"matrix/status/{post.room}"
        letter, _space, event = (self._house.mark(mark) or "").rpartition(" ")
        carrier = post.edits or post.id
        known = event if letter == carrier else post.edits and await self._event_of(post.edits, room)
        content = text_content(post)
        if known and post.edits:
            if post.old and await self._find(room, post.id, "text"):
                return
            await self.say(room, as_edit(content, known), transaction(post.id))
            return
        said = await self._find(room, post.id, "text") if post.old else None
        said = said or await self.say(room, content, transaction(post.id))
        await self._pinning.replace(room, event, said)
        await self._house.remember_mark(mark, f"{carrier} {said}")

    async def _show_numbers(self, post: Post, room: str, event: str) -> None:
        """React with the numbers of the choices. It is a help, so what goes wrong here takes nothing away."""
        for number, content in enumerate(number_reactions(event, len(post.presses)), 1):
            try:
                await self._wire.ask(
                    "PUT", "rooms", room, "send", REACTION, transaction(post.id, f"number {number}"), body=content
                )
            except Refused as no:
                log.info("matrix.no_reactions", room=room, error=no.code)
                return

    async def _end_poll(self, post: Post, poll: str, room: str) -> None:
        over = f"{post.id} end"
        if post.old and await self._find(room, over, "text"):
            return
        if event := await self._event_of(poll, room):
            content = {**end_content(event, post.plain), LETTER: over}
            await self.say(room, content, transaction(over), POLL_END)

    async def _file(self, file: File, room: str) -> Raw:
        """Upload the file; the content of the message that brings it."""
        info = {"mimetype": file.mime, "size": len(file.content)}
        content: Raw = {"msgtype": "m.file", "body": file.name, "filename": file.name, "info": info, "m.mentions": {}}
        if not self._known.encrypted(room):
            return {**content, "url": await self._wire.upload(file.content, file.mime)}
        hidden, opened_by = encrypt_attachment(file.content)
        address = await self._wire.upload(hidden, "application/octet-stream")
        return {**content, "file": {**opened_by, "url": address}}

    async def _find(self, room: str, letter: str, part: str) -> str | None:
        """The event that brought this part of a letter, when it is among what the bot said in the room of late."""
        back: str | None = None
        query: dict[str, Any] = {"dir": "b", "limit": 100, "filter": json.dumps({"senders": [self._wire.me]})}
        for _ in range(_PAGES_BACK):
            page = await self._wire.ask(
                "GET", "rooms", room, "messages", query=query | ({"from": back} if back else {})
            )
            for raw in events(page, "chunk"):
                if word(raw, "sender") == self._wire.me and await self._brings(room, raw, letter, part):
                    return word(raw, "event_id")
            back = word(page, "end")
            if not back:
                break
        return None

    async def _brings(self, room: str, raw: Raw, letter: str, part: str) -> bool:
        if await self._envelopes.is_of(raw, transaction(letter, part)):
            return True
        content = section(own_event(self._wire.client, room, raw), "content")
        is_file = word(content, "msgtype") == "m.file"
        return word(content, LETTER) == letter and is_file == (part == "file")


def text_content(post: Post) -> Raw:
    """The content of the message: a notice, or a text that notifies when it must wake somebody."""
    choices = list(enumerate(post.buttons, 1))
    body = "\n".join([post.plain, *(_choice(n, label, written, "`{}`") for n, (label, written) in choices)])
    shown = [(n, html.escape(label), html.escape(written)) for n, (label, written) in choices]
    markup = "<br>".join([post.html, *(_choice(n, label, written, "<code>{}</code>") for n, label, written in shown)])
    mentioned = {"user_ids": sorted(post.mentions)} if post.wake and post.mentions else {}
    return {
        "msgtype": "m.text" if post.wake else "m.notice",
        "body": body,
        "format": "org.matrix.custom.html",
        "formatted_body": markup,
        "m.mentions": mentioned,
        LETTER: post.id,
        **({PRESSES: as_presses(post.presses)} if post.presses else {}),
    }


def _choice(number: int, label: str, written: str, code: str) -> str:
    """A button as a line: an answer is typed as its word or its number, a command as it is written."""
    return f"{number}. {label}" if label == written else f"{label}: {code.format(written)}"


def as_edit(content: Raw, event: str) -> Raw:
    """The same content in the place of an earlier event (`m.replace`), complete for clients that know no edits."""
    return {
        **content,
        "body": f"* {content['body']}",
        "formatted_body": f"* {content['formatted_body']}",
        "m.mentions": {},
        "m.new_content": content,
        "m.relates_to": {"rel_type": "m.replace", "event_id": event},
    }
