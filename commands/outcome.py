"""What became of a visiting day: calling it off, a guest who did not come, and afterwards two taps and a figure."""

from datetime import date

from bot.answer import TEN_MINUTES
from bot.calendar import visit_entries
from bot.kit import (
    DIRECT,
    Answer,
    Ask,
    Button,
    Call,
    Confirm,
    Context,
    File,
    Refusal,
    Say,
    Sayable,
    Value,
    _,
    calendar_file,
    command,
    lines,
)
from programme import outcome, rooms, visits
from programme.exchange import Phase
from programme.records import Visit
from programme.text import Day
from programme.visits import spans


@command(
    nl="stagedag afzeggen, ik ben ziek",
    en="day cancel, i am ill",
    where=DIRECT,
    during={Phase.VISITS},
    examples=("", "gast"),
    by_phone=True,
    help=_("Calls off a visiting day. The other hears no reason, and I keep none."),
)
def cancel_day(ctx: Context, which: str = "") -> Answer:
    """Call off a day, after a question; the other is told at once and can choose a new one."""
    among = outcome.ahead if which else outcome.likely
    visit = _meant(ctx, which, among(ctx.exchange, ctx.me.id), "cancel_day")
    if not isinstance(visit, Visit):
        return visit
    other, days = ctx.name(visit.other(ctx.me.id)), spans(ctx.edition, visit.agreed)
    if not ctx.confirmed:
        return Confirm(
            _("Shall I tell {other} that the visit of {days} does not go on? I give no reason.", other=other, days=days)
        )
    said = _("I am telling {other} that the visit does not go on. I give no reason, and I keep none.", other=other)
    told = _(
        "The visit of {guest} to {host} does not go on: {days}.",
        guest=ctx.name(visit.guest),
        host=ctx.name(visit.host),
        days=days,
    )
    file = _off(ctx, visit)
    after = outcome.cancelled(ctx.exchange, visit, ctx.me.id)
    ctx.save(after)
    return [Say(said, file=file), *_new_day(ctx, visit, after.other(ctx.me.id), told, file)]


def _meant(ctx: Context, which: str, among: list[Visit], name: str) -> Visit | Answer:
    """The one visit that is meant, or the question which. What stands behind the command is a side or a guest, and no reason."""
    ctx.exchange.active(ctx.me.id)
    named, rest = visits.named(ctx.exchange, ctx.me.id, which)
    found = [visit for visit in among if visit in named]
    if rest or not found:
        raise Refusal(_NO_VISIT)
    if len(found) == 1:
        return found[0]
    choices = [
        Button(label=visits.called(v, ctx.me.id, ctx.name), call=Call(command=name, arguments=(v.guest,)))
        for v in found
    ]
    return Ask(_("For which visit is this?"), choices=choices, until=TEN_MINUTES)


_NO_VISIT = _("There is no visit that this can be about now. See your visits with {how}.", how=Call(command="overview"))


def _off(ctx: Context, visit: Visit) -> File:
    """The file that takes what was agreed out of a calendar."""
    entries = visit_entries(ctx, visit.model_copy(update={"version": visit.version + 1}))
    return calendar_file("stagedag", entries, ctx.now, off=True)


def _new_day(ctx: Context, visit: Visit, person: str, told: Sayable, file: File | None = None) -> list[Say]:
    """Tell somebody, with three days to choose from; without one the coordinator must find a way."""
    days = outcome.new_days(ctx.exchange, visit, ctx.free, visit.agreed[0].day)
    if not days:
        return [_told_without_days(ctx, person, told, file), _for_desk(ctx, visit)]
    buttons = [Button(label=_("{day}", day=Day(day=day)), call=_propose(visit, day)) for day in days]
    text = lines(
        told,
        _("Choose a new day; I will ask the other. Another day is possible with {how}.", how=_propose(visit, days[0])),
    )
    return [Say(text, rooms.direct(person), buttons, file=file, wake=True)]


def _told_without_days(ctx: Context, person: str, told: Sayable, file: File | None) -> Say:
    way = _(
        "There is no free working day left in the visiting period. The coordinator will look for a way with you: {contact}.",
        contact=str(ctx.edition.contact),
    )
    return Say(lines(told, way), rooms.direct(person), file=file, wake=True)


def _propose(visit: Visit, day: date) -> Call:
    return Call(command="propose", arguments=(f"{visit.guest} {day.strftime('%d-%m-%Y')}",))


def _for_desk(ctx: Context, visit: Visit) -> Say:
    text = _(
        "The visit of {guest} to {host} must be planned anew, and there is no free working day left. Give them more time with {how}, or find another place.",
        guest=ctx.name(visit.guest),
        host=ctx.name(visit.host),
        how=Call(command="programme_change", arguments=("visits",)),
    )
    return Say(text, rooms.desk(ctx.edition.id), wake=True)


@command(
    nl="gast niet gekomen",
    en="guest not come, no show",
    where=DIRECT,
    during=set(),
    examples=("", "gastgever"),
    help=_("Says that your guest did not come. I ask your guest, without a judgement, for a new day."),
)
def no_show(ctx: Context, which: str = "") -> Answer:
    """Ask the guest neutrally; the coordinator hears of it only when two working days bring no answer."""
    hosted = [visit for visit in outcome.begun(ctx.exchange, ctx.me.id) if visit.host == ctx.me.id]
    visit = _meant(ctx, which, hosted, "no_show")
    if not isinstance(visit, Visit):
        return visit
    told = _(
        "The visit to {host} has not taken place: {days}. Did something come up? You need not say what.",
        host=ctx.name(visit.host),
        days=spans(ctx.edition, visit.agreed),
    )
    ctx.save(outcome.missed(ctx.exchange, visit))
    said = _("I am asking {guest} for a new day. Nobody else hears of it now.", guest=ctx.name(visit.guest))
    return [Say(said), *_new_day(ctx, visit, visit.guest, told)]


@command(
    nl="stagedag geweest",
    en="day done",
    where=DIRECT,
    during=set(),
    examples=("", "gast"),
    by_phone=True,
    help=_("Says that a visit has taken place."),
)
def took_place(ctx: Context, which: str = "") -> Answer:
    """Keep that a visit took place, and ask for a figure."""
    over = [v for v in ctx.exchange.visits_of(ctx.me.id) if v.done and v.side(ctx.me.id) not in v.figures]
    visit = _meant(ctx, which, [*outcome.begun(ctx.exchange, ctx.me.id), *over], "took_place")
    if not isinstance(visit, Visit):
        return visit
    if not visit.done:
        ctx.save(outcome.done(ctx.exchange, visit))
    choices = [
        Button(label=_("{figure}", figure=n), call=Call(command="figure", arguments=(visit.guest, str(n))))
        for n in range(outcome.WORST, outcome.BEST + 1)
    ]
    asked: Value = _("Good. How was it, from 1 (poor) to 5 (very good)? I keep only the figure.")
    return Ask(lines(asked), choices=choices, whose=visit.guest)


@command(
    nl="cijfer",
    en="figure",
    where=DIRECT,
    during=set(),
    examples=("anna 4", "bram 5"),
    help=_("Says how a visit was, from 1 to 5. I keep only the figure."),
)
def figure(ctx: Context, which: str, value: int) -> Answer:
    """Keep one figure for one side of a visit."""
    named, _rest = visits.named(ctx.exchange, ctx.me.id, which)
    if len(named) != 1:
        raise Refusal(_NO_VISIT)
    ctx.save(outcome.figured(named[0], ctx.me.id, value))
    return _(
        "Thank you. Do you want to write down what it brought you? That is done with {how}.",
        how=Call(command="experience"),
    )


@command(
    nl="stagedag nog niet",
    en="day not yet",
    where=DIRECT,
    during=set(),
    examples=("", "gast"),
    by_phone=True,
    help=_("Says that a visit has not taken place, and gives days for a new one."),
)
def not_yet(ctx: Context, which: str = "") -> Answer:
    """Plan anew what has not taken place; the other hears that a new day comes."""
    visit = _meant(ctx, which, outcome.begun(ctx.exchange, ctx.me.id), "not_yet")
    if not isinstance(visit, Visit):
        return visit
    days = spans(ctx.edition, visit.agreed)
    ctx.save(outcome.not_yet(ctx.exchange, visit))
    told = _(
        "The visit of {guest} to {host} has not taken place yet: {days}. {other} will propose a new day, or you do.",
        guest=ctx.name(visit.guest),
        host=ctx.name(visit.host),
        days=days,
        other=ctx.name(ctx.me.id),
    )
    mine = _new_day(ctx, visit, ctx.me.id, _("Noted: it has not taken place yet."))
    return [*mine, Say(told, rooms.direct(visit.other(ctx.me.id)), wake=True)]
