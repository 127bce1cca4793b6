"""The nine turn rules together, and the order in which people speak.

A turn is part of the record of a session: see `spoken` and `written` for what each rule does.
"""

from collections.abc import Collection
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from programme.intervision.anytime import Anytime
from programme.intervision.spoken import Announce, Monologue, Open, QuestionRound, Round, Silence
from programme.intervision.written import Classify, SilentWrite, Vote

Turn = Annotated[
    Announce | Monologue | Round | QuestionRound | SilentWrite | Classify | Vote | Open | Silence | Anytime,
    Field(discriminator="rule"),
]


def lot(session: str, *words: str) -> str:
    """A number (hexadecimal) that is chance to people and the same at every look: SHA-256 of the session and what it is about."""
    return sha256("/".join((session, *words)).encode()).hexdigest()


def speaking_order(
    session: str,
    people: Collection[str],
    *,
    shift: int,
    facilitator: str | None,
    presenter: str | None,
    presenter_place: Literal["first", "last"] = "last",
) -> tuple[str, ...]:
    """The order in which these people speak: by lot, begun `shift` places further, then the facilitator, then the presenter.

    The presenter is the last one, as the last word is theirs, or the first where the method says so.
    """
    ends = {facilitator, presenter}
    others = sorted((p for p in people if p not in ends), key=lambda p: lot(session, p))
    at = shift % len(others) if others else 0
    chair = [p for p in (facilitator,) if p is not None and p in people and p != presenter]
    case = [p for p in (presenter,) if p is not None and p in people]
    spoken = [*others[at:], *others[:at], *chair]
    return (*case, *spoken) if presenter_place == "first" else (*spoken, *case)
