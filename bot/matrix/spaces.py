"""A space shows the rooms of one edition together: which rooms stand in it, told on both sides."""

from bot.chat import Port
from bot.log import log
from bot.matrix.known import KnownRooms
from bot.matrix.shapes import Raw
from bot.matrix.wire import Refused, Wire
from programme.rooms import RoomWish, edition_of


async def gather(wire: Wire, known: KnownRooms, house: Port, wish: RoomWish, space: str) -> None:
    """Let the space hold the rooms of its edition that there are by now, and no others. Raises `Later`.

    The space names its rooms (`m.space.child`) and each room its space (`m.space.parent`): clients believe it when both do. A
    room id may name no server, so the way in (`via`) is the bot's own.
    """
    own = {known.with_key(other.key) or house.place_of(other.key) for other in _held(house, wish)}
    rooms = {room for room in own if room is not None and room in known.cards}
    way: Raw = {"via": [wire.me.partition(":")[2]]}
    for room in sorted(rooms - known.cards[space].children):
        await _put(wire, space, "m.space.child", room, way)
    for room in sorted(room for room in rooms if space not in known.cards[room].parents):
        await _put(wire, room, "m.space.parent", space, {**way, "canonical": True})
    for room in sorted(known.cards[space].children - rooms):
        await _put(wire, space, "m.space.child", room, {})


def _held(house: Port, wish: RoomWish) -> list[RoomWish]:
    edition = edition_of(wish.key)
    return [other for other in house.wishes() if not other.space and edition_of(other.key) == edition]


async def _put(wire: Wire, room: str, kind: str, key: str, content: Raw) -> None:
    """A room that the bot may not change stands apart; that hurts nobody."""
    try:
        await wire.ask("PUT", "rooms", room, "state", kind, key, body=content)
    except Refused as no:
        log.info("matrix.not_in_space", room=room, error=no.code)
