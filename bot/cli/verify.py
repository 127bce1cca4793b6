"""`kring verify`: whether the store, its former versions or a backup are what was written, byte for byte."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click

from bot.cli.faults import DONE, STORE
from bot.cli.options import config_option, json_option
from bot.cli.standard import name_of
from bot.cli.store import as_file, data_folder, state_folder, store_option
from bot.cli.store_faults import of_copy, told
from bot.cli.words import mark, say, several
from bot.config_faults import unreadable
from bot.tables import TABLES
from storage.backup import Sound, inspect
from storage.errors import StoreError
from storage.folder import JOURNAL, former


@click.command(
    help=say(
        nl="Lees de opslag en de bewaarde vorige versies helemaal na, of alleen FILE (mag - zijn). Mag terwijl de bot draait.",
        en="Read the store and the former versions that are kept from end to end, or FILE (may be -) alone. The bot may run meanwhile.",
    )
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True), required=False)
@config_option
@store_option
@json_option
def verify(file: Path | None, config: Path | None, store: Path | None, as_json: bool) -> int:
    """Exit 3 when the store is damaged, or the file that was named. A former version the bot can do without: that is a remark."""
    if file is not None:
        with as_file(file) as path:
            found = [_copy(path, name_of(str(file)))]
    else:
        state = state_folder(data_folder(config, store))
        found = [_journal(state / JOURNAL), *map(_former, former(state))]
    if as_json:
        facts = [{**asdict(it)["facts"], "file": it.file, "ok": it.ok, "told": it.told} for it in found]
        click.echo(json.dumps({"ok": not any(it.grave for it in found), "files": facts}, ensure_ascii=False))
    else:
        click.echo("\n".join(it.line for it in found))
    return STORE if any(it.grave for it in found) else DONE


@dataclass(frozen=True, slots=True)
class _Looked:
    """A file that was read to its end, and what is to be said of it. `may_go` when the bot can do without it."""

    file: str
    ok: bool
    told: str
    may_go: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def grave(self) -> bool:
        """Whether somebody must do something."""
        return not self.ok and not self.may_go

    @property
    def line(self) -> str:
        """What is said on a terminal."""
        note = say(nl="let op", en="note")
        return f"{mark(ok=self.ok) if self.ok or self.grave else note} {self.told}"


def _journal(path: Path) -> _Looked:
    """The store itself."""
    try:
        sound = inspect(path, TABLES)
    except StoreError as error:
        line = told(error)
        return _Looked(str(path), ok=False, told=line if str(path) in line else f"{path}: {line}")
    except OSError as error:
        back = say(nl="zet een kopie terug: kring restore BESTAND", en="restore the latest backup (kring restore FILE)")
        return _Looked(str(path), ok=False, told=unreadable(path, error, back))
    if is_nothing(sound):
        return _Looked(str(path), ok=False, told=f"{path}: {nothing_left(sound.dropped)}", facts=sound.model_dump())
    return _whole(str(path), sound)


def _former(path: Path) -> _Looked:
    """A version that is kept for who wants it back."""
    it = _copy(path, str(path))
    if it.ok:
        return it
    old = say(nl="dit is een oude versie, je mag haar weghalen", en="this is an old version, you may remove it")
    return _Looked(it.file, ok=False, told=f"{it.told}; {old}", may_go=True)


def _copy(path: Path, name: str) -> _Looked:
    """A file that could be put back."""
    try:
        return _whole(name, inspect(path, TABLES))
    except StoreError as error:
        return _Looked(name, ok=False, told=of_copy(error, name))
    except OSError as error:
        look = say(nl="kijk naar het bestand", en="look at the file")
        return _Looked(name, ok=False, told=unreadable(name, error, look))


def _whole(name: str, sound: Sound) -> _Looked:
    documents = several(sound.documents, nl=("document", "documenten"), en=("document", "documents"))
    lines = several(sound.records, nl=("regel", "regels"), en=("line", "lines"))
    whole = say(nl=f"heel, {documents} in {lines}", en=f"whole, {documents} in {lines}")
    return _Looked(name, ok=True, told=f"{name}: {whole}{unfinished(sound.dropped)}", facts=sound.model_dump())


def unfinished(dropped: int) -> str:
    """What is said of the bytes of a last line that was never finished; nothing when there are none."""
    if not dropped:
        return ""
    return say(
        nl=f"; de laatste regel is onaf ({dropped} bytes) en telt niet mee: de bot viel weg terwijl hij schreef, of het bestand is afgeknipt",
        en=f"; the last line is unfinished ({dropped} bytes) and left out: the bot died while it wrote, or the file was cut",
    )


def is_nothing(sound: Sound) -> bool:
    """Whether a store has no whole document and a piece of one: its very first start was broken off, or nearly all was cut off."""
    return sound.kind == "journal" and not sound.documents and sound.dropped > 0


def nothing_left(dropped: int) -> str:
    """What is said of such a store, with a piece of so many bytes."""
    return say(
        nl=f"geen enkel heel document, en {dropped} bytes van een onaffe regel: het bestand is afgeknipt, of de eerste start brak af. "
        "Zet een kopie terug: kring restore BESTAND. Was er nog niets? Start dan de bot",
        en=f"no whole document, and {dropped} bytes of an unfinished line: the file was cut, or the first start broke off. "
        "Restore a backup: kring restore FILE. Was there nothing yet? Then start the bot",
    )
