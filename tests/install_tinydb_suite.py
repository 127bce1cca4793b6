"""Fetch TinyDB's own tests, which only its source distribution has, to `.tinydb-src/`. Once, at the version and hashes of `dev.txt`.

Run by `make test`; a second run with the same version does nothing.
"""

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "requirements" / "dev.txt"
SOURCE = ROOT / ".tinydb-src"
FETCHED = SOURCE / "requirements.txt"
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
# Without an environment of its own to build in: nothing else is fetched, what it needs (hatchling) is installed.
DOWNLOAD = (*PIP, "download", "--no-deps", "--no-binary", "tinydb", "--no-build-isolation", "--require-hashes")


def pin() -> str:
    """The line of TinyDB in the pinned requirements, with its hashes."""
    found = re.search(r"^tinydb==.*?(?<!\\)\n", PINS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if found is None:
        raise SystemExit(f"{PINS}: does not pin tinydb; run make lock")
    return found[0]


def is_fetched() -> bool:
    """Whether exactly this version was fetched, to the end."""
    return FETCHED.exists() and FETCHED.read_text(encoding="utf-8") == pin()


def fetch() -> None:
    """Fetch it anew. Raises `CalledProcessError` when pip does not get it or the hash is another."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    SOURCE.mkdir()
    wish = SOURCE / "wish.txt"
    wish.write_text(pin(), encoding="utf-8")
    subprocess.run([*DOWNLOAD, "--requirement", str(wish), "--dest", str(SOURCE)], check=True)  # noqa: S603
    (archive,) = SOURCE.glob("tinydb-*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(SOURCE, filter="data")
    wish.rename(FETCHED)


if __name__ == "__main__":
    if not is_fetched():
        fetch()
