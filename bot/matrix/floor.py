"""Who has the floor: rooms in which, for a while, only some people may post. It is one state event, the power levels of the room.

What is sent without a level of its own takes `events_default`; raising it above everybody's power silences all, and who may speak is
given as much (Matrix specification, "m.room.power_levels"). The bot, and whoever may change the room, stand above it anyway.
"""

from bot.matrix.shapes import Raw, number, section

SPEAKS = 10
"""The power of who may post while others may not: above everybody's, below that of who may change the room."""
_LEVELS = "m.room.power_levels"
_MODERATES = 50
"""What the specification takes for `state_default` where it does not stand there."""


def floor(levels: Raw, speakers: frozenset[str] | None, creators: frozenset[str]) -> Raw:
    """The same levels with the floor for these speakers alone, or (None) for everybody; all else stays as it stands.

    `creators` have power without end and must not be named (room version 12, MSC4289).
    """
    users = {who: level for who, level in section(levels, "users").items() if level != SPEAKS}
    if speakers is None:
        held = number(levels, "events_default") == SPEAKS
        return {**levels, "users": users, **({"events_default": 0} if held else {})}
    given = {who: SPEAKS for who in speakers - creators if who.startswith("@") and (number(users, who) or 0) < SPEAKS}
    return {**levels, "users": {**users, **given}, "events_default": SPEAKS}


def can_give(levels: Raw, creators: frozenset[str], me: str) -> bool:
    """Whether `me` has the power to change who may post."""
    if me in creators:
        return True
    needed = number(section(levels, "events"), _LEVELS) or number(levels, "state_default") or _MODERATES
    mine = number(section(levels, "users"), me) or number(levels, "users_default") or 0
    return bool(levels) and mine >= needed
