"""The alarm rings where the house lives: in the loop, not in a thread beside it."""

import asyncio
from threading import current_thread, main_thread

from bot.clock import Alarm, WallClock


async def test_the_alarm_rings_in_the_loop_in_which_it_was_started() -> None:
    loop = asyncio.get_running_loop()
    rang = loop.create_future()

    def ring() -> None:
        rang.set_result((asyncio.get_running_loop(), current_thread()))

    alarm = Alarm(WallClock(), ring, lambda: None)
    alarm.start()
    alarm.set(WallClock().now())
    try:
        async with asyncio.timeout(10):
            assert await rang == (loop, main_thread())
    finally:
        alarm.stop()
