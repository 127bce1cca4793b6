"""What a homeserver publishes about a user's keys, and what of it holds by its signatures.

A homeserver can leave out and withhold; it cannot sign. Whoever holds the master key vouches for the self-signing key, which
vouches for devices (Matrix specification, client-server API, "Cross-signing").
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import nio

from bot.matrix.shapes import read_json, section
from bot.matrix.signatures import Signable, is_signed


class NoAnswer(Exception):  # noqa: N818 - a fact about the homeserver
    """The homeserver does not answer this, or not in Matrix: HTTP status and Matrix error code, if any."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code

    @property
    def is_away(self) -> bool:
        """Whether it is out of order or asks for patience, so that the same may go well later."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status == HTTPStatus.TOO_MANY_REQUESTS


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """The keys that the homeserver shows for a user. Nothing here is believed yet; the questions below believe signatures."""

    user: str
    master: Signable
    self_signing: Signable
    user_signing: Signable
    devices: dict[str, Signable]

    @property
    def master_key(self) -> str | None:
        """The public master key, or None when the user has no cross-signing."""
        return public_key(self.master)

    @property
    def self_signing_key(self) -> str | None:
        """The public self-signing key, when the master key vouches for it."""
        return self._vouched(self.self_signing)

    @property
    def user_signing_key(self) -> str | None:
        """The public user-signing key, when the master key vouches for it. Only the user itself is shown it."""
        return self._vouched(self.user_signing)

    def vouches_for(self, device: str) -> bool:
        """Whether the master key, through the self-signing key, vouches for this device."""
        key = self.self_signing_key
        keys = self.devices.get(device)
        return key is not None and keys is not None and is_signed(keys, self.user, key)

    def device_with(self, curve25519: str) -> str | None:
        """The device that has this identity key and says so under its own signature."""
        for device in self.devices:
            if self.device_key(device, "curve25519") == curve25519 and self._signed_itself(device):
                return device
        return None

    def device_key(self, device: str, kind: str) -> str | None:
        """The key of this kind (`ed25519`, `curve25519`) that is shown for the device."""
        key = section(self.devices, device, "keys").get(f"{kind}:{device}")
        return key if isinstance(key, str) else None

    def _signed_itself(self, device: str) -> bool:
        key = self.device_key(device, "ed25519")
        return key is not None and is_signed(self.devices[device], self.user, key, name=device)

    def _vouched(self, keys: Signable) -> str | None:
        master = self.master_key
        return public_key(keys) if master is not None and is_signed(keys, self.user, master) else None


def public_key(keys: Signable) -> str | None:
    """The one public key in a cross-signing key object, or None when it has not exactly one."""
    found = [key for name, key in section(keys, "keys").items() if name == f"ed25519:{key}"]
    return found[0] if len(found) == 1 else None


async def published_keys(client: nio.AsyncClient, user: str) -> PublishedKeys:
    """Ask the homeserver for a user's keys, over federation if need be.

    Raises `NoAnswer`, and what the connection raises (`aiohttp.ClientError`, `TimeoutError`).
    """
    return read_published(user, await ask(client, "POST", "/keys/query", {"device_keys": {user: []}}))


def read_published(user: str, answer: Signable) -> PublishedKeys:
    """Read the answer to a key query. What is missing or of a wrong shape is left out."""
    devices = section(answer, "device_keys", user)
    return PublishedKeys(
        user=user,
        master=section(answer, "master_keys", user),
        self_signing=section(answer, "self_signing_keys", user),
        user_signing=section(answer, "user_signing_keys", user),
        devices={device: keys for device, keys in devices.items() if _is_of(keys, user, device)},
    )


async def ask(client: nio.AsyncClient, method: str, path: str, body: Signable) -> Signable:
    """Send what nio has no method for to the client API, once; the JSON object that comes back. Raises as above."""
    status, answer = await ask_raw(client, method, path, body)
    if status >= HTTPStatus.BAD_REQUEST:
        raise NoAnswer(status, str(answer.get("errcode", "")))
    return answer


async def ask_raw(client: nio.AsyncClient, method: str, path: str, body: Signable) -> tuple[int, Signable]:
    """The same, with the HTTP status and the body of a refusal too: some refusals ask for something."""
    headers = {"Authorization": f"Bearer {client.access_token}", "Content-Type": "application/json"}
    answer = await client.send(method, f"/_matrix/client/v3{path}", nio.Api.to_json(body), headers)
    content = read_json(await answer.read())
    return answer.status, content if isinstance(content, dict) else {}


def _is_of(keys: Any, user: str, device: str) -> bool:
    return isinstance(keys, dict) and (keys.get("user_id"), keys.get("device_id")) == (user, device)
