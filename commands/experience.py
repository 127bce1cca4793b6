"""Experiences: three short questions after the visit, and the bundle for the closing meeting."""

from bot.answer import TEN_MINUTES
from bot.kit import (
    DESK,
    DIRECT,
    GAP,
    Annotated,
    Answer,
    Ask,
    Button,
    Call,
    Choice,
    Confirm,
    Context,
    File,
    Refusal,
    Rest,
    Role,
    Say,
    Text,
    Value,
    _,
    _n,
    command,
    lines,
)
from programme import experience as rules
from programme import rooms
from programme.exchange import Phase
from programme.records import Experience, Sharing

SHARINGS: dict[Sharing, Text] = {
    "private": _("Only I"),
    "cohort": _("Everybody in the programme, with my name"),
    "anonymous": _("Everybody in the programme, without my name"),
}
READ_BY: dict[Sharing, Text] = {
    "private": _("Thank you. Only you can read it."),
    "cohort": _("Thank you. Everybody in the programme can read it, with your name."),
    "anonymous": _("Thank you. Everybody in the programme can read it, without your name."),
}
SHARING = Choice(
    {"private": ("privé", "private"), "cohort": ("groep", "cohort"), "anonymous": ("anoniem", "anonymous")}
)


@command(
    nl="ervaring",
    en="experience",
    where=DIRECT,
    during={Phase.VISITS, Phase.CLOSED},
    examples=("", "anoniem"),
    instead="experiences",
    help=_("Three short questions after your visit. You choose who reads the answers."),
)
def experience(ctx: Context, sharing: Annotated[str, SHARING] = "") -> Answer:
    """Ask who may read it, then the first question."""
    _must_have_questions(ctx)
    if not sharing:
        ctx.exchange.active(ctx.me.id)
        return _asked_who(ctx)
    return _gone_on(ctx, sharing, ())


@command(
    nl="ervaring antwoord",
    en="experience answer",
    where=DIRECT,
    during=set(),
    examples=('anoniem "de rust in de zaal"', "privé veel"),
    help=_("Answers a question about your visit. I ask them one by one."),
)
def experience_answer(
    ctx: Context, sharing: Annotated[str, SHARING], first: str, second: str = "", third: Rest = Rest("")
) -> Answer:
    """Take in the answers so far, and ask the next question; keep all when they are complete."""
    _must_have_questions(ctx)
    return _gone_on(ctx, sharing, tuple(answer for answer in (first, second, third) if answer))


def _gone_on(ctx: Context, sharing: str, given: tuple[str, ...]) -> Answer:
    part = ctx.exchange.active(ctx.me.id)
    chosen = next(it for it in SHARINGS if it == sharing)
    rules.must_be_free(part, ctx.state.all(Experience, edition=ctx.edition.id), chosen)
    answers = [rules.must_fit(answer) for answer in given]
    if len(answers) < len(ctx.edition.experience):
        return _asked(ctx, (sharing, *given), len(answers))
    ctx.save(rules.written(ctx.exchange, part, chosen, answers, ctx.secret()), part.model_copy(update={"shared": True}))
    return lines(READ_BY[chosen], _after(chosen))


def _must_have_questions(ctx: Context) -> None:
    if not ctx.exchange.round.published or not ctx.edition.experience:
        raise Refusal(
            _("There is nothing to write down yet. See how you stand with {how}.", how=Call(command="overview"))
        )


def _asked_who(ctx: Context) -> Answer:
    mine = ctx.state.get(Experience, f"{ctx.edition.id}/person/{ctx.me.id}")
    text: list[Value] = [_written(ctx, mine)] if mine else []
    choices = [Button(label=SHARINGS[it], call=Call(command="experience", arguments=(it,))) for it in SHARINGS]
    asked = _(
        "It is three short questions. Who may read your answers? An anonymous answer I cannot find again, also not for you."
    )
    return Ask(lines(*text, asked), choices=choices, to=rooms.direct(ctx.me.id), until=TEN_MINUTES)


def _written(ctx: Context, mine: Experience) -> Value:
    rows: list[Value] = [
        _("- {question} {answer}", question=question, answer=answer or "-")
        for question, answer in zip(ctx.edition.experience, mine.answers, strict=False)
    ]
    how = Call(command="experience_remove")
    return lines(_("This is what you wrote. Take it back with {how}, or answer anew.", how=how), *rows)


def _asked(ctx: Context, given: tuple[str, ...], number: int) -> Ask:
    total = len(ctx.edition.experience)
    text = _(
        "Question {number} of {total}. {question}",
        number=number + 1,
        total=total,
        question=ctx.edition.experience[number],
    )
    skip = Call(command="experience_answer", arguments=(*given, rules.SKIP))
    return Ask(text, Call(command="experience_answer", arguments=(*given, GAP)), [Button(label=_("Skip"), call=skip)])


def _after(sharing: Sharing) -> Value:
    if sharing == "anonymous":
        return _(
            "Your name does not stand with it. It is shown when at least {n} people answered this way.", n=rules.ENOUGH
        )
    return _("You can read it or take it back with {how}.", how=Call(command="experience"))


@command(
    nl="ervaring weg",
    en="experience remove",
    where=DIRECT,
    during=set(),
    help=_("Takes back what you wrote about your visit."),
)
def experience_remove(ctx: Context) -> Answer:
    """Remove somebody's own experience; an anonymous one belongs to nobody any more."""
    part = ctx.exchange.active(ctx.me.id)
    id_ = f"{ctx.edition.id}/person/{ctx.me.id}"
    if ctx.state.get(Experience, id_) is None:
        raise Refusal(
            _("There is nothing under your name. Write something down with {how}.", how=Call(command="experience"))
        )
    if not ctx.confirmed:
        return Confirm(_("Shall I remove what you wrote about your visit?"))
    ctx.state.delete(Experience, id_)
    ctx.save(part.model_copy(update={"shared": False}))
    return _("It has been removed. Write something new with {how}.", how=Call(command="experience"))


@command(
    nl="ervaringen",
    en="experiences",
    where=DESK,
    who=Role.COORDINATOR,
    during={Phase.VISITS, Phase.CLOSED},
    help=_("Gives you what participants want to share, as a file for the closing meeting."),
)
def experiences(ctx: Context) -> Answer:
    """Hand over the bundle: with names who chose that, and the anonymous ones from five on. Never a private one."""
    named, anonymous = rules.shown(ctx.state.all(Experience, edition=ctx.edition.id))
    few = _("There are too few anonymous answers to show them (fewer than {n}).", n=rules.ENOUGH)
    if not named and not anonymous:
        return lines(_("There is nothing to share yet."), few)
    text = _n("This is what {n} person shares.", "This is what {n} people share.", n=len(named) + len(anonymous))
    return Say(lines(text, *([] if anonymous else [few])), file=_bundle(ctx, named, anonymous))


def _bundle(ctx: Context, named: list[Experience], anonymous: list[Experience]) -> File:
    """A plain text by question, in the language of the coordinator."""
    rows = [ctx.edition.name, ""]
    for number, question in enumerate(ctx.edition.experience):
        rows += [question.nl if ctx.language == "nl" else question.en, ""]
        rows += [f"- {it.answers[number]} ({ctx.name(it.person)})" for it in named if it.answers[number]]
        # Sorted anew for each question: the answers of one person cannot be put together again.
        rows += sorted(f"- {it.answers[number]}" for it in anonymous if it.answers[number])
        rows.append("")
    return File(name="ervaringen.txt", mime="text/plain", content="\n".join(rows).encode())
