"""What people type about days and times, cut into words: the ground under `bot/dates/days.py` and `bot/dates/times.py`.

Names of its own for days, months and numbers, in Dutch and English: what is accepted here must not change with a release of
CLDR. Reading goes from left to right, one look at each word, so that no text costs more than its length.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import TypeVar
from unicodedata import combining, normalize

from programme.text import Both, Refusal, Sayable, _

LONGEST = 200

T = TypeVar("T")

_WEEKDAYS = (
    ("maandag", "Monday", "ma maa mon"),
    ("dinsdag", "Tuesday", "di din tue tues"),
    ("woensdag", "Wednesday", "wo woe wed"),
    ("donderdag", "Thursday", "do don thu thur thurs"),
    ("vrijdag", "Friday", "vr vri vrij fri"),
    ("zaterdag", "Saturday", "za zat sat"),
    ("zondag", "Sunday", "zo zon sun"),
)
_MONTHS = (
    ("januari", "January", "jan"),
    ("februari", "February", "feb"),
    ("maart", "March", "mrt mar"),
    ("april", "April", "apr"),
    ("mei", "May", ""),
    ("juni", "June", "jun"),
    ("juli", "July", "jul"),
    ("augustus", "August", "aug"),
    ("september", "September", "sep sept"),
    ("oktober", "October", "okt oct"),
    ("november", "November", "nov"),
    ("december", "December", "dec"),
)
_DUTCH_HOURS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf")
_ENGLISH_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _numbered(names: Sequence[tuple[str, str, str]], start: int) -> dict[str, int]:
    rows = enumerate(names, start)
    return {word: number for number, row in rows for word in " ".join(row).casefold().split()}


WEEKDAYS = _numbered(_WEEKDAYS, 0)
"""What a day of the week is called, whole and short, in both languages. Monday is 0."""

MONTHS = _numbered(_MONTHS, 1)
"""What a month is called. January is 1."""

ENGLISH_NUMBERS = {word: number for number, word in enumerate(_ENGLISH_HOURS, start=1)}

NUMBERS = {word: number for number, word in enumerate(_DUTCH_HOURS, start=1)} | ENGLISH_NUMBERS
"""One to twelve, in both languages."""

_DUTCH_DAYS = (*(dutch for dutch, _english, _short in _WEEKDAYS), "morgen")
_JOINED: dict[str, tuple[str, str]] = {
    **{f"{day}{part}": (day, part) for day in _DUTCH_DAYS for part in ("ochtend", "middag", "avond")},
    **{f"{day}morgen": (day, "ochtend") for day in _DUTCH_DAYS[:-1]},
    **{f"van{part}": ("vandaag", part) for part in ("ochtend", "middag", "avond")},
    "vanmorgen": ("vandaag", "ochtend"),
}
_WORD = re.compile(r"\s+|(?P<word>[0-9]{1,2}[.:][0-9]{2}(?![0-9])|[0-9]+|[a-z]+|[-./:,;'()&+])")
_SAME = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})


@dataclass(slots=True)
class Spoken:
    """The words of a text and how far they have been read."""

    words: tuple[str, ...]
    at: int = 0

    @property
    def done(self) -> bool:
        """Nothing is left."""
        return self.at >= len(self.words)

    def peek(self, ahead: int = 0) -> str:
        """The word that comes, or an empty string after the last."""
        return self.words[self.at + ahead] if self.at + ahead < len(self.words) else ""

    def take(self, *options: str) -> bool:
        """Read one word when it is one of these."""
        found = self.peek() in options and not self.done
        self.at += found
        return found

    def phrase(self, *phrases: str) -> bool:
        """Read the first of these phrases (words with spaces between) that stands here whole."""
        for phrase in phrases:
            words = tuple(phrase.split())
            if self.words[self.at : self.at + len(words)] == words:
                self.at += len(words)
                return True
        return False

    def lookup(self, table: Mapping[str, T]) -> T | None:
        """Read one word that this table knows, and give what it means."""
        found = table.get(self.peek())
        self.at += found is not None
        return found

    def digits(self, most: int) -> str | None:
        """Read a number of at most so many digits, as it is written."""
        word = self.peek()
        if not word.isdigit() or len(word) > most:
            return None
        self.at += 1
        return word

    def rest(self) -> str:
        """What is left, to show."""
        return " ".join(self.words[self.at :])


def spoken(text: str, otherwise: Sayable) -> Spoken:
    """Cut a text into words: small letters, without accents or final punctuation, `dinsdagochtend` in two.

    Raises `Refusal` with `otherwise` for a sign that has no place in a date, and with a text of its own over 200 signs.
    """
    if len(text) > LONGEST:
        raise Refusal(_("That is too long for me to find a day or a time in. Write only the day and the time."))
    plain = "".join(sign for sign in normalize("NFD", text.casefold()) if not combining(sign)).translate(_SAME)
    return Spoken(tuple(_words(plain.strip().rstrip(".,;!?"), otherwise)))


def _words(text: str, otherwise: Sayable) -> Iterator[str]:
    at = 0
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None:
            raise Refusal(otherwise)
        if word := found["word"]:
            yield from _JOINED.get(word, (word,))
        at = found.end()


def clock(at: time) -> Both:
    """A time of the day as a value in a text: `09.30 uur`, `09:30`."""
    return Both(nl=f"{at:%H.%M} uur", en=f"{at:%H:%M}")


def weekday_name(weekday: int) -> Both:
    """A day of the week (Monday is 0) as a value in a text."""
    dutch, english, _short = _WEEKDAYS[weekday]
    return Both(nl=dutch, en=english)


def month_name(month: int) -> Both:
    """A month (January is 1) as a value in a text."""
    dutch, english, _short = _MONTHS[month - 1]
    return Both(nl=dutch, en=english)
