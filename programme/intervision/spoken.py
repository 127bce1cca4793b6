"""The turn rules under which people speak: announce, open, silence, monologue, round and question_round.

Each is a small state machine: who has the turn, who still comes, and whether it is done. Each step returns a new one; who may ask
for a step is decided elsewhere (`speaking`). It holds ids and counts only, for it is part of the record of a session.
"""

from typing import Annotated, Literal, Self

from pydantic import PlainSerializer

from programme.model import Model

People = Annotated[frozenset[str], PlainSerializer(sorted, return_type=list[str])]
"""Ids of people, written in order so that the same set is always the same record."""
NOBODY: frozenset[str] = frozenset()


class Plain(Model):
    """What all turn rules have in common; by itself a time in which nobody is called on."""

    called: str | None = None
    """Who was given the turn by the facilitator, where the rule itself calls on nobody."""

    @property
    def holder(self) -> str | None:
        """Who has the turn."""
        return self.called

    @property
    def coming(self) -> tuple[str, ...]:
        """Who comes after the holder, in order."""
        return ()

    @property
    def finished(self) -> bool:
        """Whether everybody has had their part. A rule without turns is never finished by itself."""
        return False

    def done(self) -> Self:
        """Let the holder be ready."""
        return self.model_copy(update={"called": None})

    def passed(self) -> Self:
        """Let the holder pass."""
        return self.done()

    def given(self, person: str) -> Self | None:
        """Give the turn to this person now; None when the rule does not allow it any more."""
        return self.model_copy(update={"called": person})

    def joined(self, person: str) -> Self:  # noqa: ARG002 - most rules call on everybody who is there
        """Take in somebody who came late."""
        return self

    def left(self, person: str) -> Self:
        """Go on without somebody who left."""
        return self.done() if self.called == person else self


class Announce(Plain):
    """Somebody explains; no turns."""

    rule: Literal["announce"] = "announce"


class Open(Plain):
    """The group talks freely; whoever was given the turn has it until they are ready."""

    rule: Literal["open"] = "open"


class Silence(Plain):
    """Nobody speaks."""

    rule: Literal["silence"] = "silence"

    def given(self, person: str) -> Self | None:  # noqa: ARG002 - nobody speaks
        """Give no turn at all."""
        return None


class Monologue(Plain):
    """One person speaks freely until they are ready."""

    rule: Literal["monologue"] = "monologue"

    @property
    def finished(self) -> bool:
        """Whether the speaker is ready."""
        return self.called is None

    def given(self, person: str) -> Self | None:
        """Give the turn back to nobody else: it is one person's."""
        return self if person == self.called else None


class Round(Plain):
    """One contribution each, in a fixed order. Who passes is asked once more at the end, when others have spoken since."""

    rule: Literal["round"] = "round"
    queue: tuple[str, ...] = ()
    """Who still gets the turn in this pass; the first one has it."""
    later: tuple[str, ...] = ()
    """Who passed, to be asked once more."""
    again: bool = False
    """They are being asked once more."""
    once: bool = False
    """Nobody is asked again: passing is passing."""
    since: People = NOBODY
    """Those of `later` after whom somebody has spoken."""
    spoken: People = NOBODY
    passed_on: People = NOBODY
    """Who passed for good."""
    missed: People = NOBODY
    """Whom the facilitator passed over while they were silent; they still come once they say something."""
    last: str | None = None
    """Who has the last word: who passed is asked once more before it."""
    returning: People = NOBODY
    """Who passed before, and is being asked once more."""

    @property
    def holder(self) -> str | None:
        """Who has the turn."""
        return self.queue[0] if self.queue else None

    @property
    def coming(self) -> tuple[str, ...]:
        """Who comes next, those who passed at the end."""
        return (*self.queue[1:], *self.later)

    @property
    def finished(self) -> bool:
        """Whether everybody spoke or passed twice."""
        return not self.queue

    def done(self) -> Self:
        """Let the holder have spoken."""
        return self._without(self.queue[0], spoken=self.spoken | {self.queue[0]}, since=frozenset(self.later))

    def passed(self) -> Self:
        """Let the holder pass: the first time until the end, the second time for good."""
        if self.again or self.once:
            return self._without(self.queue[0], passed_on=self.passed_on | {self.queue[0]})
        return self.postponed()

    def passed_early(self, person: str) -> Self:
        """Let somebody pass who has not had the turn yet."""
        if self.again or self.once:
            return self._without(person, passed_on=self.passed_on | {person})
        return self._without(person, later=(*self.later, person))

    def postponed(self) -> Self:
        """Let the holder come back at the end, when others have spoken by then."""
        return self._without(self.queue[0], later=(*self.later, self.queue[0]))

    def passed_over(self) -> Self:
        """Go on without the holder, who has said nothing; they come last when they do."""
        return self._without(self.queue[0], missed=self.missed | {self.queue[0]})

    def back(self, person: str) -> Self:
        """Let somebody who was passed over come after all, as the last one."""
        return self.model_copy(update={"queue": self._with_late(person), "missed": self.missed - {person}})

    def _with_late(self, *people: str) -> tuple[str, ...]:
        """The queue with these people at its end, but before the last word."""
        closes = self.queue[-1:] == (self.last,)
        return (*self.queue[:-1], *people, *self.queue[-1:]) if closes else (*self.queue, *people)

    def given(self, person: str) -> Self | None:
        """Let somebody who still comes go first."""
        if person not in (*self.queue, *self.later, *self.missed):
            return None
        queue = (person, *(p for p in self.queue if p != person))
        later = tuple(p for p in self.later if p != person)
        return self.model_copy(update={"queue": queue, "later": later, "missed": self.missed - {person}})

    def joined(self, person: str) -> Self:
        """Put a late-comer at the end, unless they spoke before they left."""
        if person in {*self.queue, *self.later, *self.spoken, *self.passed_on}:
            return self
        if person in self.missed:
            return self.back(person)
        if self.again:
            return self.model_copy(update={"queue": self._with_late(person)})
        return self._with(queue=self._with_late(person))

    def left(self, person: str) -> Self:
        """Skip somebody who left."""
        later = tuple(p for p in self.later if p != person)
        return self._without(person, later=later) if person in (*self.queue, *self.later) else self

    def _without(self, person: str, **changes: object) -> Self:
        return self._with(queue=tuple(p for p in self.queue if p != person), **changes)

    def _with(self, **changes: object) -> Self:
        turn = self.model_copy(update=changes)
        ending = not turn.queue or turn.queue == (turn.last,)
        return turn._once_more() if ending and turn.later and not turn.again else turn  # noqa: SLF001 - of its own class

    def _once_more(self) -> Self:
        """Ask those who passed again when others have spoken since; after that comes the last word."""
        asked = tuple(p for p in self.later if p in self.since)
        passed = self.passed_on | {*self.later} - {*asked}
        queue = (*asked, *self.queue)
        changes = {"queue": queue, "later": (), "again": True, "returning": frozenset(asked), "passed_on": passed}
        return self.model_copy(update=changes)


class QuestionRound(Plain):
    """One question, its answer, the next question; loop after loop until time, or until everybody passed in one loop."""

    rule: Literal["question_round"] = "question_round"
    people: tuple[str, ...] = ()
    """All who ask, in the order of this loop."""
    fixed: int = 0
    """So many at the end of `people` keep their place when the order shifts."""
    queue: tuple[str, ...] = ()
    """Who still asks in this loop; the first one asks now, or has asked and is being answered."""
    answerer: str = ""
    answers_apart: bool = True
    """The answer is a turn of its own; off where people talk and one word closes both."""
    answering: bool = False
    held: bool = False
    """The question is not put yet: the one who asks was shown, alone, how to ask it better."""
    asked_now: bool = False
    """Somebody has asked something in this loop."""
    loops: int = 0
    """So many loops are complete."""
    most: int | None = None
    """So many loops at most: questions for each person."""

    @property
    def holder(self) -> str | None:
        """Who has the turn: the one who asks, or the one who answers."""
        return (self.answerer if self.answering else self.queue[0]) if self.queue else None

    @property
    def asker(self) -> str | None:
        """Whose question it is."""
        return self.queue[0] if self.queue else None

    @property
    def coming(self) -> tuple[str, ...]:
        """Who asks next in this loop."""
        return self.queue[1:]

    @property
    def finished(self) -> bool:
        """Whether a whole loop passed, or everybody has asked all that they may."""
        return not self.queue

    @property
    def everybody_came(self) -> bool:
        """Whether each has had the turn at least once, so that time may end it."""
        return self.loops > 0

    def done(self) -> Self:
        """Go from the question to its answer, and from the answer to the next question."""
        if self.answers_apart and not self.answering:
            return self.model_copy(update={"answering": True, "asked_now": True, "held": False})
        return self.moved_on(asked_now=True)

    def passed_early(self, person: str) -> Self:
        """Let somebody ask nothing in this loop who has not had the turn yet."""
        return self.model_copy(update={"queue": tuple(p for p in self.queue if p != person)})

    def passed(self) -> Self:
        """Ask nothing this time; or, for the answerer, leave the question unanswered."""
        return self.moved_on()

    def given(self, person: str) -> Self | None:
        """Let somebody ask now, or after the question that is being answered; who has asked in this loop asks once more."""
        if person not in self.people or (self.answering and person == self.asker):
            return None
        others = tuple(p for p in self.queue if p != person)
        if self.answering:
            return self.model_copy(update={"queue": (others[0], person, *others[1:])})
        return self.model_copy(update={"queue": (person, *others), "held": False})

    def joined(self, person: str) -> Self:
        """Put a late-comer at the end of this loop; in later loops before those with a fixed place."""
        if person in self.people:
            return self
        at = len(self.people) - self.fixed
        people = (*self.people[:at], person, *self.people[at:])
        return self.model_copy(update={"people": people, "queue": (*self.queue, person)})

    def left(self, person: str) -> Self:
        """Go on without somebody who left; an answer to their question is not waited for."""
        place = self.people.index(person) if person in self.people else -1
        if place < 0:
            return self
        fixed = self.fixed - (place >= len(self.people) - self.fixed)
        people = tuple(p for p in self.people if p != person)
        turn = self.model_copy(update={"people": people, "fixed": fixed})
        if self.asker == person:
            return turn.moved_on()
        return turn.model_copy(update={"queue": tuple(p for p in self.queue if p != person)})

    def moved_on(self, **changes: object) -> Self:
        """Go to the next one who asks."""
        turn = self.model_copy(update={"queue": self.queue[1:], "answering": False, "held": False, **changes})
        return turn if turn.queue else turn.next_loop()

    def next_loop(self) -> Self:
        """Begin again with the next one first; not when nobody asked, or everybody has asked all that they may."""
        loops = self.loops + 1
        enough = self.most is not None and loops >= self.most
        if enough or not self.asked_now or not self.people:
            return self.model_copy(update={"loops": loops})
        at = len(self.people) - self.fixed
        people = (*self.people[1:at], *self.people[: min(1, at)], *self.people[at:])
        changes = {"people": people, "queue": people, "loops": loops, "asked_now": False}
        return self.model_copy(update=changes)
