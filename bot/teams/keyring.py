"""The keys with which Microsoft signs what it sends us: fetched without holding the loop, kept, and seldom fetched again.

Whoever sends many tokens with unknown keys makes us fetch once an hour, no more. When fetching fails, the keys that we have go on
counting.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from bot.log import log
from bot.teams.patience import Patience

METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
"""Source: Microsoft, "Authentication with the Bot Connector API" (connector to bot)."""
ENDORSED = "msteams"
Fetch = Callable[[str], Awaitable[Any]]
"""GET an address and read it as JSON. Raises `aiohttp.ClientError`, `TimeoutError`, `ValueError`."""


class KeysAway(Exception):  # noqa: N818 - a fact about a moment
    """There are no keys at all, so nobody can be recognised now."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, and whether it may vouch for Teams."""

    public: RSAPublicKey
    endorsed: bool


class Keyring:
    """The keys by their id (`kid`). `now` gives seconds that only go forward."""

    def __init__(self, metadata: str, fetch: Fetch, patience: Patience, now: Callable[[], float]) -> None:
        self._metadata = metadata
        self._fetch = fetch
        self._patience = patience
        self._now = now
        self._keys: dict[str, Key] = {}
        self._asked: float | None = None
        self._again = 0.0
        self._failed = 0
        self._lock = asyncio.Lock()

    async def key(self, kid: str) -> Key | None:
        """The key with this id; None when there is none. Raises `KeysAway` when no key could be fetched yet."""
        async with self._lock:
            if self._due(kid):
                await self._renew()
        if not self._keys:
            raise KeysAway
        return self._keys.get(kid)

    def _due(self, kid: str) -> bool:
        now = self._now()
        if self._asked is None:
            return True
        if now < self._again:
            return False
        return kid not in self._keys or now - self._asked > self._patience.keys

    async def _renew(self) -> None:
        """Fetch the keys; keep those that we have when it fails, and try again later and later."""
        try:
            found = dict(_keys(await self._fetched()))
        except (aiohttp.ClientError, TimeoutError, ValueError) as fault:
            found = {}
            log.warning("teams.keys_away", error=type(fault).__name__, attempt=self._failed)
        self._asked = self._now()
        if found:
            self._keys, self._failed = found, 0
            self._again = self._asked + self._patience.unknown_key
        else:
            wait = min(self._patience.first_retry * 2 ** min(self._failed, 20), self._patience.unknown_key)
            self._failed += 1
            self._again = self._asked + wait

    async def _fetched(self) -> Any:
        metadata = await self._fetch(self._metadata)
        address = metadata.get("jwks_uri") if isinstance(metadata, dict) else None
        if not isinstance(address, str):
            raise ValueError("the metadata names no keys")  # noqa: TRY004 - what came is wrong, not our call
        return await self._fetch(address)


def _keys(jwks: Any) -> Iterator[tuple[str, Key]]:
    """The RSA keys of a key set; what is none is left out."""
    for raw in jwks.get("keys", []) if isinstance(jwks, dict) else []:
        if not isinstance(raw, dict) or not isinstance(raw.get("kid"), str):
            continue
        try:
            public = RSAAlgorithm.from_jwk(raw)
        except (jwt.InvalidKeyError, ValueError):
            continue
        if isinstance(public, RSAPublicKey):
            yield raw["kid"], Key(public, ENDORSED in (raw.get("endorsements") or []))
