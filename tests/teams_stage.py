"""A played house whose platform is the Teams adapter, between it and the fake connector: what is said goes over HTTP both ways.

In the house people keep their short names (`anna`), so that the words can be compared with a conversation that was played without
a platform; in Teams they are `teams:TENANT:OBJECT-ID`. The renaming stands between the two, on the port.
"""

import asyncio
import re
from asyncio import Future
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import unescape

from bot.app import Setup
from bot.chat import Chat, Heard, Noticed, Port, Post, PostedPoll, RoomFacts
from bot.clock import SetClock
from bot.console import Console, NotThere, Stage
from bot.settings import TeamsSettings
from bot.teams import Patience, TeamsChat
from bot.teams.activities import Raw
from bot.teams.files import CONSENT
from bot.transcript import LOTTERY, Player, enrolled, grouped
from programme import rooms
from programme.model import Model
from programme.rooms import RoomWish
from programme.text import Call, Sayable
from storage.letters import File
from tests.fake_connector import BOT, FakeConnector, Said, actions_of, member, person_id
from tests.fake_idp import APP, TENANT, FakeIdp
from tests.teams_house import opened

PATIENT = Patience(
    answer=20.0, request=20.0, roster=0.0, a_second=1e6, an_hour=1e9, tenant_a_second=1e6, first_retry=0.05
)
NOTE = re.compile(
    r"\n(?:Hierbij hoort een bestand: |A file belongs to this: )(?P<name>.*)\. In Teams (?:kan ik|I can) .*$"
)
"""What stands below a post with a file in a room."""
UNPLAYABLE = frozenset({"unencrypted", "public", "readable", "bridged", "invited", "robot"})
"""Changes of a room that there are not in Teams: a conversation is closed, or it is a channel."""


@dataclass
class Names:
    """Short names and full ids, both ways."""

    short: dict[str, str] = field(default_factory=dict)

    def full(self, name: str) -> str:
        self.short[person_id(name)] = name
        return person_id(name)

    def full_key(self, key: str) -> str:
        person = rooms.person_of(key)
        return rooms.direct(self.full(person)) if person else key

    def short_key(self, key: str) -> str:
        person = rooms.person_of(key)
        return rooms.direct(self.short.get(person, person)) if person else key

    def people(self, ids: frozenset[str]) -> frozenset[str]:
        return frozenset(self.short.get(id_, id_) for id_ in ids)

    def facts(self, facts: RoomFacts) -> RoomFacts:
        return replace(facts, members=self.people(facts.members))


@dataclass
class RenamingPort:
    """The house as the adapter sees it: with full ids."""

    house: Port
    names: Names

    def hear(self, heard: Heard) -> "Future[None]":
        it = self.names
        who, room = it.short[heard.person], it.short_key(heard.room)
        return self.house.hear(replace(heard, person=who, room=room, facts=it.facts(heard.facts)))

    def noticed(self, noticed: Noticed) -> "Future[None]":
        it = self.names
        return self.house.noticed(replace(noticed, person=it.short[noticed.person], facts=it.facts(noticed.facts)))

    def wishes(self) -> Sequence[RoomWish]:
        full = self.names.full
        return [wish.model_copy(update={"members": frozenset(map(full, wish.members))}) for wish in self.house.wishes()]

    def place_of(self, key: str) -> str | None:
        return self.house.place_of(self.names.short_key(key))

    def key_of(self, place: str) -> str | None:
        key = self.house.key_of(place)
        return self.names.full_key(key) if key else None

    def remember_place(self, key: str, place: str) -> "Future[None]":
        return self.house.remember_place(self.names.short_key(key), place)

    def mark(self, name: str) -> str | None:
        return self.house.mark(name)

    def remember_mark(self, name: str, value: str) -> "Future[None]":
        return self.house.remember_mark(name, value)

    def cannot_silence(self, key: str) -> None:
        self.house.cannot_silence(key)

    def open_to_strangers(self) -> bool:
        return self.house.open_to_strangers()

    def cannot_read(self, person: str, place: str) -> None:
        self.house.cannot_read(self.names.short[person], place)

    def warn_desk(self, warning: Sayable) -> None:
        self.house.warn_desk(warning)


@dataclass
class RenamedTeams:
    """The adapter as the house sees it: with short names."""

    chat: TeamsChat
    names: Names
    stage: "TeamsStage"

    def serves(self, room: str) -> bool:
        return self.chat.serves(self.names.full_key(room))

    async def run(self, house: Port) -> None:
        await self.chat.run(RenamingPort(house, self.names))

    async def place(self, key: str) -> str:
        if rooms.person_of(key) is None:
            await self.stage.linked(key)
        return await self.chat.place(self.names.full_key(key))

    async def post(self, post: Post, place: str) -> None:
        renamed = replace(
            post, room=self.names.full_key(post.room), mentions=tuple(self.names.full(it) for it in post.mentions)
        )
        await self.chat.post(renamed, place)
        self.stage.delivered.add(post.id)

    async def facts(self, place: str) -> RoomFacts:
        return self.names.facts(await self.chat.facts(place))

    async def has_said(self, letter: str, place: str) -> bool:  # noqa: ARG002 - a bot cannot read back; the play knows
        return letter in self.stage.delivered

    def wishes_changed(self) -> None:
        self.chat.wishes_changed()

    def ready(self) -> dict[str, bool]:
        return self.chat.ready()


class TeamsConsole(Console):
    """What was said in Teams, read back from the connector as the people there see it."""

    def __init__(self, stage: "TeamsStage") -> None:
        super().__init__()
        self._stage = stage
        self._read = 0

    def fetch(self) -> list[Post]:
        written = self._stage.connector.written
        fresh, self._read = written[self._read :], len(written)
        posts: list[Post] = []
        for said in fresh:
            if file := offered(said):
                last = max(n for n, post in enumerate(posts) if post.room == self._stage.key_of(said))
                posts[last] = replace(posts[last], file=file)
            elif (post := self._stage.post_of(said)) is not None:
                posts.append(post)
        return posts

    def newest(self, conversation: str, label: str) -> Said:
        """The newest card in this conversation with this button."""
        for said in reversed(self._stage.connector.said):
            if said.conversation == conversation and label.casefold() in map(str.casefold, labels(said)):
                return said
        raise NotThere(f"no button {label!r} here")

    def poll_in(self, conversations: Sequence[str]) -> Said:
        """The newest poll that is not over in one of these conversations."""
        for said in reversed(self._stage.connector.said):
            if said.conversation in conversations and choices(said):
                return said
        raise NotThere("there is no open poll")


class TeamsStage(Stage):
    """A house in Teams, to be played."""

    def __init__(self, setup: Setup, clock: SetClock, connector: FakeConnector, already: Sequence[Model] = ()) -> None:
        super().__init__(setup, clock, already)
        self.connector = connector
        connector.clock = clock
        self.names = Names()
        self.delivered: set[str] = set()
        self.console = self._cards = TeamsConsole(self)
        self._run: asyncio.Task[None] | None = None

    # ── start and stop ───────────────────────────────────────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        settings = TeamsSettings(
            app_id=APP,
            tenants=(TENANT,),
            authenticate=False,
            listen="127.0.0.1:0",
            service_hosts=(self.connector.host,),
        )
        self._chat = TeamsChat(settings, self.house.spell, self.house.place_of, clock=self.clock, patience=PATIENT)
        renamed: Chat = RenamedTeams(self._chat, self.names, self)
        self.house.start([renamed])
        self._run = asyncio.get_running_loop().create_task(renamed.run(self.house))

    async def end(self) -> None:
        assert self._run is not None
        self._run.cancel()
        await asyncio.wait({self._run})
        await super().end()

    async def open(self) -> None:
        """Wait until the endpoint is there."""
        assert self._run is not None
        await opened(self._chat, self._run)
        self.connector.endpoint = self._chat.address

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def press(self, person: str, label: str, room: str = "", id_: str = "") -> None:
        key = self.room(room, person)
        said = self._cards.newest(await self._conversation(key), label)
        title = next(it for it in labels(said) if it.casefold() == label.casefold())
        await self._tell(self.connector.press(person, said, title) | numbered(id_), key)

    async def send(self, person: str, said: Said, **chosen: str) -> None:
        """Let somebody send what they chose on this card."""
        (title,) = labels(said)
        await self._tell(self.connector.press(person, said, title, **chosen), self.key_of(said))

    async def vote(self, person: str, chosen: Sequence[str], room: str = "", id_: str = "") -> None:
        keys = [self.room(room, person)] if room else [wish.key for wish in self.rooms() if person in wish.members]
        where = {await self._conversation(key): key for key in keys}
        said = self._cards.poll_in(list(where))
        titles = [title.casefold() for title in choices(said)]
        numbers = [str(titles.index(word.casefold()) + 1) if word.casefold() in titles else word for word in chosen]
        (send,) = labels(said)
        press = self.connector.press(person, said, send, choice=",".join(numbers))
        await self._tell(press | numbered(id_), where[said.conversation])

    async def _hear(self, person: str, room: str, text: str, id_: str, press: Call | None = None) -> None:
        assert press is None
        where = await self._conversation(room)
        self.names.full(person)
        await self._tell(self.connector.activity(person, text, where, id_=id_), room)

    async def move(self, person: str, room: str, *, joined: bool, id_: str = "") -> None:
        key = self.room(room, person)
        where = await self._conversation(key)
        self._played.move(key, person, joined=joined)
        self.names.full(person)
        await self._tell(self.connector.moved(person, where, joined=joined) | numbered(id_), key)

    def change(self, room: str, how: str, person: str = "") -> None:
        if how in UNPLAYABLE:
            raise Unplayable(how)
        super().change(room, how, person)

    async def _tell(self, activity: Raw, key: str) -> None:
        """Let Teams tell it, with the room as it is now; wait until all that followed is said."""
        await self.open()
        self._people(key)
        status = await self.connector.tell(activity, token="")
        assert status == 200, status
        await self.house.settle()
        self.house.ring()
        await self.house.settle()

    async def travel(self, to: datetime) -> None:
        if (
            not self.connector.asked and not self.connector.said
        ):  # somebody installs the bot: Teams is where it says it is
            await self.open()
            self.names.full("cor")
            added = self.connector.activity("cor", type="conversationUpdate", membersAdded=[BOT])
            assert await self.connector.tell(added, token="") == 200
        await super().travel(to)

    # ── rooms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _conversation(self, key: str) -> str:
        person = rooms.person_of(key)
        if person is not None:
            self.names.full(person)
            return self.connector.chat_of(person)
        await self.linked(key)
        return f"19:{key}@thread.v2"

    async def linked(self, key: str) -> None:
        """A group chat for this room, in which a coordinator has said what it is and the bot was put."""
        conversation = f"19:{key}@thread.v2"
        self._people(key)
        if self.house.place_of(key) is None:
            await self.open()
            await self.house.remember_place(key, f"teams:{conversation}")
            self.connector.kinds[conversation] = "groupChat"
            added = self.connector.activity("cor", "", conversation, type="conversationUpdate", membersAdded=[BOT])
            assert await self.connector.tell(added, token="") == 200

    def _people(self, key: str) -> None:
        """The roster of a room is as it is played."""
        if rooms.person_of(key) is not None:
            return
        facts = self._facts(key)
        for name in facts.members:
            self.names.full(name)
        guest = {"userRole": "guest"} if facts.guests else {}
        self.connector.rosters[f"19:{key}@thread.v2"] = [member(name, **guest) for name in sorted(facts.members)]

    # ── what was said ────────────────────────────────────────────────────────────────────────────────────────────────────

    def post_of(self, said: Said) -> Post | None:
        """What stands in an activity, as a post; None for one that only closes a card."""
        key = self.key_of(said)
        status = self.house.mark(f"teams/status/{self.names.full_key(key)}") or ""
        is_status = status.endswith(f" {said.id}")
        if said.changes and not is_status:
            return None
        text = plain(said.activity["text"])
        typed = {title: line(said, title) for title in labels(said)}
        poll = (
            PostedPoll(tuple((title, "", Call(command="vote")) for title in choices(said))) if choices(said) else None
        )
        return Post(
            id=said.id,
            room=key,
            plain=NOTE.sub("", text),
            file=file_of(note["name"]) if (note := NOTE.search(text)) else None,
            html=said.activity["text"],
            buttons=() if poll or fields(said, "compact") else tuple(typed.items()),
            poll=poll,
            status=is_status,
        )

    def key_of(self, said: Said) -> str:
        """The key of the room where it was said."""
        personal = {self.connector.chat_of(name): rooms.direct(name) for name in self.names.short.values()}
        return personal.get(said.conversation) or said.conversation.removeprefix("19:").removesuffix("@thread.v2")


class Unplayable(Exception):  # noqa: N818 - said of a conversation
    """Something happens in this conversation that there is not in Teams."""


@dataclass
class TeamsPlayer(Player):
    """Plays the lines of a conversation in Teams."""

    connector: FakeConnector = field(default_factory=lambda: FakeConnector(FakeIdp()))

    def _begun(self, at: datetime) -> Stage:
        edition = self.edition.model_copy(update={"coordinators": self.scene.coordinators})
        setup = Setup(self.folder, self.commands, [edition], self.scene.people, secret=lambda: LOTTERY)
        already = (*enrolled(self.scene.signed_up, edition, at), *grouped(self.scene.groups, edition))
        stage = TeamsStage(setup, SetClock(at), self.connector, already)
        stage.begin()
        return stage


def numbered(id_: str) -> Raw:
    """The id that an activity is to have, if it is to have one of its own."""
    return {"id": id_} if id_ else {}


def labels(said: Said) -> list[str]:
    return [action["title"] for action in actions_of(said.activity)]


def line(said: Said, title: str) -> str:
    action = next(it for it in actions_of(said.activity) if it["title"] == title)
    return str(action["data"]["kring"].get("line", ""))


def offered(said: Said) -> File | None:
    """The file that is offered, when it is an offer of one."""
    names = [it["name"] for it in said.activity.get("attachments", []) if it["contentType"] == CONSENT]
    return file_of(names[0]) if names else None


def file_of(name: str) -> File:
    return File(name=name, mime="", content=b"")


def choices(said: Said) -> list[str]:
    """What there is to choose in a poll."""
    return [choice["title"] for part in fields(said, "expanded") for choice in part["choices"]]


def fields(said: Said, style: str) -> list[Raw]:
    """The lists to choose from that look like this: `expanded` in a poll, `compact` where something is put in order."""
    cards = [it["content"].get("body", []) for it in said.activity.get("attachments", [])]
    return [part for body in cards for part in body if part.get("style") == style]


def plain(markup: str) -> str:
    """Our HTML as the text that it was made of."""
    text = re.sub(r"^(?:<at>[^<]*</at> )+", "", markup)
    text = re.sub(r"</?strong>", "**", text.replace("<br/>", "\n"))
    text = re.sub(r"</?code>", "`", text)
    text = re.sub(r"</li></ul>(?=.)", "</li></ul>\n", text, flags=re.DOTALL)
    text = re.sub(r"(?<=.)<ul>", "\n<ul>", text, flags=re.DOTALL)
    text = text.replace("</li><li>", "\n- ").replace("<ul><li>", "- ").replace("</li></ul>", "")
    return unescape(text)
