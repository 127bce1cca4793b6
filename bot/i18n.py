"""From a text to a string, in the language of the reader. The one home of Babel's formats.

English sentences are the ids; `locales/*/LC_MESSAGES/kring.po` is read in memory at start. What a catalogue lacks is said in
English; `python -m bot.catalogues check` finds it before a reader does. Forms of dates, times and money: Dutch after
taaladvies.net, English after en_GB.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from bot.markup import Markup
from programme.text import Both, Call, Day, Lines, Listing, Moment, Money, Period, Sayable, Span, Text, Value

LOCALES = Path(__file__).parent.parent / "locales"
ENGLISH = "en"
CODES = ("nl", ENGLISH)

_REGION = {"nl": Locale("nl", "NL"), ENGLISH: Locale("en", "GB")}

Words = Callable[[Call, str], str]
"""Writes a call as people type it in a language."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code (`nl`), how it writes things, and what each id (of one, or of one and many) is in it."""

    code: str
    translations: Mapping[str, tuple[str, ...]]

    def template(self, text: Text | Both) -> str:
        """The sentence of this text with its placeholders, in this language or else in English."""
        if isinstance(text, Both):
            return either(text, self.code)
        ids = (text.id,) if text.plural is None else (text.id, text.plural)
        forms = self.translations.get(text.id, ids)
        return forms[min(_form(text), len(forms) - 1)]


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages that the bot speaks."""

    by_code: Mapping[str, Language]

    @classmethod
    def load(cls, folder: Path | None = None) -> "Languages":
        """Read the catalogues in this folder (default: our own `locales`), once. Raises `OSError` when one is not there."""
        return cls({code: _load(catalogue_file(folder or LOCALES, code), code) for code in CODES})

    def render(self, text: Sayable, language: str, markup: Markup, *, zone: ZoneInfo, words: Words) -> str:
        """Write a text for a reader of `language` (`nl`, `en`; anything else is read English), with instants in `zone`."""
        reader = self.by_code.get(language, self.by_code[ENGLISH])
        return _Pen(reader, markup, zone, words).write(text)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes values for one reader."""

    language: Language
    markup: Markup
    zone: ZoneInfo
    words: Words

    def write(self, value: Value) -> str:
        match value:
            case Text() | Both():
                values = {name: self.write(part) for name, part in value.values.items()}
                return self.markup.fill(_marked_up(self.markup, self.language.template(value)), values)
            case Lines() | Listing():
                return self._several(value)
            case Call():
                return self.markup.code(self.words(value, self.language.code))
            case str():
                return self.markup.value(value)
            case _:
                return self.markup.value(self._plain(value))

    def _several(self, value: Lines | Listing) -> str:
        if isinstance(value, Lines):
            return self.markup.join([self._row(item) for item in value.items])
        return write_list([self.write(item) for item in value.items], self.language.code)

    def _row(self, item: Value) -> str:
        # A line of its own is where free text goes: its newlines stay. Inside a sentence they become spaces.
        return self.markup.value(item, multiline=True) if isinstance(item, str) else self.write(item)

    def _plain(self, value: int | Day | Moment | Span | Period | Money) -> str:
        code = self.language.code
        match value:
            case int():
                return write_number(value, code)
            case Day():
                return write_day(value.day, code)
            case Moment():
                return write_moment(value.at, code, self.zone)
            case Span():
                return write_span(value.start, value.end, code, self.zone)
            case Period():
                return write_period(value.first, value.last, code)
            case Money():
                return write_money(value.amount, code, value.currency)


@lru_cache(maxsize=4096)
def _marked_up(markup: Markup, sentence: str) -> str:
    """Our own sentences are few, and said over and over."""
    return markup.template(sentence)


def either(text: Both, language: str) -> str:
    """The one of both that a reader of this language reads, with its `{names}` as they stand."""
    return text.nl if language == "nl" else text.en


def write_number(number: int, language: str) -> str:
    """A count: `1.250` / `1,250`."""
    written: str = format_decimal(number, locale=_locale(language))
    return written


def write_day(day: date, language: str) -> str:
    """A day with its weekday: `dinsdag 29 september 2026` / `Tuesday, 29 September 2026`."""
    return format_date(day, "full", locale=_locale(language))


def write_month(day: date, language: str) -> str:
    """The month of a day, short: `sep` / `Sept`."""
    return format_date(day, "LLL", locale=_locale(language))


def write_time(at: time, language: str) -> str:
    """A time of the day, in 24 hours: `09.00 uur` / `09:00`."""
    return f"{_clock(at, language)} uur" if language == "nl" else _clock(at, language)


def write_moment(at: datetime, language: str, zone: ZoneInfo) -> str:
    """An instant (aware) on the clock of `zone`: `dinsdag 29 september 2026, 09.00 uur`.

    In the hour that a clock change doubles it says which of the two it is: `(zomertijd)`, `(winter time)`.
    """
    local = at.astimezone(zone)
    return f"{write_day(local.date(), language)}, {write_time(local.time(), language)}{_which(local, language)}"


def write_span(start: datetime, end: datetime, language: str, zone: ZoneInfo) -> str:
    """From instant to instant (aware): `dinsdag 29 september 2026, 09.00-11.00 uur`; both days when they differ."""
    begin, finish = start.astimezone(zone), end.astimezone(zone)
    if begin.date() != finish.date() or _which(begin, language) or _which(finish, language):
        until = "tot" if language == "nl" else "to"
        return f"{write_moment(start, language, zone)} {until} {write_moment(end, language, zone)}"
    dash = "-" if language == "nl" else "–"
    hours = f"{_clock(begin.time(), language)}{dash}{write_time(finish.time(), language)}"
    return f"{write_day(begin.date(), language)}, {hours}"


def write_period(first: date, last: date, language: str) -> str:
    """Both days included: `5 oktober t/m 27 november 2026` / `5 October to 27 November 2026 inclusive`.

    What is the same for both (year, or month and year) is written once.
    """
    whole = format_date(last, "d MMMM y", locale=_locale(language))
    if first == last:
        return whole
    begin = format_date(first, _shortest(first, last), locale=_locale(language))
    return f"{begin} t/m {whole}" if language == "nl" else f"{begin} to {whole} inclusive"


def write_money(amount: Decimal, language: str, currency: str = "EUR") -> str:
    """An amount without VAT: `€ 395,00 exclusief btw` (U+00A0 after the sign) / `€395.00 excluding VAT`."""
    written = format_currency(amount, currency, locale=_locale(language))
    return f"{written} exclusief btw" if language == "nl" else f"{written} excluding VAT"


def write_list(items: list[str], language: str) -> str:
    """Strings in a row: `Anna, Bo en Cas` / `Anna, Bo and Cas`."""
    return format_list(items, locale=_locale(language))


def catalogue_file(folder: Path, code: str) -> Path:
    """Where the catalogue of a language is, under the folder of all."""
    return folder / code / "LC_MESSAGES" / "kring.po"


def read_catalogue(path: Path, code: str) -> Catalog:
    """Read a catalogue. Raises `OSError` when it is not there, `PoFileError` when it is no catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


@cache
def _load(path: Path, code: str) -> Language:
    found: dict[str, tuple[str, ...]] = {}
    for message in read_catalogue(path, code):
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if ids[0] and all(forms) and not message.fuzzy:
            found[ids[0]] = tuple(forms)
    return Language(code, found)


def _form(text: Text) -> int:
    """Which of the forms: 0 for one, 1 for more or none; Dutch and English agree (CLDR plural rules)."""
    n = text.values.get("n")
    return 0 if text.plural is None or n == 1 else 1


def _locale(language: str) -> Locale:
    return _REGION.get(language, _REGION[ENGLISH])


def _clock(at: time, language: str) -> str:
    return at.strftime("%H.%M" if language == "nl" else "%H:%M")


def _which(local: datetime, language: str) -> str:
    """First or second time that this clock time comes by on this day; empty when it comes once."""
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return ""
    dutch, english = ("wintertijd", "winter time") if local.fold else ("zomertijd", "summer time")
    return f" ({dutch if language == 'nl' else english})"


def _shortest(first: date, last: date) -> str:
    if first.year != last.year:
        return "d MMMM y"
    return "d MMMM" if first.month != last.month else "d"
