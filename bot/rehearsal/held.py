"""The sessions that groups held in a rehearsal, each in a few lines: who led, how long, how many messages, and who was missed.

In full they are in `kring rehearse --json`, and in the story of one person.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.files import read_methods
from bot.intervision.sessions import room_of
from bot.rehearsal.record import Rehearsal
from bot.rehearsal.wording import Wording
from programme.intervision.session import Session
from programme.text import Both

HOW: dict[str, Both] = {
    "written": Both(nl="getypt", en="typed"),
    "spoken": Both(nl="in een gesprek", en="in a call"),
    "slow": Both(nl="over {n} werkdagen", en="over {n} working days"),
}
MINUTES = Both(nl="{n} minuut", en="{n} minute"), Both(nl="{n} minuten", en="{n} minutes")
MESSAGES = Both(nl="{n} bericht", en="{n} message"), Both(nl="{n} berichten", en="{n} messages")


@dataclass(frozen=True)
class Held:
    """One session, and what was said in it."""

    session: Session
    in_room: int
    """So many messages to everybody in the room."""
    alone: Mapping[str, int]
    """By person (id), in order of time: so many messages in their own chat."""
    absent: tuple[str, ...]
    """Ids of those in the group who did not come."""

    @property
    def at(self) -> datetime:
        """When it began (aware)."""
        return self.session.started

    @property
    def minutes(self) -> int:
        """How long it took; 0 when it did not end."""
        ended = self.session.ended or self.at
        return round((ended - self.at).total_seconds() / 60)

    @property
    def how(self) -> str:
        """A key of `HOW`."""
        return "slow" if self.session.slow else self.session.form

    def lines(self, wording: Wording) -> Iterator[str]:
        """To read: what it was, the messages, and who was missed."""
        it = self.session
        method = wording.both(read_methods()[it.method].name)
        how = wording.both(HOW[self.how]).format(n=it.slow.days if it.slow else 0)
        long = "" if it.slow else ", " + wording.counted(self.minutes, *MINUTES)
        where = f"{wording.room(room_of(it))}, {wording.say(nl='sessie', en='session')} {it.id.rpartition('/')[2]}"
        leads = wording.say(nl="begeleidt", en="leads")
        yield f"{where}: {method}, {how}{long}. {wording.name(it.facilitator)} {leads}."
        yield self._told(wording)
        if self.absent:
            yield wording.say(nl="Niet gekomen: ", en="Did not come: ") + wording.listed(self.absent) + "."

    def _told(self, wording: Wording) -> str:
        """To how many messages it came: in the room, and alone."""
        each = wording.counted(self.in_room, *MESSAGES)
        there = wording.listed(self.session.members)
        alone = ", ".join(f"{wording.name(person)} {count}" for person, count in self.alone.items())
        told = wording.say(nl=f"{each} in de kamer aan {there}.", en=f"{each} in the room to {there}.")
        return told + (wording.say(nl=" Alleen aan: ", en=" Alone to: ") + f"{alone}." if alone else "")

    def plain(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        it = self.session
        return {
            "id": it.id,
            "room": room_of(it),
            "method": it.method,
            "how": self.how,
            "facilitator": it.facilitator,
            "members": list(it.members),
            "absent": list(self.absent),
            "minutes": self.minutes,
            "in_room": self.in_room,
            "alone": dict(self.alone),
        }


def held(rehearsal: Rehearsal) -> dict[str, Held]:
    """All of them by id, in order of time."""
    in_room: Counter[str] = Counter()
    alone: dict[str, Counter[str]] = {id_: Counter() for id_ in rehearsal.sessions}
    for it in rehearsal.messages:
        if it.session in alone and it.person:
            alone[it.session][it.person] += 1
        elif it.session:
            in_room[it.session] += 1
    groups = {group.id: group for group in rehearsal.end.groups.values()} if rehearsal.end else {}
    return {
        it.id: Held(
            it, in_room[it.id], alone[it.id], _absent(groups[it.group].members if it.group in groups else (), it)
        )
        for it in sorted(rehearsal.sessions.values(), key=lambda it: (it.started, it.id))
    }


def _absent(members: tuple[str, ...], session: Session) -> tuple[str, ...]:
    return tuple(person for person in members if person not in session.members)
