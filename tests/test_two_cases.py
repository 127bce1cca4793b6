"""Two cases in one session: a method that repeats a part, each time with another presenter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.intervision import chairing
from programme.intervision.lint import faults
from programme.intervision.method import Method, parse, scaled
from programme.intervision.sitting import Sitting
from programme.intervision.written import Vote
from programme.text import Refusal
from tests.intervision_play import ANNA, BRAM, CAS, EIGHT, at_phase, begin, later, methods, stepped, to_the_end
from tests.test_methods import FOLDER

TWO = "incident_two_cases"


def two() -> Method:
    return methods()[TWO]


def test_the_case_comes_twice_between_one_beginning_and_one_end() -> None:
    keys = [phase.key for phase in two().phases]
    once = ["inventory", "incident", "information", "diagnosis", "advice", "choice"]
    assert keys == ["check_in", *once, *(f"{key}_2" for key in once), "evaluation"]
    assert [phase.case for phase in two().phases] == [1] * 7 + [2] * 7
    assert two().minutes == 120


def test_each_case_keeps_the_minutes_and_floors_of_the_short_method() -> None:
    short = [(p.minutes, p.least_minutes, p.turn) for p in methods()["incident_short"].phases]
    assert [(p.minutes, p.least_minutes, p.turn) for p in two().phases[1:-1]] == short * 2


def test_two_hours_of_the_incident_method_are_two_cases() -> None:
    assert methods()["incident"].instead == {120: TWO}


def test_what_is_written_out_stays_so() -> None:
    assert Method.model_validate(two().model_dump()) == two()


def test_a_file_that_repeats_a_phase_that_it_does_not_have_is_told_so() -> None:
    text = (FOLDER / f"{TWO}.toml").read_text(encoding="utf-8")
    (line,) = faults(f"{TWO}.toml", text.replace('last = "choice"', 'last = "end"'))
    assert "there is no phase end" in line
    assert parse(text) == two()


@given(size=st.integers(4, 8))
def test_two_people_present_and_the_facilitator_is_neither(size: int) -> None:
    steps = to_the_end(begin(TWO, EIGHT[:size]))
    presented = [*steps[-1].session.presented, steps[-1].session.presenter]
    assert len(set(presented)) == 2
    assert ANNA not in presented


@given(size=st.integers(4, 8))
def test_the_presenter_never_has_the_turn_in_the_advice_of_their_own_case(size: int) -> None:
    for sitting in to_the_end(begin(TWO, EIGHT[:size])):
        if sitting.phase.listeners == "presenter" and sitting.session.ended is None:
            assert sitting.session.turn.holder != sitting.session.presenter


def second() -> Sitting:
    """The first phase of the second case, after a first one of Bram."""
    sitting = chairing.presenter_named(begin(TWO), ANNA, BRAM)
    return at_phase("inventory_2", later(sitting))


def test_the_second_case_begins_with_nobody_presenting_and_without_the_first_one_to_choose() -> None:
    sitting = second()
    assert (sitting.session.presenter, sitting.session.presented) == (None, (BRAM,))
    while not isinstance(sitting.session.turn, Vote):
        sitting = stepped(later(sitting))
    assert BRAM not in sitting.session.turn.candidates
    assert BRAM in sitting.session.turn.waiting


def test_who_has_presented_cannot_be_named_again() -> None:
    with pytest.raises(Refusal):
        chairing.presenter_named(second(), ANNA, BRAM)
    assert chairing.presenter_named(second(), ANNA, CAS).session.presenter == CAS


def test_going_back_to_the_first_case_goes_back_to_its_presenter() -> None:
    back = chairing.gone_back(second(), ANNA)
    assert (back.phase.key, back.session.presenter, back.session.presented) == ("choice", BRAM, ())


@given(total=st.integers(105, 240), members=st.integers(3, 7))
def test_in_any_length_the_floors_are_kept_and_it_sums(total: int, members: int) -> None:
    found = scaled(two(), total, members)
    assert sum(p.minutes for p in found.phases) == total
    assert all(p.minutes >= p.floor(members) for p in found.phases)
