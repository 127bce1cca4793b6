"""A session in the room of a group: starting it, at the table or over days, and turns. What is said is never looked at, only that somebody spoke."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.arguments import converter_of
from bot.files import read_methods
from bot.kit import (
    ANYWHERE,
    Answer,
    Context,
    Person,
    Refusal,
    Role,
    Say,
    _,
    command,
    fold,
    lines,
    listen,
    listing,
)
from bot.room_check import must_be_closed
from bot.sessions import session_in, sitting_of
from bot.sitting import acted, at_hand, in_session, kept
from bot.slow_telling import card
from programme import rooms
from programme.exchange import Phase
from programme.intervision import coming, speaking
from programme.intervision.calls import END, END_NOW, PASS, START, STOP
from programme.intervision.method import Method
from programme.intervision.opening import Start, started
from programme.intervision.planned import FEWEST, Planned, too_few
from programme.intervision.session import Form, Session
from programme.intervision.sitting import Sitting
from programme.intervision.slow_start import started_slowly
from programme.intervision.status import status
from programme.records import Group
from programme.text import Day, Text

SPOKEN = frozenset({"video", "gesproken", "bellen", "spoken", "call"})
"""People talk in a call, and the bot keeps turns and time."""
SLOW = frozenset({"langzaam", "slow"})
"""It goes over working days, in writing."""


@dataclass(frozen=True)
class Wanted:
    """What was typed behind the command."""

    method: Method
    minutes: int | None
    form: Form
    slow: bool
    presenter: str | None
    """Full id of whose case it is, where somebody was named."""


# ── starting ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


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
    try:
        group = _group(ctx)
        wanted = _wanted(ctx, words)
        must_be_closed(ctx.facts, group.members)
        sitting = _begun(ctx, group, wanted)
    except Refusal as refusal:
        return Say(refusal.text, rooms.direct(ctx.me.id))
    ctx.state.delete(Planned, group.id)
    return [_card(ctx, group, sitting), *kept(ctx, None, sitting), *_advised(ctx, group, sitting)]


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


def _wanted(ctx: Context, words: Sequence[str]) -> Wanted:
    """Read the method, the whole length in minutes, how it is held, and whose case it is; all may be left out."""
    numbers = [int(word) for word in words if word.isascii() and word.isdecimal()]
    how = {fold(word) for word in words}
    named = [word for word in words if not word.isdecimal() and fold(word) not in SPOKEN | SLOW]
    method, rest = _method(named)
    minutes = numbers[0] if numbers else None
    return Wanted(
        method=read_methods()[method.instead.get(minutes or 0, method.id)],
        minutes=minutes,
        form="spoken" if how & SPOKEN else "written",
        slow=bool(how & SLOW),
        presenter=_presenter(ctx, " ".join(rest), " ".join(named)) if rest else None,
    )


def _method(named: Sequence[str]) -> tuple[Method, Sequence[str]]:
    """The method that the words begin with, and what stands behind it; the incident method when they begin with none."""
    known = read_methods()
    for length in range(len(named), 0, -1):
        folded = fold(" ".join(named[:length]))
        for method in known.values():
            if folded in (fold(method.id), fold(method.name.nl), fold(method.name.en)):
                return method, named[length:]
    return known["incident"], named


def _presenter(ctx: Context, name: str, typed: str) -> str:
    """The person with this name. What is neither a method nor a person is taken for a method that we do not know."""
    try:
        return str(converter_of(Person).read(ctx, name).id)
    except Refusal:
        known = read_methods()
        some = [known[id_].name for id_ in ("incident", "incident_short", "troika")]
        text = _(
            "I do not know the method {name}. Choose for example one of these: {some}.",
            name=typed,
            some=listing([*some]),
        )
        raise Refusal(text) from None


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
        *(card(sitting) if sitting.session.slow else ()),
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


# ── turns ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@in_session(
    nl="volgende, klaar",
    en="next, done",
    home="turn",
    help=_("In a session: you are ready, or the facilitator goes on."),
)
def next_turn(ctx: Context) -> Answer:
    """Go on: the holder of the turn is ready, or the facilitator closes what is done."""
    return acted(ctx, lambda it: speaking.gone_on(it, ctx.me.id))


@in_session(
    nl="pas",
    en="pass",
    home="turn",
    help=_("In a session: you pass, without a reason."),
)
def pass_turn(ctx: Context) -> Answer:
    """Pass on the turn, on writing or on a vote."""
    return acted(ctx, lambda it: speaking.passed(it, ctx.me.id))


@in_session(
    nl="beurt",
    en="turn",
    home="turn",
    examples=("", "anna"),
    help=_("In a session: whose turn it is; with a name the facilitator gives the turn."),
)
def turn(ctx: Context, *people: Person) -> Answer:
    """Tell whose turn it is, or give it to somebody."""
    if not people:
        return _standing(ctx)
    return acted(ctx, lambda it: speaking.given_turn(it, ctx.me.id, people[0].id))


@in_session(
    nl="hand",
    en="hand",
    home="turn",
    help=_("In a session: you want to say something."),
)
def hand(ctx: Context) -> Answer:
    """Raise a hand."""
    return acted(ctx, lambda it: speaking.hand_raised(it, ctx.me.id))


@in_session(
    nl="tijd, hoelang nog",
    en="time",
    home="turn",
    help=_("In a session: how much time the phase has left."),
)
def time(ctx: Context) -> Answer:
    """Tell how it stands."""
    return _standing(ctx)


def _standing(ctx: Context) -> Answer:
    try:
        return Say(status(sitting_of(at_hand(ctx), ctx.now, ctx.free), ctx.name))
    except Refusal as refusal:
        return Say(refusal.text, rooms.direct(ctx.me.id))


@listen("talked")
def heard(ctx: Context) -> Answer:
    """Take in that somebody said something to the others; what it was is not here, only a remark on its form."""
    session = session_in(ctx.state, ctx.room)
    if session is None:
        return None
    sitting, group = sitting_of(session, ctx.now, ctx.free), ctx.state.get(Group, session.group)
    if group is not None and ctx.me.id in group.members:
        sitting = coming.joined(sitting, ctx.me.id)  # who says something is there
    return kept(ctx, session, speaking.heard(sitting, ctx.me.id, ctx.remark))
