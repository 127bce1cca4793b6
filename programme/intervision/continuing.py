"""Whether a group goes on after its last planned session: a secret vote in which silence counts as stopping."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, Field

from programme.model import Model
from programme.nudges import Nudge
from programme.text import Refusal, _

OPEN_FOR = timedelta(days=7)


class Continuing(Model):
    """The vote of one group. It has the id of the group, and is erased with its votes when it is decided."""

    id: str
    edition: str
    closes: AwareDatetime
    votes: dict[str, bool] = Field(default_factory=dict)
    """By person: whether they go on."""

    def voted(self, person: str, *, goes_on: bool) -> Self:
        """Count a vote; another one of the same person replaces it."""
        return self.model_copy(update={"votes": {**self.votes, person: goes_on}})

    def goes_on(self, members: Sequence[str]) -> bool:
        """Whether more than half of those who are in the group now want to. Who said nothing stops."""
        return 2 * sum(self.votes.get(person, False) for person in members) > len(members)

    def complete(self, members: Sequence[str]) -> bool:
        """Whether nobody is waited for."""
        return all(person in self.votes for person in members)


def opened(group: str, edition: str, at: datetime) -> Continuing:
    """Open the vote of this group at this moment (aware), for a week."""
    return Continuing(id=group, edition=edition, closes=at + OPEN_FOR)


def found(vote: Continuing | None) -> Continuing:
    """The vote, when one is open. Refuses when there is none."""
    if vote is None:
        raise Refusal(_("There is nothing to decide about your group now."))
    return vote


def closing(vote: Continuing) -> Nudge:
    """The moment at which it is decided by who has voted."""
    key = f"{vote.edition}/continuing/{vote.id}/{vote.closes.isoformat()}"
    return Nudge(key, vote.closes, vote.closes + timedelta(days=366), vote.edition, act="continuing_closes")
