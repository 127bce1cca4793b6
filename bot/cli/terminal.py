"""A played chat for a person at a terminal: act as anybody, and move the clock."""

import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from bot.cli.faults import Fault
from bot.cli.lines import typed_lines
from bot.cli.words import say
from bot.console import NotThere, Stage
from bot.transcript import ZONE, Spoken, acted, directed, read_line, show
from programme.edition import Edition
from storage.letters import File

WELCOME = say(
    nl="""Je bent {name}. Typ wat je tegen de bot wilt zeggen, bijvoorbeeld: aanmelden
{others}. In de kamer: {id} in #cohort: !agenda
De klok vooruit: @ {day}, of @ volgende voor wat er komt. Wie er zijn: ? Stoppen: ctrl-D""",
    en="""You are {name}. Type what you want to say to the bot, for example: signup
{others}. In the room: {id} in #cohort: !schedule
The clock forward: @ {day}, or @ next for what comes. Who is there: ? Stop: ctrl-D""",
)
OTHER = say(nl="Iemand anders spelen: typ {other}: help", en="Play somebody else: type {other}: help")
COORDINATOR = say(
    nl="{joined} {cor}: stand ({cor} is de coördinator)", en="{joined} {cor}: state ({cor} is the coordinator)"
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
        if line.startswith("! "):
            await directed(line.removeprefix("! ").strip(), self.stage)
        else:
            await self._speak(line)
        return self.said()

    async def _speak(self, line: str) -> None:
        spoken = read_line(line)
        person = self._known(spoken.person) if spoken is not None else None
        if spoken is None or person is None:
            if spoken is not None and _is_a_name(spoken.person):
                raise NotThere(
                    f"nobody is called {spoken.person}; who is there: ?", f"ik ken geen {spoken.person}; wie er zijn: ?"
                )
            await self._say(line)
            return
        self.person, self.room = person, spoken.room
        if spoken.text.strip():
            await self._say(spoken.text)

    def _known(self, written: str) -> str | None:
        """The id of whom somebody means; a capital in front makes no difference, as nobody types an id at the start of a line."""
        ids = [person.id for person in self.stage.people()]
        small = written[:1].lower() + written[1:]
        return next((id_ for id_ in (written, small) if id_ in ids), None)

    async def _say(self, text: str) -> None:
        await acted(Spoken(self.person, self.room, text), self.stage)

    async def _travel(self, written: str) -> list[str]:
        at = self.stage.house.bell.next_at() if written in NEXT else _local(written)
        if at is None:
            return [say(nl=" Er komt niets meer.", en=" Nothing comes any more.")]
        await self.stage.travel(at)
        return [f"@ {self.stage.clock.now().astimezone(ZONE):%Y-%m-%d %H:%M}", *self.said()]

    def said(self) -> list[str]:
        """What the bot has said since the last time."""
        posts = self.stage.console.fetch()
        shown = show(posts, self.stage.room(self.room, self.person), self.stage)
        return [*shown, *(_saved(post.file) for post in posts if post.file is not None)]

    @property
    def prompt(self) -> str:
        """Who speaks now, and where; on a line of its own."""
        return f"\n{self.person} in #{self.room}> " if self.room else f"\n{self.person}> "


def _local(written: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            at = datetime.strptime(written, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
        return at.replace(hour=9) if form == "%Y-%m-%d" else at
    raise NotThere("write the clock as @ 2026-08-17 10:00", "schrijf de klok als @ 2026-08-17 10:00")


async def play_terminal(stage: Stage) -> None:
    """Play what is typed until ctrl-D. Raises `Fault` when there is nobody to play."""
    first = next((p for p in stage.people() if p.id not in stage.coordinators()), None)
    if first is None:
        nobody = say(
            nl="people: er is niemand om te spelen; voeg een regel toe met de rol participant",
            en="people: there is nobody to play; add a line with the role participant",
        )
        raise Fault(nobody)
    terminal = Terminal(stage, first.id)
    opens = min(edition.windows["preferences"].opens for edition in stage.house.store[Edition].values())
    click.echo(WELCOME.format(name=first.shown, id=first.id, others=_others(stage, first.id), day=opens))
    click.echo("\n".join(terminal.said()), nl=False)
    click.echo(terminal.prompt, nl=False)
    async for line in typed_lines():
        if not sys.stdin.isatty():
            click.echo(line)  # a terminal has shown it already
        if line.strip():
            try:
                shown = await terminal.line(line)
            except NotThere as fault:
                shown = [f" ({say(nl=fault.nl, en=str(fault))})"]
            click.echo("\n".join(shown) + ("\n" if shown else ""), nl=False)
        click.echo(terminal.prompt, nl=False)
    click.echo()


def _others(stage: Stage, first: str) -> str:
    """How to play somebody else, with people who are there."""
    coordinators = stage.coordinators()
    cor = next((p.id for p in stage.people() if p.id in coordinators), None)
    other = next((p.id for p in stage.people() if p.id not in {first, *coordinators}), None)
    told = OTHER.format(other=other or cor or first)
    joined = say(nl=", of", en=", or") if other else say(nl=". Of typ", en=". Or type")
    return f"{told}{COORDINATOR.format(joined=joined, cor=cor)}" if cor else told


def _is_a_name(written: str) -> bool:
    """Whether this could be meant as the id of a person: one word, of which only the first letter may be a capital."""
    return written.isalpha() and written[1:] == written[1:].lower()


def _saved(file: File) -> str:
    """Put a file that the bot handed over where it can be opened; gives the line that says where."""
    path = Path(tempfile.mkdtemp(prefix="kring-")) / file.name
    path.write_bytes(file.content)
    return say(nl=f" (bewaard als {path})", en=f" (kept as {path})")
