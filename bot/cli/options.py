"""The options that several commands share, each meaning the same everywhere."""

import os
from pathlib import Path

import click

from bot.cli.words import say
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


def read_config(config: Path | None) -> Config:
    """Read the file that was named, else `kring.toml` here when there is one, and the environment over it.

    Raises `bot.config.ConfigFaults`.
    """
    path = config or (USUAL if USUAL.exists() else None)
    return load(path, os.environ)
