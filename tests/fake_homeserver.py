"""A homeserver in this process: the endpoints that a bot uses, every request on record, and faults on demand.

It keeps rooms, state, to-device messages and keys as the client-server API has them, so that real clients with encryption can talk
through it. It checks little: what a real server refuses is tested on a real server (`tests/synapse.py`).
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.doors import shut

Raw = dict[str, Any]
JOINED = {"join"}
PATIENCE = 10.0
MEGOLM = {"algorithm": "m.megolm.v1.aes-sha2"}


class Pulse:
    """Wakes who waits for something to become so."""

    def __init__(self) -> None:
        self._beats = asyncio.Event()

    def beat(self) -> None:
        self._beats.set()
        self._beats = asyncio.Event()

    async def until(self, so: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait until it is so. Fails the test when it does not become so in time."""
        try:
            async with asyncio.timeout(seconds):
                while not so():
                    await self._beats.wait()
        except TimeoutError:
            raise AssertionError(f"not so within {seconds} s") from None


@dataclass
class Fault:
    """What goes wrong with the next `times` requests of this method whose path contains `path`."""

    kind: str
    """`429` (also `-header`, `-now`), `502`, `hang`, `reset`, `garbage`, `wrong` (a list), `revoked`, `soft`, `refuse`, `lose` (done, answer lost)."""
    path: str
    method: str = ""
    times: int = 1
    retry_after_ms: int = 20


@dataclass
class Request:
    method: str
    path: str
    body: Any
    at: float


@dataclass
class Room:
    id: str
    events: list[Raw] = field(default_factory=list)
    """Each with `pos`, its place in the stream."""

    def state(self, upto: int | None = None) -> dict[tuple[str, str], Raw]:
        found = {}
        for event in self.events:
            if "state_key" in event and (upto is None or event["pos"] <= upto):
                found[event["type"], event["state_key"]] = event
        return found

    def member(self, user: str) -> Raw | None:
        return self.state().get(("m.room.member", user))

    def membership(self, user: str) -> str:
        event = self.member(user)
        return event["content"].get("membership", "leave") if event else "leave"


@dataclass
class Device:
    user: str
    id: str
    token: str
    keys: Raw = field(default_factory=dict)
    one_time: dict[str, Raw] = field(default_factory=dict)
    inbox: list[tuple[int, Raw]] = field(default_factory=list)
    transactions: dict[str, str] = field(default_factory=dict)


class FakeHomeserver:
    """`async with fake_homeserver() as server:` listens on loopback at `server.url`."""

    def __init__(self) -> None:
        self.url = ""
        self.name = "fake.test"
        self.pulse = Pulse()
        self.faults: deque[Fault] = deque()
        self.faulted: list[Fault] = []
        self.requests: list[Request] = []
        self.rooms: dict[str, Room] = {}
        self.devices: dict[str, Device] = {}
        self.passwords: dict[str, str] = {}
        self.cross_signing: dict[str, Raw] = {}
        self.account_data: dict[tuple[str, str], Raw] = {}
        self.uploads: dict[str, bytes] = {}
        self.timeline_limit = 50
        self.sync_patches: deque[Callable[[Raw], Any]] = deque()
        """Each changes one sync answer that has something new."""
        self.withheld: list[tuple[Device, Raw]] | None = None
        """When a list, to-device messages wait in it until `let_through`."""
        self.rewrite: Callable[[Raw], Raw] | None = None
        """A hostile server changes the events that are sent."""
        self.shown_keys: dict[str, Raw] = {}
        """Devices that the server shows for a user instead of the real ones."""
        self._position = 1
        self._ids = count(1)
        self._keys_changed: list[tuple[int, str]] = []
        self._release = asyncio.Event()

    # what tests do and ask

    def account(self, name: str, password: str = "secret") -> str:
        user = f"@{name}:{self.name}"
        self.passwords[user] = password
        return user

    def makes_room(
        self,
        maker: str,
        *,
        invite: tuple[str, ...] = (),
        is_direct: bool = False,
        encrypted: bool = False,
        creation: Raw | None = None,
    ) -> str:
        room = self._make(maker, creation or {})
        if encrypted:
            self.put_state(room, maker, "m.room.encryption", MEGOLM)
        for guest in invite:
            self.invites(room, maker, guest, is_direct=is_direct)
        return room

    def invites(self, room: str, host: str, guest: str, *, is_direct: bool = False) -> None:
        content: Raw = {"membership": "invite"} | ({"is_direct": True} if is_direct else {})
        self.put_state(room, host, "m.room.member", content, guest)

    def joins(self, room: str, user: str, name: str = "") -> None:
        content = {"membership": "join"} | ({"displayname": name} if name else {})
        self.put_state(room, user, "m.room.member", content, user)

    def leaves(self, room: str, user: str) -> None:
        self.put_state(room, user, "m.room.member", {"membership": "leave"}, user)

    def put_state(self, room: str, sender: str, kind: str, content: Raw, key: str = "") -> str:
        return self.add(room, {"type": kind, "sender": sender, "content": content, "state_key": key})

    def says(self, room: str, sender: str, body: str, **content: Any) -> str:
        content = {"msgtype": "m.text", "body": body, **content}
        return self.add(room, {"type": "m.room.message", "sender": sender, "content": content})

    def add(self, room: str, event: Raw) -> str:
        """Put any event into a room, however wrong."""
        self._position += 1
        event.setdefault("event_id", f"$event{next(self._ids)}")
        event.setdefault("origin_server_ts", 1_790_000_000_000 + self._position)
        before = (
            self.rooms[room].state().get((event.get("type", ""), event["state_key"])) if "state_key" in event else None
        )
        if before is not None:
            event.setdefault("unsigned", {"prev_content": before["content"], "replaces_state": before["event_id"]})
        self.rooms[room].events.append({**event, "pos": self._position})
        self.pulse.beat()
        return str(event["event_id"])

    def sends_to_device(self, user: str, event: Any) -> None:
        """Put any to-device event into the inbox of all devices of a user."""
        self._position += 1
        for device in self.devices.values():
            if device.user == user:
                device.inbox.append((self._position, event))
        self.pulse.beat()

    def let_through(self) -> None:
        """Deliver the to-device messages that were withheld."""
        waiting, self.withheld = self.withheld or [], None
        self._position += 1
        for device, event in waiting:
            device.inbox.append((self._position, event))
        self.pulse.beat()

    def device_of(self, user: str) -> Device:
        return next(device for device in self.devices.values() if device.user == user)

    def said_by(self, user: str, room: str | None = None) -> list[Raw]:
        """The events (no state) that a user sent, in one room or all."""
        places = [self.rooms[room]] if room else self.rooms.values()
        return [
            event for place in places for event in place.events if event["sender"] == user and "state_key" not in event
        ]

    def rooms_made_by(self, user: str) -> list[Room]:
        return [room for room in self.rooms.values() if room.state()["m.room.create", ""]["sender"] == user]

    def puts(self, path: str) -> list[Request]:
        """The PUT requests whose path contains this."""
        return [request for request in self.requests if request.method == "PUT" and path in request.path]

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if path in request.path]

    async def until(self, so: Callable[[], object], seconds: float = PATIENCE) -> None:
        await self.pulse.until(so, seconds)

    # the server

    @web.middleware
    async def _record(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        text = await request.read()
        body = json.loads(text) if text and "json" in request.content_type else text or None
        path = unquote(request.rel_url.raw_path)
        self.requests.append(Request(request.method, path, body, asyncio.get_running_loop().time()))
        fault = self._fault(request.method, path)
        try:
            if fault is not None and fault.kind != "lose":
                return await self._go_wrong(request, fault)
            answer = await handler(request)
            return await self._go_wrong(request, fault) if fault is not None else answer
        finally:
            self.pulse.beat()

    def _fault(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.path in path and fault.method in {"", method}:
                fault.times -= 1
                if not fault.times:
                    self.faults.remove(fault)
                self.faulted.append(fault)
                return fault
        return None

    async def _go_wrong(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        answers: dict[str, Callable[[], web.Response]] = {
            "429": lambda: _error(429, "M_LIMIT_EXCEEDED", retry_after_ms=fault.retry_after_ms),
            "429-header": lambda: _error(429, "M_LIMIT_EXCEEDED", {"Retry-After": "7"}),
            "429-now": lambda: _error(429, "M_LIMIT_EXCEEDED", retry_after_ms=0),
            "502": lambda: web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html"),
            "garbage": lambda: web.Response(text='{"next_batch": "s1", "rooms": {', content_type="application/json"),
            "wrong": lambda: web.json_response(["not", "an", "object"]),
            "revoked": lambda: _error(401, "M_UNKNOWN_TOKEN"),
            "soft": lambda: _error(401, "M_UNKNOWN_TOKEN", soft_logout=True),
            "refuse": lambda: _error(403, "M_FORBIDDEN"),
        }
        if fault.kind in answers:
            return answers[fault.kind]()
        if fault.kind == "hang":
            await self._release.wait()
        elif request.transport is not None:
            request.transport.abort()
        return web.Response(status=504)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        app = web.Application(middlewares=[self._record], client_max_size=10**8)
        api, media = "/_matrix/client/v3", "/_matrix/media/v3"
        app.add_routes(
            [
                web.get(f"{api}/login", self._login_ways),
                web.post(f"{api}/login", self._login),
                web.get(f"{api}/account/whoami", self._whoami),
                web.get(f"{api}/sync", self._sync),
                web.post(f"{api}/createRoom", self._create_room),
                web.post(f"{api}/join/{{room}}", self._join),
                web.post(f"{api}/rooms/{{room}}/join", self._join),
                web.post(f"{api}/rooms/{{room}}/leave", self._leave),
                web.post(f"{api}/rooms/{{room}}/invite", self._invite),
                web.post(f"{api}/rooms/{{room}}/kick", self._kick),
                web.put(f"{api}/rooms/{{room}}/send/{{kind}}/{{txn}}", self._send),
                web.put(f"{api}/rooms/{{room}}/state/{{kind}}/{{key:[^/]*}}", self._put_state),
                web.get(f"{api}/rooms/{{room}}/state", self._state),
                web.get(f"{api}/rooms/{{room}}/members", self._members),
                web.get(f"{api}/rooms/{{room}}/joined_members", self._joined_members),
                web.get(f"{api}/rooms/{{room}}/messages", self._messages),
                web.get(f"{api}/rooms/{{room}}/event/{{event}}", self._event),
                web.get(f"{api}/joined_rooms", self._joined_rooms),
                web.post(f"{api}/keys/upload", self._keys_upload),
                web.post(f"{api}/keys/query", self._keys_query),
                web.post(f"{api}/keys/claim", self._keys_claim),
                web.post(f"{api}/keys/device_signing/upload", self._device_signing),
                web.post(f"{api}/keys/signatures/upload", self._signatures),
                web.put(f"{api}/sendToDevice/{{kind}}/{{txn}}", self._send_to_device),
                web.put(f"{api}/user/{{user}}/account_data/{{kind}}", self._put_account_data),
                web.post(f"{media}/upload", self._upload),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield
        finally:
            self._release.set()
            await shut(runner)

    def _device(self, request: web.Request) -> Device:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.devices:
            raise web.HTTPUnauthorized(text='{"errcode":"M_UNKNOWN_TOKEN"}', content_type="application/json")
        return self.devices[token]

    def _room(self, request: web.Request, membership: set[str] = JOINED) -> Room:
        room = self.rooms.get(request.match_info["room"])
        if room is None or room.membership(self._device(request).user) not in membership:
            raise web.HTTPForbidden(text='{"errcode":"M_FORBIDDEN"}', content_type="application/json")
        return room

    async def _login_ways(self, _: web.Request) -> web.Response:
        return web.json_response({"flows": [{"type": "m.login.password"}]})

    async def _login(self, request: web.Request) -> web.Response:
        body = await request.json()
        name = body.get("identifier", {}).get("user") or body["user"]
        user = name if name.startswith("@") else f"@{name}:{self.name}"
        if self.passwords.get(user) != body["password"]:
            return _error(403, "M_FORBIDDEN")
        device = body.get("device_id") or f"DEVICE{next(self._ids)}"
        known = next((old for old in self.devices.values() if (old.user, old.id) == (user, device)), None)
        token = f"token{next(self._ids)}"
        self.devices[token] = known or Device(user, device, token)
        return web.json_response({"user_id": user, "device_id": device, "access_token": token})

    async def _whoami(self, request: web.Request) -> web.Response:
        device = self._device(request)
        return web.json_response({"user_id": device.user, "device_id": device.id})

    async def _create_room(self, request: web.Request) -> web.Response:
        body, user = await request.json(), self._device(request).user
        room = self._make(user, body.get("creation_content", {}))
        for event in body.get("initial_state", []):
            self.put_state(room, user, event["type"], event["content"], event.get("state_key", ""))
        for kind in ("name", "topic"):
            if body.get(kind):
                self.put_state(room, user, f"m.room.{kind}", {kind: body[kind]})
        for guest in body.get("invite", []):
            self.invites(room, user, guest, is_direct=body.get("is_direct", False))
        return web.json_response({"room_id": room})

    def _make(self, maker: str, creation: Raw) -> str:
        """Version 12: the id of a room names no server, and its creator stands in no power levels."""
        room = f"!room{next(self._ids)}"
        self.rooms[room] = Room(room)
        self.put_state(room, maker, "m.room.create", {"room_version": "12", **creation})
        self.joins(room, maker)
        self.put_state(room, maker, "m.room.power_levels", {"users": {}, "invite": 0})
        return room

    async def _join(self, request: web.Request) -> web.Response:
        room, user = self.rooms[request.match_info["room"]], self._device(request).user
        rule = room.state().get(("m.room.join_rules", ""), {"content": {}})["content"].get("join_rule")
        if room.membership(user) not in {"invite", "join"} and rule != "public":
            return _error(403, "M_FORBIDDEN")
        if room.membership(user) != "join":
            self.joins(room.id, user)
        return web.json_response({"room_id": room.id})

    async def _leave(self, request: web.Request) -> web.Response:
        room = self._room(request, {"join", "invite"})
        self.leaves(room.id, self._device(request).user)
        return web.json_response({})

    async def _invite(self, request: web.Request) -> web.Response:
        self.invites(self._room(request).id, self._device(request).user, (await request.json())["user_id"])
        return web.json_response({})

    async def _kick(self, request: web.Request) -> web.Response:
        person = (await request.json())["user_id"]
        self.put_state(
            self._room(request).id, self._device(request).user, "m.room.member", {"membership": "leave"}, person
        )
        return web.json_response({})

    async def _send(self, request: web.Request) -> web.Response:
        device, room, body = self._device(request), self._room(request), await request.json()
        if len(json.dumps(body)) > 65_000:
            return _error(413, "M_TOO_LARGE")
        transaction = f"{room.id} {request.match_info['txn']}"
        if transaction not in device.transactions:
            event = {"type": request.match_info["kind"], "sender": device.user, "content": body}
            event = self.rewrite(event) if self.rewrite else event
            device.transactions[transaction] = self.add(room.id, event)
        return web.json_response({"event_id": device.transactions[transaction]})

    async def _put_state(self, request: web.Request) -> web.Response:
        room, kind, key = self._room(request), request.match_info["kind"], request.match_info["key"]
        event = self.put_state(room.id, self._device(request).user, kind, await request.json(), key)
        return web.json_response({"event_id": event})

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response([_bare(event) for event in self._room(request).state().values()])

    async def _members(self, request: web.Request) -> web.Response:
        absent = request.query.get("not_membership")
        members = [event for (kind, _), event in self._room(request).state().items() if kind == "m.room.member"]
        shown = [_bare(event) for event in members if event["content"].get("membership") != absent]
        return web.json_response({"chunk": shown})

    async def _joined_members(self, request: web.Request) -> web.Response:
        room = self._room(request)
        users = [key for (kind, key) in room.state() if kind == "m.room.member" and room.membership(key) == "join"]
        return web.json_response({"joined": {user: {"display_name": None, "avatar_url": None} for user in users}})

    async def _messages(self, request: web.Request) -> web.Response:
        start = int(request.query.get("from", f"t{self._position}")[1:])
        end = int(request.query.get("to", "s0")[1:])
        wanted = json.loads(request.query.get("filter", "{}"))
        older = [
            event for event in self._room(request).events if end < event["pos"] <= start and _passes(event, wanted)
        ]
        page = older[::-1][: int(request.query.get("limit", "10"))]
        more = {"end": f"t{page[-1]['pos'] - 1}"} if len(page) < len(older) else {}
        return web.json_response({"chunk": [_bare(event) for event in page], "start": f"t{start}", **more})

    async def _event(self, request: web.Request) -> web.Response:
        for event in self._room(request).events:
            if event["event_id"] == request.match_info["event"]:
                return web.json_response(_bare(event) | {"room_id": request.match_info["room"]})
        return _error(404, "M_NOT_FOUND")

    async def _joined_rooms(self, request: web.Request) -> web.Response:
        user = self._device(request).user
        return web.json_response({"joined_rooms": [r.id for r in self.rooms.values() if r.membership(user) == "join"]})

    async def _keys_upload(self, request: web.Request) -> web.Response:
        device, body = self._device(request), await request.json()
        if "device_keys" in body:
            device.keys = body["device_keys"]
            self._note_keys(device.user)
        device.one_time |= body.get("one_time_keys", {})
        return web.json_response({"one_time_key_counts": {"signed_curve25519": len(device.one_time)}})

    def _note_keys(self, user: str) -> None:
        self._position += 1
        self._keys_changed.append((self._position, user))
        self.pulse.beat()

    async def _keys_query(self, request: web.Request) -> web.Response:
        asked = (await request.json())["device_keys"]
        answer: Raw = {"device_keys": {}, "failures": {}}
        for user in asked:
            devices = [device for device in self.devices.values() if device.user == user and device.keys]
            shown = {device.id: device.keys for device in devices}
            answer["device_keys"][user] = self.shown_keys.get(user, shown)
            for usage, key in self.cross_signing.get(user, {}).items():
                answer.setdefault(f"{usage}s", {})[user] = key
        return web.json_response(answer)

    async def _keys_claim(self, request: web.Request) -> web.Response:
        claimed: defaultdict[str, Raw] = defaultdict(dict)
        for user, wanted in (await request.json())["one_time_keys"].items():
            for device in self.devices.values():
                if device.user == user and device.id in wanted and device.one_time:
                    name = next(iter(device.one_time))
                    claimed[user][device.id] = {name: device.one_time.pop(name)}
        return web.json_response({"one_time_keys": claimed, "failures": {}})

    async def _device_signing(self, request: web.Request) -> web.Response:
        user, body = self._device(request).user, await request.json()
        self.cross_signing[user] = {usage: key for usage, key in body.items() if usage.endswith("_key")}
        self._note_keys(user)
        return web.json_response({})

    async def _signatures(self, request: web.Request) -> web.Response:
        for user, objects in (await request.json()).items():
            for device in self.devices.values():
                if device.user == user and device.id in objects:
                    _merge_signatures(device.keys, objects[device.id])
            self._note_keys(user)
        return web.json_response({"failures": {}})

    async def _send_to_device(self, request: web.Request) -> web.Response:
        sender, kind = self._device(request).user, request.match_info["kind"]
        self._position += 1
        for user, messages in (await request.json())["messages"].items():
            for device in self.devices.values():
                content = messages.get(device.id, messages.get("*")) if device.user == user else None
                event = {"type": kind, "sender": sender, "content": content}
                if content is not None and self.withheld is not None:
                    self.withheld.append((device, event))
                elif content is not None:
                    device.inbox.append((self._position, event))
        return web.json_response({})

    async def _put_account_data(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        self._position += 1
        content = await request.json()
        self.account_data[self._device(request).user, kind] = {"type": kind, "content": content, "pos": self._position}
        return web.json_response({})

    async def _upload(self, request: web.Request) -> web.Response:
        address = f"mxc://{self.name}/file{next(self._ids)}"
        self.uploads[address] = await request.read()
        return web.json_response({"content_uri": address})

    # sync

    async def _sync(self, request: web.Request) -> web.Response:
        device = self._device(request)
        since = int(request.query["since"][1:]) if "since" in request.query else 0
        full = request.query.get("full_state") == "true" or not since
        device.inbox = [(pos, event) for pos, event in device.inbox if pos > since]
        loop = asyncio.get_running_loop()
        end = loop.time() + int(request.query.get("timeout", "0")) / 1000
        while True:
            answer = self._news(device, since, full=full)
            left = end - loop.time()
            if full or left <= 0 or set(answer) - {"next_batch", "device_one_time_keys_count"}:
                break
            await _wait(self.pulse, left)
        patched: Any = answer
        if self.sync_patches and not full and "rooms" in answer:
            patched = self.sync_patches.popleft()(answer)
        text = patched if isinstance(patched, str) else json.dumps(patched)
        return web.Response(text=text, content_type="application/json")

    def _news(self, device: Device, since: int, *, full: bool) -> Raw:
        news: Raw = {
            "next_batch": f"s{self._position}",
            "device_one_time_keys_count": {"signed_curve25519": len(device.one_time)},
        }
        rooms: defaultdict[str, Raw] = defaultdict(dict)
        for room in self.rooms.values():
            for membership, part in self._part(room, device.user, since, full=full):
                rooms[membership][room.id] = part
        inbox = [event for pos, event in device.inbox if pos > since]
        changed = sorted({user for pos, user in self._keys_changed if pos > since})
        account_data = [
            {"type": kind, "content": entry["content"]}
            for (user, kind), entry in self.account_data.items()
            if user == device.user and (full or entry["pos"] > since)
        ]
        parts: Raw = {
            "rooms": rooms,
            "to_device": {"events": inbox} if inbox else {},
            "device_lists": {"changed": changed} if changed and since else {},
            "account_data": {"events": account_data} if account_data else {},
        }
        return news | {name: part for name, part in parts.items() if part}

    def _part(self, room: Room, user: str, since: int, *, full: bool) -> Iterator[tuple[str, Raw]]:
        own = room.member(user)
        membership = room.membership(user)
        if membership == "join" and own is not None:
            if full or room.events[-1]["pos"] > since:
                yield "join", self._joined_part(room, user, since, full=full)
        elif own is not None and (own["pos"] > since):
            if membership == "invite":
                stripped = [own, *(event for (kind, _), event in room.state().items() if kind == "m.room.create")]
                yield "invite", {"invite_state": {"events": [_bare(event) for event in stripped]}}
            elif since:
                yield "leave", {"timeline": {"events": [_bare(own)]}, "state": {"events": []}}

    def _joined_part(self, room: Room, user: str, since: int, *, full: bool) -> Raw:
        joined_at = next(e["pos"] for e in reversed(room.events) if _begins(e, user))
        newly = joined_at > since
        new = [event for event in room.events if event["pos"] > (0 if newly else since)]
        timeline = new[-self.timeline_limit :]
        limited = len(timeline) < len(new)
        start = timeline[0]["pos"] - 1 if timeline else self._position
        state = room.state(start)
        if not (full or newly):
            state = {key: event for key, event in state.items() if event["pos"] > since}
        senders = {event["sender"] for event in timeline} | {user}
        shown = [_bare(e) for (kind, key), e in state.items() if kind != "m.room.member" or key in senders]
        return {
            "state": {"events": shown},
            "timeline": {"events": [_bare(e) for e in timeline], "limited": limited, "prev_batch": f"t{start}"},
        }


async def _wait(pulse: Pulse, seconds: float) -> None:
    beats = pulse._beats
    try:
        async with asyncio.timeout(seconds):
            await beats.wait()
    except TimeoutError:
        return


def _begins(event: Raw, user: str) -> bool:
    if event["type"] != "m.room.member" or event.get("state_key") != user:
        return False
    before = event.get("unsigned", {}).get("prev_content", {}).get("membership")
    return bool(event["content"].get("membership") == "join" and before != "join")


def _bare(event: Raw) -> Raw:
    return {name: value for name, value in event.items() if name != "pos"}


def _passes(event: Raw, wanted: Raw) -> bool:
    kinds, senders = wanted.get("types"), wanted.get("senders")
    return (kinds is None or event.get("type") in kinds) and (senders is None or event.get("sender") in senders)


def _merge_signatures(keys: Raw, signed: Raw) -> None:
    for signer, signatures in signed.get("signatures", {}).items():
        keys.setdefault("signatures", {}).setdefault(signer, {}).update(signatures)


def _error(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> web.Response:
    return web.json_response({"errcode": code, "error": code.lower(), **more}, status=status, headers=headers)


@asynccontextmanager
async def fake_homeserver() -> AsyncIterator[FakeHomeserver]:
    """A homeserver that listens on loopback until the end of the block."""
    server = FakeHomeserver()
    async with server.listening():
        yield server
