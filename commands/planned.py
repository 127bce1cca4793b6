"""Before a session: when it is planned, whether its room is ready, and who is there."""

from bot.answer import Look
from bot.dates import day_in, parse_when
from bot.intervision.room_check import faults
from bot.intervision.sessions import session_in, sitting_of
from bot.intervision.sitting import kept
from bot.kit import (
    ANYWHERE,
    Answer,
    Button,
    Call,
    Context,
    Refusal,
    Rest,
    Role,
    Say,
    Sayable,
    Value,
    _,
    command,
    fold,
    lines,
    listing,
    when,
)
from bot.questions import open_to
from programme import rooms
from programme.exchange import Phase
from programme.intervision import coming, planned
from programme.intervision.calls import PLAN, START
from programme.intervision.planned import FEWEST, HERE, Planned
from programme.intervision.session import Session
from programme.records import Group
from programme.text import Span, Unclear

NONE = frozenset({"geen", "none", "niet", "not"})
AFTER = {Phase.VISITS, Phase.CLOSED}


@command(
    nl="sessie plan",
    en="plan session",
    home="group",
    where=ANYWHERE,
    who=Role.PARTICIPANT,
    during=AFTER,
    examples=("", "14-10-2026 9.30-11.00"),
    help=_("Plans the next session of your group, in its room. I look at the room then, and ask who is there."),
)
def plan_session(ctx: Context, moment: Rest = Rest("")) -> Answer:
    """Plan the next session, tell when it is, or take it off the calendar of the group."""
    group = _group(ctx)
    known = ctx.state.get(Planned, group.id)
    if not moment:
        return _when(ctx, known)
    if fold(moment) in NONE:
        ctx.state.delete(Planned, group.id)
        return Say(_("No session is planned now. Plan one with {how}.", how=PLAN))
    found = parse_when(moment, ctx.today)
    if found.start is None or found.end is None:
        raise Unclear(
            _("From when to when? Type for example {how}.", how=PLAN), moment, lambda: day_in(moment, ctx.today)
        )
    it = planned.planned(group, found.day, found.start, found.end, ctx.now, ctx.edition.zone)
    ctx.save(it)
    return _when(ctx, it)


def _group(ctx: Context) -> Group:
    """The group of this room. Refuses elsewhere, and who is not in it."""
    group = ctx.state.get(Group, ctx.room.removeprefix("group/")) if ctx.room.startswith("group/") else None
    if group is None or group.closed is not None or ctx.me.id not in group.members:
        raise Refusal(_("This is for the room of your group. Type it there."))
    return group


def _when(ctx: Context, it: Planned | None) -> Say:
    if it is None:
        return Say(_("No session is planned now. Plan one with {how}.", how=PLAN))
    start, end = it.span(ctx.edition.zone)
    return Say(
        _(
            "The next session is on {when}. Five minutes before, I ask here who is there.",
            when=Span(start=start, end=end),
        )
    )


@command(
    nl="ik ben er",
    en="i am here",
    where=ANYWHERE,
    who=Role.PARTICIPANT,
    during=AFTER,
    alone=True,
    help=_("Says that you are there, just before a session or when you come in later."),
)
def here(ctx: Context) -> Answer:
    """Count somebody who is there; in a session that goes on they take part from now on."""
    group = _group(ctx)
    session = session_in(ctx.state, ctx.room)
    if session is not None:
        return _joined(ctx, session)
    it = ctx.state.get(Planned, group.id)
    if it is None or not it.asked(ctx.now, ctx.edition.zone):
        raise Refusal(_("I ask this five minutes before a session. See when that is with {how}.", how=_ask()))
    before, it = it, it.arrived(ctx.me.id)
    ctx.save(it)
    complete = it.here.issuperset(group.members) and it != before
    return [_present(ctx, it), *([_complete(ctx, group)] if complete else [])]


def _joined(ctx: Context, session: Session) -> Answer:
    sitting = sitting_of(session, ctx.now, ctx.free)
    if ctx.me.id in sitting.present:
        return Say(_("You take part already."), rooms.direct(ctx.me.id))
    return kept(ctx, session, coming.joined(sitting, ctx.me.id))


def _complete(ctx: Context, group: Group) -> Say:
    """That everybody is there, and who begins: who asked for it before, or else whose turn it is to lead."""
    asked = [p for p in group.members for q in open_to(ctx.state, p, ctx.now, ctx.room) if q.id.startswith(_starts(p))]
    leads = next(iter(asked), None) or planned.leads_next(group) or ctx.me.id
    text = _("Everybody is there. {person}, type `begin`.", person=ctx.name(leads))
    return Say(text, wake=True, mentions=leads)


def _starts(person: str) -> str:
    return f"{person}/{START.command}/"


def _ask() -> Call:
    return Call(command="plan_session")


def _present(ctx: Context, it: Planned) -> Say:
    """The one text that says who is there, changed in place."""
    people: list[Value] = [ctx.name(person) for person in sorted(it.here)]
    key = f"{it.id}/{it.day.isoformat()}"
    return Say(_("There are {n}: {people}.", n=len(people), people=listing(people)), status=key)


# ── what time brings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@when("planned_check")
def look_at_the_room(ctx: Context) -> Answer:
    """See how the room is; what comes of it is for who is to lead alone."""
    it = _due(ctx)
    if it is None:
        return None
    return Look(_room(it), "room_seen", it.span(ctx.edition.zone)[0])


def _due(ctx: Context) -> Planned | None:
    """The planned session that the nudge is about; nothing when one goes on already, or the group has ended."""
    it = planned.due(ctx.state.all(Planned, edition=ctx.edition.id), ctx.nudge, ctx.now, ctx.edition.zone)
    group = ctx.state.get(Group, it.id) if it is not None else None
    if it is None or group is None or group.closed is not None or session_in(ctx.state, _room(it)) is not None:
        return None
    return it


def _room(it: Planned) -> str:
    return f"group/{it.id}"


@when("room_seen")
def tell_who_leads(ctx: Context) -> Answer:
    """Tell who is to lead whether the room is as it should be."""
    group = ctx.state.get(Group, ctx.room.removeprefix("group/"))
    leads = planned.leads_next(group) if group else None
    if group is None or leads is None:
        return None
    return Say(_readiness(ctx, group), rooms.direct(leads), wake=True)


def _readiness(ctx: Context, group: Group) -> Sayable:
    begins = _(
        "In a quarter of an hour the session of your group begins. You can lead it: begin with {how}.", how=START
    )
    found = list(faults(ctx.facts, group.members))
    if not found:
        return lines(begins, _("I have looked at the room: it is ready."))
    return lines(begins, _("I have looked at the room. Mend this first:"), *found)


@when("roll_call")
def ask_who_is_there(ctx: Context) -> Answer:
    """Ask in the room who is there."""
    it = _due(ctx)
    if it is None:
        return None
    text = _("In five minutes the session begins. Are you there? Say so with the button, or type {how}.", how=HERE)
    return Say(text, _room(it), [Button(label=_("Present"), call=HERE)], wake=True, reactions=True)


@when("roll_counted")
def count(ctx: Context) -> Answer:
    """Offer another way when too few have come."""
    it = _due(ctx)
    if it is None or len(it.here) >= FEWEST:
        return None
    return Say(planned.too_few(len(it.here)), _room(it), wake=True)
