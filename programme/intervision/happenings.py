"""What happens in a session, as data. The commands make texts of it; ids stand for people, and nothing that was said is in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Level = Literal["quiet", "coach", "strict"]
"""Clock and prompts only; private hints too; or nobody but the speaker can post."""
PauseReason = Literal["facilitator", "stop", "join", "presenter_left"]
"""`join`: somebody entered the room. Who said stop, and why, is nowhere."""
HintAbout = Literal[
    "your_turn",
    "speaker_silent",
    "listen",
    "wait",
    "one_question",
    "may_close",
    "stopped",
    "presenter_left",
    "open_question",
    "no_advice",
    "briefly",
    "cannot_silence",
    "had_your_say",
    "not_now",
    "may_end",
    "your_answer",
    "send_to_me",
    "write_alone",
    "choose_here",
    "back_again",
    "again_open_question",
    "again_one_question",
    "again_no_advice",
    "told_one_question",
    "told_no_advice",
]
"""Your turn, and you may pass · the speaker has been silent for two minutes: go on, or come back to them later · you only listen
now · it is the turn of another · choose one question · everybody has had their part: close this phase or give it more time ·
somebody said stop: make the case less recognisable, take another, or end · whose case it is has left · ask an open question ·
advice comes later · in fewer sentences · the platform cannot hold anybody back, so the strict level is off · you had your say in this phase · this phase is for somebody else · everybody has
had their part in the last phase: close the session · a question waits for your answer · send what you write to the bot · write for
yourself · vote in the direct chat · you come after all · the same three as above, and the question waits until you ask it again ·
to the facilitator: there were two questions at once, there was advice."""


@dataclass(frozen=True, slots=True)
class PhaseBegan:
    """A phase began. A new waking message."""

    index: int
    until: datetime


@dataclass(frozen=True, slots=True)
class TurnGiven:
    """Somebody has the turn. A new waking message that names exactly this person."""

    person: str
    again: bool = False
    """They passed before, and are asked once more."""
    answering: bool = False
    """To answer a question that was asked now."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """The facilitator went on while this person, whose turn it was, had said nothing."""

    person: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The facilitator went on while a question still waited for its answer."""


@dataclass(frozen=True, slots=True)
class CloseAsked:
    """The time is over and the facilitator goes on, but an answer is awaited or hands are up: for them to decide."""

    answering: bool
    hands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WritingAsked:
    """These people are asked, each alone, to write."""

    to: tuple[str, ...]
    again: bool = False
    """The notes are gone after a restart: say so honestly."""


@dataclass(frozen=True, slots=True)
class Revealing:
    """All writing is to be shown at once, in this order of writers. Report back with `writing.released`."""

    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NothingWritten:
    """Everybody passed: there is nothing to show."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The presenter gave an item (from 1) the label with this index."""

    item: int
    label: int


@dataclass(frozen=True, slots=True)
class VoteOpened:
    """These people choose, each alone, whose case it will be."""

    voters: tuple[str, ...]
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoteTied:
    """As many votes for each of these: the facilitator chooses."""

    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PresenterChosen:
    """It is known whose case it will be."""

    person: str


@dataclass(frozen=True, slots=True)
class HandRaised:
    """Somebody wants to say something; `place` in the row of hands, from 1."""

    person: str
    place: int


@dataclass(frozen=True, slots=True)
class Extended:
    """The phase has more time. `later` minutes come at the end because nothing more could be taken from what follows."""

    minutes: int
    until: datetime
    later: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock stands still."""

    reason: PauseReason


@dataclass(frozen=True, slots=True)
class Resumed:
    """The clock runs again."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Skipped:
    """A phase was left out or cut off."""

    index: int


@dataclass(frozen=True, slots=True)
class Parked:
    """Something was kept for later; so many things by now. What it is, only the room knows."""

    count: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came late."""

    person: str


@dataclass(frozen=True, slots=True)
class FacilitatorGone:
    """The facilitator left: somebody can take over at once."""


@dataclass(frozen=True, slots=True)
class FacilitatorChanged:
    """Somebody else keeps the session going from now on."""

    person: str


@dataclass(frozen=True, slots=True)
class TwoMinutesLeft:
    """Two minutes of the phase are left."""


@dataclass(frozen=True, slots=True)
class TimeUp:
    """The time of the phase is over: the facilitator goes on or gives more. Nobody is cut off."""


@dataclass(frozen=True, slots=True)
class DaysAdded:
    """The phase of a slow session lasts longer."""

    until: datetime


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of a phase of a slow session has come, and this person is missing: for them alone."""

    to: str
    until: datetime


@dataclass(frozen=True, slots=True)
class AnswerAwaited:
    """So many questions wait for an answer of this person: for them alone."""

    to: str
    count: int


@dataclass(frozen=True, slots=True)
class DecisionAsked:
    """A phase of a slow session is due and too few have contributed: the facilitator gives a day more, goes on or ends."""

    count: int
    """How many have contributed."""


@dataclass(frozen=True, slots=True)
class NewDay:
    """Another working day of a slow session began: only the status text says so."""


@dataclass(frozen=True, slots=True)
class RoomReminded:
    """The room hears once in a phase, without a name: whose turn it is, as somebody spoke out of turn; or that advice comes later."""

    about: Literal["turn", "advice"] = "turn"


@dataclass(frozen=True, slots=True)
class StrictAsked:
    """These people are asked, each alone, whether nobody but the speaker is to post."""

    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrictDeclined:
    """Not everybody wants the strict level, so it stays as it was. Who does not is nowhere."""


@dataclass(frozen=True, slots=True)
class LevelChanged:
    """The bot holds people to the method in another way from now on."""

    level: Level


@dataclass(frozen=True, slots=True)
class Hint:
    """A word for one person alone."""

    to: str
    about: HintAbout


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over. Seconds used by each phase: for the facilitator only."""

    used: tuple[int, ...]


Happening = (
    PhaseBegan
    | TurnGiven
    | PassedOver
    | Unanswered
    | CloseAsked
    | WritingAsked
    | Revealing
    | NothingWritten
    | Labelled
    | VoteOpened
    | VoteTied
    | PresenterChosen
    | HandRaised
    | Extended
    | Paused
    | Resumed
    | Skipped
    | Parked
    | Joined
    | FacilitatorGone
    | FacilitatorChanged
    | TwoMinutesLeft
    | TimeUp
    | DaysAdded
    | LastDay
    | AnswerAwaited
    | DecisionAsked
    | NewDay
    | RoomReminded
    | StrictAsked
    | StrictDeclined
    | LevelChanged
    | Hint
    | Ended
)
