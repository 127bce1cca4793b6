"""How private a room is, in the words of the port: read from its card."""

from fnmatch import fnmatchcase
from typing import get_args

from bot.chat import History, RoomFacts
from bot.matrix.floor import can_give
from bot.matrix.known import Card

_WORLD = "world_readable"
_SHADOW = "@_*"
"""Ids of people that a bridge makes begin like this (Matrix specification, "Application services", on namespaces)."""


def facts_of(card: Card, me: str, *, encrypted: bool, known_bots: tuple[str, ...] = ()) -> RoomFacts:
    """The facts of a room whose members are loaded. `known_bots` are ids or patterns of ids; `me` is the bot itself."""
    members = card.joined - {me}
    patterns = (*known_bots, _SHADOW)
    bots = {person for person in members if any(fnmatchcase(person, pattern) for pattern in patterns)}
    return RoomFacts(
        encrypted=encrypted,
        members=members,
        invited=frozenset(person for person, membership in card.members.items() if membership == "invite") - {me},
        invite_only=card.join_rule == "invite",
        history=_history(card.history),
        guests=card.guests == "can_join",
        bots=frozenset(bots | (members & card.bridge_bots)),
        bridged=card.bridged,
        can_silence=can_give(card.levels, card.creators, me),
    )


def _history(visibility: str) -> History:
    """What is not told, or not known, counts as the default of a room: all of its members read everything."""
    if visibility == _WORLD:
        return "world"
    return next((known for known in get_args(History) if known == visibility), "shared")
