"""What happens in a session, as data. The commands make texts of it; ids stand for people, and nothing that was said is in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from programme.text import Both

Level = Literal["quiet", "coach", "strict"]
"""Clock and prompts only; private hints too; or nobody but the speaker can post."""
PauseReason = Literal["facilitator", "stop", "join", "presenter_left"]
"""`join`: somebody entered the room. Who said stop, and why, is nowhere."""
HintAbout = Literal[
    "your_turn",  # and you may pass
    "your_answer",  # a question waits for it
    "speaker_silent",  # for two minutes: go on, or come back to them later
    "turn_of_another",  # you say that you are ready, and the turn is not yours to end
    "back_again",  # you were passed over: you come after all
    "passes_later",  # you pass before it is your turn
    "led_by_another",  # you led until now
    "listen",  # now you only do that
    "wait",  # it is the turn of another
    "had_your_say",  # in this phase
    "not_now",  # this phase is for somebody else
    "one_question",  # at a time
    "open_question",  # and no closed one
    "no_advice",  # it comes later
    "briefly",  # in fewer sentences
    "again_open_question",  # the same three as above, and the question waits until you ask it again
    "again_one_question",
    "again_no_advice",
    "told_one_question",  # to the facilitator: there were two questions at once
    "told_no_advice",  # to the facilitator: there was advice
    "send_to_me",  # what you write is for the bot
    "write_alone",  # what you write is for yourself
    "choose_here",  # in the direct chat
    "may_close",  # everybody has had their part: close the phase or give it more time
    "may_end",  # the same of the last phase: close the session
    "stopped",  # somebody said stop: make the case less recognisable, take another, or end
    "presenter_left",  # whose case it is has gone
    "cannot_silence",  # the platform holds nobody back, so the strict level is off
]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened in a session."""


@dataclass(frozen=True, slots=True)
class OfPerson(Happening):
    """Something that happened to one person, or that one person did."""

    person: str


@dataclass(frozen=True, slots=True)
class PhaseBegan(Happening):
    """A phase began. A new waking message."""

    index: int
    until: datetime


@dataclass(frozen=True, slots=True)
class TurnGiven(Happening):
    """Somebody has the turn. A new waking message that names exactly this person."""

    person: str
    again: bool = False
    """They passed before, and are asked once more."""
    answering: bool = False
    """To answer a question that was asked now."""


@dataclass(frozen=True, slots=True)
class StillWriting(Happening):
    """The facilitator would go on while these people still write. Who they are is for the facilitator; what they write is not."""

    people: tuple[str, ...]
    waits: bool
    """The next phases rest on it: it goes on only when all of them wrote, passed or left."""


class PassedOver(OfPerson):
    """The facilitator went on while this person, whose turn it was, had said nothing."""


class Postponed(OfPerson):
    """The facilitator passed for this person, whose turn it was: they are asked once more at the end."""


class Unanswered(Happening):
    """The facilitator went on while a question still waited for its answer."""


@dataclass(frozen=True, slots=True)
class CloseAsked(Happening):
    """The time is over and the facilitator goes on, but an answer is awaited or hands are up. Going on once more closes it."""

    answering: bool
    hands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WritingAsked(Happening):
    """These people are asked, each alone, to write."""

    to: tuple[str, ...]
    again: bool = False
    """The notes are gone after a restart: say so honestly."""


@dataclass(frozen=True, slots=True)
class Revealing(Happening):
    """All writing is to be shown at once, in this order of writers. Report back with `writing.released`."""

    order: tuple[str, ...]


class NothingWritten(Happening):
    """Everybody passed: there is nothing to show."""


@dataclass(frozen=True, slots=True)
class Labelled(Happening):
    """The presenter gave an item (from 1) this label; the phase of the label may be over by then."""

    item: int
    label: Both


@dataclass(frozen=True, slots=True)
class VoteOpened(Happening):
    """These people choose, each alone, whose case it will be."""

    voters: tuple[str, ...]
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoteTied(Happening):
    """As many votes for each of these: the facilitator chooses."""

    candidates: tuple[str, ...]


class PresenterChosen(OfPerson):
    """It is known whose case it will be."""


@dataclass(frozen=True, slots=True)
class PresenterDeclined(Happening):
    """Whose case it was to be would rather not. `another` could be asked instead; `again`: the choice begins anew at once."""

    person: str
    another: str | None
    again: bool


@dataclass(frozen=True, slots=True)
class ComesNext(Happening):
    """The facilitator gave somebody the turn while a question is going on: they come after who asked it."""

    person: str
    after: str


@dataclass(frozen=True, slots=True)
class HandRaised(Happening):
    """Somebody wants to say something; `place` in the row of hands, from 1."""

    person: str
    place: int


@dataclass(frozen=True, slots=True)
class Extended(Happening):
    """The phase has more time. `later` minutes come at the end because nothing more could be taken from what follows."""

    minutes: int
    until: datetime
    later: int


@dataclass(frozen=True, slots=True)
class Paused(Happening):
    """The clock stands still."""

    reason: PauseReason


@dataclass(frozen=True, slots=True)
class Resumed(Happening):
    """The clock runs again."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Skipped(Happening):
    """A phase was left out or cut off."""

    index: int


@dataclass(frozen=True, slots=True)
class Parked(Happening):
    """Something was kept for later; so many things by now. What it is, only the room knows."""

    count: int


class Joined(OfPerson):
    """Somebody came late."""


class FacilitatorGone(Happening):
    """The facilitator left: somebody can take over at once."""


class FacilitatorChanged(OfPerson):
    """Somebody else keeps the session going from now on."""


class TwoMinutesLeft(Happening):
    """Two minutes of the phase are left."""


class TimeUp(Happening):
    """The time of the phase is over: the facilitator goes on or gives more. Nobody is cut off."""


@dataclass(frozen=True, slots=True)
class DaysAdded(Happening):
    """The phase of a slow session lasts longer."""

    until: datetime


@dataclass(frozen=True, slots=True)
class LastDay(Happening):
    """The last day of a phase of a slow session has come, and this person is missing: for them alone."""

    to: str
    until: datetime


@dataclass(frozen=True, slots=True)
class AnswerAwaited(Happening):
    """So many questions wait for an answer of this person: for them alone."""

    to: str
    count: int


@dataclass(frozen=True, slots=True)
class DecisionAsked(Happening):
    """A phase of a slow session is due and too few have contributed: the facilitator gives a day more, goes on or ends."""

    count: int
    """How many have contributed."""


class NewDay(Happening):
    """Another working day of a slow session began: only the status text says so."""


@dataclass(frozen=True, slots=True)
class RoomReminded(Happening):
    """The room hears once in a phase, without a name: whose turn it is, as somebody spoke out of turn; or that advice comes later."""

    about: Literal["turn", "advice"] = "turn"


@dataclass(frozen=True, slots=True)
class StrictAsked(Happening):
    """These people are asked, each alone, whether nobody but the speaker is to post."""

    to: tuple[str, ...]


class StrictDeclined(Happening):
    """Not everybody wants the strict level, so it stays as it was. Who does not is nowhere."""


@dataclass(frozen=True, slots=True)
class LevelChanged(Happening):
    """The bot holds people to the method in another way from now on."""

    level: Level


@dataclass(frozen=True, slots=True)
class Hint(Happening):
    """A word for one person alone."""

    to: str
    about: HintAbout


@dataclass(frozen=True, slots=True)
class Ended(Happening):
    """The session is over. Seconds used by each phase: for the facilitator only."""

    used: tuple[int, ...]
