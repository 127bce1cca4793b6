"""Install the real homeserver of the tests in an environment of its own, `.synapse/`, from pinned hashes. Once.

Run by `make test`; a second run with the same requirements does nothing.
"""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements" / "synapse.txt"
ENVIRONMENT = ROOT / ".synapse"
INSTALLED = ENVIRONMENT / "requirements.txt"
PYTHON = ENVIRONMENT / "bin" / "python"


def is_installed() -> bool:
    """Whether exactly these requirements were installed, to the end."""
    return INSTALLED.exists() and INSTALLED.read_bytes() == REQUIREMENTS.read_bytes()


def install() -> None:
    """Make the environment anew. Raises `CalledProcessError` when pip does not get everything."""
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "--require-hashes", "--requirement", str(REQUIREMENTS)], check=True)  # noqa: S603
    shutil.copyfile(REQUIREMENTS, INSTALLED)


if __name__ == "__main__":
    if not is_installed():
        sys.stdout.write("Installing Synapse for the tests (about a minute)\n")
        install()
