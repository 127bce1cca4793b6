"""From a change of members to what the house notices: who really came into a room of ours, or went out of it."""

from bot.chat import Noticed, Port
from bot.markup import name as shown_name
from bot.matrix.events import when
from bot.matrix.facts import facts_of
from bot.matrix.guard import guarded, noted
from bot.matrix.known import KnownRooms
from bot.matrix.shapes import Raw, section, word
from programme.rooms import is_space, person_of


class Noticing:
    """Hands over to the house who comes and goes. A change of name or picture, an invitation and a refused one are neither."""

    def __init__(self, known: KnownRooms, house: Port, known_bots: tuple[str, ...]) -> None:
        self._known = known
        self._house = house
        self._known_bots = known_bots

    def concerns(self, room: str, raw: Raw) -> bool:
        """Whether this event is somebody else's coming or going, in a room of ours for more people than two."""
        return _came(raw) is not None and word(raw, "state_key") != self._known.me and self._key(room) is not None

    async def take(self, room: str, raw: Raw) -> None:
        """Take in such an event. The facts are those of now, after everything that the sync brought of the room."""
        with guarded("event", word(raw, "event_id")):
            card = await self._known.load(room)
            person, joined, key = word(raw, "state_key"), _came(raw), self._key(room)
            if joined is None or key is None:
                return
            noticed = Noticed(
                id=word(raw, "event_id"),
                room=key,
                destination=room,
                person=person,
                joined=joined,
                at=when(raw),
                facts=facts_of(
                    card, self._known.me, encrypted=self._known.encrypted(room), known_bots=self._known_bots
                ),
                name=shown_name(card.names.get(person, "")),
            )
            self._house.noticed(noticed).add_done_callback(noted)

    def _key(self, room: str) -> str | None:
        key = self._house.key_of(room) or self._known.cards[room].key
        return None if key is None or person_of(key) or is_space(key) else key


def _came(raw: Raw) -> bool | None:
    """Whether this event lets somebody into a room (True) or out of it (False); None when it does neither."""
    if word(raw, "type") != "m.room.member" or not word(raw, "event_id") or not word(raw, "state_key"):
        return None
    now = word(section(raw, "content"), "membership")
    before = word(section(raw, "unsigned", "prev_content"), "membership")
    if (now == "join") == (before == "join"):
        return None
    return now == "join"
