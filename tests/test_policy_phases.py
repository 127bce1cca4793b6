"""What may be done when: a line for each command that depends on the phase, said in every phase by the one who may say it.

The phases are written by hand beside each line. In those, and in no other, the line changes something.
`tests/test_policy.py` has who and where.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.console import Stage
from bot.context import State
from programme.exchange import Phase
from programme.records import Group, Visit
from programme.rooms import desk, group
from tests.stage import all_commands, edition, local, matched, playing, say
from tests.test_policy import different, put_back, records

BEFORE, SIGNUP, PREFERENCES, MATCHING, VISITS, CLOSED = Phase
ALWAYS = frozenset(Phase)
MATCHED = frozenset({VISITS, CLOSED})
ID = edition().id
MOMENTS = {
    BEFORE: "2026-05-04 10:00",
    SIGNUP: "2026-06-01 10:00",
    PREFERENCES: "2026-08-24 10:00",
    MATCHING: "2026-09-07 09:00",
    VISITS: "2026-10-05 10:00",
    CLOSED: "2026-12-07 10:00",
}


@dataclass(frozen=True)
class Line:
    """What is said, by whom and where, and the phases in which the last of it changes something."""

    command: str
    said: tuple[str, ...]
    when: frozenset[Phase]


def line(command: str, *said: str, when: Iterable[Phase]) -> Line:
    return Line(command, said, frozenset(when))


LATE = frozenset({SIGNUP, PREFERENCES, MATCHING, VISITS})
DESK, GROUP = desk(ID), group(ID, 1)
PROPOSED = "cor: !match voorstel"
AGREED = "anna: !stagedag gast 14-10-2026", "HOST: !stagedag akkoord anna"
WILLING = "eva: !intervisie ja", "frits: !intervisie ja", "gijs: !intervisie ja"
CHANGING = (
    line("signup", "zoe: !aanmelden", "zoe: ja", when=LATE),
    line("withdraw", "anna: !terugtrekken", "anna: ja", when=ALWAYS),
    line("avoid", "anna: !liever niet 2", when={PREFERENCES}),
    line("prefer", "anna: !voorkeur 2 3 4 5 6", when={PREFERENCES}),
    line("match_propose", PROPOSED, when={MATCHING}),
    line("match_lock", "cor: !match zet vast anna 4 afspraak", "cor@: ja", when={MATCHING}),
    line(
        "match_release",
        "cor: !match zet vast anna 4 afspraak",
        "cor@: ja",
        "cor: !match laat los anna",
        when={MATCHING},
    ),
    line("match_publish", PROPOSED, "cor: !match publiceer 8", when={MATCHING}),
    line("match_stop", PROPOSED, "cor: !match publiceer 8", "cor: !match stop", when={MATCHING}),
    line("match_consult", PROPOSED, "cor: !match overleg anna", when={MATCHING}),
    line("propose", "anna: !stagedag gast 14-10-2026", when={VISITS}),
    line("accept_day", *AGREED, when={VISITS}),
    line("cancel_day", *AGREED, "anna: !stagedag afzeggen gast", "anna: ja", when={VISITS}),
    line("preparation", "anna: !voorbereiding gast programma", when={VISITS}),
    line(
        "preparation_reopen",
        "anna: !voorbereiding gast programma",
        "anna: !voorbereiding open gast programma",
        when={VISITS},
    ),
    line("wish", "anna: !wens de vergadering", when={VISITS}),
    line("confidentiality", "anna: !geheimhouding gast ja", when={VISITS}),
    line("experience_answer", "anna: !ervaring", "anna: 1", "anna: Rust.", "anna: Ruimte.", "anna: Zin.", when=MATCHED),
    line("attend", "anna: !aanwezig start", when=ALWAYS - MATCHED),
    line("absent", "anna: !verhinderd slot", when=ALWAYS - {CLOSED}),
    line("intervision", "pim: !intervisie ja", when=ALWAYS),
    line("agree", "anna: !akkoord", when=ALWAYS),
    line("groups_propose", *WILLING, "cor: !groepen voorstel", when=ALWAYS),
    line("groups_swap", *WILLING, "cor: !groepen voorstel", "cor: !groepen ruil eva frits", when=frozenset()),
    line("groups_make", *WILLING, "cor: !groepen voorstel", "cor: !groepen maak 1", when=ALWAYS),
    line("start_session", "anna@group: !start intervisie", when=ALWAYS),
    line("plan_session", "anna@group: !sessie plan 14-12-2026 9.30-11.00", when=ALWAYS),
)
"""Each is said by the one who may, where they may; only what the last of its sentences changes counts."""
SHOWING = """
    certificate evaluation groups_ask agreements group experience experiences groups match match_proof match_view match_compare match_forbid
    network objection in_confidence places place repair form here
"""
"""They answer in their phases; what they change, if anything, is only what was asked."""

pytestmark = pytest.mark.asyncio(loop_scope="module")
SCENE = (
    "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), dirk (DUO, onderwijs), eva (RVO, rijk), frits (UWV, zorg), "
    "gijs (SVB, rijk), pim (NZa, toezicht), zoe, coordinator: cor"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=list(Phase))
async def there(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A house in this phase, with a group; what it needs from earlier phases has happened."""
    phase = Phase(request.param)
    folder: Path = tmp_path_factory.mktemp(phase)
    circle = Group(id=f"{ID}/1", edition=ID, number=1, members=("anna", "bram", "carla", "dirk"))
    begin = MOMENTS[MATCHING if phase in MATCHED else phase]
    async with playing(folder, begin, SCENE, already=[circle]) as stage:
        await stage.travel(local(begin))
        if phase in MATCHED:
            await matched(stage)
        await stage.travel(local(MOMENTS[phase]))
        yield stage


def place(where: str, who: str) -> str:
    """Coordinators speak at the desk, others in the direct chat, unless it says otherwise behind an `@`."""
    return {"": DESK if who == "cor" else "", "@": "", "@group": GROUP}[where]


async def changed(stage: Stage, it: Line) -> set[str]:
    """Say it all; give which kinds of record the last of it changed, and put everything back."""
    untouched = before = records(stage)
    for sentence in it.said:
        before = records(stage)
        speaker, _colon, text = sentence.partition(": ")
        who, at, where = speaker.partition("@")
        if who == "HOST":
            who = next((visit.host for visit in stage.house.store[Visit].values() if visit.guest == "anna"), "bram")
        await say(stage, who, text, place(at + where, who))
    after = different(before, records(stage))
    put_back(stage, untouched, different(untouched, records(stage)))
    return {kind.__name__ for kind, _id in after}


async def test_each_line_changes_something_in_its_phases_and_in_no_other(there: Stage) -> None:
    phase = State(there.house.store).exchange(edition(), there.clock.now()).phase
    found = {it.command: await changed(there, it) for it in CHANGING}
    wrong = {it.command: found[it.command] for it in CHANGING if bool(found[it.command]) != (phase in it.when)}
    assert not wrong, phase


async def test_every_command_that_depends_on_the_phase_is_in_the_table() -> None:
    depends = {command.id for command in all_commands().all if command.during}
    assert depends <= {it.command for it in CHANGING} | set(SHOWING.split())
