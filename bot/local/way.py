"""What every way through a programme is made of: one look at a play for one person, and the kinds of steps that it can propose."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from bot.arguments import write_call
from bot.clock import free_days
from bot.local.answers import example_answer
from bot.local.circle_posts import CIRCLE
from bot.local.play import Play
from bot.local.signposts import POSTS
from bot.local.steps import Answer, Do, Journey, NextStep, Pressed, Typed
from programme import rooms
from programme.exchange import Exchange
from programme.nudges import awake
from programme.people import Person
from programme.records import Participant
from programme.text import Both, Call, Day, Value
from storage.letters import Question

SIGNS = POSTS | CIRCLE


class Way:
    """One look at a play, for one guest and the first coordinator."""

    def __init__(self, play: Play, guest: Person) -> None:
        self.play, self.guest = play, guest
        self.now, self.edition = play.clock.now(), play.edition
        self.exchange: Exchange = play.state.exchange(self.edition, self.now)
        self.coordinator = self.person(self.edition.coordinators[0])

    # ── each kind of step ────────────────────────────────────────────────────────────────────────────────────────────────

    def typed(
        self, post: str, person: Person, call: Call, *more: Do, room: str | None = None, **values: Value
    ) -> NextStep:
        """Somebody types a command, where they do what they do or in this `room`."""
        line = self.line(call, person)
        typed = Typed(person.id, room or self.home(person), line, typing(line, person))
        return step(post, (typed, *more), name=first_name(person), guest=first_name(self.guest), **values)

    def pressed(self, post: str, call: Call) -> Iterator[NextStep]:
        """The step of pressing the newest button that stands for this call, in the guest's own chat, if there is one."""
        room, line = rooms.direct(self.guest.id), self.line(call, self.guest)
        for entry in reversed(self.play.record.all()):
            for number, button in enumerate(entry.buttons if entry.room == room else ()):
                if button.typed == line:
                    label = both("Druk op “{it}”", "Press “{it}”", it=button.label)
                    press = Pressed(self.guest.id, room, entry.number, number, label)
                    yield step(post, (press,), name=first_name(self.guest))

    def journey(self, post: str, to: datetime, person: Person, **values: Value) -> NextStep:
        """The clock moves to a moment."""
        same = to.astimezone(self.edition.zone).date() == self.now.astimezone(self.edition.zone).date()
        day = Day(day=to.astimezone(self.edition.zone).date())
        label = both("Zet de klok vooruit", "Move the clock") if same else both("Naar {day}", "To {day}", day=day)
        do = (Journey(person.id, self.home(person), to, label),)
        return step(post, do, name=first_name(person), **values)

    def closing(self) -> Iterator[Do]:
        """The way to the last meeting, as long as it is to come."""
        last = max((meeting.span(self.edition.zone).start for meeting in self.edition.meetings), default=self.now)
        if last > self.now:
            label = both("Naar de slotbijeenkomst", "To the closing meeting")
            yield Journey(self.guest.id, self.home(self.guest), last, label, others=True)

    def asked(self, post: str, person: Person, *more: Do) -> Iterator[NextStep]:
        """The step of answering the question that is open to somebody, if there is one."""
        for question in self.play.asked_of(person.id)[:1]:
            by_hand = Answer(person.id, rooms.direct(person.id), both("Zelf antwoorden", "Answer yourself"))
            yield step(post, (*self._said(person, question), by_hand, *more), name=first_name(person))

    def _said(self, person: Person, question: Question) -> Iterator[Do]:
        """An example of an answer, to be given from here."""
        said = example_answer(self.play, person, question)
        if said is not None:
            label = both("Antwoord: {said}", "Answer: {said}", said=said)
            yield Typed(person.id, rooms.direct(person.id), said, label)

    # ── what the steps are made of ───────────────────────────────────────────────────────────────────────────────────────

    def part(self) -> Participant | None:
        """The guest's part in the edition, unless they withdrew."""
        part = self.exchange.participants.get(self.guest.id)
        return part if part is not None and part.state != "withdrawn" else None

    def person(self, id_: str) -> Person:
        """The person with this id."""
        return self.play.state.get(Person, id_) or Person(id=id_)

    def home(self, person: Person) -> str:
        """Where somebody does what they do: a coordinator at the desk, anybody else in the chat with the bot."""
        at_desk = person.id in self.edition.coordinators
        return rooms.desk(self.edition.id) if at_desk else rooms.direct(person.id)

    def line(self, call: Call, person: Person) -> str:
        """A call as this person would type it."""
        setup = self.play.house.setup
        return setup.prefix + write_call(call, setup.commands, person.language or setup.language)

    def office_hours(self, at: datetime) -> datetime:
        """That moment, or the next one at which people work."""
        return awake(at.astimezone(self.edition.zone), self.free(), back=False)

    def free(self) -> frozenset[date]:
        """The days on which nobody works."""
        return free_days(self.now.year) | free_days(self.now.year + 1)


def step(post: str, do: tuple[Do, ...], **values: Value) -> NextStep:
    """The step that this signpost tells of."""
    stage, what, why = SIGNS[post]
    return NextStep(stage, _with(what, values), _with(why, values), do)


def first_name(person: Person) -> str:
    """What somebody is called by those who play."""
    return person.shown.split(" ")[0]


def typing(line: str, person: Person) -> Both:
    """What stands on a button that types this line as somebody."""
    return both("Typ {line} als {name}", "Type {line} as {name}", line=line, name=first_name(person))


def both(nl: str, en: str, **values: Value) -> Both:
    """A text in both languages, with its values."""
    return Both(nl=nl, en=en, values=values)


def _with(text: Both, values: Mapping[str, Value]) -> Both:
    return text.model_copy(update={"values": dict(values)})
