"""How the house is, as it can be told to a coordinator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from programme.text import Text, _

FACTS: dict[str, Text] = {
    "store": _("what is said can be kept"),
    "matrix_sync": _("Matrix: messages come in"),
    "matrix_cross_signed": _("Matrix: careful apps trust me"),
    "teams_listening": _("Teams: messages come in"),
    "teams_token": _("Teams: I may send messages"),
    "console": _("the conversation in this window"),
    "local": _("the page on this machine"),
}
"""What each fact of `/readyz` says to a coordinator."""


@dataclass(frozen=True)
class Condition:
    """How the house is, as it can be told."""

    facts: Mapping[str, bool]
    """By name, as on `/readyz`: whether it is so."""
    backed_up: datetime | None = None
    """When a backup was made last (aware); None when that is not known."""
