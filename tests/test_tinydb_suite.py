"""TinyDB's own tests, run against our storage. What goes otherwise is listed here, each with its reason, and nothing else does."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / ".tinydb-src" / f"tinydb-{importlib.metadata.version('tinydb')}"

DEVIATIONS = {
    "test_middlewares.test_caching_json_write": "looks at the file handle of JSONStorage; a store has a folder and closes with its lock",
    "test_storages.test_json": "writes a document that is not in a table; a store keeps documents in tables, by key",
    "test_storages.test_in_memory": "the same",
    "test_storages.test_encoding": "the same, in an encoding of choice; a store is UTF-8, so that a checksum is of one text",
    "test_storages.test_json_kwargs": "reads the file as one JSON text laid out by choice; a store is a journal of lines",
    "test_storages.test_json_read": "opens a file for reading alone; a store has one process that may write, and kring verify reads beside it",
    "test_storages.test_json_invalid_mode_warning": "warns of a mode of opening; a store has no modes",
}
"""Tests that fail here, by name, and why that is meant."""

NOT_RUN = {
    "test_storages.py::test_create_dirs": "expects a refusal without create_dirs; a store makes its folder itself, mode 0700",
    "test_storages.py::test_json_invalid_directory": "the same, and would make that folder at the root of this machine",
}
"""Tests that would leave something behind here, and why they go otherwise."""


def outcomes(report: Path) -> dict[str, str]:
    """Each test with `passed`, `failed` or `skipped`; of a test with parameters, failed when one of them is."""
    found: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it a moment ago
        name = f"{case.get('classname', '').rpartition('.')[2]}.{case.get('name', '').partition('[')[0]}"
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        found[name] = "failed" if found.get(name) == "failed" else outcome
    return found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    assert SOURCE.exists(), "make tinydb fetches TinyDB's own tests"
    folder = tmp_path_factory.mktemp("tinydb")
    report = folder / "report.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tinydb_on_store",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
    ]
    command += [f"--deselect=tests/{test}" for test in NOT_RUN]
    command += ["--rootdir", str(SOURCE), f"--basetemp={folder / 'files'}", f"--junitxml={report}", "tests"]
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    subprocess.run(command, cwd=SOURCE, env=environ, check=False, capture_output=True, timeout=300)  # noqa: S603
    return outcomes(report)


def test_tinydb_finds_in_our_storage_what_it_expects_of_its_own(run: dict[str, str]) -> None:
    failed = {name for name, outcome in run.items() if outcome == "failed"}
    passed = sum(outcome == "passed" for outcome in run.values())
    print(f"TinyDB's own tests: {passed} pass, {len(failed)} deviate, {len(NOT_RUN)} not run")  # noqa: T201 - the count is what is asked for
    assert failed == set(DEVIATIONS)
    assert passed > 130


def test_only_what_needs_another_library_is_skipped(run: dict[str, str]) -> None:
    assert {name for name, outcome in run.items() if outcome == "skipped"} <= {"test_storages.test_yaml"}


def test_each_deviation_has_its_reason() -> None:
    assert all(len(reason) > 7 for reason in (*DEVIATIONS.values(), *NOT_RUN.values()))
