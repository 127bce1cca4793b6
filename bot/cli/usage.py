"""Wrong use of the command line, in one line and in the language of the shell: what is wrong, and where the help is.

Click has its sentences in English and looks for others in compiled catalogues of the machine, which the house does not have. So
its finished sentences are read here, and said again.
"""

import os
import re

import click

from bot.cli.words import is_dutch, say

SENTENCES = {
    "Missing option {name}. Choose from: {choices}": "de optie {name} ontbreekt; kies uit {choices}",
    "Missing option {name}.": "de optie {name} ontbreekt",
    "Missing argument {name}.": "{name} ontbreekt",
    "Missing command.": "een opdracht ontbreekt",
    "Invalid value for {name}: {message}": "{name}: {message}",
    "Invalid value: {message}": "{message}",
    "No such option {name}. {more}": "de optie {name} bestaat niet; {more}",
    "No such option {name}.": "de optie {name} bestaat niet",
    "No such command {name}. {more}": "de opdracht {name} bestaat niet; {more}",
    "No such command {name}.": "de opdracht {name} bestaat niet",
    "Did you mean {name}?": "bedoel je {name}?",
    "(Did you mean one of: {names}?)": "bedoel je een van deze: {names}?",
    "Option {name} requires an argument.": "achter {name} ontbreekt een waarde",
    "Option {name} does not take a value.": "achter {name} hoort geen waarde",
    "Got unexpected extra argument ({words})": "dit is te veel: {words}",
    "Got unexpected extra arguments ({words})": "dit is te veel: {words}",
    "{value} is not a valid integer.": "{value} is geen heel getal",
    "{value} is not a valid integer range.": "{value} is geen heel getal",
    "{value} is not in the range {range}.": "{value} ligt niet binnen {range}",
    "{value} is not one of {choices}.": "{value} kan niet; kies uit {choices}",
    "File {name} does not exist.": "het bestand {name} bestaat niet",
    "File {name} is a directory.": "{name} is een map, en geen bestand",
    "Directory {name} does not exist.": "de map {name} bestaat niet",
    "Path {name} does not exist.": "{name} bestaat niet",
    "File {name} is not readable.": "het bestand {name} mag je niet lezen",
}
"""Click's sentences (8.3 and later), and ours. The longer one of two that begin alike stands first."""


def line_of(error: click.ClickException) -> str:
    """What is wrong, after the command that it is about, and how to see its help."""
    said = " ".join(error.format_message().split())
    what = _dutch(said) if is_dutch(os.environ) else said.rstrip(".")
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    command = ctx.command_path if ctx is not None else "kring"  # the parser of options does not know whose they are
    return f"{command}: {what}; {say(nl=f'{command} --help geeft uitleg', en=f'{command} --help explains')}"


def _dutch(sentence: str) -> str:
    """A sentence of click in Dutch; one that is not known stays as it is."""
    for english, dutch in SENTENCES.items():
        if match := re.fullmatch(_pattern(english), sentence):
            return dutch.format(**{name: _dutch(part) for name, part in match.groupdict().items()})
    return sentence


def _pattern(english: str) -> str:
    return re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(english))
