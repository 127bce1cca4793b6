"""Edition files and methods: read, checked, and every fault told in one line with its mend. Lists of people: `bot/people_file.py`."""

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from bot.cli.faults import Fault
from bot.cli.findings import tell
from bot.cli.standard import name_of, read_bytes
from bot.cli.words import say
from bot.clock import named_free_days
from bot.config_faults import not_utf8, unreadable
from bot.people_file import read_people
from programme.edition import Edition, parse, shifted
from programme.intervision.method import Method
from programme.intervision.method import parse as parse_method
from programme.lint import lint

__all__ = ["SAMPLE", "read_edition", "read_methods", "read_people", "sample_edition"]

SAMPLE = "secretariswissel-2026.toml"


def read_edition(path: Path, coordinators: tuple[str, ...] = ()) -> Edition:
    """Read one edition file; `-` is standard input. Raises `Fault` with a line per fault: file, line, key, what is wrong, how to mend it."""
    where = name_of(str(path))
    try:
        written = read_bytes(str(path)).decode("utf-8")
    except OSError as error:
        mend = say(nl="kijk of het pad klopt en wie het mag lezen", en="check the path and who may read it")
        raise Fault(unreadable(where, error, mend)) from None
    except UnicodeDecodeError:
        raise Fault(not_utf8(where)) from None
    return _parsed(where, written).model_copy(update={"coordinators": coordinators})


def twice(edition: Edition, file: Path, other: Path) -> str:
    """What is said of a second edition with the same id: one of the two would be lost."""
    return say(
        nl=f"{file}: {edition.id} staat er al, in {other}; noem de coördinatoren bij één van beide, of geef een ander id",
        en=f"{file}: {edition.id} is there already, in {other}; name the coordinators with one of both, or give another id",
    )


def _parsed(where: str, written: str) -> Edition:
    """Read the text of a file. Days that do not follow each other are for the coordinators to mend; what cannot be read is a fault."""
    found = [it for it in lint(where, written, named_free_days) if it.severity == "error"]
    try:
        edition = parse(written)
    except (tomllib.TOMLDecodeError, ValidationError, RecursionError):
        raise Fault(*(tell(it).line for it in found)) from None
    if unread := [it for it in found if it.rule == "value"]:  # a number where a day belongs would become one in 1970
        raise Fault(*(tell(it).line for it in unread))
    return edition


def sample_edition(today: date, coordinators: tuple[str, ...]) -> Edition:
    """Make the sample: SecretarisWissel with its dates moved, so that sign-up has been open for two weeks on `today`."""
    written = resources.files("programme").joinpath("editions", SAMPLE).read_text(encoding="utf-8")
    edition = _parsed(SAMPLE, written)
    opened = today - timedelta(days=14) - edition.windows["signup"].opens
    moved = shifted(edition, round(opened.days / 7))
    return moved.model_copy(
        update={
            "id": "secretariswissel-voorbeeld",
            "name": "SecretarisWissel",
            "coordinators": coordinators,
        }
    )


@cache
def read_methods() -> dict[str, Method]:
    """The methods of intervision that come with the house, by id. Raises `pydantic.ValidationError` for a damaged installation."""
    folder = resources.files("programme").joinpath("methods")
    files = sorted((it for it in folder.iterdir() if it.name.endswith(".toml")), key=lambda it: it.name)
    found = [parse_method(file.read_text(encoding="utf-8")) for file in files]
    return {method.id: method for method in found}
