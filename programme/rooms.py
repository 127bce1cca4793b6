"""Which rooms there should be: derived from the state, never kept beside it.

A room is known by its key: `direct/PERSON`, `cohort/EDITION`, `desk/EDITION`, `pair/EDITION/GUEST`,
`group/EDITION/NUMBER`; `space/EDITION` holds them together. The chat adapters make
reality agree with the wishes; nobody else makes a room.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from programme.model import Model
from programme.text import Call, Sayable, _, lines

if TYPE_CHECKING:
    from programme.edition import Edition
    from programme.exchange import Exchange
    from programme.records import Group


class RoomWish(Model):
    """One room as it should be.

    `members` are invited when they are not there, and `gone` are taken out when they are. Of whoever else is there the adapter
    says so where it matters, and takes nobody out. `powerful` may change the room, next to the bot.
    """

    key: str
    name: Sayable
    topic: Sayable
    language: str = "nl"
    members: frozenset[str] = frozenset()
    powerful: frozenset[str] = frozenset()
    pinned: Sayable | None = None
    encrypted: bool = True
    gone: frozenset[str] = frozenset()
    """Who has left the programme or the group, and must not read on."""
    archived: bool = False
    """It is over: who is there can read it and nobody can write. A room that was never made is not made for this."""
    speakers: frozenset[str] | None = None
    """Who alone may post now, next to the bot, for as long as a session has agreed on it; None: everybody."""
    space: bool = False
    """No room to talk in: what shows the rooms of its edition together, where the platform has such a thing."""


KINDS = frozenset({"cohort", "desk", "pair", "group", "space"})
"""The first word of the key of a room that belongs to an edition, which is the second."""


def direct(person: str) -> str:
    """The key of the direct chat with this person."""
    return f"direct/{person}"


def person_of(key: str) -> str | None:
    """Whose direct chat this is, or None for a room of more people."""
    return key.removeprefix("direct/") if key.startswith("direct/") else None


def cohort(edition: str) -> str:
    """The key of the room of everybody in an edition."""
    return f"cohort/{edition}"


def desk(edition: str) -> str:
    """The key of the room of the coordinators."""
    return f"desk/{edition}"


def space(edition: str) -> str:
    """The key of what shows the rooms of an edition together."""
    return f"space/{edition}"


def is_space(key: str) -> bool:
    """Whether this is the key of a space."""
    return key.startswith("space/")


def pair(edition: str, guest: str) -> str:
    """The key of the room of one visit: its guest and its host."""
    return f"pair/{edition}/{guest}"


def group(edition: str, number: int) -> str:
    """The key of the room of an intervision group."""
    return f"group/{edition}/{number}"


def edition_of(key: str) -> str | None:
    """The edition whose room this is; None for a direct chat or a room that is not ours."""
    kind, _slash, rest = key.partition("/")
    return rest.partition("/")[0] if kind in KINDS and rest else None


def wishes(exchanges: "Iterable[Exchange]", shown: Callable[[str], str]) -> list[RoomWish]:
    """The rooms that there should be. `shown` gives the name to show for a person's id."""
    return [wish for exchange in exchanges for wish in _of(exchange, shown)]


def _of(exchange: "Exchange", shown: Callable[[str], str]) -> Iterator[RoomWish]:
    edition, left = exchange.edition, exchange.left
    coordinators = frozenset(edition.coordinators)
    if coordinators:
        yield _desk(edition, coordinators)
    taking_part = frozenset(p.person for p in exchange.participants.values() if p.takes_part)
    if taking_part or coordinators:
        yield _cohort(edition, taking_part | coordinators, coordinators, left - coordinators)
    for visit in exchange.visits.values():
        yield RoomWish(
            key=pair(edition.id, visit.guest),
            name=_("{guest} visits {host}", guest=shown(visit.guest), host=shown(visit.host)),
            topic=_("Agree your visiting day here. {edition}.", edition=edition.name),
            language=edition.language,
            members=frozenset({visit.guest, visit.host}) - left,
            gone=left,
        )
    for it in exchange.groups.values():
        yield _group(exchange, it)
    if taking_part or coordinators:
        yield _space(edition, taking_part | coordinators, coordinators)


def _desk(edition: "Edition", coordinators: frozenset[str]) -> RoomWish:
    return RoomWish(
        key=desk(edition.id),
        name=_("Desk of {edition}", edition=edition.name),
        topic=_(
            "For the coordinators of {edition}: what asks for attention, and the commands to run it.",
            edition=edition.name,
        ),
        language=edition.language,
        members=coordinators,
        powerful=coordinators,
    )


def _group(exchange: "Exchange", it: "Group") -> RoomWish:
    """Its members alone: no coordinator looks in. Who has left the programme does not come back in."""
    edition = exchange.edition
    taking_part = {p.person for p in exchange.participants.values() if p.takes_part}
    return RoomWish(
        key=group(edition.id, it.number),
        name=_("Intervision group {number}, {edition}", number=it.number, edition=edition.name),
        topic=_("What is said here stays here. Read what you agreed with {how}.", how=Call(command="agreements")),
        language=edition.language,
        members=frozenset(it.members) & taking_part,
        gone=frozenset(exchange.participants) - (frozenset(it.members) & taking_part),
        pinned=edition.intervision.card if edition.intervision else None,
        archived=it.closed is not None,
    )


def _space(edition: "Edition", members: frozenset[str], coordinators: frozenset[str]) -> RoomWish:
    return RoomWish(
        key=space(edition.id),
        name=_("{edition}", edition=edition.name),
        topic=edition.purpose,
        language=edition.language,
        members=members,
        powerful=coordinators,
        encrypted=False,  # spaces hold nothing that is said
        space=True,
    )


def _cohort(
    edition: "Edition", members: frozenset[str], coordinators: frozenset[str], gone: frozenset[str]
) -> RoomWish:
    return RoomWish(
        key=cohort(edition.id),
        name=_("{edition}", edition=edition.name),
        topic=_topic(edition),
        language=edition.language,
        members=members,
        gone=gone,
        powerful=coordinators,
        pinned=edition.confidentiality,
    )


def _topic(edition: "Edition") -> Sayable:
    """Purpose and agreements: a pinned message can only be read by those who were there when it was said, a topic by all."""
    return lines(edition.purpose, edition.confidentiality) if edition.confidentiality else edition.purpose
