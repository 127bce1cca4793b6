"""Who is in a conversation, and how closed it is: asked of Teams, kept for minutes, forgotten as soon as somebody comes or goes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.chat import Later, RoomFacts, Undeliverable
from bot.log import log
from bot.teams.activities import BOT, Account
from bot.teams.addresses import member
from bot.teams.connector import Connector
from bot.teams.patience import Patience
from bot.teams.references import Reference

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is there, by the id that Teams has for them, and when we asked."""

    people: dict[str, str]
    names: dict[str, str]
    """By full id."""
    guests: bool
    at: float


UNKNOWN = RoomFacts(encrypted=False, invite_only=False, history="shared")
"""The facts of a conversation whose roster cannot be had: nothing confidential begins there, and nothing is linked."""


@dataclass
class Rosters:
    """The rosters of conversations. `tenants` are those that we serve; everybody else in a conversation is a guest."""

    connector: Connector
    tenants: frozenset[str]
    patience: Patience
    now: Callable[[], float]
    _kept: dict[str, Roster] = field(default_factory=dict)

    async def facts(self, at: Reference, conversation: str) -> RoomFacts:
        """The facts of a conversation of more people than two; `UNKNOWN` when Teams does not tell."""
        try:
            roster = await self.roster(at, conversation)
        except (Later, Undeliverable) as fault:
            log.warning("teams.no_roster", error=type(fault).__name__)
            return UNKNOWN
        return RoomFacts(
            members=frozenset(roster.people.values()),
            guests=roster.guests,
            history="shared" if at.kind == "channel" else "joined",
            linkable=True,
        )

    async def roster(self, at: Reference, conversation: str) -> Roster:
        """Who is there. Raises `Later`, `Undeliverable`."""
        kept = self._kept.get(conversation)
        if kept is not None and self.now() - kept.at < self.patience.roster:
            return kept
        return self._keep(conversation, await self.connector.members(at, conversation), at.tenant)

    def forget(self, conversation: str) -> dict[str, str]:
        """Ask anew the next time. Gives who was there, by the id that Teams has for them."""
        kept = self._kept.pop(conversation, None)
        return kept.people if kept else {}

    def _keep(self, conversation: str, accounts: list[Account], tenant: str) -> Roster:
        people = [it for it in accounts if not it.id.startswith(BOT)]
        roster = Roster(
            {it.id: member(it, tenant) for it in people},
            {member(it, tenant): it.name or "" for it in people},
            any(self._is_guest(it, tenant) for it in people),
            self.now(),
        )
        if len(self._kept) >= MOST:
            self._kept.pop(next(iter(self._kept)))
        self._kept[conversation] = roster
        return roster

    def _is_guest(self, account: Account, tenant: str) -> bool:
        role = (account.user_role or "user").lower()
        return role != "user" or not account.object_id or (account.tenant_id or tenant).lower() not in self.tenants
