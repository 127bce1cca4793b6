"""`kring people`: who is in the store, with their ids. Read only, and the bot may run meanwhile."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from bot.cli.findings import said
from bot.cli.options import config_option, json_option
from bot.cli.store import data_folder, state_folder, store_option, writing
from bot.cli.words import say
from bot.export import STATES
from bot.traces import known
from programme.model import Model
from programme.text import Both
from storage.folder import JOURNAL
from storage.snapshot import Shelves, load_file
from storage.table import Shelf

ROLES = {**STATES, "coordinator": Both(nl="coördinator", en="coordinator")}


class Known(Model):
    """Somebody in the store: the id, and by id of each edition what they are in it (`coordinator`, or the state of taking part)."""

    id: str
    name: str = ""
    organisation: str = ""
    roles: dict[str, str]


@click.command(
    help=say(
        nl="Toon wie er in de opslag staan: id, naam, organisatie en rol per editie. Mag terwijl de bot draait.",
        en="List who is in the store: id, name, organisation and role in each edition. The bot may run meanwhile.",
    )
)
@config_option
@store_option
@json_option
def people(config: Path | None, store: Path | None, as_json: bool) -> None:
    """One line for each person, in the order of their ids."""
    journal = state_folder(data_folder(config, store)) / JOURNAL
    with writing(journal):
        found = listed(load_file(journal)[1])
    if as_json:
        click.echo(json.dumps([it.model_dump() for it in found], ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(found)))


def listed(shelves: Shelves) -> list[Known]:
    """Everybody in these documents, by id."""
    records = shelves.get("people", Shelf("people"))
    facts = {key: records.document(key) for key in records}
    roles = _roles(shelves)
    ids = sorted({*known([shelves]), *roles})
    return [
        Known(
            id=id_,
            **{name: facts.get(id_, {}).get(name, "") for name in ("name", "organisation")},
            roles=roles.get(id_, {}),
        )
        for id_ in ids
    ]


def _roles(shelves: Shelves) -> dict[str, dict[str, str]]:
    roles: dict[str, dict[str, str]] = {}
    for person, edition, role in (*_taking_part(shelves), *_coordinating(shelves)):
        roles.setdefault(person, {})[edition] = role
    return roles


def _taking_part(shelves: Shelves) -> Iterator[tuple[str, str, str]]:
    participants = shelves.get("participants", Shelf("participants"))
    for document in map(participants.document, participants):
        yield document["person"], document["edition"], document["state"]


def _coordinating(shelves: Shelves) -> Iterator[tuple[str, str, str]]:
    editions = shelves.get("editions", Shelf("editions"))
    for document in map(editions.document, editions):
        yield from ((person, document["id"], "coordinator") for person in document.get("coordinators", ()))


def _lines(found: Sequence[Known]) -> Iterator[str]:
    if not found:
        yield say(nl="Er staat niemand in de opslag.", en="Nobody is in the store.")
    for it in found:
        roles = ", ".join(f"{edition}: {_word(role)}" for edition, role in it.roles.items())
        yield "  ".join(part for part in (it.id, it.name, it.organisation, roles) if part)


def _word(role: str) -> str:
    """A role in the language of this shell."""
    return said(ROLES[role]) if role in ROLES else role
