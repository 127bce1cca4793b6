"""A new edition from the file of an earlier one: every date moved by whole weeks, and all the rest of the text as it was.

Whole weeks keep every day on its day of the week, over a change of year, a leap day and a change of the clock alike: the file
has local days and local times, which become instants only when the programme runs.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from programme.lint.finding import Sheet
from programme.lint.spots import Path, spots
from programme.text import Refusal, _

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_MONTH = re.compile(
    r"\b(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|january|february|march|may|june|july|august|october)\b",
    re.IGNORECASE,
)
Change = tuple[int, int, str]
"""From letter to letter another text."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One date that moved: the key and line where it stands, and the days."""

    key: str
    line: int
    was: date
    now: date


@dataclass(frozen=True, slots=True)
class Renamed:
    """A text that changed with the id: the key and line where it stands, and the words."""

    key: str
    line: int
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Copy:
    """The text of the new file, and what to know of it."""

    text: str
    weeks: int
    """By how many weeks everything moved; negative when it became earlier."""
    moved: tuple[Moved, ...]
    """In the order of their lines."""
    to_read: tuple[tuple[str, int], ...]
    """Keys and lines of texts that name a month or a year: only a person knows whether those still hold."""
    renamed: tuple[Renamed, ...] = ()
    remarks: tuple[tuple[int, str], ...] = ()
    """Lines of remarks (behind #) that name a month or a year, with what they say: these stay as they were."""


def copied(toml: str, start: date, id: str = "") -> Copy:  # noqa: A002 - the name of the field
    """Move all dates of an edition file (valid TOML), so that the first one falls on its own weekday at or after `start`.

    With `id` the copy gets that id, and the year in its name becomes the one that the new id has. Refuses a file without a
    date, and dates outside the calendar.
    """
    raw = tomllib.loads(toml)
    sheet = Sheet("", raw, spots(toml))
    days = {path: day for path, value in _leaves(raw) if (day := _day(value)) is not None}
    if not days:
        raise Refusal(_("There is no date in this file, so there is nothing to move."))
    by = _whole_weeks(start - min(days.values()))
    try:
        moved = {path: Moved(sheet.key(path), sheet.line(path), day, day + by) for path, day in days.items()}
    except OverflowError:
        raise Refusal(_("That is too far away for a calendar. Choose another day.")) from None
    text = _changed(toml, [*_of_dates(toml, sheet, moved), *_of_names(toml, sheet, id)])
    return Copy(
        text,
        by.days // 7,
        moved=tuple(sorted(moved.values(), key=lambda it: it.line)),
        to_read=tuple(_to_read(sheet, renamed=bool(id))),
        renamed=tuple(_renamed(sheet, tomllib.loads(text))),
        remarks=tuple(_remarks(toml, sheet)),
    )


def _whole_weeks(by: timedelta) -> timedelta:
    """The whole weeks that reach at least this far."""
    return timedelta(weeks=-(-by.days // 7))


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything that is written and is no table or list, with its path."""
    if isinstance(value, dict | list):
        for step, inside in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inside, (*path, step))
    else:
        yield path, value


def _day(value: Any) -> date | None:
    """The day that a value is or begins with; a day between quotation marks counts too, as it does for the edition."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if _DAY.fullmatch(value) else None
        except ValueError:
            return None
    return value if isinstance(value, date) else None


def _of_dates(toml: str, sheet: Sheet, moved: dict[Path, Moved]) -> Iterator[Change]:
    for path, it in moved.items():
        spot = sheet.spots[path]
        at = toml.index(it.was.isoformat(), spot.start, spot.end)
        yield at, at + len(it.was.isoformat()), it.now.isoformat()


def _of_names(toml: str, sheet: Sheet, id_: str) -> Iterator[Change]:
    if not id_:
        return
    known = sheet.spots.get(("id",))
    if known is not None:
        yield known.start, known.end, f'"{id_}"'
    was, now = _YEAR.search(str(sheet.raw.get("id", ""))), _YEAR.search(id_)
    named = sheet.spots.get(("name",))
    if was and now and named is not None and (at := toml.find(was[0], named.start, named.end)) >= 0:
        yield at, at + len(was[0]), now[0]


def _changed(text: str, changes: Sequence[Change]) -> str:
    """Put the changes in, the last one first, so that the others stay where they are."""
    for start, end, now in sorted(changes, reverse=True):
        text = text[:start] + now + text[end:]
    return text


def _renamed(sheet: Sheet, now: dict[str, Any]) -> Iterator[Renamed]:
    """What the new id changed."""
    for key in ("id", "name"):
        if key in sheet.raw and now[key] != sheet.raw[key]:
            yield Renamed(key, sheet.line((key,)), str(sheet.raw[key]), str(now[key]))


def _remarks(toml: str, sheet: Sheet) -> Iterator[tuple[int, str]]:
    """The remarks of a text that name a month or a year; a # within a value is none."""
    values = [
        (sheet.spots[path].start, sheet.spots[path].end) for path, _value in _leaves(sheet.raw) if path in sheet.spots
    ]
    bare = list(toml)
    for start, end in values:
        bare[start:end] = (letter if letter == "\n" else " " for letter in toml[start:end])
    for line, (row, written) in enumerate(zip("".join(bare).split("\n"), toml.split("\n"), strict=True), 1):
        remark = written[row.index("#") :].strip() if "#" in row else ""
        if _YEAR.search(remark) or _MONTH.search(remark):
            yield line, remark


def _to_read(sheet: Sheet, *, renamed: bool) -> Iterator[tuple[str, int]]:
    for path, value in _leaves(sheet.raw):
        told = isinstance(value, str) and not _DAY.fullmatch(value) and (_YEAR.search(value) or _MONTH.search(value))
        if told and not (renamed and path in (("id",), ("name",))):
            yield sheet.key(path), sheet.line(path)
