"""What the coordinator of a made-up edition does: only what a coordinator can, at the desk, in working hours."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from programme import circles, consultation, ring
from programme.crowd.act import Act, Look
from programme.exchange import Phase
from programme.nudges import awake, working_day
from programme.records import Proposal
from programme.rooms import desk
from programme.text import Call, Refusal

MORNING = time(10)
LAST_TALKS = timedelta(days=2)
"""So long before the matches are due nobody is offered other places any more."""


def acts(it: Look) -> Iterator[Act]:
    """What the coordinator plans."""
    for part in it.exchange.waiting():
        if it.exchange.phase in (Phase.SIGNUP, Phase.PREFERENCES):
            call = Call(command="admit", arguments=(part.person,))
            yield from _at_desk(it, f"admit/{part.person}/{part.since}", it.a_while("admit", it.now, 1, 5), call)
    if it.exchange.edition.is_over("preferences", it.now) and it.exchange.round.published is None:
        yield from _matching(it)
    elif it.exchange.round.published is None:
        yield from _at_desk(it, "state", _after_preferences(it), Call(command="state"))
    yield from _mending(it)
    yield from _grouping(it)


def _at_desk(it: Look, about: str, at: datetime | None, *calls: Call) -> Iterator[Act]:
    yield from it.act(about, at, *calls, room=desk(it.exchange.edition.id))


def _on(it: Look, day: date) -> datetime:
    """Ten o'clock on this day, or on the next on which people work."""
    return awake(datetime.combine(day, MORNING, it.zone), it.free, back=False)


def _after_preferences(it: Look) -> datetime:
    """The first working day after they have closed."""
    return _on(it, it.exchange.edition.period("preferences").last + timedelta(days=1))


# ── matching ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _matching(it: Look) -> Iterator[Act]:
    """Propose; talk with who got none of their preferences; publish on the day that was promised, with the count of what was shown."""
    asked = ring.problem(it.exchange).hash()
    proposal = it.exchange.round.proposal
    if proposal is None or proposal.input != asked:
        begin = max(_after_preferences(it), _when_talked(it, asked))
        calls = (Call(command="call_list"), Call(command="match_propose"))
        yield from _at_desk(it, f"propose/{asked}", begin, *(calls if proposal is None else calls[1:]))
    elif it.exchange.round.hold is None:
        yield from _consulting(it, proposal)
        count = [Call(command="match_publish", arguments=(str(len(proposal.match)),))]
        if any(talk.answer == "open" for talk in consultation.unsettled(it.exchange)):
            count *= 2  # the second time it is the button of the confirmation
        at = max(_on(it, it.exchange.edition.publish), it.at_work(it.now + timedelta(minutes=30), "publish"))
        yield from _at_desk(it, f"publish/{asked}", at, Call(command="match_publish"), *count)


def _when_talked(it: Look, about: str) -> datetime:
    """Soon; a day later as long as people are choosing from the places that they were offered, for each choice changes the outcome."""
    open_ = any(talk.answer == "open" for talk in it.exchange.round.consultations)
    later = min(it.now + timedelta(days=1), _due(it)) if open_ else it.now
    return it.at_work(max(later, it.now) + timedelta(minutes=20), about)


def _due(it: Look) -> datetime:
    """Until when somebody is offered other places."""
    return _on(it, it.exchange.edition.publish) - LAST_TALKS


def _consulting(it: Look, proposal: Proposal) -> Iterator[Act]:
    before = {talk.person: talk for talk in it.exchange.round.consultations}
    for person in _outside_their_list(proposal):
        talk = before.get(person)
        at = it.a_while(f"consult/{person}", it.now, 0.3, 3)
        times = talk.times if talk else 0
        if at < _due(it) and times < consultation.MOST and (talk is None or talk.answer == "declined"):
            yield from _at_desk(it, f"consult/{person}/{times}", at, Call(command="match_consult", arguments=(person,)))


def _outside_their_list(proposal: Proposal) -> list[str]:
    asked, found = ring.bundle(proposal)
    outside = [p for p, place in sorted(found.match.items()) if asked.level_of(p).get(place) is None]
    return [*found.unplaced, *outside]


# ── afterwards ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _mending(it: Look) -> Iterator[Act]:
    repair = it.exchange.round.repair
    if repair is not None and repair.pairs and not repair.asked:
        about = f"mend/{repair.made.isoformat()}"
        yield from _at_desk(it, about, it.a_while(about, it.now, 0.5, 4), Call(command="repair_ask"))


def groups_asked(it: Look) -> datetime:
    """When the coordinator asks who wants to be in an intervision group: two weeks before the visits are over."""
    return _on(it, it.exchange.edition.period("visits").last - timedelta(days=14))


def _grouping(it: Look) -> Iterator[Act]:
    """Ask, and a week later make the groups of who said yes."""
    if it.exchange.edition.intervision is None or it.exchange.round.published is None:
        return
    asked = groups_asked(it)
    if any(part.asked is None for part in circles.unasked(it.exchange)):
        yield from _at_desk(it, "groups", max(asked, it.exchange.round.published), Call(command="groups_ask"))
    begin = _on(it, working_day(asked.date(), 6, it.free))
    if it.exchange.round.grouping is None and not it.exchange.groups:
        size = _size(it)
        if size:
            yield from _at_desk(it, "groups/propose", begin, Call(command="groups_propose", arguments=(str(size),)))
    elif it.exchange.round.grouping is not None:
        count = len(it.exchange.round.grouping.groups)
        at = it.a_while("groups/make", max(begin, it.now), 0.3, 2)
        yield from _at_desk(it, f"groups/make/{count}", at, Call(command="groups_make", arguments=(str(count),)))


def _size(it: Look) -> int:
    """The usual size for who wants to be in a group; 0 when they are too few."""
    try:
        return max(circles.ways(it.exchange)[0])
    except Refusal:
        return 0
