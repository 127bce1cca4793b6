"""What time brings in a running session: two minutes left, time up, and a speaker who stays silent. Derived at every look, never stored.

A moment has a key that is the same whenever it is derived, and another one when the clock was moved, so that each rings once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from programme.intervision.happenings import Happening, Hint, TimeUp, TwoMinutesLeft
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import QuestionRound
from programme.intervision.written import SilentWrite

SlowKind = Literal["new_day", "last_day", "answer_due", "deadline", "undecided"]
Kind = Literal["two_minutes", "time_up", "speaker_silent", "speaker_gone"] | SlowKind
TWO_MINUTES = timedelta(minutes=2)
SHORT = timedelta(minutes=4)
"""In a phase shorter than this, two minutes left is no news."""
ASK_SPEAKER, ASK_FACILITATOR = timedelta(seconds=60), timedelta(seconds=120)
"""After so long without a word: a private word to who has the turn, and then to the facilitator (spec.md, 1.6)."""
STALE = timedelta(minutes=30)
"""So long after it, time up is still worth saying: the bot may have been away."""

FORGOTTEN = timedelta(hours=3)
"""So long after it should have been over, nobody will end it any more."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment at which something is to be said. From `until` on it is of no use any more; both are aware."""

    key: str
    kind: Kind
    at: datetime
    until: datetime


def moments(sitting: Sitting) -> tuple[Moment, ...]:
    """What time will bring, or brought, as the session stands now; in order. A pause has none, and neither has what is over."""
    if sitting.session.paused_at or sitting.session.ended:
        return ()
    return tuple(sorted((*_of_the_clock(sitting), *_of_the_speaker(sitting)), key=lambda moment: moment.at))


def forgotten(sitting: Sitting) -> bool:
    """Whether a session should have been over for hours, and goes on only because nobody ended it. A pause does not change that."""
    session = sitting.session
    return session.ended is None and sitting.now >= session.ends + FORGOTTEN


def _of_the_clock(sitting: Sitting) -> Iterator[Moment]:
    deadline = sitting.session.deadline
    if deadline - sitting.session.began >= SHORT:
        yield _moment(sitting, "two_minutes", deadline - TWO_MINUTES, deadline)
    yield _moment(sitting, "time_up", deadline, deadline + STALE)


def _of_the_speaker(sitting: Sitting) -> Iterator[Moment]:
    """Nobody is asked where people talk, as the bot cannot hear them, nor who has said something already."""
    session, holder = sitting.session, sitting.session.turn.holder
    if (
        holder is None
        or session.turn.finished
        or session.replied
        or session.form == "spoken"
        or session.level == "quiet"
    ):
        return
    since = session.turn_since + timedelta(seconds=sitting.phase.silence_seconds)
    yield _moment(sitting, "speaker_silent", since + ASK_SPEAKER, since + ASK_FACILITATOR)
    if holder != session.facilitator:
        yield _moment(sitting, "speaker_gone", since + ASK_FACILITATOR, since + ASK_FACILITATOR + STALE)


def _moment(sitting: Sitting, kind: Kind, at: datetime, until: datetime) -> Moment:
    return Moment(f"{sitting.session.id}/{kind}/{at.isoformat()}", kind, at, until)


def rung(sitting: Sitting, key: str) -> Sitting:
    """Say what the moment with this key brings, when it has come and is still of use; else nothing happens."""
    due = [moment for moment in moments(sitting) if moment.key == key and moment.at <= sitting.now < moment.until]
    return sitting.having(*(it for moment in due for it in _brought(sitting, moment.kind)))


def time_passed(sitting: Sitting, since: datetime) -> Sitting:
    """Say what all moments after `since` (aware) through now bring, as far as they are still of use."""
    due = [moment for moment in moments(sitting) if since < moment.at <= sitting.now < moment.until]
    return sitting.having(*(it for moment in due for it in _brought(sitting, moment.kind)))


def _brought(sitting: Sitting, kind: Kind) -> Iterator[Happening]:
    turn = sitting.session.turn
    match kind:
        case "two_minutes":
            yield TwoMinutesLeft()
        case "time_up":
            yield TimeUp()
            waiting = sorted(turn.waiting) if isinstance(turn, SilentWrite) else []
            yield from (Hint(person, "your_turn") for person in waiting if sitting.session.level != "quiet")
        case "speaker_silent":
            answers = isinstance(turn, QuestionRound) and turn.answering
            yield Hint(turn.holder or "", "your_answer" if answers else "your_turn")
        case "speaker_gone":
            yield Hint(sitting.session.facilitator, "speaker_silent")
