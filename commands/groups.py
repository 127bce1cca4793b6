"""Intervision groups at the desk: how people are split, what to change by hand, and making the groups."""

from functools import partial

from bot.kit import (
    DESK,
    Answer,
    Button,
    Call,
    Context,
    Person,
    Role,
    Say,
    Sayable,
    Value,
    Work,
    _,
    _n,
    command,
    lines,
    listing,
)
from programme import circles, rooms
from programme.circles import Groups
from programme.exchange import Phase
from programme.groups.problem import Problem, Split
from programme.groups.solve import solve
from programme.records import Group

AFTER = {Phase.VISITS, Phase.CLOSED}


@command(
    nl="groepen stand, groepen",
    en="groups",
    where=DESK,
    who=Role.COORDINATOR,
    during=AFTER,
    help=_("Shows who wants to be in an intervision group, and how the groups stand."),
)
def groups(ctx: Context) -> Answer:
    """Tell the coordinator what is to be done, the proposal that stands, and the groups that there are."""
    sessions = circles.rule(ctx.edition).sessions
    rows: list[Value] = [*_counts(ctx), *(_stand(ctx, group, sessions) for group in ctx.exchange.groups.values())]
    if ctx.exchange.round.grouping is not None:
        return lines(*rows, *report(ctx, circles.proposal(ctx.exchange)), _then(ctx))
    return lines(*rows, *_next(ctx))


def _counts(ctx: Context) -> list[Value]:
    waiting, unasked = len(circles.candidates(ctx.exchange)), len(circles.unasked(ctx.exchange))
    rows: list[Value] = [_n("{n} person waits for a group.", "{n} people wait for a group.", n=waiting)]
    if unasked:
        said = _n("{n} person has not said yes or no.", "{n} people have not said yes or no.", n=unasked)
        rows.append(said)
    return rows


def _next(ctx: Context) -> list[Value]:
    """What the coordinator can do now, if anything: first everybody is asked, then there is something to propose."""
    calls: list[Value] = []
    if circles.unasked(ctx.exchange):
        calls.append(Call(command="groups_ask"))
    if len(circles.candidates(ctx.exchange)) >= circles.LEAST:
        calls.append(Call(command="groups_propose"))
    return [_("You can go on with: {calls}.", calls=listing(calls))] if calls else []


def _stand(ctx: Context, group: Group, sessions: int) -> Value:
    values: dict[str, Value] = {"number": group.number, "people": _named(ctx, group.members)}
    if group.closed is not None:
        return _("- Group {number}: {people}. It has ended.", **values)
    agreed = len(group.members) - len(circles.waiting_for(ctx.edition, group))
    return _(
        "- Group {number}: {people}. Agreed: {agreed} of {total}. Sessions held: {held} of {sessions}.",
        **values,
        agreed=agreed,
        total=len(group.members),
        held=group.held,
        sessions=sessions,
    )


def _named(ctx: Context, people: tuple[str, ...]) -> Value:
    names: list[Value] = [ctx.name(person) for person in people]
    return listing(names)


@command(
    nl="groepen voorstel",
    en="groups propose",
    where=DESK,
    who=Role.COORDINATOR,
    during=AFTER,
    examples=("", "5"),
    help=_("Computes intervision groups. Only the coordinators see them."),
)
def groups_propose(ctx: Context, size: int = 0) -> Answer:
    """Split those who want to beside the loop; where it does not come out evenly the coordinator chooses how."""
    ways = circles.ways(ctx.exchange)
    if not size and len(ways) > 1:
        return _which(ctx, ways)
    size = size or circles.rule(ctx.edition).size
    meanwhile = _("I am computing the groups. A moment.")
    return Work(solve, _problem(ctx, size), _proposed, partial(_problem, size=size), meanwhile)


def _which(ctx: Context, ways: tuple[tuple[int, ...], ...]) -> Say:
    people = len(circles.candidates(ctx.exchange))
    buttons = [
        Button(
            label=_n("{n} group: {sizes}", "{n} groups: {sizes}", n=len(way), sizes=listing(list(way))),
            call=Call(command="groups_propose", arguments=(str(max(way)),)),
        )
        for way in ways
    ]
    rows: list[Value] = [_("- {way}: {how}", way=button.label, how=button.call) for button in buttons]
    return Say(
        lines(_("{n} people do not fit evenly in groups. Choose how:", n=people), *rows),
        buttons=buttons,
    )


def _problem(ctx: Context, size: int) -> Problem:
    return circles.problem(ctx.exchange, size)


def _proposed(ctx: Context, _asked: Problem, found: Split) -> Answer:
    ctx.save(circles.proposed(ctx.exchange, found.groups))
    return lines(*report(ctx, found.groups), *_met_again(found), _then(ctx))


def _met_again(found: Split) -> list[Value]:
    again = _("Note: some people were in a group together before. It could not be avoided.")
    return [again] if "met" in found.relaxed else []


def _then(ctx: Context) -> Sayable:
    count = len(circles.proposal(ctx.exchange))
    return _(
        "Is it good? Make them with {make}. Let two people change places with {swap}.",
        make=Call(command="groups_make", arguments=(str(count),)),
        swap=Call(command="groups_swap"),
    )


def report(ctx: Context, proposed: Groups) -> list[Value]:
    """The groups of a proposal with everybody's sector, and what it could not keep."""
    rows: list[Value] = [_n("Proposal: {n} group.", "Proposal: {n} groups.", n=len(proposed))]
    for number, members in enumerate(proposed, 1):
        people: list[Value] = [_member(ctx, person) for person in members]
        rows.append(_("- {number}: {people}", number=number, people=listing(people)))
    rows.append(_sectors(ctx, proposed))
    for one, other in circles.partners_together(ctx.exchange, proposed):
        rows.append(
            _(
                "Note: {one} and {other} are match partners, and not both of them wanted that.",
                one=ctx.name(one),
                other=ctx.name(other),
            )
        )
    return rows


def _member(ctx: Context, person: str) -> Value:
    sector = ctx.exchange.participants[person].answers.get("sector", "")
    shown = ctx.edition.question("sector").shown(sector)
    return _("{name} ({sector})", name=ctx.name(person), sector=shown or "-")


def _sectors(ctx: Context, proposed: Groups) -> Value:
    """How well sectors are mixed, beside the fewest pairs that counting alone allows."""
    pairs, bound = circles.same_sector(ctx.exchange, proposed)
    if not pairs:
        return _("No group has two people of one sector.")
    said = _n(
        "{n} pair of one sector shares a group.",
        "{n} pairs of one sector share a group.",
        n=pairs,
    )
    if pairs == bound:
        return _("{said} Fewer is not possible.", said=said)
    return _(
        "{said} If only sectors counted, it would be {bound} at least.",
        said=said,
        bound=bound,
    )


@command(
    nl="groepen ruil",
    en="groups swap",
    where=DESK,
    who=Role.COORDINATOR,
    during=AFTER,
    examples=("anna bram", "bram carla"),
    help=_("Lets two people change places in the proposal for the groups."),
)
def groups_swap(ctx: Context, one: Person, other: Person) -> Answer:
    """Change the proposal by hand, and show what that does to the mix."""
    ctx.save(circles.swapped(ctx.exchange, one.id, other.id))
    return lines(*report(ctx, circles.proposal(ctx.exchange)), _then(ctx))


@command(
    nl="groepen maak",
    en="groups make",
    where=DESK,
    who=Role.COORDINATOR,
    during=AFTER,
    examples=("", "3"),
    help=_("Makes the groups, with a room each, after you have typed how many there are."),
)
def groups_make(ctx: Context, count: int = 0) -> Answer:
    """Show what would be made; with the right count, make it and tell everybody."""
    proposed = circles.proposal(ctx.exchange)
    if not count:
        return lines(*report(ctx, proposed), *_asks_count(proposed))
    edition, round_, fresh = circles.made(ctx.exchange, count, ctx.today)
    ctx.save(edition, round_, *fresh)
    told = [_welcome(ctx, group, person) for group in fresh for person in group.members]
    said = _n("{n} group is made.", "{n} groups are made.", n=len(fresh))
    heard = _n("{n} person has had a message.", "{n} people have had a message.", n=len(told))
    return [Say(lines(said, heard)), *told, *(_opening(ctx, group) for group in fresh)]


def _asks_count(proposed: Groups) -> list[Value]:
    told = sum(len(members) for members in proposed)
    how = Call(command="groups_make", arguments=(str(len(proposed)),))
    return [
        _n("{n} person gets a message of their own.", "{n} people get a message of their own.", n=told),
        _("To confirm, type {how}.", how=how),
    ]


def _welcome(ctx: Context, group: Group, person: str) -> Say:
    """Tell one member with whom; the agreements too, for who joins the room later does not see what was said in it before."""
    others = tuple(member for member in group.members if member != person)
    text = lines(
        _(
            "You are in intervision group {number} of {edition}, with {people}.",
            number=group.number,
            edition=ctx.edition.name,
            people=_named(ctx, others),
        ),
        _("I am inviting you to the room of your group. Only its members read what is said there."),
        "",
        circles.rule(ctx.edition).card,
        "",
        _("Do you agree? Then type {how}, here or in that room.", how=Call(command="agree")),
    )
    button = Button(label=_("I agree"), call=Call(command="agree", edition=ctx.edition.id))
    return Say(text, rooms.direct(person), [button], wake=True)


def _opening(ctx: Context, group: Group) -> Say:
    """The first word in the room. The agreements are pinned there, so they are not said once more."""
    text = lines(
        _("Welcome to intervision group {number}: {people}.", number=group.number, people=_named(ctx, group.members)),
        _("The agreements are pinned here. You can also read them with {read}.", read=Call(command="agreements")),
        _(
            "Everybody who agrees types {how}. See how it stands with {group}.",
            how=Call(command="agree"),
            group=Call(command="group"),
        ),
    )
    return Say(text, rooms.group(ctx.edition.id, group.number))
