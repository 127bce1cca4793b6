"""For the coordinator at the desk: how it stands."""

from bot.kit import (
    DESK,
    Answer,
    Call,
    Context,
    Role,
    Value,
    _,
    _n,
    command,
    lines,
    listing,
)
from programme import consultation, participation
from programme.exchange import Exchange, Phase
from programme.text import Day, Moment
from storage.letters import Undelivered

COORDINATOR = Role.COORDINATOR


@command(
    nl="stand",
    en="state, standing",
    where=DESK,
    who=COORDINATOR,
    home="desk",
    help=_("Shows the edition at a glance: counts, what asks for attention, what comes."),
)
def state(ctx: Context) -> Answer:
    """Tell the coordinator the exceptions first, then the counts, then the next dates."""
    it = ctx.exchange
    rows = [*_attention(ctx), *_counts(it), *_resting(ctx), _phase(ctx)]
    return lines(_("{edition}:", edition=ctx.edition.name), *rows)


def _attention(ctx: Context) -> list[Value]:
    """What the coordinator does something about, first what did not arrive."""
    rows: list[Value] = []
    if lost := ctx.state.all(Undelivered, edition=ctx.edition.id):
        rows.append(
            _n(
                "Note: {n} message was not delivered. See which with {how}.",
                "Note: {n} messages were not delivered. See which with {how}.",
                n=len(lost),
                how=Call(command="check"),
            )
        )
    return [*rows, *_late(ctx), *_matching(ctx), *_tasks(ctx)]


def _late(ctx: Context) -> list[Value]:
    """Who signed up too late, or did not finish the form in time."""
    it, how = ctx.exchange, Call(command="admit")
    waiting = [ctx.name(p.person) for p in it.waiting()]
    parts = it.participants.values()
    late = [ctx.name(p.person) for p in parts if p.state == "form" and not participation.may_complete(it, p)]
    rows: list[Value] = []
    if waiting:
        rows.append(
            _n(
                "Note: {people} is on the waiting list. Let somebody in with {how}.",
                "Note: {people} are on the waiting list. Let somebody in with {how}.",
                n=len(waiting),
                people=listing(waiting),
                how=how,
            )
        )
    if late:
        rows.append(
            _n(
                "Note: {people} did not finish the form in time. Let somebody finish it with {how}.",
                "Note: {people} did not finish their forms in time. Let somebody finish it with {how}.",
                n=len(late),
                people=listing(late),
                how=how,
            )
        )
    return rows


def _matching(ctx: Context) -> list[Value]:
    """That there is no proposal yet, what to do with the one that there is, or that it goes out soon."""
    it = ctx.exchange
    if it.round.hold:
        moment = Moment(at=it.round.hold.until)
        how = Call(command="match_stop")
        return [_("Note: the matches will be published on {moment}. Stop it with {how}.", moment=moment, how=how)]
    if it.phase is Phase.MATCHING and it.round.proposal is None:
        return [_("Note: there is no proposal yet. Make one with {how}.", how=Call(command="match_propose"))]
    if it.phase is Phase.MATCHING:
        proposed = _("Note: there is a proposal. Look at it with {how}.", how=Call(command="match_view"))
        return [proposed, *_consulted(ctx)]
    return []


def _tasks(ctx: Context) -> list[Value]:
    """Who takes part and has no place, or one outside the list: the coordinator talks with them."""
    it = ctx.exchange
    if not it.round.published:
        return []
    matched = {visit.guest: visit for visit in it.visits.values()}
    without: list[Value] = [
        ctx.name(p.person) for p in it.participants.values() if p.takes_part and p.person not in matched
    ]
    outside: list[Value] = [ctx.name(guest) for guest, visit in sorted(matched.items()) if visit.level is None]
    rows: list[Value] = []
    if without:
        rows.append(
            _n(
                "Note: {people} still has no place. Call them.",
                "Note: {people} still have no place. Call them.",
                n=len(without),
                people=listing(without),
            )
        )
    if outside:
        rows.append(
            _n(
                "Note: {people} goes to a place outside the list. Ask whether it suits.",
                "Note: {people} go to a place outside their list. Ask whether it suits.",
                n=len(outside),
                people=listing(outside),
            )
        )
    return rows


def _counts(it: Exchange) -> list[Value]:
    active = [p for p in it.participants.values() if p.takes_part]
    unfinished = sum(p.state == "form" for p in it.participants.values())
    rows: list[Value] = [_n("- {n} participant", "- {n} participants", n=len(active))]
    if unfinished:
        rows.append(_n("- {n} unfinished form", "- {n} unfinished forms", n=unfinished))
    rows.append(_n("- {n} place", "- {n} places", n=sum(p.seats for p in it.offered())))
    if it.phase not in (Phase.BEFORE, Phase.SIGNUP) and not it.round.proved:
        rows.append(_("- preferences from {n} of {total}", n=len(active) - len(it.undecided()), total=len(active)))
    if it.round.published:
        rows.append(
            _("- a visiting day for {n} of {total} visits", n=len(it.visits) - len(it.undated()), total=len(it.visits))
        )
    return rows


def _resting(ctx: Context) -> list[Value]:
    """Who asked not to be disturbed."""
    resting = [ctx.name(p.person) for p in ctx.exchange.participants.values() if p.takes_part and p.rests(ctx.today)]
    return [_("- no reminders now, as they asked: {people}", people=listing(sorted(resting)))] if resting else []


def _phase(ctx: Context) -> Value:
    windows = ctx.edition.windows
    if ctx.exchange.phase is Phase.SIGNUP and not ctx.edition.is_open("signup", ctx.now):
        return _("Sign-up is closed. Preferences open on {day}.", day=Day(day=windows["preferences"].opens))
    now: dict[Phase, Value] = {
        Phase.BEFORE: _("Sign-up opens on {day}.", day=Day(day=windows["signup"].opens)),
        Phase.SIGNUP: _("Sign-up is open until the end of {day}.", day=Day(day=windows["signup"].closes)),
        Phase.PREFERENCES: _(
            "Preferences are open until the end of {day}.", day=Day(day=windows["preferences"].closes)
        ),
        Phase.MATCHING: _publish(ctx),
        Phase.VISITS: _("The visiting period lasts until the end of {day}.", day=Day(day=windows["visits"].closes)),
        Phase.CLOSED: _("The visiting period is over."),
    }
    return now[ctx.exchange.phase]


def _consulted(ctx: Context) -> list[Value]:
    """Who was offered places and still has to choose, or wants to be called."""
    asked = [ctx.name(it.person) for it in consultation.unsettled(ctx.exchange)]
    return (
        [
            _n(
                "Note: {people} has not chosen yet from the places that you proposed. Call them, or fix a place with {how}.",
                "Note: {people} have not chosen yet from the places that you proposed. Call them, or fix a place with {how}.",
                n=len(asked),
                people=listing(asked),
                how=Call(command="match_lock"),
            )
        ]
        if asked
        else []
    )


def _publish(ctx: Context) -> Value:
    day = Day(day=ctx.edition.publish)
    if ctx.today > ctx.edition.publish:
        return _("The matches were planned for {day}, and people wait for them. Match now, and publish.", day=day)
    return _("Now match, and publish by {day}.", day=day)
