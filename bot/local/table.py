"""The next move in a session that is played: what those at the table say or type, so that it goes on.

Derived from the session alone. One move is one turn: a line of somebody, a question with its answer, or all who write or choose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.local.case import SAID
from programme.crowd import words
from programme.intervision.calls import (
    BREAK_TIE,
    CHOOSE_CASE,
    DONE,
    LABEL,
    NEXT,
    PASS,
    PRESENTER,
    RESUME,
    WRITE,
)
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import Open, QuestionRound
from programme.intervision.written import Classify, SilentWrite, Vote
from programme.people import LanguageCode
from programme.text import Call

Kind = Literal["resume", "write", "choose", "ask", "speak", "talk", "close"]


@dataclass(frozen=True)
class Said:
    """Somebody says a line, or makes a call: at the table, or `alone` in the chat with the bot."""

    person: str
    what: str | Call
    alone: bool = False


@dataclass(frozen=True)
class Move:
    """What is next: of which kind, whose turn it is above all, and what is said."""

    kind: Kind
    person: str
    lines: tuple[Said, ...]


def next_move(it: Sitting, language: LanguageCode) -> Move | None:
    """The move that is due now, with lines in this language; None where there is none to make: over days, or at the end."""
    session = it.session
    if session.slow is not None or session.ended is not None:
        return None
    if session.paused_at is not None:
        return Move("resume", session.facilitator, (Said(session.facilitator, RESUME),))
    return _Table(it, language).move()


@dataclass(frozen=True)
class _Table:
    it: Sitting
    language: LanguageCode

    def move(self) -> Move:
        return self._alone() or self._aloud()

    def _alone(self) -> Move | None:
        """What is written or chosen, each alone; None where people speak."""
        match self.it.session.turn:
            case SilentWrite() as turn if turn.waiting:
                return Move("write", self._chair, tuple(self._written(sorted(turn.waiting))))
            case Vote(tied=(first, *_others)) as turn if not turn.closed:
                return Move("choose", self._chair, (Said(self._chair, _with(BREAK_TIE, first), alone=True),))
            case Vote() as turn if turn.waiting:
                return Move("choose", self._chair, tuple(self._chosen(turn)))
            case _:
                return None

    def _aloud(self) -> Move:
        match self.it.session.turn:
            case Classify() as turn if turn.called is not None and not turn.finished:
                return Move("speak", turn.called, tuple(self._labelled(turn, turn.called)))
            case QuestionRound() as turn if turn.holder is not None and not turn.everybody_came:
                return self._question(turn)
            case Open(called=None):
                return Move("talk", self._chair, (*self._talk(), *self._go_on()))
            case turn if turn.holder is not None and not isinstance(turn, QuestionRound):
                return Move("speak", turn.holder, self._spoken(turn.holder))
            case _:
                return Move("close", self._chair, self._go_on())

    @property
    def _chair(self) -> str:
        return self.it.session.facilitator

    # ── what is said ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _spoken(self, person: str) -> tuple[Said, ...]:
        done = Said(person, DONE)
        return (done,) if self.it.session.replied else (Said(person, self._line(person)), done)

    def _talk(self) -> list[Said]:
        return [Said(person, self._line(person)) for person in self.it.takers if person not in self.it.listeners]

    def _question(self, turn: QuestionRound) -> Move:
        """A question with its answer; only the answer where the question stands already. Who leads says that it has been put."""
        asker = turn.asker or self._chair
        place = self._place(asker)
        answer = Said(turn.answerer, self._of("answers", words.ANSWERS, place))
        if turn.answering:
            return Move("ask", turn.answerer, (answer,))
        question = () if self.it.session.replied else (Said(asker, self._of("information", words.QUESTIONS, place)),)
        put = (Said(asker, DONE),) if asker == self._chair else ()
        return Move("ask", asker, (*question, *put, answer))

    def _written(self, people: Sequence[str]) -> list[Said]:
        if self.it.phase.reveal == "none":
            return [Said(person, DONE) for person in people]
        done = self.it.phase.most_items not in (None, 1)  # one piece is all that is waited for
        return [said for person in people for said in self._piece(person)[: 2 if done else 1]]

    def _piece(self, person: str) -> tuple[Said, Said]:
        written = _with(WRITE, self._line(person, words.WRITTEN))
        return Said(person, written, alone=True), Said(person, DONE, alone=True)

    def _chosen(self, turn: Vote) -> list[Said]:
        """Everybody chooses the case of the same person, who chooses that of another."""
        first = next((person for person in turn.candidates if person == self._teller), turn.candidates[0])
        other = next((person for person in turn.candidates if person != first), first)
        cases = ((person, other if person == first else first) for person in sorted(turn.waiting))
        return [Said(person, _with(CHOOSE_CASE, case), alone=True) for person, case in cases]

    def _labelled(self, turn: Classify, person: str) -> list[Said]:
        label = self.it.phase.labels[0]
        word = label.en if self.language == "en" else label.nl
        items = (number for number in range(1, turn.items + 1) if number not in turn.labelled)
        return [Said(person, LABEL.model_copy(update={"arguments": (str(item), word)})) for item in items]

    def _go_on(self) -> tuple[Said, ...]:
        """The facilitator closes the phase, when nobody has a question any more; and names whose case it is, where that must be known."""
        following = self.it.method.phases[self.it.session.phase + 1 : self.it.session.phase + 2]
        unknown = self.it.session.presenter not in self.it.present
        if unknown and any(phase.needs_presenter for phase in (self.it.phase, *following)):
            return Said(self._chair, _with(PRESENTER, self._teller)), Said(self._chair, NEXT)
        turn = self.it.session.turn
        silent = turn.queue if isinstance(turn, QuestionRound) else ()
        return *(Said(person, PASS) for person in silent), Said(self._chair, NEXT)

    # ── whose words ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _teller(self) -> str:
        """Whose case it is, or is to be: not of who leads."""
        others = [person for person in self.it.present if person != self._chair]
        return self.it.session.presenter or next(iter(others), self._chair)

    def _place(self, person: str) -> int:
        """Who tells is the first; the others follow in the order in which they came."""
        return [self._teller, *(it for it in self.it.session.members if it != self._teller)].index(person)

    def _line(self, person: str, otherwise: words.Lines = words.LINES) -> str:
        return self._of(self.it.phase.key, otherwise, self._place(person))

    def _of(self, key: str, otherwise: words.Lines, place: int) -> str:
        """The line that suits here; one about nothing in particular, in a phase that the case does not know."""
        lines = SAID[self.language].get(key) or otherwise[self.language]
        return lines[place % len(lines)]


def _with(call: Call, argument: str) -> Call:
    return call.model_copy(update={"arguments": (argument,)})
