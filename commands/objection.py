"""The private ways to the coordinator: an objection to a match, and a talk in confidence. Nobody else sees either of them."""

from bot.kit import DIRECT, Answer, Call, Confirm, Context, Say, _, command, lines
from programme import rooms
from programme.exchange import Phase
from programme.objection import must_be_in_time


@command(
    nl="bezwaar",
    en="object",
    where=DIRECT,
    during={Phase.VISITS},
    help=_("Objects to your match, until two days after the matches came. Only the coordinator hears it."),
)
def objection(ctx: Context) -> Answer:
    """Tell the coordinator that somebody objects to their match; what it is about they tell by voice."""
    ctx.exchange.active(ctx.me.id)
    must_be_in_time(ctx.exchange)
    if not ctx.confirmed:
        return Confirm(
            lines(
                _(
                    "I tell the coordinator that you object to your match. I pass on no reason, and nobody else hears it."
                ),
                _("Shall I do that?"),
            )
        )
    told = _(
        "{name} objects to the match. Call them. You can fix another place together, or mend the ring with {how} when they leave.",
        name=ctx.name(ctx.me.id),
        how=Call(command="repair"),
    )
    return [_passed_on(ctx), Say(told, rooms.desk(ctx.edition.id), wake=True)]


@command(
    nl="vertrouwelijk",
    en="in confidence",
    where=DIRECT,
    during={Phase.PREFERENCES, Phase.MATCHING, Phase.VISITS, Phase.CLOSED},
    help=_("Asks the coordinator to call you in confidence, for example when it does not work between two people."),
)
def in_confidence(ctx: Context) -> Answer:
    """Tell the coordinator that somebody wants to talk; about what is not asked here."""
    ctx.exchange.active(ctx.me.id)
    told = _(
        "{name} wants to talk with you in confidence. Call them. I do not know what about.", name=ctx.name(ctx.me.id)
    )
    return [_passed_on(ctx), Say(told, rooms.desk(ctx.edition.id), wake=True)]


def _passed_on(ctx: Context) -> Say:
    contact = str(ctx.edition.contact)
    return Say(
        _(
            "I have told the coordinator that you want to talk, and nothing else. They will call you. You can also call or mail yourself: {contact}.",
            contact=contact,
        )
    )
