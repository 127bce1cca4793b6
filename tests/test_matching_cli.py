"""`kring match` and `kring prove`: what goes in, what comes out, and how they end."""

import json
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from bot.cli.faults import finish
from bot.cli.match import match, prove

FACTS: dict[str, Any] = {
    "people": ["a", "b", "c"],
    "places": {"a": 1, "b": 1, "c": 2},
    "preferences": {"a": ["b", "c"], "b": [["a", "c"]], "c": ["b"]},
    "forbidden": [["a", "c"]],
    "locked": [["b", "a"]],
    "reciprocal": "allowed",
    "alternatives": True,
    "lottery": "seed text",
}


def written(folder: Path, facts: Any) -> str:
    path = folder / "input.json"
    path.write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")
    return str(path)


def bundle(folder: Path, **more: Any) -> dict[str, Any]:
    """Solve and keep the bundle."""
    target = folder / "bundle.json"
    assert finish(match, [written(folder, {**FACTS, **more}), "--certificate", str(target)]) == 0
    answer: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return answer


def test_the_outcome_has_the_keys_that_scripts_rely_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(match, [written(tmp_path, FACTS)]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert list(outcome) == [
        "match", "unplaced", "profile", "alternatives", "mechanism", "lottery_order", "certificate", "proved",
    ]  # fmt: skip
    assert list(outcome["certificate"]) == ["u", "v"]
    assert outcome["proved"] is True
    assert outcome["match"]["b"] == "a"


def test_with_an_earlier_match_it_says_who_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(match, [written(tmp_path, {**FACTS, "previous": {"a": "b", "gone": "c"}})]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["match"]["a"] == "b"
    assert outcome["changed"] == ["b"]


def test_lots_can_be_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(match, [written(tmp_path, FACTS), "--mechanism", "loting"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["mechanism"] == "loting"
    assert outcome["certificate"] == {"u": {}, "v": {}}


@pytest.mark.parametrize(
    ("mechanism", "reciprocal"),
    [("fair", "allowed"), ("fair", "forbidden"), ("fair", "required"), ("loting", "allowed"), ("loting", "forbidden")],
)
def test_what_was_matched_can_be_proved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mechanism: str, reciprocal: str
) -> None:
    made = bundle(tmp_path, mechanism=mechanism, reciprocal=reciprocal)
    assert finish(prove, [written(tmp_path, made)]) == 0
    assert finish(prove, [written(tmp_path, made), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["proved"] is True


def test_a_bundle_is_for_its_owner_only(tmp_path: Path) -> None:
    bundle(tmp_path)
    assert (tmp_path / "bundle.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("match", {"a": "b"}),
        ("match", {"a": "b", "b": "a"}),
        ("profile", [3, 0, 0]),
        ("lottery_order", ["a", "b", "c"]),
        ("alternatives", {"c": ["a"]}),
        ("proved", False),
        ("mechanism", "loting"),
        ("unplaced", []),
    ],
)
def test_a_bundle_that_was_tampered_with_ends_with_1_and_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, value: Any
) -> None:
    made = bundle(tmp_path)
    capsys.readouterr()
    assert made["matching"][key] != value
    made["matching"][key] = value
    assert finish(prove, [written(tmp_path, made)]) == 1
    assert capsys.readouterr().out.splitlines()[0].endswith(".")


def test_of_two_equally_good_matchings_only_the_one_of_the_lottery_is_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {"a": ["x", "y"], "b": ["x", "y"]}
    made = bundle(
        tmp_path,
        people=["a", "b"],
        places={"x": 1, "y": 1},
        preferences=rows,
        forbidden=[],
        locked=[],
        alternatives=False,
    )
    chosen = made["matching"]["match"]
    made["matching"]["match"] = {"a": chosen["b"], "b": chosen["a"]}
    capsys.readouterr()
    assert finish(prove, [written(tmp_path, made)]) == 1
    assert "lottery" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        ({**FACTS, "colour": "red"}, ["colour: unknown key; take it out, or mend its spelling"]),
        ({"people": []}, ["places: is missing; add it", "preferences: is missing; add it"]),
        ({**FACTS, "places": {"a": -1}}, ["places.a: is too small; write at least 0"]),
        (
            {**FACTS, "reciprocal": "required", "mechanism": "loting"},
            ["reciprocal: Lots cannot be drawn for pairs that visit each other."],
        ),
        ({**FACTS, "locked": [["b", "b"]]}, ["locked: 'b' may not go to 'b'"]),
        ("{", ["line 1, column 2: Expecting property name"]),
        ("[1]", ["this is no JSON object; put everything between braces"]),
        ("[" * 100_000, ["brackets are nested too deep"]),
        ('{"people": [], "people": []}', ["people: this key stands twice in one object; keep one"]),
    ],
)
def test_a_wrong_input_ends_with_2_and_one_line_per_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], facts: Any, lines: list[str]
) -> None:
    path = written(tmp_path, facts)
    assert finish(match, [path]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == len(lines)
    for told, line in zip(err.splitlines(), lines, strict=True):
        assert told.startswith(f"{path}: {line}")


def test_standard_input_and_output_make_a_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def type_in(text: str) -> None:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode())))

    type_in(json.dumps(FACTS))
    assert finish(match, ["-", "--certificate", "-"]) == 0
    type_in(capsys.readouterr().out)
    assert finish(prove, ["-"]) == 0


def test_a_file_that_is_not_there_or_cannot_be_written_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finish(match, [str(tmp_path / "none.json")]) == 2
    assert finish(match, [written(tmp_path, FACTS), "--certificate", str(tmp_path / "no" / "such")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
