"""Input of commands for scripts: a JSON object from a file or standard input, read as a model, each fault a line with its mend."""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.cli.faults import Fault
from bot.cli.findings import said
from bot.cli.standard import name_of, read_bytes
from bot.cli.words import say
from bot.config_faults import of_value, reason
from programme.matching.problem import Contradictions
from programme.model import Model

M = TypeVar("M", bound=Model)


def read_json(source: str) -> dict[str, Any]:
    """Read a JSON object from a file or standard input. Raises `Fault`."""
    try:
        facts = json.loads(read_bytes(source).decode("utf-8-sig"), object_pairs_hook=_without_doubles)
    except OSError as error:
        mend = say(nl="noem een bestand dat je mag lezen, of -", en="name a file that can be read, or -")
        raise Fault(f"{name_of(source)}: {reason(error)}; {mend}") from error
    except json.JSONDecodeError as error:
        wrong = say(
            nl=f"regel {error.lineno}, kolom {error.colno}: dit is geen JSON; herstel het daar",
            en=f"line {error.lineno}, column {error.colno}: {error.msg}; mend the JSON there",
        )
        raise Fault(f"{name_of(source)}: {wrong}") from error
    except UnicodeDecodeError as error:
        wrong = say(
            nl=f"byte {error.start} is geen UTF-8; bewaar het bestand als UTF-8",
            en=f"byte {error.start} is not UTF-8; save the file as UTF-8",
        )
        raise Fault(f"{name_of(source)}: {wrong}") from error
    except RecursionError as error:
        wrong = say(
            nl="de haken staan te diep in elkaar; een voorkeurslijst heeft hoogstens twee niveaus",
            en="brackets are nested too deep; a preference list has at most two levels",
        )
        raise Fault(f"{name_of(source)}: {wrong}") from error
    except ValueError as error:
        raise Fault(f"{name_of(source)}: {error}") from error
    if not isinstance(facts, dict):
        wrong = say(
            nl="dit is geen JSON-object; zet alles tussen accolades",
            en="this is no JSON object; put everything between braces",
        )
        raise Fault(f"{name_of(source)}: {wrong}")
    return facts


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for key, value in pairs:
        if key in facts:
            twice = say(
                nl="deze sleutel staat er twee keer; houd er een", en="this key stands twice in one object; keep one"
            )
            raise ValueError(f"{key}: {twice}")
        facts[key] = value
    return facts


def read_model(kind: type[M], facts: dict[str, Any], source: str) -> M:
    """The model that this input is. Raises `Fault` with a line for each fault: key, what is wrong, how to mend it."""
    try:
        return kind.model_validate(facts)
    except ValidationError as error:
        raise Fault(*(f"{name_of(source)}: {line}" for one in error.errors() for line in _lines(one))) from error


def _lines(error: ErrorDetails) -> Iterator[str]:
    """Tell one fault of the input: the key, what is wrong, how to mend it."""
    key = ".".join(str(part) for part in error["loc"])
    prefix = f"{key}: " if key else ""
    if error["type"] == "value_error":
        cause = error["ctx"]["error"]
        told = map(said, cause.texts) if isinstance(cause, Contradictions) else str(cause).splitlines()
        yield from (prefix + line for line in told)
    elif error["type"] == "extra_forbidden":
        unknown = say(
            nl="deze sleutel is onbekend; haal hem weg, of herstel de spelling",
            en="unknown key; take it out, or mend its spelling",
        )
        yield f"{prefix}{unknown}"
    else:
        yield prefix + of_value(error)
