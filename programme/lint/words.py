"""Findings about the texts of an edition file: both languages, the same words between braces, and for whom those are."""

import string
from collections.abc import Iterator
from typing import Any

from programme.lint.finding import Finding, Sheet
from programme.lint.shape import LANGUAGES, WRITE_BOTH
from programme.lint.spots import Path
from programme.lint.whole import tables
from programme.reminder import WORDS_IN_REMINDERS
from programme.text import _

OF_THE_DESK = frozenset({"call_list", "match_propose"})
"""Words of commands that only coordinators can give."""


def findings(sheet: Sheet) -> Iterator[Finding]:
    """All that is to be said about its texts."""
    yield from _empty(sheet, (), sheet.raw)
    for index, reminder in tables(sheet.raw.get("reminders")):
        yield from _of_reminder(sheet, index, reminder)


def _empty(sheet: Sheet, path: Path, value: Any) -> Iterator[Finding]:
    if isinstance(value, dict):
        for key, inside in value.items():
            if key in LANGUAGES and isinstance(inside, str) and not inside.strip():
                yield sheet.error((*path, key), "language", LANGUAGES[key], WRITE_BOTH)
            yield from _empty(sheet, (*path, key), inside)
    elif isinstance(value, list):
        for index, inside in enumerate(value):
            yield from _empty(sheet, (*path, index), inside)


def _of_reminder(sheet: Sheet, index: int, reminder: dict[str, Any]) -> Iterator[Finding]:
    text = reminder.get("text")
    written = (
        {code: text[code] for code in LANGUAGES if isinstance(text.get(code), str)} if isinstance(text, dict) else {}
    )
    used: dict[str, frozenset[str]] = {}
    for code, words in written.items():
        path = ("reminders", index, "text", code)
        try:
            used[code] = _braces(words)
        except ValueError:
            yield sheet.error(
                path, "words", _("the braces do not match"), _("write each word as {example}", example="{edition}")
            )
            continue
        yield from _unknown(sheet, path, used[code])
        yield from _of_the_desk(sheet, path, used[code], reminder.get("to"))
    if len(used) == len(LANGUAGES) and len(set(used.values())) > 1:
        what = _("not the same words between braces in Dutch and in English")
        yield sheet.warning(("reminders", index, "text"), "words", what, _("use the same words in both"))


def _braces(written: str) -> frozenset[str]:
    """The words between braces. Raises `ValueError` when they do not match, or something stands beside the word."""
    found = [part[1:] for part in string.Formatter().parse(written) if part[1] is not None]
    if any(spec or how for _name, spec, how in found):
        raise ValueError(written)
    return frozenset(str(name) for name, _spec, _how in found)


def _unknown(sheet: Sheet, path: Path, names: frozenset[str]) -> Iterator[Finding]:
    for name in sorted(names - WORDS_IN_REMINDERS):
        mend = _("choose one of {names}", names=", ".join(sorted(WORDS_IN_REMINDERS)))
        yield sheet.error(path, "words", _("{value} is unknown between braces", value=name), mend)


def _of_the_desk(sheet: Sheet, path: Path, names: frozenset[str], to: object) -> Iterator[Finding]:
    for name in sorted(names & OF_THE_DESK) if to != "desk" else ():
        what = _("only coordinators can use {name}, and this reminder is for others", name=name)
        yield sheet.warning(path, "words", what, _('take it out, or write to = "desk"'))
