"""One state machine, two clocks: what time brings in a session, by the clock that it has (features.md, 46)."""

from datetime import datetime

from programme.intervision import nudges, slow_time
from programme.intervision.nudges import Moment
from programme.intervision.sitting import Sitting


def moments(sitting: Sitting) -> tuple[Moment, ...]:
    """What time will bring, or brought, as the session stands now; in order."""
    return slow_time.moments(sitting) if sitting.session.slow else nudges.moments(sitting)


def rung(sitting: Sitting, key: str) -> Sitting:
    """Do what the moment with this key brings, when it has come and is still of use; else nothing happens."""
    return slow_time.rung(sitting, key) if sitting.session.slow else nudges.rung(sitting, key)


def forgotten_at(sitting: Sitting) -> datetime:
    """From when on (aware) a session that goes on only does so because nobody ended it."""
    return slow_time.forgotten_at(sitting) if sitting.session.slow else sitting.session.ends + nudges.FORGOTTEN


def forgotten(sitting: Sitting) -> bool:
    """Whether it should have been over long ago. A pause does not change that."""
    return sitting.session.ended is None and sitting.now >= forgotten_at(sitting)
