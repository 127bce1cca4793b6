"""One's seat in a session that goes on: how it stands, and when somebody does something in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from programme.crowd.act import Act, Look
from programme.crowd.words import Lines
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting
from programme.text import Call

T = TypeVar("T")
AGAIN = timedelta(minutes=2)
"""Between two tries of one thing."""
TRIES = 3


@dataclass(frozen=True, slots=True)
class Seat:
    """What one person looks at in a session. Moments count from the record of it, so they are the same at every look."""

    look: Look
    sitting: Sitting
    room: str
    """Key of the room in which it is held."""

    @property
    def session(self) -> Session:
        """The record of it."""
        return self.sitting.session

    @property
    def me(self) -> str:
        """Whose seat it is."""
        return self.look.me.id

    @property
    def talks(self) -> bool:
        """Whether people type what they have to say: not where they talk in a call."""
        return self.session.form == "written"

    @property
    def length(self) -> timedelta:
        """How long the phase takes, from its beginning to its deadline."""
        return self.session.deadline - self.session.began

    @property
    def share(self) -> float:
        """How many seconds of the phase are for the turn of one person."""
        turns = len(self.sitting.takers) * {"round": 1, "open": 2}.get(self.session.turn.rule, 0)
        return self.length.total_seconds() / max(1, turns)

    def about(self, what: str) -> str:
        """What names this thing, in this phase as it was begun or taken up again."""
        it = self.session
        return f"{it.id}/{it.phase}.{it.part}/{it.began:%d%H%M%S}/{what}"

    def of_turn(self, what: str) -> str:
        """What names this thing in the turn that goes on now."""
        return f"{what}/{self.session.turn_since:%d%H%M%S}"

    def chance(self, what: str) -> float:
        """A number from 0 up to 1."""
        return self.look.chance(self.about(what))

    def line(self, what: str, among: Lines) -> str:
        """One of these lines, in one's own language."""
        return self.look.pick(self.about(what), among[self.look.me.language or "nl"])

    # ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def after(self, what: str, least: float, most: float, since: datetime | None = None) -> datetime:
        """So many seconds after `since` (the beginning of the turn); over days, somewhere in the phase."""
        if self.session.slow:
            return self.within(what, 0.05, 0.8)
        seconds = self.look.between(self.about(what), least, most)
        return (since or self.session.turn_since) + timedelta(seconds=seconds)

    def within(self, what: str, least: float, most: float) -> datetime:
        """When such a share of the phase has passed; over days at an hour at which people work."""
        at = self.session.began + self.length * self.look.between(self.about(what), least, most)
        return self.look.at_work(at, self.about(what)) if self.session.slow else at

    def late(self, what: str, least: float, most: float) -> datetime:
        """So many seconds after the time of the phase is over; over days as many times a minute, when people work."""
        number = self.look.between(self.about(what), least, most)
        if self.session.slow:
            return self.look.at_work(self.session.deadline + timedelta(minutes=number), self.about(what))
        return self.session.deadline + timedelta(seconds=number)

    # ── what ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def does(self, what: str, at: datetime, *calls: Call, alone: bool = False, most: int = TRIES) -> Iterator[Act]:
        """Do this then, in the room or `alone` in the direct chat; once more when nothing came of it."""
        about = self.about(what)
        if (tried := self.look.tried(about)) < most:
            then = max(at, self.look.now + AGAIN) if tried else at
            yield Act(self.me, then, about, calls, "" if alone else self.room, session=self.session.id)

    def says(self, what: str, at: datetime, line: str, most: int = 1) -> Iterator[Act]:
        """Say this then to the others."""
        about = self.about(what)
        if self.look.tried(about) < most:
            yield Act(self.me, at, about, room=self.room, says=line, session=self.session.id)
