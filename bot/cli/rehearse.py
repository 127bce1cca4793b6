"""`kring rehearse`: play a whole edition with made-up people, and read every message before anybody gets one."""

import asyncio
import csv
import io
import json
import tempfile
from pathlib import Path

import click

import commands
from bot import log
from bot.cli.faults import Fault
from bot.cli.options import FILE, json_option
from bot.cli.words import say, shell_language
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

FEW = 12
people_option = click.option(
    "--people",
    type=FILE,
    help=say(nl="Lijst van mensen (CSV); anders verzonnen namen.", en="List of people (CSV); else made-up names."),
)
count_option = click.option(
    "--count",
    type=click.IntRange(1, 500),
    default=None,
    show_default=str(FEW),
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
person_option = click.option(
    "--person",
    "chosen",
    metavar="ID",
    multiple=True,
    help=say(
        nl="Toon alleen wat deze persoon zegt en leest. Mag vaker.",
        en="Show only what this person says and reads. May be repeated.",
    ),
)


summary_option = click.option(
    "--summary",
    is_flag=True,
    help=say(
        nl="Toon alleen het slot: wat jij beslist, waar je op let en hoe het eindigt.",
        en="Show only the end: what you decide, what to look at, and how it ends.",
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
@person_option
@summary_option
@json_option
def rehearsal(
    edition: Path,
    people: Path | None,
    count: int | None,
    seed: int,
    most: int,
    chosen: tuple[str, ...],
    *,
    summary: bool,
    as_json: bool,
) -> None:
    """Play it, and tell everything. Warnings are for a human to judge: they do not change the exit code."""
    log.set_up()
    file, crowd = _read(edition, people, count, seed)
    _must_be_there(chosen, crowd)
    played = asyncio.run(_played(file, crowd, seed))
    _write(Report(played, warnings(played, free_of(file), most), shell_language(), chosen), as_json, story=not summary)


def _must_be_there(chosen: tuple[str, ...], people: list[Person]) -> None:
    known = [person.id for person in people]
    faults = [
        say(
            nl=f"--person: {id_} doet niet mee; kies uit {', '.join(known)}",
            en=f"--person: {id_} does not take part; choose from {', '.join(known)}",
        )
        for id_ in chosen
        if id_ not in known
    ]
    if faults:
        raise Fault(*faults)


def _write(report: Report, as_json: bool, *, story: bool) -> None:
    click.echo(
        json.dumps(report.plain(), ensure_ascii=False, indent=1) if as_json else "\n".join(report.lines(story=story))
    )


def _read(edition: Path, people: Path | None, count: int | None, seed: int) -> tuple[Edition, list[Person]]:
    """The edition, and everybody who plays; somebody coordinates when the list has nobody for that."""
    if people is None:
        file = read_edition(edition, (COORDINATOR.id,))
        return file, [COORDINATOR, *made_up(count or FEW, seed, file)]
    if count is not None:
        raise Fault(
            say(
                nl="--count: dit telt verzonnen mensen, en --people geeft je eigen lijst; laat een van de twee weg",
                en="--count: this counts made-up people, and --people gives a list of your own; leave one of them out",
            )
        )
    crowd, coordinators = read_people(people)
    file = read_edition(edition, coordinators or (COORDINATOR.id,))
    _must_fit(people, crowd, file)
    return file, crowd if coordinators else [COORDINATOR, *crowd]


def _must_fit(path: Path, people: list[Person], edition: Edition) -> None:
    """Refuse a list in which nobody takes part, or with an answer that is no choice of the form."""
    taking_part = [person for person in people if person.id not in edition.coordinators]
    if not taking_part:
        raise Fault(
            say(
                nl=f"{path}: hier staat niemand in die meedoet; zet elke deelnemer op een eigen regel",
                en=f"{path}: nobody takes part in this list; put each participant on a line of their own",
            )
        )
    lines = _lines(path)
    asked = {question.key: [it.nl for it in question.choices] for question in edition.form if question.kind == "choice"}
    given = ((it, key, getattr(it, key)) for it in taking_part for key in ("organisation", "sector", "region"))
    faults = [
        say(
            nl=f"{path}: regel {lines[it.id]}: {key} {answer} staat niet in het formulier; kies uit {', '.join(asked[key])}",
            en=f"{path}: line {lines[it.id]}: {key} {answer} is not in the form; choose from {', '.join(asked[key])}",
        )
        for it, key, answer in given
        if answer and key in asked and answer not in asked[key]
    ]
    if faults:
        raise Fault(*faults)


def _lines(path: Path) -> dict[str, int]:
    """On which line of a list (from 1) each id stands; `read_people` has found the list in order."""
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";")
    return {row["id"]: rows.line_num for row in rows}


async def _played(edition: Edition, people: list[Person], seed: int) -> Rehearsal:
    with tempfile.TemporaryDirectory(prefix="kring-") as folder:
        stage = opened(Path(folder) / "state", find(commands), edition, people, seed)
        stage.begin()
        try:
            return await rehearse(stage, edition, people, seed)
        finally:
            await stage.end()
