"""Rehearsing: the same seed plays the same story, everybody comes to an end, and each warning is provoked by an edition."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

import commands
from bot.__main__ import kring
from bot.command import find
from bot.rehearsal import Message, Rehearsal, Report, Spoken, free_of, opened, rehearse, warnings
from bot.rehearsal.outcome import outcomes, summary
from bot.rehearsal.warnings import Kind, Warned
from bot.tables import INDEXES, TABLES
from programme.crowd import Pace, Temperament, Trait, made_up
from programme.crowd.people import COORDINATOR
from programme.edition import Edition, Meeting
from programme.people import Person
from programme.records import Round
from programme.reminder import Reminder
from programme.text import Both
from storage.store import Store
from tests.stage import all_commands, edition

FILE = "programme/editions/secretariswissel-2026.toml"
ENDED = {"visited", "agreed", "left", "no place"}
"""How it can end: with a day, by leaving, or with the coordinator looking for a place, which was said."""
FAULTS = ("Er ging hier iets mis", "Something went wrong here", "opdracht ging mis")


def coordinated(it: Edition) -> Edition:
    return it.model_copy(update={"coordinators": (COORDINATOR.id,)})


def people_of(count: int, seed: int) -> list[Person]:
    return [COORDINATOR, *made_up(count, seed, edition())]


def played(
    folder: Path, it: Edition, people: Sequence[Person], seed: int = 1, like: dict[str, Temperament] | None = None
) -> Rehearsal:
    async def play() -> Rehearsal:
        stage = opened(folder / "state", all_commands(), it, people, seed)
        stage.begin()
        try:
            return await rehearse(stage, it, people, seed, like)
        finally:
            await stage.end()

    return asyncio.run(play())


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    return played(tmp_path_factory.mktemp("eight"), coordinated(edition()), people_of(8, 1))


def found(rehearsal: Rehearsal, kind: Kind, most: int = 5) -> list[Warned]:
    return [it for it in warnings(rehearsal, free_of(rehearsal.edition), most) if it.kind == kind]
