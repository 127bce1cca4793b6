"""A rehearsal from the page: a process of its own plays the whole edition, so that the page goes on meanwhile."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.cli.lint import findings_in
from bot.console import NotThere
from bot.local.flaws import Flaw, of_finding
from programme.copying import copied
from programme.edition import parse

SHELL = {"nl": "nl_NL.UTF-8", "en": "en_GB.UTF-8"}


class Rehearsals:
    """Rehearses one edition file, one rehearsal at a time."""

    def __init__(self, edition: Path, people: Path | None) -> None:
        self._edition = edition
        self._people = ("--people", str(people)) if people else ()
        self._process: asyncio.subprocess.Process | None = None

    @cached_property
    def warnings(self) -> list[Flaw]:
        """What the linter would have another look at in the file, though it can be played."""
        found = findings_in(str(self._edition), self._edition.read_text(encoding="utf-8"))
        return [of_finding(it) for it in found if it.severity != "error"]

    async def report(self, language: str, opens: date | None = None) -> dict[str, Any]:
        """Play it; gives the report as `kring rehearse --json` writes it, in `language` (`nl`, `en`). Raises `NotThere` with what is wrong.

        With the day on which sign-up `opens` in the play, all dates of the file move along with it first.
        """
        if self._process is not None:
            raise NotThere("a rehearsal goes on already")
        with tempfile.TemporaryDirectory(prefix="kring-") as folder:
            file = await asyncio.to_thread(self._moved, Path(folder), opens)
            return await self._played(file, {**os.environ, "LC_ALL": SHELL[language]})

    def _moved(self, folder: Path, opens: date | None) -> Path:
        """The file with its dates as they are in the play; the file itself where they are the same."""
        written = self._edition.read_text(encoding="utf-8")
        was = parse(written).windows["signup"].opens
        if opens is None or opens == was:
            return self._edition
        first = min(it.was for it in copied(written, date(2000, 1, 1)).moved)
        moved = folder / self._edition.name
        moved.write_text(copied(written, first + (opens - was)).text, encoding="utf-8")
        return moved

    async def _played(self, edition: Path, environ: Mapping[str, str]) -> dict[str, Any]:
        command = [sys.executable, "-m", "bot", "rehearse", str(edition), "--json", *self._people]
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, env=environ)
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
