"""The waiting list: letting somebody in, and who is asked when they do not come."""

from bot.kit import DESK, DIRECT, Answer, Ask, Call, Context, Person, Refusal, Role, Say, Value, _, command, when
from bot.questions import yes_no
from programme import nudges, participation, rooms
from programme.records import Participant
from programme.text import Moment


@command(
    nl="toelaten",
    en="admit",
    where=DESK,
    who=Role.COORDINATOR,
    examples=("anna", "bram"),
    home="desk",
    help=_("Lets somebody from the waiting list take part."),
)
def admit(ctx: Context, person: Person) -> Answer:
    """Offer room to somebody who waits; they have two working days to say yes. Who was late with the form may finish it."""
    part = ctx.exchange.participants.get(person.id)
    if part is not None and part.state == "form" and not participation.may_complete(ctx.exchange, part):
        return _finish(ctx, part)
    if part is None or part.state != "waiting":
        raise Refusal(
            _(
                "{name} is not on the waiting list. See who is with {how}.",
                name=ctx.name(person.id),
                how=Call(command="participants", arguments=("wachtlijst",)),
            )
        )
    asked = _("I am asking {name}. You will hear from me when there is an answer.", name=ctx.name(person.id))
    return [Say(asked), _offer(ctx, part)]


def _offer(ctx: Context, part: Participant) -> Ask:
    until = nudges.room_until(ctx.edition, ctx.now, ctx.free)
    ctx.save(participation.offered(ctx.exchange, part, until))
    return Ask(
        _(
            "There is room for you in {edition}. Do you want to take part? I keep it for you until {moment}. After that I ask the next one on the waiting list.",
            edition=ctx.edition.name,
            moment=Moment(at=until),
        ),
        choices=yes_no(Call(command="take_room"), Call(command="leave_room")),
        to=rooms.direct(part.person),
        until=until - ctx.now,
        wake=True,
    )


def _finish(ctx: Context, part: Participant) -> Answer:
    """Let somebody finish the form after sign-up has closed."""
    ctx.save(part.model_copy(update={"admitted": True}))
    letter = _(
        "You can still take part in {edition}. Finish your form with {how}.",
        edition=ctx.edition.name,
        how=Call(command="form"),
    )
    return [
        Say(_("{name} can finish the form now, and has a message.", name=ctx.name(part.person))),
        Say(letter, rooms.direct(part.person), wake=True),
    ]


@command(
    nl="doe niet mee",
    en="leave room",
    where=DIRECT,
    during=set(),
    by_phone=True,
    help=_("Says no when room has come free for you."),
)
def leave_room(ctx: Context) -> Answer:
    """Leave the room that came free to somebody else."""
    part = participation.invited(ctx.exchange, ctx.me.id)
    ctx.save(participation.passed_over(ctx.exchange, part))
    said_no = _("{name} does not take part.", name=ctx.name(part.person))
    return [Say(_("Thank you for letting me know. Perhaps another time.")), *_to_the_next(ctx, said_no)]


@when("room_over")
def room_over(ctx: Context) -> Answer:
    """Keep room no longer for who did not answer: they are told, and the next one is asked."""
    return [part for late in participation.unanswered(ctx.exchange) for part in _passed_over(ctx, late)]


def _passed_over(ctx: Context, late: Participant) -> list[Say | Ask]:
    ctx.save(participation.passed_over(ctx.exchange, late))
    ctx.close_choices(late.person, "take_room")
    told = _(
        "I did not hear from you, so I keep the room in {edition} for you no longer. Do you still want to take part? Type {how}, then you are on the waiting list again.",
        edition=ctx.edition.name,
        how=Call(command="signup"),
    )
    silent = _("{name} did not answer in time.", name=ctx.name(late.person))
    return [Say(told, rooms.direct(late.person), wake=True), *_to_the_next(ctx, silent)]


def _to_the_next(ctx: Context, why: Value) -> list[Say | Ask]:
    """Ask who has waited longest, and tell the coordinators why."""
    desk = rooms.desk(ctx.edition.id)
    if not (waiting := ctx.exchange.waiting()):
        return [Say(_("{why} Nobody else is on the waiting list.", why=why), desk)]
    following = waiting[0]
    text = _("{why} I am asking the next one on the waiting list: {name}.", why=why, name=ctx.name(following.person))
    return [Say(text, desk), _offer(ctx, following)]
