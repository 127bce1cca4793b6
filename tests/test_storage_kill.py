"""A process that writes units is killed, again and again. Nothing that it was told to be kept is lost, and nothing is half there.

The same file is the process: `python -m tests.test_storage_kill FOLDER TASKS`. While it writes, its file is compacted again and again.
"""

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

import pytest

from programme.model import Model
from storage.folder import BACKUPS, JOURNAL, former
from storage.store import Store
from storage.unit import Unit

REOPEN_SECONDS = 1.0


class Count(Model):
    number: int
    ballast: str = ""


TABLES = {"left": Count, "right": Count}


async def count_up(store: Store, task: str) -> None:
    """Count in both tables at once, and print each number when it is on disk."""
    known = store.table("left").get(task)
    number = known.number if known else 0
    while True:
        number += 1
        kept = Count(number=number, ballast="x" * (number % 300))
        await store.commit(Unit([("left", task, kept), ("right", task, kept)]))
        print(task, number, flush=True)  # noqa: T201 - how the one process tells the other


async def write_until_killed(folder: Path, tasks: int) -> None:
    store = Store.open(folder, TABLES)
    await asyncio.gather(*(count_up(store, f"task{number}") for number in range(tasks)))


def acknowledged_before_a_kill(folder: Path, tasks: int, lines: int) -> dict[str, int]:
    """Start the process, kill it after so many lines, and give the last number that each task was told to be on disk."""
    command = [sys.executable, "-m", "tests.test_storage_kill", str(folder), str(tasks)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])  # noqa: S603
    assert process.stdout is not None
    with process, process.stdout as said:
        heard = [next(said) for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        heard += [line for line in said if line.endswith("\n")]
    return {task: int(number) for task, number in map(str.split, heard)}


@pytest.mark.parametrize(
    ("kills", "tasks", "step"),
    [(12, 8, 150), pytest.param(1_000, 16, 37, marks=[pytest.mark.torture, pytest.mark.slow])],
)
def test_no_acknowledged_unit_is_lost_and_none_is_half_done(tmp_path: Path, kills: int, tasks: int, step: int) -> None:
    counts: Counter[str] = Counter()
    acknowledged: dict[str, int] = {}
    slowest = 0.0
    for kill in range(kills):
        acknowledged |= acknowledged_before_a_kill(tmp_path / "store", tasks, lines=1 + step * kill % 2_000)
        counts["killed in a compaction"] += (tmp_path / "store" / f"{JOURNAL}.new").exists()
        begin = perf_counter()
        with Store.open(tmp_path / "store", TABLES) as store:
            slowest = max(slowest, perf_counter() - begin)
            left, right = (dict(store.table(name)) for name in TABLES)
            counts["acknowledged"] = sum(acknowledged.values())  # each task's last number is how many it was told of
            counts["lost"] += sum(left[task].number < number for task, number in acknowledged.items())
            counts["half"] += left != right
            counts["kills"] += 1
            counts["torn"] += store.dropped > 0
    counts["backups"] = len(former(tmp_path / "store"))
    print(dict(counts), f"slowest reopening {slowest:.3f} s")  # noqa: T201 - the counts are what this test is read for
    assert (counts["lost"], counts["half"], counts["kills"]) == (0, 0, kills)
    assert counts["acknowledged"] > step * kills
    assert counts["backups"] == BACKUPS
    assert slowest <= REOPEN_SECONDS


if __name__ == "__main__":
    asyncio.run(write_until_killed(Path(sys.argv[1]), int(sys.argv[2])))
