"""`kring console`: the bot in this terminal. For people a conversation to type; for scripts a chat of JSON lines."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import click

import commands
from bot import log
from bot.app import Setup
from bot.cli.faults import Fault
from bot.cli.lines import play_lines
from bot.cli.options import edition_option, keep_option, people_option
from bot.cli.store import keeping
from bot.cli.terminal import play_terminal
from bot.cli.words import say
from bot.clock import SetClock, WallClock
from bot.command import find
from bot.console import Stage
from bot.files import read_edition, read_people, sample_edition
from bot.sample import taking_part
from bot.transcript import ZONE

PATIENCE = 100_000.0
"""The clock stands still while somebody types: no pause would ever make room for more."""


@click.command(
    help=say(
        nl="Praat met de bot in deze terminal, zonder server.", en="Talk to the bot in this terminal, without a server."
    )
)
@click.option(
    "--json", "as_json", is_flag=True, help=say(nl="Lees en schrijf JSON-regels.", en="Read and write JSON lines.")
)
@keep_option
@edition_option
@people_option
@click.option(
    "--at", help=say(nl="Begin op dit moment (ISO), in plaats van nu.", en="Begin at this moment (ISO) instead of now.")
)
def console(*, as_json: bool, store: Path | None, edition: Path | None, people: Path | None, at: str | None) -> None:
    """Play a conversation."""
    log.set_up()
    os.umask(0o077)
    start = _moment(at) if at else WallClock().now()
    with keeping(store) as folder:
        asyncio.run(_play(folder / "state", edition, people, start, as_json=as_json))


def _moment(written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        example = "2026-07-10T09:00:00+02:00"
        wrong = say(
            nl=f"{written!r} is geen moment; schrijf het als {example}",
            en=f"{written!r} is not a moment; write it as {example}",
        )
        raise Fault(f"--at: {wrong}") from None
    return at if at.tzinfo else at.replace(tzinfo=ZONE)


async def _play(folder: Path, edition: Path | None, people: Path | None, start: datetime, *, as_json: bool) -> None:
    crowd, coordinators = read_people(people)
    today = start.astimezone(ZONE).date()
    file = read_edition(edition, coordinators) if edition else sample_edition(today, coordinators)
    already = () if as_json or edition or people else tuple(taking_part(crowd, file, start))
    setup = Setup(folder, find(commands), [file], crowd, patience=PATIENCE)
    stage = Stage(setup, SetClock(start), already)
    async with _begun(stage):
        await (play_lines(stage) if as_json else play_terminal(stage))


@asynccontextmanager
async def _begun(stage: Stage) -> AsyncIterator[None]:
    stage.begin()
    try:
        await stage.travel(stage.clock.now())
        yield
    finally:
        await stage.end()
