"""`kring match` solves an exchange; `kring prove` checks a published result."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.cli.faults import DONE, NOT_SO, Fault
from bot.cli.findings import said
from bot.cli.options import json_option
from bot.cli.words import say
from bot.config_faults import reason as why_not
from programme.matching.proof import prove as prove_best
from programme.matching.solve import Matching, Problem, solve
from programme.model import Model
from programme.text import Refusal

STANDARD = "-"
"""The name of standard input, and of standard output."""

M = TypeVar("M", bound=Model)


class Bundle(Model):
    """What is published for checking: the problem as it was asked, and the answer."""

    problem: Problem
    matching: Matching


@click.command(help=say(nl="Los een uitwisseling op. INPUT mag - zijn.", en="Solve an exchange. INPUT may be -."))
@click.argument("source", metavar="INPUT")
@click.option(
    "--mechanism",
    type=click.Choice(["fair", "loting"]),
    help=say(
        nl="Eerlijke matching of loting; anders wat INPUT zegt.", en="Fair matching or lots; else what INPUT says."
    ),
)
@click.option(
    "--certificate",
    metavar="FILE",
    help=say(
        nl="Schrijf hierin de bundel voor kring prove; met - komt die in plaats van de uitkomst.",
        en="Write the bundle for kring prove to this file; with - it comes instead of the outcome.",
    ),
)
@json_option
def match(source: str, mechanism: str | None, certificate: str | None, as_json: bool) -> int:  # noqa: ARG001
    """Print the matching as JSON, with or without `--json`."""
    facts = _read(source)
    problem = _model(Problem, {**facts, "mechanism": mechanism} if mechanism else facts, source)
    matching = _solved(problem, source)
    if certificate is not None:
        _write(certificate, {"problem": _plain(problem), "matching": _plain(matching)})
    if certificate != STANDARD:
        _write(STANDARD, _plain(matching))
    return DONE if matching.proved else NOT_SO


@click.command(
    help=say(
        nl="Controleer een gepubliceerde uitkomst. BUNDLE mag - zijn.", en="Check a published result. BUNDLE may be -."
    )
)
@click.argument("source", metavar="BUNDLE")
@json_option
def prove(source: str, as_json: bool) -> int:
    """Say whether the matching is proved best and is the one that the lottery gives, and to which input it belongs."""
    bundle = _model(Bundle, _read(source), source)
    objection = prove_best(bundle.problem, bundle.matching) or _other_choice(bundle, source)
    if as_json:
        _write(STANDARD, {"proved": objection is None, "objection": objection, "input": bundle.problem.hash()})
    else:
        verdict = say(nl="Bewezen: een betere uitkomst bestaat niet.", en="Proved: no better outcome exists.")
        click.echo(objection or verdict)
        click.echo(say(nl="Hash van de invoer: ", en="Hash of the input: ") + bundle.problem.hash())
    return DONE if objection is None else NOT_SO


def _other_choice(bundle: Bundle, source: str) -> str | None:
    """Solve again: of several best matchings only the lottery's is right, with the offers and the mark that go with it."""
    again, given = _solved(bundle.problem, source), bundle.matching
    if again.match != given.match:
        return "It is one of the best matchings, but not the one that the lottery chooses."
    if again.alternatives != given.alternatives:
        return "What it says under alternatives does not follow from the problem and the match."
    return None if given.proved else "It says itself that it is not proved."


def _solved(problem: Problem, source: str) -> Matching:
    try:
        return solve(problem)
    except Refusal as refusal:
        raise Fault(f"{_name(source)}: reciprocal: {said(refusal.text)}") from refusal


def _plain(model: Model) -> dict[str, Any]:
    """Make it JSON, without keys that say nothing: no `changed` without `previous`, no empty branches of a proof."""
    return model.model_dump(mode="json", exclude_defaults=True)


def _name(source: str) -> str:
    return say(nl="standaardinvoer", en="standard input") if source == STANDARD else source


def _read(source: str) -> dict[str, Any]:
    """Read a JSON object from a file or standard input."""
    try:
        raw = sys.stdin.buffer.read() if source == STANDARD else Path(source).read_bytes()
        facts = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_without_doubles)
    except OSError as error:
        mend = say(nl="noem een bestand dat je mag lezen, of -", en="name a file that can be read, or -")
        raise Fault(f"{_name(source)}: {why_not(error)}; {mend}") from error
    except json.JSONDecodeError as error:
        wrong = say(
            nl=f"regel {error.lineno}, kolom {error.colno}: dit is geen JSON; herstel het daar",
            en=f"line {error.lineno}, column {error.colno}: {error.msg}; mend the JSON there",
        )
        raise Fault(f"{_name(source)}: {wrong}") from error
    except UnicodeDecodeError as error:
        wrong = say(
            nl=f"byte {error.start} is geen UTF-8; bewaar het bestand als UTF-8",
            en=f"byte {error.start} is not UTF-8; save the file as UTF-8",
        )
        raise Fault(f"{_name(source)}: {wrong}") from error
    except RecursionError as error:
        wrong = say(
            nl="de haken staan te diep in elkaar; een voorkeurslijst heeft hoogstens twee niveaus",
            en="brackets are nested too deep; a preference list has at most two levels",
        )
        raise Fault(f"{_name(source)}: {wrong}") from error
    except ValueError as error:
        raise Fault(f"{_name(source)}: {error}") from error
    if not isinstance(facts, dict):
        wrong = say(
            nl="dit is geen JSON-object; zet alles tussen accolades",
            en="this is no JSON object; put everything between braces",
        )
        raise Fault(f"{_name(source)}: {wrong}")
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


def _model(kind: type[M], facts: dict[str, Any], source: str) -> M:
    try:
        return kind.model_validate(facts)
    except ValidationError as error:
        raise Fault(*(f"{_name(source)}: {line}" for one in error.errors() for line in _lines(one))) from error


def _lines(error: ErrorDetails) -> Iterator[str]:
    """Tell one fault of the input: the key, what is wrong, how to mend it."""
    key = ".".join(str(part) for part in error["loc"])
    prefix = f"{key}: " if key else ""
    if error["type"] == "value_error":
        yield from (prefix + line for line in str(error["ctx"]["error"]).splitlines())
    elif error["type"] == "extra_forbidden":
        unknown = say(
            nl="deze sleutel is onbekend; haal hem weg, of herstel de spelling",
            en="unknown key; take it out, or mend its spelling",
        )
        yield f"{prefix}{unknown}"
    elif error["type"] == "missing":
        yield prefix + say(nl="ontbreekt; voeg het toe", en="is missing; add it")
    else:
        yield f"{prefix}{error['msg']}; it is {str(error['input'])[:40]!r} now"


def _write(target: str, facts: dict[str, Any]) -> None:
    """Print JSON, or write it to a file that only its owner can read: a bundle holds everybody's preferences."""
    text = json.dumps(facts, ensure_ascii=False)
    if target == STANDARD:
        click.echo(text)
        return
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        mend = say(nl="noem een bestand dat je mag schrijven", en="name a file that can be written")
        raise Fault(f"{target}: {why_not(error)}; {mend}") from error
