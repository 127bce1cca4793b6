"""The road through a programme: the step that somebody who plays it for the first time could take now.

It is derived from the state, as everything that time brings is. Whoever plays on their own way gets the step that follows from that.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import chain

from bot.local.intervision import ASK, Circle
from bot.local.play import Play
from bot.local.steps import Anew, NextStep, Pressed, Ring, Typed
from bot.local.suggestions import speaks
from bot.local.way import Way, both, first_name, step, typing
from programme import ring, rooms
from programme.edition import WindowName
from programme.exchange import Phase
from programme.nudges import working_day
from programme.people import LanguageCode
from programme.records import Participant, Visit
from programme.text import Call, Day, Value

MORNING = timedelta(hours=9)
MOST = 3
"""So many ways on stand at the end at most."""


def next_step(play: Play, viewer: str = "", language: LanguageCode | None = None) -> NextStep | None:
    """The step to take now; None when there is nobody to play: no participant, or no coordinator.

    The road is that of the first participant; a session is that of the `viewer` (full id), where they have one. `language` is that
    of the page: before somebody who is played by hand says something, the bot is asked to talk it with them.
    """
    guest = next((p for p in play.people() if p.id not in play.coordinators()), None)
    if guest is None or not play.edition.coordinators:
        return None
    road = _Road(play, guest)
    near = (circle for person in (viewer, guest.id) if (circle := Circle(play, road.person(person))).is_at_hand)
    sessions = (step for circle in near for step in circle.steps())
    found = next(chain(sessions, road.steps()), None)
    return (road.in_language(found, language) or found) if found is not None and language is not None else found


class _Road(Way):
    """The way through the exchange."""

    def steps(self) -> Iterator[NextStep]:
        """The steps that are open now; the first one counts."""
        match self.exchange.phase:
            case Phase.BEFORE:
                yield self.journey("before", self._opening("signup"), self.guest)
            case Phase.SIGNUP:
                yield from self._joining()
                yield self.journey("wait", self._opening("preferences"), self.guest)
            case Phase.PREFERENCES:
                yield from self._joining()
                yield from self._choosing()
            case Phase.MATCHING:
                yield from self._matching()
            case Phase.VISITS | Phase.CLOSED:
                yield from self._visiting()

    def in_language(self, following: NextStep, language: LanguageCode) -> NextStep | None:
        """The step of asking the bot for this language, where who acts next hears another."""
        match following.do[0]:
            case Typed(person=id_) | Pressed(person=id_) if id_ in self.play.by_hand():
                person = self.person(id_)
            case _:
                return None
        line = speaks(self.play, person.id, language)
        if line is None:
            return None
        asks = Typed(person.id, self.home(person), line, typing(line, person))
        asked = step("language", (asks, following.do[0]), name=first_name(person))
        return replace(asked, stage=following.stage)

    def _joining(self) -> Iterator[NextStep]:
        """What the guest needs to take part: nothing when they do."""
        part = self.exchange.participants.get(self.guest.id)
        match part.state if part is not None else "":
            case "in":
                return
            case "waiting":
                yield self.typed("admit", self.coordinator, Call(command="admit", arguments=(self.guest.id,)))
            case "offered":
                yield from self.asked("answer room", self.guest)
                yield self.typed("take room", self.guest, Call(command="take_room"))
            case "form":
                yield from self.asked("answer form", self.guest)
                yield self.typed("form", self.guest, Call(command="form"))
            case _:
                yield from self.asked("answer signup", self.guest)
                yield self.typed("signup", self.guest, Call(command="signup"))

    def _choosing(self) -> Iterator[NextStep]:
        yield from self.asked("answer prefer", self.guest)
        part = self.part()
        if part is not None and part.takes_part and not part.preferences:
            yield self._prefer(part)
        ends = self.edition.windows["preferences"].ends(self.edition.zone)
        yield self.journey("close", self.office_hours(ends + MORNING), self.coordinator)

    def _prefer(self, part: Participant) -> NextStep:
        places = [place.number for place in self.exchange.choosable(part)]
        wanted = dict.fromkeys([*places[2::2], *places])
        numbers = tuple(map(str, wanted))[: self.edition.preferences.length]
        look = Typed(
            part.person,
            rooms.direct(part.person),
            self.line(Call(command="places"), self.guest),
            both("Bekijk de plekken", "See the places"),
        )
        return self.typed("prefer", self.guest, Call(command="prefer", arguments=numbers), look)

    def _matching(self) -> Iterator[NextStep]:
        round_ = self.exchange.round
        if round_.hold is not None:
            yield self.journey("hold", round_.hold.until, self.guest)
        yield from self._joining()
        if round_.proposal is None or round_.proposal.input != ring.problem(self.exchange).hash():
            yield self.typed("solve", self.coordinator, Call(command="match_propose"))
        else:
            count = str(len(round_.proposal.match))
            yield self.typed("publish", self.coordinator, Call(command="match_publish", arguments=(count,)))

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
        yield from self._further()

    def _agreeing(self, visit: Visit) -> Iterator[NextStep]:
        """Guest and host agree a day in the room that they share: there it need not be said which visit is meant."""
        if visit.suggestion is not None:
            yield from self.asked("agree", self.person(visit.other(visit.suggestion.by)))
        day, here = (
            Call(command="propose", arguments=(self.exchange.example_day(),)),
            rooms.pair(self.edition.id, visit.guest),
        )
        yield self.typed("propose", self.guest, day, room=here, host=self.person(visit.host).shown)

    def _before(self, visit: Visit) -> Iterator[NextStep]:
        last = visit.agreed[-1]
        if self.now >= datetime.combine(last.day, last.end, self.edition.zone):
            return
        if visit.signed is None:
            yield from self.pressed("sign", Call(command="confidentiality", arguments=(f"{visit.guest} ja",)))
            alone = len(self.exchange.visits_of(self.guest.id)) == 1
            sign = Call(command="confidentiality", arguments=("ja",) if alone else ())
            yield self.typed("sign", self.guest, sign)
        after = datetime.combine(working_day(last.day, 1, self.free()), time(9), self.edition.zone)
        yield self.journey("journey", after, self.guest, day=Day(day=last.day))

    def _afterwards(self, visit: Visit) -> Iterator[NextStep]:
        yield from self.asked("answer after", self.guest)
        took_place = Call(command="took_place", arguments=(visit.guest,))
        yield from self.pressed("took place", took_place)
        yield self.typed("took place", self.guest, took_place)

    def _telling(self) -> Iterator[NextStep]:
        part = self.part()
        if part is not None and not part.shared:
            yield from self.asked("answer after", self.guest)
            yield self.typed("tell", self.guest, Call(command="experience"))

    def _end(self, post: str) -> NextStep:
        """The end of the road: look back, or begin anew."""
        anew, ring_ = Anew(both("Opnieuw beginnen", "Begin again")), Ring(both("Bekijk de ring", "See the ring"))
        values: dict[str, Value] = {"name": first_name(self.guest), "edition": self.edition.name}
        if post != "end":
            return step(post, (anew, ring_), **values)
        ways = (*self.closing(), *Circle(self.play, self.guest).later(), ring_, anew)
        return step(post, ways[:MOST], **values)

    def _further(self) -> Iterator[NextStep]:
        """What there is after the visit: what is still asked, intervision, and the end."""
        circle = Circle(self.play, self.guest)
        yield from circle.steps()
        for person in (self.guest, self.coordinator):
            yield from self.asked("answer later", person, *self.closing())
        if circle.can_begin:
            label = both("Door naar intervisie", "On to intervision")
            ask = Typed(self.coordinator.id, self.home(self.coordinator), self.line(ASK, self.coordinator), label)
            yield step("circle", (ask, *self.closing()), name=first_name(self.coordinator))
        yield self._end("end")

    def _opening(self, window: WindowName) -> datetime:
        return max(self.now, self.edition.windows[window].begins(self.edition.zone) + MORNING)
