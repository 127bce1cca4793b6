"""What must be known of a conversation to speak in it later: kept with the house, so that reminders reach people after a restart.

A mark of a direct chat is called after the person, so that forgetting a person forgets it too.
"""

from typing import Literal

from pydantic import ValidationError

from bot.chat import Port
from bot.teams.activities import Activity
from bot.teams.addresses import ANYWHERE, place, without_thread
from programme.model import Model
from programme.rooms import person_of

Kind = Literal["personal", "groupChat", "channel"]


class Reference(Model):
    """Where a conversation is served, in which tenant, and what kind it is."""

    service: str
    tenant: str
    kind: Kind = "personal"


class References:
    """The references that the house keeps."""

    def __init__(self, house: Port) -> None:
        self._house = house

    def of(self, key: str, place_: str) -> Reference | None:
        """The reference of the room with this key at this place; the place may have become known by another key."""
        kept = self._house.mark(_mark(key, place_))
        if kept is None and (other := self._house.key_of(place_)):
            kept = self._house.mark(_mark(other, place_))
        try:
            return Reference.model_validate_json(kept) if kept else None
        except ValidationError:
            return None

    def towards(self, tenant: str) -> Reference:
        """Where to begin a chat with somebody of this tenant: at the service that spoke to us last, else the general one."""
        return Reference(service=self._house.mark(f"teams/service/{tenant}") or ANYWHERE, tenant=tenant)

    async def keep(self, key: str, activity: Activity) -> Reference:
        """Keep what this activity tells of its conversation. On disk only when it is new."""
        place_ = place(without_thread(activity.conversation.id))
        seen = Reference(service=activity.service_url.rstrip("/"), tenant=activity.tenant, kind=_kind(activity))
        if self.of(key, place_) != seen:
            await self.note(key, place_, seen)
            await self._house.remember_mark(f"teams/service/{seen.tenant}", seen.service)
        return seen

    async def note(self, key: str, place_: str, reference: Reference) -> None:
        """Keep this reference."""
        await self._house.remember_mark(_mark(key, place_), reference.model_dump_json())


def _mark(key: str, place_: str) -> str:
    return f"teams/at/{key if person_of(key) else without_thread(place_)}"


def _kind(activity: Activity) -> Kind:
    if activity.personal:
        return "personal"
    return "channel" if activity.conversation.conversation_type == "channel" else "groupChat"
