"""People, as the house knows them."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from programme.model import Model

LanguageCode = Literal["nl", "en"]


class Role(StrEnum):
    """What somebody may do in an edition."""

    ANYBODY = "anybody"
    MEMBER = "member"
    """Who takes part or coordinates."""
    PARTICIPANT = "participant"
    COORDINATOR = "coordinator"


class Person(Model):
    """Somebody. The id is the platform's full id; the name is only shown."""

    id: str
    name: str = ""
    language: LanguageCode | None = None
    """None: as the rooms of the house."""
    organisation: str = ""
    sector: str = ""
    region: str = ""

    @property
    def shown(self) -> str:
        """The name to show; the id where there is none."""
        return self.name or self.id


def told_apart(people: Iterable[Person]) -> dict[str, str]:
    """The name to show of each, by id: "Jan Jansen (AFM)" where somebody else has the same name.

    The organisation tells namesakes apart; the id does where that is unknown, or the same.
    """
    them = list(people)
    names = Counter(it.shown for it in them)
    beside = Counter((it.shown, it.organisation) for it in them)

    def name(it: Person) -> str:
        if names[it.shown] == 1:
            return it.shown
        known = it.organisation and beside[it.shown, it.organisation] == 1
        return f"{it.shown} ({it.organisation if known else it.id})"

    return {it.id: name(it) for it in them}
