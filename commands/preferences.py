"""Preferences: ranking places, and naming those that somebody would rather not visit. Only in the direct chat."""

from bot.kit import PRIVATE, Answer, Confirm, Context, Say, Sayable, Value, _, _n, command, lines, listing, when
from programme import preferences
from programme.exchange import Phase
from programme.records import Participant, PlaceNumber
from programme.text import Day
from storage.letters import Audit, Question

TELLING = {"prefer", "avoid", "alternative", "on_behalf"}
"""Commands of which the arguments tell what somebody prefers."""
BY_HAND = {"match_forbid", "match_allow", "match_lock", "match_release", "match_consult"}
"""Commands that say of whom the coordinator knew or decided something about the matching."""


@command(
    nl="voorkeur, voorkeuren",
    en="prefer, preference, preferences",
    where=PRIVATE,
    during={Phase.PREFERENCES},
    examples=("3 7 1 5 2", "2 4"),
    asks={
        "places": _("Which places do you want to visit? Type their numbers, the best first. For example: 3 7 1 5 2.")
    },
    by_phone=True,
    help=_("Ranks the places that you want to visit, best first."),
)
def prefer(ctx: Context, *places: PlaceNumber) -> Answer:
    """Keep a ranking at once; a short one is filled with places that fit, if the person agrees."""
    part = ctx.exchange.active(ctx.me.id)
    ranked = preferences.ranked(ctx.exchange, part, places)
    filling = preferences.padding(ctx.exchange, part, places)
    if filling and not ctx.confirmed:
        ctx.save(ranked)
        return [Say(receipt(ctx, ranked)), Confirm(_short(ctx, part, filling))]
    kept = ranked.model_copy(update={"preferences": (*places, *filling), "padded": len(filling)})
    ctx.save(kept)
    return receipt(ctx, kept)


def _short(ctx: Context, part: Participant, filling: tuple[int, ...]) -> Sayable:
    length = preferences.length(ctx.exchange, part)
    return lines(
        _n(
            "There is room for {n} more: everybody ranks {length} places. That way more people get one of their preferences.",
            "There is room for {n} more: everybody ranks {length} places. That way more people get one of their preferences.",
            n=len(filling),
            length=length,
        ),
        _n(
            "I can put {n} place that fits below yours: {places}.",
            "I can put {n} places that fit below yours: {places}.",
            n=len(filling),
            places=_named(ctx, filling),
        ),
        _(
            "Shall I do that? Or rank {length} places yourself. As long as you do neither, your shorter list counts.",
            length=length,
        ),
    )


def _named(ctx: Context, numbers: tuple[int, ...]) -> Value:
    return listing(
        [_("{number} ({organisation})", number=n, organisation=ctx.exchange.places[n].organisation) for n in numbers]
    )


def receipt(ctx: Context, part: Participant) -> Sayable:
    """Tell somebody all that is kept of their preferences, and until when they can change it."""
    ranked: list[Value] = [
        _("{rank}. {organisation}", rank=rank, organisation=ctx.exchange.places[n].organisation)
        for rank, n in enumerate(part.preferences, 1)
    ]
    closes = Day(day=ctx.edition.windows["preferences"].closes)
    rows: list[Value] = [_("Your order: {places}. You can change it until {day}.", places=_in_row(ranked), day=closes)]
    if part.avoids:
        rows.append(_("You would rather not visit: {places}.", places=_named(ctx, part.avoids)))
    return (
        lines(*rows)
        if len(rows) > 1
        else _("Your order: {places}. You can change it until {day}.", places=_in_row(ranked), day=closes)
    )


def _in_row(ranked: list[Value]) -> Value:
    """Put ranks behind each other, separated by commas: "1. CAOP, 2. CBG"."""
    row: Value = ranked[0]
    for more in ranked[1:]:
        row = _("{before}, {next}", before=row, next=more)
    return row


@command(
    nl="liever niet",
    en="avoid, rather not",
    where=PRIVATE,
    during={Phase.PREFERENCES},
    examples=("4", "4 6"),
    asks={
        "places": _(
            "Which places would you rather not visit? Type at most two numbers, or 0 for none. I do not ask why."
        )
    },
    by_phone=True,
    help=_("Names places that you would rather not visit. Other participants do not see it, and I do not ask why."),
)
def avoid(ctx: Context, *places: PlaceNumber) -> Answer:
    """Keep which places somebody would rather not visit; 0 takes them all back."""
    part = ctx.exchange.active(ctx.me.id)
    kept = preferences.avoided(ctx.exchange, part, [n for n in places if n])
    ctx.save(kept)
    if not kept.avoids:
        return _(
            "You rule out no places any more. Give your order with {how}.",
            how=preferences.example(ctx.edition),
        )
    rows: list[Value] = [
        _("You will not go to {places}. Other participants do not see this.", places=_named(ctx, kept.avoids))
    ]
    if part.preferences and len(kept.preferences) < preferences.length(ctx.exchange, kept):
        rows.append(_("Give your order once more with {how}.", how=preferences.example(ctx.edition)))
    return lines(*rows, receipt(ctx, kept)) if kept.preferences else lines(*rows)


@when("erase_preferences")
def erase_preferences(ctx: Context) -> Answer:
    """Erase what people preferred, now that no match can be made of it any more; the logbook keeps that it was done.

    What was asked about it goes too, with all questions that are over; and from the logbook who was meant by what is erased.
    """
    _forget_questions(ctx)
    _forget_whom(ctx)
    if records := preferences.erased(ctx.exchange):
        stamp = f"{ctx.edition.id}/{ctx.now.isoformat()}/erase_preferences"
        ctx.save(*records, Audit(id=stamp, at=ctx.now, edition=ctx.edition.id, person="", action="erase_preferences"))
    return None


def _forget_questions(ctx: Context) -> None:
    for question in ctx.state.all(Question):
        calls = (question.call, question.back, question.resume, *(choice.call for choice in question.choices))
        tells = any(it and it.command in TELLING and it.edition in ("", ctx.edition.id) for it in calls)
        if tells or question.until <= ctx.now:
            ctx.state.delete(Question, question.id)


def _forget_whom(ctx: Context) -> None:
    """Empty what the logbook says of these; its key tells it too, so that it becomes another."""
    for line in ctx.state.all(Audit, edition=ctx.edition.id):
        if line.action in BY_HAND and line.about:
            stamp = f"{line.edition}/{line.at.isoformat()}/{line.person}/{line.action}"
            ctx.state.delete(Audit, line.id)
            ctx.save(line.model_copy(update={"id": stamp, "about": ()}))
