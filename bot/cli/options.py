"""The options that several commands share, each meaning the same everywhere."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from bot.cli.faults import Fault
from bot.cli.words import say, shell_language
from bot.config import Config, load

USUAL = Path("kring.toml")

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    help=say(
        nl="Het configuratiebestand; anders kring.toml in deze map, en de omgeving.",
        en="The configuration file; else kring.toml in this folder, and the environment.",
    ),
)

json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=say(nl="Schrijf JSON in plaats van tekst.", en="Write JSON instead of text."),
)

lang_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["nl", "en"]),
    default=shell_language,
    help=say(
        nl="De taal van wat er komt; anders die van deze terminal.",
        en="The language of what comes; else that of this shell.",
    ),
)

FILE = click.Path(path_type=Path)
edition_option = click.option(
    "--edition",
    type=FILE,
    help=say(
        nl="Editiebestand; anders een voorbeeld met data van nu.", en="Edition file; else a sample with dates of today."
    ),
)
people_option = click.option(
    "--people",
    type=FILE,
    help=say(
        nl="Lijst van mensen (CSV); anders twaalf voorbeeldmensen.",
        en="List of people (CSV); else twelve sample people.",
    ),
)
keep_option = click.option(
    "--store",
    type=FILE,
    help=say(
        nl="Map om in te bewaren; anders verdwijnt alles na afloop.",
        en="Folder to keep everything in; else it is gone afterwards.",
    ),
)


def report(facts: Mapping[str, Any], sentence: str, as_json: bool) -> None:
    """Print what was done: facts for a script, or the sentence with those facts in it."""
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else sentence.format(**facts))


def name_of_config(config: Path | None) -> str:
    """What to call the configuration, where it is talked about."""
    return str(config or USUAL)


def must_be_configured(config: Path | None) -> None:
    """Refuse to go on without any configuration: no file was named, none is here, and the environment has nothing. Raises `Fault`."""
    if config is None and not USUAL.exists() and not any(name.startswith("KRING_") for name in os.environ):
        raise Fault(
            say(
                nl="geen kring.toml in deze map; maak het, of noem het met --config",
                en="no kring.toml in this folder; make it, or name it with --config",
            )
        )


def read_config(config: Path | None) -> Config:
    """Read the file that was named, else `kring.toml` here when there is one, and the environment over it.

    Raises `bot.config.ConfigFaults`.
    """
    path = config or (USUAL if USUAL.exists() else None)
    return load(path, os.environ)
