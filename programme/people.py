"""People, as the house knows them."""

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
