"""Ask an address over HTTP, and try whether one can be listened on, once and simply: for checks where no loop runs."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from bot.cli.words import say
from bot.config_faults import reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the beginning of the body, and what time it is over there (aware), if it says so."""

    status: int
    body: bytes
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody answered, and why, in the language of the shell."""

    why: str


def ask(
    url: str, *, seconds: float = 5.0, post: Mapping[str, object] | None = None, token: str = ""
) -> Answer | Silence:
    """GET an address, or POST this as JSON, without following redirects; `Silence` when nobody answers within `seconds` or it is no HTTP."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    body = None if post is None else json.dumps(post)
    try:
        connection.request("GET" if post is None else "POST", parts.path or "/", body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(64_000), _date(answer.getheader("Date")))
    except OSError as error:
        return Silence(reason(error))
    except HTTPException:
        return Silence(say(nl="daar antwoordt geen webserver", en="no web server answers there"))
    finally:
        connection.close()


def listening_fault(listen: str) -> OSError | None:
    """Why nobody could listen on this address (`host:port`) now; None when somebody could. It is free again afterwards."""
    host, _, port = listen.rpartition(":")
    try:
        family, *_rest, address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        socket.create_server(address[:2], family=family).close()
    except OSError as error:
        return error
    return None


def _date(header: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return date if date.tzinfo else None
