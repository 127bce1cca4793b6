"""Whether the pages are current: links that lead somewhere, and nothing of one maker's machine in any file (`make check`)."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")
"""A Markdown link to a file of ours."""
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w.~})/])/(?:work|root|home/\w+)/"),
    "the host of a package index": re.compile(r"(?:pypi\.(?:org|python)|pythonhosted\.or|registry\.(?:npmjs|yarn))"),
}


def tracked() -> list[Path]:
    """Every file that git keeps, or would keep, and that is there."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()  # noqa: S603
    paths = (ROOT / name for name in listed.split("\0") if name)
    return [path for path in paths if path.is_file() and path != Path(__file__).resolve()]


def dead_links(path: Path, text: str) -> Iterator[str]:
    """Say which links of a page lead nowhere."""
    for link in LINK.findall(text):
        if not (path.parent / link).exists():
            yield f"{path.relative_to(ROOT)}: {link}: leads nowhere; mend the link"


def foreign(path: Path, text: str) -> Iterator[str]:
    """Say where a file names a machine or an index."""
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in FOREIGN.items():
            if pattern.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {what}; leave it out"


def faults() -> Iterator[str]:
    """Say everything that is wrong, a line for each."""
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        yield from foreign(path, text)
        if path.suffix == ".md":
            yield from dead_links(path, text)


def main() -> int:
    """Write the faults; exit 1 when there are any."""
    found = list(faults())
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
