"""The status text of a slow session: which day of the phase it is, until when, and who has contributed; never who has not."""

from collections import Counter
from collections.abc import Callable, Iterator

from programme.intervision.anytime import Anytime
from programme.intervision.sitting import Sitting
from programme.intervision.slow import contributors
from programme.intervision.written import Vote
from programme.text import Lines, Moment, Value, _, _n, lines, listing

Shown = Callable[[str], str]
"""Gives the name to show for a person's id."""


def status(sitting: Sitting, shown: Shown) -> Lines:
    """How it stands: phase, day, deadline, who has contributed, and whose questions wait for an answer."""
    session = sitting.session
    phase = _(
        "{method} over days, phase {number} of {phases}: {phase}",
        method=sitting.method.name,
        number=session.phase + 1,
        phases=len(sitting.method.phases),
        phase=sitting.phase.name,
    )
    return lines(phase, _clock(sitting, shown), *_contributed(sitting, shown), *_questions(sitting, shown))


def _clock(sitting: Sitting, shown: Shown) -> Value:
    if sitting.session.paused_at:
        return _("We are pausing.")
    if sitting.is_up:
        return _(
            "The time of this phase is over. {person} decides how we go on.", person=shown(sitting.session.facilitator)
        )
    day, of = day_of(sitting)
    return _("Working day {day} of {of}, until {until}", day=day, of=of, until=Moment(at=sitting.session.deadline))


def day_of(sitting: Sitting) -> tuple[int, int]:
    """Which working day of the phase it is, from 1, and how many it has."""
    session, days = sitting.session, sitting.workdays
    first, last = days.first(session.began), days.day(session.deadline)
    return max(days.count(first, days.day(sitting.clock)), 1), max(days.count(first, last), 1)


def _contributed(sitting: Sitting, shown: Shown) -> Iterator[Value]:
    """Who contributed, in the order in which they came; of a secret vote only how many."""
    turn = sitting.session.turn
    there = contributors(turn)
    if isinstance(turn, Vote) and there:
        yield _n("{n} person has voted.", "{n} people have voted.", n=len(there))
    elif there:
        names = [shown(person) for person in sitting.session.members if person in there]
        yield _("Contributed: {people}", people=listing([*names]))


def _questions(sitting: Sitting, shown: Shown) -> Iterator[Value]:
    """Whose questions wait for an answer, and how many each has."""
    turn = sitting.session.turn
    if isinstance(turn, Anytime) and turn.questions:
        waiting = Counter(question.person for question in turn.questions)
        names = [f"{shown(person)} ({count})" for person, count in waiting.items()]
        yield _("Questions that wait for an answer: {people}", people=listing([*names]))
