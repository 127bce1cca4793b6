"""The places: the numbered list, and one's own."""

from bot.kit import (
    ANYWHERE,
    DIRECT,
    Answer,
    Button,
    Call,
    Context,
    Ranking,
    Role,
    Say,
    Sayable,
    Value,
    _,
    _n,
    command,
    lines,
)
from programme import preferences
from programme.exchange import Phase
from programme.records import Place

MOST_ROWS = 40
"""So many places fit in a message that people still read, and that every platform takes."""
SHOWN = {Phase.PREFERENCES, Phase.MATCHING, Phase.VISITS}


@command(
    nl="plekken, aanbod",
    en="places",
    where=ANYWHERE,
    who=Role.MEMBER,
    during=SHOWN,
    examples=("zorg", "2"),
    help=_("Shows the places that you can visit, with their numbers."),
)
def places(ctx: Context, which: str = "") -> Answer:
    """List the places: all, one, of one sector, or from a number on (`41+`). No personal data of hosts: those come with the match."""
    if not ctx.coordinates(ctx.edition):
        ctx.exchange.must_show_places()
    offered = [place for place in ctx.exchange.offered() if _is_meant(place, which)]
    if not offered:
        return _none(which)
    mine = ctx.exchange.place_of(ctx.me.id) if ctx.at_direct else None
    rows: list[Value] = [_row(place, own=mine == place) for place in offered[:MOST_ROWS]]
    left = offered[MOST_ROWS:]
    more = [_more(len(left), left[0].number)] if left else []
    head = _n(
        "There is {n} place in {edition}:",
        "There are {n} places in {edition}:",
        n=len(offered),
        edition=ctx.edition.name,
    )
    return Say(lines(head, *rows, *more, _then(ctx)), ranking=None if which else _ranking(ctx))


def _ranking(ctx: Context) -> Ranking | None:
    """The places that this person can put in order below the list, while preferences are asked and they fit in a list to choose from."""
    part = ctx.exchange.participants.get(ctx.me.id)
    if part is None or not part.takes_part or not ctx.at_direct or ctx.exchange.phase is not Phase.PREFERENCES:
        return None
    choosable = ctx.exchange.choosable(part)
    if not 1 <= len(choosable) <= MOST_ROWS:
        return None
    choices = tuple(
        Button(label=_label(it), call=Call(command="prefer", arguments=(str(it.number),))) for it in choosable
    )
    return Ranking(choices=choices, most=preferences.length(ctx.exchange, part))


def _label(place: Place) -> Sayable:
    return _(
        "{number}. {organisation}, {region}", number=place.number, organisation=place.organisation, region=place.region
    )


def _is_meant(place: Place, which: str) -> bool:
    if which.isascii() and which.isdecimal():
        return place.number == int(which[:6])
    if (first := which.removesuffix("+")) != which and first.isascii() and first.isdecimal():
        return place.number >= int(first[:6])
    return which.casefold() in place.sector.casefold()


def _none(which: str) -> Sayable:
    if not which:
        return _("There are no places yet. Look again later.")
    return _("There are no places of {sector}. See all places with {how}.", sector=which, how=Call(command="places"))


def _more(left: int, next_number: int) -> Sayable:
    how = Call(command="places", arguments=(f"{next_number}+",))
    return _n("There is {n} more: {how}.", "There are {n} more: {how}.", n=left, how=how)


def _row(place: Place, *, own: bool) -> Sayable:
    values: dict[str, Value] = {
        "number": place.number,
        "organisation": place.organisation,
        "sector": place.sector,
        "region": place.region,
        "offer": _sentence(place.offer),
    }
    if own:
        return _("{number}. {organisation} ({sector}, {region}). {offer} This is your own place.", **values)
    return _("{number}. {organisation} ({sector}, {region}). {offer}", **values)


def _sentence(written: str) -> str:
    """What somebody wrote, with a full stop where there is none."""
    return written if not written or written[-1] in ".!?…" else f"{written}."


def _then(ctx: Context) -> Sayable:
    example = preferences.example(ctx.edition)
    if ctx.exchange.phase is not Phase.PREFERENCES:
        return _("See what is expected of you with {how}.", how=Call(command="overview"))
    if not ctx.at_direct:
        return _("Give your preferences in our own chat, for example with {how}.", how=example)
    return _("Give your order, best first, for example with {how}.", how=example)


@command(
    nl="plek, plek aanbieden",
    en="place, offer",
    where=DIRECT,
    who=Role.PARTICIPANT,
    during={Phase.SIGNUP, Phase.PREFERENCES, Phase.MATCHING, Phase.VISITS},
    help=_("Shows the place that you offer."),
)
def place(ctx: Context) -> Answer:
    """Show what somebody offers, and how to change it."""
    part = ctx.exchange.participant(ctx.me.id)
    mine = ctx.exchange.place_of(ctx.me.id)
    if mine is None:
        how = _question(ctx, "places")
        if part.state == "form":
            return _("You offer no place yet. Go on with your form: {how}.", how=Call(command="form"))
        return _("You receive nobody. Do you want to offer a place? Type {how}.", how=how)
    rows: list[Value] = [
        _row(mine, own=False),
        _n("You can receive {n} colleague.", "You can receive {n} colleagues.", n=mine.seats),
        _("Change what you show with {how}.", how=_question(ctx, "offer")),
    ]
    return lines(*rows)


def _question(ctx: Context, key: str) -> Call:
    """How to change one answer of the form, by the first word of its label."""
    label = ctx.edition.question(key).label
    return Call(command="form", arguments=((label.en if ctx.language == "en" else label.nl).split()[0],))
