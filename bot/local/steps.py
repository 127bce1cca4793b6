"""One step on the road, as the page gets it: what could be done, why, and the buttons that do it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.local.play import Play
from bot.local.signposts import INTERVISION, STAGES
from programme.text import Both


@dataclass(frozen=True)
class Typed:
    """Something to type as somebody in a room (by key). `label` stands on the button."""

    person: str
    room: str
    line: str
    label: Both


@dataclass(frozen=True)
class Answer:
    """The question that is open to somebody in their own chat: to be answered by hand."""

    person: str
    room: str
    label: Both


@dataclass(frozen=True)
class Journey:
    """The clock, to a moment (aware); there the page looks at this room as this person. `others`: everybody lives meanwhile."""

    person: str
    room: str
    to: datetime
    label: Both
    others: bool = False


@dataclass(frozen=True)
class Pressed:
    """A button (from 0) of a message (by number), to be pressed as somebody in its room."""

    person: str
    room: str
    entry: int
    button: int
    label: Both


@dataclass(frozen=True)
class Line:
    """Something that somebody types in a room (by key)."""

    person: str
    room: str
    text: str


@dataclass(frozen=True)
class Enact:
    """What several people say, one after the other; the page looks at this room as this person meanwhile."""

    person: str
    room: str
    lines: tuple[Line, ...]
    label: Both


@dataclass(frozen=True)
class Ring:
    """The picture of who visits whom, to be looked at."""

    label: Both


@dataclass(frozen=True)
class Anew:
    """The whole play, to be begun again."""

    label: Both


Do = Typed | Answer | Journey | Pressed | Enact | Ring | Anew


@dataclass(frozen=True)
class NextStep:
    """What could be done now. `stage` is how far that is in `STAGES`, and after the last when all is done; the first of `do` is the one to take."""

    stage: int
    what: Both
    why: Both
    do: tuple[Do, ...]


def shown(play: Play, step: NextStep) -> dict[str, Any]:
    """What the page gets of it, in both languages."""
    return {
        "stage": step.stage,
        "stages": [_both(play, stage) for stage in STAGES[: None if play.edition.intervision else INTERVISION]],
        "what": _both(play, step.what),
        "why": _both(play, step.why),
        "do": [_button(play, it) for it in step.do],
    }


def _button(play: Play, it: Do) -> dict[str, Any]:
    label = _both(play, it.label)
    match it:
        case Ring():
            return {"kind": "ring", "label": label}
        case Anew():
            return {"kind": "anew", "label": label}
        case _:
            return {"label": label, "person": it.person, "room": it.room, **_done_as(it)}


def _done_as(it: Typed | Answer | Journey | Pressed | Enact) -> dict[str, Any]:
    match it:
        case Typed():
            return {"kind": "type", "line": it.line}
        case Answer():
            return {"kind": "go"}
        case Journey():
            return {"kind": "travel", "to": it.to.isoformat(), "others": it.others}
        case Pressed():
            return {"kind": "press", "entry": it.entry, "button": it.button}
        case Enact():
            return {"kind": "enact", "lines": [asdict(line) for line in it.lines]}


def _both(play: Play, text: Both) -> dict[str, str]:
    return {language: play.house.spell(text, language) for language in ("nl", "en")}
