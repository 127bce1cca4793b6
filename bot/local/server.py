"""What the page and the play say to each other, over a WebSocket with a token.

The token is made at each start and stands in the fragment of the address, which a browser sends to no server: other programs and
pages on this machine do not have it. Whatever does something comes this way; all open tabs see the same.
"""

import asyncio
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import ValidationError

from bot.console import NotThere
from bot.local.company import Company
from bot.local.door import LARGEST, Door
from bot.local.flaws import Flaw
from bot.local.guard import guarded
from bot.local.play import Play
from bot.local.record import Entry
from bot.local.rehearsing import Rehearsals
from bot.local.scene import View, closer, scene
from bot.local.timeline import heard_next, milestone_after, timeline
from bot.local.wishes import WISH, Ahead, Anew, Choose, Enact, Join, Look, Others, Press, Rehearse, SaySo, Travel, Wish

PROTOCOL = "kring"
WRONG_TOKEN = 4401
"""The WebSocket closes with it when the token is of another start."""
WAITING = 5_000
"""Messages that may wait for a tab that does not read; then it is let go, and begins anew."""


class Tab:
    """One open page. Whatever it must know waits here until the network takes it."""

    def __init__(self) -> None:
        self.view = View()
        self.waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def tell(self, *messages: dict[str, Any]) -> None:
        """Let the page know these, in order."""
        for message in messages:
            self.waiting.put_nowait(message)


class Page:
    """What is served: a play, or the flaws of an edition that cannot be played."""

    def __init__(
        self,
        play: Play | None,
        token: str,
        *,
        flaws: Sequence[Flaw] = (),
        rehearsals: Rehearsals | None = None,
        anew: Callable[[], Play] | None = None,
    ) -> None:
        """`anew` makes a new play in the place of one that has ended."""
        self._play: Play | None = None
        self._token, self._flaws = token, flaws
        self._rehearsals, self._anew = rehearsals, anew
        self._tabs: set[Tab] = set()
        self._sockets: set[web.WebSocketResponse] = set()
        self.door = Door(self._talk)
        if play is not None:
            self._begin(play)

    def _begin(self, play: Play) -> None:
        self._play = play
        play.tell = self._said
        self._company = Company(play)

    @property
    def address(self) -> str:
        """Where the page is, with the token in its fragment."""
        return f"http://127.0.0.1:{self.door.port}/#{self._token}"

    async def end(self) -> None:
        """End the play, whichever it is by now."""
        if self._play is not None:
            await self._play.end()

    # ── one tab ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def farewell(self) -> None:
        """Close all tabs: the process ends."""
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def _talk(self, request: web.Request) -> web.StreamResponse:
        """Talk with one tab until it closes."""
        socket = web.WebSocketResponse(protocols=(PROTOCOL,), max_msg_size=LARGEST, heartbeat=30)
        await socket.prepare(request)
        offered = request.headers.get("Sec-WebSocket-Protocol", "").split(",")
        if any(hmac.compare_digest(it.strip().encode(), self._token.encode()) for it in offered):
            await self._serve(socket)
        else:
            await socket.close(code=WRONG_TOKEN)
        return socket

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        tab = Tab()
        tab.tell(self._whole())
        self._tabs.add(tab)
        self._sockets.add(socket)
        writing = asyncio.create_task(_write(socket, tab))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await guarded(
                        self._heard(tab, message.data), lambda kind: tab.tell({"kind": "fault", "what": kind})
                    )
        finally:
            self._tabs.discard(tab)
            self._sockets.discard(socket)
            writing.cancel()

    def _whole(self) -> dict[str, Any]:
        """All that a page must know when it opens, in one message: it is never half known."""
        if self._play is None:
            return {"kind": "faults", "faults": [flaw.shown() for flaw in self._flaws]}
        entries = [entry.shown() for entry in self._play.record.all()]
        warned = [flaw.shown() for flaw in self._rehearsals.warnings] if self._rehearsals is not None else []
        whole = {"kind": "whole", "play": self._play.id, "entries": entries, "warned": warned}
        return {**whole, "scene": scene(self._play)}

    async def _heard(self, tab: Tab, written: str) -> None:
        try:
            wish = WISH.validate_json(written)
        except ValidationError:
            tab.tell({"kind": "refused", "what": "unknown wish"})
            return
        if self._play is not None:
            await self._wished(self._play, tab, wish)

    async def _wished(self, play: Play, tab: Tab, wish: Wish) -> None:
        match wish:
            case Look():
                tab.view = View(wish.person, wish.room, wish.language, wish.pictures)
                tab.tell(closer(play, tab.view))
            case Rehearse(language=language):
                await self._rehearse(tab, language, play.edition.windows["signup"].opens)
            case _:
                await self._done(play, tab, wish)

    # ── all tabs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _said(self, entries: Sequence[Entry]) -> None:
        if entries:
            shown = [entry.shown() for entry in entries]
            self._tell_all({"kind": "entries", "play": self._play and self._play.id, "entries": shown})

    def _tell_all(self, message: dict[str, Any]) -> None:
        for tab in self._tabs:
            tab.tell(message)

    async def _done(self, play: Play, tab: Tab, wish: Wish) -> None:
        """Do what a tab wants, when it is its turn, and let all of them see what became of it."""
        self._tell_all({"kind": "busy", "busy": True})
        try:
            async with play.turn:
                play = await self._do(play, wish)
                await play.save()
        except NotThere as refusal:
            tab.tell({"kind": "refused", "what": str(refusal)})
        finally:
            self._tell_all(scene(self._play or play))
            await self._tell_closer(self._play or play)
            self._tell_all({"kind": "busy", "busy": False})

    async def _tell_closer(self, play: Play) -> None:
        """Tell each tab what it alone looks at, one in each turn of the loop."""
        for tab in list(self._tabs):
            tab.tell(closer(play, tab.view))
            await asyncio.sleep(0)

    async def _do(self, play: Play, wish: Wish) -> Play:
        """Do it; gives the play that goes on."""
        if play is not self._play:
            raise NotThere("begun anew")
        if isinstance(wish, Anew):
            return await self._begun_anew(play)
        halted = await self._act(play, wish)
        if halted is not None:
            self._tell_all({"kind": "halted", "person": halted})
        return play

    async def _begun_anew(self, play: Play) -> Play:
        """End this play and begin another in its place. Raises `NotThere` where that cannot be."""
        if self._anew is None:
            raise NotThere("this play cannot begin anew")
        await play.end()
        self._begin(fresh := self._anew())
        self._tell_all(self._whole())
        await fresh.open()
        return fresh

    async def _act(self, play: Play, wish: Wish) -> str | None:
        """Do it; of playing on, gives for whom it halted."""
        match wish:
            case SaySo(person=person, room=room, text=text):
                await play.say(person, room, text)
            case Press(person=person, entry=entry, button=button):
                await play.press_at(person, entry, button)
            case Choose(person=person, entry=entry, chosen=chosen):
                await play.vote_at(person, entry, chosen)
            case Enact(lines=lines):
                await play.enact((it.person, it.room, it.text) for it in lines)
            case Join(name=name, organisation=organisation):
                play.join(name, organisation)
            case _:
                return await self._let_go_by(play, wish)
        return None

    async def _let_go_by(self, play: Play, wish: Wish) -> str | None:
        """Let time pass; gives for whom it halted."""
        match wish:
            case Travel(to=to, others=True):
                return await self._company.until(to, play.by_hand())
            case Travel(to=to):
                await play.go_to(to)
            case Ahead(by="next"):
                await play.go_to(_heard_next(play))
            case Ahead(by=by):
                await play.ahead(by)
            case Others(by="step"):
                await self._company.step(() if wish.all else play.by_hand())
            case Others(by="run"):
                return await self._company.until(_run_to(play), () if wish.all else play.by_hand())
        return None

    async def _rehearse(self, tab: Tab, language: str, opens: date) -> None:
        if self._rehearsals is None:
            return
        try:
            report = await self._rehearsals.report(language, opens)
        except NotThere as refusal:
            tab.tell({"kind": "rehearsal", "fault": str(refusal)})
        else:
            tab.tell({"kind": "rehearsal", "report": report})


def _heard_next(play: Play) -> datetime:
    at = heard_next(timeline(play), play.next_at())
    if at is None:
        raise NotThere("nothing comes any more")
    return at


def _run_to(play: Play) -> datetime:
    """Where playing on halts: at the next milestone for everybody, or after a week."""
    now = play.clock.now()
    beacon = milestone_after(timeline(play), now)
    return beacon.at if beacon is not None else now + timedelta(days=7)


async def _write(socket: web.WebSocketResponse, tab: Tab) -> None:
    """Send what waits, in order, until the tab is gone or reads so little that it must begin anew."""
    while not socket.closed:
        message = await tab.waiting.get()
        try:
            await socket.send_str(json.dumps(message, ensure_ascii=False))
        except ConnectionError:
            return
        if tab.waiting.qsize() >= WAITING:
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
