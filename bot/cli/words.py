"""The language of the command line itself: Dutch where the shell is Dutch, else English.

These are words for operators, few and fixed; they stand where they are used and not in the catalogues, so that `--help` needs
no catalogue to be read.
"""

import os
from collections.abc import Iterable, Mapping
from typing import Literal

import click

FRAME = {
    "Usage": "Gebruik",
    "Options": "Opties",
    "Commands": "Opdrachten",
    "Arguments": "Argumenten",
    "Positional arguments": "Argumenten",
    "Show this message and exit.": "Toon deze uitleg en stop.",
}
"""What click itself writes around our words."""


def is_dutch(environ: Mapping[str, str]) -> bool:
    """Whether messages should be Dutch, by the variables of POSIX in their order: LC_ALL, LC_MESSAGES, LANG."""
    chosen = (environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name))
    return next(chosen, "").lower().startswith("nl")


def say(*, nl: str, en: str) -> str:
    """Choose the words for the person at this shell."""
    return nl if shell_language() == "nl" else en


def shell_language() -> Literal["nl", "en"]:
    """The language of this shell."""
    return "nl" if is_dutch(os.environ) else "en"


def several(n: int, *, nl: tuple[str, str], en: tuple[str, str]) -> str:
    """A number with its noun, of one and of many: `1 former version`, `3 former versions`."""
    one, many = (say(nl=dutch, en=english) for dutch, english in zip(nl, en, strict=True))
    return f"{n} {one if n == 1 else many}"


def mark(*, ok: bool) -> str:
    """The first word of a line about something that was looked at, as wide for yes as for no."""
    if ok:
        return say(nl="ok  ", en="ok ")
    return say(nl="FOUT", en="NO ")


class DutchHelp(click.HelpFormatter):
    """Click's help page with Dutch headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line of usage."""
        dutch = args.replace("[OPTIONS]", "[OPTIES]").replace("COMMAND [ARGS]...", "OPDRACHT [...]")
        super().write_usage(prog, dutch, prefix or f"{FRAME['Usage']}: ")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        super().write_heading(FRAME.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names with what they mean."""
        super().write_dl([(name, _meaning(meaning)) for name, meaning in rows], col_max, col_spacing)


def _meaning(written: str) -> str:
    """What an option means, with click's own remarks behind it: `[required]`, `[default: 12]`."""
    meaning, bracket, remarks = written.rpartition("  [")
    if not bracket:
        return FRAME.get(written, written)
    return f"{meaning}{bracket}{remarks.replace('required', 'verplicht').replace('default: ', 'standaard: ')}"


def dress_help() -> None:
    """Give every help page of this process the language of the shell."""
    click.Context.formatter_class = DutchHelp if is_dutch(os.environ) else click.HelpFormatter
