"""Read what the operator decides: `kring.toml`, the environment and files with secrets become one frozen `Config`.

Every key may also stand in the environment (`KRING_MATRIX__USER`), which then wins, and every secret in a file of its own
(`password_file`). Nothing is read later or elsewhere: a setting that was read is a setting that stays.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IMODE
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from bot.cli.words import say
from bot.config_faults import nearest, not_utf8, reason, sentence, sentences, siblings, unknown_key, unreadable
from bot.settings import SECTIONS, Config, EditionSource, HealthSettings, MatrixSettings, TeamsSettings, secrets_of
from programme.lint.spots import Spot, spots

__all__ = ["Config", "ConfigFaults", "EditionSource", "HealthSettings", "MatrixSettings", "TeamsSettings", "load"]

WIDEST_SECRET = 0o600
Raw = dict[str, Any]


class ConfigFaults(Exception):  # noqa: N818 - it carries all the faults, each a line for the operator
    """The configuration cannot be used. `lines` has one line for each fault: `file:line: key: what is wrong; how to mend it`."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class _Environment(EnvSettingsSource):
    """The variables `KRING_SECTION__KEY` of a given environment, as nested keys."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._given = {name.lower(): value for name, value in environ.items()}
        super().__init__(Config)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return dict(self._given)

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:  # noqa: ARG002
        """Read a list or section as JSON; what is none stays as it is, so that the model names the key that is wrong."""
        try:
            return json.loads(value)
        except ValueError:
            return value


@dataclass
class _Reading:
    """One reading of all sources, with the faults found so far."""

    file: Path | None
    spots: Mapping[tuple[str | int, ...], Spot] = field(default_factory=dict)
    environment: Raw = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def fault(self, loc: tuple[str | int, ...], message: str) -> None:
        """Note what is wrong with the key at `loc`, under the name by which the operator gave it."""
        self.faults.append(f"{self._source(loc)}: {message}")

    def _source(self, loc: tuple[str | int, ...]) -> str:
        if self.file is None or (loc and _holds(self.environment, loc)):
            return f"{_outside()}: KRING_" + "__".join(str(part) for part in loc).upper()
        return f"{self.file}{self._line(loc)}: {_written(loc)}" if loc else str(self.file)

    def _line(self, loc: tuple[str | int, ...]) -> str:
        """The line of a key, or of the section in which it should have been; nothing for what stands nowhere."""
        ways = (loc[:length] for length in range(len(loc), 0, -1))
        return next((f":{self.spots[way].line}" for way in ways if way in self.spots), "")

    def beside(self, path: str) -> Path:
        """Count a relative path from the file, not from where the command was typed."""
        return (self.file.parent if self.file else Path()) / path


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """Read the configuration: the file (if any), then the environment over it, then the secrets that either points at.

    `environ` is the whole environment; only names that begin with `KRING_` count. Relative paths count from the file.
    Raises `ConfigFaults` with every fault at once.
    """
    reading = _Reading(path)
    written = _read_toml(path, reading) if path else {}
    reading.environment = _read_environment(environ, reading)
    raw = deepcopy(_merged(written, reading.environment))
    _refuse_open_secrets(written, reading)
    _fetch_secrets(raw, reading)
    _place_paths(raw, reading)
    config = _validated(raw, reading)
    _refuse_itself(config, reading)
    if config is None or reading.faults:
        raise ConfigFaults(tuple(dict.fromkeys(reading.faults)))
    return config


def _read_toml(path: Path, reading: _Reading) -> Raw:
    text = _text(path)
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigFaults((_no_toml(path, text, error),)) from None
    reading.spots = spots(text)
    return _without_capitals(written, reading)


def _without_capitals(written: Raw, reading: _Reading) -> Raw:
    """Refuse `[Matrix]` by its own name: what comes after this takes it for `[matrix]`, though not everywhere."""
    capital = [name for name in written if name not in Config.model_fields and name.lower() in Config.model_fields]
    for name in capital:
        small = name.lower()
        told = say(nl=f"schrijf {small}, zonder hoofdletter", en=f"write {small}, without a capital")
        reading.fault((name,), f"{say(nl='is geen instelling', en='is not a setting')}; {told}")
    return {name: value for name, value in written.items() if name not in capital}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigFaults(
            (
                unreadable(
                    path,
                    error,
                    say(
                        nl="maak het, of noem een ander met --config", en="make the file or name another with --config"
                    ),
                ),
            )
        ) from None
    except UnicodeDecodeError:
        raise ConfigFaults((not_utf8(path),)) from None


def _no_toml(path: Path, text: str, error: tomllib.TOMLDecodeError) -> str:
    """The line at which the parser gave up: it says so at the end of its message."""
    found = re.search(r"at line (\d+)", str(error))
    line = found[1] if found else str(max(1, len(text.splitlines())))
    return f"{path}:{line}: " + say(
        nl="dit is geen TOML; herstel deze regel, of die ervoor",
        en="this is not TOML; mend this line, or the one before it",
    )


def _read_environment(environ: Mapping[str, str], reading: _Reading) -> Raw:
    ours = {name: value for name, value in environ.items() if name.upper().startswith("KRING_")}
    for name in ours:
        key = name.upper().removeprefix("KRING_").split("__")[0].lower()
        if key not in Config.model_fields:
            reading.faults.append(f"{_outside()}: {name}: {unknown_key(key, Config.model_fields)}")
    return _Environment(ours)()


def _merged(under: Raw, over: Raw) -> Raw:
    both = {key: _merged(under[key], over[key]) for key in under.keys() & over.keys() if _dicts(under[key], over[key])}
    return {**under, **over, **both}


def _dicts(one: object, other: object) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)


def _secrets_of(raw: Raw) -> Iterator[tuple[str, str, Raw]]:
    """Each secret there can be, as section, name and the section's keys as written."""
    for section, model in SECTIONS.items():
        keys = raw.get(section)
        if isinstance(keys, dict):
            yield from ((section, name, keys) for name in secrets_of(model))


def _refuse_open_secrets(written: Raw, reading: _Reading) -> None:
    for section, name, keys in _secrets_of(written):
        if name in keys and reading.file and _open_to_others(reading.file):
            told = say(
                nl=f"een geheim in een bestand dat anderen kunnen lezen; chmod 600 dat bestand, of gebruik {name}_file",
                en=f"a secret in a file that others can read; chmod 600 it, or use {name}_file",
            )
            reading.fault((section, name), told)


def _fetch_secrets(raw: Raw, reading: _Reading) -> None:
    for section, name, keys in _secrets_of(raw):
        named = keys.pop(f"{name}_file", None)
        if named is not None and name in keys:
            told = say(
                nl=f"{name} staat er ook; houd een van de twee", en=f"{name} is given as well; keep one of the two"
            )
            reading.fault((section, f"{name}_file"), told)
        elif named is not None:
            keys[name] = _read_secret(named, (section, f"{name}_file"), reading)


def _read_secret(named: object, loc: tuple[str | int, ...], reading: _Reading) -> str:
    """Give the secret in that file without its line end; note a fault when others can read it."""
    if not isinstance(named, str):
        reading.fault(loc, sentences()["path_type"])
        return ""
    path = reading.beside(named)
    try:
        secret = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:  # ValueError: no text in UTF-8, or a name that cannot be
        why = reason(error) if isinstance(error, OSError) else say(nl="geen tekst", en="no text")
        wrong = say(
            nl=f"{path} is niet als tekst te lezen ({why}); maak dat bestand, met rechten 0600",
            en=f"{path} cannot be read as text ({why}); make that file, with mode 0600",
        )
        reading.fault(loc, wrong)
        return ""
    if _open_to_others(path):
        wide = say(nl=f"anderen kunnen {path} lezen; chmod 600", en=f"{path} can be read by others; chmod 600 it")
        reading.fault(loc, wide)
    if not secret:
        empty = say(nl=f"{path} is leeg; zet het geheim erin", en=f"{path} is empty; put the secret in it")
        reading.fault(loc, empty)
    return secret


def _open_to_others(path: Path) -> bool:
    return bool(S_IMODE(path.stat().st_mode) & ~WIDEST_SECRET)


def _place_paths(raw: Raw, reading: _Reading) -> None:
    raw.setdefault("data", "data")
    editions = raw.get("edition")
    holders: list[tuple[object, str]] = [(raw, "data"), (raw.get("teams"), "certificate_file")]
    holders += [(edition, "file") for edition in editions] if isinstance(editions, list) else []
    for holder, key in holders:
        if isinstance(holder, dict) and isinstance(holder.get(key), str):
            holder[key] = reading.beside(holder[key])


def _validated(raw: Raw, reading: _Reading) -> Config | None:
    try:
        return Config(**raw)
    except ValidationError as error:
        for detail in _without_echoes(error.errors()):
            reading.fault(detail["loc"], sentence(detail))
        return None


def _refuse_itself(config: Config | None, reading: _Reading) -> None:
    """The bot coordinates nothing: what it says to itself nobody hears."""
    for number, source in enumerate(config.edition if config and config.matrix else ()):
        if config and config.matrix and config.matrix.user in source.coordinators:
            told = say(
                nl=f"{config.matrix.user} is de bot zelf; noem wie het programma leidt",
                en=f"{config.matrix.user} is the bot itself; name who leads the programme",
            )
            reading.fault(("edition", number, "coordinators"), told)


def _without_echoes(found: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """All but what is missing only because it stands there with a slip of the pen."""
    unknown = [it["loc"] for it in found if it["type"] == "extra_forbidden"]
    meant = {(*loc[:-1], near) for loc in unknown for near in nearest(str(loc[-1]), siblings(loc))}
    return (it for it in found if it["type"] != "missing" or it["loc"] not in meant)


def _holds(keys: object, loc: tuple[str | int, ...]) -> bool:
    for part in loc:
        if not isinstance(keys, dict) or part not in keys:
            return isinstance(keys, list)
        keys = keys[part]
    return True


def _written(loc: tuple[str | int, ...]) -> str:
    """Write a key as the operator thinks of it: `matrix.user`, `edition[1].file` for the first edition."""
    steps = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc)
    return "".join(steps).removeprefix(".")


def _outside() -> str:
    return say(nl="omgeving", en="environment")
