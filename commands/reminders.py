"""The reminders of the programme, for the coordinator: what comes when, and moving one that has a day of its own."""

from datetime import date

from bot.kit import DESK, Answer, Call, Confirm, Context, Role, Text, Value, _, _n, command, lines
from programme import amending, nudges
from programme.edition import Edition
from programme.nudges import Nudge
from programme.reminder import WORDS_IN_REMINDERS
from programme.text import Both, Moment

MOST = 15


@command(
    nl="herinneringen",
    en="reminders",
    where=DESK,
    who=Role.COORDINATOR,
    help=_("Lists which reminders of the programme come when."),
)
def reminders(ctx: Context) -> Answer:
    """List what comes, the next first; what depends on a visit or a question has no day yet and is left out."""
    found = [it for it in _coming(ctx, ctx.edition) if it.at > ctx.now]
    if not found:
        return _("No reminder has a day any more. See how it stands with {how}.", how=Call(command="state"))
    left = len(found) - MOST
    more = [_n("And {n} later.", "And {n} later.", n=left)] if left > 0 else []
    how = Call(command="reminder_move")
    return lines(
        _("These reminders come:"),
        *(_row(it) for it in found[:MOST]),
        *more,
        _("Reminders about visits and questions follow those. One with a day of its own you move with {how}.", how=how),
    )


def _coming(ctx: Context, edition: Edition) -> list[Nudge]:
    """The reminders with a day, in order."""
    found = nudges.of_edition(edition, ctx.exchange.round, ctx.free)
    return sorted((it for it in found if it.reminder is not None), key=lambda it: it.at)


def _row(it: Nudge) -> Value:
    assert it.reminder is not None  # noqa: S101 - _coming has looked
    return _("- {when}: {key}", when=Moment(at=it.at), key=it.reminder.key)


@command(
    nl="herinnering verplaats",
    en="reminder move",
    where=DESK,
    who=Role.COORDINATOR,
    examples=("no-day-first 19-10-2026", "no-day-second 02-11-2026"),
    help=_("Moves a reminder that has a day of its own."),
)
def reminder_move(ctx: Context, reminder: str, day: date) -> Answer:
    """Send a reminder on another day, after showing when it comes. Nobody hears of it before that."""
    edition = amending.reminding(ctx.edition, reminder, day, ctx.now)
    (it,) = [it for it in _coming(ctx, edition) if it.reminder is not None and it.reminder.key == reminder]
    if not ctx.confirmed:
        return Confirm(lines(_when(it), _text(it), _("Shall I do it?")))
    ctx.save(edition)
    ctx.about = (reminder, f"{day:%d-%m-%Y}")
    return _("Done. I will send that reminder on {moment}.", moment=Moment(at=it.at))


def _when(it: Nudge) -> Text:
    """When it comes: on the working day after it, for a day on which nobody works."""
    return _("I will send this reminder on {moment}:", moment=Moment(at=it.at))


def _text(it: Nudge) -> Both:
    """What it says, as the file has it; what each person reads is filled in by then."""
    assert it.reminder is not None  # noqa: S101 - chosen by its reminder
    return it.reminder.text.model_copy(update={"values": dict.fromkeys(WORDS_IN_REMINDERS, "…")})
