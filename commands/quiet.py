"""Not being disturbed for a while: what would be said waits, and what is of no use any more by then is not said."""

from datetime import date, timedelta

from bot.dates import parse_until
from bot.kit import DIRECT, Answer, Call, Context, Rest, Text, Value, _, command, fold, lines
from programme import participation
from programme.records import Participant
from programme.text import Day
from storage.letters import Gathered

OFF = frozenset({"uit", "off", "niet", "klaar"})


@command(
    nl="niet storen",
    en="do not disturb",
    where=DIRECT,
    examples=("t/m vrijdag", "uit"),
    by_phone=True,
    help=_("Sends you no reminders for a while. What you are asked waits until after it."),
)
def do_not_disturb(ctx: Context, until: Rest = Rest("")) -> Answer:
    """Keep through which day somebody wants no reminders, end it, or tell how it stands."""
    if not until:
        return _standing(ctx)
    if fold(until) in OFF:
        return _ended(ctx)
    last = parse_until(until, ctx.today)
    part = participation.left_alone(ctx.exchange, ctx.exchange.participant(ctx.me.id), last)
    ctx.save(part)
    _wait_no_longer(ctx, last)
    return lines(
        _standing(ctx),
        *_missed(ctx, part),
        _("What is still of use comes after that. Matches, questions of others and changes of a day come at once."),
        _("Is there something now? See it with {how}.", how=Call(command="overview")),
    )


def _missed(ctx: Context, part: Participant) -> list[Value]:
    """The last day of what would pass unnoticed."""
    closes = ctx.edition.windows["preferences"].closes
    if part.preferences or not part.takes_part or not part.rests(closes) or ctx.edition.is_over("preferences", ctx.now):
        return []
    return [
        _("Note: you can give your preferences until the end of {day}. I will not remind you.", day=Day(day=closes))
    ]


def _standing(ctx: Context) -> Text:
    part = ctx.exchange.participant(ctx.me.id)
    if part.undisturbed is None or not part.rests(ctx.today):
        week = Call(command="do_not_disturb", arguments=(f"t/m {ctx.today + timedelta(days=7):%d-%m-%Y}",))
        return _("I send you reminders. Do you want none for a while? Type for example {how}.", how=week)
    return _(
        "I send you no reminders until the end of {day}. End it sooner with {how}.",
        day=Day(day=part.undisturbed),
        how=Call(command="do_not_disturb", arguments=("off" if ctx.language == "en" else "uit",)),
    )


def _ended(ctx: Context) -> Answer:
    """Send reminders again; what waited comes on the next working day."""
    part = ctx.exchange.participant(ctx.me.id)
    ctx.save(part.model_copy(update={"undisturbed": None}))
    _wait_no_longer(ctx, ctx.today)
    return _("I send you reminders again. See what is asked of you now with {how}.", how=Call(command="overview"))


def _wait_no_longer(ctx: Context, last: date) -> None:
    """What waits for a later day comes after this one: an earlier wish may have put it off further."""
    gathered = ctx.state.get(Gathered, ctx.me.id)
    if gathered is not None and gathered.day > last:
        ctx.save(gathered.model_copy(update={"day": last}))
