"""Cross-signing: the bot vouches for its own device, so that careful clients talk with it.

Clients that leave out devices nobody vouches for (MSC4153, "exclude insecure devices") send no keys to an unsigned bot and do
not show what it says. nio has no cross-signing. Here the bot has a master key, which vouches for a self-signing key, which
vouches for the device (Matrix specification, client-server API, "Cross-signing").
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import nio

from bot.matrix.faults import AWAY, SessionFault, unreachable, unusable, wrong_password
from bot.matrix.keyfolder import read_private, write_private
from bot.matrix.published import NoAnswer, PublishedKeys, ask, ask_raw, published_keys
from bot.matrix.shapes import items, section
from bot.matrix.signatures import Signable, SigningKey, from_unpadded, is_signed, unpadded
from bot.settings import MatrixSettings
from programme.model import Model
from programme.text import _

SEEDS = "cross_signing.json"


class CrossSigningFault(SessionFault):
    """Why the bot cannot vouch for its device, with the way to mend it."""


class SigningLater(CrossSigningFault):
    """The homeserver cannot be asked now: the same may go well later."""


class ForeignMasterKey(CrossSigningFault):
    """The homeserver holds a master key for the bot that is not ours: from another client, or from before a loss of our keys."""

    def __init__(self, user: str, folder: Path) -> None:
        super().__init__(
            _(
                "The homeserver holds a cross-signing identity of {user} that is not in {file}; put that file back from a backup, or "
                "replace the identity with kring matrix bootstrap --replace (people then see that the bot's identity changed)",
                user=user,
                file=str(folder / SEEDS),
            )
        )


@dataclass(frozen=True, slots=True)
class CrossSigned:
    """The bot's device is vouched for. `master` is the public master key: what people may compare; `device` the device's id."""

    master: str
    device: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The three secret keys of the bot's cross-signing identity."""

    user: str
    master: SigningKey
    self_signing: SigningKey
    user_signing: SigningKey

    def uploads(self) -> dict[str, Signable]:
        """The public keys as the homeserver wants them, the master key vouching for the other two."""
        return {
            "master_key": self._shown(self.master, "master"),
            "self_signing_key": self.master.sign(self._shown(self.self_signing, "self_signing"), self.user),
            "user_signing_key": self.master.sign(self._shown(self.user_signing, "user_signing"), self.user),
        }

    def is_shown_by(self, published: PublishedKeys) -> bool:
        """Whether the homeserver shows these keys, all three."""
        shown = (published.master_key, published.self_signing_key, published.user_signing_key)
        return shown == (self.master.public, self.self_signing.public, self.user_signing.public)

    def _shown(self, key: SigningKey, usage: str) -> Signable:
        return {"user_id": self.user, "usage": [usage], "keys": {f"ed25519:{key.public}": key.public}}


class _Seeds(Model):
    """An `Identity` as it is kept: the seeds in unpadded base64."""

    user_id: str
    master: str
    self_signing: str
    user_signing: str


async def ensure_cross_signed(
    client: nio.AsyncClient, settings: MatrixSettings, folder: Path, *, replace: bool = False
) -> CrossSigned:
    """See to it that the homeserver shows our identity and that it vouches for this device. Changes nothing where it does.

    `client` comes from `open_session`, with the same settings and folder. `replace` puts a new identity in the place of one
    whose keys we do not have.

    Raises `ForeignMasterKey`, `SigningLater`, and `CrossSigningFault` for whatever else stands in the way.
    """
    with _told(settings.homeserver):
        if not client.olm_account_shared:
            await _share_device(client)
        published = await published_keys(client, client.user_id)
        identity = await _ensure_identity(client, settings, folder, published, replace=replace)
        device = client.device_id or ""
        await _ensure_device(client, device, identity, published)
    return CrossSigned(identity.master.public, device)


async def _share_device(client: nio.AsyncClient) -> None:
    answer = await client.keys_upload()
    if isinstance(answer, nio.KeysUploadError):
        raise CrossSigningFault(
            _(
                "The homeserver refuses the keys of the device ({reason}); log in anew with kring matrix login --new-device",
                reason=answer.message,
            )
        )


async def _ensure_identity(
    client: nio.AsyncClient, settings: MatrixSettings, folder: Path, published: PublishedKeys, *, replace: bool
) -> Identity:
    identity = _kept(folder, client.user_id)
    ours = identity is not None and published.master_key == identity.master.public
    if published.master and not ours and not replace:
        raise ForeignMasterKey(client.user_id, folder)
    if identity is None:
        identity = _made(folder, client.user_id)
    if not identity.is_shown_by(published):
        await _upload(client, settings, identity.uploads())
    return identity


async def _ensure_device(client: nio.AsyncClient, device: str, identity: Identity, published: PublishedKeys) -> None:
    """Let the self-signing key vouch for the device: for what the device signed itself, so the server added nothing to it."""
    shown = published.devices.get(device, {})
    if not is_signed(shown, client.user_id, _device_key(client), name=device):
        raise CrossSigningFault(
            _(
                "The homeserver shows other keys for this device than it has; log in anew with kring matrix login --new-device"
            )
        )
    if is_signed(shown, client.user_id, identity.self_signing.public):
        return
    bare = {key: value for key, value in shown.items() if key not in {"signatures", "unsigned"}}
    signed = identity.self_signing.sign(bare, client.user_id)
    answer = await ask(client, "POST", "/keys/signatures/upload", {client.user_id: {device: signed}})
    if section(answer, "failures"):
        raise CrossSigningFault(
            _("The homeserver refuses the signature of the device; log in anew with kring matrix login --new-device")
        )


def _device_key(client: nio.AsyncClient) -> str:
    return str(client.olm.account.identity_keys["ed25519"]) if client.olm else ""


async def _upload(client: nio.AsyncClient, settings: MatrixSettings, keys: dict[str, Signable]) -> None:
    """Upload the identity, with the password when the server asks who we are.

    Since Matrix 1.11 it asks only when an identity is replaced; before, always.
    """
    status, answer = await _upload_once(client, keys)
    if status == HTTPStatus.UNAUTHORIZED and "flows" in answer:
        auth = _password_proof(settings, answer)
        status, answer = await _upload_once(client, {**keys, "auth": auth})
        if status == HTTPStatus.UNAUTHORIZED:
            raise CrossSigningFault(wrong_password(settings).text)
    if status >= HTTPStatus.BAD_REQUEST:
        raise NoAnswer(status, str(answer.get("errcode", "")))


async def _upload_once(client: nio.AsyncClient, body: Signable) -> tuple[int, Signable]:
    return await ask_raw(client, "POST", "/keys/device_signing/upload", body)


def _password_proof(settings: MatrixSettings, asked: Signable) -> dict[str, Any]:
    if ["m.login.password"] not in [flow.get("stages") for flow in items(asked, "flows") if isinstance(flow, dict)]:
        raise CrossSigningFault(
            _(
                "The homeserver wants single sign-on before it takes the keys; let its administrator call {path}, and run "
                "kring matrix bootstrap within ten minutes",
                path=f"_synapse/admin/v1/users/{settings.user}/_allow_cross_signing_replacement_without_uia",
            )
        )
    if settings.password is None:
        raise CrossSigningFault(
            _("kring.toml: matrix: cross-signing needs the password once more; write password_file")
        )
    return {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": settings.user},
        "password": settings.password.get_secret_value(),
        "session": asked.get("session"),
    }


def _kept(folder: Path, user: str) -> Identity | None:
    """The identity as it was kept, or None when there is none yet."""
    try:
        text = read_private(folder / SEEDS)
        return None if text is None else _identity(_Seeds.model_validate_json(text), user)
    except OSError as fault:
        raise CrossSigningFault(unusable(folder / SEEDS, fault).text) from fault
    except ValueError:
        raise CrossSigningFault(
            _(
                "{file} is damaged or of another user; put it back from a backup, or take it away",
                file=str(folder / SEEDS),
            )
        ) from None


def _identity(seeds: _Seeds, user: str) -> Identity:
    if seeds.user_id != user:
        raise ValueError("of another user")
    master, self_signing, user_signing = (
        SigningKey.from_seed(from_unpadded(seed)) for seed in (seeds.master, seeds.self_signing, seeds.user_signing)
    )
    return Identity(user, master, self_signing, user_signing)


def _made(folder: Path, user: str) -> Identity:
    """A new identity, kept before anybody hears of it: an identity that only the server has is foreign for ever."""
    identity = Identity(user, SigningKey.new(), SigningKey.new(), SigningKey.new())
    seeds = _Seeds(
        user_id=user,
        master=unpadded(identity.master.seed),
        self_signing=unpadded(identity.self_signing.seed),
        user_signing=unpadded(identity.user_signing.seed),
    )
    try:
        write_private(folder / SEEDS, seeds.model_dump_json())
    except OSError as fault:
        raise CrossSigningFault(unusable(folder / SEEDS, fault).text) from fault
    return identity


@contextmanager
def _told(homeserver: str) -> Iterator[None]:
    """Tell what the server or the connection does as a fault."""
    try:
        yield
    except NoAnswer as fault:
        kind = SigningLater if fault.is_away else CrossSigningFault
        raise kind(
            _(
                "{homeserver} refuses cross-signing ({reason}); look at its version, or try again later",
                homeserver=homeserver,
                reason=str(fault),
            )
        ) from fault
    except AWAY as fault:
        raise SigningLater(unreachable(homeserver, fault).text) from fault
