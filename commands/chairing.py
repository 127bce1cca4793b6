"""Leading a session: the clock, the order of the phases, who leads and whose case it is; and what anybody may do, stopping it."""

from bot.intervision.room_check import must_be_closed
from bot.intervision.sitting import acted, in_session
from bot.kit import Annotated, Answer, Choice, Context, Person, Refusal, Rest, Role, Say, _, command
from programme import rooms
from programme.intervision import chairing, coming, slow_chairing
from programme.intervision.calls import END_NOW, EXTEND, NEXT, SKIP
from programme.intervision.sitting import Sitting
from programme.records import Group

A_FEW = 3
"""Minutes, where no number was given."""
Sure = Annotated[str, Choice({"now": ("nu", "now")})]
Unit = Annotated[str, Choice({"days": ("dag", "dagen", "werkdag", "werkdagen", "days", "day")})]


@in_session(
    nl="verleng",
    en="extend",
    home="chair",
    examples=("3", "5"),
    help=_("In a session: gives the phase more minutes, or more days when it goes over days."),
)
def extend(ctx: Context, number: int = 0, unit: Unit = "") -> Answer:
    """Give the phase more time: minutes at the table, working days in a slow session."""
    return acted(ctx, lambda it: _longer(ctx, it, number, unit))


def _longer(ctx: Context, sitting: Sitting, number: int, unit: str) -> Sitting:
    if sitting.session.slow:
        return slow_chairing.extended(sitting, ctx.me.id, number or 1)
    if unit:
        raise Refusal(_("This session counts in minutes. Give more with {how}.", how=EXTEND))
    return chairing.extended(sitting, ctx.me.id, number or A_FEW)


@in_session(
    nl="pauze, pauzeer",
    en="pause",
    home="chair",
    help=_("In a session: stops the clock."),
)
def pause(ctx: Context) -> Answer:
    """Stop the clock for a while."""
    return acted(ctx, lambda it: chairing.paused(it, ctx.me.id))


@in_session(
    nl="hervat, verder",
    en="resume",
    home="chair",
    help=_("In a session: goes on after a pause."),
)
def resume(ctx: Context) -> Answer:
    """Go on, in the room and only when it is closed again."""
    return acted(ctx, lambda it: chairing.resumed(_closed_again(ctx, it), ctx.me.id))


def _closed_again(ctx: Context, sitting: Sitting) -> Sitting:
    sitting.must_chair(ctx.me.id)
    if ctx.at_direct:
        raise Refusal(_("Type this in the room of your group, so that I can see who is there."))
    group = ctx.state.get(Group, sitting.session.group)
    must_be_closed(ctx.facts, group.members if group else sitting.session.members)
    return sitting


@in_session(
    nl="terug",
    en="back",
    home="chair",
    help=_("In a session: begins the phase before this one again."),
)
def back(ctx: Context) -> Answer:
    """Go back one phase."""
    return acted(ctx, lambda it: chairing.gone_back(it, ctx.me.id))


@in_session(
    nl="overslaan",
    en="skip",
    home="chair",
    help=_("In a session: leaves this whole phase for the next one."),
)
def skip(ctx: Context, who: Rest = Rest("")) -> Answer:
    """Leave this phase. With a name it is another word that was meant."""
    if who:
        text = _(
            "{skip} leaves a whole phase. Do you want to go on without {name}? Type {next}.",
            skip=SKIP,
            name=who,
            next=NEXT,
        )
        return Say(text, rooms.direct(ctx.me.id))
    return acted(ctx, lambda it: chairing.skipped(it, ctx.me.id))


@command(
    nl="inbrenger",
    en="presenter",
    who=Role.PARTICIPANT,
    during=(),
    examples=("anna", "bram"),
    asks={"person": _("Whose case is it?")},
    help=_("In a session: the facilitator says whose case it is."),
)
def presenter(ctx: Context, person: Person) -> Answer:
    """Say whose case it is."""
    return acted(ctx, lambda it: chairing.presenter_named(it, ctx.me.id, person.id))


@command(
    nl="begeleider, voorzitter",
    en="facilitator, chair",
    who=Role.PARTICIPANT,
    during=(),
    examples=("anna", "bram"),
    asks={"person": _("Who is to lead from now on?")},
    help=_("In a session: the facilitator hands over to somebody else."),
)
def facilitator(ctx: Context, person: Person) -> Answer:
    """Hand over the lead."""
    return acted(ctx, lambda it: coming.handed_over(it, ctx.me.id, person.id))


@in_session(
    nl="afronden, einde sessie",
    en="end session",
    home="chair",
    examples=("", "nu"),
    help=_("In a session: the facilitator ends the whole session."),
)
def end_session(ctx: Context, sure: Sure = "") -> Answer:
    """End the session; before its last phase only when that is said with it."""
    return acted(ctx, lambda it: chairing.ended(it if sure else _at_its_last_phase(it), ctx.me.id))


def _at_its_last_phase(sitting: Sitting) -> Sitting:
    if sitting.session.phase + 1 < len(sitting.session.plan) and sitting.session.ended is None:
        raise Refusal(_("The session has not come to its last phase. End it now with {how}.", how=END_NOW))
    return sitting


# ── what anybody may do ──────────────────────────────────────────────────────────────────────────────────────────────────────


@in_session(
    nl="zonder",
    en="without",
    home="chair",
    examples=("anna", "bram"),
    help=_("In a session: goes on without somebody who is not there any more."),
)
def without(ctx: Context, person: Person) -> Answer:
    """Wait no longer for somebody; who says something again takes part again."""
    return acted(ctx, lambda it: coming.gone(it, ctx.me.id, person.id))


@in_session(
    nl="stop, noodrem",
    en="stop",
    home="turn",
    help=_("In a session: pauses it at once. Nobody asks why."),
)
def stop(ctx: Context) -> Answer:
    """Pause at once, from the room or from the direct chat; nobody is told who said it."""
    return acted(ctx, lambda it: chairing.stopped(it, ctx.me.id))


@in_session(
    nl="overnemen",
    en="take over",
    help=_("In a session: you lead, when the facilitator is silent for two minutes."),
)
def take_over(ctx: Context) -> Answer:
    """Become the facilitator in place of one who has gone silent."""
    return acted(ctx, lambda it: coming.taken_over(it, ctx.me.id))


@in_session(
    nl="parkeer",
    en="park",
    examples=("", "planning"),
    help=_("In a session: keeps something for later. I only count it."),
)
def park(ctx: Context, what: Rest = Rest("")) -> Answer:  # noqa: ARG001 - the room has read it; it goes no further
    """Count something that is kept for later."""
    return acted(ctx, lambda it: chairing.parked(it, ctx.me.id))
