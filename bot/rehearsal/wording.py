"""How a rehearsal is told: names that tell people apart, rooms in the words of who reads, and when it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.i18n import write_day, write_list, write_time
from bot.rehearsal.record import Rehearsal
from programme.people import LanguageCode, told_apart
from programme.text import Both

ROOMS: dict[str, Both] = {
    "cohort": Both(nl="#programma", en="#programme"),
    "desk": Both(nl="#coördinatie", en="#coordination"),
    "group": Both(nl="groep {number}", en="group {number}"),
}
"""By the first word of the key of a room: what it is called. That of a pair goes by its two people."""


@dataclass(frozen=True)
class Wording:
    """The words for one rehearsal, in one language."""

    rehearsal: Rehearsal
    language: LanguageCode

    @cached_property
    def _names(self) -> dict[str, str]:
        return told_apart(self.rehearsal.people)

    def name(self, person: str) -> str:
        """The name to show; with the organisation when somebody else has the same name."""
        return self._names.get(person, person)

    def listed(self, people: Iterable[str]) -> str:
        """Names in a row: `Anna, Bram en Carla`."""
        return write_list([self.name(person) for person in people], self.language)

    def room(self, key: str, members: Iterable[str] = ()) -> str:
        """What to call a room of several people, by its key and who is in it."""
        kind, _slash, rest = key.partition("/")
        number = rest.partition("/")[2]
        if kind == "pair":
            guest = [number, *(person for person in members if person != number)]
            return self.say(nl="de kamer van ", en="the room of ") + self.listed(guest)
        return self.both(ROOMS[kind]).format(number=number) if kind in ROOMS else key

    def moment(self, at: datetime) -> str:
        """A moment (aware) on the clock of the edition: `12-05-2026 11.48` / `2026-05-12 11:48`."""
        local = at.astimezone(self.rehearsal.edition.zone)
        day = local.strftime("%d-%m-%Y") if self.language == "nl" else local.date().isoformat()
        return f"{day} {self.clock(at)}"

    def clock(self, at: datetime) -> str:
        """The time of a moment: `11.48` / `11:48`."""
        local = at.astimezone(self.rehearsal.edition.zone)
        return write_time(local.time(), self.language).removesuffix(" uur")

    def day(self, at: datetime) -> str:
        """The day of a moment, with its day of the week."""
        return write_day(at.astimezone(self.rehearsal.edition.zone).date(), self.language)

    def counted(self, number: int, one: Both, more: Both) -> str:
        """A count with its word in the right form."""
        return self.both(one if number == 1 else more).format(n=number)

    def number(self, number: float) -> str:
        """A number with at most a few decimals."""
        return f"{number:g}".replace(".", self.say(nl=",", en="."))

    def both(self, words: Both) -> str:
        """A text in the language of who reads."""
        return words.nl if self.language == "nl" else words.en

    def say(self, *, nl: str, en: str) -> str:
        """The same, of two strings."""
        return nl if self.language == "nl" else en
