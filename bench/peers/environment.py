"""The environment of maubot: made beside the product's own when it is missing, because it wants other versions of much."""

import subprocess
import venv
from pathlib import Path

PLACE = Path(__file__).parent.parent.parent / ".bench-venv"
MAUBOT = "maubot==0.6.0"
INSTALL_SECONDS = 120


def maubot_python() -> Path | str:
    """The Python that has maubot; a text when there is none, with the reason."""
    python = PLACE / "bin" / "python"
    if _has_maubot(python):
        return python
    venv.create(PLACE, with_pip=True)
    (PLACE / ".gitignore").write_text("*\n", encoding="utf-8")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", MAUBOT]
    done = subprocess.run(  # noqa: S603 - pip, and our own words
        install, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS
    )
    return python if not done.returncode else f"{MAUBOT} cannot be installed here (pip ended with {done.returncode})"


def _has_maubot(python: Path) -> bool:
    asked = [str(python), "-c", "import maubot"]
    return python.exists() and not subprocess.run(asked, check=False, capture_output=True).returncode  # noqa: S603 - our own words
