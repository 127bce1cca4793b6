"""`kring groups`: what goes in, what comes out, and how it ends."""

import json
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from bot.cli.faults import finish
from bot.cli.groups import groups

PEOPLE = [
    {"id": name, "organisation": name.upper(), "sector": sector, "languages": ["nl"], "slots": [1, 2]}
    for name, sector in zip("abcdefghij", ["rijk", "zorg"] * 5, strict=True)
]
FACTS: dict[str, Any] = {
    "people": PEOPLE, "size": 5, "blocked": [["a", "b"]], "met": [["a", "c"]], "common_slots": 1, "rounds": 1,
}  # fmt: skip


def written(folder: Path, facts: Any) -> str:
    path = folder / "input.json"
    path.write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")
    return str(path)


def test_the_outcome_has_the_keys_that_scripts_rely_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(groups, [written(tmp_path, FACTS)]) == 0
    told = capsys.readouterr()
    outcome = json.loads(told.out)
    assert list(outcome) == ["groups", "same_sector_pairs", "bound", "optimal", "relaxed"]
    assert (outcome["same_sector_pairs"], outcome["bound"], outcome["optimal"], outcome["relaxed"]) == (8, 8, True, [])
    assert sorted(name for group in outcome["groups"] for name in group) == list("abcdefghij")
    assert told.err == ""


def test_several_rounds_are_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [{"id": f"p{number}"} for number in range(9)]
    assert finish(groups, [written(tmp_path, {"people": people, "size": 3, "rounds": 4})]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert [len(split["groups"]) for split in outcome] == [3, 3, 3, 3]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(json.dumps(FACTS).encode())))
    assert finish(groups, ["-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["optimal"] is True


def test_a_rule_that_gave_way_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [{**one, "slots": []} for one in PEOPLE]
    assert finish(groups, [written(tmp_path, {**FACTS, "people": people})]) == 1
    assert json.loads(capsys.readouterr().out)["relaxed"] == ["slots"]


def test_what_cannot_be_ends_with_one_and_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [{"id": name, "organisation": "AFM"} for name in "abc"]
    assert finish(groups, [written(tmp_path, {"people": people, "size": 2})]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "AFM takes part with 3 people, more than there are groups (2)" in told.err


def test_who_cannot_be_parted_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"people": [{"id": "a"}, {"id": "b"}], "size": 2, "manages": [["a", "b"]]}
    assert finish(groups, [written(tmp_path, facts)]) == 1
    assert "It fails on: a and b." in capsys.readouterr().err


def test_another_cut_is_offered_beside_the_outcome(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [{"id": f"p{number}"} for number in range(11)]
    assert finish(groups, [written(tmp_path, {"people": people, "size": 5})]) == 0
    told = capsys.readouterr()
    assert [len(group) for group in json.loads(told.out)["groups"]] == [4, 4, 3]
    assert "6, 5 (size 6)" in told.err


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ("{", "line 1"),
        ({**FACTS, "size": 0}, "size: "),
        ({**FACTS, "colour": 1}, "colour: unknown key"),
        ({"people": []}, "size: is missing"),
        ({**FACTS, "blocked": [["a", "z"]]}, "blocked: 'z' is not one of the people"),
        ({**FACTS, "people": [{**PEOPLE[0], "sectors": "x"}]}, "people.0.sectors: unknown key"),
    ],
)
def test_wrong_input_ends_with_two_and_names_the_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], facts: Any, fault: str
) -> None:
    assert finish(groups, [written(tmp_path, facts)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert fault in told.err
