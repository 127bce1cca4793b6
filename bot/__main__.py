"""The `kring` command line (also `python -m bot`): every command that there is, and where it lives."""

import sys
from importlib.metadata import version

import click

from bot.cli.faults import finish
from bot.cli.lazy import Lazy, LazyGroup
from bot.cli.words import dress_help, say


def _show_version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(version("kring"))
        ctx.exit()


COMMANDS = {
    "run": Lazy("bot.cli.run:run", say(nl="Bedien de kamers: ga aan het werk.", en="Serve the rooms: go to work.")),
    "try": Lazy(
        "bot.cli.try_:try_",
        say(
            nl="Probeer de bot in je browser, zonder server of account.",
            en="Try the bot in your browser, without a server or an account.",
        ),
    ),
    "console": Lazy(
        "bot.cli.console:console",
        say(
            nl="Praat met de bot in deze terminal, zonder server.",
            en="Talk to the bot in this terminal, without a server.",
        ),
    ),
    "rehearse": Lazy(
        "bot.cli.rehearse:rehearsal",
        say(
            nl="Speel een hele editie met verzonnen mensen, in een paar tellen.",
            en="Play a whole edition with made-up people, in seconds.",
        ),
    ),
    "commands": Lazy(
        "bot.cli.commands:commands",
        say(nl="Toon wat mensen tegen de bot kunnen zeggen.", en="List what people can say to the bot."),
    ),
    "methods": Lazy(
        "bot.cli.methods:methods",
        say(nl="Toon de methoden voor intervisie.", en="List the methods of intervision."),
    ),
    "lint": Lazy(
        "bot.cli.lint:lint_files",
        say(nl="Controleer bestanden van edities en methoden.", en="Check files of editions and methods."),
    ),
    "copy": Lazy(
        "bot.cli.copy:copy_edition",
        say(nl="Maak een nieuwe editie van een eerdere.", en="Make a new edition from an earlier one."),
    ),
    "match": Lazy("bot.cli.match:match", say(nl="Los een uitwisseling op.", en="Solve an exchange.")),
    "prove": Lazy(
        "bot.cli.match:prove",
        say(nl="Controleer een gepubliceerde uitkomst onafhankelijk.", en="Check a published result independently."),
    ),
    "groups": Lazy("bot.cli.groups:groups", say(nl="Deel mensen in groepen in.", en="Split people in groups.")),
    "check": Lazy(
        "bot.cli.check:check",
        say(
            nl="Controleer configuratie, opslag, klok en verbindingen.",
            en="Check configuration, store, clock and connections.",
        ),
    ),
    "verify": Lazy(
        "bot.cli.verify:verify",
        say(nl="Lees de opslag en de reservekopieën na.", en="Read the store and its backups through."),
    ),
    "backup": Lazy(
        "bot.cli.store:backup",
        say(nl="Maak een reservekopie, ook terwijl de bot draait.", en="Make a backup, also while the bot runs."),
    ),
    "restore": Lazy("bot.cli.store:restore", say(nl="Zet een reservekopie terug.", en="Put a backup back.")),
    "migrate": Lazy(
        "bot.cli.store:migrate",
        say(nl="Breng de opslag naar deze versie.", en="Bring the store up to this version."),
    ),
    "people": Lazy(
        "bot.cli.people:people",
        say(nl="Toon wie er in de opslag staan, met hun id.", en="List who is in the store, with their ids."),
    ),
    "export": Lazy(
        "bot.cli.export:export",
        say(
            nl="Neem mee wat de coördinator nodig heeft, als Excel, CSV of JSON.",
            en="Take along what the coordinator needs, as Excel, CSV or JSON.",
        ),
    ),
    "erase": Lazy("bot.cli.erase:erase", say(nl="Wis iemand overal uit.", en="Erase a person everywhere.")),
    "matrix": Lazy("bot.cli.matrix:matrix", say(nl="Verbind met Matrix.", en="Connect to Matrix.")),
    "teams": Lazy("bot.cli.teams:teams", say(nl="Verbind met Microsoft Teams.", en="Connect to Microsoft Teams.")),
    "healthcheck": Lazy(
        "bot.cli.healthcheck:healthcheck",
        say(nl="Vraag of de bot op deze machine gezond is.", en="Ask whether the bot on this machine is healthy."),
    ),
}

kring = LazyGroup(
    "kring",
    COMMANDS,
    help=say(
        nl="Kring, de chatbot voor leren van elkaar in de publieke sector.",
        en="Kring, the chat bot for peer learning in the public sector.",
    ),
)


kring.params.append(
    click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        help=say(nl="Toon de versie en stop.", en="Show the version and exit."),
        callback=_show_version,
    )
)


def main() -> None:
    """Run the command line of this process and end it with the exit code of `bot/cli/faults.py`."""
    dress_help()
    sys.exit(finish(kring))


if __name__ == "__main__":
    main()
