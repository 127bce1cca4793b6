"""Whom a change of the programme touches, and what they hear of it: shown before it is done, and said after."""

from dataclasses import dataclass

from bot.answer import Say
from programme import rooms
from programme.edition import Edition, WindowName
from programme.exchange import Exchange
from programme.text import Both, Day, Sayable, Text, Value, _, _n

TITLES: dict[WindowName, Both] = {
    "signup": Both(nl="Aanmelden", en="Signing up"),
    "preferences": Both(nl="Voorkeuren geven", en="Giving preferences"),
    "visits": Both(nl="Een stagedag houden", en="A visiting day"),
}
"""What a window makes possible."""


@dataclass(frozen=True, slots=True)
class News:
    """What is told, and the keys of the rooms in which it is: direct chats, the room of the programme, or those of groups."""

    said: Sayable
    to: tuple[str, ...]

    def letters(self) -> list[Say]:
        """Say it. It wakes who gets it in their own chat: it is about them."""
        return [Say(self.said, room, wake=rooms.person_of(room) is not None) for room in self.to]

    def preview(self, edition: Edition) -> list[Value]:
        """Who gets this, and what it is."""
        return [self._who(edition), self.said]

    def _who(self, edition: Edition) -> Text:
        n = len(self.to)
        if not n:
            return _("Nobody is waiting for this, so nobody gets a message:")
        if self.to[0] == rooms.cohort(edition.id):
            return _("The room of {edition} gets this message:", edition=edition.name)
        if rooms.person_of(self.to[0]) is None:
            return _n("{n} group gets this message:", "{n} groups get this message:", n=n)
        return _n("{n} person gets this message:", "{n} people get this message:", n=n)


def of_window(exchange: Exchange, name: str, said: Sayable) -> News:
    """Who hears of a window: of sign-up those who have not finished it, of the others everybody who takes part."""
    if name != "signup":
        return News(said, (rooms.cohort(exchange.edition.id),))
    people = sorted(p.person for p in exchange.participants.values() if p.state in ("form", "waiting"))
    return News(said, tuple(rooms.direct(person) for person in people))


def of_groups(exchange: Exchange, said: Sayable) -> News:
    """Who hears of the intervision groups: each group that goes on, in its room."""
    going_on = sorted(number for number, group in exchange.groups.items() if group.closed is None)
    return News(said, tuple(rooms.group(exchange.edition.id, number) for number in going_on))


def until(edition: Edition, name: WindowName) -> Text:
    """What is said of the last day of a window."""
    last = Day(day=edition.windows[name].closes)
    return _("{what} is possible until the end of {day}.", what=TITLES[name], day=last)


def from_day(edition: Edition, name: WindowName) -> Text:
    """What is said of the first day of a window."""
    return _("{what} is possible from {day}.", what=TITLES[name], day=Day(day=edition.windows[name].opens))


def published(edition: Edition) -> Text:
    """What is said of the day of publication."""
    return _("You will hear your match by {day}.", day=Day(day=edition.publish))


def groups_until(edition: Edition) -> Text:
    """What is said of the end of the groups; for an edition with groups that end."""
    assert edition.intervision is not None  # noqa: S101 - looked at by who calls
    assert edition.intervision.until is not None  # noqa: S101
    return _("Your group can go on until the end of {day}.", day=Day(day=edition.intervision.until))
