"""The keys of devices and rooms: fetched, handed out and kept up, one bad one at a time.

nio puts a whole answer of the server through its machine at once, so that one forged key stops the keys of all; counts a room key as
shared when the server refused to pass it on; and does not refill one-time keys when the server has none left. Its `Olm` machine is
used here piece by piece instead.
"""

import asyncio
import copy
import secrets
from collections.abc import Iterable
from typing import Any

import nio

from bot.chat import Later
from bot.matrix.guard import guarded
from bot.matrix.known import KnownRooms
from bot.matrix.shapes import Raw, number, section, word
from bot.matrix.wire import Refused, Wire

_ONE_TIME = "signed_curve25519"
_DEVICES_AT_ONCE = 250


class Keys:
    """All that the bot's device does with keys, over one connection."""

    def __init__(self, wire: Wire, known: KnownRooms) -> None:
        self._wire = wire
        self._known = known
        self._olm = wire.client.olm
        self._one_at_a_time = asyncio.Lock()
        self._not_before: dict[str, float] = {}

    def counted(self, answer: Raw) -> None:
        """A sync says how many one-time keys of ours the server still has."""
        counts = section(answer, "device_one_time_keys_count")
        if (left := number(counts, _ONE_TIME)) is not None or counts:
            self._olm.uploaded_key_count = left or 0

    def changed(self, people: Iterable[str]) -> None:
        """These people's devices may have changed."""
        rooms = [room for room in self._wire.client.rooms.values() if room.encrypted]
        self._olm.add_changed_users({person for person in people if any(person in room.users for room in rooms)})

    async def keep_up(self) -> None:
        """Do all that nio's machine asks for now. Raises `Later`, `MatrixStopped`."""
        await self._upload()
        await self.query(set(self._olm.users_for_key_query))
        await self._unwedge()
        await self._send_waiting()

    async def query(self, people: set[str]) -> None:
        """Fetch the devices of these people. Who cannot be reached is tried again later."""
        async with self._one_at_a_time:
            people = people & self._olm.users_for_key_query
            if people:
                await self._query(people)

    async def share(self, room: str) -> None:
        """See to it that everybody in an encrypted room can read what is said next in it. Raises `Later`, `Refused`."""
        while True:
            members = await self._members(room)
            await self.query(members)
            if self._olm.should_share_group_session(room):
                await self._share(room, list(members))
            if members == await self._members(room):
                return
            self._olm.outbound_group_sessions.pop(room, None)  # somebody came or went while the keys were on their way

    async def _members(self, room: str) -> set[str]:
        await self._known.load(room)
        return set(self._wire.client.rooms[room].users)

    async def _query(self, people: set[str]) -> None:
        body = {"device_keys": {person: [] for person in people}, "timeout": self._afar()}
        answered = section(await self._wire.ask("POST", "keys", "query", body=body), "device_keys")
        for person in people & set(answered):
            sound = {
                name: device for name, device in section(answered, person).items() if self._sound(person, name, device)
            }
            with guarded("devices", person):
                await self._wire.client.receive_response(nio.KeysQueryResponse({person: sound}, {}))
        self._olm.users_for_key_query -= people
        if silent := people - set(answered):
            asyncio.get_running_loop().call_later(self._wire.pace.look_again, self._olm.add_changed_users, silent)

    def _sound(self, person: str, name: str, device: object) -> bool:
        """Whether nio can take this device in: the fields that it reads are there and the signature holds."""
        keys = section(device, "keys")
        signing = word(keys, f"ed25519:{name}")
        if (word(device, "user_id"), word(device, "device_id")) != (person, name) or not word(
            keys, f"curve25519:{name}"
        ):
            return False
        with guarded("device", f"{person} {name}"):
            return bool(signing and self._olm.verify_json(copy.deepcopy(device), signing, person, name))
        return False

    async def _share(self, room: str, members: list[str]) -> None:
        await self._claim(self._olm.get_missing_sessions(members))
        batches = self._olm.share_group_session_parallel(room, members, ignore_unverified_devices=True)
        for devices, messages in batches:
            await self._to_device("m.room.encrypted", messages)
            self._olm.outbound_group_sessions[room].users_shared_with.update(devices)
        self._olm.outbound_group_sessions[room].shared = True

    async def _claim(self, missing: dict[str, list[str]]) -> None:
        wanted = [(person, device) for person, devices in missing.items() for device in devices]
        for start in range(0, len(wanted), _DEVICES_AT_ONCE):
            body: dict[str, Any] = {"one_time_keys": {}, "timeout": self._afar()}
            for person, device in wanted[start : start + _DEVICES_AT_ONCE]:
                body["one_time_keys"].setdefault(person, {})[device] = _ONE_TIME
            self._take_claimed(await self._wire.ask("POST", "keys", "claim", body=body))

    def _take_claimed(self, answer: Raw) -> None:
        for person, devices in section(answer, "one_time_keys").items():
            for device, keys in section({"": devices}, "").items():
                with guarded("one_time_key", f"{person} {device}"):
                    self._olm.handle_response(nio.KeysClaimResponse({person: {device: keys}}, {}))

    async def _upload(self) -> None:
        if not self._olm.should_upload_keys or not self._may("upload"):
            return
        try:
            answer = await self._wire.ask("POST", "keys", "upload", body=self._olm.share_keys())
        except (
            Refused
        ):  # the server holds other keys under our numbers (a store from a backup): it will not change soon
            self._wait("upload")
            return
        count = number(section(answer, "one_time_key_counts"), _ONE_TIME) or 0
        self._olm.handle_response(nio.KeysUploadResponse(0, count))

    async def _unwedge(self) -> None:
        """Begin anew with devices that we can no longer read, at most once in a while: anybody may claim to be one."""
        if self._wire.client.should_claim_keys and self._may("claim"):
            self._wait("claim")
            await self._claim(self._olm.get_users_for_key_claiming())

    async def _send_waiting(self) -> None:
        for message in list(self._olm.outgoing_to_device_messages):
            await self._to_device(message.type, message.as_dict())
            self._olm.handle_response(nio.ToDeviceResponse(message))

    async def _to_device(self, kind: str, messages: Raw) -> None:
        try:
            await self._wire.ask("PUT", "sendToDevice", kind, secrets.token_hex(12), body=messages)
        except Refused as no:
            raise Later from no

    def _afar(self) -> int:
        return int(self._wire.pace.keys_from_afar * 1000)

    def _may(self, what: str) -> bool:
        return asyncio.get_running_loop().time() >= self._not_before.get(what, 0.0)

    def _wait(self, what: str) -> None:
        self._not_before[what] = asyncio.get_running_loop().time() + self._wire.pace.look_again
