"""Preparing a visit: what is shared, what the host answers, and a statement that is signed or open."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from programme import preparation
from programme.exchange import Exchange
from programme.records import Half, Participant, Round, Visit
from programme.text import Refusal
from tests.stage import edition, local, matched, plain, playing, say, to

ID = edition().id
DAY = date(2026, 10, 14)
AGREED = Half(day=DAY, start=time(9), end=time(17))
BARE = Visit(id=f"{ID}/anna", edition=ID, guest="anna", host="bram", number=2, level=0)
DATED = BARE.model_copy(update={"agreed": (AGREED,), "version": 1})


def exchange(visit: Visit, now: str) -> Exchange:
    parts = {
        p: Participant(id=f"{ID}/{p}", edition=ID, person=p, state="in", since=local("2026-06-01 09:00"))
        for p in ("anna", "bram")
    }
    return Exchange(edition(), Round(id=ID, published=local(now)), parts, {}, {"anna": visit}, local(now))


def test_the_day_is_settled_by_agreeing_it_and_in_no_other_way() -> None:
    (day, *_others) = edition().checks
    assert not preparation.is_settled(day, BARE.model_copy(update={"checks": frozenset({"day"})}))
    assert preparation.is_settled(day, DATED)
    with pytest.raises(Refusal):
        preparation.settled(edition(), BARE, "dag")


@pytest.mark.parametrize("written", ["programma", "prog", "PROGRAMME", "programme"])
def test_a_check_is_named_in_either_language_and_by_its_beginning(written: str) -> None:
    assert preparation.settled(edition(), BARE, written).checks == {"programme"}


def test_what_is_settled_twice_is_settled_once_and_can_be_taken_back() -> None:
    twice = preparation.settled(edition(), preparation.settled(edition(), BARE, "toegang"), "toegang")
    assert twice.checks == {"access"}
    assert preparation.reopened(edition(), twice, "toegang") == BARE


def test_all_five_make_it_whole() -> None:
    visit = DATED
    for check in edition().checks[1:]:
        assert not preparation.is_whole(edition(), visit)
        visit = preparation.settled(edition(), visit, check.key)
    assert preparation.is_whole(edition(), visit)


@pytest.mark.parametrize(
    ("now", "signed", "open_"),
    [
        ("2026-10-13 23:59", False, False),
        ("2026-10-14 00:00", False, True),
        ("2026-10-14 00:00", True, False),
        ("2026-10-15 10:00", False, True),
    ],
)
def test_on_the_day_a_board_meeting_leaves_the_plan_when_nothing_is_signed(now: str, signed: bool, open_: bool) -> None:
    it = exchange(DATED, now)
    visit = preparation.signed(it, DATED, "anna") if signed else DATED
    keys = {check.key for check in preparation.plan(replace(it, visits={"anna": visit}), visit)}
    assert preparation.is_open(it, visit) is open_
    assert ("board" not in keys) is open_
    assert {"day", "wishes", "programme", "access"} <= keys


def test_of_the_statement_only_who_and_when_is_kept() -> None:
    visit = preparation.signed(exchange(DATED, "2026-10-01 10:00"), DATED, "bram")
    assert visit.signed is not None
    assert visit.signed.model_dump() == {"by": "bram", "on": date(2026, 10, 1)}
    assert preparation.unsigned(visit) == DATED


def test_ten_wishes_are_enough() -> None:
    visit = BARE
    for number in range(10):
        visit = preparation.wished(visit, f"wens {number}")
    with pytest.raises(Refusal):
        preparation.wished(visit, "nog een")


@pytest.mark.parametrize("number", [0, 2, 99])
def test_a_wish_that_is_not_there_has_no_answer(number: int) -> None:
    with pytest.raises(Refusal):
        preparation.answered(preparation.wished(BARE, "de raad"), number, "yes")


@pytest.mark.parametrize("answer", ["ja", "nee", "later"])
async def test_what_the_host_answers_reaches_the_guest_and_nobody_else(answer: str, tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await matched(stage)
        host = stage.house.store[Visit][f"{ID}/anna"].host
        asked = await say(stage, "anna", "!wens de raad van toezicht")
        said = await say(stage, host, answer)
    assert {post.room for post in asked} == {to("anna"), to(host)}
    assert {post.room for post in said} == {to("anna"), to(host)}
    assert answer.capitalize() in plain(said, to("anna"))


async def test_once_it_is_signed_nobody_is_reminded_of_it(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-18 10:00") as stage:
        await matched(stage)
        await stage.speak("anna", "!stagedag gast 14-10-2026")
        host = stage.house.store[Visit][f"{ID}/anna"].host
        await stage.speak(host, "ja")
        await stage.travel(local("2026-10-07 10:00"))
        assert plain(stage.console.fetch()).count("geheimhoudingsverklaring") == 2
        await stage.speak(host, "!geheimhouding gastgever ja")
        stage.console.fetch()
        await stage.travel(local("2026-10-14 10:00"))
        assert "geheimhouding" not in plain(stage.console.fetch())
