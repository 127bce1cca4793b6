"""Ballots: what counts, what is forgotten, and what is decided."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.chat import PostedPoll, chosen_call
from bot.console import NotThere
from programme import ballots
from programme.ballots import Ballot, Choice
from programme.text import Call, Refusal
from tests.stage import local, plain, playing, say
from tests.test_console import answers, kring, talk

NOW = datetime(2026, 8, 18, 8, tzinfo=UTC)
CLOSES = NOW + timedelta(days=7)
LATER = NOW + timedelta(hours=1)
AT = "2026-08-18 10:00"
ZONE = ZoneInfo("Europe/Amsterdam")


def ballot(*words: str, most: int = 1, quorum: int = 1) -> Ballot:
    choices = tuple(Choice(words=it) for it in words or ("koffie", "thee", "water"))
    return Ballot(
        id="e/1", edition="e", number=1, room="cohort/e", question="Wat?", choices=choices, most=most, quorum=quorum, closes=CLOSES
    )  # fmt: skip


def days(*on: str, most: int = 9) -> Ballot:
    choices = tuple(Choice(day=date.fromisoformat(it), start=time(13), end=time(14, 30)) for it in on)
    return ballot(most=most).model_copy(update={"choices": choices})


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sets(st.integers(1, 3), max_size=2)), max_size=30))
def test_the_last_vote_of_each_person_counts_and_only_numbers_stay(votes: list[tuple[str, set[int]]]) -> None:
    held = ballot(most=2)
    for person, chosen in votes:
        held = held.voted(person, sorted(chosen), NOW)
    shut = held.shut(LATER)
    last = {person: chosen for person, chosen in dict(votes).items() if chosen}
    assert shut.counts == tuple(sum(n in chosen for chosen in last.values()) for n in (1, 2, 3))
    assert (shut.voters, shut.votes) == (len(last), {})
    assert Ballot.model_validate_json(shut.model_dump_json()) == shut


@given(st.lists(st.integers(-2, 8), max_size=8), st.integers(1, 4))
def test_whatever_a_platform_says_was_chosen_is_counted_or_is_nothing(numbers: list[int], most: int) -> None:
    choices = tuple((str(n), "", Call(command="vote", arguments=(f"1.{n}",))) for n in (1, 2, 3, 4))
    none = Call(command="vote", arguments=("1.0",))
    call = chosen_call(PostedPoll(choices, most, none), numbers)
    known = [n for n in numbers if 1 <= n <= 4]
    if call is None:
        assert numbers
        assert not known
    else:
        chosen = [int(word.removeprefix("1.")) for word in call.arguments]
        assert chosen == ([0] if not numbers else list(dict.fromkeys(known))[:most])


def test_a_vote_after_the_end_does_not_count() -> None:
    for held, at in ((ballot(), CLOSES), (ballot().shut(NOW), LATER)):
        with pytest.raises(Refusal):
            held.voted("anna", [1], at)
    with pytest.raises(Refusal):
        ballot().shut(NOW).shut(LATER)


@pytest.mark.parametrize("chosen", [[4], [0, 1], [1, 2], [-1]])
def test_what_cannot_be_chosen_is_refused(chosen: list[int]) -> None:
    with pytest.raises(Refusal):
        ballot().voted("anna", chosen, NOW)


@pytest.mark.parametrize(
    ("wrong", "changed"),
    [
        ("no question", {"question": ""}),
        ("one choice", {"choices": (Choice(words="a"),)}),
        ("too many", {"choices": tuple(Choice(words=str(n)) for n in range(21))}),
        ("twice the same", {"choices": (Choice(words="a"), Choice(words="a"))}),
        ("in the past", {"closes": NOW}),
    ],
)
def test_a_ballot_that_cannot_be_held_is_refused(wrong: str, changed: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        ballots.opened(ballot().model_copy(update=changed), NOW)
    assert ballots.opened(ballot(), NOW) == ballot(), wrong


def test_without_enough_voters_nothing_is_decided() -> None:
    held = ballot(quorum=2).voted("anna", [1], NOW)
    assert held.shut(LATER).decided is None
    assert held.voted("bram", [1], NOW).shut(LATER).decided == 1
    assert ballot().shut(LATER).decided is None
    assert held.decided is None


def test_of_days_chosen_as_often_the_first_is_decided_and_of_words_none() -> None:
    held = days("2026-10-15", "2026-10-14", "2026-10-16").voted("anna", [1, 2], NOW)
    assert held.shut(LATER).decided == 2
    assert ballot(most=2).voted("anna", [1, 2], NOW).shut(LATER).decided is None


def test_a_day_is_on_the_clock_of_its_zone_also_after_the_clock_changes() -> None:
    hours = Choice(day=date(2026, 10, 25), start=time(9), end=time(11)).hours(ZONE)
    assert hours is not None
    assert [it.astimezone(UTC).hour for it in hours] == [8, 10]
    assert Choice(words="koffie").hours(ZONE) is None


async def test_after_closing_nobody_can_say_who_chose_what(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        await say(stage, "cor", "!peiling Wat?; koffie; thee", "cohort")
        await stage.vote("anna", ["thee"], "cohort")
        await stage.vote("bram", ["1"])
        (held,) = stage.house.store[Ballot].values()
        assert held.votes == {"anna": (2,), "bram": (1,)}
        await stage.travel(local("2026-08-25 10:00"))
        (shut,) = stage.house.store[Ballot].values()
        assert (shut.votes, shut.counts, shut.voters) == ({}, (1, 1), 2)
        assert "niet één winnaar" in plain(stage.console.fetch())


async def test_a_vote_that_comes_twice_is_counted_once_and_an_ended_poll_is_gone(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        (asked,) = await say(stage, "cor", "!peiling Wat?; koffie; thee", "cohort")
        await stage.vote("anna", ["1"], "cohort", id_="$1")
        await stage.vote("anna", ["2"], "cohort")
        await stage.vote("anna", ["1"], "cohort", id_="$1")
        (held,) = stage.house.store[Ballot].values()
        assert held.votes == {"anna": (2,)}
        (ended,) = await say(stage, "cor", "!peiling sluit", "cohort")
        assert ended.ends == asked.id
        with pytest.raises(NotThere, match="no open poll"):
            await stage.vote("anna", ["1"], "cohort")


async def test_a_poll_that_was_closed_by_hand_does_not_close_again_in_its_time(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        await say(stage, "cor", "!peiling Wat?; koffie; thee", "cohort")
        await say(stage, "cor", "!peiling sluit", "cohort")
        await stage.travel(local("2026-08-25 10:01"))
        assert not [post for post in stage.console.fetch() if "Peiling" in post.plain]


async def test_choosing_nothing_takes_a_choice_back(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        await say(stage, "cor", "!peiling Wat?; koffie; thee", "cohort")
        await stage.vote("anna", ["1"], "cohort")
        await stage.vote("anna", [], "cohort")
        (held,) = stage.house.store[Ballot].values()
        assert held.votes == {}
        with pytest.raises(NotThere, match="koffie, thee"):
            await stage.vote("anna", ["wijn"], "cohort")


async def test_a_poll_is_shown_to_all_languages_of_a_room_and_says_that_votes_are_seen(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        (asked,) = await say(stage, "cor", "!peiling Wat?; koffie; thee", "cohort")
    assert asked.poll is not None
    assert [(label, written) for label, written, _call in asked.poll.choices] == [
        ("koffie", "!stem 1.1"),
        ("thee", "!stem 1.2"),
    ]
    assert "Iedereen hier ziet wat je kiest" in asked.plain
    assert asked.wake


async def test_a_day_that_is_decided_comes_with_a_calendar_file(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        await say(stage, "cor", "!datumprikker Borrel; 14-10-2026 13.00-14.30; 15-10-2026 ochtend", "cohort")
        await stage.vote("anna", ["1"], "cohort")
        (ended,) = await say(stage, "cor", "!peiling sluit", "cohort")
    assert ended.file is not None
    (event,) = Calendar.from_ical(ended.file.content.decode()).walk("VEVENT")
    rows = event.to_ical().decode().splitlines()
    assert "DTSTART;TZID=Europe/Amsterdam:20261014T130000" in rows
    assert "DTEND;TZID=Europe/Amsterdam:20261014T143000" in rows


@pytest.mark.parametrize("more", ["minstens nul", "minstens 0", "minstens 12345", "sluit vandaagmorgen", "at least x"])
async def test_an_end_or_a_number_that_is_not_understood_opens_nothing(more: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        assert plain(await say(stage, "cor", f"!peiling Wat?; koffie; thee; {more}", "cohort"))
        assert not list(stage.house.store[Ballot].values())


@pytest.mark.parametrize("typed", ["1.2.3", ".", "1.", ".1", "x", "1 x", "9999999", "-1"])
async def test_a_choice_that_is_not_understood_is_refused_with_an_example(typed: str, tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        await say(stage, "cor", "!peiling Wat?; koffie; thee", "cohort")
        said = plain(await say(stage, "anna", f"!stem {typed}", "cohort"))
        assert "Typ het nummer, bijvoorbeeld 1." in said
        (held,) = stage.house.store[Ballot].values()
        assert held.votes == {}


async def test_a_poll_of_another_room_is_not_voted_in_from_here(tmp_path: Path) -> None:
    async with playing(tmp_path, AT) as stage:
        await say(stage, "cor", "!peiling Wat?; koffie; thee", "desk")
        assert "staat hier niet open" in plain(await say(stage, "anna", "!stem 1.1", "cohort"))


def test_a_script_votes_in_the_newest_poll_it_can_see_or_that_of_a_room() -> None:
    lines = talk(
        {"person": "cor", "room": "cohort", "text": "!poll Wat?; koffie; thee; water"},
        {"person": "cor", "vote": ["2"]},
        {"person": "cor", "vote": ["water"], "room": "cohort"},
        {"person": "cor", "vote": "water"},
        {"person": "cor", "room": "cohort", "text": "!close poll"},
        {"person": "cor", "vote": ["2"]},
    )
    (asked,) = answers(lines, 1)
    assert asked["poll"] == {"question": asked["text"], "choices": ["koffie", "thee", "water"], "max": 1}
    assert (answers(lines, 2), answers(lines, 3)) == ([], [])
    assert "list of texts" in answers(lines, 4)[0]["error"]
    assert "water: 1 stem" in answers(lines, 5)[0]["text"]
    assert answers(lines, 6) == [{"error": "there is no open poll"}]


def test_a_player_at_a_terminal_chooses_and_changes_rooms() -> None:
    typed = "cor in #cohort: !peiling Wat?; koffie; thee\n[x] 2\n! unencrypted in #cohort\n! onzin in #cohort\n! outsider piet in #cohort\n!peiling sluit\n"
    ran = kring("console", typed=typed)
    assert ran.returncode == 0
    assert "[ ] koffie / thee" in ran.stdout
    assert "thee: 1 stem" in ran.stdout
    assert "hier is geen 'onzin'; wel: private, unencrypted" in ran.stdout
