"""Conversations as text: how they are written, played and shown. Tests, the console for people and the handbook share it.

# title
people: anna (AFM, rijk), bram (CBG, zorg, en), coordinator: cor
language: en                the language of its rooms, where it is not that of the edition
group: anna, bram           those in one intervision group; a line for each group, numbered from 1

@ 2026-08-17 10:00          moves the clock; what is due rings
anna: !voorkeur 3 2         speaks in the direct chat; `anna in #cohort:` in a room; `anna: [Ja]` presses a button
 bot: Je volgorde: …        what the bot says there; ` bot to bram:` and ` bot in #desk:` elsewhere
 | a second line of it
 [Ja] [Nee]                 buttons below it
! restart                   kills the bot and starts it again
! file publish = 2026-09-25 changes the file of the edition, as it is read at the next start
! outsider piet in #cohort  somebody comes into a room; `! joined anna in #…` and `! left anna in #…` too
! unencrypted in #cohort    changes how a room is: unencrypted, public, readable (newcomers read back), guests, bridged,
                            `invited piet`, `robot relay`; `! private in #…` makes all of it as it should be
anna in #cohort: [x] 2 3    chooses in the newest poll there; `anna: [x] 2` in the newest that she sees; `[x]` takes it back
 status: …                  the status text of the room, said or changed in place
 [ ] dinsdag / donderdag    the choices of a poll
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import Setup
from bot.chat import Post
from bot.clock import SetClock
from bot.command import Commands
from bot.console import NotThere, Stage
from programme import rooms
from programme.edition import Edition
from programme.model import Model
from programme.people import LanguageCode, Person
from programme.records import Group, Participant, Place, Round
from programme.ring import committed

ZONE = ZoneInfo("Europe/Amsterdam")
DIRECTION = re.compile(r"(?P<how>[a-z]+)(?: (?P<person>\S+))? in #?(?P<room>\S+)")
COMING = {"outsider": True, "joined": True, "left": False}
LOTTERY = "een geheim om na te spelen"
PERSON = re.compile(r"(coordinator: *)?([\w@.:-]+)(?: \(([^)]*)\))?(?:, *|$)")
LINE = re.compile(r"(?P<person>[^\s:@#][^:]*?|@\S+:\S+?)(?: in #?(?P<room>[^:]+))?: ?(?P<text>.*)", re.DOTALL)


@dataclass
class Scene:
    """Who is there before the first line is spoken."""

    people: list[Person] = field(default_factory=list)
    coordinators: tuple[str, ...] = ()
    signed_up: list[Person] = field(default_factory=list)
    """Those with an organisation take part already, with a place each, numbered in this order."""
    groups: list[tuple[str, ...]] = field(default_factory=list)
    """Those who are in an intervision group together already, numbered in this order."""


def read_scene(header: str) -> Scene:
    """Read the line of people. Raises `ValueError` for a line that is not understood."""
    scene = Scene()
    at = 0
    while at < len(header):
        match = PERSON.match(header, at)
        if match is None:
            raise ValueError(f"people: not understood from {header[at:]!r}; write: anna (AFM, rijk), coordinator: cor")
        _add(scene, match)
        at = match.end()
    return scene


def _add(scene: Scene, match: re.Match[str]) -> None:
    facts = [fact.strip() for fact in (match[3] or "").split(",")] + ["", "", ""]
    language: LanguageCode = "en" if "en" in facts else "nl"
    organisation, sector = ("", "") if facts[0] == "en" else facts[:2]
    person = Person(
        id=match[2], name=match[2].capitalize(), language=language, organisation=organisation, sector=sector
    )
    scene.people.append(person)
    if match[1]:
        scene.coordinators += (person.id,)
    elif person.organisation:
        scene.signed_up.append(person)


def enrolled(people: Sequence[Person], edition: Edition, at: datetime) -> Iterator[Model]:
    """The records of people who take part already, with a place each, numbered in this order. `at` (aware) is when they signed up."""
    for number, person in enumerate(people, 1):
        answers = {q.key: "" for q in edition.form} | {
            "organisation": person.organisation,
            "sector": person.sector,
            "region": person.region or "Utrecht",
            "offer": "Een dag met de bestuurssecretaris.",
            "places": "1",
        }
        yield Participant(
            id=f"{edition.id}/{person.id}", edition=edition.id, person=person.id, state="in", since=at, answers=answers
        )
        yield Place(
            id=f"{edition.id}/{number}",
            edition=edition.id,
            number=number,
            host=person.id,
            organisation=person.organisation,
            sector=person.sector,
            region=answers["region"],
            offer=answers["offer"],
        )
    if people:
        round_ = Round(id=edition.id, next_number=len(people) + 1)
        yield committed(round_, LOTTERY) if edition.has_begun("preferences", at) else round_


def grouped(groups: Sequence[tuple[str, ...]], edition: Edition) -> Iterator[Group]:
    """The records of intervision groups that are there already (ids of people), numbered from 1."""
    for number, members in enumerate(groups, 1):
        yield Group(id=f"{edition.id}/{number}", edition=edition.id, number=number, members=members)


@dataclass(frozen=True)
class Spoken:
    """One line of a played conversation: who, where, what; a `[Label]` presses a button."""

    person: str
    room: str
    text: str

    @property
    def chosen(self) -> list[str] | None:
        """What is chosen in a poll, by number or label; None when it is no vote."""
        marked = re.fullmatch(r"\[x\](.*)", self.text.strip())
        return marked[1].split() if marked else None

    @property
    def label(self) -> str | None:
        """The label of the button that is pressed, if it is one."""
        pressed = re.fullmatch(r"\[([^\]]+)\]", self.text.strip())
        return pressed[1] if pressed else None


def read_line(line: str) -> Spoken | None:
    """Read `anna: text` or `anna in #cohort: text`; None when it is neither."""
    match = LINE.fullmatch(line)
    return Spoken(match["person"].strip(), (match["room"] or "").strip(), match["text"]) if match else None


def show(posts: Iterable[Post], here: str, stage: Stage) -> list[str]:
    """Write what the bot said: first what stands in this room, then the other rooms by name."""
    ordered = sorted(posts, key=lambda post: (post.room != here, post.room))
    return [line for post in ordered for line in _shown(post, here, stage)]


def _shown(post: Post, here: str, stage: Stage) -> Iterator[str]:
    first, *more = post.plain.split("\n")
    yield f" {'status' if post.status else 'bot'}{_where(post.room, here, stage)}: {first}"
    yield from (f" | {line}" for line in more)
    if post.file is not None:
        yield f" (bestand: {post.file.name})"
    if post.buttons:
        yield " " + " ".join(f"[{label}]" for label, _written in post.buttons)
    if post.poll is not None:
        yield " [ ] " + " / ".join(label for label, _written, _call in post.poll.choices)


def _where(room: str, here: str, stage: Stage) -> str:
    if room == here:
        return ""
    person = rooms.person_of(room)
    return f" to {person}" if person else f" in #{stage.short(room)}"


async def acted(spoken: Spoken, stage: Stage) -> None:
    """Let somebody say, press or choose what stands in a line. Raises `NotThere`."""
    if (chosen := spoken.chosen) is not None:
        await stage.vote(spoken.person, chosen, spoken.room)
    elif spoken.label is not None:
        await stage.press(spoken.person, spoken.label, spoken.room)
    else:
        await stage.speak(spoken.person, spoken.text, spoken.room)


async def directed(direction: str, stage: Stage) -> str | None:
    """Do what no person says: a restart, somebody who comes or goes, a room that changes. Gives the key of the room, if it is about one.

    Raises `NotThere` for what is not understood, or not there.
    """
    if direction == "restart":
        await stage.restart()
        return None
    if direction.startswith("file "):
        stage.write_file(partial(_rewritten, direction.removeprefix("file ")))
        return None
    match = DIRECTION.fullmatch(direction)
    if match is None:
        raise NotThere(
            f"not understood: {direction!r}; write: restart, or unencrypted in #cohort",
            f"dit begrijp ik niet: {direction!r}; schrijf: restart, of unencrypted in #cohort",
        )
    how, person, room = match["how"], match["person"] or "", match["room"]
    if how in COMING and person:
        await stage.move(person, room, joined=COMING[how])
    else:
        stage.change(room, how, person)
    return stage.room(room, person)


def _rewritten(line: str, edition: Edition) -> Edition:
    """The edition with one key as this line of TOML says. What stands in a list is named by its own key."""
    facts = edition.model_dump()
    holder: Any = facts
    (*steps, last), value = _leaf(tomllib.loads(line))
    for step in steps:
        holder = holder[step] if isinstance(holder, dict) else next(it for it in holder if it["key"] == step)
    holder[last] = value
    return Edition.model_validate(facts)


def _leaf(raw: dict[str, Any]) -> tuple[list[str], Any]:
    """The keys of the one value in these tables, and the value."""
    ((key, inside),) = raw.items()
    if not isinstance(inside, dict) or not inside or {"nl", "en"} & inside.keys():
        return [key], inside
    path, value = _leaf(inside)
    return [key, *path], value


@dataclass
class Player:
    """Plays the lines of a conversation, and gives back the whole of it as it went."""

    commands: Commands
    edition: Edition
    folder: Path
    stage: Stage | None = None
    scene: Scene = field(default_factory=Scene)
    here: str = ""

    async def play(self, written: str) -> str:
        """Play a whole conversation; gives its text with what the bot really said."""
        lines: list[str] = []
        try:
            for line in written.splitlines():
                if not line.startswith(" "):
                    lines += [line, *await self.line(line)]
        finally:
            if self.stage is not None:
                await self.stage.end()
        return "\n".join(lines) + "\n"

    async def line(self, line: str) -> list[str]:
        """Do one line; gives what the bot said."""
        if not line.strip() or line.startswith("#") or self._sets(line):
            return []
        if line.startswith("@"):
            return await self._at(datetime.strptime(line[1:].strip(), "%Y-%m-%d %H:%M").replace(tzinfo=ZONE))
        assert self.stage is not None, f"move the clock first: {line}"  # noqa: S101 - said to who writes a transcript
        if line.startswith("! "):
            return await self._directed(line.removeprefix("! ").strip(), self.stage)
        return await self._spoken(line, self.stage)

    def _sets(self, line: str) -> bool:
        """Whether this is a line of the header; then what it sets is set."""
        name, _colon, written = line.partition(":")
        match name:
            case "people":
                self.scene = read_scene(written.strip())
            case "language":
                self.edition = self.edition.model_copy(update={"language": written.strip()})
            case "group":
                self.scene.groups.append(tuple(written.replace(",", " ").split()))
            case _:
                return False
        return True

    async def _at(self, at: datetime) -> list[str]:
        self.here = ""
        if self.stage is None:
            self.stage = self._begun(at)
        await self.stage.travel(at)
        return self._said()

    def _begun(self, at: datetime) -> Stage:
        edition = self.edition.model_copy(update={"coordinators": self.scene.coordinators})
        setup = Setup(self.folder, self.commands, [edition], self.scene.people, secret=lambda: LOTTERY)
        already = (*enrolled(self.scene.signed_up, edition, at), *grouped(self.scene.groups, edition))
        stage = Stage(setup, SetClock(at), already=already)
        stage.begin()
        return stage

    async def _directed(self, direction: str, stage: Stage) -> list[str]:
        self.here = await directed(direction, stage) or self.here
        return self._said()

    async def _spoken(self, line: str, stage: Stage) -> list[str]:
        spoken = read_line(line)
        if spoken is None:
            raise ValueError(f"not understood: {line!r}; write: anna: text, or anna in #cohort: text")
        try:
            self.here = stage.room(spoken.room, spoken.person)
            await acted(spoken, stage)
        except NotThere as fault:
            return [f" ({fault})"]
        return self._said()

    def _said(self) -> list[str]:
        assert self.stage is not None  # noqa: S101 - begun
        return show(self.stage.console.fetch(), self.here, self.stage)
