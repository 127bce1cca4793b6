"""The logbook, for the coordinator: who changed what and when. What participants do and what people wrote is never in it."""

from bot.kit import DESK, Answer, Call, Context, Person, Role, Value, _, _n, command, lines, listing
from programme.text import Moment
from storage.letters import Audit

MOST = 20
EVERYBODY = Person(id="")
BY_ITSELF: dict[str, Value] = {
    "erase_preferences": _("the preferences are erased, because the visiting period is over"),
}
"""What the house did without anybody's word."""


@command(
    nl="logboek",
    en="logbook, audit",
    where=DESK,
    who=Role.COORDINATOR,
    examples=("", "anna"),
    help=_("Shows what coordinators changed, the newest first; with a name only what is about that person."),
)
def logbook(ctx: Context, person: Person = EVERYBODY) -> Answer:
    """List the newest entries of this edition, or those by or about one person."""
    found = [it for it in ctx.state.all(Audit, edition=ctx.edition.id) if _concerns(it, person)]
    if not found:
        return _("The logbook has nothing about this yet. See how it stands with {how}.", how=Call(command="state"))
    newest = sorted(found, key=lambda it: it.at, reverse=True)[:MOST]
    rows = [
        _("- {when}, {name}: {what}", when=Moment(at=it.at), name=_who(ctx, it), what=_done(ctx, it)) for it in newest
    ]
    earlier = len(found) - len(newest)
    more = [_n("There is {n} earlier entry.", "There are {n} earlier entries.", n=earlier)] if earlier else []
    return lines(_("This is what coordinators changed, the newest first:"), *rows, *more)


def _concerns(it: Audit, person: Person) -> bool:
    return person.id in ("", it.person, *it.about)


def _who(ctx: Context, it: Audit) -> str:
    return ctx.name(it.person) if it.person else "Kring"


def _done(ctx: Context, it: Audit) -> Value:
    """What was done as one would type it; the bare name of a command that is no more, and apart what does not fit in one."""
    if it.action in BY_ITSELF:
        return BY_ITSELF[it.action]
    command_, about = ctx.commands.by_id.get(it.action), [ctx.name(word) for word in it.about]
    if command_ is None:
        return listing([it.action, *about])
    room = len(about) if any(p.many for p in command_.parameters) else len(command_.parameters)
    call: Value = Call(command=it.action, arguments=tuple(about[:room]))
    return _("{call} ({about})", call=call, about=listing(list(about[room:]))) if about[room:] else call
