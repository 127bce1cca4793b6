"""The whole road on a real homeserver: eight people and a coordinator, each with an encrypted client, from sign-up to a visiting day.

The bot is a process of its own. Months pass in a minute because the coordinator opens and closes the windows by hand, as they may
in earnest; between two steps the bot is killed while people go on talking.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import nio
import pytest
from nio.crypto import decrypt_attachment

from bot.clock import free_days
from programme.edition import parse
from tests.bot_process import BotProcess, bot_process
from tests.participant import Message, Participant, participant
from tests.synapse import Synapse

COHORT = {
    "anna": ("AFM", "toezicht"),
    "bram": ("CBG", "zorg"),
    "carla": ("CAOP", "onderwijs"),
    "dirk": ("DUO", "onderwijs"),
    "emre": ("UWV", "rijk"),
    "fleur": ("GGD Twente", "zorg"),
    "gijs": ("Gemeente Utrecht", "gemeente"),
    "hana": ("Waterschap Rivierenland", "provincie of waterschap"),
}
EDITION = "SecretarisWissel 2026"
QUESTIONS = 8
LONG = 60.0


class Member:
    """Somebody in the cohort, with their own chat with the bot."""

    def __init__(self, client: Participant, name: str, bot: str) -> None:
        self.client = client
        self.name = name
        self.organisation, self.sector = COHORT.get(name, ("Programmabureau", ""))
        self.bot = bot
        self.direct = ""
        self.files: list[nio.RoomEncryptedFile] = []
        listening: Any = client.client  # nio's own types do not know what it hands to callbacks
        listening.add_event_callback(lambda _room, event: self.files.append(event), nio.RoomEncryptedFile)

    async def begin(self, greeting: str = EDITION) -> None:
        """Begin a chat with the bot, and be greeted."""
        self.direct = await self.client.direct_chat(self.bot)
        await self.ask("help", greeting)

    async def ask(self, text: str, answer: str, room: str = "") -> Message:
        """Say something in the own chat, or in a room, and wait there for an answer that contains this."""
        return await self.client.ask(room or self.direct, text, answer, seconds=LONG)

    async def hears(self, text: str, room: str = "", *, after: int = 0) -> Message:
        return await self.client.wait_for(text, room or self.direct, after=after, seconds=LONG)

    async def room(self, name: str) -> str:
        """The room with this name, once invited and in it."""
        await self.client.until(lambda: bool(self._named(name)), f"the room {name}", LONG)
        return self._named(name)[0]

    async def room_with(self, other: "Member") -> str:
        """The room of two and the bot, once both are in it."""
        three = {self.client.user_id, other.client.user_id, self.bot}

        def found() -> list[str]:
            return [room for room, it in self.client.client.rooms.items() if set(it.users) == three]

        await self.client.until(lambda: bool(found()), f"the room with {other.name}", LONG)
        return found()[0]

    def _named(self, name: str) -> list[str]:
        return [room for room, it in self.client.client.rooms.items() if it.name == name and it.room_type != "m.space"]

    def from_bot(self, room: str = "") -> list[Message]:
        """What the bot said to them, in their own chat or in a room."""
        return [m for m in self.client.heard if m.sender == self.bot and m.room == (room or self.direct)]

    async def file(self, number: int) -> str:
        """The text of a file that the bot sent, the first or a later one."""
        await self.client.until(lambda: len(self.files) >= number, f"file {number}", LONG)
        file = self.files[number - 1]
        answer = await self.client.client.download(file.url)
        assert isinstance(answer, nio.DownloadResponse), answer
        opened: bytes = decrypt_attachment(answer.body, file.key["k"], file.hashes["sha256"], file.iv)
        return opened.decode()


@dataclass
class Programme:
    """One run: the bot, the people, the coordinator and the coordinator's desk."""

    bot: BotProcess
    people: dict[str, Member]
    cor: Member
    desk: str = ""
    cohort: str = ""

    def places(self, listed: str) -> dict[str, str]:
        """The numbers of places by the name of who offers it."""
        found = {organisation: number for number, organisation in re.findall(r"(?m)^(\d+)\. (.+?) \(", listed)}
        return {name: found[it.organisation] for name, it in self.people.items()}

    async def each(self, doing: Iterable[Awaitable[object]]) -> None:
        """Everybody at once."""
        await asyncio.gather(*doing)

    async def confirmed(self, command: str, preview: str, done: str = "Gedaan") -> None:
        """The coordinator, alone at the desk, types it there, says yes, and hears that it is done."""
        before = len(self.cor.client.heard)
        await self.cor.client.say(self.desk, command)
        asked = await self.cor.hears(preview, self.desk, after=before)
        assert "1. Ja\n2. Nee" in asked.body
        await self.cor.ask("ja", done, self.desk)


@asynccontextmanager
async def programme(synapse: Synapse, folder: Path) -> AsyncIterator[Programme]:
    """The bot with everybody logged in, and the coordinator at the desk."""
    account, coordinator = await synapse.user("kring"), await synapse.user("cor")
    async with AsyncExitStack() as open_:
        bot = await open_.enter_async_context(bot_process(synapse.url, folder, account, [coordinator.user_id]))
        clients = {name: await synapse.user(name) for name in COHORT}
        people = {
            name: Member(await open_.enter_async_context(participant(synapse, who)), name, account.user_id)
            for name, who in clients.items()
        }
        cor = Member(await open_.enter_async_context(participant(synapse, coordinator)), "cor", account.user_id)
        running = Programme(bot, people, cor)
        await running.each(member.begin() for member in [*people.values(), cor])
        running.desk, running.cohort = await cor.room(f"Coördinatie {EDITION}"), await cor.room(EDITION)
        yield running


@pytest.mark.synapse
async def test_eight_people_go_the_whole_road_from_sign_up_to_a_visiting_day(synapse: Synapse, tmp_path: Path) -> None:
    async with programme(synapse, tmp_path / "bot") as it:
        await it.each(sign_up(member) for member in it.people.values())
        await sign_up_is_closed(it)
        places = await preferences_are_given(it)
        await what_is_said_to_a_dead_bot_is_answered_once(it, places)
        await matches_are_published(it, places)
        await two_agree_a_day(it)
        await two_agree_a_day_in_their_own_room(it)
        await the_coordinator_writes_to_everybody(it)
        await a_participant_sees_how_it_stands(it)
        await the_coordinator_sees_how_it_stands(it)
        await after_a_restart_all_goes_on_in_the_same_rooms(it)
        nothing_was_unreadable_open_or_said_twice(it)


async def sign_up(member: Member) -> None:
    """The form, question by question; a choice is answered by its number, its word, or skipped."""
    offer = await member.ask("aanmelden", "Wil je meedoen?")
    assert "€ 395,00" in offer.body.replace("\N{NO-BREAK SPACE}", " ")
    answers = [
        "ja",
        member.organisation,
        member.sector,
        f"{member.name}stad",
        "1",
        f"Een dag bij {member.organisation}",
        "Overslaan" if member.name == "anna" else "De raad",
        "1",
    ]
    for number, answer in enumerate(answers, 1):
        await member.ask(answer, f"Vraag {number} van {QUESTIONS}")
    receipt = await member.ask(f"{member.name}@example.nl", f"Je doet mee aan {EDITION}")
    assert f"- organisatie: {member.organisation}" in receipt.body
    assert f"- sector: {member.sector}" in receipt.body
    assert "- bij start en slot: bij allebei" in receipt.body


async def sign_up_is_closed(it: Programme) -> None:
    listed = await it.cor.ask("!deelnemers", f"{len(COHORT)} ", it.desk)
    assert all(member.organisation in listed.body for member in it.people.values())
    await it.each(member.room(EDITION) for member in it.people.values())
    for member in it.people.values():
        assert "blijft daar" in member.client.client.rooms[it.cohort].topic
    await it.confirmed("!programma sluit aanmelden", "Aanmelden")
    await it.confirmed("!programma open voorkeuren", "Voorkeuren geven")
    await it.each(member.hears("Voorkeuren geven", it.cohort) for member in it.people.values())


async def preferences_are_given(it: Programme) -> dict[str, str]:
    """Everybody wants to go to the next two in the row; the list is filled up on their word. The numbers of the places."""
    listed = await it.people["anna"].ask("plekken", "Waterschap Rivierenland")
    places = it.places(listed.body)
    own = await it.people["anna"].ask("plek", "AFM")
    assert "1 collega" in own.body
    await it.people["anna"].ask(f"voorkeur {places['anna']}", "van jezelf")
    await it.people["dirk"].ask(f"liever niet {places['hana']}", "Waterschap Rivierenland")
    await it.each(prefer(it, name, places) for name in COHORT if name not in AWAY)
    return places


AWAY = ("gijs", "hana")
"""They give their preferences while the bot is down."""


def wanted(name: str, places: dict[str, str]) -> str:
    names = list(COHORT)
    mine = names.index(name)
    return " ".join(places[names[(mine + step) % len(names)]] for step in (1, 2))


async def prefer(it: Programme, name: str, places: dict[str, str]) -> None:
    member = it.people[name]
    short = await member.ask(f"voorkeur {wanted(name, places)}", "Zal ik dat doen?")
    assert "1. Ja\n2. Nee" in short.body
    receipt = await member.ask("ja", "Je volgorde: 1.")
    assert it.people[list(COHORT)[(list(COHORT).index(name) + 1) % len(COHORT)]].organisation in receipt.body


async def what_is_said_to_a_dead_bot_is_answered_once(it: Programme, places: dict[str, str]) -> None:
    await it.bot.kill()
    before = {name: len(it.people[name].client.heard) for name in AWAY}
    for name in AWAY:
        await it.people[name].client.say(it.people[name].direct, f"!voorkeur {wanted(name, places)}")
    await it.cor.client.say(it.desk, "!stand")
    await it.bot.start()
    for name in AWAY:
        member = it.people[name]
        await member.hears("Zal ik dat doen?", after=before[name])
        await member.ask("ja", "Je volgorde: 1.")
        assert [m.body for m in member.from_bot()].count(short_list_of(member)) == 1
    await it.cor.hears("voorkeuren binnen:", it.desk)


def short_list_of(member: Member) -> str:
    return next(m.body for m in member.from_bot() if "Zal ik dat doen?" in m.body)


async def matches_are_published(it: Programme, places: dict[str, str]) -> None:
    """Proposal, a place fixed by hand, and publication with the right count only."""
    await it.confirmed("!programma sluit voorkeuren", "Voorkeuren geven")
    proposal = await it.cor.ask("!match voorstel", "8 matches", it.desk)
    assert "- 1e voorkeur: 8 mensen" in proposal.body
    anna = it.people["anna"].client.user_id
    await it.confirmed(f"!match zet vast {anna} {places['carla']} afgesproken", "vastzetten voor", "vast")
    fixed = await it.cor.ask("!match voorstel", "8 matches", it.desk)
    assert "afgesproken" in fixed.body
    await it.cor.ask("!match publiceer", "!match publiceer 8", it.desk)
    await it.cor.ask("!match publiceer 7", "jij typte 7", it.desk)
    assert not any("zijn er" in m.body for m in it.people["anna"].from_bot())
    await it.cor.ask("!match publiceer 8", "8 mensen", it.desk)
    await it.each(hears_own_match(member) for member in it.people.values())
    overview = await it.cor.hears("- AFM ", it.cohort)
    assert all(member.organisation in overview.body for member in it.people.values())


async def hears_own_match(member: Member) -> None:
    """Their own match and nobody else's, in a message that wakes them."""
    told = await member.hears(f"De matches van {EDITION} zijn er")
    assert told.kind == "m.text"
    assert told.event.source["content"]["m.mentions"] == {"user_ids": [member.client.user_id]}
    assert (told.body.count("Je gaat naar"), told.body.count("komt bij jou")) == (1, 1)
    again = await member.ask("match", "Je gaat naar")
    assert again.body.splitlines()[0] in told.body


def visiting_day(it: Programme, weeks: int) -> date:
    """A Tuesday in the visiting period on which nobody has a day off."""
    windows = parse((it.bot.folder / "edition.toml").read_text("utf-8")).windows
    day = windows["visits"].opens + timedelta(days=1, weeks=weeks)
    while day in free_days(day.year):
        day += timedelta(days=1)
    return day


def host_of(it: Programme, guest: str) -> Member:
    told = next(m.body for m in it.people[guest].from_bot() if "Je gaat naar" in m.body)
    first = next(line for line in told.splitlines() if "Je gaat naar" in line)
    return next(member for member in it.people.values() if f"naar {member.organisation}." in first)


async def two_agree_a_day(it: Programme) -> None:
    """Anna proposes in her own chat, her host says yes there, and both get a file for their calendar."""
    anna, host, day = it.people["anna"], host_of(it, "anna"), visiting_day(it, 1)
    before = len(host.client.heard)
    await anna.ask(f"stagedag gast {day:%d-%m-%Y}", "Je hoort van me")
    asked = await host.hears("Kun je dan?", after=before)
    assert "1. Ja\n2. Nee" in asked.body
    await host.ask("ja", "Afgesproken")
    await anna.hears("Afgesproken")
    for member in (anna, host):
        assert f"DTSTART;TZID=Europe/Amsterdam:{day:%Y%m%d}T090000" in await member.file(1)


async def two_agree_a_day_in_their_own_room(it: Programme) -> None:
    emre, host, day = it.people["emre"], host_of(it, "emre"), visiting_day(it, 2)
    room = await emre.room_with(host)
    await emre.ask(f"!stagedag {day:%d-%m-%Y}", "Je hoort van me", room)
    await host.hears("Kun je dan?")
    await host.ask("ja", "Afgesproken")


async def the_coordinator_writes_to_everybody(it: Programme) -> None:
    await it.confirmed("!bericht De link volgt morgen.", "De link volgt morgen.", "8 mensen")
    await it.each(member.hears("De link volgt morgen.") for member in it.people.values())


async def a_participant_sees_how_it_stands(it: Programme) -> None:
    anna = it.people["anna"]
    await anna.ask("overzicht", "Je stagedag bij")
    await anna.ask("agenda", "Startbijeenkomst")
    await anna.ask("kalender", "Open dit bestand")
    assert (await anna.file(2)).count("BEGIN:VEVENT") == 3
    await anna.ask("!stand", "coördinator")


async def the_coordinator_sees_how_it_stands(it: Programme) -> None:
    await it.cor.ask("!stand", "2 van 8", it.desk)
    await it.cor.ask("!bellijst", "niemand", it.desk)
    await it.cor.ask("!deelnemers zorg", "GGD Twente", it.desk)


async def after_a_restart_all_goes_on_in_the_same_rooms(it: Programme) -> None:
    rooms = {member.name: set(member.client.client.rooms) for member in it.people.values()}
    assert await it.bot.stop() == 0
    await it.bot.start()
    await it.bot.ready()
    await it.each(member.ask("overzicht", EDITION) for member in it.people.values())
    await it.cor.ask("!stand", "2 van 8", it.desk)
    assert {member.name: set(member.client.client.rooms) for member in it.people.values()} == rooms


def nothing_was_unreadable_open_or_said_twice(it: Programme) -> None:
    for member in [*it.people.values(), it.cor]:
        said = [m for m in member.client.heard if m.sender == it.bot.user_id]
        assert not member.client.unreadable
        assert all(m.encrypted for m in said)
        assert len({m.event.event_id for m in said}) == len(said)
        assert sum("De link volgt morgen." in m.body for m in said) == 1
    assert not [line for line in it.bot.events() if line["level"] in {"error", "critical"}]
    assert "De raad" not in "\n".join(it.bot.log)
