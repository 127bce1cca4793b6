"""The page about the file of an edition says what the models say: every key, in both languages."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from programme.edition import Edition, Meeting
from programme.intervision.method import Method, Phase, Sizes
from programme.meanings import MEANINGS, SECTIONS
from programme.schema import keys_at, keys_of, reachable
from programme.text import Both

SCRIPT = Path(__file__).parent.parent / "docs" / "schema.py"


def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def test_the_pages_are_what_the_models_say() -> None:
    assert script()["faults"]() == []


def test_a_page_that_is_not_current_is_told(tmp_path: Path) -> None:
    it = script()
    page = tmp_path / "editie.md"
    page.write_text("# Het bestand van een editie\n", encoding="utf-8")
    assert not it["_is_current"]("nl", page)
    page.write_text(it["Page"]("nl").written(), encoding="utf-8")
    assert it["_is_current"]("nl", page)
    assert not it["_is_current"]("en", page)


@pytest.mark.parametrize("model", reachable(Edition), ids=lambda model: model.__name__)
def test_every_key_has_a_meaning_and_no_meaning_is_idle(model: type) -> None:
    assert set(keys_of(model)) == MEANINGS[model].keys()
    assert model in SECTIONS


def test_no_model_is_explained_that_no_file_has() -> None:
    assert set(MEANINGS) == set(SECTIONS) == set(reachable(Edition))


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ((), keys_of(Edition)),
        (("windows",), ("signup", "preferences", "visits")),
        (("windows", "signup"), ("opens", "closes", "opened", "closed")),
        (("meetings", 3), keys_of(Meeting)),
        (("meetings", 3, "name"), ("nl", "en")),
        (("reminders", 0, "taps", 1, "label"), ("nl", "en")),
        (("intervision", "agreements", 2), ("nl", "en")),
        (("publish",), ()),
        (("nowhere", "at", 4, "all"), ()),
    ],
)
def test_the_keys_at_a_place_are_those_of_its_model(path: tuple[str | int, ...], known: tuple[str, ...]) -> None:
    assert keys_at(Edition, path) == known


def test_a_shape_is_read_off_any_model() -> None:
    assert {Method, Both, Sizes, Phase} <= set(reachable(Method))
