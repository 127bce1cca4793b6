"""Long computations: done beside the work, in a thread of their own. The result comes back as an event of its own.

A result counts only when its input is still what it was. Of a computation that a restart cut off there is a record, and it is asked
for again.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from bot.answer import Answer, Say, Work
from bot.clock import Clock
from bot.context import Context, Event
from bot.meaning import Meaning
from programme.edition import Edition
from programme.text import Call, _
from storage.letters import Pending
from storage.store import Store


class Surely(Protocol):
    """Who handles an event that nobody can be asked to say again (`Router.surely`)."""

    def __call__(
        self, event: Event, handle: Callable[[Context], Answer], *, anyway: Callable[[Context], None]
    ) -> "asyncio.Future[None]":
        """Do it. The future is done when all that followed is on disk."""


@dataclass
class Computing:
    """Computes for a house. `working` holds what is under way in it."""

    store: Store
    clock: Clock
    meaning: Meaning
    working: set[asyncio.Task[None]]
    surely: Surely

    def begin(self, ctx: Context, event: Event, work: Work) -> None:
        """Note what this event asked for; it is computed once that is kept."""
        call = Call(command=work.act, edition=ctx.edition.id) if work.act else work.call
        assert call is not None  # noqa: S101 - tied in `Meaning.call`
        place = event.place or ""
        pending = Pending(id=event.id, person=event.person, room=event.room, place=place, call=call, act=work.act)
        ctx.save(pending)
        ctx.begun.append(partial(self._start, event, work, pending, ctx))

    def _start(self, event: Event, work: Work, pending: Pending, ctx: Context) -> None:
        task = asyncio.get_running_loop().create_task(self._compute(event, work, pending, ctx))
        self.working.add(task)
        task.add_done_callback(self.working.discard)

    def resume(self) -> None:
        """Ask again for the computations that a restart cut off."""
        for pending in list(self.store[Pending].values()):
            event = Event(f"{pending.id}/again", pending.person, pending.room, pending.place or None, self.clock.now())
            self.surely(event, partial(self._again, pending), anyway=partial(_off_the_list, pending.id))

    async def _compute(self, event: Event, work: Work, pending: Pending, asked: Context) -> None:
        outcome: Sequence[Any] = await asyncio.gather(
            asyncio.to_thread(work.function, work.input), return_exceptions=True
        )

        def back(ctx: Context) -> Answer:
            ctx.edition_or_none, ctx.facts = ctx.state.get(Edition, asked.edition.id), asked.facts
            (result,) = outcome
            if isinstance(result, BaseException):
                raise result
            if work.again(ctx) == work.input:
                return self.meaning.tied(work.then(ctx, work.input, result), pending.call)
            if pending.act:
                return self._again(pending, ctx)
            return Say(_("Something has changed meanwhile. Do it once more: {how}.", how=pending.call))

        done = replace(event, id=f"{event.id}/done", at=self.clock.now())
        await self.surely(done, back, anyway=partial(_off_the_list, event.id))

    def _again(self, pending: Pending, ctx: Context) -> Answer:
        """Ask for it once more: nobody but the house itself can, when it was for nobody."""
        if not pending.act:
            return self.meaning.call(ctx, pending.call)
        ctx.edition_or_none = ctx.state.get(Edition, pending.call.edition)
        return self.meaning.commands.acts[pending.act].run(ctx)


def _off_the_list(pending: str, ctx: Context) -> None:
    ctx.state.delete(Pending, pending)
