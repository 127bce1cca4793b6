"""What people say to the bot in their own chat that is no command: a greeting, thanks, a wish, or a word to get away.

It is answered with the way that is open, and nothing is done: people who talk are not people who decide.
"""

from collections.abc import Iterable
from typing import Final

from bot.command import Command, fold
from bot.context import Context
from programme.exchange import Phase
from programme.text import Call, Refusal, Sayable, _

GREETINGS: Final = frozenset(
    ["hoi", "hallo", "he", "hee", "hey", "hi", "hello", "dag", "goedendag", "goedemorgen", "goedemiddag", "goedenavond"]
)
THANKS: Final = frozenset(["bedankt", "dankjewel", "dankje", "dankuwel", "dank", "thanks", "thankyou", "thank"])
AWAY: Final = frozenset(["stop", "stoppen", "terug", "vorige", "back", "quit"])
NOT: Final = frozenset(["niet", "geen", "not", "no", "dont"])
MOST_WORDS: Final = 6
"""What is longer tells something, and is no wish for one command."""
A_GREETING: Final = 3
RANKED: Final = 2
"""So many bare numbers are a ranking, and no answer to a question that has gone."""


def is_away(text: str) -> bool:
    """Whether this is one word to get away, alone."""
    return fold(text) in AWAY


def free_talk(ctx: Context, text: str, mine: Iterable[Command]) -> Sayable | None:
    """What to say to it; None for what is no talk of this kind. `mine` are the commands that this person may use. Raises `Refusal`."""
    words = [fold(word) for word in text.replace(",", " ").split()]
    if not words or len(words) > MOST_WORDS:
        return None
    if len(words) <= A_GREETING and (words[0] in GREETINGS or fold(text).startswith("goodmorning")):
        return _hello(ctx)
    if words[0] in THANKS:
        return _("My pleasure.")
    if is_away(text):
        return _away(ctx)
    if all(map(str.isdecimal, words)) and len(words) >= RANKED:
        return _ranked(ctx, words)
    return _wished(ctx, words, mine)


def _hello(ctx: Context) -> Sayable | None:
    """Greet back, with what comes next; whoever is new gets help instead."""
    name, way = ctx.me.shown.split(" ")[0], Call(command="help")
    if ctx.edition_or_none is None:
        return _("Hello {name}. See what you can do with {help}.", name=name, help=way)
    if ctx.coordinates(ctx.edition):
        return _(
            "Hello {name}. {state} shows how things stand, {help} what you can do.",
            name=name,
            state=Call(command="state"),
            help=way,
        )
    if ctx.takes_part(ctx.edition):
        return _(
            "Hello {name}. {overview} shows what comes, {help} what you can do.",
            name=name,
            overview=Call(command="overview"),
            help=way,
        )
    return None


def _away(ctx: Context) -> Sayable:
    if ctx.edition_or_none is not None and ctx.takes_part(ctx.edition):
        return _(
            "There is nothing to stop now. {overview} shows what comes. Leaving the programme is done with {withdraw}.",
            overview=Call(command="overview"),
            withdraw=Call(command="withdraw"),
        )
    return _("There is nothing to stop now. See what you can do with {how}.", how=Call(command="help"))


def _ranked(ctx: Context, numbers: list[str]) -> Sayable | None:
    """Bare numbers, while places are ranked."""
    if ctx.edition_or_none is None or not ctx.takes_part(ctx.edition) or ctx.exchange.phase is not Phase.PREFERENCES:
        return None
    return _("Do you mean {guess}?", guess=Call(command="prefer", arguments=tuple(numbers)))


def _wished(ctx: Context, words: list[str], mine: Iterable[Command]) -> Sayable | None:
    """The command of which a word stands in a short sentence: it is named, and not done."""
    begun = ("".join(words[:count]) for count in range(1, len(words) + 1))
    if NOT.intersection(words) or any(word in ctx.commands.by_word for word in begun):
        return None  # what begins as a command was meant as that one, whatever stands behind it
    meant = next((it for it in mine if any(fold(word) in words for word in (*it.nl, *it.en))), None)
    if meant is None:
        return None
    if meant.id == "signup" and ctx.edition_or_none is not None and ctx.takes_part(ctx.edition):
        raise Refusal(
            _(
                "You already take part in {edition}. See what comes with {how}.",
                edition=ctx.edition.name,
                how=Call(command="overview"),
            )
        )
    return _("Do you mean {guess}?", guess=Call(command=meant.id))
