"""`kring export`: what a coordinator may take along of an edition, as a workbook, as CSV files or as JSON. The bot may run meanwhile."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from bot.cli.faults import Fault
from bot.cli.options import config_option, json_option, lang_option
from bot.cli.standard import STANDARD, write_new
from bot.cli.store import data_folder, state_folder, store_option, writing
from bot.cli.words import say
from bot.clock import WallClock
from bot.context import State
from bot.export import sheets
from bot.sheets import Sheet, comma_separated, workbook
from bot.tables import INDEXES, TABLES
from programme.edition import Edition
from programme.people import LanguageCode
from storage.folder import JOURNAL
from storage.recovery import read_along

edition_option = click.option(
    "--edition",
    "id_",
    metavar="ID",
    required=True,
    help=say(nl="De id van de editie, zoals in haar bestand.", en="The id of the edition, as in its file."),
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["xlsx", "csv", "json"]),
    default="xlsx",
    show_default=True,
    help=say(
        nl="Een werkmap voor Excel, een CSV-bestand per tabel, of JSON voor een script.",
        en="A workbook for Excel, a CSV file for each table, or JSON for a script.",
    ),
)
to_option = click.option(
    "--to",
    metavar="DIR",
    default=".",
    show_default=True,
    help=say(
        nl="De map voor de nieuwe bestanden; xlsx en json mogen ook naar -.",
        en="The folder for the new files; xlsx and json may go to - too.",
    ),
)


@click.command(
    help=say(
        nl="Schrijf deelnemers, plekken, matches, stagedagen, groepen en aantallen per bijeenkomst naar een bestand. "
        "Lijsten van voorkeuren, ervaringen en wat in sessies gebeurt staan er nooit in. Mag terwijl de bot draait.",
        en="Write participants, places, matches, visits, groups and numbers for each meeting to a file. "
        "Lists of preferences, experiences and what happens in sessions are never in it. The bot may run meanwhile.",
    )
)
@edition_option
@format_option
@to_option
@lang_option
@config_option
@store_option
@json_option
def export(
    *,
    id_: str,
    form: str,
    to: str,
    language: LanguageCode,
    config: Path | None,
    store: Path | None,
    as_json: bool,
) -> None:
    """Write new files that only their owner can read, and name them."""
    now = WallClock().now()
    book = _read(id_, state_folder(data_folder(config, store)) / JOURNAL, now)
    files = dict(_files(book, form, language, now))
    if to == STANDARD:
        write_new(STANDARD, _alone(files))
        return
    names = [f"{id_}-{now:%Y%m%dT%H%M%SZ}{end}" for end in files]
    with writing(Path(to)):
        Path(to).mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = [str(Path(to) / name) for name in names]
    for path, content in zip(paths, files.values(), strict=True):
        write_new(path, content)
    click.echo(json.dumps({"files": paths}) if as_json else "\n".join(paths))


def _read(id_: str, journal: Path, now: datetime) -> list[Sheet]:
    """The tables of the edition with this id. Raises `Fault` when there is no such edition."""
    with writing(journal):
        state = State(read_along(journal, TABLES, INDEXES))
    edition = state.get(Edition, id_)
    if edition is None:
        known = ", ".join(it.id for it in state.all(Edition))
        raise Fault(
            say(
                nl=f"--edition: {id_} is geen editie in deze opslag; kies uit: {known}",
                en=f"--edition: {id_} is no edition in this store; choose from: {known}",
            )
        )
    return sheets(state, edition, now)


def _files(book: Sequence[Sheet], form: str, language: LanguageCode, now: datetime) -> Iterator[tuple[str, bytes]]:
    """The files to write, each by the end of its name."""
    if form == "xlsx":
        yield ".xlsx", workbook(book, language, now)
    elif form == "json":
        facts = {"made": now.isoformat(), **{sheet.key: sheet.facts() for sheet in book}}
        yield ".json", (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()
    else:
        yield from ((f"-{sheet.key}.csv", comma_separated(sheet, language)) for sheet in book)


def _alone(files: dict[str, bytes]) -> bytes:
    """The one file that standard output can take. Raises `Fault` for several."""
    if len(files) > 1:
        raise Fault(
            say(
                nl="--to: CSV is een bestand per tabel; noem een map",
                en="--to: CSV is a file for each table; name a folder",
            )
        )
    (content,) = files.values()
    return content
