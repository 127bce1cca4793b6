"""The examples of a command as help shows them: with days that lie in the edition at hand, and that are not over."""

import re
from datetime import date, timedelta

from bot.arguments import examples_of
from bot.command import Command
from bot.context import Context
from programme.text import Call

_DATE = re.compile(r"\b\d{1,2}-\d{1,2}-\d{4}\b")
EXAMPLES_CLOSE = date(2026, 7, 10)
"""The days of examples are written for an edition of which sign-up closes then; another edition has its own."""
A_WEEK = timedelta(days=7)


def examples_for(ctx: Context, command: Command) -> list[Call]:
    """The examples of a command with their days in the edition at hand, and not over."""
    return [_brought_near(ctx, call) for call in examples_of(command, ctx.commands)]


def _brought_near(ctx: Context, call: Call) -> Call:
    if ctx.edition_or_none is None:
        return call
    apart = ctx.edition.windows["signup"].closes - EXAMPLES_CLOSE
    return call.model_copy(
        update={"arguments": tuple(_DATE.sub(lambda m: _moved(m[0], apart, ctx.today), a) for a in call.arguments)}
    )


def _moved(written: str, apart: timedelta, today: date) -> str:
    """A day of an example, by whole weeks as far away as the edition is, and further when it would be over."""
    day, month, year = map(int, written.split("-"))
    moved = date(year, month, day) + A_WEEK * round(apart / A_WEEK)
    late = max(0, -((moved - today).days // A_WEEK.days) + 1) if moved < today else 0
    return f"{moved + A_WEEK * late:%d-%m-%Y}"
