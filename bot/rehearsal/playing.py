"""Playing an edition through: time goes to the next thing of the bell or of the crowd, and everything is kept for the report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path

from bot.app import Setup
from bot.chat import Heard, Post
from bot.clock import SetClock, free_days
from bot.command import Commands
from bot.console import Stage
from bot.context import State
from bot.health import Metrics
from bot.intervision.sessions import PREFIX, session_in
from bot.rehearsal.chasing import was_done
from bot.rehearsal.performing import perform, standing
from bot.rehearsal.record import Cause, Chased, Message, Rehearsal, Spoken
from programme import nudges, rooms
from programme.crowd import Act, Crowd, Temperament
from programme.edition import Edition
from programme.exchange import Exchange
from programme.intervision.session import Session
from programme.people import Person
from programme.records import Group, Round
from storage.letters import Rung

AFTERWARDS = timedelta(days=14)
"""So long after its last day an edition is played: for reminders that come late, and who answers them."""

ACTED = "rehearsal/"
"""How the ids begin of what people do, and so of the letters that come of it; the others come of the clock."""


def opened(folder: Path, commands: Commands, edition: Edition, people: Sequence[Person], seed: int) -> Stage:
    """A stage on which this edition has yet to begin. Its secrets come from the seed too, so the same seed plays the same."""
    numbers = count()

    def secret() -> str:
        return sha256(f"{seed}/{next(numbers)}".encode()).hexdigest()

    return Stage(Setup(folder, commands, [edition], people, secret=secret), SetClock(beginning(edition)))


def free_of(edition: Edition) -> frozenset[date]:
    """The days on which nobody works, in the years of an edition and the next."""
    years = {day.year for window in edition.windows.values() for day in (window.opens, window.closes)}
    return frozenset().union(*(free_days(year + more) for year in years for more in (0, 1)))


def beginning(edition: Edition) -> datetime:
    """A day before anything happens (aware)."""
    first = [nudge.at for nudge in nudges.of_edition(edition, Round(id=edition.id), free_of(edition))]
    return min([edition.windows["signup"].begins(edition.zone), *first]) - timedelta(days=1)


def ending(edition: Edition) -> datetime:
    """When everything has happened (aware), the sessions of its groups included once those are made."""
    last = [window.ends(edition.zone) for window in edition.windows.values()]
    last += [meeting.span(edition.zone).end for meeting in edition.meetings]
    if edition.intervision is not None and edition.intervision.until is not None:
        last.append(datetime.combine(edition.intervision.until, time(), edition.zone))
    return max(last) + AFTERWARDS


async def rehearse(
    stage: Stage, edition: Edition, people: Sequence[Person], seed: int, like: Mapping[str, Temperament] | None = None
) -> Rehearsal:
    """Play this edition with these people (coordinators among them) to its end, on a stage that has begun (see `opened`).

    `like` says what somebody is like where the seed must not.
    """
    crowd = Crowd(seed, people, free_of(edition), like or {})
    play = _Play(stage, Rehearsal(edition, seed, people), crowd)
    await play.to_the_end()
    play.rehearsal.end = standing(stage, edition.id)[0]
    play.rehearsal.sessions = {it.id: it for it in stage.house.store[Session].find("edition", edition.id)}
    play.rehearsal.faults = _count(stage.house.metrics)
    return play.rehearsal


def _count(metrics: Metrics) -> int:
    """How many bugs were met and survived."""
    samples = [sample for metric in metrics.faults.collect() for sample in metric.samples]
    return sum(int(sample.value) for sample in samples if sample.name.endswith("_total"))


@dataclass
class _Play:
    """One run: what is played, and what has been noted."""

    stage: Stage
    rehearsal: Rehearsal
    crowd: Crowd
    _numbers: "count[int]" = field(default_factory=count)
    _rung: set[str] = field(default_factory=set)
    _labels: dict[tuple[str, str], str] = field(default_factory=dict)
    """By room and by what typing it looks like: what stands on a button there. Pressing is typing."""
    _there: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By room, who is in it now; looked up once for what is said at one moment."""

    async def to_the_end(self) -> None:
        """Let the bell ring and people act, each at its time, until there is nothing left or the time is over."""
        while True:
            before, ballots, hall = standing(self.stage, self.rehearsal.edition.id)
            act = next(iter(self.crowd.acts(before, ballots, hall)), None)
            rings, until = self.stage.house.bell.next_at(), ending(before.edition)
            if act is not None and (rings is None or act.at < rings) and act.at <= until:
                await self._do(act)
            elif rings is not None and rings <= until:
                await self._ring(rings)
            else:
                return
            self.rehearsal.chased.extend(self._chased(before))

    async def _do(self, act: Act) -> None:
        self.stage.clock.set(max(act.at, self.stage.clock.now()))
        await perform(self.stage, act, f"{ACTED}{next(self._numbers)}", partial(self._note, act))
        self.crowd.done(act)

    def _note(self, act: Act, heard: Heard) -> None:
        """Keep what somebody did, and what the bot said to whom on it."""
        self._there.clear()
        answers = {heard.room, rooms.direct(heard.person)}
        posts = sorted(self._fetched(), key=lambda post: post.room not in answers)
        on_their_platform = bool(act.votes or act.says)  # who votes sees it there, and who talks is heard by the others
        answered = on_their_platform or any(post.room in answers and post.id.startswith(ACTED) for post in posts)
        label = self._labels.get((heard.room, heard.text))
        pressed = heard.press is not None or label is not None
        there, session = self._members(heard.room), act.session or self._session_in(heard.room)
        self.rehearsal.said.append(
            Spoken(heard.at, heard.room, heard.person, label or heard.text, pressed, answered, there, session)
        )
        for post in posts:
            on_it: Cause = "answer" if post.room in answers else "passed on"
            acted = post.id.startswith(ACTED)
            self._keep(post, on_it if acted else "reminder", session if acted else self._session_of(post))

    def _session_in(self, room: str) -> str:
        """Id of the session that goes on in a room, or nothing."""
        session = session_in(State(self.stage.house.store), room)
        return session.id if session is not None else ""

    def _session_of(self, post: Post) -> str:
        """Id of the session that said this by itself, or nothing: what it says has an id that begins with its own."""
        id_ = "/".join(post.id.split("/")[:3])
        return id_ if id_ in self.stage.house.store[Session] else ""

    async def _ring(self, at: datetime) -> None:
        self.stage.clock.set(max(at, self.stage.clock.now()))
        self.stage.house.ring()
        await self.stage.house.settle()
        self._there.clear()
        for post in self._fetched():
            self._keep(post, "reminder", self._session_of(post))

    def _fetched(self) -> list[Post]:
        """What was said, room by room: beside each other rooms have no order, within one they do."""
        return sorted(self.stage.console.fetch(), key=lambda post: post.room)

    def _keep(self, post: Post, cause: Cause, session: str) -> None:
        """Keep what the bot said; not how a session stands now where that only takes the place of how it stood."""
        if session and post.status and post.edits is not None:
            return
        self._labels.update({(post.room, written): label for label, written in post.buttons if written != label})
        self.rehearsal.said.append(
            Message(
                at=self.stage.clock.now(),
                room=post.room,
                person=rooms.person_of(post.room) or "",
                text=post.plain,
                buttons=tuple(label for label, _written in post.buttons),
                choices=tuple(label for label, _written, _call in post.poll.choices) if post.poll else (),
                file=post.file.name if post.file else "",
                cause=cause,
                wake=post.wake,
                members=self._members(post.room),
                session=session,
            )
        )

    def _members(self, room: str) -> tuple[str, ...]:
        """Who is in a room of more people now; nobody for a direct chat, which has its person in its key."""
        if rooms.person_of(room) is not None:
            return ()
        if (group := self.stage.house.store[Group].get(room.removeprefix(PREFIX))) is not None:
            return tuple(sorted(group.members))  # most is said in these, so the list of all rooms is spared
        if room not in self._there:
            self._there.update({wish.key: tuple(sorted(wish.members)) for wish in self.stage.rooms()})
        return self._there.get(room, ())

    def _chased(self, before: Exchange) -> Iterator[Chased]:
        """Whom the reminders that just rang reached in vain: it was done already."""
        table = self.stage.house.store[Rung]
        if len(table) == len(self._rung):
            return
        now, by_key = self.stage.clock.now(), {it.key: it for it in before.edition.reminders}
        for rung in table.find("edition", before.edition.id):
            if rung.id in self._rung:
                continue
            self._rung.add(rung.id)
            reminder = by_key.get(rung.id.split("/")[1])
            for person in rung.people if reminder is not None else ():
                if reminder is not None and was_done(reminder, rung.id, person, before):
                    yield Chased(now, person, reminder.key)
