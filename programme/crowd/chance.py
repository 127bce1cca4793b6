"""The chance of made-up people: numbers that look random and are the same at every run with one seed."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def draw(seed: int, person: str, about: str) -> float:
    """A number from 0 up to 1: the first 56 bits of SHA-256 over seed, person and what it is about."""
    digest = sha256(f"{seed}\n{person}\n{about}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def pick(seed: int, person: str, about: str, among: Sequence[T]) -> T:
    """One of these (not empty)."""
    return among[int(draw(seed, person, about) * len(among))]


def shuffled(seed: int, person: str, about: str, among: Iterable[T]) -> list[T]:
    """All of these in an order of chance."""
    numbered = enumerate(among)
    return [it for n, it in sorted(numbered, key=lambda one: draw(seed, person, f"{about}/{one[0]}"))]
