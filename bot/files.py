"""Edition files, methods and lists of people: read, checked, and every fault told in one line with its mend."""

import csv
import io
import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from bot.cli.faults import Fault
from bot.cli.findings import tell
from bot.clock import named_free_days
from bot.markup import name as clean_name
from programme.edition import Edition, parse, shifted
from programme.intervision.method import Method
from programme.intervision.method import parse as parse_method
from programme.lint import lint
from programme.people import Person, Role

COLUMNS = ("id", "name", "organisation", "sector", "role", "language", "region")
ROLES = frozenset({"participant", "coordinator", "trainer", "facilitator", "manager", "hr", "client"})
SAMPLE = "secretariswissel-2026.toml"


def read_edition(path: Path, coordinators: tuple[str, ...] = ()) -> Edition:
    """Read one edition file. Raises `Fault` with a line per fault: file, line, key, what is wrong, how to mend it."""
    try:
        written = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Fault(f"{path}: cannot be read ({error.strerror}); check the path and who may read it") from None
    except UnicodeDecodeError:
        raise Fault(f"{path}: is not UTF-8; save it as UTF-8") from None
    return _parsed(str(path), written).model_copy(update={"coordinators": coordinators})


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
            "name": "SecretarisWissel (voorbeeld)",
            "coordinators": coordinators,
        }
    )


def read_people(path: Path | None) -> tuple[list[Person], tuple[str, ...]]:
    """Read a list of people (CSV with `;`; the sample when None): everybody, and the ids of the coordinators. Raises `Fault`."""
    if path is None:
        written = resources.files("programme").joinpath("editions", "voorbeeld.csv").read_text(encoding="utf-8")
        return _people("voorbeeld.csv", written)
    try:
        return _people(str(path), path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Fault(f"{path}: cannot be read ({error.strerror}); check the path and who may read it") from None
    except UnicodeDecodeError:
        raise Fault(f"{path}: is not UTF-8; save it as CSV UTF-8") from None


@cache
def read_methods() -> dict[str, Method]:
    """The methods of intervision that come with the house, by id. Raises `pydantic.ValidationError` for a damaged installation."""
    folder = resources.files("programme").joinpath("methods")
    files = sorted((it for it in folder.iterdir() if it.name.endswith(".toml")), key=lambda it: it.name)
    found = [parse_method(file.read_text(encoding="utf-8")) for file in files]
    return {method.id: method for method in found}


def _people(where: str, written: str) -> tuple[list[Person], tuple[str, ...]]:
    rows = list(csv.DictReader(io.StringIO(written), delimiter=";"))
    header = written.partition("\n")[0].strip().split(";")
    if missing := [column for column in COLUMNS if column not in header]:
        raise Fault(f"{where}: line 1: the column {missing[0]} is missing; begin with {';'.join(COLUMNS)}")
    faults = [fault for number, row in enumerate(rows, 2) for fault in _faults(where, number, row, rows)]
    if faults:
        raise Fault(*faults)
    people = [_person(row) for row in rows]
    return people, tuple(row["id"] for row in rows if row["role"] == Role.COORDINATOR)


def _faults(where: str, number: int, row: dict[str, str], rows: list[dict[str, str]]) -> list[str]:
    faults = []
    if not row["id"] or any(c.isspace() for c in row["id"]):
        faults.append(f"{where}: line {number}: id {row['id']!r} is empty or has a space; give a short id")
    elif [other["id"] for other in rows].index(row["id"]) != number - 2:
        faults.append(f"{where}: line {number}: id {row['id']!r} stands twice; give each person an id of their own")
    if row["role"] not in ROLES:
        faults.append(
            f"{where}: line {number}: role {row['role']!r} is unknown; choose one of {', '.join(sorted(ROLES))}"
        )
    if row["language"] not in ("nl", "en", "", None):
        faults.append(f"{where}: line {number}: language {row['language']!r} is unknown; choose nl or en")
    return faults


def _person(row: dict[str, str]) -> Person:
    language = row["language"] or None
    return Person(
        id=row["id"],
        name=clean_name(row["name"] or ""),
        language="en" if language == "en" else "nl" if language == "nl" else None,
        organisation=clean_name(row["organisation"] or ""),
        sector=clean_name(row["sector"] or ""),
        region=clean_name(row["region"] or ""),
    )
