"""A text that is no TOML: which key it is about, what was probably meant, and how TOML writes that.

The parser says where it stopped and not what a person meant. What people type instead of TOML is the same few things: a day, a time
or an amount as they write it on paper, a text without its quotation marks, "ja" for true.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date

from programme.lint.finding import Finding
from programme.text import Value, _

Told = tuple[Value, Value]
"""What is wrong, and how to mend it."""
MOST = 50
"""After so many lines that cannot be read, the rest is told in the next round."""
_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$| \(at end of document\)$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=\s*(.*?)\s*$")
_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(?:#.*)?$")
_NAMED = re.compile(r"\s*key\s*=\s*[\"']([^\"']+)[\"']")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})|(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_DAY_IN_WORDS = re.compile(r"\d{1,2} [A-Za-z]{3,9} \d{4}")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2}))?(?:\s*(?:uur|u|h))?")
_AMOUNT = re.compile(r"(?:€\s*)?(\d{1,3}(?:\.\d{3})+|\d+),(\d{2}|-)|€\s*(\d+)(?:\.(\d{2}))?")
_YES = {"ja": "true", "yes": "true", "waar": "true", "nee": "false", "no": "false", "onwaar": "false"}
REASONS: dict[str, Told] = {
    "Cannot overwrite a value": (_("this stands twice"), _("take one of them out")),
    "Cannot declare": (_("this header stands twice"), _("take one of them out, or write it between double brackets")),
}
"""By how the reason of the parser begins: what it means for who writes the file."""
HOW = _(
    "mend this line, or the one before it. A day is written as {day}, a time as {time}, an amount as {amount}, "
    "and a text between quotation marks",
    day="2027-09-17",
    time="09:00:00",
    amount='"395.00"',
)


def findings(file: str, toml: str) -> list[Finding]:
    """Every line of a text that keeps it from being TOML (at least one), as far as each can be told apart."""
    rows, found = toml.split("\n"), list[Finding]()
    for _time in range(MOST):
        told = _refusal("\n".join(rows))
        if told is None:
            break
        number, reason = told
        value = _value(rows[number - 1])
        meant = _meant(value) if value and _refusal(f"x = {value}") else None
        found.append(_finding(file, rows, number, meant or _reason(value, reason)))
        if meant is None:  # what follows may be wrong only because of this
            break
        rows[number - 1] = f"{rows[number - 1].partition('=')[0]}= 0"
    return found


def _refusal(toml: str) -> tuple[int, str] | None:
    """The line at which the parser stops, and why; None when it reads all of it."""
    try:
        tomllib.loads(toml)
    except tomllib.TOMLDecodeError as fault:
        told = str(fault)
        place = _PLACE.search(told)
        line = int(place[1]) if place and place[1] else toml.count("\n") + 1
        return line, _PLACE.sub("", told)
    except RecursionError:  # a bracket too many is told of a text that is TOML up to there
        return None
    return None


def _finding(file: str, rows: list[str], number: int, told: Told) -> Finding:
    what, mend = told
    return Finding(file=file, line=number, key=_key(rows, number - 1), rule="toml", what=what, mend=mend)


def _reason(value: str | None, reason: str) -> Told:
    if value == "":
        return _("there is no value here"), _("write one behind the equals sign, or take the line out")
    known = (told for begins, told in REASONS.items() if reason.startswith(begins))
    return next(known, (_("this line cannot be read"), HOW))


# ── which key ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _key(rows: list[str], index: int) -> str:
    """The keys that lead to a line, with dots, as far as the lines around it tell; empty where it has no key."""
    written = _KEY.match(rows[index])
    if written is None:
        return ""
    return ".".join([*_above(rows, index), re.sub(r"\s", "", written[1])])


def _above(rows: list[str], index: int) -> Iterator[str]:
    """The words of the header under which a line stands; an element of a list goes by its own key, else by its number."""
    headers = [(at, match) for at, row in enumerate(rows) if (match := _HEADER.match(row))]
    before = [(at, match) for at, match in headers if at < index]
    if not before:
        return
    began, header = before[-1]
    yield header[1]
    if rows[began].lstrip().startswith("[["):
        ends = next((at for at, _match in headers if at > began), len(rows))
        names = (name[1] for row in rows[began:ends] if (name := _NAMED.match(row)))
        yield next(names, str(sum(match[1] == header[1] for _at, match in before) - 1))


# ── what was meant ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _value(row: str) -> str | None:
    """What stands behind the equals sign, without a remark; None where there is no key."""
    match = _KEY.match(row)
    if match is None:
        return None
    return match[2] if match[2].startswith(("'", '"', "[", "{")) else re.sub(r"\s*#.*$", "", match[2])


def _meant(value: str) -> Told | None:
    """What somebody meant by a value that cannot be read, and how to write it; None when it looks like nothing known."""
    return _a_day(value) or _a_time(value) or _an_amount(value) or _a_text(value)


def _a_day(value: str) -> Told | None:
    if _DAY_IN_WORDS.fullmatch(value):
        return _("{value} is no day here", value=value), _("write it as {example}", example="2027-09-17")
    parts = _DAY.fullmatch(value)
    if parts is None:
        return None
    year, month, day = (parts[3], parts[2], parts[1]) if parts[3] else (parts[4], parts[5], parts[6])
    try:
        meant = date(int(year), int(month), int(day))
    except ValueError:
        return _("{value} is not in the calendar", value=value), _("write a day that there is, as 2027-09-17")
    return _("{value} is no day here", value=value), _("write {example}", example=meant.isoformat())


def _a_time(value: str) -> Told | None:
    parts = _TIME.fullmatch(value)
    if parts is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    if hours > 23 or minutes > 59 or seconds > 59:  # noqa: PLR2004 - a clock
        return _("{value} is not on the clock", value=value), _("write it as {example}", example="09:00:00")
    example = f"{hours:02}:{minutes:02}:{seconds:02}"
    return _("{value} is no time here", value=value), _("write {example}", example=example)


def _an_amount(value: str) -> Told | None:
    parts = _AMOUNT.fullmatch(value)
    if parts is None:
        return None
    euros, cents = (parts[1], parts[2]) if parts[1] else (parts[3], parts[4])
    example = f'"{euros.replace(".", "")}.{"00" if cents in ("-", None) else cents}"'
    return _("{value} is no amount here", value=value), _("write {example}", example=example)


def _a_text(value: str) -> Told | None:
    if value.casefold() in {*_YES, "true", "false"}:
        meant = _YES.get(value.casefold(), value.casefold())
        return _("{value} is neither true nor false", value=value), _("write {example}", example=meant)
    if value[0] in "“”„‘’«":
        return _("these quotation marks are curly"), _('put straight ones around the text: "{text}"', text="…")
    if any(mark in _QUOTED.sub("", value) for mark in "\"'"):
        return _("a quotation mark is missing"), _("put one before the text and one behind it")
    if value[0].isalpha():
        return _("there are no quotation marks around this text"), _("put one before the text and one behind it")
    return None
