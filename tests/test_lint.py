"""`kring lint`: every finding with its file, line, key and mend; and the lines that the parser of the house knows."""

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from itertools import count
from pathlib import Path as File
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.cli.lint as command_line
from bot.cli.faults import DONE, NOT_SO, WRONG, finish
from bot.cli.findings import tell
from bot.clock import named_free_days
from programme.lint import Finding, Path, kind_of, lint, spots

EDITION = resources.files("programme").joinpath("editions", "secretariswissel-2026.toml").read_text(encoding="utf-8")
INCIDENT = resources.files("programme").joinpath("methods", "incident.toml").read_text(encoding="utf-8")
METHODS = sorted((File(__file__).parent.parent / "programme" / "methods").glob("*.toml"))


def found(text: str) -> list[Finding]:
    return lint("wissel.toml", text, named_free_days)


def changed(was: str, now: str) -> str:
    assert EDITION.count(was) >= 1, was
    return EDITION.replace(was, now, 1)


def line_of(text: str, words: str) -> int:
    """The line of the first place where these words stand."""
    return text[: text.index(words)].count("\n") + 1


# ── findings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

ERRORS = [
    (
        "unknown-key",
        "coordinaters",
        ("publish = 2026-09-18", "publish = 2026-09-18\ncoordinaters = 1"),
        "coordinaters = 1",
    ),
    ("unknown-key", "windows.signup.close", ("closes = 2026-07-10", "closes = 2026-07-10\nclose = 1"), "close = 1"),
    (
        "unknown-key",
        "windows.sign-up",
        ("[windows.signup]", "[windows.sign-up]\nopens = 2026-05-01\n[windows.signup]"),
        "[windows.sign-up]",
    ),
    ("unknown-key", "meetings.start.onlin", ("online = true", "onlin = true"), "onlin = true"),
    ("missing-key", "publish", ("publish = 2026-09-18", ""), ""),
    ("missing-key", "windows", ("[windows.visits]\nopens = 2026-10-05\ncloses = 2026-11-27", ""), "[windows.signup]"),
    ("missing-key", "form", ('key = "sector"', 'key = "sektor"'), "[[form]]"),
    (
        "language",
        "audience.en",
        ('en = "board secretaries and executive', 'en = ""\n# "board secretaries and executive'),
        'en = ""',
    ),
    ("language", "steps.signup.name.nl", ('nl = "Aanmelden", ', ""), 'name = { en = "Sign up" }'),
    ("value", "publish", ("publish = 2026-09-18", 'publish = "18 september"'), "publish ="),
    ("value", "publish", ("publish = 2026-09-18", "publish = 20260918"), "publish ="),
    ("value", "windows.signup.opens", ("opens = 2026-05-11", "opens = 2026-05-11T09:00:00"), "opens ="),
    ("value", "meetings.start.start", ("start = 09:00:00", "start = 9"), "start = 9"),
    ("value", "meetings.start.end", ("end = 11:00:00", 'end = "11:00+02:00"'), 'end = "11'),
    ("value", "preferences.length", ("length = 5", "length = 11"), "length = 11"),
    ("value", "preferences.mechanism", ('mechanism = "fair"', 'mechanism = "fare"'), "mechanism ="),
    ("value", "id", ('id = "secretariswissel-2026"', 'id = "Wissel 2026"'), "id = "),
    (
        "value",
        "reminders.signup-two-weeks.anchor",
        ('anchor = "signup.closes"', 'anchor = "signup.ends"'),
        'anchor = "signup.ends"',
    ),
    ("value", "reminders.signup-two-weeks", ('anchor = "signup.closes"\n', ""), "[[reminders]]"),
    (
        "words",
        "reminders.signup-two-weeks.text.nl",
        ("Aanmelden voor {edition}", "Aanmelden voor {editie}"),
        "Aanmelden voor {editie}",
    ),
    (
        "words",
        "reminders.signup-two-weeks.text.nl",
        ("Aanmelden voor {edition}", "Aanmelden voor {edition"),
        "Aanmelden voor {edition kan",
    ),
    ("value", "windows.visits.closes", ("closes = 2026-11-27", "closes = 9999-12-31"), "closes = 9999-12-31"),
    ("value", "meetings.closing.day", ("day = 2026-12-03", "day = 0202-12-03"), "day = 0202-12-03"),
    ("value", "meetings.een slot.key", ('key = "closing"', 'key = "een slot"'), 'key = "een slot"'),
    (
        "words",
        "reminders.signup-two-weeks.text.nl",
        ("Aanmelden voor {edition}", "Aanmelden voor {edition:>9999999999}"),
        "Aanmelden voor {edition:",
    ),
    ("order", "windows.signup.closes", ("closes = 2026-07-10", "closes = 2026-04-10"), "closes = 2026-04-10"),
    ("order", "windows.preferences.opens", ("opens = 2026-08-17", "opens = 2026-04-20"), "opens = 2026-04-20"),
    ("order", "publish", ("publish = 2026-09-18", "publish = 2026-09-04"), "publish ="),
    ("order", "windows.visits.opens", ("opens = 2026-10-05", "opens = 2026-09-14"), "opens = 2026-09-14"),
    ("order", "intervision.until", ("sessions = 5", "sessions = 5\nuntil = 2026-10-01"), "until ="),
    ("order", "meetings.start.end", ("end = 11:00:00", "end = 08:00:00"), "end = 08"),
    ("order", "meetings.closing.day", ("day = 2026-12-03", "day = 2025-12-03"), "day = 2025-12-03"),
    ("order", "reminders.no-day-first.on", ("on = 2026-10-12", "on = 2025-10-13"), "on = 2025-10-13"),
    ("overlap", "windows.preferences.opens", ("opens = 2026-08-17", "opens = 2026-07-10"), "opens = 2026-07-10"),
    ("duplicate", "meetings.start.key", ('key = "closing"', 'key = "start"'), 'key = "start"\nname = { nl = "Slot'),
    (
        "duplicate",
        "reminders.signup-two-weeks.key",
        ('key = "signup-three-days"', 'key = "signup-two-weeks"'),
        'key = "signup-two-weeks"\nanchor = "signup.closes"\ndays = -3',
    ),
    ("duplicate", "form.sector.choices.1.nl", ('nl = "gemeente"', 'nl = "rijk"'), '{ nl = "rijk", en = "municipality"'),
    (
        "clock-change",
        "meetings.start.start",
        ("day = 2026-09-29\nstart = 09:00:00", "day = 2026-03-29\nstart = 02:30:00"),
        "start = 02:30",
    ),
    (
        "clock-change",
        "meetings.start.start",
        ("day = 2026-09-29\nstart = 09:00:00", "day = 2026-10-25\nstart = 02:30:00"),
        "start = 02:30",
    ),
]
NEW_MEETING = """
[[meetings]]
key = "extra"
name = { nl = "Extra", en = "Extra" }
day = 2026-09-29
start = 10:30:00
end = 12:00:00
"""
WARNINGS = [
    ("order", "meetings.start.day", ("day = 2026-09-29", "day = 2026-09-16"), "day = 2026-09-16"),
    ("order", "meetings.start.day", ("day = 2026-09-29", "day = 2026-10-20"), "day = 2026-10-20"),
    ("order", "meetings.start.day", ("publish = 2026-09-18", "publish = 2026-09-30"), "day = 2026-09-29"),
    ("deadline", "publish", ("publish = 2026-09-18", "publish = 2026-09-07"), "publish ="),
    ("deadline", "windows.preferences.closes", ("closes = 2026-09-04", "closes = 2026-08-17"), "closes = 2026-08-17"),
    ("value", "contact.mail", ('mail = "wissel@example.nl"', 'mail = "wissel"'), "mail ="),
    ("weekend", "publish", ("publish = 2026-09-18", "publish = 2026-09-19"), "publish ="),
    ("weekend", "windows.signup.closes", ("closes = 2026-07-10", "closes = 2026-07-11"), "closes = 2026-07-11"),
    ("weekend", "meetings.closing.day", ("day = 2026-12-03", "day = 2026-12-05"), "day = 2026-12-05"),
    ("weekend", "reminders.no-day-first.on", ("on = 2026-10-12", "on = 2026-10-11"), "on = 2026-10-11"),
    ("holiday", "meetings.closing.day", ("day = 2026-12-03", "day = 2026-12-25"), "day = 2026-12-25"),
    ("holiday", "windows.signup.opens", ("opens = 2026-05-11", "opens = 2026-05-14"), "opens = 2026-05-14"),
    ("holiday", "reminders.no-day-third.on", ("on = 2026-11-09", "on = 2026-05-25"), "on = 2026-05-25"),
    ("gap", "windows.preferences.opens", ("closes = 2026-07-10", "closes = 2026-07-03"), "opens = 2026-08-17"),
    ("overlap", "meetings.extra.start", ("[[checks]]", f"{NEW_MEETING}\n[[checks]]"), "start = 10:30"),
    ("deadline", "windows.visits.closes", ("closes = 2026-11-27", "closes = 2026-12-04"), "closes = 2026-12-04"),
    ("deadline", "reminders.closing-meeting.days", ('anchor = "meeting.closing"\ndays = -1', 'anchor = "meeting.closing"\ndays = 1'), 'days = 1\nto = "expected"'),
    ("deadline", "reminders.signup-three-days.days", ("days = -3", "days = 3"), 'days = 3\nto = "unfinished"'),
    ("deadline", "reminders.no-day-third.on", ("on = 2026-11-09", "on = 2026-11-30"), "on = 2026-11-30"),
    ("quiet-hours", "reminders.signup-two-weeks.at", ("days = -14", "days = -14\nat = 21:30:00"), "at = 21:30"),
    ("quiet-hours", "reminders.start-meeting-soon.minutes", ("start = 09:00:00", "start = 08:00:00"), 'minutes = 15\nto = "expected"'),
    ("clock-change", "meetings.start.day", ("day = 2026-09-29\nstart = 09:00:00", "day = 2026-10-25\nstart = 01:00:00"), "day = 2026-10-25"),
    ("order", "meetings.closing.day", ("day = 2026-12-03", "day = 2027-12-03"), "day = 2027-12-03"),
    ("order", "meetings.start.day", ("day = 2026-09-29", "day = 2026-12-16"), "day = 2026-12-16"),
    ("order", "meetings.closing.day", ("day = 2026-12-03", "day = 2026-09-22"), "day = 2026-09-22"),
    ("value", "publish", ("publish = 2026-09-18", 'publish = "2026-09-18"'), "publish ="),
    ("value", "meetings.start.start", ("start = 09:00:00", 'start = "09:00"'), 'start = "09:00"'),
    ("not-in-file", "coordinators", ("publish =", 'coordinators = ["@cor:example.nl"]\npublish ='), "coordinators ="),
    ("not-in-file", "windows.signup.opened", ("closes = 2026-07-10", "closes = 2026-07-10\nopened = 2026-05-01T09:00:00Z"), "opened ="),
    ("words", "reminders.signup-two-weeks.text.nl", ("Aanmelden voor {edition}", "Aanmelden {call_list} {edition}"), "Aanmelden {call_list}"),
    ("words", "reminders.signup-two-weeks.text", ("Aanmelden voor {edition}", "Aanmelden"), 'text = { nl = "Aanmelden kan'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "key", "change", "at"), ERRORS, ids=[f"{rule} {key}" for rule, key, *_more in ERRORS])
def test_an_error_says_where_it_stands(rule: str, key: str, change: tuple[str, str], at: str) -> None:
    text = changed(*change)
    assert (rule, key, line_of(text, at), "error") in [(it.rule, it.key, it.line, it.severity) for it in found(text)]


@pytest.mark.parametrize(("rule", "key", "change", "at"), WARNINGS, ids=[f"{r} {k}" for r, k, *_more in WARNINGS])
def test_a_warning_says_where_it_stands(rule: str, key: str, change: tuple[str, str], at: str) -> None:
    text = changed(*change)
    assert (rule, key, line_of(text, at), "warning") in [(it.rule, it.key, it.line, it.severity) for it in found(text)]


@pytest.mark.parametrize("change", [it[2] for it in ERRORS + WARNINGS])
def test_one_fault_gives_one_finding_or_what_follows_from_it(change: tuple[str, str]) -> None:
    assert 1 <= len(found(changed(*change))) <= 5  # a meeting that is gone takes its four reminders with it


@pytest.mark.parametrize(
    ("change", "key", "mend"),
    [
        (("closes = 2026-07-10", "clsoes = 2026-07-10"), "windows.signup.clsoes", "write closes, or take it out"),
        (("publish = 2026-09-18", "publsh = 2026-09-18"), "publsh", "write publish, or take it out"),
        (("[windows.signup]", "[windows.sign-up]"), "windows.sign-up", "write signup, or take it out"),
        (("day = 2026-09-29", "dag = 2026-09-29"), "meetings.start.dag", "write day, or take it out"),
    ],
)
def test_one_typing_mistake_in_a_key_is_one_finding(change: tuple[str, str], key: str, mend: str) -> None:
    assert [(it.key, it.rule, tell(it).mend) for it in found(changed(*change))] == [(key, "unknown-key", mend)]


def test_a_limit_is_told_as_it_is_to_be_typed() -> None:
    (one,) = found(changed("publish = 2026-09-18", "publish = 2026-09-18\nhold_minutes = 99999"))
    assert tell(one).line.endswith("write 1440 or less")


def test_a_holiday_is_told_by_its_name() -> None:
    (it,) = found(changed("day = 2026-12-03", "day = 2026-12-25"))
    assert tell(it).what == "Friday, 25 December 2026 is a public holiday: Christmas Day"


def test_a_forgotten_year_is_told_once_and_hides_nothing_else() -> None:
    assert [it.key for it in found(changed("day = 2026-12-03", "day = 2025-12-03"))] == ["meetings.closing.day"]
    assert [it.key for it in found(changed("day = 2026-09-29", "day = 2026-12-16"))] == ["meetings.start.day"]


def test_the_edition_of_the_house_and_its_methods_have_nothing_to_find() -> None:
    assert found(EDITION) == []
    assert [
        found_in for file in METHODS if (found_in := lint(file.name, file.read_text(encoding="utf-8"), named_free_days))
    ] == []


def test_an_edition_across_a_year_looks_at_the_holidays_of_both() -> None:
    text = EDITION.replace("2026-12-03", "2027-01-01").replace("closes = 2026-11-27", "closes = 2026-12-25")
    assert [(it.rule, it.key) for it in found(text)] == [
        ("holiday", "windows.visits.closes"),
        ("holiday", "meetings.closing.day"),
    ]


def test_several_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = EDITION.replace('anchor = "signup.closes"', 'anchor = "signup.ends"').replace("length = 5", "length = 50")
    assert [it.key for it in found(text)] == [
        "preferences.length",
        "reminders.signup-two-weeks.anchor",
        "reminders.signup-three-days.anchor",
        "reminders.signup-last-day.anchor",
    ]


@pytest.mark.parametrize(
    ("text", "line"), [('id = "x"\n\nname = \n', 3), ('id = "x', 1), ("[[a\n", 1), ("a = 1\na = 2\n", 2), ("x = [", 1)]
)
def test_what_is_no_toml_is_one_finding_with_its_line(text: str, line: int) -> None:
    (it,) = found(text)
    assert (it.rule, it.line, it.severity) == ("toml", line, "error")


UNREADABLE = [
    (("publish = 2026-09-18", "publish = 17-09-2027"), "publish", "write 2027-09-17"),
    (("publish = 2026-09-18", "publish = 17/9/2027 # a remark"), "publish", "write 2027-09-17"),
    (("publish = 2026-09-18", "publish = 17 september 2027"), "publish", "write it as 2027-09-17"),
    (("publish = 2026-09-18", "publish = 2027-09-31"), "publish", "write a day that there is, as 2027-09-17"),
    (("publish = 2026-09-18", "publish = "), "publish", "write one behind the equals sign, or take the line out"),
    (("publish = 2026-09-18", "publish = 2026-09-18\npublish = 2026-09-18"), "publish", "take one of them out"),
    (("opens = 2026-05-11", "opens = 11-05-2026"), "windows.signup.opens", "write 2026-05-11"),
    (("start = 09:00:00", "start = 9:00"), "meetings.start.start", "write 09:00:00"),
    (("start = 09:00:00", "start = 9.30 uur"), "meetings.start.start", "write 09:30:00"),
    (("start = 09:00:00", "start = 25:00"), "meetings.start.start", "write it as 09:00:00"),
    (("online = true", "online = ja"), "meetings.start.online", "write true"),
    (("online = true", "online = True"), "meetings.start.online", "write true"),
    (('fee = "395.00"', "fee = 395,00"), "fee", 'write "395.00"'),
    (('fee = "395.00"', "fee = € 1.395,-"), "fee", 'write "1395.00"'),
    (
        ('id = "secretariswissel-2026"', 'id = "secretariswissel-2026'),
        "id",
        "put one before the text and one behind it",
    ),
    (('id = "secretariswissel-2026"', "id = secretariswissel"), "id", "put one before the text and one behind it"),
    (('id = "secretariswissel-2026"', "id = “wissel”"), "id", 'put straight ones around the text: "…"'),
    (("publish = 2026-09-18", "publish = %"), "publish", "mend this line, or the one before it. A day is written as "),
]
"""What people write that TOML does not read: the key that is told, and how to write it."""


@pytest.mark.parametrize(("change", "key", "mend"), UNREADABLE, ids=[it[0][1] for it in UNREADABLE])
def test_a_line_that_cannot_be_read_names_its_key_and_how_to_write_it(
    change: tuple[str, str], key: str, mend: str
) -> None:
    (it,) = found(changed(*change))
    assert (it.rule, it.key) == ("toml", key)
    assert tell(it).mend.startswith(mend)


def test_all_lines_that_cannot_be_read_are_told_in_one_go() -> None:
    text = EDITION.replace("publish = 2026-09-18", "publish = 18-09-2026").replace("start = 09:00:00", "start = 9:00")
    assert [it.key for it in found(text)] == ["publish", "meetings.start.start", "meetings.closing.start"]


def test_brackets_nested_too_deep_are_told_and_no_traceback() -> None:
    (it,) = found("a = " + "[" * 100_000)
    assert it.rule == "toml"


@pytest.mark.parametrize(
    "text",
    [
        "windows = 3\nform = [1]\nreminders = [2, {}]\nmeetings = {}\n",
        "windows = { signup = 1 }\nnetwork = 'x'\n[[reminders]]\ntext = 4\n",
        "[[form]]\nchoices = 1\n[[form]]\nchoices = [3, { nl = 4 }, { nl = 4 }]\n",
        "",
    ],
)
def test_values_of_the_wrong_kind_are_findings_and_never_a_traceback(text: str) -> None:
    assert {it.severity for it in found(text)} == {"error"}


def test_a_method_is_told_apart_and_gets_lines_too() -> None:
    text = INCIDENT.replace('turn = "vote"', 'turn = "lottery"', 1)
    (it,) = lint("incident.toml", text, named_free_days)
    assert (it.rule, it.key, it.line) == ("method", "phases.choose.turn", line_of(text, 'turn = "lottery"'))
    assert (kind_of(text), kind_of(EDITION), kind_of("=")) == ("method", "edition", None)


SCRAPS = [
    *(
        "1",
        "-1",
        "9999999999999999999999",
        "1.5",
        "inf",
        "true",
        '"x"',
        '"2026-09-01"',
        "[]",
        "{}",
        "[[1]]",
        '{ nl = "a" }',
    ),
    *(
        "2026-13-01",
        "2026-09-01",
        "0001-01-01",
        "9999-12-31",
        "09:00:00",
        "23:59:59",
        "2026-09-01T10:00:00Z",
        "[1, {}]",
    ),
]
KEYS = [*(path[-1] for path in spots(EDITION) if isinstance(path[-1], str)), "family", "phases", "turn", "minutes"]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([EDITION, INCIDENT]), st.data())
def test_whatever_becomes_of_a_file_its_lines_are_told_and_nothing_breaks(text: str, data: st.DataObject) -> None:
    rows = text.splitlines()
    for _time in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(rows) - 1))
        key, equals, value = rows[at].partition(" = ")
        other = data.draw(st.sampled_from(SCRAPS)), data.draw(st.sampled_from(KEYS))
        rows[at] = data.draw(
            st.sampled_from(["", f"{key}{equals}{other[0]}", f"{other[1]}{equals}{value}", f"{rows[at]}\n{rows[at]}"])
        )
    told = lint("x.toml", "\n".join(rows), named_free_days)
    assert all(1 <= it.line <= sum(row.count("\n") + 1 for row in rows) for it in told)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def written(folder: File, text: str, name: str = "wissel.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_line_names_file_line_key_fault_and_mend(tmp_path: File, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, changed("publish = 2026-09-18", "publish = 2026-09-19"))
    assert finish(command_line.lint_files, [file]) == DONE
    assert capsys.readouterr().out == (
        f"{file}:11: warning: publish: Saturday, 19 September 2026 falls in the weekend; "
        "choose a working day, so that people can still ask something\n"
    )


def test_the_same_line_in_dutch(
    tmp_path: File, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    file = written(tmp_path, changed("publish = 2026-09-18", "publish = 2026-09-04"))
    assert finish(command_line.lint_files, [file]) == NOT_SO
    assert capsys.readouterr().out == (
        f"{file}:11: fout: publish: voorkeuren geven kan nog t/m vrijdag 4 september 2026; kies een latere dag\n"
    )


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (EDITION, [], DONE),
        (EDITION, ["--strict"], DONE),
        (changed("publish = 2026-09-18", "publish = 2026-09-19"), [], DONE),
        (changed("publish = 2026-09-18", "publish = 2026-09-19"), ["--strict"], NOT_SO),
        (changed("publish = 2026-09-18", "publish = 2026-09-04"), [], NOT_SO),
        (changed("publish = 2026-09-18", "publish = "), [], WRONG),
        (INCIDENT, ["--strict"], NOT_SO),
    ],
    ids=["whole", "whole and strict", "warning", "warning and strict", "error", "no TOML", "a method by another name"],
)
def test_the_exit_code_tells_errors_from_warnings(text: str, options: list[str], code: int, tmp_path: File) -> None:
    assert finish(command_line.lint_files, [written(tmp_path, text), *options]) == code


def test_json_has_all_of_it(tmp_path: File, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, changed("length = 5", "length = 11"))
    method = written(tmp_path, INCIDENT, "incident.toml")
    assert finish(command_line.lint_files, [file, method, "--json"]) == NOT_SO
    assert json.loads(capsys.readouterr().out) == {
        "ok": False,
        "files": [{"file": file, "kind": "edition"}, {"file": method, "kind": "method"}],
        "findings": [
            {
                "file": file,
                "line": line_of(EDITION, "length = 5"),
                "key": "preferences.length",
                "rule": "value",
                "severity": "error",
                "what": "11 is too large",
                "mend": "write 10 or less",
            }
        ],
    }


def test_what_cannot_be_read_goes_to_standard_error(tmp_path: File, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "latin.toml").write_bytes(b'id = "x"\nname = "caf\xe9"\n')
    files = [str(tmp_path / "gone.toml"), str(tmp_path / "latin.toml")]
    assert finish(command_line.lint_files, files) == WRONG
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.split(": ")[0] for line in told.err.splitlines()] == [f"{files[0]}:1", f"{files[1]}:2"]


def test_standard_input_is_a_file_too(capsys: pytest.CaptureFixture[str]) -> None:
    from click.testing import CliRunner

    outcome = CliRunner().invoke(command_line.lint_files, ["-"], input=EDITION, standalone_mode=False)
    assert (outcome.return_value, outcome.output) == (DONE, "In order.\n")
    assert isinstance(command_line.lint_files, click.Command)
    assert capsys.readouterr().out == ""


# ── every key path has its line ──────────────────────────────────────────────────────────────────────────────────────────────

BARE = st.text("abz09_-", min_size=1, max_size=4)
QUOTED = st.text("a.#[]= \"'é\\", max_size=4)
STRINGS = st.text("ab \"'\\#[]{}=,\né", max_size=8)
SCALARS = st.one_of(st.integers(-9, 99), st.booleans(), STRINGS, st.dates(date(2024, 1, 1), date(2030, 1, 1)))
VALUES = st.recursive(
    SCALARS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(BARE | QUOTED, inside, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(BARE | QUOTED, VALUES, max_size=4)
DOCUMENTS = st.tuples(
    TABLES,
    st.dictionaries(BARE.map(lambda it: f"T{it}"), TABLES, max_size=3),
    st.dictionaries(
        BARE.map(lambda it: f"L{it}"), st.lists(st.tuples(TABLES, TABLES), min_size=1, max_size=3), max_size=2
    ),
)


class Writer:
    """Writes a document in one of many ways, and notes the line of each key by itself."""

    def __init__(self, data: st.DataObject) -> None:
        self.data, self.text = data, ""
        self.lines: dict[Path, int] = {}

    def choose(self, *ways: str) -> str:
        return self.data.draw(st.sampled_from(ways))

    def note(self, path: Path) -> None:
        self.lines.setdefault(path, self.text.count("\n") + 1)

    def document(self, root: Any, tables: Any, lists: Any) -> None:
        self.pairs((), root)
        for name, table in tables.items():
            self.note((name,))
            self.text += f"[{self.choose('', ' ')}{name}{self.choose('', ' ')}]"
            self.end()
            self.pairs((name,), table)
        for name, elements in lists.items():
            for index, (table, below) in enumerate(elements):
                self.note((name,))
                self.note((name, index))
                self.text += f"[[{name}]]"
                self.end()
                self.pairs((name, index), table)
                self.below((name, index), below, table)

    def below(self, path: Path, table: Any, above: Any) -> None:
        if "sub" not in above:
            self.note((*path, "sub"))
            self.text += f"[{path[0]} . 'sub']"
            self.end()
            self.pairs((*path, "sub"), table)

    def pairs(self, path: Path, table: Any) -> None:
        for key, value in table.items():
            self.text += self.choose("", "\n", "# key = [1\n", "  ")
            self.pair(path, key, value)
            self.end()

    def pair(self, path: Path, key: str, value: Any) -> None:
        self.note((*path, key))
        self.text += f"{self.key(key)}{self.choose('=', ' = ', ' =')}"
        self.value((*path, key), value)

    def key(self, key: str) -> str:
        is_bare = bool(key) and all(c.isascii() and (c.isalnum() or c in "_-") for c in key)
        return key if is_bare and self.choose("bare", "quoted") == "bare" else self.basic(key)

    def basic(self, text: str) -> str:
        return json.dumps(text, ensure_ascii=self.data.draw(st.booleans()))

    def value(self, path: Path, value: Any) -> None:
        match value:
            case dict():
                self.row("{", "}", ((lambda k=k, v=v: self.pair(path, k, v)) for k, v in value.items()), [" ", ""])
            case list():
                self.elements(path, value)
            case str():
                self.text += self.string(value)
            case bool():
                self.text += str(value).lower()
            case _:
                self.text += str(value)

    def elements(self, path: Path, values: list[Any]) -> None:
        def element(index: int, value: Any) -> None:
            self.note((*path, index))
            self.value((*path, index), value)

        numbers = count()
        row = ((lambda value=value: element(next(numbers), value)) for value in values)
        self.row("[", "]", row, [" ", "", "\n", " # ] , }\n"], trailing=True)

    def row(self, opens: str, closes: str, items: Iterator[Any], gaps: list[str], *, trailing: bool = False) -> None:
        self.text += opens
        first = True
        for item in items:
            self.text += ("" if first else ",") + self.choose(*gaps)
            item()
            self.text += self.choose(*gaps)
            first = False
        if trailing and not first:
            self.text += self.choose("", ",") + self.choose(*gaps)
        self.text += closes

    def string(self, text: str) -> str:
        ways = [self.basic(text)]
        if "'" not in text and "\n" not in text:
            ways.append(f"'{text}'")
        if "'" not in text:
            ways += [f"'''\n{text}'''", f"'''{text}'''" if not text.startswith("\n") else f"'''\n{text}'''"]
        escaped = text.replace("\\", "\\\\")
        if '"""' not in escaped and not escaped.endswith('"""'):
            ways.append(f'"""\n{escaped}"""')
        return self.choose(*ways)

    def end(self) -> None:
        self.text += self.choose("\n", " # [x] 'y\n", "\n\n", "  \n")


def paths(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, it in inside:
        yield (*path, step), it
        yield from paths(it, (*path, step))


@settings(max_examples=100, deadline=None)
@given(document=DOCUMENTS, data=st.data())
def test_every_key_path_of_a_file_has_its_right_line_and_value(document: Any, data: st.DataObject) -> None:
    writer = Writer(data)
    writer.document(*document)
    parsed = dict(paths(tomllib.loads(writer.text)))
    known = spots(writer.text)
    assert known.keys() == parsed.keys()
    assert {path: spot.line for path, spot in known.items()} == writer.lines
    for path, spot in known.items():
        if spot.start != spot.end:
            assert tomllib.loads(f"x = {writer.text[spot.start : spot.end]}")["x"] == parsed[path]


@pytest.mark.parametrize("file", [*METHODS], ids=lambda file: file.stem)
def test_every_line_of_a_file_of_the_house_names_its_key(file: File) -> None:
    text = file.read_text(encoding="utf-8")
    rows = text.splitlines()
    assert spots(text).keys() == dict(paths(tomllib.loads(text))).keys()
    assert [p for p, spot in spots(text).items() if isinstance(p[-1], str) and p[-1] not in rows[spot.line - 1]] == []


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("[a.b]\nx = 1\n[a]\ny = 2\n", ("a",), 3),
        ("[a.b]\nx = 1\n", ("a",), 1),
        ("a.b.c = 1\na.b.d = 2\n", ("a", "b", "d"), 2),
        ("[[a]]\n[[a.b]]\n[a.b.c]\nx = 1\n[[a.b]]\n[a.b.c]\nx = 2\n", ("a", 0, "b", 1, "c", "x"), 7),
        ('x = """a""""" # it ends with two\ny = 1\n', ("y",), 2),
        ("x = 1979-05-27 07:32:00 # a space inside\ny = 1\n", ("y",), 2),
        ("x = 1\r\ny = 2\r\n", ("y",), 2),
    ],
)  # fmt: skip
def test_the_corners_of_toml_have_their_lines(text: str, path: Path, line: int) -> None:
    assert spots(text).keys() == dict(paths(tomllib.loads(text))).keys()
    assert spots(text)[path].line == line
