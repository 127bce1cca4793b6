"""What is wrong with the file of an edition or of an intervision method, or may be: where, what, and how to mend it.

`lint(file, text, free)` looks at one file. An error keeps the file from being used or makes the programme go wrong; a warning
may be meant so.
"""

import tomllib
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import ValidationError

from programme.edition import Edition
from programme.intervision.lint import faults as faults_of_method
from programme.lint import dates, shape, unreadable, whole, words
from programme.lint.days_off import Free
from programme.lint.finding import Finding, Rule, Sheet, inside
from programme.lint.spots import Path, Spot, spots
from programme.text import Value, _

__all__ = ["Finding", "Free", "Path", "Rule", "Sheet", "Spot", "kind_of", "lint", "spots"]


def kind_of(toml: str) -> Literal["edition", "method"] | None:
    """Whether this is the text of an edition or of a method; None when it is no TOML."""
    try:
        raw = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    return "method" if {"phases", "family"} & raw.keys() else "edition"


def lint(file: str, toml: str, free: Free) -> list[Finding]:
    """Look at the text of a file; `file` is its name, `free` gives the public holidays of a year.

    The findings are in the order of their lines. A text that is no TOML gives the findings `toml` alone.
    """
    try:
        raw = tomllib.loads(toml)
        sheet = Sheet(file, raw, spots(toml))
    except tomllib.TOMLDecodeError:
        return unreadable.findings(file, toml)
    except RecursionError:
        deep = _("brackets are nested too deep")
        return [Finding(file=file, line=1, key="", rule="toml", what=deep, mend=_("take some of them out"))]
    found = _of_method(sheet, toml) if {"phases", "family"} & raw.keys() else _of_edition(sheet, free)
    once = {(it.line, it.key, it.rule, str(it.what)): it for it in found}
    return sorted(once.values(), key=lambda it: (it.line, it.severity, it.key))


def _of_edition(sheet: Sheet, free: Free) -> list[Finding]:
    found = [*whole.findings(sheet), *words.findings(sheet)]
    try:
        edition = Edition.model_validate(sheet.raw)
    except ValidationError as fault:
        found += shape.findings(sheet, fault)
        return found if any(it.severity == "error" for it in found) else [*found, *_as_told(sheet, fault)]
    readable = not any(
        it.rule == "value" and it.severity == "error" for it in found
    )  # else its days and times are not what they seem
    return [*found, *(dates.findings(sheet, edition, free) if readable else ())]


def _as_told(sheet: Sheet, fault: ValidationError) -> Iterator[Finding]:
    """What the model says and nothing else here has found, in its own words."""
    for error in fault.errors():
        what, mend = _halves(error["msg"].removeprefix("Value error, "))
        yield sheet.error(tuple(error["loc"]), "value", what, mend)


def _of_method(sheet: Sheet, toml: str) -> list[Finding]:
    """The findings of `programme/intervision/lint.py`, each with the line of its key."""
    lines = faults_of_method(sheet.file, toml)
    return [_with_line(sheet, line.removeprefix(f"{sheet.file}: ")) for line in lines]


def _with_line(sheet: Sheet, told: str) -> Finding:
    key, colon, rest = told.partition(": ")
    if not colon or " " in key:
        key, rest = "", told
    what, mend = _halves(rest)
    return sheet.error(_path(sheet.raw, key), "method", what, mend).model_copy(update={"key": key})


def _path(raw: dict[str, Any], key: str) -> Path:
    """The path of a key as it is told: `phases.choose.turn` names the phase by its key."""
    path: Path = ()
    value: Any = raw
    for word in key.split(".") if key else ():
        step = _index(value, word) if isinstance(value, list) else word
        path, value = (*path, step), inside(value, step)
    return path


def _index(elements: list[Any], word: str) -> int:
    """Which element is meant: by its own key, else by its number."""
    named = (n for n, it in enumerate(elements) if isinstance(it, dict) and it.get("key") == word)
    return next(named, int(word) if word.isdecimal() else 0)


def _halves(told: str) -> tuple[Value, Value]:
    what, _semicolon, mend = told.partition("; ")
    return what, mend or _("mend it")
