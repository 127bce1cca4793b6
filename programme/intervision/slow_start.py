"""Beginning a slow session: the plan in working days, and the first phase."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime
from zoneinfo import ZoneInfo

from programme.intervision.happenings import Level, PresenterChosen
from programme.intervision.method import Method
from programme.intervision.opening import phase_begun
from programme.intervision.session import Slow
from programme.intervision.sitting import Sitting
from programme.intervision.slow import planned, slowed
from programme.intervision.start import Start, must_fit, recorded
from programme.text import Refusal, _

A_DAY = 24 * 3600


def started_slowly(
    method: Method, start: Start, at: datetime, *, zone: ZoneInfo, free: AbstractSet[date] = frozenset()
) -> Sitting:
    """Begin a slow session at this moment (aware), the first phase included. `free` are the days on which nobody works.

    Refuses what a live one refuses, and a case of nobody where the method has no phase in which one is chosen.
    """
    must_fit(method, start.members, start.facilitator, start.presenter)
    if any(phase.case > 1 for phase in method.phases):
        raise Refusal(_("Over days there is room for one case. Choose a method that takes one."))
    plan = Slow(zone=str(zone), phases=planned(method, chosen=start.presenter is not None))
    method = slowed(method, plan)
    if start.presenter is None and method.phases[0].needs_presenter:
        raise Refusal(
            _(
                "It is not known yet whose case this is about. Begin once more, and type the name of who presents at the end."
            )
        )
    session = recorded(method, start, tuple(days * A_DAY for _key, days in plan.phases), at)
    session = session.model_copy(update={"slow": plan, "form": "written", "level": _level(start)})
    known = (PresenterChosen(start.presenter),) if start.presenter else ()
    return phase_begun(Sitting(method, session, at, known, frozenset(free)), 0)


def _level(start: Start) -> Level:
    """Nobody is held back over days: who is strict at the table gets private words here."""
    return "quiet" if start.level == "quiet" else "coach"
