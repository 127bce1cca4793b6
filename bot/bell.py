"""The bell: finds what is due and gives it to the router, a slice at a time, so that others are heard in between.

Nudges are derived again only for the editions and sessions that changed. What the house does by itself (a turn that is over, a
lottery) goes before what is said (`bot/reminding.py`).
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain

from bot.agenda import REMINDERS, Agenda
from bot.answer import Answer
from bot.context import Context, Event, State
from bot.intervision.sessions import revealed_as, room_of, sitting_of
from bot.log import log
from bot.reminding import Occasion, off_the_list
from bot.router import Router
from programme import nudges
from programme.ballots import Ballot, closing
from programme.edition import Edition
from programme.intervision import clocks, continuing, planned
from programme.intervision.continuing import Continuing
from programme.intervision.planned import Planned
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting
from programme.intervision.written import SilentWrite
from programme.nudges import Nudge, awake
from programme.records import Group, Participant, Round, Visit
from storage.errors import StoreBroken, StoreFull
from storage.letters import Gathered, Rung

MOST_AT_ONCE = 500
"""So many reminders of one edition are gathered into one occasion."""


@dataclass
class Bell:
    """Rings what is due. `free` gives the days of a year on which nobody works; `quietened` is called when nothing is due any more."""

    router: Router
    free: Callable[[int], frozenset[date]]
    quietened: Callable[[], None]
    _agenda: Agenda = field(default_factory=Agenda)
    _brought: dict[str, "dict[str, Brought]"] = field(default_factory=dict)
    """By edition and visit: what it brings."""
    _waits: tuple[int, Mapping[str, list[Gathered]]] = (-1, {})
    """By edition: for whom reminders wait, and the version of the table that says so."""
    _ringing: asyncio.Task[None] | None = None
    _anew: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Derive everything anew."""
        self.derive(edition.id for edition in self.router.store[Edition].values())
        self.derive_sessions(session.id for session in self._running())

    def resume(self) -> None:
        """Tell each session that goes on that we were away: what people wrote in it is gone, unless it was just shown."""
        for session in self._running():
            turn = session.turn
            if isinstance(turn, SilentWrite) and turn.state == "releasing":
                self.router.lookout.said(room_of(session), revealed_as(session), "writing_found", "session_resumed")
            else:
                self.router.learnt(room_of(session), "session_resumed")

    def _running(self) -> list[Session]:
        return [session for session in self.router.store[Session].values() if session.ended is None]

    def derive_sessions(self, sessions: Iterable[str]) -> None:
        """Derive what time brings in these sessions, after they changed."""
        for id_ in sessions:
            self._put(id_, self._of_session(id_))

    def _of_session(self, id_: str) -> Iterable[Nudge]:
        session = self.router.store[Session].get(id_)
        if session is not None and session.ended is None:
            sitting = self._sitting(session)
            forgotten = clocks.forgotten_at(sitting)
            key = f"{id_}/forgotten/{forgotten.isoformat()}"
            yield Nudge(key, forgotten, forgotten + timedelta(days=366), session.edition, act="session_forgotten")
            for moment in clocks.moments(sitting):
                yield Nudge(moment.key, moment.at, moment.until, session.edition, act="session_moment")

    def _sitting(self, session: Session) -> Sitting:
        now = self.router.clock.now()
        years = range(now.year - 1, now.year + 2) if session.slow else ()
        return sitting_of(session, now, frozenset[date]().union(*map(self.free, years)))

    def derive(self, editions: Iterable[str]) -> None:
        """Derive the nudges of these editions, after something in them changed."""
        for id_ in set(editions):
            self._put(id_, self._of_use(id_))

    def _put(self, owner: str, found: Iterable[Nudge]) -> None:
        rung = self.router.store[Rung]
        self._agenda.put(owner, (nudge for nudge in found if nudge.key not in rung))

    def derive_anew(self) -> None:
        """Derive everything anew beside the work: the clock was set, or a day has passed."""
        if self._anew is None or self._anew.done():
            self._anew = asyncio.get_running_loop().create_task(self._derive_all())

    async def _derive_all(self) -> None:
        for id_ in [edition.id for edition in self.router.store[Edition].values()]:
            self.derive([id_])
            await asyncio.sleep(0)
        self.derive_sessions([session.id for session in self._running()])
        self.quietened()

    def _of_use(self, id_: str) -> Iterator[Nudge]:
        """The nudges of an edition; one that begins late does not catch up on what was before."""
        edition = self.router.store[Edition].get(id_)
        since = edition.since if edition is not None else None
        return (nudge for nudge in self._of(id_) if nudge.reminder is None or since is None or nudge.at >= since)

    def _of(self, id_: str) -> Iterable[Nudge]:
        state = State(self.router.store)
        edition = state.get(Edition, id_)
        if edition is None:
            return
        yield from nudges.erasing(edition)  # also of one that ended while we were away
        if not edition.is_current(self.router.clock.now()):
            return
        free = self._free(edition)
        round_ = state.get(Round, id_) or Round(id=id_)
        yield from nudges.of_edition(edition, round_, free)
        parts = state.all(Participant, edition=id_)
        for part in parts:
            yield from nudges.of_participant(edition, part, round_)
        yield from nudges.of_groups(edition, parts, state.all(Group, edition=id_), free)
        yield from self._of_visits(edition, state.all(Visit, edition=id_), free)
        for ballot in state.all(Ballot, edition=id_):
            yield from closing(ballot)
        for vote in state.all(Continuing, edition=id_):
            yield continuing.closing(vote)
        for it in state.all(Planned, edition=id_):
            yield from planned.nudges(it, edition.zone)
        yield from self._waiting(edition, free)

    def _of_visits(self, edition: Edition, visits: Iterable[Visit], free: frozenset[date]) -> Iterator[Nudge]:
        """Derived again only for the visits that changed: records never do, so the same one brings the same."""
        before = self._brought.get(edition.id, {})
        self._brought[edition.id] = now = {it.id: _brought_by(edition, it, free, before.get(it.id)) for it in visits}
        return chain.from_iterable(it.nudges for it in now.values())

    def _free(self, edition: Edition) -> frozenset[date]:
        years = {day.year for window in edition.windows.values() for day in (window.opens, window.closes)}
        return frozenset().union(*(self.free(year + more) for year in years for more in (0, 1)))

    def _waiting(self, edition: Edition, free: frozenset[date]) -> Iterable[Nudge]:
        """One nudge for each person whose reminders wait for the next working day."""
        for gathered in self._gathered().get(edition.id, ()):
            at = awake(datetime.combine(gathered.day + timedelta(days=1), time(9), edition.zone), free, back=False)
            key = f"{edition.id}/gathered/{gathered.day.isoformat()}/{gathered.id}"
            yield Nudge(key, at, at + timedelta(days=31), edition.id, person=gathered.id, act="gathered")

    def _gathered(self) -> Mapping[str, list[Gathered]]:
        """Looked up again only when it changed: few wait, and most of what people say changes nothing about it."""
        table = self.router.store[Gathered]
        if self._waits[0] != table.version:
            found: dict[str, list[Gathered]] = defaultdict(list)
            for gathered in table.values():
                for edition in dict.fromkeys(key.partition("/")[0] for key in gathered.waiting):
                    found[edition].append(gathered)
            self._waits = (table.version, found)
        return self._waits[1]

    def next_at(self) -> datetime | None:
        """When it must ring next (aware)."""
        return self._agenda.next_at()

    # ── ringing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def rings(self) -> bool:
        """Whether it is still ringing."""
        return self._ringing is not None and not self._ringing.done()

    def ring(self) -> None:
        """Begin to give all that is due to the router, in order, until nothing is. A loop must run."""
        if not self.rings:
            self._ringing = asyncio.get_running_loop().create_task(self._ring())
            self._ringing.add_done_callback(self._rang)

    async def quiet(self) -> None:
        """Wait until it rings no more."""
        if self._ringing is not None:
            await asyncio.wait([self._ringing])

    async def stop(self) -> None:
        """Ring no more; what was not told is due again at the next start."""
        tasks = [task for task in (self._ringing, self._anew) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ring(self) -> None:
        while (nudge := self._next()) is not None:
            try:
                await (self._remind(nudge) if nudge.act in REMINDERS else self._do(nudge))
            except StoreFull:
                self.start()  # what has not rung after all is due again
                self.router.ledger.when_room(self.ring)
                return
            await asyncio.sleep(0)

    def _next(self) -> Nudge | None:
        now = self.router.clock.now()
        while (nudge := self._agenda.next_act(now) or self._agenda.next_reminder(now)) is not None:
            if nudge.key not in self.router.store[Rung]:
                return nudge
        return None

    def _rang(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            return
        fault = task.exception()
        if fault is not None and not isinstance(fault, StoreBroken):
            log.error("ringing_fault", exc_info=fault)
        self.quietened()

    async def _do(self, nudge: Nudge) -> None:
        """Let the house do what it is time for. Raises `StoreFull`."""
        event = _event(nudge.key, self.router.clock.now())
        await self.router.run(event, partial(self._act, nudge), anyway=lambda ctx: ctx.save(off_the_list(ctx, nudge)))

    async def _remind(self, first: Nudge) -> None:
        """Tell the occasion of which this is the first reminder, a slice at a time. Raises `StoreFull`."""
        others = self._agenda.reminders_of(first.edition, self.router.clock.now(), MOST_AT_ONCE - 1)
        due = [first, *(nudge for nudge in others if nudge.key not in self.router.store[Rung])]
        occasion = Occasion(first.edition, due, partial(self._all_of, first.edition))
        while not occasion.over:
            event = _event(occasion.next_id, self.router.clock.now())
            await self.router.run(event, occasion.tell, undone=occasion.give_up)
        self.derive([first.edition])  # what waits for another day is due then

    def _all_of(self, edition: str) -> dict[str, Nudge]:
        return {nudge.key: nudge for nudge in self._of(edition)}

    def _act(self, nudge: Nudge, ctx: Context) -> Answer:
        ctx.edition_or_none, ctx.nudge = ctx.state.get(Edition, nudge.edition), nudge.key
        return self.router.meaning.commands.acts[nudge.act].run(ctx)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a visit brings in time, and the records from which that was derived."""

    edition: Edition
    visit: Visit
    nudges: tuple[Nudge, ...]


def _brought_by(edition: Edition, visit: Visit, free: frozenset[date], before: Brought | None) -> Brought:
    if before is not None and before.edition is edition and before.visit is visit:
        return before
    return Brought(edition, visit, tuple(nudges.of_visit(edition, visit, free)))


def _event(key: str, now: datetime) -> Event:
    return Event(id=key, person="", room="", place=None, at=now)
