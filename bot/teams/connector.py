"""The client of the Bot Connector: what we ask of Teams, at the pace that it allows.

Teams has no transaction ids. A request that may be repeated (reading, changing a known activity, beginning a chat that then is
the same) is tried again; a new message of which nobody knows whether it arrived is `Doubtful`.
"""

import asyncio
import json
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import aiohttp
from pydantic import ValidationError

from bot.chat import Doubtful, Later, Undeliverable
from bot.log import log
from bot.teams.activities import Account, Raw
from bot.teams.patience import Patience, Turns
from bot.teams.references import Reference
from bot.teams.tokens import Tokens

Leaving = Callable[[], Awaitable[None]]
"""Told that a request is about to leave."""
LARGEST_ANSWER = 4 * 1024 * 1024
MOST_PAGES = 40
LONGEST_WAIT = 600.0
REASONS: Mapping[str, str] = {
    "MessageWritesBlocked": "blocked",
    "BotDisabledByUser": "blocked",
    "BlockedByUser": "blocked",
    "BotNotInConversationRoster": "left",
    "NotEnoughPermissions": "left",
    "ConversationNotFound": "left",
    "ForbiddenOperationException": "not_installed",
    "MessageSizeTooBig": "too_large",
    "RequestEntityTooLarge": "too_large",
}
"""What the codes in an answer mean to us, the most telling first."""
_STATUS: Mapping[int, str] = {403: "refused", 404: "left", 410: "left", 413: "too_large"}


class Connector:
    """Requests to the service of Teams. Every method raises `Later` and `Undeliverable`; only `say` raises `Doubtful`."""

    def __init__(self, session: aiohttp.ClientSession, tokens: Tokens, turns: Turns, patience: Patience) -> None:
        self._session = session
        self._tokens = tokens
        self._turns = turns
        self._timeout = aiohttp.ClientTimeout(total=patience.request, sock_connect=patience.connect)
        self._under_way: set[asyncio.Future[None]] = set()
        self._resting = False

    async def rest(self, seconds: float) -> None:
        """Ask nothing new; wait, so long at most, for the answers to what is on its way: nobody need doubt those."""
        self._resting = True
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)

    async def say(self, at: Reference, conversation: str, activity: Raw, leaving: Leaving | None = None) -> str:
        """Say something new; gives the id of the activity. Raises `Doubtful` when nobody knows whether it was said.

        `leaving` is called when it is our turn and we have a token, just before the request leaves.
        """
        answer = await self._ask("POST", at, conversation, "/activities", activity, again=False, leaving=leaving)
        return str(answer.get("id", ""))

    async def change(self, at: Reference, conversation: str, activity_id: str, activity: Raw) -> None:
        """Change an activity of ours in place."""
        tail = f"/activities/{quote(activity_id, safe='')}"
        await self._ask("PUT", at, conversation, tail, activity | {"id": activity_id})

    async def begin(self, at: Reference, app_id: str, object_id: str) -> str:
        """The chat with one person (by object id); Teams gives the same one each time. Gives its id."""
        body: Raw = {
            "bot": {"id": f"28:{app_id}"},
            "members": [{"id": object_id}],
            "isGroup": False,
            "tenantId": at.tenant,
            "channelData": {"tenant": {"id": at.tenant}},
        }
        answer = await self._ask("POST", at, "", "", body)
        if not isinstance(answer.get("id"), str):
            raise Later
        return str(answer["id"])

    async def members(self, at: Reference, conversation: str) -> list[Account]:
        """Everybody on the roster of a conversation, bots apart."""
        found: list[Account] = []
        token = ""
        for _ in range(MOST_PAGES):
            tail = "/pagedmembers?pageSize=200" + (f"&continuationToken={quote(token, safe='')}" if token else "")
            page = await self._ask("GET", at, conversation, tail)
            found += _accounts(page.get("members"))
            token = str(page.get("continuationToken") or "")
            if not token:
                break
        return found

    async def _ask(
        self,
        method: str,
        at: Reference,
        conversation: str,
        tail: str,
        body: Raw | None = None,
        *,
        again: bool = True,
        leaving: Leaving | None = None,
    ) -> Raw:
        """Ask, in turn. `again` says whether repeating does no harm."""
        if wait := self._turns.wait(conversation, at.tenant):
            await asyncio.sleep(wait)
        token = await self._tokens.token()
        if self._resting:
            raise Later
        where = f"/{quote(conversation, safe='')}" if conversation else ""
        url = f"{at.service.rstrip('/')}/v3/conversations{where}{tail}"
        with self._underway():
            if leaving is not None:
                await leaving()
            try:
                return await self._answered(method, url, body, token, conversation, again=again)
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientSSLError) as fault:
                raise Later from fault  # it never got there
            except (aiohttp.ClientError, TimeoutError) as fault:
                raise (Later() if again else Doubtful()) from fault

    async def _answered(
        self, method: str, url: str, body: Raw | None, token: str, conversation: str, *, again: bool
    ) -> Raw:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._session.request(
            method, url, json=body, headers=headers, allow_redirects=False, timeout=self._timeout
        ) as answer:
            return self._judged(answer, await _limited(answer), conversation, again=again)

    @contextmanager
    def _underway(self) -> Iterator[None]:
        """Something is on its way."""
        back = asyncio.get_running_loop().create_future()
        self._under_way.add(back)
        try:
            yield
        finally:
            self._under_way.discard(back)
            back.set_result(None)

    def _judged(self, answer: aiohttp.ClientResponse, body: bytes, conversation: str, *, again: bool) -> Raw:
        status = answer.status
        if answer.ok and status < 300:  # noqa: PLR2004 - a redirection is no answer
            return _json(body)
        log.info("teams.refused", status=status)
        if status == 401:  # noqa: PLR2004
            self._tokens.forget()
            raise Later
        if status in {412, 425, 429} or (status == 503 and "Retry-After" in answer.headers):  # noqa: PLR2004
            raise Later(_asked(answer.headers.get("Retry-After", ""), conversation))
        if status >= 500 or status == 408:  # noqa: PLR2004
            raise Later if again else Doubtful
        raise Undeliverable(_reason(status, body))


def _reason(status: int, body: bytes) -> str:
    """One word of ours for a refusal. Teams tells the real cause in a code, sometimes in JSON inside the message."""
    told = body[:20_000].decode(errors="replace")
    return next((reason for code, reason in REASONS.items() if code in told), _STATUS.get(status, "refused"))


def _asked(header: str, conversation: str) -> float | None:
    """For how long we are asked to wait, and up to a quarter longer so that not all conversations come back at once."""
    if not header.strip().isdecimal():
        return None
    spread = 1 + zlib.crc32(conversation.encode()) / 2**34
    return min(float(header), LONGEST_WAIT) * spread


async def _limited(answer: aiohttp.ClientResponse) -> bytes:
    """The body; one without end is cut off."""
    body = bytearray()
    async for chunk in answer.content.iter_chunked(65_536):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            answer.close()
            break
    return bytes(body)


def _json(body: bytes) -> Raw:
    try:
        found: Any = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _accounts(members: object) -> list[Account]:
    try:
        return [Account.model_validate(raw) for raw in members] if isinstance(members, list) else []
    except ValidationError:
        raise Later from None
