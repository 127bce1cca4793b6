"""Two people who must not be matched, such as somebody and their manager: only the coordinators see it, and nobody is asked why."""

from bot.answer import Part, parts
from bot.kit import DESK, Answer, Call, Context, Person, Role, Say, Text, Value, _, command, lines, listing
from programme import apart, rooms
from programme.exchange import Phase
from programme.records import Round

NOBODY = Person(id="")
OF_USE = {Phase.SIGNUP, Phase.PREFERENCES, Phase.MATCHING}


@command(
    nl="match verbied",
    en="match forbid",
    where=DESK,
    who=Role.COORDINATOR,
    during=OF_USE,
    examples=("", "anna bram"),
    help=_("Keeps two people apart: no match between them, and no intervision group with both. I do not ask why."),
)
def match_forbid(ctx: Context, one: Person = NOBODY, other: Person = NOBODY) -> Answer:
    """Keep two people apart; without names, list who are."""
    if not other.id:
        return _who(ctx)
    round_ = apart.kept(ctx.exchange, one.id, other.id)
    ctx.save(round_)
    said = _(
        "{one} and {other} get no match with each other, and no intervision group together. Only the coordinators see this.",
        one=ctx.name(one.id),
        other=ctx.name(other.id),
    )
    how = Call(command="match_allow", arguments=(one.id, other.id))
    return [Say(lines(said, *_again(round_), _("Undo it with {how}.", how=how))), *_mended_anew(ctx, round_)]


def _mended_anew(ctx: Context, round_: Round) -> list[Part]:
    """Another repair is looked for when the one at hand joins these two; whoever of them said yes to it hears so."""
    joined = apart.joined(round_)
    look = ctx.commands.acts.get("repair")
    if not joined or look is None:
        return []
    text = _("It becomes another match after all. You will hear from the coordinator.")
    told = [Say(text, rooms.direct(person), wake=True) for pair in joined for person in sorted(pair.agreed)]
    return [*told, *parts(look.run(ctx))]


@command(
    nl="match sta toe",
    en="match allow",
    where=DESK,
    who=Role.COORDINATOR,
    during=set(),
    examples=("anna bram", "bram carla"),
    help=_("Undoes that two people are kept apart."),
)
def match_allow(ctx: Context, one: Person, other: Person) -> Answer:
    """Keep two people apart no longer."""
    round_ = apart.undone(ctx.exchange, one.id, other.id)
    ctx.save(round_)
    said = _("{one} and {other} may be matched again.", one=ctx.name(one.id), other=ctx.name(other.id))
    return lines(said, *_again(round_))


def _who(ctx: Context) -> Answer:
    example = _example(ctx)
    found = [listing([ctx.name(person) for person in two]) for two in ctx.exchange.round.apart]
    if not found:
        return _("Nobody is kept apart. Do it with two names, for example {how}.", how=example)
    rows: list[Value] = [_("- {people}", people=two) for two in found]
    return lines(_("They are kept apart:"), *rows, _("Add two with their names, for example {how}.", how=example))


def _example(ctx: Context) -> Call:
    """With two names that can be typed as they stand, where there are two people."""
    people = sorted(p.person for p in ctx.exchange.participants.values() if p.takes_part)[:2]
    return Call(command="match_forbid", arguments=tuple(ctx.name(person) for person in people))


def _again(round_: Round) -> list[Text]:
    """A proposal that there is was made without this."""
    if round_.proposal is None or round_.published is not None:
        return []
    return [_("Make a new proposal with {how}.", how=Call(command="match_propose"))]
