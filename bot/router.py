"""The way of a message: heard → meant and allowed (`bot/meaning.py`) → answered (`commands/`) → kept → said (`bot/postman.py`).

One event at a time, and nothing is awaited between reading and keeping: no lock, no race. What changed, what will be said and
which event was handled are one unit, all or nothing.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from bot import carrying, questions
from bot.answer import Again, Answer, Ask, Look, Say, Work, parts
from bot.chat import Heard, Noticed, RoomFacts
from bot.clock import Clock
from bot.command import Listen
from bot.computing import Computing
from bot.condition import Condition
from bot.context import Context, Event, State
from bot.flood import Flood
from bot.health import Metrics
from bot.intervision import aloud
from bot.intervision.memory import Memory
from bot.intervision.sessions import session_in
from bot.ledger import Ledger, done_now
from bot.log import log
from bot.lookout import Lookout
from bot.meaning import Meaning, Tied
from bot.postman import Outcome, Postman
from programme import rooms
from programme.edition import Edition
from programme.exchange import GRACE
from programme.people import LanguageCode, Person
from programme.text import Misread, Refusal, Sayable, _, lines
from storage.errors import StoreFull
from storage.letters import Letter, Question, Seen
from storage.store import Store
from storage.unit import Unit

Future = asyncio.Future[None]
Handle = Callable[[Context], Answer]
Keep = Callable[[Context], None]
NOTICEABLE = timedelta(seconds=30)
"""A message that was said longer ago than this leaves a line: its own time counts for deadlines."""

EXCUSED_SECONDS = 300.0
_REPLACED = _("What I asked before this is off.")
_CANNOT_KEEP = _("I could not keep this just now. Nothing has changed. Please try it again later.")


def nothing(ctx: Context) -> None:
    """Keep nothing more."""


@dataclass
class Router:
    """Turns events into units and letters."""

    store: Store
    ledger: Ledger
    clock: Clock
    postman: Postman
    meaning: Meaning
    language: LanguageCode
    free: Callable[[int], frozenset[date]]
    """The days of a year on which nobody works."""
    secret: Callable[[], str]
    """A new secret, for lotteries."""
    changed: Callable[[set[str]], None]
    """Told which editions changed, once that is kept."""
    timed: Callable[[set[str]], None]
    """Told which sessions changed, once that is kept: what time brings in them is another now."""
    flood: Flood
    metrics: Metrics
    condition: Callable[[], Condition]
    """Tells how the house is."""
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        self.working: set[asyncio.Task[None]] = set()
        self.lookout = Lookout(self.store, self.clock, self.postman, self.working, self.learnt)
        self.computing = Computing(self.store, self.clock, self.meaning, self.working, self.surely)
        self._excused: dict[str, float] = {}
        """When a person last heard that nothing can be kept, in seconds of the loop."""

    def hear(self, heard: Heard) -> Future:
        """Handle what a person said. The future is done when all that followed is on disk."""
        if heard.id in self.store[Seen] or self.ledger.owed("seen", heard.id) is not None:
            return self.store.commit(Unit())
        try:
            return self._hear(heard)
        except StoreFull:
            return self._cannot_keep(heard)

    def _hear(self, heard: Heard) -> Future:
        event = Event(heard.id, heard.person, heard.room, heard.destination, heard.at, heard.name)
        if (patience := self.flood.look(heard.person, heard.at, self.clock.now())) is not None:
            return self._too_much(event) if patience == "tell" else self.store.commit(Unit())
        aside = session_in(State(self.store), heard.room) is None and not aloud.may_be_meant(heard.room, heard.text)
        if aside and not self.meaning.is_for_us(heard):
            return self.store.commit(Unit())
        return self.run(event, lambda ctx: self.meaning.answer(ctx, heard))

    def noticed(self, noticed: Noticed) -> Future:
        """Handle that somebody came into a room, or went. The future is done when all that followed is on disk."""
        listeners = self.meaning.commands.listening("joined" if noticed.joined else "left")
        if not listeners or noticed.id in self.store[Seen]:
            return self.store.commit(Unit())
        event = Event(noticed.id, noticed.person, noticed.room, noticed.destination, noticed.at, noticed.name)
        return self.surely(event, partial(_listened, listeners, noticed))

    def reported(self, letter: Letter, outcome: Outcome) -> None:
        """Do what is to be done now that the platform has this letter, or cannot have it."""
        self.learnt(letter.room, f"{letter.reports}_{outcome}", about=letter.id)

    def learnt(self, room: str, act: str, *, about: str = "", facts: RoomFacts | None = None) -> Future:
        """Do what is to be done now that something is known of a room: how it is, or what became of `about` (kept as the nudge)."""
        now, found = self.clock.now(), self.meaning.commands.acts.get(act)
        event = Event(f"{about or room}/{act}/{now.isoformat()}", "", room, None, now)
        return (
            self.surely(event, partial(_learnt, found.run, about, facts or RoomFacts()))
            if found
            else self.store.commit(Unit())
        )

    def surely(self, event: Event, handle: Handle, *, anyway: Keep = nothing) -> Future:
        """Handle what nobody can be asked to say again: now, or when there is room on the disk; the future is done then already."""
        try:
            return self.run(event, handle, anyway=anyway)
        except StoreFull:
            self.ledger.when_room(lambda: self.surely(event, handle, anyway=anyway))
            return done_now()

    def run(self, event: Event, handle: Handle, *, anyway: Keep = nothing, undone: Keep = nothing) -> Future:
        """Handle one event: `handle` answers, and all that it changed is kept with its letters. Raises `StoreFull`.

        A refusal or a bug undoes what it changed, and then `undone` is kept; `anyway` is kept in either case.
        """
        ctx = self._context(event)
        try:
            anyway(ctx)
            answer = handle(ctx)
            letters = self._letters(ctx, event, answer)
        except Refusal as refusal:
            answered, ctx = ctx.answering, self._context(event)
            anyway(ctx)
            undone(ctx)
            if answered is not None and not isinstance(refusal, Misread):
                ctx.state.delete(Question, answered.id)
            letters = self._refused(ctx, event, refusal, answered)
        except Exception as fault:  # noqa: BLE001 - a bug: the person gets a code, the operator a line, nothing is kept
            ctx = self._context(event)
            anyway(ctx)
            undone(ctx)
            letters = self._letters(ctx, event, self._bug(ctx, event, fault))
        return self._keep(ctx, event, letters)

    def _cannot_keep(self, heard: Heard) -> Future:
        """Say so, without a unit, to a person who has not heard it of late. The event is done with: it must not happen after all.

        This answer is known to the postman alone; if the process dies before it is said, it is not said.
        """
        now, ticks = self.clock.now(), asyncio.get_running_loop().time()
        self.ledger.owe(Unit([("seen", heard.id, Seen(id=heard.id, at=now))]))
        if ticks - self._excused.get(heard.person, -EXCUSED_SECONDS) >= EXCUSED_SECONDS:
            self._excused[heard.person] = ticks
            event = Event(heard.id, heard.person, heard.room, heard.destination, now)
            letter = self._letter(self._context(event), event, Say(_CANNOT_KEEP), 0)
            self.postman.take([letter.model_copy(update={"kept": False})], done_now())
        return done_now()

    def _too_much(self, event: Event) -> Future:
        return self.run(
            event, lambda _ctx: Say(_("Too many messages are coming in at once. Wait a minute, then go on."))
        )

    def _context(self, event: Event) -> Context:
        state = State(self.store)
        now = self.clock.now()
        said = event.at if timedelta(0) <= now - event.at <= GRACE else now
        if now - said > NOTICEABLE:
            log.info("said_earlier", event_id=event.id, seconds=int((now - said).total_seconds()))
        me = state.get(Person, event.person) or Person(id=event.person, name=event.name)
        if event.name and not me.name:
            me = me.model_copy(update={"name": event.name})
        language = me.language or self.language
        free = frozenset[date]().union(*(self.free(now.year + more) for more in (-1, 0, 1)))
        return Context(
            state,
            self.meaning.commands,
            now,
            said,
            me,
            event.room,
            language,
            free=free,
            secret=self.secret,
            condition=self.condition,
            memory=self.memory,
        )

    # ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _letters(self, ctx: Context, event: Event, answer: Answer) -> list[Letter]:
        letters: list[Letter] = []
        for part in parts(answer):
            if isinstance(part, Work):
                self.computing.begin(ctx, event, part)
                if part.meanwhile:
                    letters.append(self._letter(ctx, event, Say(part.meanwhile), len(letters)))
            elif isinstance(part, Look):
                self.lookout.facts(part.room, part.act, until=part.until)
            elif isinstance(part, Ask):
                letters += self._asked(ctx, event, part, len(letters))
            elif isinstance(part, Again):
                before, it = part.before, part.question
                text = it.text if before is None else lines(before, questions.in_short(it))
                letters.append(self._put_again(ctx, event, it, text, len(letters)))
            elif isinstance(part, Say) and (part.to or event.room):
                letters += carrying.carried(ctx.state, part, self._letter(ctx, event, part, len(letters)))
        return letters

    def _letter(self, ctx: Context, event: Event, say: Say, index: int) -> Letter:
        here = say.to in ("", event.room)
        return Letter(
            id=say.known_as or f"{event.id}#{index}",
            number=self.postman.next_number(),
            room=event.room if here else say.to,
            text=say.text,
            buttons=tuple(say.buttons),
            file=say.file,
            wake=say.wake,
            place=event.place if here else None,
            tried=ctx.now if here and event.place else None,
            until=say.until,
            kept=say.keep,
            mentions=say.mentions,
            reports=say.reports,
            ranking=say.ranking,
            edition=ctx.edition_or_none.id if ctx.edition_or_none else "",
        )

    def _asked(self, ctx: Context, event: Event, ask: Ask, index: int) -> list[Letter]:
        at_hand = ctx.alone or rooms.person_of(event.room) is not None
        room = ask.to or (event.room if at_hand else rooms.direct(event.person))
        said = self._letter(ctx, event, Say(ask.text, room, wake=ask.wake), index)
        person = rooms.person_of(room) or event.person
        elsewhere = "" if rooms.person_of(room) else room
        confirms = isinstance(ask, Tied)
        number = questions.next_number(ctx.state, person)
        question = questions.question_of(
            ask, person, said.id, ctx.now, confirms=confirms, number=number, room=elsewhere
        )
        if questions.is_replaced(ctx.state.get(Question, question.id), question, ctx.now):
            said = said.model_copy(update={"text": lines(_REPLACED, ask.text)})
        ctx.save(question)
        for other in ctx.state.all(Question, person=person):
            if other.front and other.id != question.id:
                ctx.save(other.model_copy(update={"front": False}))
        said = said.model_copy(update={"answers": True, "buttons": questions.buttons(question)})
        if room != event.room and not ask.to:
            return [said, self._letter(ctx, event, Say(_("I am sending you a message in our own chat.")), index + 1)]
        return [said]

    def _put_again(self, ctx: Context, event: Event, it: Question, text: Sayable, index: int) -> Letter:
        """An open question once more, with its answers below it: they are at the end of the chat again."""
        said = self._letter(ctx, event, Say(text, it.room or rooms.direct(it.person), questions.buttons(it)), index)
        ctx.save(it.model_copy(update={"letter": said.id, "aside": False}))
        return said.model_copy(update={"answers": True})

    def _refused(self, ctx: Context, event: Event, refusal: Refusal, answered: Question | None) -> list[Letter]:
        """Say what cannot be. A question that stays open goes with it, with its choices."""
        if answered is None or not questions.buttons(answered) or not isinstance(refusal, Misread):
            return self._letters(ctx, event, Say(refusal.text))
        return [self._put_again(ctx, event, answered, refusal.alone, 0)]

    def _keep(self, ctx: Context, event: Event, letters: list[Letter]) -> Future:
        ctx.save(Seen(id=event.id, at=ctx.now), *(letter for letter in letters if letter.kept))
        done = self.ledger.commit(ctx.state.unit())
        for start in ctx.begun:
            start()
        log.debug("handled", event_id=event.id, room=event.room, count=len(letters))
        self._measure(done)
        self.postman.take(letters, done)
        if touched := ctx.state.editions_changed():
            self.changed(touched)
        if timed := ctx.state.sessions_changed():
            self.timed(timed)
        return done

    def _measure(self, done: Future) -> None:
        clock = asyncio.get_running_loop().time
        began = clock()
        done.add_done_callback(lambda _done: self.metrics.commit.observe(clock() - began))

    def _bug(self, ctx: Context, event: Event, fault: Exception) -> Answer:
        self.metrics.faults.inc()
        code = hashlib.sha256(f"{event.id}{type(fault).__name__}".encode()).hexdigest()[:6]
        log.error("fault", code=code, event_id=event.id, exc_info=fault)
        here = Say(
            _(
                "Something went wrong here, and nothing has changed. The coordinator knows. The code is {code}. Try it again later.",
                code=code,
            )
        )
        desks = [
            Say(_("A command went wrong. Tell the operator this code: {code}.", code=code), rooms.desk(e.id))
            for e in ctx.editions()[:1]
        ]
        return [here, *desks]


def _listened(listeners: Sequence[Listen], noticed: Noticed, ctx: Context) -> Answer:
    ctx.facts = noticed.facts
    ctx.edition_or_none = ctx.state.get(Edition, rooms.edition_of(noticed.room) or "")
    return [part for listener in listeners for part in parts(listener.run(ctx))]


def _learnt(act: Callable[..., Answer], about: str, facts: RoomFacts, ctx: Context) -> Answer:
    ctx.nudge, ctx.facts = about, facts
    ctx.edition_or_none = ctx.state.get(Edition, rooms.edition_of(ctx.room) or "")
    return act(ctx)
