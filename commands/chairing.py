"""Leading a session: the clock, the order of the phases, who leads and whose case it is; and what anybody may do, stopping it."""

from bot.intervision.room_check import must_be_closed
from bot.intervision.sitting import acted, in_session
from bot.kit import Annotated, Answer, Choice, Context, Person, Refusal, Rest, Say, _
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
    help=_("Gives the phase more minutes, or more days when it goes over days."),
)
def extend(ctx: Context, number: int = 0, unit: Unit = "") -> Answer:
    """Give the phase more time: minutes at the table, working days in a slow session."""
    return acted(ctx, _longer, number, unit)


def _longer(sitting: Sitting, person: str, number: int, unit: str) -> Sitting:
    if sitting.session.slow:
        return slow_chairing.extended(sitting, person, number or 1)
    if unit:
        raise Refusal(_("This session counts in minutes. Give more with {how}.", how=EXTEND))
    return chairing.extended(sitting, person, number or A_FEW)


@in_session(nl="pauze, pauzeer", en="pause", home="chair", help=_("Stops the clock."))
def pause(ctx: Context) -> Answer:
    """Stop the clock for a while."""
    return acted(ctx, chairing.paused)


@in_session(nl="hervat", en="resume", home="chair", help=_("Goes on after a pause."))
def resume(ctx: Context) -> Answer:
    """Go on, in the room and only when it is closed again."""
    return acted(ctx, lambda it, me: chairing.resumed(_closed_again(ctx, it), me))


def _closed_again(ctx: Context, sitting: Sitting) -> Sitting:
    sitting.must_chair(ctx.me.id)
    if ctx.at_direct:
        raise Refusal(_("Type this in the room of your group, so that I can see who is there."))
    group = ctx.state.get(Group, sitting.session.group)
    must_be_closed(ctx.facts, group.members if group else sitting.session.members)
    return sitting


@in_session(nl="terug", en="back", home="chair", help=_("Begins the phase before this one again."))
def back(ctx: Context) -> Answer:
    """Go back one phase."""
    return acted(ctx, chairing.gone_back)


@in_session(nl="overslaan", en="skip", home="chair", help=_("Leaves this whole phase for the next one."))
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
    return acted(ctx, chairing.skipped)


@in_session(
    nl="inbrenger",
    en="presenter",
    examples=("anna", "bram"),
    asks={"person": _("Whose case is it?")},
    help=_("The facilitator says whose case it is."),
)
def presenter(ctx: Context, person: Person) -> Answer:
    """Say whose case it is."""
    return acted(ctx, chairing.presenter_named, person.id)


@in_session(
    nl="begeleider, voorzitter",
    en="facilitator, chair",
    examples=("anna", "bram"),
    asks={"person": _("Who is to lead from now on?")},
    help=_("The facilitator hands over to somebody else."),
)
def facilitator(ctx: Context, person: Person) -> Answer:
    """Hand over the lead."""
    return acted(ctx, coming.handed_over, person.id)


@in_session(
    nl="afronden, einde sessie",
    en="end session",
    home="chair",
    examples=("", "nu"),
    help=_("Ends the whole session."),
)
def end_session(ctx: Context, sure: Sure = "") -> Answer:
    """End the session; before its last phase only when that is said with it."""
    return acted(ctx, chairing.ended if sure else _ended_in_time)


def _ended_in_time(sitting: Sitting, person: str) -> Sitting:
    if sitting.session.phase + 1 < len(sitting.session.plan) and sitting.session.ended is None:
        raise Refusal(_("The session has not come to its last phase. End it now with {how}.", how=END_NOW))
    return chairing.ended(sitting, person)


# ── what anybody may do ──────────────────────────────────────────────────────────────────────────────────────────────────────


@in_session(
    nl="zonder",
    en="without",
    home="chair",
    examples=("anna", "bram"),
    help=_("Goes on without somebody who is not there any more."),
)
def without(ctx: Context, person: Person) -> Answer:
    """Wait no longer for somebody; who says something again takes part again."""
    return acted(ctx, coming.gone, person.id)


@in_session(nl="stop, noodrem", en="stop", home="turn", help=_("Pauses it at once. Nobody asks why."))
def stop(ctx: Context) -> Answer:
    """Pause at once, from the room or from the direct chat; nobody is told who said it."""
    return acted(ctx, chairing.stopped)


@in_session(nl="overnemen", en="take over", help=_("You lead, when the facilitator is silent for two minutes."))
def take_over(ctx: Context) -> Answer:
    """Become the facilitator in place of one who has gone silent."""
    return acted(ctx, coming.taken_over)


@in_session(nl="parkeer", en="park", examples=("", "planning"), help=_("Keeps something for later. I only count it."))
def park(ctx: Context, what: Rest = Rest("")) -> Answer:  # noqa: ARG001 - the room has read it; it goes no further
    """Count something that is kept for later."""
    return acted(ctx, chairing.parked)
