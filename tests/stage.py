"""A played house for tests: the real house and its store on a temporary folder, with a console for a platform."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path

import commands
from bot.app import Setup
from bot.chat import Heard, Post, RoomFacts
from bot.clock import SetClock
from bot.command import Commands, find
from bot.console import Stage
from bot.transcript import LOTTERY, ZONE, enrolled, read_scene
from programme import rooms
from programme.edition import Edition, parse
from programme.model import Model
from programme.people import Person
from programme.records import Experience, Group, Participant, Place, Round, Visit
from storage.letters import Audit, Pending

FOUR = "anna (AFM, rijk), bram (CBG, zorg), carla (CAOP, onderwijs), dirk (DUO, onderwijs), zoe, coordinator: cor"
"""Four who take part, with the places 1 to 4; a stranger; a coordinator."""
SUBJECT: tuple[type[Model], ...] = (
    Edition,
    Person,
    Participant,
    Place,
    Round,
    Visit,
    Group,
    Experience,
    Audit,
    Pending,
)
"""What a refused message leaves as it was. Letters, open questions and handled events are the bot's own."""


@cache
def all_commands() -> Commands:
    return find(commands)


@cache
def edition() -> Edition:
    file = resources.files("programme").joinpath("editions", "secretariswissel-2026.toml")
    return parse(file.read_text(encoding="utf-8"))


def local(written: str) -> datetime:
    """A moment as the clock in Amsterdam shows it: "2026-07-10 23:59" or with seconds."""
    return datetime.fromisoformat(written).replace(tzinfo=ZONE)


@asynccontextmanager
async def playing(
    folder: Path,
    at: str,
    people: str = FOUR,
    *,
    words: Commands | None = None,
    editions: Sequence[Edition] | None = None,
    already: Sequence[Model] = (),
    ticks: Callable[[], float] = lambda: 0.0,
) -> AsyncIterator[Stage]:
    """A house that is open from this moment, with these people in its (first) edition."""
    scene, began = read_scene(people), local(at)
    current = [it.model_copy(update={"coordinators": scene.coordinators}) for it in editions or [edition()]]
    setup = Setup(folder / "state", words or all_commands(), current, scene.people, secret=lambda: LOTTERY, ticks=ticks)
    stage = Stage(setup, SetClock(began), already=(*enrolled(scene.signed_up, current[0], began), *already))
    stage.begin()
    try:
        yield stage
    finally:
        await stage.end()


async def say(stage: Stage, person: str, text: str, room: str = "") -> list[Post]:
    """Let somebody say something; gives what the bot said to it."""
    stage.console.fetch()
    await stage.speak(person, text, room)
    return stage.console.fetch()


async def matched(stage: Stage) -> None:
    """Close preferences, match and publish, as a coordinator does."""
    await stage.travel(local("2026-09-07 10:00"))
    await stage.speak("cor", "!match voorstel")
    await stage.speak("cor", f"!match publiceer {len(proposal_of(stage))}")
    await stage.travel(local("2026-09-07 10:10"))
    stage.console.fetch()


def proposal_of(stage: Stage) -> dict[str, int]:
    """Who would go where, by the newest proposal."""
    (round_,) = stage.house.store[Round].values()
    return dict(round_.proposal.match) if round_.proposal else {}


def heard(stage: Stage, person: str, text: str, *, id_: str, at: datetime | None = None, name: str = "") -> Heard:
    """Something said in the direct chat, with an id and an origin of its own."""
    room = rooms.direct(person)
    return Heard(id_, person, room, room, text, at or stage.clock.now(), name or person.capitalize(), RoomFacts())


def kept(stage: Stage) -> dict[tuple[str, str], Model]:
    """All records of the subject, to compare before and after."""
    return {
        (model.__name__, str(getattr(record, "id", ""))): record
        for model in SUBJECT
        for record in stage.house.store[model].values()
    }


def plain(posts: Iterable[Post], room: str = "") -> str:
    """What was said, in one room or all, one post under the other."""
    return "\n".join(post.plain for post in posts if room in ("", post.room))


def to(person: str) -> str:
    """The key of somebody's direct chat."""
    return rooms.direct(person)
