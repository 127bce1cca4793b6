"""Meetings: who said that they come or cannot, meetings that move or are cancelled, and network sessions with a waiting list.

Why somebody cannot come is neither asked nor kept.
"""

from datetime import date, time
from itertools import count
from zoneinfo import ZoneInfo

from programme.edition import Edition, Meeting
from programme.exchange import Exchange, folded
from programme.records import Participant, Presence
from programme.text import Both, Call, Day, Refusal, Sayable, Value, _, lines, listing

NETWORK_SESSION = Both(nl="Netwerksessie", en="Network session")


def to_come(exchange: Exchange) -> list[Meeting]:
    """The meetings for everybody that are not over, in order."""
    edition = exchange.edition
    coming = [m for m in edition.meetings if m.span(edition.zone).end > exchange.now]
    return sorted(coming, key=lambda m: (m.day, m.start))


def sessions_to_come(exchange: Exchange) -> list[Meeting]:
    """The network sessions that have not begun, in order."""
    edition = exchange.edition
    coming = [m for m in edition.network if m.span(edition.zone).start > exchange.now]
    return sorted(coming, key=lambda m: (m.day, m.start))


def named(exchange: Exchange, written: str) -> list[Meeting]:
    """The meetings to come that may be meant: by key or the beginning of the name; all of them when nothing is written."""
    coming = to_come(exchange)
    if not coming:
        raise Refusal(_("There is no meeting to come. See all dates with {how}.", how=Call(command="schedule")))
    first = folded(written.partition(" ")[0])
    known = {m.key: (m.key, folded(m.name.nl), folded(m.name.en)) for m in coming}
    found = [m for m in coming if any(name.startswith(first) for name in known[m.key])]
    if not found:
        raise Refusal(_no_meeting(coming))
    return found


def _no_meeting(coming: list[Meeting]) -> Sayable:
    return _("I do not know that meeting. Choose one of: {meetings}.", meetings=listing([m.name for m in coming]))


def answered(part: Participant, meeting: Meeting, presence: Presence) -> Participant:
    """Keep whether somebody comes."""
    return part.model_copy(update={"meetings": {**part.meetings, meeting.key: presence}})


def touched(exchange: Exchange, meeting: Meeting) -> list[Participant]:
    """Who must hear that a meeting moves or is cancelled: of a session who chose it; else all but those who cannot come."""
    parts = [p for _person, p in sorted(exchange.participants.items()) if p.takes_part]
    if meeting in exchange.edition.network:
        return [p for p in parts if meeting.key in p.network]
    return [p for p in parts if p.meetings.get(meeting.key) != "absent"]


def unanswered(part: Participant, meeting: Meeting) -> Participant:
    """Take back what somebody said of a meeting, because it is at another time now."""
    return part.model_copy(update={"meetings": {k: v for k, v in part.meetings.items() if k != meeting.key}})


def moved(exchange: Exchange, meeting: Meeting, day: date, start: time, end: time | None) -> tuple[Edition, Meeting]:
    """Put a meeting at another time; it lasts as long as it did when no end is given. Refuses a time that has passed."""
    edition = exchange.edition
    length = meeting.span(edition.zone).end - meeting.span(edition.zone).start
    begun = meeting.model_copy(update={"day": day, "start": start}).span(edition.zone).start
    changes = {"day": day, "start": start, "end": end or (begun + length).time(), "version": meeting.version + 1}
    it = meeting.model_copy(update=changes)
    _must_be_possible(exchange, it)
    return _with(edition, [it if m == meeting else m for m in (*edition.meetings, *edition.network)]), it


def _must_be_possible(exchange: Exchange, meeting: Meeting) -> None:
    span = meeting.span(exchange.edition.zone)
    if span.start <= exchange.now:
        raise Refusal(_("{day} has passed. Choose a day that is still to come.", day=Day(day=meeting.day)))
    if span.end <= span.start:
        raise Refusal(_("The end lies before the beginning. Type for example 14-10-2026 10.00-12.00."))


def _with(edition: Edition, found: list[Meeting]) -> Edition:
    """The edition with these meetings and sessions; a reminder of a meeting that is not there any more goes with it."""
    sessions = {m.key for m in edition.network}
    meetings = tuple(m for m in found if m.key not in sessions)
    kept = {f"meeting.{m.key}" for m in meetings}
    reminders = tuple(r for r in edition.reminders if not (r.anchor or "").startswith("meeting.") or r.anchor in kept)
    network = tuple(m for m in found if m.key in sessions)
    return edition.model_copy(update={"meetings": meetings, "network": network, "reminders": reminders})


def cancelled(edition: Edition, meeting: Meeting) -> Edition:
    """Take a meeting out of the edition, with its reminders."""
    return _with(edition, [m for m in (*edition.meetings, *edition.network) if m != meeting])


def planned(exchange: Exchange, seats: int, day: date, start: time, end: time) -> tuple[Edition, Meeting]:
    """Add a network session with so many seats. Refuses a time that has passed, and a session without seats."""
    if not seats:
        raise Refusal(_("A session needs at least one seat. Type for example {how}.", how=_plan_example()))
    edition = exchange.edition
    known = {m.key for m in (*edition.meetings, *edition.network)}
    number = next(n for n in count(edition.sessions_planned + 1) if f"network-{n}" not in known)
    session = Meeting(key=f"network-{number}", name=NETWORK_SESSION, day=day, start=start, end=end, seats=seats)
    _must_be_possible(exchange, session)
    changes = {"network": (*edition.network, session), "sessions_planned": number}
    return edition.model_copy(update=changes), session


def _plan_example() -> Call:
    return Call(command="meeting_plan", arguments=("12", "14-10-2026 15.00-16.30"))


def in_the_agenda(meeting: Meeting, zone: ZoneInfo) -> Value:
    """When a meeting is, whether it is online and whether everybody is expected. Of a network session only when: no more was said."""
    facts: list[Value] = [meeting.span(zone)]
    if meeting.seats is None:
        facts += [_("online") if meeting.online else _("on location")]
        facts += [_("mandatory")] if meeting.mandatory else []
    return facts[0] if len(facts) == 1 else _("{when} ({how})", when=facts[0], how=listing(facts[1:]))


# ── network sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def in_order(exchange: Exchange, session: Meeting) -> list[str]:
    """Everybody who chose this session, who came first first."""
    chose = [p for p in exchange.participants.values() if p.takes_part and session.key in p.network]
    return [p.person for p in sorted(chose, key=lambda p: (p.network[session.key], p.person))]


def seated(exchange: Exchange, session: Meeting) -> list[str]:
    """Who has a seat in this session."""
    return in_order(exchange, session)[: session.seats]


def joined(exchange: Exchange, part: Participant, session: Meeting) -> Participant:
    """Let somebody choose a session, with a seat or at the end of its waiting list. Refuses who chose it already."""
    if session.key in part.network:
        raise Refusal(_("You have signed up for it already. Sign off with {how}.", how=Call(command="network_leave")))
    return part.model_copy(update={"network": {**part.network, session.key: exchange.now}})


def left(part: Participant, session: Meeting) -> Participant:
    """Let somebody sign off from a session. Refuses who had not chosen it."""
    if session.key not in part.network:
        raise Refusal(_("You have not signed up for it. Sign up with {how}.", how=Call(command="network_join")))
    return part.model_copy(update={"network": {k: v for k, v in part.network.items() if k != session.key}})


def seats_left_by(exchange: Exchange, person: str) -> list[tuple[Meeting, str]]:
    """The sessions to come in which somebody has a seat that another gets when they leave the programme, and who gets it."""
    mine = (session for session in sessions_to_come(exchange) if person in seated(exchange, session))
    return [(session, following) for session in mine if (following := moves_up(exchange, session)) is not None]


def seat_came_free(exchange: Exchange, session: Meeting) -> Sayable:
    """What is said to who moves up from the waiting list of a session."""
    return lines(
        _(
            "A seat has come free: you can come to the network session, {when}.",
            when=session.span(exchange.edition.zone),
        ),
        _(
            "Can you not come any more? Sign off with {how}.",
            how=Call(command="network_leave", arguments=(session.key.rpartition("-")[2],)),
        ),
    )


def moves_up(exchange: Exchange, session: Meeting) -> str | None:
    """Who gets the seat when one of those who have one signs off."""
    order, seats = in_order(exchange, session), session.seats
    return order[seats] if seats is not None and len(order) > seats else None
