"""The lottery: the only home of chance, published beforehand and open to anybody's recount.

Before the ballots open the programme publishes `commitment(secret, round_id)`. When they close, the input is frozen and its
hash is published; `seed` mixes the secret with it, so that neither the programme (it chose the secret before it knew the
ballots) nor a participant (who does not know the secret) can steer the outcome. With the result the secret is revealed.

Everything is SHA-256 of the parts' UTF-8 text written one after the other, in hexadecimal: `sha256sum` does the recount. The
secret itself is drawn by the caller (`secrets.token_hex`), because this folder is pure.
"""

from collections.abc import Iterable
from hashlib import sha256


def _digest(*parts: str) -> str:
    return sha256("".join(parts).encode()).hexdigest()


def commitment(secret: str, round_id: str) -> str:
    """What is published before the ballots open: 64 hexadecimal digits that bind the programme to its secret."""
    return _digest(secret, round_id)


def seed(secret: str, input_hash: str) -> str:
    """Return the seed of the lottery: 64 hexadecimal digits, from the secret and the hash of the frozen input (`Problem.hash`)."""
    return _digest(secret, input_hash)


def order(seed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Put ids in lottery order, first drawn first. The order in which they are handed in makes no difference."""
    return tuple(sorted(ids, key=lambda one: (_digest(seed, one), one)))


def lot(seed: str, person: str, place: str) -> str:
    """The lot of a place for one person: among places that they like as much, the lowest lot wins."""
    return _digest(seed, person, place)
