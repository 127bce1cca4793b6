"""Names: what is shown of somebody tells them apart from their namesakes."""

from pathlib import Path

import pytest

from programme.people import Person, told_apart
from storage.unit import Unit
from tests.stage import playing, say

ANNA = Person(id="anna", name="Anna", organisation="AFM")


def jan(number: int, organisation: str = "") -> Person:
    return Person(id=f"jan{number}", name="Jan Jansen", organisation=organisation)


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ([ANNA, jan(1, "AFM")], {"anna": "Anna", "jan1": "Jan Jansen"}),
        ([jan(1, "AFM"), jan(2, "CBG")], {"jan1": "Jan Jansen (AFM)", "jan2": "Jan Jansen (CBG)"}),
        ([jan(1, "AFM"), jan(2, "AFM")], {"jan1": "Jan Jansen (jan1)", "jan2": "Jan Jansen (jan2)"}),
        ([jan(1, "AFM"), jan(2)], {"jan1": "Jan Jansen (AFM)", "jan2": "Jan Jansen (jan2)"}),
        ([Person(id="@x:example.nl")], {"@x:example.nl": "@x:example.nl"}),
        ([], {}),
    ],
)
def test_a_name_stands_alone_unless_somebody_else_has_it(people: list[Person], names: dict[str, str]) -> None:
    assert told_apart(people) == names


async def test_a_name_that_several_people_have_is_asked_after_with_who_is_who(tmp_path: Path) -> None:
    async with playing(tmp_path, "2026-09-07 10:00", "jan1 (AFM, rijk), jan2 (CBG, zorg), coordinator: cor") as stage:
        stage.house.store.commit(Unit([("people", it.id, it) for it in (jan(1, "AFM"), jan(2, "CBG"))]))
        (asked,) = await say(stage, "cor", "!match overleg jan", "desk")
    assert [label for label, _typed in asked.buttons] == ["Jan Jansen (AFM)", "Jan Jansen (CBG)"]
