"""The others in a play: made-up people who do what real people do, in time, too late, or not."""

from collections.abc import Callable, Collection
from datetime import datetime

from bot.chat import Heard
from bot.console import NotThere
from bot.local.play import Play
from bot.rehearsal import free_of, perform, standing
from programme.crowd import Act, Crowd

SEED = 1
MOST_ACTS = 2_000
"""So many acts in one go at most: a crowd that never rests must not keep the page waiting for ever."""
Note = Callable[[Heard], None]


class Company:
    """Everybody in a play whom nobody plays by hand."""

    def __init__(self, play: Play, seed: int = SEED) -> None:
        self._play = play
        self._crowd = Crowd(seed, play.people(), free_of(play.edition))

    async def step(self, without: Collection[str]) -> None:
        """Let the next thing happen: somebody acts, or what is due rings. Raises `NotThere` when nothing comes any more.

        `without` are the full ids of those who are played by hand.
        """
        act, rings = self._next(without), self._play.next_at()
        if act is not None and (rings is None or act.at < rings):
            await self._do(act)
        elif rings is not None:
            await self._play.travel(rings)
        else:
            raise NotThere("nothing comes any more")

    async def until(self, end: datetime, without: Collection[str]) -> str | None:
        """Play on until this moment (aware): everything before it happens in order, and then the clock stands there.

        It halts where somebody who is played by hand is asked something: nobody answers for them. Gives who that is.
        """
        before = self._asked(without)
        for _count in range(MOST_ACTS):
            if (halted := next(iter(self._asked(without) - before), None)) is not None:
                return halted[0]
            act, rings = self._next(without), self._play.next_at()
            if rings is not None and rings <= min(end, act.at if act is not None else end):
                await self._play.travel(rings)
            elif act is not None and act.at <= end:
                await self._do(act)
            else:
                break
        await self._play.travel(max(end, self._play.clock.now()))
        return None

    def _asked(self, people: Collection[str]) -> set[tuple[str, str]]:
        """What these people are asked now: who, and the letter with the question."""
        return {(person, question.letter) for person in people for question in self._play.asked_of(person)}

    def _next(self, without: Collection[str]) -> Act | None:
        acts = self._crowd.acts(*standing(self._play, self._play.edition.id), without)
        return acts[0] if acts else None

    async def _do(self, act: Act) -> None:
        self._crowd.done(act)
        clock = self._play.clock
        await self._play.travel(max(act.at, clock.now()))
        with self._play.overhearing() as note:
            await perform(self._play, act, then=note)
