"""What is kept once a session is over: how useful it was, in counts that belong to nobody; and who was there, for a certificate."""

from collections.abc import Iterable
from typing import Self

from programme.intervision.session import Session
from programme.model import Model
from programme.text import Misread, _

FEWEST_ANSWERS = 5
"""With fewer answers a mean would tell too much about one person (spec.md, 3.4)."""
HIGHEST = 5


class Evaluation(Model):
    """How useful its sessions were to the people of a group, from 1 to 5. It has the id of the group."""

    id: str
    edition: str
    counts: tuple[int, ...] = (0,) * HIGHEST
    """How many gave a 1, a 2 and so on. Who gave what is not kept."""

    @property
    def answers(self) -> int:
        """How many figures were given."""
        return sum(self.counts)

    @property
    def tenths(self) -> int | None:
        """The mean in tenths, rounded down; None as long as there are too few answers to show one."""
        if self.answers < FEWEST_ANSWERS:
            return None
        return 10 * sum(figure * count for figure, count in enumerate(self.counts, 1)) // self.answers

    def given(self, figure: int) -> Self:
        """Count one more figure. Refuses anything but 1 to 5."""
        if not 1 <= figure <= HIGHEST:
            raise Misread(_("Give a figure from 1 to {most}.", most=HIGHEST))
        counts = tuple(count + (number == figure) for number, count in enumerate(self.counts, 1))
        return self.model_copy(update={"counts": counts})


def attended(sessions: Iterable[Session], person: str) -> list[Session]:
    """The sessions that are over and in which this person was, the first one first."""
    over = (it for it in sessions if it.ended is not None and person in it.members)
    return sorted(over, key=lambda it: it.started)
