"""A machine without a browser: a person's goes on without it and says so, a CI machine fails."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.trying import ROOT

SCRIPT = ROOT / "tests" / "install_chromium.py"


def installed(path: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the script where nothing is found but what is in this folder."""
    return subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(SCRIPT)],
        env={"PATH": str(path), **more},
        capture_output=True,
        text=True,
        check=False,
    )


def put(path: Path, name: str) -> None:
    """Let there be a program of this name."""
    program = path / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)


@pytest.mark.parametrize(("more", "code"), [({}, 0), ({"CI": "true"}, 2)], ids=["person", "CI"])
def test_where_it_cannot_be_had_a_line_says_so(tmp_path: Path, more: dict[str, str], code: int) -> None:
    outcome = installed(tmp_path, **more)
    assert outcome.returncode == code
    assert outcome.stderr.startswith("Chromium is missing: install it")
    assert outcome.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_where_it_is_already_nothing_is_done(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    outcome = installed(tmp_path, CI="true")
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
