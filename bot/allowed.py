"""Whether somebody may do something here, and what to say when not: with the way that is open.

Rights rest on the person, never on the secrecy of a button.
"""

from bot.answer import Answer, Say
from bot.command import DESK, DIRECT, PRIVATE, Command
from bot.context import Context
from programme import rooms
from programme.edition import Edition
from programme.people import Role
from programme.text import Call, Sayable, _


def editions_for(ctx: Context, command: Command, call: Call) -> list[Edition]:
    """The editions that a call can be about: named, of this room, or those in which the person has the right."""
    current = [e for e in ctx.editions() if ctx.has(command.who, e)]
    if call.edition:
        return [e for e in current if call.edition in (e.id, *e.words)]
    here = rooms.edition_of(ctx.room)
    if here is not None and any(e.id == here for e in ctx.editions()):
        return [e for e in current if e.id == here]
    return current


def stranger(ctx: Context, command: Command) -> Sayable:
    """What to say to somebody who has no right to a command in any edition."""
    editions = ctx.editions()
    if not editions:
        return _("There is no programme open now. See what you can do with {how}.", how=Call(command="help"))
    if command.who is Role.COORDINATOR:
        return _(
            "Only the coordinator can do that. Do you want to ask something? Call or mail {contact}.",
            contact=str(editions[0].contact),
        )
    coordinated = [e for e in editions if ctx.coordinates(e)]
    if coordinated:
        return _(
            "{call} is for participants, and you coordinate {edition}. {state} shows how it stands, {help} what you can do.",
            call=Call(command=command.id),
            edition=coordinated[0].name,
            state=Call(command="state"),
            help=Call(command="help"),
        )
    return _(
        "You do not take part in {edition}. Sign up with {how}.", edition=editions[0].name, how=Call(command="signup")
    )


def elsewhere(ctx: Context, command: Command) -> Answer:
    """What to say of a command that was typed where it does not belong; None when it is in its place."""
    direct, how = rooms.direct(ctx.me.id), Call(command=command.id)
    if command.where in (DIRECT, PRIVATE) and not ctx.at_direct:
        return Say(
            _("{how} works only here, in our own chat. Remove your message in the room, then type it here.", how=how),
            to=direct,
        )
    if command.where is PRIVATE and not ctx.facts.encrypted:
        return _(
            "This chat is not encrypted, so I do not take that here. Begin a new, encrypted chat with me and type {how} there.",
            how=how,
        )
    if command.where is DESK and not ctx.at_direct and ctx.room != rooms.desk(ctx.edition.id):
        return Say(_("{how} works only at the desk or here, in our own chat.", how=how), to=direct)
    return None
