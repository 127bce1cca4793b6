"""Requests to the homeserver, each once: who asks decides whether and when to ask again.

nio repeats a request on its own, some of them for ever, reads an answer of the wrong type as an exception, and keeps no
difference between a server that is away and one that says no. Here every request ends in one of five ways: the answer, `Later`,
`Refused`, `MatrixStopped`, or the caller's own cancellation.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import nio

from bot.chat import Later, Mendable
from bot.matrix.faults import why
from bot.matrix.shapes import Raw, number, read_json, word
from programme.text import Text, _

_TOO_MANY = 429
_AWAY = frozenset({408, *range(500, 600)})
_SPENT_TOKEN = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"})
_LONGEST_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take, in seconds. Tests go faster."""

    first_retry: float = 1.0
    longest_retry: float = 60.0
    request: float = 30.0
    keys_from_afar: float = 5.0
    """How long the homeserver may ask other servers for keys."""
    room_seen: float = 15.0
    """How long a letter waits for the sync to see its room."""
    key_underway: float = 8.0
    """How long a room key may come after its message before the person hears that it cannot be read."""
    settle: float = 0.5
    """How long wishes for rooms may keep changing before they are acted on."""
    look_again: float = 300.0
    """When to try again what did not work and hurts nobody meanwhile."""

    def pause(self, attempt: int, who: str) -> float:
        """Seconds before attempt number `attempt` (from 1), doubling up to the longest.

        `who` spreads several bots over up to half of that, the same way each time: jitter without chance.
        """
        longest: float = min(self.longest_retry, self.first_retry * 2 ** min(attempt - 1, 30))
        spread = hashlib.sha256(f"{who} {attempt}".encode()).digest()[0] / 255
        return longest * (0.5 + spread / 2)


class MatrixStopped(Mendable):
    """The homeserver no longer knows the session: nothing goes until an operator mends it."""


class Refused(Exception):  # noqa: N818 - the server's no is an answer
    """The homeserver says no: HTTP status and Matrix error code (`M_FORBIDDEN`)."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class Wire:
    """The connection to the homeserver of a logged-in client."""

    def __init__(self, client: nio.AsyncClient, pace: Pace) -> None:
        self.client = client
        self.me: str = client.user_id
        self.pace = pace
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()

    async def ask(
        self, method: str, *path: str, body: Raw | None = None, query: Raw | None = None, seconds: float | None = None
    ) -> Raw:
        """The JSON object that the client API answers at `/_matrix/client/v3/PATH`.

        Raises `Later` when the server is away, answers nonsense or asks for patience, `Refused` when it says no, and
        `MatrixStopped` when it no longer knows the session.
        """
        data = None if body is None else json.dumps(body).encode()
        return _object(await self._send(method, _address("client/v3", path, query), data, "application/json", seconds))

    async def ask_list(self, method: str, *path: str) -> list[Any]:
        """As `ask`, where the answer is a list."""
        answer = await self._send(method, _address("client/v3", path, None), None, "application/json", None)
        if not isinstance(answer, list):
            raise Later
        return answer

    async def upload(self, content: bytes, mime: str) -> str:
        """Put a file on the server; the `mxc://` address of it. Raises as `ask` does."""
        answer = await self._send("POST", _address("media/v3", ("upload",), None), content, mime, None)
        address = word(_object(answer), "content_uri")
        if not address:
            raise Later
        return address

    async def _send(self, method: str, address: str, data: bytes | None, mime: str, seconds: float | None) -> object:
        limit = aiohttp.ClientTimeout(total=seconds or self.pace.request)
        headers = {"Authorization": f"Bearer {self.client.access_token}", "Content-Type": mime}
        try:
            async with self._session.request(
                method, self.client.homeserver + address, data=data, headers=headers, timeout=limit
            ) as answer:
                return _answer(answer.status, read_json(await answer.read()), answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError, OSError) as away:
            raise Later from away


def _address(api: str, path: tuple[str, ...], query: Raw | None) -> str:
    road = "/".join(quote(step, safe="") for step in path)
    return f"/_matrix/{api}/{road}" + (f"?{urlencode(query, doseq=True)}" if query else "")


def _object(answer: object) -> Raw:
    if not isinstance(answer, dict):
        raise Later
    return answer


def _answer(status: int, body: object, retry_after: str) -> object:
    if status < 300:  # noqa: PLR2004 - HTTP's own border of success
        return body
    code = word(body, "errcode")
    if status == _TOO_MANY or code == "M_LIMIT_EXCEEDED":
        raise Later(_asked_patience(body, retry_after))
    if code in _SPENT_TOKEN:
        raise MatrixStopped(_stop_text(body))
    if status == 413:  # noqa: PLR2004 - content too large, from the server or a proxy before it
        raise Refused(status, "M_TOO_LARGE")
    if status in _AWAY or not code:
        raise Later
    raise Refused(status, code)


def _asked_patience(body: Any, retry_after: str) -> float | None:
    """Seconds that the server asks for: in the header, or in the body as older servers do."""
    asked = float(retry_after) * 1000 if retry_after.isdecimal() else number(body, "retry_after_ms")
    return min(asked / 1000, _LONGEST_PATIENCE) if asked is not None and asked > 0 else None


def _stop_text(body: Any) -> Text:
    if isinstance(body, dict) and body.get("soft_logout") is True:
        return _("The homeserver has logged the bot out for a while; start again, and if that fails kring matrix login")
    return _("The homeserver no longer knows the bot's access token; start again, and if that fails kring matrix login")


async def silence(homeserver: str, seconds: float) -> str | None:
    """Why nobody answers at this address, or only the proxy before a server that is away; None when somebody does.

    A certificate that does not hold counts as an answer: waiting does not mend it.
    """
    limit = aiohttp.ClientTimeout(total=seconds)
    address = f"{homeserver}/_matrix/client/versions"
    try:
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(address) as answer:
            return f"HTTP {answer.status}" if answer.status in _AWAY else None
    except aiohttp.ClientSSLError:
        return None
    except (aiohttp.ClientError, TimeoutError, OSError) as fault:
        return why(fault)
