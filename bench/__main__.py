"""`make bench`: measure every subject beside its peers, print a table and write `bench/results.json`."""

import json
import os
import platform
from pathlib import Path
from typing import Any

from bench import matching, storage

RESULTS = Path(__file__).parent / "results.json"
COLUMNS = ("name", "n", "ours", "unit", "peer", "peer_value", "ratio", "limit")
Row = dict[str, Any]


def machine() -> str:
    """Say on what kind of machine this was measured, without its name."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def table(rows: list[Row]) -> str:
    """Put the rows under each other, in columns as wide as their widest word."""
    words = [COLUMNS, *(tuple(str(row.get(column) or "") for column in COLUMNS) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*words, strict=True)]
    return "\n".join(
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() for line in words
    )


def main() -> None:
    """Measure, print, write."""
    rows = [*storage.rows(), *matching.rows()]
    RESULTS.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n", encoding="utf-8")
    print(table(rows))


if __name__ == "__main__":
    main()
