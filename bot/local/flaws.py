"""What keeps an edition from being played, for the page that stands there instead of the chat."""

from dataclasses import asdict, dataclass
from typing import Any

from bot.i18n import Languages
from bot.markup import PLAIN
from programme.edition import AMSTERDAM
from programme.lint import Finding
from programme.text import Call, Value, lines


@dataclass(frozen=True)
class Flaw:
    """One thing to mend: where it stands, and by language what is wrong and how to mend it."""

    where: str
    what: dict[str, str]
    mend: dict[str, str]

    def shown(self) -> dict[str, Any]:
        """What the page gets."""
        return asdict(self)


def of_finding(finding: Finding) -> Flaw:
    """The flaw that was found in a file."""
    key = f": {finding.key}" if finding.key else ""
    return Flaw(f"{finding.file}:{finding.line}{key}", _both(finding.what), _both(finding.mend))


def of_line(line: str) -> Flaw:
    """The flaw that a line of a fault tells: `what is wrong; how to mend it`."""
    what, _semicolon, mend = line.rpartition("; ")
    return Flaw("", dict.fromkeys(("nl", "en"), what or mend), dict.fromkeys(("nl", "en"), mend if what else ""))


def _both(value: Value) -> dict[str, str]:
    render = Languages.load().render
    return {it: render(lines(value), it, PLAIN, zone=AMSTERDAM, words=_word) for it in ("nl", "en")}


def _word(call: Call, _language: str) -> str:
    return call.command
