"""How tightly a session is held to its method: quiet, with hints, or so that only who has the turn can post."""

from bot.intervision.sessions import session_in, sitting_of
from bot.intervision.sitting import acted, in_session, kept
from bot.kit import Annotated, Answer, Choice, Context, Refusal, _, when
from programme.intervision import levels
from programme.intervision.happenings import Level
from programme.intervision.sitting import Sitting

Wanted = Annotated[
    Level,
    Choice({"quiet": ("rustig", "quiet"), "coach": ("begeleid", "coach"), "strict": ("streng", "strict")}),
]
Answered = Annotated[str, Choice({"yes": ("ja", "yes"), "no": ("nee", "no"), "off": ("uit", "off")})]


@in_session(
    nl="niveau",
    en="level",
    examples=("rustig", "begeleid"),
    asks={"wanted": _("Which level? Quiet: only the time. Coach: hints too. Strict: only who has the turn can post.")},
    help=_("How tightly I keep the turns: quiet, coach or strict."),
)
def level(ctx: Context, wanted: Wanted) -> Answer:
    """Set the level; the strict one is asked of everybody first."""
    return acted(ctx, lambda it, _me: _leading(ctx, it, wanted))


@in_session(
    nl="streng",
    en="strict",
    examples=("", "uit"),
    help=_("Only who has the turn can post, once everybody says yes. Anybody calls it off."),
)
def strict(ctx: Context, answer: Answered = "") -> Answer:
    """Ask everybody for the strict level, answer that, or call it off."""
    match answer:
        case "yes":
            return acted(ctx, levels.agreed)
        case "no":
            return acted(ctx, levels.declined)
        case "off":
            return acted(ctx, levels.called_off)
        case _:
            return level.run(ctx, "strict")


def _leading(ctx: Context, sitting: Sitting, wanted: Level) -> Sitting:
    """Set the level; the strict one is asked for in the room, as not every room can hold people back."""
    changed = levels.changed(sitting, ctx.me.id, wanted)
    if wanted == "strict" and ctx.at_direct:
        raise Refusal(_("Type this in the room of your group, so that I can see whether it is possible there."))
    if wanted == "strict" and not ctx.facts.can_silence:
        raise Refusal(_("I cannot hold anybody back in this room. I keep the turns with hints."))
    return changed


@when("not_held")
def not_held(ctx: Context) -> Answer:
    """Go on with everybody posting, as the platform cannot do otherwise."""
    session = session_in(ctx.state, ctx.room)
    return kept(ctx, session, levels.not_held(sitting_of(session, ctx.now, ctx.free))) if session else None
