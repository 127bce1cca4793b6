"""From an older schema to this one: step by step, with the old file kept, and a file from the future left alone."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.tables import INDEXES, TABLES
from storage.backup import back_up, restore
from storage.errors import StoreForeign
from storage.folder import JOURNAL, LOCK, former
from storage.migrations import STEPS, Step, Tables, migrate
from storage.records import SCHEMA, Header, Written, frame, pack
from storage.snapshot import load_file
from storage.store import Store

KEPT = sorted((Path(__file__).parent / "data").glob("store-*.journal"))
"""A file of each schema that there was, with every table in it."""


def named(tables: Tables) -> Tables:
    return {**tables, "guests": {key: it | {"name": key} for key, it in tables["guests"].items()}}


def split(tables: Tables) -> Tables:
    names = {key: {"name": it["name"]} for key, it in tables["guests"].items()}
    return {"names": names, "guests": {key: {"age": it["age"]} for key, it in tables["guests"].items()}}


TO_THREE: dict[int, Step] = {1: named, 2: split}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store of schema 1, in which a document was changed and one deleted."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    units = (
        [Written("guests", "anna", b'{"age":30}'), Written("guests", "bo", b"{}")],
        [Written("guests", "bo", b"null")],
    )
    lines = [frame(number, pack(unit)) for number, unit in enumerate(units, 1)]
    content = frame(0, Header(version=1).model_dump_json().encode()) + b"".join(lines)
    for name, data in ((JOURNAL, content), (LOCK, b"1\n")):
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o600)
    return folder


def documents(path: Path) -> tuple[int, dict[str, dict[str, Any]]]:
    header, shelves, _number = load_file(path)
    return header.version, {name: {key: it.document(key) for key in it} for name, it in shelves.items()}


def test_every_step_between_is_taken_in_turn_and_the_old_file_is_kept(old: Path) -> None:
    before = (old / JOURNAL).read_bytes()
    assert migrate(old, steps=TO_THREE, schema=3) == 1
    assert documents(old / JOURNAL) == (3, {"names": {"anna": {"name": "anna"}}, "guests": {"anna": {"age": 30}}})
    assert [path.read_bytes() for path in former(old)] == [before]


def test_a_second_migration_changes_nothing(old: Path) -> None:
    migrate(old, steps=TO_THREE, schema=3)
    before = (old / JOURNAL).read_bytes()
    assert migrate(old, steps=TO_THREE, schema=3) == 3
    assert (old / JOURNAL).read_bytes() == before
    assert len(former(old)) == 1


def test_a_step_that_is_missing_is_told_before_anything_changes(old: Path) -> None:
    before = (old / JOURNAL).read_bytes()
    with pytest.raises(StoreForeign, match="no way from schema 2 to 3"):
        migrate(old, steps={1: named}, schema=3)
    assert (old / JOURNAL).read_bytes() == before
    assert former(old) == []


def test_a_step_that_fails_leaves_the_old_file(old: Path) -> None:
    before = (old / JOURNAL).read_bytes()
    with pytest.raises(KeyError, match="name"):
        migrate(old, steps={1: split}, schema=2)
    assert (old / JOURNAL).read_bytes() == before
    assert sorted(path.name for path in old.iterdir()) == [JOURNAL, LOCK]
    migrate(old, steps=TO_THREE, schema=3)


def test_a_newer_file_is_refused_and_left_alone(old: Path) -> None:
    migrate(old, steps=TO_THREE, schema=3)
    before = (old / JOURNAL).read_bytes()
    with pytest.raises(StoreForeign, match="newer than 2"):
        migrate(old, steps=TO_THREE, schema=2)
    with pytest.raises(StoreForeign, match="left it as it is"):
        Store.open(old, {})
    assert (old / JOURNAL).read_bytes() == before


def test_a_store_of_an_older_schema_asks_for_the_migration(old: Path) -> None:
    (old / JOURNAL).write_bytes(frame(0, Header(version=SCHEMA - 1).model_dump_json().encode()))
    with pytest.raises(StoreForeign, match="kring migrate"):
        Store.open(old, {})


def test_a_folder_without_a_store_has_nothing_to_migrate(tmp_path: Path) -> None:
    assert migrate(tmp_path / "state") == SCHEMA


def test_a_backup_of_a_newer_schema_is_not_restored(old: Path, tmp_path: Path) -> None:
    migrate(old, steps=TO_THREE, schema=3)
    back_up(old / JOURNAL, tmp_path / "b", {})
    with pytest.raises(StoreForeign, match="newer"):
        restore(tmp_path / "b", tmp_path / "new", lambda _shelves: None)
    assert not (tmp_path / "new").exists()


def test_there_is_a_step_from_each_schema_that_there_was_and_a_file_of_each() -> None:
    assert set(STEPS) == set(range(1, SCHEMA))
    assert [path.name for path in KEPT] == [f"store-{schema}.journal" for schema in range(1, SCHEMA + 1)]


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_a_kept_file_of_an_older_schema_is_what_this_version_understands(kept: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    shutil.copyfile(kept, state / JOURNAL)
    (state / JOURNAL).chmod(0o600)
    migrate(state)
    with Store.open(state, TABLES, indexes=INDEXES) as store:
        store.check()
        assert {shelf.name for shelf in store.shelves()} >= OLDEST_TABLES


OLDEST_TABLES = {
    *("people", "participants", "places", "rounds", "visits", "letters", "questions", "seen", "rung", "gathered"),
    *("rooms", "marks", "pending", "undelivered", "audit"),
}
"""The tables that the kept files have documents of."""
