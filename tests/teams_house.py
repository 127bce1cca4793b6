"""A Teams adapter for tests, between the fake connector and a house that writes down what it hears."""

import asyncio
from asyncio import Future
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.chat import Heard, Post
from bot.settings import TeamsSettings
from bot.teams import Patience, TeamsChat
from programme.rooms import direct
from tests.fake_connector import FakeConnector, person_id, serving_connector
from tests.fake_idp import APP, TENANT, FakeIdp, serving_idp
from tests.matrix_house import RecordingHouse, render

QUICK = Patience(
    answer=0.5,
    body=0.5,
    connect=1.0,
    request=0.4,
    upload=0.3,
    farewell=0.3,
    a_second=10_000.0,
    an_hour=1e7,
    tenant_a_second=10_000.0,
)


class TroubledHouse(RecordingHouse):
    """Hears as told: when there is trouble, that comes in the place of keeping."""

    def __init__(self) -> None:
        super().__init__()
        self.trouble: Callable[[], Future[None]] | None = None
        self.too_late = False
        """The trouble comes after hearing."""

    def hear(self, heard: Heard) -> "Future[None]":
        if self.trouble is None:
            return super().hear(heard)
        if self.too_late:
            super().hear(heard)
        return self.trouble()


@dataclass
class Teams:
    """All of it: the fakes, the house and the adapter that runs."""

    idp: FakeIdp
    connector: FakeConnector
    patience: Patience = QUICK
    house: TroubledHouse = field(default_factory=TroubledHouse)
    more: dict[str, Any] = field(default_factory=dict)
    run: "asyncio.Task[None] | None" = None
    """The newest run of the adapter."""
    _chat: TeamsChat | None = None

    @property
    def chat(self) -> TeamsChat:
        assert self._chat is not None
        return self._chat

    def settings(self) -> TeamsSettings:
        given: dict[str, Any] = {
            "app_id": APP,
            "tenants": (TENANT,),
            "secret": SecretStr(self.idp.secret),
            "listen": "127.0.0.1:0",
            "openid_metadata": self.idp.metadata,
            "login_host": self.idp.login_host,
            "service_hosts": (self.connector.host,),
        }
        return TeamsSettings(**(given | self.more))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[TeamsChat]:
        """The adapter, with its endpoint open; stopped at the end of the block."""
        chat = TeamsChat(self.settings(), render, self.house.place_of, patience=self.patience)
        run = asyncio.create_task(chat.run(self.house))
        try:
            await opened(chat, run)
            self._chat, self.connector.endpoint, self.run = chat, chat.address, run
            yield chat
        finally:
            run.cancel()
            await asyncio.wait({run})

    async def meet(self, name: str = "anna") -> str:
        """Let somebody say hello, so that there is a chat; gives its place."""
        assert await self.connector.speak(name, "hallo") == 200
        return self.house.places[direct(person_id(name))]


async def opened(chat: TeamsChat, run: "asyncio.Task[None]") -> None:
    """Give the adapter the turns that it needs to open its endpoint."""
    while not chat.address:
        if run.done():
            run.result()
        await asyncio.sleep(0)


@asynccontextmanager
async def teams(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, patience: Patience = QUICK, **more: Any
) -> AsyncIterator[Teams]:
    """The adapter against the fakes, as the settings in `more` say. msal trusts the certificate of the fake."""
    async with serving_idp(folder) as idp, serving_connector(idp) as connector:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder / "login.pem"))
        it = Teams(idp, connector, patience, more=more)
        async with it.running():
            yield it


def post(text: str, key: str = "", letter: str = "letter-1", **more: Any) -> Post:
    return Post(id=letter, room=key or direct(person_id("anna")), plain=text, html=text, **more)
