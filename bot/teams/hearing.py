"""From an activity to what the house hears or notices: who said or pressed what, where, and how closed it is there."""

from asyncio import Future
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.chat import Heard, Noticed, Port, RoomFacts, chosen_call
from bot.clock import Clock
from bot.markup import name as shown_name
from bot.teams.activities import BOT, Account, Activity
from bot.teams.addresses import event_id, member, person, place, without_thread
from bot.teams.cards import Pressed, pressed
from bot.teams.files import ANSWER, Files
from bot.teams.references import Reference, References
from bot.teams.rosters import Rosters
from bot.teams.said import Said
from bot.teams.typed import said_by_person, typed
from programme.rooms import direct


class Hearing:
    """Hands over to the house what happens in Teams."""

    def __init__(
        self, house: Port, references: References, rosters: Rosters, said: Said, files: Files, clock: Clock
    ) -> None:
        self._house = house
        self._references = references
        self._rosters = rosters
        self._said = said
        self._files = files
        self._clock = clock

    async def take(self, activity: Activity) -> None:
        """Take in one activity; done when all that followed is on disk. Raises what the store raises."""
        if activity.type == "conversationUpdate":
            await self._notice(activity)
        elif activity.name == ANSWER and activity.personal and said_by_person(activity):
            _key, at = await self._room(activity, _sender(activity))
            self._files.answer(activity, at)
        elif activity.type in {"message", "invoke"} and said_by_person(activity) and activity.id:
            await self._hear(activity)

    async def _hear(self, activity: Activity) -> None:
        meant = pressed(activity)
        words = typed(activity) if meant is None and activity.type == "message" else None
        if meant is None and words is None:
            return
        heard = await self._begun(activity)
        if words is not None:
            reply = self._said.letter(activity.conversation.id, words.quotes)
            heard = replace(heard, text=words.text, addressed=words.addressed, reply_to=reply)
        whole = self._pressed(heard, meant, activity) if meant else heard
        if whole is not None:
            await self._house.hear(whole)

    async def _begun(self, activity: Activity) -> Heard:
        """Who says something, where and when; not yet what."""
        who, conversation = _sender(activity), activity.conversation.id
        room, at = await self._room(activity, who)
        return Heard(
            id=event_id(conversation, activity.id),
            person=who,
            room=room,
            destination=place(conversation),
            text="",
            at=activity.timestamp or self._clock.now(),
            name=shown_name(activity.sender.name or ""),
            facts=await self._facts(activity, who, at),
        )

    async def _room(self, activity: Activity, who: str) -> tuple[str, Reference]:
        """The key of the room, whose reference is kept. A personal chat is with whoever speaks in it."""
        here = place(without_thread(activity.conversation.id))
        key = direct(who) if activity.personal else self._house.key_of(here) or here
        reference = await self._references.keep(key, activity)
        if activity.personal and self._house.place_of(key) != here:
            await self._house.remember_place(key, here)
        return key, reference

    async def _facts(self, activity: Activity, who: str, at: Reference) -> RoomFacts:
        if activity.personal:
            return RoomFacts(members=frozenset({who}))
        return await self._rosters.facts(at, without_thread(activity.conversation.id))

    def _pressed(self, heard: Heard, meant: Pressed, activity: Activity) -> Heard | None:
        """A button is its line, typed by who pressed it; a vote makes the call that the house knows for it."""
        if meant.line:
            addressed = not activity.personal
            return replace(heard, text=meant.line, reply_to=meant.letter, by_button=True, addressed=addressed)
        poll = self._said.poll(meant.letter, heard.destination)
        call = chosen_call(poll, meant.numbers) if poll else None
        return None if call is None else replace(heard, text=", ".join(map(str, meant.numbers)), press=call)

    # ── coming and going ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _notice(self, activity: Activity) -> None:
        """Somebody came or went. Who was on the roster is known by it also after going."""
        conversation = without_thread(activity.conversation.id)
        before = self._rosters.forget(conversation)
        key = self._house.key_of(place(conversation))
        await self._welcome(activity)
        if key is None or activity.personal or not (activity.members_added or activity.members_removed):
            return
        at = await self._references.keep(key, activity)
        facts = await self._rosters.facts(at, conversation)
        moved = [(it, True) for it in activity.members_added] + [(it, False) for it in activity.members_removed]
        for account, joined in moved:
            if not account.id.startswith(BOT):
                await self._noticed(activity, key, account, facts, before, joined=joined)

    async def _welcome(self, activity: Activity) -> None:
        """The bot was installed for somebody: from now on it can begin to speak."""
        if activity.personal and activity.sender.object_id and _holds_bot(activity.members_added, activity.recipient):
            await self._room(activity, _sender(activity))

    def _noticed(
        self, activity: Activity, key: str, who: Account, facts: RoomFacts, before: dict[str, str], *, joined: bool
    ) -> "Future[None]":
        id_ = member(who, activity.tenant) if who.object_id else before.get(who.id, member(who, activity.tenant))
        noticed = Noticed(
            id=f"{event_id(activity.conversation.id, activity.id or _stamp(activity.timestamp))}/{id_}/{joined:d}",
            room=key,
            destination=place(without_thread(activity.conversation.id)),
            person=id_,
            joined=joined,
            at=activity.timestamp or self._clock.now(),
            facts=facts,
            name=shown_name(who.name or ""),
        )
        return self._house.noticed(noticed)


def _sender(activity: Activity) -> str:
    return person(activity.tenant, activity.sender.object_id or "")


def _holds_bot(accounts: Iterable[Account], bot: Account) -> bool:
    return any(account.id == bot.id for account in accounts)


def _stamp(at: datetime | None) -> str:
    return at.isoformat() if at else ""
