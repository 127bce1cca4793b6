"""Two groups in session at once on a real homeserver, with encryption, through a power cut; and what is left of it on the disk.

The first group has five people and goes from the first phase to writing alone, where the bot is killed: it says so, asks again,
and shows what was written together. Meanwhile a second group meets, and somebody who does not belong there comes into its room.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import nio
import pytest

from tests.bot_process import ROOT
from tests.evening import Evening, evening
from tests.participant import participant
from tests.synapse import Credentials, Synapse

pytestmark = pytest.mark.synapse

GROUPS = ("anna", "bram", "carla", "dirk", "emre"), ("fleur", "gijs", "hanna")
TITLE = "een kwestie rond de kerstborrel"
TOLD = "mijn voorzitter nam het besluit in de lift"
LOST = "ik zou eerst eens gaan wandelen"
WROTE = {
    "anna": "ik zou het protocol voorlezen",
    "carla": "ik zou de griffier erbij halen",
    "dirk": "ik zou een nachtje slapen",
    "emre": "ik zou de taart afzeggen",
}
WHISPERED = "hier praten wij over een verhuizing"
TYPED = (TITLE, TOLD, LOST, *WROTE.values(), WHISPERED)
KNOWN = ("@anna-", "matrix.listening")
"""What does stand in the files and in the log."""


async def test_two_groups_meet_at_once_and_nothing_that_they_typed_is_left(synapse: Synapse, tmp_path: Path) -> None:
    folder = tmp_path / "bot"
    async with evening(synapse, folder, GROUPS) as it:
        await both_begin(it)
        await a_case_is_chosen(it)
        await the_bot_has_what_one_wrote(it)
        await a_backup_is_made(it, folder / "backup")
        await the_bot_dies_and_asks_again(it)
        await all_writing_is_shown_together(it)
        await an_outsider_stops_the_other_group(it)
        await the_first_group_ends(it)
        nothing_was_unreadable_or_open(it)
    assert not traces(TYPED, folder, it.bot.log)
    assert [line for line in it.bot.events() if line["level"] == "debug"], "the log told every step"
    readable = {Path(where).name for where, _id in traces(KNOWN, folder, it.bot.log)}
    assert readable >= {"log", "journal", "crypto.db"}, "the scan does read what is there"


async def both_begin(it: Evening) -> None:
    await asyncio.gather(
        it.says("anna", "!start intervisie incident 90", "Fase 1 van 11"),
        it.says("fleur", "!start intervisie incident 60", "Fase 1 van 11", 2),
    )
    await asyncio.gather(it.all_hear("Anna begeleidt."), it.all_hear("Fleur begeleidt.", 2))


async def a_case_is_chosen(it: Evening) -> None:
    await it.people["bram"].ask(f"!inbreng {TITLE}", "bewaar het nergens")
    await it.says("anna", "overslaan", "Fase 2 van 11")
    await it.says("anna", "overslaan", TITLE)
    await it.says("anna", "!inbrenger bram", "de casus van Bram")
    await it.says("anna", "volgende", "Fase 4 van 11")
    await it.people["bram"].client.say(it.rooms[0], TOLD)
    await it.people["gijs"].client.say(it.rooms[1], WHISPERED)
    for phase in (5, 6, 7, 8):
        await it.says("anna", "overslaan", f"Fase {phase} van 11")


async def the_bot_has_what_one_wrote(it: Evening) -> None:
    await asyncio.gather(*(it.people[name].hears("Ik laat alles in één keer zien") for name in WROTE))
    await it.people["carla"].ask(LOST, "Ik heb dit:")


async def a_backup_is_made(it: Evening, to: Path) -> None:
    """As an operator does while the bot runs, just when it holds something."""
    command = [sys.executable, "-m", "bot", "backup", str(to), "--config", str(it.bot.folder / "kring.toml")]
    made = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL)
    assert await made.wait() == 0


async def the_bot_dies_and_asks_again(it: Evening) -> None:
    """What it had is gone, and it says so to who wrote it; both rooms hear where they are."""
    before = {name: len(member.client.heard) for name, member in it.people.items()}
    await it.bot.restart()
    await it.bot.ready()
    await it.people["carla"].hears("mijn aantekeningen zijn weg", after=before["carla"])
    await asyncio.gather(
        *(it.people[name].hears("Ik was even weg. We zijn bij", it.rooms[0], after=before[name]) for name in GROUPS[0]),
        *(it.people[name].hears("Ik was even weg. We zijn bij", it.rooms[1], after=before[name]) for name in GROUPS[1]),
    )


async def all_writing_is_shown_together(it: Evening) -> None:
    await asyncio.gather(*(it.people[name].ask(text, "Ik heb dit:") for name, text in WROTE.items()))
    await it.all_hear("Dit schreef iedereen")
    for member in it.people.values():
        from_bot = [message for message in member.client.heard if message.sender == it.bot.user_id]
        alone = [message.body for message in from_bot if message.room == member.direct]
        others = [text for name, text in WROTE.items() if name != member.name]
        assert not any(text in body for body in alone for text in others), "what is read back is one's own"
        shown = [
            message
            for message in from_bot
            if message.room != member.direct and any(text in message.body for text in WROTE.values())
        ]
        assert [message.room for message in shown] == ([it.rooms[0]] if member.name in GROUPS[0] else [])
        assert all(text in message.body for message in shown for text in WROTE.values())
        assert not any(LOST in message.body for message in from_bot if message.room != member.direct)


async def an_outsider_stops_the_other_group(it: Evening) -> None:
    """Somebody is let in with the account of the bot: the group pauses at once, and the facilitator hears why."""
    stranger = await it.synapse.user("piet")
    async with participant(it.synapse, stranger) as piet:
        await invited(it, stranger, it.rooms[1])
        await piet.joined(it.rooms[1])
        await it.all_hear("pauze", 2)
        await it.people["fleur"].hears("Er klopt iets niet aan de kamer")
        before = len(it.people["fleur"].client.heard)
        await it.people["fleur"].client.say(it.rooms[1], "!hervat")
        await it.people["fleur"].hears("niet bij de groep hoort", after=before)
        await piet.client.room_leave(it.rooms[1])
        await it.people["fleur"].client.until(
            lambda: stranger.user_id not in it.people["fleur"].client.client.rooms[it.rooms[1]].users, "piet to leave"
        )
    await it.says("fleur", "!hervat", "We gaan verder.", 2)


async def invited(it: Evening, guest: Credentials, room: str) -> None:
    """Invite somebody as the bot, from another client of it: nobody in the group has the power to."""
    client = nio.AsyncClient(it.synapse.url, it.account.user_id, ssl=True)
    try:
        assert isinstance(await client.login(it.account.password), nio.LoginResponse)
        assert isinstance(await client.room_invite(room, guest.user_id), nio.RoomInviteResponse)
        await client.logout()
    finally:
        await client.close()


async def the_first_group_ends(it: Evening) -> None:
    await it.says("anna", "volgende", "Fase 9 van 11")
    await it.says("anna", "!afronden nu", "Deze sessie is klaar")
    await asyncio.gather(*(it.people[name].hears("Hoe zinvol was deze sessie") for name in GROUPS[0]))
    await it.says("fleur", "tijd", "fase 1 van 11", 2)


def nothing_was_unreadable_or_open(it: Evening) -> None:
    for member in it.people.values():
        said = [message for message in member.client.heard if message.sender == it.bot.user_id]
        assert not member.client.unreadable
        assert all(message.encrypted for message in said)
    assert not [line for line in it.bot.events() if line["level"] in {"error", "critical"}]


def traces(words: Sequence[str], folder: Path, log: Sequence[str]) -> list[tuple[str, str]]:
    """Where any of these can be read: in a file of the bot (state, former versions, backup, key store), or in what it logged."""
    texts = {"log": "\n".join(log), **dict(files(folder))}
    return [(where, word) for where, text in texts.items() for word in words if word in text.casefold()]


def files(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield str(file.relative_to(folder)), file.read_bytes().decode("utf-8", "replace")
