"""The store when the file, the disk or another process does what it should not."""

import asyncio
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random  # noqa: TID251 - where bits flip is fixed by a seed and decides nothing
from typing import Any

import pytest

from programme.model import Model
from storage.errors import StoreBroken, StoreDamaged, StoreError, StoreExposed, StoreFull, StoreLocked
from storage.folder import JOURNAL, LOCK
from storage.journal import Journal
from storage.records import Header, Scan, Written, frame, pack, unpack
from storage.snapshot import load_file
from storage.store import Store
from storage.unit import Unit

ROOT = Path(__file__).parents[1]


class Note(Model):
    text: str


TABLES = {"notes": Note, "marks": Note}
State = dict[str, dict[str, Any]]


def state(store: Store) -> State:
    return {shelf.name: {key: shelf.document(key) for key in shelf} for shelf in store.shelves()}


def folder_with(folder: Path, content: bytes) -> Path:
    """Make a store of which the journal is `content`, on which a process has worked before."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, data in ((JOURNAL, content), (LOCK, b"1\n")):
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o600)
    return folder


async def compacted(folder: Path) -> None:
    """A snapshot, and a few records after it."""
    store = Store.open(folder, TABLES)
    await store.compact()
    for number in range(5):
        await store.commit(Unit([("marks", f"{number}", Note(text="later"))]))
    await store.aclose()


UNITS = [
    Unit([("notes", "a", Note(text="één"))]),
    Unit([("notes", "b", Note(text="x\ny")), ("marks", '"]', Note(text="2"))]),
    Unit([("notes", "a", None)]),
]


@pytest.fixture
def written(tmp_path: Path) -> tuple[bytes, list[State]]:
    """A small journal, and what was known after its header and after each record."""
    folder = tmp_path / "written"
    with Store.open(folder, TABLES) as store:
        states = [state(store)]
        for unit in UNITS:
            store.commit_now(unit)
            states.append(state(store))
    return (folder / JOURNAL).read_bytes(), states


def test_a_cut_at_any_byte_leaves_exactly_the_whole_records_before_it(
    written: tuple[bytes, list[State]], tmp_path: Path
) -> None:
    content, states = written
    for cut in range(len(content) + 1):
        left = content[:cut]
        folder = folder_with(tmp_path / "cut", left)
        if b"\n" not in left:
            with pytest.raises(StoreDamaged):
                Store.open(folder, TABLES)
            continue
        with Store.open(folder, TABLES) as store:
            assert state(store) == states[left.count(b"\n") - 1]
            assert store.dropped == len(left) - left.rfind(b"\n") - 1
        assert (folder / JOURNAL).read_bytes() == left[: left.rfind(b"\n") + 1]


def test_any_flipped_bit_is_detected_and_the_file_left_alone(
    written: tuple[bytes, list[State]], tmp_path: Path
) -> None:
    content, _ = written
    folder = folder_with(tmp_path / "flip", content)
    for bit in range(8 * len(content)):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        (folder / JOURNAL).write_bytes(flipped)
        with pytest.raises(StoreDamaged):
            Store.open(folder, TABLES)
        assert (folder / JOURNAL).read_bytes() == flipped


@pytest.mark.parametrize("flips", [500, pytest.param(10_000, marks=[pytest.mark.torture, pytest.mark.slow])])
def test_a_flipped_bit_anywhere_in_a_long_file_is_detected_with_its_place(tmp_path: Path, flips: int) -> None:
    with Store.open(tmp_path / "store", TABLES) as store:
        for number in range(40):
            store.commit_now(Unit([("notes", f"{number % 20}", Note(text="é" * number))]))
    asyncio.run(compacted(tmp_path / "store"))
    path, bits = tmp_path / "store" / JOURNAL, Random(4)
    whole, found = path.read_bytes(), 0
    for _ in range(flips):
        bit = bits.randrange(8 * len(whole))
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(StoreDamaged) as caught:
            load_file(path)
        assert caught.value.place is not None
        found += caught.value.place.offset <= bit // 8
    print(f"{flips} flipped bits: {found} found, {flips - found} missed")  # noqa: T201 - the counts are what this test is read for
    assert found == flips


def test_a_flipped_bit_in_a_cut_record_never_brings_more_than_was_written(
    written: tuple[bytes, list[State]], tmp_path: Path
) -> None:
    content, states = written
    cut = content[:-20]
    folder = folder_with(tmp_path / "both", cut)
    for bit in range(8 * (cut.rfind(b"\n") + 1), 8 * len(cut)):
        flipped = bytearray(cut)
        flipped[bit // 8] ^= 1 << bit % 8
        (folder / JOURNAL).write_bytes(flipped)
        try:
            with Store.open(folder, TABLES) as store:
                assert state(store) == states[-2]
        except StoreDamaged:
            assert (folder / JOURNAL).read_bytes() == flipped


@pytest.mark.parametrize(
    "end", [b"\0", b"\0" * 4096, b"\n", b"x", b"7 ", b"40 0123456x", b"40 01234567 9", b"3 01234567 4 [[]"]
)
def test_what_cannot_be_the_beginning_of_the_next_record_is_damage(
    written: tuple[bytes, list[State]], tmp_path: Path, end: bytes
) -> None:
    content, states = written
    folder = folder_with(tmp_path / "tail", content + end)
    if end == b"7 ":
        with Store.open(folder, TABLES) as store:
            assert (state(store), store.dropped) == (states[-1], 2)
    else:
        with pytest.raises(StoreDamaged) as caught:
            Store.open(folder, TABLES)
        assert caught.value.place is not None
        assert caught.value.place.offset == len(content)


def test_damage_is_told_with_its_place_and_the_way_back(written: tuple[bytes, list[State]], tmp_path: Path) -> None:
    lines = written[0].splitlines(keepends=True)
    folder = folder_with(tmp_path / "hole", lines[0] + lines[1] + lines[3])
    with pytest.raises(StoreDamaged, match=r"number \(.*journal, byte \d+, record 2\).*restore") as caught:
        Store.open(folder, TABLES)
    assert caught.value.place is not None
    assert caught.value.place.offset == len(lines[0] + lines[1])


@pytest.mark.parametrize("order", [(0, 1, 1, 2, 3), (0, 2, 1, 3), (1, 2, 3), (0, 0, 1, 2, 3), ()])
def test_lines_missing_doubled_or_out_of_order_are_damage(
    written: tuple[bytes, list[State]], tmp_path: Path, order: tuple[int, ...]
) -> None:
    lines = written[0].splitlines(keepends=True)
    folder = folder_with(tmp_path / "order", b"".join(lines[number] for number in order))
    with pytest.raises(StoreDamaged):
        Store.open(folder, TABLES)


def test_a_snapshot_that_is_cut_is_damage_at_every_byte(tmp_path: Path) -> None:
    lines = [frame(9 + number, pack([Written("notes", f"{number}", b'{"text":""}')])) for number in (1, 2)]
    content = frame(9, Header(records=2).model_dump_json().encode()) + b"".join(lines)
    folder = folder_with(tmp_path / "snapshot", content)
    Store.open(folder, TABLES).close()
    for cut in range(len(content)):
        folder_with(folder, content[:cut])
        with pytest.raises(StoreDamaged):
            Store.open(folder, TABLES)


def test_a_whole_line_that_is_no_record_is_damage(tmp_path: Path) -> None:
    header = frame(0, Header().model_dump_json().encode())
    for payload in (
        b"{}",
        b'[["notes","a",4],{}]',
        b'[["notes","a",1],{}]',
        b'[["notes","a"],{}]',
        b'[["notes","a",2],{},{}]',
        b"[[],]",
    ):
        folder = folder_with(tmp_path / "odd", header + frame(1, payload))
        with pytest.raises(StoreDamaged):
            Store.open(folder, TABLES)


def test_a_record_reads_back_as_it_was_written() -> None:
    documents = [Written('"],[', "\\", b'{"a":"],"}'), Written("t", "k", b"null")]
    assert list(unpack(pack(documents))) == documents


def test_a_journal_that_has_gone_is_a_loss_and_not_a_beginning(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    Store.open(folder, TABLES).close()
    (folder / JOURNAL).unlink()
    with pytest.raises(StoreDamaged, match="missing"):
        Store.open(folder, TABLES)


def test_a_start_that_died_before_it_had_a_journal_is_a_beginning(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir(mode=0o700)
    for name in (LOCK, f"{JOURNAL}.new"):
        (folder / name).touch(0o600)
    with Store.open(folder, TABLES) as store:
        store.commit_now(UNITS[0])


# --- who may look, and who has it open ---


def test_all_is_readable_for_the_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Store.open(tmp_path / "store", TABLES).close()
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "store").iterdir()}
    assert modes == {JOURNAL: 0o600, LOCK: 0o600}
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", JOURNAL, LOCK, "backup"])
def test_what_others_can_read_is_refused_with_the_way_to_mend_it(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "store"
    Store.open(folder, TABLES).close()
    (folder / "backup").touch(0o600)
    (folder / name).chmod(0o750)
    with pytest.raises(StoreExposed, match="chmod") as caught:
        Store.open(folder, TABLES)
    subprocess.run(caught.value.mend.split(), check=True)  # noqa: S603 - our own words
    Store.open(folder, TABLES).close()


def test_a_second_process_is_refused_at_once(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from storage.store import Store; from storage.errors import StoreLocked\n"
        "begin = time.monotonic()\n"
        "try: Store.open(Path(sys.argv[1]), {})\n"
        "except StoreLocked as error: print(time.monotonic() - begin, error)"
    )
    with Store.open(tmp_path / "store", TABLES):
        command = [sys.executable, "-c", program, str(tmp_path / "store")]
        said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout  # noqa: S603
    seconds, _, reason = said.partition(" ")
    assert float(seconds) < 1
    assert f"({os.getpid()})" in reason


def test_a_second_store_in_this_process_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", TABLES) as store:
        with pytest.raises(StoreLocked):
            Store.open(tmp_path / "store", TABLES)
        store.commit_now(UNITS[0])
    Store.open(tmp_path / "store", TABLES).close()


def test_a_folder_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch(0o600)
    with pytest.raises(StoreBroken, match="cannot be used"):
        Store.open(tmp_path / "file" / "store", TABLES)


# --- a disk that is full, and a disk that fails ---


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """No file of this process can grow beyond `size` bytes: the kernel writes what fits, and then gives an error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_changes_nothing_and_passes(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store = Store.open(folder, TABLES)
    await store.commit(UNITS[0])
    size, known = (folder / JOURNAL).stat().st_size, state(store)
    for room in (0, 1, 10, 60):
        with files_end_at(size + room), pytest.raises(StoreFull) as caught:
            store.commit(UNITS[1])
        assert caught.value.place is not None
        assert caught.value.place.offset == size
        assert (folder / JOURNAL).stat().st_size == size
        assert state(store) == known
    await store.commit(UNITS[1])
    known = state(store)
    await store.aclose()
    with Store.open(folder, TABLES) as again:
        assert state(again) == known


async def test_who_waits_when_the_disk_fills_up_still_gets_an_answer(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", TABLES)
    waiting = store.commit(UNITS[0])
    with files_end_at((tmp_path / "store" / JOURNAL).stat().st_size), pytest.raises(StoreFull):
        store.commit(UNITS[1])
    await waiting
    await store.aclose()


def test_a_disk_too_full_for_a_snapshot_keeps_nobody_from_starting(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    lines = [frame(number, pack([Written("notes", "a", b'{"text":"%d"}' % number)])) for number in range(1, 1_200)]
    folder_with(folder, frame(0, Header().model_dump_json().encode()) + b"".join(lines))
    size = (folder / JOURNAL).stat().st_size
    with files_end_at(40), Store.open(folder, TABLES) as store:
        assert state(store) == {"notes": {"a": {"text": "1199"}}}
    assert (folder / JOURNAL).stat().st_size == size
    assert sorted(path.name for path in folder.iterdir()) == ["backup", JOURNAL, LOCK]
    assert list((folder / "backup").iterdir()) == []


def test_a_snapshot_at_start_leaves_out_the_torn_end(tmp_path: Path) -> None:
    lines = [frame(number, pack([Written("notes", "a", b'{"text":"%d"}' % number)])) for number in range(1, 1_200)]
    content = frame(0, Header().model_dump_json().encode()) + b"".join(lines)
    folder = folder_with(tmp_path / "store", content + frame(1_200, pack([Written("notes", "b", b"{}")]))[:-3])
    with Store.open(folder, TABLES) as store:
        assert store.dropped > 0
        store.commit_now(UNITS[1])
        known = state(store)
    assert known["notes"] == {"a": {"text": "1199"}, "b": {"text": "x\ny"}}
    assert (folder / JOURNAL).read_bytes().count(b"\n") == 3
    with Store.open(folder, TABLES) as again:
        assert (state(again), again.dropped) == (known, 0)


async def test_a_file_that_can_only_be_read_refuses_and_ends_the_store(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", TABLES)
    await store.commit(UNITS[0])
    known = state(store)
    read_only = os.open(tmp_path / "store" / JOURNAL, os.O_RDONLY)
    os.dup2(read_only, store._journal._fd)
    os.close(read_only)
    with pytest.raises(StoreBroken):
        store.commit(UNITS[1])
    assert state(store) == known
    await store.aclose()
    with Store.open(tmp_path / "store", TABLES) as again:
        assert state(again) == known


@contextmanager
def pipe_in_place_of_the_file(store: Store) -> Iterator[None]:
    """Writing works and `fdatasync` fails, as the kernel's answer for a pipe is EINVAL."""
    journal = store._journal
    kept = os.dup(journal._fd)
    reader, writer = os.pipe()
    os.dup2(writer, journal._fd)
    try:
        yield
    finally:
        os.dup2(kept, journal._fd)
        for fd in (kept, reader, writer):
            os.close(fd)


async def answer_to(store: Store, unit: Unit) -> Exception | None:
    try:
        await store.commit(unit)
    except StoreBroken as broken:
        return broken
    return None


async def test_an_error_of_the_disk_is_the_end_and_never_tried_again(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", TABLES)
    await store.commit(UNITS[0])
    with pipe_in_place_of_the_file(store):
        # The second may be told in the call itself: the disk can have failed by then.
        answers = await asyncio.gather(*(answer_to(store, unit) for unit in UNITS[:2]))
        assert [type(answer) for answer in answers] == [StoreBroken, StoreBroken]
    syncs = store.syncs
    for unit in (UNITS[1], Unit()):
        with pytest.raises(StoreBroken, match="disk failed"):
            store.commit(unit)
    with pytest.raises(StoreBroken):
        store.commit_now(Unit())
    assert store.syncs == syncs
    await store.aclose()
    with Store.open(tmp_path / "store", TABLES) as again:
        assert state(again) == {"notes": {"a": {"text": "één"}}}


def test_a_plain_call_is_told_too(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", TABLES) as store, pipe_in_place_of_the_file(store), pytest.raises(StoreBroken):
        store.commit_now(UNITS[0])


async def test_a_write_that_cannot_be_taken_back_is_the_end() -> None:
    full = os.open("/dev/full", os.O_WRONLY)  # every write is ENOSPC, and it cannot be cut either
    journal = Journal(full, Path("/dev/full"), end=0, number=0)
    with pytest.raises(StoreBroken):
        journal.append(b"[]")
    with pytest.raises(StoreBroken):
        journal.append(b"[]")
    journal.close()


async def test_a_loop_that_has_gone_harms_no_later_one(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", TABLES)

    async def leave() -> None:
        store.commit(UNITS[0])

    await asyncio.to_thread(asyncio.run, leave())
    await store.commit(UNITS[1])
    await store.aclose()


def test_every_error_says_how_to_mend_it(tmp_path: Path) -> None:
    folder_with(tmp_path / "store", b"")
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path / "store", TABLES)
    assert caught.value.mend in str(caught.value)


def test_a_scan_tells_where_each_record_is(written: tuple[bytes, list[State]], tmp_path: Path) -> None:
    path = tmp_path / "written" / JOURNAL
    with path.open("rb") as file:
        records = list(Scan(file, path))
    assert [record.number for record in records] == [1, 2, 3]
    assert all(written[0][record.offset :].startswith(b"%d " % len(record.payload)) for record in records)
