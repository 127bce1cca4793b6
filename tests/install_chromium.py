"""Have a Chromium for the browser tests: the one of the system, installed by apt where we may. Once.

Run by `make test-all`. Where it cannot be had, a machine of a person goes on without the browser tests; a CI machine fails.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""What distributions call it."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""How it is started: as root in a container too, and without a word to anybody outside."""
MISSING = "Chromium is missing: install it (Debian: apt-get install chromium), or the browser tests are skipped"


def chromium() -> str | None:
    """The path of the browser, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def install() -> None:
    """Install it as the system does. Raises `CalledProcessError` when the system cannot."""
    sys.stdout.write("Installing Chromium for the browser tests (about a minute)\n")
    sys.stdout.flush()
    subprocess.run(["apt-get", "update", "-qq"], check=True)  # noqa: S607 - the system's own
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=True)  # noqa: S607


def may_install() -> bool:
    """Whether this is a system with apt, and we are its administrator."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def main() -> int:
    """Exit 0 when there is one, or when the tests may do without; 2 on a CI machine that has none."""
    if chromium() is None and may_install():
        try:
            install()
        except subprocess.CalledProcessError as error:
            sys.stderr.write(f"apt-get ended with {error.returncode}\n")
    if chromium() is not None:
        return 0
    sys.stderr.write(f"{MISSING}\n")
    return 2 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
