"""`make bench`: measure every subject beside its peers, print a table and write `bench/results.json`.

`--only NAME` measures one subject; the rows of the others stay as they are.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable
from pathlib import Path

from bench import bell, groups, matching, matrix, sessions, storage, teams, way
from bench.row import Row

RESULTS = Path(__file__).parent / "results.json"
COLUMNS = ("name", "n", "ours", "unit", "peer", "peer_value", "ratio", "limit", "goal", "missed_by")
SUBJECTS: dict[str, Callable[[], list[Row]]] = {
    "storage": storage.rows,
    "matching": matching.rows,
    "groups": groups.rows,
    "way": way.rows,
    "matrix": matrix.rows,
    "teams": teams.rows,
    "sessions": sessions.rows,
    "bell": bell.rows,
}


def machine() -> str:
    """Say on what kind of machine this was measured, without its name."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def table(rows: list[Row]) -> str:
    """Put the rows under each other, in columns as wide as their widest word."""
    words = [COLUMNS, *(tuple(_shown(row.get(column)) for column in COLUMNS) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*words, strict=True)]
    return "\n".join(
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() for line in words
    )


def _shown(value: object) -> str:
    return "" if value is None else "yes" if value is True else str(value)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Kring beside its peers.")
    parser.add_argument("--only", choices=SUBJECTS, help="measure this subject alone")
    only: str | None = parser.parse_args().only
    rows = [row for name, measure in SUBJECTS.items() if only in {None, name} for row in measure()]
    kept = _others(rows) if only else []
    RESULTS.write_text(json.dumps({"machine": machine(), "rows": [*kept, *rows]}, indent=1) + "\n", encoding="utf-8")
    print(table(rows))


def _others(rows: list[Row]) -> list[Row]:
    """The rows of former runs that are about something else."""
    measured = {_subject(row) for row in rows}
    return [row for row in json.loads(RESULTS.read_text(encoding="utf-8"))["rows"] if _subject(row) not in measured]


def _subject(row: Row) -> str:
    return str(row["name"]).partition(".")[0]


if __name__ == "__main__":
    main()
