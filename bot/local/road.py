"""The road through a programme: the step that somebody who plays it for the first time could take now.

It is derived from the state, as everything that time brings is. Whoever plays on their own way gets the step that follows from that.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.arguments import write_call
from bot.clock import free_days
from bot.local.answers import example_answer
from bot.local.play import Play
from bot.local.signposts import POSTS
from bot.local.steps import Anew, Answer, Do, Journey, NextStep, Pressed, Ring, Typed
from programme import ring, rooms
from programme.edition import WindowName
from programme.exchange import Exchange, Phase
from programme.nudges import awake, working_day
from programme.people import Person
from programme.records import Participant, Visit
from programme.text import Both, Call, Day, Value
from storage.letters import Question

MORNING = timedelta(hours=9)


def next_step(play: Play) -> NextStep | None:
    """The step to take now; None when there is nobody to play: no participant, or no coordinator."""
    guest = next((p for p in play.people() if p.id not in play.coordinators()), None)
    if guest is None or not play.edition.coordinators:
        return None
    return next(_Road(play, guest).steps(), None)


class _Road:
    """One look at the road, for one guest and the first coordinator."""

    def __init__(self, play: Play, guest: Person) -> None:
        self.play, self.guest = play, guest
        self.now, self.edition = play.clock.now(), play.edition
        self.exchange: Exchange = play.state.exchange(self.edition, self.now)
        self.coordinator = self._person(self.edition.coordinators[0])

    def steps(self) -> Iterator[NextStep]:
        """The steps that are open now; the first one counts."""
        match self.exchange.phase:
            case Phase.BEFORE:
                yield self._go("before", self._opening("signup"), self.guest)
            case Phase.SIGNUP:
                yield from self._joining()
                yield self._go("wait", self._opening("preferences"), self.guest)
            case Phase.PREFERENCES:
                yield from self._joining()
                yield from self._choosing()
            case Phase.MATCHING:
                yield from self._matching()
            case Phase.VISITS | Phase.CLOSED:
                yield from self._visiting()

    def _joining(self) -> Iterator[NextStep]:
        """What the guest needs to take part: nothing when they do."""
        part = self.exchange.participants.get(self.guest.id)
        match part.state if part is not None else "":
            case "in":
                return
            case "waiting":
                yield self._type("admit", self.coordinator, Call(command="admit", arguments=(self.guest.id,)))
            case "offered":
                yield from self._asked("answer room", self.guest)
                yield self._type("take room", self.guest, Call(command="take_room"))
            case "form":
                yield from self._asked("answer form", self.guest)
                yield self._type("form", self.guest, Call(command="form"))
            case _:
                yield from self._asked("answer signup", self.guest)
                yield self._type("signup", self.guest, Call(command="signup"))

    def _choosing(self) -> Iterator[NextStep]:
        yield from self._asked("answer prefer", self.guest)
        part = self._part()
        if part is not None and part.takes_part and not part.preferences:
            yield self._prefer(part)
        ends = self.edition.windows["preferences"].ends(self.edition.zone)
        yield self._go("close", self._office_hours(ends + MORNING), self.coordinator)

    def _prefer(self, part: Participant) -> NextStep:
        places = [place.number for place in self.exchange.choosable(part)]
        wanted = dict.fromkeys([*places[2::2], *places])
        numbers = tuple(map(str, wanted))[: self.edition.preferences.length]
        look = Typed(
            part.person,
            rooms.direct(part.person),
            self._line(Call(command="places"), self.guest),
            _b("Bekijk de plekken", "See the places"),
        )
        return self._type("prefer", self.guest, Call(command="prefer", arguments=numbers), look)

    def _matching(self) -> Iterator[NextStep]:
        round_ = self.exchange.round
        if round_.hold is not None:
            yield self._go("hold", round_.hold.until, self.guest)
        yield from self._joining()
        if round_.proposal is None or round_.proposal.input != ring.problem(self.exchange).hash():
            yield self._type("solve", self.coordinator, Call(command="match_propose"))
        else:
            count = str(len(round_.proposal.match))
            yield self._type("publish", self.coordinator, Call(command="match_publish", arguments=(count,)))

    def _visiting(self) -> Iterator[NextStep]:
        visit = self.exchange.visits.get(self.guest.id)
        if visit is None or visit not in self.exchange.going():
            yield self._end("no match")
        elif visit.done:
            yield from self._telling()
        elif visit.agreed:
            yield from self._before(visit)
            yield from self._afterwards(visit)
        elif self.exchange.phase is Phase.CLOSED:
            yield self._end("no day")
        else:
            yield from self._agreeing(visit)
        yield self._end("end")

    def _agreeing(self, visit: Visit) -> Iterator[NextStep]:
        """Guest and host agree a day in the room that they share: there it need not be said which visit is meant."""
        if visit.suggestion is not None:
            yield from self._asked("agree", self._person(visit.other(visit.suggestion.by)))
        day, here = (
            Call(command="propose", arguments=(self.exchange.example_day(),)),
            rooms.pair(self.edition.id, visit.guest),
        )
        yield self._type("propose", self.guest, day, room=here, host=self._person(visit.host).shown)

    def _before(self, visit: Visit) -> Iterator[NextStep]:
        last = visit.agreed[-1]
        if self.now >= datetime.combine(last.day, last.end, self.edition.zone):
            return
        if visit.signed is None:
            yield from self._pressed("sign", Call(command="confidentiality", arguments=(f"{visit.guest} ja",)))
            alone = len(self.exchange.visits_of(self.guest.id)) == 1
            sign = Call(command="confidentiality", arguments=("ja",) if alone else ())
            yield self._type("sign", self.guest, sign)
        after = datetime.combine(working_day(last.day, 1, self._free()), time(9), self.edition.zone)
        yield self._go("journey", after, self.guest, day=Day(day=last.day))

    def _afterwards(self, visit: Visit) -> Iterator[NextStep]:
        yield from self._asked("answer after", self.guest)
        took_place = Call(command="took_place", arguments=(visit.guest,))
        yield from self._pressed("took place", took_place)
        yield self._type("took place", self.guest, took_place)

    def _telling(self) -> Iterator[NextStep]:
        yield from self._asked("answer after", self.guest)
        part = self._part()
        if part is not None and not part.shared:
            yield self._type("tell", self.guest, Call(command="experience"))

    def _end(self, post: str) -> NextStep:
        """The end of the road: look back, go on to the closing meeting, or begin anew."""
        anew, ring_ = Anew(_b("Opnieuw beginnen", "Begin again")), Ring(_b("Bekijk de ring", "See the ring"))
        values: dict[str, Value] = {"name": _first(self.guest), "edition": self.edition.name}
        return _step(post, (ring_, *self._closing(), anew) if post == "end" else (anew, ring_), **values)

    def _closing(self) -> Iterator[Do]:
        """The way to the last meeting, as long as it is to come."""
        last = max((meeting.span(self.edition.zone).start for meeting in self.edition.meetings), default=self.now)
        if last > self.now:
            label = _b("Naar de slotbijeenkomst", "To the closing meeting")
            yield Journey(self.guest.id, self._room(self.guest), last, label, others=True)

    # ── each kind of step ────────────────────────────────────────────────────────────────────────────────────────────────

    def _type(
        self, post: str, person: Person, call: Call, *more: Do, room: str | None = None, **values: Value
    ) -> NextStep:
        line, name = self._line(call, person), _first(person)
        label = _b("Typ {line} als {name}", "Type {line} as {name}", line=line, name=name)
        typed = Typed(person.id, room or self._room(person), line, label)
        return _step(post, (typed, *more), name=name, guest=_first(self.guest), **values)

    def _pressed(self, post: str, call: Call) -> Iterator[NextStep]:
        """The step of pressing the newest button that stands for this call, in the guest's own chat, if there is one."""
        room, line = rooms.direct(self.guest.id), self._line(call, self.guest)
        for entry in reversed(self.play.record.all()):
            for number, button in enumerate(entry.buttons if entry.room == room else ()):
                if button.typed == line:
                    label = _b("Druk op “{it}”", "Press “{it}”", it=button.label)
                    press = Pressed(self.guest.id, room, entry.number, number, label)
                    yield _step(post, (press,), name=_first(self.guest))

    def _go(self, post: str, to: datetime, person: Person, **values: Value) -> NextStep:
        same = to.astimezone(self.edition.zone).date() == self.now.astimezone(self.edition.zone).date()
        day = Day(day=to.astimezone(self.edition.zone).date())
        label = _b("Zet de klok vooruit", "Move the clock") if same else _b("Naar {day}", "To {day}", day=day)
        return _step(post, (Journey(person.id, self._room(person), to, label),), name=_first(person), **values)

    def _asked(self, post: str, person: Person) -> Iterator[NextStep]:
        """The step of answering the question that is open to somebody, if there is one."""
        for question in self.play.asked_of(person.id)[:1]:
            by_hand = Answer(person.id, rooms.direct(person.id), _b("Zelf antwoorden", "Answer yourself"))
            yield _step(post, (*self._said(person, question), by_hand), name=_first(person))

    def _said(self, person: Person, question: Question) -> Iterator[Do]:
        """An example of an answer, to be given from here."""
        said = example_answer(self.play, person, question)
        if said is not None:
            yield Typed(person.id, rooms.direct(person.id), said, _b("Antwoord: {said}", "Answer: {said}", said=said))

    # ── what the steps are made of ───────────────────────────────────────────────────────────────────────────────────────

    def _part(self) -> Participant | None:
        part = self.exchange.participants.get(self.guest.id)
        return part if part is not None and part.state != "withdrawn" else None

    def _person(self, id_: str) -> Person:
        return self.play.state.get(Person, id_) or Person(id=id_)

    def _room(self, person: Person) -> str:
        """Where somebody does what they do: a coordinator at the desk, anybody else in the chat with the bot."""
        at_desk = person.id in self.edition.coordinators
        return rooms.desk(self.edition.id) if at_desk else rooms.direct(person.id)

    def _line(self, call: Call, person: Person) -> str:
        setup = self.play.house.setup
        return setup.prefix + write_call(call, setup.commands, person.language or setup.language)

    def _opening(self, window: WindowName) -> datetime:
        return max(self.now, self.edition.windows[window].begins(self.edition.zone) + MORNING)

    def _office_hours(self, at: datetime) -> datetime:
        return awake(at.astimezone(self.edition.zone), self._free(), back=False)

    def _free(self) -> frozenset[date]:
        return free_days(self.now.year) | free_days(self.now.year + 1)


def _step(post: str, do: tuple[Do, ...], **values: Value) -> NextStep:
    stage, what, why = POSTS[post]
    return NextStep(stage, _with(what, values), _with(why, values), do)


def _first(person: Person) -> str:
    """What somebody is called by those who play."""
    return person.shown.split(" ")[0]


def _b(nl: str, en: str, **values: Value) -> Both:
    return Both(nl=nl, en=en, values=values)


def _with(text: Both, values: dict[str, Value]) -> Both:
    return text.model_copy(update={"values": values})
