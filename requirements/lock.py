"""Pin every dependency with its hashes: `make lock`. The files name no index, so that any mirror of it will do."""

import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent / "pyproject.toml"
FLAGS = (
    "--quiet",
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-emit-options",
)


def lock(name: str, wishes: list[str]) -> None:
    """Write `name` in this folder: the wishes and all that they need, each at one version, with its hashes."""
    command = [sys.executable, "-m", "piptools", "compile", *FLAGS, f"--output-file={HERE / name}", "-"]
    subprocess.run(command, input="\n".join(wishes), text=True, check=True)  # noqa: S603 - our own words only


def main() -> None:
    """Pin what runs the bot, and what its makers need besides."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    run: list[str] = project["project"]["dependencies"]
    groups: dict[str, list[str]] = project["dependency-groups"]
    lock("run.txt", run)
    pinned = f"-c {HERE / 'run.txt'}"
    lock("synapse.txt", (HERE / "synapse.in").read_text(encoding="utf-8").splitlines())
    lock("dev.txt", [pinned, *run, *(wish for group in groups.values() for wish in group)])


if __name__ == "__main__":
    main()
