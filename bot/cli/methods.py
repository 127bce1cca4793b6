"""`kring methods`: the methods of intervision, one of them in full, or what is wrong with a file of one's own."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from bot.cli.faults import NOT_SO, Fault
from bot.cli.options import json_option, lang_option
from bot.cli.words import say
from bot.config_faults import not_utf8, unreadable
from bot.files import read_methods
from bot.i18n import either
from programme.intervision.lint import faults
from programme.intervision.method import Method, parse
from programme.people import LanguageCode


@click.command(
    help=say(
        nl="Toon de methoden voor intervisie, één ervan helemaal, of controleer een eigen bestand (NAME.toml).",
        en="List the methods of intervision, show one in full, or check a file of your own (NAME.toml).",
    )
)
@click.argument("name", required=False)
@lang_option
@json_option
def methods(name: str | None, language: LanguageCode, *, as_json: bool) -> None:
    """List all methods by name, or show one. A file with faults is told line by line, and ends with exit code 1."""
    known = read_methods()
    if name is None:
        rows = [_summary(method, language) for method in known.values()]
        _write(rows, [_row(row) for row in rows], as_json=as_json)
    else:
        method = _from_file(Path(name)) if name.endswith(".toml") else _known(known, name)
        _write(_whole(method, language), _pages(method, language), as_json=as_json)


def _from_file(path: Path) -> Method:
    try:
        written = path.read_text(encoding="utf-8")
    except OSError as error:
        mend = say(nl="noem een TOML-bestand dat te lezen is", en="name a TOML file that can be read")
        raise Fault(unreadable(path, error, mend)) from None
    except UnicodeDecodeError:
        raise Fault(not_utf8(path)) from None
    if found := faults(path.name, written):
        raise Fault(*found, code=NOT_SO)
    return parse(written)


def _known(known: Mapping[str, Method], name: str) -> Method:
    asked = name.replace("-", "_").casefold()
    if asked not in known:
        raise Fault(
            f"{name}: "
            + say(
                nl=f"deze methode is er niet; kies uit {', '.join(known)}",
                en=f"there is no such method; choose one of {', '.join(known)}",
            )
        )
    return known[asked]


def _summary(method: Method, language: str) -> dict[str, object]:
    return {
        "id": method.id,
        "name": either(method.name, language),
        "goal": either(method.goal, language),
        "minutes": method.minutes,
        "presets": list(method.presets),
        "people": [method.sizes.least, method.sizes.most],
        "certainty": method.certainty,
    }


def _row(row: dict[str, object]) -> str:
    return f"{row['id']:<18} {row['minutes']:>4g} min  {row['name']}: {row['goal']}"


def _whole(method: Method, language: str) -> dict[str, object]:
    return {
        **_summary(method, language),
        "needs": either(method.needs, language) if method.needs else None,
        "best_people": [method.sizes.best_from, method.sizes.best_to],
        "remark": method.remark,
        "sources": list(method.sources),
        "phases": [
            {
                "key": phase.key,
                "name": either(phase.name, language),
                "speakers": phase.speakers,
                "turn": phase.turn,
                "minutes": phase.minutes,
                "prompt": either(phase.prompt, language),
            }
            for phase in method.phases
        ],
    }


def _pages(method: Method, language: str) -> list[str]:
    sizes = method.sizes
    head = [_row(_summary(method, language)), f"{sizes.least}-{sizes.most} ({sizes.best_from}-{sizes.best_to})"]
    needs = [either(method.needs, language)] if method.needs else []
    remark = [method.remark] if method.remark else []
    phases = [
        f"{number:>2}. {either(phase.name, language)} ({phase.minutes:g} min, {phase.turn}, {phase.speakers})\n"
        f"    {either(phase.prompt, language)}"
        for number, phase in enumerate(method.phases, 1)
    ]
    return [*head, *needs, *remark, *phases, *method.sources]


def _write(found: object, text: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else "\n".join(text))
