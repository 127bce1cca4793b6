"""The file written anew while the work goes on: nothing is lost, nothing stands still, and what is out of date has gone."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from programme.model import Model
from storage.compaction import OUT_OF_DATE, Compaction, Volume
from storage.errors import StoreBroken, StoreFull
from storage.folder import BACKUPS, JOURNAL, Folder, backups_of
from storage.journal import Journal
from storage.records import Scan, Written, frame, renumber
from storage.snapshot import load
from storage.store import Store
from storage.table import Shelf
from storage.unit import Unit
from tests.test_storage_faults import files_end_at


class Count(Model):
    number: int
    ballast: str = ""


TABLES: dict[str, type[Model]] = {"left": Count, "right": Count}
State = dict[str, dict[str, Any]]


def counted(task: str, number: int) -> Unit:
    kept = Count(number=number, ballast="x" * (number % 200))
    return Unit([("left", task, kept), ("right", task, kept)])


def state(store: Store) -> State:
    return {shelf.name: {key: shelf.document(key) for key in shelf} for shelf in store.shelves()}


def content(path: Path) -> State:
    shelves: dict[str, Shelf] = {}
    with path.open("rb") as file:
        load(Scan(file, path), shelves)
    return {name: {key: shelf.document(key) for key in shelf} for name, shelf in shelves.items() if len(shelf)}


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[Store]:
    store = Store.open(folder, TABLES)
    for number in range(300):
        store.commit(counted(f"task{number % 10}", number))
    yield store
    await store.aclose()


async def test_a_compaction_leaves_what_lives_and_nothing_else(store: Store, folder: Path) -> None:
    known, long = state(store), (folder / JOURNAL).stat().st_size
    await store.compact()
    assert state(store) == known == content(folder / JOURNAL)
    assert (folder / JOURNAL).stat().st_size < long / 10
    assert (folder / JOURNAL).read_bytes().count(b"\n") == 1 + 20


async def test_the_work_goes_on_in_the_new_file_and_comes_back_after_a_restart(store: Store, folder: Path) -> None:
    await store.compact()
    await store.commit(counted("late", 5))
    known = state(store)
    await store.aclose()
    with Store.open(folder, TABLES) as again:
        assert (state(again), again.dropped) == (known, 0)


async def test_what_is_committed_during_a_compaction_is_in_the_new_file(store: Store, folder: Path) -> None:
    compaction = asyncio.ensure_future(store.compact())
    number = 0
    while not compaction.done():
        number += 1
        await store.commit(counted(f"task{number % 10}", 1000 + number))
    await compaction
    assert number > 50
    assert content(folder / JOURNAL) == state(store)


async def test_who_waits_across_the_change_of_files_is_answered_when_the_new_one_is_in_place(
    store: Store, folder: Path
) -> None:
    waiting = [store.commit(counted("before", 1))]
    compaction = asyncio.ensure_future(store.compact())
    while not compaction.done():
        waiting.append(store.commit(counted("meanwhile", len(waiting))))
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert content(folder / JOURNAL)["left"]["meanwhile"]["number"] == len(waiting) - 1


async def test_three_former_files_are_kept_each_as_it_was(store: Store, folder: Path) -> None:
    known = []
    for number in range(5):
        await store.commit(counted("round", number))
        known.append(state(store))
        await store.compact()
    backups = sorted(backups_of(folder).iterdir())
    assert [content(backup) for backup in backups] == known[-BACKUPS:]
    assert all(backup.stat().st_mode & 0o777 == 0o600 for backup in backups)
    assert backups_of(folder).stat().st_mode & 0o777 == 0o700


async def test_a_store_called_state_has_its_backups_beside_it(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data" / "state", TABLES)
    await store.compact()
    await store.aclose()
    assert len(list((tmp_path / "data" / "backup").iterdir())) == 1


async def test_a_compaction_begins_by_itself_when_most_is_out_of_date(folder: Path) -> None:
    store = Store.open(folder, TABLES)
    number = 0
    while not store.upkeep.compactions:
        number += 1
        await store.commit(counted("task", number))
    assert 2 * number > OUT_OF_DATE
    assert content(folder / JOURNAL) == state(store)
    await store.aclose()


def test_the_policy_asks_for_a_file_that_is_mostly_out_of_date() -> None:
    assert not Volume(documents=OUT_OF_DATE, live=0).is_worth_compacting
    assert Volume(documents=OUT_OF_DATE + 1, live=0).is_worth_compacting
    assert not Volume(documents=2 * 5_000 + OUT_OF_DATE, live=5_000).is_worth_compacting
    assert not Volume(documents=10, live=1, size=64 << 20, began=1 << 20).is_worth_compacting
    assert Volume(documents=10, live=1, size=68 << 20, began=1 << 20).is_worth_compacting


async def test_closing_in_the_middle_of_a_compaction_leaves_the_old_file_and_nothing_beside_it(
    store: Store, folder: Path
) -> None:
    known = state(store)
    compaction = asyncio.ensure_future(store.compact())
    await asyncio.sleep(0)
    store.close()
    assert isinstance((await asyncio.gather(compaction, return_exceptions=True))[0], OSError | StoreBroken)
    assert content(folder / JOURNAL) == known
    assert names_in(folder) == ["backup", JOURNAL, "lock"]


async def test_a_cancelled_compaction_harms_nothing(store: Store, folder: Path) -> None:
    compaction = asyncio.ensure_future(store.compact())
    await asyncio.sleep(0)
    compaction.cancel()
    await asyncio.gather(compaction, return_exceptions=True)
    await store.commit(counted("after", 1))
    await store.compact()
    assert content(folder / JOURNAL) == state(store)


async def test_a_disk_too_full_for_the_new_file_leaves_the_old_one_and_the_work_goes_on(
    store: Store, folder: Path
) -> None:
    await store.commit(Unit())
    with files_end_at(1_000), pytest.raises(OSError, match="ended with 1"):
        await store.compact()
    assert not (folder / f"{JOURNAL}.new").exists()
    await store.commit(counted("after", 1))
    assert content(folder / JOURNAL) == state(store)


async def test_a_disk_that_fills_up_for_the_last_of_it_leaves_the_old_file(store: Store, folder: Path) -> None:
    journal: Journal = store._journal
    compaction = Compaction(store.upkeep._folder, journal)
    condensed = await asyncio.to_thread(compaction.wait)
    await store.commit(counted("rest", 150))
    with files_end_at(condensed.size + 20), pytest.raises(OSError, match="space"):
        compaction.finish(condensed)
    compaction.abandon()
    await store.commit(counted("after", 1))
    assert content(folder / JOURNAL) == state(store)


async def test_a_failed_compaction_is_told_and_tried_again_much_later(folder: Path) -> None:
    store = Store.open(folder, TABLES)
    (folder / "backup").touch(0o600)  # where a folder should come
    for number in range(OUT_OF_DATE):
        await store.commit(counted("task", number))
    assert store.upkeep.trouble is not None
    (folder / "backup").unlink()
    number = 0
    while not store.upkeep.compactions:
        number += 1
        await store.commit(counted("task", number))
    assert store.upkeep.trouble is None
    await store.aclose()


async def test_a_new_file_that_cannot_take_its_place_ends_the_store_and_nobody_was_told_otherwise(
    store: Store, folder: Path
) -> None:
    await store.commit(Unit())
    known = state(store)
    compaction = Compaction(store.upkeep._folder, store._journal)
    condensed = await asyncio.to_thread(compaction.wait)
    (folder / f"{JOURNAL}.new").unlink()
    moved = compaction.finish(condensed)
    late = store.commit(counted("late", 1))
    for answer in (asyncio.wrap_future(moved), late):
        with pytest.raises(StoreBroken, match="disk failed"):
            await answer
    with pytest.raises(StoreBroken):
        store.commit(counted("later", 1))
    await store.aclose()
    with Store.open(folder, TABLES) as again:
        assert state(again) == known


async def test_a_write_that_fails_just_after_the_change_is_taken_back_in_the_new_file(
    store: Store, folder: Path
) -> None:
    await store.compact()
    size = (folder / JOURNAL).stat().st_size
    with files_end_at(size + 10), pytest.raises(StoreFull):
        store.commit(counted("full", 100))
    await store.commit(counted("full", 3))
    assert content(folder / JOURNAL) == state(store)


def test_what_a_dead_process_left_is_tidied_away_at_the_next_start(folder: Path) -> None:
    with Store.open(folder, TABLES) as store:
        store.commit_now(counted("a", 1))
    (folder / f"{JOURNAL}.new").touch(0o600)
    (folder / "backup").mkdir(0o700)
    os.link(folder / JOURNAL, folder / "backup" / f"{JOURNAL}-00000001")
    Store.open(folder, TABLES).close()
    assert {path.name for path in folder.rglob("*")} == {JOURNAL, "lock", "backup"}


def test_backups_on_a_disk_of_their_own_are_copies(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    with Store.open(folder, TABLES) as store:
        store.commit_now(counted("a", 1))
    before = (folder / JOURNAL).read_bytes()
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    place = Folder(folder)
    place.write_fresh([before])
    place.put_in_place()
    place.close()
    assert (folder / "backup" / f"{JOURNAL}-00000001").read_bytes() == before


def test_lines_that_get_new_numbers_were_right_before() -> None:
    line = frame(7, b'[["t","k",2],{}]')
    assert renumber(line + frame(8, b"[]"), 40) == frame(40, b'[["t","k",2],{}]') + frame(41, b"[]")
    with pytest.raises(ValueError, match="agree"):
        renumber(line[:-5] + b"x" + line[-4:], 40)
    assert Written("t", "k", b"{}").table == "t"
