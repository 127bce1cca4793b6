"""The door of the page: who may come in, and what they must hold themselves to.

Other pages in the same browser can reach a port of this machine too. So the address must be a loopback one, and `Host` and
`Origin` must be ours: a name that somebody lets point to this machine is not, and neither is the page of another program here.
Over HTTP there are only files that never change.
"""

from collections.abc import Awaitable, Callable
from errno import EADDRINUSE
from importlib import resources
from ipaddress import ip_address

from aiohttp import web

from bot.cli.faults import Fault
from bot.cli.words import say

KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FIRST = "index.html"
LARGEST = 512 * 1024
"""Bytes of one thing that comes in: a message of 64 kB, written as JSON."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _taken(port: int, error: OSError) -> str:
    if error.errno == EADDRINUSE:
        why = say(nl=f"poort {port} is al in gebruik", en=f"port {port} is in use already")
    else:
        why = say(nl=f"poort {port} kan niet ({error.strerror})", en=f"port {port} cannot be used ({error.strerror})")
    mend = say(nl="kies een andere, bijvoorbeeld", en="choose another, for example")
    return f"--port: {why}; {mend} --port {port + 1} (make run PORT={port + 1})"


class Door:
    """Serves the files of the page, and at `/talk` whoever talks over a WebSocket, on one loopback port."""

    def __init__(self, talk: Handler) -> None:
        self._talk = talk
        self.port = 0
        """Where it listens, once it does."""

    async def open(self, host: str, port: int) -> web.AppRunner:
        """Listen (port 0: a free one). Raises `Fault` for an address that others can reach, or a port that is taken."""
        if not ip_address(host).is_loopback:
            raise Fault(f"{host}: is not an address of this machine alone; the page is served on 127.0.0.1")
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            raise Fault(_taken(port, error)) from None
        self.port = runner.addresses[0][1]
        return runner

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._gate], client_max_size=LARGEST)
        app.add_routes([web.get("/", _file(FIRST)), web.get("/talk", self._from_the_page)])
        app.add_routes([web.get(f"/{name}", _file(name)) for name in _files() if name != FIRST])
        return app

    def _hosts(self) -> set[str]:
        return {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost")}

    @web.middleware
    async def _gate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in only who asks for this page by its own name, and no other page."""
        origin = request.headers.get("Origin")
        stranger = origin is not None and origin not in {f"http://{host}" for host in self._hosts()}
        if stranger or request.headers.get("Host") not in self._hosts():
            raise web.HTTPForbidden(text="Only the page of Kring itself is served here.")
        answer = await handler(request)
        if not answer.prepared:
            answer.headers.update(_rules(self._hosts()))
        return answer

    async def _from_the_page(self, request: web.Request) -> web.StreamResponse:
        if "Origin" not in request.headers:
            raise web.HTTPForbidden(text="Only a page talks here.")
        return await self._talk(request)


def _files() -> list[str]:
    """The names of the files of the page."""
    there = resources.files("bot.local").joinpath("static")
    return sorted(it.name for it in there.iterdir() if it.name.rpartition(".")[2] in KINDS)


def _file(name: str) -> Handler:
    content = resources.files("bot.local").joinpath("static", name).read_bytes()
    kind = KINDS[name.rpartition(".")[2]]

    async def give(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=content, content_type=kind, charset="utf-8")

    return give


def _rules(hosts: set[str]) -> dict[str, str]:
    """What the browser must hold itself to: nothing from elsewhere, nothing inline, and no other page around this one."""
    talk = " ".join(f"ws://{host}" for host in sorted(hosts))
    policy = (
        f"default-src 'self'; connect-src 'self' {talk}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
