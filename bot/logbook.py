"""The logbook: what coordinators did, and when. The house writes it, so that no command can forget to; never what people wrote."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bot.answer import Answer, Confirm, parts
from bot.arguments import Rest, UntilDay
from bot.command import Command, Parameter
from bot.context import Context
from programme.people import Person, Role
from storage.letters import Audit

WRITTEN = (Rest, str)
"""What people put in words of their own."""


def note(ctx: Context, command: Command, values: Sequence[Any], answer: Answer, *, changed: bool) -> None:
    """Keep that a coordinator did this, if anything was done: something changed, or a confirmed command went through."""
    asks = any(isinstance(part, Confirm) for part in parts(answer))
    if command.who is Role.COORDINATOR and (changed or (ctx.confirmed and not asks)):
        about = ctx.about or tuple(_about(command, values))
        stamp = "/".join((ctx.edition.id, ctx.now.isoformat(), ctx.me.id, command.id, *about))
        ctx.save(Audit(id=stamp, at=ctx.now, edition=ctx.edition.id, person=ctx.me.id, action=command.id, about=about))


def _about(command: Command, values: Sequence[Any]) -> Iterator[str]:
    """The arguments, as people could type them, up to the first that was left out or is in words of their own."""
    for parameter, value in zip(command.parameters, values, strict=False):
        if parameter.kind in WRITTEN or (not parameter.needed and value == parameter.default):
            return
        yield _argument(parameter, value)


def _argument(parameter: Parameter, value: Any) -> str:
    if isinstance(value, Person):
        return value.id
    if isinstance(value, date):
        return f"{'t/m ' if parameter.kind is UntilDay else ''}{value:%d-%m-%Y}"
    return str(value)
