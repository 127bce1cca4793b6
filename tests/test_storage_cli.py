"""The store as an operator handles it: `kring verify`, `backup`, `restore`, `migrate` and `erase`, with their exit codes."""

import asyncio
import io
import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import kring
from bot.cli.faults import finish
from bot.cli.store_faults import told
from bot.clock import WallClock
from bot.files import sample_edition
from bot.tables import INDEXES, TABLES
from bot.traces import FIELDS, OWN, PERSONS, SHARED
from programme.edition_file import EditionFile
from programme.model import Model
from programme.people import Person
from programme.records import Half, Hold, Lock, Participant, Place, Proposal, Round, Suggestion, Visit
from programme.text import Call, Text
from storage.errors import StoreBroken, StoreForeign
from storage.folder import JOURNAL, former
from storage.letters import (
    RESTORED,
    Audit,
    Button,
    File,
    Gathered,
    Letter,
    Mark,
    Pending,
    Question,
    Room,
    Rung,
    Seen,
    Undelivered,
)
from storage.records import Header, Written, frame, pack
from storage.snapshot import load_file
from storage.store import Store
from storage.unit import Unit

AT = datetime(2026, 8, 26, 10, tzinfo=UTC)
ANNA, BRAM = "@anna:example.nl", "@bram:example.nl"
SEEDS = '{"user_id": "@kring:example.nl", "master": "c2VlZA"}'


def filled(data: Path) -> dict[str, dict[str, Model]]:
    """A data folder in which Anna is everywhere that a person can be, and Bram beside her. Gives what it holds."""
    bundle = json.dumps({"people": [ANNA, BRAM], "names": {ANNA: "Anna Müller"}})
    half = Half(day=date(2026, 9, 29), start=time(9), end=time(12))
    behalf = Call(command="on_behalf", arguments=(ANNA, "voorkeur 1 3"))
    said = Text(id="Your host is {who}.", values={"who": "Anna Müller"})
    models: dict[str, list[Any]] = {
        "people": [Person(id=ANNA, name="Anna Müller", organisation="AFM"), Person(id=BRAM, name="Bram Bos")],
        "participants": [
            Participant(id=f"w/{p}", edition="w", person=p, state="in", since=AT, answers={"motto": f"I am {n}"})
            for p, n in ((ANNA, "Anna"), (BRAM, "Bram"))
        ],
        "places": [
            Place(
                id="w/1", edition="w", number=1, host=ANNA, organisation="AFM", sector="rijk", offer="Call Anna Müller"
            ),
            Place(id="w/2", edition="w", number=2, host=BRAM, organisation="CBG", sector="zorg"),
        ],
        "rounds": [
            Round(
                id="w",
                locks=(Lock(person=ANNA, number=2, reason="asked"),),
                apart=((ANNA, BRAM), (BRAM, "@cas:example.nl")),
                proposal=Proposal(
                    made=AT, input="x", problem=bundle, matching=bundle, match={ANNA: 2, BRAM: 1}, unplaced=(ANNA,)
                ),
                hold=Hold(by=ANNA, at=AT, until=AT, input="x"),
            )
        ],
        "visits": [
            Visit(
                id=f"w/{ANNA}",
                edition="w",
                guest=ANNA,
                host=BRAM,
                number=2,
                level=0,
                suggestion=Suggestion(by=ANNA, halves=(half,)),
            ),
            Visit(id="w/x", edition="w", guest="@cas:example.nl", host=BRAM, number=2, level=0),
        ],
        "letters": [
            Letter(id="1", number=1, room=f"direct/{ANNA}", text=said),
            Letter(
                id="2",
                number=2,
                room=f"direct/{BRAM}",
                text=said,
                buttons=(Button(label=said, call=Call(command="x", arguments=(ANNA,))),),
                file=File(name="a.ics", mime="text/calendar", content=b"x"),
            ),
        ],
        "questions": [
            Question(id="q", person=ANNA, call=None, text=said, until=AT, letter="1"),
            Question(id="r", person=BRAM, call=behalf, text=said, until=AT, letter="1"),
            Question(
                id="s",
                person=BRAM,
                call=None,
                choices=(Button(label=Text(id="Yes"), call=behalf),),
                text=said,
                until=AT,
                letter="1",
            ),
            Question(id="t", person=BRAM, call=Call(command="prefer"), text=Text(id="Which?"), until=AT, letter="1"),
        ],
        "seen": [Seen(id=f"unread/{ANNA}/2026", at=AT), Seen(id="$event", at=AT)],
        "rung": [Rung(id=f"visit:{ANNA}:day-before", at=AT, edition="w", people=(ANNA, BRAM))],
        "gathered": [Gathered(id=ANNA, day=date(2026, 8, 26), waiting=(f"visit:{ANNA}:x",))],
        "rooms": [Room(id=f"direct/{ANNA}", place="!a:s"), Room(id=f"direct/{BRAM}", place="!b:s")],
        "marks": [Mark(id=f"matrix/pin/{ANNA}", value="key"), Mark(id="matrix/sync", value="s1")],
        "pending": [Pending(id="p", person=ANNA, room=f"direct/{ANNA}", place="!a:s", call=Call(command="match"))],
        "undelivered": [Undelivered(id="u", room=f"direct/{ANNA}", reason="left", at=AT)],
        "audit": [Audit(id="a", at=AT, edition="w", person=BRAM, action="lock", about=(ANNA, f"{ANNA}.nl"))],
    }
    data.mkdir(mode=0o700)
    (data / "matrix").mkdir(mode=0o700)
    (data / "matrix" / "cross_signing.json").write_text(SEEDS)
    (data / "matrix" / "session.json").write_text("{}")
    known = {table: {it.id: it for it in these} for table, these in models.items()}
    with Store.open(data / "state", TABLES, indexes=INDEXES) as store:
        store.commit_now(Unit((table, key, it) for table, these in known.items() for key, it in these.items()))
    return known


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def known(data: Path) -> dict[str, dict[str, Model]]:
    return filled(data)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


class Said:
    """What a command line printed, and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> tuple[int, str, str]:
        code = finish(kring, [str(word) for word in words])
        out, err = self._capsys.readouterr()
        return code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


def everything(state: Path) -> dict[str, dict[str, Any]]:
    return {
        name: {key: it.document(key) for key in it} for name, it in load_file(state / JOURNAL)[1].items() if len(it)
    }


def test_a_sound_store_is_told_with_its_size(run: Said, data: Path, known: dict[str, dict[str, Model]]) -> None:
    code, out, _ = run("verify", "--store", data)
    assert (code, f"whole, {sum(map(len, known.values()))} documents in 1 line" in out) == (0, True)
    assert json.loads(run("verify", "--store", data, "--json")[1])["ok"] is True


@pytest.mark.usefixtures("known")
def test_a_damaged_store_is_told_with_the_place_and_exit_3(run: Said, data: Path) -> None:
    journal = data / "state" / JOURNAL
    content = bytearray(journal.read_bytes())
    content[200] ^= 1
    journal.write_bytes(content)
    code, out, _ = run("verify", "--store", data)
    assert (code, "record 1" in out, "restore" in out) == (3, True, True)
    assert run("backup", data / "b", "--store", data)[0] == 3
    assert not list((data / "b").iterdir())


def test_an_unfinished_last_line_is_told(run: Said, data: Path, known: dict[str, dict[str, Model]]) -> None:
    assert known
    with Store.open(data / "state", TABLES, indexes=INDEXES) as store:
        store.commit_now(Unit([("marks", "late", Mark(id="late", value="1"))]))
    journal = data / "state" / JOURNAL
    journal.write_bytes(journal.read_bytes()[:-30])
    code, out, _ = run("verify", "--store", data)
    assert (code, "the last line is unfinished" in out, "or the file was cut" in out) == (0, True, True)


@pytest.mark.usefixtures("known")
def test_a_store_of_which_nearly_all_was_cut_off_is_no_whole_one(run: Said, data: Path) -> None:
    journal = data / "state" / JOURNAL
    content = frame(0, Header().model_dump_json().encode()) + frame(1, pack([Written("marks", "a", b"1" * 9_000)]))
    journal.write_bytes(content[:6_000])
    code, out, _ = run("verify", "--store", data)
    assert (code, "no whole document, and" in out, "kring restore FILE" in out) == (3, True, True)


def test_what_was_cut_off_is_kept_beside_the_journal_and_forgets_whom_the_store_forgets(
    run: Said, data: Path, known: dict[str, dict[str, Model]]
) -> None:
    assert known
    journal = data / "state" / JOURNAL
    whole = journal.read_bytes()
    with Store.open(data / "state", TABLES, indexes=INDEXES) as store:
        store.commit_now(Unit([("marks", "late", Mark(id="late", value=ANNA))]))
    tail = journal.read_bytes()[len(whole) : -3]
    journal.write_bytes(whole + tail)
    with Store.open(data / "state", TABLES, indexes=INDEXES) as store:
        assert store.dropped == len(tail)
        assert store.aside is not None
        assert store.aside.read_bytes() == tail
    code, out, _ = run("erase", ANNA, "--yes", "--store", data)
    assert (code, store.aside.exists(), str(store.aside) in out) == (0, False, True)


@pytest.mark.usefixtures("known")
def test_a_damaged_former_version_is_a_remark_and_no_alarm(run: Said, data: Path) -> None:
    rotten = data / "backup" / f"{JOURNAL}-00000001"
    rotten.parent.mkdir(mode=0o700)
    rotten.write_bytes(b"rotten")
    code, out, _ = run("verify", "--store", data)
    assert code == 0
    assert out.splitlines()[1].startswith(f"note {rotten}: this is no backup")
    assert out.splitlines()[1].endswith("you may remove it")


@pytest.mark.usefixtures("known")
def test_what_is_no_backup_is_told_by_its_name_and_without_going_in_circles(
    run: Said, data: Path, backup: Path, tmp_path: Path
) -> None:
    (tmp_path / "x.toml").write_text("id = 1\n")
    code, _out, err = run("restore", tmp_path / "x.toml", "--store", data)
    assert (code, err) == (
        3,
        f"{tmp_path / 'x.toml'}: this is no backup, or its beginning is damaged; name a file that kring backup made\n",
    )
    backup.write_bytes(backup.read_bytes()[:-30])
    code, _out, err = run("restore", backup, "--store", data)
    assert (code, "choose another copy" in err, "kring restore" in err) == (3, True, False)
    assert (
        run("backup", tmp_path / "x.toml", "--store", data)[2]
        == f"{tmp_path / 'x.toml'}: this is a file; name a folder\n"
    )


def test_what_is_wrong_with_a_store_is_told_in_dutch_at_a_dutch_shell(
    run: Said, data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    journal, state = data / "state" / JOURNAL, data / "state"
    way = "Stop de bot, kopieer de map zoals die is, en zet dan een kopie terug: kring restore BESTAND\n"
    with Store.open(state, TABLES, indexes=INDEXES):
        line = run("migrate", "--store", data)[2]
        assert line.startswith(f"{state}: in gebruik door een ander proces (")
    content = bytearray(journal.read_bytes())
    content[200] ^= 1
    journal.write_bytes(content)
    assert re.fullmatch(
        rf"FOUT {journal}: de regel die op byte \d+ begint, is beschadigd\. {way}", run("verify", "--store", data)[1]
    )
    journal.write_bytes(frame(0, Header(version=99).model_dump_json().encode()))
    newer = "schema 99 is nieuwer dan schema 1 van deze versie; draai de versie die het schreef\n"
    assert run("migrate", "--store", data)[2] == newer
    journal.write_bytes(frame(0, b'{"kring": "iets"}'))
    assert "deze versie kent dit bestand niet" in run("verify", "--store", data)[1]
    journal.unlink()
    assert (
        run("verify", "--store", data)[1]
        == f"FOUT {journal}: dit is er niet; zet een kopie terug: kring restore BESTAND\n"
    )
    assert run("migrate", "--store", data)[2] == f"{journal}: dit bestand is weg. {way}"
    state.chmod(0o755)
    assert (
        run("restore", backup, "--store", data)[2]
        == f"{state}: anderen kunnen erbij (rechten 755); chmod 700 {state}\n"
    )
    assert run("verify", "--store", data / "x")[2].endswith(
        "hier is geen opslag; start de bot een keer, of noem de datamap met --store\n"
    )


def test_why_the_disk_refuses_is_told_in_dutch_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    (tmp_path / "file").touch()
    with pytest.raises(StoreBroken) as broken:
        Store.open(tmp_path / "file" / "state", TABLES)
    assert told(broken.value).startswith(f"{tmp_path}/file/state: de schijf of de map werkt niet (dit is geen map); ")


def test_where_no_store_is_the_mend_is_told(run: Said, tmp_path: Path) -> None:
    code, _, err = run("verify", "--store", tmp_path / "nothing")
    assert (code, "has no store" in err) == (2, True)


@pytest.mark.usefixtures("known")
def test_a_store_whose_journal_is_gone_is_damaged(run: Said, data: Path) -> None:
    (data / "state" / JOURNAL).unlink()
    assert run("verify", "--store", data)[0] == 3


@pytest.mark.usefixtures("known")
def test_a_backup_is_made_while_the_store_is_open_and_being_written(run: Said, data: Path, tmp_path: Path) -> None:
    with Store.open(data / "state", TABLES, indexes=INDEXES) as store:
        store.commit_now(Unit([("marks", "late", Mark(id="late", value="1"))]))
        with (data / "state" / JOURNAL).open("ab") as half_a_record:
            half_a_record.write(b"12")
        code, out, _ = run("backup", tmp_path / "b", "--store", data, "--json")
        made = Path(json.loads(out)["file"])
        (data / "state" / JOURNAL).write_bytes((data / "state" / JOURNAL).read_bytes()[:-2])
    assert code == 0
    assert load_file(made)[1]["marks"].document("late")["value"] == "1"
    assert made.stat().st_mode & 0o777 == 0o600
    assert b"session" not in made.read_bytes()


@pytest.fixture
def backup(run: Said, known: dict[str, dict[str, Model]], data: Path, tmp_path: Path) -> Path:
    assert known
    return Path(json.loads(run("backup", tmp_path / "elsewhere", "--store", data, "--json")[1])["file"])


def test_a_restore_brings_the_state_and_the_seeds_and_no_device(
    run: Said, known: dict[str, dict[str, Model]], backup: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    code, out, _ = run("restore", backup, "--store", new)
    assert (code, "logs in anew" in out) == (0, True)
    assert (new / "matrix" / "cross_signing.json").read_text() == SEEDS
    assert [path.name for path in (new / "matrix").iterdir()] == ["cross_signing.json"]
    with Store.open(new / "state", TABLES, indexes=INDEXES) as store:
        kept = {table: dict(store.table(table)) for table in known if table != "letters"}
        assert datetime.fromisoformat(kept["marks"].pop(RESTORED).value) <= WallClock().now()
        assert kept == {table: it for table, it in known.items() if table != "letters"}
        letters = store[Letter]
        assert {key: (it.place, it.tried) for key, it in letters.items()} == {
            "1": ("!a:s", datetime(1970, 1, 1, tzinfo=UTC)),
            "2": ("!b:s", datetime(1970, 1, 1, tzinfo=UTC)),
        }
    assert all(path.stat().st_mode & 0o077 == 0 for path in new.rglob("*"))


@pytest.mark.usefixtures("known")
def test_a_restore_keeps_what_was_there_as_a_former_version_and_newer_seeds(
    run: Said, data: Path, backup: Path
) -> None:
    (data / "state" / JOURNAL).write_bytes(b"rotten")
    (data / "matrix" / "cross_signing.json").write_text("newer")
    assert run("restore", backup, "--store", data)[0] == 0
    assert [path.read_bytes() for path in former(data / "state")] == [b"rotten"]
    assert (data / "matrix" / "cross_signing.json").read_text() == "newer"
    code, out, _ = run("verify", "--store", data)
    assert (code, "note " in out) == (0, True)  # the rotten one is looked at too, and keeps nobody awake


def test_a_backup_comes_back_from_standard_input(
    run: Said, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(backup.read_bytes())))
    assert run("restore", "-", "--store", tmp_path / "new")[0] == 0
    assert run("verify", "--store", tmp_path / "new")[0] == 0


@pytest.mark.parametrize(("cut", "code"), [(0, 0), (30, 3)])
def test_a_backup_is_verified_from_standard_input(
    run: Said, backup: Path, monkeypatch: pytest.MonkeyPatch, cut: int, code: int
) -> None:
    content = backup.read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content[: len(content) - cut])))
    ended, out, _err = run("verify", "-")
    assert (ended, "standard input" in out) == (code, True)


def test_a_damaged_backup_changes_nothing(run: Said, data: Path, backup: Path) -> None:
    before = (data / "state" / JOURNAL).read_bytes()
    backup.write_bytes(backup.read_bytes()[:-30])
    assert run("restore", backup, "--store", data)[0] == 3
    assert (data / "state" / JOURNAL).read_bytes() == before
    assert run("restore", data / "nothing", "--store", data)[0] == 2


def test_a_backup_put_in_place_by_hand_is_refused(data: Path, backup: Path) -> None:
    (data / "state" / JOURNAL).write_bytes(backup.read_bytes())
    with pytest.raises(StoreForeign, match="restore"):
        Store.open(data / "state", TABLES, indexes=INDEXES)


def test_no_command_touches_a_store_that_a_bot_has_open(run: Said, data: Path, backup: Path) -> None:
    with Store.open(data / "state", TABLES, indexes=INDEXES):
        for words in (("restore", backup), ("migrate",), ("erase", ANNA, "--yes")):
            code, _, err = run(*words, "--store", data)
            assert (code, "open in another process" in err) == (3, True)


@pytest.mark.usefixtures("known")
def test_a_store_of_this_version_has_nothing_to_migrate_and_a_newer_one_is_refused(run: Said, data: Path) -> None:
    assert json.loads(run("migrate", "--store", data, "--json")[1]) == {"from": 1, "to": 1}
    journal = data / "state" / JOURNAL
    journal.write_bytes(frame(0, Header(version=99).model_dump_json().encode()))
    before = journal.read_bytes()
    code, _, err = run("migrate", "--store", data)
    assert (code, "newer" in err, journal.read_bytes() == before) == (3, True, True)


# --- the right to be forgotten ---


def test_of_every_table_it_is_said_what_it_means_to_be_forgotten() -> None:
    assert OWN.keys() | SHARED == TABLES.keys()
    assert not OWN.keys() & SHARED


@pytest.mark.parametrize("table", OWN)
def test_what_makes_a_document_somebodys_own_is_a_field_of_it(table: str) -> None:
    fields = TABLES[table].model_fields.keys()
    assert {*OWN[table].by, *(OWN[table].leaves or ())} <= fields


def fields_in(schema: object) -> Iterator[str]:
    """The names of all fields in a JSON schema, of the models within it too."""
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        yield from (name for part in schema.values() for name in fields_in(part))
    if isinstance(schema, list):
        yield from (name for part in schema for name in fields_in(part))


def test_what_is_said_of_fields_is_said_of_fields_that_there_are() -> None:
    there = {name for model in TABLES.values() for name in fields_in(model.model_json_schema())}
    assert FIELDS.fixed | FIELDS.content | FIELDS.open <= there
    assert not FIELDS.fixed & (FIELDS.content | FIELDS.open)
    assert all(fields <= there for fields in FIELDS.lists.values())
    assert all({*fields} <= TABLES[table].model_fields.keys() for table, fields in PERSONS.items())


def bytes_of(folder: Path) -> Iterator[tuple[Path, bytes]]:
    return ((path, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())


def devices_of(data: Path) -> None:
    with sqlite3.connect(data / "matrix" / "crypto.db") as keys:
        keys.execute("CREATE TABLE devicekeys (id INTEGER PRIMARY KEY, user_id TEXT)")
        keys.execute("CREATE TABLE keys (key TEXT, device_id REFERENCES devicekeys (id) ON DELETE CASCADE)")
        keys.executemany("INSERT INTO devicekeys VALUES (?, ?)", [(1, ANNA), (2, BRAM)])
        keys.executemany("INSERT INTO keys VALUES (?, ?)", [("hers", 1), ("his", 2)])
    keys.close()


async def compacted(state: Path) -> None:
    store = Store.open(state, TABLES, indexes=INDEXES)
    await store.compact()
    await store.commit(Unit([("marks", "late", Mark(id="late", value=ANNA))]))
    await store.compact()
    await store.aclose()


def test_erasing_leaves_no_byte_of_a_person_in_the_data_folder(
    run: Said, data: Path, backup: Path, known: dict[str, dict[str, Model]]
) -> None:
    asyncio.run(compacted(data / "state"))
    devices_of(data)
    code, out, _ = run("erase", ANNA, "--yes", "--also", backup, "--store", data, "--json")
    facts = json.loads(out)
    assert (code, facts["left"], facts["dropped"], facts["backups"], facts["devices"]) == (0, [], [], 3, 1)
    for path, content in (*bytes_of(data), (backup, backup.read_bytes())):
        clean = content.replace(f"{ANNA}.nl".encode(), b"")  # somebody else, on another server
        for trace in (ANNA, "Anna Müller", "I am Anna", "Anna M", "hers"):
            assert trace.encode() not in clean, path
    after = everything(data / "state")
    assert after["people"].keys() == {BRAM}
    assert after["questions"].keys() == {"t"}
    assert after["rounds"]["w"]["apart"] == [[BRAM, "@cas:example.nl"]]
    assert after["visits"].keys() == {"w/x", "w/gewist-1"}  # whoever loses a match must get another
    assert (after["visits"]["w/gewist-1"]["guest"], after["visits"]["w/gewist-1"]["suggestion"]) == ("gewist-1", None)
    assert after["letters"].keys() == {"2", "erased/gewist-1/w"}
    assert (
        after["participants"]["w/gewist-1"] | {"state": "withdrawn", "answers": {}}
        == after["participants"]["w/gewist-1"]
    )
    assert after["rounds"]["w"]["proposal"]["match"] == {"gewist-1": 2, BRAM: 1}
    assert after["audit"]["a"]["about"] == ["gewist-1", f"{ANNA}.nl"]
    assert after["participants"][f"w/{BRAM}"] == known["participants"][f"w/{BRAM}"].model_dump(mode="json")
    assert run("verify", "--store", data)[0] == 0


@pytest.mark.usefixtures("known")
def test_a_backup_that_cannot_be_read_is_dropped_by_an_erasure(run: Said, data: Path) -> None:
    rotten = data / "backup" / f"{JOURNAL}-00000001"
    rotten.parent.mkdir(mode=0o700)
    rotten.write_bytes(b"rotten")
    rotten.chmod(0o600)
    code, out, _ = run("erase", ANNA, "--yes", "--store", data, "--json")
    assert (code, json.loads(out)["dropped"], rotten.exists()) == (0, [str(rotten)], False)


@pytest.mark.usefixtures("known")
def test_what_an_erasure_cannot_reach_is_named(run: Said, data: Path) -> None:
    (data / "note").write_text(f"call {ANNA}\n")
    code, out, _ = run("erase", ANNA, "--yes", "--store", data)
    assert (code, str(data / "note") in out) == (1, True)


def all_bytes(data: Path) -> dict[Path, bytes]:
    return dict(bytes_of(data))


WRONG_WORDS = (
    "niemand",
    "een",
    "2027",
    "Rijkswaterstaat",
    "AFM",
    "nl",
    "text",
    "edition",
    "kind",
    "Anna Müller",
    "w",
    "1",
)
"""Words that stand in documents, and are nobody's id."""


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("word", [*WRONG_WORDS, "@nobody:example.nl"])
def test_what_is_nobodys_id_is_refused_and_no_byte_changes(run: Said, data: Path, word: str) -> None:
    before = all_bytes(data)
    code, _, err = run("erase", word, "--yes", "--store", data)
    assert (code, "nobody in the store has this id" in err, "kring people" in err) == (2, True, True)
    assert all_bytes(data) == before


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("written", ["@ana:example.nl", "anna", "müller"])
def test_of_a_wrong_id_the_nearest_is_named(run: Said, data: Path, written: str) -> None:
    assert f"(did you mean {ANNA}" in run("erase", written, "--yes", "--store", data)[2]


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


@pytest.mark.usefixtures("known")
def test_who_it_is_is_shown_and_the_id_is_asked_once_more(
    run: Said, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_bytes(data)
    typed(monkeypatch, f"{BRAM}\n")
    code, _, err = run("erase", ANNA, "--store", data)
    assert (code, "not the same id" in err, all_bytes(data) == before) == (1, True, True)
    assert f"Anna Müller ({ANNA}): in 18 documents of the store." in err
    typed(monkeypatch, f"{ANNA}\n")
    assert run("erase", ANNA, "--store", data)[0] == 0
    assert all_bytes(data) != before


def put(data: Path, *models: tuple[str, Model]) -> None:
    with Store.open(data / "state", TABLES, indexes=INDEXES) as store:
        store.commit_now(Unit((table, str(vars(it)["id"]), it) for table, it in models))


def played(data: Path, *ids: str) -> None:
    """A store of a played chat, where ids are short words, and everybody wrote some of them."""
    data.mkdir(mode=0o700)
    written = " ".join(("Een dag met", *ids, "en 2027"))
    with Store.open(data / "state", TABLES, indexes=INDEXES) as store:
        store.commit_now(Unit([("editions", "w-27", sample_edition(AT.date(), ()).model_copy(update={"id": "w-27"}))]))
    for id_ in ids:
        put(
            data,
            ("people", Person(id=id_, name=id_.title())),
            (
                "participants",
                Participant(
                    id=f"w-27/{id_}",
                    edition="w-27",
                    person=id_,
                    state="in",
                    since=AT,
                    answers={"motto": written, "nl": id_},
                ),
            ),
            ("questions", Question(id=id_, person=id_, call=None, text=Text(id=written), until=AT, letter="1")),
        )


def test_an_id_that_is_a_common_word_stays_in_what_others_wrote(run: Said, data: Path) -> None:
    played(data, "een", "bram")
    before = everything(data / "state")
    assert run("erase", "een", "--yes", "--store", data)[0] == 0
    after = everything(data / "state")
    assert after["people"].keys() == {"bram"}
    assert after["participants"].keys() == {"w-27/gewist-1", "w-27/bram"}
    assert after["participants"]["w-27/bram"] == before["participants"]["w-27/bram"]
    assert after["questions"] == {"bram": before["questions"]["bram"]}
    assert after["editions"] == before["editions"]
    assert run("verify", "--store", data)[0] == 0


@pytest.mark.parametrize("id_", ["nl", "text", "edition", "answers", "in", "person"])
def test_an_id_that_is_a_word_of_the_documents_leaves_a_store_that_starts(run: Said, data: Path, id_: str) -> None:
    played(data, id_, "bram")
    before = all_bytes(data / "state")
    code, _, err = run("erase", id_, "--yes", "--store", data)
    assert code == 0 or ("Nothing was erased" in err and all_bytes(data / "state") == before)
    assert run("verify", "--store", data)[0] == 0
    kept = everything(data / "state")["participants"]["w-27/bram"]
    assert kept["answers"] == {"motto": f"Een dag met {id_} bram en 2027", "nl": "bram"}


@pytest.mark.parametrize("id_", ["w-27", "7", "cohort"])
def test_an_id_that_cannot_be_told_from_other_things_is_refused(run: Said, data: Path, id_: str) -> None:
    played(data, id_, "bram")
    before = all_bytes(data / "state" / "..")
    code, _, err = run("erase", id_, "--yes", "--store", data)
    assert (code, "Nothing was erased" in err) == (2, True)
    assert {path.name: content for path, content in bytes_of(data)} == {p.name: c for p, c in before.items()}


@pytest.mark.usefixtures("known")
def test_what_would_not_fit_its_model_stops_all_before_the_first_byte(run: Said, data: Path) -> None:
    asyncio.run(compacted(data / "state"))
    with (data / "state" / JOURNAL).open("ab") as journal:
        number = load_file(data / "state" / JOURNAL)[2]
        wrong = Written("audit", "b", b'{"id": "b", "about": ["%b"]}' % ANNA.encode())
        journal.write(frame(number + 1, pack([wrong])))
    before = all_bytes(data)
    code, _, err = run("erase", ANNA, "--yes", "--store", data)
    assert (code, "Nothing was erased" in err) == (2, True)
    assert all_bytes(data) == before


@pytest.mark.usefixtures("known")
def test_a_name_goes_from_what_others_wrote_only_where_it_is_given_and_as_a_whole_word(run: Said, data: Path) -> None:
    text = "Met Anna en Anna Müller, niet met Annabel of Hanna"
    put(
        data, ("places", Place(id="w/3", edition="w", number=3, host=BRAM, organisation="Anna", sector="x", offer=text))
    )
    shown = run("erase", ANNA, "--store", data)[2]
    assert "The name is in 1 document of others too" in shown
    assert run("erase", ANNA, "--yes", "--name", "Anna Müller", "--name", "Anna", "--store", data)[0] == 0
    place = everything(data / "state")["places"]["w/3"]
    assert place["offer"] == "Met gewist-1 en gewist-1, niet met Annabel of Hanna"
    assert place["organisation"] == "Anna"


def test_an_edition_keeps_its_texts_and_loses_its_coordinator(run: Said, data: Path) -> None:
    filled(data)
    edition = sample_edition(AT.date(), (ANNA, BRAM)).model_copy(update={"name": f"Met Anna Müller {ANNA}"})
    put(data, ("editions", edition), ("edition_files", EditionFile(id=edition.id, taken=edition, found=edition)))
    code, out, _ = run("erase", ANNA, "--yes", "--name", "Anna Müller", "--store", data)
    after = everything(data / "state")
    assert after["editions"][edition.id] == edition.model_dump(mode="json") | {"coordinators": [BRAM]}
    assert after["edition_files"][edition.id]["taken"]["coordinators"] == [BRAM]
    assert (code, str(data / "state" / JOURNAL) in out) == (1, True)  # the file of the edition names her: that is told


@pytest.mark.usefixtures("known")
def test_a_damaged_former_version_is_told_before_and_after(run: Said, data: Path) -> None:
    rotten = data / "backup" / f"{JOURNAL}-00000001"
    rotten.parent.mkdir(mode=0o700)
    rotten.write_bytes(b"rotten")
    rotten.chmod(0o600)
    line = f"{rotten}: damaged, and cannot be read; it goes, as nobody can tell who is in it"
    assert line in run("erase", ANNA, "--store", data)[2]
    assert rotten.exists()
    assert line in run("erase", ANNA, "--yes", "--store", data)[1]
    assert not rotten.exists()


@pytest.mark.usefixtures("known")
def test_people_are_listed_with_their_ids(run: Said, data: Path) -> None:
    put(data, ("editions", sample_edition(AT.date(), (BRAM,))))
    assert run("people", "--store", data)[1].splitlines() == [
        f"{ANNA}  Anna Müller  AFM  w: takes part",
        f"{BRAM}  Bram Bos  w: takes part, secretariswissel-voorbeeld: coordinator",
        "@cas:example.nl",
    ]
    found = json.loads(run("people", "--store", data, "--json")[1])
    assert found[0] == {"id": ANNA, "name": "Anna Müller", "organisation": "AFM", "roles": {"w": "in"}}


@pytest.mark.usefixtures("known")
def test_a_second_erasure_takes_another_pseudonym(run: Said, data: Path) -> None:
    assert run("erase", ANNA, "--yes", "--store", data)[0] == 0
    assert json.loads(run("erase", BRAM, "--yes", "--store", data, "--json")[1])["pseudonym"] == "gewist-2"


def test_a_name_that_two_people_have_stays_in_texts_of_others(run: Said, data: Path) -> None:
    filled(data)
    with Store.open(data / "state", TABLES, indexes=INDEXES) as store:
        store.commit_now(Unit([("people", "@other:s", Person(id="@other:s", name="Anna Müller"))]))
    assert run("erase", ANNA, "--yes", "--store", data)[0] == 0
    assert everything(data / "state")["letters"]["2"]["text"]["values"] == {"who": "Anna Müller"}
