"""`kring try`: the bot in the browser on this machine, with people to play and a clock to travel with."""

import asyncio
import os
import secrets
import shutil
import signal
import sys
import webbrowser
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import click

import commands
from bot import log
from bot.app import Setup
from bot.cli.faults import Fault
from bot.cli.lint import findings_in, read_text
from bot.cli.options import edition_option, keep_option, people_option
from bot.cli.store import keeping
from bot.cli.words import say
from bot.clock import SetClock, WallClock
from bot.command import find
from bot.files import SAMPLE, read_edition, read_people, sample_edition
from bot.local.flaws import Flaw, of_finding, of_line
from bot.local.history import History, read_history
from bot.local.play import Play
from bot.local.rehearsing import Rehearsals
from bot.local.server import Page
from bot.sample import taking_part
from bot.transcript import ZONE
from programme.edition import Edition
from programme.people import Person

HOST = "127.0.0.1"
EXAMPLE_EDITION = "programme/editions/secretariswissel-2026.toml"
EXAMPLE_PEOPLE = "programme/editions/voorbeeld.csv"
OPENED = say(
    nl="Kring staat klaar: {address}\nDeze pagina werkt alleen op deze machine. Stoppen: ctrl-C",
    en="Kring is ready: {address}\nThis page works on this machine only. Stop: ctrl-C",
)


port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8090,
    show_default=True,
    help=say(nl="Poort op deze machine.", en="Port on this machine."),
)
no_browser_option = click.option(
    "--no-browser", is_flag=True, help=say(nl="Open geen browser.", en="Do not open a browser.")
)


@click.command(
    "try",
    help=say(
        nl="Probeer de bot in je browser, zonder server of account.",
        en="Try the bot in your browser, without a server or an account.",
    ),
)
@port_option
@edition_option
@people_option
@no_browser_option
@keep_option
def try_(*, port: int, edition: Path | None, people: Path | None, no_browser: bool, store: Path | None) -> None:
    """Serve the page until ctrl-C."""
    log.set_up()
    os.umask(0o077)
    _must_be_there(edition, EXAMPLE_EDITION)
    _must_be_there(people, EXAMPLE_PEOPLE)
    with keeping(store) as folder:
        asyncio.run(_serve(folder, edition, people, port, browser=not no_browser))


def _must_be_there(file: Path | None, example: str) -> None:
    """Say so at the terminal: a page with nothing to play helps nobody."""
    if file is not None and not file.exists():
        raise Fault(
            say(
                nl=f"{file}: het bestand is er niet; begin met een kopie van {example}",
                en=f"{file}: the file is not there; begin with a copy of {example}",
            )
        )


async def _serve(folder: Path, edition: Path | None, people: Path | None, port: int, *, browser: bool) -> None:
    cast, flaws = _cast_or_flaws(folder, edition, people)
    async with AsyncExitStack() as ending:
        rehearsals = Rehearsals(edition or _sample_file(), people)
        ending.push_async_callback(rehearsals.stop)
        play = cast.play() if cast is not None else None
        page = Page(
            play,
            secrets.token_urlsafe(24),
            flaws=flaws,
            rehearsals=rehearsals,
            anew=cast.anew if cast is not None else None,
        )
        ending.push_async_callback(page.end)
        runner = await page.door.open(HOST, port)
        ending.push_async_callback(runner.cleanup)
        ending.push_async_callback(page.farewell)
        if play is not None:
            await play.open()
        click.echo(OPENED.format(address=page.address))
        if browser and _has_screen():
            await asyncio.to_thread(webbrowser.open, page.address)
        await _stopped()


@dataclass(frozen=True)
class _Cast:
    """What a play is made of, read once: so it can begin again whatever became of the files."""

    folder: Path
    people: Sequence[Person]
    coordinators: tuple[str, ...]
    edition: Edition | None
    """None: the sample."""
    past: History | None
    sample: bool
    """Whether the edition and the people are both those of the sample."""

    def play(self) -> Play:
        """The play in the folder: as it was left, or a new one."""
        start = self.past.now if self.past else WallClock().now()
        today = (self.past.began if self.past else start).astimezone(ZONE).date()
        file = self.edition or sample_edition(today, self.coordinators)
        already = tuple(taking_part(self.people, file, start)) if self.sample and self.past is None else ()
        setup = Setup(self.folder / "state", find(commands), [file], list(self.people))
        return Play(setup, SetClock(start), already, file=self.folder / "page" / "history.json", past=self.past)

    def anew(self) -> Play:
        """A new play in the place of the former one, which must have ended: nothing of it is left."""
        for name in ("state", "page"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        return replace(self, past=None).play()


def _cast_or_flaws(folder: Path, edition: Path | None, people: Path | None) -> tuple[_Cast | None, list[Flaw]]:
    """What the play is made of; or, of files that cannot be played, what is wrong with them."""
    try:
        found = findings_in(str(edition), read_text(str(edition))) if edition else []
        if errors := [of_finding(it) for it in found if it.severity == "error"]:
            return None, errors
        crowd, coordinators = read_people(people)
        file = read_edition(edition, coordinators) if edition else None
        past = read_history(folder / "page" / "history.json")
    except Fault as fault:
        return None, [of_line(line) for line in fault.lines]
    return _Cast(folder, crowd, coordinators, file, past, sample=not (edition or people)), []


def _sample_file() -> Path:
    """The file of which the sample edition is made."""
    return Path(str(resources.files("programme").joinpath("editions", SAMPLE)))


def _has_screen() -> bool:
    """Whether a browser can show itself: a text browser would take this terminal."""
    return sys.platform in ("darwin", "win32") or any(os.environ.get(it) for it in ("DISPLAY", "WAYLAND_DISPLAY"))


async def _stopped() -> None:
    """Wait until the process is told to stop."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # there are no signals in the loop of Windows: ctrl-C ends it there
            asyncio.get_running_loop().add_signal_handler(number, told.set)
    await told.wait()
