"""`kring healthcheck`: ask the bot on this machine whether it lives. For containers and service supervisors."""

import json
from pathlib import Path

import click

from bot.cli.faults import DONE, NOT_SO, Fault
from bot.cli.options import config_option, json_option, name_of_config, read_config
from bot.cli.probe import Answer, Silence, ask
from bot.cli.words import say

ANY = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - where to ask when it listens everywhere


@click.command(
    help=say(
        nl="Vraag of de bot op deze machine leeft; met --ready of hij ook kan werken.",
        en="Ask whether the bot on this machine lives; with --ready whether it can work too.",
    )
)
@config_option
@click.option(
    "--ready", is_flag=True, help=say(nl="Vraag /readyz in plaats van /livez.", en="Ask /readyz instead of /livez.")
)
@json_option
def healthcheck(config: Path | None, ready: bool, as_json: bool) -> int:
    """Exit 0 when the bot says yes, 1 when it says no or nothing, 2 when the configuration cannot be read.

    A container asks `/livez` only: a bot that waits for its homeserver is not mended by being started anew.
    """
    health = read_config(config).health
    if health is None:
        wrong = say(
            nl="ontbreekt, dus de bot antwoordt nergens; voeg een deel [health] toe",
            en="is missing, so that the bot answers nowhere; add a section [health]",
        )
        raise Fault(f"{name_of_config(config)}: health: {wrong}", code=NOT_SO)
    answer = ask(f"http://{_reachable(health.listen)}/{'readyz' if ready else 'livez'}", seconds=3.0)
    if as_json:
        click.echo(json.dumps({"ok": _well(answer), "told": _told(answer)}, ensure_ascii=False))
    else:
        click.echo(_told(answer), err=not _well(answer))
    return DONE if _well(answer) else NOT_SO


def _reachable(listen: str) -> str:
    host, _, port = listen.rpartition(":")
    return f"{ANY.get(host, host)}:{port}"


def _well(answer: Answer | Silence) -> bool:
    return isinstance(answer, Answer) and answer.status == 200  # noqa: PLR2004 - HTTP's "OK"


def _told(answer: Answer | Silence) -> str:
    if isinstance(answer, Silence):
        return say(nl=f"De bot antwoordt niet ({answer.why}).", en=f"The bot does not answer ({answer.why}).")
    return answer.body.decode("utf-8", "replace")
