"""What made-up people do with their intervision group: want one, agree, find a day, plan the next session, say how it was."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from programme import circles
from programme.ballots import Ballot
from programme.crowd import at_the_table, gathering, leading
from programme.crowd.act import Act, Look
from programme.crowd.coordinating import groups_asked
from programme.crowd.seat import Seat
from programme.crowd.temperament import Pace
from programme.intervision.calls import PLAN
from programme.intervision.planned import leads_next
from programme.records import Group, Participant
from programme.rooms import group as group_room
from programme.text import Call

HOURS = ("9.30-11.00", "10.00-11.30", "13.30-15.00", "14.00-15.30")
"""When groups meet."""
WEEKS = (5, 6, 7)
"""How far two sessions lie apart."""
WAITS = timedelta(days=10)
"""So long after it was made a group looks for a day without who has not agreed."""


def acts(it: Look) -> Iterator[Act]:
    """What somebody plans with intervision."""
    part, published = it.part, it.exchange.round.published
    if it.exchange.edition.intervision is None or published is None or part is None or not part.takes_part:
        return
    yield from _wanting(it, part)
    mine = circles.group_of(it.exchange, it.me.id)
    yield from _answering(it, mine)
    if mine is not None:
        room = group_room(mine.edition, mine.number)
        yield from _agreeing(it, mine)
        yield from _voting(it, room)
        yield from _meeting(it, mine, room)


def _wanting(it: Look, part: Participant) -> Iterator[Act]:
    if not part.intervision and it.temper.pace is not Pace.FORGETFUL:
        wish = it.pick("intervision", ("yes", "yes", "yes", "together", "no"))
        call = Call(command="intervision", arguments=(wish,), edition=it.exchange.edition.id)
        yield from it.act("intervision", it.a_while("intervision", groups_asked(it), 1, 90), call)


def _agreeing(it: Look, mine: Group) -> Iterator[Act]:
    if it.me.id in circles.waiting_for(it.exchange.edition, mine):
        yield from it.act("agree", it.soon("agree"), Call(command="agree", edition=mine.edition))


# ── a day ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _meeting(it: Look, mine: Group, room: str) -> Iterator[Act]:
    """Take part in the session that goes on or comes; else see to it that there is one."""
    sitting = it.hall.sittings.get(mine.id)
    planned = it.hall.planned.get(mine.id)
    if sitting is not None and sitting.session.ended is None:
        if it.me.id not in sitting.present:
            yield from gathering.coming_late(it, mine, sitting.session, room)
            return
        seat = Seat(it, sitting, room)
        yield from at_the_table.acts(seat)
        yield from leading.acts(seat) if it.me.id == sitting.session.facilitator else ()
    elif planned is not None:
        yield from gathering.acts(it, mine, planned, room)
        _begins, ends = planned.span(it.zone)
        yield from _planning(it, mine, room, ends, timedelta(days=7))
    elif sitting is not None and sitting.session.ended is not None:
        yield from _next_one(it, mine, room, sitting.session.started, sitting.session.ended)
    elif not mine.held:
        yield from _finding_a_day(it, mine, room)


def _in_line(mine: Group, first: str | None) -> Sequence[str]:
    """Who sees to something, the first one first: the others do when the ones before them have not."""
    return [*([first] if first in mine.members else []), *(person for person in mine.members if person != first)]


def _finding_a_day(it: Look, mine: Group, room: str) -> Iterator[Act]:
    """Ask on which days everybody can, when all have agreed or that takes too long; plan one when nobody chose any."""
    asked = [ballot for ballot in it.ballots if ballot.room == room]
    closed = [ballot.closed for ballot in asked if ballot.closed is not None]
    if asked and len(closed) == len(asked):
        yield from _planning(it, mine, room, max(closed), timedelta(days=14))
    if asked:
        return
    at = it.soon("date poll") + timedelta(days=3 * mine.members.index(it.me.id))
    if circles.waiting_for(it.exchange.edition, mine):
        at = it.at_work(max(at, (mine.made or it.now) + WAITS), "date poll")
    days = [at.date() + timedelta(days=n) for n in range(14, 28)]
    working = [day for day in days if day.isoweekday() <= 5 and day not in it.free][:3]  # noqa: PLR2004 - Monday to Friday
    name = "Eerste keer" if it.exchange.edition.language == "nl" else "First time"
    question = "; ".join([name, *(f"{day:%d-%m-%Y} {_hours(it, mine)}" for day in working)])
    yield from it.act("date poll", at, Call(command="date_poll", arguments=(question,)), room=room)


def _hours(it: Look, mine: Group) -> str:
    return HOURS[(mine.number + it.seed) % len(HOURS)]


def _next_one(it: Look, mine: Group, room: str, began: datetime, ended: datetime) -> Iterator[Act]:
    """Plan the next one some weeks after this one, as long as there are sessions to come; who is prompt asks for a certificate then."""
    rule = circles.rule(it.exchange.edition)
    if mine.held >= rule.sessions and it.temper.pace is Pace.PROMPT:
        about = f"certificate/{mine.held}"
        yield from it.act(about, it.a_while(about, ended, 1, 20), Call(command="certificate"))
    elif 0 < mine.held < rule.sessions:
        weeks = timedelta(weeks=WEEKS[(mine.number + mine.held) % len(WEEKS)])
        yield from _planning(it, mine, room, ended, began + weeks - ended)


def _planning(it: Look, mine: Group, room: str, since: datetime, ahead: timedelta) -> Iterator[Act]:
    """Plan a session on a working day so long after `since`: who leads next does, and else another one days later."""
    rank = _in_line(mine, leads_next(mine)).index(it.me.id)
    about = f"plan/{mine.id}/{since:%Y%m%d}"
    at = it.a_while(about, since + timedelta(days=3 * rank), 1, 30)
    day = _working_day(it, max(at + timedelta(days=3), since + ahead).astimezone(it.zone).date())
    until = circles.rule(it.exchange.edition).until
    if until is None or day <= until:
        call = PLAN.model_copy(update={"arguments": (f"{day:%d-%m-%Y} {_hours(it, mine)}",)})
        yield from it.act(about, at, call, room=room)


def _working_day(it: Look, day: date) -> date:
    while day.isoweekday() > 5 or day in it.free:  # noqa: PLR2004 - Monday to Friday
        day += timedelta(days=1)
    return day


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _voting(it: Look, room: str) -> Iterator[Act]:
    """Choose in the polls of a room, some of what there is."""
    for ballot in it.ballots:
        if ballot.room == room and ballot.closed is None and it.me.id not in ballot.votes:
            at = min(it.soon(f"vote/{ballot.number}"), ballot.closes - timedelta(hours=1))
            yield Act(it.me.id, at, f"vote/{ballot.number}", room=room, votes=_choices(it, ballot))


def _choices(it: Look, ballot: Ballot) -> tuple[int, ...]:
    every = range(1, len(ballot.choices) + 1)
    found = [n for n in every if it.chance(f"vote/{ballot.number}/{n}") < 2 / 3]
    return tuple(found[: ballot.most]) or (it.pick("vote", every),)


def _answering(it: Look, mine: Group | None) -> Iterator[Act]:
    """Answer what is asked about a session: how useful it was, whether the group goes on, whether it is over, the strict level."""
    by_command: dict[str, list[Call]] = {}
    for call in it.hall.asked.get(it.me.id, ()):
        by_command.setdefault(call.command, []).append(call)
    held = mine.held if mine is not None else 0
    yield from _figure(it, by_command.get("evaluation", []), held)
    yield from _going_on(it, by_command.get("go_on", []), held)
    for command in ("outcome_known", "strict"):
        yield from _in_session(it, mine, by_command.get(command, []))


def _in_session(it: Look, mine: Group | None, answers: list[Call]) -> Iterator[Act]:
    """Answer soon what is asked while a session goes on. The strict level is always fine."""
    sitting = it.hall.sittings.get(mine.id) if mine is not None else None
    if answers and sitting is not None:
        about = f"{sitting.session.id}/{answers[0].command}/{sitting.session.phase}"
        at = it.now + timedelta(seconds=it.between(about, 20, 90))
        answer = answers[0] if answers[0].command == "strict" else it.pick(about, answers)
        yield from (replace(act, session=sitting.session.id) for act in it.act(about, at, answer))


def _figure(it: Look, figures: list[Call], held: int) -> Iterator[Act]:
    """Most people give a figure, and not a low one."""
    about = f"figure/{held}"
    if figures and it.chance(f"{about}/gives") < 4 / 5:
        yield from it.act(about, it.a_while(about, it.now, 0.05, 6), it.pick(about, figures[2:] or figures), most=2)


def _going_on(it: Look, answers: list[Call], held: int) -> Iterator[Act]:
    about = f"go on/{held}"
    forgets = it.temper.pace is Pace.FORGETFUL and it.chance(f"{about}/forgets") < 1 / 2
    if answers and not forgets:
        yes, *more = answers
        goes_on = it.chance(about) < 3 / 4 or not more
        yield from it.act(about, it.a_while(about, it.now, 1, 80), yes if goes_on else more[0])
