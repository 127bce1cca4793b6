"""A process dies, the power is cut or the disk fails at every single change to files: of a unit, a compaction, a migration, an erasure.

A small library in front of the C library (`crash_shim.c`) counts the calls that change files in the store's folder, in Python and below it,
and lets the n-th one go wrong. Where there is no C compiler the tests are skipped; on a CI machine there must be one.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash_points import MODES, SCENARIOS

ROOT = Path(__file__).parent.parent
COMPILER = shutil.which("cc") or shutil.which("gcc")


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if COMPILER is None:
        assert not os.environ.get("CI"), "a C compiler is missing: install gcc"
        pytest.skip("no C compiler here")
    target = tmp_path_factory.mktemp("shim") / "crash_shim.so"
    source = ROOT / "tests" / "crash_shim.c"
    subprocess.run([COMPILER, "-shared", "-fPIC", "-Wall", "-Werror", "-o", target, source, "-ldl"], check=True)  # noqa: S603
    return target


@pytest.mark.parametrize(
    ("scenario", "least"), [("write", 20), ("compact", 28), ("compact_in_child", 1), ("upgrade", 10), ("forget", 10)]
)
def test_wherever_it_goes_wrong_what_was_acknowledged_is_there_and_nothing_is_half(
    shim: Path, tmp_path: Path, scenario: str, least: int
) -> None:
    command = [sys.executable, "-m", "tests.crash_points", scenario, str(tmp_path)]
    environ = {**os.environ, "LD_PRELOAD": str(shim)}
    played = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
    assert played.returncode == 0, played.stderr
    counts = json.loads(played.stdout.splitlines()[-1])
    print(scenario, counts)  # noqa: T201 - the counts are what this test is read for
    assert counts.keys() == MODES.keys()
    assert all(counted["points"] >= least for counted in counts.values())
    for mode in ("die before", "die halfway or after", "power cut"):
        assert scenario == "compact_in_child" or counts[mode]["killed"] == counts[mode]["points"]


def test_every_scenario_is_played() -> None:
    assert set(SCENARIOS) == {"write", "compact", "compact_in_child", "upgrade", "forget"}
