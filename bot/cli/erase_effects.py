"""Whom an erasure touches beside the person: what is said of it before, and what the coordinators hear after."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic_core import to_json

from bot.cli.words import say
from bot.traces import known
from programme import rooms
from programme.text import Call, _
from storage.letters import Letter
from storage.snapshot import Shelves
from storage.table import Shelf

LETTERS = "letters"


def told_beforehand(person: str, store: Shelves) -> Iterator[str]:
    """What somebody is in the middle of, and the kinder way; nothing for who takes part in nothing now."""
    editions = taking_part(person, store)
    if not editions:
        return
    named = ", ".join(editions)
    yield say(nl=f"Doet mee aan {named}.", en=f"Takes part in {named}.")
    if others := list(_lose_a_match(person, store)):
        listed = ", ".join(others)
        yield say(nl=f"Een match verliezen: {listed}.", en=f"Lose a match: {listed}.")
    if groups := [it["id"] for it in _documents(store, "groups") if person in it["members"]]:
        listed = ", ".join(groups)
        yield say(nl=f"Zit in intervisiegroep {listed}.", en=f"Is in intervision group {listed}.")
    yield say(
        nl="Laat deze persoon liever eerst zelf stoppen, met !terugtrekken: dan horen de anderen het meteen. Wis je nu, dan hoort de coördinator het "
        "zodra de bot weer draait, en zoekt de bot dan zelf naar een nieuwe match voor de anderen.",
        en="Rather let this person leave first, with !withdraw: then the others hear it at once. If you erase now, the coordinator hears it when "
        "the bot runs again, and the bot then looks for another match for the others.",
    )


def taking_part(person: str, store: Shelves) -> tuple[str, ...]:
    """The ids of the editions in which this person takes part or waits."""
    parts = (it for it in _documents(store, "participants") if it["person"] == person and it["state"] != "withdrawn")
    return tuple(str(it["edition"]) for it in parts)


def tell_desks(editions: Sequence[str], store: Shelves, pseudonym: str) -> None:
    """Put a letter to each desk among the documents: it goes out when the bot starts. Nobody is named in it."""
    letters = store.setdefault(LETTERS, Shelf(LETTERS))
    last = max((int(letters.document(key)["number"]) for key in letters), default=0)
    for number, edition in enumerate(editions, last + 1):
        text = _(
            "A participant asked to be forgotten, and has been erased. In lists it says {name} now. See who has no place with {how}.",
            name=pseudonym,
            how=Call(command="state"),
        )
        letter = Letter(
            id=f"erased/{pseudonym}/{edition}",
            number=number,
            room=rooms.desk(edition),
            text=text,
            wake=True,
            edition=edition,
        )
        letters.load(letter.id, to_json(letter))


def _lose_a_match(person: str, store: Shelves) -> Iterator[str]:
    """Who was to visit this person, or to be visited, and has not been."""
    names = known([store])
    for visit in _documents(store, "visits"):
        if person in (visit["guest"], visit["host"]) and (visit.get("end") or {}).get("how") != "done":
            other = str(visit["host"] if visit["guest"] == person else visit["guest"])
            yield names.get(other) or other


def _documents(store: Shelves, table: str) -> Iterator[dict[str, Any]]:
    shelf = store.get(table, Shelf(table))
    return (shelf.document(key) for key in shelf)
