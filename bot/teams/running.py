"""One run of the Teams adapter: its parts put together, and the endpoint open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.chat import Later, Mendable, Port, RoomFacts, Undeliverable
from bot.clock import Clock
from bot.config_faults import reason
from bot.log import log
from bot.settings import TeamsSettings
from bot.teams.addresses import conversation, without_thread
from bot.teams.connector import Connector
from bot.teams.files import Files
from bot.teams.gate import Gate
from bot.teams.hearing import Hearing
from bot.teams.inbound import Inbound
from bot.teams.keyring import METADATA, Keyring
from bot.teams.patience import Patience, Turns
from bot.teams.places import Places
from bot.teams.references import References
from bot.teams.rosters import Rosters
from bot.teams.said import Said
from bot.teams.sending import Sending
from bot.teams.tokens import Tokens
from bot.teams.wording import Render, Wording
from programme.rooms import person_of
from programme.text import _

IDLE = 15.0
"""Seconds that an unused connection is kept: shorter than Teams keeps it, so that a request seldom meets a closed one."""
LARGEST_KEYS = 1024 * 1024


class TeamsStopped(Mendable):
    """The adapter cannot run."""


class Running:
    """All parts, wired. `inbound`, `places`, `sending` and `tokens` are what the chat asks for."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        settings: TeamsSettings,
        house: Port,
        render: Render,
        clock: Clock,
        patience: Patience,
    ) -> None:
        now = asyncio.get_running_loop().time
        tenants = frozenset(tenant.lower() for tenant in settings.tenants)
        self._settings = settings
        self._session = session
        self.tokens = Tokens(settings, now)
        self._keyring = Keyring(settings.openid_metadata or METADATA, self._fetch, patience, now)
        self.connector = connector = Connector(session, self.tokens, Turns(patience, now), patience)
        references = References(house)
        self._house, self._references = house, references
        self._rosters = rosters = Rosters(connector, tenants, patience, now)
        said = Said(house)
        wording = Wording(house, render)
        self.files = Files(session, connector, wording, settings.service_hosts, patience)
        hearing = Hearing(house, references, rosters, said, self.files, clock)
        self.places = Places(house, connector, references, settings.app_id, tenants)
        self.sending = Sending(house, connector, references, rosters, said, self.files, wording)
        self.inbound = Inbound(Gate(settings, self._keyring, patience), hearing.take, settings.listen, patience)

    @classmethod
    @asynccontextmanager
    async def on(
        cls, settings: TeamsSettings, house: Port, render: Render, clock: Clock, patience: Patience
    ) -> AsyncIterator["Running"]:
        """The parts, with the endpoint open; closed afterwards. Raises `TeamsStopped` when the address is taken."""
        connections = aiohttp.TCPConnector(limit=100, keepalive_timeout=IDLE)
        async with aiohttp.ClientSession(connector=connections, cookie_jar=aiohttp.DummyCookieJar()) as session:
            running = cls(session, settings, house, render, clock, patience)
            try:
                await running.inbound.start()
            except OSError as fault:
                told = _(
                    "kring.toml: teams.listen: {address} cannot be used ({reason}); choose another port",
                    address=settings.listen,
                    reason=reason(fault),
                )
                raise TeamsStopped(told) from fault
            log.info("teams.listening", listen=running.inbound.address)
            try:
                yield running
            finally:
                await running.inbound.stop()
                await running.files.stop()
                await running.connector.rest(patience.farewell)

    async def run(self) -> None:
        """Prove at once who we are; then until cancelled.

        Raises `TeamsStopped` when Microsoft refuses the proof at the start (later on it is waited for), and `StoreBroken`.
        """
        try:
            await self.tokens.token()
        except Later as later:
            if self.tokens.refused:
                raise _refused(self.tokens.refused) from later
            log.warning("teams.cannot_speak")
        await self.inbound.broken()

    async def facts(self, place: str) -> RoomFacts:
        """How a conversation is now, with nothing remembered. Raises `Undeliverable`, `Later`."""
        key = self._house.key_of(place) or place
        at = self._references.of(key, place)
        if at is None:
            raise Undeliverable("unknown")
        person = person_of(key)
        if person is not None:
            return RoomFacts(members=frozenset({person}))
        here = without_thread(conversation(place))
        self._rosters.forget(here)
        await self._rosters.roster(at, here)
        return await self._rosters.facts(at, here)

    async def _fetch(self, address: str) -> Any:
        """GET a small JSON document. Raises `aiohttp.ClientError`, `TimeoutError`, `ValueError`."""
        timeout = aiohttp.ClientTimeout(total=10.0)
        async with self._session.get(address, allow_redirects=False, timeout=timeout) as answer:
            if answer.status != 200:  # noqa: PLR2004
                raise ValueError("no answer")
            if (answer.content_length or 0) > LARGEST_KEYS:
                raise ValueError("too large")
            return await answer.json(content_type=None)


def _refused(why: str) -> TeamsStopped:
    return TeamsStopped(
        _(
            "kring.toml: teams: Microsoft refuses the proof of who the bot is ({reason}); look at app_id, the proof and the first tenant",
            reason=why,
        )
    )
