"""`kring console`: the bot in this terminal. For people a conversation to type; for scripts a chat of JSON lines."""

import asyncio
import base64
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

import commands
from bot import log
from bot.app import Setup
from bot.chat import Post
from bot.cli.faults import Fault
from bot.cli.words import say
from bot.clock import SetClock, WallClock
from bot.command import find
from bot.console import NotThere, Stage, read_line
from bot.files import read_edition, read_people, sample_edition
from bot.transcript import show
from programme import rooms

HOME = ZoneInfo("Europe/Amsterdam")
FILE = click.Path(path_type=Path)


@click.command(
    help=say(
        nl="Praat met de bot in deze terminal, zonder server.", en="Talk to the bot in this terminal, without a server."
    )
)
@click.option(
    "--json", "as_json", is_flag=True, help=say(nl="Lees en schrijf JSON-regels.", en="Read and write JSON lines.")
)
@click.option(
    "--store",
    type=FILE,
    help=say(
        nl="Map om in te bewaren; anders verdwijnt alles na afloop.",
        en="Folder to keep everything in; else it is gone afterwards.",
    ),
)
@click.option(
    "--edition",
    type=FILE,
    help=say(
        nl="Editiebestand; anders een voorbeeld met data van nu.", en="Edition file; else a sample with dates of today."
    ),
)
@click.option(
    "--people",
    type=FILE,
    help=say(
        nl="Lijst van mensen (CSV); anders twaalf voorbeeldmensen.",
        en="List of people (CSV); else twelve sample people.",
    ),
)
@click.option(
    "--at", help=say(nl="Begin op dit moment (ISO), in plaats van nu.", en="Begin at this moment (ISO) instead of now.")
)
def console(*, as_json: bool, store: Path | None, edition: Path | None, people: Path | None, at: str | None) -> None:
    """Play a conversation."""
    log.set_up()
    start = _moment(at) if at else WallClock().now()
    with _folder(store) as folder:
        asyncio.run(_play(folder, edition, people, start, _json if as_json else _people))


Loop = Callable[[Stage], "asyncio.Future[None]"] | Callable[[Stage], Any]


def _moment(written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise Fault(f"--at: {written!r} is not a moment; write it as 2026-07-10T09:00:00+02:00") from None
    return at if at.tzinfo else at.replace(tzinfo=HOME)


@contextmanager
def _folder(store: Path | None) -> Iterator[Path]:
    if store is not None:
        yield store / "state"
        return
    with tempfile.TemporaryDirectory(prefix="kring-") as folder:
        yield Path(folder) / "state"


async def _play(folder: Path, edition: Path | None, people: Path | None, start: datetime, loop: Loop) -> None:
    crowd, coordinators = read_people(people)
    file = (
        read_edition(edition, coordinators) if edition else sample_edition(start.astimezone(HOME).date(), coordinators)
    )
    stage = Stage(Setup(folder, find(commands), [file], crowd), SetClock(start))
    async with _begun(stage):
        await loop(stage)


@asynccontextmanager
async def _begun(stage: Stage) -> AsyncIterator[None]:
    stage.begin()
    try:
        await stage.travel(stage.clock.now())
        yield
    finally:
        await stage.end()


async def _lines() -> AsyncIterator[str]:
    """Lines of standard input, without holding the loop."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line.rstrip("\r\n")


# ── for scripts ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class BadLine(Exception):  # noqa: N818 - answered, and nothing has changed
    """A line that is no input; the text says why."""


@dataclass
class _Ids:
    """Short ids for what the bot says: m1, m2 and so on."""

    known: dict[str, str] = field(default_factory=dict)

    def of(self, letter: str) -> str:
        return self.known.setdefault(letter, f"m{len(self.known) + 1}")


async def _json(stage: Stage) -> None:
    ids, count = _Ids(), 0
    _write_posts(stage, ids)
    async for line in _lines():
        if not line.strip():
            continue
        count += 1
        try:
            extra = await _input(stage, _object(line))
        except (BadLine, NotThere) as fault:
            _write({"error": str(fault)})
        else:
            _write_posts(stage, ids)
            if extra is not None:
                _write(extra)
        _write({"done": count})


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as fault:
        raise BadLine(f"not JSON: {fault}") from None
    if not isinstance(found, dict):
        raise BadLine('not an object; for example {"person": "anna", "text": "!help"}')
    return found


async def _input(stage: Stage, asked: dict[str, Any]) -> dict[str, Any] | None:
    """Do one input; gives what is to be written beside what the bot says."""
    if "at" in asked:
        await stage.travel(_at(asked["at"]))
    elif asked.get("restart") is True:
        await stage.restart()
    elif asked.get("rooms") is True:
        return {"rooms": [_room(stage, wish.key, wish.members, encrypted=wish.encrypted) for wish in stage.rooms()]}
    else:
        await _spoken(stage, asked)
    return None


async def _spoken(stage: Stage, asked: dict[str, Any]) -> None:
    unknown = set(asked) - {"person", "text", "press", "vote", "room", "id"}
    if unknown:
        raise BadLine(
            f"unknown key {min(unknown)!r}; known are person, text, press, vote, room, id, at, restart, rooms"
        )
    person, room, id_ = (_word(asked, key) for key in ("person", "room", "id"))
    if not person:
        raise BadLine('person is missing; for example {"person": "anna", "text": "!help"}')
    if "text" in asked:
        await stage.speak(person, _word(asked, "text"), room, id_)
    elif "press" in asked:
        await stage.press(person, _word(asked, "press"), room, id_)
    elif "vote" in asked:
        raise BadLine("there is no open poll")
    else:
        raise BadLine("text or press is missing")


def _word(asked: dict[str, Any], key: str) -> str:
    value = asked.get(key, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadLine(f"{key} must be a text")
    return value


def _at(written: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError:
        raise BadLine(f"at: {written!r} is not a moment; write it as 2026-07-10T23:59:59+02:00") from None
    return at if at.tzinfo else at.replace(tzinfo=HOME)


def _room(stage: Stage, key: str, members: frozenset[str], *, encrypted: bool) -> dict[str, Any]:
    return {"id": key, "name": stage.short(key), "members": sorted(members), "encrypted": encrypted}


def _write_posts(stage: Stage, ids: _Ids) -> None:
    for post in stage.console.fetch():
        _write(_post(stage, post, ids))


def _post(stage: Stage, post: Post, ids: _Ids) -> dict[str, Any]:
    person = rooms.person_of(post.room)
    return {
        "to": person,
        "room": None if person else stage.short(post.room),
        "id": ids.of(post.id),
        "text": post.plain,
        "html": post.html,
        "buttons": [label for label, _written in post.buttons],
        "poll": None,
        "file": _file(post),
        "edits": ids.of(post.edits) if post.edits else None,
        "mentions": list(post.mentions),
    }


def _file(post: Post) -> dict[str, str] | None:
    if post.file is None:
        return None
    return {"name": post.file.name, "mime": post.file.mime, "base64": base64.b64encode(post.file.content).decode()}


def _write(found: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    sys.stdout.flush()


# ── for people ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

WELCOME = say(
    nl="""Je bent {name}. Typ wat je tegen de bot wilt zeggen, bijvoorbeeld: aanmelden
Iemand anders spelen: typ bram: aanmelden (of cor: stand; cor is de coördinator). In de kamer: anna in #cohort: !agenda
De klok vooruit: @ 2026-08-17 10:00, of @ volgende voor wat er komt. Wie er zijn: ? Stoppen: ctrl-D""",
    en="""You are {name}. Type what you want to say to the bot, for example: signup
Play somebody else: type bram: signup (or cor: state; cor is the coordinator). In the room: anna in #cohort: !schedule
The clock forward: @ 2026-08-17 10:00, or @ next for what comes. Who is there: ? Stop: ctrl-D""",
)
NEXT = ("volgende", "next")


@dataclass
class Terminal:
    """Who is being played, and where."""

    stage: Stage
    person: str
    room: str = ""

    async def line(self, line: str) -> list[str]:
        """Do one line; gives what is to be shown."""
        if line.strip() == "?":
            return [f" {p.id}: {p.name}, {p.organisation}" for p in self.stage.people()]
        if line.startswith("@"):
            return await self._travel(line[1:].strip())
        if line.strip() == "! restart":
            await self.stage.restart()
        else:
            await self._speak(line)
        return self._said()

    async def _speak(self, line: str) -> None:
        spoken = read_line(line)
        names = {person.id for person in self.stage.people()}
        if spoken is None or spoken.person not in names:
            await self._say(line)
            return
        self.person, self.room = spoken.person, spoken.room
        if spoken.text.strip():
            await self._say(spoken.text)

    async def _say(self, text: str) -> None:
        if text.startswith("[") and text.rstrip().endswith("]"):
            await self.stage.press(self.person, text.strip()[1:-1], self.room)
        else:
            await self.stage.speak(self.person, text, self.room)

    async def _travel(self, written: str) -> list[str]:
        at = self.stage.house.bell.next_at() if written in NEXT else _local(written)
        if at is None:
            return [say(nl=" Er komt niets meer.", en=" Nothing comes any more.")]
        await self.stage.travel(at)
        return [f"@ {self.stage.clock.now().astimezone(HOME):%Y-%m-%d %H:%M}", *self._said()]

    def _said(self) -> list[str]:
        return show(self.stage.console.fetch(), self.stage.room(self.room, self.person), self.stage)

    @property
    def prompt(self) -> str:
        return f"{self.person} in #{self.room}> " if self.room else f"{self.person}> "


def _local(written: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            at = datetime.strptime(written, form).replace(tzinfo=HOME)
        except ValueError:
            continue
        return at.replace(hour=9) if form == "%Y-%m-%d" else at
    raise NotThere(say(nl="schrijf de klok als @ 2026-08-17 10:00", en="write the clock as @ 2026-08-17 10:00"))


async def _people(stage: Stage) -> None:
    first = next((p for p in stage.people() if p.id not in stage.coordinators()), None)
    if first is None:
        raise Fault("people: there is nobody to play; add a line with the role participant")
    terminal = Terminal(stage, first.id)
    click.echo(WELCOME.format(name=first.name))
    click.echo("\n".join(terminal._said()), nl=False)  # noqa: SLF001 - what was there at the start
    click.echo(terminal.prompt, nl=False)
    async for line in _lines():
        if line.strip():
            try:
                shown = await terminal.line(line)
            except NotThere as fault:
                shown = [f" ({fault})"]
            click.echo("\n".join(shown) + ("\n" if shown else ""), nl=False)
        click.echo(terminal.prompt, nl=False)
    click.echo()
