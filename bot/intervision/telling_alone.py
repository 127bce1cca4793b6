"""What is done alone in a session, said: private writing and its release, the vote, and what the presenter hears.

What people wrote themselves goes out with `keep=False`, and nothing else of it is anywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.answer import Ask, Part, Say
from bot.context import Context
from bot.intervision.sessions import revealed_as, room_of
from programme import rooms
from programme.intervision.calls import (
    BACK,
    BREAK_TIE,
    CHOOSE_CASE,
    NEXT,
    OUTCOME,
    PASS,
    PRESENTER,
    STOP,
    WITHOUT,
    WRITE,
)
from programme.intervision.happenings import (
    Happening,
    Labelled,
    NothingWritten,
    PresenterChosen,
    PresenterDeclined,
    Revealing,
    StillWriting,
    VoteOpened,
    VoteTied,
    WritingAsked,
)
from programme.intervision.sitting import Sitting
from programme.intervision.status import Shown, asked
from programme.text import Call, Sayable, Text, Value, _, _n, lines, listing
from storage.letters import Button

A_SITTING = timedelta(hours=12)
"""A question of a session is of no use any longer than this."""


@dataclass(frozen=True)
class TellerAlone:
    """Says of one sitting what people do alone; and how anything is said."""

    ctx: Context
    sitting: Sitting
    shown: Shown

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
                yield self._room(_("Number {item}: {label}", item=item, label=label))
            case StillWriting():
                yield self._alone(self._chair, lines(*self._missing(it)))
            case VoteOpened() | VoteTied() | PresenterChosen():
                yield from self._of_the_vote(it)
            case PresenterDeclined(person):
                yield self._room(lines(*self._without_case(it)), wake=True, mentions=self._chair)
                yield self._alone(person, _("All right, you need not say why."))
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

    def _missing(self, it: StillWriting) -> Iterator[Text]:
        """Who still writes, and what the facilitator can do: for their own text something else than for that of others."""
        others = [self._name(person) for person in it.people if person != self._chair]
        if self._chair in it.people:
            yield _("You still write yourself. Send it to me here, or type {how}.", how=PASS)
        if not others:
            return
        yield _n("{people} still writes.", "{people} still write.", n=len(others), people=listing(others))
        if it.waits:
            how = WITHOUT.model_copy(update={"arguments": (others[0],)})
            yield _("Wait a moment. Is somebody gone? Go on without them, for example with {how}.", how=how)
        else:
            yield _("Wait a moment. When the time is up you can go on without it.")

    def _without_case(self, it: PresenterDeclined) -> Iterator[Text]:
        """What the room hears when somebody would rather not bring in their case: who, and the one next step."""
        person, chair = self._name(it.person), self._name(self._chair)
        if it.again:
            yield _("{person} would rather not bring in a case. That is fine.", person=person)
        elif it.another is None:
            yield _(
                "{person} would rather not bring in a case. {facilitator}, choose anew with {back}.",
                person=person,
                facilitator=chair,
                back=BACK,
            )
        else:
            how = PRESENTER.model_copy(update={"arguments": (self._name(it.another),)})
            yield _(
                "{person} would rather not bring in a case. {facilitator}, choose somebody else, for example with {how}, or vote once more with {back}.",
                person=person,
                facilitator=chair,
                how=how,
                back=BACK,
            )

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
                yield self._room(lines(*self._case_of(person)))
                yield self._outcome_asked(person)

    def _case_of(self, person: str) -> Iterator[Text]:
        yield _("We go on with the case of {person}.", person=self._name(person))
        if self.sitting.rule == "vote" and not self.sitting.session.slow:
            yield _(
                "{person} thinks about the learning question for a moment. Then {facilitator} goes on with {how}.",
                person=self._name(person),
                facilitator=self._name(self._chair),
                how=NEXT,
            )

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
            _("You need not send it to me. I only want to know this: is it over, or does it still go on?"),
        )
        over, going_on = (OUTCOME.model_copy(update={"arguments": (it,)}) for it in ("over", "open"))
        choices = Button(label=_("It is over"), call=over), Button(label=_("It still goes on"), call=going_on)
        return self._ask(person, text, None, *choices)
