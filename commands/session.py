"""A live session in the room of a group: starting it, and turns. What is said is never looked at, only that somebody spoke."""

from collections.abc import Sequence

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
from bot.sitting import acted, at_hand, kept
from programme import rooms
from programme.exchange import Phase
from programme.intervision import speaking
from programme.intervision.calls import END, PASS, START, STOP
from programme.intervision.method import Method
from programme.intervision.opening import started
from programme.intervision.session import Form, Session
from programme.intervision.sitting import Sitting
from programme.intervision.status import status
from programme.records import Group

SPOKEN = frozenset({"video", "gesproken", "bellen", "spoken", "call"})
"""People talk in a call, and the bot keeps turns and time."""


# ── starting ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@command(
    nl="start intervisie, start sessie",
    en="start session, start intervision",
    where=ANYWHERE,
    who=Role.PARTICIPANT,
    during={Phase.VISITS, Phase.CLOSED},
    examples=("", "incident 90"),
    help=_("Starts a session in the room of your group. You lead it."),
)
def start_session(ctx: Context, *words: str) -> Answer:
    """Check the room and begin: who starts is the facilitator. What is wrong with the room is for this person alone."""
    try:
        group = _group(ctx)
        method, minutes, form = _wanted(words)
        must_be_closed(ctx.facts, group.members)
        sitting = _begun(ctx, group, method, minutes, form)
    except Refusal as refusal:
        return Say(refusal.text, rooms.direct(ctx.me.id))
    return [_card(ctx, group, sitting), *kept(ctx, None, sitting)]


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


def _wanted(words: Sequence[str]) -> tuple[Method, int | None, Form]:
    """The method, the whole length in minutes if it was given, and whether people type or talk."""
    numbers = [int(word) for word in words if word.isascii() and word.isdecimal()]
    spoken = any(fold(word) in SPOKEN for word in words)
    named = [word for word in words if not word.isdecimal() and fold(word) not in SPOKEN]
    return _method(" ".join(named)), numbers[0] if numbers else None, "spoken" if spoken else "written"


def _method(name: str) -> Method:
    known = read_methods()
    if not name:
        return known["incident"]
    folded = fold(name)
    for method in known.values():
        if folded in (fold(method.id), fold(method.name.nl), fold(method.name.en)):
            return method
    some = [known[id_].name for id_ in ("incident", "incident_short", "troika")]
    raise Refusal(
        _("I do not know the method {name}. Choose for example one of these: {some}.", name=name, some=listing([*some]))
    )


def _begun(ctx: Context, group: Group, method: Method, minutes: int | None, form: Form) -> Sitting:
    before = len(ctx.state.all(Session, group=group.id))
    return started(
        method,
        id=f"{group.id}/{before + 1}",
        edition=group.edition,
        group=group.id,
        members=[person for person in group.members if person in ctx.facts.members],
        facilitator=ctx.me.id,
        at=ctx.now,
        minutes=minutes,
        form=form,
    )


def _card(ctx: Context, group: Group, sitting: Sitting) -> Say:
    """What everybody must know before the first word."""
    planned = ctx.edition.intervision.sessions if ctx.edition.intervision else 0
    number = group.held + 1
    text = lines(
        *([_("Session {number} of {planned}.", number=number, planned=planned)] if number <= planned else []),
        _(
            "**{method}**, {minutes} minutes. {person} leads.",
            method=sitting.method.name,
            minutes=sum(sitting.session.plan) // 60,
            person=ctx.name(sitting.session.facilitator),
        ),
        _("What is said here stays here. I keep none of it. Mention no names of others."),
        _("Everybody may pass with {pass_}, and stop with {stop}: here or in the chat with me.", pass_=PASS, stop=STOP),
    )
    return Say(text)


# ── turns ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@command(
    nl="volgende, klaar",
    en="next, done",
    who=Role.PARTICIPANT,
    alone=True,
    during=(),
    help=_("In a session: you are ready, or the facilitator goes on."),
)
def next_turn(ctx: Context) -> Answer:
    """Go on: the holder of the turn is ready, or the facilitator closes what is done."""
    return acted(ctx, lambda it: speaking.gone_on(it, ctx.me.id))


@command(
    nl="pas",
    en="pass",
    who=Role.PARTICIPANT,
    alone=True,
    during=(),
    help=_("In a session: you pass, without a reason."),
)
def pass_turn(ctx: Context) -> Answer:
    """Pass on the turn, on writing or on a vote."""
    return acted(ctx, lambda it: speaking.passed(it, ctx.me.id))


@command(
    nl="beurt",
    en="turn",
    who=Role.PARTICIPANT,
    alone=True,
    during=(),
    examples=("", "anna"),
    help=_("In a session: whose turn it is; with a name the facilitator gives the turn."),
)
def turn(ctx: Context, *people: Person) -> Answer:
    """Tell whose turn it is, or give it to somebody."""
    if not people:
        return _standing(ctx)
    return acted(ctx, lambda it: speaking.given_turn(it, ctx.me.id, people[0].id))


@command(
    nl="hand",
    en="hand",
    who=Role.PARTICIPANT,
    alone=True,
    during=(),
    help=_("In a session: you want to say something."),
)
def hand(ctx: Context) -> Answer:
    """Raise a hand."""
    return acted(ctx, lambda it: speaking.hand_raised(it, ctx.me.id))


@command(
    nl="tijd, hoelang nog",
    en="time",
    who=Role.PARTICIPANT,
    alone=True,
    during=(),
    help=_("In a session: how much time the phase has left."),
)
def time(ctx: Context) -> Answer:
    """Tell how it stands."""
    return _standing(ctx)


def _standing(ctx: Context) -> Answer:
    try:
        return Say(status(sitting_of(at_hand(ctx), ctx.now), ctx.name))
    except Refusal as refusal:
        return Say(refusal.text, rooms.direct(ctx.me.id))


@listen("talked")
def heard(ctx: Context) -> Answer:
    """Take in that somebody said something to the others; what it was is not looked at."""
    session = session_in(ctx.state, ctx.room)
    return kept(ctx, session, speaking.heard(sitting_of(session, ctx.now), ctx.me.id)) if session else None
