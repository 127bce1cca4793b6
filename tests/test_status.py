"""What changes after it was said, and who comes and goes: the house's own part, whatever the platform."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer import Answer, Poll, Say
from bot.arguments import Rest
from bot.chat import Heard, Noticed, Post, RoomFacts
from bot.command import Command, Commands, Listen, command, listen
from bot.console import NotThere, Stage
from bot.context import Context
from programme import rooms
from programme.people import Role
from programme.text import Call, Refusal, _
from storage.letters import Button, Carrier, Letter, Undelivered
from tests.stage import all_commands, edition, plain, playing, say

COHORT = rooms.cohort(edition().id)
AT = "2026-08-18 10:00"
BOLD = _("{text}", text="")


@command(nl="bord", en="board", who=Role.ANYBODY, help=BOLD, examples=("fase 1", "fase 2"))
def board(_ctx: Context, text: Rest) -> Answer:
    """Change the status text of the room at hand; `KEY: text` begins the one with this key."""
    key, colon, shown = text.partition(": ")
    return Say(_("{text}", text=shown if colon else text), status=key if colon else "bord", wake=True)


@command(nl="vraagje", en="ask all", who=Role.ANYBODY, help=BOLD, examples=("poll", "buttons"))
def ask_all(ctx: Context, how: str, to: str = "") -> Answer:
    """Ask something with a poll or with buttons, here or in the direct chat with somebody."""
    choices = [Button(label=_("{text}", text=it), call=Call(command="board", arguments=(it,))) for it in ("a", "b")]
    room = rooms.direct(to) if to else ctx.room
    if how == "poll":
        return Say(_("{text}", text="kies"), room, poll=Poll("k", choices))
    return Say(_("{text}", text="kies"), room, buttons=choices, reactions=how == "buttons")


@listen("joined")
def greet(ctx: Context) -> Answer:
    """Tell who came, and whether the room is encrypted."""
    if ctx.me.id == "weg":
        raise Refusal(_("{text}", text="liever niet"))
    return _(
        "{text}", text=f"{ctx.me.shown} in {ctx.room} {ctx.facts.encrypted} {ctx.edition.id} {len(ctx.facts.members)}"
    )


@listen("left")
def wave(ctx: Context) -> Answer:
    """Tell who went."""
    return _("{text}", text=f"dag {ctx.me.shown}")


def with_board(*listeners: Listen) -> Commands:
    known = all_commands()
    declared: tuple[Command, ...] = (*known.all, board, ask_all)
    return replace(known, all=declared, listeners=listeners)


def shown(posts: Sequence[Post]) -> list[tuple[str, bool]]:
    return [(post.plain, post.edits is not None) for post in posts]


# ── one status text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_status_text_is_said_once_and_then_changed_in_place_and_never_wakes(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board()) as stage:
        (first,) = await say(stage, "anna", "!bord fase 1", "cohort")
        (second,) = await say(stage, "anna", "!bord fase 2", "cohort")
    assert (first.edits, second.edits) == (None, first.id)
    assert (first.status, second.status, first.wake, second.wake) == (True, True, False, False)


async def test_a_status_text_that_stays_the_same_is_not_said_again(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board()) as stage:
        assert len(await say(stage, "anna", "!bord fase 1", "cohort")) == 1
        assert await say(stage, "bram", "!bord fase 1", "cohort") == []


async def test_a_restart_goes_on_with_the_same_status_text(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board()) as stage:
        (first,) = await say(stage, "anna", "!bord fase 1", "cohort")
        await stage.restart()
        (second,) = await say(stage, "anna", "!bord fase 2", "cohort")
        assert second.edits == first.id


async def test_another_key_begins_a_new_status_text_and_each_room_has_its_own(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board()) as stage:
        posts = [
            *await say(stage, "anna", "!bord fase 1", "cohort"),
            *await say(stage, "anna", "!bord keer 2: fase 1", "cohort"),
            *await say(stage, "cor", "!bord fase 1", "desk"),
        ]
    assert [post.edits for post in posts] == [None, None, None]


async def test_while_the_platform_is_away_later_changes_take_the_place_of_earlier_ones(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board()) as stage:
        await say(stage, "anna", "!bord fase 1", "cohort")
        stage.console.deaf = True
        for number in range(2, 30):
            await stage.house.hear(heard_in_cohort(stage, f"!bord fase {number}"))
            if number == 3:
                await stage.house.hear(heard_in_cohort(stage, "!taal nl"))
        stage.console.deaf = False
        await stage.house.settle()
        posts = stage.console.fetch()
        assert [text for text, edit in shown(posts) if edit] == ["fase 29"]
        assert len(posts) == 2
        assert not list(stage.house.store[Letter].values())


async def test_changes_that_wait_at_a_restart_come_together_too(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board()) as stage:
        await say(stage, "anna", "!bord fase 1", "cohort")
        stage.console.deaf = True
        for number in (2, 3, 4):
            await stage.house.hear(heard_in_cohort(stage, f"!bord fase {number}"))
        await stage.house.stop()
        stage.console.deaf = False
        await stage.restart()
        assert shown(stage.console.fetch()) == [("fase 4", True)]


def heard_in_cohort(stage: Stage, text: str) -> Heard:
    return Heard(f"$ {text}", "anna", COHORT, COHORT, text, stage.clock.now())


async def test_a_status_text_that_cannot_be_delivered_is_said_anew_and_troubles_no_coordinator(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board()) as stage:
        chats = stage.house.postman.chats
        stage.house.postman.chats = []
        await say(stage, "anna", "!bord fase 1", "cohort")
        assert len(list(stage.house.store[Undelivered].values())) == 1
        stage.house.postman.chats = chats
        assert not list(stage.house.store[Carrier].values())
        assert shown(await say(stage, "anna", "!bord fase 1", "cohort")) == [("fase 1", False)]


# ── polls and reactions ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_reactions_press_buttons_only_in_rooms_and_only_where_the_command_says_so(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board()) as stage:
        (here,) = await say(stage, "cor", "!vraagje buttons", "cohort")
        (quiet,) = await say(stage, "cor", "!vraagje stil", "cohort")
        (private,) = await say(stage, "cor", "!vraagje buttons anna", "cohort")
    assert [call.arguments for call in here.presses] == [("a",), ("b",)]
    assert (quiet.presses, private.presses) == ((), ())
    assert len(private.buttons) == 2


async def test_a_poll_with_one_person_is_buttons_and_never_a_poll(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board()) as stage:
        (here,) = await say(stage, "cor", "!vraagje poll", "cohort")
        (private,) = await say(stage, "cor", "!vraagje poll anna", "cohort")
    assert here.poll is not None
    assert [label for label, _written, _call in here.poll.choices] == ["a", "b"]
    assert private.poll is None
    assert [label for label, _written in private.buttons] == ["a", "b"]


# ── who comes and goes ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_comes_in_is_noticed_with_the_room_as_it_is(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board(greet, wave)) as stage:
        await stage.move("piet", "cohort", joined=True)
        assert plain(stage.console.fetch()) == f"Piet in {COHORT} True {edition().id} 6"
        await stage.move("piet", "cohort", joined=False)
        assert plain(stage.console.fetch()) == "dag Piet"


async def test_what_is_noticed_is_handled_once_also_over_a_restart(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board(greet)) as stage:
        for _again in range(2):
            await stage.move("piet", "cohort", joined=True, id_="$1")
        await stage.restart()
        await stage.move("piet", "cohort", joined=True, id_="$1")
        assert len(stage.console.fetch()) == 1


async def test_when_nobody_listens_nothing_is_said_or_kept(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board(greet)) as stage:
        before = kept(tmp_path)
        await stage.move("piet", "cohort", joined=False)
        assert stage.console.fetch() == []
        assert kept(tmp_path) == before


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_all_who_listen_are_told_and_a_refusal_is_said_in_the_room(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board(greet, greet)) as stage:
        await stage.move("piet", "cohort", joined=True)
        assert len(stage.console.fetch()) == 2
        await stage.move("weg", "cohort", joined=True)
        assert [(post.room, post.plain) for post in stage.console.fetch()] == [(COHORT, "liever niet")]


async def test_a_room_that_is_none_of_an_edition_has_no_edition_at_hand(tmp_path: Path) -> None:
    async with playing(tmp_path, AT, words=with_board(wave)) as stage:
        at = datetime(2026, 8, 18, 8, tzinfo=UTC)
        await stage.house.noticed(Noticed("$2", "!elders", "!elders", "piet", joined=False, at=at, facts=RoomFacts()))
        await stage.house.settle()
        assert plain(stage.console.fetch(), "!elders") == "dag piet"


# ── rooms that are played ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("how", "fact"),
    [
        ("unencrypted", {"encrypted": False}),
        ("public", {"invite_only": False}),
        ("readable", {"history": "shared"}),
        ("guests", {"guests": True}),
        ("bridged", {"bridged": True}),
        ("invited", {"invited": frozenset({"piet"})}),
        ("robot", {"bots": frozenset({"piet"})}),
    ],
)
async def test_whoever_plays_can_make_a_room_less_private_and_private_again(
    how: str, fact: dict[str, object], tmp_path: Path
) -> None:
    heard: list[RoomFacts] = []

    @listen("joined")
    def look(ctx: Context) -> Answer:
        heard.append(ctx.facts)
        return None

    async with playing(tmp_path, AT, words=with_board(look)) as stage:
        for change in (how, "private"):
            stage.change("cohort", change, "piet")
            await stage.move("piet", "cohort", joined=True)
        with pytest.raises(NotThere, match="there is: private"):
            stage.change("cohort", "onzin")
    first, second = heard
    assert {name: getattr(first, name) for name in fact} == fact
    assert second == RoomFacts(members=second.members, can_silence=True)
