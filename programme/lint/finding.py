"""What is wrong with a file, or may be: where it stands, what it is, and how to mend it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from programme.lint.spots import Path, Spot
from programme.model import Model
from programme.text import Value

Rule = Literal[
    "toml",
    "unknown-key",
    "missing-key",
    "value",
    "language",
    "words",
    "order",
    "overlap",
    "gap",
    "deadline",
    "weekend",
    "holiday",
    "clock-change",
    "quiet-hours",
    "duplicate",
    "not-in-file",
    "method",
]
"""The kinds of findings. A script may rely on these words."""


class Finding(Model):
    """One thing to look at. An error keeps the file from being used, or makes the programme go wrong; a warning may be meant so."""

    file: str
    line: int
    """From 1; 1 for what is about the whole file."""
    key: str
    """The keys that lead to it, with dots; something with a `key` of its own stands there by that. Empty for the whole file."""
    rule: Rule
    severity: Literal["error", "warning"] = "error"
    what: Value
    mend: Value


@dataclass(frozen=True)
class Sheet:
    """One file as it was read: its name, what `tomllib` made of it, and where every key stands."""

    file: str
    raw: dict[str, Any]
    spots: dict[Path, Spot] = field(repr=False)

    def error(self, path: Path, rule: Rule, what: Value, mend: Value) -> Finding:
        """Say what is wrong at this path."""
        return Finding(file=self.file, line=self.line(path), key=self.key(path), rule=rule, what=what, mend=mend)

    def warning(self, path: Path, rule: Rule, what: Value, mend: Value) -> Finding:
        """Say what may be wrong at this path."""
        return self.error(path, rule, what, mend).model_copy(update={"severity": "warning"})

    def line(self, path: Path) -> int:
        """The line of this path, or of the nearest thing around it that is written."""
        while path and path not in self.spots:
            path = path[:-1]
        return self.spots[path].line if path else 1

    def key(self, path: Path) -> str:
        """This path as people read it: `reminders.call-list.text.nl`."""
        words, value = list[str](), self.raw
        for step in path:
            value = inside(value, step)
            name = value.get("key") if isinstance(step, int) and isinstance(value, dict) else None
            words.append(name if isinstance(name, str) else str(step))
        return ".".join(words)


def inside(value: Any, step: str | int) -> Any:
    """What stands in a table or list under this key or index; None where there is no such thing."""
    if isinstance(value, dict):
        return value.get(str(step))
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None
