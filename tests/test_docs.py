"""What the pages show is done here: a newcomer's first command works as it is written."""

import importlib
import re
import sys
import textwrap
from pathlib import Path

import pytest

from bot.command import find
from bot.transcript import Player
from tests.conftest import edition

ROOT = Path(__file__).parent.parent


def blocks(page: str) -> list[str]:
    written = (ROOT / page).read_text(encoding="utf-8")
    return [
        textwrap.dedent(found)
        for found in re.findall(r"^ *```(?:python)?\n(.*?)^ *```", written, re.DOTALL | re.MULTILINE)
    ]


async def test_the_command_of_the_contributors_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, chat, *_more = blocks("CONTRIBUTING.md")
    package = tmp_path / "gezegd"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "thanks.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        commands = find(importlib.import_module("gezegd"))
        played = await Player(commands, edition(), tmp_path / "state").play(chat)
    finally:
        for name in [name for name in sys.modules if name.startswith("gezegd")]:
            del sys.modules[name]
    # The Dutch line is the third step; until it is there, the English id is said.
    assert played == chat.replace("Graag gedaan.", "You are welcome.")
