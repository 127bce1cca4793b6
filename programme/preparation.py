"""Preparing a visit together: five shared checks, the wishes of the guest, and whether the confidentiality statement is signed.

Of the statement only is kept that it was signed, when that was said and by whom. It never stops a visit: the host decides.
"""

from typing import Literal

from programme.edition import Edition, Step
from programme.exchange import Exchange, folded
from programme.records import Signed, Visit, Wish
from programme.text import Call, Refusal, _, listing

MOST_WISHES = 10
DAY, BOARD = "day", "board"
Answer = Literal["yes", "no", "later"]


def is_settled(check: Step, visit: Visit) -> bool:
    """Whether guest and host have settled this. The day is settled when one is agreed."""
    return bool(visit.agreed) if check.key == DAY else check.key in visit.checks


def is_whole(edition: Edition, visit: Visit) -> bool:
    """Whether everything is settled."""
    return all(is_settled(check, visit) for check in edition.checks)


def settled(edition: Edition, visit: Visit, written: str) -> Visit:
    """Settle one check, named by (the beginning of) its name in either language. Either of the two can do it."""
    check = _named(edition, written)
    if check.key == DAY and not visit.agreed:
        raise Refusal(_("The day is settled when you agree one. Propose it with {how}.", how=Call(command="propose")))
    return visit.model_copy(update={"checks": visit.checks | {check.key}})


def reopened(edition: Edition, visit: Visit, written: str) -> Visit:
    """Take a check back."""
    return visit.model_copy(update={"checks": visit.checks - {_named(edition, written).key}})


def _named(edition: Edition, written: str) -> Step:
    word = folded(written)
    for check in edition.checks:
        if word and any(folded(name).startswith(word) for name in (check.key, check.name.nl, check.name.en)):
            return check
    raise Refusal(_("I do not know that. Choose one of: {checks}.", checks=listing([c.name for c in edition.checks])))


def wished(visit: Visit, text: str) -> Visit:
    """Add a wish of the guest. Refuses more than ten."""
    if len(visit.wishes) >= MOST_WISHES:
        raise Refusal(_("You have {most} wishes already. Talk about the rest together.", most=MOST_WISHES))
    return visit.model_copy(update={"wishes": (*visit.wishes, Wish(text=text)), "checks": visit.checks | {"wishes"}})


def answered(visit: Visit, number: int, answer: Answer) -> Visit:
    """Keep what the host says to a wish (`number` from 1). Refuses a wish that is not there."""
    if not 1 <= number <= len(visit.wishes):
        raise Refusal(
            _("There is no wish {number}. See them with {how}.", number=number, how=Call(command="preparation"))
        )
    it = visit.wishes[number - 1].model_copy(update={"answer": answer})
    return visit.model_copy(update={"wishes": (*visit.wishes[: number - 1], it, *visit.wishes[number:])})


def signed(exchange: Exchange, visit: Visit, by: str) -> Visit:
    """Keep that the confidentiality statement was signed, today."""
    return visit.model_copy(update={"signed": Signed(by=by, on=exchange.today)})


def unsigned(visit: Visit) -> Visit:
    """Take back that it was signed."""
    return visit.model_copy(update={"signed": None})


def is_open(exchange: Exchange, visit: Visit) -> bool:
    """Whether the day is there and the statement is not signed: then a board meeting is left out of the plan."""
    if visit.signed is not None or not visit.agreed:
        return False
    return exchange.today >= visit.agreed[0].day


def plan(exchange: Exchange, visit: Visit) -> list[Step]:
    """What belongs to the plan of this visit."""
    without = is_open(exchange, visit)
    return [check for check in exchange.edition.checks if not (without and check.key == BOARD)]
