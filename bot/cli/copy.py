"""`kring copy`: the file of a new edition from that of an earlier one, with all dates moved on the same days of the week."""

import re
from collections.abc import Iterator
from datetime import date

import click

from bot.cli.faults import DONE, NOT_SO, Fault
from bot.cli.findings import said, tell
from bot.cli.lint import findings_in, read_text
from bot.cli.standard import STANDARD, name_of, write_new
from bot.cli.words import say, shell_language
from bot.clock import named_free_days
from bot.i18n import write_day
from programme.copying import Copy, Moved, Renamed, copied
from programme.lint import Finding, kind_of, lint
from programme.text import Refusal

ID = re.compile(r"[a-z0-9][a-z0-9-]{1,60}")


@click.command(
    name="copy",
    help=say(
        nl="Maak van het bestand van een editie dat van een nieuwe: alle data schuiven een aantal hele weken op.",
        en="Make the file of a new edition from that of an earlier one: all dates move by whole weeks.",
    ),
)
@click.argument("source", metavar="EDITION")
@click.option(
    "--start",
    metavar="DATE",
    required=True,
    help=say(
        nl="De eerste datum valt op of na deze dag, op dezelfde dag van de week (2027-05-10).",
        en="The first date falls on or after this day, on the same day of the week (2027-05-10).",
    ),
)
@click.option("--id", "new_id", default="", help=say(nl="De id van de nieuwe editie.", en="The id of the new edition."))
@click.option(
    "--out",
    metavar="FILE",
    default=STANDARD,
    help=say(nl="Schrijf naar dit nieuwe bestand; anders naar -.", en="Write to this new file; else to -."),
)
def copy_edition(source: str, start: str, new_id: str, out: str) -> int:
    """Write the new file, and say on standard error what moved. Exit 1 when the new file has errors, 2 when the old one has."""
    first = _read_day(start)
    _must_be_an_id(new_id)
    new = _copied(source, _whole(source), first, new_id)
    write_new(out, new.text.encode())  # bytes, so that line ends stay what they were
    name = out if out != STANDARD else say(nl="standaarduitvoer", en="standard output")
    found = lint(name, new.text, named_free_days)
    for line in (*_report(new, new_id=new_id), *(tell(finding).line for finding in found)):
        click.echo(line, err=True)
    return NOT_SO if any(it.severity == "error" for it in found) else DONE


def _must_be_an_id(new_id: str) -> None:
    if new_id and not ID.fullmatch(new_id):
        wrong = say(
            nl=f"'{new_id}' is geen id; gebruik kleine letters, cijfers en streepjes, zoals wissel-2027",
            en=f"'{new_id}' is no id; use small letters, figures and hyphens, such as wissel-2027",
        )
        raise Fault(f"--id: {wrong}")


def _read_day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        wrong = say(
            nl=f"'{written}' is geen dag; schrijf het als 2027-05-10",
            en=f"'{written}' is no day; write it as 2027-05-10",
        )
        raise Fault(f"--start: {wrong}") from None


def _whole(source: str) -> str:
    """The text of a file that can be copied. Raises `Fault` with a line for each error in it."""
    text = read_text(source)
    wrong = [tell(it).line for it in findings_in(source, text) if it.severity == "error"]
    if wrong or isinstance(text, Finding):
        raise Fault(*wrong)
    if kind_of(text) != "edition":
        method = say(
            nl="dit is een methode, en die heeft geen data; noem het bestand van een editie",
            en="is a method, which has no dates; name the file of an edition",
        )
        raise Fault(f"{name_of(source)}: {method}")
    return text


def _copied(source: str, text: str, first: date, new_id: str) -> Copy:
    try:
        return copied(text, first, new_id)
    except Refusal as refusal:
        raise Fault(f"{name_of(source)}: {said(refusal.text)}") from None


def _report(new: Copy, *, new_id: str) -> Iterator[str]:
    yield say(
        nl=f"{len(new.moved)} data schuiven {abs(new.weeks)} weken {'op' if new.weeks >= 0 else 'terug'}:",
        en=f"{len(new.moved)} dates move {abs(new.weeks)} weeks {'on' if new.weeks >= 0 else 'back'}:",
    )
    yield from (_row(it) for it in new.moved)
    yield from (_name(it) for it in new.renamed)
    if not new_id:
        yield say(
            nl="Let op: de id is nog die van de oude editie. Geef een nieuwe met --id.",
            en="Note: the id is still that of the old edition. Give a new one with --id.",
        )
    if new.to_read:
        yield say(
            nl="Lees deze teksten na: er staat een maand of een jaar in.",
            en="Read these texts: they name a month or a year.",
        )
    yield from (f"  {_line(line)}: {key}" for key, line in new.to_read)
    if new.remarks:
        yield say(
            nl="Deze opmerkingen zijn gebleven zoals ze waren. Pas ze zelf aan.",
            en="These remarks stay as they were. Change them yourself.",
        )
    yield from (f"  {_line(line)}: {remark}" for line, remark in new.remarks)


def _name(it: Renamed) -> str:
    return f"{_line(it.line)}: {it.key}: {it.was} → {it.now}"


def _row(it: Moved) -> str:
    language = shell_language()
    return f"  {_line(it.line)}: {it.key}: {write_day(it.was, language)} → {write_day(it.now, language)}"


def _line(number: int) -> str:
    return say(nl=f"regel {number}", en=f"line {number}")
