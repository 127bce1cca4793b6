"""The file of an edition beside the edition: nothing is overwritten, everything is shown, and the coordinator chooses."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.console import Stage
from programme import meetings, rooms
from programme.amending import beginning, groups_until, publishing, reminding
from programme.edition import Edition, Meeting, Window
from programme.edition_file import EditionFile, differences, kept, met, taken_over
from programme.exchange import Exchange
from programme.records import Group, Participant, Round
from programme.text import Both, Refusal
from storage.letters import Audit
from storage.unit import Unit
from tests.stage import edition, local, plain, playing, say, to

Rewrite = Callable[[Edition], Edition]


def window(name: str, /, **days: date) -> Rewrite:
    def rewrite(it: Edition) -> Edition:
        known: dict[Any, Window] = dict(it.windows)
        return it.model_copy(update={"windows": {**known, name: known[name].model_copy(update=days)}})

    return rewrite


def keyed(name: str, key: str, /, **changes: Any) -> Rewrite:
    def rewrite(it: Edition) -> Edition:
        found = (one.model_copy(update=changes) if one.key == key else one for one in getattr(it, name))
        return it.model_copy(update={name: tuple(found)})

    return rewrite


def top(**changes: Any) -> Rewrite:
    return lambda it: it.model_copy(update=changes)


def without_meeting(key: str, *, reminders: bool) -> Rewrite:
    def rewrite(it: Edition) -> Edition:
        left = tuple(one for one in it.meetings if one.key != key)
        heard = tuple(one for one in it.reminders if one.anchor != f"meeting.{key}")
        return it.model_copy(update={"meetings": left, "reminders": heard if reminders else it.reminders})

    return rewrite


EXTRA = Meeting(
    key="extra", name=Both(nl="Terugkomdag", en="Reunion"), day=date(2026, 12, 10), start=time(9), end=time(11)
)
CLOSES = window("preferences", closes=date(2026, 9, 8))
PUBLISH = top(publish=date(2026, 9, 25))
MOVED = keyed("meetings", "start", day=date(2026, 10, 1))


def all_of(*changes: Rewrite) -> Rewrite:
    def rewrite(it: Edition) -> Edition:
        for change in changes:
            it = change(it)
        return it

    return rewrite


def after(*changes: Rewrite) -> EditionFile:
    """What is known of a file that was as the edition is, and then changed."""
    return met(met(None, edition()), all_of(*changes)(edition()))


def keys(file: EditionFile, here: Edition) -> list[str]:
    return [it.key for it in differences(file, here)]


# ── what is different ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_stays_the_same_is_no_news() -> None:
    first = met(None, edition())
    assert (
        met(first, edition().model_copy(update={"coordinators": ("cor",), "since": local("2026-05-01 10:00")})) is first
    )
    assert first.told
    assert not met(first, CLOSES(edition())).told


def test_what_was_changed_at_the_desk_is_no_difference_of_the_file() -> None:
    file = met(None, edition())
    here = edition().until("preferences", date(2026, 9, 10), local("2026-08-20 10:00"))
    assert keys(file, here.opened("visits", local("2026-09-01 10:00"))) == []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (CLOSES, "windows.preferences.closes"),
        (PUBLISH, "publish"),
        (MOVED, "meetings.start.when"),
        (keyed("meetings", "start", start=time(10), end=time(12)), "meetings.start.when"),
        (keyed("meetings", "start", online=False), "meetings.start.online"),
        (keyed("reminders", "call-list", days=2), "reminders.call-list.days"),
        (keyed("form", "wishes", optional=False), "form.wishes.optional"),
        (top(fee=Decimal(400)), "fee"),
        (top(words=("wissel",)), "words"),
        (top(purpose=Both(nl="Anders", en="Else")), "purpose"),
        (top(intervision=None), "intervision"),
        (top(meetings=(*edition().meetings, EXTRA)), "meetings.extra"),
        (without_meeting("closing", reminders=False), "meetings.closing"),
    ],
)
def test_each_change_of_the_file_is_one_difference(change: Rewrite, key: str) -> None:
    file = after(change)
    assert keys(file, edition()) == [key]
    assert keys(file, change(edition())) == []


def test_what_both_changed_is_told_apart() -> None:
    here = edition().until("preferences", date(2026, 9, 10), local("2026-08-20 10:00"))
    (it,) = differences(after(CLOSES), here)
    assert (it.was, it.now, it.here, it.both) == (date(2026, 9, 4), date(2026, 9, 8), date(2026, 9, 10), True)


def test_a_number_stays_the_same_while_others_are_decided() -> None:
    file = after(CLOSES, PUBLISH, MOVED)
    before = {it.key: it.number for it in differences(file, edition())}
    first, *_more = differences(file, edition())
    file, here = taken_over(file, edition(), [first])
    assert {it.key: it.number for it in differences(file, here)} == {k: n for k, n in before.items() if k != first.key}


def test_what_was_kept_stays_kept_until_the_file_says_something_new_there() -> None:
    file = after(CLOSES, PUBLISH)
    closes = differences(file, edition())[0]
    file = kept(file, edition(), [closes])
    assert (closes.key, keys(file, edition())) == ("windows.preferences.closes", ["publish"])
    elsewhere = met(file, all_of(CLOSES, PUBLISH, top(fee=Decimal(450)))(edition()))
    assert keys(elsewhere, edition()) == ["fee", "publish"]
    there = met(file, all_of(window("preferences", closes=date(2026, 9, 9)), PUBLISH)(edition()))
    assert keys(there, edition()) == ["windows.preferences.closes", "publish"]


def test_the_old_text_of_the_file_is_no_change_of_it() -> None:
    assert keys(met(after(CLOSES), edition()), edition()) == []


# ── taking over ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

CHANGES: Sequence[Rewrite] = (
    CLOSES,
    PUBLISH,
    MOVED,
    top(fee=Decimal(450)),
    top(name="SecretarisWissel, najaar"),
    top(meetings=(*edition().meetings, EXTRA)),
    keyed("reminders", "call-list", days=2),
    keyed("steps", "sharing", name=Both(nl="Delen", en="Share")),
    window("visits", closes=date(2026, 12, 1)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(range(len(CHANGES))), unique=True), st.data())
def test_whatever_is_chosen_the_rest_stays_and_nothing_is_lost(chosen: list[int], data: st.DataObject) -> None:
    file = after(*(CHANGES[n] for n in sorted(chosen)))
    found = differences(file, edition())
    take = [it for it in found if data.draw(st.booleans())]
    new, here = taken_over(file, edition(), take)
    left = [it for it in found if it not in take]
    assert [(it.number, it.key) for it in differences(new, here)] == [(it.number, it.key) for it in left]
    end, last = taken_over(new, here, differences(new, here))
    assert differences(end, last) == []
    assert (end.taken, end.settled) == (end.found, {})
    assert keys(met(None, last).model_copy(update={"found": file.found}), last) == []


def test_taking_over_keeps_what_is_the_houses_own() -> None:
    here = edition().model_copy(update={"coordinators": ("cor",), "since": local("2026-05-01 10:00")})
    here = here.opened("visits", local("2026-09-30 10:00"))
    file = after(MOVED, window("visits", closes=date(2026, 11, 30)))
    new, it = taken_over(file, here, differences(file, here))
    assert (it.coordinators, it.since) == (here.coordinators, here.since)
    assert it.windows["visits"].opened == local("2026-09-30 10:00")
    assert (it.meeting("start").day, it.meeting("start").version) == (date(2026, 10, 1), 1)
    assert new.taken == file.found


def test_a_meeting_goes_with_its_reminders_or_not_at_all() -> None:
    file = after(without_meeting("closing", reminders=True))
    (meeting,) = [it for it in differences(file, edition()) if it.key == "meetings.closing"]
    with pytest.raises(Refusal):
        taken_over(file, edition(), [meeting])
    _file, here = taken_over(file, edition(), differences(file, edition()))
    assert [it.key for it in here.meetings] == ["start"]
    assert not [it.key for it in here.reminders if (it.anchor or "").endswith("closing")]


def test_what_is_gone_from_the_programme_cannot_be_moved_in_it() -> None:
    here = meetings.cancelled(edition(), edition().meeting("start"))
    file = after(MOVED)
    (it,) = differences(file, here)
    assert it.both
    with pytest.raises(Refusal):
        taken_over(file, here, [it])
    assert differences(kept(file, here, [it]), here) == []


def test_days_that_do_not_fit_with_the_rest_are_refused() -> None:
    file = after(top(publish=date(2026, 9, 1)))
    with pytest.raises(Refusal, match="preferences can still be given"):
        taken_over(file, edition(), differences(file, edition()))


# ── at the desk ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def rewritten(stage: Stage, *changes: Rewrite) -> str:
    """Start again with another file, and give what was said at the desk."""
    stage.write_file(all_of(*changes))
    stage.clock.set(stage.clock.now() + timedelta(minutes=1))
    await stage.restart()
    return plain(stage.console.fetch(), rooms.desk(edition().id))


def audit(stage: Stage) -> list[tuple[str, tuple[str, ...]]]:
    return [(it.action, it.about) for it in stage.house.store[Audit].values()]


async def test_a_changed_file_changes_nothing_and_is_told_once(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-03 10:00") as stage:
        assert await rewritten(stage) == ""
        assert "op 2 plekken gewijzigd" in await rewritten(stage, CLOSES, PUBLISH)
        assert await rewritten(stage) == ""
        assert stage.house.store[Edition][edition().id].publish == edition().publish


async def test_a_store_from_before_there_was_a_record_of_the_file_begins_with_what_the_file_says(
    tmp_path: Path,
) -> None:
    async with playing(tmp_path, "2026-08-03 10:00") as stage:
        stage.house.store.commit_now(Unit([("edition_files", edition().id, None)]))
        assert await rewritten(stage, CLOSES) == ""
        assert "op 1 plek gewijzigd" in await rewritten(stage, PUBLISH)


async def test_what_was_confirmed_is_what_is_done_also_when_somebody_was_quicker(tmp_path: Path) -> None:
    people = "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor, coordinator: dora"
    async with playing(tmp_path, "2026-08-03 10:00", people) as stage:
        await rewritten(stage, MOVED, top(fee=Decimal(450)))
        await say(stage, "cor", "!programma bestand overnemen 2")
        await say(stage, "anna", "!verhinderd start")
        said = await say(stage, "cor", "ja")
        assert "1 persoon krijgt dit bericht" in plain(said, to("cor"))
        assert plain(said, to("bram")) == ""
        said = await say(stage, "cor", "ja")
        assert "Verplaatst: Startbijeenkomst" in plain(said, to("bram"))
        assert plain(said, to("anna")) == ""
        assert "Een verschil 2 is er niet" in plain(await say(stage, "dora", "!programma bestand overnemen 2"))
        assert audit(stage) == [("programme_file", ("take", "meetings.start.when"))]


async def test_keeping_is_noted_and_tells_nobody(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-03 10:00") as stage:
        await rewritten(stage, MOVED, PUBLISH)
        said = await say(stage, "cor", "!programma bestand houden alles", "desk")
        assert {post.room for post in said} == {rooms.desk(edition().id)}
        ((action, about),) = audit(stage)
        assert (action, set(about)) == ("programme_file", {"keep", "publish", "meetings.start.when"})


GROUP = Group(id=f"{edition().id}/1", edition=edition().id, number=1, members=("anna", "bram"))
ENDED = Group(
    id=f"{edition().id}/2", edition=edition().id, number=2, members=("carla", "dirk"), closed=date(2026, 8, 1)
)
BUSY = Participant(
    id=f"{edition().id}/zoe", edition=edition().id, person="zoe", state="form", since=local("2026-07-01 10:00")
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (window("signup", closes=date(2026, 8, 12)), {to("zoe")}),
        (CLOSES, {rooms.cohort(edition().id)}),
        (window("visits", opens=date(2026, 10, 12)), {rooms.cohort(edition().id)}),
        (PUBLISH, {rooms.cohort(edition().id)}),
        (MOVED, {to("anna"), to("bram"), to("carla")}),
        (top(meetings=(*edition().meetings, EXTRA)), {to(who) for who in ("anna", "bram", "carla", "dirk")}),
        (without_meeting("start", reminders=True), {to("anna"), to("bram"), to("carla")}),
        (
            top(intervision=edition().intervision.model_copy(update={"until": date(2027, 6, 1)})),  # type: ignore[union-attr]
            {rooms.group(edition().id, 1)},
        ),
        (top(fee=Decimal(450)), set()),
        (keyed("reminders", "call-list", days=2), set()),
        (keyed("meetings", "start", about=Both(nl="Kennismaken.", en="Getting to know each other.")), set()),
    ],
)
async def test_only_those_whom_a_change_touches_are_told(change: Rewrite, told: set[str], tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-03 10:00", already=(GROUP, ENDED, BUSY)) as stage:
        await say(stage, "dirk", "!verhinderd start")
        await rewritten(stage, change)
        assert "overnemen" in plain(await say(stage, "cor", "!programma bestand", "desk"))
        await say(stage, "cor", "!programma bestand overnemen alles")
        said = await say(stage, "cor", "ja")
        assert {post.room for post in said} - {to("cor")} == told
        assert "niets nieuws" in plain(await say(stage, "cor", "!programma bestand"))


async def test_a_meeting_that_the_file_takes_away_leaves_the_calendar(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-03 10:00") as stage:
        await rewritten(stage, without_meeting("start", reminders=True))
        await say(stage, "cor", "!programma bestand overnemen alles")
        (post,) = [post for post in await say(stage, "cor", "ja") if post.room == to("anna")]
        assert post.file is not None
        assert b"STATUS:CANCELLED" in post.file.content


# ── every day can be changed by hand ─────────────────────────────────────────────────────────────────────────────────────────


def exchange(**round_: Any) -> Exchange:
    it = edition()
    now = local("2026-08-03 10:00")
    return Exchange(edition=it, round=Round(id=it.id, **round_), participants={}, places={}, visits={}, now=now)


@pytest.mark.parametrize(
    ("name", "first", "at"),
    [
        ("signup", "2026-05-18", "2026-05-11 09:00"),
        ("preferences", "2026-07-10", "2026-07-01 09:00"),
        ("preferences", "2026-09-05", "2026-07-01 09:00"),
        ("preferences", "2026-06-30", "2026-07-01 09:00"),
        ("visits", "2026-09-17", "2026-07-01 09:00"),
    ],
    ids=["open already", "during sign-up", "after its last day", "in the past", "before the matches are known"],
)
def test_a_first_day_lies_to_come_and_between_the_steps_around_it(name: Any, first: str, at: str) -> None:
    with pytest.raises(Refusal):
        beginning(edition(), name, date.fromisoformat(first), local(at))


@pytest.mark.parametrize(("name", "first"), [("preferences", "2026-07-11"), ("visits", "2026-09-18")])
def test_a_first_day_may_follow_the_step_before_at_once(name: Any, first: str) -> None:
    moved = beginning(edition(), name, date.fromisoformat(first), local("2026-07-01 09:00"))
    assert moved.windows[name].opens == date.fromisoformat(first)


@pytest.mark.parametrize("day", ["2026-08-02", "2026-09-04", "2026-10-06"])
def test_the_day_of_publication_lies_between_preferences_and_visits(day: str) -> None:
    with pytest.raises(Refusal):
        publishing(exchange(), date.fromisoformat(day))
    assert publishing(exchange(), date(2026, 9, 5)).publish == date(2026, 9, 5)


def test_preferences_that_were_closed_by_hand_do_not_keep_publication_waiting() -> None:
    closed = edition().closed("preferences", local("2026-08-20 12:00"))
    it = replace(exchange(), edition=closed, now=local("2026-08-20 13:00"))
    assert publishing(it, date(2026, 8, 21)).publish == date(2026, 8, 21)
    with pytest.raises(Refusal, match="The step before it"):
        publishing(it, date(2026, 8, 20))


def test_what_is_published_is_not_published_another_day() -> None:
    with pytest.raises(Refusal):
        publishing(exchange(published=local("2026-08-01 10:00")), date(2026, 9, 25))


def test_groups_end_on_a_day_to_come_where_there_are_groups() -> None:
    now = local("2026-08-03 10:00")
    changed = groups_until(edition(), date(2027, 6, 1), now)
    assert changed.intervision is not None
    assert changed.intervision.until == date(2027, 6, 1)
    with pytest.raises(Refusal):
        groups_until(edition(), date(2026, 8, 2), now)
    with pytest.raises(Refusal):
        groups_until(edition().model_copy(update={"intervision": None}), date(2027, 6, 1), now)


@pytest.mark.parametrize(
    ("key", "day", "at"),
    [
        ("call-list", "2026-10-19", "2026-08-03 10:00"),
        ("no-such", "2026-10-19", "2026-08-03 10:00"),
        ("no-day-first", "2026-08-02", "2026-08-03 10:00"),
        ("no-day-first", "2026-10-19", "2026-10-13 10:00"),
    ],
    ids=["follows the dates", "unknown", "in the past", "sent already"],
)
def test_a_reminder_moves_when_it_has_a_day_of_its_own_that_is_to_come(key: str, day: str, at: str) -> None:
    with pytest.raises(Refusal):
        reminding(edition(), key, date.fromisoformat(day), local(at))


async def test_the_examples_of_changing_a_last_day_are_read(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-07-01 10:00") as stage:
        for line in ("!programma wijzig aanmelden t/m 17-07-2026", "!programma wijzig voorkeuren t/m 11-09-2026"):
            assert "Zal ik het doen?" in plain(await say(stage, "cor", line))
