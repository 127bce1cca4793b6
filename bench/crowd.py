"""The crowd that the bot is measured with: five hundred people who take part in an exchange, each with a place."""

from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import commands
from bot.app import House, Setup
from bot.clock import SetClock
from bot.command import find
from bot.transcript import enrolled
from programme.edition import Edition, parse, shifted
from programme.people import Person

SIZE = 500
SERVER = "fake.test"
COORDINATOR = f"@coordinator:{SERVER}"
SECTORS = ("rijk", "gemeente", "zorg", "onderwijs", "veiligheid")
EDITION = resources.files("programme").joinpath("editions", "secretariswissel-2026.toml")


def member(number: int) -> str:
    """The full id of a participant, who also offers the place with this number (from 1)."""
    return f"@p{number}:{SERVER}"


def edition(now: datetime) -> Edition:
    """SecretarisWissel, moved by whole weeks so that people give their preferences at `now` (aware)."""
    written = parse(EDITION.read_text(encoding="utf-8"))
    open_for = now.date() - written.windows["preferences"].opens - timedelta(days=7)
    return shifted(written, round(open_for.days / 7)).model_copy(update={"coordinators": (COORDINATOR,)})


def people(size: int = SIZE) -> list[Person]:
    """Who takes part: an organisation each, sectors in turn."""
    return [
        Person(
            id=member(number),
            name=f"Secretaris {number}",
            language="nl",
            organisation=f"Organisatie {number}",
            sector=SECTORS[number % len(SECTORS)],
        )
        for number in range(1, size + 1)
    ]


def gathered(folder: Path, clock: SetClock, size: int = SIZE) -> House:
    """Open a house on a new store in `folder` that knows the crowd. `clock` tells when."""
    ours, here = edition(clock.now()), people(size)
    house = House(Setup(folder, find(commands), [ours], here, clock=clock))
    house.keep(enrolled(here, ours, clock.now()))
    return house
