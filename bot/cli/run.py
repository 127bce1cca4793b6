"""`kring run`: serve the platforms that the configuration names, until a signal ends it."""

import asyncio
import logging
import os
import signal
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

import commands
from bot import health, log
from bot.app import House, Setup
from bot.chat import Chat
from bot.cli.faults import Fault
from bot.cli.options import config_option, must_be_configured, name_of_config, read_config
from bot.cli.words import say
from bot.clock import WallClock
from bot.command import find
from bot.config_faults import reason
from bot.files import read_edition, twice
from bot.garbage import settle_down
from bot.settings import Config
from storage.store import Store


@click.command(help=say(nl="Bedien de kamers: ga aan het werk.", en="Serve the rooms: go to work."))
@config_option
@click.option(
    "--debug",
    is_flag=True,
    help=say(
        nl="Log elke stap: ids en namen van stappen, nooit tekst.",
        en="Log every step: ids and names of steps, never text.",
    ),
)
def run(*, config: Path | None, debug: bool) -> None:
    """Serve until SIGTERM or ctrl-C: then everything is laid down within seconds, and nothing is lost."""
    must_be_configured(config)
    log.set_up(level=logging.DEBUG if debug else logging.INFO)
    os.umask(0o077)
    asyncio.run(_serve(read_config(config), name_of_config(config)))


async def _serve(config: Config, file: str) -> None:
    if config.matrix is None and config.teams is None:
        raise Fault(
            say(
                nl=f"{file}: er is geen platform; voeg een deel [matrix] of [teams] toe, of probeer kring console",
                en=f"{file}: there is no platform to serve; add a section [matrix] or [teams], or try kring console",
            )
        )
    _must_be_right(config, file)
    house = House(_setup(config, file))
    _tell_of_torn(house.store)
    chats = _chats(config, house)
    settle_down()
    async with _Service(config, file, house):
        await _until_signal(house.serve(chats))


def _must_be_right(config: Config, file: str) -> None:
    """Refuse a certificate that Microsoft would refuse, before anything is begun. Raises `Fault`."""
    if config.teams is not None:
        from bot.cli.teams_settings import faults  # its libraries take a while; other commands do without

        if wrong := list(faults(config.teams, WallClock().now())):
            raise Fault(*(f"{file}: teams.{line}" for line in wrong))


def _setup(config: Config, file: str) -> Setup:
    editions = [read_edition(source.file, source.coordinators) for source in config.edition]
    if not editions:
        raise Fault(
            say(
                nl=f"{file}: edition: er is geen programma; voeg [[edition]] toe met file en coordinators",
                en=f"{file}: edition: there is nothing to run; add [[edition]] with file and coordinators",
            )
        )
    first: dict[str, Path] = {}
    for source, edition in zip(config.edition, editions, strict=True):
        if first.setdefault(edition.id, source.file) is not source.file:
            raise Fault(f"{file}: edition: {twice(edition, source.file, first[edition.id])}")
    try:
        config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        wrong = say(
            nl=f"{config.data} kan geen map zijn ({reason(error)}); kies een andere",
            en=f"{config.data} cannot be a folder ({reason(error)}); choose another",
        )
        raise Fault(f"{file}: data: {wrong}") from None
    return Setup(config.data / "state", find(commands), editions, language=config.language, prefix=config.prefix)


def _chats(config: Config, house: House) -> list[Chat]:
    """The platforms. Teams comes first: it knows which rooms were linked to it, and the rest is Matrix's."""
    chats: list[Chat] = []
    if config.teams is not None:
        from bot.teams import TeamsChat  # their libraries take a while; other commands do without

        chats.append(TeamsChat(config.teams, house.spell, house.place_of, alone=config.matrix is None))
    if config.matrix is not None:
        from bot.matrix import MatrixChat

        coordinators = frozenset(id_ for source in config.edition for id_ in source.coordinators)
        chats.append(MatrixChat(config.matrix, config.data / "matrix", house.spell, coordinators=coordinators))
    return chats


def _tell_of_torn(store: Store) -> None:
    """Leave a trace of what was cut off the journal: after a crash that is nothing, after a cut file it is all."""
    if store.dropped:
        log.log.warning("store.torn_tail", bytes=store.dropped, kept=str(store.aside or ""))


@dataclass
class _Service:
    """The page with the bot's health, while it runs."""

    config: Config
    file: str
    house: House

    async def __aenter__(self) -> None:
        settings = self.config.health
        try:
            self._runner = (
                await health.serve(settings.listen, self.house.ready, self.house.metrics) if settings else None
            )
        except OSError as error:
            wrong = say(
                nl=f"{settings and settings.listen} kan niet ({reason(error)}); kies een andere poort",
                en=f"{settings and settings.listen} cannot be used ({reason(error)}); choose another port",
            )
            raise Fault(f"{self.file}: health.listen: {wrong}") from None
        log.log.info("started", **({"listen": health.address(self._runner)} if self._runner else {}))

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        log.log.info("stopped")


async def _until_signal(serving: Coroutine[Any, Any, None]) -> None:
    """Serve until done or told to stop. Raises what only an operator can mend."""
    task = asyncio.ensure_future(serving)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
