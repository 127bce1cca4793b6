"""Whom somebody means: by a full id, or by a name or a part of one, among the people of the edition."""

from collections.abc import Mapping
from typing import NewType

from bot.command import fold
from bot.context import Context
from programme.people import Person
from programme.text import Call, Misread, Refusal, Text, _, listing

Anybody = NewType("Anybody", str)
"""Somebody who need not take part: a name or a full id, as it was typed."""


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


def read_person(ctx: Context, word: str) -> Person:
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
