"""The house on a disk that is full, and on one that fails: nothing half done, everybody knows, and it goes on when it can."""

import asyncio
import os
import resource
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import pytest
from structlog.testing import capture_logs

from bot.app import House, Setup
from bot.chat import Post
from bot.cli.faults import finish
from bot.console import Console, Stage
from programme import rooms
from programme.people import Person
from programme.records import Round
from storage.errors import StoreBroken
from storage.folder import JOURNAL
from storage.letters import Letter, Seen
from tests.stage import all_commands, edition, local, playing, to
from tests.test_storage_faults import pipe_in_place_of_the_file

ID = edition().id
EXCUSE = "Ik kon dit nu niet bewaren. Er is niets veranderd. Probeer het later nog eens."


class Limit:
    """No file of this process can grow: the kernel gives an error, as it does on a full disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self) -> None:
        size = (self.folder / "state" / JOURNAL).stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, self._before[1]))

    def free(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


class SmallDisk:
    """A file system of half a megabyte, with a file on it that takes what is left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Take all blocks, and what is left of the journal's last one."""
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            for size in (65_536, 4_096, 1):
                _write_until_full(filler.fileno(), size)

    def free(self) -> None:
        (self.folder / "filler").unlink(missing_ok=True)


def _write_until_full(fd: int, size: int) -> None:
    try:
        while True:
            os.write(fd, b"x" * size)
    except OSError:
        return


def mounted(folder: Path) -> bool:
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k,mode=700", "kring-test", str(folder)]
    return os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0  # noqa: S603


@pytest.fixture(params=["limit", "small disk"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Limit | SmallDisk]:
    if request.param == "limit":
        limit = Limit(tmp_path)
        yield limit
        limit.free()
        return
    folder = tmp_path / "disk"
    folder.mkdir(mode=0o700)
    if not mounted(folder):
        pytest.skip("a file system can only be mounted here by root")
    yield SmallDisk(folder)
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607


async def refused(stage: Stage, person: str) -> list[Post]:
    """Say things until one is refused; what the bot says to that one. A small change may still find a place."""
    for number in range(200):
        stage.console.fetch()
        await stage.speak(person, f"!taal {'en' if number % 2 else 'nl'}")
        if not stage.house.store_works():
            return stage.console.fetch()
    raise AssertionError("the disk does not fill up")


async def test_a_full_disk_changes_nothing_and_says_so_once(disk: Limit | SmallDisk) -> None:
    async with playing(disk.folder, "2026-08-18 10:00") as stage:
        await stage.speak("anna", "!taal nl")
        disk.fill()
        with capture_logs() as logs:
            (said,) = await refused(stage, "anna")
            known = dict(stage.house.store[Person].items())
            await stage.speak("anna", "!taal en")
            again = stage.console.fetch()
        assert said.room == to("anna")
        assert said.plain in {EXCUSE, "I could not keep this just now. Nothing has changed. Please try it again later."}
        assert again == []
        assert dict(stage.house.store[Person].items()) == known
        assert [line["event"] for line in logs if line["log_level"] == "error"] == ["store_full"]
        disk.free()


async def test_what_cannot_be_kept_is_not_computed_either(disk: Limit | SmallDisk) -> None:
    async with playing(disk.folder, "2026-09-07 10:00") as stage:
        disk.fill()
        await refused(stage, "anna")
        await stage.speak("cor", "!match voorstel")
        assert not stage.house.router.working
        disk.free()
        stage.house.ledger.try_again()
        await stage.house.settle()
        assert not [it for it in stage.house.store[Round].values() if it.proposal]


async def test_when_there_is_room_again_the_desk_hears_it_and_what_was_refused_does_not_happen_after_all(
    disk: Limit | SmallDisk,
) -> None:
    async with playing(disk.folder, "2026-08-18 10:00") as stage:
        disk.fill()
        await refused(stage, "anna")
        before = len(stage.house.store[Seen])
        await stage.speak("bram", "!taal en", id_="$asked")
        (said,) = stage.console.fetch()
        disk.free()
        stage.house.ledger.try_again()
        await stage.house.settle()
        assert said.plain == EXCUSE
        assert [post.room for post in stage.console.fetch()] == [rooms.desk(ID)]
        assert stage.house.store_works()
        assert len(stage.house.store[Seen]) == before + 3  # two that were refused, and the news for the desk
        await stage.speak("bram", "!taal en", id_="$asked")
        assert stage.house.store[Person]["bram"].language != "en"
        await stage.speak("bram", "!taal en")
        assert stage.house.store[Person]["bram"].language == "en"


async def test_what_rings_on_a_full_disk_is_said_when_there_is_room(disk: Limit | SmallDisk) -> None:
    async with playing(disk.folder, "2026-08-16 10:00") as stage:
        disk.fill()
        await refused(stage, "anna")
        stage.clock.set(local("2026-08-17 09:00"))
        stage.house.ring()
        await stage.house.settle()
        assert [post for post in stage.console.fetch() if post.wake] == []
        disk.free()
        stage.house.ledger.try_again()
        await stage.house.settle()
        said = [post.room for post in stage.console.fetch() if post.wake]
        assert sorted(said) == sorted(to(name) for name in ("anna", "bram", "carla", "dirk"))
        stage.house.ring()
        await stage.house.settle()
        assert stage.console.fetch() == []


async def test_what_the_platform_keeps_with_the_house_is_owed_and_kept_when_there_is_room(
    disk: Limit | SmallDisk,
) -> None:
    async with playing(disk.folder, "2026-08-18 10:00") as stage:
        disk.fill()
        await refused(stage, "anna")
        await stage.house.remember_mark("matrix/sync", "s2")
        await stage.house.remember_place("direct/x", "!x")
        assert (stage.house.mark("matrix/sync"), stage.house.key_of("!x")) == ("s2", "direct/x")
        disk.free()
        stage.house.ledger.try_again()
        await stage.restart()
        assert (stage.house.mark("matrix/sync"), stage.house.place_of("direct/x")) == ("s2", "!x")
        assert not stage.house.store[Letter]


async def test_a_disk_that_fails_ends_the_process_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House(Setup(tmp_path / "state", all_commands(), [edition()]))
    serving = asyncio.create_task(house.serve([Console()]))
    await asyncio.sleep(0)
    with pipe_in_place_of_the_file(house.store):
        house.remember_mark("x", "y")
        with pytest.raises(StoreBroken) as broken:
            async with asyncio.timeout(10):
                await serving
    assert not house.store_works()

    @click.command
    def run() -> None:
        raise broken.value

    capsys.readouterr()
    assert finish(run, []) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1


async def test_a_person_hears_again_after_a_while_that_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Limit(tmp_path)
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        disk.fill()
        await refused(stage, "anna")
        stage.clock.set(stage.clock.now() + timedelta(minutes=1))
        monkeypatch.setattr("bot.router.EXCUSED_SECONDS", 0.0)
        await stage.speak("anna", "!taal en")
        assert len(stage.console.fetch()) == 1
        disk.free()
