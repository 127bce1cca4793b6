"""One person who sends very much makes nobody else wait, and hears about it once."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import quantiles

from bot.clock import WallClock
from tests.bot_process import bot_process
from tests.fake_homeserver import FakeHomeserver, fake_homeserver
from tests.synapse import Credentials

A_SECOND = 200
SECONDS = 10
QUESTIONS = 40
ROOM = 60
"""So many messages anybody may send at once."""
NOTICE = "te veel berichten"


async def at_pace(times: int, a_second: float, doing: Callable[[int], Awaitable[None]]) -> None:
    """Do something so many times a second, counted from the beginning, so that it does not fall behind."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(times):
        await asyncio.sleep(max(0.0, began + number / a_second - loop.time()))
        await doing(number)


class Person:
    """Somebody in a direct chat with the bot."""

    def __init__(self, server: FakeHomeserver, name: str, bot: str) -> None:
        self.server = server
        self.bot = bot
        self.user = server.account(name)
        self.room = server.makes_room(self.user, invite=(bot,), is_direct=True)
        self.waits: list[float] = []

    async def say(self, text: str) -> None:
        at = int(WallClock().now().timestamp() * 1000)
        content = {"msgtype": "m.text", "body": text}
        event = {"type": "m.room.message", "sender": self.user, "content": content, "origin_server_ts": at}
        self.server.add(self.room, event)

    async def ask(self, number: int) -> None:
        """Ask something, and note how long the answer takes, in seconds."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        await self.say(f"help vraag{number}.")
        await self.server.until(lambda: self.heard(f"vraag{number}."), 20.0)
        self.waits.append(loop.time() - began)

    def heard(self, text: str) -> list[str]:
        """What the bot said that contains this."""
        said = [str(event["content"].get("body")) for event in self.server.said_by(self.bot, self.room)]
        return [body for body in said if text in body]


async def test_two_hundred_messages_a_second_from_one_person_keep_nobody_waiting(tmp_path: Path) -> None:
    async with fake_homeserver() as server:
        account = Credentials(server.account("kring"), "secret")
        async with bot_process(server.url, tmp_path, account, ["@cor:fake.test"]):
            mallory, anna = (Person(server, name, account.user_id) for name in ("mallory", "anna"))
            await anna.ask(-1)
            await mallory.ask(-1)
            anna.waits.clear()
            await asyncio.gather(
                at_pace(A_SECOND * SECONDS, A_SECOND, lambda _: mallory.say("help")),
                at_pace(QUESTIONS, QUESTIONS / SECONDS, anna.ask),
            )
            await anna.ask(QUESTIONS)
    p95 = quantiles(anna.waits, n=20)[-1]
    assert p95 <= 1.0, f"p95 is {p95:.2f} s"
    assert len(mallory.heard(NOTICE)) == 1
    assert len(mallory.heard("")) <= ROOM + 2 * SECONDS + 5
