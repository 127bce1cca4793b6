"""The turn rule of the slow form: everybody in any order, at any time within the phase.

It stands for the rules under which people speak in turn: a round (once each), a question round (as many questions as one likes,
and who is asked owes the answers), open talk, and one person who tells. Ids, counts and moments only, never a word.
"""

from datetime import datetime
from typing import Literal, Self

from pydantic import AwareDatetime

from programme.intervision.spoken import NOBODY, People, Plain
from programme.model import Model


class Asked(Model):
    """A question that waits for its answer: whose it is, and since when (aware). Not what it is."""

    person: str
    at: AwareDatetime


class Anytime(Plain):
    """Nobody holds the turn: each contributes when it suits them."""

    rule: Literal["anytime"] = "anytime"
    people: People = NOBODY
    """Who is expected to contribute."""
    once: bool = False
    """One contribution is all; else each says when they are ready."""
    contributed: People = NOBODY
    ready: People = NOBODY
    """Who is waited for no longer: they contributed all, or passed."""
    hinted: People = NOBODY
    """Who has heard that they had their say."""
    answerer: str = ""
    """Who answers questions, where questions are asked."""
    questions: tuple[Asked, ...] = ()
    """Those that wait for an answer, the oldest first."""

    @property
    def missing(self) -> frozenset[str]:
        """Who neither contributed nor passed."""
        return self.people - self.contributed - self.ready

    @property
    def waiting(self) -> frozenset[str]:
        """Who may still have something to add."""
        return self.people - self.ready

    @property
    def finished(self) -> bool:
        """Whether nobody is waited for: neither a contribution nor an answer."""
        return not self.waiting and not self.questions

    def gave(self, person: str, at: datetime) -> Self:
        """Take in that this person contributed, at this moment (aware)."""
        asked = (Asked(person=person, at=at),) if self.answerer else ()
        changes = {"contributed": self.contributed | {person}, "questions": (*self.questions, *asked)}
        return self.model_copy(update=changes).closed_for(person) if self.once else self.model_copy(update=changes)

    def closed_for(self, person: str) -> Self:
        """Wait for this person no longer."""
        return self.model_copy(update={"ready": self.ready | {person}})

    def says_ready(self, person: str) -> Self:
        """Let this person be ready. Saying so is a contribution too: what they had to say may have been said in a call."""
        return self.model_copy(update={"contributed": self.contributed | {person}}).closed_for(person)

    def told_once(self, person: str) -> Self:
        """Note that this person has heard that they had their say."""
        return self.model_copy(update={"hinted": self.hinted | {person}})

    def answered(self, count: int = 1) -> Self:
        """Take so many questions, the oldest first, off the list."""
        return self.model_copy(update={"questions": self.questions[count:]})

    def given(self, person: str) -> Self | None:  # noqa: ARG002 - nobody is called on
        """Give no turn at all."""
        return None

    def joined(self, person: str) -> Self:
        """Expect a late-comer too."""
        return self.model_copy(update={"people": self.people | {person}})

    def left(self, person: str) -> Self:
        """Expect nothing of somebody who left, and owe them no answer."""
        questions = tuple(it for it in self.questions if it.person != person)
        return self.model_copy(update={"people": self.people - {person}, "questions": questions})
