"""Findings about an edition file as a whole: what it must have, what stands twice, and what does not go together.

It looks at the values as they are written, so that one fault does not hide another, and takes nothing for granted about them.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, get_args

from programme.edition import WindowName
from programme.lint.finding import Finding, Sheet
from programme.lint.meetings import THE_YEAR
from programme.lint.shape import KINDS
from programme.lint.spots import Path
from programme.reminder import QUESTIONS as ASKED
from programme.text import Day, Text, _

QUESTIONS = ("organisation", "sector", "places")
"""What the engine must know of everybody who takes part."""
LISTS = ("steps", "meetings", "network", "checks", "form", "reminders")
"""Lists of which every element has a key of its own."""
KEPT_BY_THE_HOUSE: dict[str, Text] = {
    "coordinators": _("put the coordinators in kring.toml, beside the name of this file"),
    "since": _("take it out; Kring notes this itself"),
    "sessions_planned": _("take it out; Kring counts the sessions itself"),
    "opened": _("take it out; a coordinator opens it by hand at the desk"),
    "closed": _("take it out; a coordinator closes it by hand at the desk"),
}
DAYS = frozenset({"opens", "closes", "publish", "day", "on", "until"})
TIMES = frozenset({"start", "end", "at"})
YEARS = range(2000, 2200)
"""No programme lies outside of these, and the calendar itself ends at 9999: beyond it nothing can be counted."""
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""What a key can be: people type it, and buttons carry it."""
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ANCHORS = ("publish", "visit", "missed", "consultation", "network", *ASKED)


def findings(sheet: Sheet) -> Iterator[Finding]:
    """All that does not hold together."""
    yield from _windows(sheet)
    yield from _form(sheet)
    yield from _twice(sheet)
    yield from _anchors(sheet)
    yield from _kept_by_the_house(sheet)
    yield from _days_and_times(sheet, (), sheet.raw)
    yield from _names(sheet)
    yield from _contact(sheet)


def tables(value: Any) -> list[tuple[int, dict[str, Any]]]:
    """The tables of a list, with their indexes; nothing of what is no list or no table."""
    found = enumerate(value) if isinstance(value, list) else ()
    return [(index, table) for index, table in found if isinstance(table, dict)]


def _windows(sheet: Sheet) -> Iterator[Finding]:
    windows = sheet.raw.get("windows", {})
    if not isinstance(windows, dict):
        return
    unknown = [name for name in windows if name not in get_args(WindowName)]
    for name in get_args(WindowName):
        if name not in windows and not get_close_matches(
            name, unknown, n=1, cutoff=0.6
        ):  # a typing mistake is told as that
            mend = _("add [windows.{name}] with opens and closes", name=name)
            yield sheet.error(("windows",), "missing-key", _("there is no window {name}", name=name), mend)
    for name, window in windows.items():
        opens, closes = (window.get(edge) for edge in ("opens", "closes")) if isinstance(window, dict) else (None, None)
        if type(opens) is type(closes) is date and closes < opens:
            what = _("this lies before the opening on {day}", day=Day(day=opens))
            yield sheet.error(("windows", name, "closes"), "order", what, _("put the later day in closes"))


def _form(sheet: Sheet) -> Iterator[Finding]:
    keys = [question.get("key") for _index, question in tables(sheet.raw.get("form"))]
    for needed in QUESTIONS:
        if needed not in keys:
            mend = _("add a [[form]] with key = {key}", key=repr(needed))
            yield sheet.error(("form",), "missing-key", _("the form has no question {key}", key=needed), mend)
    for index, question in tables(sheet.raw.get("form")):
        yield from _choices(sheet, index, question)


def _choices(sheet: Sheet, index: int, question: dict[str, Any]) -> Iterator[Finding]:
    """An answer is kept by its Dutch label, so a label stands once."""
    seen: set[object] = set()
    for number, choice in tables(question.get("choices")):
        if (label := str(choice.get("nl"))) in seen:
            path = ("form", index, "choices", number, "nl")
            yield sheet.error(
                path, "duplicate", _("the choice {label} stands twice", label=label), _("give each its own words")
            )
        seen.add(label)


def _twice(sheet: Sheet) -> Iterator[Finding]:
    """Meetings and network sessions have their keys in one space; every other list its own."""
    lines: dict[tuple[str, str], int] = {}
    for name in LISTS:
        for index, table in tables(sheet.raw.get(name)):
            space, key, path = "meetings" if name == "network" else name, str(table.get("key")), (name, index, "key")
            if "key" in table and (first := lines.setdefault((space, key), sheet.line(path))) != sheet.line(path):
                what = _("the key {key} stands on line {n} too", key=key, n=first)
                yield sheet.error(path, "duplicate", what, _("give each a key of its own"))


def _anchors(sheet: Sheet) -> Iterator[Finding]:
    known = _known_anchors(sheet)
    for index, reminder in tables(sheet.raw.get("reminders")):
        path: Path = ("reminders", index)
        anchor = reminder.get("anchor")
        if (anchor is None) == (reminder.get("on") is None):
            what = _("a reminder has a day of its own or an anchor")
            yield sheet.error(path, "value", what, _("write either anchor (with days), or on"))
        elif anchor is not None and anchor not in known:
            mend = _("choose one of {names}", names=", ".join(known))
            yield sheet.error((*path, "anchor"), "value", _("{value} is not possible here", value=str(anchor)), mend)


def _known_anchors(sheet: Sheet) -> list[str]:
    windows = sheet.raw.get("windows")
    names = dict.fromkeys([*get_args(WindowName), *(windows if isinstance(windows, dict) else ())])
    edges = [f"{name}.{edge}" for name in names for edge in ("opens", "closes")]
    return [*edges, *ANCHORS, *(f"meeting.{m.get('key')}" for _index, m in tables(sheet.raw.get("meetings")))]


def _kept_by_the_house(sheet: Sheet) -> Iterator[Finding]:
    """What only the house or a coordinator decides while the programme runs has no place in the file."""
    windows = sheet.raw.get("windows")
    places = [
        ((), sheet.raw),
        *((("windows", name), window) for name, window in (windows.items() if isinstance(windows, dict) else ())),
    ]
    for path, table in places:
        for key in table if isinstance(table, dict) else ():
            if key in KEPT_BY_THE_HOUSE:
                what = _("this does not belong in the file")
                yield sheet.warning((*path, key), "not-in-file", what, KEPT_BY_THE_HOUSE[key])


def _days_and_times(sheet: Sheet, path: Path, value: Any) -> Iterator[Finding]:
    """Numbers that would be read as seconds since 1970, times with a zone of their own, and what is a text and should not be."""
    if isinstance(value, list):
        for index, it in enumerate(value):
            yield from _days_and_times(sheet, (*path, index), it)
    elif isinstance(value, dict):
        for key, it in value.items():
            if key in DAYS and isinstance(it, int | float | datetime):
                yield sheet.error((*path, key), "value", *KINDS["date"])
            elif key in DAYS and (day := _day(it)) is not None and day.year not in YEARS:
                yield sheet.error((*path, key), "value", _("{day} cannot be meant", day=day.isoformat()), THE_YEAR)
            elif key in TIMES and (isinstance(it, int | float | datetime) or _has_a_zone(it)):
                yield sheet.error((*path, key), "value", *KINDS["time"])
            elif (bare := _without_marks(key, it)) is not None:
                mend = _("write {example}", example=bare)
                yield sheet.warning((*path, key), "value", _("this stands between quotation marks"), mend)
            yield from _days_and_times(sheet, (*path, key), it)


def _day(value: object) -> date | None:
    """The day that is written here, also as a text."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _names(sheet: Sheet) -> Iterator[Finding]:
    for name in LISTS:
        for index, table in tables(sheet.raw.get(name)):
            key = table.get("key")
            if isinstance(key, str) and not NAME.fullmatch(key):
                what = _("{value} cannot be used as a name", value=key[:40])
                mend = _("use small letters, figures and hyphens, without spaces")
                yield sheet.error((name, index, "key"), "value", what, mend)


def _contact(sheet: Sheet) -> Iterator[Finding]:
    contact = sheet.raw.get("contact")
    mail = contact.get("mail") if isinstance(contact, dict) else None
    if isinstance(mail, str) and not ADDRESS.fullmatch(mail):
        what = _("{value} is no mail address", value=mail[:40])
        yield sheet.warning(("contact", "mail"), "value", what, _("write it as {example}", example="naam@example.nl"))


def _has_a_zone(value: object) -> bool:
    try:
        return isinstance(value, str) and time.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _without_marks(key: str, value: object) -> str | None:
    """A day or a time that is written as a text, as it should be. The model takes both, so it is no error; a file says it one way."""
    if not isinstance(value, str) or key not in DAYS | TIMES:
        return None
    try:
        day = date.fromisoformat(value).isoformat() if key in DAYS else None
        return day or time.fromisoformat(value).isoformat("seconds")
    except ValueError:
        return None
