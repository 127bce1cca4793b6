"""Preparing a visit: the shared checks, what the guest would like to see, and the confidentiality statement."""

from bot.answer import TEN_MINUTES
from bot.kit import (
    ANYWHERE,
    DIRECT,
    HERE,
    Annotated,
    Answer,
    Ask,
    Button,
    Call,
    Choice,
    Context,
    Refusal,
    Rest,
    Say,
    Sayable,
    Value,
    _,
    command,
    fold,
    lines,
)
from programme import preparation as rules
from programme import rooms, visits
from programme.exchange import Phase
from programme.records import Visit, Wish
from programme.text import Day
from programme.visits import spans

ANSWERS = Choice({"yes": ("ja", "yes"), "no": ("nee", "no"), "later": ("later", "later")})
SIGNED = {"ja", "yes", "getekend", "signed"}
NOT_SIGNED = {"nee", "no", "nognietgetekend", "nogniet", "notyet", "notsigned"}
LABELS = {"yes": _("Yes"), "no": _("No"), "later": _("Later")}


@command(
    nl="voorbereiding",
    en="preparation, prepare",
    home="pair",
    where=ANYWHERE,
    during={Phase.VISITS},
    examples=("", "programma"),
    help=_("Shows what guest and host have settled for the visit, and ticks off one thing."),
)
def preparation(ctx: Context, what: Rest = Rest("")) -> Answer:
    """Show the state that both see, or settle one check."""
    found, check = _visits(ctx, what)
    if not check:
        return [_shown(ctx, visit) for visit in found]
    if len(found) > 1:
        return _which(ctx, found, "preparation", check)
    visit = rules.settled(ctx.edition, found[0], check)
    ctx.save(visit)
    return _shown(ctx, visit)


@command(
    nl="voorbereiding open",
    en="preparation reopen",
    where=ANYWHERE,
    during=set(),
    examples=("programma", "toegang"),
    help=_("Takes back that something is settled for the visit."),
)
def preparation_reopen(ctx: Context, what: Rest) -> Answer:
    """Take a check back."""
    found, check = _visits(ctx, what)
    if len(found) > 1:
        return _which(ctx, found, "preparation_reopen", check)
    visit = rules.reopened(ctx.edition, found[0], check)
    ctx.save(visit)
    return _shown(ctx, visit)


def _visits(ctx: Context, written: str) -> tuple[list[Visit], str]:
    """The visits that are meant: that of the room, the named one, or all of somebody's own. Refuses who has none."""
    ctx.exchange.active(ctx.me.id)
    visits.must_visit(ctx.exchange)
    return visits.meant(ctx.exchange, ctx.me.id, written, ctx.room)


def _which(ctx: Context, found: list[Visit], name: str, rest: str) -> Ask:
    choices = [
        Button(label=_title(ctx, visit), call=Call(command=name, arguments=(f"{visit.guest} {rest}".strip(),)))
        for visit in found
    ]
    return Ask(_("For which visit is this?"), choices=choices, to=rooms.direct(ctx.me.id), until=TEN_MINUTES)


def _title(ctx: Context, visit: Visit) -> Sayable:
    return visits.called(visit, ctx.me.id, ctx.name)


def _shown(ctx: Context, visit: Visit) -> Say:
    """The state of one visit. What the two have settled is shown in their own room and in the direct chat, nowhere else."""
    head = _("The visit of {guest} to {host}:", guest=ctx.name(visit.guest), host=ctx.name(visit.host))
    rows: list[Value] = [
        _check(ctx, visit, check.key, check.name, check.explains) for check in rules.plan(ctx.exchange, visit)
    ]
    wishes: list[Value] = [_wish(number, wish) for number, wish in enumerate(visit.wishes, 1)]
    whole = rules.is_whole(ctx.edition, visit) and visit.signed is not None
    then: list[Value] = [_("Everything is settled.")] if whole else []
    here = ctx.at_direct or ctx.room == rooms.pair(ctx.edition.id, visit.guest)
    to = HERE if here else rooms.direct(ctx.me.id)
    return Say(lines(head, *rows, *wishes, _confidentiality(ctx, visit), *then), to, _open(ctx, visit))


def _check(ctx: Context, visit: Visit, key: str, name: Value, explains: Value) -> Value:
    if key == rules.DAY and visit.agreed:
        return _("- settled: {what}, {when}", what=name, when=spans(ctx.edition, visit.agreed))
    if key in visit.checks:
        return _("- settled: {what}", what=name)
    return _("- still to do: {what}. {explains}", what=name, explains=explains)


def _wish(number: int, wish: Wish) -> Value:
    if not wish.answer:
        return _("- wish {number}: {wish} (no answer yet)", number=number, wish=wish.text)
    return _("- wish {number}: {wish} ({answer})", number=number, wish=wish.text, answer=LABELS[wish.answer])


def _confidentiality(ctx: Context, visit: Visit) -> Value:
    if visit.signed is not None:
        return _("- confidentiality: signed, said on {day}", day=Day(day=visit.signed.on))
    if rules.is_open(ctx.exchange, visit):
        return _("- confidentiality: open. The host decides. Attending a board meeting is no longer in the plan.")
    return _("- confidentiality: not signed yet. Signed? Type {how}.", how=Call(command="confidentiality"))


def _open(ctx: Context, visit: Visit) -> list[Button]:
    return [
        Button(
            label=_("Settled: {what}", what=check.name),
            call=Call(command="preparation", arguments=(f"{visit.guest} {check.key}",)),
        )
        for check in rules.plan(ctx.exchange, visit)
        if check.key != rules.DAY and check.key not in visit.checks
    ]


# ── wishes ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@command(
    nl="wens, wensen",
    en="wish",
    where=DIRECT,
    during={Phase.VISITS},
    examples=("de vergadering van de raad", "hoe jullie notuleren"),
    asks={"text": _("What would you like to see on your visiting day? Type it in one message. Your host reads it.")},
    help=_("Tells your host what you would like to see."),
)
def wish(ctx: Context, text: Rest) -> Answer:
    """Pass a wish on to the host, who says yes, no or later."""
    visits.must_visit(ctx.exchange)
    mine = ctx.exchange.visits.get(ctx.me.id)
    if mine is None or mine not in ctx.exchange.going():
        raise Refusal(_("There is no place for you yet. See how you stand with {how}.", how=Call(command="overview")))
    visit = rules.wished(mine, text)
    ctx.save(visit)
    number = len(visit.wishes)
    asked = _("{guest} would like to see: {wish}. Is that possible?", guest=ctx.name(ctx.me.id), wish=_quoted(text))
    choices = [
        Button(label=label, call=Call(command="wish_answer", arguments=(visit.guest, str(number), answer)))
        for answer, label in LABELS.items()
    ]
    return [
        Say(_("I am asking {host}. You will hear from me.", host=ctx.name(visit.host))),
        Ask(asked, choices=choices, to=rooms.direct(visit.host), wake=True, whose=f"{visit.guest}/{number}"),
    ]


def _quoted(wish: str) -> str:
    """What somebody wrote, to stand within a sentence of ours: that has a full stop of its own."""
    return wish.rstrip(" .")


@command(
    nl="wens antwoord",
    en="wish answer",
    where=DIRECT,
    during=set(),
    examples=("anna 1 ja", "bram 2 later"),
    help=_("Answers what your guest would like to see."),
)
def wish_answer(ctx: Context, guest: str, number: int, answer: Annotated[str, ANSWERS]) -> Answer:
    """Keep the answer of the host, and tell the guest."""
    mine = ctx.exchange.visits.get(guest)
    if mine is None or mine.host != ctx.me.id:
        raise Refusal(_("I do not know which visit you mean. See your visits with {how}.", how=Call(command="match")))
    given: rules.Answer = "yes" if answer == "yes" else "no" if answer == "no" else "later"
    visit = rules.answered(mine, number, given)
    ctx.save(visit)
    wished = visit.wishes[number - 1].text
    text = _(
        "{host} answers your wish ({wish}): {answer}.",
        host=ctx.name(ctx.me.id),
        wish=_quoted(wished),
        answer=LABELS[given],
    )
    return [
        Say(_("I will pass it on: {answer}.", answer=LABELS[given])),
        Say(text, rooms.direct(visit.guest), wake=True),
    ]


# ── confidentiality ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@command(
    nl="geheimhouding",
    en="confidentiality, nda",
    where=DIRECT,
    during={Phase.VISITS},
    examples=("", "ja"),
    help=_("Keeps that the confidentiality statement is signed. I keep only yes and the date."),
)
def confidentiality(ctx: Context, what: Rest = Rest("")) -> Answer:
    """Keep yes or no, with the day of today; never the statement itself."""
    found, said = _visits(ctx, what)
    word = fold(said)
    if word and word not in SIGNED | NOT_SIGNED:
        raise Refusal(_("Is it signed? Type {how}.", how=Call(command="confidentiality", arguments=("ja",))))
    if not word:
        return _asked(ctx, found)
    if len(found) > 1:
        return _which(ctx, found, "confidentiality", said)
    visit = rules.signed(ctx.exchange, found[0], ctx.me.id) if word in SIGNED else rules.unsigned(found[0])
    ctx.save(visit)
    if visit.signed is None:
        return _(
            "Noted: not signed yet. When it is, type {how}.", how=Call(command="confidentiality", arguments=("ja",))
        )
    return _("Noted: signed. I keep only this and the date: {day}.", day=Day(day=visit.signed.on))


def _asked(ctx: Context, found: list[Visit]) -> Say:
    rows: list[Value] = [_state(ctx, visit) for visit in found]
    buttons = [
        Button(
            label=_("Signed: {visit}", visit=_title(ctx, visit)),
            call=Call(command="confidentiality", arguments=(f"{visit.guest} ja",)),
        )
        for visit in found
        if visit.signed is None
    ]
    return Say(
        lines(_("Each guest signs the confidentiality statement of the organisation that they visit."), *rows),
        HERE,
        buttons,
    )


def _state(ctx: Context, visit: Visit) -> Value:
    if visit.signed is None:
        return _("- {visit}: not signed yet", visit=_title(ctx, visit))
    return _("- {visit}: signed, said on {day}", visit=_title(ctx, visit), day=Day(day=visit.signed.on))
