"""A rehearsal from the page: a process of its own plays the whole edition, so that the page goes on meanwhile."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.console import NotThere

SHELL = {"nl": "nl_NL.UTF-8", "en": "en_GB.UTF-8"}


class Rehearsals:
    """Rehearses one edition file, one rehearsal at a time."""

    def __init__(self, edition: Path, people: Path | None) -> None:
        self._command = [sys.executable, "-m", "bot", "rehearse", str(edition), "--json"]
        self._command += ["--people", str(people)] if people else []
        self._process: asyncio.subprocess.Process | None = None

    async def report(self, language: str) -> dict[str, Any]:
        """Play it; gives the report as `kring rehearse --json` writes it, in `language` (`nl`, `en`). Raises `NotThere` with what is wrong."""
        if self._process is not None:
            raise NotThere("a rehearsal goes on already")
        environ = {**os.environ, "LC_ALL": SHELL[language]}
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*self._command, stdout=pipe, stderr=pipe, env=environ)
        try:
            return _read(*await self._process.communicate())
        finally:
            self._process = None

    async def stop(self) -> None:
        """End the rehearsal that goes on."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


def _read(written: bytes, faults: bytes) -> dict[str, Any]:
    try:
        report: dict[str, Any] = json.loads(written)
    except ValueError:
        raise NotThere(faults.decode(errors="replace").strip().rpartition("\n")[2] or "no rehearsal came") from None
    return report
