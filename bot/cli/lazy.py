"""A group of commands that are imported when they are called, so that `kring --help` and small commands start at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import click

from bot.cli.faults import Fault
from bot.cli.words import say


@dataclass(frozen=True, slots=True)
class Lazy:
    """Where a command is (`module:attribute`), and its line in the list of commands."""

    target: str
    help: str

    def command(self) -> click.Command:
        """Import it. Raises `Fault` when this installation does not have the module."""
        module, _, attribute = self.target.partition(":")
        try:
            found = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            wrong = say(
                nl="zit niet in deze installatie; installeer kring helemaal",
                en="is not in this installation; install kring whole",
            )
            raise Fault(f"{module}: {wrong}") from None
        if not isinstance(found, click.Command):
            raise TypeError(f"{self.target} is no command")
        return found


class LazyGroup(click.Group):
    """A click group over `Lazy` commands, listed in the order in which they are given."""

    def __init__(self, name: str, commands: Mapping[str, Lazy], help: str) -> None:  # noqa: A002 - click's own word
        super().__init__(name=name, help=help, no_args_is_help=True)
        self._lazy = dict(commands)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Name the commands."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command with this name; None when there is no such command."""
        lazy = self._lazy.get(cmd_name)
        return lazy.command() if lazy else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in self._lazy.items()])
