"""`kring match` solves an exchange; `kring prove` checks a published result."""

import json
import os
from typing import Any

import click

from bot.cli.faults import DONE, NOT_SO, Fault
from bot.cli.findings import said
from bot.cli.inputs import read_json, read_model
from bot.cli.options import json_option
from bot.cli.standard import STANDARD, name_of
from bot.cli.words import say
from bot.config_faults import reason as why_not
from programme.matching.proof import prove as prove_best
from programme.matching.solve import Matching, Problem, solve
from programme.model import Model
from programme.text import Refusal


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
    facts = read_json(source)
    problem = read_model(Problem, {**facts, "mechanism": mechanism} if mechanism else facts, source)
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
    bundle = read_model(Bundle, read_json(source), source)
    wrong = prove_best(bundle.problem, bundle.matching)
    objection = said(wrong) if wrong is not None else _other_choice(bundle, source)
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
        return say(
            nl="Het is een van de beste uitkomsten, maar niet die de loting kiest.",
            en="It is one of the best matchings, but not the one that the lottery chooses.",
        )
    if again.alternatives != given.alternatives:
        return say(
            nl="Wat er bij alternatives staat, volgt niet uit de invoer en de uitkomst.",
            en="What it says under alternatives does not follow from the problem and the match.",
        )
    return (
        None
        if given.proved
        else say(nl="Het zegt zelf dat het niet bewezen is.", en="It says itself that it is not proved.")
    )


def _solved(problem: Problem, source: str) -> Matching:
    try:
        return solve(problem)
    except Refusal as refusal:
        raise Fault(f"{name_of(source)}: reciprocal: {said(refusal.text)}") from refusal


def _plain(model: Model) -> dict[str, Any]:
    """Make it JSON, without keys that say nothing: no `changed` without `previous`, no empty branches of a proof."""
    return model.model_dump(mode="json", exclude_defaults=True)


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
