"""What is of use to somebody here and now: for help, and for the row of buttons below a chat in the page."""

from bot.command import ANYWHERE, DESK, Command
from bot.context import Context
from bot.intervision.sessions import session_in, session_with
from programme import rooms
from programme.intervision.session import Session
from programme.people import Role


def offered(ctx: Context) -> list[Command]:
    """The commands that this person can use in this room at this moment; what is at home here comes first."""
    useful = [it for it in ctx.commands.all if _is_useful(ctx, it)]
    return sorted(useful, key=lambda it: _rank(it, homes(ctx)))


def homes(ctx: Context) -> tuple[str, ...]:
    """What is at home here, first what matters most: in a session its words, and those of who leads it before all."""
    session = _session(ctx)
    if session is None:
        return (ctx.room.partition("/")[0],)
    return ("chair", "turn", "session") if ctx.me.id == session.facilitator else ("turn", "session")


def _session(ctx: Context) -> Session | None:
    """The session that goes on here, or around this person in the direct chat."""
    here = session_in(ctx.state, ctx.room)
    if here is not None or not ctx.at_direct or ctx.edition_or_none is None:
        return here
    return session_with(ctx.state, ctx.edition.id, ctx.me.id)


def _rank(it: Command, here: tuple[str, ...]) -> tuple[int, bool, bool, bool]:
    at = here.index(it.home) if it.home in here else len(here)
    return at, it.during is None, it.who is not Role.COORDINATOR, it.who is Role.ANYBODY


def _is_useful(ctx: Context, it: Command) -> bool:
    if it.id == "cancel":  # of use only while a question is open, and then it stands in the question
        return False
    if ctx.edition_or_none is None:
        return it.who is Role.ANYBODY
    if not ctx.has(it.who, ctx.edition) or not _is_in_place(ctx, it):
        return False
    if it.id == "signup" and (ctx.takes_part(ctx.edition) or ctx.coordinates(ctx.edition)):
        return False
    if it.id == "cancel_day" and not any(visit.agreed for visit in ctx.exchange.visits_of(ctx.me.id)):
        return False
    return _is_the_time(ctx, it)


def _is_the_time(ctx: Context, it: Command) -> bool:
    """During a session nothing else is at hand; in the room of a group its own words are, whatever the phase."""
    here = homes(ctx)
    if "turn" in here:
        return it.home in here or it.id == "contact"
    return it.home == here[0] == "group" or it.during is None or ctx.exchange.phase in it.during


def _is_in_place(ctx: Context, it: Command) -> bool:
    """Whether it can be typed in this room."""
    at_desk = it.where is DESK and ctx.room == rooms.desk(ctx.edition.id)
    return ctx.at_direct or it.where is ANYWHERE or at_desk
