"""Transcripts are tests: each `.chat` file is played, and must go as it is written. `--golden` rewrites what the bot says."""

import asyncio
import difflib
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

import commands
from bot.command import Commands, find
from bot.transcript import Player
from programme.edition import Edition, parse

pytest_plugins = ["tests.synapse"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite what the bot says in the transcripts")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ChatFile | None":
    return ChatFile.from_parent(parent, path=file_path) if file_path.suffix == ".chat" else None


class ChatFile(pytest.File):
    def collect(self) -> Iterator["ChatItem"]:
        yield ChatItem.from_parent(self, name=self.path.stem)


WENT_WRONG = ("Er ging hier iets mis", "er ging hier iets mis", "omething went wrong here")


class DifferentConversation(Exception):  # noqa: N818 - what it is
    pass


class ChatItem(pytest.Item):
    def runtest(self) -> None:
        written = self.path.read_text(encoding="utf-8")
        played = asyncio.run(play(written))
        if self.config.getoption("--golden"):
            self.path.write_text(played, encoding="utf-8")
        elif went_wrong := [row for row in played.splitlines() if any(words in row for words in WENT_WRONG)]:
            raise DifferentConversation("\n".join(["the bot met a bug of its own:", *went_wrong]))
        elif played != written:
            rows = difflib.unified_diff(
                written.splitlines(), played.splitlines(), "written", "played", lineterm="", n=2
            )
            raise DifferentConversation("\n".join(rows))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        return (
            str(excinfo.value) if excinfo.errisinstance(DifferentConversation) else str(excinfo.getrepr(style="short"))
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.path.name}"


async def play(written: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return await Player(all_commands(), edition(), Path(folder) / "state").play(written)


@cache
def all_commands() -> Commands:
    return find(commands)


@cache
def edition() -> Edition:
    file = resources.files("programme").joinpath("editions", "secretariswissel-2026.toml")
    return parse(file.read_text(encoding="utf-8"))
