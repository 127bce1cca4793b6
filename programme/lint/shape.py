"""Findings about the shape of an edition file: what pydantic refuses, in the words of who writes the file."""

from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from programme.edition import Edition
from programme.lint.finding import Finding, Rule, Sheet
from programme.lint.spots import Path
from programme.schema import keys_at
from programme.text import Text, Value, _

LANGUAGES = {"nl": _("there is no Dutch text"), "en": _("there is no English text")}
WRITE_BOTH = _("write it in this language too")
KINDS: dict[str, tuple[Text, Text]] = {
    "date": (_("this is no day"), _("write it as 2026-09-18, without quotation marks")),
    "time": (_("this is no time"), _("write it as 09:00:00, without quotation marks")),
    "int": (_("this is no whole number"), _("write a whole number, without quotation marks")),
    "bool": (_("this is neither true nor false"), _("write true or false, without quotation marks")),
    "decimal": (_("this is no amount"), _('write it as "395.00"')),
    "string": (_("this is no text"), _("put it between quotation marks")),
    "tuple": (_("this is no list"), _("put it between square brackets")),
    "model": (_("this is no table"), _("write its keys between braces, or under a header of its own")),
    "dict": (_("this is no table"), _("write its keys between braces, or under a header of its own")),
}
"""By the first word of pydantic's type of error: what is wrong with a value, and how to write it."""


def findings(sheet: Sheet, fault: ValidationError) -> list[Finding]:
    """All that pydantic found, but not what the model finds as a whole (`programme/lint/whole.py` says that with its line)."""
    errors = [error for error in fault.errors() if error["type"] != "value_error"]
    meant = _meant(errors)
    return [_of(sheet, error, meant) for error in errors if _path(error) not in meant.values()]


def _path(error: ErrorDetails) -> Path:
    return tuple(step for step in error["loc"] if step != "[key]")


def _meant(errors: list[ErrorDetails]) -> dict[Path, Path]:
    """By each unknown key the missing one beside it that was probably meant: one typing mistake is one finding."""
    missing = [_path(error) for error in errors if error["type"] == "missing"]
    found: dict[Path, Path] = {}
    for path in (_path(error) for error in errors if error["type"] == "extra_forbidden"):
        beside = {str(other[-1]): other for other in missing if other[:-1] == path[:-1]}
        if near := get_close_matches(str(path[-1]), beside, n=1, cutoff=0.6):
            found[path] = beside[near[0]]
    return found


def _of(sheet: Sheet, error: ErrorDetails, meant: dict[Path, Path]) -> Finding:
    path = _path(error)
    match error["type"]:
        case "extra_forbidden" if path in meant:
            other = str(meant[path][-1])
            told = _("write {name}, or take it out", name=other)
            return sheet.error(path, "unknown-key", _("this key is unknown"), told)
        case "extra_forbidden":
            return _unknown(sheet, path)
        case "literal_error" if error["loc"][-1] == "[key]":
            return _unknown(sheet, path)
        case "missing" if path[-1] in LANGUAGES:
            return sheet.error(path, "language", LANGUAGES[str(path[-1])], WRITE_BOTH)
        case "missing":
            return sheet.error(path, "missing-key", _("this key is missing"), _("add it"))
    what, mend = _value(error)
    return sheet.error(path, "value", what, mend)


def _unknown(sheet: Sheet, path: Path) -> Finding:
    known = [name for name in keys_at(Edition, path[:-1]) if name not in NOT_IN_FILE]
    near = get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
    mend = (
        _("write {name}, or take it out", name=near[0])
        if near
        else _("take it out; known are {names}", names=", ".join(known))
    )
    rule: Rule = "unknown-key"
    return sheet.error(path, rule, _("this key is unknown"), mend)


NOT_IN_FILE = frozenset({"since", "coordinators", "sessions_planned", "opened", "closed"})
"""Keys of an edition that the house itself keeps."""


def _value(error: ErrorDetails) -> tuple[Value, Value]:
    if error["type"] == "literal_error":
        expected = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        return _("{value} is not possible here", value=_written(error)), _("choose one of {names}", names=expected)
    if known := KINDS.get(error["type"].partition("_")[0]):
        return known
    return _limits(error)


def _limits(error: ErrorDetails) -> tuple[Value, Value]:
    limits = error.get("ctx", {})
    match error["type"]:
        case "greater_than_equal":
            return _("{value} is too small", value=_written(error)), _("write {n} or more", n=_figures(limits["ge"]))
        case "less_than_equal":
            return _("{value} is too large", value=_written(error)), _("write {n} or less", n=_figures(limits["le"]))
        case "too_long":
            return _("there are too many of them"), _("keep {n} at most", n=int(limits["max_length"]))
        case "string_pattern_mismatch":
            return _("{value} cannot be used as a name", value=_written(error)), _(
                "use small letters, figures and hyphens, without spaces"
            )
    return error["msg"], _("write another value")


def _figures(limit: float) -> str:
    """A limit as it is to be typed: 1440, for 1.440 would be one and a bit in the file."""
    return str(int(limit))


def _written(error: ErrorDetails) -> str:
    return str(error["input"])[:40]
