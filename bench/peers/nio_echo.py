"""An echo as matrix-nio's own documentation writes one: `!echo WORDS` is answered with the words, and nothing is kept.

`python nio_echo.py HOMESERVER USER PASSWORD`. Each answer is waited for, as is usual in nio's callbacks.
"""

import asyncio
import sys
from typing import Any

import nio

WORD = "!echo "


async def main(homeserver: str, user: str, password: str) -> None:
    """Log in, leave out what was said before, and echo for ever."""
    client: Any = nio.AsyncClient(homeserver, user, config=nio.AsyncClientConfig(encryption_enabled=False))

    async def echo(room: Any, event: Any) -> None:
        if event.sender != client.user_id and event.body.startswith(WORD):
            content = {"msgtype": "m.notice", "body": event.body.removeprefix(WORD)}
            await client.room_send(room.room_id, "m.room.message", content)

    await client.login(password)
    await client.sync(full_state=True)
    client.add_event_callback(echo, nio.RoomMessageText)
    await client.sync_forever(timeout=30_000)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
