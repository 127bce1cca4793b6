"""Settling: a played house has done all that follows, however late the disk answers."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stage import plain, playing, to
from tests.test_live_session import AT, ROOM, SIX, UP_TO_WRITING, groups, played


def late(loop: asyncio.AbstractEventLoop, turns: int) -> Callable[..., asyncio.Handle]:
    """How the threads of a house (the disk's among them) answer it: so many turns of the loop later, in the same order."""

    def passing(left: int, answer: Callable[..., object], *about: object) -> None:
        if left:
            loop.call_soon(passing, left - 1, answer, *about)
        else:
            answer(*about)

    answered = loop.call_soon_threadsafe
    return lambda answer, *about, **_context: answered(passing, turns, answer, *about)


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13, 50])
async def test_what_a_letter_that_has_arrived_sets_going_is_done_too(
    turns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, *UP_TO_WRITING, "carla: ik zou bellen", "dirk: ik zou wachten")
        loop = asyncio.get_running_loop()
        with monkeypatch.context() as slowly:
            slowly.setattr(loop, "call_soon_threadsafe", late(loop, turns))
            said = await played(stage, "#anna: pas")
        assert "Dit schreef iedereen" in plain(said, ROOM)
        assert "Sluit deze fase met `!volgende`" in plain(said, to("anna"))
