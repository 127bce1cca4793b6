"""Open questions: the whole message is the answer, the right question gets it, and nothing else does."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import questions
from bot.answer import A_WEEK, Ask
from bot.context import State
from bot.i18n import Languages
from bot.markup import PLAIN
from bot.questions import Filled, yes_no
from bot.said import way_of
from programme import rooms
from programme.records import Participant, Round
from programme.text import GAP, Call, Misread, Refusal, Sayable, _
from storage.letters import Question
from tests.stage import edition, heard, kept, local, matched, plain, playing, proposal_of, say, to

NOW = local("2026-09-08 10:00")
YES, NO = Call(command="accept_day", arguments=("anna",)), Call(command="decline_day", arguments=("anna",))
LANGUAGES = Languages.load()


def spell(text: Sayable, language: str) -> str:
    return LANGUAGES.render(text, language, PLAIN, zone=edition().zone, words=lambda call, _language: call.command)


def meant_by(asked: list[Question], text: str) -> Filled | Ask:
    """What a message means to somebody with these questions open, oldest first."""
    found = questions.meant(asked, text, spell)
    return questions.filled(found, text, spell) if found else questions.which(asked)


def question(ask: Ask, letter: str = "letter", *, confirms: bool = False) -> Question:
    return questions.question_of(ask, "bram", letter, NOW, confirms=confirms)


def day_of(guest: str) -> Question:
    return question(Ask(_("A day?"), choices=yes_no(YES, NO), whose=guest), f"letter about {guest}")


def town() -> Question:
    return question(Ask(_("Which town?"), Call(command="form", arguments=("region", GAP))))


@given(st.text().filter(lambda text: way_of(text) is None))
def test_an_open_question_takes_the_whole_message_as_one_argument(answer: str) -> None:
    asked = meant_by([town()], answer)
    assert isinstance(asked, Filled)
    assert asked.call == Call(command="form", arguments=("region", answer))


@pytest.mark.parametrize(
    "typed",
    [
        "ja",
        "Ja",
        "JA.",
        "yes",
        " Yes! ",
        "1",
        "ja graag",
        "jazeker",
        "oké",
        "prima!",
        "doe maar",
        "ja, is goed",
        "dan kan ik",
        "ik kan dan",
        "sure",
    ],
)
def test_yes_is_said_as_people_say_it_or_by_its_number(typed: str) -> None:
    meant = meant_by([day_of("anna")], typed)
    assert isinstance(meant, Filled)
    assert meant.call == YES


@pytest.mark.parametrize(
    "typed",
    [
        "nee",
        "No",
        "2",
        "nee hoor",
        "liever niet",
        "nee, dank je",
        "ik kan niet",
        "dan kan ik niet",
        "dan niet",
        "no thanks",
    ],
)
def test_no_is_no(typed: str) -> None:
    meant = meant_by([day_of("anna")], typed)
    assert isinstance(meant, Filled)
    assert meant.call == NO
    assert not meant.confirmed


@pytest.mark.parametrize("typed", ["ja maar niet op vrijdag", "0", "3", "misschien", "", "stagedag"])
def test_what_is_no_choice_is_refused_and_the_choices_are_shown(typed: str) -> None:
    with pytest.raises(Refusal):
        meant_by([day_of("anna")], typed)


@pytest.mark.parametrize(("typed", "confirmed"), [("ja", True), ("1", True), ("nee", False), ("2", False)])
def test_only_the_first_choice_confirms(typed: str, *, confirmed: bool) -> None:
    asked = question(Ask(_("Sure?"), choices=yes_no(YES, NO)), confirms=True)
    meant = meant_by([asked], typed)
    assert isinstance(meant, Filled)
    assert meant.confirmed is confirmed


@pytest.mark.parametrize("typed", ["ja", "nee hoor", "0", "3", "anna"])
def test_with_two_that_could_take_it_the_person_says_which(typed: str) -> None:
    asked = meant_by([day_of("anna"), day_of("bram")], typed)
    assert isinstance(asked, Ask)
    assert len(asked.choices) == 2


def test_at_most_the_last_three_are_listed() -> None:
    asked = meant_by([day_of(guest) for guest in ("anna", "bram", "carla", "dirk")], "ja")
    assert isinstance(asked, Ask)
    assert len(asked.choices) == 3


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(("typed", "about"), [("ja", "accept_day"), ("prima", "accept_day"), ("Zeist", "form")])
def test_with_a_button_and_a_text_open_each_gets_what_only_it_can_take(typed: str, about: str, *, first: bool) -> None:
    both = [day_of("anna"), town()] if first else [town(), day_of("anna")]
    meant = meant_by(both, typed)
    assert isinstance(meant, Filled)
    assert meant.call.command == about


@pytest.mark.parametrize("typed", ["ja", "nee dank je", "ok"])
def test_yes_and_no_are_never_the_text_that_a_command_lacks(typed: str) -> None:
    asked = question(Ask(_("What?"), Call(command="announce", arguments=(GAP,)), lapses=True))
    with pytest.raises(Misread):
        meant_by([asked], typed)


def test_an_answer_comes_behind_what_was_clear_already() -> None:
    call = Call(command="meeting_move", arguments=("start", f"9 december {GAP}"))
    assert questions.fill(call, "10.00-12.00").arguments == ("start", "9 december 10.00-12.00")


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


@pytest.mark.parametrize("word", ["help", "agenda", "Terugtrekken"])
async def test_a_bare_command_word_is_neither_done_nor_kept_and_the_question_stays(tmp_path: Path, word: str) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        for typed in ("!aanmelden", "ja", word, "Gemeente Zeist"):
            await stage.speak("zoe", typed)
        part = stage.house.store[Participant][f"{edition().id}/zoe"]
        assert part.answers == {"organisation": "Gemeente Zeist"}


@pytest.mark.parametrize("word", ["stop", "annuleer", "laat maar", "later", "Niet nu."])
async def test_whoever_leaves_the_form_keeps_what_was_given_and_hears_how_to_go_on(tmp_path: Path, word: str) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        for typed in ("!aanmelden", "ja", "Gemeente Zeist"):
            await stage.speak("zoe", typed)
        assert "`!formulier`" in plain(await say(stage, "zoe", word))
        assert questions.open_to(State(stage.house.store), "zoe", stage.clock.now()) == []
        part = stage.house.store[Participant][f"{edition().id}/zoe"]
        assert part.answers == {"organisation": "Gemeente Zeist"}
        assert "`!stop`" not in plain(await say(stage, "zoe", word))


@pytest.mark.parametrize("word", ["terug", "vorige vraag", "back"])
async def test_going_back_asks_the_question_before(tmp_path: Path, word: str) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        for typed in ("!aanmelden", "ja", "Gemeente Zeist", word, "Gemeente Bunnik"):
            await stage.speak("zoe", typed)
        part = stage.house.store[Participant][f"{edition().id}/zoe"]
        assert part.answers == {"organisation": "Gemeente Bunnik"}


@pytest.mark.parametrize("word", ["stop", "terug", "later", "nee hoor"])
async def test_a_way_out_of_a_confirmation_changes_nothing(tmp_path: Path, word: str) -> None:
    async with playing(tmp_path, "2026-05-18 10:00") as stage:
        await stage.speak("anna", "!terugtrekken")
        before = kept(stage)
        await stage.speak("anna", word)
        await stage.speak("anna", "ja")
        assert kept(stage) == before


async def test_what_another_asks_can_be_answered_later(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor") as stage:
        await matched(stage)
        await stage.speak("anna", "!stagedag gast 14-10-2026")
        await stage.speak("bram", "later")
        assert "Graag gedaan" in plain(await say(stage, "bram", "bedankt"))
        assert "Afgesproken" in plain(await say(stage, "bram", "ja"))


@pytest.mark.parametrize("kind", ["ok", "prima", "goed", "top", "fine"])
async def test_a_kind_word_after_later_is_no_consent(tmp_path: Path, kind: str) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor") as stage:
        await matched(stage)
        await stage.speak("anna", "!stagedag gast 14-10-2026")
        await stage.speak("bram", "later")
        before = kept(stage)
        await stage.speak("bram", kind)
        assert kept(stage) == before


async def test_whoever_chose_the_wrong_question_chooses_again(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor") as stage:
        await matched(stage)
        await stage.speak("anna", "!stagedag gast 14-10-2026")
        await stage.speak("bram", "!terugtrekken")
        await stage.speak("bram", "ja")
        await stage.speak("bram", "1")
        both = questions.waiting(State(stage.house.store), "bram", stage.clock.now())
        (other,) = [it for it in both if not it.front]
        await stage.speak("bram", f"!vraag {other.number}")
        (front,) = questions.open_to(State(stage.house.store), "bram", stage.clock.now())
        assert front.id == other.id


async def test_what_a_command_lacked_lapses_with_another_command_and_that_is_said_once(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await stage.speak("cor", "!bericht")
        assert "`!bericht`" in plain(await say(stage, "cor", "!agenda"))
        assert "`!bericht`" not in plain(await say(stage, "cor", "!agenda"))
        assert "bericht" not in plain(await say(stage, "cor", "bedankt"))


async def test_help_is_no_other_command(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        for typed in ("!bericht", "!help bericht"):
            await stage.speak("cor", typed)
        assert "De lunch is verzorgd" in plain(await say(stage, "cor", "De lunch is verzorgd"))


@pytest.mark.parametrize(
    ("typed", "answer", "done"),
    [
        ("!bijeenkomst verplaats slot 9 december", "10.00-12.00", "woensdag 9 december 2026, 10.00-12.00"),
        ("!bijeenkomst verplaats slot 31 november 9.00-11.00", "30 november 9.00-11.00", "maandag 30 november 2026"),
        ("!bijeenkomst nieuw 12 15 oktober 16.30-15.00", "15.00-16.30", "donderdag 15 oktober 2026, 15.00-16.30"),
        ("!bijeenkomst nieuw 12 15 oktober", "15.00-16.30", "donderdag 15 oktober 2026, 15.00-16.30"),
        ("!niet storen t/m 31 september", "1 oktober", "donderdag 1 oktober 2026"),
    ],
)
async def test_what_the_bot_asks_back_is_answered_by_the_next_message(
    tmp_path: Path, typed: str, answer: str, done: str
) -> None:
    person = "anna" if typed.startswith("!niet") else "cor"
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        assert plain(await say(stage, person, typed))
        assert done in plain(await say(stage, person, answer))


async def test_the_number_of_matches_can_be_typed_alone(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-07 10:00") as stage:
        await stage.speak("cor", "!match voorstel")
        await stage.speak("cor", "!match publiceer")
        assert stage.house.store[Round][edition().id].hold is None
        for typed in ("ja", "99", str(len(proposal_of(stage)))):
            assert stage.house.store[Round][edition().id].hold is None
            await stage.speak("cor", typed)
        assert stage.house.store[Round][edition().id].hold is not None


async def test_an_offer_that_is_not_taken_takes_nothing_else(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        assert "`!plekken`" in plain(await say(stage, "anna", "plekkn"))
        assert "AFM" not in plain(await say(stage, "anna", "bedankt"))
        assert questions.open_to(State(stage.house.store), "anna", stage.clock.now()) == []


async def test_an_offer_is_taken_with_yes(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await stage.speak("anna", "plekkn")
        assert "AFM" in plain(await say(stage, "anna", "ja graag"))


async def test_in_a_room_without_anybody_else_a_question_is_put_and_answered_there(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        said = await say(stage, "cor", "!bericht De lunch is verzorgd", "desk")
        assert {post.room for post in said} == {rooms.desk(edition().id)}
        assert "verzorgd" in plain(await say(stage, "cor", "doe maar", "desk"), to("anna"))


async def test_with_another_coordinator_at_the_desk_yes_there_answers_nothing(tmp_path: Path) -> None:
    people = "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor, coordinator: eva"
    async with playing(tmp_path, "2026-08-18 10:00", people) as stage:
        await stage.speak("cor", "!bericht De lunch is verzorgd", "desk")
        assert await say(stage, "cor", "ja", "desk") == []
        assert "verzorgd" in plain(await say(stage, "cor", "ja"), to("anna"))


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
    async with playing(tmp_path, "2026-08-18 10:00", "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor") as stage:
        await matched(stage)
        await stage.speak("anna", "!stagedag gast 14-10-2026")
        await stage.speak("bram", "!terugtrekken")
        (listed,) = await say(stage, "bram", "ja")
        assert [label for label, _typed in listed.buttons] == ["1", "2"]
        await stage.speak("bram", "1")
        assert len(questions.open_to(State(stage.house.store), "bram", stage.clock.now())) == 1
        assert "Afgesproken" in plain(await say(stage, "bram", "ja"))
        (left,) = questions.open_to(State(stage.house.store), "bram", stage.clock.now())
        assert left.confirms


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


async def test_a_confirmation_of_something_else_says_that_the_one_before_is_off(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        first = plain(await say(stage, "cor", "!bericht Het eerste bericht"))
        again = plain(await say(stage, "cor", "!bericht Het eerste bericht"))
        other = plain(await say(stage, "cor", "!bericht Het tweede bericht"))
        assert "vervalt" not in first + again
        assert "vervalt" in other


async def test_thanks_are_no_answer_to_a_question_with_buttons_and_leave_it_open(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await stage.speak("anna", "!terugtrekken")
        assert plain(await say(stage, "anna", "bedankt")) == "Graag gedaan."
        assert len(questions.open_to(State(stage.house.store), "anna", stage.clock.now())) == 1


async def test_after_a_restart_the_newest_question_is_still_the_newest(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor") as stage:
        await matched(stage)
        for typed in ("!terugtrekken", "!liever niet", "!agenda"):
            await stage.speak("bram", typed)
        await stage.restart()
        await stage.speak("anna", "!stagedag gast 14-10-2026")
        newest = questions.open_to(State(stage.house.store), "bram", stage.clock.now())[-1]
        assert newest.choices[0].call.command == "accept_day"
