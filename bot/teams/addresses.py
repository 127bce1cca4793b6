"""How people, conversations and services are called: in the house, and in Teams."""

import hashlib
import ipaddress
from typing import Final
from urllib.parse import urlsplit

from bot.teams.activities import Account

PREFIX: Final = "teams:"
ANYWHERE: Final = "https://smba.trafficmanager.net/teams"
"""Where the bot speaks when no conversation has told a nearer address.

Source: Microsoft, "Send proactive messages" (the global service URL).
"""
HOSTS: Final = frozenset(
    {
        "smba.trafficmanager.net",
        "smba.infra.gcc.teams.microsoft.com",
        "smba.infra.gov.teams.microsoft.us",
        "smba.infra.dod.teams.microsoft.us",
    }
)
"""Hosts of the Teams service: the world, and the clouds of governments. Only these ever get our token."""


def person(tenant: str, object_id: str) -> str:
    """The full id of a person: `teams:TENANT:OBJECT-ID`, in lower case."""
    return f"{PREFIX}{tenant}:{object_id}".lower()


def member(account: Account, tenant: str) -> str:
    """The full id of somebody on a roster. Whoever has no object id gets an id that is nobody's."""
    return person(account.tenant_id or tenant, account.object_id or account.id)


def tenant_and_object(id_: str) -> tuple[str, str]:
    """The tenant id and the object id of a person."""
    tenant, _colon, object_id = id_.removeprefix(PREFIX).partition(":")
    return tenant, object_id


def place(conversation: str) -> str:
    """A conversation as the house knows it."""
    return PREFIX + conversation


def conversation(place_: str) -> str:
    """The id that Teams has for this place."""
    return place_.removeprefix(PREFIX)


def without_thread(conversation_: str) -> str:
    """The channel of a thread; any other conversation is itself."""
    return conversation_.partition(";messageid=")[0]


def event_id(conversation_: str, activity: str) -> str:
    """An id that is unique over conversations: Teams counts messages within one."""
    where = hashlib.sha256(without_thread(conversation_).encode()).hexdigest()[:16]
    return f"teams/{where}/{activity}"


def is_service(url: str, also: tuple[str, ...] = ()) -> bool:
    """Whether this is an address of the Teams service: https, a name that we know, no port, no user, no bare IP address.

    `also` names other hosts (with port) that an operator trusts; on loopback these may do without https.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.query or parts.fragment:
        return False
    if parts.netloc in also:
        return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    return parts.scheme == "https" and port is None and host in HOSTS


def is_loopback(host: str) -> bool:
    """Whether this host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def same_service(one: str, other: str) -> bool:
    """Whether two service addresses are one: capitals in them and a slash at the end say nothing."""
    return bool(one) and one.rstrip("/").casefold() == other.rstrip("/").casefold()
