"""What an operator meets in the first hour: a slip of the pen in a file, a wrong password, a name that is nobody's. One line each."""

import asyncio
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.__main__ import kring
from bot.cli.faults import Fault as Refused
from bot.cli.faults import finish
from bot.clock import WallClock, named_free_days
from bot.config import ConfigFaults, load
from bot.files import read_edition
from bot.matrix.faults import unreachable
from bot.matrix.saved import SESSION, has_session
from bot.matrix.session import SessionFault, open_session
from bot.settings import MatrixSettings
from programme.lint import lint
from programme.rooms import RoomWish
from programme.text import Both, Text
from tests.fake_homeserver import Fault, fake_homeserver
from tests.local_matrix import EDITION, moved
from tests.matrix_house import RecordingHouse, chatting
from tests.synapse import Synapse
from tests.test_command_line import run as process
from tests.test_config import WHOLE
from tests.test_matrix_cli import config_for
from tests.test_session import homeserver

Kring = Callable[..., tuple[int, str, str]]
SAMPLE = EDITION.read_text(encoding="utf-8")
KEY = re.compile(r"^(\s*[\w-]+\s*=\s*)(?=\S)", re.MULTILINE)
ODD = [
    *("1", "-1", "0", "99999", "1.5", "nan", "inf", "1e400", "9223372036854775808", "true"),
    *(
        '""',
        '"x"',
        '"Amsterdam"',
        '"{"',
        '"{0}"',
        '"{a.b}"',
        '"{edition!r}"',
        '"{edition:>9999999999}"',
        '"\\u0000"',
        '"é🙂"',
    ),
    *("[]", "[1]", '["a"]', "[[]]", "{}", "{ nl = 1 }", '{ nl = "x", en = "x" }', "[{}]"),
    *(
        "2027-05-10",
        "0001-01-01",
        "9999-12-31",
        "2027-05-10T10:00:00Z",
        "23:59:59.999999",
        '"NaN"',
        '"../../etc"',
        f'"{"x" * 300}"',
    ),
]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Kring:
    """Run a command line at a Dutch shell; its exit code, and what it wrote on standard output and standard error."""
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")

    def run_it(*words: str) -> tuple[int, str, str]:
        code = finish(kring, words)
        written = capsys.readouterr()
        return code, written.out, written.err

    return run_it


def with_odd_value(text: str, data: st.DataObject) -> str:
    """The file with one of its values replaced by something that does not belong there."""
    at = data.draw(st.sampled_from([match.end() for match in KEY.finditer(text)]))
    value = data.draw(st.sampled_from(ODD))
    end = text.find("\n", at)
    return f"{text[:at]}{value}{text[end:]}"


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_whatever_stands_in_an_edition_it_is_read_or_told_line_by_line(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file = tmp_path_factory.getbasetemp() / "odd.toml"
    file.write_text(with_odd_value(SAMPLE, data), encoding="utf-8")
    found = lint(str(file), file.read_text("utf-8"), named_free_days)
    assert all(it.line >= 1 for it in found)
    assert all(line.startswith(f"{file}:") for line in faults_of(file))


def faults_of(file: Path) -> tuple[str, ...]:
    """The lines that refuse an edition; none for one that can be used, which has an end."""
    try:
        read_edition(file).is_current(WallClock().now())
    except Refused as fault:
        return fault.lines
    return ()


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_whatever_stands_in_the_configuration_it_is_read_or_told_line_by_line(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file = tmp_path_factory.getbasetemp() / "kring.toml"
    file.write_text(with_odd_value(WHOLE, data), encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(ConfigFaults) as caught:  # the files that it names are not there
        load(file, {})
    assert all(line.startswith(f"{file}") for line in caught.value.lines)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("[matrix]", "[Matrix]", "kring.toml:10: Matrix: is geen instelling; schrijf matrix, zonder hoofdletter"),
        ("[[edition]]", "[edition]", "kring.toml:6: edition: is er maar één; schrijf [[edition]], met dubbele haken"),
        ("@cor:example", "@Cor:example", "heeft een hoofdletter, en een Matrix-id niet; schrijf '@cor:example.nl'"),
        ("@cor:example", "@kring:example", "@kring:example.nl is de bot zelf; noem wie het programma leidt"),
    ],
)
def test_a_slip_in_the_configuration_is_told_with_its_mend(
    was: str, now: str, told: str, tmp_path: Path, run: Kring
) -> None:
    (tmp_path / "wissel.toml").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "password").touch(mode=0o600)
    (tmp_path / "password").write_text("geheim")
    config = tmp_path / "kring.toml"
    config.write_text(WHOLE.replace(was, now, 1), encoding="utf-8")
    code, _out, err = run("matrix", "login", "--config", str(config))
    assert (code, [line for line in err.splitlines() if told in line]) == (2, err.splitlines())


def test_without_a_configuration_nothing_runs_and_that_is_said(
    tmp_path: Path, run: Kring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("run") == (2, "", "geen kring.toml in deze map; maak het, of noem het met --config\n")


def test_an_edition_that_is_named_twice_is_refused(tmp_path: Path, run: Kring) -> None:
    config = configured(tmp_path, [EDITION, EDITION])
    code, out, _err = run("check", "--config", str(config))
    assert code == 2
    assert "secretariswissel-2026 staat er al, in " in out
    done = process("run", "--config", str(config), cwd=tmp_path, LANG="nl_NL.UTF-8")
    assert done.returncode == 2
    assert "secretariswissel-2026 staat er al, in " in done.stderr


@pytest.mark.parametrize(
    ("weeks", "told"), [(-200, "deze editie is voorbij"), (-16, "het aanmelden is al voorbij"), (4, "")]
)
def test_an_edition_that_comes_too_late_is_told_before_the_start(
    weeks: int, told: str, tmp_path: Path, run: Kring
) -> None:
    today = WallClock().now().date()
    file = tmp_path / "w.toml"
    file.write_text(moved(SAMPLE, today + timedelta(weeks=weeks)), encoding="utf-8")
    _code, out, _err = run("check", "--config", str(configured(tmp_path, [file])))
    assert ("let op" in out) is bool(told)
    assert told in out


def configured(folder: Path, editions: list[Path]) -> Path:
    """A kring.toml that runs these editions on a server that is not there."""
    config = folder / "kring.toml"
    parts = [f'[[edition]]\nfile = "{file}"\ncoordinators = ["@cor:example.nl"]\n' for file in editions]
    matrix = '[matrix]\nhomeserver = "http://127.0.0.1:9"\nuser = "@kring:example.nl"\npassword = "x"\n'
    config.touch(mode=0o600)
    config.write_text("".join([*parts, matrix]))
    return config


# ── the homeserver ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_refused_login_leaves_nothing_that_binds_to_a_user(tmp_path: Path) -> None:
    async with homeserver({"POST login": (403, {"errcode": "M_FORBIDDEN", "error": "Invalid"})}) as address:
        wrong = MatrixSettings.model_validate({"homeserver": address, "user": "@flur:example.nl", "password": "x"})
        with pytest.raises(SessionFault, match="wrong password for @flur"):
            await open_session(wrong, tmp_path / "matrix")
        assert not (tmp_path / "matrix" / SESSION).exists()
        with pytest.raises(SessionFault, match="wrong password for @fleur"):
            await open_session(wrong.model_copy(update={"user": "@fleur:example.nl"}), tmp_path / "matrix")


async def test_a_login_that_was_begun_for_another_user_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "matrix").mkdir(mode=0o700)
    (tmp_path / "matrix" / SESSION).touch(mode=0o600)
    (tmp_path / "matrix" / SESSION).write_text('{"user_id": "@flur:example.nl", "device_id": "A", "access_token": ""}')
    assert not has_session(tmp_path / "matrix")
    async with homeserver({"POST login": (403, {"errcode": "M_FORBIDDEN", "error": "Invalid"})}) as address:
        right = MatrixSettings.model_validate({"homeserver": address, "user": "@fleur:example.nl", "password": "x"})
        with pytest.raises(SessionFault, match="wrong password for @fleur"):
            await open_session(right, tmp_path / "matrix")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:9", "daar luistert niemand"),
        ("https://kring.invalid", "deze naam is op het netwerk niet bekend"),
    ],
)
def test_why_a_server_cannot_be_reached_is_told_without_a_word_of_a_library(
    url: str, told: str, tmp_path: Path, run: Kring
) -> None:
    config = configured(tmp_path, [EDITION])
    config.write_text(config.read_text().replace("http://127.0.0.1:9", url))
    assert f"{url} antwoordt niet ({told})" in run("check", "--config", str(config))[1]
    assert f"{url} is niet te bereiken ({told})" in run("matrix", "login", "--config", str(config))[2]


def test_a_connection_that_breaks_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    assert unreachable("https://x", TimeoutError()).text.values["reason"] == "er kwam geen antwoord"
    assert (
        unreachable("https://x", UnicodeDecodeError("utf-8", b"", 0, 1, "")).text.values["reason"]
        == "de verbinding brak af"
    )


async def test_who_cannot_be_invited_is_told_at_the_desk_once(tmp_path: Path) -> None:
    house = RecordingHouse()
    async with fake_homeserver() as server, chatting(server, house, tmp_path) as chat:
        members = frozenset({"@bo:fake.test"})
        name = Both(nl="Wissel", en="Exchange")
        house.wished = [RoomWish(key="cohort/w", name=name, topic=name, members=members)]
        server.faults.append(Fault("refuse", "/m.room.member/", "PUT", times=2))
        chat.wishes_changed()
        await server.until(lambda: house.warned)
        chat.wishes_changed()
        await server.until(lambda: not server.faults)
        chat.wishes_changed()
        room = house.places["cohort/w"]
        await server.until(lambda: server.rooms[room].membership("@bo:fake.test") == "invite")
    assert [str(it.id) for it in house.warned if isinstance(it, Text)] == [
        "I could not invite {person}. Ask the operator whether that account is right."
    ]


@pytest.mark.synapse
def test_check_tries_the_password_and_asks_for_each_coordinator(synapse: Synapse, tmp_path: Path, run: Kring) -> None:
    bot, cor = asyncio.run(synapse.user("kring")), asyncio.run(synapse.user("cor"))
    config = config_for(synapse, bot, tmp_path)
    whole = config.read_text() + f'[[edition]]\nfile = "{EDITION}"\ncoordinators = ["{cor.user_id}"]\n'
    config.write_text(whole)
    code, out, _err = run("check", "--json", "--config", str(config))
    assert [it for it in json.loads(out)["findings"] if not it["ok"]] == []
    assert code == 0
    config.write_text(whole.replace(cor.user_id, "@bestaatniet:kring.test"))
    (tmp_path / "password").write_text("verkeerd")
    code, out, _err = run("check", "--config", str(config))
    assert code == 2
    assert f"het wachtwoord van {bot.user_id} klopt niet" in out
    assert "de server kent @bestaatniet:kring.test niet" in out
