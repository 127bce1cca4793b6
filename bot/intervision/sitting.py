"""Carrying out a rule of intervision on the session at hand: found, done, kept, told."""

from collections.abc import Callable, Mapping, Sequence
from typing import Concatenate, ParamSpec

from bot.answer import Answer, Part, Say, parts
from bot.command import ANYWHERE, Command, Home, Run, Where, command
from bot.context import Context
from bot.intervision.sessions import session_in, session_with, sitting_of
from bot.intervision.slow_telling import told as slow_told
from bot.intervision.telling import told
from programme import rooms
from programme.intervision.calls import BREAK_TIE, CHOOSE_CASE, OUTCOME, START, STRICT, WRITE
from programme.intervision.happenings import (
    Ended,
    LevelChanged,
    NothingWritten,
    PhaseBegan,
    PresenterChosen,
    Revealing,
    StrictDeclined,
    VoteOpened,
    VoteTied,
)
from programme.intervision.session import Session
from programme.intervision.sitting import Sitting
from programme.people import Role
from programme.records import Group
from programme.text import Call, Refusal, Text, Value, _
from storage.letters import Question

Rule = Callable[[Sitting], Sitting]
P = ParamSpec("P")
VOTES = (CHOOSE_CASE, BREAK_TIE)
CLOSES: dict[type, tuple[Call, ...]] = {
    PhaseBegan: (WRITE, *VOTES),
    Revealing: (WRITE,),
    NothingWritten: (WRITE,),
    VoteOpened: (OUTCOME,),
    VoteTied: (CHOOSE_CASE,),
    PresenterChosen: (*VOTES, OUTCOME),
    LevelChanged: (STRICT,),
    StrictDeclined: (STRICT,),
    Ended: (WRITE, *VOTES, OUTCOME, STRICT),
}
"""Which open questions are of no use any more once this happened: what comes later must not be taken for an answer to them."""


def in_session(
    *,
    nl: str,
    en: str,
    help: Text,  # noqa: A002 - the word of the field
    home: Home = "session",
    where: Where = ANYWHERE,
    examples: tuple[str, str] = ("", ""),
    asks: Mapping[str, Text] | None = None,
) -> Callable[[Run], Command]:
    """Declare a word of a session, for who takes part.

    One that asks for nothing stands in help while a session goes on, and is typed without a prefix where it stands alone. Where
    `help` is read elsewhere, it says that it is of use in a session.
    """
    return command(
        nl=nl,
        en=en,
        help=_("{what} This works during a session.", what=help),
        home="" if asks else home,
        where=where,
        who=Role.PARTICIPANT,
        during=(),
        examples=examples,
        asks=asks,
        alone=not asks,
    )


def what(it: Command) -> Value:
    """The help of a command without that it is of use in a session: for a list that stands under a heading that says so."""
    return it.help.values.get("what", it.help)


def at_hand(ctx: Context) -> Session:
    """The session of this room, or the one in which the person at hand is. Refuses when there is none."""
    here = session_in(ctx.state, ctx.room)
    found = here or (session_with(ctx.state, ctx.edition.id, ctx.me.id) if ctx.at_direct else None)
    if found is None:
        raise Refusal(
            _("There is no session going on here. Start one with {how}, in the room of your group.", how=START)
        )
    return found


def acted(
    ctx: Context, rule: Callable[Concatenate[Sitting, str, P], Sitting], *args: P.args, **more: P.kwargs
) -> Answer:
    """Carry out a rule on the session at hand, for the person at hand and with what else it takes.

    What it refuses is said to this person alone: the room is for the talk.
    """
    try:
        session = at_hand(ctx)
        sitting = rule(sitting_of(session, ctx.now, ctx.free), ctx.me.id, *args, **more)
    except Refusal as refusal:
        return Say(refusal.text, rooms.direct(ctx.me.id))
    said = kept(ctx, session, sitting)
    answered = not ctx.at_direct or any(getattr(part, "to", "") == ctx.room for part in said)
    return said if answered else [Say(_("Noted.")), *said]


def kept(ctx: Context, before: Session | None, sitting: Sitting) -> Sequence[Part]:
    """Keep the session as it is now and say what happened; nothing when nothing did."""
    session = sitting.session
    if session == before and not sitting.happened:
        return []
    ctx.save(session)
    if before is not None and not sitting.happened and _looks_the_same(before, session):
        return []
    for it in sitting.happened:
        if isinstance(it, PhaseBegan):
            ctx.memory.forget_pieces(session.id)
        for call in CLOSES.get(type(it), ()):
            _close(ctx, session, call)
    said = slow_told(ctx, sitting) if session.slow else told(ctx, sitting)
    if session.ended is not None:
        ctx.memory.forget(session.id)
        _count(ctx, session)
        return [*said, *_ended(ctx, session)]
    return said


def _looks_the_same(before: Session, session: Session) -> bool:
    """Whether all that changed is that somebody was heard, which nobody needs to see."""
    unseen = {"replied": session.replied, "facilitator_heard": session.facilitator_heard}
    return before.model_copy(update=unseen) == session


def _ended(ctx: Context, session: Session) -> Sequence[Part]:
    """What follows when a session is over, where some command sees to that."""
    act = ctx.commands.acts.get("session_ended")
    ctx.nudge = session.id
    return parts(act.run(ctx)) if act else []


def _close(ctx: Context, session: Session, call: Call) -> None:
    for person in session.members:
        id_ = f"{person}/{call.command}/{session.id}"
        if ctx.state.get(Question, id_) is not None:
            ctx.state.delete(Question, id_)


def _count(ctx: Context, session: Session) -> None:
    group = ctx.state.get(Group, session.group)
    if group is not None:
        led = (*group.facilitators, session.facilitator)
        ctx.save(group.model_copy(update={"held": group.held + 1, "facilitators": led}))
