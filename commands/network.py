"""Network sessions: for who likes to come, with seats and a waiting list."""

from bot.answer import TEN_MINUTES
from bot.calendar import meeting_file
from bot.dates import day_in, parse_when
from bot.kit import (
    DESK,
    DIRECT,
    Answer,
    Ask,
    Button,
    Call,
    Confirm,
    Context,
    Refusal,
    Rest,
    Role,
    Say,
    Value,
    _,
    _n,
    command,
    lines,
)
from bot.objections import objections
from programme import meetings, rooms
from programme.edition import Meeting
from programme.exchange import Phase
from programme.text import Unclear


@command(
    nl="netwerk",
    en="network",
    where=DIRECT,
    during={Phase.MATCHING, Phase.VISITS},
    examples=("", "1"),
    instead="meeting_attendance",
    help=_("Shows the network sessions, and whether you have a seat."),
)
def network(ctx: Context, number: int = 0) -> Answer:
    """List the sessions to come, or one of them, with the own seat or place on the waiting list."""
    found = _sessions(ctx)
    rows: list[Value] = [_session(ctx, it) for it in found if _number(it) == str(number)]
    rows = rows or [_session(ctx, it) for it in found]
    return lines(
        _("These are the network sessions. They are for who likes to come:"),
        *rows,
        _(
            "Sign up with {on}. Sign off with {off}.",
            on=Call(command="network_join"),
            off=Call(command="network_leave"),
        ),
    )


def _sessions(ctx: Context) -> list[Meeting]:
    ctx.exchange.active(ctx.me.id)
    found = meetings.sessions_to_come(ctx.exchange)
    if not found:
        raise Refusal(
            _("There is no network session planned now. See all dates with {how}.", how=Call(command="schedule"))
        )
    return found


def _session(ctx: Context, session: Meeting) -> Value:
    number, when = _number(session), session.span(ctx.edition.zone)
    order = meetings.in_order(ctx.exchange, session)
    free = max(0, (session.seats or 0) - len(order))
    if ctx.me.id not in order:
        return _n(
            "{number}. {when}: {n} free seat", "{number}. {when}: {n} free seats", n=free, number=number, when=when
        )
    return _("{number}. {when}: {how}", number=number, when=when, how=_seat(session, order, ctx.me.id))


def _number(session: Meeting) -> str:
    return session.key.rpartition("-")[2]


def _seat(session: Meeting, order: list[str], person: str) -> Value:
    place = order.index(person) + 1
    if session.seats is None or place <= session.seats:
        return _("you have a seat")
    return _("you are number {number} on the waiting list", number=place - session.seats)


@command(
    nl="netwerk aan",
    en="network join",
    where=DIRECT,
    during=set(),
    examples=("", "1"),
    by_phone=True,
    help=_("Signs you up for a network session."),
)
def network_join(ctx: Context, number: str = "") -> Answer:
    """Let somebody choose a session: a seat, or the waiting list."""
    session = _chosen(ctx, number, [s for s in _sessions(ctx) if ctx.me.id not in meetings.in_order(ctx.exchange, s)])
    if not isinstance(session, Meeting):
        return session
    ctx.save(meetings.joined(ctx.exchange, ctx.exchange.active(ctx.me.id), session))
    when, order = session.span(ctx.edition.zone), meetings.in_order(ctx.exchange, session)
    how = _seat(session, order, ctx.me.id)
    said = _("Network session, {when}: {how}.", when=when, how=how)
    seated = ctx.me.id in meetings.seated(ctx.exchange, session)
    return Say(said, file=meeting_file(ctx, session, ctx.me.id) if seated else None)


@command(
    nl="netwerk af",
    en="network leave",
    where=DIRECT,
    during=set(),
    examples=("", "1"),
    by_phone=True,
    help=_("Signs you off from a network session. I do not ask why."),
)
def network_leave(ctx: Context, number: str = "") -> Answer:
    """Let somebody sign off; who moves up is told."""
    session = _chosen(ctx, number, [s for s in _sessions(ctx) if ctx.me.id in meetings.in_order(ctx.exchange, s)])
    if not isinstance(session, Meeting):
        return session
    had_seat = ctx.me.id in meetings.seated(ctx.exchange, session)
    next_one = meetings.moves_up(ctx.exchange, session) if had_seat else None
    ctx.save(meetings.left(ctx.exchange.active(ctx.me.id), session))
    said = [Say(_("You are signed off: network session, {when}.", when=session.span(ctx.edition.zone)))]
    return [*said, _moved_up(ctx, session, next_one)] if next_one else said


def _chosen(ctx: Context, number: str, among: list[Meeting]) -> Meeting | Answer:
    """The session with this number, or the only one; else the question which."""
    known = {_number(session): session for session in meetings.sessions_to_come(ctx.exchange)}
    if number:
        if number not in known:
            raise Refusal(
                _("There is no session {number}. See them with {how}.", number=number, how=Call(command="network"))
            )
        return known[number]
    if len(among) == 1:
        return among[0]
    if not among:
        raise Refusal(_("There is nothing to choose. See how it stands with {how}.", how=Call(command="network")))
    joining = any(ctx.me.id not in meetings.in_order(ctx.exchange, session) for session in among)
    name = "network_join" if joining else "network_leave"
    choices = [
        Button(
            label=_("{when}", when=session.span(ctx.edition.zone)),
            call=Call(command=name, arguments=(_number(session),)),
        )
        for session in among
    ]
    return Ask(_("Which session do you mean?"), choices=choices, until=TEN_MINUTES)


def _moved_up(ctx: Context, session: Meeting, person: str) -> Say:
    text = meetings.seat_came_free(ctx.exchange, session)
    return Say(text, rooms.direct(person), file=meeting_file(ctx, session, person), wake=True)


@command(
    nl="bijeenkomst nieuw",
    en="meeting plan",
    where=DESK,
    who=Role.COORDINATOR,
    examples=("12 14-10-2026 15.00-16.30", "8 03-11-2026 9.00-10.30"),
    help=_("Plans a network session: the number of seats, the day, and from when to when."),
)
def meeting_plan(ctx: Context, seats: int, when: Rest) -> Answer:
    """Add a network session, after a preview; the room hears that people can sign up."""
    at = parse_when(when, ctx.today)
    if at.start is None or at.end is None:
        hours = _("From when to when? Type for example 10.00-12.00.")
        raise Unclear(hours, when, lambda: day_in(when, ctx.today))
    edition, session = meetings.planned(ctx.exchange, seats, at.day, at.start, at.end)
    said = _n(
        "There is a network session on {when}, with {n} seat. Do you want to come? Sign up with {how} in our own chat.",
        "There is a network session on {when}, with {n} seats. Do you want to come? Sign up with {how} in our own chat.",
        n=seats,
        when=session.span(ctx.edition.zone),
        how=Call(command="network_join"),
    )
    if not ctx.confirmed:
        told = _("The room of {edition} gets this message:", edition=ctx.edition.name)
        return Confirm(lines(told, said, *objections(ctx.edition, edition), _("Shall I do it?")))
    ctx.save(edition)
    ctx.about = (session.key,)
    how = Call(command="meeting_attendance")
    return [Say(_("Done. See who comes with {how}.", how=how)), Say(said, rooms.cohort(ctx.edition.id), wake=True)]
