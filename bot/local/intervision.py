"""The way through intervision: from wanting a group to the end of its first session, and whatever session it holds later."""

from collections.abc import Iterator
from datetime import timedelta

from bot.intervision.sessions import room_of, session_in, sitting_of
from bot.local.steps import Answer, Do, Enact, Journey, Line, NextStep
from bot.local.table import Move, Said, next_move
from bot.local.way import Way, both, first_name, step
from programme import circles, rooms
from programme.intervision.calls import START
from programme.intervision.planned import HERE, Planned
from programme.intervision.session import Session
from programme.intervision.written import SilentWrite, Vote
from programme.people import Person
from programme.records import Group
from programme.text import Both, Call, Refusal, Value

ENOUGH = 4
"""So many people make a group in which a session is lively and soon played."""
ASK = Call(command="groups_ask")
AGREE = Call(command="agree")
YES = Call(command="intervision", arguments=("yes",))
SOON = timedelta(minutes=5)
"""So long before a planned session people come in."""
LABELS = {
    "resume": both("Ga verder als {name}", "Go on as {name}"),
    "write": both("Laat iedereen schrijven", "Let everybody write"),
    "choose": both("Laat iedereen kiezen", "Let everybody choose"),
    "ask": both("Speel vraag en antwoord", "Play question and answer"),
    "speak": both("Speel de beurt van {name}", "Play the turn of {name}"),
    "talk": both("Speel het gesprek", "Play the talk"),
    "close": both("Sluit de fase als {name}", "Close the phase as {name}"),
}


class Circle(Way):
    """One look at the intervision of the guest."""

    @property
    def group(self) -> Group | None:
        """The guest's group."""
        return circles.group_of(self.exchange, self.guest.id)

    @property
    def is_at_hand(self) -> bool:
        """Whether a session of the guest's group goes on, or comes next: the first one that is planned, or one for which people come in."""
        group, planned = self.group, self._planned()
        soon = planned is not None and self.now >= planned.span(self.edition.zone)[0] - SOON
        first = planned is not None and group is not None and not group.held
        return self._session() is not None or soon or first

    @property
    def can_begin(self) -> bool:
        """Whether people can still be asked who wants to be in a group, the guest too."""
        part = self.part()
        fresh = part is not None and part.takes_part and part.asked is None and not part.intervision
        return fresh and self.edition.intervision is not None and self.group is None and len(self._willing()) >= ENOUGH

    def steps(self) -> Iterator[NextStep]:
        """What is next for the guest; nothing when their group has held a session and plans none, or they want no group."""
        group = self.group
        session, planned = self._session(), self._planned()
        if group is None:
            yield from self._coming_together()
        elif session is not None:
            yield from self._sitting(session)
        elif planned is not None and self.is_at_hand:
            yield from self._gathering(group, planned)
        elif not group.held:
            yield from self._beginning(group)

    def later(self) -> Iterator[Do]:
        """The way to the next session of a group that has held one."""
        group, planned = self.group, self._planned()
        if group is not None and planned is not None and not self.is_at_hand:
            yield self._to(group, planned)

    # ── a group ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _coming_together(self) -> Iterator[NextStep]:
        part = self.part()
        if self.edition.intervision is None or part is None or part.intervision == "no":
            return
        if part.intervision:
            yield from self._grouping()
        elif part.asked is not None:
            yield from self.asked("circle want", self.guest)
            yield self.typed("circle want", self.guest, YES)

    def _grouping(self) -> Iterator[NextStep]:
        missing = ENOUGH - len(circles.candidates(self.exchange))
        others = [person for person in self._willing() if person != self.guest.id]
        if 0 < missing <= len(others):
            said = [(rooms.direct(person), Said(person, YES)) for person in others[:missing]]
            label = both("Laat anderen ja zeggen", "Let others say yes")
            enact = Enact(self.coordinator.id, self.home(self.coordinator), self._lines(said), label)
            yield step("circle others", (enact,))
        elif missing <= 0:
            yield from self._making()

    def _willing(self) -> list[str]:
        """Who could still say that they want to be in a group: not who visits or receives the guest, as partners sit apart."""
        partners = {id_ for visit in self.exchange.visits_of(self.guest.id) for id_ in (visit.guest, visit.host)}
        free = [part.person for part in circles.unasked(self.exchange)]
        return [person for person in free if person == self.guest.id or person not in partners]

    def _making(self) -> Iterator[NextStep]:
        found = self.exchange.round.grouping
        if found is None or not any(self.guest.id in members for members in found.groups):
            try:
                size = max(circles.ways(self.exchange)[0])
            except Refusal:
                return
            yield self.typed("circle propose", self.coordinator, Call(command="groups_propose", arguments=(str(size),)))
        else:
            count = str(len(found.groups))
            yield self.typed("circle make", self.coordinator, Call(command="groups_make", arguments=(count,)))

    def _beginning(self, group: Group) -> Iterator[NextStep]:
        room = _room(group)
        waiting = circles.waiting_for(self.edition, group)
        if self.guest.id in waiting:
            yield self.typed("circle agree", self.guest, AGREE, room=room)
        if waiting:
            said = [(room, Said(person, AGREE)) for person in waiting]
            label = both("Laat de anderen ja zeggen", "Let the others say yes")
            yield step("circle agree others", (Enact(self.guest.id, room, self._lines(said), label),))
        yield self._start(room)

    def _start(self, room: str) -> NextStep:
        return self.typed("circle start", self.guest, START.model_copy(update={"arguments": ("incident",)}), room=room)

    # ── a session ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _session(self) -> Session | None:
        group = self.group
        return session_in(self.play.state, _room(group)) if group is not None else None

    def _planned(self) -> Planned | None:
        group = self.group
        return self.play.state.get(Planned, group.id) if group is not None else None

    def _gathering(self, group: Group, planned: Planned) -> Iterator[NextStep]:
        """Go to the time that was planned, be there with everybody, and begin."""
        room = _room(group)
        begins, _ends = planned.span(self.edition.zone)
        if self.now < begins - SOON:
            yield step("circle day", (self._to(group, planned),))
        away = [person for person in group.members if person not in planned.here]
        if away:
            said = [(room, Said(person, HERE)) for person in away]
            label = both("Laat iedereen binnenkomen", "Let everybody come in")
            yield step("circle here", (Enact(self.guest.id, room, self._lines(said), label),))
        yield self._start(room)

    def _to(self, group: Group, planned: Planned) -> Journey:
        begins, _ends = planned.span(self.edition.zone)
        room = _room(group)
        return Journey(self.guest.id, room, begins - SOON, both("Naar de sessie", "To the session"))

    def _sitting(self, session: Session) -> Iterator[NextStep]:
        sitting = sitting_of(session, self.now, frozenset())
        move = next_move(sitting, self.play.house.setup.language)
        if move is not None:
            values: dict[str, Value] = {
                "name": first_name(self.person(move.person)),
                "phase": sitting.phase.name,
                "n": session.phase + 1,
                "all": len(sitting.method.phases),
            }
            label = LABELS[move.kind].model_copy(update={"values": values})
            yield step(
                f"table {move.kind}", (self._enacted(session, move, label), *self._by_hand(session, move)), **values
            )

    def _enacted(self, session: Session, move: Move, label: Both) -> Enact:
        room = room_of(session)
        said = [(rooms.direct(it.person) if it.alone else room, it) for it in move.lines]
        return Enact(self.guest.id, room, self._lines(said), label)

    def _by_hand(self, session: Session, move: Move) -> Iterator[Answer]:
        """The guest's own part, to be done by hand."""
        room = room_of(session)
        match session.turn:
            case SilentWrite() | Vote() as turn:
                mine, room = self.guest.id in turn.waiting, rooms.direct(self.guest.id)
            case _:
                mine = self.guest.id == move.person
        if mine:
            yield Answer(self.guest.id, room, both("Zelf doen", "Do it yourself"))

    def _lines(self, said: list[tuple[str, Said]]) -> tuple[Line, ...]:
        """What is said where, as each would type it."""
        return tuple(Line(it.person, room, self._typed(it, self.person(it.person))) for room, it in said)

    def _typed(self, it: Said, person: Person) -> str:
        return it.what if isinstance(it.what, str) else self.line(it.what, person)


def _room(group: Group) -> str:
    """The key of the room of a group."""
    return rooms.group(group.edition, group.number)
