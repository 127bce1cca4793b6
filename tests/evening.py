"""Groups in session on a real homeserver, with encryption: the bot as a process of its own, and people with clients of their own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import commands
from bot.app import House, Setup
from bot.clock import WallClock
from bot.command import find
from bot.transcript import enrolled, grouped
from programme.edition import parse
from programme.people import Person
from tests.bot_process import BotProcess, open_edition, write_config
from tests.participant import participant
from tests.synapse import Credentials, Synapse
from tests.test_road import EDITION, Member

Groups = Sequence[Sequence[str]]


@dataclass
class Evening:
    """The bot, the people by name, and the rooms of the two groups."""

    bot: BotProcess
    account: Credentials
    synapse: Synapse
    groups: Groups
    accounts: dict[str, Credentials]
    people: dict[str, Member] = field(default_factory=dict)
    rooms: list[str] = field(default_factory=list)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def comes(self, *names: str, greeting: str = EDITION) -> None:
        """These log in, take the invitations that wait for them, and begin a chat of their own with the bot."""
        logged_in = (self._open.enter_async_context(participant(self.synapse, self.accounts[name])) for name in names)
        for name, client in zip(names, await asyncio.gather(*logged_in), strict=True):
            self.people[name] = Member(client, name, self.account.user_id)
        await asyncio.gather(*(self.people[name].begin(greeting) for name in names))

    def here(self, number: int) -> list[str]:
        """Who of a group has come."""
        return [name for name in self.groups[number - 1] if name in self.people]

    async def says(self, name: str, text: str, answer: str, number: int = 1) -> None:
        """Somebody says this in the room of a group, and hears that there."""
        await self.people[name].ask(text, answer, self.rooms[number - 1])

    async def all_hear(self, text: str, number: int = 1) -> None:
        """Everybody in a group hears this in its room."""
        room = self.rooms[number - 1]
        await asyncio.gather(*(self.people[name].hears(text, room) for name in self.here(number)))


def grouped_people(folder: Path, accounts: dict[str, Credentials], groups: Groups) -> None:
    """Let the bot know people who take part and are in their groups already, as after a season of the programme."""
    edition = parse(open_edition())
    people = [
        Person(id=account.user_id, name=name.capitalize(), organisation=f"Organisatie {name}", sector="zorg")
        for name, account in accounts.items()
    ]
    ids = [tuple(accounts[name].user_id for name in group) for group in groups]
    clock = WallClock()
    house = House(Setup(folder / "data" / "state", find(commands), [edition], people, clock=clock))
    house.keep([*enrolled(people, edition, clock.now()), *grouped(ids, edition)])
    house.store.close()


@asynccontextmanager
async def evening(synapse: Synapse, folder: Path, groups: Groups, late: Sequence[str] = ()) -> AsyncIterator[Evening]:
    """The bot with groups in their rooms, and in a chat of their own with it; those who are late have not logged in yet."""
    account, coordinator = await synapse.user("kring"), await synapse.user("cor")
    accounts = {name: await synapse.user(name) for group in groups for name in group}
    write_config(synapse.url, folder, account, [coordinator.user_id], open_edition())
    grouped_people(folder, accounts, groups)
    async with AsyncExitStack() as open_:
        bot = BotProcess(account.user_id, folder, options=("--debug",))
        open_.push_async_callback(bot.kill)
        await bot.start()
        await bot.ready()
        it = Evening(bot, account, synapse, groups, accounts, _open=open_)
        await it.comes(*(name for name in accounts if name not in late))
        it.rooms = [await gathered(it, number) for number, _group in enumerate(groups, 1)]
        yield it


async def gathered(it: Evening, number: int) -> str:
    """The room of a group, once everybody is in it and knows so."""
    members = [it.people[name] for name in it.here(number)]
    rooms = {await member.room(f"Intervisiegroep {number}, SecretarisWissel 2026") for member in members}
    (room,) = rooms
    for member in members:
        for other in members:
            await member.client.sees(room, other.client.user_id)
    return room
