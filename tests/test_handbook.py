"""The handbook is current: its conversations were really had, and the words that it names can be said."""

import re
from functools import cache
from pathlib import Path

import pytest

import commands
from bot.command import find, fold

ROOT = Path(__file__).parent.parent
TRANSCRIPTS = ROOT / "tests" / "transcripts"
PAGES = {
    "docs/nl/deelnemer.md": "nl",
    "docs/nl/coordinator.md": "nl",
    "docs/nl/alleen.md": "nl",
    "docs/nl/begeleider.md": "nl",
    "docs/nl/intervisie.md": "nl",
    "docs/nl/langzaam.md": "nl",
    "docs/en/participant.md": "en",
    "docs/en/coordinator.md": "en",
    "docs/en/alone.md": "en",
    "docs/en/facilitator.md": "en",
    "docs/en/intervision.md": "en",
    "docs/en/slow.md": "en",
}
RULES = "docs/decisions/0027-rules-of-a-session.md"
LONGEST = 120
"""Lines of a page for people who do not read manuals."""
SAID = re.compile(r"(?:[a-z]+(?: in #\S+)?: |\ bot)")
"""How a line begins that a person or the bot says in a transcript."""
every_page = pytest.mark.parametrize("page", PAGES)
every_dutch_page = pytest.mark.parametrize("page", [page for page, language in PAGES.items() if language == "nl"])


def written(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def conversations(text: str) -> list[str]:
    """What stands in blocks without a language, each with a line end before and after every line."""
    return ["\n" + block for block in re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)]


def prose(text: str) -> str:
    """The page without its conversations and without what stands between backticks."""
    return re.sub(r"^```\n.*?^```$|`[^`\n]+`", "", text, flags=re.DOTALL | re.MULTILINE)


def commands_named(text: str) -> list[str]:
    """What the prose shows between backticks as something to type, without the exclamation mark."""
    outside = re.sub(r"^```\n.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"`!([^`\n]+)`", outside)


@cache
def transcripts() -> str:
    """All of them, one after another, with an empty line between two."""
    return "\n" + "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(TRANSCRIPTS.glob("*.chat")))


@cache
def sayable(language: str) -> frozenset[str]:
    """The words of all commands in one language, folded."""
    spellings = (it.nl if language == "nl" else it.en for it in find(commands).all)
    return frozenset(fold(word) for words in spellings for word in words)


def begins_with_a_command(typed: str, language: str) -> bool:
    words = typed.split()
    return any(fold("".join(words[:length])) in sayable(language) for length in range(1, len(words) + 1))


@every_page
def test_every_quoted_line_stands_in_a_transcript(page: str) -> None:
    rows = [row for block in conversations(written(page)) for row in block.splitlines() if SAID.match(row)]
    assert len(rows) >= 10
    assert [row for row in rows if f"\n{row}\n" not in transcripts()] == []


@every_page
def test_every_conversation_was_had_from_its_first_line_to_its_last(page: str) -> None:
    assert [block for block in conversations(written(page)) if block not in transcripts()] == []


@every_page
def test_every_command_that_a_page_names_can_be_said_in_its_language(page: str) -> None:
    named = commands_named(written(page))
    assert len(named) >= 15
    assert [typed for typed in named if not begins_with_a_command(typed, PAGES[page])] == []


@every_page
def test_a_page_is_short_and_does_not_shout(page: str) -> None:
    text = written(page)
    assert len(text.splitlines()) <= LONGEST
    assert "!" not in prose(text)


@every_dutch_page
def test_a_dutch_page_says_je(page: str) -> None:
    assert re.findall(r"\b[Uu]w?\b", prose(written(page))) == []


@every_page
def test_a_page_is_found_from_the_readme(page: str) -> None:
    assert f"]({page})" in written("README.md")


@every_dutch_page
def test_a_dutch_page_is_found_from_the_page_for_operators(page: str) -> None:
    assert f"]({Path(page).name})" in written("docs/nl/beheer.md")


def test_the_conversations_of_the_readme_stand_in_a_transcript() -> None:
    quoted = [block for block in conversations(written("README.md")) if SAID.match(block.lstrip("\n"))]
    assert len(quoted) >= 2
    assert [block for block in quoted if block not in transcripts()] == []


def test_the_table_of_rules_has_fifteen_and_each_has_a_place_and_a_test_that_there_are() -> None:
    rows = re.findall(r"^\| (R\d+) [^|]*\|[^|]*\|([^|]*)\|([^|]*)\|$", written(RULES), re.MULTILINE)
    assert [rule for rule, _places, _test in rows] == [f"R{number}" for number in range(1, 16)]
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    for rule, places, named in rows:
        (test,) = re.findall(r"`([^`]+)`", named)
        assert f"def {test}(" in tests or (TRANSCRIPTS / test).is_file(), rule
        files = [name for name in re.findall(r"`([^`]+)`", places) if "." in name]
        assert files, rule
        assert all([*ROOT.glob(name), *(ROOT / "programme").glob(name)] for name in files), rule
