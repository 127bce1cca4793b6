"""What is asked and not answered, what is agreed at short notice, and what is said in waking hours."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.clock import free_days
from programme import outcome
from programme.exchange import Exchange
from programme.intervision.planned import too_few
from programme.nudges import Nudge, awake, of_edition, of_groups, of_visit, overtaken
from programme.owed import owed
from programme.records import Ended, Group, Half, NewPair, Participant, Repair, Round, Suggestion, Visit
from programme.text import Text
from programme.visits import lapsed, lapses
from storage.letters import Question
from tests.stage import edition, local, matched, plain, playing, say, to

ID = edition().id
FREE = free_days(2026)
THREE = "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), coordinator: cor"


def half(day: str, start: time = time(9)) -> Half:
    return Half(day=date.fromisoformat(day), start=start, end=time(17))


def visit(**more: object) -> Visit:
    facts = {"id": f"{ID}/anna", "edition": ID, "guest": "anna", "host": "bram", "number": 2, "level": 0}
    return Visit.model_validate({**facts, **more})


def part(person: str, **more: object) -> Participant:
    facts = {"id": f"{ID}/{person}", "edition": ID, "person": person, "state": "in", "since": local("2026-07-01 10:00")}
    return Participant.model_validate({**facts, **more})


def seen(now: str, *visits: Visit, round_: Round | None = None, **more: dict[int, Group]) -> Exchange:
    """An exchange with these visits, at this moment."""
    people = {person: part(person, asked=local("2026-11-02 16:30")) for person in ("anna", "bram")}
    shown = {it.guest: it for it in visits}
    return Exchange(edition(), round_ or Round(id=ID), people, {}, shown, local(now), **more)


def rules(nudges: list[Nudge]) -> list[str]:
    return [nudge.key.split("/")[1] for nudge in nudges]


# ── agreed at short notice ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_should_have_rung_before_a_day_was_agreed_does_not_ring_at_once() -> None:
    it = visit(agreed=(half("2026-10-14"),), agreed_at=local("2026-10-13 15:00"), version=1)
    moments = {nudge.at for nudge in of_visit(edition(), it, FREE)}
    assert moments
    assert min(moments) >= local("2026-10-13 15:00")


def test_of_what_should_have_rung_the_last_word_about_each_thing_is_said_with_the_agreement() -> None:
    it = visit(agreed=(half("2026-10-14"),), agreed_at=local("2026-10-13 15:00"), version=1)
    assert sorted(rules(overtaken(edition(), it, FREE))) == ["confidentiality-two-days", "day-before"]


def test_a_day_that_is_agreed_in_time_has_all_its_reminders() -> None:
    it = visit(agreed=(half("2026-10-14"),), agreed_at=local("2026-09-21 10:00"), version=1)
    assert {"confidentiality-week", "confidentiality-two-days", "day-before"} <= set(
        rules(list(of_visit(edition(), it, FREE)))
    )
    assert overtaken(edition(), it, FREE) == []


def test_a_visit_from_before_this_was_kept_is_read_and_has_all_its_reminders() -> None:
    old = visit(agreed=(half("2026-10-14"),), version=1).model_dump(mode="json")
    del old["agreed_at"]
    assert overtaken(edition(), Visit.model_validate(old), FREE) == []


# ── a proposed day ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("proposed", "over"),
    [
        ("2026-10-05 10:00", "2026-10-14 09:00"),
        ("2026-10-14 08:00", "2026-10-14 09:00"),
        ("2026-10-14 09:00", "2026-10-14 17:00"),
        ("2026-10-14 10:30", "2026-10-14 17:00"),
    ],
)
def test_a_proposal_is_over_when_its_day_begins_or_ends_if_it_was_made_later(proposed: str, over: str) -> None:
    it = Suggestion(by="anna", halves=(half("2026-10-20"), half("2026-10-14")), at=local(proposed))
    assert lapses(edition(), it) == local(over)


def test_a_proposal_from_before_its_moment_was_kept_is_closed_too_and_nobody_is_reminded_of_it() -> None:
    it = visit(suggestion={"by": "anna", "halves": [half("2026-10-14").model_dump()]})
    (nudge,) = of_visit(edition(), it, FREE)
    assert (nudge.act, nudge.at) == ("proposal_over", local("2026-10-14 09:00"))
    assert lapsed(seen("2026-10-14 08:59", it)) == []
    assert lapsed(seen("2026-10-14 09:00", it)) == [it]
    assert [owes.about for owes in owed(seen("2026-10-10 10:00", it))] == ["intervision", "intervision"]


def test_who_is_asked_owes_an_answer_and_who_proposed_does_not() -> None:
    it = visit(suggestion=Suggestion(by="bram", halves=(half("2026-10-14"),), at=local("2026-10-05 10:00")))
    found = [owes for owes in owed(seen("2026-10-06 10:00", it)) if owes.about == "proposal"]
    assert [(owes.person, owes.call) for owes in found] == [("anna", ("anna",))]


def test_no_reminder_of_a_proposal_comes_when_its_day_has_come() -> None:
    it = visit(suggestion=Suggestion(by="bram", halves=(half("2026-10-07"),), at=local("2026-10-05 10:00")))
    assert rules(list(of_visit(edition(), it, FREE))) == ["proposal_over"]


async def test_the_button_of_a_reminder_closes_the_question_that_it_answers(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", THREE) as stage:
        await matched(stage)
        await stage.travel(local("2026-10-05 10:00"))
        await stage.speak("anna", "!stagedag gast 30-10-2026")
        (asked,) = [it for it in stage.house.store[Question].values() if it.call is None]
        await stage.travel(local("2026-10-08 10:00"))
        await stage.press(asked.person, "Ja, dat past")
        assert list(stage.house.store[Question].values()) == []


async def test_nobody_can_propose_hours_that_are_over_already(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", THREE) as stage:
        await matched(stage)
        await stage.travel(local("2026-10-05 17:30"))
        assert "is al voorbij" in plain(await say(stage, "anna", "!stagedag gast 5-10-2026"))


# ── other questions ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_has_agreed_to_a_new_match_owes_nothing() -> None:
    pairs = (NewPair(guest="anna", number=2, host="bram", agreed=frozenset({"anna"})),)
    repair = Repair(made=local("2026-10-01 10:00"), pairs=pairs, asked=True, asked_at=local("2026-10-02 10:00"))
    found = owed(seen("2026-10-03 10:00", round_=Round(id=ID, repair=repair)))
    assert [(it.person, it.call) for it in found if it.about == "repair"] == [("bram", ("anna", "2"))]


def test_a_group_that_has_ended_waits_for_nobody() -> None:
    made = local("2026-11-09 10:00")
    group = Group(id=f"{ID}/1", edition=ID, number=1, members=("anna", "bram"), agreed={"anna": made.date()}, made=made)
    ended = group.model_copy(update={"closed": date(2026, 12, 1)})
    assert [it.person for it in owed(seen("2026-11-10 10:00", groups={1: group})) if it.about == "agreements"] == [
        "bram"
    ]
    assert [it for it in owed(seen("2026-12-02 10:00", groups={1: ended})) if it.about == "agreements"] == []


def test_reminders_of_questions_ring_on_working_days_in_office_hours() -> None:
    for hours in range(24 * 14):
        asked = local("2026-12-18 00:00") + timedelta(hours=hours)
        found = list(of_groups(edition(), [part("anna", asked=asked)], [], FREE | free_days(2027)))
        assert found
        assert all(nudge.at == awake(nudge.at, FREE | free_days(2027), back=False) > asked for nudge in found)


# ── who is spared ────────────────────────────────────────────────────────────────────────────────────────────────────────────


HAD = [
    ({"agreed": (half("2026-10-14"),)}, True),
    ({"agreed": (half("2026-10-15"),)}, False),
    ({"agreed": (), "end": Ended(version=0, how="missed", on=date(2026, 10, 14))}, False),
    ({"agreed": (half("2026-10-14"),), "end": Ended(version=0, how="done", on=date(2026, 10, 14))}, True),
    ({}, False),
]


@pytest.mark.parametrize(("facts", "had"), HAD)
def test_who_has_had_no_visit_is_not_asked_how_it_was(facts: dict[str, object], had: bool) -> None:
    exchange = seen("2026-10-15 12:00", visit(**facts))
    assert [outcome.had(exchange, person) for person in ("anna", "bram", "carla")] == [had, had, False]


async def test_who_ranks_in_the_night_does_not_hear_in_the_morning_that_it_is_possible(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-16 10:00", THREE) as stage:
        await stage.travel(local("2026-08-17 00:30"))
        await stage.speak("anna", "!voorkeur 2 3")
        stage.console.fetch()
        await stage.travel(local("2026-08-17 09:00"))
        assert {post.room for post in stage.console.fetch()} == {to("bram"), to("carla")}


# ── the lottery ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_lottery_is_fixed_in_waking_hours_before_anybody_can_choose() -> None:
    for weeks in range(52):
        for days in range(7):
            it = edition()
            window = it.windows["preferences"]
            opens = window.opens + timedelta(weeks=weeks - 26, days=days)
            moved = it.with_window("preferences", window.model_copy(update={"opens": opens}))
            free = FREE | free_days(2027)
            (nudge,) = [n for n in of_edition(moved, Round(id=ID), free) if n.act == "lottery"]
            assert nudge.at < moved.windows["preferences"].begins(moved.zone)
            assert nudge.at == awake(nudge.at, free, back=False)


async def test_the_lottery_is_fixed_at_once_when_preferences_are_opened_by_hand(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-03 10:00", THREE) as stage:
        await stage.speak("cor", "!programma open voorkeuren")
        stage.console.fetch()
        await stage.speak("cor", "ja")
        assert "loting" in plain(stage.console.fetch())
        assert stage.house.store[Round][ID].commitment


# ── too few in a session ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("n", "troika"), [(0, False), (1, False), (2, True)])
def test_only_who_lacks_one_is_offered_the_method_for_three(n: int, troika: bool) -> None:
    said = [it for it in too_few(n).items if isinstance(it, Text)]
    assert len(said) == 3
    assert any("troika" in it.id for it in said) is troika
    assert any(it.plural is not None for it in said) is (n > 0)


# ── pressing ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_button_answers_the_question_below_which_it_stands_when_more_are_open(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00", "anna (AFM, rijk), bram (CBG, zorg), coordinator: cor") as stage:
        await matched(stage)
        await stage.travel(local("2026-10-05 10:00"))
        await stage.speak("anna", "!stagedag gast 30-10-2026")
        await stage.speak("anna", "!stagedag gastgever 29-10-2026")
        stage.console.fetch()
        await stage.press("bram", "Ja")
        assert "donderdag 29 oktober 2026" in plain(stage.console.fetch(), to("bram"))
        assert stage.house.store[Visit][f"{ID}/bram"].agreed
        assert not stage.house.store[Visit][f"{ID}/anna"].agreed
