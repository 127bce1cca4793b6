"""What a coordinator takes along of an edition: `kring export`, read back as a spreadsheet, a script and a snoop would."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bot.__main__ import kring
from bot.cli.faults import finish
from bot.files import sample_edition
from bot.sheets import Column, Sheet, comma_separated, workbook
from bot.tables import INDEXES, TABLES
from programme.edition import Edition
from programme.model import Model
from programme.people import Person
from programme.records import (
    Ended,
    Experience,
    Group,
    Half,
    Participant,
    Place,
    Round,
    Signed,
    Visit,
)
from programme.text import Both
from storage.store import Store
from storage.unit import Unit

AT = datetime(2026, 8, 26, 22, 30, tzinfo=UTC)  # on the clock of Amsterdam it is the 27th
ANNA, BRAM, CARLA = "@anna:example.nl", "@bram:example.nl", "@carla:example.nl"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SECRETS = ("liever niet", "wat ik zag", "@dirk:example.nl")


def edition() -> Edition:
    return sample_edition(date(2026, 8, 26), ())


def records() -> dict[str, list[Model]]:
    """An edition in which everything is kept that could be taken along, and much that must not be."""
    it = edition()
    id_, meeting = it.id, it.meetings[0].key
    half = Half(day=date(2026, 9, 29), start=time(9), end=time(12))
    answers = {
        "organisation": "AFM",
        "sector": "rijk",
        "region": "Amsterdam",
        "wishes": "=1+1",
        "meetings": "bij allebei",
    }
    parts = [
        Participant(
            id=f"{id_}/{ANNA}",
            edition=id_,
            person=ANNA,
            state="in",
            since=AT,
            answers=answers,
            preferences=(2, 3),
            avoids=(7,),
            meetings={meeting: "coming"},
            intervision="together",
        ),
        Participant(
            id=f"{id_}/{BRAM}",
            edition=id_,
            person=BRAM,
            state="in",
            since=AT,
            admitted=True,
            meetings={meeting: "absent"},
        ),
        Participant(id=f"{id_}/{CARLA}", edition=id_, person=CARLA, state="waiting", since=AT),
        Participant(id=f"other/{ANNA}", edition="other", person="@dirk:example.nl", state="in", since=AT),
    ]
    visit = Visit(
        id=f"{id_}/{ANNA}",
        edition=id_,
        guest=ANNA,
        host=BRAM,
        number=2,
        level=0,
        agreed=(half,),
        signed=Signed(by=BRAM, on=date(2026, 9, 1)),
        end=Ended(version=0, how="done", on=date(2026, 9, 30)),
        figures={"guest": 5},
    )
    return {
        "editions": [it],
        "people": [Person(id=ANNA, name="Anna Müller", sector="zorg"), Person(id=BRAM, name="Bram Bos", organisation="CBG")],
        "participants": list(parts),
        "places": [
            Place(id=f"{id_}/{n}", edition=id_, number=n, host=host, organisation="X", sector="rijk", offer="Een dag; mee")
            for n, host in ((10, CARLA), (2, BRAM))
        ],
        "rounds": [Round(id=id_, secret="liever niet")],
        "visits": [visit],
        "experiences": [
            Experience(id=f"{id_}/person/{ANNA}", edition=id_, person=ANNA, sharing="cohort", answers=("wat ik zag",))
        ],
        "groups": [Group(id=f"{id_}/1", edition=id_, number=1, members=(ANNA, BRAM), held=3, agreed={ANNA: date(2026, 9, 2)})],
    }  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    with Store.open(folder / "state", TABLES, indexes=INDEXES) as store:
        store.commit_now(Unit((name, it.id, it) for name, kept in records().items() for it in kept))  # type: ignore[attr-defined]  # each kept model has an id
    return folder


@pytest.fixture
def facts(data: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert exported(data, "--format", "json", "--to", "-") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def exported(data: Path, *more: str, id_: str = "secretariswissel-voorbeeld") -> int:
    return finish(kring, ["export", "--edition", id_, "--store", str(data), *more])


def cells(book: bytes, number: int = 1) -> Iterator[tuple[str, str | None, str]]:
    """Each cell of a sheet: where, of which kind (`s`: text), and what."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        strings = ["".join(it.itertext()) for it in ET.fromstring(parts.read("xl/sharedStrings.xml"))]  # noqa: S314 - written a moment ago, by us
        sheet = ET.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314
    for cell in sheet.iter(f"{MAIN}c"):
        assert cell.find(f"{MAIN}f") is None, "a formula"
        value = cell.findtext(f"{MAIN}v")
        if value is not None:
            yield cell.attrib["r"], cell.get("t"), strings[int(value)] if cell.get("t") == "s" else value


def sheet_of(*texts: str) -> Sheet:
    column = Column("said", Both(nl="gezegd", en="said"))
    return Sheet("talk", Both(nl="Praat", en="Talk"), (column,), tuple((text,) for text in texts))


def test_each_participant_is_a_row_with_what_the_form_says(facts: dict[str, Any]) -> None:
    anna = facts["participants"][0]
    assert anna["name"] == "Anna Müller"
    assert (anna["organisation"], anna["sector"], anna["region"]) == ("AFM", "rijk", "Amsterdam")
    assert (anna["state"], anna["late"], anna["intervision"]) == ("in", "no", "together")
    assert (anna["form.wishes"], anna["form.meetings"], anna["form.invoice"]) == ("=1+1", "bij allebei", None)
    assert [it["id"] for it in facts["participants"]] == [ANNA, BRAM, CARLA]


def test_a_day_is_the_day_on_the_clock_of_the_edition(facts: dict[str, Any]) -> None:
    assert facts["participants"][0]["since"] == "2026-08-27"


def test_who_has_no_form_yet_is_known_by_the_list_of_people(facts: dict[str, Any]) -> None:
    assert facts["participants"][1]["organisation"] == "CBG"


def test_places_stand_in_the_order_of_their_numbers(facts: dict[str, Any]) -> None:
    assert [it["number"] for it in facts["places"]] == [2, 10]


def test_a_match_is_who_visits_whom_and_a_visit_how_it_stands(facts: dict[str, Any]) -> None:
    pair = {"guest": ANNA, "guest_name": "Anna Müller", "host": BRAM, "host_name": "Bram Bos"}
    assert facts["matches"] == [{**pair, "place": 2, "preference": 1}]
    days = {"first_day": "2026-09-29", "second_day": None, "said_on": "2026-09-30", "signed_on": "2026-09-01"}
    assert facts["visits"] == [{**pair, "state": "done", **days}]


def test_of_a_group_there_is_who_is_in_it_and_how_many_sessions_were_held(facts: dict[str, Any]) -> None:
    assert [(it["number"], it["id"], it["agreed_on"], it["sessions"]) for it in facts["groups"]] == [
        (1, ANNA, "2026-09-02", 3),
        (1, BRAM, None, 3),
    ]


def test_of_a_meeting_there_are_numbers_and_no_names(facts: dict[str, Any]) -> None:
    first = facts["meetings"][0]
    assert (first["coming"], first["absent"], first["silent"]) == (1, 1, 0)
    assert ANNA not in json.dumps(facts["meetings"])


@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
def test_what_must_stay_is_in_no_form(data: Path, tmp_path: Path, form: str) -> None:
    """Preferences, who would rather be avoided, experiences, figures, the secret of the lottery, other editions."""
    assert exported(data, "--format", form, "--to", str(tmp_path / "out")) == 0
    files = [path.read_bytes() for path in (tmp_path / "out").iterdir()]
    if form == "xlsx":
        texts = [what for number in range(1, 7) for _where, _kind, what in cells(files[0], number)]
    else:
        texts = [file.decode() for file in files]
    assert [secret for secret in SECRETS for text in texts if secret in text] == []
    keys = {"avoids", "figures", "experiences", "secret"}
    assert [key for key in keys for text in texts if key in text] == []


def test_a_csv_file_opens_in_dutch_excel_as_it_is(data: Path, tmp_path: Path) -> None:
    assert exported(data, "--format", "csv", "--lang", "nl", "--to", str(tmp_path / "out")) == 0
    files = {path.name.rpartition("-")[2]: path for path in (tmp_path / "out").iterdir()}
    assert set(files) == {f"{it}.csv" for it in ("participants", "places", "matches", "visits", "groups", "meetings")}
    written = files["participants.csv"].read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    head, anna, *_ = csv.reader(io.StringIO(written.decode("utf-8-sig")), delimiter=";")
    assert head[:6] == ["id", "naam", "organisatie", "sector", "plaats", "stand"]
    assert anna[:6] == [f"'{ANNA}", "Anna Müller", "AFM", "rijk", "Amsterdam", "doet mee"]
    assert "'=1+1" in anna


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1"])
def test_a_text_that_could_be_a_formula_gets_a_quote_in_csv_and_is_text_in_a_workbook(text: str) -> None:
    rows = [
        *csv.reader(io.StringIO(comma_separated(sheet_of(text), "nl").decode("utf-8-sig"), newline=""), delimiter=";")
    ]
    assert rows == [["gezegd"], [f"'{text}"]]
    ((_heading, *_), (where, kind, _shown)) = cells(workbook([sheet_of(text)], "nl", AT))
    assert (where, kind) == ("A2", "s")


def test_a_choice_of_the_form_is_read_in_the_language_that_was_asked(data: Path, tmp_path: Path) -> None:
    assert exported(data, "--format", "csv", "--lang", "en", "--to", str(tmp_path / "out")) == 0
    written = {path.name.rpartition("-")[2]: path.read_text("utf-8-sig") for path in (tmp_path / "out").iterdir()}
    assert "central government" in written["participants.csv"]
    assert "central government" in written["places.csv"]


def test_a_link_in_a_workbook_is_text() -> None:
    book = workbook([sheet_of("https://example.nl")], "en", AT)
    assert [*cells(book)][1] == ("A2", "s", "https://example.nl")
    assert b"hyperlink" not in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")


def test_days_and_numbers_in_a_workbook_can_be_sorted(data: Path, tmp_path: Path) -> None:
    assert exported(data, "--lang", "en", "--to", str(tmp_path / "out")) == 0
    (path,) = (tmp_path / "out").iterdir()
    found = {where: (kind, what) for where, kind, what in cells(path.read_bytes(), 4)}
    assert found["F1"] == ("s", "day")
    assert found["F2"] == (None, str((date(2026, 9, 29) - date(1899, 12, 30)).days))
    assert found["E2"] == ("s", "took place")


def test_the_same_edition_at_the_same_moment_gives_the_same_workbook() -> None:
    assert workbook([sheet_of("a")], "nl", AT) == workbook([sheet_of("a")], "nl", AT)


def test_a_new_file_is_for_its_owner_alone(data: Path, tmp_path: Path) -> None:
    assert exported(data, "--to", str(tmp_path / "out")) == 0
    (path,) = (tmp_path / "out").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.name.startswith("secretariswissel-voorbeeld-20")


def test_a_script_reads_which_files_were_written(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exported(data, "--json", "--to", str(tmp_path)) == 0
    (name,) = json.loads(capsys.readouterr().out)["files"]
    assert Path(name).exists()


def test_it_is_read_while_the_bot_runs(data: Path, tmp_path: Path) -> None:
    with Store.open(data / "state", TABLES, indexes=INDEXES):
        assert exported(data, "--to", str(tmp_path / "out")) == 0


@pytest.mark.parametrize(
    ("more", "id_", "told"),
    [
        ((), "gone", "--edition: gone is no edition in this store; choose from: secretariswissel-voorbeeld\n"),
        (("--format", "csv", "--to", "-"), "secretariswissel-voorbeeld", "--to: CSV is a file for each table; name a folder\n"),
        (("--to", "data/state/journal/x"), "secretariswissel-voorbeeld", "data/state/journal/x: this is no folder; "),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_line(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    id_: str,
    told: str,
) -> None:
    monkeypatch.chdir(data.parent)
    assert exported(data, *more, id_=id_) == 2
    assert capsys.readouterr().err.startswith(told)


def test_a_damaged_store_ends_with_3(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = data / "state" / "journal"
    content = bytearray(journal.read_bytes())
    content[200] ^= 1
    journal.write_bytes(content)
    assert exported(data, "--to", str(tmp_path / "out")) == 3
    assert str(journal) in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
