"""`kring backup`, `restore` and `migrate`: what an operator does with the store."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from pydantic_core import to_json

from bot.cli.faults import STORE, Fault
from bot.cli.options import config_option, json_option, read_config, report
from bot.cli.standard import STANDARD, name_of
from bot.cli.store_faults import of_copy
from bot.cli.words import say
from bot.clock import WallClock
from bot.config_faults import reason
from bot.tables import TABLES
from storage.backup import back_up, inspect, note_backup
from storage.backup import restore as put_back
from storage.errors import StoreDamaged, StoreForeign
from storage.folder import JOURNAL, LOCK, STATE, replace_whole
from storage.letters import RESTORED
from storage.migrations import migrate as bring_up
from storage.records import SCHEMA
from storage.snapshot import Shelves
from storage.table import Shelf

GOES_ALONG = ("matrix/cross_signing.json",)
"""What a backup holds beside the state, by its path in the data folder. The Matrix device is not one of these, ever."""
LONG_AGO = "1970-01-01T00:00:00Z"

store_option = click.option(
    "--store",
    type=click.Path(path_type=Path),
    help=say(
        nl="De gegevensmap; anders die van de configuratie.", en="The data folder; else that of the configuration."
    ),
)


def data_folder(config: Path | None, store: Path | None) -> Path:
    """The data folder that is meant. Raises `bot.config.ConfigFaults`."""
    return read_config(config).data if store is None else store


def state_folder(data: Path) -> Path:
    """The folder of the store in a data folder, or the folder itself when it is one. Raises `Fault` when nothing is there."""
    found = data if (data / JOURNAL).exists() else data / STATE
    if not (found / JOURNAL).exists() and not (found / LOCK).exists():
        wrong = say(
            nl="hier is geen opslag; start de bot een keer, of noem de datamap met --store",
            en="has no store; start the bot once, or name the data folder with --store",
        )
        raise Fault(f"{data}: {wrong}")
    return found


@click.command(
    help=say(
        nl="Maak in DIR een reservekopie van de opslag en de sleutels voor cross-signing. Mag terwijl de bot draait.",
        en="Make a backup of the store and the cross-signing keys in DIR. The bot may run meanwhile.",
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@config_option
@store_option
@json_option
def backup(folder: Path, config: Path | None, store: Path | None, as_json: bool) -> None:
    """Write it, read it back, and name it."""
    data = data_folder(config, store)
    journal = state_folder(data) / JOURNAL
    files = {name: (data / name).read_text("utf-8") for name in GOES_ALONG if (data / name).exists()}
    target = folder / f"kring-{WallClock().now():%Y%m%dT%H%M%SZ}.backup"
    if folder.exists() and not folder.is_dir():
        file = say(nl="dit is een bestand; noem een map", en="this is a file; name a folder")
        raise Fault(f"{folder}: {file}")
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        documents = back_up(journal, target, files)
    inspect(target, TABLES)
    note_backup(journal.parent)
    facts = {"file": str(target), "documents": documents, "files": list(files)}
    sentence = say(nl="{file}: {documents} documenten, nagelezen", en="{file}: {documents} documents, read back")
    report(facts, sentence, as_json)


@click.command(
    help=say(
        nl="Zet reservekopie FILE terug; de bot moet stilstaan. Wat er stond, wordt zelf een vorige versie.",
        en="Put backup FILE back; the bot must not run. What was there becomes a former version itself.",
    )
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@config_option
@store_option
@json_option
def restore(file: Path, config: Path | None, store: Path | None, as_json: bool) -> None:
    """Letters that were under way count as tried: the bot looks whether they were said before it says them."""
    data = data_folder(config, store)
    state = data if (data / JOURNAL).exists() else data / STATE
    with as_file(file) as source, writing(file):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = _put_back(source, name_of(str(file)), state)
        written = [name for name, text in files.items() if _put(data / name, text)]
    facts = {"state": str(state), "files": written, "kept": [name for name in files if name not in written]}
    sentence = say(
        nl="{state} is teruggezet. De bot logt bij de start opnieuw in.",
        en="{state} is restored. The bot logs in anew when it starts.",
    )
    report(facts, sentence, as_json)


@click.command(
    help=say(
        nl="Breng de opslag van een oudere versie naar deze; de bot moet stilstaan. De oude versie blijft bewaard.",
        en="Bring the store of an older version up to this one; the bot must not run. The old one is kept.",
    )
)
@config_option
@store_option
@json_option
def migrate(config: Path | None, store: Path | None, as_json: bool) -> None:
    """A newer store is refused."""
    state = state_folder(data_folder(config, store))
    before = bring_up(state)
    inspect(state / JOURNAL, TABLES)
    report({"from": before, "to": SCHEMA}, say(nl="Schema {from} → {to}.", en="Schema {from} → {to}."), as_json)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Make what the disk refuses a line for the operator."""
    try:
        yield
    except OSError as error:
        mend = say(
            nl="kijk naar de map, de eigenaar en de ruimte op de schijf",
            en="see to the folder, its owner and the room on the disk",
        )
        raise Fault(f"{error.filename or path}: {reason(error)}; {mend}") from error


@contextmanager
def keeping(store: Path | None) -> Iterator[Path]:
    """The data folder of a play: the one that was named, made when it is not there, or one that is gone afterwards."""
    if store is None:
        with tempfile.TemporaryDirectory(prefix="kring-") as folder:
            yield Path(folder)
        return
    with writing(store):
        store.mkdir(mode=0o700, parents=True, exist_ok=True)
    yield store


@contextmanager
def as_file(file: Path) -> Iterator[Path]:
    """The backup as a file that can be read; standard input is written to one first."""
    if str(file) != STANDARD:
        yield file
        return
    with tempfile.NamedTemporaryFile(prefix="kring-") as spooled:
        shutil.copyfileobj(sys.stdin.buffer, spooled)
        spooled.flush()
        yield Path(spooled.name)


def _put_back(source: Path, name: str, state: Path) -> dict[str, str]:
    """Put the backup in place. What is wrong with the backup itself is told as such: another copy mends it, and no restore."""
    try:
        return put_back(source, state, _as_tried)
    except (StoreDamaged, StoreForeign) as error:
        raise Fault(of_copy(error, name), code=STORE) from error


def _as_tried(shelves: Shelves) -> None:
    """Have every letter count as tried long ago, in the room that it was for: it may have been said after the backup was made.

    What is said in the first day may have been said before, too: the bot hears and rings again what came after the backup.
    """
    letters, rooms = (shelves.get(name, Shelf(name)) for name in ("letters", "rooms"))
    for key in letters:
        letter = letters.document(key)
        if letter["place"] is None and letter["room"] in rooms:
            letter["place"] = rooms.document(letter["room"])["place"]
        letters.load(key, to_json(letter | {"tried": LONG_AGO}))
    restored = {"id": RESTORED, "value": WallClock().now().isoformat()}
    shelves.setdefault("marks", Shelf("marks")).load(RESTORED, to_json(restored))


def _put(path: Path, text: str) -> bool:
    """Write a file that went along with a backup, unless there is one: that is newer. True when it was written."""
    if path.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_whole(path, [text.encode()])
    return True
