"""What is taken for the bot of what people say aloud in the room of their group, and what is theirs."""

import pytest

from bot.intervision.aloud import may_be_meant, sounds_unsafe, told_and_ready


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Maar zin in. Klaar!", ("Maar zin in.", "Klaar")),
        ("Fijn. klaar", ("Fijn.", "klaar")),
        ("Hoe oud was hij?\nklaar", ("Hoe oud was hij?", "klaar")),
        ("klaar", None),
        ("Toen was het gesprek klaar.", None),
    ],
)
def test_a_word_behind_a_sentence_stands_apart(line: str, parts: tuple[str, str] | None) -> None:
    assert told_and_ready(line) == parts


@pytest.mark.parametrize("line", ["Ik ben er!", "aanwezig", "Ik ga akkoord", "begin", "ja", "Nog even wachten"])
def test_a_whole_message_may_be_an_answer_in_the_room_of_a_group_only(line: str) -> None:
    assert may_be_meant("group/wissel-2026/1", line)
    assert not may_be_meant("cohort/wissel-2026", line)


@pytest.mark.parametrize(
    "line", ["Ik ben er bijna klaar mee", "Zullen we beginnen met koffie?", "Ik ga akkoord met het plan van Bram"]
)
def test_what_people_say_to_each_other_is_not_looked_at(line: str) -> None:
    assert not may_be_meant("group/wissel-2026/1", line)


@pytest.mark.parametrize(
    "line",
    ["ik voel me niet veilig, stop", "Ik wil stoppen", "Dit voelt onveilig", "I don't feel safe, I want to stop"],
)
def test_who_does_not_feel_safe_is_heard(line: str) -> None:
    assert sounds_unsafe(line)


@pytest.mark.parametrize(
    "line", ["Ik zou zeggen dat het niet veilig is.", "Ik zou stoppen met mailen", "dirk", "Hoe lang nog?"]
)
def test_a_position_is_not_taken_for_a_call_for_help(line: str) -> None:
    assert not sounds_unsafe(line)
