"""Plain words: which command answers a sentence, which one somebody may mean, and what is said when nobody can tell.

What only shows something is done at once. What does something is offered with a button: "yes" then does it. Nothing is offered that
the person cannot do now (`bot/offers.py`).
"""

from collections.abc import Iterable

from bot.answer import TEN_MINUTES, Answer, Ask, Say
from bot.arguments import MOST_WORDS, read_call
from bot.command import Command, Commands, fold
from bot.context import Context
from bot.free_talk import guessed
from bot.intervision.sessions import session_with
from bot.offers import offered
from bot.questions import NO
from bot.sentences import Rule
from programme import rooms
from programme.intervision.calls import START
from programme.people import Role
from programme.records import Group
from programme.text import Call, Sayable, _
from storage.letters import Button

SHOW = _("Yes, show me")
SIGNUP = "signup"
SESSION_WORDS = frozenset(
    {"intervisie", "begeleid", "begeleiden", "sessie", "incidentmethode", "intervision", "facilitate"}
)
"""Of a line with one of these it is likely what it is about."""


def at_hand(ctx: Context) -> None:
    """Take the edition that plain words are about: of this room, or the only one of this person."""
    here = rooms.edition_of(ctx.room)
    mine = [it for it in ctx.editions() if ctx.takes_part(it) or ctx.coordinates(it)] or ctx.editions()
    found = [it for it in ctx.editions() if it.id == here] or mine
    ctx.edition_or_none = found[0] if len(found) == 1 else None


def in_session(ctx: Context) -> bool:
    """Whether a session goes on in which this person takes part: there, words have another meaning."""
    return any(session_with(ctx.state, it.id, ctx.me.id) for it in ctx.editions())


def is_stranger(ctx: Context) -> bool:
    """Whether this person has no part in anything."""
    return not any(ctx.takes_part(e) or ctx.coordinates(e) for e in ctx.editions())


def meant_by(ctx: Context, rule: Rule) -> Call | None:
    """The first command of a rule that this person can use now. Signing up late is possible too, for who asks for that."""
    useful = {it.id for it in offered(ctx)} | {"help"}
    if rule.do[0] == SIGNUP and is_stranger(ctx):
        useful.add(SIGNUP)
    calls = (read_call(line, ctx.commands) for line in rule.do)
    return next((call for call in calls if call is not None and call.command in useful), None)


def guess(ctx: Context, text: str, *, typed: bool) -> Call | None:
    """The command that somebody may mean: of which a word stands in the line, or that is written nearly like it.

    `typed`: with the prefix, so that it was meant as a command, however long it is.
    """
    useful = [it for it in offered(ctx) if ctx.edition_or_none is not None or it.who is Role.ANYBODY]
    if (wish := guessed(ctx, text, useful)) is not None:
        return wish
    if typed and (head := _head(ctx, text)) is not None:
        return head
    if not typed and len(text.split()) > MOST_WORDS:
        return None
    return _nearly(ctx.commands, text, useful)


def _head(ctx: Context, text: str) -> Call | None:
    """The command with which a line begins that has more behind it than the command can use."""
    words = text.split()[:MOST_WORDS]
    heads = (ctx.commands.by_word.get(fold("".join(words[:length]))) for length in range(len(words), 0, -1))
    found = next((it for it in heads if it is not None), None)
    return Call(command=found.id) if found is not None and _may(ctx, found) else None


def _may(ctx: Context, it: Command) -> bool:
    return it.who is Role.ANYBODY or any(ctx.has(it.who, e) for e in ctx.editions())


def _nearly(commands: Commands, text: str, useful: Iterable[Command]) -> Call | None:
    """With what was written behind it, where the command can use that."""
    found = commands.nearest(text, useful)
    if found is None:
        return None
    command, words = found
    rest = text.split(maxsplit=words)[words:]
    return read_call(" ".join((command.id, *rest)), commands) or Call(command=command.id)


def family(ctx: Context, text: str) -> Call | None:
    """Help about the commands that begin with a word, when that word is all that somebody said: none of them is guessed."""
    kin = [it for it in ctx.commands.all if _may(ctx, it) and any(_begins(word, text) for word in (*it.nl, *it.en))]
    return Call(command="help", arguments=(text.strip(),)) if len(kin) > 1 else None


def _begins(word: str, text: str) -> bool:
    first, _space, more = word.partition(" ")
    return bool(more) and fold(first) == fold(text)


def offer(ctx: Context, call: Call) -> Answer:
    """Offer a command: with a button where an answer is heard."""
    text = _("Do you mean {guess}?", guess=call)
    if not ctx.alone:
        return Say(text)
    choices = (Button(label=SHOW, call=call), Button(label=NO, call=Call(command="cancel")))
    return Ask(text, choices=choices, until=TEN_MINUTES, lapses=True)


def not_understood(ctx: Context, text: str) -> Sayable:
    """What to say when nobody can tell what somebody means."""
    how = Call(command="help")
    if not ctx.alone:
        return _("Hello {name}. Type {how}, and I show what you can do here.", name=ctx.me.shown, how=how)
    if _about_sessions(text) and any(ctx.me.id in it.members for it in ctx.state.all(Group)):
        return _("Do you lead an intervision? Go to the room of your group, and type {how} there.", how=START)
    return _(
        "I do not understand that. {help} shows what you can do, {contact} whom you can call.",
        help=how,
        contact=Call(command="contact"),
    )


def _about_sessions(text: str) -> bool:
    return not SESSION_WORDS.isdisjoint(fold(word) for word in text.split())
