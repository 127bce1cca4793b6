"""The command line as an operator meets it: languages, exit codes, and no traceback for what was foreseen."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Never

import click
import pytest

from bot.__main__ import COMMANDS, kring
from bot.chat import Mendable
from bot.cli.faults import Fault, finish
from bot.cli.lazy import Lazy, LazyGroup
from bot.cli.words import is_dutch
from programme.text import _
from storage.errors import StoreLocked
from tests.fake_idp import APP, TENANT

ROOT = Path(__file__).parent.parent
EDITIONS = Path(__file__).parent.parent / "programme" / "editions"
MATRIX = {"KRING_MATRIX__USER": "@kring:example.nl", "KRING_MATRIX__HOMESERVER": "http://127.0.0.1:9"}


def run(*words: str, cwd: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "KRING_"))}
    command = [sys.executable, "-W", "error", "-m", "bot", *words]
    env = {**kept, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **environ}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603


def raising(error: BaseException) -> click.Command:
    def fail() -> Never:
        raise error

    return click.Command("fail", callback=fail)


def test_help_is_dutch_where_the_shell_is_dutch() -> None:
    text = run("--help", LANG="nl_NL.UTF-8").stdout
    assert "Gebruik: kring" in text
    assert "Toon deze uitleg en stop." in text
    assert "Opdrachten:" in text


def test_help_is_english_elsewhere() -> None:
    text = run("--help", LANG="de_DE.UTF-8").stdout
    assert "Usage: kring" in text
    assert "Commands:" in text


def test_the_help_of_a_command_is_dutch_too() -> None:
    text = run("check", "--help", LANG="nl_NL.UTF-8").stdout
    assert "Gebruik: kring check" in text
    assert "Controleer of de bot hier kan draaien" in text


@pytest.mark.parametrize(
    ("environ", "dutch"),
    [
        ({"LANG": "nl_NL.UTF-8"}, True),
        ({"LANG": "nl"}, True),
        ({"LANG": "en_GB", "LC_ALL": "nl_BE"}, True),
        ({"LANG": "nl_NL", "LC_MESSAGES": "en_GB"}, False),
        ({"LANG": "nl_NL", "LC_ALL": ""}, True),
        ({}, False),
    ],
)
def test_the_language_follows_the_variables_of_posix(environ: dict[str, str], dutch: bool) -> None:
    assert is_dutch(environ) is dutch


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_is_listed_can_be_imported(name: str) -> None:
    assert COMMANDS[name].command().name == name


def test_listing_the_commands_imports_none() -> None:
    script = "import sys; from bot.__main__ import kring; kring.get_help(__import__('click').Context(kring)); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert not {"nio", "aiohttp", "pydantic", "tinydb", "babel", "apscheduler"} & set(loaded.stdout.split())


def test_one_missing_module_does_not_break_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    group = LazyGroup("kring", {"gone": Lazy("bot.cli.gone:gone", "Away."), "check": COMMANDS["check"]}, help="")
    assert finish(group, ["check", "--help"]) == 0
    assert finish(group, ["gone"]) == 2
    assert capsys.readouterr().err == "bot.cli.gone: is not in this installation; install kring whole\n"


def test_a_module_that_misses_something_itself_is_a_bug() -> None:
    with pytest.raises(ModuleNotFoundError):
        finish(LazyGroup("kring", {"odd": Lazy("bot.cli.gone.deeper:odd", "")}, help=""), ["odd"])


def test_an_unknown_command_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(kring, ["nope"]) == 2
    assert "nope" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (Fault("a: b; c", "d: e; f"), 2, "a: b; c\nd: e; f\n"),
        (Fault("no optimum", code=1), 1, "no optimum\n"),
        (Mendable(_("{it}: is wrong; mend it", it="matrix.user")), 2, "matrix.user: is wrong; mend it\n"),
        (StoreLocked("The store is open elsewhere", mend="Stop that."), 3, "The store is open elsewhere. Stop that.\n"),
        (KeyboardInterrupt(), 130, ""),
        (click.Abort(), 130, ""),
    ],
)
def test_a_foreseen_fault_is_lines_and_a_code(
    error: BaseException, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finish(raising(error), []) == code
    assert capsys.readouterr().err.lstrip("\n") == told


def test_a_bug_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        finish(raising(ZeroDivisionError()), [])


def test_a_reader_that_leaves_early_gets_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "bot", "--help"]
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_broken_config_is_one_line_and_code_2(tmp_path: Path) -> None:
    (tmp_path / "kring.toml").write_text('langauge = "nl"\n')
    done = run("healthcheck", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "kring.toml:1: langauge: is not a setting; did you mean language?\n"


def test_a_broken_config_is_told_in_dutch_at_a_dutch_shell(tmp_path: Path) -> None:
    (tmp_path / "kring.toml").write_text('prefix = "!"\n\n[matrix]\nhomeserver = "http://example.nl"\ninvitors = []\n')
    done = run("check", cwd=tmp_path, LANG="nl_NL.UTF-8")
    assert done.returncode == 2
    assert done.stdout.splitlines() == [
        "FOUT kring.toml:4: matrix.homeserver: met http zijn berichten en wachtwoord onderweg te lezen; schrijf 'https://'",
        "FOUT kring.toml:3: matrix.user: ontbreekt; voeg het toe",
        "FOUT kring.toml:5: matrix.invitors: is geen instelling; bedoel je inviters?",
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('tenant = ["a"]', ["kring.toml:3: teams.tenant: is not a setting; did you mean tenants?"]),
        ('file = "x"', ["kring.toml:3: teams.file: belongs to [[edition]]; put [[edition]] above it"]),
    ],
)
def test_a_slip_is_told_once_and_with_where_it_belongs(tmp_path: Path, written: str, told: list[str]) -> None:
    tenants = "" if "tenant" in written else f'tenants = ["{TENANT}"]\n'
    (tmp_path / "kring.toml").write_text(f'[teams]\nmanaged_identity = true\n{written}\napp_id = "{APP}"\n{tenants}')
    done = run("healthcheck", cwd=tmp_path)
    assert done.stderr.splitlines() == told


def test_keys_of_an_edition_without_its_header_are_told_what_belongs_above(tmp_path: Path) -> None:
    (tmp_path / "kring.toml").write_text('file = "editie.toml"\n')
    done = run("healthcheck", cwd=tmp_path, LANG="nl_NL.UTF-8")
    assert done.stderr == "kring.toml:1: file: hoort bij [[edition]]; zet [[edition]] erboven\n"


def test_check_without_a_file_asks_for_one(tmp_path: Path) -> None:
    done = run("check", cwd=tmp_path, LANG="nl_NL.UTF-8")
    mend = "geen kring.toml in deze map; maak het, of noem het met --config"
    assert (done.returncode, done.stdout) == (2, f"FOUT {mend}\n")


def test_check_tells_of_a_coordinator_whom_no_platform_reaches(tmp_path: Path) -> None:
    edition(tmp_path, (EDITIONS / "secretariswissel-2026.toml").read_text(encoding="utf-8"))
    done = run(
        "check",
        cwd=tmp_path,
        KRING_TEAMS__APP_ID=APP,
        KRING_TEAMS__TENANTS=f'["{TENANT}"]',
        KRING_TEAMS__MANAGED_IDENTITY="true",
    )
    assert done.returncode == 2
    assert "NO  edition: edition[1].coordinators: @cor:example.nl cannot be reached without [matrix]" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lint",), "kring lint: 'FILE...' ontbreekt; kring lint --help geeft uitleg"),
        (("copy", "x"), "kring copy: de optie '--start' ontbreekt; kring copy --help geeft uitleg"),
        (("nope",), "kring: de opdracht 'nope' bestaat niet; kring --help geeft uitleg"),
        (
            ("check", "--jsn"),
            "kring check: de optie '--jsn' bestaat niet; bedoel je '--json'?; kring check --help geeft uitleg",
        ),
        (("check", "--config"), "kring: achter '--config' ontbreekt een waarde; kring --help geeft uitleg"),
        (("check", "a", "b"), "kring check: dit is te veel: a b; kring check --help geeft uitleg"),
        (
            ("rehearse", "x", "--seed", "y"),
            "kring rehearse: '--seed': 'y' is geen heel getal; kring rehearse --help geeft uitleg",
        ),
        (
            ("commands", "--lang", "fr"),
            "kring commands: '--lang': 'fr' kan niet; kies uit 'nl', 'en'; kring commands --help geeft uitleg",
        ),
        (("verify", "weg"), "kring verify: '[FILE]': het bestand 'weg' bestaat niet; kring verify --help geeft uitleg"),
    ],
)
def test_wrong_use_is_one_line_in_dutch_at_a_dutch_shell(words: tuple[str, ...], told: str) -> None:
    done = run(*words, LANG="nl_NL.UTF-8")
    assert (done.returncode, done.stderr) == (2, f"{told}\n")


def test_wrong_use_is_one_line_in_english_elsewhere() -> None:
    done = run("copy", "x")
    assert (done.returncode, done.stderr) == (2, "kring copy: Missing option '--start'; kring copy --help explains\n")


def test_the_remarks_of_a_help_page_are_dutch_too() -> None:
    assert "[verplicht]" in run("copy", "--help", LANG="nl_NL.UTF-8").stdout
    assert "[standaard: 1]" in " ".join(run("rehearse", "--help", LANG="nl_NL.UTF-8").stdout.split())


def test_check_tells_what_is_well_and_what_is_not(tmp_path: Path) -> None:
    edition(tmp_path, (EDITIONS / "secretariswissel-2026.toml").read_text(encoding="utf-8"))
    done = run("check", "--json", cwd=tmp_path, **MATRIX, KRING_MATRIX__PASSWORD="wachtwoord")
    found = {finding["what"]: finding["ok"] for finding in json.loads(done.stdout)["findings"]}
    assert done.returncode == 1
    assert found == {"config": True, "platforms": True, "edition": True, "store": True, "clock": True, "matrix": False}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("\nhallo = 1", "editie.toml:2: error: hallo: this key is unknown; take it out"),
        (
            (EDITIONS / "secretariswissel-2026.toml").read_text(encoding="utf-8").replace("2026-09-18", "20260918"),
            "editie.toml:11: error: publish: this is no day",
        ),
        ("id = [", "editie.toml:1: error: id: this line cannot be read; mend this line, or the one before it"),
        ("", "editie.toml:1: error: contact: this key is missing; add it"),
    ],
)
def test_check_reads_the_editions_too(tmp_path: Path, written: str, told: str) -> None:
    edition(tmp_path, written)
    done = run("check", cwd=tmp_path, **MATRIX, KRING_MATRIX__PASSWORD="wachtwoord")
    assert done.returncode == 2
    assert told in done.stdout


def test_check_asks_for_a_password_when_there_is_no_session(tmp_path: Path) -> None:
    edition(tmp_path, (EDITIONS / "secretariswissel-2026.toml").read_text(encoding="utf-8"))
    done = run("check", cwd=tmp_path, **MATRIX)
    assert done.returncode == 2
    assert "no session and no password" in done.stdout


def edition(folder: Path, written: str) -> None:
    """Let the bot of this folder run one edition, with this text."""
    (folder / "editie.toml").write_text(written, encoding="utf-8")
    (folder / "kring.toml").write_text('[[edition]]\nfile = "editie.toml"\ncoordinators = ["@cor:example.nl"]\n')


def test_check_refuses_a_store_that_is_open_to_others(tmp_path: Path) -> None:
    (tmp_path / "data" / "state").mkdir(parents=True)
    (tmp_path / "data" / "state").chmod(0o755)
    done = run("check", cwd=tmp_path, **MATRIX)
    assert done.returncode == 3
    assert "NO  store: " in done.stdout
    assert "chmod 700" in done.stdout


def test_check_without_a_platform_is_a_wrong_config(tmp_path: Path) -> None:
    assert run("check", cwd=tmp_path).returncode == 2


class Homeserver(BaseHTTPRequestHandler):
    """As much of a homeserver as `kring check` and `kring healthcheck` ask for, and far ahead of us in time."""

    def do_GET(self) -> None:
        self.send_response_only(200 if self.path != "/readyz" else 503)
        self.send_header("Date", "Fri, 01 Jan 2100 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(b'{"versions": []}')

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Homeserver) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def test_check_sees_a_clock_that_is_off_the_servers(tmp_path: Path, address: str) -> None:
    edition(tmp_path, (EDITIONS / "secretariswissel-2026.toml").read_text(encoding="utf-8"))
    server = {**MATRIX, "KRING_MATRIX__HOMESERVER": f"http://{address}", "KRING_MATRIX__PASSWORD": "wachtwoord"}
    done = run("check", "--json", cwd=tmp_path, **server)
    found = {finding["what"]: finding["ok"] for finding in json.loads(done.stdout)["findings"]}
    assert (done.returncode, found["clock"], found["matrix"]) == (1, False, True)


def test_check_tells_of_a_port_on_which_somebody_else_listens(tmp_path: Path, address: str) -> None:
    done = run("check", cwd=tmp_path, KRING_HEALTH__LISTEN=address, LANG="nl_NL.UTF-8", **MATRIX)
    assert done.returncode == 2
    assert (
        f"FOUT health.listen: {address}: dit adres is al in gebruik; kies een andere poort" in done.stdout.splitlines()
    )
    free = run("check", cwd=tmp_path, KRING_HEALTH__LISTEN="127.0.0.1:0", **MATRIX)
    assert "health.listen" not in free.stdout


def test_healthcheck_asks_the_bot_here(tmp_path: Path, address: str) -> None:
    assert run("healthcheck", cwd=tmp_path, KRING_HEALTH__LISTEN=address).returncode == 0
    assert run("healthcheck", "--ready", cwd=tmp_path, KRING_HEALTH__LISTEN=address).returncode == 1
    assert run("healthcheck", cwd=tmp_path, KRING_HEALTH__LISTEN="127.0.0.1:9").returncode == 1


def test_healthcheck_is_read_by_a_script(tmp_path: Path, address: str) -> None:
    for listen, ok in ((address, True), ("127.0.0.1:9", False)):
        done = run("healthcheck", "--json", cwd=tmp_path, KRING_HEALTH__LISTEN=listen)
        assert (done.returncode, json.loads(done.stdout)["ok"]) == (int(not ok), ok)


def test_healthcheck_says_so_where_the_bot_answers_nowhere(tmp_path: Path) -> None:
    done = run("healthcheck", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        1,
        "kring.toml: health: is missing, so that the bot answers nowhere; add a section [health]\n",
    )


def test_ids_for_teams_that_cannot_be_are_refused_before_anything_begins(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0o600)
    edition = EDITIONS / "secretariswissel-2026.toml"
    (tmp_path / "own.toml").write_text(
        f'[[edition]]\nfile = "{edition}"\ncoordinators = ["@cor:example.nl"]\n'
        '[teams]\napp_id = "kring"\ntenants = ["example.nl"]\nsecret_file = "secret"\n'
    )
    done = run("run", "--config", "own.toml", cwd=tmp_path, LANG="nl_NL.UTF-8")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "own.toml:5: teams.app_id: 'kring' is geen id; schrijf het id uit Entra: 8-4-4-4-12 tekens",
        "own.toml:6: teams.tenants[1]: 'example.nl' is geen id; schrijf het id uit Entra: 8-4-4-4-12 tekens",
    ]
    assert not (tmp_path / "data").exists()
