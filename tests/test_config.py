"""The configuration: what is read from where, and how each fault is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.config import Config, ConfigFaults, load

WHOLE = """
data = "data"
language = "nl"
prefix = "!"

[[edition]]
file = "wissel.toml"
coordinators = ["@cor:example.nl", "teams:11111111-2222-3333-4444-555555555555:66666666-7777-8888-9999-000000000000"]

[matrix]
homeserver = "https://matrix.example.nl/"
user = "@kring:example.nl"
password_file = "password"
inviters = ["@*:example.nl"]

[health]
listen = "127.0.0.1:9180"
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    (tmp_path / "wissel.toml").write_text("")
    (tmp_path / "password").write_text("geheim\n")
    (tmp_path / "password").chmod(0o600)

    def write_config(text: str) -> Path:
        path = tmp_path / "kring.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
        return path

    return write_config


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def faults(path: Path | None, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigFaults) as caught:
        load(path, environ or {})
    return caught.value.lines


def test_a_whole_file_becomes_a_config_with_paths_beside_the_file(write: Write, tmp_path: Path) -> None:
    config = load(write(WHOLE), {})
    assert config.data == tmp_path / "data"
    assert config.edition[0].file == tmp_path / "wissel.toml"
    assert config.matrix is not None
    assert config.matrix.homeserver == "https://matrix.example.nl"
    assert config.matrix.password is not None
    assert config.matrix.password.get_secret_value() == "geheim"
    assert config.matrix.sync_timeout_ms == 30_000
    assert config.health is not None
    assert config.teams is None


def test_nothing_at_all_is_a_config_without_platforms() -> None:
    config = load(None, {})
    assert (config.data, config.language, config.prefix, config.matrix) == (Path("data"), "nl", "!", None)


def test_the_environment_wins_from_the_file(write: Write) -> None:
    environ = {
        "KRING_LANGUAGE": "en",
        "KRING_MATRIX__USER": "@ring:example.nl",
        "KRING_MATRIX__INVITERS": '["@a:b.nl"]',
    }
    config = load(write(WHOLE), environ)
    assert config.language == "en"
    assert config.matrix is not None
    assert (config.matrix.user, config.matrix.inviters) == ("@ring:example.nl", ("@a:b.nl",))
    assert config.matrix.homeserver == "https://matrix.example.nl"


def test_the_environment_alone_is_enough(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("sleutel")
    secret.chmod(0o400)
    environ = {
        "KRING_MATRIX__HOMESERVER": "http://localhost:8008",
        "KRING_MATRIX__USER": "@kring:localhost",
        "KRING_MATRIX__PICKLE_KEY_FILE": str(secret),
        "KRING_MATRIX__SYNC_TIMEOUT_MS": "100",
    }
    config = load(None, environ)
    assert config.matrix is not None
    assert config.matrix.pickle_key is not None
    assert config.matrix.pickle_key.get_secret_value() == "sleutel"
    assert config.matrix.sync_timeout_ms == 100


def test_other_variables_are_not_ours() -> None:
    assert load(None, {"PATH": "x", "LANGUAGE": "nl_NL", "DATA": "y"}).data == Path("data")


def test_a_config_that_was_read_stays_as_it_is() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load(None, {}).language = "en"  # type: ignore[misc] # the type checker knows it too


def test_the_process_environment_is_not_read_behind_our_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRING_LANGUAGE", "en")
    assert load(None, {}).language == "nl"


def test_a_secret_never_shows(write: Write) -> None:
    assert "geheim" not in repr(load(write(WHOLE), {}))


ID = "11111111-2222-3333-4444-555555555555"
TEAMS = f'[teams]\napp_id = "{ID}"\ntenants = ["{ID}"]\nmanaged_identity = true\n'
MATRIX = '[matrix]\nhomeserver = "https://matrix.example.nl"\nuser = "@kring:example.nl"\n'

BROKEN = [
    ("data = ", "{}:1: this is not TOML; mend this line, or the one before it"),
    ('langauge = "nl"', "{}:1: langauge: is not a setting; did you mean language?"),
    ('language = "fr"', "{}:1: language: is not one of the choices; write 'nl' or 'en'"),
    ("data = 3", "{}:1: data: is not a path; put it between quotes"),
    (
        'prefix = "/"',
        "{}:1: prefix: a prefix is one to three signs, no letter, space, '/', '@' or '#'; write '!'",
    ),
    ("matrix = 1", "{}:1: matrix: is not a section; write its keys under [matrix]"),
    ('[matrix]\nuser = "@kring:example.nl"', "{}:1: matrix.homeserver: is missing; add it"),
    (
        MATRIX.replace("https", "http"),
        "{}:2: matrix.homeserver: plain http leaves messages and the password open on the way; write 'https://'",
    ),
    (
        MATRIX.replace("https://", ""),
        "{}:2: matrix.homeserver: 'matrix.example.nl' is no address of a server; write 'https://' and the name of the server, no more",
    ),
    (
        MATRIX.replace("@kring:", "kring@"),
        "{}:3: matrix.user: 'kring@example.nl' is no full Matrix id; write it as '@name:server'",
    ),
    (MATRIX + 'inviters = "@a:b"', '{}:4: matrix.inviters: is not a list; write ["…", "…"]'),
    (
        MATRIX + 'inviters = ["*"]',
        "{}:4: matrix.inviters[1]: '*' is no pattern of Matrix ids; write '@name:server' or '@*:server'",
    ),
    (MATRIX + 'sync_timeout_ms = "soon"', "{}:4: matrix.sync_timeout_ms: is not a whole number; write digits only"),
    (MATRIX + "sync_timeout_ms = -1", "{}:4: matrix.sync_timeout_ms: is too small; write at least 0"),
    (
        MATRIX + 'passwordfile = "x"',
        "{}:4: matrix.passwordfile: is not a setting; did you mean password_file?",
    ),
    (
        MATRIX + 'password = "x"',
        "{}:4: matrix.password: a secret in a file that others can read; chmod 600 it, or use password_file",
    ),
    (
        MATRIX + 'password_file = "gone"',
        "{}:4: matrix.password_file: {folder}/gone cannot be read as text (there is no such file or folder); make that file, with mode 0600",
    ),
    (
        '[[edition]]\nfile = "gone.toml"\ncoordinators = ["@cor:example.nl"]',
        "{}:2: edition[1].file: there is no file {folder}/gone.toml; mend the path or make the file",
    ),
    (
        '[[edition]]\nfile = "wissel.toml"\ncoordinators = []',
        "{}:3: edition[1].coordinators: is empty; name at least one",
    ),
    (
        '[[edition]]\nfile = "wissel.toml"\ncoordinators = ["Cor"]',
        "{}:3: edition[1].coordinators[1]: 'Cor' is no full id; write '@name:server' or 'teams:TENANT-ID:OBJECT-ID'",
    ),
    (
        '[health]\nlisten = "9180"',
        "{}:2: health.listen: '9180' is no address to listen on; write host and port, such as '127.0.0.1:9180'",
    ),
    (TEAMS.replace(ID, "kring", 1), "{}:2: teams.app_id: 'kring' is no id; write the id from Entra: 8-4-4-4-12 signs"),
    (
        TEAMS.replace(f'["{ID}"', f'["{ID}", "example.nl"'),
        "{}:3: teams.tenants[2]: 'example.nl' is no id; write the id from Entra: 8-4-4-4-12 signs",
    ),
    (
        TEAMS + 'openid_metadata = "http://evil.example/keys"\n',
        "{}:5: teams.openid_metadata: is no https address; remove it, it is for tests only",
    ),
    (
        TEAMS + 'service_hosts = ["https://smba.example/"]\n',
        "{}:5: teams.service_hosts[1]: 'https://smba.example/' is no name of a host; write the name alone, without https://",
    ),
    (
        TEAMS.replace("managed_identity = true\n", ""),
        "{}:1: teams: one proof of identity is needed; give secret_file, or certificate_file with key_file, or managed_identity",
    ),
]


@pytest.mark.parametrize(("text", "line"), BROKEN, ids=[text.splitlines()[-1] for text, _ in BROKEN])
def test_a_broken_file_gives_its_one_line(write: Write, text: str, line: str) -> None:
    path = write(text)
    assert faults(path) == (line.replace("{}", str(path)).replace("{folder}", str(path.parent)),)


def test_all_faults_are_told_at_once(write: Write) -> None:
    path = write('language = "fr"\n[matrix]\nuser = "kring"\npassword_file = "gone"')
    told = faults(path, {"KRING_HEALTH__LISTEN": "x", "KRING_LANGAUGE": "nl"})
    assert len(told) == 6
    assert "environment: KRING_LANGAUGE: is not a setting; did you mean language?" in told
    assert any(line.startswith("environment: KRING_HEALTH__LISTEN: 'x' is no address") for line in told)


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    (line,) = faults(tmp_path / "none.toml")
    assert line == f"{tmp_path}/none.toml: there is no such file or folder; make the file or name another with --config"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o700])
def test_a_secret_file_that_is_wider_than_0600_is_refused(write: Write, tmp_path: Path, mode: int) -> None:
    (tmp_path / "password").chmod(mode)
    path = write(WHOLE)
    assert faults(path) == (
        f"{path}:13: matrix.password_file: {tmp_path}/password can be read by others; chmod 600 it",
    )


def test_an_empty_secret_is_refused(write: Write, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("\n")
    path = write(WHOLE)
    assert faults(path) == (f"{path}:13: matrix.password_file: {tmp_path}/password is empty; put the secret in it",)


def test_a_secret_given_twice_is_refused(write: Write) -> None:
    path = write(WHOLE)
    told = faults(path, {"KRING_MATRIX__PASSWORD": "x"})
    assert told == (f"{path}:13: matrix.password_file: password is given as well; keep one of the two",)


def test_no_fault_ever_quotes_a_secret(write: Write) -> None:
    told = faults(
        write('[matrix]\npassword = ["kanarie"]\npickle_key = "kanarie"\nuser = 3'), {"KRING_TEAMS__SECRET": "kanarie"}
    )
    assert "kanarie" not in "\n".join(told)


@pytest.mark.parametrize("host", ["localhost:8008", "127.0.0.1:8008", "127.9.9.9", "[::1]:8008"])
def test_plain_http_is_allowed_on_this_machine(host: str) -> None:
    config: Config = load(None, {"KRING_MATRIX__HOMESERVER": f"http://{host}", "KRING_MATRIX__USER": "@a:b"})
    assert config.matrix is not None
    assert config.matrix.homeserver == f"http://{host}"


@pytest.mark.parametrize(
    "url",
    ["https://x:port", "https://x:70000", "https://x:0", "https://[::1", "https://x/y", "https://x?y", "ftp://x", ""],
)
def test_what_is_no_address_of_a_server_is_refused_at_once(url: str) -> None:
    (told,) = faults(None, {"KRING_MATRIX__HOMESERVER": url, "KRING_MATRIX__USER": "@a:b"})
    assert f"'{url}' is no address of a server; write 'https://'" in told


def test_teams_proves_itself_in_one_way_only(tmp_path: Path) -> None:
    for name in ("secret", "cert.pem", "key.pem"):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o600)
    teams = {"KRING_TEAMS__APP_ID": ID, "KRING_TEAMS__TENANTS": f'["{ID}"]'}
    secret = {"KRING_TEAMS__SECRET_FILE": str(tmp_path / "secret")}
    certificate = {"KRING_TEAMS__CERTIFICATE_FILE": str(tmp_path / "cert.pem")}
    key = {"KRING_TEAMS__KEY_FILE": str(tmp_path / "key.pem")}
    identity = {"KRING_TEAMS__MANAGED_IDENTITY": "true"}
    for proof in (secret, certificate | key, identity):
        assert load(None, teams | proof).teams is not None
    for proof in ({}, certificate, key, secret | identity, secret | key):
        assert len(faults(None, teams | proof)) == 1
