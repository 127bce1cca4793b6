"""Made-up people in session: they answer to what the session asks, so every method comes to its end by what they type alone."""

from datetime import timedelta

import pytest

from programme.crowd import words
from programme.intervision.asking import remark
from programme.intervision.method import Phase
from programme.text import Refusal
from tests.crowd_play import Evening
from tests.intervision_play import EIGHT, begin, methods
from tests.slow_play import begin_slowly


def sizes(method: str) -> list[int]:
    it = methods()[method].sizes
    return [number for number in range(3, 9) if it.least <= number <= it.most]


@pytest.mark.parametrize("method", sorted(methods()))
def test_every_method_comes_to_its_end_with_three_to_eight_people(method: str) -> None:
    for number in sizes(method):
        presenter = EIGHT[1] if methods()[method].phases[0].needs_presenter else None
        began = begin(method, EIGHT[:number], presenter=presenter, spoken=number % 2 == 1)
        ended = Evening(began, seed=number).to_the_end()
        session = ended.sitting.session
        assert session.phase == len(session.plan) - 1, "it was broken off"
        assert ended.forced == []
        assert session.ended is not None
        assert session.ended - session.started < timedelta(seconds=1.4 * sum(session.plan))


def fits_days(method: str) -> bool:
    try:
        begin_slowly(method, EIGHT[:4])
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("method", [it for it in sorted(methods()) if fits_days(it)])
def test_every_method_comes_to_its_end_over_days(method: str) -> None:
    ended = Evening(begin_slowly(method, EIGHT[:4])).to_the_end()
    session = ended.sitting.session
    assert session.phase == len(session.plan) - 1
    assert session.ended is not None
    assert session.ended <= session.ends


@pytest.mark.parametrize("gone", [EIGHT[0], EIGHT[1], EIGHT[2]])
@pytest.mark.parametrize("method", ["incident", "flags", "five_step"])
def test_a_session_ends_too_when_somebody_does_nothing_any_more(method: str, gone: str) -> None:
    presenter = EIGHT[1] if methods()[method].phases[0].needs_presenter else None
    ended = Evening(begin(method, EIGHT[:5], presenter=presenter), without=(gone,)).to_the_end()
    assert ended.sitting.session.ended is not None


@pytest.mark.parametrize("gone", [EIGHT[0], EIGHT[1], EIGHT[2]])
def test_a_session_over_days_ends_too_when_somebody_does_nothing_any_more(gone: str) -> None:
    ended = Evening(begin_slowly("incident", EIGHT[:5]), without=(gone,)).to_the_end()
    assert ended.sitting.session.ended is not None


def test_what_is_said_has_the_form_that_each_phase_asks_for() -> None:
    phases = [phase for method in methods().values() for phase in method.phases]
    asks = [phase for phase in phases if phase.turn == "question_round"]
    others = [phase for phase in phases if phase.turn != "question_round"]
    assert said(words.QUESTIONS, asks) == {None}
    assert said(words.CLOSED_QUESTIONS, asks) == {"open_question"}
    for lines in (words.LINES, words.CASES, words.WRITTEN):
        assert said(lines, others) == {None}
    assert {remark(line, asks[0], answers=True) for lines in words.ANSWERS.values() for line in lines} == {None}


def said(lines: words.Lines, phases: list[Phase]) -> set[str | None]:
    return {remark(line, phase) for of_language in lines.values() for line in of_language for phase in phases}


def test_somebody_of_the_group_who_comes_late_takes_part_from_then_on() -> None:
    seen = set()
    for seed in range(1, 30):
        evening = Evening(begin("incident", EIGHT[:4]), seed=seed, late=EIGHT[4])
        session = evening.to_the_end().sitting.session
        came = next((act for act in evening.done if act.person == EIGHT[4]), None)
        assert (EIGHT[4] in session.members) is (came is not None)
        seen.add(came is not None and came.at - session.started > timedelta(minutes=8))
        if came is not None:
            assert came.does[0].command == "here"
    assert seen == {True, False}
