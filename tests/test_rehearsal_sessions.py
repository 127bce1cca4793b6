"""Rehearsing the sessions of the groups: all of them are held, a few lines tell each, turns are no nagging, and a crowd that forgot everything goes on."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.context import State
from bot.rehearsal import Rehearsal, Report, Spoken, free_of, opened, perform, standing
from bot.rehearsal.held import held
from bot.rehearsal.outcome import summary
from bot.rehearsal.warnings import unasked, warnings
from programme.crowd import Crowd, Temperament
from programme.intervision.session import Session, Slow
from programme.people import Person
from tests.stage import all_commands, edition
from tests.test_rehearsal import coordinated, people_of, played

TURNS = 25
"""So many things are done before the crowd forgets."""
MOST = 100
"""It forgets this often at most."""


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    return played(tmp_path_factory.mktemp("eight"), coordinated(edition()), people_of(8, 1))


def said(rehearsal: Rehearsal, word: str) -> list[Spoken]:
    return [it for it in rehearsal.said if isinstance(it, Spoken) and it.text.startswith(word)]


def first_group(rehearsal: Rehearsal) -> list[Session]:
    assert rehearsal.end is not None
    group = rehearsal.end.groups[1].id
    return [it for it in rehearsal.sessions.values() if it.group == group]


def test_a_group_holds_all_its_sessions_and_decides_whether_it_goes_on(eight: Rehearsal) -> None:
    sessions = first_group(eight)
    assert len(sessions) == 5
    assert all(it.ended is not None and it.phase == len(it.plan) - 1 for it in sessions)
    told = "\n".join(it.text for it in eight.messages if it.room.startswith("group/"))
    assert "Deze groep gaat door." in told or "Deze groep stopt hier." in told


def test_people_lead_in_turn(eight: Rehearsal) -> None:
    led = Counter(it.facilitator for it in first_group(eight))
    assert max(led.values()) - min(led.values()) <= 1
    assert len(led) >= 3


def test_who_was_there_says_how_useful_it_was(eight: Rehearsal) -> None:
    thanked = [it for it in eight.messages if it.person and it.text == "Dank je. Ik heb het geteld."]
    assert len(thanked) >= 2 * len(eight.sessions)
    assert [it for it in eight.messages if " nam deel aan 5 sessies van " in it.text]


def test_a_session_is_told_in_a_few_lines_and_in_full_to_who_reads_one_person(eight: Rehearsal) -> None:
    it = first_group(eight)[0]
    told = list(Report(eight, [], "nl").lines())
    line = next(line for line in told if "groep 1, sessie 1: " in line)
    name = next(person.name for person in eight.people if person.id == it.facilitator)
    assert line.endswith(f" minuten. {name} begeleidt.")
    assert " in de kamer aan " in told[told.index(line) + 1]
    phases = [line for line in told if "**Fase 1 van " in line]
    assert phases == []
    assert any("**Fase 1 van " in line for line in Report(eight, [], "nl", [it.facilitator]).lines())


def test_every_message_of_a_session_is_in_the_data(eight: Rehearsal) -> None:
    plain = Report(eight, [], "nl").plain()
    assert len(plain["sessions"]) == len(eight.sessions)
    for it in plain["sessions"]:
        bot = [line for line in plain["messages"] if line["session"] == it["id"] and "to" in line]
        assert len(bot) == it["in_room"] + sum(it["alone"].values())
        assert it["in_room"] > 10


def test_a_session_reads_in_english_too(eight: Rehearsal) -> None:
    assert any(" leads." in line and "group 1, session 1: " in line for line in Report(eight, [], "en").lines())


# ── what counts ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_turns_at_the_table_are_no_nagging(eight: Rehearsal) -> None:
    assert any(eight.at_the_table(it) and it.person and it.cause == "passed on" for it in eight.messages)
    assert not any(eight.at_the_table(message) for _person, message in unasked(eight))
    assert [it for it in warnings(eight, free_of(eight.edition)) if it.kind in ("quiet", "no answer", "fault")] == []


def test_what_the_clock_brings_over_days_is_a_reminder_as_any_other(eight: Rehearsal) -> None:
    slow = Slow(zone="Europe/Amsterdam", phases=(("story", 2),))
    over_days = {id_: it.model_copy(update={"slow": slow}) for id_, it in eight.sessions.items()}
    other = replace(eight, sessions=over_days)
    apart = {it.cause for it in other.messages if it.session and not other.at_the_table(it)}
    assert apart == {"reminder"}
    assert summary(other).in_sessions < summary(eight).in_sessions


def test_the_summary_counts_sessions_apart(eight: Rehearsal) -> None:
    it = summary(eight)
    assert it.sessions == len(eight.sessions) == 5
    assert it.in_sessions == sum(its.in_room + sum(its.alone.values()) for its in held(eight).values())
    assert "Daarbij kwamen " in "\n".join(Report(eight, [], "nl").figures())


# ── a crowd that starts again ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_crowd_that_forgot_everything_goes_on_from_what_the_state_says(tmp_path: Path) -> None:
    """As in a page that was closed and opened again: nothing is asked or done twice for it."""
    it, people = coordinated(edition()), people_of(6, 1)
    texts, state = asyncio.run(_played_forgetfully(tmp_path, people))
    assert len(state.all(Session, edition=it.id)) == 5
    once = [text for text in texts if text.startswith(("!groepen vraag", "!datumprikker", "!groepen maak"))]
    assert len(once) == len(set(once)) == 3


async def _played_forgetfully(folder: Path, people: Sequence[Person]) -> tuple[list[str], State]:
    it = coordinated(edition())
    stage = opened(folder / "state", all_commands(), it, people, 1)
    calm = {person.id: Temperament() for person in people}
    texts: list[str] = []
    stage.begin()
    try:
        for _time in range(MOST):
            crowd = Crowd(1, people, free_of(it), calm)
            for _turn in range(TURNS):
                act = next(iter(crowd.acts(*standing(stage, it.id))), None)
                rings = stage.house.bell.next_at()
                if act is None and rings is None:
                    return texts, State(stage.house.store)
                if act is None or (rings is not None and rings <= act.at):
                    assert rings is not None
                    await stage.travel(max(rings, stage.clock.now()))
                else:
                    stage.clock.set(max(act.at, stage.clock.now()))
                    await perform(stage, act, then=lambda heard: texts.append(heard.text))
                    crowd.done(act)
    finally:
        await stage.end()
    raise AssertionError("it does not end")
