"""What an operator may decide, as frozen models that refuse what cannot be.

`bot/config.py` reads them from a file, the environment and files with secrets. A validator here says what is wrong and, after
a semicolon, how to mend it: that sentence reaches the operator as it is.
"""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.cli.words import say
from programme.model import Model

MATRIX_ID = re.compile(r"@[^:@\s]+:[A-Za-z0-9.\-:\[\]]+")
"""A full Matrix user id: local part and server name (Matrix specification, appendix "User Identifiers")."""
TEAMS_ID = re.compile(r"teams:[0-9a-fA-F-]{36}:[0-9a-fA-F-]{36}")
"""A person in Teams: `teams:`, the tenant's id and the Entra object id."""
ENTRA_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""The id of an app or a tenant in Entra: a UUID as it is shown there."""
HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?|\[[0-9a-f:]+\]:\d{1,5}", re.IGNORECASE)
"""The name of a host, with a port if need be."""
LONGEST_NAME = 255
"""Bytes in one name of a file, on every file system in use (NAME_MAX)."""


def _must_be(so: object, *, nl: str, en: str) -> None:
    """Refuse what is not so, in the language of the shell."""
    if not so:
        raise ValueError(say(nl=nl, en=en))


def _matrix_id(text: str) -> str:
    _must_be(
        MATRIX_ID.fullmatch(text),
        nl=f"'{text}' is geen volledig Matrix-id; schrijf '@naam:server'",
        en=f"'{text}' is no full Matrix id; write it as '@name:server'",
    )
    return _small(text)


def _small(text: str) -> str:
    """A Matrix id has no capitals; one that has is another person's, or nobody's (Matrix specification, "User Identifiers")."""
    _must_be(
        text == text.lower(),
        nl=f"'{text}' heeft een hoofdletter, en een Matrix-id niet; schrijf '{text.lower()}'",
        en=f"'{text}' has a capital, and a Matrix id has none; write '{text.lower()}'",
    )
    return text


def _full_id(text: str) -> str:
    _must_be(
        MATRIX_ID.fullmatch(text) or TEAMS_ID.fullmatch(text),
        nl=f"'{text}' is geen volledig id; schrijf '@naam:server' of 'teams:TENANT-ID:OBJECT-ID'",
        en=f"'{text}' is no full id; write '@name:server' or 'teams:TENANT-ID:OBJECT-ID'",
    )
    return text.lower() if text.startswith("teams:") else _small(text)


def _inviter(text: str) -> str:
    _must_be(
        re.fullmatch(r"@[^:\s]+:\S+", text),
        nl=f"'{text}' is geen patroon van Matrix-ids; schrijf '@naam:server' of '@*:server'",
        en=f"'{text}' is no pattern of Matrix ids; write '@name:server' or '@*:server'",
    )
    return text


def _loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult:
    """The parts of an address; none of one that cannot be taken apart, or that has no possible port."""
    try:
        parts = urlsplit(url)
        return parts if parts.port != 0 else urlsplit("")
    except ValueError:
        return urlsplit("")


def _homeserver(url: str) -> str:
    parts = _split(url)
    more = parts.username or parts.path.strip("/") or parts.query or parts.fragment
    _must_be(
        parts.scheme in {"http", "https"} and parts.hostname and not more,
        nl=f"'{url}' is geen adres van een server; schrijf 'https://' en de naam van de server, en niets erachter",
        en=f"'{url}' is no address of a server; write 'https://' and the name of the server, no more",
    )
    _must_be(
        parts.scheme == "https" or _loopback(parts.hostname),
        nl="met http zijn berichten en wachtwoord onderweg te lezen; schrijf 'https://'",
        en="plain http leaves messages and the password open on the way; write 'https://'",
    )
    return url.rstrip("/")


def _listen(text: str) -> str:
    host, _, port = text.rpartition(":")
    _must_be(
        host and port.isdecimal() and 0 <= int(port) < 1 << 16,
        nl=f"'{text}' is geen adres om op te luisteren; schrijf host en poort, zoals '127.0.0.1:9180'",
        en=f"'{text}' is no address to listen on; write host and port, such as '127.0.0.1:9180'",
    )
    return text


def _prefix(text: str) -> str:
    _must_be(
        1 <= len(text) <= 3 and not re.search(r"[\w\s/@#]", text),  # noqa: PLR2004 - a prefix is typed all day
        nl="een prefix is een tot drie tekens, geen letter, spatie, '/', '@' of '#'; schrijf '!'",
        en="a prefix is one to three signs, no letter, space, '/', '@' or '#'; write '!'",
    )
    return text


def _entra_id(text: str) -> str:
    _must_be(
        ENTRA_ID.fullmatch(text),
        nl=f"'{text}' is geen id; schrijf het id uit Entra: 8-4-4-4-12 tekens",
        en=f"'{text}' is no id; write the id from Entra: 8-4-4-4-12 signs",
    )
    return text


def _metadata(url: str) -> str:
    parts = _split(url)
    _must_be(
        parts.scheme == "https" or _loopback(parts.hostname),
        nl="is geen https-adres; haal het weg, het is alleen om te testen",
        en="is no https address; remove it, it is for tests only",
    )
    return url


def _host(text: str) -> str:
    _must_be(
        HOST.fullmatch(text),
        nl=f"'{text}' is geen naam van een host; schrijf alleen de naam, zonder https://",
        en=f"'{text}' is no name of a host; write the name alone, without https://",
    )
    return text


def _some(given: tuple[str, ...]) -> tuple[str, ...]:
    _must_be(given, nl="is leeg; noem er minstens een", en="is empty; name at least one")
    return given


def _possible(path: Path) -> Path:
    """Refuse a name that no disk takes."""
    _must_be(
        "\0" not in str(path) and all(len(part.encode()) <= LONGEST_NAME for part in path.parts),
        nl="dit kan geen naam van een bestand of map zijn; herstel het pad",
        en="this cannot be the name of a file or folder; mend the path",
    )
    return path


def _file(path: Path) -> Path:
    try:
        is_there = path.is_file()
    except OSError:
        is_there = False
    _must_be(
        is_there,
        nl=f"er is geen bestand {path}; herstel het pad, of maak het bestand",
        en=f"there is no file {path}; mend the path or make the file",
    )
    return path


PossiblePath = Annotated[Path, AfterValidator(_possible)]
ThatFile = Annotated[PossiblePath, AfterValidator(_file)]
MatrixId = Annotated[str, AfterValidator(_matrix_id)]
FullId = Annotated[str, AfterValidator(_full_id)]
EntraId = Annotated[str, AfterValidator(_entra_id)]
Listen = Annotated[str, AfterValidator(_listen)]


class EditionSource(Model):
    """A programme edition to run: the file that seeds it, and the full ids of who coordinates it."""

    file: ThatFile
    coordinators: Annotated[tuple[FullId, ...], AfterValidator(_some)]


class MatrixSettings(Model):
    """How to be on Matrix. `password` is for the first login and cross-signing only; `pickle_key` locks the crypto store."""

    homeserver: Annotated[str, AfterValidator(_homeserver)]
    user: MatrixId
    password: SecretStr | None = None
    pickle_key: SecretStr | None = None
    inviters: tuple[Annotated[str, AfterValidator(_inviter)], ...] = ()
    sync_timeout_ms: int = Field(default=30_000, ge=0, le=300_000)
    known_bots: tuple[MatrixId, ...] = ()


class TeamsSettings(Model):
    """How to be in Microsoft Teams. The bot proves who it is in one way: a secret, a certificate, or a managed identity.

    `tenants` are those that are served; the app is registered in the first. Without `authenticate` nobody proves anything, to
    try things out on one machine: that is refused anywhere but on loopback.
    """

    app_id: EntraId
    tenants: Annotated[tuple[EntraId, ...], AfterValidator(_some)]
    secret: SecretStr | None = None
    certificate_file: ThatFile | None = None
    key: SecretStr | None = None
    managed_identity: bool = False
    listen: Listen = "127.0.0.1:3978"
    openid_metadata: Annotated[str, AfterValidator(_metadata)] | None = None
    login_host: str | None = None
    service_hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    authenticate: bool = True

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if not self.authenticate:
            _must_be(
                _loopback(self.listen.rpartition(":")[0].strip("[]")),
                nl="authenticate = false mag alleen op deze machine; luister op 127.0.0.1, of haal het weg",
                en="authenticate = false is for loopback only; listen on 127.0.0.1, or remove it",
            )
            return self
        ways = (self.secret is not None, self.certificate_file is not None, self.managed_identity)
        _must_be(
            sum(ways) == 1 and (self.certificate_file is None) == (self.key is None),
            nl="er is een bewijs van identiteit nodig; geef secret_file, of certificate_file met key_file, of managed_identity",
            en="one proof of identity is needed; give secret_file, or certificate_file with key_file, or managed_identity",
        )
        return self


class HealthSettings(Model):
    """Where liveness, readiness and metrics are served: host and port, on loopback unless somebody chooses otherwise."""

    listen: Listen = "127.0.0.1:9180"


class Config(BaseSettings):
    """Everything that the operator decides. Paths are as they should be opened; a platform that is `None` is not used."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="KRING_", env_nested_delimiter="__")

    data: PossiblePath = Path("data")
    language: Literal["nl", "en"] = "nl"
    prefix: Annotated[str, AfterValidator(_prefix)] = "!"
    edition: tuple[EditionSource, ...] = ()
    matrix: MatrixSettings | None = None
    teams: TeamsSettings | None = None
    health: HealthSettings | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what `load` hands over and nothing else: no stray `.env`, no process environment behind our back."""
        return (init_settings,)


def secrets_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Name the keys of a section that are secrets: each may stand as `KEY_file` too."""
    return tuple(name for name, of in model.model_fields.items() if of.annotation == SecretStr | None)


SECTIONS: Mapping[str, type[BaseModel]] = {
    "edition": EditionSource,
    "matrix": MatrixSettings,
    "teams": TeamsSettings,
    "health": HealthSettings,
}
"""The sections of the file, by the name of their key."""
