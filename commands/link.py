"""Where the platform cannot make rooms: a coordinator says which conversation is which room."""

from bot.intervision.room_check import faults
from bot.kit import ANYWHERE, Annotated, Answer, Call, Choice, Context, Refusal, Role, _, command, fold, lines
from programme import rooms
from programme.rooms import RoomWish
from storage.letters import Room

KINDS = Choice(
    {
        "cohort": ("iedereen", "deelnemers", "everybody"),
        "desk": ("coördinatie", "desk"),
        "group": ("groep", "group"),
        "pair": ("bezoek", "visit"),
    }
)


@command(
    nl="kamer koppel",
    en="link room",
    who=Role.COORDINATOR,
    where=ANYWHERE,
    examples=("iedereen", "groep 1"),
    asks={"kind": _("Which room is this? Type for example `iedereen`, `coördinatie` or `groep 3`.")},
    help=_(
        "Makes this conversation the room of a group, of everybody or of the coordinators, where I cannot make rooms."
    ),
)
def link(ctx: Context, kind: Annotated[str, KINDS], which: str = "") -> Answer:
    """Keep that this conversation is that room; what was linked before is that room no longer."""
    _must_be_linkable(ctx)
    wish = _wished(ctx, kind, which)
    if ctx.room == wish.key:
        return _("This conversation is {room} already.", room=wish.name)
    if rooms.edition_of(ctx.room) is not None:
        raise Refusal(
            _("This conversation is another room already. Undo that first with {how}.", how=Call(command="unlink"))
        )
    if kind == "desk" and not ctx.facts.members <= wish.members:
        raise Refusal(_("Somebody here is no coordinator. Take them out of this conversation first, then try again."))
    moved = ctx.state.get(Room, wish.key) is not None
    ctx.save(Room(id=wish.key, place=ctx.room))
    ctx.about = (kind, *filter(None, [_last(wish)]))
    return lines(
        _("From now on this conversation is {room}.", room=wish.name),
        *([_("The conversation that was it before is so no longer.")] if moved else []),
        *faults(ctx.facts, wish.members),
        *([_("You do not belong to this room yourself: leave it when you are done.")] if _too_many(ctx, wish) else []),
    )


@command(
    nl="kamer los",
    en="unlink room",
    who=Role.COORDINATOR,
    where=ANYWHERE,
    examples=("", ""),
    help=_("Undoes that this conversation is one of my rooms."),
)
def unlink(ctx: Context) -> Answer:
    """Forget which room this conversation is."""
    _must_be_linkable(ctx)
    if ctx.state.get(Room, ctx.room) is None:
        return _("This conversation is none of my rooms.")
    ctx.state.delete(Room, ctx.room)
    ctx.about = (ctx.room,)
    return _("This conversation is no longer one of my rooms. I say nothing more here by myself.")


def _must_be_linkable(ctx: Context) -> None:
    if not ctx.facts.linkable:
        raise Refusal(
            _("There is nothing to link here: this is our own chat, or a place where I make the rooms myself.")
        )


def _wished(ctx: Context, kind: str, which: str) -> RoomWish:
    """The room that is meant. Raises `Refusal` when there is none, or more than one."""
    meant = [wish for wish in rooms.wishes([ctx.exchange], ctx.name) if _is(ctx, wish, kind, which)]
    if len(meant) != 1:
        raise Refusal(_("I do not know which room you mean. Type for example {how}.", how=_example(kind)))
    return meant[0]


def _is(ctx: Context, wish: RoomWish, kind: str, which: str) -> bool:
    if wish.key.partition("/")[0] != kind or wish.archived:
        return False
    if kind == "pair":
        return bool(fold(which)) and fold(ctx.name(_last(wish))).startswith(fold(which))
    return _last(wish) == which.removeprefix("#")


def _last(wish: RoomWish) -> str:
    """Which of its kind it is: the number of a group, the guest of a visit; empty where there is but one."""
    return (*wish.key.split("/", 2), "")[2]


def _example(kind: str) -> Call:
    arguments = {"group": ("group", "1"), "pair": ("pair", "Anna")}.get(kind, (kind,))
    return Call(command="link", arguments=arguments)


def _too_many(ctx: Context, wish: RoomWish) -> bool:
    """Whether the coordinator who links it must not stay."""
    return ctx.me.id not in wish.members
