"""What somebody could type here and now, for the row of buttons below a chat.

First what the newest message of the bot says to type, then what the declarations of the commands offer at this moment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import islice

from bot.arguments import examples_of, read_call, write_call
from bot.command import Command
from bot.context import Context
from bot.local.play import Play
from bot.offers import offered
from programme import rooms
from programme.people import LanguageCode, Person
from programme.text import Call

MOST = 6
_DAY = re.compile(r"\b(\d{1,2})-(\d{1,2})-(\d{4})\b")
_CODE = re.compile(r"<code>([^<]*)</code>")


@dataclass(frozen=True)
class Suggestion:
    """A line to type. `ready`: it can be sent as it is; else it is an example to change first."""

    line: str
    ready: bool


def suggested(play: Play, person: str, room: str, language: LanguageCode) -> list[Suggestion]:
    """At most six lines that somebody could type in a room (by key), as they would write them; none while a question is open.

    Who reads the page in a `language` that the bot does not talk with this person gets the way to change that first.
    """
    if rooms.person_of(room) == person and play.asked_of(person):
        return []
    ctx = _context(play, person, room)
    prefix = play.house.setup.prefix
    offered = (prefix + write_call(call, ctx.commands, ctx.language) for call in _calls(ctx))
    ready = speaks(play, person, language)
    spoken = prefix + write_call(Call(command="language", arguments=(ctx.language,)), ctx.commands, ctx.language)
    lines = dict.fromkeys((*([ready] if ready else []), *_told(play, room), *(it for it in offered if it != spoken)))
    today = play.clock.now().astimezone(play.edition.zone).date()
    return [
        Suggestion(line, line == ready or _is_ready(ctx, line.removeprefix(prefix)))
        for line in islice((it for it in lines if not _is_past(it, today)), MOST)
    ]


def _is_past(line: str, today: date) -> bool:
    """Whether a line names a day that has gone by: nobody wants to type that now."""
    days = (date(int(year), int(month), int(day)) for day, month, year in _DAY.findall(line))
    return any(day < today for day in days)


def speaks(play: Play, person: str, language: LanguageCode) -> str | None:
    """What somebody types to talk in the language of the page; None when they do, or nobody is played."""
    known = play.state.get(Person, person)
    now = (known.language if known else None) or play.house.setup.language
    if known is None or now == language:
        return None
    call = Call(command="language", arguments=(language,))
    return play.house.setup.prefix + write_call(call, play.house.setup.commands, now)


def _told(play: Play, room: str) -> list[str]:
    """What the newest message in a room says to type, when it is one of the bot."""
    last = next((entry for entry in reversed(play.record.all()) if entry.room == room), None)
    return [unescape(code) for code in _CODE.findall(last.html)] if last is not None and not last.by else []


def _is_ready(ctx: Context, line: str) -> bool:
    """Whether a line can be sent as it is: a command that needs nothing more."""
    call = read_call(line, ctx.commands)
    if call is None or call.arguments:
        return False
    return not any(parameter.needed for parameter in ctx.commands.by_id[call.command].parameters)


def _context(play: Play, person: str, room: str) -> Context:
    now, state = play.clock.now(), play.state
    me = state.get(Person, person) or Person(id=person)
    language = me.language or play.house.setup.language
    return Context(state, play.house.setup.commands, now, now, me, room, language, edition_or_none=play.edition)


def _calls(ctx: Context) -> Iterator[Call]:
    """What is of use here and now, in the order of help."""
    yield from (call for it in offered(ctx) if (call := _call(ctx, it)) is not None)


def _call(ctx: Context, it: Command) -> Call | None:
    """The bare command where that says something, else its first example that does not name somebody made up."""
    if not any(parameter.needed for parameter in it.parameters):
        return Call(command=it.id)
    if any(parameter.kind is Person for parameter in it.parameters):
        return None
    return next(iter(examples_of(it, ctx.commands)), None)
