"""What happens in a session, said: the one place where happenings become messages, questions and the status text.

The room hears what concerns all, each person alone what concerns them; names stand in for ids. What people wrote themselves goes
out with `keep=False`, and nothing else of it is anywhere.
"""

from collections.abc import Iterator
from functools import cache

from bot.answer import Part, Say
from bot.context import Context
from bot.intervision.hints import (
    ADVICE_AFTER_THIS,
    ADVICE_LATER,
    HINTS,
    LEVELS,
    PAUSED,
    SAY_WHAT_YOU_SEE,
    STOPPED_BEFORE_A_CASE,
    STRICT_ASKED,
    STRICT_DECLINED,
    STRICT_PUT,
    WAKING,
    YOUR_STORY,
)
from bot.intervision.leading import afterwards, done_at, job, next_one, watched
from bot.intervision.sessions import room_of
from bot.intervision.telling_alone import TellerAlone
from bot.questions import yes_no
from programme import circles
from programme.intervision.calls import EXTEND, HAND, NEXT, STRICT, TAKE_OVER
from programme.intervision.happenings import (
    CloseAsked,
    ComesNext,
    Ended,
    Extended,
    FacilitatorChanged,
    FacilitatorGone,
    HandRaised,
    Happening,
    Hint,
    HintAbout,
    Joined,
    LevelChanged,
    Parked,
    PassedOver,
    Paused,
    PhaseBegan,
    Postponed,
    Resumed,
    RoomReminded,
    StrictAsked,
    StrictDeclined,
    TimeUp,
    TurnGiven,
    TwoMinutesLeft,
    Unanswered,
)
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import QuestionRound, Round
from programme.intervision.status import Shown, asked, part_over, status
from programme.intervision.written import SilentWrite
from programme.intervision.your_part import presenter_part
from programme.records import Group
from programme.text import Both, Call, Sayable, Text, _, _n, lines, listing

A_MINUTE = 60
READY = _("Ready? Type `done`.")


def told(ctx: Context, sitting: Sitting) -> list[Part]:
    """Say all that happened in a sitting, each to whom it concerns, and bring the status text up to date."""
    shown = cache(ctx.name)
    return [*Teller(ctx, sitting, shown).said(), status_of(sitting, shown)]


def status_of(sitting: Sitting, shown: Shown) -> Say:
    """The one status text of the session, in its room."""
    session = sitting.session
    return Say(status(sitting, shown), room_of(session), status=session.id)


class Teller(TellerAlone):
    """Says one sitting: what is said of each thing that happened."""

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

    # ── phases and turns ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _of_the_phase(self, it: Happening) -> Iterator[Part]:
        match it:
            case PhaseBegan():
                holder = self.sitting.session.turn.holder
                yield self._room(self._opening(holder), wake=True, mentions=holder or "")
                yield from (self._alone(self._chair, tip) for tip in watched(self.sitting, self.shown))
                if part := presenter_part(self.sitting):
                    yield self._alone(self.sitting.session.presenter or "", part)
            case Extended(minutes, _until, later):
                yield self._room(self._extended(minutes, later))
            case Ended(used):
                over = _("This session is over. Thank you. What was said stays with you; I have kept nothing of it.")
                yield self._room(lines(over, *next_one(self.ctx, self.sitting.session)), wake=True)
                if sum(used) >= A_MINUTE and not self.sitting.session.slow:
                    yield self._alone(self._chair, afterwards(self.ctx, self.sitting))
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
        ready = [self._ready(holder)] if holder else [READY] if alone else []
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

    def _of_the_turn(self, it: Happening) -> Iterator[Part]:
        match it:
            case TurnGiven(person, again, answering):
                text = lines(*self._went_before(), self._turn(person, again, answering))
                yield self._room(text, wake=True, mentions=person)
            case PassedOver() | Postponed() | Unanswered() if not any(
                isinstance(o, TurnGiven) for o in self.sitting.happened
            ):
                yield self._room(lines(*self._went_before()))
            case CloseAsked(answering, hands):
                yield self._close_asked(answering, hands)
            case ComesNext(person, after):
                yield self._room(_("{person} comes after {other}.", person=self._name(person), other=self._name(after)))
            case HandRaised(person, place):
                yield self._alone(person, _("Your hand is up, as number {place}.", place=place))
            case RoomReminded():
                yield self._room(self._advice_later() if it.about == "advice" else self._reminder())
            case Hint(to, "turn_of_another"):
                yield self._alone(to, self._of_another())
            case Hint(to, "may_close" | "may_end" as about):
                yield self._alone(to, lines(part_over(self.sitting, self.shown), HINTS[about]))
            case Hint(to, about):
                yield self._alone(to, self._hint(to, about), wake=about in WAKING)
            case _:
                return

    def _hint(self, to: str, about: HintAbout) -> Text:
        """The words of a hint, where they depend on who hears it, or on what the group does now."""
        if about == "your_turn" and to == self.sitting.session.presenter:
            return YOUR_STORY
        if about == "no_advice" and self.sitting.rule != "question_round":
            return SAY_WHAT_YOU_SEE
        if about == "stopped" and self.sitting.session.presenter is None:
            return STOPPED_BEFORE_A_CASE
        return HINTS[about]

    def _of_another(self) -> Text:
        holder = self.sitting.session.turn.holder or ""
        return _("{person} has the turn. Go on without waiting with {next}.", person=self._name(holder), next=NEXT)

    def _went_before(self) -> Iterator[Text]:
        """What the facilitator left behind by going on."""
        for it in self.sitting.happened:
            if isinstance(it, PassedOver):
                yield _("{person} sits this one out.", person=self._name(it.person))
            elif isinstance(it, Postponed):
                yield _("{person} comes later.", person=self._name(it.person))
            elif isinstance(it, Unanswered):
                yield _("We leave this question for now.")

    def _turn(self, person: str, again: bool, answering: bool) -> Text:
        ready = self._ready(person)
        if again:
            return _(
                "{person}, you passed before. Do you want to say something now? You may pass again. {ready}",
                person=self._name(person),
                ready=ready,
            )
        turn = self.sitting.session.turn
        if isinstance(turn, QuestionRound) and turn.loops and turn.queue == turn.people and not answering:
            return _(
                "One more round. {person}, you have the turn. {ready}",
                person=self._name(person),
                ready=ready,
            )
        if answering:
            return _("{person}, this question is for you. {ready}", person=self._name(person), ready=ready)
        return _("{person}, you have the turn. {ready}", person=self._name(person), ready=ready)

    def _ready(self, holder: str) -> Text:
        """How this turn ends: by a word, except where a question or an answer that can be heard ends it."""
        session = self.sitting.session
        turn = session.turn
        if not isinstance(turn, QuestionRound) or not turn.answers_apart:
            return READY
        if holder == self._chair:
            return _("Type your question, and then `done`. No question? Type `pass`.")
        return _("Would you rather not? Type `pass`.") if session.hears else READY

    def _close_asked(self, answering: bool, hands: tuple[str, ...]) -> Say:
        presenter = self.sitting.session.presenter or ""
        answer = [_("{person} still has to answer.", person=self._name(presenter))] if answering else []
        people = listing([self._name(it) for it in hands])
        up = [_n("{people} has a hand up.", "{people} have a hand up.", n=len(hands), people=people)] if hands else []
        chair = self._name(self._chair)
        text = _(
            "{person}, go on all the same? Type {next} once more, or give more time with {more}.",
            person=chair,
            next=NEXT,
            more=EXTEND,
        )
        return self._room(lines(*answer, *up, text), wake=True, mentions=self._chair)

    def _advice_later(self) -> Text:
        return ADVICE_LATER if self.sitting.rule == "question_round" else ADVICE_AFTER_THIS

    def _reminder(self) -> Text:
        holder = self.sitting.session.turn.holder
        if isinstance(self.sitting.session.turn, SilentWrite):
            return _("Quiet for a moment: people are still writing.")
        if holder is None:
            return _("Keep your words for a moment: this phase is for something else.")
        return _(
            "One moment: {person} has the turn now. Do you want to say something? Raise your hand with {how}.",
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

    # ── people and time ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _of_people(self, it: Happening) -> Iterator[Part]:
        match it:
            case Joined(person):
                yield self._room(_("{person} takes part now.", person=self._name(person)))
                yield self._alone(person, lines(*self._welcome(person)))
            case FacilitatorGone():
                yield self._room(_("The facilitator has left. Somebody else can take over with {how}.", how=TAKE_OVER))
            case FacilitatorChanged(person):
                yield self._room(_("{person} is the facilitator now.", person=self._name(person)))
                if not self.sitting.session.slow:
                    yield self._alone(person, job(self.sitting, self.ctx.edition.zone))
            case Parked(count):
                yield self._room(_("Kept for later, as number {count}.", count=count))
            case _:
                return

    def _welcome(self, person: str) -> Iterator[Text]:
        """Where they are, for who comes later."""
        yield _(
            "Good that you are here. We are in phase {number} of {phases}, “{phase}”.",
            number=self.sitting.session.phase + 1,
            phases=len(self.sitting.method.phases),
            phase=self.sitting.phase.name,
        )
        turn = self.sitting.session.turn
        if isinstance(turn, Round | QuestionRound) and person in turn.coming:
            yield _("Your turn comes at the end.")
        if self._has_not_agreed(person):
            yield _(
                "Read what you agree together with {read}, and say yes with {how}.",
                read=Call(command="agreements"),
                how=Call(command="agree"),
            )

    def _has_not_agreed(self, person: str) -> bool:
        group, edition = self.ctx.state.get(Group, self.sitting.session.group), self.ctx.edition_or_none
        if group is None or edition is None or edition.intervision is None or person not in group.members:
            return False
        return circles.agreed_on(edition, group, person) is None

    def _of_the_clock(self, it: Happening) -> Iterator[Part]:
        match it:
            case Paused(reason):
                yield self._room(PAUSED[reason])
            case Resumed():
                yield self._room(lines(_("We go on."), done_at(self.sitting, self.ctx.edition.zone)), wake=True)
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
