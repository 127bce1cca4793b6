"""Meetings: who hears that one moves, what a calendar makes of it, and the order of a waiting list."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.chat import Post
from bot.transcript import enrolled, read_scene
from programme import meetings
from programme.edition import Edition
from programme.exchange import Exchange
from programme.records import Participant, Round
from programme.text import Refusal
from tests.stage import FOUR, edition, local, plain, playing, say, to

NOW = local("2026-09-08 10:00")


def exchange(now: str = "2026-09-08 10:00") -> Exchange:
    records = list(enrolled(read_scene(FOUR).signed_up, edition(), NOW))
    parts = {it.person: it for it in records if isinstance(it, Participant)}
    return Exchange(edition(), Round(id=edition().id), parts, {}, {}, local(now))


def with_session(seats: int) -> Exchange:
    it = exchange()
    start = local("2026-10-14 15:00")
    planned, _session = meetings.planned(it, seats, start.date(), start.time(), (start + timedelta(hours=1)).time())
    return replace(it, edition=planned)


def keeping(it: Exchange, part: Participant) -> Exchange:
    return replace(it, participants={**it.participants, part.person: part})


def event(post: Post) -> tuple[Calendar, Event]:
    assert post.file is not None
    calendar = Calendar.from_ical(post.file.content.decode())
    assert isinstance(calendar, Calendar)
    (found,) = calendar.walk("VEVENT")
    assert isinstance(found, Event)
    return calendar, found


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_a_meeting_that_moves_and_is_cancelled_stays_one_event_with_a_rising_number(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-08 10:00") as stage:
        (asked,) = await say(stage, "anna", "!aanwezig slot")
        await stage.speak("cor", "!bijeenkomst verplaats slot 04-12-2026 13.00")
        moved = next(post for post in await say(stage, "cor", "ja") if post.room == to("anna"))
        await stage.speak("cor", "!bijeenkomst vervalt slot")
        gone = next(post for post in await say(stage, "cor", "ja") if post.room == to("anna"))
    found = [event(post) for post in (asked, moved, gone)]
    assert len({it["uid"] for _calendar, it in found}) == 1
    assert [it["sequence"] for _calendar, it in found] == [0, 1, 2]
    assert [calendar["method"] for calendar, _it in found] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert found[-1][1]["status"] == "CANCELLED"


async def test_the_calendar_that_is_asked_for_later_is_not_older_than_the_update(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-08 10:00") as stage:
        await stage.speak("cor", "!bijeenkomst verplaats slot 04-12-2026 13.00")
        await stage.speak("cor", "ja")
        (post,) = await say(stage, "anna", "!kalender")
    assert post.file is not None
    numbers = {str(it["summary"]): str(it["sequence"]) for it in Calendar.from_ical(post.file.content).walk("VEVENT")}
    assert sorted(numbers.values()) == ["0", "1"]


async def test_agenda_and_calendar_say_whether_a_meeting_is_online_and_mandatory_and_guess_nothing_of_a_session(
    tmp_path: Path,
) -> None:
    start, closing = edition().meetings
    live = start.model_copy(update={"online": False, "mandatory": True})
    session = closing.model_copy(update={"key": "network-1", "seats": 8})
    programme = edition().model_copy(update={"meetings": (live, closing), "network": (session,)})
    async with playing(tmp_path, "2026-09-08 10:00", editions=[programme]) as stage:
        await stage.speak("anna", "!netwerk aan")
        agenda = plain(await say(stage, "anna", "!agenda")).splitlines()
        (post,) = await say(stage, "anna", "!kalender")
    assert [row.rpartition("uur")[2] for row in agenda if "bijeenkomst:" in row] == [
        " (op locatie en verplicht)",
        " (online)",
        "",
    ]
    assert post.file is not None
    found = Calendar.from_ical(post.file.content).walk("VEVENT")
    assert [str(it.get("location", "")) for it in found] == ["", "Online", ""]
    assert "verplicht" in str(found[0].get("description", ""))


async def test_who_cannot_come_hears_nothing_of_a_move_and_is_not_reminded(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-18 10:00") as stage:
        await stage.speak("anna", "!verhinderd start")
        await stage.speak("cor", "!bijeenkomst verplaats start 30-09-2026 9.00")
        said = await say(stage, "cor", "ja")
        await stage.travel(local("2026-09-30 09:00"))
        said += [
            post for post in stage.console.fetch() if "Startbijeenkomst" in post.plain or "startbijeen" in post.plain
        ]
    assert {post.room for post in said if post.room.startswith("direct/")} == {
        to(p) for p in ("bram", "carla", "dirk", "cor")
    }


@pytest.mark.parametrize("reason", ["griep", "begrafenis"])
async def test_the_reason_that_somebody_adds_is_nowhere_on_disk(reason: str, tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-08 10:00") as stage:
        said = plain(await say(stage, "anna", f"!verhinderd start want {reason}"))
        await stage.house.settle()
        assert "Startbijeenkomst" in said
        assert b"anna" in on_disk(tmp_path)
        assert reason.encode() not in on_disk(tmp_path)


def test_a_cancelled_meeting_takes_its_reminders_with_it_and_the_edition_can_be_read_back() -> None:
    after = meetings.cancelled(edition(), edition().meeting("start"))
    again = Edition.model_validate_json(after.model_dump_json())
    assert [m.key for m in again.meetings] == ["closing"]
    assert not [r.key for r in again.reminders if r.anchor == "meeting.start"]


@given(st.lists(st.none() | st.integers(0, 5), max_size=12))
def test_a_number_of_a_session_is_not_given_twice(steps: list[int | None]) -> None:
    """Sessions are planned (None) and cancelled (by their place in the list) in whatever order; one has a name of its own."""
    it = with_session(3)
    (first,) = it.edition.network
    named = first.model_copy(update={"key": "autumn"})
    it = replace(it, edition=it.edition.model_copy(update={"network": (first, named)}))
    given_out = [first.key, named.key]
    for step in steps:
        left = it.edition.network
        if step is None:
            changed, session = meetings.planned(it, 3, first.day, first.start, first.end)
            given_out.append(session.key)
        else:
            changed = meetings.cancelled(it.edition, left[step % len(left)]) if left else it.edition
        it = replace(it, edition=changed)
    assert len(set(given_out)) == len(given_out)


def test_a_meeting_keeps_its_length_when_no_end_is_given() -> None:
    start = local("2026-10-01 13:00")
    _edition, moved = meetings.moved(exchange(), edition().meeting("start"), start.date(), start.time(), None)
    assert moved.span(edition().zone).end == local("2026-10-01 15:00")


def test_a_meeting_does_not_move_to_the_past() -> None:
    start = local("2026-09-07 13:00")
    with pytest.raises(Refusal):
        meetings.moved(exchange(), edition().meeting("start"), start.date(), start.time(), None)


@given(st.integers(1, 3), st.lists(st.tuples(st.sampled_from(("anna", "bram", "carla", "dirk")), st.booleans())))
def test_seats_go_to_who_came_first_and_who_moves_up_waited_longest(seats: int, steps: list[tuple[str, bool]]) -> None:
    it = with_session(seats)
    (session,) = it.edition.network
    queue: list[str] = []
    for minute, (person, joins) in enumerate(steps):
        it = replace(it, now=NOW + timedelta(minutes=minute))
        part = it.participants[person]
        if joins and person not in queue:
            queue.append(person)
            it = keeping(it, meetings.joined(it, part, session))
        elif not joins and person in queue:
            had_seat = queue.index(person) < seats
            up = meetings.moves_up(it, session) if had_seat else None
            it = keeping(it, meetings.left(part, session))
            queue.remove(person)
            assert up == (queue[seats - 1] if had_seat and len(queue) >= seats else None)
        assert meetings.in_order(it, session) == queue
        assert meetings.seated(it, session) == queue[:seats]


async def test_who_has_said_whether_they_come_is_not_asked_again(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-18 10:00") as stage:
        await stage.speak("anna", "!aanwezig start")
        await stage.speak("bram", "!verhinderd start")
        stage.console.fetch()
        await stage.travel(local("2026-09-22 10:00"))
        asked = {post.room for post in stage.console.fetch() if "Ben je erbij" in post.plain}
        await stage.travel(local("2026-09-28 10:00"))
        reminded = {post.room for post in stage.console.fetch() if "komt eraan" in post.plain}
    assert asked == {to("carla"), to("dirk")}
    assert reminded == {to("anna"), to("carla"), to("dirk")}
