"""Ending: each platform is asked once to end, and gets the time to tidy up."""

import asyncio
from contextlib import suppress
from pathlib import Path

from bot.app import House, Setup
from bot.chat import Port
from bot.console import Console
from programme.edition import parse
from tests.bot_process import open_edition
from tests.simulation import words


class Slow(Console):
    """A chat that needs some turns of the loop to shut its door."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()

    async def run(self, house: Port) -> None:
        """Be open until cancelled; the door shuts in more than one step."""
        await super().run(house)
        self.open.set()
        try:
            await asyncio.Event().wait()
        finally:
            for _step in range(3):
                await asyncio.sleep(0)
            self.open.clear()


async def test_a_platform_that_is_tidying_up_is_not_interrupted(tmp_path: Path) -> None:
    house = House(Setup(tmp_path / "state", words(), [parse(open_edition())]))
    chat = Slow()
    serving = asyncio.create_task(house.serve([chat]))
    await chat.open.wait()
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving
    assert not chat.open.is_set()
