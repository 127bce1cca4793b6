"""What a command sees: who, where, when, the edition at hand; and the one way to change something."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeVar, cast

from bot.chat import RoomFacts
from bot.command import Commands
from bot.condition import Condition
from bot.intervision.memory import Memory
from bot.tables import NAMES
from programme import rooms
from programme.ballots import Ballot
from programme.edition import Edition
from programme.exchange import Exchange
from programme.intervision.asking import Remark
from programme.intervision.continuing import Continuing
from programme.intervision.planned import Planned
from programme.intervision.session import Session
from programme.model import Model
from programme.people import LanguageCode, Person, Role, told_apart
from programme.records import Group, Participant, Place, Round, Visit
from programme.text import Call
from storage.letters import Question
from storage.unit import Unit

M = TypeVar("M", bound=Model)


class Shelves(Protocol):
    """Where models are read: the store."""

    def __getitem__(self, model: type[M]) -> Any:
        """The table of this model."""


class State:
    """The state as one event sees it: what is kept, and over it what this event has changed so far."""

    def __init__(self, store: Shelves) -> None:
        self._store = store
        self._changes: dict[tuple[type[Model], str], Model | None] = {}
        self.version = 0
        """Counts the changes of this event."""

    def get(self, model: type[M], id: str) -> M | None:  # noqa: A002 - the name of the field
        """The record with this id, if there is one."""
        if (model, id) in self._changes:
            return cast("M | None", self._changes[model, id])
        return cast("M | None", self._store[model].get(id))

    def all(self, model: type[M], **where: str) -> list[M]:
        """All records of a kind, or those whose one indexed field has this value; in the order of their ids."""
        if where:
            ((name, value),) = where.items()
            kept = self._store[model].find(name, value)
        else:
            kept = self._store[model].values()
        if not self.changed(model):
            return list(kept)
        found = {it.id: it for it in kept}
        for (kind, id_), changed in self._changes.items():
            if kind is model:
                found.pop(id_, None)
                if changed is not None and all(getattr(changed, n) == v for n, v in where.items()):
                    found[id_] = changed
        return list(found.values())

    def save(self, *records: Model) -> None:
        """Put records in the unit of this event."""
        self.version += 1
        for record in records:
            self._changes[type(record), cast("Any", record).id] = record

    def delete(self, model: type[Model], id: str) -> None:  # noqa: A002
        """Take a record away in the unit of this event."""
        self.version += 1
        self._changes[model, id] = None

    def exchange(self, edition: Edition, now: datetime) -> Exchange:
        """The exchange of an edition as it stands."""
        id_ = edition.id
        return Exchange(
            edition=edition,
            round=self.get(Round, id_) or Round(id=id_),
            participants={p.person: p for p in self.all(Participant, edition=id_)},
            places={p.number: p for p in self.all(Place, edition=id_)},
            visits={v.guest: v for v in self.all(Visit, edition=id_)},
            now=now,
            groups={g.number: g for g in self.all(Group, edition=id_)},
        )

    def people(self, exchange: Exchange) -> list[Person]:
        """Everybody who takes part in an edition, waits for it or coordinates it."""
        ids = [p.person for p in exchange.participants.values() if p.state != "withdrawn"]
        known = dict.fromkeys([*ids, *exchange.edition.coordinators])
        return [self.get(Person, id_) or Person(id=id_) for id_ in known]

    def names(self, exchange: Exchange) -> dict[str, str]:
        """The name to show of each of them, by id: with the organisation where two have the same name."""

        def at_work(it: Person) -> Person:
            """With the organisation as the form has it: who came by a chat platform brings only a name."""
            part = exchange.participants.get(it.id)
            told = part.answers.get("organisation") if part else None
            return it.model_copy(update={"organisation": told}) if told else it

        people = self.people(exchange)
        bearers = Counter(it.shown for it in people)  # asked at every event, and only namesakes need telling apart
        return told_apart(at_work(it) if bearers[it.shown] > 1 else it for it in people)

    def unit(self) -> Unit:
        """All that changed, as one unit."""
        return Unit((NAMES[model], id_, record) for (model, id_), record in self._changes.items())

    def changed(self, *models: type[Model]) -> bool:
        """Whether a record of one of these kinds changed."""
        return any(model in models for model, _id in self._changes)

    def sessions_changed(self) -> set[str]:
        """Ids of the sessions that changed."""
        return {id_ for model, id_ in self._changes if model is Session}

    def editions_changed(self) -> set[str]:
        """Ids of the editions of which something changed that time or rooms depend on."""
        kinds = (Edition, Round, Visit, Participant, Group, Ballot, Continuing, Planned)
        return {
            getattr(r, "edition", None) or cast("Any", r).id
            for (m, _), r in self._changes.items()
            if m in kinds and r is not None
        }


def _answers(call: Call, question: Question) -> bool:
    """Whether a call is what this question asks for, or one of its choices, however it was given; a confirmation is another thing."""
    if question.call is not None and question.call.command == call.command:
        return True
    return not question.confirms and any(choice.call == call for choice in question.choices)


@dataclass(frozen=True)
class Event:
    """What the router handles: something heard, a nudge that rang, a computation that came back."""

    id: str
    person: str
    room: str
    place: str | None
    at: datetime
    name: str = ""


@dataclass
class Context:
    """What a command sees. It is made for one event and thrown away."""

    state: State
    commands: Commands
    now: datetime
    """The moment (aware, UTC)."""
    said_at: datetime
    """When it was said, for deadlines: the origin's time if it is at most ten minutes old, else now."""
    me: Person
    room: str
    """Key of the room in which it was said."""
    language: LanguageCode
    facts: RoomFacts = field(default_factory=RoomFacts)
    edition_or_none: Edition | None = None
    answering: Question | None = None
    """The open question that this answers."""
    confirmed: bool = False
    """The person has said yes to this very command."""
    pressed: bool = False
    """It was chosen, not typed: the person sees on the platform what they chose."""
    secret: Callable[[], str] = str
    """Makes a new secret, for a lottery."""
    free: frozenset[date] = frozenset()
    """Days on which nobody works."""
    condition: Callable[[], Condition] = lambda: Condition({})
    """Tells how the house is."""
    memory: Memory = field(default_factory=Memory)
    """What people wrote in sessions that go on."""
    remark: Remark | None = None
    """What is to be said about the form of what was said to the others; the words themselves are not here."""
    begun: list[Callable[[], None]] = field(default_factory=list)
    """What begins as soon as all of this is kept: computations."""
    about: tuple[str, ...] = ()
    """What the logbook says that a coordinator's command was about: ids and keys. Empty: its arguments."""
    nudge: str = ""
    """Key of the nudge that rings, or id of the session that is over."""
    _names: dict[str, str] | None = None
    _seen: int = -1
    _exchange: Exchange | None = None

    @property
    def edition(self) -> Edition:
        """The edition at hand."""
        assert self.edition_or_none is not None  # noqa: S101 - the router found it, or asked
        return self.edition_or_none

    @property
    def today(self) -> date:
        """The day, where the edition's clock hangs."""
        return self.said_at.astimezone(self.edition.zone).date()

    @property
    def exchange(self) -> Exchange:
        """The exchange of the edition at hand, with what this event has changed so far."""
        if self._seen != self.state.version:
            self._seen, self._exchange = self.state.version, self.state.exchange(self.edition, self.said_at)
        return cast("Exchange", self._exchange)

    def save(self, *records: Model) -> None:
        """Keep these records when this event is done."""
        self.state.save(*records)

    def close_questions(self, answer: Call | None = None) -> None:
        """Close what is asked of the person at hand: everything, or what this call answers (it has its answer now)."""
        for question in self.state.all(Question, person=self.me.id):
            if answer is None or _answers(answer, question):
                self.state.delete(Question, question.id)

    def close_choices(self, person: str, command: str) -> None:
        """Close what is asked of somebody with a choice that gives this command: there is nothing to choose any more."""
        for question in self.state.all(Question, person=person):
            if any(choice.call.command == command for choice in question.choices):
                self.state.delete(Question, question.id)

    def person(self, id: str) -> Person:  # noqa: A002 - the name of the field
        """Who this is; somebody without a name when nothing is known."""
        return self.state.get(Person, id) or Person(id=id)

    def name(self, id: str) -> str:  # noqa: A002
        """The name to show; with the organisation when somebody else in the edition has the same name."""
        if self._names is None:  # made once an event: names do not change within one
            self._names = self.state.names(self.exchange)
        return self._names.get(id) or self.person(id).shown

    def people_here(self) -> list[Person]:
        """Everybody who takes part in the edition at hand, waits for it or coordinates it."""
        return self.state.people(self.exchange)

    def coordinates(self, edition: Edition) -> bool:
        """Whether the person at hand is a coordinator of this edition: by configured id, never by name."""
        return self.me.id in edition.coordinators

    def takes_part(self, edition: Edition) -> bool:
        """Whether the person at hand has a part in this edition."""
        part = self.state.get(Participant, f"{edition.id}/{self.me.id}")
        return part is not None and part.state != "withdrawn"

    def has(self, role: Role, edition: Edition) -> bool:
        """Whether the person at hand has this role in this edition."""
        match role:
            case Role.ANYBODY:
                return True
            case Role.MEMBER:
                return self.takes_part(edition) or self.coordinates(edition)
            case Role.PARTICIPANT:
                return self.takes_part(edition)
            case Role.COORDINATOR:
                return self.coordinates(edition)

    def editions(self) -> list[Edition]:
        """The editions with which people can have business now."""
        return [edition for edition in self.state.all(Edition) if edition.is_current(self.now)]

    @property
    def at_direct(self) -> bool:
        """Whether this is the direct chat with the person at hand."""
        return self.room == rooms.direct(self.me.id)

    @property
    def alone(self) -> bool:
        """Whether nobody else is here: in the direct chat, or in a room with only this person and the bot."""
        return self.at_direct or self.facts.members == {self.me.id}
