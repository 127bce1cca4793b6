"""The visiting day: one proposes, the other accepts, and both get it in their calendar."""

from datetime import time

from bot.calendar import visit_entries
from bot.dates import When, parse_halves, parse_when
from bot.kit import (
    ANYWHERE,
    Answer,
    Ask,
    Button,
    Call,
    Context,
    Refusal,
    Rest,
    Say,
    Sayable,
    Value,
    _,
    calendar_file,
    command,
    lines,
    when,
)
from bot.questions import yes_no
from programme import nudges, reaching, rooms, visits
from programme.exchange import Phase
from programme.records import Half, Visit
from programme.text import Day
from programme.visits import spans
from storage.letters import Question

DAY_START, DAY_END = time(9), time(17)


@command(
    nl="stagedag",
    en="propose, day",
    home="pair",
    where=ANYWHERE,
    during={Phase.VISITS},
    examples=("14-10-2026", "12-10-2026 ochtend, 2-11-2026 middag"),
    by_phone=True,
    help=_("Proposes a visiting day, or shows what you agreed."),
)
def propose(ctx: Context, when: Rest = Rest("")) -> Answer:
    """Propose a day or two half days for one visit, or show how it stands."""
    visits.must_visit(ctx.exchange)
    ctx.exchange.active(ctx.me.id)
    found, written = visits.meant(ctx.exchange, ctx.me.id, when, ctx.room)
    if not written:
        return standing(ctx)
    halves = _halves(ctx, written)
    visits.must_be_in_period(ctx.exchange, halves, ctx.free)
    meant = [visit for visit in found if not visit.agreed] or found
    if len(meant) > 1:
        return Ask(
            _("For which visit is this?"),
            choices=[_choice(ctx, v, written) for v in meant],
            to=rooms.direct(ctx.me.id),
        )
    return _proposed(ctx, meant[0], halves)


def _choice(ctx: Context, visit: Visit, written: str) -> Button:
    label = visits.called(visit, ctx.me.id, ctx.name)
    return Button(label=label, call=Call(command="propose", arguments=(f"{visit.guest} {written}",)))


def _halves(ctx: Context, written: str) -> tuple[Half, ...]:
    found = parse_halves(written, ctx.today) if "," in written else (parse_when(written, ctx.today),)
    return tuple(_half(it) for it in found)


def _half(it: When) -> Half:
    """A day without hours is a whole working day."""
    start, end = it.start, it.end
    if start is None:
        return Half(day=it.day, start=DAY_START, end=DAY_END)
    return Half(day=it.day, start=start, end=end or max(start, DAY_END))


def _proposed(ctx: Context, visit: Visit, halves: tuple[Half, ...]) -> Answer:
    visit = visits.suggested(ctx.exchange, visit, ctx.me.id, halves)
    ctx.save(visit)
    other = visit.other(ctx.me.id)
    days = spans(ctx.edition, halves)
    said = _("I am asking {other} whether {days} suits. You will hear from me.", other=ctx.name(other), days=days)
    return [Say(said), _question(ctx, visit, days)]


def _question(ctx: Context, visit: Visit, days: Value) -> Ask:
    other = visit.other(ctx.me.id)
    text = _(
        "{who} proposes a day for the visit of {guest} to {host}: {days}. Does that suit you?",
        who=ctx.name(ctx.me.id),
        guest=ctx.name(visit.guest),
        host=ctx.name(visit.host),
        days=days,
    )
    yes, no = (
        Call(command="accept_day", arguments=(visit.guest,)),
        Call(command="decline_day", arguments=(visit.guest,)),
    )
    return Ask(text, choices=yes_no(yes, no), to=rooms.direct(other), wake=True, whose=visit.guest)


@command(
    nl="stagedag akkoord",
    en="day accept",
    where=ANYWHERE,
    during=set(),
    by_phone=True,
    help=_("Says yes to a visiting day that was proposed."),
)
def accept_day(ctx: Context, guest: str = "") -> Answer:
    """Agree the day that the other proposed; both get it for their calendar. One that fits no more is off the table for both."""
    asked = _asked(ctx, guest, "accept_day")
    if not isinstance(asked, Visit):
        return asked
    if (objection := visits.objection(ctx.exchange, asked)) is not None:
        return _off_the_table(ctx, asked, objection)
    visit = visits.accepted(ctx.exchange, asked, ctx.me.id)
    ctx.save(visit)
    return [_agreed(ctx, visit, person) for person in (ctx.me.id, visit.other(ctx.me.id))]


@command(
    nl="stagedag niet",
    en="day decline",
    where=ANYWHERE,
    during=set(),
    by_phone=True,
    help=_("Says no to a visiting day that was proposed."),
)
def decline_day(ctx: Context, guest: str = "") -> Answer:
    """Say that a day does not suit; nobody is asked why."""
    asked = _asked(ctx, guest, "decline_day")
    return _off_the_table(ctx, asked) if isinstance(asked, Visit) else asked


def _off_the_table(ctx: Context, asked: Visit, *why: Sayable) -> Answer:
    """Take a proposal back, with `why` for who answered; both can propose another day."""
    visit = visits.declined(asked, ctx.me.id)
    ctx.save(visit)
    how = Call(command="propose", arguments=(ctx.exchange.example_day(),))
    passed_on = _("I will pass it on. Propose another day yourself, for example with {how}.", how=how)
    return [
        Say(lines(*why, passed_on) if why else passed_on),
        Say(
            _(
                "The day that you proposed does not suit {other}. Propose another one, for example with {how}.",
                other=ctx.name(ctx.me.id),
                how=how,
            ),
            rooms.direct(visit.other(ctx.me.id)),
            wake=True,
        ),
    ]


def _asked(ctx: Context, guest: str, name: str) -> Visit | Answer:
    """The visit with a proposal for me: the named one, or the only one; else the question which."""
    mine = [v for v in ctx.exchange.visits_of(ctx.me.id) if v.suggestion and v.suggestion.by != ctx.me.id]
    mine = [v for v in mine if guest in ("", v.guest)]
    mine = [v for v in mine if rooms.pair(ctx.edition.id, v.guest) == ctx.room] or mine
    if len(mine) > 1:
        choices = [
            Button(label=visits.called(v, ctx.me.id, ctx.name), call=Call(command=name, arguments=(v.guest,)))
            for v in mine
        ]
        return Say(_("For which visit is this?"), buttons=choices)  # two questions are open; a third would not help
    if not mine:
        raise Refusal(
            _(
                "There is no day to answer. Propose one yourself with {how}.",
                how=Call(command="propose", arguments=(ctx.exchange.example_day(),)),
            )
        )
    return mine[0]


@when("proposal_over")
def proposal_over(ctx: Context) -> Answer:
    """Take a proposal off the table whose day has come without an answer, and tell both how to go on."""
    return [say for visit in visits.lapsed(ctx.exchange) for say in _lapsed(ctx, visit)]


def _lapsed(ctx: Context, visit: Visit) -> list[Say]:
    assert visit.suggestion is not None  # noqa: S101 - that is what has lapsed
    by, days = visit.suggestion.by, spans(ctx.edition, visit.suggestion.halves)
    other = visit.other(by)
    ctx.save(visits.unanswered(visit))
    if ctx.state.get(Question, asked_as := f"{other}/accept_day/{visit.guest}") is not None:
        ctx.state.delete(Question, asked_as)
    heard = _("No answer came to the day that you proposed to {other}: {days}.", other=ctx.name(other), days=days)
    asked = _("{who} proposed a day to you: {days}.", who=ctx.name(by), days=days)
    return [
        Say(lines(said, _next(ctx)), rooms.direct(person), wake=True) for person, said in ((by, heard), (other, asked))
    ]


def _next(ctx: Context) -> Sayable:
    """How to go on: another day, as long as there is one."""
    last = ctx.edition.period("visits").last
    if ctx.today >= last:
        return _(
            "That day has come, and the visiting period lasts until the end of {day}. Do you still want to agree one? Call or mail {contact}.",
            day=Day(day=last),
            contact=str(ctx.edition.contact),
        )
    how = Call(command="propose", arguments=(ctx.exchange.example_day(),))
    return _(
        "That day has come, so the proposal is off the table. Propose another day, for example with {how}.", how=how
    )


def _agreed(ctx: Context, visit: Visit, person: str) -> Say:
    """What was agreed, with what should have been said before if there had been time."""
    text = lines(
        _(
            "Agreed: {guest} visits {host} on {days}.",
            guest=ctx.name(visit.guest),
            host=ctx.name(visit.host),
            days=spans(ctx.edition, visit.agreed),
        ),
        _("The file puts it in your calendar. Tell each other what you want to see and what you need to get in."),
        *_at_short_notice(ctx, visit, person),
    )
    return Say(
        text,
        rooms.direct(person),
        file=calendar_file("stagedag", visit_entries(ctx, visit), ctx.now),
        wake=person != ctx.me.id,
    )


def _at_short_notice(ctx: Context, visit: Visit, person: str) -> list[Value]:
    overtaken = nudges.overtaken(ctx.edition, visit, ctx.free)
    words = [word for nudge in overtaken for word in reaching.words(nudge, ctx.exchange, ctx.name)]
    return [word.text for word in words if word.person == person]


def standing(ctx: Context) -> Sayable:
    """How somebody's visits stand, and how to go on."""
    rows: list[Value] = [_stand(ctx, visit) for visit in ctx.exchange.visits_of(ctx.me.id)]
    return lines(
        *rows,
        _(
            "Propose a day, for example with {how}.",
            how=Call(command="propose", arguments=(ctx.exchange.example_day(),)),
        ),
    )


def _stand(ctx: Context, visit: Visit) -> Value:
    label = visits.called(visit, ctx.me.id, ctx.name)
    if visit.agreed:
        return _("- {visit}: {days}", visit=label, days=spans(ctx.edition, visit.agreed))
    if visit.suggestion is None:
        return _("- {visit}: no day yet", visit=label)
    days = spans(ctx.edition, visit.suggestion.halves)
    if visit.suggestion.by == ctx.me.id:
        return _("- {visit}: you proposed {days}", visit=label, days=days)
    return _(
        "- {visit}: {days} was proposed. Accept it with {how}.", visit=label, days=days, how=Call(command="accept_day")
    )
