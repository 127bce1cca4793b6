"""Ask an address over HTTP, and try whether one can be listened on, once and simply: for checks where no loop runs."""

import socket
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the beginning of the body, and what time it is over there (aware), if it says so."""

    status: int
    body: bytes
    date: datetime | None


def ask(url: str, *, seconds: float = 5.0) -> Answer | None:
    """GET an address without following redirects; None when nobody answers within `seconds` or it is no HTTP."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request("GET", parts.path or "/")
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(64_000), _date(answer.getheader("Date")))
    except (OSError, HTTPException):
        return None
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
