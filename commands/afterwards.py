"""After a session: how useful it was, whether the group goes on, and a certificate of who was there. Nothing of what was said."""

import re

from bot.files import read_methods
from bot.kit import (
    DIRECT,
    GAP,
    Annotated,
    Answer,
    Ask,
    Button,
    Call,
    Choice,
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
    when,
)
from bot.questions import yes_no
from programme import circles, rooms
from programme.exchange import Phase
from programme.intervision import continuing
from programme.intervision.afterwards import FEWEST_ANSWERS, HIGHEST, Evaluation, attended
from programme.intervision.calls import START
from programme.intervision.continuing import Continuing
from programme.intervision.session import Session
from programme.records import Group
from programme.text import Day, Period
from storage.letters import Question

YesNo = Annotated[str, Choice({"yes": ("ja", "yes"), "no": ("nee", "no")})]
AFTER = {Phase.VISITS, Phase.CLOSED}
GIVEN = Call(command="evaluation", arguments=(GAP,))
"""A figure, typed with words around it or without."""


@when("session_ended")
def ask_afterwards(ctx: Context) -> Answer:
    """Ask everybody who was there how useful it was, each alone; after the last one planned, first whether the group goes on."""
    session = ctx.state.get(Session, ctx.nudge)
    group = ctx.state.get(Group, session.group) if session else None
    if session is None:
        return None
    planned = ctx.edition.intervision.sessions if ctx.edition.intervision else 0
    if group is not None and planned and group.held % planned == 0:
        ctx.save(continuing.opened(group.id, group.edition, ctx.now))
        return [_asked_to_go_on(person, group) for person in group.members]
    return [_asked(person, session.id) for person in session.members if person not in session.away]


def _asked_to_go_on(person: str, group: Group) -> Ask:
    text = _(
        "Your group has held {n} sessions, as planned. Do you want to go on? I tell the group only what comes out. Who does not answer within a week stops.",
        n=group.held,
    )
    yes, no = (Call(command="go_on", arguments=(it,)) for it in ("yes", "no"))
    return Ask(text, None, yes_no(yes, no), rooms.direct(person), continuing.OPEN_FOR, wake=True)


@command(
    nl="doorgaan",
    en="go on",
    where=DIRECT,
    who=Role.PARTICIPANT,
    during=(),
    examples=("ja", "nee"),
    asks={"answer": _("Do you want to go on with your group? Yes or no.")},
    help=_("Says whether you want to go on with your group. Nobody sees what you said."),
)
def go_on(ctx: Context, answer: YesNo) -> Answer:
    """Count a secret vote; the last one awaited decides. Who was in a session is asked then how useful it was."""
    group = circles.own_group(ctx.exchange, ctx.me.id)
    vote = continuing.found(ctx.state.get(Continuing, group.id)).voted(ctx.me.id, goes_on=answer == "yes")
    ctx.save(vote)
    decided = _decided(ctx, vote, group) if vote.complete(group.members) else []
    return [Say(_("Thank you. Nobody sees what you said.")), _asked(ctx.me.id, group.id), *decided]


@when("continuing_closes")
def decide(ctx: Context) -> Answer:
    """Decide the votes of which the time has come."""
    due = [vote for vote in ctx.state.all(Continuing, edition=ctx.edition.id) if vote.closes <= ctx.now]
    groups = [(vote, ctx.state.get(Group, vote.id)) for vote in due]
    return [said for vote, group in groups if group is not None for said in _decided(ctx, vote, group)]


def _decided(ctx: Context, vote: Continuing, group: Group) -> list[Say]:
    """Tell the group what comes out, and erase the votes. A group that stops can still read its room."""
    ctx.state.delete(Continuing, vote.id)
    room = rooms.group(group.edition, group.number)
    if vote.goes_on(group.members):
        return [Say(_("This group goes on. Start the next session with {how}.", how=START), room, wake=True)]
    ctx.save(group.model_copy(update={"closed": ctx.today}))
    return [Say(_("This group stops here. Thank you all. You can still read this room."), room, wake=True)]


def _asked(person: str, session: str) -> Ask:
    text = _("How useful was this session to you, from 1 to 5? I count the figures and do not keep whose they are.")
    calls = [Call(command="evaluation", arguments=(str(n),)) for n in range(1, HIGHEST + 1)]
    choices = [Button(label=_("{n}", n=n), call=call) for n, call in enumerate(calls, 1)]
    return Ask(
        text,
        GIVEN,
        [*choices, Button(label=_("No answer"), call=Call(command="cancel"))],
        rooms.direct(person),
        whose=session,
    )


def _open_to(ctx: Context) -> Question | None:
    """The question for a figure that this answers, or else the oldest one that the person at hand has not answered."""
    asked = sorted(ctx.state.all(Question, person=ctx.me.id), key=lambda it: it.until)
    live = [*([ctx.answering] if ctx.answering else []), *(it for it in asked if it.until > ctx.now)]
    return next((it for it in live if it.choices and it.choices[0].call.command == GIVEN.command), None)


@command(
    nl="evaluatie",
    en="evaluation",
    where=DIRECT,
    who=Role.PARTICIPANT,
    during=AFTER,
    examples=("", "4"),
    help=_("Shows how useful the sessions are to your group, from five answers up."),
)
def evaluation(ctx: Context, figure: Rest = Rest("")) -> Answer:
    """Count a figure, once for each time that it is asked. Without one: ask it once more, or else tell the mean."""
    group = circles.own_group(ctx.exchange, ctx.me.id).id
    known = ctx.state.get(Evaluation, group) or Evaluation(id=group, edition=ctx.edition.id)
    question = _open_to(ctx)
    if not figure:
        return _mean(known) if question is None else _asked(ctx.me.id, _whose(question))
    if question is None:
        raise Refusal(_("I ask for a figure after each session, and count one each time."))
    ctx.save(known.given(_read(figure)))
    ctx.state.delete(Question, question.id)
    return _("Thank you. I have counted it.")


def _whose(question: Question) -> str:
    """What a question for a figure is about (`Ask.whose`): what its id ends in."""
    return question.id.removeprefix(f"{question.person}/{GIVEN.command}/")


def _read(figure: str) -> int:
    """The one number in an answer ("cijfer 4", "een 4"); 0, which is refused, when there is none or more than one."""
    numbers = re.findall(r"\d+", figure)
    return int(numbers[0]) if len(numbers) == 1 and len(numbers[0]) == 1 else 0


def _mean(known: Evaluation) -> Answer:
    tenths = known.tenths
    if tenths is None:
        return _("There are too few answers to show: I show a mean from {n} answers up.", n=FEWEST_ANSWERS)
    return _n(
        "On average a {whole}.{tenth} of 5, from {n} answer.",
        "On average a {whole}.{tenth} of 5, from {n} answers.",
        n=known.answers,
        whole=tenths // 10,
        tenth=tenths % 10,
    )


@command(
    nl="deelnamebewijs",
    en="certificate",
    where=DIRECT,
    who=Role.PARTICIPANT,
    during=AFTER,
    help=_("Shows in which sessions you were, for your certificate."),
)
def certificate(ctx: Context) -> Answer:
    """Say in which sessions this person was: day, method and minutes, and nothing else."""
    found = attended(ctx.state.all(Session, edition=ctx.edition.id), ctx.me.id)
    if not found:
        raise Refusal(_("You have not been in a session yet."))
    rows: list[Value] = [_row(ctx, session) for session in found]
    return lines(
        _n(
            "{person} took part in {n} session of {edition}:",
            "{person} took part in {n} sessions of {edition}:",
            n=len(found),
            person=ctx.name(ctx.me.id),
            edition=ctx.edition.name,
        ),
        *rows,
    )


def _row(ctx: Context, session: Session) -> Value:
    if session.slow:
        return _slow_row(ctx, session)
    return _n(
        "- {day}: {method}, {n} minute",
        "- {day}: {method}, {n} minutes",
        n=round(sum(session.used) / 60),
        day=Day(day=session.started.astimezone(ctx.edition.zone).date()),
        method=read_methods()[session.method].name,
    )


def _slow_row(ctx: Context, session: Session) -> Value:
    """A session over days has no minutes: from which day through which."""
    first, last = (it.astimezone(ctx.edition.zone).date() for it in (session.started, session.ended or session.ends))
    return _(
        "- {period}: {method}, in writing",
        period=Period(first=first, last=last),
        method=read_methods()[session.method].name,
    )
