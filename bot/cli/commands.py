"""`kring commands`: what people can say, from the declarations themselves."""

import json

import click

import commands as package
from bot.app import PREFIX
from bot.arguments import write_call
from bot.cli.options import json_option, lang_option
from bot.cli.words import say
from bot.command import Command, find
from bot.i18n import Languages
from bot.markup import PLAIN
from programme.edition import AMSTERDAM
from programme.people import LanguageCode
from programme.text import Sayable


@click.command(help=say(nl="Toon wat mensen tegen de bot kunnen zeggen.", en="List what people can say to the bot."))
@lang_option
@json_option
def commands(*, language: LanguageCode, as_json: bool) -> None:
    """List all commands, in the order of their files."""
    everything, languages = find(package), Languages.load()

    def written(text: Sayable) -> str:
        return languages.render(
            text, language, PLAIN, zone=AMSTERDAM, words=lambda call, code: write_call(call, everything, code)
        )

    rows = [_row(command, language, written(command.help)) for command in everything.all]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            click.echo(f"{PREFIX}{row['word']:<20} {row['help']}")


def _row(command: Command, language: str, help_line: str) -> dict[str, object]:
    return {
        "id": command.id,
        "word": command.word(language),
        "words": {"nl": list(command.nl), "en": list(command.en)},
        "help": help_line,
        "who": command.who.value,
        "where": command.where.value,
        "examples": [f"{command.word(language)} {example}".strip() for example in command.examples],
    }
