"""Taking part: signing up, the form, and leaving."""

from bot.answer import parts
from bot.calendar import meeting_file
from bot.kit import (
    ANYWHERE,
    DIRECT,
    GAP,
    PRIVATE,
    Answer,
    Ask,
    Button,
    Call,
    Confirm,
    Context,
    Refusal,
    Rest,
    Role,
    Say,
    Sayable,
    Value,
    _,
    command,
    fold,
    lines,
    listing,
)
from programme import meetings, participation, rooms
from programme.edition import Meeting, Question
from programme.exchange import Phase
from programme.records import Participant
from programme.text import Day

SKIP = "-"


@command(
    nl="aanmelden, inschrijven, meedoen",
    en="signup, sign up, join, register",
    who=Role.ANYBODY,
    where=ANYWHERE,
    during={Phase.SIGNUP},
    by_phone=True,
    help=_("Signs you up for the programme."),
)
def signup(ctx: Context) -> Answer:
    """Take somebody in, after showing what it asks and costs; late ones go to the waiting list."""
    late = participation.may_sign_up(ctx.exchange, ctx.me.id) == "late"
    if not ctx.confirmed:
        return Confirm(_closed(ctx) if late else _offer(ctx))
    return _wait(ctx) if late else _begin(ctx)


def _offer(ctx: Context) -> Sayable:
    edition = ctx.edition
    rows: list[Value] = [
        _("{edition} is for {audience}.", edition=edition.name, audience=edition.audience),
        edition.purpose,
        _("The visits are from {period}.", period=edition.period("visits")),
        *(
            _("{meeting}: {when}.", meeting=m.name, when=meetings.in_the_agenda(m, edition.zone))
            for m in edition.meetings
        ),
    ]
    if edition.price is not None:
        rows.append(_("Taking part costs {price}.", price=edition.price))
    return lines(*rows, _("Do you want to take part?"))


def _closed(ctx: Context) -> Sayable:
    closes = Day(day=ctx.edition.windows["signup"].closes)
    return _(
        "Sign-up for {edition} closed on {day}. Shall I put you on the waiting list? The coordinator decides.",
        edition=ctx.edition.name,
        day=closes,
    )


def _wait(ctx: Context) -> Answer:
    ctx.save(ctx.me, participation.waiting(ctx.exchange, ctx.me.id))
    number = len(ctx.exchange.waiting())
    return [
        Say(
            _(
                "You are number {number} on the waiting list. You will hear from me when there is room. You need not do anything.",
                number=number,
            )
        ),
        _for_desk(ctx),
    ]


def _begin(ctx: Context) -> Answer:
    part = participation.begun(ctx.exchange, ctx.me)
    ctx.save(ctx.me, part)
    return [
        Say(
            _(
                "Good that you want to take part. I have a few questions. You can stop at any time. Going on, or changing an answer, is done later with {how}.",
                how=Call(command="form"),
            )
        ),
        *_known(ctx, part),
        *parts(_next(ctx, part)),
    ]


def _known(ctx: Context, part: Participant) -> list[Say]:
    """What need not be asked any more, because the coordinator's list had it."""
    known: list[Value] = [q.shown(part.answers[q.key]) for q in ctx.edition.form if q.key in part.answers]
    return (
        [Say(_("This I know already: {facts}. So I begin with the next question.", facts=listing(known)))]
        if known
        else []
    )


@command(
    nl="formulier",
    en="form",
    where=PRIVATE,
    during={Phase.SIGNUP, Phase.PREFERENCES},
    examples=("", "organisatie"),
    by_phone=True,
    help=_("Shows your form, goes on with it, or changes one answer."),
)
def form(ctx: Context, field: str = "", answer: Rest = Rest("")) -> Answer:
    """Ask the next question, keep an answer, or show everything that is kept."""
    part = ctx.exchange.participant(ctx.me.id)
    if part.state in ("waiting", "offered") and not part.answers:
        raise Refusal(_("There is nothing to fill in yet. See how you stand with {how}.", how=Call(command="overview")))
    if not field:
        return _next(ctx, part) if part.state == "form" else _receipt(ctx, part)
    question, given = _question_and_answer(ctx, field, answer)
    if not given:
        return _ask(ctx, question)
    return _answered(ctx, part, question, "" if given == SKIP and question.optional else given)


def _question_and_answer(ctx: Context, field: str, answer: str) -> tuple[Question, str]:
    """Take the name of the question off: it may be a label of more words, as the receipt shows it."""
    words = f"{field} {answer}".split()
    for question in ctx.edition.form:
        for label in (question.label.nl, question.label.en):
            length = len(label.split())
            if length > 1 and fold(" ".join(words[:length])) == fold(label):
                return question, " ".join(words[length:])
    return _question(ctx, field), answer


def _question(ctx: Context, word: str) -> Question:
    for question in ctx.edition.form:
        labels = (question.key, question.label.nl, question.label.en)
        if any(fold(word) in fold(label) for label in labels):
            return question
    labelled: list[Value] = [question.label for question in ctx.edition.form]
    raise Refusal(
        _("The form has no question about {word}. Choose from: {questions}.", word=word, questions=listing(labelled))
    )


def _answered(ctx: Context, part: Participant, question: Question, answer: str) -> Answer:
    if question.key == "places" and part.state == "in":
        participation.must_still_offer(ctx.exchange)
    part = participation.answered(ctx.exchange, part, question.key, answer)
    ctx.save(part)
    if part.state == "form":
        return _next(ctx, part)
    if part.state == "in":  # who waits stays waiting, however complete the form
        _complete(ctx, part)
    return lines(_("Changed."), _receipt(ctx, part))


def _next(ctx: Context, part: Participant) -> Answer:
    key = participation.next_question(ctx.exchange, part)
    if key is not None:
        return _ask(ctx, ctx.edition.question(key))
    if not participation.may_complete(ctx.exchange, part):
        return _too_late(ctx, part)
    part = _complete(ctx, part)
    return lines(_("You take part in {edition}.", edition=ctx.edition.name), _receipt(ctx, part), _after_form(ctx))


def _too_late(ctx: Context, part: Participant) -> Answer:
    ctx.save(part.model_copy(update={"state": "waiting", "since": ctx.now}))
    return [
        Say(
            _(
                "Your form is complete, but sign-up has closed. You are on the waiting list now; the coordinator decides. You will hear from me."
            )
        ),
        _for_desk(ctx),
    ]


def _for_desk(ctx: Context) -> Say:
    how = Call(command="admit", arguments=(ctx.me.id,))
    return Say(
        _("{name} is on the waiting list. Let them in with {how}.", name=ctx.name(ctx.me.id), how=how),
        rooms.desk(ctx.edition.id),
    )


@command(
    nl="ik doe mee",
    en="take room",
    where=DIRECT,
    during=set(),
    by_phone=True,
    help=_("Says yes when room has come free for you."),
)
def take_room(ctx: Context) -> Answer:
    """Take the room that came free: go on with the form."""
    part = participation.invited(ctx.exchange, ctx.me.id)
    part = part.model_copy(update={"state": "form", "admitted": True, "room_until": None})
    ctx.save(part)
    return [
        Say(_("{name} said yes and wants to take part.", name=ctx.me.shown), rooms.desk(ctx.edition.id)),
        *parts(_next(ctx, part)),
    ]


def _complete(ctx: Context, part: Participant) -> Participant:
    part, place, round_ = participation.completed(ctx.exchange, part)
    ctx.save(part, round_, *([place] if place else []))
    return part


def _after_form(ctx: Context) -> Sayable:
    opens = ctx.edition.windows["preferences"]
    if ctx.edition.has_begun("preferences", ctx.now):
        return _("Next: look at the places with {how}.", how=Call(command="places"))
    return _(
        "From {day} you can see the places and give your preferences. I will send you a message then.",
        day=Day(day=opens.opens),
    )


def _ask(ctx: Context, question: Question) -> Ask:
    number = [q.key for q in ctx.edition.form].index(question.key) + 1
    text = _(
        "Question {number} of {total}. {question}", number=number, total=len(ctx.edition.form), question=question.ask
    )
    said = lines(text, _("Type your answer, or skip it.")) if question.optional else text
    call = Call(command="form", arguments=(question.key, GAP))
    before = ctx.edition.form[number - 2] if number > 1 else None
    return Ask(
        said,
        call,
        _choices(question),
        to=rooms.direct(ctx.me.id),
        back=Call(command="form", arguments=(before.key,)) if before else None,
        resume=Call(command="form"),
    )


def _choices(question: Question) -> list[Button]:
    if question.kind == "yes_no":
        return [_choice(question, _("Yes"), "ja"), _choice(question, _("No"), "nee")]
    buttons = [_choice(question, choice, choice.nl) for choice in question.choices]
    return [*buttons, *([_choice(question, _("Skip"), SKIP)] if question.optional else [])]


def _choice(question: Question, label: Sayable, answer: str) -> Button:
    return Button(label=label, call=Call(command="form", arguments=(question.key, answer)))


def _receipt(ctx: Context, part: Participant) -> Sayable:
    rows: list[Value] = [
        _("- {label}: {answer}", label=q.label, answer=q.shown(part.answers[q.key]) or "-")
        for q in ctx.edition.form
        if q.key in part.answers
    ]
    how = Call(
        command="form",
        arguments=(ctx.edition.form[0].label.en if ctx.language == "en" else ctx.edition.form[0].label.nl,),
    )
    return lines(
        _("This is what I keep about you:"), *rows, _("You can change something, for example with {how}.", how=how)
    )


@command(
    nl="terugtrekken",
    en="withdraw",
    where=PRIVATE,
    during={Phase.SIGNUP, Phase.PREFERENCES, Phase.MATCHING, Phase.VISITS},
    by_phone=True,
    help=_("Takes you out of the programme. I ask first whether you are sure."),
)
def withdraw(ctx: Context) -> Answer:
    """Let somebody leave; the coordinator hears that a place came free, and never why."""
    part = ctx.exchange.participant(ctx.me.id)
    if part.state == "offered":
        raise Refusal(
            _(
                "There is room for you in {edition}, and you have not taken it yet. Do you not want it? Type {how}.",
                edition=ctx.edition.name,
                how=Call(command="leave_room"),
            )
        )
    visits = ctx.exchange.visits_of(ctx.me.id)
    if not ctx.confirmed:
        return Confirm(_leaving(ctx, matched=bool(visits)))
    name, seats = ctx.name(ctx.me.id), meetings.seats_left_by(ctx.exchange, ctx.me.id)
    ctx.save(*participation.withdrawn(ctx.exchange, part))
    return [
        Say(
            _(
                "You have left {edition}. Thank you for letting me know. Do you want to come back? Call or mail {contact}.",
                edition=ctx.edition.name,
                contact=str(ctx.edition.contact),
            )
        ),
        Say(
            _("{name} has left {edition}.", name=name, edition=ctx.edition.name), rooms.desk(ctx.edition.id), wake=True
        ),
        *(_moved_up(ctx, session, person) for session, person in seats),
    ]


def _moved_up(ctx: Context, session: Meeting, person: str) -> Say:
    """Tell who gets the seat in a network session."""
    text = meetings.seat_came_free(ctx.exchange, session)
    return Say(text, rooms.direct(person), file=meeting_file(ctx, session, person), wake=True)


def _leaving(ctx: Context, *, matched: bool) -> Sayable:
    rows: list[Value] = [
        _("You are leaving {edition}. Your place and your preferences will be removed.", edition=ctx.edition.name)
    ]
    if matched:
        rows.append(
            _("You have a match. The coordinator will find a solution for the others. I do not ask why you leave.")
        )
    return lines(*rows, _("Are you sure?"))
