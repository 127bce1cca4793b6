"""Plain sentences, and the commands that answer them: the rules of `bot/sentences.toml`.

Strict on purpose. A sentence must be known as a whole, but for words that say nothing; no likeness is measured, so that what is
done can be read in the table, and what is not in it is never done.
"""

import re
import tomllib
import unicodedata
from functools import cache, cached_property
from importlib import resources
from typing import Any, Final

from pydantic import ConfigDict

from programme.model import Model

MOST_WORDS: Final = 14
"""What is longer tells something, and is no question to us."""
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
    def pattern(self) -> re.Pattern[str]:
        """What a clause of plain words must be, each word with a space behind it."""
        return re.compile("|".join(f"(?:{_pattern(sentence)})" for sentence in (*self.nl, *self.en)))


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which they count."""
    return tuple(Rule.model_validate(rule) for rule in _table()["rule"])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("bot").joinpath("sentences.toml").read_text(encoding="utf-8"))


def rule_for(message: str) -> Rule | None:
    """The first rule of which every clause of a message is a sentence, or one clause when the others are of rules too; else None."""
    clauses = [
        clause for clause in map(_plain, _CLAUSES.split(message)) if clause and not _says_nothing().fullmatch(clause)
    ]
    if not clauses or sum(len(clause.split()) for clause in clauses) > MOST_WORDS:
        return None
    whole = _first("".join(clauses))
    found = [_first(clause) for clause in clauses]
    if whole is not None or None in found:
        return whole
    return next((rule for rule in rules() if rule in found), None)


def _first(clause: str) -> Rule | None:
    return next((rule for rule in rules() if rule.pattern.fullmatch(clause)), None)


def _plain(text: str) -> str:
    """The words of a text without case, accents and signs, each with a space behind it."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    words = re.split(r"[^a-z0-9]+", "".join(c for c in bare if not unicodedata.combining(c)))
    return "".join(f"{word} " for word in words if word)


@cache
def _filler() -> str:
    """Any number of words that say nothing."""
    return f"(?:(?:{'|'.join(' '.join(_table()['fillers']).split())}) )*"


@cache
def _says_nothing() -> re.Pattern[str]:
    return re.compile(f"{_filler()}(?:dank (?:je|u|jullie) (?:wel )?|thank you )?{_filler()}")


def _pattern(sentence: str) -> str:
    return _filler() + "".join(map(_piece, _PIECES.findall(sentence)))


def _piece(piece: str) -> str:
    """One word of a sentence, or words that may be missing, as a pattern; fillers may stand behind each."""
    words = "".join(f"(?:{_either(word)}) {_filler()}" for word in piece.strip("[]").split())
    return f"(?:{words})?" if piece.startswith("[") else words


def _either(word: str) -> str:
    return "|".join(map(re.escape, word.split("/")))
