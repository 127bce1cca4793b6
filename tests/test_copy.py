"""`kring copy`: all dates by whole weeks, and nothing else of the text, unless asked."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.copy import copy_edition
from bot.cli.faults import DONE, NOT_SO, WRONG, finish
from programme.copying import copied
from programme.edition import parse, shifted
from programme.text import Refusal

EDITION = resources.files("programme").joinpath("editions", "secretariswissel-2026.toml").read_text(encoding="utf-8")
FIRST = date(2026, 5, 11)


def days(value: Any) -> Iterator[date]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for it in inside:
        yield from days(it)
    if isinstance(value, date):
        yield value


def moved(text: str) -> list[date]:
    return sorted(days(tomllib.loads(text)))


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("2026-05-11", "2026-05-11"),
        ("2026-05-12", "2026-05-18"),
        ("2027-05-10", "2027-05-10"),
        ("2027-05-11", "2027-05-17"),
        ("2025-05-01", "2025-05-05"),
        ("2026-05-05", "2026-05-11"),
        ("2028-02-28", "2028-02-28"),
    ],
)
def test_the_first_date_falls_on_its_weekday_at_or_after_the_start(start: str, first: str) -> None:
    new = copied(EDITION, date.fromisoformat(start))
    assert moved(new.text)[0].isoformat() == first
    assert new.weeks * 7 == (moved(new.text)[0] - FIRST).days


@settings(max_examples=40, deadline=None)
@given(start=st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_copy_is_the_edition_shifted_by_as_many_weeks(start: date) -> None:
    new = copied(EDITION, start)
    assert parse(new.text) == shifted(parse(EDITION), new.weeks)
    assert [day.isoweekday() for day in moved(new.text)] == [day.isoweekday() for day in moved(EDITION)]
    assert timedelta() <= moved(new.text)[0] - start < timedelta(weeks=1)


@settings(max_examples=40, deadline=None)
@given(start=st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_there_and_back_the_text_is_what_it_was(start: date) -> None:
    assert copied(copied(EDITION, start).text, FIRST).text == EDITION


def test_comments_and_layout_stay_as_they_are() -> None:
    text = 'a = 2026-10-05 # from 2026-10-05\r\n\r\n  b=[2026-10-06 ,"2026-10-07", "x 2026-10-07"]\n# 2026-10-08'
    assert copied(text, date(2026, 10, 6)).text == (
        'a = 2026-10-12 # from 2026-10-05\r\n\r\n  b=[2026-10-13 ,"2026-10-14", "x 2026-10-07"]\n# 2026-10-08'
    )


@pytest.mark.parametrize(
    ("was", "start", "now"),
    [
        ("2026-12-29", "2027-01-01", "2027-01-05"),
        ("2024-02-29", "2025-02-27", "2025-02-27"),
        ("2023-02-23", "2024-02-26", "2024-02-29"),
        ("2026-03-22T09:00:00", "2026-03-29", "2026-03-29T09:00:00"),
        ("2026-10-18T09:00:00", "2026-10-25", "2026-10-25T09:00:00"),
        ("2026-10-18 02:30:00", "2026-10-19", "2026-10-25 02:30:00"),
    ],
    ids=["a new year", "from a leap day", "to a leap day", "summer time", "winter time", "the doubled hour"],
)
def test_a_day_keeps_its_weekday_and_a_time_its_place_on_the_clock(was: str, start: str, now: str) -> None:
    new = copied(f"x = {was}\n", date.fromisoformat(start))
    assert new.text == f"x = {now}\n"
    (it,) = new.moved
    assert (it.key, it.line, it.was.isoweekday()) == ("x", 1, it.now.isoweekday())
    assert datetime.fromisoformat(now).time() == datetime.fromisoformat(was).time()


def test_over_both_clock_changes_nine_o_clock_stays_nine_o_clock() -> None:
    spring = parse(copied(EDITION.replace("2026-09-29", "2026-03-10"), date(2026, 3, 24)).text)
    (span,) = [m.span(spring.zone) for m in spring.meetings if m.key == "start"]
    assert (span.start.isoformat(), span.end.isoformat()) == ("2026-03-24T09:00:00+01:00", "2026-03-24T11:00:00+01:00")
    summer = parse(copied(EDITION.replace("2026-09-29", "2026-03-10"), date(2026, 3, 31)).text)
    assert summer.meeting("start").span(summer.zone).start.isoformat() == "2026-03-31T09:00:00+02:00"
    winter = parse(copied(EDITION, date(2026, 6, 8)).text)
    assert winter.meeting("start").span(winter.zone).start.isoformat() == "2026-10-27T09:00:00+01:00"


def test_a_new_id_takes_its_year_along_into_the_name() -> None:
    new = tomllib.loads(copied(EDITION, date(2027, 5, 10), "secretariswissel-2027").text)
    assert (new["id"], new["name"]) == ("secretariswissel-2027", "SecretarisWissel 2027")
    without = tomllib.loads(copied(EDITION, date(2027, 5, 10), "wissel-najaar").text)
    assert (without["id"], without["name"]) == ("wissel-najaar", "SecretarisWissel 2026")


def test_texts_that_name_a_month_or_a_year_are_for_a_person_to_read() -> None:
    text = EDITION.replace("We delen onze ervaringen.", "Op 3 december delen we onze ervaringen.")
    new = copied(text, date(2027, 5, 10), "secretariswissel-2027")
    assert new.to_read == (("meetings.closing.about.nl", text[: text.index("Op 3 december")].count("\n") + 1),)


def test_what_the_new_id_changed_is_told_and_remarks_with_a_year_are_named() -> None:
    text = EDITION.replace("publish = 2026-09-18", "publish = 2026-09-18 # before 1 October").replace(
        "Aanmelden voor", "Aanmelden #2026 voor"
    )
    new = copied(text, date(2027, 5, 10), "secretariswissel-2027")
    assert [(it.key, it.was, it.now) for it in new.renamed] == [
        ("id", "secretariswissel-2026", "secretariswissel-2027"),
        ("name", "SecretarisWissel 2026", "SecretarisWissel 2027"),
    ]
    assert (11, "# before 1 October") in new.remarks
    assert not any("Aanmelden #2026" in remark for _line, remark in new.remarks)
    assert all("# before 1 October" in new.text.splitlines()[10] for line, _remark in new.remarks if line == 11)
    assert copied(text, date(2027, 5, 10)).renamed == ()


@pytest.mark.parametrize(
    ("text", "start"), [('id = "x"\n', date(2027, 1, 1)), ("x = 2026-01-01\ny = 9999-12-30", FIRST)]
)
def test_what_cannot_be_moved_is_refused(text: str, start: date) -> None:
    with pytest.raises(Refusal):
        copied(text, start)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "wissel.toml"
    path.write_text(EDITION, encoding="utf-8")
    return path


def run(*words: str, text: str = "") -> Result:
    return CliRunner().invoke(copy_edition, list(words), input=text, standalone_mode=False)


def test_it_says_what_moved_from_where_to_where_and_which_holidays_are_hit(source: Path) -> None:
    it = run(str(source), "--start", "2029-05-07", "--id", "wissel-2029", "--out", str(source.parent / "new.toml"))
    assert it.return_value == DONE
    assert it.stderr.startswith("12 dates move 156 weeks on:\n  line 11: publish: Friday, 18 September 2026 → Friday, ")
    assert it.stdout == ""
    assert parse((source.parent / "new.toml").read_text(encoding="utf-8")).id == "wissel-2029"
    hit = run(str(source), "--start", "2026-05-19", "--id", "wissel-later")
    assert (
        "standard output:61: warning: windows.signup.opens: Monday, 25 May 2026 is a public holiday: Pentecost Monday; "
        "choose a working day" in hit.stderr
    )
    assert tomllib.loads(hit.stdout)["windows"]["signup"]["opens"] == date(2026, 5, 25)


def test_standard_input_becomes_standard_output() -> None:
    it = run("-", "--start", "2027-05-10", text=EDITION)
    assert it.stdout == copied(EDITION, date(2027, 5, 10)).text
    assert "--id" in it.stderr


def test_a_file_that_is_there_is_never_written_over(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _again in range(2):
        assert finish(copy_edition, [str(source), "--start", "2027-05-10", "--out", str(source)]) == WRONG
        assert source.read_text(encoding="utf-8") == EDITION
    assert "is there already" in capsys.readouterr().err


def test_an_error_of_the_new_file_is_told_and_counts(source: Path) -> None:
    source.write_text(EDITION.replace("2026-09-29\nstart = 09", "2026-09-27\nstart = 02"), encoding="utf-8")
    it = run(str(source), "--start", "2026-06-08", "--id", "wissel-laat")
    assert it.return_value == NOT_SO
    assert "meetings.start.start: 02:00 comes twice that night" in it.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--start", "10 mei"], "--start: '10 mei' is no day"),
        (["--start", "2027-05-10", "--id", "Wissel 2027"], "--id: 'Wissel 2027' is no id"),
        (["--start", "2027-05-10", "--out", "nowhere/x.toml"], "nowhere/x.toml: "),
        (["--start", "9999-12-31"], "too far away"),
    ],
)
def test_wrong_use_is_a_line_and_no_file(
    words: list[str], told: str, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finish(copy_edition, [str(source), *words]) == WRONG
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("text", [EDITION.replace("length = 5", "length = 50"), "x = ", "family = 'case'\n"])
def test_a_file_that_is_not_whole_is_not_copied(text: str, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source.write_text(text, encoding="utf-8")
    assert (
        finish(copy_edition, [str(source), "--start", "2027-05-10", "--out", str(source.parent / "new.toml")]) == WRONG
    )
    assert capsys.readouterr().err
    assert not (source.parent / "new.toml").exists()
