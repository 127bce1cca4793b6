"""An echo for Teams in bare aiohttp: the token is checked as Microsoft asks, and each message is said back. Nothing is kept.

`python teams_echo.py KEYS_URL APP_ID` prints the port on which it listens.
"""

import asyncio
import sys
from typing import Any

import aiohttp
import jwt
from aiohttp import web
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://api.botframework.com"


async def main(keys_url: str, app_id: str) -> None:
    """Fetch the keys, and echo for ever."""
    async with aiohttp.ClientSession() as session:
        async with session.get(keys_url) as answer:
            keys: dict[str, Any] = {raw["kid"]: RSAAlgorithm.from_jwk(raw) for raw in (await answer.json())["keys"]}

        async def echo(request: web.Request) -> web.Response:
            token = request.headers["Authorization"].removeprefix("Bearer ")
            key = keys[jwt.get_unverified_header(token)["kid"]]
            jwt.decode(token, key, algorithms=["RS256"], audience=app_id, issuer=ISSUER)
            said = await request.json()
            where = f"{said['serviceUrl']}/v3/conversations/{said['conversation']['id']}/activities"
            async with session.post(where, json={"type": "message", "text": said["text"]}) as answer:
                answer.raise_for_status()
            return web.Response()

        app = web.Application()
        app.add_routes([web.post("/api/messages", echo)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
