"""Every message of a rehearsal from top to bottom, each with its date, so that one can be found without the lines around it.

Of a session only a few lines are told where it is folded.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot.rehearsal.held import Held
from bot.rehearsal.record import Cause, Message, Spoken
from bot.rehearsal.wording import Wording
from programme import rooms
from programme.text import Both

INDENT = " " * 8
CAUSES: dict[Cause, Both] = {
    "reminder": Both(nl="vanzelf aan", en="by itself to"),
    "answer": Both(nl="antwoord aan", en="answer to"),
    "passed on": Both(nl="bericht aan", en="message to"),
}
FEW = 12
"""So many people of a room are named; of more their number is told."""


def reaches(it: Message | Spoken, people: Collection[str]) -> bool:
    """Whether one of these people said it, or could read it."""
    return it.person in people or any(person in people for person in it.members)


def _occasion(it: Message | Spoken | Held) -> tuple[object, ...]:
    """What is said to people at one moment for one reason is told together, whatever the order of their chats."""
    if not isinstance(it, Message) or not it.person:
        return (id(it),)
    return it.at, it.cause


def _alike(it: Message) -> tuple[object, ...]:
    return it.text, it.file, it.buttons, it.choices


@dataclass
class Story:
    """The telling of what was said."""

    wording: Wording
    folded: Mapping[str, Held] = field(default_factory=dict)
    """By id: the sessions of which a few lines are told, where they begin."""
    _told: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By room, who was in it when it was last told."""

    def lines(self, said: Sequence[Message | Spoken]) -> Iterator[str]:
        """Each thing that was said, below its day."""
        day = ""
        for _same, together in groupby(self._folded(said), _occasion):
            found = list(together)
            if (today := self.wording.day(found[0].at)) != day:
                day = today
                yield from ("", day)
            yield from self._occasion(found)

    def _folded(self, said: Sequence[Message | Spoken]) -> Iterator[Message | Spoken | Held]:
        """The same, with each folded session in one place: where its first word is."""
        begun: set[str] = set()
        for it in said:
            if it.session not in self.folded:
                yield it
            elif it.session not in begun:
                begun.add(it.session)
                yield self.folded[it.session]

    def _occasion(self, found: Sequence[Message | Spoken | Held]) -> Iterator[str]:
        blocks: dict[tuple[object, ...], list[Message]] = {}
        for it in found:
            if isinstance(it, Held):
                first, *more = it.lines(self.wording)
                yield f"{self.wording.moment(it.at)}  {first}"
                yield from (f"{INDENT}{line}" for line in more)
            elif isinstance(it, Spoken):
                yield from self._spoken(it)
            else:
                blocks.setdefault(_alike(it), []).append(it)
        for block in blocks.values():
            yield from self._message(block)

    def _spoken(self, it: Spoken) -> Iterator[str]:
        where = "" if rooms.person_of(it.room) else f" in {self.wording.room(it.room, it.members)}"
        text = f"[{it.text}]" if it.pressed else it.text
        yield f"{self.wording.moment(it.at)}  {self.wording.name(it.person)}{where}: {text}"
        yield from self._members(it)

    def _message(self, alike: Sequence[Message]) -> Iterator[str]:
        """A message, and everybody who got it."""
        it = alike[0]
        people = dict.fromkeys(message.person for message in alike)
        to = ", ".join(map(self.wording.name, people)) if it.person else self.wording.room(it.room, it.members)
        first, *more = it.text.split("\n")
        yield f"{self.wording.moment(it.at)}    {self.wording.both(CAUSES[it.cause])} {to}: {first}"
        yield from (f"{INDENT}| {line}" for line in more)
        if it.file:
            yield f"{INDENT}({self.wording.say(nl='bestand', en='file')}: {it.file})"
        if it.buttons:
            yield INDENT + " ".join(f"[{label}]" for label in it.buttons)
        if it.choices:
            yield f"{INDENT}[ ] " + " / ".join(it.choices)
        yield from self._members(it)

    def _members(self, it: Message | Spoken) -> Iterator[str]:
        """Who is in a room, at its first mention and when a small one changed."""
        known = self._told.get(it.room)
        named = it.room.startswith(("direct/", "pair/"))  # these say by their name who is there
        if named or known == it.members or (known is not None and len(it.members) > FEW):
            return
        self._told[it.room] = it.members
        number = len(it.members)
        who = self.wording.say(nl=f"{number} mensen", en=f"{number} people")
        told = self.wording.listed(it.members) if number <= FEW else who
        yield f"{INDENT}({self.wording.say(nl='in deze kamer', en='in this room')}: {told})"
