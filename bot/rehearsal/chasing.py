"""Whether a reminder asks for what somebody has done already: looked up in the facts, apart from the rules that send reminders."""

from collections.abc import Callable

from programme.exchange import Exchange
from programme.records import Participant, Visit
from programme.reminder import Reminder

Done = Callable[[Participant, Exchange], bool]


def was_done(reminder: Reminder, key: str, person: str, before: Exchange) -> bool:
    """Whether somebody had done what this reminder asks, just `before` it rang. `key` is that of its nudge.

    What it asks follows from the commands that stand in it and the buttons below it, whoever it is for.
    """
    part = before.participants.get(person)
    if part is None:
        return False
    return any(done(part, before) for done in _asked(reminder)) or _of_visit(reminder, _visit(key, before))


def _asked(reminder: Reminder) -> list[Done]:
    """What is asked of the person themselves."""
    text, (name, _dot, edge) = reminder.text.nl, (reminder.anchor or "").partition(".")
    if reminder.anchor in BY_QUESTION and reminder.to in ("owing", "proposer"):
        return [BY_QUESTION[reminder.anchor]]
    found = [done for word, done in BY_WORD.items() if f"{{{word}}}" in text]
    if name == "meeting" and reminder.taps:
        found.append(lambda part, _exchange: edge in part.meetings)
    return found


def _of_visit(reminder: Reminder, visit: Visit | None) -> bool:
    """What is asked about one visit."""
    if visit is None:
        return False
    if reminder.anchor == "proposal":
        return visit.suggestion is None
    asks_after = any(tap.command in ("took_place", "not_yet") for tap in reminder.taps)
    asks_signature = "{confidentiality}" in reminder.text.nl
    return (asks_after and visit.ended is not None) or (asks_signature and visit.signed is not None)


def _visit(key: str, before: Exchange) -> Visit | None:
    """The visit that a nudge is about: its key is `EDITION/RULE/GUEST/VERSION`."""
    parts = key.split("/")
    return before.visits.get("/".join(parts[2:-1])) if len(parts) > 3 else None  # noqa: PLR2004 - four parts


def _has_days(part: Participant, exchange: Exchange) -> bool:
    mine = exchange.visits_of(part.person)
    return bool(mine) and all(visit.agreed or visit.done or _waits(visit, part.person) for visit in mine)


def _waits(visit: Visit, person: str) -> bool:
    """Whether it is the other who has to answer."""
    return visit.suggestion is not None and visit.suggestion.by == person


def _consented(part: Participant, exchange: Exchange) -> bool:
    repair = exchange.round.repair
    mine = [it for it in repair.pairs if part.person in (it.guest, it.host)] if repair is not None else []
    return all(part.person in pair.agreed for pair in mine)


def _has_agreed(part: Participant, exchange: Exchange) -> bool:
    mine = [group for group in exchange.groups.values() if part.person in group.members and group.closed is None]
    return all(part.person in group.agreed for group in mine)


BY_QUESTION: dict[str, Done] = {
    "proposal": lambda _part, _exchange: False,  # each is about one visit: `_of_visit`
    "repair": _consented,
    "intervision": lambda part, _exchange: bool(part.intervision),
    "agreements": _has_agreed,
}
"""By the question that a reminder counts from: whether somebody has answered it."""
BY_WORD: dict[str, Done] = {
    "signup": lambda part, _exchange: part.takes_part,
    "form": lambda part, _exchange: part.state != "form",
    "prefer": lambda part, _exchange: bool(part.preferences),
    "places": lambda part, _exchange: bool(part.preferences),
    "propose": _has_days,
    "experience": lambda part, _exchange: part.shared,
}
"""By the command that a reminder names: whether somebody has done it."""
