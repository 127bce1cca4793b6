"""Saying a letter in Teams: at most once, and never silently lost.

Before a part leaves, a mark of the room says which one is on its way. A request that certainly failed puts the mark back and is
tried again; one of which nobody knows leaves the mark, also after a crash: then the part is not said again, and the letter is
`Doubtful`. Changing a known activity in place may be repeated, so it is.
"""

from dataclasses import dataclass, replace
from html import escape

from bot.chat import Doubtful, Later, Port, Post, Undeliverable
from bot.teams.activities import Raw
from bot.teams.addresses import conversation, without_thread
from bot.teams.connector import Connector
from bot.teams.files import Files
from bot.teams.letters import activities, closed, mentionable
from bot.teams.references import Reference, References
from bot.teams.rosters import Rosters
from bot.teams.said import Said
from bot.teams.wording import SEND, Wording, only_in_chat
from programme.rooms import person_of


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a post goes."""

    post: Post
    place: str
    at: Reference

    @property
    def conversation(self) -> str:
        return conversation(self.place)


@dataclass(frozen=True)
class Sending:
    """Says letters. One at a time per room: the postman sees to that."""

    house: Port
    connector: Connector
    references: References
    rosters: Rosters
    said: Said
    files: Files
    wording: Wording

    async def post(self, post: Post, place: str) -> None:
        """Say the letter there. Raises `Undeliverable`, `Later`, `Doubtful`."""
        at = self.references.of(post.room, place)
        if at is None:
            raise Undeliverable("unknown")
        way = _Way(post, place, at)
        if post.status and await self._changed(way):
            return
        await self._say(way)
        if post.ends is not None:
            await self._end_poll(way, post.ends)

    async def _say(self, way: _Way) -> None:
        """Say all parts that were not said yet; a part in doubt does not keep the others."""
        post = way.post
        if post.poll is not None and self.said.kept_poll(post.id) is None:
            await self.said.keep_poll(post, post.poll, way.place)
        doubts = False
        for number, activity in enumerate(await self._activities(way)):
            try:
                id_ = await self._once(way, number, activity)
            except Doubtful:
                doubts = True
            else:
                await self._note(way, id_)
        if doubts:
            raise Doubtful

    async def _once(self, way: _Way, number: int, activity: Raw) -> str:
        """Say this part, unless that was begun before; gives the id of its activity, empty when it was said earlier."""
        mark = f"teams/way/{way.post.room}"
        letter, _space, reached = (self.house.mark(mark) or "").rpartition(" ")
        begun = int(reached) if letter == way.post.id else -1
        if begun > number:
            return ""
        if begun == number:
            raise Doubtful
        if not way.post.useful():
            raise Undeliverable("too_late")

        async def leaving() -> None:
            await self.house.remember_mark(mark, f"{way.post.id} {number}")

        try:
            return await self.connector.say(way.at, way.conversation, activity, leaving)
        except (Later, Undeliverable):
            await self.house.remember_mark(mark, f"{way.post.id} {number - 1}")
            raise

    async def _activities(self, way: _Way) -> list[Raw]:
        """What says the post, in its order: the text with what belongs to it, then its file."""
        post, room = way.post, way.post.room
        file = post.file
        if file is not None and way.at.kind != "personal":
            note = escape(self.wording(only_in_chat(file.name), room))
            post, file = replace(post, html=f"{post.html}<br>{note}" if post.html else note), None
        said = activities(post, self.wording(SEND, room), await self._names(way)) if post.html or file is None else []
        return said if file is None else [*said, self.files.offered(post, file, way.place)]

    async def _names(self, way: _Way) -> dict[str, str]:
        """The names of those who are addressed and there, in a room of more people."""
        if not way.post.mentions or person_of(way.post.room) is not None:
            return {}
        try:
            roster = await self.rosters.roster(way.at, without_thread(way.conversation))
        except (Later, Undeliverable):
            return {}  # it goes out without calling anybody
        return {person: roster.names[person] for person in mentionable(way.post, roster.names)}

    async def _note(self, way: _Way, id_: str) -> None:
        """Remember what is looked up later."""
        if not id_:
            return
        self.said.note(way.place, id_, way.post.id)
        self.files.note(way.post.id, id_)
        if way.post.status:
            await self.said.keep_status(way.post.room, way.post.edits or way.post.id, id_)
        if way.post.poll is not None:
            await self.said.keep_poll(way.post, way.post.poll, way.place, id_)

    async def _changed(self, way: _Way) -> bool:
        """Whether the status text that is there could be changed in place."""
        letter, activity = self.said.status(way.post.room)
        if not activity or letter != way.post.edits:
            return False
        (*_more, last) = await self._activities(way)
        return await self._put(way, activity, last)

    async def _put(self, way: _Way, activity_id: str, activity: Raw) -> bool:
        """Whether the activity is there and says this now."""
        try:
            await self.connector.change(way.at, way.conversation, activity_id, activity)
        except Undeliverable as fault:
            if fault.reason != "left":
                raise
            return False
        return True

    async def _end_poll(self, way: _Way, letter: str) -> None:
        """Put the outcome in the place of the card, so that nobody goes on choosing."""
        poll = self.said.kept_poll(letter)
        if poll is None:
            return
        if poll.activity:
            await self._put(_Way(way.post, poll.place, way.at), poll.activity, closed(way.post))
        await self.said.end_poll(letter)
