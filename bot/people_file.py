"""Lists of people to play with: a CSV file, checked row by row, with every fault in one line with its mend."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from bot.cli.faults import Fault
from bot.cli.words import say
from bot.config_faults import reason
from bot.markup import name as clean_name
from programme.people import Person, Role

COLUMNS = ("id", "name", "organisation", "sector", "role", "language", "region")
ROLES = ("participant", "coordinator", "trainer", "facilitator", "manager", "hr", "client")
SAMPLE_PEOPLE = "voorbeeld.csv"
SEPARATOR = ";"

Row = Mapping[str, str]


def read_people(path: Path | None) -> tuple[list[Person], tuple[str, ...]]:
    """Read a list of people (UTF-8, semicolons; the sample when None): everybody, and the ids of the coordinators.

    Raises `Fault` with a line per fault: file, line, what is wrong, how to mend it.
    """
    if path is None:
        sample = resources.files("programme").joinpath("editions", SAMPLE_PEOPLE)
        return _people(SAMPLE_PEOPLE, sample.read_text(encoding="utf-8"))
    try:
        return _people(str(path), path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        mend = say(nl="kijk of het pad klopt en wie het mag lezen", en="check the path and who may read it")
        raise Fault(f"{path}: {reason(error)}; {mend}") from None
    except UnicodeDecodeError:
        raise Fault(
            f"{path}: "
            + say(
                nl="dit is geen UTF-8; bewaar het in je rekenblad als CSV UTF-8",
                en="is not UTF-8; save it as CSV UTF-8",
            )
        ) from None


def _people(where: str, written: str) -> tuple[list[Person], tuple[str, ...]]:
    if head := _wrong_head(written):
        raise Fault(f"{where}: {_line(1)}: {head}")
    reader = csv.DictReader(io.StringIO(written), delimiter=SEPARATOR, restval="")
    rows = [(reader.line_num, {column: (row[column] or "").strip() for column in COLUMNS}) for row in reader]
    twice = {id_ for id_, times in Counter(row["id"] for _line, row in rows).items() if times > 1}
    if faults := [f"{where}: {_line(line)}: {fault}" for line, row in rows for fault in _faults(row, twice)]:
        raise Fault(*faults)
    if not rows:
        none = say(
            nl="er staat niemand in; zet iedereen op een eigen regel", en="nobody is in it; give each person a line"
        )
        raise Fault(f"{where}: {none}")
    return [_person(row) for _line, row in rows], tuple(
        row["id"] for _l, row in rows if row["role"] == Role.COORDINATOR
    )


def _wrong_head(written: str) -> str:
    """What is wrong with the first line, which names the columns; nothing when it is right."""
    first, begin = written.partition("\n")[0].strip(), SEPARATOR.join(COLUMNS)
    if not (missing := [column for column in COLUMNS if column not in first.split(SEPARATOR)]):
        return ""
    if SEPARATOR not in first and any(sign in first for sign in ",\t"):
        return say(
            nl=f"hier staan geen puntkomma's; bewaar het met puntkomma's, en begin met {begin}",
            en=f"there are no semicolons here; save it with semicolons, and begin with {begin}",
        )
    return say(
        nl=f"de kolom {missing[0]} ontbreekt; begin met {begin}",
        en=f"the column {missing[0]} is missing; begin with {begin}",
    )


def _line(number: int) -> str:
    return say(nl=f"regel {number}", en=f"line {number}")


def _faults(row: Row, twice: set[str]) -> Iterator[str]:
    id_, role, language = row["id"], row["role"], row["language"]
    if not id_ or any(sign.isspace() for sign in id_):
        yield say(
            nl=f"id {id_!r} is leeg of heeft een spatie; geef een kort id",
            en=f"id {id_!r} is empty or has a space; give a short id",
        )
    elif id_ in twice:
        yield say(
            nl=f"id {id_!r} staat er twee keer; geef ieder een eigen id",
            en=f"id {id_!r} stands twice; give each person an id of their own",
        )
    if not role:
        yield say(
            nl=f"de rol ontbreekt; kies uit {', '.join(ROLES)}",
            en=f"the role is missing; choose one of {', '.join(ROLES)}",
        )
    elif role not in ROLES:
        yield say(
            nl=f"rol {role!r} bestaat niet; kies uit {', '.join(ROLES)}",
            en=f"role {role!r} is unknown; choose one of {', '.join(ROLES)}",
        )
    if language not in ("nl", "en", ""):
        yield say(
            nl=f"taal {language!r} bestaat niet; kies nl of en", en=f"language {language!r} is unknown; choose nl or en"
        )


def _person(row: Row) -> Person:
    language = row["language"]
    return Person(
        id=row["id"],
        name=clean_name(row["name"]),
        language="en" if language == "en" else "nl" if language == "nl" else None,
        organisation=clean_name(row["organisation"]),
        sector=clean_name(row["sector"]),
        region=clean_name(row["region"]),
    )
