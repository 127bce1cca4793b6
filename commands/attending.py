"""Who comes into a session and who leaves it, and what time brings: nobody types these."""

from collections.abc import Sequence

from bot.answer import Part
from bot.intervision.room_check import faults
from bot.intervision.sessions import room_of, session_in, sitting_of
from bot.intervision.sitting import Rule, kept
from bot.kit import Answer, Context, Say, _, lines, listen, when
from programme import rooms
from programme.intervision import chairing, clocks, coming, levels, opening, writing
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting
from programme.records import Group


@listen("joined")
def came(ctx: Context) -> Answer:
    """Pause at once, whoever comes in; somebody of the group takes part from then on."""
    session = session_in(ctx.state, ctx.room)
    if session is None:
        return None
    sitting = sitting_of(session, ctx.now, ctx.free)
    group = ctx.state.get(Group, session.group)
    members = group.members if group else session.members
    if ctx.me.id in members:
        sitting = coming.joined(sitting, ctx.me.id)
    said = kept(ctx, session, _interrupted(ctx, sitting, members))
    return [*said, *_warned(ctx, session, members)]


def _interrupted(ctx: Context, sitting: Sitting, members: tuple[str, ...]) -> Sitting:
    """Pause for who comes in. Over days somebody of the group comes in as they may, and nothing has to stop for that."""
    if sitting.session.slow and ctx.me.id in members and not list(faults(ctx.facts, members)):
        return sitting
    return chairing.interrupted(sitting, "join")


def _warned(ctx: Context, session: Session, members: tuple[str, ...]) -> list[Say]:
    """Tell the facilitator alone what is wrong with the room now."""
    found = list(faults(ctx.facts, members))
    if not found:
        return []
    text = lines(_("Something is wrong with the room. Mend it, then go on:"), *found)
    return [Say(text, rooms.direct(session.facilitator), wake=True)]


@listen("left")
def went(ctx: Context) -> Answer:
    """Go on without who left."""
    session = session_in(ctx.state, ctx.room)
    if session is None or ctx.me.id not in sitting_of(session, ctx.now, ctx.free).present:
        return None
    return kept(ctx, session, coming.left(sitting_of(session, ctx.now, ctx.free), ctx.me.id))


@when("session_moment")
def moment(ctx: Context) -> Answer:
    """Say what the moment brings that has come: two minutes left, time up, somebody silent."""
    session = _of_the_nudge(ctx)
    return kept(ctx, session, clocks.rung(sitting_of(session, ctx.now, ctx.free), ctx.nudge)) if session else None


def _of_the_nudge(ctx: Context) -> Session | None:
    """The session that the nudge is about: its key begins with the id, `EDITION/GROUP/NUMBER`."""
    return ctx.state.get(Session, "/".join(ctx.nudge.split("/")[:3]))


@when("session_forgotten")
def end_forgotten(ctx: Context) -> Answer:
    """End a session that nobody ended, so that the next one can begin."""
    session = _of_the_nudge(ctx)
    if session is None or not clocks.forgotten(sitting_of(session, ctx.now, ctx.free)):
        return None
    return kept(ctx, session, opening.over(sitting_of(session, ctx.now, ctx.free)))


@when("session_resumed")
def resumed(ctx: Context) -> Answer:
    """Say that the bot was away, where the session stands, and that what was written to it alone is gone."""
    session = session_in(ctx.state, ctx.room)
    if session is None:
        return None
    return _away(ctx, session, writing.notes_lost)


@when("writing_found")
def found(ctx: Context) -> Answer:
    """Go on after a restart in the very moment that all writing was shown: the room has it."""
    session = session_in(ctx.state, ctx.room)
    if session is None:
        return None
    return _away(ctx, session, writing.released)


def _away(ctx: Context, session: Session, rule: Rule) -> Sequence[Part]:
    """Say where the session stands. Nobody is held back after a restart: who agreed to that agrees again.

    Over days nobody has noticed that we were away, but for those whose writing is gone: they alone hear it.
    """
    sitting = sitting_of(session, ctx.now, ctx.free)
    text = _("I was away for a moment. We are at “{phase}”.", phase=sitting.phase.name)
    said = kept(ctx, session, rule(levels.relaxed(sitting)))
    return said if session.slow else [Say(text, room_of(session)), *said]
