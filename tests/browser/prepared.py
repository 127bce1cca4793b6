"""What `kring try --store` finds when it goes on with an earlier play: written by the real house, on a fixed day."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import commands
from bot.app import Setup
from bot.clock import SetClock
from bot.command import find
from bot.files import read_people, sample_edition
from bot.local.play import Play
from bot.sample import taking_part
from bot.transcript import LOTTERY, ZONE, grouped
from programme.model import Model
from programme.people import Person

BEGIN = datetime(2026, 7, 6, 9, 30, tzinfo=ZONE)
"""A Monday; sign-up of the sample has been open for two weeks."""
PREFERENCES = datetime(2026, 10, 1, 9, 30, tzinfo=ZONE)
"""A day on which preferences can be given."""
MATCHING = datetime(2026, 10, 19, 9, 30, tzinfo=ZONE)
"""A day on which they can be given no more."""


async def prepare(
    folder: Path,
    *,
    at: datetime = BEGIN,
    people: Sequence[Person] = (),
    groups: Sequence[tuple[str, ...]] = (),
    then: Callable[[Play], Awaitable[None]] | None = None,
) -> None:
    """Leave a play behind in this folder: the sample, with all but the first taking part, and these groups; played until `at` (aware).

    `people` are there beside those of the sample; `then` is what was played after that.
    """
    crowd, coordinators = read_people(None)
    edition = sample_edition(BEGIN.date(), coordinators)
    already: Iterable[Model] = taking_part([it for it in crowd if it.id not in coordinators], edition, BEGIN)
    setup = Setup(folder / "state", find(commands), [edition], [*crowd, *people], secret=lambda: LOTTERY)
    file = folder / "page" / "history.json"
    play = Play(setup, SetClock(BEGIN), (*already, *grouped(groups, edition)), file=file, past=None)
    try:
        await play.open()
        await play.travel(at)
        if then is not None:
            await then(play)
        await play.save()
    finally:
        await play.end()
