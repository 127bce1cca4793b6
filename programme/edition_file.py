"""The file of an edition beside the edition itself: what changed in the file, and what of that the coordinator takes over.

The file seeds an edition once. Afterwards both can change: the file by whoever writes it, the edition by the coordinators in
chat. What the file was when it was last taken over is kept, so that a change in chat is no difference of the file.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pydantic import Field, ValidationError
from pydantic_core import to_json

from programme.edition import Edition, Meeting, Window
from programme.lint.dates import findings
from programme.lint.finding import Sheet
from programme.model import Model
from programme.text import Both, Day, Refusal, Span, Value, _, lines, listing

KEPT_BY_THE_HOUSE: dict[type[Model], frozenset[str]] = {
    Edition: frozenset({"id", "since", "coordinators", "sessions_planned"}),
    Window: frozenset({"opened", "closed"}),
    Meeting: frozenset({"version"}),
}
"""What no file decides."""
LONGEST = 60
"""So many letters of a text are enough to know it by."""
Path = tuple[str, ...]
"""The keys that lead to a value; something in a list stands there by its own key."""


class EditionFile(Model):
    """What the house remembers of the file of one edition."""

    id: str
    """Id of the edition."""
    taken: Edition
    """What the file said when all of it was last taken over."""
    found: Edition
    """What it says now."""
    settled: dict[str, str] = Field(default_factory=dict)
    """By key: the digest of what the file says there, once the coordinator has decided about it."""
    told: bool = True
    """The desk was told that the file has changed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the file says otherwise than before."""

    number: int
    """The same as long as the file stays what it is, whatever is decided meanwhile."""
    path: Path
    was: Any
    """What the file said; None when it said nothing."""
    now: Any
    """What it says."""
    here: Any
    """What the edition has."""

    @property
    def key(self) -> str:
        """The path as people read it."""
        return ".".join(self.path)

    @property
    def both(self) -> bool:
        """Whether it was changed at the desk too."""
        return bool(self.here != self.was)


def met(known: EditionFile | None, file: Edition) -> EditionFile:
    """Note what the file says as the house starts; the same record when that is nothing new."""
    plain = _as_written(file)
    if known is None:
        return EditionFile(id=file.id, taken=plain, found=plain)
    return known if known.found == plain else known.model_copy(update={"found": plain, "told": False})


def _as_written(edition: Edition) -> Edition:
    return edition.model_copy(update={"coordinators": (), "since": None})


def differences(file: EditionFile, here: Edition) -> list[Difference]:
    """What the file says otherwise than before, without what is decided already or is so in the edition anyhow."""
    changed = list(_differing(file.taken, file.found, ()))
    found = [Difference(n, path, was, now, _at(here, path)) for n, (path, was, now) in enumerate(changed, 1)]
    return [it for it in found if it.here != it.now and file.settled.get(it.key) != _digest(it.now)]


def taken_over(file: EditionFile, here: Edition, chosen: Sequence[Difference]) -> tuple[EditionFile, Edition]:
    """Let the edition have what the file says, for these differences. Refuses what does not make a whole edition."""
    new = here
    for it in chosen:
        new = _put(new, it.path, it.now)
    return kept(file, new, chosen), _whole(new, here)


def kept(file: EditionFile, here: Edition, chosen: Sequence[Difference]) -> EditionFile:
    """Note that these differences are decided. When there are none left, the file has been taken over."""
    settled = {**file.settled, **{it.key: _digest(it.now) for it in chosen}}
    new = file.model_copy(update={"settled": settled})
    return new if differences(new, here) else new.model_copy(update={"taken": file.found, "settled": {}})


def _whole(new: Edition, here: Edition) -> Edition:
    try:
        checked = Edition.model_validate(dict(new))
    except ValidationError:
        raise Refusal(_("These changes do not go together. Take over the others as well, or mend the file.")) from None
    before = {it.key for it in _errors(here)}
    wrong = [_("{key}: {what}", key=it.key, what=it.what) for it in _errors(checked) if it.key not in before]
    if wrong:
        raise Refusal(lines(_("These changes do not fit with the rest of the programme:"), *wrong))
    return checked


def _errors(edition: Edition) -> list[Any]:
    """What is wrong with its dates; what may be meant so does not count."""
    found = findings(Sheet("", {}, {}), edition, lambda _year: {})
    return [it for it in found if it.severity == "error"]


# ── what is inside what ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _inside(value: Any) -> dict[str, Any] | None:
    """What stands in a value, by name; None for what changes as a whole."""
    match value:
        case Model() if not isinstance(value, Both):
            names = {name: it for name, it in value if name not in KEPT_BY_THE_HOUSE.get(type(value), ())}
            return _timed(names) if isinstance(value, Meeting) else names
        case dict():
            return value
        case tuple() if all(hasattr(it, "key") for it in value):
            return {it.key: it for it in value}
    return None


def _timed(names: dict[str, Any]) -> dict[str, Any]:
    """Day, beginning and end of a meeting change together, under one name."""
    when = names.pop("day"), names.pop("start"), names.pop("end")
    return {"when": when, **names}


def _differing(was: Any, now: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    before, after = _inside(was), _inside(now)
    if before is None or after is None:
        if was != now:
            yield path, was, now
        return
    for name in {**after, **before}:
        yield from _differing(before.get(name), after.get(name), (*path, name))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = (_inside(value) or {}).get(step)
    return value


def _put(value: Any, path: Path, now: Any) -> Any:
    """The same value with something else at this path. Refuses a path of which the beginning is not there any more."""
    if not path:
        return now
    head, *rest = path
    match value:
        case Meeting() if head == "when":
            day, start, end = now
            changes = {"day": day, "start": start, "end": end, "version": value.version + 1}
            return value.model_copy(update=changes)
        case Window():
            by_hand = {"closed": None} if head == "closes" else {}
            return value.model_copy(update={head: now, **by_hand})
        case Model():
            return value.model_copy(update={head: _put(getattr(value, head), tuple(rest), now)})
        case dict():
            return {**value, head: _put(value[head], tuple(rest), now)}
        case tuple():
            return _put_among(value, head, tuple(rest), now)
    raise Refusal(_("{key} is not in the programme any more, so that cannot be taken over.", key=head))


def _put_among(items: tuple[Any, ...], key: str, rest: Path, now: Any) -> tuple[Any, ...]:
    """Change, add or take out the one with this key."""
    if all(it.key != key for it in items):
        return (*items, _put(None, rest, now))
    changed = ((_put(it, rest, now) if it.key == key else it) for it in items)
    return tuple(it for it in changed if it is not None)


def _digest(value: Any) -> str:
    return hashlib.sha256(to_json(value)).hexdigest()[:16]


def as_read(value: Any, edition: Edition) -> Value:
    """A value of a difference, to show."""
    match value:
        case None | ():
            return _("nothing")
        case date():
            return Day(day=value)
        case (date() as day, time() as start, time() as end):
            begins, ends = (datetime.combine(day, at, edition.zone) for at in (start, end))
            return Span(start=begins, end=ends)
        case tuple():
            return listing([as_read(it, edition) for it in value])
        case Model():
            return _named(value)
    return str(value).lower() if isinstance(value, bool) else _short(str(value))


def _named(value: Model) -> Value:
    """A text itself, and anything else by its name."""
    if isinstance(value, Both):
        return value.model_copy(update={"nl": _short(value.nl), "en": _short(value.en)})
    name = getattr(value, "name", None) or getattr(value, "label", None)
    return _named(name) if isinstance(name, Model) else str(name or getattr(value, "key", "…"))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"
