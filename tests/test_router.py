"""The way of a message: once, by right, all or nothing."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.command import Commands, find
from bot.console import Stage
from programme import rooms
from programme.edition import shifted
from programme.people import Person
from programme.records import Participant, Round
from programme.text import Call
from storage.letters import Letter, Pending, Question, Seen
from tests.stage import all_commands, edition, heard, kept, local, plain, playing, say, to

ID = edition().id
DURING_SIGNUP, DURING_PREFERENCES, AFTER_PREFERENCES = "2026-05-18 10:00", "2026-08-18 10:00", "2026-09-07 10:00"
BROKEN = """
from bot.kit import ANYWHERE, Rest, Role, Say, _, command


@command(nl="breek", en="break it", who=Role.ANYBODY, where=ANYWHERE, help=_("Breaks."))
def break_it(ctx, text: Rest = Rest("")):
    ctx.save(ctx.me.model_copy(update={"organisation": text}))
    raise RuntimeError(text)
"""
ROLES, PLACES = ("ANYBODY", "PARTICIPANT", "COORDINATOR"), ("ANYWHERE", "DIRECT", "DESK")
NINE = "from bot.kit import ANYWHERE, DESK, DIRECT, Role, Say, _, command\n" + "".join(
    f"""

@command(nl="{role}{place}", en="{place}{role}", who=Role.{role}, where={place}, help=_("Is one of nine."))
def {role.lower()}_{place.lower()}(ctx):
    return Say(_("Done: {{word}}", word="{role} {place}"))
"""
    for role in ROLES
    for place in PLACES
)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Author"]:
    """Commands that a test writes: a package of its own, gone when the test is over."""
    monkeypatch.syspath_prepend(str(tmp_path))
    author = Author(tmp_path / "thrown_away")
    yield author
    for name in [name for name in sys.modules if name.partition(".")[0] == author.folder.name]:
        del sys.modules[name]


class Author:
    """Writes a file of commands and finds them, beside those of the house."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, code: str) -> Commands:
        self.folder.mkdir()
        (self.folder / "__init__.py").touch()
        (self.folder / "written.py").write_text(code, encoding="utf-8")
        own, house = find(import_module(self.folder.name)), all_commands()
        return Commands((*house.all, *own.all), house.acts)


def part_of(stage: Stage, person: str) -> Participant | None:
    return stage.house.store[Participant].get(f"{ID}/{person}")


# ── once ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_same_event_is_handled_once(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        again = heard(stage, "anna", "!voorkeur 2 3 4", id_="$one")
        first, second = stage.house.hear(again), stage.house.hear(again)
        await first
        await second
        await stage.house.settle()
        assert len(stage.console.fetch()) == 1


async def test_the_same_event_is_handled_once_over_a_restart(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        await stage.house.hear(heard(stage, "anna", "!voorkeur 2 3 4", id_="$one"))
        await stage.restart()
        stage.console.fetch()
        await stage.house.hear(heard(stage, "anna", "!voorkeur 2 3 4", id_="$one"))
        await stage.house.settle()
        assert stage.console.fetch() == []


async def test_two_events_with_the_same_words_are_both_handled(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        for id_ in ("$one", "$two"):
            await stage.house.hear(heard(stage, "anna", "!agenda", id_=id_))
        await stage.house.settle()
        assert len(stage.console.fetch()) == 2


async def test_an_answer_that_was_not_delivered_is_said_after_a_restart(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        stage.console.deaf = True
        await stage.house.hear(heard(stage, "anna", "!voorkeur 2 3 4", id_="$one"))
        assert len(stage.house.store[Letter]) == 1
        stage.console.deaf = False
        await stage.restart()
        assert "CBG" in plain(stage.console.fetch(), to("anna"))
        assert len(stage.house.store[Letter]) == 0


# ── all or nothing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line", ["!voorkeur 1", "!voorkeur 2 2", "!voorkeur 9", "!liever niet 2 3 4", "!stagedag morgen"]
)
async def test_a_refusal_changes_nothing_but_is_handled(line: str, tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        before = kept(stage)
        await stage.house.hear(heard(stage, "anna", line, id_="$one"))
        await stage.house.settle()
        assert kept(stage) == before
        assert "$one" in stage.house.store[Seen]
        assert len(stage.console.fetch()) == 1


async def test_a_bug_in_a_command_gives_a_code_and_keeps_nothing(tmp_path: Path, written: "Author") -> None:
    async with playing(tmp_path, DURING_PREFERENCES, words=written(BROKEN)) as stage:
        before = kept(stage)
        with capture_logs() as logged:
            said = await say(stage, "anna", "!breek mijn geheim")
        assert kept(stage) == before
        (row,) = [row for row in logged if row["event"] == "fault"]
        assert row["code"] in plain(said, to("anna"))
        assert row["code"] in plain(said, rooms.desk(ID))
        # Of an exception the log keeps the kind and the place (tests/test_log.py).
        assert "geheim" not in str([{**row, "exc_info": None} for row in logged])
        assert "geheim" not in plain(said)


async def test_after_a_bug_the_next_message_is_answered(tmp_path: Path, written: "Author") -> None:
    async with playing(tmp_path, DURING_PREFERENCES, words=written(BROKEN + NINE)) as stage:
        with capture_logs():
            await stage.speak("anna", "!breek dit")
        assert "ANYBODY ANYWHERE" in plain(await say(stage, "anna", "!anybodyanywhere"))


# ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

RIGHTS = {"zoe": {"ANYBODY"}, "anna": {"ANYBODY", "PARTICIPANT"}, "cor": {"ANYBODY", "COORDINATOR"}}
FITS = {"": set(PLACES), "cohort": {"ANYWHERE"}, "desk": {"ANYWHERE", "DESK"}}


@pytest.mark.parametrize("room", FITS)
@pytest.mark.parametrize("person", RIGHTS)
async def test_a_command_is_done_for_those_with_the_right_in_its_place(
    person: str, room: str, tmp_path: Path, written: "Author"
) -> None:
    async with playing(tmp_path, DURING_PREFERENCES, words=written(NINE)) as stage:
        for role in ROLES:
            for place in PLACES:
                said = plain(await say(stage, person, f"!{role}{place}", room))
                done = f"{role} {place}" in said
                assert done is (role in RIGHTS[person] and place in FITS[room]), (role, place)
                assert said


async def test_rights_are_looked_at_again_when_a_button_is_pressed(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        await stage.speak("cor", "!bericht Dag allemaal")
        (post,) = [it for it in stage.console.fetch() if it.buttons]
        before = kept(stage)
        stolen = heard(stage, "anna", post.buttons[0][0], id_="$stolen")
        await stage.house.hear(stolen)
        pressed = type(stolen)(
            "$pressed",
            "anna",
            to("anna"),
            to("anna"),
            "Ja",
            stolen.at,
            press=Call(command="announce", arguments=("x",)),
        )
        await stage.house.hear(pressed)
        await stage.house.settle()
        assert kept(stage) == before
        assert {it.room for it in stage.console.fetch()} == {to("anna")}


async def test_with_two_programmes_the_bot_asks_which(tmp_path: Path) -> None:
    other = shifted(edition(), 2).model_copy(update={"id": "andere-2026", "name": "Andere 2026", "words": ("andere",)})
    async with playing(tmp_path, "2026-06-01 10:00", "zoe, coordinator: cor", editions=[edition(), other]) as stage:
        said = await say(stage, "zoe", "!aanmelden")
        assert [label for label, _typed in said[0].buttons] == [edition().name, "Andere 2026"]
        for typed in ("2", "ja"):
            await stage.speak("zoe", typed)
        assert [part.edition for part in stage.house.store[Participant].values()] == ["andere-2026"]


# ── confirmation ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("waits", "left"), [(timedelta(minutes=9, seconds=59), True), (timedelta(minutes=10), False)])
async def test_a_confirmation_lasts_ten_minutes(waits: timedelta, *, left: bool, tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        await stage.speak("anna", "!terugtrekken")
        await stage.travel(stage.clock.now() + waits)
        await stage.speak("anna", "ja")
        part = part_of(stage, "anna")
        assert part is not None
        assert (part.state == "withdrawn") is left


async def test_a_confirmation_is_used_once(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        await stage.speak("cor", "!bericht Dag allemaal")
        stage.console.fetch()
        assert len(await say(stage, "cor", "ja")) == 5
        assert len(await say(stage, "cor", "ja")) == 1


async def test_a_confirmation_is_of_the_one_who_was_asked(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        await stage.speak("anna", "!terugtrekken")
        await stage.speak("bram", "ja")
        assert all(part.state == "in" for part in stage.house.store[Participant].values())


async def test_what_is_confirmed_is_what_was_asked_and_not_what_came_later(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        await stage.speak("cor", "!bericht Het eerste bericht")
        await stage.speak("cor", "!bericht Het tweede bericht")
        said = plain(await say(stage, "cor", "ja"), to("anna"))
        assert "tweede" in said
        assert "eerste" not in said


# ── long computations ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_outcome_of_what_changed_meanwhile_is_not_kept(tmp_path: Path) -> None:
    async with playing(tmp_path, AFTER_PREFERENCES) as stage:
        await stage.speak("anna", "!terugtrekken")
        stage.console.fetch()
        stage.house.hear(heard(stage, "cor", "!match voorstel", id_="$voorstel"))
        stage.house.hear(heard(stage, "anna", "ja", id_="$ja"))
        await stage.house.settle()
        assert stage.house.store[Round][ID].proposal is None
        assert "`!match voorstel`" in plain(stage.console.fetch(), to("cor"))
        assert len(stage.house.store[Pending]) == 0


async def test_the_price_of_a_fixed_place_is_not_told_of_what_changed_meanwhile(tmp_path: Path) -> None:
    async with playing(tmp_path, AFTER_PREFERENCES) as stage:
        await stage.speak("anna", "!terugtrekken")
        stage.console.fetch()
        stage.house.hear(heard(stage, "cor", "!match zet vast dirk 2 afgesproken", id_="$vast"))
        stage.house.hear(heard(stage, "anna", "ja", id_="$ja"))
        await stage.house.settle()
        said = plain(stage.console.fetch(), to("cor"))
        assert "intussen" in said
        assert "Wil je plek 2" not in said
        assert not stage.house.store[Question].find("person", "cor")


async def test_a_computation_that_a_restart_cut_off_is_done_again(tmp_path: Path) -> None:
    call = Call(command="match_propose")
    cut_off = Pending(id="$voorstel", person="cor", room=to("cor"), place=to("cor"), call=call)
    async with playing(tmp_path, AFTER_PREFERENCES, already=[cut_off]) as stage:
        await stage.house.settle()
        assert stage.house.store[Round][ID].proposal is not None
        assert len(stage.house.store[Pending]) == 0


async def test_a_computation_that_is_not_allowed_any_more_is_not_done_again(tmp_path: Path) -> None:
    call = Call(command="match_propose")
    cut_off = Pending(id="$voorstel", person="anna", room=to("anna"), place=to("anna"), call=call)
    async with playing(tmp_path, AFTER_PREFERENCES, already=[cut_off]) as stage:
        await stage.house.settle()
        assert stage.house.store[Round][ID].proposal is None
        assert len(stage.house.store[Pending]) == 0


# ── flood ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_sends_very_much_hears_so_once_and_others_are_served(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        for number in range(80):
            stage.house.hear(heard(stage, "anna", "!agenda", id_=f"$anna{number}"))
        await stage.house.settle()
        assert len(stage.console.fetch()) == 61
        assert len(await say(stage, "bram", "!agenda")) == 1
        stage.clock.set(stage.clock.now() + timedelta(minutes=2))
        assert "2026" in plain(await say(stage, "anna", "!agenda"))


async def test_with_a_clock_that_stands_still_waiting_helps_all_the_same(tmp_path: Path) -> None:
    seconds = [0.0]
    async with playing(tmp_path, DURING_PREFERENCES, ticks=lambda: seconds[0]) as stage:
        for _message in range(70):
            await stage.speak("anna", "!agenda")
        stage.console.fetch()
        assert await say(stage, "anna", "!agenda") == []
        seconds[0] = 5.0
        for _message in range(10):
            assert "2026" in plain(await say(stage, "anna", "!agenda"))
        assert await say(stage, "anna", "!agenda") == []


async def test_who_goes_on_hears_once_a_minute_that_it_is_too_much(tmp_path: Path) -> None:
    seconds = [0.0]
    async with playing(tmp_path, DURING_PREFERENCES, ticks=lambda: seconds[0]) as stage:
        told = []
        for number in range(700):  # twice as many a second as there is room for
            seconds[0] = number / 4
            told += [number / 4 for post in await say(stage, "anna", "!agenda") if "te veel berichten" in post.plain]
        assert 29 <= told[0] <= 31
        assert all(later - earlier >= 60 for earlier, later in pairwise(told))
        assert len(told) == 3


async def test_who_typed_much_while_the_bot_was_away_is_answered(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        began = stage.clock.now() - timedelta(minutes=50)
        for number in range(80):
            at = began + timedelta(seconds=30 * number)
            stage.house.hear(heard(stage, "anna", "!agenda", id_=f"$anna{number}", at=at))
        await stage.house.settle()
        assert len(stage.console.fetch()) == 80


# ── the time of a message ────────────────────────────────────────────────────────────────────────────────────────────────────

IN_TIME, TOO_LATE = "form", "waiting"
ARRIVALS = [
    ("2026-07-10 23:59:59", "2026-07-10 23:59:59", IN_TIME),
    ("2026-07-10 23:58:00", "2026-07-11 00:01:00", IN_TIME),
    ("2026-07-10 23:59:59", "2026-07-11 00:09:59", IN_TIME),
    ("2026-07-10 23:59:59", "2026-07-11 00:10:00", TOO_LATE),
    ("2026-07-10 20:00:00", "2026-07-11 00:01:00", TOO_LATE),
    ("2026-07-11 00:00:00", "2026-07-11 00:00:00", TOO_LATE),
    ("2026-07-10 23:59:59", "2026-07-10 23:00:00", IN_TIME),
    ("2026-07-10 12:00:00", "2026-07-11 12:00:00", TOO_LATE),
]


def arrives(stage: Stage, text: str, said: datetime) -> None:
    stage.house.hear(heard(stage, "zoe", text, id_=f"${text}", at=said))


@pytest.mark.parametrize(("said", "arrived", "state"), ARRIVALS)
async def test_a_message_counts_by_its_own_time_with_ten_minutes_of_grace(
    said: str, arrived: str, state: str, tmp_path: Path
) -> None:
    async with playing(tmp_path, arrived) as stage:
        for text in ("!aanmelden", "ja"):
            arrives(stage, text, local(said))
        await stage.house.settle()
        part = part_of(stage, "zoe")
        assert part is not None
        assert part.state == state


async def test_a_message_from_the_future_opens_nothing(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-08-16 23:00") as stage:
        before = kept(stage)
        await stage.house.hear(heard(stage, "anna", "!voorkeur 2 3 4", id_="$", at=local("2026-08-17 00:01")))
        assert kept(stage) == before


# ── who is spoken to ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("line", ["plekken", "Wie weet het?", "!plekkn", "hallo kring", "! "])
async def test_talk_in_a_room_is_not_for_the_bot_and_leaves_no_trace(line: str, tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        await stage.speak("anna", line, "cohort")
        assert stage.console.fetch() == []
        assert not [seen for seen in stage.house.store[Seen].values() if seen.id.startswith("console/")]


async def test_in_a_room_the_bot_answers_to_its_name(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_PREFERENCES) as stage:
        room = rooms.cohort(ID)
        named = heard(stage, "anna", "agenda", id_="$")
        await stage.house.hear(type(named)("$", "anna", room, room, "agenda", named.at, addressed=True))
        await stage.house.settle()
        assert {post.room for post in stage.console.fetch()} == {room}


async def test_a_name_is_shown_and_kept_only_when_somebody_takes_part(tmp_path: Path) -> None:
    async with playing(tmp_path, DURING_SIGNUP, "coordinator: cor") as stage:
        await stage.house.hear(heard(stage, "@x:example.nl", "!help", id_="$1", name="Xaveer"))
        assert "@x:example.nl" not in stage.house.store[Person]
        for number, text in enumerate(("!aanmelden", "ja")):
            await stage.house.hear(heard(stage, "@x:example.nl", text, id_=f"$2{number}", name="Xaveer"))
        assert stage.house.store[Person]["@x:example.nl"].name == "Xaveer"


async def test_an_event_that_nobody_repeats_any_more_is_forgotten(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-06-01 10:00") as stage:
        await stage.speak("anna", "!agenda", id_="$lang-geleden")
        assert "$lang-geleden" in stage.house.store[Seen]
        await stage.travel(local("2026-06-14 10:00"))
        assert "$lang-geleden" in stage.house.store[Seen]
        await stage.travel(local("2026-06-17 10:00"))
        assert "$lang-geleden" not in stage.house.store[Seen]
