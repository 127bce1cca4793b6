"""The one status text of a session, and what is asked in its phase: derived, so that it can be edited in place at any time."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from math import ceil

from programme.intervision import slow_status
from programme.intervision.calls import NEXT
from programme.intervision.method import MINUTE
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import Monologue, Open, QuestionRound
from programme.intervision.written import Classify, SilentWrite, Vote
from programme.text import Both, Lines, Text, Value, _, _n, lines, listing

Shown = Callable[[str], str]
"""Gives the name to show for a person's id."""


def status(sitting: Sitting, shown: Shown) -> Lines:
    """How it stands: phase, minutes left, whose turn, who is next, and who raised a hand."""
    session = sitting.session
    if session.ended:
        return lines(_("{method}: this session is over.", method=sitting.method.name))
    if session.slow:
        return slow_status.status(sitting, shown)
    phase = _(
        "{method}, phase {number} of {phases}: {phase}",
        method=sitting.method.name,
        number=session.phase + 1,
        phases=len(sitting.method.phases),
        phase=sitting.phase.name,
    )
    hands = [_("Hands: {people}", people=listing([shown(p) for p in session.hands]))] if session.hands else []
    return lines(phase, _clock(sitting), *_turn(sitting, shown), *hands)


def _clock(sitting: Sitting) -> Value:
    n = minutes(sitting.left)
    if sitting.session.paused_at:
        return _n("We are pausing, with {n} minute left.", "We are pausing, with {n} minutes left.", n=n)
    if sitting.is_up:
        return _("The time of this phase is over.")
    return _n("{n} minute left", "{n} minutes left", n=n)


def minutes(length: timedelta) -> int:
    """Whole minutes, rounded up, as people read a clock that counts down."""
    return ceil(length.total_seconds() / MINUTE)


def _turn(sitting: Sitting, shown: Shown) -> Iterator[Value]:
    turn = sitting.session.turn
    if isinstance(turn, SilentWrite) and turn.waiting:
        yield _n("{n} person is still writing.", "{n} people are still writing.", n=len(turn.waiting))
    elif isinstance(turn, Vote) and turn.waiting:
        yield _n("{n} person still has to vote.", "{n} people still have to vote.", n=len(turn.waiting))
    elif isinstance(turn, Vote) and turn.closed:
        yield _(
            "It is the case of {person}. {facilitator} goes on with {next}.",
            person=shown(sitting.session.presenter or ""),
            facilitator=shown(sitting.session.facilitator),
            next=NEXT,
        )
    elif isinstance(turn, Vote) and turn.tied:
        people = listing([shown(p) for p in turn.tied])
        yield _("{facilitator} chooses: {people}.", facilitator=shown(sitting.session.facilitator), people=people)
    elif sitting.phase.needs_presenter and sitting.session.presenter is None:
        yield _("It is not known yet whose case it is.")
    elif turn.finished:
        facilitator = shown(sitting.session.facilitator)
        over = part_over(sitting, shown)
        yield _("{over} {facilitator} goes on with {next}.", over=over, facilitator=facilitator, next=NEXT)
    elif turn.holder:
        yield from _holder(sitting, turn.holder, shown)
    elif isinstance(turn, Open):
        yield _("Everybody may speak.") if not sitting.listeners else _listening(sitting, shown)


def part_over(sitting: Sitting, shown: Shown) -> Text:
    """That this part of the phase is over, in the words of what was done in it."""
    match sitting.session.turn:
        case SilentWrite():
            return _("Everybody is done writing.")
        case Vote():
            return _("The choice is made.")
        case Classify():
            return _("The labels are done.")
        case Monologue() if sitting.takers:
            return _("{person} is ready.", person=shown(sitting.takers[0]))
        case _:
            return _("Everybody has had their part.")


def _holder(sitting: Sitting, holder: str, shown: Shown) -> Iterator[Value]:
    turn, after = sitting.session.turn, sitting.next_in_line
    if isinstance(turn, QuestionRound) and turn.answering:
        yield _("{person} answers {asker}.", person=shown(holder), asker=shown(turn.asker or ""))
    else:
        yield _("{person} has the turn.", person=shown(holder))
    if after:
        yield _("Next: {person}", person=shown(after))


def _listening(sitting: Sitting, shown: Shown) -> Value:
    return _("Talk with each other; {people} listens.", people=listing([shown(p) for p in sorted(sitting.listeners)]))


def asked(sitting: Sitting, shown: Shown, theme: Value) -> Both:
    """What is asked in this phase, with names in it. `theme` is what the circle is about; the caller keeps it, not the record."""
    session, phase = sitting.session, sitting.phase
    variants = {True: phase.prompt_if_over, False: phase.prompt_if_open, None: None}
    first = phase.prompt_first if session.first else None
    prompt = variants[session.outcome_known] or first or phase.prompt
    return prompt.model_copy(update={"values": _values(sitting, shown, theme)})


def tip(sitting: Sitting, shown: Shown, theme: Value) -> Both | None:
    """What the facilitator watches in this phase, with names in it; None where the method says nothing."""
    watched = sitting.phase.tip
    return watched.model_copy(update={"values": _values(sitting, shown, theme)}) if watched else None


def _values(sitting: Sitting, shown: Shown, theme: Value) -> dict[str, Value]:
    """What the words between braces in a method stand for now."""
    session = sitting.session
    return {
        "presenter": shown(session.presenter) if session.presenter else _("the presenter"),
        "speaker": shown(session.turn.holder) if session.turn.holder else _("Everybody"),
        "theme": theme,
        "minutes": ceil(session.plan[session.phase] / MINUTE),
    }
