"""The turns of a session: who goes on, passes, has the turn or wants it. What is said is never looked at, only that somebody spoke."""

from bot.intervision.leading import on_schedule
from bot.intervision.sessions import session_in, sitting_of
from bot.intervision.sitting import acted, at_hand, in_session, kept
from bot.kit import Answer, Context, Person, Refusal, Rest, Say, _, _n, lines, listen, listing
from programme import rooms
from programme.intervision import coming, speaking
from programme.intervision.sitting import Sitting
from programme.intervision.status import status
from programme.intervision.written import SilentWrite
from programme.intervision.your_part import your_part
from programme.records import Group
from programme.text import Text


@in_session(nl="klaar", en="done", home="turn", help=_("You are ready with your part. Nobody else is passed over."))
def done(ctx: Context, with_what: Rest = Rest("")) -> Answer:  # noqa: ARG001 - "klaar met schrijven" is the same
    """Be ready with one's own turn, or with one's writing."""
    return acted(ctx, speaking.ready)


@in_session(
    nl="volgende, verder",
    en="next",
    home="turn",
    help=_("The facilitator goes on to the next person, or to the next phase."),
)
def next_turn(ctx: Context) -> Answer:
    """Go on: the facilitator closes what is done, or the holder of the turn is ready."""
    return acted(ctx, speaking.gone_on)


@in_session(nl="pas", en="pass", home="turn", help=_("You pass, without a reason."))
def pass_turn(ctx: Context) -> Answer:
    """Pass on the turn, on writing or on a vote."""
    return acted(ctx, speaking.passed)


@in_session(
    nl="beurt",
    en="turn",
    home="turn",
    examples=("", "anna"),
    help=_("Whose turn it is; with a name the facilitator gives the turn."),
)
def turn(ctx: Context, *people: Person) -> Answer:
    """Tell whose turn it is, or give it to somebody."""
    if not people:
        return _standing(ctx)
    return acted(ctx, speaking.given_turn, people[0].id)


@in_session(nl="hand", en="hand", home="turn", help=_("You want to say something."))
def hand(ctx: Context) -> Answer:
    """Raise a hand."""
    return acted(ctx, speaking.hand_raised)


@in_session(nl="tijd, hoelang nog", en="time", home="turn", help=_("How much time the phase has left."))
def time(ctx: Context) -> Answer:
    """Tell how it stands, and when all will be over."""
    return _standing(ctx, in_all=True)


def _standing(ctx: Context, *, in_all: bool = False) -> Answer:
    try:
        sitting = sitting_of(at_hand(ctx), ctx.now, ctx.free)
    except Refusal as refusal:
        return Say(refusal.text, rooms.direct(ctx.me.id))
    going = in_all and sitting.session.ended is None and sitting.session.slow is None
    rows = on_schedule(sitting, ctx.edition.zone) if going else ()
    mine = [your_part(sitting, ctx.me.id)] if ctx.at_direct and sitting.session.ended is None else []
    return Say(lines(*status(sitting, ctx.name).items, *rows, *mine))


@listen("talked")
def heard(ctx: Context) -> Answer:
    """Take in that somebody said something to the others; what it was is not here, only a remark on its form."""
    session = session_in(ctx.state, ctx.room)
    if session is None:
        return None
    sitting, group = sitting_of(session, ctx.now, ctx.free), ctx.state.get(Group, session.group)
    if group is not None and ctx.me.id in group.members:
        sitting = coming.joined(sitting, ctx.me.id)  # who says something is there
    if ctx.remark == "what_now" and ctx.me.id in sitting.present:
        return [*kept(ctx, session, sitting.seen(ctx.me.id)), _what_now(ctx, sitting)]
    return kept(ctx, session, speaking.heard(sitting, ctx.me.id, ctx.remark))


def _what_now(ctx: Context, sitting: Sitting) -> Say:
    """How it stands and what this person has to do, alone; the others asked nothing."""
    rows = [*status(sitting, ctx.name).items, *_awaited(ctx, sitting), your_part(sitting, ctx.me.id)]
    return Say(lines(*rows), rooms.direct(ctx.me.id))


def _awaited(ctx: Context, sitting: Sitting) -> list[Text]:
    """Who still writes, for who leads: that somebody has not sent anything yet is no secret, what they write is."""
    turn = sitting.session.turn
    if not isinstance(turn, SilentWrite) or ctx.me.id != sitting.session.facilitator:
        return []
    others = [ctx.name(person) for person in sorted(turn.waiting - {ctx.me.id})]
    return (
        [_n("{people} still writes.", "{people} still write.", n=len(others), people=listing(others))] if others else []
    )
