"""Ballots: a question with choices to a room, votes that everybody there sees, and what follows when it closes.

The last vote of a person counts. When a ballot closes, who chose what is forgotten and only the numbers stay.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from programme.model import Model
from programme.nudges import Nudge
from programme.text import Call, Moment, Refusal, Span, Text, _, _n

MOST_CHOICES = 20
"""What a poll can hold on the platforms (MSC3381, "Polls")."""
STANDS_OPEN = timedelta(days=7)


class Choice(Model):
    """One choice: words, or a day with its hours on the clock of the edition."""

    words: str = ""
    day: date | None = None
    start: time | None = None
    end: time | None = None

    def hours(self, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """From when to when (aware), if it is a day."""
        if self.day is None or self.start is None or self.end is None:
            return None
        return datetime.combine(self.day, self.start, zone), datetime.combine(self.day, self.end, zone)

    def shown(self, zone: ZoneInfo) -> Text:
        """As people read it."""
        hours = self.hours(zone)
        return _("{choice}", choice=Span(start=hours[0], end=hours[1]) if hours else self.words)


class Ballot(Model):
    """A ballot in a room. `number` is its own in the edition, and never used again."""

    id: str
    edition: str
    number: int
    room: str
    question: str
    choices: tuple[Choice, ...]
    most: int = 1
    """How many choices one person may make."""
    quorum: int = 1
    """How many people must have chosen, for a decision."""
    closes: datetime
    votes: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    """Who chose what (from 1), until it closes."""
    closed: datetime | None = None
    counts: tuple[int, ...] = ()
    voters: int = 0
    """What is kept once it is closed: how often each choice was made, and by how many people."""

    def voted(self, person: str, chosen: Sequence[int], now: datetime) -> "Ballot":
        """Count this choice of a person, instead of an earlier one; none at all takes it back. Refuses what cannot be chosen."""
        if self.closed is not None or now >= self.closes:
            raise Refusal(_("Poll {number} is closed. Your choice was not counted.", number=self.number))
        for number in chosen:
            if not 1 <= number <= len(self.choices):
                raise Refusal(
                    _("There is no choice {choice}. Choose from 1 to {last}.", choice=number, last=len(self.choices))
                )
        different = tuple(sorted(set(chosen)))
        if len(different) > self.most:
            raise Refusal(
                _n(
                    "Choose {n} at most. Type for example {how}.",
                    "Choose {n} at most. Type for example {how}.",
                    n=self.most,
                    how=Call(command="vote", arguments=tuple(str(n) for n in different[: self.most])),
                )
            )
        others = {who: what for who, what in self.votes.items() if who != person}
        return self.model_copy(update={"votes": others | ({person: different} if different else {})})

    def shut(self, now: datetime) -> "Ballot":
        """Close it: count, and forget who chose what."""
        if self.closed is not None:
            raise Refusal(_("Poll {number} is closed already.", number=self.number))
        tally = Counter(number for chosen in self.votes.values() for number in chosen)
        counts = tuple(tally[number] for number in range(1, len(self.choices) + 1))
        return self.model_copy(update={"closed": now, "counts": counts, "voters": len(self.votes), "votes": {}})

    @property
    def decided(self) -> int | None:
        """Which choice (from 1) is the decision: chosen most by enough people. Of days that are chosen as often, the first."""
        if self.closed is None or self.voters < self.quorum or not any(self.counts):
            return None
        best = [n for n, count in enumerate(self.counts, 1) if count == max(self.counts)]
        if len(best) == 1:
            return best[0]
        days = {n: (choice.day, choice.start) for n in best if (choice := self.choices[n - 1]).day is not None}
        return min(best, key=lambda n: str(days[n])) if len(days) == len(best) else None


def opened(ballot: Ballot, now: datetime) -> Ballot:
    """A new ballot. Refuses one that asks nothing, offers nothing to choose, or closes in the past."""
    if not ballot.question or not 1 < len(ballot.choices) <= MOST_CHOICES:
        raise Refusal(
            _(
                "Write a question and 2 to {most} choices, with a semicolon between them: {how}.",
                most=MOST_CHOICES,
                how=Call(command="poll", arguments=("Koffie of thee?; koffie; thee",)),
            )
        )
    if len(set(ballot.choices)) < len(ballot.choices):
        raise Refusal(_("The same choice stands there twice. Leave one out."))
    if ballot.closes <= now:
        raise Refusal(_("{moment} has passed. Choose a later moment to close.", moment=Moment(at=ballot.closes)))
    return ballot


def open_in(ballots: Iterable[Ballot], room: str, now: datetime) -> list[Ballot]:
    """The ballots of a room that people can vote in now, the newest last."""
    here = [it for it in ballots if it.room == room and it.closed is None and it.closes > now]
    return sorted(here, key=lambda it: it.number)


def closing(ballot: Ballot) -> Iterator[Nudge]:
    """The moment at which the house closes a ballot by itself."""
    if ballot.closed is None:
        until = ballot.closes + timedelta(days=366)
        yield Nudge(
            f"{ballot.edition}/poll_closes/{ballot.number}", ballot.closes, until, ballot.edition, act="poll_closes"
        )


def due(ballots: Iterable[Ballot], now: datetime) -> list[Ballot]:
    """The ballots that it is time to close."""
    return sorted((it for it in ballots if it.closed is None and it.closes <= now), key=lambda it: it.number)
