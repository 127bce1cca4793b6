"""What the store keeps, finds and refuses while all goes well."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import ConfigDict
from tinydb import where

from programme.model import Model
from storage.compaction import OUT_OF_DATE
from storage.errors import StoreBroken, StoreDamaged, StoreForeign
from storage.folder import JOURNAL
from storage.records import Header, frame
from storage.store import Store
from storage.unit import Unit


class Guest(Model):
    name: str
    sector: str = "rijk"
    wishes: tuple[int, ...] = ()


class Seat(Model):
    room: str
    guest: str | None = None


TABLES: dict[str, type[Model]] = {"guests": Guest, "seats": Seat}
INDEXES = {"seats": ("room", "guest")}


def reopen(folder: Path) -> Store:
    return Store.open(folder, TABLES, indexes=INDEXES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with reopen(folder) as store:
        yield store


def everything(store: Store) -> dict[str, dict[str, Any]]:
    return {shelf.name: {key: shelf.document(key) for key in shelf} for shelf in store.shelves()}


async def test_a_unit_is_in_memory_at_once_and_on_disk_when_its_future_is_done(store: Store, folder: Path) -> None:
    on_disk = store.commit(Unit([("guests", "anna", Guest(name="Anna"))]))
    assert store[Guest]["anna"] == Guest(name="Anna")
    await on_disk
    assert store.syncs == 1
    assert b'{"name":"Anna"' in (folder / JOURNAL).read_bytes()


async def test_all_of_a_unit_comes_back_after_a_restart(store: Store, folder: Path) -> None:
    unit = Unit()
    unit.put(store[Guest], "anna", Guest(name="Anna", wishes=(3, 1)))
    unit.put("seats", "1", Seat(room="blauw", guest="anna"))
    await store.commit(unit)
    await store.aclose()
    with reopen(folder) as again:
        assert again[Guest]["anna"] == Guest(name="Anna", wishes=(3, 1))
        assert again[Seat]["1"] == Seat(room="blauw", guest="anna")


async def test_a_later_put_of_the_same_key_takes_the_place_of_the_earlier(store: Store) -> None:
    unit = Unit([("guests", "anna", Guest(name="Ana"))])
    unit.put("guests", "anna", Guest(name="Anna"))
    assert len(unit) == 1
    assert unit["guests", "anna"] == Guest(name="Anna")
    await store.commit(unit)
    assert list(store[Guest].values()) == [Guest(name="Anna")]


async def test_none_deletes_and_stays_deleted(store: Store, folder: Path) -> None:
    await store.commit(Unit([("guests", "anna", Guest(name="Anna")), ("guests", "bo", Guest(name="Bo"))]))
    await store.commit(Unit([("guests", "anna", None), ("guests", "nobody", None)]))
    assert list(store[Guest]) == ["bo"]
    await store.aclose()
    with reopen(folder) as again:
        assert "anna" not in again[Guest]
        assert again[Guest].get("anna") is None


async def test_any_text_can_be_a_key_or_a_value(store: Store, folder: Path) -> None:
    keys = ['@anna:example.nl"', "]],[", "\\", "a\nb", "\u0000", "é€😀", "", " ", "null"]
    await store.commit(Unit(("guests", key, Guest(name=key)) for key in keys))
    await store.aclose()
    with reopen(folder) as again:
        assert {key: guest.name for key, guest in again[Guest].items()} == {key: key for key in keys}


async def test_an_index_follows_what_is_put_moved_and_deleted(store: Store, folder: Path) -> None:
    await store.commit(Unit([("seats", "2", Seat(room="blauw")), ("seats", "1", Seat(room="blauw", guest="anna"))]))
    assert store[Seat].find("room", "blauw") == [Seat(room="blauw", guest="anna"), Seat(room="blauw")]
    await store.commit(Unit([("seats", "1", Seat(room="geel", guest="anna")), ("seats", "2", None)]))
    assert store[Seat].find("room", "blauw") == []
    await store.aclose()
    with reopen(folder) as again:
        assert again[Seat].find("guest", "anna") == [Seat(room="geel", guest="anna")]
        assert again[Seat].find("guest", None) == []


def test_looking_up_by_a_field_without_an_index_is_a_mistake(store: Store) -> None:
    with pytest.raises(KeyError, match="name"):
        store[Guest].find("name", "Anna")


async def test_a_model_in_the_wrong_table_changes_nothing(store: Store, folder: Path) -> None:
    before = (folder / JOURNAL).read_bytes()
    good = ("guests", "anna", Guest(name="Anna"))
    with pytest.raises(TypeError, match="Seat does not belong in guests"):
        store.commit(Unit([good, ("guests", "1", Seat(room="blauw"))]))
    with pytest.raises(TypeError, match="not a declared table"):
        store.commit(Unit([good, ("gests", "1", Guest(name="Bo"))]))
    assert everything(store) == {}
    assert (folder / JOURNAL).read_bytes() == before


async def test_what_has_no_json_changes_nothing(store: Store) -> None:
    with pytest.raises(ValueError, match="surrogates"):
        store.commit(
            Unit([("guests", "anna", Guest(name="Anna")), ("guests", "x", Guest.model_construct(name="\ud800"))])
        )
    assert len(store[Guest]) == 0


async def test_what_would_not_read_back_as_it_is_changes_nothing(store: Store) -> None:
    anna = Guest(name="Anna")
    for update in ({"wishes": [1]}, {"wishes": ("one",)}, {"name": 3}, {"sector": None}):
        with pytest.raises(ValueError, match=r"read back|Guest"):
            store.commit(Unit([("guests", "bo", anna), ("guests", "anna", anna.model_copy(update=update))]))
    assert everything(store) == {}


async def test_a_model_with_more_to_it_than_its_table_is_refused(store: Store) -> None:
    class Speaker(Guest):
        title: str

    with pytest.raises(TypeError, match="Speaker does not belong in guests"):
        store.commit(Unit([("guests", "anna", Speaker(name="Anna", title="dr."))]))


def test_waiting_on_a_loop_where_none_runs_changes_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        store.commit(Unit([("guests", "anna", Guest(name="Anna"))]))
    assert everything(store) == {}


def test_a_model_that_can_change_is_refused(folder: Path) -> None:
    class Loose(Model):
        model_config = ConfigDict(frozen=False)

    with pytest.raises(TypeError, match="Loose is not frozen"):
        Store.open(folder, {"loose": Loose})


def test_an_index_on_a_field_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(TypeError, match="no field naam"):
        Store.open(folder, TABLES, indexes={"guests": ("naam",)})
    with pytest.raises(TypeError, match="no table gasten"):
        Store.open(folder, TABLES, indexes={"gasten": ("name",)})


def test_two_tables_of_one_model_are_asked_for_by_name(folder: Path) -> None:
    with Store.open(folder, {"guests": Guest, "hosts": Guest}) as store:
        assert store.table("hosts").model is Guest
        with pytest.raises(KeyError, match="2 tables of Guest"):
            store[Guest]
        with pytest.raises(KeyError, match="chairs"):
            store.table("chairs")


async def test_an_empty_unit_waits_for_everything_before_it(store: Store, folder: Path) -> None:
    await store.commit(Unit())
    assert store.syncs == 0
    size = (folder / JOURNAL).stat().st_size
    first = store.commit(Unit([("guests", "anna", Guest(name="Anna"))]))
    await store.commit(Unit())
    assert first.done()
    assert (folder / JOURNAL).read_bytes()[size:].count(b"\n") == 1


async def test_units_that_wait_together_share_the_disk(store: Store) -> None:
    async def keep(name: str) -> None:
        for number in range(20):
            await store.commit(Unit([("guests", name, Guest(name=name, wishes=(number,)))]))

    await asyncio.gather(*(keep(f"guest {number}") for number in range(16)))
    assert store.syncs <= 16 * 20 / 2


async def test_a_waiter_that_is_cancelled_harms_nobody(store: Store) -> None:
    cancelled = store.commit(Unit([("guests", "anna", Guest(name="Anna"))]))
    other = store.commit(Unit([("guests", "bo", Guest(name="Bo"))]))
    cancelled.cancel()
    await other
    assert len(store[Guest]) == 2


async def test_closing_brings_everything_on_disk_and_answers_who_waits(store: Store, folder: Path) -> None:
    waiting = store.commit(Unit([("guests", "anna", Guest(name="Anna"))]))
    await store.aclose()
    await waiting
    store.close()
    with pytest.raises(StoreBroken, match="closed"):
        store.commit(Unit([("guests", "bo", Guest(name="Bo"))]))
    with reopen(folder) as again:
        assert list(again[Guest]) == ["anna"]


def test_a_start_writes_a_snapshot_when_most_is_out_of_date(folder: Path) -> None:
    async def change_often() -> None:
        with reopen(folder) as store:
            await store.commit(
                Unit([("guests", "bo", Guest(name="Bo")), ("seats", "1", Seat(room="blauw", guest="bo"))])
            )
            for number in range(OUT_OF_DATE + 10):
                store.commit(Unit([("guests", "anna", Guest(name="Anna", wishes=(number,)))]))
            await store.commit(Unit())

    asyncio.run(change_often())
    long = (folder / JOURNAL).stat().st_size
    with reopen(folder) as store:
        kept = everything(store)
        store.commit_now(Unit([("guests", "cas", Guest(name="Cas"))]))
    lines = (folder / JOURNAL).read_bytes().splitlines()
    assert (folder / JOURNAL).stat().st_size < long / 50
    assert len(lines) == 1 + 3 + 1
    numbers = [int(line.split(b" ")[2]) for line in lines]
    assert numbers == list(range(numbers[0], numbers[0] + len(lines)))
    assert numbers[0] > OUT_OF_DATE
    with reopen(folder) as again:
        assert everything(again) == {
            **kept,
            "guests": {**kept["guests"], "cas": Guest(name="Cas").model_dump(mode="json")},
        }


def test_documents_of_a_table_that_is_no_longer_declared_are_kept(folder: Path) -> None:
    with reopen(folder) as store:
        store.commit_now(Unit([("guests", "anna", Guest(name="Anna"))]))
    with Store.open(folder, {"seats": Seat}) as store:
        store.commit_now(Unit([("seats", "1", Seat(room="blauw"))]))
    with reopen(folder) as store:
        assert store[Guest]["anna"] == Guest(name="Anna")


def test_a_document_that_does_not_fit_its_model_is_told_by_name(folder: Path) -> None:
    class Strict(Model):
        name: int

    with reopen(folder) as store:
        store.commit_now(Unit([("guests", "anna", Guest(name="Anna"))]))
    with Store.open(folder, {"guests": Strict}) as store, pytest.raises(StoreDamaged, match="anna in guests"):
        store.check()


def test_a_file_of_a_newer_schema_or_form_is_refused(folder: Path) -> None:
    reopen(folder).close()
    (folder / JOURNAL).write_bytes(frame(0, b'{"kring":"journal","form":2}'))
    with pytest.raises(StoreForeign, match="form"):
        reopen(folder)
    (folder / JOURNAL).write_bytes(frame(0, Header(version=99).model_dump_json().encode()))
    with pytest.raises(StoreForeign, match="schema 99"):
        reopen(folder)


# --- TinyDB's own calls ---


def test_tinydb_reads_models_as_documents(store: Store) -> None:
    store.commit_now(Unit([("guests", "anna", Guest(name="Anna", wishes=(2,))), ("guests", "bo", Guest(name="Bo"))]))
    guests: Any = store.db.table("guests")  # TinyDB declares that ids are numbers; ours are keys
    assert guests.search(where("name") == "Anna") == [{"name": "Anna", "sector": "rijk", "wishes": [2]}]
    assert [document.doc_id for document in guests] == ["anna", "bo"]
    assert len(guests) == 2
    assert store.db.tables() == {"guests"}


def test_tinydb_sees_a_change_that_came_by_a_unit(store: Store) -> None:
    query = where("sector") == "zorg"
    guests = store.db.table("guests")
    assert guests.search(query) == []
    store.commit_now(Unit([("guests", "anna", Guest(name="Anna", sector="zorg"))]))
    assert [document["name"] for document in guests.search(query)] == ["Anna"]


def test_what_tinydb_writes_is_a_model_and_comes_back(store: Store, folder: Path) -> None:
    store.commit_now(Unit([("guests", "anna", Guest(name="Anna")), ("guests", "bo", Guest(name="Bo"))]))
    guests: Any = store.db.table("guests")  # TinyDB declares that ids are numbers; ours are keys
    assert guests.update({"sector": "zorg"}, where("name") == "Anna") == ["anna"]
    assert guests.insert({"name": "Cas"}) == "1"
    assert guests.remove(where("name") == "Bo") == ["bo"]
    assert dict(store[Guest]) == {"anna": Guest(name="Anna", sector="zorg"), "1": Guest(name="Cas")}
    store.db.close()
    with reopen(folder) as again:
        assert dict(again[Guest]) == {"anna": Guest(name="Anna", sector="zorg"), "1": Guest(name="Cas")}


def test_a_tinydb_write_is_one_unit_of_what_has_changed(store: Store, folder: Path) -> None:
    store.commit_now(Unit(("guests", str(number), Guest(name=f"Guest {number}")) for number in range(50)))
    size = (folder / JOURNAL).stat().st_size
    guests: Any = store.db.table("guests")
    guests.update({"sector": "zorg"}, doc_ids=["7"])
    assert (folder / JOURNAL).read_bytes()[size:].count(b'"name"') == 1


def test_tinydb_cannot_write_what_does_not_fit(store: Store) -> None:
    store.commit_now(Unit([("guests", "anna", Guest(name="Anna"))]))
    with pytest.raises(ValueError, match="name"):
        store.db.table("guests").update({"name": ["no", "text"]})
    with pytest.raises(ValueError, match="colour"):
        store.db.table("guests").insert({"name": "Bo", "colour": "blue"})
    assert dict(store[Guest]) == {"anna": Guest(name="Anna")}


def test_tinydb_keeps_documents_of_its_own(store: Store, folder: Path) -> None:
    assert store.db.insert_multiple([{"a": 1}, {"a": 2}, {"a": [3, None]}]) == [1, 2, 3]
    store.db.update(lambda document: document.update(b=True), where("a") == 2)
    store.db.upsert({"a": 4}, where("a") == 4)
    store.close()
    with reopen(folder) as again:
        assert again.db.all() == [{"a": 1}, {"a": 2, "b": True}, {"a": [3, None]}, {"a": 4}]
        assert again.db.get(doc_id=2) == {"a": 2, "b": True}
        again.db.truncate()
        assert again.db.all() == []
        assert again.db.insert({"a": 5}) == 1


def test_tinydb_drops_one_table_or_all(store: Store) -> None:
    store.commit_now(Unit([("guests", "anna", Guest(name="Anna")), ("seats", "1", Seat(room="blauw"))]))
    store.db.drop_table("seats")
    assert store.db.tables() == {"guests"}
    assert len(store[Seat]) == 0
    assert store[Seat].find("room", "blauw") == []
    store.db.drop_tables()
    assert everything(store) == {}


# --- any sequence of units, restarts and crashes ---

KEYS = st.sampled_from(["anna", "bo", "cas", '"]\\'])
GUESTS = st.builds(
    Guest, name=st.text(st.characters(exclude_categories=["Cs"]), max_size=5), wishes=st.tuples(st.integers())
)
SEATS = st.builds(Seat, room=st.sampled_from(["blauw", "geel"]), guest=st.none() | KEYS)
PUTS = st.one_of(
    st.tuples(st.just("guests"), KEYS, st.none() | GUESTS), st.tuples(st.just("seats"), KEYS, st.none() | SEATS)
)


class Life(RuleBasedStateMachine):
    """The store against a plain dictionary."""

    @initialize()
    def begin(self) -> None:
        self.parent = TemporaryDirectory()
        self.folder = Path(self.parent.name) / "store"
        self.store = reopen(self.folder)
        self.known: dict[tuple[str, str], Model] = {}
        self.before: dict[tuple[str, str], Model] = {}
        self.last = 0

    @rule(puts=st.lists(PUTS, min_size=1, max_size=4))
    def commit(self, puts: list[tuple[str, str, Model | None]]) -> None:
        self.before = dict(self.known)
        size = (self.folder / JOURNAL).stat().st_size
        self.store.commit_now(Unit(puts))
        self.last = (self.folder / JOURNAL).stat().st_size - size
        for table, key, value in puts:
            self.known.pop((table, key), None)
            if value is not None:
                self.known[table, key] = value

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = reopen(self.folder)
        assert self.store.dropped == 0

    @rule(part=st.floats(0, 1, exclude_max=True))
    def crash_in_the_middle_of_the_last_record(self, part: float) -> None:
        if self.last:
            self.store.close()
            left = int(self.last * part)
            journal = self.folder / JOURNAL
            journal.write_bytes(journal.read_bytes()[: left - self.last])
            self.store = reopen(self.folder)
            assert self.store.dropped == left
            self.known, self.last = dict(self.before), 0

    @invariant()
    def everything_is_as_the_dictionary_says(self) -> None:
        found = {
            (table.name, key): model for table in (self.store[Guest], self.store[Seat]) for key, model in table.items()
        }
        assert found == self.known

    @invariant()
    def the_index_agrees(self) -> None:
        for room in ("blauw", "geel"):
            expected = [
                self.known[place] for place in sorted(self.known) if getattr(self.known[place], "room", "") == room
            ]
            assert self.store[Seat].find("room", room) == expected

    def teardown(self) -> None:
        self.store.close()
        self.parent.cleanup()


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
