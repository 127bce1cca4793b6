"""What people say to the bot in their own chat that is no command: a greeting, thanks, a wish, or a word to get away.

It is answered with the way that is open, and nothing is done: people who talk are not people who decide. What is asked in plain
words has a table of its own (`bot/sentences.py`).
"""

from collections.abc import Iterable
from typing import Final

from bot.command import Command, fold
from bot.context import Context
from bot.said import way_of
from programme.exchange import Phase
from programme.text import Call, Sayable, _

GREETINGS: Final = frozenset(
    ["hoi", "hallo", "he", "hee", "hey", "hi", "hello", "dag", "goedendag", "goedemorgen", "goedemiddag", "goedenavond"]
)
THANKS: Final = frozenset(["bedankt", "dankjewel", "dankje", "dankuwel", "dank", "thanks", "thankyou", "thank"])
NOT: Final = frozenset(["niet", "geen", "not", "no", "dont"])
WISHES: Final = frozenset(
    [
        "ik",
        "wil",
        "wou",
        "graag",
        "kan",
        "kun",
        "kunt",
        "mag",
        "hoe",
        "waar",
        "wat",
        "wanneer",
        "welke",
        "laat",
        "toon",
        "geef",
        "zie",
        "show",
        "want",
        "how",
        "where",
        "what",
        "when",
        "which",
        "can",
        "may",
    ]
)
"""Who uses one of these asks for something; anybody else tells something."""
MOST_WORDS: Final = 6
"""What is longer tells something, and is no wish for one command."""
A_GREETING: Final = 3
RANKED: Final = 2
"""So many bare numbers are a ranking, and no answer to a question that has gone."""


def small_talk(ctx: Context, text: str) -> Sayable | None:
    """What to say to a greeting, to thanks and to a word to get away while there is nothing to get away from; else None."""
    words = _words(text)
    if not words or len(words) > MOST_WORDS:
        return None
    if len(words) <= A_GREETING and (words[0] in GREETINGS or fold(text).startswith("goodmorning")):
        return _hello(ctx)
    if words[0] in THANKS:
        return _("My pleasure.")
    return _away(ctx) if way_of(text) in ("leave", "back") else None


def guessed(ctx: Context, text: str, useful: Iterable[Command]) -> Call | None:
    """The one command of those that are of use now which somebody may wish for; it is offered, and not done."""
    words = _words(text)
    if not words or len(words) > MOST_WORDS:
        return None
    if all(map(str.isdecimal, words)) and len(words) >= RANKED:
        return _ranked(ctx, words)
    return _wished(ctx, words, useful)


def _words(text: str) -> list[str]:
    return [fold(word) for word in text.replace(",", " ").split()]


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


def _ranked(ctx: Context, numbers: list[str]) -> Call | None:
    """Bare numbers, while places are ranked."""
    if ctx.edition_or_none is None or not ctx.takes_part(ctx.edition) or ctx.exchange.phase is not Phase.PREFERENCES:
        return None
    return Call(command="prefer", arguments=tuple(numbers))


def _wished(ctx: Context, words: list[str], useful: Iterable[Command]) -> Call | None:
    """The command of which a word stands in a short sentence that wishes for something."""
    begun = ("".join(words[:count]) for count in range(1, len(words) + 1))
    if NOT.intersection(words) or not WISHES.intersection(words) or any(word in ctx.commands.by_word for word in begun):
        return None  # what begins as a command was meant as that one, whatever stands behind it
    meant = next((it for it in useful if any(fold(word) in words for word in (*it.nl, *it.en))), None)
    return None if meant is None else Call(command=meant.id)
