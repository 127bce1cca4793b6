"""In consultation: three places to choose from for somebody for whom no preference was possible."""

from bot.kit import (
    DESK,
    DIRECT,
    Answer,
    Ask,
    Button,
    Call,
    Context,
    Person,
    Role,
    Say,
    Value,
    _,
    command,
    lines,
    listing,
)
from programme import consultation as rules
from programme import ring, rooms
from programme.exchange import Phase


@command(
    nl="match overleg",
    en="match consult",
    where=DESK,
    who=Role.COORDINATOR,
    during={Phase.MATCHING},
    examples=("anna", "bram"),
    help=_("Lets somebody without a preference choose from three places."),
)
def match_consult(ctx: Context, person: Person) -> Answer:
    """Propose up to three places to somebody in their own chat."""
    ring.must_match(ctx.exchange)
    ctx.exchange.active(person.id)
    ctx.save(rules.proposed(ctx.exchange, person.id))
    return [Say(_("I am asking {name}. You will hear from me.", name=ctx.name(person.id))), _question(ctx, person.id)]


def _question(ctx: Context, person: str) -> Ask:
    open_ = rules.still_possible(ctx.exchange, rules.open_to(ctx.exchange, person))
    text = lines(
        _why(ctx, person),
        *(_place(ctx, number) for number in open_),
    )
    places = [_choice(_label(ctx, n), Call(command="alternative", arguments=(str(n),))) for n in open_]
    others = [
        _choice(_("None of these"), Call(command="alternative_none")),
        _choice(_("Call me"), Call(command="alternative_call")),
    ]
    return Ask(text, choices=[*places, *others], to=rooms.direct(person), wake=True)


def _why(ctx: Context, person: str) -> Value:
    """Who gave no preferences does not hear that none of them was possible."""
    if not ctx.exchange.participant(person).preferences:
        return _("You gave no preferences. We look for a place together. Which of these suits you?")
    return _("This time none of your preferences was possible. We look for a place together. Which of these suits you?")


def _choice(label: Value, call: Call) -> Button:
    return Button(label=_("{label}", label=label), call=call)


def _label(ctx: Context, number: int) -> Value:
    return ctx.exchange.places[number].organisation


def _place(ctx: Context, number: int) -> Value:
    it = ctx.exchange.places[number]
    return _(
        "{number}. {organisation} ({sector}, {region}). {offer}",
        number=number,
        organisation=it.organisation,
        sector=it.sector,
        region=it.region,
        offer=it.offer,
    )


@command(
    nl="alternatief",
    en="alternative",
    where=DIRECT,
    during=set(),
    examples=("", "3"),
    by_phone=True,
    help=_("Shows the places that were proposed to you, or chooses one."),
)
def alternative(ctx: Context, number: int = 0) -> Answer:
    """Show what was proposed, or fix the place that somebody chose."""
    if not number:
        return _question(ctx, ctx.me.id)
    ctx.save(rules.accepted(ctx.exchange, ctx.me.id, number))
    place: Value = _label(ctx, number)
    told = _(
        "{name} chose {organisation}, and the place is fixed. Make a new proposal with {how}.",
        name=ctx.name(ctx.me.id),
        organisation=place,
        how=Call(command="match_propose"),
    )
    return [
        Say(
            _(
                "Thank you. {organisation} is fixed for you. You will hear all about it with the matches.",
                organisation=place,
            )
        ),
        Say(told, rooms.desk(ctx.edition.id), wake=True),
    ]


@command(
    nl="alternatief geen",
    en="alternative none",
    where=DIRECT,
    during=set(),
    by_phone=True,
    help=_("Says that none of the places that were proposed to you suits. I do not ask why."),
)
def alternative_none(ctx: Context) -> Answer:
    """Decline; the coordinator can propose once more, and then calls."""
    times = rules.open_to(ctx.exchange, ctx.me.id).times
    ctx.save(rules.answered(ctx.exchange, ctx.me.id, "declined"))
    how = Call(command="match_consult", arguments=(ctx.me.id,))
    again = (
        _("Propose other places with {how}.", how=how)
        if times < rules.MOST
        else _("There were two proposals. Call {guest}.", guest=ctx.name(ctx.me.id))
    )
    return [
        Say(_("I will pass it on, without a reason. You will hear from the coordinator.")),
        Say(
            lines(_("{name} chose none of the places.", name=ctx.name(ctx.me.id)), again),
            rooms.desk(ctx.edition.id),
            wake=True,
        ),
    ]


@command(
    nl="bel mij",
    en="call me",
    where=DIRECT,
    during=set(),
    help=_("Asks the coordinator to call you about the places that were proposed to you."),
)
def alternative_call(ctx: Context) -> Answer:
    """Leave it to a conversation."""
    names: list[Value] = [_label(ctx, n) for n in rules.open_to(ctx.exchange, ctx.me.id).offered]
    ctx.save(rules.answered(ctx.exchange, ctx.me.id, "call"))
    text = _("{name} wants to be called about the places: {places}.", name=ctx.name(ctx.me.id), places=listing(names))
    return [
        Say(_("The coordinator will call you: {contact}.", contact=str(ctx.edition.contact))),
        Say(text, rooms.desk(ctx.edition.id), wake=True),
    ]
