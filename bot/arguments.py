"""How a line becomes a call, a call a line again, and written arguments become values.

`read_call(write_call(c)) == c`: a button carries a call, and pressing it is the same as typing it.
"""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any, NewType, get_args, get_origin

from bot.command import Command, Commands, Parameter, fold
from bot.context import Context
from bot.dates import parse_day, parse_until
from bot.whom import Anybody, read_person
from programme.people import Person
from programme.records import PlaceNumber
from programme.text import Call, Misread, Refusal, Text, Value, _, listing

Rest = NewType("Rest", str)
"""The rest of the line, as it was typed."""
UntilDay = NewType("UntilDay", date)
"""A last day, inclusive: "t/m 17 juli", or "tot 18 juli". A bare day could mean either, and is asked again."""

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"(?=\s|$)|(\S+)')
_QUOTED = re.compile(r"\\(.)")
LONGEST = 4_000
MOST_WORDS = 3
MOST_NAMES = 6
"""So many words a name has at most: Maria de la Cruz van den Berg has more, and is typed between quotation marks."""
Names = Callable[[], Container[str]]
"""The folded names of the people who can be meant, when somebody asks."""


@dataclass(frozen=True)
class Choice:
    """One word out of a few, as `Annotated[str, Choice({...})]`: value → its words, Dutch first."""

    words: Mapping[str, tuple[str, ...]]

    @cached_property
    def by_word(self) -> dict[str, str]:
        """The value of each folded word."""
        return {fold(word): value for value, words in self.words.items() for word in (value, *words)}

    def word(self, value: str, language: str) -> str:
        """The word to show for a value; what is no value stays as it was typed."""
        words = self.words.get(value, (value,))
        return words[0] if language == "nl" else words[-1]


@dataclass(frozen=True)
class Converter:
    """How one kind of argument is read. `label` names it in a usage line; `rest` takes the rest of the line."""

    label: Text
    read: Callable[[Context, str], Any]
    rest: bool = False


# ── lines and calls ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_call(line: str, commands: Commands, editions: Container[str] = (), names: Names = frozenset) -> Call | None:
    """Read a line as a call; None when it does not begin with a command or has words that the command cannot use.

    `@word` behind the command names the edition, when it is one of `editions` (ids and other words). Where a person is meant, as
    many words as make one of `names` are one argument.
    """
    line = line.strip()[:LONGEST]
    for length in range(MOST_WORDS, 0, -1):
        head = line.split(maxsplit=length)[:length]
        whole = len(head) == length and all(fold(word) for word in head)
        command = commands.by_word.get(fold("".join(head))) if whole else None
        if command is not None:
            return _with_arguments(command, line.split(maxsplit=length)[length:], editions, names)
    return None


def _with_arguments(command: Command, tail: list[str], editions: Container[str], names: Names) -> Call | None:
    rest = tail[0].strip() if tail else ""
    edition, _space, after = rest.removeprefix("@").partition(" ")
    if command.needs_edition and rest.startswith("@") and edition in editions:
        rest = after.strip()
    else:
        edition = ""
    arguments = _split(command, rest, names)
    return None if arguments is None else Call(command=command.id, arguments=arguments, edition=edition)


def _split(command: Command, rest: str, names: Names) -> tuple[str, ...] | None:
    found: list[str] = []
    for parameter in command.parameters:
        if parameter.many:
            return (*found, *_listed(rest))
        if found:
            rest = _without_link(parameter, rest)
        if not rest:
            return tuple(found)
        if converter_of(parameter.kind).rest:
            return (*found, rest)
        word, rest = _taken(parameter, rest, names)
        found.append(_meant(parameter, word))
    return None if rest else tuple(found)


def _taken(parameter: Parameter, rest: str, names: Names) -> tuple[str, str]:
    """One argument, and what stands behind it: a name of more words, something between quotation marks, or one word."""
    if parameter.kind in NAMED and (length := _length_of_name(rest.split(), names())):
        tail = rest.split(maxsplit=length)[length:]
        return " ".join(rest.split(maxsplit=length)[:length]).rstrip(","), tail[0].strip() if tail else ""
    match = _TOKEN.match(rest)
    return (_unquoted(match), rest[match.end() :].strip()) if match else (rest, "")


def _length_of_name(words: list[str], names: Container[str]) -> int:
    """Of how many words the name is that a line begins with; 0 when it is one word or none."""
    lengths = range(min(MOST_NAMES, len(words)), 1, -1)
    return next((n for n in lengths if fold("".join(words[:n])) in names), 0)


def _without_link(parameter: Parameter, rest: str) -> str:
    """The line without a word that only ties two arguments together: "anna en bram", "anna bij CBG"."""
    word, _space, tail = rest.partition(" ")
    return tail.strip() if tail and fold(word) in LINKS.get(parameter.kind, ()) else rest


def _meant(parameter: Parameter, word: str) -> str:
    """The value of a choice for any of its words, so that a call is the same in both languages."""
    choice = _choice_of(parameter)
    return choice.by_word.get(fold(word), word) if choice else word


def _choice_of(parameter: Parameter) -> Choice | None:
    return get_args(parameter.kind)[1] if get_origin(parameter.kind) is Annotated else None


def _listed(rest: str) -> list[str]:
    """Several arguments: words, or names of more words with commas between them."""
    if "," not in rest or '"' in rest:
        return _tokens(rest.replace(",", " ") if '"' not in rest else rest)
    return [part for word in rest.split(",") if word.strip() for part in _several(word.strip())]


def _several(word: str) -> list[str]:
    """What one answer or one part between commas holds: numbers stand apart, a name stays whole."""
    parts = word.replace(",", " ").split()
    return parts if len(parts) > 1 and all(part.lstrip("#").isdecimal() for part in parts) else [word]


def _tokens(rest: str) -> list[str]:
    return [_unquoted(match) for match in _TOKEN.finditer(rest)]


def _unquoted(match: re.Match[str]) -> str:
    return _QUOTED.sub(r"\1", match[1]) if match[1] is not None else match[2]


def write_call(call: Call, commands: Commands, language: str) -> str:
    """Write a call as people type it in this language, without prefix."""
    command = commands.by_id[call.command]
    words = [command.word(language)]
    if call.edition:
        words.append(f"@{call.edition}")
    for index, argument in enumerate(call.arguments):
        parameter = command.parameters[min(index, len(command.parameters) - 1)]
        choice = _choice_of(parameter)
        shown = choice.word(argument, language) if choice else argument
        words.append(shown if converter_of(parameter.kind).rest else _quoted(shown))
    return " ".join(words)


def _quoted(word: str) -> str:
    if word and not re.search(r'[\s",\\]', word):
        return word
    return '"' + re.sub(r'(["\\])', r"\\\1", word) + '"'


def examples_of(command: Command, commands: Commands) -> list[Call]:
    """The examples of a command, as calls; one when both are the same."""
    calls = [read_call(f"{command.id} {written}", commands) for written in command.examples]
    return [call for n, call in enumerate(calls) if call is not None and call not in calls[:n]]


def usage(command: Command) -> Text | Call:
    """How a command is written: its word and what goes behind it."""
    labels: list[Value] = [converter_of(p.kind).label for p in command.parameters if p.needed or p.many]
    call = Call(command=command.id)
    return _("{call} followed by {what}", call=call, what=listing(labels)) if labels else call


# ── arguments and values ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Missing(Exception):  # noqa: N818 - not an error: the router asks for it
    """An argument that the command cannot do without was not given."""

    parameter: Parameter


def values_of(command: Command, call: Call, ctx: Context) -> list[Any]:
    """Read the arguments of a call.

    Raises `Missing` for one that is needed, `Several` for a name of more people, `Refusal` for one that is not understood.
    """
    given = list(call.arguments)
    values: list[Any] = []
    for parameter in command.parameters:
        if parameter.many:
            if not given and parameter.ask is not None:
                raise Missing(parameter)
            return values + [_read(parameter, ctx, part) for word in given for part in _several(word)]
        if given:
            values.append(_read(parameter, ctx, given.pop(0)))
        elif parameter.needed:
            raise Missing(parameter)
        else:
            values.append(parameter.default)
    return values


def _read(parameter: Parameter, ctx: Context, word: str) -> Any:
    """Read one argument; whatever is wrong with it can be written better."""
    try:
        return converter_of(parameter.kind).read(ctx, word)
    except Misread:
        raise
    except Refusal as refusal:
        raise Misread(refusal.text) from None


def converter_of(kind: Any) -> Converter:
    """How values of this annotation are read."""
    if get_origin(kind) is Annotated:
        return _chooser(get_args(kind)[1])
    return CONVERTERS[kind]


def _chooser(choice: Choice) -> Converter:
    def read(_ctx: Context, word: str) -> str:
        if (found := choice.by_word.get(fold(word))) is None:
            raise Refusal(
                _(
                    "I do not know {word} here. Choose one of: {choices}.",
                    word=word,
                    choices=listing([w[0] for w in choice.words.values()]),
                )
            )
        return found

    return Converter(_("a choice"), read)


def _read_number(_ctx: Context, word: str) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) <= 6):  # noqa: PLR2004 - no number of ours is longer
        raise Refusal(_("{word} is not a number. Type only digits, for example 3.", word=word))
    return int(word)


def _read_place(ctx: Context, word: str) -> PlaceNumber:
    """Read a number of a place, or (part of) the name of its organisation."""
    plain = word.removeprefix("#")
    if plain.isascii() and plain.isdecimal() and len(plain) <= 6:  # noqa: PLR2004
        return PlaceNumber(int(plain))
    offered = ctx.exchange.offered()
    found = {p.number for p in offered if fold(word) and fold(p.organisation).startswith(fold(word))}
    found = found or {p.number for p in offered if fold(word) in [fold(part) for part in p.organisation.split()]}
    if len(found) == 1:
        return PlaceNumber(found.pop())
    if found:
        raise Refusal(_("More than one place begins with {word}. Type the number of the place.", word=word))
    raise Refusal(
        _("I do not know the place {word}. See the numbers with {how}.", word=word, how=Call(command="places"))
    )


CONVERTERS: dict[Any, Converter] = {
    str: Converter(_("a word"), lambda _ctx, word: word),
    int: Converter(_("a number"), _read_number),
    Rest: Converter(_("your text"), lambda _ctx, text: Rest(text), rest=True),
    date: Converter(_("a day"), lambda ctx, text: parse_day(text, ctx.today), rest=True),
    UntilDay: Converter(_("a day"), lambda ctx, text: UntilDay(parse_until(text, ctx.today)), rest=True),
    PlaceNumber: Converter(_("the number of a place"), _read_place),
    Person: Converter(_("a name"), read_person),
    Anybody: Converter(_("a name"), lambda _ctx, word: Anybody(word)),
}
NAMED = (Person, Anybody)
LINKS: dict[Any, frozenset[str]] = {
    Person: frozenset({"en", "met", "and", "with"}),
    PlaceNumber: frozenset({"bij", "op", "at", "plek", "place"}),
}
"""Words that may stand before an argument of this kind, behind another."""
