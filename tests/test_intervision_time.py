"""What time brings in a session, and the one status text."""

from datetime import timedelta

import pytest

from bot.i18n import Languages
from bot.markup import PLAIN
from programme.edition import AMSTERDAM
from programme.intervision import chairing, coming, nudges, speaking, writing
from programme.intervision.happenings import Hint, TimeUp, TwoMinutesLeft
from programme.intervision.nudges import Moment
from programme.intervision.sitting import Sitting
from programme.intervision.status import asked, minutes, status
from programme.text import Both, Call, Sayable
from tests.intervision_play import ANNA, BRAM, CAS, FIVE, T0, at_phase, begin, later

NAMES = dict(zip(FIVE, ("Anna", "Bram", "Cas", "Dien", "Eva"), strict=True))


def by_kind(sitting: Sitting) -> dict[str, Moment]:
    return {moment.kind: moment for moment in nudges.moments(sitting)}


def rung(sitting: Sitting, kind: str, seconds: float) -> tuple[object, ...]:
    return nudges.rung(later(sitting, seconds), by_kind(sitting)[kind].key).happened


def read(text: Sayable, language: str = "en") -> str:
    def word(call: Call, _language: str) -> str:
        return call.command

    return Languages.load().render(text, language, PLAIN, zone=AMSTERDAM, words=word)


def shown(sitting: Sitting) -> str:
    return read(status(sitting, lambda person: NAMES[person]))


# Moments


def test_two_minutes_before_the_end_and_at_the_end_there_is_something_to_say() -> None:
    sitting = begin()
    assert rung(sitting, "two_minutes", 8 * 60) == (TwoMinutesLeft(),)
    assert rung(sitting, "time_up", 10 * 60) == (TimeUp(),)


def test_a_moment_that_has_not_come_brings_nothing() -> None:
    assert rung(begin(), "two_minutes", 8 * 60 - 1) == ()


def test_a_moment_that_comes_too_late_brings_nothing() -> None:
    assert rung(begin(), "two_minutes", 10 * 60) == ()
    assert rung(begin(), "time_up", 41 * 60) == ()


def test_a_short_phase_has_no_word_about_two_minutes() -> None:
    assert "two_minutes" not in by_kind(at_phase("note_questions", begin(presenter=BRAM)))


def test_more_time_makes_new_moments_with_keys_of_their_own() -> None:
    before = begin()
    after = chairing.extended(later(before, 9 * 60), ANNA, 5)
    assert by_kind(after)["time_up"].key != by_kind(before)["time_up"].key
    assert nudges.rung(later(after, 60), by_kind(before)["time_up"].key).happened == ()


def test_a_pause_and_an_end_have_no_moments() -> None:
    assert nudges.moments(chairing.paused(begin(), ANNA)) == ()
    assert nudges.moments(chairing.ended(begin(), ANNA)) == ()


def test_a_speaker_who_is_silent_hears_a_private_word_and_then_the_facilitator_does() -> None:
    sitting = begin()
    holder = sitting.session.turn.holder or ""
    assert rung(sitting, "speaker_silent", 60) == (Hint(holder, "your_turn"),)
    assert rung(sitting, "speaker_gone", 120) == (Hint(ANNA, "speaker_silent"),)


def test_who_has_said_something_is_left_alone() -> None:
    sitting = begin()
    spoken = speaking.heard(later(sitting, 30), sitting.session.turn.holder or "")
    assert nudges.rung(later(spoken, 30), by_kind(sitting)["speaker_silent"].key).happened == ()


def test_the_facilitator_is_not_told_about_their_own_silence() -> None:
    sitting = speaking.given_turn(begin(), ANNA, ANNA)
    assert "speaker_gone" not in by_kind(sitting)


def test_where_people_talk_nobody_is_taken_for_silent() -> None:
    assert set(by_kind(begin(spoken=True))) == {"two_minutes", "time_up"}


def test_a_silence_that_the_method_asks_for_is_no_silence() -> None:
    sitting = at_phase("turn", begin("u_turn", presenter=BRAM))
    assert by_kind(sitting)["speaker_silent"].at == sitting.now + timedelta(seconds=120)


def test_those_who_are_still_writing_hear_that_the_time_is_up() -> None:
    sitting = writing.delivered(at_phase("write_position", begin(presenter=BRAM)), CAS)
    hints = [it for it in rung(later(sitting), "time_up", 5 * 60) if isinstance(it, Hint)]
    assert [hint.to for hint in hints] == [person for person in FIVE if person not in (BRAM, CAS)]


def test_all_that_came_since_the_last_look_is_said_once() -> None:
    sitting = speaking.heard(begin(), begin().session.turn.holder or "")
    late = later(sitting, 9 * 60)
    assert nudges.time_passed(late, T0).happened == (TwoMinutesLeft(),)
    assert nudges.time_passed(late, T0 + timedelta(minutes=8)).happened == ()


def test_moments_come_in_order() -> None:
    instants = [moment.at for moment in nudges.moments(begin())]
    assert instants == sorted(instants)


# The status


def test_the_status_says_phase_time_and_turns() -> None:
    sitting = begin()
    first, second = (NAMES[p] for p in (sitting.session.turn.holder or "", sitting.session.turn.coming[0]))
    assert shown(sitting).splitlines() == [
        "Incident method, phase 1 of 11: Check-in and look back",
        "10 minutes left",
        f"{first} has the turn.",
        f"Next: {second}",
    ]


def test_minutes_are_rounded_up_and_never_negative() -> None:
    assert [minutes(timedelta(seconds=s)) for s in (0, 1, 60, 61)] == [0, 1, 1, 2]
    assert "The time of this phase is over." in shown(later(begin(), 3600))


def test_the_status_of_a_pause_keeps_its_minutes() -> None:
    assert "We are pausing, with 9 minutes left." in shown(later(chairing.paused(later(begin(), 60), ANNA), 999))


def test_the_status_counts_writers_and_names_none() -> None:
    text = shown(writing.delivered(at_phase("write_position", begin(presenter=BRAM)), CAS))
    assert "3 people are still writing." in text
    assert not any(name in text for name in NAMES.values())


def test_the_status_says_who_answers_whom() -> None:
    sitting = at_phase("information", begin(presenter=BRAM))
    asker = sitting.session.turn.holder or ""
    assert f"Bram answers {NAMES[asker]}." in shown(speaking.gone_on(sitting, asker))


def test_the_status_names_who_listens_and_whose_hand_is_up() -> None:
    sitting = at_phase("gossip", begin("gossip", presenter=BRAM))
    text = shown(speaking.hand_raised(sitting, CAS))
    assert "Talk with each other; Bram listens." in text
    assert "Hands: Cas" in text


def test_the_status_counts_who_still_votes() -> None:
    assert "5 people still have to vote." in shown(at_phase("choose", begin()))


def test_the_status_says_when_all_is_over() -> None:
    assert shown(chairing.ended(begin(), ANNA)) == "Incident method: this session is over."


# What is asked


def question(sitting: Sitting, language: str = "en") -> str:
    return read(asked(sitting, lambda person: NAMES[person], "vertrouwen"), language)


def test_what_is_asked_has_the_names_in_it() -> None:
    sitting = at_phase("information", begin(presenter=BRAM))
    name = NAMES[sitting.session.turn.holder or ""]
    assert question(sitting).startswith(f"{name}, ask one open question about a fact. Bram answers briefly.")


def test_the_theme_comes_from_outside_the_record() -> None:
    sitting = at_phase("silence", begin("wisdom_circle"))
    assert "vertrouwen" in question(sitting, "nl")
    assert "vertrouwen" not in sitting.session.model_dump_json()


@pytest.mark.parametrize(
    ("known", "begins"), [(None, "Bram, what did you do, or what"), (True, "Bram, how did it end"), (False, "Bram, what will you do now")]
)  # fmt: skip
def test_the_presenter_is_asked_what_fits_the_event(known: bool | None, begins: str) -> None:
    sitting = begin(presenter=BRAM)
    if known is not None:
        sitting = chairing.outcome_told(sitting, BRAM, known=known)
    assert question(at_phase("reveal", sitting)).startswith(begins)


def test_the_minutes_in_a_question_are_those_of_now() -> None:
    sitting = at_phase("stillness", begin("case_clinic", presenter=BRAM))
    assert "silent for 3 minutes" in question(sitting)
    assert isinstance(asked(sitting, str, ""), Both)


def test_a_listener_who_left_is_not_named() -> None:
    sitting = coming.left(at_phase("gossip", begin("gossip", presenter=BRAM)), BRAM)
    assert "Bram" not in shown(sitting)
