"""Every method with three to eight people who do anything that they may, and a restart after each step."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.intervision import chairing, coming, nudges, speaking, writing
from programme.intervision.happenings import Hint, PhaseBegan, StillWriting, TurnGiven
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import QuestionRound, Round
from programme.intervision.written import SilentWrite
from programme.text import Refusal
from tests.intervision_play import ANNA, BRAM, EIGHT, at_phase, begin, later, methods, reloaded, stepped, to_the_end

METHODS = sorted(methods())
ALL = settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])


@dataclass
class Group:
    """People who do things at random, and an observer who writes down from outside what is to be judged."""

    chance: Any
    sitting: Sitting
    spoke: list[str] = field(default_factory=list)
    given: set[str] = field(default_factory=set)
    wrote: set[str] = field(default_factory=set)
    newcomers: int = 0

    def __post_init__(self) -> None:
        self.given |= {it.person for it in self.sitting.happened if isinstance(it, TurnGiven)}

    def act(self) -> None:
        before = later(self.sitting, self.chance.choice((0, 5, 40, 200)))
        try:
            after = self.something(before)
        except Refusal:
            return
        self.observe(before, after)
        self.sitting = after

    def something(self, sitting: Sitting) -> Sitting:
        people = (*sitting.session.members, "@nobody:example.nl")
        who, other = self.chance.choice(people), self.chance.choice(people)
        if self.chance.random() < 0.5:
            return stepped(sitting)
        acts: tuple[Callable[[], Sitting], ...] = (
            lambda: speaking.gone_on(sitting, who),
            lambda: speaking.passed(sitting, who),
            lambda: speaking.heard(sitting, who),
            lambda: speaking.hand_raised(sitting, who),
            lambda: speaking.given_turn(sitting, sitting.session.facilitator, other),
            lambda: writing.delivered(sitting, who),
            lambda: writing.released(sitting),
            lambda: writing.voted(sitting, who, other),
            lambda: writing.labelled(sitting, who, self.chance.randint(1, 3), 0),
            lambda: chairing.extended(sitting, sitting.session.facilitator, self.chance.randint(1, 9)),
            lambda: chairing.paused(sitting, sitting.session.facilitator),
            lambda: chairing.stopped(sitting, who),
            lambda: chairing.gone_back(sitting, sitting.session.facilitator),
            lambda: chairing.skipped(sitting, sitting.session.facilitator),
            lambda: chairing.presenter_named(sitting, sitting.session.facilitator, other),
            lambda: chairing.parked(sitting, who),
            lambda: coming.left(sitting, who) if len(sitting.present) > 3 else sitting,
            lambda: coming.joined(sitting, self.latecomer(sitting)),
            lambda: coming.taken_over(sitting, who),
            lambda: nudges.time_passed(sitting, sitting.now - timedelta(minutes=1)),
        )
        act: Callable[[], Sitting] = self.chance.choice(acts)
        return act()

    def latecomer(self, sitting: Sitting) -> str:
        away = sorted(sitting.session.away)
        if away and self.chance.random() < 0.7:
            return str(self.chance.choice(away))
        self.newcomers += 1
        return f"@late{self.newcomers}:example.nl" if self.newcomers < 3 else ANNA

    def observe(self, before: Sitting, after: Sitting) -> None:
        self.count_writing(before, after)
        self.count_turns(before, after)
        self.judge_turns(after)
        judge_time(after)

    def count_writing(self, before: Sitting, after: Sitting) -> None:
        turn = after.session.turn
        if isinstance(turn, SilentWrite):
            self.wrote = {*turn.delivered, *turn.passed_on}
        elif any(isinstance(it, PhaseBegan) for it in after.happened) and after.phase.key == "advice":
            assert before.phase.key != "write_position" or {*before.present} & {*before.takers} <= self.wrote

    def count_turns(self, before: Sitting, after: Sitting) -> None:
        was, now = before.session.turn, after.session.turn
        fresh = any(isinstance(it, PhaseBegan) for it in after.happened) or before.session.part != after.session.part
        if isinstance(was, Round) and not fresh and isinstance(now, Round):
            self.spoke += sorted(now.spoken - was.spoken)
        if fresh:
            self.spoke, self.given = [], set()
        self.given |= {it.person for it in after.happened if isinstance(it, TurnGiven)}
        self.given |= {it.to for it in after.happened if isinstance(it, Hint) and it.about == "passes_later"}

    def judge_turns(self, after: Sitting) -> None:
        turn = after.session.turn
        if turn.holder and not after.session.paused_at:
            assert turn.holder not in after.listeners
        if isinstance(turn, Round):
            assert len(self.spoke) == len(set(self.spoke)), "nobody speaks twice in a round"
            assert turn.holder not in turn.spoken
        if isinstance(turn, Round | QuestionRound) and turn.finished and not after.session.paused_at:
            assert set(after.takers) - {after.session.facilitator} <= self.given, "everybody gets a turn"


def judge_time(sitting: Sitting) -> None:
    session = sitting.session
    assert sitting.left >= timedelta(0)
    assert min(session.plan) > 0
    assert min(session.used) >= 0
    assert session.deadline + timedelta(seconds=sum(session.plan[session.phase + 1 :])) <= session.ends


def a_start(method: str, size: int, id_: str) -> Sitting:
    sizes = methods()[method].sizes
    members = EIGHT[: min(max(size, sizes.least), sizes.most)]
    presenter = EIGHT[1] if methods()[method].phases[0].needs_presenter else None
    return begin(method, members, presenter=presenter, id_=id_, takes_turn=True if size % 2 else None)


@pytest.mark.parametrize("method", METHODS)
@ALL
@given(size=st.integers(3, 8), chance=st.randoms(use_true_random=True), id_=st.sampled_from(["s1", "s2", "s3"]))
def test_whatever_people_do_turns_are_fair_and_a_willing_group_brings_it_to_its_end(
    method: str, size: int, chance: Any, id_: str
) -> None:
    group = Group(chance, a_start(method, size, id_))
    for _step in range(60):
        if group.sitting.session.ended:
            break
        group.act()
        group.sitting = reloaded(group.sitting)
    assert to_the_end(group.sitting)[-1].session.ended


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [3, 5, 8])
def test_a_restart_at_each_step_changes_nothing(method: str, size: int) -> None:
    steady = restarted = a_start(method, size, "s1")
    while steady.session.ended is None:
        steady, restarted = stepped(later(steady, 7)), stepped(later(reloaded(restarted), 7))
        assert restarted.session == steady.session
        assert restarted.happened == steady.happened


@pytest.mark.parametrize("method", METHODS)
def test_every_phase_comes_once_and_in_order(method: str) -> None:
    steps = to_the_end(a_start(method, 5, "s1"))
    begun = [it.index for step in steps for it in step.happened if isinstance(it, PhaseBegan)]
    assert begun == list(range(len(methods()[method].phases)))


@pytest.mark.parametrize("size", range(3, 9))
def test_advice_waits_until_each_member_wrote_or_passed(size: int) -> None:
    """Long after the time is up the facilitator tries both ways out before each step, and is refused each time."""
    sitting, refused = at_phase("write_position", a_start("incident", size, "s1")), 0
    writers = len(sitting.takers)
    while not sitting.session.turn.finished:
        sitting = later(sitting, 3600)
        waited = isinstance(sitting.session.turn, SilentWrite) and sitting.session.turn.waiting
        still = speaking.gone_on(sitting, ANNA)
        assert still.happened == (StillWriting(tuple(sorted(waited or ())), waits=True),)
        assert still.session.turn == sitting.session.turn
        with pytest.raises(Refusal):
            chairing.skipped(sitting, ANNA)
        sitting, refused = stepped(sitting), refused + 1
    assert refused == writers
    assert speaking.gone_on(later(sitting), ANNA).phase.key == "advice"


@pytest.mark.parametrize("size", range(3, 9))
def test_who_has_fallen_silent_for_good_does_not_hold_the_others_up(size: int) -> None:
    """The facilitator says who is gone; only those who are there are waited for, and who comes back takes part again."""
    sitting = at_phase("write_position", a_start("incident", size, "s1"))
    silent = next(person for person in sitting.takers if person != ANNA)
    for writer in sitting.takers:
        if writer != silent:
            sitting = writing.delivered(later(sitting), writer)
    assert speaking.gone_on(later(sitting, 3600), ANNA).happened == (StillWriting((silent,), waits=True),)
    sitting = coming.gone(sitting, ANNA, silent)
    assert silent not in sitting.present
    assert speaking.gone_on(later(writing.released(sitting)), ANNA).phase.key == "advice"
    assert silent in coming.joined(later(sitting), silent).present


def test_only_the_facilitator_says_who_is_gone_and_never_themselves() -> None:
    sitting = at_phase("write_position", a_start("incident", 5, "s1"))
    for by, person in ((BRAM, ANNA), (ANNA, ANNA)):
        with pytest.raises(Refusal):
            coming.gone(sitting, by, person)


ALLOWED = re.compile(
    r"@[a-z0-9]+:example\.nl|s[123]|g1|wissel-2026|written|spoken|coach|writing|releasing|released"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
)
KNOWN = {
    *METHODS,
    "announce",
    "monologue",
    "round",
    "question_round",
    "silent_write",
    "classify",
    "vote",
    "open",
    "silence",
}


def strings(value: Any, key: str = "") -> list[str]:
    """All strings in a record, and the keys of what people are counted by."""
    if isinstance(value, dict):
        people = [*value] if key in ("items", "ballots") else []
        return [*people, *(found for name, it in value.items() for found in strings(it, name))]
    if isinstance(value, list):
        return [found for it in value for found in strings(it)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("method", METHODS)
@ALL
@given(size=st.integers(3, 8), chance=st.randoms(use_true_random=True))
def test_no_record_holds_anything_but_ids_moments_and_words_of_our_own(method: str, size: int, chance: Any) -> None:
    group = Group(chance, a_start(method, size, "s1"))
    for _step in range(40):
        if group.sitting.session.ended is None:
            group.act()
        found = strings(group.sitting.session.model_dump(mode="json"))
        assert [it for it in found if it and it not in KNOWN and not ALLOWED.fullmatch(it)] == []


def test_the_scan_of_records_would_see_a_sentence() -> None:
    record = begin().session.model_dump(mode="json")
    assert strings({**record, "note": "De directeur was boos."})[-1] == "De directeur was boos."
    assert not ALLOWED.fullmatch("De directeur was boos.")
