"""The way of a message: heard → meant → allowed → answered → kept → said.

One event at a time, and nothing is awaited between reading and keeping: no lock, no race. What changed, what will be said and
which event was handled are one unit, all or nothing.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot import questions
from bot.answer import Answer, Ask, Confirm, Part, Say, Work, parts
from bot.arguments import Missing, read_call, usage, values_of
from bot.chat import Heard
from bot.clock import Clock
from bot.command import DESK, DIRECT, Command, Commands
from bot.context import Context, Desk
from bot.flood import Flood
from bot.log import log
from bot.postman import Postman
from bot.questions import Filled, Spell
from programme import rooms
from programme.edition import Edition
from programme.exchange import GRACE
from programme.people import LanguageCode, Person, Role
from programme.text import GAP, Call, Refusal, Sayable, _
from storage.letters import Button, Letter, Pending, Question, Seen
from storage.store import Store
from storage.unit import Unit

Future = asyncio.Future[None]


@dataclass(frozen=True)
class Event:
    """What the router handles: something heard, a nudge that rang, a computation that came back."""

    id: str
    person: str
    room: str
    place: str | None
    at: datetime
    name: str = ""


@dataclass
class Router:
    """Turns events into units and letters."""

    store: Store
    commands: Commands
    clock: Clock
    postman: Postman
    spell: Spell
    language: LanguageCode
    prefix: str
    free: Callable[[int], frozenset[date]]
    """The days of a year on which nobody works."""
    secret: Callable[[], str]
    """A new secret, for lotteries."""
    changed: Callable[[set[str]], None]
    """Told which editions changed, once that is kept."""
    flood: Flood

    def __post_init__(self) -> None:
        self.working: set[asyncio.Task[None]] = set()

    # ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def hear(self, heard: Heard) -> Future:
        """Handle what a person said. The future is done when all that followed is on disk."""
        if heard.id in self.store[Seen]:
            return self.store.commit(Unit())
        event = Event(heard.id, heard.person, heard.room, heard.destination, heard.at, heard.name)
        if (patience := self.flood.look(heard.person, heard.at, self.clock.now())) is not None:
            return self._too_much(event) if patience == "tell" else self.store.commit(Unit())
        if not self._is_for_us(heard):
            return self.store.commit(Unit())
        return self.run(event, lambda ctx: self._answer(ctx, heard))

    def run(self, event: Event, handle: Callable[[Context], Answer]) -> Future:
        """Handle one event: `handle` answers, and all that it changed is kept with its letters."""
        ctx = self._context(event)
        try:
            answer = handle(ctx)
            letters = self._letters(ctx, event, answer)
        except Refusal as refusal:
            ctx = self._context(event)
            letters = self._letters(ctx, event, Say(refusal.text))
        except Exception as fault:  # noqa: BLE001 - a bug: the person gets a code, the operator a line, nothing is kept
            ctx = self._context(event)
            letters = self._letters(ctx, event, self._bug(ctx, event, fault))
        return self._keep(ctx, event, letters)

    def _is_for_us(self, heard: Heard) -> bool:
        return (
            rooms.person_of(heard.room) is not None
            or heard.press is not None
            or heard.addressed
            or (
                heard.text.lstrip().startswith(self.prefix)
                and read_call(self._bare(heard.text), self.commands) is not None
            )
        )

    def _too_much(self, event: Event) -> Future:
        return self.run(
            event, lambda _ctx: Say(_("You send more messages than I can handle. Wait a minute, then go on."))
        )

    def _bare(self, text: str) -> str:
        return text.strip().removeprefix(self.prefix)

    def _context(self, event: Event) -> Context:
        desk = Desk(self.store)
        now = self.clock.now()
        said = event.at if timedelta(0) <= now - event.at <= GRACE else now
        me = desk.get(Person, event.person) or Person(id=event.person, name=event.name)
        if event.name and not me.name:
            me = me.model_copy(update={"name": event.name})
        language = me.language or self.language
        free = self.free(now.year) | self.free(now.year + 1)
        return Context(desk, self.commands, now, said, me, event.room, language, free=free, secret=self.secret)

    # ── meaning ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _answer(self, ctx: Context, heard: Heard) -> Answer:
        ctx.facts = heard.facts
        text = heard.text.strip()
        if heard.press is not None:
            return self._pressed(ctx, heard.press)
        if text.startswith(self.prefix) or not ctx.at_direct:
            return self._typed(ctx, self._bare(text))
        if asked := questions.open_to(ctx.desk, ctx.me.id, ctx.now):
            return self._replied(ctx, asked, text, heard.reply_to)
        return self._typed(ctx, text)

    def _pressed(self, ctx: Context, call: Call) -> Answer:
        for question in questions.open_to(ctx.desk, ctx.me.id, ctx.now):
            for number, choice in enumerate(question.choices):
                if choice.call == call:
                    return self._filled(ctx, Filled(call, question, confirmed=question.confirms and number == 0))
        return self.call(ctx, call)

    def _typed(self, ctx: Context, text: str) -> Answer:
        call = read_call(text, self.commands)
        return self.call(ctx, call) if call is not None else self._unknown(ctx, text)

    def _replied(self, ctx: Context, asked: list[Question], text: str, reply_to: str | None) -> Answer:
        meant = questions.meaning(asked, text, reply_to, self.spell)
        if isinstance(meant, Question):
            ctx.save(meant.model_copy(update={"front": True}))
            return Say(meant.text)
        return self._filled(ctx, meant) if isinstance(meant, Filled) else meant

    def _filled(self, ctx: Context, filled: Filled) -> Answer:
        ctx.desk.delete(Question, filled.question.id)
        ctx.confirmed = filled.confirmed
        return self.call(ctx, filled.call)

    def _unknown(self, ctx: Context, text: str) -> Answer:
        open_to_me = [
            c for c in self.commands.all if c.who is Role.ANYBODY or any(ctx.has(c.who, e) for e in ctx.editions())
        ]
        near = self.commands.nearest(text, open_to_me, ctx.language)
        how = Call(command="help")
        if near is None and not any(ctx.takes_part(e) or ctx.coordinates(e) for e in ctx.editions()):
            return self.call(ctx, how)
        if near is None:
            return _("I do not understand that. See what you can do with {how}.", how=how)
        return _(
            "I do not know that word. Do you mean {guess}? See what you can do with {how}.",
            guess=Call(command=near[0].id),
            how=how,
        )

    # ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    def call(self, ctx: Context, call: Call) -> Answer:
        """Carry out a call, if this person may do it here."""
        command = self.commands.by_id[call.command]
        candidates = self._editions(ctx, command, call)
        if len(candidates) > 1 and command.needs_edition:
            return self._which_edition(ctx, call, candidates)
        if not candidates and command.needs_edition:
            raise Refusal(self._stranger(ctx, command))
        ctx.edition_or_none = candidates[0] if len(candidates) == 1 else None
        if elsewhere := self._elsewhere(ctx, command):
            return elsewhere
        try:
            answer = command.run(ctx, *values_of(command, call, ctx))
        except Missing as missing:
            answer = self._missing(ctx, command, call, missing)
        return self._bound(answer, call)

    def _editions(self, ctx: Context, command: Command, call: Call) -> list[Edition]:
        """The editions that this can be about: named, of this room, or those in which the person has the right."""
        current = [e for e in ctx.editions() if ctx.has(command.who, e)]
        if call.edition:
            return [e for e in current if call.edition in (e.id, *e.words)]
        here = rooms.edition_of(ctx.room)
        if here is not None and any(e.id == here for e in ctx.editions()):
            return [e for e in current if e.id == here]
        return current

    def _which_edition(self, ctx: Context, call: Call, candidates: Sequence[Edition]) -> Answer:
        choices = [
            Button(label=_("{edition}", edition=e.name), call=call.model_copy(update={"edition": e.id}))
            for e in candidates
        ]
        return Ask(_("About which programme is this?"), choices=choices, to=rooms.direct(ctx.me.id))

    def _stranger(self, ctx: Context, command: Command) -> Sayable:
        editions = ctx.editions()
        if command.who is Role.COORDINATOR and editions:
            return _(
                "Only the coordinator can do that. Do you want to ask something? Call or mail {contact}.",
                contact=str(editions[0].contact),
            )
        if editions:
            return _(
                "You do not take part in {edition} yet. Sign up with {how}.",
                edition=editions[0].name,
                how=Call(command="signup"),
            )
        return _("There is no programme open now. See what you can do with {how}.", how=Call(command="help"))

    def _elsewhere(self, ctx: Context, command: Command) -> Answer:
        """What to say of a command that was typed where it does not belong; None when it is in its place."""
        direct = rooms.direct(ctx.me.id)
        if command.where is DIRECT and not ctx.at_direct:
            how = Call(command=command.id)
            return Say(
                _(
                    "{how} works only here, in our own chat. Remove your message in the room, then type it here.",
                    how=how,
                ),
                to=direct,
            )
        if command.where is DESK and not ctx.at_direct and ctx.room != rooms.desk(ctx.edition.id):
            return Say(
                _("{how} works only at the desk or here, in our own chat.", how=Call(command=command.id)), to=direct
            )
        return None

    def _missing(self, ctx: Context, command: Command, call: Call, missing: Missing) -> Answer:
        if missing.parameter.ask is None or not ctx.at_direct:
            example = next((e for e in command.examples if e), "")
            how = Call(command=command.id, arguments=(example,) if example else ())
            raise Refusal(_("I need something more: {usage}. For example {how}.", usage=usage(command), how=how))
        return Ask(missing.parameter.ask, call.model_copy(update={"arguments": (*call.arguments, GAP)}))

    def _bound(self, answer: Answer, call: Call) -> Answer:
        """Give a request for confirmation the call that it confirms."""
        return [self._tied(part, call) for part in parts(answer)]

    def _tied(self, part: Part, call: Call) -> Part:
        if isinstance(part, Work):
            return replace(part, call=call)
        return self._question(part, call) if isinstance(part, Confirm) else part

    def _question(self, confirm: Confirm, call: Call) -> "Bound":
        no = Call(command="cancel")
        choices = (
            Button(label=confirm.yes or questions.YES, call=call),
            Button(label=confirm.no or questions.NO, call=no),
        )
        return Bound(confirm.text, choices=choices, until=timedelta(minutes=10))

    # ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _letters(self, ctx: Context, event: Event, answer: Answer) -> list[Letter]:
        letters: list[Letter] = []
        for part in parts(answer):
            if isinstance(part, Work):
                letters += self._begin(ctx, event, part, len(letters))
            elif isinstance(part, Ask):
                letters += self._asked(ctx, event, part, len(letters))
            elif isinstance(part, Say):
                letters.append(self._letter(ctx, event, part, len(letters)))
        return letters

    def _letter(self, ctx: Context, event: Event, say: Say, index: int) -> Letter:
        here = say.to in ("", event.room)
        return Letter(
            id=f"{event.id}#{index}",
            number=self.postman.next_number(),
            room=event.room if here else say.to,
            text=say.text,
            buttons=tuple(say.buttons),
            file=say.file,
            wake=say.wake,
            place=event.place if here else None,
            tried=ctx.now if here and event.place else None,
            until=say.until,
            edition=ctx.edition_or_none.id if ctx.edition_or_none else "",
        )

    def _asked(self, ctx: Context, event: Event, ask: Ask, index: int) -> list[Letter]:
        room = ask.to or (event.room if rooms.person_of(event.room) else rooms.direct(event.person))
        said = self._letter(ctx, event, Say(ask.text, room, ask.choices, wake=ask.wake), index).model_copy(
            update={"answers": True}
        )
        person = rooms.person_of(room) or event.person
        question = questions.question_of(ask, person, said.id, ctx.now, confirms=isinstance(ask, Bound))
        ctx.save(question)
        for other in ctx.desk.all(Question, person=person):
            if other.front and other.id != question.id:
                ctx.save(other.model_copy(update={"front": False}))
        if room != event.room and not ask.to:
            return [said, self._letter(ctx, event, Say(_("I send you a message in our own chat.")), index + 1)]
        return [said]

    def _keep(self, ctx: Context, event: Event, letters: list[Letter]) -> Future:
        ctx.save(Seen(id=event.id, at=ctx.now), *letters)
        done = self.store.commit(ctx.desk.unit())
        self.postman.take(letters, done)
        if touched := ctx.desk.editions_changed():
            self.changed(touched)
        return done

    def _bug(self, ctx: Context, event: Event, fault: Exception) -> Answer:
        code = hashlib.sha256(f"{event.id}{type(fault).__name__}".encode()).hexdigest()[:6]
        log.error("fault", code=code, event_id=event.id, kind=type(fault).__name__, where=_where(fault))
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

    # ── long computations ────────────────────────────────────────────────────────────────────────────────────────────────

    def _begin(self, ctx: Context, event: Event, work: Work, index: int) -> list[Letter]:
        """Compute after this event is kept; the result comes back as an event of its own."""
        assert work.call is not None  # noqa: S101 - tied in call()
        ctx.save(Pending(id=event.id, person=event.person, room=event.room, place=event.place or "", call=work.call))
        task = asyncio.get_running_loop().create_task(self._compute(event, work, ctx.edition.id))
        self.working.add(task)
        task.add_done_callback(self.working.discard)
        return [self._letter(ctx, event, Say(work.meanwhile), index)] if work.meanwhile else []

    async def _compute(self, event: Event, work: Work, edition: str) -> None:
        outcome: Sequence[Any] = await asyncio.gather(
            asyncio.to_thread(work.function, work.input), return_exceptions=True
        )
        result = outcome[0]
        call = work.call or Call(command="help")

        def back(ctx: Context) -> Answer:
            ctx.desk.delete(Pending, event.id)
            ctx.edition_or_none = ctx.desk.get(Edition, edition)
            if isinstance(result, BaseException):
                raise result
            if work.again(ctx) != work.input:
                return Say(_("Something has changed meanwhile. Do it once more: {how}.", how=call))
            return self._bound(work.then(ctx, work.input, result), call)

        await self.run(replace(event, id=f"{event.id}/done", at=self.clock.now()), back)

    def resume(self) -> None:
        """Ask again for the computations that a restart cut off."""
        for pending in list(self.store[Pending].values()):
            event = Event(f"{pending.id}/again", pending.person, pending.room, pending.place or None, self.clock.now())

            def once_more(ctx: Context, pending: Pending = pending) -> Answer:
                ctx.desk.delete(Pending, pending.id)
                return self.call(ctx, pending.call)

            self.run(event, once_more)


@dataclass(frozen=True)
class Bound(Ask):
    """A request for confirmation: the first choice confirms its call."""


def _where(fault: Exception) -> str:
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
