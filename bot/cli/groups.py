"""`kring groups` splits people in groups, once or in successive rounds."""

import json

import click

from bot.cli.faults import DONE, NOT_SO, Fault
from bot.cli.findings import said
from bot.cli.inputs import read_json, read_model
from bot.cli.options import json_option
from bot.cli.standard import name_of
from bot.cli.words import say
from programme.groups.bound import cuts
from programme.groups.problem import Problem
from programme.groups.rounds import solve_rounds
from programme.text import Refusal


@click.command(
    help=say(nl="Deel mensen in groepen in. INPUT mag - zijn.", en="Split people in groups. INPUT may be -.")
)
@click.argument("source", metavar="INPUT")
@json_option
def groups(source: str, as_json: bool) -> int:  # noqa: ARG001
    """Print the groups as JSON, with or without `--json`; 1 when a rule had to give way, or when no split can be."""
    problem = read_model(Problem, read_json(source), source)
    try:
        rounds = solve_rounds(problem)
    except Refusal as refusal:
        raise Fault(f"{name_of(source)}: {said(refusal.text)}", code=NOT_SO) from refusal
    _tell_of_other_cuts(problem)
    plain = [split.model_dump(mode="json") for split in rounds]
    click.echo(json.dumps(plain if problem.rounds > 1 else plain[0], ensure_ascii=False))
    return NOT_SO if any(split.relaxed for split in rounds) else DONE


def _tell_of_other_cuts(problem: Problem) -> None:
    """Where the size asked for does not come out, say what else can be chosen; the outcome itself stays on standard output."""
    _usual, *others = cuts(len(problem.people), problem.size)
    for cut in others:
        told = {"sizes": ", ".join(map(str, cut)), "size": max(cut)}
        hint = say(
            nl="Ook mogelijk: groepen van {sizes} (size {size}).", en="Also possible: groups of {sizes} (size {size})."
        )
        click.echo(hint.format(**told), err=True)
