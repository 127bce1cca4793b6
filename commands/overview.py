"""What is expected of somebody now, what comes, and the calendar file."""

from bot.calendar import meeting_entry, visit_entries
from bot.kit import ANYWHERE, DIRECT, Answer, Call, Context, Role, Say, Value, _, calendar_file, command, lines, listing
from programme import preferences
from programme.exchange import Phase
from programme.meetings import in_the_agenda
from programme.records import Participant, State
from programme.text import Day
from programme.visits import matches_to_come, spans


@command(
    nl="overzicht, status, waar",
    en="overview, status",
    where=DIRECT,
    instead="state",
    help=_("Shows what is expected of you now, and when."),
)
def overview(ctx: Context) -> Answer:
    """Tell somebody the one thing to do now, and what comes after it."""
    part = ctx.exchange.participant(ctx.me.id)
    return lines(
        _("{edition}, this is where you are:", edition=ctx.edition.name),
        *_now(ctx, part),
        *_quiet(ctx, part),
        _("See all dates with {how}.", how=Call(command="schedule")),
    )


def _now(ctx: Context, part: Participant) -> list[Value]:
    if part.state != "in":
        return [WAITS[part.state]]
    match ctx.exchange.phase:
        case Phase.BEFORE | Phase.SIGNUP:
            opens = Day(day=ctx.edition.windows["preferences"].opens)
            return [
                _(
                    "You take part. From {day} you can see the places and give your preferences. I will send you a message then.",
                    day=opens,
                )
            ]
        case Phase.PREFERENCES:
            return _preferences(ctx, part)
        case Phase.MATCHING:
            return [matches_to_come(ctx.exchange)]
        case _:
            return _visits(ctx)


def _quiet(ctx: Context, part: Participant) -> list[Value]:
    """That they asked not to be disturbed: nothing comes by itself now."""
    if part.undisturbed is None or not part.rests(ctx.today):
        return []
    return [_("I send you no reminders until the end of {day}, as you asked.", day=Day(day=part.undisturbed))]


WAITS: dict[State, Value] = {
    "form": _("Your form is not finished yet. Go on with {how}.", how=Call(command="form")),
    "waiting": _("You are on the waiting list. You will hear from me when there is room."),
    "offered": _(
        "There is room for you. Say yes with {yes}, or no with {no}.",
        yes=Call(command="take_room"),
        no=Call(command="leave_room"),
    ),
    "withdrawn": _("You have left the programme."),
}


def _preferences(ctx: Context, part: Participant) -> list[Value]:
    closes = Day(day=ctx.edition.windows["preferences"].closes)
    if not part.preferences:
        rows: list[Value] = [_("I wait for your preferences. You can give them until the end of {day}.", day=closes)]
        rows.append(
            _(
                "Look at the places with {places}, then type for example {prefer}.",
                places=Call(command="places"),
                prefer=preferences.example(ctx.edition),
            )
        )
        return rows
    names: list[Value] = [ctx.exchange.places[n].organisation for n in part.preferences]
    return [_("Your order is {places}. You can change it until {day}.", places=listing(names), day=closes)]


def _visits(ctx: Context) -> list[Value]:
    rows: list[Value] = []
    for visit in ctx.exchange.visits_of(ctx.me.id):
        who = (
            _("Your visit to {host}", host=ctx.name(visit.host))
            if visit.guest == ctx.me.id
            else _("The visit of {guest} to you", guest=ctx.name(visit.guest))
        )
        rows.append(
            _("- {visit}: {days}", visit=who, days=spans(ctx.edition, visit.agreed))
            if visit.agreed
            else _("- {visit}: no day yet", visit=who)
        )
    if ctx.exchange.phase is Phase.CLOSED:
        contact = str(ctx.edition.contact)
        return [*rows, _("The visiting period is over. Is something left? Call or mail {contact}.", contact=contact)]
    if any(not visit.agreed for visit in ctx.exchange.visits_of(ctx.me.id)):
        rows.append(
            _("Propose a day with {how}.", how=Call(command="propose", arguments=(ctx.exchange.example_day(),)))
        )
    return rows


@command(
    nl="agenda, data",
    en="schedule, agenda, dates",
    who=Role.ANYBODY,
    where=ANYWHERE,
    help=_("Shows the dates of the programme."),
)
def schedule(ctx: Context) -> Answer:
    """List what comes, in order; in the direct chat with the own visits."""
    edition = ctx.edition
    signup, preferences, visits = (edition.period(name) for name in ("signup", "preferences", "visits"))
    rows: list[tuple[str, Value]] = [
        (signup.first.isoformat(), _("- Sign-up: {period}", period=signup)),
        (preferences.first.isoformat(), _("- Preferences: {period}", period=preferences)),
        (edition.publish.isoformat(), _("- Matches known: by {day}", day=Day(day=edition.publish))),
        (visits.first.isoformat(), _("- Visits: {period}", period=visits)),
    ]
    rows += [
        (m.day.isoformat(), _("- {meeting}: {when}", meeting=m.name, when=in_the_agenda(m, edition.zone)))
        for m in (*edition.meetings, *edition.network)
    ]
    if ctx.at_direct:
        rows += [
            (
                v.agreed[0].day.isoformat(),
                _(
                    "- Visit of {guest} to {host}: {days}",
                    guest=ctx.name(v.guest),
                    host=ctx.name(v.host),
                    days=spans(edition, v.agreed),
                ),
            )
            for v in ctx.exchange.visits_of(ctx.me.id)
            if v.agreed
        ]
    dated: list[Value] = [row for _day, row in sorted(rows, key=lambda it: it[0])]
    then = _("Put them in your calendar with {how}.", how=Call(command="calendar"))
    if not ctx.takes_part(edition):
        then = _("See what you can do with {how}.", how=Call(command="help"))
    return lines(_("The dates of {edition}:", edition=edition.name), *dated, then)


@command(
    nl="kalender, ics",
    en="calendar, ics",
    where=DIRECT,
    instead="schedule",
    help=_("Gives you the dates as a file for your calendar."),
)
def calendar(ctx: Context) -> Answer:
    """Hand over one calendar file with the meetings and the own visits."""
    chosen = ctx.exchange.participant(ctx.me.id).network
    meetings = [*ctx.edition.meetings, *(it for it in ctx.edition.network if it.key in chosen)]
    found = [meeting_entry(ctx, meeting, ctx.language) for meeting in meetings]
    for visit in ctx.exchange.visits_of(ctx.me.id):
        found += visit_entries(ctx, visit)
    return Say(
        _("Open this file to put the dates in your calendar. When something moves, ask for it again."),
        file=calendar_file(ctx.edition.id, found, ctx.now),
    )
