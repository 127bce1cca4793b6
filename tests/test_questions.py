"""Open questions: the whole message is the answer, the right question gets it, and nothing else does."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import questions
from bot.answer import A_WEEK, Answer, Ask
from bot.context import State
from bot.i18n import Languages
from bot.markup import PLAIN
from bot.questions import Filled, yes_no
from programme import rooms
from programme.records import Participant
from programme.text import GAP, Call, Refusal, Sayable, _
from storage.letters import Question
from tests.stage import edition, heard, kept, local, matched, plain, playing, say

NOW = local("2026-09-08 10:00")
YES, NO = Call(command="accept_day", arguments=("anna",)), Call(command="decline_day", arguments=("anna",))
LANGUAGES = Languages.load()


def spell(text: Sayable, language: str) -> str:
    return LANGUAGES.render(text, language, PLAIN, zone=edition().zone, words=lambda call, _language: call.command)


def meant_by(asked: list[Question], text: str, reply_to: str | None = None) -> Filled | Question | Answer:
    """What a message means to somebody with these questions open."""
    found = questions.meant(asked, reply_to)
    return questions.filled(found, text, spell) if found else questions.chosen(asked, text)


def question(ask: Ask, letter: str = "letter", *, confirms: bool = False) -> Question:
    return questions.question_of(ask, "bram", letter, NOW, confirms=confirms)


def day_of(guest: str) -> Question:
    return question(Ask(_("A day?"), choices=yes_no(YES, NO), whose=guest), f"letter about {guest}")


def town() -> Question:
    return question(Ask(_("Which town?"), Call(command="form", arguments=("region", GAP))))


@given(st.text())
def test_an_open_question_takes_the_whole_message_as_one_argument(answer: str) -> None:
    asked = meant_by([town()], answer)
    assert isinstance(asked, Filled)
    assert asked.call == Call(command="form", arguments=("region", answer))


@pytest.mark.parametrize("typed", ["ja", "Ja", "JA.", "yes", " Yes! ", "1"])
def test_yes_is_said_in_either_language_or_by_its_number(typed: str) -> None:
    meant = meant_by([day_of("anna")], typed)
    assert isinstance(meant, Filled)
    assert meant.call == YES


@pytest.mark.parametrize("typed", ["nee", "No", "2"])
def test_no_is_no(typed: str) -> None:
    meant = meant_by([day_of("anna")], typed)
    assert isinstance(meant, Filled)
    assert meant.call == NO
    assert not meant.confirmed


@pytest.mark.parametrize("typed", ["ja graag", "nee hoor", "0", "3", "misschien", "", "stagedag"])
def test_what_is_no_choice_is_refused_and_the_choices_are_shown(typed: str) -> None:
    with pytest.raises(Refusal):
        meant_by([day_of("anna")], typed)


@pytest.mark.parametrize(("typed", "confirmed"), [("ja", True), ("1", True), ("nee", False), ("2", False)])
def test_only_the_first_choice_confirms(typed: str, *, confirmed: bool) -> None:
    asked = question(Ask(_("Sure?"), choices=yes_no(YES, NO)), confirms=True)
    meant = meant_by([asked], typed)
    assert isinstance(meant, Filled)
    assert meant.confirmed is confirmed


def test_with_two_open_a_number_chooses_the_question() -> None:
    both = [day_of("anna"), day_of("bram")]
    assert meant_by(both, "2") == both[1]


@pytest.mark.parametrize("typed", ["ja", "0", "3", "anna"])
def test_with_two_open_anything_else_is_asked_again(typed: str) -> None:
    meant = meant_by([day_of("anna"), day_of("bram")], typed)
    assert not isinstance(meant, Filled | Question)


def test_a_reply_answers_the_question_it_is_a_reply_to() -> None:
    meant = meant_by([day_of("anna"), day_of("bram")], "ja", "letter about bram")
    assert isinstance(meant, Filled)
    assert meant.question == day_of("bram")


def test_a_later_question_about_the_same_takes_the_place_of_the_earlier() -> None:
    assert day_of("anna").id == day_of("anna").model_copy(update={"letter": "later"}).id
    assert day_of("anna").id != day_of("bram").id
    assert day_of("anna").id != town().id


def test_a_question_is_open_for_a_week_unless_it_says_otherwise() -> None:
    assert town().until == NOW + A_WEEK
    assert question(Ask(_("Soon?"), choices=yes_no(YES, NO), until=timedelta(hours=1))).until == NOW + timedelta(
        hours=1
    )


async def test_an_answer_is_never_read_as_a_command(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        for typed in ("!aanmelden", "ja", "terugtrekken uit de stad"):
            await stage.speak("zoe", typed)
        part = stage.house.store[Participant][f"{edition().id}/zoe"]
        assert part.answers["organisation"] == "terugtrekken uit de stad"
        assert part.state == "form"


@pytest.mark.parametrize("word", ["help", "annuleer", "Terugtrekken", "laat maar"])
async def test_a_bare_command_word_is_neither_done_nor_kept_and_the_question_stays(tmp_path: Path, word: str) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        for typed in ("!aanmelden", "ja", word, "Gemeente Zeist"):
            await stage.speak("zoe", typed)
        part = stage.house.store[Participant][f"{edition().id}/zoe"]
        assert part.answers == {"organisation": "Gemeente Zeist"}


async def test_the_prefix_escapes_a_question_and_leaves_it_open(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        for typed in ("!aanmelden", "ja", "!agenda", "Gemeente Zeist"):
            await stage.speak("zoe", typed)
        part = stage.house.store[Participant][f"{edition().id}/zoe"]
        assert part.answers == {"organisation": "Gemeente Zeist"}


async def test_yes_in_a_room_answers_nothing(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        await stage.speak("anna", "!terugtrekken")
        before = kept(stage)
        assert await say(stage, "anna", "ja", "cohort") == []
        assert kept(stage) == before


async def test_a_wrong_answer_leaves_the_question_open(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        for typed in ("!aanmelden", "ja", "Gemeente Zeist", "buitenland", "gemeente"):
            await stage.speak("zoe", typed)
        assert stage.house.store[Participant][f"{edition().id}/zoe"].answers["sector"] == "gemeente"


async def test_a_question_closes_when_its_time_is_over(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        for typed in ("!aanmelden", "ja"):
            await stage.speak("zoe", typed)
        await stage.travel(local("2026-05-25 10:01"))
        await stage.speak("zoe", "Gemeente Zeist")
        assert stage.house.store[Participant][f"{edition().id}/zoe"].answers == {}


async def test_a_chosen_question_stands_alone_until_it_is_answered(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        await stage.speak("anna", "!terugtrekken")
        await stage.speak("anna", "!formulier plaats")
        state = State(stage.house.store)
        assert len(questions.open_to(state, "anna", stage.clock.now())) == 2
        await stage.speak("anna", "2")
        await stage.speak("anna", "Zeist")
        (left,) = questions.open_to(state, "anna", stage.clock.now())
        assert left.confirms
        assert stage.house.store[Participant][f"{edition().id}/anna"].answers["region"] == "Zeist"


async def test_a_reply_to_an_old_letter_answers_that_letter(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        await stage.speak("anna", "!terugtrekken")
        (post,) = [it for it in stage.console.fetch() if it.buttons]
        await stage.speak("anna", "!formulier plaats")
        await stage.house.hear(replace(heard(stage, "anna", "ja", id_="reply"), reply_to=post.id))
        assert stage.house.store[Participant][f"{edition().id}/anna"].state == "withdrawn"


async def test_a_question_about_what_is_gone_does_not_stay_open(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor") as stage:
        await matched(stage)
        await stage.speak("anna", "!stagedag gast 14-10-2026")
        await stage.speak("bram", "!stagedag gastgever 15-10-2026")
        await stage.speak("anna", "ja")
        await stage.speak("bram", "ja")
        assert questions.open_to(State(stage.house.store), "bram", stage.clock.now()) == []


async def test_the_direct_chat_is_the_only_place_of_a_question(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        said = await say(stage, "zoe", "!aanmelden", "cohort")
        (asked,) = [post for post in said if post.buttons]
        assert asked.room == rooms.direct("zoe")
        assert plain(said, rooms.cohort(edition().id))
