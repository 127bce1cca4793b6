"""How a line becomes a call, a call a line again, and written arguments become values.

`read_call(write_call(c)) == c`: a button carries a call, and pressing it is the same as typing it.
"""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, NewType, get_args, get_origin

from bot.command import Command, Commands, Parameter, fold
from bot.context import Context
from bot.dates import parse_day, parse_until
from programme.people import Person
from programme.records import PlaceNumber
from programme.text import Call, Misread, Refusal, Text, Value, _, listing

Rest = NewType("Rest", str)
"""The rest of the line, as it was typed."""
Anybody = NewType("Anybody", str)
"""Somebody who need not take part: a name or a full id, as it was typed."""
UntilDay = NewType("UntilDay", date)
"""A last day, inclusive: "t/m 17 juli", or "tot 18 juli". A bare day could mean either, and is asked again."""

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"(?=\s|$)|(\S+)')
_QUOTED = re.compile(r"\\(.)")
_DATE = re.compile(r"\b\d{1,2}-\d{1,2}-\d{4}\b")
EXAMPLES_CLOSE = date(2026, 7, 10)
"""The days of examples are written for an edition of which sign-up closes then; another edition has its own."""
A_WEEK = timedelta(days=7)
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


class Several(Misread):
    """A name that more people have."""

    def __init__(self, word: str, people: Mapping[str, Text]) -> None:
        """`people`: how each is told apart, by full id."""
        told = listing([_("{id} is {name}", id=id_, name=shown) for id_, shown in people.items()])
        super().__init__(_("There is more than one {name}: {people}. Type the full address.", name=word, people=told))
        self.word, self.people = word, people

    def chosen(self, call: Call, person: str) -> Call:
        """The call with this person for the name."""
        exact = person if person.startswith("@") else f"@{person}"
        return call.model_copy(update={"arguments": tuple(exact if a == self.word else a for a in call.arguments)})


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


def _read_person(ctx: Context, word: str) -> Person:
    """Read a full id, the part before the colon, or a name or a part of one, among the people of the edition."""
    people = ctx.people_here()
    if word.startswith("@"):
        near = [p for p in people if word in (p.id, f"@{p.id}")] or [
            p for p in people if f"@{local_part(p.id)}" == word
        ]
    else:
        near = _of_name(people, word)
    if len(near) == 1:
        return near[0]
    if near:
        raise Several(word, {p.id: _told_apart(ctx, p) for p in near})
    raise Refusal(
        _(
            "I do not know {name} in this programme. See who takes part with {how}.",
            name=word,
            how=Call(command="participants"),
        )
    )


def _of_name(people: list[Person], word: str) -> list[Person]:
    """Who has this full name; else whose id, first or last name it is; else whose name begins with it."""
    folded = fold(word)
    whole = [p for p in people if fold(p.shown) == folded]
    if len(word.split()) > 1 and whole:
        return whole
    named = [p for p in people if folded in (fold(local_part(p.id)), *_parts(p.shown)) or p in whole]
    return named or [p for p in people if folded and fold(p.shown).startswith(folded)]


def _parts(name: str) -> tuple[str, ...]:
    """The first word of a name, and the last: Anna, and Boer of Anna de Boer."""
    words = name.split()
    return tuple(fold(word) for word in (*words[:1], *words[-1:]))


def local_part(id_: str) -> str:
    """The part of an id that people know: `anna` of `@anna:example.nl`."""
    return id_.removeprefix("@").partition(":")[0]


def _told_apart(ctx: Context, person: Person) -> Text:
    """The name, with the organisation when it is known."""
    part = ctx.exchange.participants.get(person.id)
    organisation = (part.answers.get("organisation") if part else None) or person.organisation
    name = ctx.name(person.id)
    shown = name if "(" in name or not organisation else f"{name} ({organisation})"
    return _("{name}", name=shown)


CONVERTERS: dict[Any, Converter] = {
    str: Converter(_("a word"), lambda _ctx, word: word),
    int: Converter(_("a number"), _read_number),
    Rest: Converter(_("your text"), lambda _ctx, text: Rest(text), rest=True),
    date: Converter(_("a day"), lambda ctx, text: parse_day(text, ctx.today), rest=True),
    UntilDay: Converter(_("a day"), lambda ctx, text: UntilDay(parse_until(text, ctx.today)), rest=True),
    PlaceNumber: Converter(_("the number of a place"), _read_place),
    Person: Converter(_("a name"), _read_person),
    Anybody: Converter(_("a name"), lambda _ctx, word: Anybody(word)),
}
NAMED = (Person, Anybody)
LINKS: dict[Any, frozenset[str]] = {
    Person: frozenset({"en", "met", "and", "with"}),
    PlaceNumber: frozenset({"bij", "op", "at", "plek", "place"}),
}
"""Words that may stand before an argument of this kind, behind another."""
