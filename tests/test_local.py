"""The chat in the browser, without a browser: the door, the token, what people do, the clock, and what is kept."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.app import Setup
from bot.chat import Post, PostedPoll
from bot.cli.faults import Fault
from bot.clock import SetClock
from bot.console import NotThere
from bot.local.company import Company
from bot.local.door import LARGEST, Door
from bot.local.flaws import Flaw, of_line
from bot.local.guard import guarded
from bot.local.history import read_history
from bot.local.play import LONGEST, Play
from bot.local.record import Record
from bot.local.road import next_step
from bot.local.scene import View, closer, scene
from bot.local.server import PROTOCOL, WRONG_TOKEN, Page
from bot.local.signposts import STAGES
from bot.local.steps import Anew, Journey, Pressed, Typed
from bot.local.suggestions import suggested
from bot.local.timeline import timeline
from bot.transcript import LOTTERY, enrolled, read_scene
from programme import rooms
from programme.exchange import Phase
from programme.model import Model
from programme.records import Participant
from programme.text import Call
from tests.stage import all_commands, edition, local
from tests.test_live_session import AT, ROOM, SECRETS, SIX, UP_TO_WRITING, found_in, groups, texts_on_disk

TOKEN = "a-token-for-the-test"
FIVE = "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), dirk (DUO, onderwijs), eva (RVO, rijk), coordinator: cor"
ROOT = Path(__file__).parent.parent
STATIC = ROOT / "bot" / "local" / "static"
SIGNUP = "2026-06-15 10:00"


# ── plays ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def ranked(records: Iterable[Model], places: int) -> Iterator[Model]:
    """The same, and everybody ranks the places of all others in the order of their numbers, from their own on."""
    for number, record in enumerate(records):
        if isinstance(record, Participant):
            mine = number // 2
            wishes = tuple((mine + step) % places + 1 for step in range(1, places))
            yield record.model_copy(update={"preferences": wishes[: edition().preferences.length]})
        else:
            yield record


def made(
    folder: Path, at: str, people: str, *, taking_part: int, already: Sequence[Model] = (), decided: bool = True
) -> Play:
    """A play in which the first `taking_part` people take part already, with their preferences unless they are not `decided`."""
    cast, began = read_scene(people), local(at)
    here = edition().model_copy(update={"coordinators": cast.coordinators})
    past = read_history(folder / "page" / "history.json")
    signed_up = cast.signed_up[len(cast.signed_up) - taking_part :]
    signed = enrolled(signed_up, here, began)
    records = (*(ranked(signed, taking_part) if decided else signed), *already)
    assert past is None or past.began == began
    setup = Setup(folder / "state", all_commands(), [here], cast.people, secret=lambda: LOTTERY)
    clock = SetClock(past.now if past else began)
    return Play(setup, clock, () if past else records, file=folder / "page" / "history.json", past=past)


@asynccontextmanager
async def played(
    folder: Path,
    at: str = SIGNUP,
    people: str = FIVE,
    *,
    taking_part: int = 4,
    already: Sequence[Model] = (),
    decided: bool = True,
) -> AsyncIterator[Play]:
    play = made(folder, at, people, taking_part=taking_part, already=already, decided=decided)
    await play.open()
    try:
        yield play
    finally:
        await play.save()
        await play.end()


def last(play: Play, room: str) -> str:
    return [entry.text for entry in play.record.all() if entry.room == room and not entry.by][-1]


def numbers(play: Play, room: str) -> list[int]:
    return [entry.number for entry in play.record.all() if entry.room == room and not entry.by]


@dataclass
class Tab:
    """A page without a browser: what it was told."""

    socket: aiohttp.ClientWebSocketResponse
    told: list[dict[str, Any]] = field(default_factory=list)

    async def hears(self, kind: str) -> dict[str, Any]:
        """What comes up to and with the first message of this kind; gives that one."""
        while True:
            self.told.append(await asyncio.wait_for(self.socket.receive_json(), 20))
            if self.told[-1]["kind"] == kind:
                return self.told[-1]

    async def does(self, **wish: Any) -> dict[str, Any]:
        """Want something, and wait until it is done; gives the scene after it."""
        await self.socket.send_json(wish)
        while (await self.hears("busy"))["busy"]:
            pass
        return next(it for it in reversed(self.told) if it["kind"] == "scene")

    def entries(self) -> dict[int, dict[str, Any]]:
        return {it["number"]: it for one in self.told for it in one.get("entries", [])}


@dataclass
class Served:
    """A page that is served, and who asks for it."""

    page: Page
    session: aiohttp.ClientSession

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.page.door.port}"

    async def get(self, path: str = "/", **headers: str) -> aiohttp.ClientResponse:
        return await self.session.get(self.base + path, headers=headers)

    async def connect(self, token: str = TOKEN, **headers: str) -> aiohttp.ClientWebSocketResponse:
        return await self.session.ws_connect(
            f"{self.base}/talk", protocols=(PROTOCOL, token), headers={"Origin": self.base, **headers}
        )

    async def tab(self) -> Tab:
        tab = Tab(await self.connect())
        await tab.hears("whole" if self.page._play else "faults")
        return tab


@asynccontextmanager
async def served(play: Play | None, flaws: Sequence[Flaw] = ()) -> AsyncIterator[Served]:
    page = Page(play, TOKEN, flaws=flaws)
    runner = await page.door.open("127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession() as session:
            yield Served(page, session)
    finally:
        await runner.cleanup()


# ── the door ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - that is what must not be
async def test_an_address_that_others_can_reach_is_refused(host: str) -> None:
    with pytest.raises(Fault, match="not an address of this machine alone"):
        await Page(None, TOKEN).door.open(host, 0)


async def test_a_port_that_is_taken_is_told_with_another_to_choose() -> None:
    async with served(None) as it:
        with pytest.raises(Fault, match=f"--port {it.page.door.port + 1}"):
            await Page(None, TOKEN).door.open("127.0.0.1", it.page.door.port)


@pytest.mark.parametrize("path", ["/", "/main.js", "/page.css", "/talk"])
@pytest.mark.parametrize(
    "headers", [{"Host": "kring.example"}, {"Host": "127.0.0.1"}, {"Origin": "http://evil.example"}, {"Origin": "null"}]
)
async def test_another_name_or_another_page_is_not_let_in(path: str, headers: dict[str, str]) -> None:
    async with served(None) as it:
        answer = await it.get(path, **headers)
        assert answer.status == 403
        assert "Kring" not in (await answer.text()).replace("page of Kring", "")


async def test_a_page_of_another_port_of_this_machine_is_not_let_in() -> None:
    async with served(None) as it:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await it.connect(Origin=f"http://127.0.0.1:{it.page.door.port + 1}")
        assert refused.value.status == 403


async def test_a_program_that_says_no_origin_does_not_talk() -> None:
    async with served(None) as it, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"{it.base}/talk", protocols=(PROTOCOL, TOKEN))
        assert refused.value.status == 403


@pytest.mark.parametrize("token", ["wrong", TOKEN + "x", TOKEN[:-1]])
async def test_a_wrong_token_hears_nothing(tmp_path: Path, token: str) -> None:
    async with played(tmp_path) as play, served(play) as it:
        socket = await it.connect(token)
        message = await socket.receive()
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, WRONG_TOKEN)


async def test_the_address_holds_the_token_where_no_server_sees_it() -> None:
    async with served(None) as it:
        assert it.page.address == f"{it.base}/#{TOKEN}"


async def test_every_file_comes_with_the_rules_of_the_page() -> None:
    async with served(None) as it:
        for path in ("/", *(f"/{file.name}" for file in STATIC.iterdir() if file.name != "index.html")):
            answer = await it.get(path)
            policy = answer.headers["Content-Security-Policy"]
            assert answer.status == 200
            assert policy.startswith("default-src 'self'; ")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_file_asks_for_anything_elsewhere() -> None:
    for file in STATIC.iterdir():
        found = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", file.read_text(encoding="utf-8"))
        assert {it for it in found if "www.w3.org" not in it} == set(), file.name


def test_no_file_makes_elements_of_text() -> None:
    for file in STATIC.glob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function",
            file.read_text(encoding="utf-8"),
        ), file.name


async def test_asking_for_a_page_changes_nothing(tmp_path: Path) -> None:
    async with played(tmp_path) as play, served(play) as it:
        before = (scene(play), len(play.record.all()))
        for path in ("/", "/?do=travel&to=2030-01-01", "/talk", "/talk?do=say&person=anna&text=stop", "/travel"):
            await it.get(path)
        assert (await it.session.post(f"{it.base}/", data={"do": "say"})).status == 405
        assert (scene(play), len(play.record.all())) == before


# ── a broken edition ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_broken_edition_opens_the_page_with_its_faults() -> None:
    flaws = [of_line("wissel.toml: windows.signup.closes: is missing; add it"), of_line("mensen.csv: line 2: no name")]
    async with served(None, flaws) as it:
        assert (await it.get()).status == 200
        tab = await it.tab()
        faults = tab.told[-1]["faults"]
        assert [(it["what"]["en"], it["mend"]["en"]) for it in faults] == [
            ("wissel.toml: windows.signup.closes: is missing", "add it"),
            ("mensen.csv: line 2: no name", ""),
        ]
        await tab.socket.send_json({"do": "say", "person": "anna", "room": "direct/anna", "text": "help"})
        assert (await it.tab()).told[-1]["faults"] == faults


# ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_somebody_signs_up_by_typing_and_pressing(tmp_path: Path) -> None:
    async with played(tmp_path) as play, served(play) as it:
        tab = await it.tab()
        await tab.does(do="say", person="anna", room="direct/anna", text="!aanmelden")
        asked = next(entry for entry in tab.entries().values() if entry["buttons"])
        assert [button["label"] for button in asked["buttons"]] == ["Ja", "Nee"]
        await tab.does(do="press", person="anna", entry=asked["number"], button=0)
        assert "Vraag" in last(play, "direct/anna")
        assert [entry["by"] for entry in tab.entries().values()][:3] == ["anna", "", "anna"]


async def test_two_tabs_see_the_same(tmp_path: Path) -> None:
    async with played(tmp_path) as play, served(play) as it:
        one, other = await it.tab(), await it.tab()
        seen = await one.does(do="say", person="bram", room="direct/bram", text="!agenda")
        await other.hears("busy")
        assert await other.hears("scene") == seen
        assert other.entries() == one.entries() != {}


async def test_what_was_said_is_there_for_a_tab_that_opens_later(tmp_path: Path) -> None:
    async with played(tmp_path) as play, served(play) as it:
        one = await it.tab()
        await one.does(do="say", person="bram", room="direct/bram", text="!agenda")
        assert (await it.tab()).entries() == one.entries()


async def test_a_question_that_was_answered_cannot_be_answered_by_its_old_button(tmp_path: Path) -> None:
    async with played(tmp_path) as play, served(play) as it:
        tab = await it.tab()
        await tab.does(do="say", person="anna", room="direct/anna", text="!aanmelden")
        first = numbers(play, "direct/anna")[-1]
        assert scene(play)["asked"] == [first]
        await tab.does(do="press", person="anna", entry=first, button=1)
        said = len(play.record.all())
        await tab.does(do="press", person="anna", entry=first, button=0)
        assert {"kind": "refused", "what": "this question is not open any more"} in tab.told
        assert len(play.record.all()) == said


async def test_a_button_answers_its_own_question_when_more_are_open(tmp_path: Path) -> None:
    async with played(tmp_path, "2026-09-07 10:00") as play:
        await matched(play)
        visits = play.state.exchange(play.edition, play.clock.now()).visits
        mine = visits["bram"]
        guest = next(visit.guest for visit in visits.values() if visit.host == "bram")
        await play.say(guest, rooms.direct(guest), f"!stagedag {guest} 12-10-2026")
        await play.say(mine.host, rooms.direct(mine.host), "!stagedag bram 13-10-2026")
        first, second = (n for n in numbers(play, "direct/bram") if n in play.asked())
        await play.press_at("bram", first, 0)
        assert "12 oktober" in last(play, "direct/bram")
        assert play.asked() & {first, second} == {second}


async def matched(play: Play) -> None:
    """Match and publish, as the coordinator does."""
    await play.say("cor", "direct/cor", "!match voorstel")
    round_ = play.state.exchange(play.edition, play.clock.now()).round
    assert round_.proposal is not None
    await play.say("cor", "direct/cor", f"!match publiceer {len(round_.proposal.match)}")
    await play.go_to(play.clock.now() + timedelta(minutes=10))


async def test_a_poll_is_voted_in_from_its_message(tmp_path: Path) -> None:
    async with played(tmp_path) as play, served(play) as it:
        room = rooms.cohort(play.edition.id)
        tab = await it.tab()
        await tab.does(do="say", person="cor", room=room, text="!peiling Koffie of thee?; koffie; thee")
        (poll,) = [entry for entry in play.record.all() if entry.vote is not None]
        assert tab.entries()[poll.number]["vote"] == {"choices": ["koffie", "thee"], "most": 1, "over": False}
        await tab.does(do="vote", person="bram", entry=poll.number, chosen=[2])
        assert play.record.all()[-1].text == "thee"
        await tab.does(do="vote", person="bram", entry=poll.number, chosen=[9])
        assert {"kind": "refused", "what": "nothing to choose by that"} in tab.told
        await play.say("cor", room, "!peiling sluit")
        assert [entry.vote.over for entry in play.record.all() if entry.vote is not None] == [True]
        await tab.does(do="vote", person="bram", entry=poll.number, chosen=[1])
        assert {"kind": "refused", "what": "this poll is over"} in tab.told


@pytest.mark.parametrize(
    ("person", "room"),
    [("anna", "direct/bram"), ("anna", "desk/secretariswissel-2026"), ("zoe", "direct/zoe"), ("", "")],
)
async def test_nobody_speaks_where_they_are_not(tmp_path: Path, person: str, room: str) -> None:
    async with played(tmp_path) as play, served(play) as it:
        tab = await it.tab()
        await tab.does(do="say", person=person, room=room, text="hallo")
        assert play.record.all() == []
        assert [message["kind"] for message in tab.told if message["kind"] == "refused"] == ["refused"]


@pytest.mark.parametrize(
    "wish",
    [
        "",
        "{",
        "[]",
        '{"do": "fly"}',
        '{"do": "say"}',
        '{"do": "travel", "to": "2026-01-01T00:00:00"}',
        '{"do": "look", "more": 1}',
    ],
)
async def test_what_is_no_wish_is_refused_and_the_page_goes_on(tmp_path: Path, wish: str) -> None:
    async with played(tmp_path) as play, served(play) as it:
        tab = await it.tab()
        await tab.socket.send_str(wish)
        await tab.hears("refused")
        await tab.does(do="say", person="bram", room="direct/bram", text="!agenda")
        assert play.record.all()


async def test_a_line_of_64_kilobytes_is_heard_and_more_is_cut(tmp_path: Path) -> None:
    async with played(tmp_path) as play, served(play) as it:
        tab = await it.tab()
        await tab.does(do="say", person="bram", room="direct/bram", text="é" * (LONGEST + 10))
        assert play.record.all()[0].text == "é" * LONGEST
        await tab.does(do="say", person="bram", room="direct/bram", text="!agenda")


async def test_a_flood_of_bytes_ends_that_tab_alone(tmp_path: Path) -> None:
    async with played(tmp_path) as play, served(play) as it:
        tab, other = await it.tab(), await it.tab()
        await tab.socket.send_str("x" * (LARGEST + 1))
        closed = await asyncio.wait_for(tab.socket.receive(), 20)
        assert closed.type is aiohttp.WSMsgType.CLOSE
        await other.does(do="say", person="bram", room="direct/bram", text="!agenda")


async def test_a_bug_is_told_without_what_was_typed_and_the_page_goes_on() -> None:
    async def fails() -> None:
        raise KeyError("wat anna typte")

    told: list[str] = []
    with capture_logs() as logs:
        await guarded(fails(), told.append)
    assert told == ["KeyError"]
    # Of an exception the log keeps the kind and the place (tests/test_log.py).
    assert isinstance(logs[0]["exc_info"], KeyError)


# ── edits, polls and files in the record ─────────────────────────────────────────────────────────────────────────────────────

NOON, LATER = datetime(2026, 6, 15, 12, tzinfo=UTC), datetime(2026, 6, 15, 13, tzinfo=UTC)


def post(id_: str, plain: str, **more: Any) -> Post:
    return Post(id_, "cohort/e", plain, plain, **more)


def test_a_letter_that_edits_changes_the_message_in_its_place() -> None:
    record = Record()
    (first,) = record.posted(post("a", "een", status=True), NOON, kept=True)
    (changed,) = record.posted(post("b", "twee", edits="a", status=True), LATER, kept=True)
    (again,) = record.posted(post("c", "drie", edits="b", status=True), LATER, kept=True)
    assert [changed.number, again.number] == [first.number] * 2
    assert [(it.text, it.at, it.edited) for it in record.all()] == [("drie", NOON, LATER)]


def test_the_same_letter_twice_is_one_message() -> None:
    record = Record()
    assert len(record.posted(post("a", "een"), NOON, kept=True)) == 1
    assert record.posted(post("a", "een"), LATER, kept=True) == []


def test_a_poll_is_over_when_a_letter_says_so() -> None:
    record = Record()
    choices = (("koffie", "", Call(command="vote", arguments=("1.1",))),)
    record.posted(post("a", "Wat?", poll=PostedPoll(choices)), NOON, kept=True)
    record.posted(post("b", "Klaar", ends="a"), LATER, kept=True)
    assert [entry.vote and entry.vote.over for entry in record.all()] == [True, None]


def test_an_edit_of_what_is_not_kept_is_not_kept() -> None:
    record = Record()
    record.posted(post("a", "geheim"), NOON, kept=False)
    (changed,) = record.posted(post("b", "ook geheim", edits="a"), LATER, kept=True)
    assert not changed.kept


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_clock_goes_on_by_an_hour_a_day_and_to_the_next_thing(tmp_path: Path) -> None:
    async with played(tmp_path, "2026-10-24 12:00") as play:
        await play.ahead("hour")
        assert play.clock.now() == local("2026-10-24 13:00")
        await play.ahead("day")  # over the end of summer time: the clock shows the same hour
        assert play.clock.now() == local("2026-10-25 13:00")
        following = play.next_at()
        await play.ahead("next")
        assert play.clock.now() == following
        assert play.next_at() != following


async def test_the_clock_goes_to_a_day_and_never_back_or_far_away(tmp_path: Path) -> None:
    async with played(tmp_path) as play:
        await play.go_to(local("2026-08-20 09:00"))
        for wrong in ("2026-08-20 08:59", "2036-01-01 00:00"):
            with pytest.raises(NotThere):
                await play.go_to(local(wrong))
        assert play.clock.now() == local("2026-08-20 09:00")


async def test_reminders_come_in_order_each_at_its_own_moment(tmp_path: Path) -> None:
    async with played(tmp_path, decided=False) as play:
        coming = [it.at for it in timeline(play) if it.kind == "reminder" and it.people != 0]
        await play.go_to(local("2026-08-29 12:00"))
        said = [entry.at for entry in play.record.all()]
        assert said == sorted(said)
        assert {at for at in coming if at <= play.clock.now()} <= set(said)
        assert len(set(said)) > 2


async def test_the_timeline_knows_what_comes_next(tmp_path: Path) -> None:
    async with played(tmp_path) as play:
        for _moment in range(8):
            shown, rings = scene(play)["clock"]["next"], play.next_at()
            assert shown["what"], shown
            at = datetime.fromisoformat(shown["at"])
            passed = [it for it in timeline(play) if it.standing == "coming" and it.kind == "reminder" and it.at < at]
            assert rings is not None
            assert at >= rings
            assert not any(it.people for it in passed)
            await play.go_to(at)


async def test_the_timeline_tells_what_was_sent_and_to_how_many(tmp_path: Path) -> None:
    async with played(tmp_path, decided=False) as play:
        await play.go_to(local("2026-08-17 09:00"))
        (opened,) = [it for it in timeline(play) if it.what.nl.startswith("De plekken van")]
        assert (opened.standing, opened.people) == ("sent", 4)
        assert not [it for it in timeline(play) if it.standing == "coming" and it.at < play.clock.now()]


async def test_when_nothing_comes_any_more_that_is_said(tmp_path: Path) -> None:
    async with played(tmp_path, "2028-01-01 12:00", taking_part=0) as play:
        with pytest.raises(NotThere, match="nothing comes any more"):
            await play.ahead("next")


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_restart_finds_the_conversation_and_the_clock_again(tmp_path: Path) -> None:
    async with played(tmp_path) as play:
        await play.go_to(local("2026-06-20 09:00"))
        await play.say("anna", "direct/anna", "!aanmelden")
        before, name = play.record.all(), play.id
    async with played(tmp_path) as again:
        assert (again.record.all(), again.id, again.clock.now()) == (before, name, local("2026-06-20 09:00"))
        await again.press_at("anna", numbers(again, "direct/anna")[-1], 0)
        assert "Vraag" in last(again, "direct/anna")


async def test_a_history_is_whole_at_every_moment_and_for_its_owner_alone(tmp_path: Path) -> None:
    async with played(tmp_path) as play:
        await play.say("anna", "direct/anna", "!aanmelden")
        await play.save()
        file = tmp_path / "page" / "history.json"
        assert [it.name for it in file.parent.iterdir()] == ["history.json"]
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert read_history(file) is not None


async def test_a_history_that_is_none_is_told_with_its_mend(tmp_path: Path) -> None:
    file = tmp_path / "history.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(Fault, match="take the file away"):
        read_history(file)


async def test_what_people_say_in_a_session_is_shown_and_never_on_disk(tmp_path: Path) -> None:
    async with played(tmp_path, AT, SIX, taking_part=8, already=groups()) as play:
        for line in UP_TO_WRITING:
            person, _colon, text = line.removeprefix("#").partition(": ")
            await play.say(person, ROOM if line.startswith("#") else rooms.direct(person), text)
            await play.save()
        assert found_in([entry.text for entry in play.record.all()]) >= set(SECRETS[:2])
        assert found_in(texts_on_disk(tmp_path)) == set()
    async with played(tmp_path, AT, SIX, taking_part=8, already=groups()) as again:
        assert [entry.shown()["lost"] for entry in again.record.all()].count(True) > 3
        assert found_in([entry.text for entry in again.record.all()]) == set()


# ── what could be typed, and the road ────────────────────────────────────────────────────────────────────────────────────────


async def test_what_could_be_typed_are_commands_that_the_bot_takes(tmp_path: Path) -> None:
    async with played(tmp_path) as play:
        for person, room in (("anna", "direct/anna"), ("bram", "direct/bram"), ("cor", rooms.desk(play.edition.id))):
            for it in suggested(play, person, room, "nl"):
                await play.say(person, room, it.line)
                answers = "\n".join(entry.text for entry in play.record.all()[-4:] if not entry.by)
                assert not re.search("begrijp ik niet|ken ik niet|ging hier iets mis", answers), it.line
                for _question in play.asked_of(person):
                    await play.say(person, rooms.direct(person), "!annuleer")


async def test_while_a_question_is_open_nothing_else_is_offered(tmp_path: Path) -> None:
    async with played(tmp_path) as play:
        assert "!aanmelden" in [it.line for it in suggested(play, "anna", "direct/anna", "nl")]
        await play.say("anna", "direct/anna", "!aanmelden")
        assert suggested(play, "anna", "direct/anna", "nl") == []


async def test_what_the_bot_says_to_type_is_offered_first(tmp_path: Path) -> None:
    async with played(tmp_path, "2026-08-17 09:00", decided=False) as play:
        assert [(it.line, it.ready) for it in suggested(play, "bram", "direct/bram", "nl")][:2] == [
            ("!plekken", True),
            ("!voorkeur 3 7 1 5 2", False),
        ]


async def test_who_reads_english_is_offered_to_talk_english(tmp_path: Path) -> None:
    async with played(tmp_path) as play:
        first = suggested(play, "anna", "direct/anna", "en")[0]
        assert first.ready
        await play.say("anna", "direct/anna", first.line)
        (anna,) = [person for person in play.people() if person.id == "anna"]
        assert anna.language == "en"
        assert closer(play, View("anna", "direct/anna", "en"))["language"] is None


async def test_the_road_leads_through_the_whole_programme(tmp_path: Path) -> None:
    async with played(tmp_path) as play:
        stages: list[int] = []
        for _step in range(40):
            step = next_step(play)
            assert step is not None
            stages.append(step.stage)
            do = step.do[0]
            if step.stage == len(STAGES):
                break
            if isinstance(do, Pressed):
                await play.press_at(do.person, do.entry, do.button)
            elif isinstance(do, Typed):
                await play.say(do.person, do.room, do.line)
            elif isinstance(do, Journey):
                await play.go_to(do.to)
        (mine,) = play.state.all(Participant, person="anna")
        assert mine.shared
        assert sorted(set(stages)) == [0, 1, 2, 3, 4, len(STAGES)]
        assert stages == sorted(stages)
        assert play.state.exchange(play.edition, play.clock.now()).phase is Phase.VISITS


@pytest.mark.parametrize("until", ["2026-07-11 09:00", "2026-08-18 09:00", "2026-09-07 09:00"])
async def test_the_road_leads_somebody_who_is_late_past_the_waiting_list(tmp_path: Path, until: str) -> None:
    async with played(tmp_path) as play:
        for _step in range(4):
            await _take(play)
        await play.go_to(local(until))
        said = [await _take(play) for _step in range(12)]
        assert "!toelaten anna" in said
        (mine,) = play.state.all(Participant, person="anna")
        assert mine.takes_part


async def _take(play: Play) -> str:
    """Take the next step; gives what was typed in it."""
    step = next_step(play)
    assert step is not None
    match step.do[0]:
        case Typed(person=person, room=room, line=line):
            await play.say(person, room, line)
            return line
        case Journey(to=to):
            await play.go_to(to)
    return ""


async def test_who_did_not_take_part_has_no_match_and_can_begin_again(tmp_path: Path) -> None:
    async with played(tmp_path, "2026-09-07 09:00") as play:
        for line in ("!match voorstel", "!match publiceer 4"):
            await play.say("cor", rooms.desk(play.edition.id), line)
        await play.go_to(local("2026-09-07 09:15"))
        step = next_step(play)
        assert step is not None
        assert step.what.nl.startswith("{name} heeft deze keer geen match.")
        assert isinstance(step.do[0], Anew)


async def test_there_is_no_road_without_anybody_to_play(tmp_path: Path) -> None:
    async with played(tmp_path, people="coordinator: cor", taking_part=0) as play:
        assert next_step(play) is None
        assert closer(play, View())["step"] is None


# ── the others ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_others_act_by_themselves_and_who_is_played_by_hand_does_not(tmp_path: Path) -> None:
    async with played(tmp_path, taking_part=0) as play:
        await Company(play).until(local("2026-08-17 00:00"), play.by_hand())
        spoke = {entry.by for entry in play.record.all()} - {""}
        assert spoke
        assert not spoke & {"anna", "cor"}
        assert play.clock.now() >= local("2026-08-17 00:00")


async def test_an_answer_stands_below_what_it_answers_also_for_the_others(tmp_path: Path) -> None:
    async with played(tmp_path, taking_part=0) as play:
        await Company(play).until(local("2026-07-10 00:00"), ())
        direct = [entry for entry in play.record.all() if entry.room.startswith("direct/")]
        firsts = {room: next(it.by for it in direct if it.room == room) for room in {it.room for it in direct}}
        assert all(room == rooms.direct(by) for room, by in firsts.items())


async def test_one_step_does_one_thing(tmp_path: Path) -> None:
    async with played(tmp_path, taking_part=0) as play:
        company = Company(play)
        for _step in range(6):
            before = play.clock.now(), len(play.record.all())
            await company.step(play.by_hand())
            assert (play.clock.now(), len(play.record.all())) > before


# ── the process ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def tried(*options: str) -> AsyncIterator[tuple[str, str]]:
    """`kring try` in a process of its own: its address and token. It must end within five seconds when it is told to."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "try", "--no-browser", "--port", "0", *options),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
        found = re.search(r"(http://127\.0\.0\.1:\d+)/#(\S+)", line)
        assert found, line
        yield found[1], found[2]
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 5) == 0
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@asynccontextmanager
async def tab_of(base: str, token: str) -> AsyncIterator[Tab]:
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(f"{base}/talk", protocols=(PROTOCOL, token), headers={"Origin": base})
        tab = Tab(socket)
        await tab.hears("whole")
        yield tab


async def test_kring_try_keeps_its_store_over_a_restart_and_makes_a_new_token(tmp_path: Path) -> None:
    async with tried("--store", str(tmp_path / "s")) as (base, token), tab_of(base, token) as tab:
        await tab.does(do="say", person="anna", room="direct/anna", text="!aanmelden")
        before, first = tab.entries(), token
        assert before
    async with tried("--store", str(tmp_path / "s")) as (base, token), tab_of(base, token) as tab:
        assert tab.entries() == before
        assert token != first


async def test_kring_try_begins_again_with_nothing_of_what_was_played(tmp_path: Path) -> None:
    async with tried("--store", str(tmp_path / "s")) as (base, token), tab_of(base, token) as tab:
        await tab.does(do="say", person="anna", room="direct/anna", text="!aanmelden")
        await tab.does(do="travel", to="2100-01-01T09:00:00Z")  # too far: the play stays as it is
        shown = await tab.does(do="anew")
        whole = [it for it in tab.told if it["kind"] == "whole"]
        assert [len(it["entries"]) for it in whole] == [0, 0]
        assert whole[0]["play"] != whole[1]["play"] == shown["play"]
        assert tab.told[-2]["step"]["what"]["nl"] == "Meld Anna aan"


async def test_kring_try_plays_the_sample_with_people_who_take_part_already() -> None:
    async with tried() as (base, token), tab_of(base, token) as tab:
        shown = tab.told[-1]["scene"]
        assert len(shown["people"]) == 12
        assert shown["edition"]["phase"] == "signup"
        await tab.socket.send_json({"do": "look", "person": "anna", "room": "direct/anna"})
        assert (await tab.hears("closer"))["step"]["what"]["nl"] == "Meld Anna aan"


async def test_kring_try_shows_what_is_wrong_with_an_edition(tmp_path: Path) -> None:
    sample = resources.files("programme").joinpath("editions", "secretariswissel-2026.toml").read_text(encoding="utf-8")
    broken = tmp_path / "stuk.toml"
    broken.write_text(
        sample.replace('fee = "395.00"', 'fee = "veel"').replace("[windows.visits]", "[windows.visit]"),
        encoding="utf-8",
    )
    async with tried("--edition", str(broken)) as (base, token), aiohttp.ClientSession() as session:
        socket = await session.ws_connect(f"{base}/talk", protocols=(PROTOCOL, token), headers={"Origin": base})
        told = json.loads(await socket.receive_str())
        assert told["kind"] == "faults"
        assert all("stuk.toml:" in fault["where"] for fault in told["faults"])
        assert any(re.search(r"stuk\.toml:\d+: fee$", fault["where"]) for fault in told["faults"])
        assert all(fault["mend"]["nl"] != fault["mend"]["en"] for fault in told["faults"])


async def test_a_file_that_is_not_there_is_told_at_the_terminal_with_what_to_copy(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "try", "--no-browser", "--port", "0", "--edition", str(tmp_path / "mijn.toml")),
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "nl_NL.UTF-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, told = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, said) == (2, b"")
    assert "mijn.toml: het bestand is er niet; begin met een kopie van programme/editions/" in told.decode()


def test_the_door_knows_no_state() -> None:
    """Over HTTP there is nothing but files: every route that is no file is the WebSocket."""

    async def talk(_request: Any) -> Any:
        raise AssertionError

    app = Door(talk)._app()
    paths = {route.resource.canonical for route in app.router.routes() if route.resource is not None}
    assert paths == {"/", "/talk", *(f"/{file.name}" for file in STATIC.iterdir() if file.name != "index.html")}
    assert {route.method for route in app.router.routes()} == {"GET", "HEAD"}
