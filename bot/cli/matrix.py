"""`kring matrix login` and `kring matrix bootstrap`: put the bot on a homeserver, and let it vouch for its device."""

import asyncio
from pathlib import Path

import click

from bot.cli.faults import Fault
from bot.cli.options import config_option, json_option, must_be_configured, name_of_config, read_config, report
from bot.cli.standard import read_bytes
from bot.cli.words import say
from bot.matrix.crossing import CrossSigned, ensure_cross_signed
from bot.matrix.session import close_session, open_session
from bot.settings import MatrixSettings


@click.group(help=say(nl="Verbind de bot met Matrix.", en="Connect the bot to Matrix."))
def matrix() -> None:
    """Hold the commands for Matrix together."""


@matrix.command(
    help=say(
        nl="Log in en bewaar de sessie; met een sessie die er al is: kijk of die nog geldt.",
        en="Log in and keep the session; with a session that is there: see whether it still holds.",
    )
)
@config_option
@click.option(
    "--token",
    metavar="FILE",
    help=say(
        nl="Een toegangstoken in plaats van het wachtwoord, voor servers met single sign-on. Met - van standaardinvoer.",
        en="An access token instead of the password, for servers with single sign-on. With - from standard input.",
    ),
)
@click.option(
    "--new-device",
    is_flag=True,
    help=say(
        nl="Begin met een nieuw apparaat; wat alleen het oude kon lezen, blijft onleesbaar.",
        en="Begin with a new device; what only the old one could read stays unreadable.",
    ),
)
@json_option
def login(config: Path | None, token: str | None, new_device: bool, as_json: bool) -> None:
    """Log in, or check the session that is there."""
    settings, folder = _settings(config)
    access = None if token is None else _read_token(token)
    device = asyncio.run(_log_in(settings, folder, access, new_device=new_device))
    facts = {"user": settings.user, "device": device}
    report(facts, say(nl="Ingelogd: {user}, apparaat {device}.", en="Logged in: {user}, device {device}."), as_json)


@matrix.command(
    help=say(
        nl="Laat de bot voor zijn apparaat instaan (cross-signing), zodat ook strenge apps ermee praten.",
        en="Let the bot vouch for its device (cross-signing), so that strict apps talk with it too.",
    )
)
@config_option
@click.option(
    "--replace",
    is_flag=True,
    help=say(
        nl="Vervang een identiteit waarvan we de sleutels niet hebben; mensen zien dan dat die veranderd is.",
        en="Replace an identity whose keys we do not have; people then see that it changed.",
    ),
)
@json_option
def bootstrap(config: Path | None, replace: bool, as_json: bool) -> None:
    """Make or check the identity and the device's signature, and print the public master key to compare."""
    settings, folder = _settings(config)
    signed = asyncio.run(_bootstrap(settings, folder, replace=replace))
    facts = {"user": settings.user, "device": signed.device, "master_key": signed.master}
    sentence = say(
        nl="Apparaat {device} van {user} is ondertekend. Hoofdsleutel om te vergelijken: {master_key}",
        en="Device {device} of {user} is signed. Master key to compare: {master_key}",
    )
    report(facts, sentence, as_json)


async def _log_in(settings: MatrixSettings, folder: Path, token: str | None, *, new_device: bool) -> str:
    client = await open_session(settings, folder, token=token, new_device=new_device)
    await close_session(client)
    return client.device_id or ""


async def _bootstrap(settings: MatrixSettings, folder: Path, *, replace: bool) -> CrossSigned:
    client = await open_session(settings, folder)
    try:
        return await ensure_cross_signed(client, settings, folder, replace=replace)
    finally:
        await close_session(client)


def _settings(config: Path | None) -> tuple[MatrixSettings, Path]:
    """What the configuration says of Matrix, and the folder with the keys."""
    must_be_configured(config)
    settings = read_config(config)
    if settings.matrix is None:
        wrong = say(
            nl="ontbreekt; voeg een deel [matrix] toe met homeserver en user",
            en="is missing; add a section [matrix] with homeserver and user",
        )
        raise Fault(f"{name_of_config(config)}: matrix: {wrong}")
    return settings.matrix, settings.data / "matrix"


def _read_token(source: str) -> str:
    try:
        token = read_bytes(source).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        wrong = say(
            nl="is niet als tekst te lezen; noem een bestand met het toegangstoken, of -",
            en="cannot be read as text; name a file with the access token, or -",
        )
        raise Fault(f"{source}: {wrong}") from error
    if not token or not token.isascii() or not token.isprintable():
        wrong = say(
            nl="hier staat geen toegangstoken in; zet het er op een regel in",
            en="holds no access token; put it there on one line",
        )
        raise Fault(f"{source}: {wrong}")
    return token
