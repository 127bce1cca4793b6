"""Matches: one's own, and why; and the moment at which they are published."""

from bot.kit import PRIVATE, Answer, Button, Call, Context, Say, Sayable, Value, _, _n, command, lines, listing, when
from programme import ring, rooms
from programme.exchange import Phase
from programme.matching.alternatives import Missed, explain
from programme.records import Visit
from programme.text import Refusal
from programme.visits import matches_to_come


@command(
    nl="match, koppeling",
    en="match",
    where=PRIVATE,
    during={Phase.MATCHING, Phase.VISITS, Phase.CLOSED},
    instead="help match",
    help=_("Shows where you go and who comes to you, and why."),
)
def match(ctx: Context) -> Answer:
    """Tell somebody their own match, with the reason, and never another's choice."""
    ctx.exchange.active(ctx.me.id)
    if not ctx.exchange.round.published:
        return matches_to_come(ctx.exchange)
    return told(ctx, ctx.me.id)


def told(ctx: Context, person: str) -> Sayable:
    """All about the match of one person: where they go and why, who comes, what is next."""
    visits = ctx.exchange.visits_of(person)
    rows: list[Value] = []
    for visit in visits:
        rows += _going(ctx, visit) if visit.guest == person else [_coming(ctx, visit)]
    if not any(visit.guest == person for visit in visits):
        rows.insert(
            0,
            _(
                "There is no place for you yet. The coordinator is looking for one with you: {contact}.",
                contact=str(ctx.edition.contact),
            ),
        )
    if any(not visit.agreed for visit in visits):
        rows.append(
            _(
                "Now agree a day together. Propose one, for example with {how}.",
                how=Call(command="propose", arguments=(ctx.exchange.example_day(),)),
            )
        )
    return lines(*rows)


def _going(ctx: Context, visit: Visit) -> list[Value]:
    place = ctx.exchange.places[visit.number]
    host = ctx.name(visit.host)
    return [
        _("You are going to {organisation}. Your host is {host}.", organisation=place.organisation, host=host),
        *_why(ctx, visit),
    ]


def _coming(ctx: Context, visit: Visit) -> Value:
    guest = ctx.exchange.participants[visit.guest]
    said = _(
        "{guest} of {organisation} is coming to you.",
        guest=ctx.name(visit.guest),
        organisation=guest.answers.get("organisation", ""),
    )
    wishes = guest.answers.get("wishes", "")
    return lines(said, _("Wishes: {wishes}", wishes=wishes)) if wishes else said


def _why(ctx: Context, visit: Visit) -> list[Value]:
    """The reason, as the proof has it: the own rank, and of each better place only whether it was full."""
    proposal = ctx.exchange.round.proposal
    if proposal is None or proposal.match.get(visit.guest) != visit.number:
        return []
    reason = explain(*ring.bundle(proposal), visit.guest)
    if reason.locked:
        return [_("The coordinator chose this place with you.")]
    if not ctx.exchange.participants[visit.guest].preferences:
        return [_("I had no preferences from you. This place had room for you.")]
    if reason.level is None:
        return [_("It was not on your list. Your preferences had no room left; this place did.")]
    rank = _("It was number {rank} on your list.", rank=reason.level + 1)
    return [rank] if not reason.missed else [rank, _missed(ctx, reason.missed)]


def _missed(ctx: Context, missed: tuple[Missed, ...]) -> Value:
    names: list[Value] = [ctx.exchange.places[int(it.place)].organisation for it in missed]
    return _("These were not possible, by the rules or the lottery: {places}.", places=listing(names))


@when("lottery")
def commit_lottery(ctx: Context) -> Answer:
    """Bind the lottery before the first list comes in, and publish to what."""
    round_ = ring.committed(ctx.exchange.round, ctx.secret())
    ctx.save(round_)
    text = _(
        "The lottery for equal outcomes is fixed now. Its code is {code}. With the matches I publish the secret behind it, so that anybody can check it.",
        code=round_.commitment,
    )
    return Say(text, rooms.cohort(ctx.edition.id))


@when("publish")
def publish(ctx: Context) -> Answer:
    """Publish what was held for a while, if it is still what was confirmed."""
    try:
        round_, visits = ring.published(ctx.exchange, ctx.now)
    except Refusal as refusal:
        ctx.save(ctx.exchange.round.model_copy(update={"hold": None}))
        return Say(
            lines(_("The matches have not been published."), refusal.text), rooms.desk(ctx.edition.id), wake=True
        )
    ctx.save(round_, *visits)
    for it in round_.consultations:
        ctx.close_choices(it.person, "alternative")
    taking_part = [p.person for p in ctx.exchange.participants.values() if p.takes_part]
    personal = [_personal(ctx, person) for person in sorted(taking_part)]
    return [
        *personal,
        *(_together(ctx, visit) for visit in visits),
        Say(_overview(ctx, visits), rooms.cohort(ctx.edition.id)),
        Say(_report(ctx, len(personal)), rooms.desk(ctx.edition.id)),
    ]


def _together(ctx: Context, visit: Visit) -> Say:
    """The first word in the room of a visit."""
    text = _(
        "Here {guest} and {host} agree the visiting day together. Propose a day, for example with {how}.",
        guest=ctx.name(visit.guest),
        host=ctx.name(visit.host),
        how=Call(command="propose", arguments=(ctx.exchange.example_day(),)),
    )
    return Say(text, rooms.pair(ctx.edition.id, visit.guest))


def _personal(ctx: Context, person: str) -> Say:
    greeting = _("The matches of {edition} are here.", edition=ctx.edition.name)
    buttons = [Button(label=_("What comes next"), call=Call(command="overview"))]
    return Say(lines(greeting, told(ctx, person)), rooms.direct(person), buttons, wake=True)


def _overview(ctx: Context, visits: list[Visit]) -> Sayable:
    places = ctx.exchange.places
    rows: list[Value] = [
        _(
            "- {guest} goes to {host}",
            guest=ctx.exchange.participants[v.guest].answers.get("organisation", ""),
            host=places[v.number].organisation,
        )
        for v in visits
    ]
    secret = _(
        "The secret of the lottery is {secret}. Anybody can check the outcome with it.",
        secret=ctx.exchange.round.secret,
    )
    return lines(
        _("These are the matches of {edition}. I have told everybody their own.", edition=ctx.edition.name),
        *rows,
        secret,
    )


def _report(ctx: Context, told_to: int) -> Sayable:
    unplaced = [
        name
        for name in sorted(p.person for p in ctx.exchange.participants.values() if p.takes_part)
        if name not in ctx.exchange.visits
    ]
    rows: list[Value] = [
        _n(
            "The matches are published. {n} person has a message.",
            "The matches are published. {n} people have a message.",
            n=told_to,
        )
    ]
    if unplaced:
        rows.append(_("Without a place: {people}. Call them.", people=listing([ctx.name(p) for p in unplaced])))
    return lines(*rows)
