"""Where each key of a TOML text stands: its line, and the letters of its value.

The parser of the standard library says what a file means and not where. This reads only where: it takes for granted that the
text is TOML, as `tomllib` has found before. Source of the grammar: TOML 1.0.0, toml.io.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""The keys and indexes that lead to a value: `("meetings", 0, "day")`."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BETWEEN = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_WORD = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*'""")
_STRINGS = (
    r'"""(?:\\.|[^\\])*?""""{0,2}',  # two quotation marks may stand before the three that close
    r"'''.*?''''{0,2}",
    r'"(?:\\.|[^"\\])*"',
    r"'[^']*'",
)
_STRING = re.compile("|".join(_STRINGS), re.DOTALL)
_BARE = re.compile(r"[^,\]}#\r\n]*[^,\]}#\s]")


@dataclass(frozen=True, slots=True)
class Spot:
    """One key: the line on which it is written (from 1), and where its value begins and ends in the text.

    Of a table with a header of its own the value is empty, and begins at the header.
    """

    line: int
    start: int
    end: int


def spots(toml: str) -> dict[Path, Spot]:
    """Where every key of a valid TOML text stands, tables and elements of lists included.

    The root is not among them. What this makes of a text that is no TOML is of no use.
    """
    scan = _Scan(toml)
    scan.whole()
    return scan.found


@dataclass
class _Scan:
    """One reading of a text, from top to bottom."""

    text: str
    found: dict[Path, Spot] = field(default_factory=dict)
    at: int = 0
    _lengths: dict[Path, int] = field(default_factory=dict)
    """How many tables each list of tables has so far."""
    _counted: tuple[int, int] = (0, 1)
    """A place in the text, and its line: lines are counted on from here."""

    def whole(self) -> None:
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            table = self._header() if self.text[self.at] == "[" else self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]`; gives the path of the table that begins here."""
        began, double = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        self._skip(_BLANK)
        *parents, last = self._key()
        self._skip(_BLANK)
        self.at += 2 if double else 1
        path = (*self._table((), parents, began), last)
        if double:
            return self._next_of(path, began)
        self.found[path] = Spot(self._line(began), began, began)  # its parts may have been written before it
        return path

    def _table(self, path: Path, words: list[str], began: int) -> Path:
        """Go down by these words from `path`; in a list of tables its newest table is meant."""
        for word in words:
            path = (*path, word)
            self._note(path, began, began, began)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path

    def _next_of(self, path: Path, began: int) -> Path:
        self._note(path, began, began, began)
        number = self._lengths.get(path, 0)
        self._lengths[path] = number + 1
        self._note((*path, number), began, began, began)
        return (*path, number)

    def _pair(self, table: Path) -> Path:
        """Read `key = value`; gives the table in which it stands."""
        began = self.at
        *parents, last = self._key()
        self._skip(_BLANK)
        self.at += 1  # the equals sign
        self._skip(_BLANK)
        path = self._table(table, parents, began)
        self._value((*path, last), began)
        return table

    def _key(self) -> list[str]:
        words = [self._word()]
        while (dot := _DOT.match(self.text, self.at)) is not None:
            self.at = dot.end()
            words.append(self._word())
        return words

    def _word(self) -> str:
        match = _WORD.match(self.text, self.at)
        if match is None:
            raise ValueError(f"no key at letter {self.at}")
        self.at = match.end()
        written = match[0]
        return _unquoted(written) if written[0] in "\"'" else written

    def _value(self, path: Path, began: int) -> None:
        start = self.at
        self._note(path, began, start, start)
        match self.text[self.at : self.at + 1]:
            case "[":
                self._elements(path)
            case "{":
                self._inline(path)
            case _:
                self._scalar()
        self.found[path] = Spot(self.found[path].line, start, self.at)

    def _elements(self, path: Path) -> None:
        for number in self._until("]"):
            self._value((*path, number), self.at)

    def _inline(self, path: Path) -> None:
        for _number in self._until("}"):
            self._pair(path)

    def _until(self, closing: str) -> Iterator[int]:
        """Stop at the beginning of each of a row of values, and behind its closing bracket."""
        number = 0
        self.at += 1
        self._skip(_BETWEEN)
        while not self.text.startswith(closing, self.at):
            yield number
            number += 1
            self._skip(_BETWEEN)
        self.at += 1

    def _scalar(self) -> None:
        match = _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at)
        if match is None:
            raise ValueError(f"no value at letter {self.at}")
        self.at = match.end()

    def _skip(self, what: re.Pattern[str]) -> None:
        match = what.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _note(self, path: Path, began: int, start: int, end: int) -> None:
        if path not in self.found:
            self.found[path] = Spot(self._line(began), start, end)

    def _line(self, at: int) -> int:
        before, line = self._counted if self._counted[0] <= at else (0, 1)
        line += self.text.count("\n", before, at)
        self._counted = at, line
        return line


def _unquoted(written: str) -> str:
    (word,) = tomllib.loads(f"{written} = 0")
    return word
