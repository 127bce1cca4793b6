"""Mending the ring when somebody leaves: a proposal at the desk, two consents, and nobody else is touched."""

from bot.answer import parts
from bot.calendar import visit_entries
from bot.kit import (
    DESK,
    DIRECT,
    Answer,
    Ask,
    Button,
    Call,
    Context,
    File,
    Role,
    Say,
    Value,
    Work,
    _,
    calendar_file,
    command,
    lines,
    listing,
    when,
)
from bot.questions import yes_no
from programme import repair as rules
from programme import ring, rooms
from programme.exchange import Phase
from programme.matching.problem import Matching, Problem
from programme.records import NewPair, Repair, Visit


@when("repair")
def propose_repair(ctx: Context) -> Answer:
    """Look for a repair when somebody has left."""
    return _look_for_one(ctx)


def _look_for_one(ctx: Context) -> Answer:
    """Compute a repair where one is needed: somebody has left, or said no to the one that there was."""
    if ctx.exchange.round.proved:  # the visiting period is over
        return None
    if not rules.broken(ctx.exchange) and not rules.is_overtaken(ctx.exchange):
        return None
    return Work(ring.solved, rules.problem(ctx.exchange), _found, _problem, act="repair")


def _problem(ctx: Context) -> Problem:
    return rules.problem(ctx.exchange)


def _found(ctx: Context, asked: Problem, found: Matching) -> Answer:
    """Take out the visits of who left, tell those who were to meet them, and show the coordinator the repair."""
    gone, round_ = rules.broken(ctx.exchange), rules.proposed(ctx.exchange, asked, found)
    told = [_told(ctx, visit, who) for visit in gone if (who := _who_stays(ctx, visit))]
    ctx.save(round_)
    for visit in gone:
        ctx.state.delete(Visit, visit.id)
    return [_at_desk(ctx, rules.open_repair(ctx.exchange)), *told]


def _who_stays(ctx: Context, visit: Visit) -> str:
    """Who of the two still takes part; empty when both have left."""
    parts = ctx.exchange.participants
    return next((it for it in (visit.host, visit.guest) if it in parts and parts[it].takes_part), "")


def _told(ctx: Context, visit: Visit, person: str) -> Say:
    """Tell the one who stays; why the other left is not known here."""
    text = _(
        "The visit of {guest} to {host} does not go on. The coordinator is looking for a new match with you. You need not do anything.",
        guest=ctx.name(visit.guest),
        host=ctx.name(visit.host),
    )
    return Say(text, rooms.direct(person), file=_off(ctx, visit), wake=True)


def _off(ctx: Context, visit: Visit) -> File | None:
    if not visit.agreed:
        return None
    entries = visit_entries(ctx, visit.model_copy(update={"version": visit.version + 1}))
    return calendar_file("stagedag", entries, ctx.now, off=True)


def _at_desk(ctx: Context, repair: Repair) -> Say:
    buttons = (
        [Button(label=_("Ask them"), call=Call(command="repair_ask"))] if repair.pairs and not repair.asked else []
    )
    return Say(lines(*_report(ctx, repair)), rooms.desk(ctx.edition.id), buttons, wake=True)


def _report(ctx: Context, repair: Repair) -> list[Value]:
    """The repair, its price, and what only people can do."""
    rows: list[Value] = [_row(ctx, pair) for pair in repair.pairs]
    if rows:
        rows.insert(0, _("This mends the ring with the fewest changes:"))
        rows.append(_("All other matches stay as they are."))
    if repair.unplaced:
        names: list[Value] = [ctx.name(person) for person in repair.unplaced]
        rows.append(_("No place was found for {people}. Call them.", people=listing(names)))
    if repair.idle:
        hosts: list[Value] = [ctx.name(person) for person in repair.idle]
        rows.append(_("Nobody comes to {people} any more.", people=listing(hosts)))
    if repair.pairs and not repair.asked:
        rows.append(
            _("Ask them with {how}. It is done when all of them have said yes.", how=Call(command="repair_ask"))
        )
    return rows


def _row(ctx: Context, pair: NewPair) -> Value:
    values: dict[str, Value] = {
        "guest": ctx.name(pair.guest),
        "host": ctx.name(pair.host),
        "organisation": ctx.exchange.places[pair.number].organisation,
    }
    level = _level(ctx, pair)
    if level is None:
        return _("- {guest} goes to {organisation} ({host}), outside the list", **values)
    return _("- {guest} goes to {organisation} ({host}), preference {rank}", rank=level + 1, **values)


def _level(ctx: Context, pair: NewPair) -> int | None:
    proposal = ctx.exchange.round.proposal
    return ring.bundle(proposal)[0].level_of(pair.guest).get(str(pair.number)) if proposal else None


@command(
    nl="herstel voorstel",
    en="repair propose",
    where=DESK,
    who=Role.COORDINATOR,
    during={Phase.VISITS},
    help=_("Shows how the ring can be mended after somebody left, with the fewest changes."),
)
def repair(ctx: Context) -> Answer:
    """Show the repair at hand."""
    return _at_desk(ctx, rules.open_repair(ctx.exchange))


@command(
    nl="herstel vraag",
    en="repair ask",
    where=DESK,
    who=Role.COORDINATOR,
    during=set(),
    help=_("Asks the people of a repair whether they agree."),
)
def repair_ask(ctx: Context) -> Answer:
    """Ask guest and host of each new pair who have not said yes yet."""
    ctx.save(rules.asked(ctx.exchange))
    asked = [
        _question(ctx, pair, person)
        for pair in rules.open_repair(ctx.exchange).pairs
        for person in (pair.guest, pair.host)
        if person not in pair.agreed
    ]
    people = dict.fromkeys(rooms.person_of(it.to) or "" for it in asked)  # who is guest and host is asked twice
    names: list[Value] = [ctx.name(person) for person in people]
    return [Say(_("I am asking {people}. You will hear from me.", people=listing(names))), *asked]


def _question(ctx: Context, pair: NewPair, person: str) -> Ask:
    values: dict[str, Value] = {
        "guest": ctx.name(pair.guest),
        "host": ctx.name(pair.host),
        "organisation": ctx.exchange.places[pair.number].organisation,
    }
    if person == pair.guest:
        text = _(
            "There is a new place for you: {organisation}, with {host}. Does that suit you?",
            **{k: values[k] for k in ("organisation", "host")},
        )
    else:
        text = _("{guest} could come to you as a guest. Does that suit you?", guest=values["guest"])
    arguments = (pair.guest, str(pair.number))
    yes, no = Call(command="repair_yes", arguments=arguments), Call(command="repair_no", arguments=arguments)
    return Ask(text, choices=yes_no(yes, no), to=rooms.direct(person), wake=True, whose="/".join(arguments))


@command(
    nl="herstel ja",
    en="repair yes",
    where=DIRECT,
    during=set(),
    examples=("anna 3", "bram 1"),
    by_phone=True,
    help=_("Says yes to a new match that was proposed after somebody left."),
)
def repair_yes(ctx: Context, guest: str, number: int) -> Answer:
    """Agree; when all have, it is done."""
    pair = rules.pair_of(ctx.exchange, ctx.me.id, guest, number)
    ctx.save(rules.agreed(ctx.exchange, pair, ctx.me.id))
    thanks = Say(_("Thank you. You will hear from me when the other has answered."))
    return _done(ctx) if rules.is_agreed(rules.open_repair(ctx.exchange)) else thanks


def _done(ctx: Context) -> Answer:
    round_, visits = rules.applied(ctx.exchange)
    before = [ctx.exchange.visits[v.guest] for v in visits if v.guest in ctx.exchange.visits]
    hosts = {visit.host for visit in visits}
    left = [_told_host(ctx, visit) for visit in before if visit.host not in hosts]
    ctx.save(round_, *visits)
    told = [_match(ctx, visit, person) for visit in visits for person in (visit.guest, visit.host)]
    rows: list[Value] = [
        _("- {guest} goes to {host}", guest=ctx.name(visit.guest), host=ctx.name(visit.host)) for visit in visits
    ]
    return [*told, *left, Say(lines(_("The ring is mended. All of them said yes:"), *rows), rooms.desk(ctx.edition.id))]


def _told_host(ctx: Context, visit: Visit) -> Say:
    text = _(
        "{guest} goes to another place. The coordinator will call you about your place.", guest=ctx.name(visit.guest)
    )
    return Say(text, rooms.direct(visit.host), file=_off(ctx, visit), wake=True)


def _match(ctx: Context, visit: Visit, person: str) -> Say:
    how = Call(command="propose", arguments=(f"{visit.guest} {ctx.exchange.example_day()}",))
    text = lines(
        _("It is settled: {guest} visits {host}.", guest=ctx.name(visit.guest), host=ctx.name(visit.host)),
        _("Now agree a day together. Propose one, for example with {how}.", how=how),
    )
    return Say(text, rooms.direct(person), wake=person != ctx.me.id)


@command(
    nl="herstel nee",
    en="repair no",
    where=DIRECT,
    during=set(),
    examples=("anna 3", "bram 1"),
    by_phone=True,
    help=_("Says no to a new match that was proposed after somebody left. I do not ask why."),
)
def repair_no(ctx: Context, guest: str, number: int) -> Answer:
    """Let another repair be found; after two the coordinator talks with people."""
    pair = rules.pair_of(ctx.exchange, ctx.me.id, guest, number)
    ctx.save(rules.refused(ctx.exchange, pair))
    here = Say(_("I will pass it on, without a reason. The coordinator will look for another way."))
    waiting = [_waits_on(person) for person in sorted(pair.agreed - {ctx.me.id})]
    said_no = _("The pair {guest} and {host} is not to be.", guest=ctx.name(pair.guest), host=ctx.name(pair.host))
    if not rules.may_go_on(rules.open_repair(ctx.exchange)):
        text = lines(said_no, _("There were two proposals. Call {guest}.", guest=ctx.name(pair.guest)))
        return [here, *waiting, Say(text, rooms.desk(ctx.edition.id), wake=True)]
    return [here, *waiting, Say(said_no, rooms.desk(ctx.edition.id)), *parts(_look_for_one(ctx))]


def _waits_on(person: str) -> Say:
    return Say(
        _("It becomes another match after all. You will hear from the coordinator."), rooms.direct(person), wake=True
    )
