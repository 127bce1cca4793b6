"""What happens in a slow session, said: the same as at the table, but for what has to do with days.

A phase begins with one waking message in the room; after that only the status text changes, until the next. Who is missing hears
so alone, and so does a presenter who owes answers. The facilitator is asked what to do when too few are in at the deadline.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from bot.answer import Part, Say
from bot.context import Context
from bot.intervision.telling import Teller, status_of
from programme import rooms
from programme.intervision.anytime import Anytime
from programme.intervision.calls import A_DAY_MORE, CHOOSE_CASE, DONE, END_NOW, LABEL, NEXT, PASS, WRITE
from programme.intervision.happenings import (
    AnswerAwaited,
    DaysAdded,
    DecisionAsked,
    Happening,
    LastDay,
    PhaseBegan,
    Resumed,
)
from programme.intervision.method import TurnRule
from programme.intervision.sitting import Sitting
from programme.intervision.status import asked
from programme.intervision.written import Classify, SilentWrite, Vote
from programme.text import Moment, Sayable, Text, _, _n, lines
from storage.letters import Button

AFTERWARDS = timedelta(days=14)
"""So long after its deadline a question is still of use: the facilitator may give days more."""
HOW: dict[TurnRule, Text] = {
    "round": _("Write here when it suits you, once each. Passing is fine, with {pass_}.", pass_=PASS),
    "open": _("Talk with each other when it suits you. Nothing more to say? Tell me with {how}.", how=DONE),
    "monologue": _("Write it here, in one message or more. Done? Tell me with {how}.", how=DONE),
}
"""What each turn rule asks for over days."""


def told(ctx: Context, sitting: Sitting) -> list[Part]:
    """Say all that happened in a slow sitting, each to whom it concerns, and bring the status text up to date."""
    shown = cache(ctx.name)
    return [*SlowTeller(ctx, sitting, shown).said(), status_of(sitting, shown)]


def card(sitting: Sitting) -> Iterator[Sayable]:
    """What everybody must know before the first word, besides what holds at the table too."""
    yield from _plan(sitting)
    yield _("Write when it suits you. Weekends and holidays do not count. Only who is missing hears from me, alone.")
    yield _(
        "What you write to me alone I keep in memory only. If I am restarted before I show it, it is gone, and I ask you again. You may also post it here yourself."
    )


def _plan(sitting: Sitting) -> Iterator[Sayable]:
    first = 1
    for (_key, days), phase in zip(sitting.must_be_slow.phases, sitting.method.phases, strict=True):
        last = first + days - 1
        if days == 1:
            yield _("- day {first}: {phase}", first=first, phase=phase.name)
        else:
            yield _("- days {first} to {last}: {phase}", first=first, last=last, phase=phase.name)
        first = last + 1


class SlowTeller(Teller):
    """Says what happens over days."""

    def _room(self, text: Sayable, *, wake: bool = False, mentions: str = "") -> Say:
        """Say it in the room. In the evening and the weekend it wakes nobody: who looks finds it, and the last day reminds."""
        awake = self.sitting.workdays.awake(self.sitting.now)
        return super()._room(text, wake=wake and awake, mentions=mentions)

    def _useful(self) -> timedelta:
        return max(self.sitting.session.deadline - self.sitting.now, timedelta()) + AFTERWARDS

    def _of_the_phase(self, it: Happening) -> Iterator[Part]:
        """Say which phase began; of two in one breath only the last, as nobody is awaited in the first."""
        match it:
            case PhaseBegan(index) if index == self.sitting.session.phase:
                yield self._room(self._opening(None), wake=True, mentions=self._only_one())
            case PhaseBegan():
                return
            case _:
                yield from super()._of_the_phase(it)

    def _only_one(self) -> str:
        """Who is expected to write, where that is one person."""
        turn = self.sitting.session.turn
        return next(iter(turn.people)) if isinstance(turn, Anytime) and len(turn.people) == 1 else ""

    def _opening(self, holder: str | None) -> Sayable:  # noqa: ARG002 - nobody holds the turn
        session, phase = self.sitting.session, self.sitting.phase
        title = _(
            "**Phase {number} of {phases}: {phase}**, until {until}",
            number=session.phase + 1,
            phases=len(self.sitting.method.phases),
            phase=phase.name,
            until=Moment(at=session.deadline),
        )
        return lines(title, asked(self.sitting, self.shown, _("your theme")), *self._how())

    def _how(self) -> Iterator[Text]:
        """How one contributes in this phase."""
        turn, presenter = self.sitting.session.turn, self.sitting.session.presenter
        if isinstance(turn, Anytime) and turn.answerer and presenter:
            yield _(
                "Ask when it suits you; {presenter} answers within a working day. No more questions? Tell me with {how}.",
                presenter=self._name(presenter),
                how=DONE,
            )
        elif isinstance(turn, Anytime):
            yield HOW[self.sitting.rule]
        elif isinstance(turn, SilentWrite) and self.sitting.phase.reveal == "together":
            yield _(
                "You get a message from me. I show what everybody wrote once all are in. You may also post yours here."
            )
        elif isinstance(turn, Classify):
            yield _("Ready? Tell me with {how}.", how=DONE)

    def _memory(self) -> Text:
        return _(
            "Your next message to me is what you write. I keep it in memory only, until I show all of them. If I am restarted before that, I ask you again."
        )

    def _of_the_clock(self, it: Happening) -> Iterator[Part]:
        match it:
            case Resumed(until):
                yield self._room(_("We go on. This phase lasts until {until}.", until=Moment(at=until)), wake=True)
            case DaysAdded(until):
                yield self._room(_("This phase goes on until {until}.", until=Moment(at=until)), wake=True)
            case LastDay(to, until):
                yield self._alone(to, self._last_day(until), wake=True)
            case AnswerAwaited(to, count):
                yield self._alone(to, self._owed(count), wake=True)
            case DecisionAsked(count):
                yield self._decision(count)
            case _:
                yield from super()._of_the_clock(it)

    def _last_day(self, until: datetime) -> Sayable:
        text = _(
            "“{phase}” is open until {until}. I have nothing of yours yet.",
            phase=self.sitting.phase.name,
            until=Moment(at=until),
        )
        return lines(
            text, self._how_now(), _("Passing is fine too, with {pass_}. Nobody else hears that I asked.", pass_=PASS)
        )

    def _how_now(self) -> Text:
        match self.sitting.session.turn:
            case SilentWrite():
                return _("Write it to me with {how}, or post it in the room of your group.", how=WRITE)
            case Vote():
                return _("Choose in this chat, with {how} and a name.", how=CHOOSE_CASE)
            case Classify():
                return _("Label each number with {how}.", how=LABEL)
            case _:
                return _("Write it in the room of your group.")

    def _owed(self, count: int) -> Sayable:
        return _n(
            "{n} question waits for your answer in the room of your group. Have you answered more than one at once? Tell me with {done}. You may leave one unanswered, with {pass_}.",
            "{n} questions wait for your answer in the room of your group. Have you answered more than one at once? Tell me with {done}. You may leave one unanswered, with {pass_}.",
            n=count,
            done=DONE,
            pass_=PASS,
        )

    def _decision(self, count: int) -> Say:
        nobody = _(
            "The time of “{phase}” is over, and nobody has contributed yet. What do we do?",
            phase=self.sitting.phase.name,
        )
        some = _n(
            "The time of “{phase}” is over, and {n} person has contributed. What do we do?",
            "The time of “{phase}” is over, and {n} people have contributed. What do we do?",
            n=count,
            phase=self.sitting.phase.name,
        )
        buttons = (
            Button(label=_("A day more"), call=A_DAY_MORE),
            Button(label=_("Go on"), call=NEXT),
            Button(label=_("End the session"), call=END_NOW),
        )
        return Say(some if count else nobody, rooms.direct(self._chair), buttons, wake=True)
