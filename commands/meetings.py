"""Meetings: coming or not, network sessions with a waiting list, and for the coordinator moving and cancelling them."""

import string

from bot import moving
from bot.answer import TEN_MINUTES
from bot.calendar import meeting_file
from bot.dates import When, parse_when
from bot.kit import (
    ANYWHERE,
    DESK,
    GAP,
    Answer,
    Ask,
    Button,
    Call,
    Confirm,
    Context,
    Rest,
    Role,
    Say,
    Sayable,
    Value,
    _,
    _n,
    command,
    fold,
    lines,
    listing,
)
from bot.objections import objections
from programme import meetings, rooms
from programme.edition import Edition, Meeting
from programme.exchange import Phase
from programme.records import Presence
from programme.text import Unclear

COMING = {Phase.PREFERENCES, Phase.MATCHING, Phase.VISITS, Phase.CLOSED}
COORDINATOR = Role.COORDINATOR


@command(
    nl="aanwezig",
    en="attend, present",
    where=ANYWHERE,
    during=COMING,
    examples=("", "start"),
    by_phone=True,
    help=_("Says that you come to a meeting."),
)
def attend(ctx: Context, meeting: Rest = Rest("")) -> Answer:
    """Keep that somebody comes."""
    return _which(ctx, meeting, "attend") or _answered(ctx, meeting, "coming")


@command(
    nl="verhinderd, afmelden",
    en="absent, cannot come",
    where=ANYWHERE,
    during=COMING,
    examples=("", "slot"),
    by_phone=True,
    help=_("Says that you cannot come to a meeting. I do not ask why, and you stay in the programme."),
)
def absent(ctx: Context, meeting: Rest = Rest("")) -> Answer:
    """Keep that somebody cannot come. This never takes anybody out of the programme."""
    return _which(ctx, meeting, "absent") or _answered(ctx, meeting, "absent")


def _which(ctx: Context, written: str, how: str) -> Answer:
    """Ask which meeting is meant; None when that is clear. Nothing that stands behind its name is read."""
    ctx.exchange.active(ctx.me.id)
    found = meetings.named(ctx.exchange, written)
    if written and len(found) == 1:
        return None
    choices = [Button(label=m.name, call=Call(command=how, arguments=(m.key,))) for m in found]
    asked: Value = _("To which meeting will you come?") if how == "attend" else _("To which meeting can you not come?")
    leaving = _("Do you want to leave the whole programme? That is done with {how}.", how=Call(command="withdraw"))
    text = lines(asked) if how == "attend" else lines(asked, leaving)
    return Ask(text, Call(command=how, arguments=(GAP,)), choices, to=rooms.direct(ctx.me.id), until=TEN_MINUTES)


def _answered(ctx: Context, written: str, presence: Presence) -> Answer:
    (meeting,) = meetings.named(ctx.exchange, written)
    ctx.save(meetings.answered(ctx.exchange.active(ctx.me.id), meeting, presence))
    values: dict[str, Value] = {"meeting": meeting.name, "when": meeting.span(ctx.edition.zone)}
    if presence == "absent":
        said = _(
            "Thank you. You are not at this one: {meeting}, {when}. You still take part in the programme.", **values
        )
        return Say(said, rooms.direct(ctx.me.id))
    said = _("Thank you. I count on you: {meeting}, {when}.", **values)
    return Say(said, rooms.direct(ctx.me.id), file=meeting_file(ctx, meeting, ctx.me.id))


# ── for the coordinator ──────────────────────────────────────────────────────────────────────────────────────────────────────


@command(
    nl="bijeenkomst aanwezig",
    en="meeting attendance",
    where=DESK,
    who=COORDINATOR,
    examples=("", "start"),
    help=_("Counts who comes to a meeting, who cannot, and who has not said."),
)
def meeting_attendance(ctx: Context, meeting: Rest = Rest("")) -> Answer:
    """List who comes and who cannot; for a network session who has a seat and who waits."""
    if not meeting:
        every = [*meetings.to_come(ctx.exchange), *meetings.sessions_to_come(ctx.exchange)]
        return lines(*(_attendance(ctx, it) for it in every)) if every else _NONE
    return _attendance(ctx, _meant(ctx, meeting))


_NONE = _("There is no meeting to come. Plan a network session with {how}.", how=Call(command="meeting_plan"))


def _attendance(ctx: Context, meeting: Meeting) -> Sayable:
    head: Value = _("{meeting}, {when}:", meeting=meeting.name, when=meeting.span(ctx.edition.zone))
    if meeting in ctx.edition.network:
        order = meetings.in_order(ctx.exchange, meeting)
        seats = meeting.seats or len(order)
        rows = [_row(ctx, _("with a seat"), order[:seats]), _row(ctx, _("on the waiting list"), order[seats:])]
        return lines(head, *rows)
    parts = [p for _id, p in sorted(ctx.exchange.participants.items()) if p.takes_part]
    said = {p.person: p.meetings.get(meeting.key) for p in parts}
    return lines(
        head,
        _row(ctx, _("come"), [p for p in said if said[p] == "coming"]),
        _row(ctx, _("cannot come"), [p for p in said if said[p] == "absent"]),
        _n("- {n} has not said", "- {n} have not said", n=sum(it is None for it in said.values())),
    )


def _row(ctx: Context, what: Value, people: list[str]) -> Value:
    names: list[Value] = [ctx.name(person) for person in people]
    if not names:
        return _("- {what}: nobody", what=what)
    return _("- {what}: {n} ({people})", what=what, n=len(names), people=listing(names))


def _meant(ctx: Context, written: str) -> Meeting:
    """The one meeting or session that the coordinator means: a word of its name, or `netwerk` with its number."""
    sessions = {it.key: it for it in meetings.sessions_to_come(ctx.exchange)}
    word, number = fold(written).rstrip(string.digits), "".join(c for c in written if c.isdecimal())
    if word in ("netwerk", "network", "netwerksessie", "networksession") and sessions:
        key = f"network-{number}" if number else next(iter(sessions))
        if key in sessions:
            return sessions[key]
    return meetings.named(ctx.exchange, written)[0]


@command(
    nl="bijeenkomst verplaats",
    en="meeting move",
    where=DESK,
    who=COORDINATOR,
    examples=("start 30-09-2026 9.00-11.00", "netwerk-1 04-12-2026 13.00"),
    help=_("Moves a meeting. Who cannot come anyway hears nothing of it."),
)
def meeting_move(ctx: Context, meeting: str, when: Rest) -> Answer:
    """Put a meeting at another time, after a preview; those who are touched hear it and get it for their calendar."""
    old = _meant(ctx, meeting)
    at = _at(ctx, when)
    assert at.start is not None  # noqa: S101 - read by _at
    edition, it = meetings.moved(ctx.exchange, old, at.day, at.start, at.end)
    said = moving.moved(edition, it)
    people = meetings.touched(ctx.exchange, old)
    if not ctx.confirmed:
        return _preview(said, len(people), *objections(ctx.edition, edition))
    return _changed(ctx, edition, it.key, [moving.of_new_time(ctx, it, part, said) for part in people])


def _at(ctx: Context, written: str) -> When:
    """A day with a time. Refuses a day alone: a meeting begins at an hour."""
    found = parse_when(written, ctx.today)
    if found.start is None:
        raise Unclear(_("At what time? Type for example 10.00-12.00."), "")
    return found


def _preview(said: Sayable, people: int, *against: Sayable) -> Confirm:
    count = _n("{n} person gets this message:", "{n} people get this message:", n=people)
    return Confirm(lines(count, said, *against, _("Shall I do it?")))


def _changed(ctx: Context, edition: Edition, key: str, letters: list[Say]) -> Answer:
    ctx.save(edition)
    ctx.about = (key,)
    return [Say(_n("Done. {n} person has a message.", "Done. {n} people have a message.", n=len(letters))), *letters]


@command(
    nl="bijeenkomst vervalt",
    en="meeting cancel",
    where=DESK,
    who=COORDINATOR,
    examples=("start", "netwerk 1"),
    help=_("Cancels a meeting. Who could not come anyway hears nothing of it."),
)
def meeting_cancel(ctx: Context, meeting: Rest) -> Answer:
    """Take a meeting out of the programme, after a preview; those who are touched hear it and it leaves their calendar."""
    it = _meant(ctx, meeting)
    said = moving.cancelled(ctx.edition, it)
    people = meetings.touched(ctx.exchange, it)
    if not ctx.confirmed:
        return _preview(said, len(people))
    letters = [moving.of_end(ctx, it, part.person, said) for part in people]
    return _changed(ctx, meetings.cancelled(ctx.edition, it), it.key, letters)
