"""`kring rehearse`: play a whole edition with made-up people, and read every message before anybody gets one."""

import asyncio
import json
import os
import tempfile
from pathlib import Path

import click

import commands
from bot import log
from bot.cli.match import STANDARD
from bot.cli.options import json_option
from bot.cli.words import is_dutch, say
from bot.command import find
from bot.files import read_edition, read_people
from bot.rehearsal.playing import free_of, opened, rehearse
from bot.rehearsal.record import Rehearsal
from bot.rehearsal.report import Report
from bot.rehearsal.warnings import USUAL_MOST, warnings
from programme.crowd import made_up
from programme.crowd.people import COORDINATOR
from programme.edition import Edition
from programme.people import Person

FILE = click.Path(path_type=Path)
FEW = 12
people_option = click.option(
    "--people",
    type=FILE,
    help=say(nl="Lijst van mensen (CSV); anders verzonnen namen.", en="List of people (CSV); else made-up names."),
)
count_option = click.option(
    "--count",
    type=click.IntRange(1, 500),
    default=FEW,
    show_default=True,
    help=say(nl="Zoveel verzonnen mensen.", en="So many made-up people."),
)
seed_option = click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help=say(nl="Een ander getal geeft een ander verloop.", en="Another number gives another story."),
)
most_option = click.option(
    "--most",
    type=click.IntRange(0),
    default=USUAL_MOST,
    show_default=True,
    help=say(
        nl="Waarschuw bij meer berichten per week aan iemand dan dit.",
        en="Warn of more messages a week to somebody than this.",
    ),
)


@click.command(
    name="rehearse",
    help=say(
        nl="Speel een hele editie met verzonnen mensen: elk bericht, aan wie en wanneer, en waar je op moet letten.",
        en="Play a whole edition with made-up people: every message, to whom and when, and what to look at.",
    ),
)
@click.argument("edition", metavar="EDITION.toml", type=FILE)
@people_option
@count_option
@seed_option
@most_option
@json_option
def rehearsal(edition: Path, people: Path | None, count: int, seed: int, most: int, *, as_json: bool) -> None:
    """Play it, and tell everything. Warnings are for a human to judge: they do not change the exit code."""
    log.set_up()
    file, crowd = _read(edition, people, count, seed)
    played = asyncio.run(_played(file, crowd, seed))
    _write(Report(played, warnings(played, free_of(file), most), "nl" if is_dutch(os.environ) else "en"), as_json)


def _write(report: Report, as_json: bool) -> None:
    click.echo(json.dumps(report.plain(), ensure_ascii=False, indent=1) if as_json else "\n".join(report.lines()))


def _read(edition: Path, people: Path | None, count: int, seed: int) -> tuple[Edition, list[Person]]:
    """The edition, and everybody who plays; somebody coordinates when the list has nobody for that."""
    path = Path("/dev/stdin") if str(edition) == STANDARD else edition
    if people is None:
        file = read_edition(path, (COORDINATOR.id,))
        return file, [COORDINATOR, *made_up(count, seed, file)]
    crowd, coordinators = read_people(people)
    if coordinators:
        return read_edition(path, coordinators), crowd
    return read_edition(path, (COORDINATOR.id,)), [COORDINATOR, *crowd]


async def _played(edition: Edition, people: list[Person], seed: int) -> Rehearsal:
    with tempfile.TemporaryDirectory(prefix="kring-") as folder:
        stage = opened(Path(folder) / "state", find(commands), edition, people, seed)
        stage.begin()
        try:
            return await rehearse(stage, edition, people, seed)
        finally:
            await stage.end()
