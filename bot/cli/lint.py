"""`kring lint`: what is wrong with files of editions and of intervision methods, with file, line, key and mend."""

import json
from collections.abc import Iterable

import click

from bot.cli.faults import DONE, NOT_SO, WRONG
from bot.cli.findings import Told, tell
from bot.cli.options import json_option
from bot.cli.standard import name_of, read_bytes
from bot.cli.words import say
from bot.clock import named_free_days
from bot.config_faults import reason
from programme.lint import Finding, kind_of, lint
from programme.text import Value, _


@click.command(
    name="lint",
    help=say(
        nl="Controleer bestanden van edities en van methoden voor intervisie. FILE mag - zijn.",
        en="Check files of editions and of methods of intervision. FILE may be -.",
    ),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--strict", is_flag=True, help=say(nl="Tel waarschuwingen als fouten.", en="Count warnings as errors."))
@json_option
def lint_files(files: tuple[str, ...], *, strict: bool, as_json: bool) -> int:
    """Exit 2 when a file cannot be read or is no TOML, 1 when there are errors (with `--strict` also warnings), else 0."""
    texts = {file: read_text(file) for file in files}
    found = [it for file, text in texts.items() for it in findings_in(file, text)]
    told = [tell(it) for it in found]
    if as_json:
        click.echo(_as_json(texts, told))
    else:
        _write(told)
    return _code(found, strict=strict)


def findings_in(file: str, text: str | Finding) -> list[Finding]:
    """Look at one file as `read_text` gives it."""
    return [text] if isinstance(text, Finding) else lint(name_of(file), text, named_free_days)


def read_text(file: str) -> str | Finding:
    """The text of a file, or the finding that there is none."""
    try:
        return read_bytes(file).decode("utf-8-sig")
    except OSError as error:
        return _unread(file, _("this cannot be read ({reason})", reason=reason(error)), _("name a file that can"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return _unread(file, _("this is not UTF-8"), _("save the file as UTF-8"), line)


def _unread(file: str, what: Value, mend: Value, line: int = 1) -> Finding:
    return Finding(file=name_of(file), line=line, key="", rule="toml", what=what, mend=mend)


def _write(told: Iterable[Told]) -> None:
    """What keeps a file from being read goes to standard error, as every command does it."""
    for it in told:
        click.echo(it.line, err=it.finding.rule == "toml")
    if not told:
        click.echo(say(nl="In orde.", en="In order."))


def _as_json(texts: dict[str, str | Finding], told: list[Told]) -> str:
    kinds = {name_of(file): kind_of(text) if isinstance(text, str) else None for file, text in texts.items()}
    facts = {
        "ok": not any(it.finding.severity == "error" for it in told),
        "files": [{"file": file, "kind": kind} for file, kind in kinds.items()],
        "findings": [it.facts for it in told],
    }
    return json.dumps(facts, ensure_ascii=False)


def _code(found: list[Finding], *, strict: bool) -> int:
    if any(it.rule == "toml" for it in found):
        return WRONG
    return NOT_SO if any(strict or it.severity == "error" for it in found) else DONE
