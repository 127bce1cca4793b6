"""A session as it stands now: the view in which everything is looked up, and which every rule takes and gives.

A rule returns the next sitting: `session` is the record to keep, `happened` what is to be said. The caller makes a fresh sitting
for each thing that comes in.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from programme.intervision.calls import PRESENTER, RESUME, START, TAKE_OVER
from programme.intervision.happenings import Happening
from programme.intervision.method import Method, Phase, Speakers, TurnRule
from programme.intervision.session import Session, Slow
from programme.intervision.spoken import NOBODY, Open, QuestionRound
from programme.text import Refusal, _
from programme.workdays import Workdays

FACILITATOR_SILENCE = timedelta(minutes=2)
"""After so long without a sign of life anybody can take over (features.md, 45)."""
SILENT_DAYS = 2
"""The same in the slow form, in working days."""


@dataclass(frozen=True)
class Sitting:
    """A session, its method, and the moment (aware). `happened` is what the rules added since it was made.

    Of a slow session it is the method in its slow form, and `free` are the days on which nobody works.
    """

    method: Method
    session: Session
    now: datetime
    happened: tuple[Happening, ...] = ()
    free: frozenset[date] = frozenset()

    def having(self, *happened: Happening, **changes: object) -> "Sitting":
        """The same with these fields of the session changed, and with this happened."""
        session = self.session.model_copy(update=changes) if changes else self.session
        return replace(self, session=session, happened=(*self.happened, *happened))

    def seen(self, person: str) -> "Sitting":
        """The same with this sign of life noted, where it is one of the facilitator."""
        return self.having(facilitator_heard=self.now) if person == self.session.facilitator else self

    @property
    def phase(self) -> Phase:
        """The phase that it is in."""
        return self.method.phases[self.session.phase]

    @property
    def parts(self) -> int:
        """How many parts this phase has: two when something follows its round."""
        return 2 if self.phase.then else 1

    @property
    def is_last(self) -> bool:
        """Whether the session is over after this phase."""
        return self.session.phase + 1 == len(self.method.phases)

    @property
    def rule(self) -> TurnRule:
        """The turn rule of this part of the phase."""
        if self.session.part == 0:
            return self.phase.turn
        return "vote" if self.phase.then == "vote" else "monologue"

    @property
    def speakers(self) -> Speakers:
        """Who speaks in this part of the phase."""
        if self.session.part == 0:
            return self.phase.speakers
        return "all" if self.phase.then == "vote" else "presenter"

    @property
    def listeners(self) -> frozenset[str]:
        """Who must not speak now, for the sake of the method. The facilitator can always say how it goes."""
        if self.session.part > 0 or self.phase.listeners is None:
            return NOBODY
        presenter, chair = self.session.presenter, self.session.facilitator
        listen = self.phase.listeners == "presenter"
        return frozenset(p for p in self.present if (p == presenter) is listen and p != chair)

    @property
    def present(self) -> tuple[str, ...]:
        """Who is there now, in the order in which they came."""
        return tuple(person for person in self.session.members if person not in self.session.away)

    @property
    def takers(self) -> tuple[str, ...]:
        """Who has a part in this part of the phase: those who speak, write or vote in it."""
        session = self.session
        match self.speakers:
            case "presenter":
                return tuple(p for p in self.present if p == session.presenter)
            case "facilitator":
                return tuple(p for p in self.present if p == session.facilitator)
            case "none":
                return ()
            case who:
                out = set() if session.facilitator_takes_turn else {session.facilitator}
                out |= {session.presenter} if who == "members" and session.presenter else set()
                return tuple(p for p in self.present if p not in out)

    @property
    def entitled(self) -> frozenset[str]:
        """Who may post in the room now, where only they can (`strict`) or are expected to."""
        turn, chair = self.session.turn, frozenset({self.session.facilitator})
        if self.session.paused_at or self.session.ended or self.rule in ("announce", "vote"):
            return frozenset(self.present)
        if isinstance(turn, QuestionRound) and turn.asker:
            return chair | {turn.asker, turn.answerer}
        if turn.holder:
            return chair | {turn.holder}
        return chair | (frozenset(self.takers) - self.listeners if self.rule == "open" else NOBODY)

    @property
    def next_in_line(self) -> str | None:
        """Who comes after the holder of the turn. A raised hand is a turn to come only where people talk freely."""
        hands = self.session.hands if isinstance(self.session.turn, Open) else ()
        return next(iter((*self.session.turn.coming, *hands)), None)

    @property
    def clock(self) -> datetime:
        """The moment at which its clock stands: now, or when it was paused."""
        return self.session.paused_at or self.now

    @property
    def left(self) -> timedelta:
        """How much time the phase has left; never less than none."""
        return max(self.session.deadline - self.clock, timedelta())

    @property
    def is_up(self) -> bool:
        """Whether the time of the phase is over."""
        return not self.left

    @property
    def must_be_slow(self) -> Slow:
        """What is kept of its slow form. Raises `AssertionError` in a live session."""
        assert self.session.slow is not None  # noqa: S101 - asked for in the slow form only
        return self.session.slow

    @property
    def workdays(self) -> Workdays:
        """The days on which a slow session goes on."""
        return Workdays(ZoneInfo(self.must_be_slow.zone), self.free)

    @property
    def facilitator_is_silent(self) -> bool:
        """Whether the facilitator has given no sign of life for so long that somebody else can take over."""
        heard = self.session.facilitator_heard
        if self.session.slow:
            return self.now >= self.workdays.due(heard, SILENT_DAYS)
        return self.now - heard >= FACILITATOR_SILENCE

    def must_run(self) -> None:
        """Refuse when it is over or paused."""
        self.must_not_be_over()
        if self.session.paused_at:
            raise Refusal(_("We are pausing. The facilitator goes on with {how}.", how=RESUME))

    def must_not_be_over(self) -> None:
        """Refuse when it is over."""
        if self.session.ended:
            raise Refusal(_("This session is over. Start a new one with {how}.", how=START))

    def must_be_there(self, person: str) -> None:
        """Refuse somebody who does not take part now."""
        if person not in self.present:
            raise Refusal(_("You are not in this session. Ask the facilitator to let you in."))

    def must_chair(self, person: str) -> None:
        """Refuse anybody but the facilitator."""
        if person != self.session.facilitator and self.session.slow:
            raise Refusal(
                _(
                    "Only the facilitator does this. Has the facilitator been silent for two working days? Then you can take over with {how}.",
                    how=TAKE_OVER,
                )
            )
        if person != self.session.facilitator:
            raise Refusal(
                _(
                    "Only the facilitator does this. Has the facilitator been silent for two minutes? Then you can take over with {how}.",
                    how=TAKE_OVER,
                )
            )

    def must_have_presenter(self, phase: Phase) -> None:
        """Refuse a phase about somebody's case as long as it is not known whose."""
        if phase.needs_presenter and self.session.presenter not in self.present:
            raise Refusal(
                _("It is not known yet whose case this is about. Say who presents with {how}.", how=PRESENTER)
            )
