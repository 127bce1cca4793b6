"""What the facilitator of a session hears alone, and what frames it for all: the outline before it, and what comes after it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.context import Context
from programme.intervision.calls import EXTEND, NEXT, PASS, PAUSE, SKIP
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting
from programme.intervision.status import Shown, tip
from programme.records import Group
from programme.text import Both, Call, Sayable, Text, Value, _, _n, lines

A_MINUTE = 60
HELP = Call(command="help")
PLAN = Call(command="plan_session")
POLL = Call(command="date_poll")


def clock(at: datetime, zone: ZoneInfo) -> Both:
    """A time of day, from an instant (aware): `13.30` in Dutch, `13:30` in English."""
    there = at.astimezone(zone)
    return Both(nl=f"{there:%H.%M}", en=f"{there:%H:%M}")


def outline(sitting: Sitting, zone: ZoneInfo) -> Iterator[Text]:
    """The phases with the time at which each is to begin, and when all is over."""
    at = sitting.now
    for phase, seconds in zip(sitting.method.phases, sitting.session.plan, strict=True):
        yield _("- {time} {phase}", time=clock(at, zone), phase=phase.name)
        at += timedelta(seconds=seconds)
    yield _("- {time} the end", time=clock(at, zone))


def job(sitting: Sitting, zone: ZoneInfo) -> Sayable:
    """What a facilitator has to do in a live session, in five lines."""
    return lines(
        _("You lead this session, until about {time}. This is your job:", time=clock(sitting.session.ends, zone)),
        _("- I call people one by one. A turn ends when they type `done`; what you say in between never ends one."),
        _(
            "- Is somebody silent? Go on with {next}. To let them come back later, type {pass_}.",
            next=NEXT,
            pass_=PASS,
        ),
        _("- Has everybody been? Close the phase with {next}. Or give more time, with {more}.", next=NEXT, more=EXTEND),
        _("- You need not bring in a case yourself. You do not know what comes? Type `what now`."),
        _("- Advice too early, or two questions at once? I say so, alone, to whom it concerns."),
        _(
            "- Leave a whole phase with {skip}, take a break with {pause}, and see the rest with {help}.",
            skip=SKIP,
            pause=PAUSE,
            help=HELP,
        ),
    )


def watched(sitting: Sitting, shown: Shown) -> Iterator[Text]:
    """What the facilitator watches in the phase that begins, where the method says so; not where only the clock is kept."""
    about = tip(sitting, shown, _("your theme"))
    if about is not None and sitting.session.level != "quiet":
        yield _("Watch this now. {tip}", tip=about)


def on_schedule(sitting: Sitting, zone: ZoneInfo) -> Iterator[Text]:
    """When it is to be over as it goes now, and whether that is sooner than was planned."""
    yield done_at(sitting, zone)
    ahead = round((sitting.session.ends - _over(sitting)).total_seconds() / A_MINUTE)
    if ahead > 0:
        yield _n("You are {n} minute ahead.", "You are {n} minutes ahead.", n=ahead)


def done_at(sitting: Sitting, zone: ZoneInfo) -> Text:
    """When it is to be over as it goes now."""
    return _("We will be done at about {time}.", time=clock(_over(sitting), zone))


def _over(sitting: Sitting) -> datetime:
    session = sitting.session
    return max(session.deadline, sitting.clock) + timedelta(seconds=sum(session.plan[session.phase + 1 :]))


def next_one(ctx: Context, session: Session) -> Iterator[Text]:
    """How a group that has more sessions to come finds the day of the next one."""
    group, rule = ctx.state.get(Group, session.group), ctx.edition.intervision if ctx.edition_or_none else None
    if group is not None and rule is not None and (group.held + 1) % rule.sessions:
        yield _("When do you meet again? Plan it with {plan}, or find a day with {poll}.", plan=PLAN, poll=POLL)


def afterwards(ctx: Context, sitting: Sitting) -> Sayable:
    """Thank who led, and say how long each phase took."""
    group = ctx.state.get(Group, sitting.session.group)
    first = group is not None and sitting.session.facilitator not in group.facilitators
    thanks = (
        _("That was your first session as the facilitator of this group. Well done, and thank you.")
        if first
        else _("Well done, and thank you for leading.")
    )
    rows: list[Value] = [
        _n("- {phase}: {n} minute", "- {phase}: {n} minutes", n=round(seconds / A_MINUTE), phase=phase.name)
        for phase, seconds in zip(sitting.method.phases, sitting.session.used, strict=True)
        if round(seconds / A_MINUTE)
    ]
    return lines(thanks, _("This is how long each phase took. Only you see it."), *rows)
