"""Whether everything is healthy, for the coordinator: the store, the platforms, the last backup, and what did not arrive."""

from datetime import timedelta

from bot.condition import FACTS, Condition
from bot.kit import DESK, Annotated, Answer, Call, Choice, Context, Role, Text, Value, _, _n, command, lines
from bot.postman import REASONS
from programme import rooms
from programme.text import Moment
from storage.letters import Letter, Undelivered

SEEN = "seen"
Decision = Annotated[str, Choice({SEEN: ("gezien", "seen")})]
LONG = timedelta(minutes=10)
"""A letter that is still under way after this waits for its platform."""
OLD = timedelta(days=2)
"""A backup is made every day; one that is older than this was forgotten."""
MOST = 10


@command(
    nl="controle",
    en="check",
    where=DESK,
    who=Role.COORDINATOR,
    examples=("", "gezien"),
    help=_("Checks whether everything works: storage, connections, backup, and messages that did not arrive."),
)
def check(ctx: Context, decision: Decision = "") -> Answer:
    """Tell first whether something is wrong, then what was looked at; `seen` takes what did not arrive off the list."""
    lost = sorted(ctx.state.all(Undelivered, edition=ctx.edition.id), key=lambda it: it.at, reverse=True)
    if decision == SEEN:
        return _seen(ctx, lost)
    condition = ctx.condition()
    wrong = [*_faults(condition), *_waiting(ctx), *_backup(ctx, condition), *_lost(ctx, lost)]
    well = [_("- in order: {what}", what=FACTS[name]) for name, so in condition.facts.items() if so and name in FACTS]
    made: list[Text] = (
        [_("- the last backup: {moment}", moment=Moment(at=condition.backed_up))] if condition.backed_up else []
    )
    clock = _("- my clock: {moment}", moment=Moment(at=ctx.now))
    head = _("Something needs attention:") if wrong else _("Everything works.")
    return lines(head, *wrong, *([_("This is how the rest is:")] if wrong else []), *well, *made, clock)


def _faults(condition: Condition) -> list[Value]:
    """What does not work, which only the operator can mend."""
    names = [FACTS[name] for name, so in condition.facts.items() if not so and name in FACTS]
    rows: list[Value] = [_("- not in order: {what}", what=name) for name in names]
    return [*rows, _("  Tell the operator.")] if rows else []


def _waiting(ctx: Context) -> list[Value]:
    """Letters that wait for their platform."""
    waits = [it for it in ctx.state.all(Letter) if it.tried is not None and ctx.now - it.tried > LONG]
    if not waits:
        return []
    since = Moment(at=min(it.tried for it in waits if it.tried is not None))
    return [
        _n(
            "- {n} message waits to be delivered, since {moment}. I keep trying.",
            "- {n} messages wait to be delivered, since {moment}. I keep trying.",
            n=len(waits),
            moment=since,
        )
    ]


def _backup(ctx: Context, condition: Condition) -> list[Value]:
    made = condition.backed_up
    if made is None:
        return [_("- I know of no backup. Ask the operator whether one is made every day.")]
    if ctx.now - made > OLD:
        return [_("- the last backup is old: {moment}. Tell the operator.", moment=Moment(at=made))]
    return []


def _lost(ctx: Context, lost: list[Undelivered]) -> list[Value]:
    """What did not arrive, newest first, and how to take it off the list."""
    if not lost:
        return []
    how = Call(command="check", arguments=(SEEN,))
    return [
        _n("- {n} message was not delivered:", "- {n} messages were not delivered:", n=len(lost)),
        *(_row(ctx, it) for it in lost[:MOST]),
        _("  Call or mail them. Done? Take them off this list with {how}.", how=how),
    ]


def _row(ctx: Context, it: Undelivered) -> Text:
    person = rooms.person_of(it.room)
    reason = REASONS.get(it.reason, REASONS["fault"])
    who: Value = ctx.name(person) if person else _("a room of the programme")
    return _("  {who}, {moment}: {reason}", who=who, moment=Moment(at=it.at), reason=reason)


def _seen(ctx: Context, lost: list[Undelivered]) -> Answer:
    if not lost:
        return _("There is nothing on the list. See how it stands with {how}.", how=Call(command="state"))
    for it in lost:
        ctx.state.delete(Undelivered, it.id)
    return _n("Done. {n} message is off the list.", "Done. {n} messages are off the list.", n=len(lost))
