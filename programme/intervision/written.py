"""The turn rules under which people write or choose: silent_write, classify and vote.

What they write never comes here, only who was heard, and how often.
"""

from typing import Literal, Self

from pydantic import Field

from programme.intervision.spoken import NOBODY, People, Plain


class SilentWrite(Plain):
    """Everybody writes to the bot alone. Who delivered is known here; what, never."""

    rule: Literal["silent_write"] = "silent_write"
    waiting: People = NOBODY
    """Who is still writing."""
    delivered: People = NOBODY
    passed_on: People = NOBODY
    items: dict[str, int] = Field(default_factory=dict)
    """How many pieces each has sent."""
    state: Literal["writing", "releasing", "released"] = "writing"
    """`releasing` from the moment that all is to be shown until the chat platform has acknowledged it."""

    @property
    def holder(self) -> str | None:
        """Nobody: all write at the same time."""
        return None

    @property
    def finished(self) -> bool:
        """Whether nobody is waited for."""
        return not self.waiting

    @property
    def total(self) -> int:
        """How many pieces there are."""
        return sum(self.items.values())

    def wrote(self, person: str, *, most: int) -> Self:
        """Count one more piece; at `most` this person is ready. A piece more than that replaces the last one."""
        count = min(self.items.get(person, 0) + 1, most)
        turn = self.model_copy(update={"items": {**self.items, person: count}, "passed_on": self.passed_on - {person}})
        return turn.ready(person) if count == most else turn

    def ready(self, person: str) -> Self:
        """Wait for this person no longer: they delivered."""
        return self.model_copy(update={"waiting": self.waiting - {person}, "delivered": self.delivered | {person}})

    def passes(self, person: str) -> Self:
        """Wait for this person no longer: they pass."""
        return self.model_copy(update={"waiting": self.waiting - {person}, "passed_on": self.passed_on | {person}})

    def given(self, person: str) -> Self | None:  # noqa: ARG002 - nobody speaks
        """Give no turn at all."""
        return None

    def joined(self, person: str) -> Self:
        """Wait for a late-comer too; once all is to be shown they have passed, as they can no longer write unseen."""
        if person in self.delivered | self.passed_on:
            return self
        if self.state != "writing":
            return self.model_copy(update={"passed_on": self.passed_on | {person}})
        return self.model_copy(update={"waiting": self.waiting | {person}})

    def left(self, person: str) -> Self:
        """Do not wait for somebody who left."""
        return self.model_copy(update={"waiting": self.waiting - {person}})


class Classify(Plain):
    """The presenter gives each item a label."""

    rule: Literal["classify"] = "classify"
    items: int = 0
    """How many there are; 0 where people talk and the bot has seen none."""
    labelled: frozenset[int] = frozenset()
    """Numbers of those that have a label, from 1."""

    @property
    def finished(self) -> bool:
        """Whether every item has a label, or the presenter is ready."""
        return self.called is None or (self.items > 0 and len(self.labelled) == self.items)

    def given(self, person: str) -> Self | None:
        """Give the turn to nobody else: it is the presenter's."""
        return self if person == self.called else None


class Vote(Plain):
    """One vote each on whose case it will be. The ballots are erased when it closes."""

    rule: Literal["vote"] = "vote"
    candidates: tuple[str, ...] = ()
    waiting: People = NOBODY
    """Who has not voted yet."""
    ballots: dict[str, str] = Field(default_factory=dict)
    tied: tuple[str, ...] = ()
    """Those between whom the facilitator chooses."""
    closed: bool = False
    """It is decided."""

    @property
    def holder(self) -> str | None:
        """Nobody: all vote at the same time."""
        return None

    @property
    def finished(self) -> bool:
        """Whether everybody has voted, or it is decided."""
        return self.closed or bool(self.tied) or not self.waiting

    def given(self, person: str) -> Self | None:  # noqa: ARG002 - nobody is called on
        """Give no turn at all."""
        return None

    def joined(self, person: str) -> Self:
        """Let a late-comer vote, as long as it is open."""
        late = self.finished or person in self.ballots
        return self if late else self.model_copy(update={"waiting": self.waiting | {person}})

    def voted(self, person: str, case: str) -> Self:
        """Count the vote of this person; a new one replaces it."""
        ballots = {**self.ballots, person: case}
        return self.model_copy(update={"waiting": self.waiting - {person}, "ballots": ballots})

    def decided(self) -> Self:
        """Erase the ballots: it is known whose case it is."""
        return self.model_copy(update={"closed": True, "ballots": {}, "waiting": NOBODY, "tied": ()})

    def left(self, person: str) -> Self:
        """Do not wait for somebody who left, and do not choose them; who voted for them votes again."""
        homeless = {voter for voter, case in self.ballots.items() if case == person}
        return self.model_copy(
            update={
                "waiting": (self.waiting | homeless) - {person},
                "candidates": tuple(p for p in self.candidates if p != person),
                "tied": tuple(p for p in self.tied if p != person),
                "ballots": {v: case for v, case in self.ballots.items() if person not in (v, case)},
            }
        )

    def without_case(self, person: str) -> Self:
        """Let this person's case be chosen no more; who voted for them votes again."""
        there = {*self.waiting, *self.ballots}
        turn = self.left(person)
        return turn.model_copy(update={"waiting": turn.waiting | ({person} & there)})

    def leaders(self) -> tuple[str, ...]:
        """Those with the most votes; all candidates when nobody voted."""
        votes = [*self.ballots.values()]
        most = max((votes.count(c) for c in self.candidates), default=0)
        return tuple(c for c in self.candidates if votes.count(c) == most)
