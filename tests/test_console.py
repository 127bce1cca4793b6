"""`kring console`: the chat of JSON lines that scripts rely on, and the terminal for people."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.files import read_people, sample_edition

Line = dict[str, Any]
DAY = date(2026, 11, 22)
START = "2026-07-01T09:00:00+02:00"
SAMPLE = Path(__file__).parent.parent / "programme" / "editions" / "secretariswissel-2026.toml"


def kring(*arguments: str, typed: str = "", language: str = "nl_NL.UTF-8") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "LANG": language, "LC_ALL": language},
    )


def talk(*inputs: Line | str, store: Path | None = None, at: str = START) -> list[Line]:
    where = ["--store", str(store)] if store else []
    typed = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in inputs)
    ran = kring("console", "--json", "--at", at, "--edition", str(SAMPLE), *where, typed=typed)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def answers(lines: list[Line], number: int) -> list[Line]:
    """What came between the end of input `number - 1` and that of `number`."""
    done = [index for index, line in enumerate(lines) if "done" in line]
    first = done[number - 2] + 1 if number > 1 else 0
    return lines[first : done[number - 1]]


def test_each_input_ends_with_its_number() -> None:
    lines = talk({"person": "anna", "text": "help"}, {"person": "bram", "text": "help"})
    assert [line["done"] for line in lines if "done" in line] == [1, 2]


def test_an_answer_has_every_field() -> None:
    (answer,) = answers(talk({"person": "anna", "text": "!aanmelden"}), 1)
    assert set(answer) == {"to", "room", "id", "text", "html", "buttons", "poll", "file", "edits", "mentions"}
    assert answer["to"] == "anna"
    assert answer["buttons"] == ["Ja", "Nee"]


def test_a_button_is_pressed_by_its_label() -> None:
    lines = talk({"person": "anna", "text": "!aanmelden"}, {"person": "anna", "press": "Ja"})
    assert any("Vraag 4 van 8" in line["text"] for line in answers(lines, 2))


def test_a_room_is_spoken_in_by_its_short_name() -> None:
    lines = talk({"person": "anna", "text": "!agenda", "room": "cohort"})
    assert [line["room"] for line in answers(lines, 1)] == ["cohort"]


def test_the_same_event_id_is_handled_once() -> None:
    again = {"person": "anna", "text": "!agenda", "id": "e17"}
    lines = talk(again, again)
    assert len(answers(lines, 1)) == 1
    assert answers(lines, 2) == []


def test_the_clock_moves_forward_and_nudges_ring() -> None:
    lines = talk(
        {"person": "anna", "text": "!aanmelden"}, {"person": "anna", "press": "Ja"}, {"at": "2026-07-07T12:00:00+02:00"}
    )
    assert any(line["to"] == "anna" and line["mentions"] == ["anna"] for line in answers(lines, 3))


def test_rooms_are_listed() -> None:
    (listed,) = answers(talk({"rooms": True}), 1)
    assert {"id": "desk/secretariswissel-2026", "name": "desk", "members": ["cor"], "encrypted": True} in listed[
        "rooms"
    ]


BAD = (
    "geen json",
    "[]",
    "{}",
    '{"person": "anna"}',
    '{"person": 3, "text": "help"}',
    '{"person": "anna", "text": 3}',
    '{"person": "anna", "text": "help", "rom": "cohort"}',
    '{"person": "anna", "text": "help", "room": "zolder"}',
    '{"person": "anna", "press": "Bestaat niet"}',
    '{"person": "anna", "vote": ["1"]}',
    '{"at": "gisteren"}',
    '{"at": "2026-06-01T09:00:00+02:00"}',
)


def test_a_bad_line_is_answered_and_changes_nothing() -> None:
    lines = talk(*BAD, {"person": "cor", "text": "stand"})
    for number in range(1, len(BAD) + 1):
        (error,) = answers(lines, number)
        assert set(error) == {"error"}, BAD[number - 1]
    assert "0 deelnemers" in answers(lines, len(BAD) + 1)[0]["text"]


def test_a_restart_keeps_an_open_question() -> None:
    lines = talk({"person": "anna", "text": "!aanmelden"}, {"restart": True}, {"person": "anna", "text": "ja"})
    assert any("Vraag 4 van 8" in line["text"] for line in answers(lines, 3))


def test_a_store_outlives_the_process(tmp_path: Path) -> None:
    talk({"person": "anna", "text": "!aanmelden"}, {"person": "anna", "press": "Ja"}, store=tmp_path)
    lines = talk({"person": "anna", "text": "!formulier"}, store=tmp_path, at="2026-07-01T10:00:00+02:00")
    assert any("8" in line["text"] for line in answers(lines, 1))


def test_a_broken_edition_is_told_in_a_line_each(tmp_path: Path) -> None:
    file = tmp_path / "fout.toml"
    file.write_text(
        SAMPLE.read_text(encoding="utf-8").replace("closes = 2026-07-10", "closes = 2026-04-10"), encoding="utf-8"
    )
    ran = kring("console", "--json", "--edition", str(file))
    assert ran.returncode == 2
    assert re.match(rf"{file}:62: (error|fout): windows.signup.closes: ", ran.stderr)
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("anna;Anna;AFM;rijk", "the role is missing; choose one of participant, coordinator"),
        ("anna;Anna;AFM;rijk;participant;nl;Utrecht\nanna;Anne;AFM;rijk;participant;nl;Utrecht", "stands twice"),
        (";Anna;AFM;rijk;participant;nl;Utrecht", "is empty"),
        ("anna;Anna;AFM;rijk;baas;nl;Utrecht", "role 'baas' is unknown"),
        ("anna;Anna;AFM;rijk;participant;fr;Utrecht", "language 'fr' is unknown"),
    ],
)
def test_a_broken_list_of_people_is_told_with_its_line(tmp_path: Path, row: str, fault: str) -> None:
    file = tmp_path / "mensen.csv"
    file.write_text(f"id;name;organisation;sector;role;language;region\n{row}\n", encoding="utf-8")
    ran = kring("console", "--json", "--people", str(file), language="C.UTF-8")
    assert ran.returncode == 2
    assert fault in ran.stderr
    assert f"{file}: line " in ran.stderr


HEAD = "id;name;organisation;sector;role;language;region"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            HEAD.replace(";", ","),
            f": regel 1: hier staan geen puntkomma's; bewaar het met puntkomma's, en begin met {HEAD}",
        ),
        ("naam;rol", f": regel 1: de kolom id ontbreekt; begin met {HEAD}"),
        (HEAD, ": er staat niemand in; zet iedereen op een eigen regel"),
        (
            f"{HEAD}\nanna;Anna;AFM;rijk;deelnemer;nl;Utrecht",
            ": regel 2: rol 'deelnemer' bestaat niet; kies uit participant, coordinator, trainer, facilitator, manager, hr, client",
        ),
    ],
)
def test_a_list_that_cannot_be_read_is_told_in_dutch_at_a_dutch_shell(tmp_path: Path, written: str, told: str) -> None:
    file = tmp_path / "mensen.csv"
    file.write_text(f"{written}\n", encoding="utf-8")
    ran = kring("console", "--people", str(file))
    assert (ran.returncode, ran.stderr) == (2, f"{file}{told}\n")


def own_people(tmp_path: Path) -> Path:
    file = tmp_path / "mensen.csv"
    rows = ("els;Els Bos;AFM;rijk;participant;nl;Utrecht", "wim;Wim Vos;CBG;zorg;participant;nl;Utrecht")
    file.write_text("\n".join((HEAD, *rows, "lia;Lia Dam;X;anders;coordinator;nl;Utrecht")), encoding="utf-8")
    return file


def test_the_terminal_names_people_who_are_there(tmp_path: Path) -> None:
    ran = kring("console", "--people", str(own_people(tmp_path)), typed="Wim: help\nLia: stand\nZina: help\n")
    assert "typ wim: help, of lia: stand (lia is de coördinator). In de kamer: els in #cohort" in ran.stdout
    assert "bram" not in ran.stdout
    assert "\nels> Wim: help\n bot: " in ran.stdout
    assert "\nwim> Lia: stand\n bot: " in ran.stdout
    assert "(ik ken geen Zina; wie er zijn: ?)" in ran.stdout


def test_somebody_who_types_on_and_on_at_a_clock_that_stands_still_is_answered() -> None:
    ran = kring("console", typed="taal\n" * 90)
    assert ran.stdout.count("\n bot: ") == 90
    assert "te veel berichten" not in ran.stdout


def test_the_folder_of_a_played_store_is_its_owners_alone(tmp_path: Path) -> None:
    store = tmp_path / "spel"
    assert kring("console", "--store", str(store), typed="help\n").returncode == 0
    assert {path.name for path in store.rglob("*") if path.stat().st_mode & 0o077} == set()
    assert store.stat().st_mode & 0o777 == 0o700


def test_the_sample_stands_open_for_sign_up_today() -> None:
    people, coordinators = read_people(None)
    today = sample_edition(DAY, coordinators).windows["signup"]
    assert len(people) == 12
    assert today.opens <= DAY <= today.closes


def test_the_terminal_says_what_to_type_and_plays_anybody() -> None:
    ran = kring("console", typed="aanmelden\nja\nbram: help\n@ volgende\ncor: stand\n?\n")
    assert ran.returncode == 0, ran.stderr
    assert "Typ wat je tegen de bot wilt zeggen" in ran.stdout
    assert "Vraag 4 van 8" in ran.stdout
    assert "bram>" in ran.stdout
    assert "cor>" in ran.stdout
