"""Where a room is in Teams. A chat with one person can be begun; a group chat or channel cannot: a coordinator links it."""

from bot.chat import Later, Port, Undeliverable
from bot.log import log
from bot.teams.addresses import PREFIX, place, tenant_and_object
from bot.teams.connector import Connector
from bot.teams.references import References
from programme.rooms import direct, person_of


class Places:
    """Finds the conversation of a room."""

    def __init__(
        self, house: Port, connector: Connector, references: References, app_id: str, tenants: frozenset[str]
    ) -> None:
        self._house = house
        self._connector = connector
        self._references = references
        self._app_id = app_id
        self._tenants = tenants

    async def place(self, key: str) -> str:
        """The conversation for this key. Raises `Undeliverable`, `Later`.

        As long as the desk is not linked, it is the chat with the first coordinator who can be reached.
        """
        known = key if key.startswith(PREFIX) else self._house.place_of(key)
        if known is not None and known.startswith(PREFIX):
            return known
        person = person_of(key)
        if person is not None:
            return await self._begin(person)
        if key.startswith("desk/"):
            return await self._first_at_desk(key)
        raise Undeliverable("not_linked")

    async def _begin(self, person: str) -> str:
        """Begin the chat with this person, and keep where it is."""
        tenant, object_id = tenant_and_object(person)
        if tenant not in self._tenants or not object_id:
            raise Undeliverable("unknown")
        at = self._references.towards(tenant)
        here = place(await self._connector.begin(at, self._app_id, object_id))
        await self._references.note(direct(person), here, at)
        await self._house.remember_place(direct(person), here)
        return here

    async def _first_at_desk(self, key: str) -> str:
        members = next((wish.members for wish in self._house.wishes() if wish.key == key), frozenset())
        later: Later | None = None
        for person in sorted(it for it in members if it.startswith(PREFIX)):
            try:
                return await self.place(direct(person))
            except Undeliverable as fault:
                log.info("teams.no_coordinator", person=person, reason=fault.reason)
            except Later as wait:
                later = wait
        raise later or Undeliverable("not_linked")
