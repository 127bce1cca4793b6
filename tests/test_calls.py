"""A button carries a call and pressing it is typing it: whatever is written is read as the same call."""

from collections.abc import Iterator
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.arguments import converter_of, read_call, write_call
from bot.command import Command, fold
from bot.i18n import Languages
from programme.text import Call
from tests.stage import all_commands

COMMANDS = all_commands()
EVERY = pytest.mark.parametrize("command", COMMANDS.all, ids=lambda c: c.id)


def is_said(text: str) -> bool:
    """Whether its first word holds more than signs that never count, and does not name an edition."""
    first = (text.split() or [""])[0]
    return fold(first) != "" and not text.startswith("@")


WORDS = st.text(min_size=1, max_size=30).filter(is_said)
TEXTS = st.text(min_size=1, max_size=80).map(str.strip).filter(is_said)
EDITIONS = st.sampled_from(["", "secretariswissel-2026", "wissel"])
DUTCH = Languages.load().by_code["nl"]
LANGUAGES = st.sampled_from(["nl", "en"])


def arguments_of(command: Command) -> st.SearchStrategy[tuple[str, ...]]:
    """Arguments as they may stand in a call of this command: as many as fit, the last ones left out."""
    if command.parameters and command.parameters[0].many:
        return st.lists(WORDS.filter(lambda word: "," not in word), max_size=6).map(tuple)
    kinds = [TEXTS if converter_of(p.kind).rest else WORDS for p in command.parameters]
    return st.integers(0, len(kinds)).flatmap(lambda given_: st.tuples(*kinds[:given_]))


@st.composite
def calls(draw: st.DrawFn) -> Call:
    command = draw(st.sampled_from(COMMANDS.all))
    named = draw(EDITIONS) if command.needs_edition else ""
    return Call(command=command.id, arguments=draw(arguments_of(command)), edition=named)


@given(calls(), LANGUAGES)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_a_written_call_is_read_as_the_same_call(call: Call, language: str) -> None:
    assert read_call(write_call(call, COMMANDS, language), COMMANDS, {call.edition}) == call


@pytest.mark.parametrize("word", ["@anna", "@anna kijk even"])
def test_an_at_sign_before_a_text_names_no_edition(word: str) -> None:
    call = Call(command="announce", arguments=(word,))
    assert read_call(write_call(call, COMMANDS, "nl"), COMMANDS) == call


@pytest.mark.parametrize("text", ["- de link volgt", "... en verder", "?"])
def test_a_text_keeps_the_signs_that_it_begins_with(text: str) -> None:
    call = Call(command="announce", arguments=(text,))
    assert read_call(write_call(call, COMMANDS, "nl"), COMMANDS) == call


def spellings(command: Command) -> Iterator[str]:
    for word in (*command.nl, *command.en):
        yield word
        yield word.upper()
        yield f" {word} "
        yield f"{word}."
        yield from (" ".join(order) for order in permutations(word.split()))
        yield word.replace(" ", "-")
        yield word.replace(" ", "")


@EVERY
def test_a_command_is_known_in_every_spelling(command: Command) -> None:
    for written in spellings(command):
        call = read_call(written, COMMANDS)
        assert call is not None, written
        assert call.command == command.id, written


@EVERY
def test_the_words_to_show_differ_from_no_word_that_is_read(command: Command) -> None:
    for language in ("nl", "en"):
        assert fold(command.word(language)) in set(command.words)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("vóórkeur 3", "prefer"), ("Voorkeur: 3", "prefer"), ("vast zet match anna 3 reis", "match_lock")],
)
def test_accents_and_order_do_not_count(written: str, meant: str) -> None:
    call = read_call(written, COMMANDS)
    assert call is not None
    assert call.command == meant


@pytest.mark.parametrize(
    "written", ["vorkeur 3", "terugtreken", "overzicht nu meteen", "ja", "", "   ", "mijn voorkeur"]
)
def test_what_only_looks_like_a_command_is_no_call(written: str) -> None:
    assert read_call(written, COMMANDS) is None


@pytest.mark.parametrize(
    ("typed", "meant"), [("vorkeur 3", "prefer"), ("terugtreken", "withdraw"), ("plekkn", "places")]
)
def test_the_nearest_word_is_a_guess_to_show(typed: str, meant: str) -> None:
    near = COMMANDS.nearest(typed, COMMANDS.all)
    assert near is not None
    assert near[0].id == meant


@pytest.mark.parametrize("typed", ["mooi weer vandaag", "wat moet ik doen", "xyz", "!"])
def test_a_strange_text_is_near_to_nothing(typed: str) -> None:
    assert COMMANDS.nearest(typed, COMMANDS.all) is None


@EVERY
@pytest.mark.parametrize("language", ["nl", "en"])
def test_both_examples_of_a_command_are_read(command: Command, language: str) -> None:
    for example in command.examples:
        call = read_call(f"{command.word(language)} {example}", COMMANDS)
        assert call is not None
        assert call.command == command.id
        assert read_call(write_call(call, COMMANDS, language), COMMANDS, {call.edition}) == call


@EVERY
def test_every_argument_has_a_label_for_people(command: Command) -> None:
    assert all(converter_of(parameter.kind).label.id for parameter in command.parameters)


@EVERY
def test_a_command_has_a_dutch_help_of_its_own(command: Command) -> None:
    assert DUTCH.template(command.help) not in ("", command.help.id)
