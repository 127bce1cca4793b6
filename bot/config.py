"""Read what the operator decides: `kring.toml`, the environment and files with secrets become one frozen `Config`.

Every key may also stand in the environment (`KRING_MATRIX__USER`), which then wins, and every secret in a file of its own
(`password_file`). Nothing is read later or elsewhere: a setting that was read is a setting that stays.
"""

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IMODE
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from bot.settings import Config, EditionSource, HealthSettings, MatrixSettings, TeamsSettings, secrets_of

__all__ = ["Config", "ConfigFaults", "EditionSource", "HealthSettings", "MatrixSettings", "TeamsSettings", "load"]

WIDEST_SECRET = 0o600
SECTIONS: Mapping[str, type[BaseModel]] = {
    "edition": EditionSource,
    "matrix": MatrixSettings,
    "teams": TeamsSettings,
    "health": HealthSettings,
}

Raw = dict[str, Any]


class ConfigFaults(Exception):  # noqa: N818 - it carries all the faults, each a line for the operator
    """The configuration cannot be used. `lines` has one line for each fault: `file: key: what is wrong; how to mend it`."""

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
    environment: Raw = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def fault(self, loc: tuple[str | int, ...], message: str) -> None:
        """Note what is wrong with the key at `loc`, under the name by which the operator gave it."""
        self.faults.append(f"{self._source(loc)}: {message}")

    def _source(self, loc: tuple[str | int, ...]) -> str:
        if self.file is None or (loc and _holds(self.environment, loc)):
            return "environment: KRING_" + "__".join(str(part) for part in loc).upper()
        return f"{self.file}: {_written(loc)}" if loc else str(self.file)

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
    if config is None or reading.faults:
        raise ConfigFaults(tuple(dict.fromkeys(reading.faults)))
    return config


def _read_toml(path: Path, reading: _Reading) -> Raw:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigFaults(
            (f"{path}: cannot be read ({error.strerror}); make the file or name another with --config",)
        ) from None
    except UnicodeDecodeError:
        raise ConfigFaults((f"{path}: is not UTF-8; save it as UTF-8",)) from None
    except tomllib.TOMLDecodeError as error:
        reading.faults.append(f"{path}: is not TOML: {error}; mend that line")
        raise ConfigFaults(tuple(reading.faults)) from None


def _read_environment(environ: Mapping[str, str], reading: _Reading) -> Raw:
    ours = {name: value for name, value in environ.items() if name.upper().startswith("KRING_")}
    for name in ours:
        key = name.upper().removeprefix("KRING_").split("__")[0].lower()
        if key not in Config.model_fields:
            reading.faults.append(
                f"environment: {name}: is not a setting{_meant(key, Config.model_fields)}; mend or unset it"
            )
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
            reading.fault((section, name), f"a secret in a file that others can read; chmod 600 it, or use {name}_file")


def _fetch_secrets(raw: Raw, reading: _Reading) -> None:
    for section, name, keys in _secrets_of(raw):
        named = keys.pop(f"{name}_file", None)
        if named is not None and name in keys:
            reading.fault((section, f"{name}_file"), f"{name} is given as well; keep one of the two")
        elif named is not None:
            keys[name] = _read_secret(named, (section, f"{name}_file"), reading)


def _read_secret(named: object, loc: tuple[str | int, ...], reading: _Reading) -> str:
    """Give the secret in that file without its line end; note a fault when others can read it."""
    if not isinstance(named, str):
        reading.fault(loc, "is not a path; put it between quotes")
        return ""
    path = reading.beside(named)
    try:
        secret = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        reading.fault(loc, f"{path} cannot be read as text; make that file, with mode 0600")
        return ""
    if _open_to_others(path):
        reading.fault(loc, f"{path} can be read by others; chmod 600 it")
    if not secret:
        reading.fault(loc, f"{path} is empty; put the secret in it")
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
        for detail in error.errors():
            reading.fault(detail["loc"], _sentence(detail))
        return None


_SENTENCES = {
    "missing": "is missing; add it",
    "string_type": "is not text; put it between quotes",
    "tuple_type": 'is not a list; write ["…", "…"]',
    "model_type": "is not a section; write its keys under [{key}]",
    "int_parsing": "is not a whole number; write digits only",
    "int_type": "is not a whole number; write digits only",
    "bool_parsing": "is neither true nor false; write one of them",
    "literal_error": "is not one of the choices; write {expected}",
    "greater_than_equal": "is too small; write at least {ge}",
    "less_than_equal": "is too large; write at most {le}",
    "path_type": "is not a path; put it between quotes",
    "path_not_file": "there is no file {input}; mend the path or make the file",
    "value_error": "{error}",
}
"""What is wrong and how to mend it, by pydantic's type of error."""


def _sentence(detail: ErrorDetails) -> str:
    if detail["type"] == "extra_forbidden":
        return f"is not a setting{_meant(str(detail['loc'][-1]), _siblings(detail['loc']))}; mend or remove it"
    pattern = _SENTENCES.get(detail["type"])
    if pattern is None:
        return f"{detail['msg']}; mend it"
    facts = {**detail.get("ctx", {}), "key": detail["loc"][0]}
    return pattern.format_map(facts if detail["type"] != "path_not_file" else {"input": detail["input"]})


def _siblings(loc: tuple[str | int, ...]) -> list[str]:
    """Name the keys that may stand where `loc` stands; a secret may stand there as a file too."""
    model = SECTIONS[str(loc[0])] if len(loc) > 1 else Config
    return [*model.model_fields, *(f"{name}_file" for name in secrets_of(model))]


def _meant(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


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
