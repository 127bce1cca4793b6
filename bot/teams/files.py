"""Handing over a file. In Teams somebody first says yes; then it is put in their OneDrive, and a card leads to it.

What waits for a yes is in memory: after a restart the bot says that it has the file no more. A group chat takes no files of a bot.

Source: Microsoft, "Send and receive files through the bot" (consent card, upload session, file info card).
"""

import asyncio
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from pydantic import Field, ValidationError

from bot.chat import Doubtful, Later, Post, Undeliverable
from bot.log import log
from bot.teams.activities import Activity, Part, Raw
from bot.teams.addresses import is_loopback, place
from bot.teams.connector import Connector
from bot.teams.patience import Patience
from bot.teams.references import Reference
from bot.teams.wording import GONE, Wording
from storage.letters import File

CONSENT: Final = "application/vnd.microsoft.teams.card.file.consent"
INFO: Final = "application/vnd.microsoft.teams.card.file.info"
ANSWER: Final = "fileConsent/invoke"
STORES: Final = (".sharepoint.com", ".sharepoint.us", ".sharepoint-mil.us")
"""Where the files of an organisation are."""
MOST = 500


class _Upload(Part):
    upload_url: str
    content_url: str
    unique_id: str = ""
    file_type: str = ""
    name: str = ""


class _Context(Part):
    letter: str = Field(max_length=2_000)


class _Answer(Part):
    action: str
    context: _Context
    upload_info: _Upload | None = None


@dataclass(frozen=True, slots=True)
class _Offer:
    file: File
    place: str
    activity: str = ""


@dataclass(frozen=True, slots=True)
class _Where:
    at: Reference
    conversation: str


class Files:
    """The files that wait for a yes. `also` names stores that an operator trusts, beside Microsoft's."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        connector: Connector,
        wording: Wording,
        also: tuple[str, ...],
        patience: Patience,
    ) -> None:
        self._session = session
        self._connector = connector
        self._wording = wording
        self._also = also
        self._timeout = aiohttp.ClientTimeout(total=patience.upload, sock_connect=patience.connect)
        self._offers: dict[str, _Offer] = {}
        self._errands: set[asyncio.Task[None]] = set()

    def offered(self, post: Post, file: File, place_: str) -> Raw:
        """The activity that asks whether this person wants the file of a post."""
        if len(self._offers) >= MOST:
            self._offers.pop(next(iter(self._offers)))
        self._offers[post.id] = _Offer(file, place_)
        context = {"letter": post.id}
        content = {
            "description": file.name,
            "sizeInBytes": len(file.content),
            "acceptContext": context,
            "declineContext": context,
        }
        return _message({"contentType": CONSENT, "name": file.name, "content": content})

    def note(self, letter: str, activity: str) -> None:
        """The offer was said as this activity."""
        if letter in self._offers:
            self._offers[letter] = replace(self._offers[letter], activity=activity)

    def answer(self, activity: Activity, at: Reference) -> None:
        """Do what somebody answered, beside the other work: storing takes its time."""
        try:
            answer = _Answer.model_validate(activity.value)
        except ValidationError:
            return
        task = asyncio.create_task(self._do(answer, _Where(at, activity.conversation.id)))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def stop(self) -> None:
        """Lay down what is under way."""
        for task in self._errands:
            task.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    async def _do(self, answer: _Answer, where: _Where) -> None:
        offer = self._offers.get(answer.context.letter)
        if offer is not None and offer.place != place(where.conversation):
            return
        if answer.action != "accept" or answer.upload_info is None:
            self._offers.pop(answer.context.letter, None)
            return
        try:
            if offer is None:
                await self._connector.say(where.at, where.conversation, self._wording.message(GONE))
            else:
                await self._hand_over(offer, answer, answer.upload_info, where)
        except (Later, Undeliverable, Doubtful, aiohttp.ClientError, TimeoutError) as fault:
            log.warning("teams.file_not_handed_over", error=type(fault).__name__)

    async def _hand_over(self, offer: _Offer, answer: _Answer, to: _Upload, where: _Where) -> None:
        """Store it, then put the way to it in the place of the question. When either fails, the question stands."""
        if not is_store(to.upload_url, self._also):
            raise Undeliverable("refused")
        await self._store(offer.file, to.upload_url)
        card = {
            "contentType": INFO,
            "contentUrl": to.content_url,
            "name": offer.file.name,
            "content": {"uniqueId": to.unique_id, "fileType": to.file_type},
        }
        await self._connector.change(where.at, where.conversation, offer.activity, _message(card))
        self._offers.pop(answer.context.letter, None)

    async def _store(self, file: File, url: str) -> None:
        """Upload it in one piece, without our token: the address itself is the permission."""
        size = len(file.content)
        headers = {"Content-Range": f"bytes 0-{size - 1}/{size}", "Content-Type": "application/octet-stream"}
        async with self._session.put(
            url, data=file.content, headers=headers, allow_redirects=False, timeout=self._timeout
        ) as answer:
            answer.raise_for_status()


def is_store(url: str, also: tuple[str, ...] = ()) -> bool:
    """Whether this is an address of a store of Microsoft's, or one that the operator named (on loopback without https)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.netloc in also:
        return parts.scheme == "https" or is_loopback(host)
    return parts.scheme == "https" and parts.username is None and parts.netloc == host and host.endswith(STORES)


def _message(attachment: Raw) -> Raw:
    return {"type": "message", "attachments": [attachment]}
