"""Plain sentences, and the commands that answer them: the rules of `bot/sentences.toml`.

Strict on purpose. A sentence must be known as a whole, but for words that say nothing; no likeness is measured, so that what is
done can be read in the table, and what is not in it is never done.
"""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, Final

from pydantic import ConfigDict

from programme.model import Model

MOST_WORDS: Final = 14
"""What is longer tells something, and is no question to us."""
THANKS: Final = frozenset(f"dank {whom}{well}" for whom in ("je", "u", "jullie") for well in ("", " wel")) | {
    "thank you"
}
_CLAUSES = re.compile(r"[.,;:!?\n]+")
_PIECES = re.compile(r"\[[^\]]*\]|\S+")


class Rule(Model):
    """Sentences in both languages, and the commands that answer them, the first that is of use counts."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    do: tuple[str, ...]
    nl: tuple[str, ...]
    en: tuple[str, ...]
    ask: bool = False
    """The command does something: it is offered, and not done."""
    always: bool = False
    """It can hardly be the answer to a question that waits for a text."""

    @cached_property
    def sentences(self) -> tuple["Sentence", ...]:
        """What a clause of plain words must be."""
        return tuple(map(Sentence.read, (*self.nl, *self.en)))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A row of places, each for one of some words; fillers may stand anywhere. Some places may be passed over together.

    Read place by place, as a small automaton: a pattern of `re` with the fillers behind each word takes a second to compile.
    """

    places: tuple[frozenset[str], ...]
    leaps: dict[int, int]
    """From the first place of words that may be missing to the place behind them."""
    required: tuple[frozenset[str], ...]

    @classmethod
    def read(cls, written: str) -> "Sentence":
        """As it stands in the table: `a/b` one of these words, `[a b]` words that may be missing."""
        places: list[frozenset[str]] = []
        leaps: dict[int, int] = {}
        required: list[frozenset[str]] = []
        for piece in _PIECES.findall(written):
            words = [frozenset(word.split("/")) for word in piece.strip("[]").split()]
            if piece.startswith("["):
                leaps[len(places)] = len(places) + len(words)
            else:
                required += words
            places += words
        return cls(tuple(places), leaps, tuple(required))

    def is_said(self, words: Sequence[str]) -> bool:
        """Whether these words are this sentence."""
        here = frozenset(words)
        if any(place.isdisjoint(here) for place in self.required):
            return False
        at = self._with_leaps({0})
        for word in words:
            on = {i + 1 for i in at if i < len(self.places) and word in self.places[i]}
            at = self._with_leaps(on | at if word in _fillers() else on)
        return len(self.places) in at

    def _with_leaps(self, at: set[int]) -> set[int]:
        for start, end in self.leaps.items():
            if start in at:
                at = at | {end}
        return at


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which they count."""
    return tuple(Rule.model_validate(rule) for rule in _table()["rule"])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("bot").joinpath("sentences.toml").read_text(encoding="utf-8"))


def rule_for(message: str) -> Rule | None:
    """The first rule of which every clause of a message is a sentence, or one clause when the others are of rules too; else None."""
    clauses = [clause for clause in map(_plain, _CLAUSES.split(message)) if clause and not _says_nothing(clause)]
    if not clauses or sum(len(clause.split()) for clause in clauses) > MOST_WORDS:
        return None
    whole = _first("".join(clauses))
    found = [_first(clause) for clause in clauses]
    if whole is not None or None in found:
        return whole
    return next((rule for rule in rules() if rule in found), None)


def _first(clause: str) -> Rule | None:
    words = clause.split()
    return next((rule for rule in rules() if any(sentence.is_said(words) for sentence in rule.sentences)), None)


def _plain(text: str) -> str:
    """The words of a text without case, accents and signs, each with a space behind it."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    words = re.split(r"[^a-z0-9]+", "".join(c for c in bare if not unicodedata.combining(c)))
    return "".join(f"{word} " for word in words if word)


@cache
def _fillers() -> frozenset[str]:
    """Words that say nothing."""
    return frozenset(" ".join(_table()["fillers"]).split())


def _says_nothing(clause: str) -> bool:
    """Whether a clause is fillers, or thanks."""
    words = " ".join(word for word in clause.split() if word not in _fillers())
    return words in {"", *THANKS}
