"""The bell: finds what is due and gives it to the router, as one event per edition and person.

Nudges are derived again only for the editions that changed; a heap says which is next, so a look costs what is due and not what
there is. People get their reminders gathered: at most one message a day each.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heapify, heappop, heappush

from bot.answer import Answer, Say
from bot.context import Context, State
from bot.router import Event, Router
from bot.sessions import room_of, sitting_of
from programme import nudges, rooms
from programme.ballots import Ballot, closing
from programme.edition import Edition
from programme.intervision import continuing
from programme.intervision.continuing import Continuing
from programme.intervision.nudges import FORGOTTEN, moments
from programme.intervision.session import Session
from programme.nudges import Nudge, Word, awake
from programme.records import Participant, Round, Visit
from programme.text import Text, Value, _, lines
from storage.letters import Button, Gathered, Rung

Due = tuple[datetime, str, str]
"""When, the key of the nudge, and the edition or session from which it is derived."""


@dataclass
class Bell:
    """Rings what is due. `free` gives the days of a year on which nobody works."""

    router: Router
    free: Callable[[int], frozenset[date]]
    _known: dict[str, dict[str, Nudge]] = field(default_factory=dict)
    """Nudges by edition or session, and key."""
    _heap: list[Due] = field(default_factory=list)

    def start(self) -> None:
        """Derive everything anew."""
        self.derive(edition.id for edition in self.router.store[Edition].values())
        self.derive_sessions(session.id for session in self._running())

    def resume(self) -> None:
        """Tell each session that goes on that we were away: what people wrote in it is gone."""
        act = self.router.meaning.commands.acts.get("session_resumed")
        for session in self._running():
            if act is not None:
                now = self.router.clock.now()
                event = Event(f"{session.id}/resumed/{now.isoformat()}", "", room_of(session), None, now)
                self.router.run(event, partial(_resumed, session.edition, act.run))

    def _running(self) -> list[Session]:
        return [session for session in self.router.store[Session].values() if session.ended is None]

    def derive_sessions(self, sessions: Iterable[str]) -> None:
        """Derive what time brings in these sessions, after they changed."""
        for id_ in sessions:
            before = self._known.pop(id_, {})
            known = {n.key: n for n in self._of_session(id_) if n.key not in self.router.store[Rung]}
            if known:
                self._known[id_] = known
            for nudge in known.values():
                if nudge.key not in before:
                    heappush(self._heap, (nudge.at, nudge.key, id_))

    def _of_session(self, id_: str) -> Iterable[Nudge]:
        session = self.router.store[Session].get(id_)
        if session is not None and session.ended is None:
            forgotten = session.ends + FORGOTTEN
            key = f"{id_}/forgotten/{forgotten.isoformat()}"
            yield Nudge(key, forgotten, forgotten + timedelta(days=366), session.edition, act="session_forgotten")
            for moment in moments(sitting_of(session, self.router.clock.now())):
                yield Nudge(moment.key, moment.at, moment.until, session.edition, act="session_moment")

    def derive(self, editions: Iterable[str]) -> None:
        """Derive the nudges of these editions, after something in them changed."""
        for id_ in set(editions):
            self._known[id_] = {n.key: n for n in self._of(id_) if self._is_to_ring(n)}
        self._heap = [(n.at, n.key, owner) for owner, known in self._known.items() for n in known.values()]
        heapify(self._heap)

    def _is_to_ring(self, nudge: Nudge) -> bool:
        edition = self.router.store[Edition][nudge.edition]
        missed = nudge.reminder is not None and edition.since is not None and nudge.at < edition.since
        return not missed and nudge.key not in self.router.store[Rung]

    def _of(self, id_: str) -> Iterable[Nudge]:
        state = State(self.router.store)
        edition = state.get(Edition, id_)
        if edition is None or not edition.is_current(self.router.clock.now()):
            return
        free = self._free(edition)
        round_ = state.get(Round, id_) or Round(id=id_)
        yield from nudges.of_edition(edition, round_, free)
        for part in state.all(Participant, edition=id_):
            yield from nudges.of_participant(edition, part, round_)
        for visit in state.all(Visit, edition=id_):
            yield from nudges.of_visit(edition, visit, free)
        for ballot in state.all(Ballot, edition=id_):
            yield from closing(ballot)
        for vote in state.all(Continuing, edition=id_):
            yield continuing.closing(vote)
        yield from self._waiting(edition, free)

    def _free(self, edition: Edition) -> frozenset[date]:
        years = {day.year for window in edition.windows.values() for day in (window.opens, window.closes)}
        return frozenset().union(*(self.free(year + more) for year in years for more in (0, 1)))

    def _waiting(self, edition: Edition, free: frozenset[date]) -> Iterable[Nudge]:
        """One nudge for each person whose reminders wait for the next working day."""
        for gathered in self.router.store[Gathered].values():
            if any(key.startswith(f"{edition.id}/") for key in gathered.waiting):
                at = awake(datetime.combine(gathered.day + timedelta(days=1), time(9), edition.zone), free, back=False)
                key = f"{edition.id}/gathered/{gathered.day.isoformat()}/{gathered.id}"
                yield Nudge(key, at, at + timedelta(days=31), edition.id, person=gathered.id, act="gathered")

    def next_at(self) -> datetime | None:
        """When it must ring next (aware)."""
        return self._heap[0][0] if self._heap else None

    def ring(self) -> None:
        """Give all that is due now to the router, in order."""
        now = self.router.clock.now()
        due: dict[str, list[Nudge]] = defaultdict(list)
        while self._heap and self._heap[0][0] <= now:
            _at, key, owner = heappop(self._heap)
            nudge = self._known.get(owner, {}).pop(key, None)
            if nudge is not None and key not in self.router.store[Rung]:
                due[nudge.edition].append(nudge)
        for id_, found in due.items():
            self._ring(id_, found, now)

    def _ring(self, id_: str, due: list[Nudge], now: datetime) -> None:
        for nudge in due:
            if nudge.act not in ("", "gathered"):
                self.router.run(
                    _event(nudge.key, now), partial(self._act, nudge), anyway=partial(_off_the_list, [nudge])
                )
        reminders = [nudge for nudge in due if nudge.act in ("", "gathered")]
        if reminders:
            event = _event(f"{id_}/{now.isoformat()}/{reminders[0].key}", now)
            self.router.run(event, partial(self._remind, id_, reminders), anyway=partial(_off_the_list, reminders))
            self.derive([id_])

    def _act(self, nudge: Nudge, ctx: Context) -> Answer:
        ctx.edition_or_none, ctx.nudge = ctx.state.get(Edition, nudge.edition), nudge.key
        return self.router.meaning.commands.acts[nudge.act].run(ctx)

    def _remind(self, id_: str, due: list[Nudge], ctx: Context) -> Answer:
        """Say what is still of use, gathered per person; keep what rang."""
        ctx.edition_or_none = ctx.state.get(Edition, id_)
        said: list[Say] = []
        heard: dict[str, list[tuple[Nudge, Word]]] = defaultdict(list)
        for nudge in due:
            words = self._words(ctx, nudge)
            ctx.save(_rung(ctx, nudge, words))
            said += self._to_rooms(ctx, nudge, words)
            for word in words:
                if nudge.urgent and word.person:
                    said += _said([(nudge, word)])
                elif word.person:
                    heard[word.person].append((nudge, word))
        return [*said, *(say for person, words in heard.items() for say in self._gathered(ctx, person, words))]

    def _words(self, ctx: Context, nudge: Nudge) -> list[Word]:
        if ctx.now >= nudge.until:
            return []
        if nudge.act != "gathered":
            return nudges.words(nudge, ctx.exchange, lambda person: ctx.person(person).shown)
        gathered = ctx.state.get(Gathered, nudge.person)
        keys = gathered.waiting if gathered else ()
        waiting = [n for n in self._of(nudge.edition) if n.key in keys and ctx.now < n.until]
        return [
            word
            for n in waiting
            for word in nudges.words(n, ctx.exchange, lambda person: ctx.person(person).shown)
            if word.person == nudge.person
        ]

    def _to_rooms(self, ctx: Context, nudge: Nudge, words: list[Word]) -> list[Say]:
        if ctx.now >= nudge.until:
            return [Say(_missed(nudge), rooms.desk(nudge.edition))]
        return [Say(word.text, word.room, wake=True, until=nudge.until) for word in words if not word.person]

    def _gathered(self, ctx: Context, person: str, words: list[tuple[Nudge, Word]]) -> list[Say]:
        """One message a day: what comes after the first of a day waits for the next working day."""
        today = ctx.now.astimezone(ctx.edition.zone).date()
        before = ctx.state.get(Gathered, person)
        if before is not None and before.day == today:
            waiting = (*before.waiting, *(nudge.key for nudge, _word in words))
            ctx.save(before.model_copy(update={"waiting": waiting}))
            return []
        ctx.save(Gathered(id=person, day=today))
        return _said(words)


def _said(words: list[tuple[Nudge, Word]]) -> list[Say]:
    """What one person is told: all in one message, and then what can be answered with a tap, each with its own buttons."""
    plain: list[Value] = []
    for _nudge, word in words:
        if not word.taps and word.text not in plain:
            plain.append(word.text)
    until = max(nudge.until for nudge, _word in words)
    together = [Say(lines(*plain), words[0][1].room, until=until, wake=True)] if plain else []
    return [*together, *(_tapped(nudge, word) for nudge, word in words if word.taps)]


def _tapped(nudge: Nudge, word: Word) -> Say:
    buttons = [Button(label=label, call=call) for label, call in word.taps]
    return Say(word.text, word.room, buttons, until=nudge.until, wake=True)


def _off_the_list(due: list[Nudge], ctx: Context) -> None:
    """What rang has rung, also when saying it went wrong: a bug must not ring for ever."""
    ctx.save(*(Rung(id=nudge.key, at=ctx.now, edition=nudge.edition, said=False) for nudge in due))


def _rung(ctx: Context, nudge: Nudge, words: list[Word]) -> Rung:
    people = tuple(sorted({word.person for word in words if word.person}))
    return Rung(id=nudge.key, at=ctx.now, edition=nudge.edition, people=people, said=ctx.now < nudge.until)


def _missed(nudge: Nudge) -> Text:
    name = nudge.reminder.key if nudge.reminder else nudge.act
    return _(
        "The reminder {name} was not sent: I was away, and now it is too late for it. Send a message yourself if need be.",
        name=name,
    )


def _resumed(edition: str, act: Callable[..., Answer], ctx: Context) -> Answer:
    ctx.edition_or_none = ctx.state.get(Edition, edition)
    return act(ctx)


def _event(key: str, now: datetime) -> Event:
    return Event(id=key, person="", room="", place=None, at=now)
