"""The made-up people of the page hold a session, also when the page is closed and opened again in the middle of it."""

from datetime import timedelta
from pathlib import Path

from bot.local.company import Company
from bot.local.play import Play
from programme.intervision.session import Session
from programme.records import Group, Round
from tests.stage import edition, local
from tests.test_local import played

MEMBERS = ("anna", "bram", "carla", "dirk")
BEGIN = "2026-10-13 09:00"


def records() -> tuple[Group, Round]:
    """A group that has just been made, after the matches were published."""
    it, made = edition(), local(BEGIN)
    group = Group(id=f"{it.id}/1", edition=it.id, number=1, members=MEMBERS, made=made, version=1)
    return group, Round(id=it.id, next_number=5, published=made - timedelta(days=20))


def newest(play: Play) -> Session | None:
    return max(play.state.all(Session), key=lambda it: it.started, default=None)


async def test_the_people_of_the_page_hold_a_session_and_a_restart_does_not_stop_them(tmp_path: Path) -> None:
    async with played(tmp_path, BEGIN, already=records()) as play:
        company = Company(play)
        while newest(play) is None:
            await company.step(())
            assert play.clock.now() < local("2026-12-01 09:00"), "nobody began"
        for _step in range(8):
            await company.step(())
    async with played(tmp_path, BEGIN) as play:
        session = newest(play)
        assert session is not None
        assert session.ended is None
        await Company(play).until(play.clock.now() + timedelta(hours=3), ())
        ended = play.state.get(Session, session.id)
        assert ended is not None
        assert ended.ended is not None
        assert ended.phase == len(ended.plan) - 1
        spoke = {entry.by for entry in play.record.all() if entry.room == f"group/{session.group}"}
        assert spoke >= set(ended.members)
