"""The crowd: who would do what next, and when."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from programme import nudges
from programme.ballots import Ballot
from programme.crowd import coordinating, intervising, taking_part, visiting
from programme.crowd.act import Act, Look
from programme.crowd.hall import EMPTY, Hall
from programme.crowd.temperament import Temperament, temperament
from programme.exchange import Exchange
from programme.nudges import Nudge
from programme.people import Person
from programme.records import Group, Visit
from programme.rooms import group as group_room

NOBODY: frozenset[str] = frozenset()
Rules = Callable[[Look], Iterator[Act]]
Seen = tuple[object, ...]


@dataclass
class Crowd:
    """Made-up people and their coordinator. It remembers what they have done, and when they came to plan the rest."""

    seed: int
    people: Sequence[Person]
    """Everybody who may take part, and who coordinates. Who coordinates is in the edition."""
    free: frozenset[date] = frozenset()
    """Days on which nobody works."""
    like: Mapping[str, Temperament] = field(default_factory=dict)
    """By person: what they are like, where the seed must not say it."""
    _moments: dict[str, datetime] = field(default_factory=dict)
    """When somebody will do a thing: decided when they first think of it, and not put off by looking again."""
    _tries: dict[str, int] = field(default_factory=dict)
    _known: dict[str, dict[Rules, tuple[Seen, list[Act]]]] = field(default_factory=dict)
    """By person and rules: what their plans were derived from, and the plans."""
    _reminders: tuple[object, list[Nudge]] = (None, [])

    def acts(
        self,
        exchange: Exchange,
        ballots: Sequence[Ballot] = (),
        hall: Hall = EMPTY,
        without: Collection[str] = NOBODY,
    ) -> list[Act]:
        """All that people plan to do as it stands, the first thing first. `without` are those who are played by a human."""
        scene = _Scene(exchange, ballots, hall)
        found = [act for person in self.people if person.id not in without for act in self._plans(scene, person)]
        return sorted(found, key=lambda act: (act.at, act.person, act.about))

    def due(
        self,
        exchange: Exchange,
        ballots: Sequence[Ballot] = (),
        hall: Hall = EMPTY,
        without: Collection[str] = NOBODY,
    ) -> list[Act]:
        """What people would have done by now, in order. After each act the state is another: look again when it counts."""
        return [act for act in self.acts(exchange, ballots, hall, without) if act.at <= exchange.now]

    def next_at(
        self,
        exchange: Exchange,
        ballots: Sequence[Ballot] = (),
        hall: Hall = EMPTY,
        without: Collection[str] = NOBODY,
    ) -> datetime | None:
        """When the next of them would act (aware; it may have passed); None when nobody plans anything."""
        return next((act.at for act in self.acts(exchange, ballots, hall, without)), None)

    def done(self, act: Act) -> None:
        """Take in that this was done, whatever came of it."""
        key = f"{act.person}/{act.about}"
        self._tries[key] = self._tries.get(key, 0) + 1
        self._known.pop(act.person, None)

    def temper(self, person: str) -> Temperament:
        """What somebody is like."""
        return self.like.get(person) or temperament(self.seed, person)

    def _plans(self, scene: "_Scene", person: Person) -> Iterator[Act]:
        """The plans of one person. Each part of them is derived anew when something changed that it looks at."""
        if person.id in scene.exchange.edition.coordinators[:1]:
            yield from self._part(coordinating.acts, scene, person, scene.of_coordinator)
        elif person.id not in scene.exchange.edition.coordinators:
            mine = scene.of_person(person.id)
            yield from self._part(_taking_part, scene, person, mine)
            yield from self._part(intervising.acts, scene, person, (*mine, *scene.of_group(person.id)))

    def _part(self, rules: Rules, scene: "_Scene", person: Person, seen: Seen) -> list[Act]:
        known = self._known.setdefault(person.id, {})
        if rules not in known or not _same(known[rules][0], seen):
            known[rules] = seen, [self._pinned(act) for act in rules(self._look(scene, person))]
        return known[rules][1]

    def _look(self, scene: "_Scene", person: Person) -> Look:
        return Look(
            exchange=scene.exchange,
            me=person,
            temper=self.temper(person.id),
            seed=self.seed,
            free=self.free,
            reminders=self._nudges(scene.exchange),
            tries=self._tries,
            moments=self._moments,
            ballots=scene.ballots,
            of=self.temper,
            hall=scene.hall,
        )

    def _pinned(self, act: Act) -> Act:
        key = f"{act.person}/{act.about}"
        at = self._moments.setdefault(f"{key}/{self._tries.get(key, 0)}", act.at)
        return replace(act, at=at)

    def _nudges(self, exchange: Exchange) -> list[Nudge]:
        """The nudges of the edition in order of time, derived once as long as it stays what it is."""
        if self._reminders[0] is not exchange.edition:
            found = nudges.of_edition(exchange.edition, exchange.round, self.free)
            self._reminders = exchange.edition, sorted(found, key=lambda it: it.at)
        return self._reminders[1]


@dataclass(frozen=True)
class _Scene:
    """All that people look at, once for all of them."""

    exchange: Exchange
    ballots: Sequence[Ballot]
    hall: Hall

    @cached_property
    def visits(self) -> Mapping[str, list[Visit]]:
        """The visits of everybody, as guest or host."""
        found: dict[str, list[Visit]] = defaultdict(list)
        for visit in self.exchange.visits.values():
            found[visit.guest].append(visit)
            found[visit.host].append(visit)
        return found

    @cached_property
    def groups(self) -> Mapping[str, list[Group]]:
        """The groups of everybody, those that ended too."""
        found: dict[str, list[Group]] = defaultdict(list)
        for group in self.exchange.groups.values():
            for person in group.members:
                found[person].append(group)
        return found

    @cached_property
    def offered(self) -> int:
        """How many places there are to choose from."""
        return len(self.exchange.offered())

    @cached_property
    def of_coordinator(self) -> Seen:
        """What the plans of the coordinator depend on. Records never change, so who they are says what they are."""
        it = self.exchange
        return it.edition, it.round, *it.participants.values(), *it.groups.values()

    def of_person(self, person: str) -> Seen:
        """The same, of somebody who may take part."""
        it, asked = self.exchange, self.hall.asked.get(person, ())
        visits = self.visits.get(person, ())
        return it.edition, it.round, it.participants.get(person), self.offered, *visits, *asked

    def of_group(self, person: str) -> Seen:
        """And what comes to it where somebody is in a group."""
        mine = self.groups.get(person, ())
        rooms = {group_room(group.edition, group.number) for group in mine}
        polls = (ballot for ballot in self.ballots if ballot.room in rooms)
        return *mine, *(seen for group in mine for seen in self.hall.of_group(group.id)), *polls


def _taking_part(it: Look) -> Iterator[Act]:
    yield from taking_part.acts(it)
    yield from visiting.acts(it)


def _same(before: Seen, now: Seen) -> bool:
    return len(before) == len(now) and all(one is other for one, other in zip(before, now, strict=True))
