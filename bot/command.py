"""A command is one declaration: words, rights, help, examples and arguments come from it, and nothing is told twice."""

import importlib
import inspect
import pkgutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from enum import Enum
from functools import cached_property
from itertools import permutations
from types import ModuleType
from typing import Any, Literal, get_type_hints

from bot.answer import Answer
from programme.exchange import Phase
from programme.people import Role
from programme.text import Text


class Where(Enum):
    """Where a command may be typed."""

    ANYWHERE = "anywhere"
    DIRECT = "direct"
    PRIVATE = "private"
    """In the direct chat, and only when it is encrypted."""
    DESK = "desk"
    """At the desk, or by a coordinator in the direct chat."""


ANYWHERE, DIRECT, PRIVATE, DESK = Where.ANYWHERE, Where.DIRECT, Where.PRIVATE, Where.DESK
Home = Literal["", "desk", "pair", "group", "chair", "turn", "session"]
"""Where a command is at home, and named first in help: in rooms of this kind; in a session with who leads it, with everybody, or seldom."""
Run = Callable[..., Answer]
Happening = Literal["joined", "left", "talked"]
"""Somebody came into a room of ours, or went out of it; or said something there that is for the others and not for us."""


@dataclass(frozen=True)
class Parameter:
    """One argument: its annotation says how it is read (`bot/arguments.py`)."""

    name: str
    kind: Any
    many: bool
    default: Any
    ask: Text | None = None
    """What the bot asks when it is missing."""

    @property
    def needed(self) -> bool:
        """Whether the command cannot do without."""
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True)
class Command:
    """What people can say. A frozen value, made by `@command`."""

    id: str
    nl: tuple[str, ...]
    en: tuple[str, ...]
    help: Text
    run: Run
    parameters: tuple[Parameter, ...]
    examples: tuple[str, str]
    """Arguments of two calls that parse; an empty string is the bare word."""
    where: Where = ANYWHERE
    who: Role = Role.PARTICIPANT
    during: frozenset[Phase] | None = None
    """The phases in which it is of use; the rest of the time help leaves it out."""
    needs_edition: bool = True
    home: Home = ""
    by_phone: bool = False
    """A coordinator may do it for somebody who called: nothing that is secret, and nothing that only the person can promise."""
    alone: bool = False
    """Counts without a prefix in a room where a session runs, when it is the whole line, or all but a number."""
    instead: str = ""
    """What a coordinator who takes no part gets for it: a line, such as `state`."""

    def word(self, language: str) -> str:
        """The word to show in this language."""
        return (self.nl if language == "nl" else self.en)[0]

    @property
    def words(self) -> Iterator[str]:
        """Every spelling, folded; two words count in either order."""
        for word in (*self.nl, *self.en, self.id):
            for order in permutations(word.split()):
                yield fold("".join(order))


@dataclass(frozen=True)
class When:
    """What is done when a nudge of the house rings (`@when`)."""

    act: str
    run: Run


@dataclass(frozen=True)
class Listen:
    """What is done when something happens in a room that nobody said (`@listen`)."""

    to: Happening
    run: Run


@dataclass(frozen=True)
class Commands:
    """All that people can say, found once."""

    all: tuple[Command, ...]
    acts: Mapping[str, When] = field(default_factory=dict)
    listeners: tuple[Listen, ...] = ()

    def listening(self, to: Happening) -> tuple[Listen, ...]:
        """Those who want to hear of this."""
        return tuple(it for it in self.listeners if it.to == to)

    @cached_property
    def by_id(self) -> dict[str, Command]:
        """By English id."""
        return {command.id: command for command in self.all}

    @cached_property
    def by_word(self) -> dict[str, Command]:
        """By folded word, of all languages."""
        words: dict[str, Command] = {}
        for command in self.all:
            for word in command.words:
                if words.setdefault(word, command) is not command:
                    raise ValueError(f"the word {word!r} means both {words[word].id} and {command.id}")
        return words

    def nearest(self, typed: str, among: Iterable[Command]) -> tuple[Command, int] | None:
        """The command that somebody may have meant, and of how many words as typed. At most one; it is never run."""
        allowed = {word: command for command in among for word in command.words}
        best: tuple[float, Command, int] | None = None
        for length in range(min(3, len(typed.split())), 0, -1):
            folded = fold("".join(typed.split()[:length]))
            for word in get_close_matches(folded, allowed, n=1, cutoff=0.72):
                likeness = SequenceMatcher(None, word, folded).ratio()
                if best is None or likeness > best[0]:
                    best = likeness, allowed[word], length
        return best and best[1:]


def fold(word: str) -> str:
    """Take off what does not count: case, accents, spaces, hyphens, punctuation at the end."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c) and c not in " -_\u00a0").rstrip(".,:;?!")


def command(
    *,
    nl: str,
    en: str,
    help: Text,  # noqa: A002 - the word of the field
    examples: tuple[str, str] = ("", ""),
    where: Where = ANYWHERE,
    who: Role = Role.PARTICIPANT,
    during: Iterable[Phase] | None = None,
    asks: Mapping[str, Text] | None = None,
    needs_edition: bool = True,
    home: Home = "",
    alone: bool = False,
    by_phone: bool = False,
    instead: str = "",
) -> Callable[[Run], Command]:
    """Declare a command. `nl` and `en` hold its words, separated by commas, the one to show first; the function's name is its id."""

    def declare(run: Run) -> Command:
        return Command(
            id=run.__name__,
            nl=_words(nl),
            en=_words(en),
            help=help,
            run=run,
            parameters=tuple(_parameters(run, asks or {})),
            examples=examples,
            where=where,
            who=who,
            during=frozenset(during) if during is not None else None,
            needs_edition=needs_edition,
            home=home,
            alone=alone,
            by_phone=by_phone,
            instead=instead,
        )

    return declare


def when(act: str) -> Callable[[Run], When]:
    """Declare what is done when the nudge of this name rings."""
    return lambda run: When(act, run)


def listen(to: Happening) -> Callable[[Run], Listen]:
    """Declare what is done when somebody comes into a room of ours, goes out, or talks. `ctx.me` is that person, `ctx.room` the room.

    What was said while they talked is not handed over.
    """
    return lambda run: Listen(to, run)


def _words(written: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in written.split(","))


def _parameters(run: Run, asks: Mapping[str, Text]) -> Iterator[Parameter]:
    hints = get_type_hints(run, include_extras=True)
    for name, it in list(inspect.signature(run).parameters.items())[1:]:
        many = it.kind is inspect.Parameter.VAR_POSITIONAL
        yield Parameter(name, hints[name], many, () if many else it.default, asks.get(name))


def find(package: ModuleType) -> Commands:
    """Collect the declarations of all modules of a package, in the order of their names."""
    found: list[Command] = []
    acts: dict[str, When] = {}
    listeners: list[Listen] = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        found += [it for it in vars(module).values() if isinstance(it, Command)]
        acts |= {it.act: it for it in vars(module).values() if isinstance(it, When)}
        listeners += [it for it in vars(module).values() if isinstance(it, Listen)]
    commands = Commands(tuple(found), acts, tuple(listeners))
    assert commands.by_word  # noqa: S101 - a clash of words is found at start, not at the first use
    return commands
