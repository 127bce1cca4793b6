"""`kring teams package`: the app that an administrator uploads in Teams, made of the configuration and the commands."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import click

import commands as package_of_commands
from bot.arguments import write_call
from bot.cli.faults import Fault
from bot.cli.options import config_option, name_of_config, read_config
from bot.cli.standard import write_new
from bot.cli.teams_settings import faults
from bot.cli.words import say
from bot.clock import WallClock
from bot.command import find
from bot.i18n import Languages
from bot.markup import PLAIN
from bot.settings import Config, TeamsSettings
from bot.teams.package import LANGUAGES, App, Publisher, Rows
from programme.edition import AMSTERDAM
from programme.text import Sayable

PERSONAL = (
    *("help", "overview", "schedule", "signup", "places", "prefer"),
    *("match", "propose", "calendar", "contact", "privacy", "language"),
)
ROOMS = (
    "help",
    "schedule",
    "propose",
    "preparation",
    "agreements",
    "plan_session",
    "start_session",
    "attend",
    "contact",
)
"""What Teams lists below the bot's name, in a chat of two and elsewhere. What is not there (a file taken out) is left out."""
LONGEST_NAME = 32


organisation_option = click.option(
    "--organisation",
    required=True,
    help=say(nl="Naam van jullie organisatie, hoogstens 32 tekens.", en="Name of your organisation, 32 signs at most."),
)
website_option = click.option(
    "--website",
    required=True,
    help=say(nl="Pagina over de bot (https://).", en="Page about the bot (https://)."),
)
privacy_option = click.option(
    "--privacy",
    help=say(nl="Pagina over privacy; anders de website.", en="Page about privacy; else the website."),
)
terms_option = click.option(
    "--terms",
    help=say(nl="Pagina met voorwaarden; anders de website.", en="Page with the terms of use; else the website."),
)
everything_option = click.option(
    "--every-message",
    is_flag=True,
    help=say(
        nl="Vraag of de bot ook hoort wat niet aan hem gericht is. Niet voor vertrouwelijke intervisie.",
        en="Ask to hear also what is not said to the bot. Not for confidential intervision.",
    ),
)


@click.group(help=say(nl="Verbind de bot met Microsoft Teams.", en="Connect the bot to Microsoft Teams."))
def teams() -> None:
    """Hold the commands for Teams together."""


@teams.command(
    "package",
    help=say(
        nl="Maak het app-pakket dat je beheerder in Teams uploadt.",
        en="Make the app package that your administrator uploads in Teams.",
    ),
)
@click.argument("out")
@config_option
@organisation_option
@website_option
@privacy_option
@terms_option
@everything_option
def package(
    *,
    out: str,
    config: Path | None,
    organisation: str,
    website: str,
    privacy: str | None,
    terms: str | None,
    every_message: bool,
) -> None:
    """Write the package, to a file that is not there yet."""
    publisher = _publisher(organisation, website, privacy or website, terms or website)
    settings, of_teams = _settings(config)
    write_new(out, _packed(settings, of_teams, publisher, every_message=every_message))
    told = say(
        nl=f"{out}: upload dit in het beheercentrum van Teams, bij Apps beheren.",
        en=f"{out}: upload it in the Teams admin centre, under Manage apps.",
    )
    click.echo(told, err=True)


def _settings(path: Path | None) -> tuple[Config, TeamsSettings]:
    """The configuration, and what it says of Teams. Raises `Fault` when it says nothing or nothing that can be."""
    config = read_config(path)
    if config.teams is None:
        wrong = say(
            nl="ontbreekt; voeg een deel [teams] toe met app_id", en="is missing; add a section [teams] with app_id"
        )
        raise Fault(f"{name_of_config(path)}: teams: {wrong}")
    if found := list(faults(config.teams, WallClock().now())):
        raise Fault(*(f"{name_of_config(path)}: teams.{line}" for line in found))
    return config, config.teams


def _publisher(name: str, *pages: str) -> Publisher:
    """Who offers the app. Raises `Fault` with every fault at once."""
    wrong = [_no_page(page) for page in dict.fromkeys(pages) if not _is_page(page)]
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        wrong.append(
            say(
                nl=f"--organisation: '{name}' is leeg of te lang; schrijf ten hoogste {LONGEST_NAME} tekens",
                en=f"--organisation: '{name}' is empty or too long; write {LONGEST_NAME} signs at most",
            )
        )
    if wrong:
        raise Fault(*wrong)
    return Publisher(name.strip(), *pages)


def _is_page(page: str) -> bool:
    parts = urlsplit(page)
    return parts.scheme == "https" and bool(parts.hostname)


def _no_page(page: str) -> str:
    return say(
        nl=f"'{page}' is geen adres van een pagina; schrijf het met https://",
        en=f"'{page}' is no address of a page; write it with https://",
    )


def _packed(config: Config, settings: TeamsSettings, publisher: Publisher, *, every_message: bool) -> bytes:
    everything, languages = find(package_of_commands), Languages.load()

    def render(text: Sayable, language: str) -> str:
        return languages.render(
            text, language, PLAIN, zone=AMSTERDAM, words=lambda call, code: write_call(call, everything, code)
        )

    def rows(ids: Iterable[str]) -> Rows:
        there = [everything.by_id[id_] for id_ in ids if id_ in everything.by_id]
        return {
            language: [(config.prefix + it.word(language), render(it.help, language)) for it in there]
            for language in LANGUAGES
        }

    app = App(settings.app_id, version("kring"), publisher, rows(PERSONAL), rows(ROOMS), hears_all=every_message)
    return app.packed(render)
