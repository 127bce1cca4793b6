"""The Bot Connector of Teams on loopback: it keeps what the bot says, gives rosters, and fails as it is told to.

Faults stand in a row; each request that the row is meant for takes the first. `lost` does what was asked and loses the answer,
`reset` does nothing and breaks the connection, `silent` does nothing and does not answer, `slow` does it when `go_on` is set.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import aiohttp
from aiohttp import web

from bot.clock import WallClock
from bot.teams.activities import Raw
from tests.doors import shut
from tests.fake_homeserver import Pulse
from tests.fake_idp import APP, TENANT, FakeIdp

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BOT = {"id": f"28:{APP}", "name": "Kring"}


def object_id(name: str) -> str:
    """The Entra object id of somebody, always the same."""
    return str(uuid5(NAMESPACE_URL, f"https://people.example/{name}"))


def person_id(name: str, tenant: str = TENANT) -> str:
    """The full id of somebody in the house."""
    return f"teams:{tenant}:{object_id(name)}"


def account(name: str, **other: Any) -> Raw:
    """Somebody as Teams writes them in an activity."""
    return {"id": f"29:{name}", "name": name.capitalize(), "aadObjectId": object_id(name)} | other


@dataclass(frozen=True)
class Fault:
    """How a request goes wrong: an HTTP status, or `lost`, `reset`, `silent`, `slow`."""

    how: int | str
    headers: dict[str, str] = field(default_factory=dict)
    code: str = ""
    method: str = "POST"
    conversation: str = ""
    """Only a request about this conversation goes wrong."""

    def meets(self, request: web.Request) -> bool:
        """Whether this request goes wrong."""
        return self.method == request.method and self.conversation in request.path


@dataclass
class Said:
    """Something that stands in a conversation, as it is now."""

    id: str
    conversation: str
    activity: Raw
    changes: int = 0


@dataclass
class FakeConnector:
    """Conversations of people in one tenant, and the bot among them."""

    idp: FakeIdp
    host: str = ""
    endpoint: str = ""
    """Where the bot listens (`host:port`)."""
    said: list[Said] = field(default_factory=list)
    written: list[Said] = field(default_factory=list)
    """Everything that was said or changed, as it was then, in order."""
    stored: dict[str, bytes] = field(default_factory=dict)
    """Files that the bot put in OneDrive."""
    rosters: dict[str, list[Raw]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path and token of each request."""
    pulse: Pulse = field(default_factory=Pulse)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    installed: bool = True
    """The app is there for everybody: a chat may be begun."""
    clock: Any = field(default_factory=WallClock)
    _numbers: Any = field(default_factory=lambda: itertools.count(1_700_000_000_000))
    _session: aiohttp.ClientSession | None = None

    @property
    def service(self) -> str:
        return f"http://{self.host}/emea"

    # ── what the bot asks ────────────────────────────────────────────────────────────────────────────────────────────────

    def app(self) -> web.Application:
        app = web.Application(client_max_size=1 << 20, middlewares=[self._faulty])
        base = "/emea/v3/conversations"
        app.add_routes(
            [
                web.post(base, self._begin),
                web.post(base + "/{conversation}/activities", self._say),
                web.put(base + "/{conversation}/activities/{activity}", self._change),
                web.get(base + "/{conversation}/pagedmembers", self._members),
                web.put("/onedrive/{file}", self._store),
            ]
        )
        return app

    @web.middleware
    async def _faulty(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note the request, and let it go wrong as the next fault for its method says."""
        self.asked.append((request.method, request.path, request.headers.get("Authorization", "")))
        fault = next((it for it in self.faults if it.meets(request)), None)
        if fault is None:
            return await handler(request)
        self.faults.remove(fault)
        self.pulse.beat()
        if isinstance(fault.how, int):
            told = {"error": {"code": fault.code or "Error", "message": "as told"}}
            return web.json_response(told, status=fault.how, headers=fault.headers)
        if fault.how == "slow":
            await self.go_on.wait()
            return await handler(request)
        if fault.how == "silent":
            await asyncio.Event().wait()
        if fault.how == "lost":
            await handler(request)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _say(self, request: web.Request) -> web.Response:
        activity = await request.json()
        assert activity["type"] == "message"
        said = Said(str(next(self._numbers)), request.match_info["conversation"], activity)
        self.said.append(said)
        self.written.append(replace(said))
        self.pulse.beat()
        return web.json_response({"id": said.id}, status=201)

    async def _change(self, request: web.Request) -> web.Response:
        id_ = request.match_info["activity"]
        said = next((it for it in self.said if it.id == id_), None)
        if said is None or said.conversation != request.match_info["conversation"]:
            return web.json_response({"error": {"code": "ActivityNotFound"}}, status=404)
        said.activity, said.changes = await request.json(), said.changes + 1
        self.written.append(replace(said))
        self.pulse.beat()
        return web.json_response({"id": id_})

    async def _begin(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert body["isGroup"] is False
        assert body["tenantId"] == TENANT
        if not self.installed:
            told = {"error": {"code": "ForbiddenOperationException", "message": "not installed"}}
            return web.json_response(told, status=403)
        return web.json_response({"id": self.personal(body["members"][0]["id"])}, status=201)

    async def _members(self, request: web.Request) -> web.Response:
        people = self.rosters.get(request.match_info["conversation"])
        if people is None:
            return web.json_response({"error": {"code": "BotNotInConversationRoster"}}, status=403)
        start, size = int(request.query.get("continuationToken", "0")), 3
        page: Raw = {"members": people[start : start + size]}
        more = {"continuationToken": str(start + size)} if len(people) > start + size else {}
        return web.json_response(page | more)

    async def _store(self, request: web.Request) -> web.Response:
        """OneDrive, which takes a file without a token."""
        assert "Authorization" not in request.headers
        content = await request.read()
        assert request.headers["Content-Range"] == f"bytes 0-{len(content) - 1}/{len(content)}"
        self.stored[request.match_info["file"]] = content
        return web.json_response({}, status=201)

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────────

    def personal(self, object_id_: str) -> str:
        """The id of somebody's chat with the bot."""
        return f"a:{object_id_[:8]}"

    def chat_of(self, name: str) -> str:
        return self.personal(object_id(name))

    def group(self, *names: str, id_: str = "19:groep@thread.v2", kind: str = "groupChat") -> str:
        """A group chat (or channel) with these people; gives its id."""
        self.rosters[id_] = [member(name) for name in names]
        self.kinds[id_] = kind
        return id_

    def activity(self, who: str, text: str = "", conversation: str = "", *, id_: str = "", **other: Any) -> Raw:
        """A message of somebody, in the personal chat when no other is named."""
        where = conversation or self.chat_of(who)
        kind = self.kinds.get(where.partition(";")[0], "personal")
        return {
            "type": "message",
            "id": id_ or f"1600{next(self._numbers)}",
            "channelId": "msteams",
            "serviceUrl": self.service,
            "timestamp": self.clock.now().isoformat(),
            "from": account(who),
            "recipient": BOT,
            "conversation": {"id": where, "conversationType": kind, "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "text": text,
            "textFormat": "plain",
        } | other

    async def tell(self, activity: Any, *, token: str | None = None, **request: Any) -> int:
        """Send an activity to the bot, signed as it should be unless a token is given; gives the status of the answer."""
        status, _body = await self.told(activity, token=token, **request)
        return status

    async def told(
        self, activity: Any, *, token: str | None = None, scheme: str = "Bearer", **request: Any
    ) -> tuple[int, str]:
        assert self._session is not None
        token = self.idp.signed(self.service) if token is None else token
        headers = {"Authorization": f"{scheme} {token}"} if token else {}
        body: dict[str, Any] = request or {"json": activity}
        url = f"http://{self.endpoint}/api/messages"
        async with self._session.post(url, headers=headers, **body) as answer:
            return answer.status, await answer.text()

    async def speak(self, name: str, text: str, conversation: str = "", **other: Any) -> int:
        return await self.tell(self.activity(name, text, conversation, **other))

    def mention(self, name: str, text: str, conversation: str) -> Raw:
        """A message that begins with the name of the bot."""
        entity = {"type": "mention", "text": "<at>Kring</at>", "mentioned": BOT}
        return self.activity(name, f"<at>Kring</at> {text}", conversation, entities=[entity])

    def press(self, name: str, said: Said, title: str, **fields: str) -> Raw:
        """The press on a button of a card."""
        action = next(it for it in actions_of(said.activity) if it["title"] == title)
        value = {"action": {"type": action["type"], "verb": action["verb"], "data": action["data"] | fields}}
        return self.activity(
            name, conversation=said.conversation, type="invoke", name="adaptiveCard/action", value=value
        )

    def answer_offer(self, name: str, said: Said, *, accept: bool = True, upload: str = "") -> Raw:
        """The answer to the question whether somebody wants a file."""
        (card,) = said.activity["attachments"]
        info = {
            "uploadUrl": upload or f"http://{self.host}/onedrive/{card['name']}",
            "contentUrl": f"http://{self.host}/view/{card['name']}",
            "uniqueId": "1",
            "fileType": "ics",
            "name": card["name"],
        }
        value = {"type": "fileUpload", "action": "decline", "context": card["content"]["declineContext"]}
        if accept:
            value |= {"action": "accept", "context": card["content"]["acceptContext"], "uploadInfo": info}
        return self.activity(
            name, conversation=said.conversation, type="invoke", name="fileConsent/invoke", value=value
        )

    def moved(self, name: str, conversation: str, *, joined: bool) -> Raw:
        """Somebody comes into a group chat, or goes."""
        people = [it for it in self.rosters[conversation] if it["id"] != f"29:{name}"]
        self.rosters[conversation] = [*people, *([member(name)] if joined else [])]
        which = "membersAdded" if joined else "membersRemoved"
        told: Raw = {which: [{"id": f"29:{name}", "aadObjectId": object_id(name)}]}
        return self.activity(name, conversation=conversation, type="conversationUpdate", **told)

    # ── what can be looked up ────────────────────────────────────────────────────────────────────────────────────────────

    def texts(self, conversation: str = "") -> list[str]:
        return [it.activity.get("text", "") for it in self.said if conversation in ("", it.conversation)]

    async def until(self, many: int) -> list[Said]:
        """Wait until so many things were said."""
        await self.pulse.until(lambda: len(self.said) >= many)
        return self.said


def member(name: str, **other: Any) -> Raw:
    """Somebody as Teams writes them on a roster."""
    return {
        "id": f"29:{name}",
        "name": name.capitalize(),
        "objectId": object_id(name),
        "tenantId": TENANT,
        "userRole": "user",
    } | other


def actions_of(activity: Raw) -> list[Raw]:
    """The buttons of the card in an activity."""
    cards = [it["content"] for it in activity.get("attachments", [])]
    return [action for card in cards for part in card.get("body", []) for action in part.get("actions", [])]


@asynccontextmanager
async def serving_connector(idp: FakeIdp) -> AsyncIterator[FakeConnector]:
    """The fake, open."""
    connector = FakeConnector(idp)
    runner = web.AppRunner(connector.app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port, *_ = runner.addresses[0]
    connector.host = f"{host}:{port}"
    async with aiohttp.ClientSession() as connector._session:
        try:
            yield connector
        finally:
            await shut(runner)
