"""What is said about the form of a message: an open question, a few words, no advice yet. And that no word of it goes further."""

import logging
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from programme.intervision.asking import Remark, remark
from programme.intervision.session import Session
from tests.intervision_play import methods
from tests.stage import playing, say, to
from tests.test_live_session import AT, ROOM, SIX, found_in, groups, played, texts_on_disk

INFORMATION = methods()["incident"].phase("information")
INVENTORY = methods()["incident"].phase("inventory")
DIAGNOSIS = methods()["incident"].phase("diagnosis")
ADVICE = methods()["incident"].phase("advice")
CHOOSE = methods()["incident"].phase("choose")


@pytest.mark.parametrize(
    "question",
    [
        "Wie was erbij?",
        "En wanneer hoorde jij het?",
        "Wat zei de voorzitter precies?",
        "Hoe lang werk je daar al?",
        "Waar speelde dit zich af??",
        "Wat wil jij dat er gebeurt?",
        "Wat moet je daar volgens de statuten doen?",
        "Who was there?",
        "And when did you hear of it?",
        "How long have you known?",
    ],
)
def test_an_open_question_gets_no_remark(question: str) -> None:
    assert remark(question, INFORMATION) is None


@pytest.mark.parametrize(
    "question",
    [
        "Heb je al geprobeerd om haar te bellen?",
        "Heb je het al wel eens overwogen?",
        "Wat als het misgaat, zou je niet eerst bellen?",
        "Had je niet beter kunnen wachten?",
        "Is het niet gewoon pech?",
        "Waarom heb je niet gebeld?",
        "Waarom ging je niet naar de raad?",
        "Hoe zit dat, vind je niet dat het te laat was?",
        "Weet de directeur het?",
        "Ik vraag me af wie erbij was.",
        "Have you tried to call her?",
        "Shouldn’t you have waited?",
        "Isn't it just bad luck?",
        "Why didn't you call?",
        "Did the director know?",
    ],
)
def test_a_question_with_a_solution_a_verdict_or_a_yes_in_it_is_to_be_opened(question: str) -> None:
    assert remark(question, INFORMATION) == "open_question"


@pytest.mark.parametrize("asked", ["Wie was erbij? En wat zei de voorzitter?", "Who was there? And when?"])
def test_two_questions_in_one_message_are_one_too_many(asked: str) -> None:
    assert remark(asked, INFORMATION) == "one_question"


@pytest.mark.parametrize(
    "said",
    [
        "Ik zou meteen bellen.",
        "Je moet het gewoon zeggen.",
        "Mijn advies is: wacht even.",
        "Als ik jou was ging ik praten.",
        "You should just tell them.",
        "I would wait.",
        "If I were you I would write it down.",
        "Je kunt beter even wachten.",
        "Je zou kunnen bellen.",
        "Misschien moet je het gewoon vragen.",
        "Probeer het eens met een gesprek.",
        "Ik raad je aan om te wachten.",
    ],
)
def test_advice_is_too_early_while_facts_are_asked_and_judged(said: str) -> None:
    assert remark(said, INFORMATION) == "no_advice"
    assert remark(said, DIAGNOSIS) == "no_advice"
    assert remark(said, ADVICE) is None


@pytest.mark.parametrize(
    "said",
    [
        "Je kunt niet tegen onrecht.",
        "Ik denk dat je moe was.",
        "Misschien was je bang.",
        "Je probeert het goed te doen.",
    ],
)
def test_what_somebody_sees_is_no_advice(said: str) -> None:
    assert remark(said, DIAGNOSIS) is None


@pytest.mark.parametrize(
    "said",
    [
        "en nu?",
        "Wat nu?",
        "wat nou",
        "En wat nu??",
        "Wat moet ik doen?",
        "wat moet ik nu doen",
        "Wat moeten we nu doen?",
        "Wie is er aan de beurt?",
        "what now?",
        "What do I do now?",
    ],
)
@pytest.mark.parametrize("answers", [True, False])
def test_who_asks_what_comes_asks_us_whatever_the_phase(said: str, answers: bool) -> None:
    for phase in (INFORMATION, DIAGNOSIS, CHOOSE):
        assert remark(said, phase, answers=answers) == "what_now"


@pytest.mark.parametrize(
    "said", ["Wat moest je toen doen?", "En nu weet hij het.", "Wat nu als hij nee zegt?", "Nu.", "Wat moet hij doen?"]
)
def test_a_question_about_the_case_is_not_for_us(said: str) -> None:
    assert remark(said, INFORMATION) != "what_now"


@pytest.mark.parametrize(
    "said",
    [
        "2",
        "Ik kies die van Anna",
        "ik kies voor Bram!",
        "Kies Bram",
        "Ik stem op Carla.",
        "mijn stem gaat naar Bram",
        "die van Bram",
        "I vote for Anna",
    ],
)
def test_a_vote_said_aloud_is_seen_where_people_vote_and_nowhere_else(said: str) -> None:
    assert remark(said, CHOOSE) == "votes"
    assert remark(said, DIAGNOSIS) is None


@pytest.mark.parametrize("said", ["Lastig hoor", "Wat een keuze", "2026 was een goed jaar", "Die van vorige week?"])
def test_talk_at_the_vote_is_no_vote(said: str) -> None:
    assert remark(said, CHOOSE) is None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Er lag een besluit. Ik wist van niets", None),
        ("Er lag een besluit... en toen?!", None),
        ("We hadden overleg. Dat liep uit. Toen moest ik iets doen.", "briefly"),
        ("", None),
    ],
)
def test_a_situation_is_told_in_two_sentences(said: str, found: Remark | None) -> None:
    assert remark(said, INVENTORY) == found


def test_a_very_long_message_is_looked_at_in_no_time() -> None:
    assert remark("je moet " * 8_000, INFORMATION) == "no_advice"
    assert remark("wie was erbij " * 5_000, INFORMATION) == "open_question"


UP_TO_QUESTIONS = ("#anna: !start intervisie", "#anna: !inbrenger bram", *["#anna: overslaan"] * 5)


async def test_a_hint_is_for_one_alone_and_comes_once_in_a_phase(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, *UP_TO_QUESTIONS)
        heard: list[tuple[str, str]] = []
        for _turn in range(16):  # each of the three asks, and is answered, more than once
            (session,) = stage.house.store[Session].values()
            holder = session.turn.holder or ""
            said = await say(stage, holder, "Zou je niet wachten?" if holder != "bram" else "Nee.", ROOM)
            said += await say(stage, "anna", "klaar", ROOM) if holder == "anna" else []
            heard += [(holder, post.room) for post in said if "Deze vraag kan opener" in post.plain]
        assert sorted(heard) == [(person, to(person)) for person in ("carla", "dirk")]


async def test_at_the_quiet_level_nobody_gets_a_hint(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, SIX, already=groups()) as stage:
        await played(stage, *UP_TO_QUESTIONS, "#anna: !niveau rustig")
        (session,) = stage.house.store[Session].values()
        said = await say(stage, session.turn.holder or "", "Zou je niet wachten?", ROOM)
        assert {post.room for post in said} == {ROOM}


async def test_a_question_that_got_a_hint_is_nowhere_on_disk_or_in_the_logs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logged:
        async with playing(tmp_path, AT, SIX, already=groups()) as stage:
            await played(stage, *UP_TO_QUESTIONS)
            (session,) = stage.house.store[Session].values()
            await stage.speak(session.turn.holder or "", "Zou je niet ik zou onder vier ogen praten?", ROOM)
            assert session.turn.holder in stage.house.store[Session][session.id].hinted
    assert found_in(texts_on_disk(tmp_path)) == set()
    assert found_in([str(logged).casefold(), caplog.text.casefold()]) == set()


@pytest.mark.parametrize(
    "line", ["Ik wil nog iets vragen", "Mag ik nog een vraag stellen?", "Ik heb een vraag.", "Can I ask something?"]
)
def test_saying_that_a_question_comes_is_seen_as_that(line: str) -> None:
    assert remark(line, INFORMATION) == "announces"


@pytest.mark.parametrize("line", ["Ik heb niks", "Nee, ik heb vandaag geen casus.", "I have nothing"])
def test_who_has_no_case_is_seen_where_cases_are_brought(line: str) -> None:
    assert remark(line, INVENTORY) == "nothing_brought"


@pytest.mark.parametrize("line", ["Ik heb geen collega die het ziet", "Ik heb niks gezegd toen hij begon."])
def test_a_case_is_not_taken_for_none(line: str) -> None:
    assert remark(line, INVENTORY) is None
