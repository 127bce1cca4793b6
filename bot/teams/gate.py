"""Who may come in: a request counts when Microsoft signed it, for us, about this service, from a tenant that we serve."""

import asyncio
from typing import Any

import jwt
from aiohttp import web
from pydantic import ValidationError

from bot.log import log
from bot.settings import TeamsSettings
from bot.teams.activities import Activity
from bot.teams.addresses import is_service, same_service
from bot.teams.keyring import Keyring, KeysAway
from bot.teams.patience import Patience

ISSUER = "https://api.botframework.com"
LEEWAY = 300
"""Seconds that clocks may be apart. Source: Microsoft, "Authentication with the Bot Connector API"."""
LARGEST = 256 * 1024
LONGEST_TOKEN = 6_000
Claims = dict[str, Any]


class Denied(Exception):  # noqa: N818 - an answer, not an error of ours
    """The request is refused with this HTTP status. `reason` is a word for the log; who asked is not told."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Gate:
    """Lets a request in as an activity, or raises `Denied`."""

    def __init__(self, settings: TeamsSettings, keyring: Keyring, patience: Patience) -> None:
        self._settings = settings
        self._tenants = frozenset(tenant.lower() for tenant in settings.tenants)
        self._keyring = keyring
        self._patience = patience

    async def admit(self, request: web.Request) -> Activity:
        """Judge the token before the body is read, then the body by the token. Raises `Denied`."""
        claims = await self.claims(request.headers.get("Authorization", "")) if self._settings.authenticate else None
        activity = _read(await self._body(request))
        self.judge(activity, claims)
        return activity

    async def claims(self, header: str) -> Claims:
        """What the token says, when it is genuine. Raises `Denied` (401, or 503 when keys cannot be had)."""
        token = _bearer(header)
        key = await self._key(token)
        try:
            claims: Claims = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._settings.app_id,
                issuer=ISSUER,
                leeway=LEEWAY,
                options={"require": ["exp", "nbf", "iss", "aud"], "strict_aud": True},
            )
        except jwt.PyJWTError as fault:
            raise Denied(401, type(fault).__name__) from None
        if not isinstance(claims.get("serviceurl"), str):
            raise Denied(401, "no_serviceurl")
        return claims

    def judge(self, activity: Activity, claims: Claims | None) -> None:
        """Whether the body is what the token vouches for, and comes from where we serve. Raises `Denied`."""
        if claims is not None and not same_service(claims["serviceurl"], activity.service_url):
            raise Denied(401, "other_serviceurl")
        if not is_service(activity.service_url, self._settings.service_hosts):
            raise Denied(403, "foreign_service")
        if activity.channel_id != "msteams":
            raise Denied(403, "foreign_channel")
        if activity.tenant not in self._tenants:
            raise Denied(403, "foreign_tenant")

    async def _key(self, token: str) -> Any:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise Denied(401, "no_token") from None
        kid = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str):
            raise Denied(401, "algorithm")
        try:
            key = await self._keyring.key(kid)
        except KeysAway:
            raise Denied(503, "keys_away") from None
        if key is None or not key.endorsed:
            raise Denied(401, "unknown_key" if key is None else "not_endorsed")
        return key.public

    async def _body(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._patience.body):
                return await request.read()
        except TimeoutError:
            raise Denied(408, "slow") from None
        except web.HTTPRequestEntityTooLarge:
            raise Denied(413, "too_large") from None


def _bearer(header: str) -> str:
    scheme, _space, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
        raise Denied(401, "no_token")
    return token.strip()


def _read(body: bytes) -> Activity:
    try:
        return Activity.model_validate_json(body)
    except ValidationError as fault:
        log.info("teams.malformed", count=fault.error_count())
        raise Denied(400, "malformed") from None
