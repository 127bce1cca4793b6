"""Letters in parts, turns to speak, and ids: the plain functions of the Teams adapter."""

import re
from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from bot.teams.addresses import event_id, same_service
from bot.teams.letters import size, split
from bot.teams.patience import Patience, Turns

LINES = st.lists(st.text(st.characters(exclude_categories=["C"]), max_size=60), min_size=1, max_size=30)


def words(markup: str) -> str:
    """What somebody reads, without what breaks lines and marks lists."""
    text = re.sub(r"</?(?:ul|li|strong|code)>|<br>|• ", "", markup)
    return unescape(text)


@given(LINES, st.integers(200, 600))
def test_parts_fit_and_say_together_what_the_letter_said(lines: list[str], largest: int) -> None:
    markup = "<br>".join(escape(line) for line in lines)
    parts = list(split(markup, largest))
    assert all(0 < size(part) <= largest for part in parts)
    assert words("".join(parts)) == words(markup)


@given(LINES, st.integers(200, 600))
def test_a_list_is_split_between_its_items(lines: list[str], largest: int) -> None:
    markup = "Kop<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>Slot"
    parts = list(split(markup, largest))
    assert all(size(part) <= largest for part in parts)
    assert words("".join(parts)) == words(markup)
    assert len(parts) == 1 or not any("<ul>" in part for part in parts)


def test_a_line_without_end_is_cut_and_stays_harmless() -> None:
    parts = list(split("<strong>" + escape("<script>" * 2_000) + "</strong>", 1_000))
    assert all(size(part) <= 1_000 for part in parts)
    assert not any("<script" in part for part in parts)
    assert words("".join(parts)) == "<script>" * 2_000


def test_a_letter_that_fits_stays_as_it_is() -> None:
    assert list(split("<ul><li>a</li></ul>", 1_000)) == ["<ul><li>a</li></ul>"]
    assert list(split("", 1_000)) == []


class Hand:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_conversation_gets_seven_turns_a_second_and_another_is_not_held_up() -> None:
    turns = Turns(Patience(), Hand())
    waits = [turns.wait("a", "t") for _ in range(14)]
    assert waits[:7] == [0.0] * 7
    assert 0.9 < waits[-1] <= 1.0
    assert turns.wait("b", "t") == 0.0


def test_a_conversation_gets_eighteen_hundred_turns_an_hour() -> None:
    hand = Hand()
    turns = Turns(Patience(), hand)
    spoken = 0
    while hand.at < 3_600:
        hand.at += max(turns.wait("a", "t"), 0.01)
        spoken += 1
    assert 3_500 <= spoken <= 3_700  # a full bucket at first, and one that fills


def test_a_tenant_gets_fifty_turns_a_second() -> None:
    turns = Turns(Patience(), Hand())
    waits = [turns.wait(str(number), "t") for number in range(100)]
    assert waits[:50] == [0.0] * 50
    assert 0.9 < waits[-1] <= 1.0
    assert turns.wait("x", "another tenant") == 0.0


def test_ten_thousand_conversations_are_forgotten_when_they_are_silent() -> None:
    hand = Hand()
    turns = Turns(Patience(waiting=10), hand)
    for number in range(10_000):
        hand.at += 10.0
        turns.wait(str(number), "t")
    assert len(turns._buckets) < 1_000


def test_an_activity_is_known_by_its_channel_and_not_by_its_thread() -> None:
    assert event_id("19:a@thread.tacv2;messageid=1", "7") == event_id("19:a@thread.tacv2", "7")
    assert event_id("19:a@thread.tacv2", "7") != event_id("19:b@thread.tacv2", "7")


def test_two_empty_services_are_not_the_same() -> None:
    assert not same_service("", "")
    assert same_service("https://a.example/x/", "https://A.example/x")
