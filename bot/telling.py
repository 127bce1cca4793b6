"""What happens in a session, said: the one place where happenings become messages, questions and the status text.

The room hears what concerns all, each person alone what concerns them; names stand in for ids. What people wrote themselves goes
out with `keep=False`, and nothing else of it is anywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from bot.answer import Ask, Part, Say
from bot.context import Context
from bot.hints import (
    ADVICE_AFTER_THIS,
    ADVICE_LATER,
    HINTS,
    LEVELS,
    PAUSED,
    STRICT_ASKED,
    STRICT_DECLINED,
    STRICT_PUT,
    WAKING,
)
from bot.questions import yes_no
from bot.sessions import revealed_as, room_of
from programme import rooms
from programme.intervision.calls import (
    BREAK_TIE,
    CHOOSE_CASE,
    EXTEND,
    HAND,
    NEXT,
    OUTCOME,
    PASS,
    STOP,
    STRICT,
    TAKE_OVER,
    WRITE,
)
from programme.intervision.happenings import (
    Ended,
    Extended,
    FacilitatorChanged,
    FacilitatorGone,
    HandRaised,
    Happening,
    Hint,
    Joined,
    Labelled,
    LevelChanged,
    NothingWritten,
    Parked,
    Paused,
    PhaseBegan,
    PresenterChosen,
    Resumed,
    Revealing,
    RoomReminded,
    StrictAsked,
    StrictDeclined,
    TimeUp,
    TurnGiven,
    TwoMinutesLeft,
    VoteOpened,
    VoteTied,
    WritingAsked,
)
from programme.intervision.sitting import Sitting
from programme.intervision.status import Shown, asked, status
from programme.text import Both, Call, Sayable, Text, Value, _, _n, lines
from storage.letters import Button

A_MINUTE = 60
A_SITTING = timedelta(hours=12)
"""A question of a session is of no use any longer than this."""


def told(ctx: Context, sitting: Sitting) -> list[Part]:
    """Say all that happened in a sitting, each to whom it concerns, and bring the status text up to date."""
    shown = cache(ctx.name)
    return [*Teller(ctx, sitting, shown).said(), status_of(sitting, shown)]


def status_of(sitting: Sitting, shown: Shown) -> Say:
    """The one status text of the session, in its room."""
    session = sitting.session
    return Say(status(sitting, shown), room_of(session), status=session.id)


@dataclass(frozen=True)
class Teller:
    """Says one sitting: what is said of each thing that happened."""

    ctx: Context
    sitting: Sitting
    shown: Shown

    def said(self) -> Iterator[Part]:
        """All that is said, in the order in which it happened."""
        begun = False
        for it in self.sitting.happened:
            if not (begun and isinstance(it, TurnGiven)):  # the phase that begins says whose turn it is itself
                yield from self._of_the_phase(it)
                yield from self._of_the_turn(it)
                yield from self._of_what_is_written(it)
                yield from self._of_people(it)
                yield from self._of_the_clock(it)
                yield from self._of_the_level(it)
            begun = isinstance(it, PhaseBegan)

    def _room(self, text: Sayable, *, wake: bool = False, mentions: str = "") -> Say:
        return Say(text, room_of(self.sitting.session), wake=wake, mentions=mentions)

    def _alone(self, person: str, text: Sayable, *, wake: bool = False) -> Say:
        return Say(text, rooms.direct(person), wake=wake)

    def _ask(self, person: str, text: Sayable, call: Call | None, *choices: Button) -> Ask:
        session = self.sitting.session.id
        return Ask(text, call, choices, rooms.direct(person), self._useful(), wake=True, whose=session)

    def _useful(self) -> timedelta:
        """How long a question is of use."""
        return A_SITTING

    def _name(self, person: str) -> str:
        return self.shown(person)

    @property
    def _chair(self) -> str:
        return self.sitting.session.facilitator

    # ── phases and turns ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _of_the_phase(self, it: Happening) -> Iterator[Part]:
        match it:
            case PhaseBegan():
                holder = self.sitting.session.turn.holder
                yield self._room(self._opening(holder), wake=True, mentions=holder or "")
            case Extended(minutes, _until, later):
                yield self._room(self._extended(minutes, later))
            case Ended(used):
                yield self._room(
                    _("This session is over. Thank you. What was said stays with you; I have kept nothing of it."),
                    wake=True,
                )
                if sum(used) >= A_MINUTE and not self.sitting.session.slow:
                    yield self._alone(self._chair, self._used(used))
            case _:
                return

    def _opening(self, holder: str | None) -> Sayable:
        session, phase = self.sitting.session, self.sitting.phase
        title = _n(
            "**Phase {number} of {phases}: {phase}** ({n} minute)",
            "**Phase {number} of {phases}: {phase}** ({n} minutes)",
            n=-(-session.plan[session.phase] // A_MINUTE),
            number=session.phase + 1,
            phases=len(session.plan),
            phase=phase.name,
        )
        prompt = asked(self.sitting, self.shown, _("your theme"))
        turn = (
            [_("{person}, you have the turn.", person=self._name(holder))] if holder and not self._named(prompt) else []
        )
        alone = phase.turn == "silent_write" and phase.reveal == "none"
        ready = [_("Ready? Tell me with {how}.", how=NEXT)] if alone else []
        return lines(title, prompt, *turn, *ready)

    def _named(self, prompt: Both) -> bool:
        """Whether what is asked calls the holder of the turn by name."""
        presents = self.sitting.session.turn.holder == self.sitting.session.presenter
        return "{speaker}" in prompt.nl or (presents and "{presenter}" in prompt.nl)

    def _extended(self, minutes: int, later: int) -> Sayable:
        more = _n("{n} minute more.", "{n} minutes more.", n=minutes)
        if not later:
            return more
        return lines(more, _n("We will be done {n} minute later.", "We will be done {n} minutes later.", n=later))

    def _used(self, used: tuple[int, ...]) -> Sayable:
        rows: list[Value] = [
            _n("- {phase}: {n} minute", "- {phase}: {n} minutes", n=round(seconds / A_MINUTE), phase=phase.name)
            for phase, seconds in zip(self.sitting.method.phases, used, strict=True)
            if round(seconds / A_MINUTE)
        ]
        return lines(_("This is how long each phase took. Only you see it."), *rows)

    def _of_the_turn(self, it: Happening) -> Iterator[Part]:
        match it:
            case TurnGiven(person, again, answering):
                yield self._room(self._turn(person, again, answering), wake=True, mentions=person)
            case HandRaised(person, place):
                yield self._alone(person, _("Your hand is up, as number {place}.", place=place))
            case RoomReminded():
                yield self._room(self._advice_later() if it.about == "advice" else self._reminder())
            case Hint(to, about):
                yield self._alone(to, HINTS[about], wake=about in WAKING)
            case _:
                return

    def _turn(self, person: str, again: bool, answering: bool) -> Text:
        if again:
            return _(
                "{person}, you passed before. Do you want to say something now? You may pass again.",
                person=self._name(person),
            )
        if answering:
            return _("{person}, this question is for you.", person=self._name(person))
        return _("{person}, you have the turn.", person=self._name(person))

    def _advice_later(self) -> Text:
        return ADVICE_LATER if self.sitting.rule == "question_round" else ADVICE_AFTER_THIS

    def _reminder(self) -> Text:
        holder = self.sitting.session.turn.holder
        if holder is None:
            return _("Keep your words for a moment: this phase is for something else.")
        return _(
            "One at a time: {person} has the turn now. Do you want to say something? Raise your hand with {how}.",
            person=self._name(holder),
            how=HAND,
        )

    def _of_the_level(self, it: Happening) -> Iterator[Part]:
        match it:
            case StrictAsked(to):
                yield self._room(STRICT_PUT)
                yes, no = (STRICT.model_copy(update={"arguments": (word,)}) for word in ("yes", "no"))
                yield from (self._ask(person, STRICT_ASKED, None, *yes_no(yes, no)) for person in to)
            case StrictDeclined():
                yield self._room(STRICT_DECLINED)
            case LevelChanged(level):
                yield self._room(LEVELS[level])
            case _:
                return

    # ── what is done alone ───────────────────────────────────────────────────────────────────────────────────────────────

    def _of_what_is_written(self, it: Happening) -> Iterator[Part]:
        match it:
            case WritingAsked(to, again) if self.sitting.phase.reveal == "together":
                yield from (self._writing(person, again=again) for person in to)
            case Revealing(order):
                yield Say(
                    self._revealed(order),
                    room_of(self.sitting.session),
                    wake=True,
                    keep=False,
                    reports="writing",
                    known_as=revealed_as(self.sitting.session),
                )
            case NothingWritten():
                yield self._room(_("Nobody wrote anything, so there is nothing to show."))
            case Labelled(item, label):
                name = self.sitting.phase.labels[label]
                yield self._room(_("Number {item}: {label}", item=item, label=name))
            case VoteOpened() | VoteTied() | PresenterChosen():
                yield from self._of_the_vote(it)
            case _:
                return

    def _writing(self, person: str, *, again: bool) -> Ask:
        lost: list[Value] = [_("I was away for a moment, and my notes are gone. Please send yours again.")]
        text = lines(
            *(lost if again else []),
            asked(self.sitting, self.shown, _("your theme")),
            self._memory(),
        )
        choices = Button(label=_("Pass"), call=PASS), Button(label=_("Stop"), call=STOP)
        return self._ask(person, text, WRITE, *choices)

    def _memory(self) -> Text:
        """What becomes of private writing."""
        return _("Your next message to me is what you write. I keep it in memory only, until I show all of them.")

    def _revealed(self, order: tuple[str, ...]) -> Sayable:
        written = self.ctx.memory.pieces(self.sitting.session.id)
        pieces = [(person, piece) for person in order for piece in written.get(person, ())]
        rows: list[Value] = []
        for number, (person, piece) in enumerate(pieces, 1):
            rows += [_("**{number}. {person}**", number=number, person=self._name(person)), piece]
        return lines(_("This is what everybody wrote:"), *rows)

    def _of_the_vote(self, it: VoteOpened | VoteTied | PresenterChosen) -> Iterator[Part]:
        match it:
            case VoteOpened(voters, candidates):
                yield self._room(
                    _("Whose case will it be? Everybody chooses in the chat with me; nobody sees who chose what.")
                )
                yield from self._titles(candidates)
                text = _("Whose case do you choose? Only I know what you choose.")
                yield from (self._ask(it, text, None, *self._cases(candidates, CHOOSE_CASE)) for it in voters)
            case VoteTied(candidates):
                chair = self._name(self._chair)
                yield self._room(_("There are as many votes for more than one case. {person} chooses.", person=chair))
                text = _("As many votes for more than one case. Which one will it be?")
                yield self._ask(self._chair, text, None, *self._cases(candidates, BREAK_TIE))
            case PresenterChosen(person):
                yield self._room(_("We go on with the case of {person}.", person=self._name(person)))
                yield self._outcome_asked(person)

    def _cases(self, candidates: tuple[str, ...], call: Call) -> Iterator[Button]:
        for person in candidates:
            yield Button(
                label=_("{person}", person=self._name(person)), call=call.model_copy(update={"arguments": (person,)})
            )

    def _titles(self, candidates: tuple[str, ...]) -> Iterator[Say]:
        titles = self.ctx.memory.titles(self.sitting.session.id)
        rows = [_("{person}: {title}", person=self._name(p), title=titles[p]) for p in candidates if p in titles]
        if rows:
            yield Say(lines(*rows), room_of(self.sitting.session), keep=False)

    def _outcome_asked(self, person: str) -> Ask:
        text = lines(
            _("It is your case. Tell what happened up to the moment that mattered; keep how it ended."),
            _("Write your learning question down for yourself first, in three parts:"),
            _("- what do I want to do or learn myself (“How can I …?”)"),
            _("- why does it matter now"),
            _("- at which moment exactly"),
            _("And tell me: is it over?"),
        )
        over, going_on = (OUTCOME.model_copy(update={"arguments": (it,)}) for it in ("over", "open"))
        choices = Button(label=_("It is over"), call=over), Button(label=_("It still goes on"), call=going_on)
        return self._ask(person, text, None, *choices)

    # ── people and time ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _of_people(self, it: Happening) -> Iterator[Part]:
        match it:
            case Joined(person):
                yield self._room(_("{person} takes part now.", person=self._name(person)))
            case FacilitatorGone():
                yield self._room(_("The facilitator has left. Somebody else can take over with {how}.", how=TAKE_OVER))
            case FacilitatorChanged(person):
                yield self._room(_("{person} is the facilitator now.", person=self._name(person)))
            case Parked(count):
                yield self._room(_("Kept for later, as number {count}.", count=count))
            case _:
                return

    def _of_the_clock(self, it: Happening) -> Iterator[Part]:
        match it:
            case Paused(reason):
                yield self._room(PAUSED[reason])
            case Resumed():
                yield self._room(_("We go on."), wake=True)
            case TwoMinutesLeft():
                yield self._room(_("Two minutes left."), wake=True)
            case TimeUp():
                person = self._name(self._chair)
                text = _(
                    "The time of this phase is over. {person}, go on with {next} or give more time with {more}?",
                    person=person,
                    next=NEXT,
                    more=EXTEND,
                )
                yield self._room(text, wake=True, mentions=self._chair)
            case _:
                return
