"""A group of made-up people in session, played through the rules alone: their acts become steps of the session, and the clock rings."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.clock import free_days
from programme.crowd import Act, Crowd, Hall
from programme.edition import Edition
from programme.exchange import Exchange
from programme.intervision import asking, chairing, clocks, coming, speaking, writing
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import QuestionRound
from programme.intervision.written import SilentWrite
from programme.people import Person
from programme.records import Group, Participant, Round
from programme.text import Call, Refusal
from tests.intervision_play import later, methods, reloaded
from tests.stage import edition

FREE = free_days(2026) | free_days(2027)
MOST = 1500
"""More acts than any session takes."""
Rule = Callable[[Sitting, str, tuple[str, ...]], Sitting]
RULES: dict[str, Rule] = {
    "next_turn": lambda it, me, _words: speaking.gone_on(it, me),
    "done": lambda it, me, _words: speaking.ready(it, me),
    "pass_turn": lambda it, me, _words: speaking.passed(it, me),
    "turn": lambda it, me, words: speaking.given_turn(it, me, words[0]),
    "hand": lambda it, me, _words: speaking.hand_raised(it, me),
    "write": lambda it, me, _words: writing.delivered(it, me),
    "choose_case": lambda it, me, words: writing.voted(it, me, words[0]),
    "break_tie": lambda it, me, words: writing.tie_broken(it, me, words[0]),
    "label": lambda it, me, words: writing.labelled(it, me, int(words[0]), _label(it, words[1])),
    "presenter": lambda it, me, words: chairing.presenter_named(it, me, words[0]),
    "extend": lambda it, me, words: chairing.extended(it, me, int(words[0])),
    "skip": lambda it, me, _words: chairing.skipped(it, me),
    "without": lambda it, me, words: coming.gone(it, me, words[0]),
    "stop": lambda it, me, _words: chairing.stopped(it, me),
    "resume": lambda it, me, _words: chairing.resumed(it, me),
    "take_over": lambda it, me, _words: coming.taken_over(it, me),
    "end_session": lambda it, me, _words: chairing.ended(it, me),
    "case": lambda it, _me, _words: it,
    "here": lambda it, me, _words: coming.joined(it, me),
}
"""By command: what it does to the session."""


def _label(sitting: Sitting, named: str) -> int:
    return [it.nl for it in sitting.phase.labels].index(named)


@dataclass
class Evening:
    """A session with made-up people in it, as it is now, and what they did."""

    sitting: Sitting
    seed: int = 1
    without: tuple[str, ...] = ()
    """Who is there and does nothing, as a person who plays by hand and has gone for coffee."""
    late: str = ""
    """Who is in the group and was not there when it began."""
    done: list[Act] = field(default_factory=list)
    refused: list[tuple[Act, str]] = field(default_factory=list)
    rung: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.members = (*self.sitting.session.members, *([self.late] if self.late else []))
        people = [Person(id=person, language="nl") for person in self.members]
        self.edition: Edition = edition().model_copy(update={"meetings": (), "reminders": ()})
        self.crowd = Crowd(self.seed, people, FREE)

    @property
    def forced(self) -> list[Act]:
        """What nobody needs where everybody is there: leaving a phase long after its time, going on without somebody, taking over."""
        names = ("skip", "end", "without", "take over")
        return [act for act in self.done if act.about.split("/")[3] in names]

    def to_the_end(self) -> "Evening":
        """Let everybody act, each at their time, until it is over."""
        while self.sitting.session.ended is None:
            assert len(self.done) < MOST, f"it does not end: {self.sitting.session!r}"
            assert self._step(), f"nobody does anything: {self.sitting.session!r}"
        return self

    def _step(self) -> bool:
        act = next(iter(self.crowd.acts(self._exchange(), (), self._hall(), self.without)), None)
        rings = next((it for it in clocks.moments(self.sitting) if it.key not in self.rung), None)
        if rings is not None and (act is None or rings.at <= act.at):
            self.rung.add(rings.key)
            self._at(rings.at)
            self.sitting = self._shown(clocks.rung(self.sitting, rings.key))
        elif act is not None:
            self._at(act.at)
            self._do(act)
        return act is not None or rings is not None

    def _at(self, moment: datetime) -> None:
        self.sitting = replace(later(reloaded(self.sitting)), now=max(moment, self.sitting.now))

    def _do(self, act: Act) -> None:
        self.crowd.done(act)
        self.done.append(act)
        if act.says:
            self.sitting = self._shown(speaking.heard(self.sitting, act.person, self._remark(act)))
        for call in act.does:
            self._call(act, call)

    def _call(self, act: Act, call: Call) -> None:
        try:
            self.sitting = self._shown(RULES[call.command](self.sitting, act.person, call.arguments))
        except Refusal as refusal:
            self.refused.append((act, refusal.text.model_dump_json()))

    def _remark(self, act: Act) -> asking.Remark | None:
        turn = self.sitting.session.turn
        answers = isinstance(turn, QuestionRound) and turn.answerer == act.person
        return asking.remark(act.says, self.sitting.phase, answers=answers)

    @staticmethod
    def _shown(sitting: Sitting) -> Sitting:
        """The platform shows at once what everybody wrote."""
        turn = sitting.session.turn
        releasing = isinstance(turn, SilentWrite) and turn.state == "releasing"
        return writing.released(sitting) if releasing else sitting

    def _exchange(self) -> Exchange:
        it, session = self.edition, self.sitting.session
        began = session.started - timedelta(days=30)
        parts = {
            person: Participant(
                id=f"{it.id}/{person}", edition=it.id, person=person, state="in", since=began, intervision="yes"
            )
            for person in self.members
        }
        agreed = dict.fromkeys(self.members, began.date())
        group = Group(id=session.group, edition=it.id, number=1, members=self.members, agreed=agreed)
        return Exchange(it, Round(id=it.id, published=began), parts, {}, {}, self.sitting.now, {1: group})

    def _hall(self) -> Hall:
        return Hall(methods(), {self.sitting.session.group: self.sitting})
