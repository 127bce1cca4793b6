"""Matching, for the coordinator: propose, fix by hand, publish with a count and ten minutes to stop it."""

from collections import Counter
from functools import partial

from bot.answer import TEN_MINUTES
from bot.kit import (
    DESK,
    GAP,
    Answer,
    Ask,
    Call,
    Confirm,
    Context,
    File,
    Person,
    Refusal,
    Rest,
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
from programme import apart, consultation, ring
from programme.exchange import Exchange, Phase
from programme.matching.alternatives import Price, price_of_lock
from programme.matching.problem import Matching, Problem
from programme.records import PlaceNumber, Proposal
from programme.text import Day, Moment

MATCHING = {Phase.MATCHING}


@command(
    nl="match voorstel",
    en="match propose",
    where=DESK,
    who=Role.COORDINATOR,
    during=MATCHING,
    help=_("Computes a matching. Only the coordinators see it."),
)
def match_propose(ctx: Context) -> Answer:
    """Solve the ring beside the loop; the outcome is shown at the desk and kept as the proposal."""
    ring.must_match(ctx.exchange)
    return Work(
        ring.solved, ring.problem(ctx.exchange), _proposed, _problem, _("I am computing the matches. A moment.")
    )


def _problem(ctx: Context) -> Problem:
    return ring.problem(ctx.exchange)


def _proposed(ctx: Context, asked: Problem, found: Matching) -> Answer:
    round_ = ring.proposed(ctx.exchange, asked, found)
    ctx.save(round_)
    assert round_.proposal is not None  # noqa: S101 - just proposed
    return lines(*report(ctx, round_.proposal), _then(len(found.match)))


def _then(matches: int) -> Sayable:
    if not matches:
        return ring.NOBODY_PLACED
    publish = Call(command="match_publish", arguments=(str(matches),))
    return _(
        "Who goes where you see with {view}. Is it good? Publish with {publish}. Fix a place by hand with {lock}.",
        view=Call(command="match_view"),
        publish=publish,
        lock=Call(command="match_lock"),
    )


def report(ctx: Context, proposal: Proposal) -> list[Value]:
    """What the coordinator must know of a proposal: counts, tasks, locks, and that it is proved."""
    asked, found = ring.bundle(proposal)
    levels = Counter(asked.level_of(person).get(place) for person, place in found.match.items())
    rows: list[Value] = [_n("Proposal: {n} match.", "Proposal: {n} matches.", n=len(found.match))]
    rows += [
        _n("- {n} person has preference {rank}", "- {n} people have preference {rank}", n=levels[rank], rank=rank + 1)
        for rank in sorted(r for r in levels if r is not None)
    ]
    mutual = sum(1 for v, place in found.match.items() if _mutual(ctx.exchange, found, v, place)) // 2
    rows += [_n("- {n} pair visits each other", "- {n} pairs visit each other", n=mutual)] if mutual else []
    rows += [*_tasks(ctx, asked, found), *_locks(ctx), *_apart(ctx)]
    rows.append(_("The independent check agrees: no better matching exists."))
    return rows


def _mutual(exchange: Exchange, found: Matching, person: str, place: str) -> bool:
    host, mine = exchange.places[int(place)].host, exchange.place_of(person)
    return mine is not None and found.match.get(host) == str(mine.number)


def _tasks(ctx: Context, asked: Problem, found: Matching) -> list[Value]:
    """The people for whom the coordinator must do something: no place, or none of their preferences and nothing agreed."""
    fixed = {lock.person for lock in ctx.exchange.round.locks}
    rows: list[Value] = [
        _asked(ctx, p) or _("Task: {name} has no place yet. Call them.", name=ctx.name(p)) for p in found.unplaced
    ]
    for person, place in sorted(found.match.items()):
        if person not in fixed and asked.level_of(person).get(place) is None:
            rows.append(_asked(ctx, person) or _task(ctx, person, int(place), found))
    return rows


def _asked(ctx: Context, person: str) -> Value | None:
    """What is to be done about somebody who was offered places and has not chosen; None when that was not so."""
    it = consultation.of(ctx.exchange, person)
    if it is None or it.answer not in ("open", "call"):
        return None
    name, day = ctx.name(person), Day(day=it.asked.astimezone(ctx.edition.zone).date())
    if it.answer == "call":
        return _("Task: {name} wants to be called about the places of {day}. Call them.", name=name, day=day)
    return _(
        "Task: {name} still has to choose from the places of {day}. Wait for it, or call them.", name=name, day=day
    )


def _task(ctx: Context, person: str, number: int, found: Matching) -> Value:
    places = ctx.exchange.places
    others: list[Value] = [
        _("{number} ({organisation})", number=int(p), organisation=places[int(p)].organisation)
        for p in found.alternatives.get(person, ())
        if int(p) != number
    ]
    organisation = places[number].organisation
    name = ctx.name(person)
    if not ctx.exchange.participant(person).preferences:
        here = _(
            "Task: {name} had no preferences and goes to {organisation}. Ask whether that suits.",
            name=name,
            organisation=organisation,
        )
    else:
        here = _(
            "Task: {name} goes to {organisation}, outside the list. Ask whether that suits.",
            name=name,
            organisation=organisation,
        )
    return _("{task} Also possible: {places}.", task=here, places=listing(others)) if others else here


def _locks(ctx: Context) -> list[Value]:
    return [
        _(
            "Fixed: {name} at place {number} ({reason}).",
            name=ctx.name(lock.person),
            number=lock.number,
            reason=lock.reason,
        )
        for lock in ctx.exchange.round.locks
    ]


def _apart(ctx: Context) -> list[Value]:
    """Who may not be matched with each other, of those who take part."""
    people = {p.person for p in ctx.exchange.participants.values() if p.takes_part}
    kept = apart.among(ctx.exchange.round, people)
    return [_("Kept apart: {people}.", people=listing([ctx.name(person) for person in two])) for two in kept]


@command(
    nl="match zet vast",
    en="match lock",
    where=DESK,
    who=Role.COORDINATOR,
    during=MATCHING,
    examples=("anna 7 afgesproken", "bram 2 reistijd"),
    asks={"reason": _("Why this place? A few words are enough; only the coordinators read them.")},
    help=_("Gives somebody a place by hand. I show first what it costs the others."),
)
def match_lock(ctx: Context, person: Person, place: PlaceNumber, reason: Rest) -> Answer:
    """Fix a pair, with a reason, after showing its price."""
    ring.must_match(ctx.exchange)
    ctx.exchange.active(person.id)
    round_ = consultation.fixed(ctx.exchange, person.id, place, reason)
    if ctx.confirmed:
        ctx.save(round_)
        ctx.close_choices(person.id, "alternative")
        return _(
            "Place {number} is fixed for {name}. Make a new proposal with {how}.",
            number=place,
            name=ctx.name(person.id),
            how=Call(command="match_propose"),
        )
    return Work(
        partial(_price_of, person.id, str(place)),
        ring.problem(ctx.exchange),
        partial(_priced, person.id, place),
        _problem,
    )


def _price_of(person: str, place: str, asked: Problem) -> Price:
    return price_of_lock(asked, person, place)


def _priced(person: str, place: PlaceNumber, ctx: Context, _asked: Problem, price: Price) -> Answer:
    return Confirm(
        lines(_price(price), _("Do you want to fix place {number} for {name}?", number=place, name=ctx.name(person)))
    )


def _price(price: Price) -> Value:
    if not any(price.weight()):
        return _("This costs the others nothing.")
    rows: list[Value] = [_("This changes the outcome for the others:")]
    if price.unplaced:
        rows.append(_("- without a place: {change}", change=f"{price.unplaced:+d}"))
    rows += [
        _("- on preference {rank}: {change}", rank=rank + 1, change=f"{change:+d}")
        for rank, change in enumerate(price.profile)
        if change
    ]
    return lines(*rows)


@command(
    nl="match laat los",
    en="match release",
    where=DESK,
    who=Role.COORDINATOR,
    during=MATCHING,
    examples=("anna", "bram"),
    help=_("Takes back a place that you fixed by hand."),
)
def match_release(ctx: Context, person: Person) -> Answer:
    """Take a lock away."""
    ring.must_match(ctx.exchange)
    ctx.save(ring.released(ctx.exchange, person.id))
    return _(
        "{name} has no fixed place any more. Make a new proposal with {how}.",
        name=ctx.name(person.id),
        how=Call(command="match_propose"),
    )


@command(
    nl="match publiceer",
    en="match publish",
    where=DESK,
    who=Role.COORDINATOR,
    during=MATCHING,
    examples=("", "38"),
    help=_("Publishes the matches, some minutes after you have typed how many there are."),
)
def match_publish(ctx: Context, count: int = 0) -> Answer:
    """Show what would be published; with the right count, publish it in ten minutes."""
    proposal = ring.proposal_to_publish(ctx.exchange)
    if not count:
        how = Call(command="match_publish", arguments=(str(len(proposal.match)),))
        told = sum(p.takes_part for p in ctx.exchange.participants.values())
        said = lines(
            *report(ctx, proposal),
            _n(
                "{n} person gets a message of their own, and the room gets an overview.",
                "{n} people get a message of their own, and the room gets an overview.",
                n=told,
            ),
            _(
                "To confirm, type {how}. After that you have {n} minutes to stop it.",
                how=how,
                n=ctx.edition.hold_minutes,
            ),
        )
        asked = Ask(said, Call(command="match_publish", arguments=(GAP,)), until=TEN_MINUTES, lapses=True)
        return asked if ctx.alone else said
    round_ = ring.held(ctx.exchange, ctx.me.id, count)
    waiting = [it.person for it in consultation.unsettled(ctx.exchange) if it.answer == "open"]
    if waiting and not ctx.confirmed:
        return Confirm(_unsettled(ctx, waiting))
    ctx.save(round_)
    assert round_.hold is not None  # noqa: S101 - just held
    return _(
        "I will publish the matches on {moment}. Until then you can stop it with {how}.",
        moment=Moment(at=round_.hold.until),
        how=Call(command="match_stop"),
    )


def _unsettled(ctx: Context, waiting: list[str]) -> Sayable:
    """Who has not chosen yet, and what publishing means for them."""
    return lines(
        _n(
            "{people} still has to choose from the places that you proposed. When the matches are published, that is no longer possible, and the proposal holds for them too.",
            "{people} still have to choose from the places that you proposed. When the matches are published, that is no longer possible, and the proposal holds for them too.",
            n=len(waiting),
            people=listing([ctx.name(person) for person in waiting]),
        ),
        _("Do you want to publish all the same?"),
    )


@command(
    nl="match stop",
    en="match stop",
    where=DESK,
    who=Role.COORDINATOR,
    during=MATCHING,
    help=_("Stops a publication that has not gone out yet."),
)
def match_stop(ctx: Context) -> Answer:
    """Stop a publication that waits."""
    ctx.save(ring.stopped(ctx.exchange))
    return _("Stopped. Nobody has had a message. Publish again with {how}.", how=Call(command="match_publish"))


@command(
    nl="match bewijs",
    en="match proof",
    where=DESK,
    who=Role.COORDINATOR,
    during={Phase.MATCHING, Phase.VISITS, Phase.CLOSED},
    help=_("Gives you the file with which an auditor can check the outcome."),
)
def match_proof(ctx: Context) -> Answer:
    """Hand over the bundle that `kring prove` reads. It holds everybody's preferences: for the coordinator and an auditor only."""
    proposal = ctx.exchange.round.proposal
    if proposal is None and ctx.exchange.round.proved:
        raise Refusal(
            _(
                "The proof holds preferences, and those were erased when the visiting period ended. Do you have the file still? Its code is {code}.",
                code=ctx.exchange.round.proved,
            )
        )
    if proposal is None:
        raise Refusal(_("There is no proposal yet. Make one with {how}.", how=Call(command="match_propose")))
    content = f'{{"problem": {proposal.problem}, "matching": {proposal.matching}}}'.encode()
    file = File(name=f"{ctx.edition.id}-bewijs.json", mime="application/json", content=content)
    return Say(
        _(
            "With this file an auditor can check the outcome, using `kring prove`. It holds preferences: share it only with the auditor. I erase them after {day}, so save it before that if you need it.",
            day=Day(day=ctx.edition.period("visits").last),
        ),
        file=file,
    )
