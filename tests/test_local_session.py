"""The bar of the page leads through intervision: a group is made, and every method is played to its end, a move at a time."""

from pathlib import Path

import pytest

from bot.files import read_methods
from bot.local.company import Company
from bot.local.play import Play
from bot.local.rehearsing import Rehearsals
from bot.local.road import next_step
from bot.local.steps import Do, Enact, Journey, NextStep, Pressed, Typed
from bot.local.suggestions import suggested
from bot.transcript import grouped
from programme import rooms
from programme.intervision.method import Method
from programme.intervision.planned import Planned
from programme.intervision.session import Session
from programme.records import Group, Participant
from tests.stage import edition, local
from tests.test_local import ROOT, played

EIGHT = (
    "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), dirk (DUO, onderwijs), "
    "eva (RVO, rijk), fleur (GGD, zorg), gijs (Utrecht, gemeente), hana (Zwolle, gemeente), coordinator: cor"
)
AUTUMN = "2026-10-05 10:00"
MOST_MOVES = 150


def people_for(method: Method) -> tuple[str, ...]:
    """So many of the eight as this method is for: four, where that is enough."""
    names = [it.split(" ")[0] for it in EIGHT.split("), ")[:-1]]
    return tuple(names[: min(max(4, method.sizes.least), method.sizes.most)])


async def take(play: Play, step: NextStep | None) -> Do:
    """Do what a step proposes most; gives what that was."""
    assert step is not None
    match step.do[0]:
        case Enact(lines=lines):
            await play.enact((it.person, it.room, it.text) for it in lines)
        case Typed(person=person, room=room, line=line):
            await play.say(person, room, line)
        case Pressed(person=person, entry=entry, button=button):
            await play.press_at(person, entry, button)
        case Journey(to=to):
            await play.go_to(to)
    return step.do[0]


def session_of(play: Play) -> Session:
    (session,) = play.state.all(Session)
    return session


@pytest.mark.parametrize("method", read_methods().values(), ids=lambda it: it.id)
async def test_the_bar_leads_through_every_method_to_its_end(tmp_path: Path, method: Method) -> None:
    members = people_for(method)
    already = tuple(grouped([members], edition()))
    async with played(tmp_path, AUTUMN, EIGHT, taking_part=8, already=already) as play:
        room = rooms.group(play.edition.id, 1)
        for person in members:
            await play.say(person, room, "!akkoord")
        needs = method.phases[0].needs_presenter
        await play.say("anna", room, f"!start intervisie {method.id}{' bram' if needs else ''} nu")
        for _move in range(MOST_MOVES):
            if session_of(play).ended is not None:
                break
            assert isinstance(await take(play, next_step(play, "anna")), Enact)
        assert session_of(play).ended is not None
        assert session_of(play).phase == len(method.phases) - 1


async def test_a_planned_session_is_gone_to_and_begun_with_everybody(tmp_path: Path) -> None:
    already = tuple(grouped([("anna", "bram", "carla", "dirk")], edition()))
    async with played(tmp_path, AUTUMN, EIGHT, taking_part=8, already=already) as play:
        room = rooms.group(play.edition.id, 1)
        for person in ("anna", "bram", "carla", "dirk"):
            await play.say(person, room, "!akkoord")
        await play.say("anna", room, "!sessie plan 14-10-2026 9.30-11.00")
        assert len(play.state.all(Planned)) == 1
        done = [await take(play, next_step(play, "anna")) for _step in range(3)]
        assert [type(it) for it in done] == [Journey, Enact, Typed]
        assert play.clock.now() >= local("2026-10-14 09:25")
        assert session_of(play).facilitator == "anna"


async def test_playing_on_halts_where_somebody_who_is_played_by_hand_is_asked_something(tmp_path: Path) -> None:
    async with played(tmp_path, "2026-06-15 10:00", EIGHT, taking_part=7) as play:
        company = Company(play)
        await play.say("anna", rooms.direct("anna"), "!aanmelden")
        said = len(play.record.all())
        assert (
            await company.until(local("2026-06-20 10:00"), play.by_hand()) is None
        )  # what was open before does not halt
        assert play.clock.now() == local("2026-06-20 10:00")
        assert [it for it in play.record.all()[said:] if it.by in play.by_hand()] == []


async def test_nothing_is_suggested_that_names_a_day_gone_by(tmp_path: Path) -> None:
    async with played(tmp_path, "2027-02-15 10:00", EIGHT, taking_part=8) as play:
        lines = [it.line for it in suggested(play, "cor", rooms.desk(play.edition.id), "nl")]
        assert lines
        assert [line for line in lines if "2026" in line] == []


async def test_nobody_is_offered_the_language_that_they_talk(tmp_path: Path) -> None:
    async with played(tmp_path) as play:
        assert "!taal nl" not in [it.line for it in suggested(play, "anna", rooms.direct("anna"), "nl")]


async def test_a_rehearsal_plays_the_dates_of_the_play() -> None:
    sample = ROOT / "programme" / "editions" / "secretariswissel-2026.toml"
    opens = edition().windows["signup"].opens.replace(year=2027)
    report = await Rehearsals(sample, None).report("nl", opens)
    assert report["messages"][0]["at"] >= opens.isoformat()


async def test_somebody_who_is_let_in_is_a_stranger_with_a_chat(tmp_path: Path) -> None:
    async with played(tmp_path) as play:
        newcomer = play.join("Zoë\u202e  Nieuw", "Gemeente Ede")
        await play.say(newcomer.id, rooms.direct(newcomer.id), "help")
        assert newcomer.name == "Zoë Nieuw"
        assert [it for it in play.state.all(Participant) if it.person == newcomer.id] == []
        assert play.record.all()[-1].room == rooms.direct(newcomer.id)
        assert play.by_hand() == {"anna", "cor"}
        assert play.state.all(Group) == []
