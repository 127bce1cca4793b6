"""Saying the reminders that ring together: gathered per person, and told in slices, each of them a unit of its own.

People get their reminders gathered: at most one message a day each. A cohort may be large, so an occasion is told to a bounded number of
people at a time, and others are heard in between. What was told is kept with it: after a crash the rest is told, and nothing twice.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.answer import Say
from bot.context import Context
from programme import reaching, rooms
from programme.edition import Edition
from programme.exchange import Exchange
from programme.nudges import Nudge
from programme.reaching import Word
from programme.text import Text, Value, _, lines
from storage.letters import Button, Gathered, Rung

SLICE = 20
"""So many people, or rooms, are told in one unit: some ten milliseconds of the loop, and as much for the postman afterwards."""

Entry = tuple[str, tuple[Nudge, ...]]
"""Whom (empty: a room, the desk or nobody), and of what."""


@dataclass
class Occasion:
    """What rings at one moment in one edition, in the order in which it is due.

    `known` gives the nudges of the edition by key, those that rang already included. `tell` handles one event.
    """

    edition: str
    due: Sequence[Nudge]
    known: Callable[[], Mapping[str, Nudge]]
    _known: Mapping[str, Nudge] | None = None
    _looked: Exchange | None = None
    """The exchange in which was last looked up whom each nudge reaches."""
    _reached: dict[str, list[Word]] = field(default_factory=dict)
    """By key of a nudge: what it says to whom, in that exchange."""
    _left: list[Entry] | None = None
    _open: Counter[str] = field(default_factory=Counter)
    """How many entries of each nudge, by key, are still to be told."""

    @property
    def over(self) -> bool:
        """Whether everybody has been told."""
        return self._left == []

    @property
    def next_id(self) -> str:
        """The id of the event that tells the next slice: the same when it must be told again after a crash or a restore."""
        if not self._left:
            return f"{self.due[0].key}/{len(self.due)}"
        person, told = self._left[0]
        return f"{told[0].key}/{person}"

    def tell(self, ctx: Context) -> list[Say]:
        """Say the next slice, and keep what has rung by that."""
        ctx.edition_or_none = ctx.state.get(Edition, self.edition)
        if self._left is None:
            self._plan(ctx)
        some, self._left = (self._left or [])[:SLICE], (self._left or [])[SLICE:]
        self._open.subtract(nudge.key for _person, told in some for nudge in told)
        words = self._words(ctx, (nudge for _person, told in some for nudge in told))
        said = [say for person, told in some for say in self._entry(ctx, person, told, words)]
        rang = {nudge.key: nudge for _person, told in some for nudge in told if not self._open[nudge.key]}
        ctx.save(*(_rung(ctx, nudge, words[nudge.key]) for nudge in rang.values()))
        return said

    def give_up(self, ctx: Context) -> None:
        """A bug was in the way of a slice: what it was about has rung, and what was to come does; it must not ring for ever.

        What was told whole in the slices before keeps whom it reached.
        """
        done = [nudge for nudge in self.due if self._left is None or not self._open[nudge.key]]
        ctx.save(*(off_the_list(ctx, nudge) for nudge in done if ctx.state.get(Rung, nudge.key) is None))
        self._left = self._left or []

    def _plan(self, ctx: Context) -> None:
        alone: list[Entry] = []
        reached: dict[str, list[Nudge]] = defaultdict(list)
        words = self._words(ctx, self.due)
        for nudge in self.due:
            people = dict.fromkeys(word.person for word in words[nudge.key] if word.person)
            for person in people:
                reached[person].append(nudge)
            if not people:
                alone.append(("", (nudge,)))
        self._left = [*alone, *((person, tuple(told)) for person, told in reached.items())]
        self._open.update(nudge.key for _person, told in self._left for nudge in told)

    def _words(self, ctx: Context, due: Iterable[Nudge]) -> dict[str, list[Word]]:
        """What each nudge says now, by its key; nothing when it is too late for it."""
        distinct = {nudge.key: nudge for nudge in due}
        return {key: self._of(ctx, nudge) if ctx.now < nudge.until else [] for key, nudge in distinct.items()}

    def _of(self, ctx: Context, nudge: Nudge) -> list[Word]:
        if nudge.act != "gathered":
            return self._said_by(ctx, nudge)
        gathered = ctx.state.get(Gathered, nudge.person)
        self._known = known = self._known or self.known()
        waiting = [known[key] for key in (gathered.waiting if gathered else ()) if key in known]
        found = [word for it in waiting if ctx.now < it.until for word in self._said_by(ctx, it)]
        return [word for word in found if word.person == nudge.person]

    def _said_by(self, ctx: Context, nudge: Nudge) -> list[Word]:
        """What it says to everybody whom it reaches: looked up again only when something has changed since the slice before."""
        if self._looked is None or replace(ctx.exchange, now=self._looked.now) != self._looked:
            self._looked, self._reached = ctx.exchange, {}
        if nudge.key not in self._reached:
            self._reached[nudge.key] = reaching.words(nudge, ctx.exchange, ctx.name)
        return self._reached[nudge.key]

    def _entry(
        self, ctx: Context, person: str, told: Sequence[Nudge], words: Mapping[str, Sequence[Word]]
    ) -> list[Say]:
        if not person:
            return [say for nudge in told for say in _to_rooms(ctx, nudge, words[nudge.key])]
        before = ctx.state.get(Gathered, person)
        fresh = [nudge for nudge in told if before is None or nudge.key not in before.told]
        heard = [(nudge, word) for nudge in fresh for word in words[nudge.key] if word.person == person]
        part = ctx.exchange.participants.get(person)
        quiet = part is not None and part.rests(ctx.today)
        said = [say for nudge, word in heard if nudge.urgent and not quiet for say in _said([(nudge, word)])]
        said += _gathered(ctx, person, [(nudge, word) for nudge, word in heard if not nudge.urgent])
        self._note(ctx, person, told)
        return said

    def _note(self, ctx: Context, person: str, told: Sequence[Nudge]) -> None:
        """Keep what this person was told as long as others are still to be told the same."""
        if unfinished := tuple(nudge.key for nudge in told if self._open[nudge.key]):
            gathered = ctx.state.get(Gathered, person) or Gathered(id=person, day=date.min)
            ctx.save(gathered.model_copy(update={"told": unfinished}))


def off_the_list(ctx: Context, nudge: Nudge) -> Rung:
    """What rang has rung, also when saying it went wrong: a bug must not ring for ever."""
    return Rung(id=nudge.key, at=ctx.now, edition=nudge.edition, said=False)


def rests(ctx: Context, person: str) -> date | None:
    """Through which day this person is to have no other reminder: today's was said, or they do not want to be disturbed."""
    gathered, part = ctx.state.get(Gathered, person), ctx.exchange.participants.get(person)
    days = [gathered.day if gathered else None, part.undisturbed if part else None]
    return max((day for day in days if day is not None and day >= ctx.today), default=None)


def by_hand(ctx: Context, told: Sequence[tuple[Nudge, Word]]) -> list[Say]:
    """Say now what a coordinator wants to be said: to each one message, which is the reminder of the day and counts as one."""
    heard: dict[str, list[tuple[Nudge, Word]]] = defaultdict(list)
    reached: dict[str, list[Word]] = defaultdict(list)
    for nudge, word in told:
        heard[word.person].append((nudge, word))
        reached[nudge.key].append(word)
    ctx.save(*(_rung(ctx, nudge, reached[nudge.key]) for nudge in {nudge.key: nudge for nudge, _word in told}.values()))
    return [say for person, words in heard.items() for say in _gathered(ctx, person, words)]


def _to_rooms(ctx: Context, nudge: Nudge, words: Sequence[Word]) -> list[Say]:
    if ctx.now >= nudge.until:
        return [Say(_missed(nudge), rooms.desk(nudge.edition))]
    return [Say(word.text, word.room, wake=True, until=nudge.until) for word in words if not word.person]


def _gathered(ctx: Context, person: str, words: list[tuple[Nudge, Word]]) -> list[Say]:
    """One message a day, and none to who does not want to be disturbed: the others wait for the working day after it."""
    if not words:
        return []
    before = ctx.state.get(Gathered, person) or Gathered(id=person, day=date.min)
    if (last := rests(ctx, person)) is not None:
        waiting = tuple(dict.fromkeys([*before.waiting, *(nudge.key for nudge, _word in words)]))
        ctx.save(before.model_copy(update={"day": last, "waiting": waiting}))
        return []
    brings = any(nudge.act == "gathered" for nudge, _word in words)
    others = tuple(key for key in before.waiting if not (brings and key.startswith(f"{ctx.edition.id}/")))
    ctx.save(Gathered(id=person, day=ctx.today, waiting=others))
    return _said(words)


def _said(words: list[tuple[Nudge, Word]]) -> list[Say]:
    """What one person is told: all in one message, and then what can be answered with a tap, each with its own buttons."""
    plain: list[Value] = []
    for _nudge, word in words:
        if not word.taps and word.text not in plain:
            plain.append(word.text)
    until = max(nudge.until for nudge, _word in words)
    together = [Say(lines(*plain), words[0][1].room, until=until, wake=True)] if plain else []
    return [*together, *(_tapped(nudge, word) for nudge, word in words if word.taps)]


def _tapped(nudge: Nudge, word: Word) -> Say:
    buttons = [Button(label=label, call=call) for label, call in word.taps]
    return Say(word.text, word.room, buttons, until=nudge.until, wake=True)


def _rung(ctx: Context, nudge: Nudge, words: Sequence[Word]) -> Rung:
    people = tuple(sorted({word.person for word in words if word.person}))
    return Rung(id=nudge.key, at=ctx.now, edition=nudge.edition, people=people, said=ctx.now < nudge.until)


def _missed(nudge: Nudge) -> Text:
    name = nudge.reminder.key if nudge.reminder else nudge.act
    return _(
        "The reminder {name} was not sent: I was away, and now it is too late for it. Send a message yourself if need be.",
        name=name,
    )
