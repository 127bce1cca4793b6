"""Rules of starting: what a session begins with, and who can begin it with whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from programme.intervision.happenings import Level
from programme.intervision.method import Method, scaled
from programme.intervision.opening import phase_begun
from programme.intervision.session import Form, Session
from programme.intervision.sitting import Sitting
from programme.model import Model
from programme.text import Refusal, _

SMALL_GROUP = 5
"""In a group of at most so many the facilitator takes a turn too, as nearly everybody is needed."""


class Start(Model):
    """What a session begins with: who is there, who leads, and how they do it."""

    id: str
    edition: str
    group: str
    members: tuple[str, ...]
    """Who is there, in the order in which they came."""
    facilitator: str
    presenter: str | None = None
    """Whose case it is, where that is known already."""
    minutes: int | None = None
    """The whole length, where it is not the method's own."""
    form: Form = "written"
    level: Level = "coach"
    facilitator_takes_turn: bool | None = None
    """None: they do in a small group."""
    first: bool = False
    """The group has held no session yet."""

    @property
    def takes_turn(self) -> bool:
        """Whether the facilitator takes a turn too."""
        small = len(self.members) <= SMALL_GROUP
        return small if self.facilitator_takes_turn is None else self.facilitator_takes_turn


def started(method: Method, start: Start, at: datetime) -> Sitting:
    """Begin a session at this moment (aware) with those who are there, the first phase included.

    Refuses too few or too many people, a facilitator or presenter who is not there or who is both, and a length in which the
    method cannot be done.
    """
    must_fit(method, start.members, start.facilitator, start.presenter)
    method = scaled(method, start.minutes or round(method.minutes), len(start.members) - method.needs_presenter)
    plan = tuple(phase.seconds for phase in method.phases)
    session = recorded(method, start, plan, at)
    return phase_begun(Sitting(method, session, at), 0)


def recorded(method: Method, start: Start, plan: tuple[int, ...], at: datetime) -> Session:
    """The record of a session that begins at this moment (aware), before its first phase. `plan` is the length of each phase."""
    return Session(
        id=start.id,
        edition=start.edition,
        group=start.group,
        method=method.id,
        form=start.form,
        level=start.level,
        members=start.members,
        facilitator=start.facilitator,
        facilitator_takes_turn=start.takes_turn,
        first=start.first,
        presenter=start.presenter,
        plan=plan,
        used=(0,) * len(plan),
        turn_since=at,
        facilitator_heard=at,
        began=at,
        deadline=at,
        ends=at + timedelta(seconds=sum(plan)),
        started=at,
    )


def must_fit(method: Method, members: Sequence[str], facilitator: str, presenter: str | None) -> None:
    """Refuse too few or too many people, and a facilitator or presenter who is not there or who is both."""
    sizes = method.sizes
    if sizes.least <= len(members) <= sizes.most:
        _must_have_roles(members, facilitator, presenter)
        return
    raise Refusal(
        _(
            "{method} is for {least} to {most} people, and there are {n}. Choose another method, or make other groups.",
            method=method.name,
            least=sizes.least,
            most=sizes.most,
            n=len(members),
        )
    )


def _must_have_roles(members: Sequence[str], facilitator: str, presenter: str | None) -> None:
    if facilitator not in members or (presenter is not None and presenter not in members):
        raise Refusal(_("The facilitator and the one whose case it is have to be here. Choose somebody who is."))
    if facilitator == presenter:
        raise Refusal(BOTH_ROLES)


BOTH_ROLES = _("You cannot present a case and be the facilitator of it. Ask somebody else for one of the two.")
