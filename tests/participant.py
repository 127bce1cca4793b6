"""A person with a real client: nio with encryption, against a real homeserver, on a device of its own.

What the tests assert of the bot is what such a person gets to see.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import nio
from nio.store import SqliteMemoryStore

from tests.synapse import Credentials, Synapse

PATIENCE = 30.0
"""Seconds until something that should be said counts as not said."""

ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


@dataclass(frozen=True, slots=True)
class Message:
    room: str
    sender: str
    body: str
    kind: str
    """`m.text` or `m.notice`."""
    encrypted: bool
    event: nio.RoomMessage = field(repr=False)


class Participant:
    """A logged-in client that listens while inside `async with`. Invitations are accepted."""

    def __init__(self, client: nio.AsyncClient) -> None:
        self.client = client
        self.user_id: str = client.user_id
        self.heard: list[Message] = []
        self.unreadable: list[nio.MegolmEvent] = []
        self._news = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._call_back()
        self._listening = asyncio.create_task(self._listen(), name=f"sync of {self.user_id}")
        self._listening.add_done_callback(self._ring)
        await self.until(self._can_be_written_to, "the first sync")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def direct_chat(self, other: str) -> str:
        """Make an encrypted direct chat with somebody, and wait until they are in it. The room's id."""
        answer = await self.client.room_create(is_direct=True, invite=[other], initial_state=[ENCRYPTION])
        assert isinstance(answer, nio.RoomCreateResponse), answer
        room: str = answer.room_id
        await self.sees(room, other)
        return room

    async def sees(self, room: str, other: str, seconds: float = PATIENCE) -> None:
        """Wait until somebody is in the room, as far as this client knows."""
        await self.until(lambda: self._is_in(room, other), f"{other} to join {room}", seconds)

    async def joined(self, room: str, seconds: float = PATIENCE) -> None:
        """Wait until this client is itself in the room."""
        await self.until(lambda: room in self.client.rooms, f"being in {room}", seconds)

    async def say(self, room: str, text: str) -> str:
        """Say something to everybody who is there, on the devices that they have now; the event's id."""
        if self.client.should_query_keys:
            await self.client.keys_query()
        content = {"msgtype": "m.text", "body": text, "m.mentions": {}}
        answer = await self.client.room_send(room, "m.room.message", content, ignore_unverified_devices=True)
        assert isinstance(answer, nio.RoomSendResponse), answer
        event_id: str = answer.event_id
        return event_id

    async def press(self, room: str, label: str) -> str:
        """Press the newest button with this label: type what stands beside it, or the label when nothing does."""
        beside = f"{label}: `"
        lines = [line for message in self.heard if message.room == room for line in message.body.splitlines()]
        typed = [line.removeprefix(beside).removesuffix("`") for line in lines if line.startswith(beside)]
        return await self.say(room, typed[-1] if typed else label)

    async def wait_for(
        self, text: str, room: str | None = None, *, after: int = 0, seconds: float = PATIENCE
    ) -> Message:
        """The first message of somebody else that contains the text, heard already or yet to come.

        `after` leaves out that many of the earliest messages: `len(anna.heard)` waits for something new.
        """
        found: list[Message] = []

        def is_there() -> bool:
            found[:] = [message for message in self.heard[after:] if self._fits(message, text, room)]
            return bool(found)

        await self.until(is_there, f"'{text}'", seconds)
        return found[0]

    async def ask(self, room: str, text: str, answer: str, seconds: float = PATIENCE) -> Message:
        """Say something and wait for an answer that contains this."""
        before = len(self.heard)
        await self.say(room, text)
        return await self.wait_for(answer, room, after=before, seconds=seconds)

    async def until(self, so: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Wait until something is so; looked at again after each sync and each message."""
        try:
            async with asyncio.timeout(seconds):
                while not so():
                    self._raise_when_deaf()
                    await self._news.wait()
        except TimeoutError:
            said = "\n".join(f"  {message.sender}: {message.body}" for message in self.heard)
            raise AssertionError(f"{self.user_id} waited for {what} and heard only:\n{said}") from None

    def _call_back(self) -> None:
        client: Any = self.client  # nio's own types do not know what it hands to callbacks
        client.add_event_callback(self._hear, (nio.RoomMessageText, nio.RoomMessageNotice))
        client.add_event_callback(self._miss, nio.MegolmEvent)
        client.add_event_callback(self._accept, nio.InviteMemberEvent)
        client.add_response_callback(self._ring, nio.SyncResponse)

    async def _listen(self) -> None:
        await self.client.sync_forever(timeout=10_000, full_state=True)

    def _hear(self, room: nio.MatrixRoom, event: nio.RoomMessageText | nio.RoomMessageNotice) -> None:
        kind = event.source["content"]["msgtype"]
        self.heard.append(Message(room.room_id, event.sender, event.body, kind, event.decrypted, event))
        self._ring()

    def _miss(self, room: nio.MatrixRoom, event: nio.MegolmEvent) -> None:  # noqa: ARG002 - the callback's signature
        self.unreadable.append(event)
        self._ring()

    async def _accept(self, room: nio.MatrixInvitedRoom, event: nio.InviteMemberEvent) -> None:
        if event.state_key == self.user_id and event.membership == "invite":
            await self.client.join(room.room_id)

    def _ring(self, _: object = None) -> None:
        """Let everybody who waits look again."""
        self._news.set()
        self._news = asyncio.Event()

    def _can_be_written_to(self) -> bool:
        return bool(self.client.next_batch) and bool(self.client.olm_account_shared)

    def _is_in(self, room: str, other: str) -> bool:
        known = self.client.rooms.get(room)
        return known is not None and other in known.users and other not in known.invited_users

    def _fits(self, message: Message, text: str, room: str | None) -> bool:
        return message.sender != self.user_id and text in message.body and room in {None, message.room}

    def _raise_when_deaf(self) -> None:
        if self._listening is not None and self._listening.done():
            self._listening.result()
            raise AssertionError(f"{self.user_id} has stopped listening")


@asynccontextmanager
async def participant(synapse: Synapse, credentials: Credentials) -> AsyncIterator[Participant]:
    """Log somebody in on a new device with keys in memory, and listen until the end of the block."""
    config = nio.AsyncClientConfig(store=SqliteMemoryStore, encryption_enabled=True, store_sync_tokens=False)
    client = nio.AsyncClient(synapse.url, credentials.user_id, config=config, ssl=True)
    try:
        answer = await client.login(credentials.password, device_name="participant")
        assert isinstance(answer, nio.LoginResponse), answer
        async with Participant(client) as listening:
            yield listening
    finally:
        await _close(client)


async def _close(client: Any) -> None:
    """Close the connections, and the database that nio leaves open even in memory."""
    await client.close()
    if client.store is not None:
        client.store.database.close()
