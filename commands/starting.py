"""Starting a session in the room of a group, at the table or over days: who is there, whether it is the time, and the card of it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.intervision.leading import job, outline
from bot.intervision.room_check import must_be_closed
from bot.intervision.sessions import session_in
from bot.intervision.sitting import kept
from bot.intervision.slow_telling import card
from bot.intervision.starting import Wanted, read_start
from bot.kit import (
    ANYWHERE,
    Answer,
    Ask,
    Button,
    Call,
    Context,
    Refusal,
    Role,
    Say,
    _,
    _n,
    command,
    lines,
    listing,
)
from programme import circles, rooms
from programme.exchange import Phase
from programme.intervision.calls import END, END_NOW, PASS, START, STOP
from programme.intervision.planned import FEWEST, Planned, too_few
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting
from programme.intervision.slow_start import started_slowly
from programme.intervision.start import Start, started
from programme.records import Group
from programme.text import Day, Span, Text

READ, AGREE = Call(command="agreements"), Call(command="agree")
AN_HOUR = timedelta(hours=1)
"""So long the question whether to begin is of use."""


@command(
    nl="start intervisie, start sessie",
    en="start session, start intervision",
    home="group",
    where=ANYWHERE,
    who=Role.PARTICIPANT,
    during={Phase.VISITS, Phase.CLOSED},
    examples=("", "incident 90"),
    help=_("Starts a session in the room of your group, live or over days. You lead it."),
)
def start_session(ctx: Context, *words: str) -> Answer:
    """Check the room and begin: who starts is the facilitator. What is wrong with the room is for this person alone."""
    wanted = read_start(ctx, words)
    try:
        group = _group(ctx)
        must_be_closed(ctx.facts, group.members)
        sitting = _begun(ctx, group, wanted)
        if waiting := _waiting(ctx, group, wanted, words):
            return waiting
    except Refusal as refusal:
        return Say(refusal.text, rooms.direct(ctx.me.id))
    ctx.state.delete(Planned, group.id)
    return [
        _card(ctx, group, sitting),
        *_told_alone(ctx, sitting),
        *kept(ctx, None, sitting),
        *_advised(ctx, group, sitting),
    ]


def _waiting(ctx: Context, group: Group, wanted: Wanted, words: Sequence[str]) -> Ask | None:
    """Ask in the room whether to begin before the time, or without who is not there or has not agreed; None when all is well."""
    begin, wait = (
        Button(label=label, call=START.model_copy(update={"arguments": (*words, word)}))
        for label, word in ((_("Begin"), "nu"), (_("Wait a little"), "wacht"))
    )
    if wanted.when == "wait":
        waits = _("Good, we wait. Type `begin` when you are all there.")
        return Ask(waits, None, [begin], ctx.room, AN_HOUR, whose=group.id, lapses=True)
    missing = [] if wanted.when == "now" else [*_too_early(ctx, group), *_missing(ctx, group, slow=wanted.slow)]
    if not missing:
        return None
    text = lines(*missing, _("{person}, do we begin?", person=ctx.name(ctx.me.id)))
    return Ask(text, None, [begin, wait], ctx.room, AN_HOUR, whose=group.id, lapses=True)


def _too_early(ctx: Context, group: Group) -> Iterator[Text]:
    """When the session of this group is planned, where that is not about now."""
    it = ctx.state.get(Planned, group.id)
    if it is not None and it.is_early(ctx.now, ctx.edition.zone):
        start, end = it.span(ctx.edition.zone)
        yield _("The session of this group is planned for {when}.", when=Span(start=start, end=end))


def _missing(ctx: Context, group: Group, *, slow: bool) -> list[Text]:
    """Who is not there, and who was asked to agree with the group and has not. Over days nobody has to be there."""
    if slow:
        return []
    there = _there(ctx, group, slow=False)
    away = [person for person in group.members if person not in there]
    asked = ctx.edition.intervision is not None and group.made is not None
    rows = []
    if away:
        people = listing([ctx.name(person) for person in away])
        rows.append(_n("{people} is not here yet.", "{people} are not here yet.", n=len(away), people=people))
    if silent := circles.waiting_for(ctx.edition, group) if asked else []:
        people = listing([ctx.name(person) for person in silent])
        rows.append(
            _n(
                "{people} has not said yes to the agreements yet. Read them together for a moment: {read}. Say yes with {how}.",
                "{people} have not said yes to the agreements yet. Read them together for a moment: {read}. Say yes with {how}.",
                n=len(silent),
                people=people,
                read=READ,
                how=AGREE,
            )
        )
    return rows


def _told_alone(ctx: Context, sitting: Sitting) -> list[Say]:
    """What a facilitator has to do, before the first word of a live session."""
    if sitting.session.slow:
        return []
    return [Say(job(sitting, ctx.edition.zone), rooms.direct(ctx.me.id))]


def _group(ctx: Context) -> Group:
    """The group of this room. Refuses elsewhere, who is not in it, and a second session at once."""
    group = ctx.state.get(Group, ctx.room.removeprefix("group/")) if ctx.room.startswith("group/") else None
    if group is None or group.closed is not None:
        raise Refusal(_("A session starts in the room of your group. Type {how} there.", how=START))
    if ctx.me.id not in group.members:
        raise Refusal(_("Only somebody of this group can start a session here."))
    if session_in(ctx.state, ctx.room) is not None:
        raise Refusal(_("A session is going on here already. End it first with {how}.", how=END))
    return group


def _begun(ctx: Context, group: Group, wanted: Wanted) -> Sitting:
    before = len(ctx.state.all(Session, group=group.id))
    start = Start(
        id=f"{group.id}/{before + 1}",
        edition=group.edition,
        group=group.id,
        members=_there(ctx, group, slow=wanted.slow),
        facilitator=ctx.me.id,
        presenter=wanted.presenter,
        minutes=wanted.minutes,
        form=wanted.form,
        first=not group.held,
    )
    if wanted.slow:
        return started_slowly(wanted.method, start, ctx.now, zone=ctx.edition.zone, free=ctx.free)
    return started(wanted.method, start, ctx.now)


def _there(ctx: Context, group: Group, *, slow: bool) -> tuple[str, ...]:
    """Who takes part: those in the room; where people were asked whether they are there, those who said so, and who begins.

    Who comes later joins then. Refuses too few.
    """
    in_room = tuple(person for person in group.members if person in ctx.facts.members)
    it = ctx.state.get(Planned, group.id)
    if slow or it is None or not it.asked(ctx.now, ctx.edition.zone):
        return in_room
    called = it.here | {ctx.me.id}
    there = tuple(person for person in in_room if not it.here or person in called)
    if len(there) < FEWEST:
        raise Refusal(too_few(len(there)))
    return there


def _card(ctx: Context, group: Group, sitting: Sitting) -> Say:
    """What everybody must know before the first word."""
    planned = ctx.edition.intervision.sessions if ctx.edition.intervision else 0
    number = group.held + 1
    text = lines(
        *([_("Session {number} of {planned}.", number=number, planned=planned)] if number <= planned else []),
        _length(ctx, sitting),
        *(card(sitting) if sitting.session.slow else outline(sitting, ctx.edition.zone)),
        _("What is said here stays here. I keep none of it. Mention no names of others."),
        _("Everybody may pass with {pass_}, and stop with {stop}: here or in the chat with me.", pass_=PASS, stop=STOP),
    )
    return Say(text)


def _length(ctx: Context, sitting: Sitting) -> Text:
    """Which method, how long, and who leads."""
    leads = ctx.name(sitting.session.facilitator)
    if sitting.session.slow:
        return _(
            "**{method}**, in writing, over {days} working days: until {day}. {person} leads.",
            method=sitting.method.name,
            days=sitting.session.slow.days,
            day=Day(day=sitting.workdays.day(sitting.session.ends)),
            person=leads,
        )
    return _(
        "**{method}**, {minutes} minutes. {person} leads.",
        method=sitting.method.name,
        minutes=sum(sitting.session.plan) // 60,
        person=leads,
    )


def _advised(ctx: Context, group: Group, sitting: Sitting) -> list[Say]:
    """Advise, alone, who begins slowly with a group that has not met: a first session goes better live."""
    if group.held or not sitting.session.slow:
        return []
    text = _(
        "This is the first session of your group. A first one goes better live, as people do not know each other yet. Would you rather? End this one with {end}, and begin again with {start} when you are together.",
        end=END_NOW,
        start=START,
    )
    return [Say(text, rooms.direct(ctx.me.id))]
