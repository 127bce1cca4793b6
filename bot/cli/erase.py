"""`kring erase`: the right to be forgotten. Afterwards no byte of the person is in the data folder, or the files with one are named."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import click

from bot.cli.faults import DONE, NOT_SO, Fault
from bot.cli.options import config_option, json_option, read_config
from bot.cli.store import data_folder, state_folder, store_option, tell, writing
from bot.cli.words import say
from bot.tables import TABLES
from bot.traces import erasure
from storage.backup import inspect
from storage.errors import StoreDamaged, StoreForeign
from storage.folder import Folder
from storage.snapshot import Shelves, load_file

DEVICES = "crypto.db"
"""The file with the keys of people's devices, in `matrix/`."""


@click.command(
    help=say(
        nl="Wis PERSON (het volledige id) uit de opslag en alle vorige versies; de bot moet stilstaan. "
        "Reservekopieën die elders staan: noem ze met --also.",
        en="Erase PERSON (the full id) from the store and all former versions; the bot must not run. "
        "Backups that are kept elsewhere: name them with --also.",
    )
)
@click.argument("person", metavar="PERSON")
@click.option(
    "--also",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=say(
        nl="Een reservekopie die deze persoon ook moet vergeten.", en="A backup that is to forget the person too."
    ),
)
@config_option
@store_option
@json_option
def erase(person: str, also: Sequence[Path], config: Path | None, store: Path | None, as_json: bool) -> int:
    """Exit 1 when the person is nowhere, or still somewhere."""
    _refuse_coordinator(person, config, store)
    data = data_folder(config, store)
    with ExitStack() as stack:
        stack.enter_context(writing(data))
        folder = Folder(state_folder(data))
        stack.callback(folder.close)
        facts = _erased(person, data, folder, also)
    tell(facts | {"left": ", ".join(facts["left"])} if not as_json else facts, _sentence(facts), as_json)
    return NOT_SO if facts["left"] else DONE


def _erased(person: str, data: Path, folder: Folder, also: Sequence[Path]) -> dict[str, Any]:
    backups = list(dict.fromkeys([*folder.backups(), *sorted(data.rglob("*.backup")), *also]))
    erasing = erasure(person, _known([folder.journal, *backups]))
    if not erasing.remains(_all_files(data, also)):
        raise Fault(f"{person}: is nowhere in {data}; write the full id, as kring export shows it", code=NOT_SO)
    documents = erasing.rewrite(folder.journal)
    dropped = [str(path) for path in backups if not erasing.rewrite_or_drop(path)]
    devices = _forget_devices(data / "matrix" / DEVICES, person)
    inspect(folder.journal, TABLES)
    left = [str(path) for path in erasing.remains(_all_files(data, [path for path in also if path.exists()]))]
    facts = {"documents": documents, "backups": len(backups), "dropped": dropped, "devices": devices, "left": left}
    return facts | {"pseudonym": erasing.pseudonym}


def _sentence(facts: Mapping[str, Any]) -> str:
    if facts["left"]:
        return say(
            nl="Nog niet overal gewist: {left}. Kijk daar zelf, of vraag om hulp.",
            en="Not erased everywhere: {left}. Look there yourself, or ask for help.",
        )
    return say(
        nl="Gewist: {documents} documenten, {backups} vorige versies. Waar anderen het nodig hebben staat nu {pseudonym}.",
        en="Erased: {documents} documents, {backups} former versions. Where others need it, it now says {pseudonym}.",
    )


def _refuse_coordinator(person: str, config: Path | None, store: Path | None) -> None:
    """Somebody whom the configuration names would come back at the next start."""
    editions = read_config(config).edition if store is None or config else ()
    if any(person in edition.coordinators for edition in editions):
        raise Fault(
            f"{config or 'kring.toml'}: edition.coordinators: names {person}; take the id out first", code=NOT_SO
        )


def _known(paths: Sequence[Path]) -> list[Shelves]:
    """What is in these files; the first must be sound, and a backup that cannot be read is dropped later."""
    _header, journal, _number = load_file(paths[0])
    return [journal, *(shelves for path in paths[1:] for shelves in _readable(path))]


def _readable(path: Path) -> list[Shelves]:
    try:
        return [load_file(path)[1]]
    except (StoreDamaged, StoreForeign):
        return []


def _forget_devices(database: Path, person: str) -> int:
    """Take the person's devices out of the keys, so that their bytes go too. Gives how many rows there were."""
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database, isolation_level=None)) as keys:
        keys.execute("PRAGMA foreign_keys = ON")
        keys.execute("PRAGMA secure_delete = ON")
        tables = [name for (name,) in keys.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        of_people = [
            name for name in tables if any(row[1] == "user_id" for row in keys.execute(f"PRAGMA table_info({name})"))
        ]
        rows = sum(keys.execute(f"DELETE FROM {name} WHERE user_id = ?", (person,)).rowcount for name in of_people)  # noqa: S608 - names from the file itself
        keys.execute("VACUUM")
        keys.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return rows


def _all_files(data: Path, also: Sequence[Path]) -> list[Path]:
    return [*(path for path in sorted(data.rglob("*")) if path.is_file()), *also]
