"""What is kept of a session: who, which phase, whose turn, until when. Never a word that somebody said or wrote."""

from typing import Literal

from pydantic import AwareDatetime

from programme.intervision.happenings import Level
from programme.intervision.spoken import NOBODY, Announce, People
from programme.intervision.turns import Turn
from programme.model import Model

Form = Literal["written", "spoken"]
"""People type in the room, or talk in a room or a call while the bot keeps turns and time."""


class Slow(Model):
    """What is kept of the slow form: its phases with their working days, and the zone in which its clock hangs."""

    zone: str
    """IANA name."""
    phases: tuple[tuple[str, int], ...]
    """Key of each phase that it has, in order, and how many working days it takes as planned."""

    @property
    def days(self) -> int:
        """How many working days it takes in all."""
        return sum(days for _key, days in self.phases)


class Session(Model):
    """One intervision, as it is kept. All moments are aware; all lengths are whole seconds unless they say minutes."""

    id: str
    edition: str
    group: str
    method: str
    """Id of the method."""
    form: Form = "written"
    level: Level = "coach"
    slow: Slow | None = None
    """Set when it goes over working days, with no one at the table at the same time."""
    members: tuple[str, ...]
    """All who were there, in the order in which they came: attendance."""
    away: People = NOBODY
    """Members who are not there now."""
    facilitator: str
    facilitator_takes_turn: bool
    first: bool = False
    """The first session of its group: there is nothing to look back on."""
    presenter: str | None = None
    outcome_known: bool | None = None
    """Whether the event is over, as the presenter said in private; None when they did not."""
    plan: tuple[int, ...]
    """How long each phase takes, as it is planned now."""
    used: tuple[int, ...]
    """How long each phase took so far."""
    phase: int = 0
    """Index of the phase."""
    part: int = 0
    """1 in what follows a round within its phase, such as the vote."""
    turn: Turn = Announce()
    rounds: int = 0
    """So many rounds and loops have begun: so far the order has shifted."""
    brought: People = NOBODY
    """Who spoke in the last round: whose case can be chosen."""
    declined: People = NOBODY
    """Who said to have no case, or would rather not bring in theirs: nobody can choose it."""
    items: int = 0
    """How many pieces of writing were shown last: what can be labelled."""
    turn_since: AwareDatetime
    """When the holder of the turn got it."""
    replied: bool = False
    """The holder has said something since."""
    hears: bool = False
    """Somebody was heard saying something to the others: where that is so, silence is silence."""
    facilitator_heard: AwareDatetime
    """The last sign of life of the facilitator."""
    hands: tuple[str, ...] = ()
    """Who wants to say something, in the order of raising."""
    close_asked: bool = False
    """The facilitator was asked whether to close this phase although something is awaited: once more closes it."""
    reminded: bool = False
    """The room has had its one reminder of this phase."""
    hinted: People = NOBODY
    """Who has had a hint in this phase about the form of what they said."""
    agreeing: People | None = None
    """Who said yes to the strict level, while everybody is asked; None when nobody is asked anything."""
    revealings: int = 0
    """How often private writing was to be shown: what makes each time another."""
    presented: tuple[str, ...] = ()
    """Whose cases are done, where a method takes more than one."""
    parked: int = 0
    began: AwareDatetime
    """When the phase began; a pause moves it on."""
    deadline: AwareDatetime
    """When the time of the phase is over."""
    extension: int = 0
    """Minutes that this phase was given on top."""
    ends: AwareDatetime
    """When the whole is to be over."""
    paused_at: AwareDatetime | None = None
    started: AwareDatetime
    ended: AwareDatetime | None = None
