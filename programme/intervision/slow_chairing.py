"""Rules of the facilitator that are another in the slow form: days more, and the clock after a pause."""

from datetime import datetime

from programme.intervision.happenings import DaysAdded
from programme.intervision.sitting import Sitting
from programme.intervision.slow import ends
from programme.text import Refusal, _

MOST_DAYS = 5
"""More than so much at once is a slip of the finger."""


def extended(sitting: Sitting, person: str, days: int) -> Sitting:
    """Give the phase so many working days more, from now when it is due already. All that follows moves; nothing gets shorter.

    Refuses anything but 1 to 5 days.
    """
    sitting.must_run()
    sitting.must_chair(person)
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(_("Type a number of days from 1 to {most}, for example 1.", most=MOST_DAYS))
    session = sitting.session
    until = sitting.workdays.due(max(session.deadline, sitting.now), days)
    return sitting.seen(person).having(DaysAdded(until), deadline=until, ends=ends(sitting, until, session.phase))


def moved_on(sitting: Sitting) -> dict[str, datetime]:
    """The clock after a pause: as many working days are left as there were when it began, the day of each counted by its hours."""
    session, days = sitting.session, sitting.workdays
    paused_at = session.paused_at or sitting.now
    left = max(days.count(days.first(paused_at), days.day(session.deadline)), 1)
    due = max(session.deadline, days.due(sitting.now, left))
    return {"deadline": due, "ends": ends(sitting, due, session.phase), "turn_since": sitting.now}
