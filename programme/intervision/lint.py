"""What is wrong with the file of a method, in lines that say where, what and how to mend it."""

import re
import string
import tomllib
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from programme.intervision.method import TURN_RULES, Method, parse
from programme.text import Both

_FORMAL = re.compile(r"\b(?:u|uw|Uw)\b|(?<!-)\bU\b(?!-)")
"""`u` and `uw`, but not the U of a U-turn."""


def faults(file: str, toml: str) -> list[str]:
    """Look at the text of a method file; `file` is its name, such as `incident.toml`. No lines: it is as it should be.

    Each line reads `FILE: KEY: what is wrong; how to mend it`.
    """
    try:
        method = parse(toml)
    except tomllib.TOMLDecodeError as fault:
        return [f"{file}: {fault}; mend the TOML there"]
    except ValidationError as fault:
        raw = tomllib.loads(toml)
        return [f"{file}: {line}" for error in fault.errors() for line in _lines(error, raw)]
    return [f"{file}: {line}" for line in (*_named(file, method), *_worded(method))]


def _lines(error: ErrorDetails, raw: dict[str, Any]) -> Iterator[str]:
    key = _key(error["loc"], raw)
    match error["type"]:
        case "value_error":
            yield f"{key}{': ' if key else ''}{error['msg'].removeprefix('Value error, ')}"
        case "literal_error" if key.endswith(".turn"):
            yield f"{key}: unknown turn rule {error['input']!r}; choose one of {', '.join(TURN_RULES)}"
        case "extra_forbidden":
            yield f"{key}: unknown key; take it away, or look at its spelling"
        case "missing":
            yield f"{key}: missing; add it"
        case _:
            yield f"{key}: {error['msg']}, and not {error['input']!r}; mend it"


def _key(path: tuple[int | str, ...], raw: dict[str, Any]) -> str:
    """Where it is, with the key of a phase instead of its number where it has one."""
    match path:
        case ("phases", int(index), *rest):
            phase = raw["phases"][index]
            name = phase.get("key", index) if isinstance(phase, dict) else index
            return ".".join(str(step) for step in ("phases", name, *rest))
        case _:
            return ".".join(str(step) for step in path)


def _named(file: str, method: Method) -> Iterator[str]:
    stem = file.rpartition("/")[2].removesuffix(".toml")
    if stem != method.id:
        yield f"id: {method.id!r} is not the name of the file; call the file {method.id}.toml, or the method {stem}"


def _worded(method: Method) -> Iterator[str]:
    for key, text in _texts(method):
        for language, written in (("nl", text.nl), ("en", text.en)):
            if not written.strip():
                yield f"{key}.{language}: empty; write it in this language too"
            if "!" in written:
                yield f"{key}.{language}: it has an exclamation mark; write it calmly"
        if formal := _FORMAL.search(text.nl):
            yield f"{key}.nl: it says {formal[0]!r}; say je"
        if _names(text.nl) != _names(text.en):
            yield f"{key}: not the same words between braces in nl and en; put the same ones in both"


def _texts(method: Method) -> Iterator[tuple[str, Both]]:
    yield "name", method.name
    yield "goal", method.goal
    if method.needs:
        yield "needs", method.needs
    for phase in method.phases:
        yield f"phases.{phase.key}.name", phase.name
        yield f"phases.{phase.key}.prompt", phase.prompt
        for key in ("prompt_first", "prompt_if_over", "prompt_if_open", "prompt_slow", "tip"):
            if (text := getattr(phase, key)) is not None:
                yield f"phases.{phase.key}.{key}", text


def _names(written: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(written) if name is not None}
