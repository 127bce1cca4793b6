"""Whether a room is closed enough to speak freely in: asked before a session begins, and before it goes on after a pause."""

from collections.abc import Collection, Iterator

from bot.chat import RoomFacts
from programme.text import Refusal, Text, _, _n, lines


def faults(facts: RoomFacts, members: Collection[str]) -> Iterator[Text]:
    """What is to be mended first; nothing when the room is as it should be. `members` are full ids: who belongs in it.

    How many do not belong there is said, not who: the platform shows that to who may know it.
    """
    outside = (facts.members | facts.invited) - frozenset(members) - facts.bots
    if outside:
        yield _n(
            "There is {n} person in the room, or invited, who does not belong to the group.",
            "There are {n} people in the room, or invited, who do not belong to the group.",
            n=len(outside),
        )
    if facts.bots or facts.bridged:
        yield _("Another bot or a bridge to elsewhere reads along.")
    if not facts.encrypted:
        yield _("The room is not encrypted.")
    if not facts.invite_only or facts.guests:
        yield _("People can come in without being invited.")
    if facts.history not in ("joined", "invited"):
        yield _("Who comes later can read back what was said before.")


def must_be_closed(facts: RoomFacts, members: Collection[str]) -> None:
    """Refuse a room that is not closed enough, with all that is to be mended."""
    found = list(faults(facts, members))
    if found:
        raise Refusal(lines(_("The room is not ready for a session. Mend this first, then try again:"), *found))
