"""What somebody who is made up is like: a pace, and traits that few people have."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from programme.crowd.chance import draw


class Pace(StrEnum):
    """How soon somebody does what is asked."""

    PROMPT = "prompt"
    STEADY = "steady"
    LATE = "late"
    FORGETFUL = "forgetful"
    """Only when reminded; never when nobody does."""


class Trait(StrEnum):
    """Something about somebody that makes the story less smooth."""

    SIGNS_UP_LATE = "signs up late"
    SILENT = "gives no preferences"
    RANKS_FEW = "ranks few places"
    AVOIDS = "avoids a place"
    CHANGES_MIND = "changes their mind"
    PICKY = "takes no other place"
    DECLINES = "declines days"
    CANCELS = "cancels a day"
    STAYS_AWAY = "does not come"
    SIGNS_NOTHING = "signs nothing"
    SHARES_NOTHING = "shares nothing"
    LEAVES_EARLY = "leaves before the matching"
    LEAVES_MATCHED = "leaves after the matching"
    LEAVES_LATE = "leaves just before the visit"


PACES = ((Pace.PROMPT, 0.35), (Pace.STEADY, 0.65), (Pace.LATE, 0.85), (Pace.FORGETFUL, 1.0))
"""Each pace with the draw below which it is the one."""
CHANCES = {
    Trait.SIGNS_UP_LATE: 0.03,
    Trait.SILENT: 0.05,
    Trait.RANKS_FEW: 0.2,
    Trait.AVOIDS: 0.1,
    Trait.CHANGES_MIND: 0.15,
    Trait.PICKY: 0.3,
    Trait.DECLINES: 0.3,
    Trait.CANCELS: 0.08,
    Trait.STAYS_AWAY: 0.03,
    Trait.SIGNS_NOTHING: 0.1,
    Trait.SHARES_NOTHING: 0.4,
    Trait.LEAVES_EARLY: 0.03,
    Trait.LEAVES_MATCHED: 0.03,
    Trait.LEAVES_LATE: 0.02,
}
"""How many people have a trait. Made up as well: enough for every path to be walked by sixty people, and a programme to go well."""


@dataclass(frozen=True, slots=True)
class Temperament:
    """A pace and traits."""

    pace: Pace = Pace.PROMPT
    traits: frozenset[Trait] = frozenset()


@cache
def temperament(seed: int, person: str) -> Temperament:
    """What this person is like in the story of this seed."""
    drawn = draw(seed, person, "pace")
    pace = next(pace for pace, below in PACES if drawn < below)
    return Temperament(
        pace, frozenset(trait for trait, chance in CHANCES.items() if draw(seed, person, trait) < chance)
    )
