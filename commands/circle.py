"""One's own intervision group: wanting to be in one, who is in it, what you agree together, and leaving it."""

from collections.abc import Iterator
from datetime import date

from bot.kit import (
    ANYWHERE,
    DESK,
    DIRECT,
    Annotated,
    Answer,
    Ask,
    Button,
    Call,
    Choice,
    Confirm,
    Context,
    Role,
    Say,
    Sayable,
    Value,
    _,
    _n,
    command,
    lines,
    when,
)
from bot.questions import NO, YES
from programme import circles, rooms
from programme.exchange import Phase
from programme.intervision.planned import Planned
from programme.records import Group, Intervising
from programme.text import Day, Span

AFTER = {Phase.VISITS, Phase.CLOSED}
WORDS = Choice({"yes": ("ja", "yes"), "together": ("samen", "together"), "no": ("nee", "no")})
SAID: dict[str, Sayable] = {
    "": _("You have not said whether you want to be in an intervision group."),
    "yes": _("You want to be in an intervision group, without your match partner."),
    "together": _("You want to be in an intervision group. Your match partner may be in it too."),
    "no": _("You do not want to be in an intervision group."),
}
READ, AGREE = Call(command="agreements"), Call(command="agree")


@command(
    nl="intervisie",
    en="intervision",
    where=DIRECT,
    during=AFTER,
    examples=("ja", "nee"),
    help=_("Says whether you want to be in an intervision group afterwards."),
)
def intervision(ctx: Context, wish: Annotated[str, WORDS] = "") -> Answer:
    """Keep what somebody wants, or ask. Who is in a group and says no leaves it, after a confirmation."""
    circles.rule(ctx.edition)
    part = ctx.exchange.active(ctx.me.id)
    if not wish:
        return _question(ctx, ctx.me.id, SAID[part.intervision])
    group = circles.group_of(ctx.exchange, ctx.me.id)
    if group is not None:
        return _leaving(ctx, group) if wish == "no" else _stay(group)
    ctx.save(circles.wished(ctx.exchange, ctx.me.id, _MEANT[wish]))
    return lines(SAID[wish], _NEXT[wish])


_MEANT: dict[str, Intervising] = {"yes": "yes", "together": "together", "no": "no"}
_NEXT: dict[str, Sayable] = {
    "yes": _("The coordinator makes the groups. I will tell you yours."),
    "together": _("The coordinator makes the groups. I will tell you yours."),
    "no": _("You can still change that with {how}.", how=Call(command="intervision", arguments=("yes",))),
}


def _stay(group: Group) -> Sayable:
    return _("You are in group {number} already. See it with {how}.", number=group.number, how=Call(command="group"))


def _question(ctx: Context, person: str, *before: Sayable) -> Ask:
    text = _(
        "Do you want to go on learning together in an intervision group of at most {size} people, after {edition}?",
        size=circles.rule(ctx.edition).size,
        edition=ctx.edition.name,
    )
    return Ask(lines(*before, text), choices=_choices(ctx), to=rooms.direct(person), wake=person != ctx.me.id)


def _choices(ctx: Context) -> list[Button]:
    labels = {"yes": YES, "together": _("Yes, with my match partner too"), "no": NO}
    return [
        Button(label=label, call=Call(command="intervision", arguments=(wish,), edition=ctx.edition.id))
        for wish, label in labels.items()
    ]


@command(
    nl="groepen vraag",
    en="groups ask",
    where=DESK,
    who=Role.COORDINATOR,
    during=AFTER,
    help=_("Asks everybody who has not said so whether they want to be in an intervision group."),
)
def groups_ask(ctx: Context) -> Answer:
    """Ask who has not said yes or no; a second time asks only those who still have not, and nobody twice on a day."""
    circles.rule(ctx.edition)
    people = circles.asked(ctx.exchange)
    if not people and circles.unasked(ctx.exchange):
        return _("Everybody was asked today. See how it stands with {how}.", how=Call(command="groups"))
    if not people:
        return _("Everybody has answered. Make a proposal with {how}.", how=Call(command="groups_propose"))
    ctx.save(*people)
    said = _n("I am asking {n} person.", "I am asking {n} people.", n=len(people))
    return [Say(said), *(_question(ctx, part.person) for part in people)]


@command(
    nl="afspraken",
    en="agreements",
    home="group",
    where=ANYWHERE,
    who=Role.MEMBER,
    during=AFTER,
    help=_("Shows what an intervision group agrees before it begins."),
)
def agreements(ctx: Context) -> Answer:
    """Show the agreements as they are now, and whether who asks has said yes to them."""
    it = circles.rule(ctx.edition)
    group = circles.group_of(ctx.exchange, ctx.me.id)
    if group is None:
        return it.card
    if day := circles.agreed_on(ctx.edition, group, ctx.me.id):
        return lines(it.card, _("You agreed on {day}.", day=Day(day=day)))
    asked = _("Do you agree? Press the button, or type {how}.", how=AGREE)
    return Say(lines(it.card, asked), buttons=[Button(label=_("I agree"), call=AGREE)], reactions=True)


@command(
    nl="akkoord",
    en="agree",
    home="group",
    where=ANYWHERE,
    during=AFTER,
    help=_("Says yes to the agreements of your intervision group."),
)
def agree(ctx: Context) -> Answer:
    """Keep that a member agrees, with the version and the day; when all have, the group hears that it can begin."""
    group = circles.own_group(ctx.exchange, ctx.me.id)
    already = circles.agreed_on(ctx.edition, group, ctx.me.id)
    better = circles.agreed(ctx.edition, group, ctx.me.id, ctx.today)
    ctx.save(better)
    said = _agreed(ctx, better, already or ctx.today)
    missing = len(circles.waiting_for(ctx.edition, better))
    rest = [_n("{n} member has not said so yet.", "{n} members have not said so yet.", n=missing)] if missing else []
    here = Say(lines(said, *rest), _room(ctx, group))
    return [here] if missing or already else [here, _complete(ctx, group)]


def _agreed(ctx: Context, group: Group, day: date) -> Sayable:
    if ctx.at_direct:
        return _(
            "You agree with version {version} of the agreements, on {day}.", version=group.version, day=Day(day=day)
        )
    return _(
        "{name} agrees with version {version} of the agreements, on {day}.",
        name=ctx.name(ctx.me.id),
        version=group.version,
        day=Day(day=day),
    )


def _room(ctx: Context, group: Group) -> str:
    """Where to speak of a group: here if this is its room or the direct chat, and nowhere else."""
    mine = rooms.group(ctx.edition.id, group.number)
    return mine if ctx.room == mine else rooms.direct(ctx.me.id)


def _complete(ctx: Context, group: Group) -> Say:
    if group.held:
        text = _(
            "All {n} of you have agreed. Plan your next session with {how}.",
            n=len(group.members),
            how=Call(command="plan_session"),
        )
        return Say(text, rooms.group(ctx.edition.id, group.number), wake=True)
    text = _(
        "All {n} of you have agreed. Now look for a day together, with {how}.",
        n=len(group.members),
        how=Call(command="date_poll"),
    )
    return Say(text, rooms.group(ctx.edition.id, group.number), wake=True)


@command(
    nl="groep",
    en="group",
    home="group",
    where=ANYWHERE,
    during=AFTER,
    instead="groups",
    help=_("Shows who is in your intervision group, and what comes next."),
)
def group(ctx: Context) -> Answer:
    """Show one's own group: who, how many sessions, and the next step."""
    mine = circles.own_group(ctx.exchange, ctx.me.id)
    people: list[Value] = [_member(ctx, person) for person in mine.members]
    text = lines(
        _("Intervision group {number} of {edition}:", number=mine.number, edition=ctx.edition.name),
        *people,
        _("Sessions held: {held} of {sessions}.", held=mine.held, sessions=circles.rule(ctx.edition).sessions),
        *_next(ctx, mine),
    )
    return Say(text, _room(ctx, mine))


def _member(ctx: Context, person: str) -> Value:
    organisation = ctx.exchange.participants[person].answers.get("organisation", "")
    return _("- {name}, {organisation}", name=ctx.name(person), organisation=organisation or "-")


def _next(ctx: Context, mine: Group) -> Iterator[Value]:
    """When the group meets, where that is planned, and what it still has to do before."""
    it = ctx.state.get(Planned, mine.id)
    if it is not None:
        start, end = it.span(ctx.edition.zone)
        yield _("The next session is on {when}.", when=Span(start=start, end=end))
    if it is None or circles.waiting_for(ctx.edition, mine):
        yield _to_do(ctx, mine)


def _to_do(ctx: Context, mine: Group) -> Sayable:
    if circles.agreed_on(ctx.edition, mine, ctx.me.id) is None:
        return _("Read the agreements with {read}. Do you agree? Type {how}.", read=READ, how=AGREE)
    if missing := len(circles.waiting_for(ctx.edition, mine)):
        return _n(
            "You have agreed. {n} member has not said so yet.",
            "You have agreed. {n} members have not said so yet.",
            n=missing,
        )
    return _("Look for a day together, with {how} in the room of your group.", how=Call(command="date_poll"))


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _leaving(ctx: Context, mine: Group) -> Answer:
    if not ctx.confirmed:
        return Confirm(
            lines(
                _("You leave intervision group {number}. The others hear that somebody stops.", number=mine.number),
                _("Are you sure?"),
            )
        )
    ctx.save(circles.wished(ctx.exchange, ctx.me.id, "no"))
    return [Say(_("You are not in the group any more. You can leave its room.")), *_gone(ctx, mine, ctx.me.id)]


def _gone(ctx: Context, left: Group, person: str) -> list[Say]:
    """Take somebody out of a group. It hears that somebody stops; nobody is named, and why is not known."""
    left = circles.without(left, person)
    ctx.save(left)
    said = [Say(_("A participant has stopped."), rooms.group(ctx.edition.id, left.number))]
    if len(left.members) < circles.LEAST:
        text = _n(
            "Intervision group {number} has {n} member left. Talk with them about what to do.",
            "Intervision group {number} has {n} members left. Talk with them about what to do.",
            n=len(left.members),
            number=left.number,
        )
        said.append(Say(text, rooms.desk(ctx.edition.id), wake=True))
    return said


@when("leave_group")
def leave_group(ctx: Context) -> Answer:
    """Who left the programme leaves the group."""
    said: list[Say] = []
    for mine, person in circles.leavers(ctx.exchange):
        said += _gone(ctx, ctx.exchange.groups[mine.number], person)
    return said
