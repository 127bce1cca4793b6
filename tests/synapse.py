"""A real Synapse for the tests: on loopback, in a process of its own, gone when the tests are done.

A pytest plugin (`synapse`, one for the whole session), and a plain class for whoever needs a homeserver to try things on.
"""

import base64
import hashlib
import hmac
import itertools
import json
import os
import secrets
import select
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import pytest

from tests.install_synapse import ENVIRONMENT, PYTHON

START_SECONDS = 60
STOP_SECONDS = 10
SERVER_NAME = "kring.test"

NO_LIMIT = {"per_second": 10_000, "burst_count": 10_000}
"""Rates are the bot's own business; what it does under a limit is tested against the fake homeserver, which limits on command."""

SINGLE_LIMITS = """
    message registration registration_token_validity admin_redaction joins_per_room key_requests 3pid_validation
    third_party_invite media_create remote_media_downloads delayed_event_mgmt room_creation reports user_directory profile
"""
LOOSENED: dict[str, Any] = {
    **{f"rc_{what}": NO_LIMIT for what in SINGLE_LIMITS.split()},
    "rc_login": {"address": NO_LIMIT, "account": NO_LIMIT, "failed_attempts": NO_LIMIT},
    "rc_joins": {"local": NO_LIMIT, "remote": NO_LIMIT},
    "rc_invites": {"per_room": NO_LIMIT, "per_user": NO_LIMIT, "per_issuer": NO_LIMIT},
    "rc_presence": {"per_user": NO_LIMIT},
}


@dataclass(frozen=True, slots=True)
class Credentials:
    user_id: str
    password: str


@dataclass
class Synapse:
    """One homeserver. `with Synapse(folder) as synapse:` starts it, and ends only its own process."""

    folder: Path
    server_name: str = SERVER_NAME
    port: int = 0
    """0 for a free one."""
    _secret: str = field(default_factory=lambda: secrets.token_hex(16))
    _process: subprocess.Popen[bytes] | None = None
    _count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        if not PYTHON.exists():
            raise FileNotFoundError(
                f"no Synapse in {ENVIRONMENT.name}/: run python tests/install_synapse.py (make test does)"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or _free_port()
        _write_json(self.folder / "homeserver.yaml", self._config())
        _write_json(self.folder / "log.yaml", self._log_config())
        if not self._signing_key.exists():
            seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
            self._signing_key.write_text(f"ed25519 kring {seed}\n")
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    async def user(self, name: str, *, exact: bool = False) -> Credentials:
        """Register somebody whose local part begins with `name`, or is it. Two calls make two people."""
        account = name if exact else f"{name}-{next(self._count)}"
        password = secrets.token_urlsafe(12)
        address = f"{self.url}/_synapse/admin/v1/register"
        async with aiohttp.ClientSession(raise_for_status=True) as http:
            async with http.get(address) as answer:
                nonce = (await answer.json())["nonce"]
            body = {"nonce": nonce, "username": account, "password": password, "admin": False}
            body["mac"] = self._mac(nonce, account, password)
            async with http.post(address, json=body) as answer:
                return Credentials((await answer.json())["user_id"], password)

    def _mac(self, nonce: str, account: str, password: str) -> str:
        """Prove that we know the shared secret (Synapse, "Shared-Secret Registration")."""
        proof = f"{nonce}\0{account}\0{password}\0notadmin"
        return hmac.new(self._secret.encode(), proof.encode(), hashlib.sha1).hexdigest()

    @property
    def log(self) -> Path:
        return self.folder / "homeserver.log"

    @property
    def _signing_key(self) -> Path:
        return self.folder / "signing.key"

    def _start(self) -> None:
        """Start it and wait until it says, as it would to systemd, that it listens."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind("")  # Linux gives an abstract name: no path, no length limit
            name = ready.getsockname().decode().replace("\0", "@", 1)
            command = [str(PYTHON), "-m", "synapse.app.homeserver", "--config-path", "homeserver.yaml"]
            with (self.folder / "output.log").open("wb") as output:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                    command,
                    cwd=self.folder,
                    env={**os.environ, "NOTIFY_SOCKET": name},
                    stdout=output,
                    stderr=output,
                    process_group=0,  # Ctrl-C is for us; we end it when nobody needs it any more
                )
            self._await_ready(ready, self._process)

    def _await_ready(self, ready: socket.socket, process: "subprocess.Popen[bytes]") -> None:
        died = os.pidfd_open(process.pid)
        try:
            happened, _, _ = select.select([ready.fileno(), died], [], [], START_SECONDS)
        finally:
            os.close(died)
        if ready.fileno() not in happened:
            process.kill()
            process.wait()
            raise RuntimeError(f"Synapse did not start:\n{(self.folder / 'output.log').read_text()[-4000:]}")

    def _config(self) -> dict[str, Any]:
        return {
            "server_name": self.server_name,
            "public_baseurl": f"{self.url}/",
            "listeners": [self._listener()],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "log_config": str(self.folder / "log.yaml"),
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self._signing_key),
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": self._secret,
            "form_secret": self._secret,
            "report_stats": False,
            "enable_registration": False,
            "presence": {"enabled": False},
            "bcrypt_rounds": 4,
            "trusted_key_servers": [],
            "federation_domain_whitelist": [],
            "user_directory": {"enabled": False},
            **LOOSENED,
        }

    def _listener(self) -> dict[str, Any]:
        resources = [{"names": ["client"], "compress": False}]
        return {
            "port": self.port,
            "bind_addresses": ["127.0.0.1"],
            "type": "http",
            "tls": False,
            "resources": resources,
        }

    def _log_config(self) -> dict[str, Any]:
        return {
            "version": 1,
            "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
            "handlers": {"file": {"class": "logging.FileHandler", "filename": str(self.log), "formatter": "line"}},
            "root": {"level": "WARNING", "handlers": ["file"]},
        }


def _write_json(file: Path, content: dict[str, Any]) -> None:
    """Write a configuration file: JSON is YAML too."""
    file.write_text(json.dumps(content, indent=1))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """The one real homeserver of this run: make new users and rooms on it."""
    with Synapse(tmp_path_factory.mktemp("synapse")) as running:
        yield running
