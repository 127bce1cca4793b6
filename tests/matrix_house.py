"""The other side of the port for tests of the Matrix adapter: a house that remembers in memory and writes down what it hears."""

import asyncio
from asyncio import Future
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.chat import Heard, Noticed, Post
from bot.matrix import MatrixChat, Pace
from bot.settings import MatrixSettings
from programme.rooms import RoomWish
from programme.text import Both, Lines, Sayable, Text
from tests.fake_homeserver import FakeHomeserver, Pulse

QUICK = Pace(
    first_retry=0.02,
    longest_retry=0.2,
    request=1.0,
    keys_from_afar=0.5,
    room_seen=5.0,
    key_underway=0.3,
    settle=0.01,
    look_again=0.5,
)


class RecordingHouse:
    """Hears, remembers and answers nothing. What it holds outlives the chat, as a store outlives a restart."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.order: list[tuple[str, str]] = []
        self.places: dict[str, str] = {}
        self.marks: dict[str, str] = {}
        self.wished: list[RoomWish] = []
        self.seen_moving: list[Noticed] = []
        self.open = True
        self.unread: list[tuple[str, str]] = []
        self.warned: list[Sayable] = []
        self.not_silenced: list[str] = []
        self.pulse = Pulse()

    def hear(self, heard: Heard) -> "Future[None]":
        if heard.id not in {earlier.id for earlier in self.heard}:
            self.heard.append(heard)
            self.order.append(("heard", heard.text))
        return self._done()

    def noticed(self, noticed: Noticed) -> "Future[None]":
        if noticed.id not in {earlier.id for earlier in self.seen_moving}:
            self.seen_moving.append(noticed)
            self.order.append(("noticed", noticed.person))
        return self._done()

    def wishes(self) -> Sequence[RoomWish]:
        return self.wished

    def place_of(self, key: str) -> str | None:
        return self.places.get(key)

    def key_of(self, place: str) -> str | None:
        return next((key for key, known in self.places.items() if known == place), None)

    def remember_place(self, key: str, place: str) -> "Future[None]":
        self.places[key] = place
        return self._done()

    def mark(self, name: str) -> str | None:
        return self.marks.get(name)

    def remember_mark(self, name: str, value: str) -> "Future[None]":
        self.marks[name] = value
        self.order.append(("mark", name))
        return self._done()

    def cannot_silence(self, key: str) -> None:
        self.not_silenced.append(key)
        self.pulse.beat()

    def open_to_strangers(self) -> bool:
        return self.open

    def cannot_read(self, person: str, place: str) -> None:
        self.unread.append((person, place))
        self.pulse.beat()

    def warn_desk(self, warning: Sayable) -> None:
        self.warned.append(warning)
        self.pulse.beat()

    def _done(self) -> "Future[None]":
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        self.pulse.beat()
        return done

    def texts(self) -> list[str]:
        return [heard.text for heard in self.heard]

    async def hears(self, text: str) -> Heard:
        """Wait until this was said, and hand it over."""
        await self.pulse.until(lambda: text in self.texts())
        return next(heard for heard in self.heard if heard.text == text)

    async def until(self, so: Callable[[], object]) -> None:
        await self.pulse.until(so)


def render(text: Sayable, language: str) -> str:
    """Ids and both-language texts as they stand: what a language does is tested elsewhere."""
    match text:
        case Text():
            return text.id
        case Both():
            return text.nl if language == "nl" else text.en
        case Lines():
            return "\n".join(str(item) for item in text.items)


def settings_on(server: FakeHomeserver, **more: Any) -> MatrixSettings:
    user = server.account("kring")
    return MatrixSettings(
        homeserver=server.url, user=user, password=SecretStr("secret"), **({"sync_timeout_ms": 2000} | more)
    )


@asynccontextmanager
async def chatting(
    server: FakeHomeserver,
    house: RecordingHouse,
    folder: Path,
    *,
    coordinators: frozenset[str] = frozenset(),
    **more: Any,
) -> AsyncIterator[MatrixChat]:
    """The adapter, running against the fake homeserver and past its first sync; stopped at the end of the block."""
    async with chatting_as(settings_on(server, **more), house, folder, coordinators) as chat:
        yield chat


@asynccontextmanager
async def chatting_as(
    settings: MatrixSettings, house: RecordingHouse, folder: Path, coordinators: frozenset[str] = frozenset()
) -> AsyncIterator[MatrixChat]:
    """The same with these settings, whatever the homeserver."""
    chat = MatrixChat(settings, folder, render, coordinators=coordinators, pace=QUICK)
    begun = house.order.count(("mark", "matrix/sync"))
    running = asyncio.create_task(chat.run(house))
    running.add_done_callback(lambda _: house.pulse.beat())
    try:
        await house.pulse.until(lambda: running.done() or house.order.count(("mark", "matrix/sync")) > begun)
        if running.done():
            running.result()
        yield chat
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def post(text: str, key: str = "", letter: str = "letter-1", **more: Any) -> Post:
    return Post(id=letter, room=key, plain=text, html=text, **more)
