"""`make matrix`: a Synapse on this machine with sample people, and the bot in it, until Ctrl-C.

Everything is kept in `data-matrix/`, so that a second start goes on where the first stopped; take the folder away to begin anew.
"""

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path

import click

from bot.clock import WallClock
from bot.matrix.keyfolder import write_private
from tests.synapse import SERVER_NAME, Credentials, Synapse

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data-matrix"
EDITION = ROOT / "programme" / "editions" / "secretariswissel-2026.toml"
USUAL_PORT = 8008
BOT, COORDINATOR = "kring", "cor"
PARTICIPANTS = ("anna", "bram", "chris", "dina", "emre", "fleur")

WELCOME = """
Matrix draait op deze machine / Matrix runs on this machine:  {url}

  Inloggen: open een Matrix-app (Element, FluffyChat, …), kies bij het inloggen een andere homeserver en vul dit adres in.
  Neem een van deze mensen, en begin een chat met {bot}. Zeg dan: help
  To log in: open a Matrix app (Element, FluffyChat, …), choose another homeserver when you sign in and give this address.
  Be one of these people, and start a chat with {bot}. Then say: help

{people}

  Stoppen / To stop: Ctrl-C. Opnieuw beginnen / To begin anew: rm -r {folder}
"""


def main() -> int:
    """Run the homeserver and the bot; the bot's exit code."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    (FOLDER / ".gitignore").write_text("*\n")
    with Synapse(FOLDER / "synapse", port=_port()) as synapse:
        people = asyncio.run(_people(synapse))
        config = _config(synapse, people[BOT])
        click.echo(_welcome(synapse, people))
        return _run_bot(config)


def _port() -> int:
    """The port of Matrix, when it is free: then apps that were logged in find the server again. Else 0: any."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", USUAL_PORT))
        except OSError:
            return 0
    return USUAL_PORT


async def _people(synapse: Synapse) -> dict[str, Credentials]:
    """Everybody with a password, registered at the first start."""
    kept = FOLDER / "people.json"
    if kept.exists():
        return {name: Credentials(**known) for name, known in json.loads(kept.read_text()).items()}
    people = {name: await synapse.user(name, exact=True) for name in (BOT, COORDINATOR, *PARTICIPANTS)}
    known = {name: {"user_id": one.user_id, "password": one.password} for name, one in people.items()}
    write_private(kept, json.dumps(known, indent=1))
    return people


def _config(synapse: Synapse, bot: Credentials) -> Path:
    """Write what the bot needs. The edition is written once: its dates count from the first start."""
    write_private(FOLDER / "password", bot.password)
    edition = FOLDER / "edition.toml"
    if not edition.exists():
        edition.write_text(moved(EDITION.read_text("utf-8"), WallClock().now().date()), "utf-8")
    config = FOLDER / "kring.toml"
    config.write_text(
        'data = "data"\n\n'
        f'[[edition]]\nfile = "edition.toml"\ncoordinators = ["@{COORDINATOR}:{SERVER_NAME}"]\n\n'
        f'[matrix]\nhomeserver = "{synapse.url}"\nuser = "{bot.user_id}"\npassword_file = "password"\n'
        f'inviters = ["@*:{SERVER_NAME}"]\n'
    )
    return config


def moved(edition: str, today: date) -> str:
    """The same edition, with all dates as many whole weeks later as it takes to have sign-up opened in the week up to today."""
    opens: date = tomllib.loads(edition)["windows"]["signup"]["opens"]
    later = timedelta(weeks=(today - opens).days // 7)
    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b", lambda day: (date.fromisoformat(day[0]) + later).isoformat(), edition)


def _welcome(synapse: Synapse, people: dict[str, Credentials]) -> str:
    roles = {COORDINATOR: "coördinator / coordinator"}
    rows = [
        f"    {one.user_id:<24} {one.password:<18} {roles.get(name, 'deelnemer / participant')}"
        for name, one in people.items()
        if name != BOT
    ]
    return WELCOME.format(url=synapse.url, bot=people[BOT].user_id, people="\n".join(rows), folder=FOLDER.name)


def _run_bot(config: Path) -> int:
    """Run the bot until it ends by itself or by Ctrl-C, which the terminal gives to the bot as well."""
    signal.signal(signal.SIGINT, lambda *_: None)
    with subprocess.Popen([sys.executable, "-m", "bot", "run", "--config", str(config)], cwd=ROOT) as bot:  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_: bot.terminate())
        return bot.wait()


if __name__ == "__main__":
    sys.exit(main())
