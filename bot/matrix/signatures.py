"""Signed JSON, as Matrix has it: canonical JSON and Ed25519.

Matrix specification, appendices "Canonical JSON" and "Signing JSON"; RFC 8032 for the signature itself.
"""

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Any, Self

from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

SEED_BYTES = 32
LARGEST_INTEGER = 2**53 - 1
COFACTOR = 8
"""A public key that this multiple takes to the neutral point bears signatures that anybody can make (RFC 8032, section 5.1)."""

Signable = dict[str, Any]
"""A JSON object, perhaps with `signatures` and `unsigned`, which are not part of what is signed."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key pair, known by its 32 byte seed."""

    _key: ECC.EccKey

    @classmethod
    def new(cls) -> Self:
        """Make one by the operating system's chance."""
        return cls.from_seed(secrets.token_bytes(SEED_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Make the one of this seed. Raises `ValueError` when it is not 32 bytes."""
        return cls(ECC.construct(curve="Ed25519", seed=seed))

    @property
    def seed(self) -> bytes:
        """The secret part."""
        return bytes(self._key.seed)

    @property
    def public(self) -> str:
        """The public part, in unpadded base64."""
        return unpadded(self._key.public_key().export_key(format="raw"))

    def sign(self, subject: Signable, user: str) -> Signable:
        """The same object with this key's signature, in the name of `user`, beside those that it has."""
        signature = unpadded(eddsa.new(self._key, "rfc8032").sign(_signed_part(subject)))
        signatures = {who: dict(signed) for who, signed in subject.get("signatures", {}).items()}
        signatures.setdefault(user, {})[f"ed25519:{self.public}"] = signature
        return {**subject, "signatures": signatures}


def is_signed(subject: Signable, user: str, public: str, *, name: str | None = None) -> bool:
    """Whether the object bears a good signature of this public key (unpadded base64), in the name of `user`.

    `name` is what the signature is filed under, `ed25519:NAME`: a device id, and else the key itself. Never raises, whatever
    the object holds.
    """
    try:
        signature = from_unpadded(subject["signatures"][user][f"ed25519:{name or public}"])
        key = eddsa.import_public_key(from_unpadded(public))
        if (key.pointQ * COFACTOR).is_point_at_infinity():
            return False
        eddsa.new(key, "rfc8032").verify(_signed_part(subject), signature)
    except (KeyError, TypeError, ValueError, RecursionError):
        return False
    return True


def canonical_json(value: Any) -> bytes:
    """The one way to write a JSON value: keys sorted by code point, no blanks, UTF-8, integers of at most 53 bits.

    Raises `ValueError` for what canonical JSON does not have: fractions, larger numbers, half characters, keys that are no text.
    """
    _refuse_strange(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def unpadded(content: bytes) -> str:
    """Base64 without the `=` at its end, as Matrix writes keys and signatures."""
    return base64.b64encode(content).decode().rstrip("=")


def from_unpadded(text: str) -> bytes:
    """Read base64 without `=` at its end. Raises `ValueError` when it is none."""
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _signed_part(subject: Signable) -> bytes:
    return canonical_json({key: value for key, value in subject.items() if key not in {"signatures", "unsigned"}})


def _refuse_strange(value: Any) -> None:
    match value:
        case dict():
            _refuse_strange_keys(value)
            for inner in value.values():
                _refuse_strange(inner)
        case list() | tuple():
            for inner in value:
                _refuse_strange(inner)
        case None | bool() | str():
            pass
        case int() if abs(value) <= LARGEST_INTEGER:
            pass
        case _:
            raise ValueError(f"canonical JSON has no {type(value).__name__} such as this one")


def _refuse_strange_keys(value: dict[Any, Any]) -> None:
    if not all(isinstance(key, str) for key in value):
        raise ValueError("canonical JSON has text for keys")
