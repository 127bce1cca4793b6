"""Proving to Microsoft who we are: a token for the Bot Connector, by secret, certificate or managed identity.

msal is synchronous, so it works in a thread, one call at a time; a token is kept until shortly before it ends.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import msal
import requests

from bot.chat import Later
from bot.log import log
from bot.settings import TeamsSettings

AUDIENCE = "https://api.botframework.com"
LOGIN = "login.microsoftonline.com"
MARGIN = 300.0
"""Seconds before its end at which a token is no longer used."""
SECONDS = 4
FAULTS = (OSError, ValueError, msal.exceptions.MsalError)
"""The network (requests' errors are OSErrors), an address or key that cannot be, a service that fails."""
REFUSED = frozenset(
    {"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "invalid_scope", "ValueError"}
)
"""What no waiting mends: the refusals of RFC 6749 (section 5.2), and a tenant or key that cannot be, which msal tells as an exception."""


class Tokens:
    """The token of the app. The first tenant of the settings is the one in which it is registered. `now` gives seconds that only go forward."""

    def __init__(self, settings: TeamsSettings, now: Callable[[], float]) -> None:
        self._settings = settings
        self._now = now
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0
        self.refused = ""
        """Why Microsoft does not take our proof, in its own words; empty when it did, or could not be asked."""

    @property
    def good(self) -> bool:
        """Whether there is a token that counts, or none is needed."""
        return not self._settings.authenticate or (bool(self._token) and self._now() < self._until)

    async def token(self) -> str:
        """A token; empty when the bot runs without proving itself. Raises `Later` when there is none to be had now."""
        if not self._settings.authenticate:
            return ""
        async with self._lock:
            if not self.good:
                self._keep(await asyncio.to_thread(acquire, self._settings))
            return self._token

    def forget(self) -> None:
        """The token was refused: get another one the next time."""
        self._token = ""

    def _keep(self, answer: dict[str, Any]) -> None:
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int | str):
            error = str(answer.get("error") or "unknown")
            self.refused = _told(error, answer) if error in REFUSED else ""
            log.warning("teams.no_token", error=error)
            raise Later
        self._token, self.refused = token, ""
        self._until = self._now() + max(float(seconds) - MARGIN, MARGIN / 10)


def acquire(settings: TeamsSettings) -> dict[str, Any]:
    """Ask Microsoft for a token; blocks for seconds. What goes wrong on the way is told as an `error`."""
    try:
        with _Session() as session:
            return _by_identity(settings, session) if settings.managed_identity else _by_proof(settings, session)
    except FAULTS as fault:
        return {"error": type(fault).__name__}


def _told(error: str, answer: dict[str, Any]) -> str:
    """The error with the numbers by which Microsoft explains it: `invalid_client, AADSTS7000215`."""
    numbers = answer.get("error_codes")
    return ", ".join(
        [error, *(f"AADSTS{number}" for number in numbers if isinstance(number, int))]
        if isinstance(numbers, list)
        else [error]
    )


class _Session(requests.Session):
    """The connections of one conversation with Microsoft, closed after it; nothing waits for ever."""

    def request(self, *args: Any, **given: Any) -> requests.Response:
        return super().request(*args, **({"timeout": SECONDS} | given))


def _by_identity(settings: TeamsSettings, session: requests.Session) -> dict[str, Any]:
    identity = msal.UserAssignedManagedIdentity(client_id=settings.app_id)
    return dict(msal.ManagedIdentityClient(identity, http_client=session).acquire_token_for_client(resource=AUDIENCE))


def _by_proof(settings: TeamsSettings, session: requests.Session) -> dict[str, Any]:
    app = msal.ConfidentialClientApplication(
        settings.app_id,
        client_credential=_credential(settings),
        authority=f"https://{settings.login_host or LOGIN}/{settings.tenants[0]}",
        instance_discovery=False if settings.login_host else None,
        http_client=session,
    )
    return dict(app.acquire_token_for_client([f"{AUDIENCE}/.default"]) or {})


def _credential(settings: TeamsSettings) -> Any:
    """What msal takes as proof: the secret, or the key with its certificate (whose thumbprint msal makes itself)."""
    if settings.certificate_file is None:
        return settings.secret.get_secret_value() if settings.secret else None
    return {
        "private_key": settings.key.get_secret_value() if settings.key else "",
        "public_certificate": settings.certificate_file.read_text(encoding="ascii"),
    }
