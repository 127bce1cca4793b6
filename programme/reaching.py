"""Whom a reminder reaches when it rings, and what it says to each: looked up at that moment, so that nobody is reminded of what is done."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from programme import outcome, preferences
from programme.edition import Edition, WindowName
from programme.exchange import Exchange
from programme.meetings import seated
from programme.nudges import Nudge, anchor_day
from programme.owed import Owed, owed, owed_since
from programme.records import NewPair, Participant, Visit
from programme.reminder import COMMANDS, QUESTIONS, Audience, Reminder
from programme.rooms import cohort, desk, direct
from programme.text import Both, Call, Day, Moment, Value, _, lines, listing
from programme.visits import spans

Shown = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Word:
    """What a nudge says to one room."""

    room: str
    person: str
    """Whose direct chat it is, or empty for a room."""
    text: Both
    taps: tuple[tuple[Both, Call], ...] = ()
    """Buttons: what stands on each, and what it does."""


def words(nudge: Nudge, exchange: Exchange, shown: Shown) -> list[Word]:
    """Whom this reminder reaches now, and what it says to each. `shown` gives the name to show for a person's id."""
    reminder = nudge.reminder
    if reminder is None or _is_past(reminder, exchange):
        return []
    if reminder.anchor in QUESTIONS:
        return _of_question(nudge, reminder, exchange, shown)
    if nudge.visit:
        return _of_their_visit(nudge, reminder, exchange, shown)
    if reminder.only == "undated":
        return _of_undated(nudge, reminder, exchange, shown)
    return _of_all(nudge, reminder, exchange, shown)


def _of_all(nudge: Nudge, reminder: Reminder, exchange: Exchange, shown: Shown) -> list[Word]:
    """What is said of anything but a visit: in a room, or to each whom it is for; nothing about somebody who has left."""
    part = exchange.participants.get(nudge.person)
    if nudge.person and (part is None or not part.takes_part):
        return []
    about: dict[str, Value] = {"guest": shown(nudge.person)} if nudge.person else {}
    match reminder.to:
        case "cohort":
            return [Word(cohort(exchange.edition.id), "", _text(nudge, exchange))]
        case "desk":
            return [Word(desk(exchange.edition.id), "", _text(nudge, exchange, about))]
        case "consulted":
            return [_to(nudge.person, nudge, exchange, about)]
        case "undated":
            return [_to(p, nudge, exchange, {"host": others}) for p, others in _still_to_propose(exchange, shown)]
        case _:
            return [_to(person, nudge, exchange, {}) for person in _people(nudge, reminder, exchange)]


def _of_their_visit(nudge: Nudge, reminder: Reminder, exchange: Exchange, shown: Shown) -> list[Word]:
    """What is said about one visit, to both of its people or at the desk; nothing when it is done or goes on no more."""
    found = [visit for visit in exchange.going() if visit.id == nudge.visit and _is_open(reminder, visit)]
    if not found:
        return []
    visit, edition = found[0], exchange.edition
    about = _about(visit, edition, shown)
    if reminder.to == "desk":
        return [Word(desk(edition.id), "", _text(nudge, exchange, about))]
    return [_to(person, nudge, exchange, about, (visit.guest,)) for person in (visit.guest, visit.host)]


def _of_undated(nudge: Nudge, reminder: Reminder, exchange: Exchange, shown: Shown) -> list[Word]:
    """What is said of all visits without a day together: the list at the desk, or to their people with whom each has none."""
    found = exchange.undated()
    if reminder.to != "desk":
        return [_to(p, nudge, exchange, {"host": others}) for p, others in _with_whom(found, shown)]
    rows = [_("- {guest} goes to {host}", **_pair(visit, shown)) for visit in found]
    return [Word(desk(exchange.edition.id), "", _text(nudge, exchange, {"visits": lines(*rows)}))] if rows else []


def _of_question(nudge: Nudge, reminder: Reminder, exchange: Exchange, shown: Shown) -> list[Word]:
    """What is said to who owes an answer, to who waits for it, or at the desk; nothing when it has come."""
    found = _owed(nudge, reminder, exchange)
    match reminder.to:
        case "desk":
            people = lines(*(_("- {name}", name=shown(person)) for person in dict.fromkeys(it.person for it in found)))
            return [Word(desk(exchange.edition.id), "", _text(nudge, exchange, {"people": people}))] if found else []
        case "proposer":
            return [_to(_waits(it), nudge, exchange, _asked(it, exchange, shown), it.call) for it in found]
        case _:
            return [_to(it.person, nudge, exchange, _asked(it, exchange, shown), it.call) for it in found]


def _owed(nudge: Nudge, reminder: Reminder, exchange: Exchange) -> list[Owed]:
    if nudge.visit:
        return [it for it in owed(exchange) if isinstance(it.pair, Visit) and it.pair.id == nudge.visit]
    return owed_since(exchange, reminder.anchor or "", nudge.asked)


def _waits(it: Owed) -> str:
    """Who waits for the answer to a proposal."""
    return it.pair.other(it.person) if isinstance(it.pair, Visit) else it.person


def _asked(it: Owed, exchange: Exchange, shown: Shown) -> dict[str, Value]:
    """The words about the guest, the host and the moment of a question."""
    about = _pair(it.pair, shown) if it.pair is not None else {}
    if it.until is not None:
        about["when"] = Moment(at=it.until)
    if isinstance(it.pair, Visit) and it.pair.suggestion is not None:
        about["when"] = spans(exchange.edition, it.pair.suggestion.halves)
        about["propose"] = Call(command="propose")  # an example could be the very day that was proposed
    return about


def _pair(it: Visit | NewPair, shown: Shown) -> dict[str, Value]:
    return {"guest": shown(it.guest), "host": shown(it.host)}


def _is_open(reminder: Reminder, visit: Visit) -> bool:
    match reminder.only:
        case "unsigned":
            return visit.signed is None
        case "unconfirmed":
            return visit.ended is None
        case "undated" | None:
            return True


def _is_past(reminder: Reminder, exchange: Exchange) -> bool:
    """Whether what it is about is done: nobody waits for preferences or matches once they are published."""
    about, _edge = reminder.counts_from
    return exchange.round.published is not None and about in ("signup", "preferences", "publish")


def _people(nudge: Nudge, reminder: Reminder, exchange: Exchange) -> list[str]:
    if reminder.to == "attending":
        session = next((it for it in exchange.edition.network if it.key == nudge.meeting), None)
        return [] if session is None else sorted(seated(exchange, session))
    parts = sorted(exchange.participants.values(), key=lambda p: p.person)
    return [p.person for p in parts if _is_for(exchange, p, reminder.to, nudge.meeting)]


def _is_for(exchange: Exchange, part: Participant, to: Audience, meeting: str) -> bool:
    """Whether this participant still has to do what a reminder for `to` is about."""
    match to:
        case "unfinished":
            return part.state == "form"
        case "undecided":
            return part.takes_part and not part.preferences
        case "expected":
            return part.takes_part and part.meetings.get(meeting) != "absent"
        case "unanswered":
            return part.takes_part and meeting not in part.meetings
        case "unshared":
            return part.takes_part and not part.shared and outcome.had(exchange, part.person)
        case _:
            return part.takes_part


def _to(
    person: str, nudge: Nudge, exchange: Exchange, values: dict[str, Value], arguments: tuple[str, ...] = ()
) -> Word:
    """A word to one person; its taps are calls with these arguments, or about the meeting of the nudge."""
    taps = nudge.reminder.taps if nudge.reminder else ()
    about = arguments or ((nudge.meeting,) if nudge.meeting else ())
    calls = tuple((tap.label, Call(command=tap.command, arguments=about)) for tap in taps)
    return Word(direct(person), person, _text(nudge, exchange, values), calls)


def _text(nudge: Nudge, exchange: Exchange, about: Mapping[str, Value] | None = None) -> Both:
    """The text of a reminder with its words filled in: from `about`, else as they are for everybody."""
    reminder, known = nudge.reminder, about or {}
    assert reminder is not None  # noqa: S101 - words() has looked
    said = {name: known[name] if name in known else _word(name, nudge, reminder, exchange) for name in reminder.words}
    return reminder.text.model_copy(update={"values": said})


def _word(name: str, nudge: Nudge, reminder: Reminder, exchange: Exchange) -> Value:
    if name in COMMANDS:
        return Call(command=name)
    return FOR_ALL[name](nudge, reminder, exchange) if name in FOR_ALL else ""


FOR_ALL: Final[Mapping[str, Callable[[Nudge, Reminder, Exchange], Value]]] = {
    "edition": lambda _nudge, _reminder, it: it.edition.name,
    "contact": lambda _nudge, _reminder, it: str(it.edition.contact),
    "day": lambda nudge, _reminder, it: Day(day=_day(nudge, it.edition)),
    "closes": lambda _nudge, reminder, it: Day(day=_closes(it.edition, reminder)),
    "when": lambda nudge, _reminder, it: _when(it.edition, nudge.meeting),
    "network": lambda _nudge, _reminder, _it: Call(command="network_leave"),
    "prefer": lambda _nudge, _reminder, it: preferences.example(it.edition),
    "propose": lambda _nudge, _reminder, it: Call(command="propose", arguments=(it.example_day(),)),
}
"""The words that are the same for everybody, made when a text has them. The others are about a visit or about people."""


def _closes(edition: Edition, reminder: Reminder) -> date:
    """The last day of the window that it counts from; of the visits where it counts from none."""
    about, _edge = reminder.counts_from
    name: WindowName = next((window for window in edition.windows if window == about), "visits")
    return edition.period(name).last


def _day(nudge: Nudge, edition: Edition) -> date:
    """The day of what it is about; where that is a visit or a meeting, `{when}` tells it with its hours."""
    about = nudge.visit or nudge.meeting or nudge.person or nudge.asked
    return nudge.at.date() if about or nudge.reminder is None else anchor_day(edition, nudge.reminder)[0]


def _when(edition: Edition, key: str) -> Value:
    meeting = next((m for m in (*edition.meetings, *edition.network) if m.key == key), None)
    return "" if meeting is None else meeting.span(edition.zone)


def _still_to_propose(exchange: Exchange, shown: Shown) -> list[tuple[str, Value]]:
    """Everybody with a visit for which no day is proposed, and with whom. A proposal has reminders of its own."""
    return _with_whom([visit for visit in exchange.undated() if visit.suggestion is None], shown)


def _with_whom(visits: Sequence[Visit], shown: Shown) -> list[tuple[str, Value]]:
    """The people of these visits, and of each with whom: "Bram en Carla"."""
    others: dict[str, dict[str, None]] = defaultdict(dict)  # each once, in the order of the visits
    for visit in visits:
        others[visit.guest][visit.host] = None
        others[visit.host][visit.guest] = None
    return [(person, listing([shown(other) for other in others[person]])) for person in sorted(others)]


def _about(visit: Visit, edition: Edition, shown: Shown) -> dict[str, Value]:
    """The words about one visit."""
    return {**_pair(visit, shown), "when": spans(edition, visit.agreed) if visit.agreed else listing([])}
