"""Names for people who do not exist. Nobody can take them for real: they live in places that are not on the map."""

from collections.abc import Sequence

from programme.crowd.chance import pick, shuffled
from programme.edition import Edition
from programme.people import Person

COORDINATOR = Person(id="cor", name="Cor Dinator", language="nl", organisation="Programmabureau Nergens")
FIRST = (
    "Anna", "Bram", "Carla", "Daan", "Eva", "Farid", "Grace", "Hugo", "Ilse", "Joost", "Karin", "Lotte", "Mehmet", "Nora",
    "Otto", "Petra", "Quinten", "Rachid", "Sanne", "Teun", "Ursula", "Victor", "Wendy", "Xander", "Yara", "Zeno",
)  # fmt: skip
LAST = (
    "Verzonnen",
    "Voorbeeld",
    "Bedacht",
    "Denkbeeld",
    "Zogenaamd",
    "Fabel",
    "Sprookje",
    "Schijn",
    "Proef",
    "Nepstra",
)
"""What they are called says what they are."""
TOWNS = (
    "Nergenshuizen", "Verweggen", "Schijndorp", "Fabelstad", "Droomeren", "Nieuw-Nergens", "Verzonk", "Oud-Bedacht",
)  # fmt: skip
ORGANISATIONS = {
    "rijk": "Rijksdienst voor {town}",
    "gemeente": "Gemeente {town}",
    "provincie of waterschap": "Waterschap {town}",
    "zorg": "Ziekenhuis {town}",
    "onderwijs": "Hogeschool {town}",
    "veiligheid": "Veiligheidsregio {town}",
    "toezicht": "Inspectie {town}",
}
"""By sector what an organisation is called there."""
ENGLISH_SPEAKERS = 10
"""One in so many reads English."""


def made_up(count: int, seed: int, edition: Edition) -> list[Person]:
    """So many people (at least 0) for this edition, each with an organisation of their own; the coordinator not among them."""
    sectors = _sectors(edition)
    towns = shuffled(seed, "", "towns", [(town, sector) for town in TOWNS for sector in sectors])
    return [_person(number, seed, *towns[number % len(towns)], number // len(towns)) for number in range(count)]


def _sectors(edition: Edition) -> Sequence[str]:
    choices = next((q.choices for q in edition.form if q.key == "sector"), ())
    return [choice.nl for choice in choices] or list(ORGANISATIONS)


def _person(number: int, seed: int, town: str, sector: str, again: int) -> Person:
    first, round_ = FIRST[number % len(FIRST)], number // len(FIRST)
    name = ORGANISATIONS.get(sector, "Bureau {town}").format(town=town)
    return Person(
        id=f"{first.lower()}{round_ + 1 if round_ else ''}",
        name=f"{first} {pick(seed, str(number), 'name', LAST)}",
        language="en" if number % ENGLISH_SPEAKERS == ENGLISH_SPEAKERS - 4 else "nl",
        organisation=f"{name} {again + 1}" if again else name,
        sector=sector,
        region=town,
    )
