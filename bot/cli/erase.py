"""`kring erase`: the right to be forgotten. Afterwards no byte of the person's id is in the data folder, or the files with one are named."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.cli.devices import forget_devices
from bot.cli.erase_effects import taking_part, tell_desks, told_beforehand
from bot.cli.faults import DONE, NOT_SO, Fault
from bot.cli.options import config_option, json_option, name_of_config, read_config
from bot.cli.store import data_folder, state_folder, store_option, writing
from bot.cli.words import say, several
from bot.clock import WallClock
from bot.tables import TABLES
from bot.traces import erasure, is_ambiguous, known, nearest
from storage.backup import inspect
from storage.erasure import Erasure
from storage.errors import StoreDamaged
from storage.folder import Folder, torn
from storage.forgetting import Prepared, Reading, prepare, read

DEVICES = "crypto.db"
"""The file with the keys of people's devices, in `matrix/`."""


also_option = click.option(
    "--also",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=say(
        nl="Een reservekopie die deze persoon ook moet vergeten.", en="A backup that is to forget the person too."
    ),
)
name_option = click.option(
    "--name",
    "names",
    metavar="WORD",
    multiple=True,
    help=say(
        nl="Een naam die ook uit teksten van anderen moet, als heel woord. Kies er een die van niemand anders is.",
        en="A name that is to go from what others wrote too, as a whole word. Choose one that is nobody else's.",
    ),
)
yes_option = click.option(
    "--yes", is_flag=True, help=say(nl="Vraag niets, voor scripts.", en="Ask nothing, for scripts.")
)


@click.command(
    help=say(
        nl="Wis PERSON (het id, zie kring people) uit de opslag en alle vorige versies; de bot moet stilstaan. "
        "Eerst zie je wie het is en in hoeveel documenten; daarna typ je het id nog een keer.",
        en="Erase PERSON (the id, see kring people) from the store and all former versions; the bot must not run. "
        "First you see who it is and in how many documents; then you type the id once more.",
    )
)
@click.argument("person", metavar="PERSON")
@also_option
@name_option
@yes_option
@config_option
@store_option
@json_option
def erase(
    person: str,
    also: Sequence[Path],
    names: Sequence[str],
    yes: bool,
    config: Path | None,
    store: Path | None,
    as_json: bool,
) -> int:
    """Exit 2 when nobody has this id, 1 when it was not confirmed or the id is still somewhere."""
    _refuse_coordinator(person, config, store)
    data = data_folder(config, store)
    with _opened(data) as folder:
        plan = _planned(person, data, folder, also, [name.strip() for name in names if name.strip()])
        if not yes:
            _confirm(plan)
        facts = _erased(plan, also)
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else _sentence(facts))
    return NOT_SO if facts["left"] else DONE


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is about to happen. Nothing of it is written yet."""

    data: Path
    shown: str
    erasing: Erasure
    prepared: Prepared
    concerns: tuple[str, ...]
    """The editions of which the coordinators are to hear."""
    still: int
    """In so many documents of the store a registered name stays, in what others wrote."""

    @property
    def reading(self) -> Reading:
        return self.prepared.reading


@contextmanager
def _opened(data: Path) -> Iterator[Folder]:
    """The folder of the store, locked."""
    with writing(data):
        folder = Folder(state_folder(data))
        try:
            yield folder
        finally:
            folder.close()


def _planned(person: str, data: Path, folder: Folder, also: Sequence[Path], names: Sequence[str]) -> _Plan:
    """Read all, find the person, and prepare. Raises `Fault` for somebody who is not there; nothing is written."""
    reading = read(
        folder.journal, dict.fromkeys([*folder.backups(), *torn(folder.path), *sorted(data.rglob("*.backup")), *also])
    )
    people = known(reading.shelves)
    if person not in people:
        raise Fault(_nobody(person, nearest(person, people)))
    if is_ambiguous(person, reading.shelves):
        raise Fault(_ambiguous(person))
    erasing = erasure(person, reading.shelves, names, at=WallClock().now())
    concerned = taking_part(person, reading.shelves[0])
    try:
        prepared = prepare(erasing, reading, TABLES)
    except StoreDamaged as damage:
        raise Fault(_misfit(person, damage)) from damage
    named = [people[person]] if people[person] and people[person] not in names else []
    return _Plan(
        data, _shown(person, people), erasing, prepared, concerned, erasing.mentions(reading.shelves[0], named)
    )


def _shown(person: str, people: Mapping[str, str]) -> str:
    return f"{people[person]} ({person})" if people[person] else person


def _nobody(person: str, near: Sequence[str]) -> str:
    listed = ", ".join(near)
    return say(
        nl=f"{person}: niemand in de opslag heeft dit id{f' (bedoel je {listed}?)' if near else ''}; kring people toont alle ids. Er is niets gewist",
        en=f"{person}: nobody in the store has this id{f' (did you mean {listed}?)' if near else ''}; kring people lists all ids. Nothing was erased",
    )


def _ambiguous(person: str) -> str:
    return say(
        nl=f"{person}: dit id is ook een nummer of een woord van de bot zelf; deze opslag is van kring console, wis de hele map. Er is niets gewist",
        en=f"{person}: this id is a number or a word of the bot itself too; this store is one of kring console, remove the folder. Nothing was erased",
    )


def _misfit(person: str, damage: StoreDamaged) -> str:
    return say(
        nl=f"{person}: zonder dit id past een document niet meer ({damage.what}); vraag om hulp. Er is niets gewist",
        en=f"{person}: without this id a document does not fit any more ({damage.what}); ask for help. Nothing was erased",
    )


def _confirm(plan: _Plan) -> None:
    """Show who it is and how much, and have the id typed again. Raises `Fault` when it is another."""
    for line in _preview(plan):
        click.echo(line, err=True)
    ask = say(nl="Dit kan niet terug. Typ het id nog een keer", en="There is no way back. Type the id once more")
    if click.prompt(ask, default="", show_default=False, err=True).strip() != plan.erasing.person:
        raise Fault(
            say(nl="Dat is niet hetzelfde id; er is niets gewist", en="That is not the same id; nothing was erased"),
            code=NOT_SO,
        )


def _preview(plan: _Plan) -> Iterator[str]:
    store, *former = plan.prepared.documents
    yield say(
        nl=f"{plan.shown}: in {_documents(store)} van de opslag.",
        en=f"{plan.shown}: in {_documents(store)} of the store.",
    )
    if former:
        yield say(
            nl=f"Ook in {_documents(sum(former))} van {_versions(len(former))}.",
            en=f"Also in {_documents(sum(former))} of {_versions(len(former))}.",
        )
    yield from told_beforehand(plan.erasing.person, plan.reading.shelves[0])
    yield from map(_dropped, plan.reading.unread)
    if plan.still:
        yield say(
            nl=f"De naam staat ook in {_documents(plan.still)} van anderen, en blijft daar. Met --name gaat die naam daar ook weg.",
            en=f"The name is in {_documents(plan.still)} of others too, and stays there. With --name it goes there as well.",
        )


def _erased(plan: _Plan, also: Sequence[Path]) -> dict[str, Any]:
    """Write everything, and look through the data folder afterwards."""
    tell_desks(plan.concerns, plan.reading.shelves[0], plan.erasing.pseudonym)
    plan.prepared.write()
    devices = forget_devices(plan.data / "matrix" / DEVICES, plan.erasing.person)
    inspect(plan.reading.files[0].path, TABLES)
    files = [*sorted(plan.data.rglob("*")), *also]
    return {
        "person": plan.erasing.person,
        "documents": plan.prepared.documents[0],
        "backups": len(plan.reading.files) - 1,
        "dropped": list(map(str, plan.reading.unread)),
        "devices": devices,
        "still": plan.still,
        "left": [str(path) for path in plan.erasing.remains(path for path in files if path.is_file())],
        "pseudonym": plan.erasing.pseudonym,
    }


def _sentence(facts: Mapping[str, Any]) -> str:
    if facts["left"]:
        left = ", ".join(facts["left"])
        return say(
            nl=f"Nog niet overal gewist: {left}. Kijk daar zelf, of vraag om hulp.",
            en=f"Not erased everywhere: {left}. Look there yourself, or ask for help.",
        )
    done = say(
        nl=f"Gewist: {_documents(facts['documents'])}, {_versions(facts['backups'])}. Waar anderen het nodig hebben staat nu {facts['pseudonym']}.",
        en=f"Erased: {_documents(facts['documents'])}, {_versions(facts['backups'])}. Where others need it, it now says {facts['pseudonym']}.",
    )
    return "\n".join([done, *map(_dropped, facts["dropped"])])


def _dropped(path: object) -> str:
    return say(
        nl=f"{path}: beschadigd en niet te lezen; gaat weg, omdat niemand kan zien wie erin staat",
        en=f"{path}: damaged, and cannot be read; it goes, as nobody can tell who is in it",
    )


def _documents(n: int) -> str:
    return several(n, nl=("document", "documenten"), en=("document", "documents"))


def _versions(n: int) -> str:
    return several(n, nl=("vorige versie", "vorige versies"), en=("former version", "former versions"))


def _refuse_coordinator(person: str, config: Path | None, store: Path | None) -> None:
    """Somebody whom the configuration names would come back at the next start."""
    editions = read_config(config).edition if store is None or config else ()
    if any(person in edition.coordinators for edition in editions):
        where = f"{name_of_config(config)}: edition.coordinators"
        raise Fault(
            say(
                nl=f"{where}: noemt {person}; haal het id daar eerst weg",
                en=f"{where}: names {person}; take the id out first",
            ),
            code=NOT_SO,
        )
