"""What holds for every command there is: help, examples, and a polite answer to who types it wrongly, elsewhere, too soon or too late."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.arguments import Rest, read_call
from bot.chat import Post
from bot.command import ANYWHERE, DESK, DIRECT, Command
from bot.console import Stage
from programme import rooms
from programme.exchange import Phase
from programme.people import Role
from programme.records import Participant
from programme.text import Text
from tests.stage import all_commands, edition, heard, kept, local, matched, plain, playing, say, to

COMMANDS = all_commands()
Named = Callable[[Command], str]


def each(*among: Command) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("command", among or COMMANDS.all, ids=lambda c: c.id)


def that(fits: Callable[[Command], bool]) -> pytest.MarkDecorator:
    return each(*(command for command in COMMANDS.all if fits(command)))


def who(command: Command) -> str:
    """Somebody who may type it."""
    return "cor" if command.who is Role.COORDINATOR else "anna"


def begins_with_text(command: Command) -> bool:
    return bool(command.parameters) and command.parameters[0].kind in (Rest, str)


COHORT = rooms.cohort(edition().id)
MOMENTS = {
    Phase.BEFORE: "2026-05-04 10:00",
    Phase.SIGNUP: "2026-05-18 10:00",
    Phase.PREFERENCES: "2026-08-18 10:00",
    Phase.MATCHING: "2026-09-07 10:00",
    Phase.VISITS: "2026-09-08 10:00",
    Phase.CLOSED: "2026-11-30 10:00",
}


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One house for all tests that leave the subject as it was: opening one for each would take half a minute."""
    async with playing(tmp_path_factory.mktemp("house"), MOMENTS[Phase.PREFERENCES]) as it:
        await it.travel(it.clock.now())
        yield it


@pytest_asyncio.fixture(loop_scope="module")
async def stage(house: Stage) -> Stage:
    """The house, a minute later: who types much in one second has to wait. What was due by then has been said."""
    await house.travel(house.clock.now() + timedelta(minutes=1))
    house.console.fetch()
    return house


async def in_phase(stage: Stage, phase: Phase) -> None:
    """Let the house, open since before sign-up, come to this phase; matches are published on the way when they must be."""
    if phase in (Phase.VISITS, Phase.CLOSED):
        await matched(stage)
    await stage.travel(local(MOMENTS[phase]))
    stage.console.fetch()


# ── help ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@each()
async def test_help_tells_how_to_write_every_command_in_both_languages(command: Command, stage: Stage) -> None:
    for language in ("nl", "en"):
        await say(stage, "anna", f"!taal {language}")
        said = plain(await say(stage, "anna", f"!help {command.word(language)}"))
        await say(stage, "anna", "!taal nl")
        about = command.help.values.get("what", command.help)  # of a word of a session: without where it is of use
        assert isinstance(about, Text)
        assert stage.house.languages.by_code[language].template(about) in said
        assert f"`!{command.word(language)}" in said


@pytest.mark.parametrize("phase", Phase)
async def test_help_is_twelve_lines_at_most_and_leaves_out_what_is_of_no_use_now(phase: Phase, tmp_path: Path) -> None:
    of_no_use = {c.word("nl") for c in COMMANDS.all if c.during is not None and phase not in c.during}
    async with playing(tmp_path, "2026-05-01 10:00") as stage:
        await in_phase(stage, phase)
        for person in ("anna", "cor", "zoe"):
            said = plain(await say(stage, person, "!help"))
            assert len(said.splitlines()) <= 12
            assert not [word for word in of_no_use if f"`!{word}`:" in said]


# ── examples ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@each()
async def test_the_examples_that_help_shows_are_read_as_they_stand(command: Command, stage: Stage) -> None:
    shown = [
        row for row in plain(await say(stage, "anna", f"!help {command.word('nl')}")).splitlines() if row[-1] == "`"
    ]
    written = [row[row.index("`") + 2 : -1] for row in shown]
    read = [read_call(row, COMMANDS) for row in written]
    assert {call.command if call else None for call in read} <= {command.id}
    assert bool(read) == any(command.examples)


@pytest.mark.parametrize("phase", Phase)
async def test_no_command_goes_wrong_in_any_room_for_anybody(phase: Phase, tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-01 10:00") as stage:
        await in_phase(stage, phase)
        with capture_logs() as logged:
            for command in COMMANDS.all:
                for person, room in (("anna", ""), ("zoe", ""), ("cor", ""), ("cor", "desk"), ("anna", "cohort")):
                    stage.clock.set(stage.clock.now() + timedelta(seconds=1))
                    await stage.speak(person, f"!{command.word('en')} {command.examples[-1]}", room)
                    assert stage.console.fetch(), (command.id, person, room)
        assert not [row for row in logged if row["event"] == "fault"]


# ── typed wrongly, elsewhere, by somebody else, or at another time ───────────────────────────────────────────────────────────


@that(lambda c: not c.parameters)
async def test_a_command_with_a_word_too_many_is_not_carried_out(command: Command, stage: Stage) -> None:
    before = kept(stage)
    said = await say(stage, who(command), f"!{command.word('nl')} zomaar")
    assert f"`!{command.word('nl')}`" in plain(said)
    assert kept(stage) == before


@that(lambda c: bool(c.parameters) and not begins_with_text(c))
async def test_a_wrong_argument_is_refused_with_a_way_on(command: Command, stage: Stage) -> None:
    before = kept(stage)
    said = plain(await say(stage, who(command), f"!{command.word('nl')} %%% 12x 99"))
    assert said
    assert kept(stage) == before


@that(lambda c: any(p.needed for p in c.parameters))
async def test_without_its_arguments_a_command_asks_or_shows_how(command: Command, stage: Stage) -> None:
    before = kept(stage)
    assert plain(await say(stage, who(command), f"!{command.word('nl')}"))
    assert kept(stage) == before


@pytest.mark.parametrize("line", ["match zet vast", "programma wijzig"])
async def test_the_example_for_a_missing_argument_is_read_as_it_stands(line: str, stage: Stage) -> None:
    said = plain(await say(stage, "cor", f"!{line}", "desk"))
    assert '"' not in said


@that(lambda c: c.where is not ANYWHERE)
async def test_in_the_wrong_room_the_answer_comes_where_nobody_reads_along(command: Command, stage: Stage) -> None:
    before, person = kept(stage), who(command)
    said = await say(stage, person, f"!{command.word('nl')} {command.examples[0]}", "cohort")
    assert {post.room for post in said} == {to(person)}
    assert kept(stage) == before


@that(lambda c: c.where is DIRECT)
async def test_what_is_private_is_not_done_at_the_desk_either(command: Command, stage: Stage) -> None:
    before = kept(stage)
    said = await say(stage, "cor", f"!{command.word('nl')} {command.examples[0]}", "desk")
    assert kept(stage) == before
    assert said


@that(lambda c: c.who is Role.COORDINATOR)
@pytest.mark.parametrize("person", ["anna", "zoe"])
async def test_only_a_coordinator_coordinates(command: Command, person: str, stage: Stage) -> None:
    before = kept(stage)
    said = plain(await say(stage, person, f"!{command.word('nl')} {command.examples[0]}"))
    assert edition().contact.phone in said
    assert kept(stage) == before


@that(lambda c: c.who is Role.PARTICIPANT)
async def test_a_stranger_hears_how_to_sign_up(command: Command, stage: Stage) -> None:
    before = kept(stage)
    said = plain(await say(stage, "zoe", f"!{command.word('nl')} {command.examples[0]}"))
    assert "`!aanmelden`" in said
    assert kept(stage) == before


async def test_the_name_of_a_coordinator_gives_no_rights(stage: Stage) -> None:
    before = kept(stage)
    await stage.house.hear(heard(stage, "zoe", "!bericht Dag allemaal", id_="1", name="Cor"))
    await stage.house.settle()
    assert edition().contact.phone in plain(stage.console.fetch(), to("zoe"))
    assert kept(stage) == before


TOO_SOON_OR_TOO_LATE = [
    ("anna", "voorkeur 2", {Phase.PREFERENCES}),
    ("anna", "liever niet 2", {Phase.PREFERENCES}),
    ("anna", "stagedag gast 14-10-2026", {Phase.VISITS}),
    ("cor", "match voorstel", {Phase.MATCHING}),
    ("cor", "match zet vast anna 2 afspraak", {Phase.MATCHING}),
    ("cor", "match laat los anna", {Phase.MATCHING}),
    ("cor", "match publiceer 4", {Phase.MATCHING}),
    ("cor", "match stop", {Phase.MATCHING}),
    ("anna", "ik doe mee", set[Phase]()),
    ("anna", "doe niet mee", set[Phase]()),
    ("anna", "stagedag akkoord", set[Phase]()),
    ("anna", "stagedag niet", set[Phase]()),
]


@pytest.mark.parametrize("phase", Phase)
async def test_outside_its_time_nothing_is_changed(phase: Phase, tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-05-01 10:00") as stage:
        await in_phase(stage, phase)
        before = kept(stage)
        for person, line, open_in in TOO_SOON_OR_TOO_LATE:
            if phase not in open_in:
                assert plain(await say(stage, person, f"!{line}")), line
                assert kept(stage) == before, line


def posted(said: list[Post], room: str) -> list[Post]:
    return [post for post in said if post.room == room]


@that(lambda c: c.where is DESK)
async def test_what_is_asked_at_the_desk_is_answered_to_the_coordinator_alone(command: Command, stage: Stage) -> None:
    said = await say(stage, "cor", f"!{command.word('nl')} {command.examples[0]}", "desk")
    assert said
    assert not posted(said, COHORT)


async def test_a_coordinator_sees_the_numbers_of_the_places(stage: Stage) -> None:
    assert "CAOP" in plain(await say(stage, "cor", "!plekken", "desk"))


async def test_at_the_desk_a_wrong_word_is_answered(stage: Stage) -> None:
    assert await say(stage, "cor", "!stnd", "desk")


async def test_who_waits_is_not_let_in_by_changing_the_form(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-10 23:50") as stage:
        for typed in ("!aanmelden", "ja", "Zeist", "gemeente", "Zeist", "1", "Een dag", "-", "1"):
            await stage.speak("zoe", typed)
        await stage.travel(local("2026-07-11 09:00"))
        for typed in ("x@example.nl", "!formulier wensen -"):
            await stage.speak("zoe", typed)
        part = stage.house.store[Participant][f"{edition().id}/zoe"]
        assert part.state == "waiting"
        assert set(part.answers) == {question.key for question in edition().form}


@each()
async def test_a_word_with_a_slip_of_the_pen_is_at_most_guessed_and_never_done(command: Command, stage: Stage) -> None:
    before, slip = kept(stage), command.word("nl")[:-1] + "q"
    assert plain(await say(stage, who(command), f"!{slip} {command.examples[0]}"))
    assert kept(stage) == before
