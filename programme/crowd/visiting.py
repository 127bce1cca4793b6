"""What made-up people do once they know their match: agree a day, prepare it, call it off, say how it was."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from programme.crowd.act import Act, Look
from programme.crowd.taking_part import WISHES
from programme.crowd.temperament import Pace, Trait
from programme.preparation import BOARD, DAY
from programme.records import NewPair, Participant, Visit
from programme.rooms import pair as pair_room
from programme.text import Call

TRIES = 6
"""So often two people propose days to each other."""
EXPERIENCES = {
    "nl": ("De rust in de vergaderzaal.", "Eerder beginnen met voorbereiden.", "Ga vooral, je leert elkaar kennen."),
    "en": ("How calm the meeting was.", "To prepare earlier.", "Do go, you get to know each other."),
}


def acts(it: Look) -> Iterator[Act]:
    """What somebody plans with their visits, and after."""
    part = it.part
    if part is None or not part.takes_part or it.exchange.round.published is None:
        return
    for visit in it.exchange.visits_of(it.me.id):
        yield from _agreeing(it, visit)
        if visit.agreed and visit.ended is None:
            yield from _preparing(it, visit)
            yield from _called_off(it, visit)
            yield from _afterwards(it, visit)
        elif visit.done:
            yield from _figure(it, visit)
    yield from _mending(it)
    yield from _experience(it, part)


# ── a day ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _agreeing(it: Look, visit: Visit) -> Iterator[Act]:
    if visit.agreed or visit.done or it.exchange.edition.is_over("visits", it.now):
        return
    if visit.suggestion is not None and visit.suggestion.by != it.me.id:
        yield from _answering(it, visit, visit.suggestion.halves[0].day)
    elif visit.suggestion is None and _proposer(it, visit) == it.me.id:
        yield from _proposing(it, visit)


def _proposer(it: Look, visit: Visit) -> str:
    """Who thinks of it: the one who did not call it off; else the guest, unless that is somebody who forgets."""
    if visit.ended is not None and visit.ended.how == "cancelled by guest":
        return visit.host
    forgets = it.of(visit.guest).pace is Pace.FORGETFUL and it.of(visit.host).pace is not Pace.FORGETFUL
    return visit.host if forgets and visit.ended is None else visit.guest


def _proposing(it: Look, visit: Visit) -> Iterator[Act]:
    about = f"day/{visit.guest}/{visit.version}"
    at = _in_time(it, about)
    if it.temper.pace is Pace.FORGETFUL and visit.ended is None:
        at = it.reminded(about, "undated") or at
    day = _possible_day(it, visit, at, about)
    if day is None:
        return
    here = it.chance(f"{about}/here") < 1 / 5
    written = day.strftime("%d-%m-%Y")
    which = written if here else f"{visit.guest} {written}"
    room = pair_room(it.exchange.edition.id, visit.guest) if here else ""
    yield from it.act(about, at, Call(command="propose", arguments=(which,)), room=room, most=TRIES)


def _in_time(it: Look, about: str) -> datetime:
    """By one's pace; the next day when the period is almost over."""
    at, last = it.soon(about), it.noon(it.exchange.edition.period("visits").last)
    return at if at < last - timedelta(days=14) else it.a_while(about, it.now, 2, 24)


def _possible_day(it: Look, visit: Visit, at: datetime, about: str) -> date | None:
    """A working day in the period, a week ahead or as soon as can be, on which neither of the two is somewhere else."""
    period = it.exchange.edition.period("visits")
    first = max(period.first, at.astimezone(it.zone).date() + timedelta(days=2))
    taken = {h.day for p in (visit.guest, visit.host) for v in it.exchange.visits_of(p) for h in v.agreed}
    taken |= {meeting.day for meeting in it.exchange.edition.meetings} | it.free
    days = [first + timedelta(days=n) for n in range((period.last - first).days + 1)]
    possible = [day for day in days if day.isoweekday() <= 5 and day not in taken]  # noqa: PLR2004 - Monday to Friday
    ahead = [day for day in possible if (day - first).days >= 5] or possible  # noqa: PLR2004 - not this very week
    return it.pick(f"{about}/day/{it.tried(about)}", ahead[:25]) if ahead else None


def _answering(it: Look, visit: Visit, day: date) -> Iterator[Act]:
    """Say yes; who declines days does so twice at most."""
    about = f"answer/{visit.guest}"
    at = min(_in_time(it, about), max(it.now, it.noon(day - timedelta(days=1))))
    elsewhere = any(half.day == day for v in it.exchange.visits_of(it.me.id) for half in v.agreed)
    declines = it.has(Trait.DECLINES) and it.tried(about) < 2 and it.chance(f"{about}/{day}") < 2 / 3  # noqa: PLR2004
    name = "decline_day" if elsewhere or declines else "accept_day"
    yield from it.act(about, at, Call(command=name, arguments=(visit.guest,)), most=2 * TRIES)


def _called_off(it: Look, visit: Visit) -> Iterator[Act]:
    """Once, the day before or on the day itself. The second time it is the button of the confirmation."""
    first = it.noon(visit.agreed[0].day)
    if it.has(Trait.CANCELS) and visit.version == 1 and it.now < first:
        hours = 26 if it.chance("cancel/early") < 1 / 2 else 4
        call = Call(command="cancel_day", arguments=(visit.guest,))
        yield from it.act("cancel", max(it.now, first - timedelta(hours=hours)), call, call)


# ── before ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _preparing(it: Look, visit: Visit) -> Iterator[Act]:
    before = visit.agreed[0].day > it.now.astimezone(it.zone).date()
    if before and visit.guest == it.me.id:
        yield from _wishing(it, visit)
        yield from _signing(it, visit)
    elif before:
        yield from _ticking(it, visit)
        for number, wish in enumerate(visit.wishes, 1):
            if not wish.answer:
                said = it.pick(f"wish/{visit.guest}/{number}", ("yes", "yes", "later", "no"))
                call = Call(command="wish_answer", arguments=(visit.guest, str(number), said))
                yield from it.act(f"wish/{visit.guest}/{number}", it.soon("wish"), call)


def _wishing(it: Look, visit: Visit) -> Iterator[Act]:
    if not visit.wishes and it.chance("wishes") < 1 / 2:
        text = it.pick("wish", WISHES[it.me.language or "nl"])
        yield from it.act("wish", it.soon("wish"), Call(command="wish", arguments=(text,)))


def _signing(it: Look, visit: Visit) -> Iterator[Act]:
    """Say that the statement is signed; who forgets does so when reminded, a week before."""
    if it.exchange.edition.confidentiality is None or visit.signed is not None or it.has(Trait.SIGNS_NOTHING):
        return
    about, at = f"signed/{visit.version}", it.soon("signed")
    if it.temper.pace is Pace.FORGETFUL:
        at = max(it.a_while(about, it.noon(visit.agreed[0].day - timedelta(days=7)), 0, 30), it.now)
    yield from it.act(about, at, Call(command="confidentiality", arguments=(f"{visit.guest} ja",)))


def _ticking(it: Look, visit: Visit) -> Iterator[Act]:
    """The host settles the programme and how to get in. The board is left open by most."""
    open_ = [c.key for c in it.exchange.edition.checks if c.key not in visit.checks | {DAY, BOARD, "wishes"}]
    if open_ and it.temper.pace is not Pace.FORGETFUL:
        calls = [Call(command="preparation", arguments=(f"{visit.guest} {key}",)) for key in open_]
        yield from it.act(f"checks/{visit.guest}", it.soon(f"checks/{visit.guest}"), *calls)


# ── after ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _afterwards(it: Look, visit: Visit) -> Iterator[Act]:
    """Say what became of the day: the host of somebody who did not come on the day itself, the guest when asked."""
    about, day = f"after/{visit.guest}/{visit.version}", visit.agreed[-1].day
    stayed_away = Trait.STAYS_AWAY in it.of(visit.guest).traits and visit.version == 1
    if stayed_away:
        call = Call(command="no_show", arguments=(visit.guest,))
        if visit.host == it.me.id:
            yield from it.act(about, max(it.noon(day), it.now), call)
    elif visit.guest == it.me.id and (asked := _asked_after(it, day)) is not None:
        call = Call(command="took_place", arguments=(visit.guest,))
        yield from it.act(about, max(it.a_while(about, asked, 0.2, 9), it.now), call)


def _asked_after(it: Look, day: date) -> datetime | None:
    """When the reminder rings that asks whether it took place; who is forgetful answers only the second. None when there is none."""
    asking = [r for r in it.exchange.edition.reminders if r.anchor == "visit" and r.only == "unconfirmed" and r.taps]
    moments = sorted(it.after(day, reminder) for reminder in asking)
    return moments[-1 if it.temper.pace is Pace.FORGETFUL else 0] if moments else None


def _figure(it: Look, visit: Visit) -> Iterator[Act]:
    """One figure per side, for who is asked."""
    asked = any(
        call.command == "figure" and call.arguments[:1] == (visit.guest,) for call in it.hall.asked.get(it.me.id, ())
    )
    if asked and visit.side(it.me.id) not in visit.figures:
        value = it.pick("figure", (3, 4, 4, 4, 5, 5))
        call = Call(command="figure", arguments=(visit.guest, str(value)))
        yield from it.act(f"figure/{visit.guest}", it.directly(), call)


def _experience(it: Look, part: Participant) -> Iterator[Act]:
    """Answer the questions when reminded, for everybody, without a name, or for oneself."""
    asked = len(it.exchange.edition.experience)
    mine = it.exchange.visits.get(it.me.id)
    if part.shared or not asked or it.has(Trait.SHARES_NOTHING) or mine is None or not mine.done:
        return
    sharing = it.pick("sharing", ("cohort", "cohort", "anonymous", "anonymous", "private"))
    said = EXPERIENCES[it.me.language or "nl"][:asked]
    answers = [Call(command="experience_answer", arguments=(sharing, *said[: n + 1])) for n in range(asked)]
    at = it.reminded("experience", "unshared")
    yield from it.act("experience", at, Call(command="experience", arguments=(sharing,)), *answers)


# ── when somebody leaves ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _mending(it: Look) -> Iterator[Act]:
    repair = it.exchange.round.repair
    for pair in repair.pairs if repair is not None and repair.asked else ():
        if it.me.id in (pair.guest, pair.host) and it.me.id not in pair.agreed:
            yield from _consenting(it, pair)


def _consenting(it: Look, pair: NewPair) -> Iterator[Act]:
    about = f"repair/{pair.guest}/{pair.number}"
    name = "repair_no" if it.has(Trait.PICKY) and it.chance(about) < 1 / 3 else "repair_yes"
    yield from it.act(about, it.soon(about), Call(command=name, arguments=(pair.guest, str(pair.number))))
