"""What was said in a played chat: each message with its played moment, and what became of it.

A message that changes another, ends a poll or is said twice does here what a chat platform does with it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.chat import Post, PostedPoll
from programme.model import Model
from programme.text import Call
from storage.letters import File


class Shortcut(Model):
    """A button: what stands on it, and what typing it looks like."""

    label: str
    typed: str


class Choice(Model):
    """One choice of a poll, and the call that choosing it makes."""

    label: str
    call: Call


class Vote(Model):
    """A poll in a message."""

    choices: tuple[Choice, ...]
    most: int = 1
    none: Call | None = None
    over: bool = False

    def posted(self) -> PostedPoll:
        """The poll as a platform knows it."""
        return PostedPoll(tuple((it.label, "", it.call) for it in self.choices), self.most, self.none)


class Entry(Model):
    """One message, as it stands now."""

    number: int
    """Counted from 1 over all rooms; a later message has a higher one."""
    id: str
    """Id of the letter, or of what was heard."""
    room: str
    """Key of the room."""
    by: str = ""
    """Full id of who said it; empty for the bot."""
    at: datetime
    """The played moment (aware)."""
    text: str
    html: str = ""
    """The bot's own marks; empty for what a person said."""
    buttons: tuple[Shortcut, ...] = ()
    vote: Vote | None = None
    file: File | None = None
    status: bool = False
    """The status text of its room."""
    wake: bool = False
    mentions: tuple[str, ...] = ()
    edited: datetime | None = None
    """When it was last changed in place (played moment)."""
    kept: bool = True
    """False: what people wrote for each other. Shown, and never written to disk."""

    def unsaid(self) -> "Entry":
        """The same without its body: what may be on disk of a message that is not to be kept."""
        return self.model_copy(update={"text": "", "html": "", "buttons": (), "vote": None, "file": None})

    def shown(self) -> dict[str, Any]:
        """What the page gets to know of it: all but the calls, which it never needs."""
        row = self.model_dump(mode="json", exclude={"vote", "kept"})
        vote = self.vote
        poll = vote and {"choices": [it.label for it in vote.choices], "most": vote.most, "over": vote.over}
        return {**row, "vote": poll, "lost": not (self.kept or self.text)}


class Record:
    """All that was said, in order."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = {entry.number: entry for entry in entries}
        self._numbers = {entry.id: entry.number for entry in self._entries.values()}
        self._last = max(self._entries, default=0)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._numbers

    def all(self) -> Sequence[Entry]:
        """Every message as it stands now, oldest first."""
        return list(self._entries.values())

    def get(self, number: int) -> Entry | None:
        """The message with this number."""
        return self._entries.get(number)

    def heard(self, id_: str, room: str, by: str, at: datetime, text: str, *, kept: bool) -> Entry:
        """Note what a person said."""
        return self._put(Entry(number=self._next(), id=id_, room=room, by=by, at=at, text=text, kept=kept))

    def posted(self, post: Post, at: datetime, *, kept: bool) -> list[Entry]:
        """Note what the bot said; gives the messages that are new or different by it. The same letter twice is one message."""
        if post.id in self._numbers:
            return []
        over = self._ended(post)
        known = self._numbers.get(post.edits or "")
        if known is None:
            return [*over, self._put(_entry(self._next(), post, at, kept=kept))]
        self._numbers[post.id] = known
        former = self._entries[known]
        update = {"id": former.id, "at": former.at, "edited": at}
        return [*over, self._put(_entry(known, post, at, kept=kept and former.kept).model_copy(update=update))]

    def _ended(self, post: Post) -> list[Entry]:
        ended = self._entries.get(self._numbers.get(post.ends or "", 0))
        if ended is None or ended.vote is None:
            return []
        return [self._put(ended.model_copy(update={"vote": ended.vote.model_copy(update={"over": True})}))]

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _put(self, entry: Entry) -> Entry:
        self._entries[entry.number] = entry
        self._numbers[entry.id] = entry.number
        return entry


def _entry(number: int, post: Post, at: datetime, *, kept: bool) -> Entry:
    choices = post.poll and tuple(Choice(label=label, call=call) for label, _typed, call in post.poll.choices)
    return Entry(
        number=number,
        id=post.id,
        room=post.room,
        at=at,
        text=post.plain,
        html=post.html,
        buttons=tuple(Shortcut(label=label, typed=typed) for label, typed in post.buttons),
        vote=Vote(choices=choices or (), most=post.poll.most, none=post.poll.none) if post.poll else None,
        file=post.file,
        status=post.status,
        wake=post.wake,
        mentions=post.mentions,
        kept=kept,
    )
