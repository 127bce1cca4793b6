"""`kring matrix`: each fault is a line on standard error and exit code 2; what was done is said in one sentence."""

import asyncio
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import kring
from bot.cli.faults import finish
from tests.synapse import Credentials, Synapse

Kring = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Kring:
    """Run a command line; its exit code, and what it wrote on standard output and standard error."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run_it(*words: str) -> tuple[int, str, str]:
        code = finish(kring, words)
        written = capsys.readouterr()
        return code, written.out, written.err

    return run_it


def config_for(synapse: Synapse, credentials: Credentials, folder: Path) -> Path:
    """A kring.toml with the password in a file of its own, as an operator makes it."""
    password = folder / "password"
    password.touch(mode=0o600)
    password.write_text(credentials.password)
    config = folder / "kring.toml"
    config.write_text(
        f'data = "data"\n[matrix]\nhomeserver = "{synapse.url}"\nuser = "{credentials.user_id}"\n'
        'password_file = "password"\ninviters = ["@*:kring.test"]\n'
    )
    return config


@pytest.mark.synapse
def test_login_keeps_the_session_and_says_so_again(synapse: Synapse, tmp_path: Path, run: Kring) -> None:
    credentials = asyncio.run(synapse.user("kring"))
    config = str(config_for(synapse, credentials, tmp_path))
    code, out, err = run("matrix", "login", "--config", config)
    assert (code, err) == (0, "")
    assert credentials.user_id in out
    assert stat.S_IMODE((tmp_path / "data" / "matrix").stat().st_mode) == 0o700
    assert run("matrix", "login", "--config", config) == (code, out, err)


@pytest.mark.synapse
def test_bootstrap_signs_the_device_and_shows_the_key_to_compare(synapse: Synapse, tmp_path: Path, run: Kring) -> None:
    credentials = asyncio.run(synapse.user("kring"))
    config = str(config_for(synapse, credentials, tmp_path))
    code, out, err = run("matrix", "bootstrap", "--json", "--config", config)
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["user"] == credentials.user_id
    assert len(told["master_key"]) == 43
    assert run("matrix", "bootstrap", "--json", "--config", config) == (0, out, "")


@pytest.mark.synapse
def test_a_foreign_identity_is_one_line_and_replace_mends_it(synapse: Synapse, tmp_path: Path, run: Kring) -> None:
    credentials = asyncio.run(synapse.user("kring"))
    config = config_for(synapse, credentials, tmp_path)
    theirs = run("matrix", "bootstrap", "--json", "--config", str(config))[1]
    (tmp_path / "data" / "matrix" / "cross_signing.json").unlink()
    code, out, err = run("matrix", "bootstrap", "--config", str(config))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "kring matrix bootstrap --replace" in err
    code, out, _ = run("matrix", "bootstrap", "--replace", "--json", "--config", str(config))
    assert code == 0
    assert json.loads(out)["master_key"] != json.loads(theirs)["master_key"]


@pytest.mark.parametrize("command", ["login", "bootstrap"])
def test_a_server_that_is_away_is_one_line(tmp_path: Path, run: Kring, command: str) -> None:
    config = tmp_path / "kring.toml"
    config.touch(mode=0o600)
    config.write_text('[matrix]\nhomeserver = "http://127.0.0.1:9"\nuser = "@kring:example.nl"\npassword = "x"\n')
    code, out, err = run("matrix", command, "--config", str(config))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "cannot be reached" in err


def test_a_dutch_shell_reads_in_dutch_what_to_mend(tmp_path: Path, run: Kring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    config = tmp_path / "kring.toml"
    config.touch(mode=0o600)
    config.write_text('[matrix]\nhomeserver = "http://127.0.0.1:9"\nuser = "@kring:example.nl"\n')
    told = "kring.toml: matrix: er is nog geen sessie en geen wachtwoord; schrijf password_file, of draai kring matrix login --token -"
    assert run("matrix", "login", "--config", str(config)) == (2, "", f"{told}\n")


def test_a_config_without_matrix_says_what_to_add(tmp_path: Path, run: Kring) -> None:
    config = tmp_path / "kring.toml"
    config.write_text('language = "nl"\n')
    code, _, err = run("matrix", "login", "--config", str(config))
    assert (code, err) == (2, f"{config}: matrix: is missing; add a section [matrix] with homeserver and user\n")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"two\nlines"])
def test_a_token_file_without_a_token_is_one_line(tmp_path: Path, run: Kring, content: bytes) -> None:
    config = tmp_path / "kring.toml"
    config.write_text('[matrix]\nhomeserver = "http://127.0.0.1:9"\nuser = "@kring:example.nl"\n')
    (tmp_path / "token").write_bytes(content)
    code, out, err = run("matrix", "login", "--token", str(tmp_path / "token"), "--config", str(config))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert str(tmp_path / "token") in err
