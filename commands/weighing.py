"""Weighing a proposal before it is published: who would go where, and what the other rule would bring."""

from collections import Counter

from bot.kit import DESK, Answer, Call, Context, Role, Text, Value, Work, _, command, lines, listing
from programme import ring
from programme.exchange import Phase
from programme.matching.problem import Matching, Mechanism, Problem

RULES: dict[Mechanism, Text] = {"fair": _("the fair rule"), "loting": _("in the order of the lottery")}


@command(
    nl="match bekijk",
    en="match view, match list",
    where=DESK,
    who=Role.COORDINATOR,
    during={Phase.MATCHING},
    help=_("Lists who would go where by the proposal, and which preference that is."),
)
def match_view(ctx: Context) -> Answer:
    """List the proposal by name; whoever is without a place stands at the end."""
    proposal = ring.proposal_that_stands(ctx.exchange)
    asked, _found = ring.bundle(proposal)
    rows = [_row(ctx, asked, person, proposal.match[person]) for person in sorted(proposal.match, key=ctx.name)]
    without = [_("- {name}: no place yet", name=ctx.name(person)) for person in sorted(proposal.unplaced, key=ctx.name)]
    publish = Call(command="match_publish", arguments=(str(len(rows)),))
    if not rows:
        return lines(_("This is the proposal:"), *without, ring.NOBODY_PLACED)
    then = _("Is it good? Publish with {how}. Only the coordinators see this list.", how=publish)
    return lines(_("This is the proposal:"), *rows, *without, then)


def _row(ctx: Context, asked: Problem, person: str, number: int) -> Text:
    """Where somebody would go, and how that came about."""
    level = asked.level_of(person).get(str(number))
    if any(lock.person == person for lock in ctx.exchange.round.locks):
        why: Value = _("fixed by hand")
    elif level is not None:
        why = _("preference {rank}", rank=level + 1)
    else:
        why = _("outside the list") if ctx.exchange.participant(person).preferences else _("had no preferences")
    organisation = ctx.exchange.places[number].organisation
    return _("- {name} goes to {organisation}: {why}", name=ctx.name(person), organisation=organisation, why=why)


@command(
    nl="match vergelijk",
    en="match compare",
    where=DESK,
    who=Role.COORDINATOR,
    during={Phase.MATCHING},
    help=_("Compares the fair rule with choosing in the order of the lottery. Nothing changes."),
)
def match_compare(ctx: Context) -> Answer:
    """Solve the same question by both rules beside the loop, and show how many people get which preference."""
    ring.must_match(ctx.exchange)
    return Work(ring.by_both_rules, ring.problem(ctx.exchange), _shown, _problem, _("I am computing both. A moment."))


def _problem(ctx: Context) -> Problem:
    return ring.problem(ctx.exchange)


def _shown(ctx: Context, asked: Problem, found: dict[Mechanism, Matching]) -> Answer:
    rows: list[Value] = [
        _("- {rule}: {counts}", rule=RULES[rule], counts=listing(_counts(asked, matching)))
        for rule, matching in found.items()
    ]
    return lines(
        _("The same preferences, by both rules:"),
        *rows,
        _("{edition} uses {rule}.", edition=ctx.edition.name, rule=RULES[asked.mechanism]),
        _("Make a proposal with {how}.", how=Call(command="match_propose")),
    )


def _counts(asked: Problem, found: Matching) -> list[Value]:
    """How many people are on which preference, on none of theirs, and without a place."""
    levels = Counter(asked.level_of(person).get(place) for person, place in found.match.items())
    ranks = sorted(level for level in levels if level is not None)
    counts: list[Value] = [_("{n} on preference {rank}", n=levels[rank], rank=rank + 1) for rank in ranks]
    if levels[None]:
        counts.append(_("{n} outside their list", n=levels[None]))
    if found.unplaced:
        counts.append(_("{n} without a place", n=len(found.unplaced)))
    return counts
