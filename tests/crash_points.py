"""Die, or fail, at every single change to files: a process that tries each in turn and looks at what is left.

`python -m tests.crash_points SCENARIO FOLDER`, with `crash_shim.c` in front of the C library. For every call and every way to go
wrong it forks a child that plays the scenario up to there, and then starts the store anew. It prints the counts as JSON.
"""

import asyncio
import ctypes
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from programme.model import Model
from storage.erasure import Erasure, Fields
from storage.errors import StoreError
from storage.folder import JOURNAL, former
from storage.forgetting import prepare, read
from storage.migrations import Tables, migrate
from storage.snapshot import load_file
from storage.store import Store
from storage.unit import Unit

MODES = {"die before": 0, "die halfway or after": 1, "no room": 2, "disk error": 3, "power cut": 4}
LAST = 4
GAVE_UP = 7
NEWER = 2


class Count(Model):
    number: int
    ballast: str = ""


TABLES: dict[str, type[Model]] = {"left": Count, "right": Count}
Tell = Callable[[int], None]


def counted(number: int) -> Unit:
    kept = Count(number=number, ballast="anna " * (30 * number))
    return Unit([("left", "a", kept), ("right", "a", kept)])


def number_in(folder: Path) -> int:
    """The number that both tables of a store hold. Fails when they differ: then a unit was half done."""
    with Store.open(folder, TABLES) as store:
        left, right = (dict(store.table(name)) for name in TABLES)
        assert left == right
        return left["a"].number if left else 0


async def _write(folder: Path, tell: Tell) -> None:
    store = Store.open(folder, TABLES)
    for number in range(1, LAST + 1):
        await store.commit(counted(number))
        tell(number)
    await store.aclose()


async def _compact(folder: Path, tell: Tell) -> None:
    store = Store.open(folder, TABLES)
    for number in range(1, LAST + 1):
        waiting = store.commit(counted(number))
        if number == LAST - 1:
            await store.compact()
        await waiting
        tell(number)
    await store.aclose()


def write(folder: Path, tell: Tell) -> None:
    """Begin a store and write units."""
    asyncio.run(_write(folder, tell))


def compact(folder: Path, tell: Tell) -> None:
    """Write units with a compaction in between."""
    asyncio.run(_compact(folder, tell))


def compact_in_child(folder: Path, tell: Tell) -> None:
    """The same, where the trouble comes to the child that compacts."""
    asyncio.run(_compact(folder, tell))


def _renamed(tables: Tables) -> Tables:
    return {
        name: {key: it | {"number": it["number"] + 100} for key, it in them.items()} for name, them in tables.items()
    }


def upgrade(folder: Path, tell: Tell) -> None:
    """Migrate a store to a schema of which every number is 100 higher."""
    migrate(folder, steps={1: _renamed}, schema=NEWER)
    tell(1)


def forget(folder: Path, tell: Tell) -> None:
    """Rewrite the journal and its backups without a person."""
    erasing = Erasure("gone", (), "nobody", {}, ("anna",), Fields(content=frozenset({"ballast"})))
    prepare(erasing, read(folder / JOURNAL, former(folder)), TABLES).write()
    tell(1)


def looked_at_units(folder: Path, told: int) -> str:
    number = number_in(folder)
    assert told <= number <= LAST, (told, number)
    return "whole"


def looked_at_upgrade(folder: Path, told: int) -> str:
    header, shelves, _number = load_file(folder / JOURNAL)
    number = shelves["left"].document("a")["number"]
    assert (header.version, number) in {(1, LAST), (NEWER, LAST + 100)}
    assert not told or header.version == NEWER
    migrate(folder, steps={1: _renamed}, schema=NEWER)
    assert load_file(folder / JOURNAL)[1]["right"].document("a")["number"] == LAST + 100
    return "old" if header.version == 1 else "new"


def looked_at_forgotten(folder: Path, told: int) -> str:
    assert number_in(folder) == LAST
    assert not told or b"anna" not in (folder / JOURNAL).read_bytes()
    return "whole"


Look = Callable[[Path, int], str]
SCENARIOS: dict[str, tuple[Callable[[Path, Tell], None], Look, bool]] = {
    "write": (write, looked_at_units, False),
    "compact": (compact, looked_at_units, False),
    "compact_in_child": (compact_in_child, looked_at_units, False),
    "upgrade": (upgrade, looked_at_upgrade, True),
    "forget": (forget, looked_at_forgotten, True),
}
"""What is played, how what is left is looked at, and whether it begins with a store."""


def played(name: str, folder: Path, at: int, mode: int) -> tuple[int, int]:
    """Play a scenario in a child that goes wrong at this call. Gives how the child ended and the last number that it was told."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _play(name, folder, at, mode, writer)
    os.close(writer)
    with os.fdopen(reader) as said:
        told = [int(line) for line in said if line.endswith("\n")]
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), max(told, default=0)


def _play(name: str, folder: Path, at: int, mode: int, writer: int) -> None:
    try:
        if name == "compact_in_child":
            os.environ["KRING_ARM"] = f"{at} {mode} {folder}"
        else:
            ctypes.CDLL(None).kring_arm(ctypes.c_long(at), mode, str(folder).encode())
        SCENARIOS[name][0](folder, lambda number: _tell(writer, number))
        os.close(os.open(folder / "end", os.O_CREAT | os.O_WRONLY, 0o600))  # one more call, after everything was told
    except (StoreError, OSError):
        os._exit(GAVE_UP)
    os._exit(0)


def _tell(writer: int, number: int) -> None:
    os.write(writer, b"%d\n" % number)


def tried(name: str, base: Path, mode: str) -> Counter[str]:
    """Every call in turn, until there is none left to meet with trouble."""
    counts: Counter[str] = Counter()
    _scenario, look, needs_store = SCENARIOS[name]
    folder, met, prepared = base / "store", base / "store-met", base / "prepared"
    shutil.rmtree(prepared, ignore_errors=True)
    compact(prepared, lambda _number: None)
    for at in range(1, 1000):
        shutil.rmtree(folder, ignore_errors=True)
        for left_over in base.glob("store-*"):
            left_over.unlink()
        if needs_store:
            shutil.copytree(prepared, folder)
        ended, told = played(name, folder, at, MODES[mode])
        if not met.exists():
            return counts
        counts[look(folder, told)] += 1
        for backup in former(folder):
            load_file(backup)
        counts["points"] += 1
        counts["killed"] += ended < 0
        counts["gave up"] += ended == GAVE_UP
    raise AssertionError("the scenario has no end")


def main() -> None:
    """Print what was counted, by the way in which things went wrong."""
    name, base = sys.argv[1], Path(sys.argv[2])
    print(json.dumps({mode: tried(name, base, mode) for mode in MODES}))  # noqa: T201 - how the one process tells the other


if __name__ == "__main__":
    main()
