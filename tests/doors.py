"""How a server in a test closes: nobody is let in any more, and whoever is being let in is in before the door shuts."""

import asyncio

from aiohttp import web


async def shut(runner: web.AppRunner) -> None:
    """Stop listening, then end what is open.

    asyncio of Python 3.11 accepts a socket in one turn of the loop and gives it an owner in the next. A server that closes
    between the two leaves a socket that nobody closes, and a later test is blamed for it.
    """
    await let_nobody_in(runner)
    await runner.cleanup()


async def let_nobody_in(runner: web.AppRunner) -> None:
    """Accept nobody any more, and give whoever was accepted an owner."""
    loop = asyncio.get_running_loop()
    for site in runner.sites:
        server = getattr(site, "_server", None)
        for sock in server.sockets if server is not None else ():
            loop.remove_reader(sock.fileno())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
