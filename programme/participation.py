"""Taking part: who may sign up, the form, the waiting list, and leaving."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

from programme.edition import Edition
from programme.exchange import Exchange, Phase, folded
from programme.model import Model
from programme.people import Person
from programme.records import Participant, Place, Round, State
from programme.text import Both, Call, Day, Misread, Refusal, Sayable, _

LONGEST_REST = timedelta(days=92)
"""So long somebody can want no reminders: a quarter."""


def may_sign_up(exchange: Exchange, person: str) -> Literal["now", "late"]:
    """Whether this person can sign up: in time, or for the waiting list. Refuses who is in, and who is too early."""
    found = exchange.participants.get(person)
    if found is not None and found.state != "withdrawn":
        raise Refusal(_already(exchange, found))
    if not exchange.edition.has_begun("signup", exchange.now):
        raise Refusal(
            _(
                "Sign-up for {edition} opens on {day}. Come back then and type {how}.",
                edition=exchange.edition.name,
                day=Day(day=exchange.edition.windows["signup"].opens),
                how=Call(command="signup"),
            )
        )
    if exchange.phase is Phase.CLOSED:
        raise Refusal(
            _(
                "{edition} is over. Do you want to take part in the next one? Call or mail {contact}.",
                edition=exchange.edition.name,
                contact=str(exchange.edition.contact),
            )
        )
    return "now" if exchange.edition.is_open("signup", exchange.now) else "late"


def _already(exchange: Exchange, found: Participant) -> Sayable:
    match found.state:
        case "form":
            return _("You have begun to sign up. Go on with {how}.", how=Call(command="form"))
        case "waiting":
            return _(
                "You are on the waiting list of {edition}. You need not do anything.", edition=exchange.edition.name
            )
        case "offered":
            return _(
                "There is room for you in {edition}. Take it with {yes}, or leave it to somebody else with {no}.",
                edition=exchange.edition.name,
                yes=Call(command="take_room"),
                no=Call(command="leave_room"),
            )
        case _:
            return _(
                "You already take part in {edition}. See what comes with {how}.",
                edition=exchange.edition.name,
                how=Call(command="overview"),
            )


def begun(exchange: Exchange, me: Person) -> Participant:
    """Let somebody in, at the form. What is known of them is filled in."""
    known = {"organisation": me.organisation, "sector": me.sector, "region": me.region}
    answers = {q.key: known[q.key] for q in exchange.edition.form if known.get(q.key)}
    return _part(exchange, me.id, "form", answers)


def waiting(exchange: Exchange, person: str) -> Participant:
    """Put somebody on the waiting list."""
    return _part(exchange, person, "waiting", {})


def _part(exchange: Exchange, person: str, state: State, answers: dict[str, str]) -> Participant:
    return Participant(
        id=f"{exchange.edition.id}/{person}",
        edition=exchange.edition.id,
        person=person,
        state=state,
        since=exchange.now,
        answers=answers,
    )


def offered(exchange: Exchange, part: Participant, until: datetime) -> Participant:
    """Offer room to somebody who waits, and keep it for them until then (aware)."""
    return part.model_copy(update={"state": "offered", "since": exchange.now, "room_until": until})


def unanswered(exchange: Exchange) -> list[Participant]:
    """Whose room is kept no longer, because they did not say in time that they take it."""
    parts = (p for _person, p in sorted(exchange.participants.items()) if p.state == "offered")
    return [p for p in parts if p.room_until is not None and p.room_until <= exchange.now]


def passed_over(exchange: Exchange, part: Participant) -> Participant:
    """Let somebody go who does not take the room that was offered."""
    return part.model_copy(update={"state": "withdrawn", "since": exchange.now, "room_until": None})


def invited(exchange: Exchange, person: str) -> Participant:
    """The part of somebody to whom room was offered. Refuses anybody else."""
    found = exchange.participants.get(person)
    if found is None or found.state != "offered":
        raise Refusal(_("There is no open offer for you. See how you stand with {how}.", how=Call(command="overview")))
    return found


def may_complete(exchange: Exchange, part: Participant) -> bool:
    """Whether a complete form lets somebody in now: in time, or let in by the coordinator, or in already."""
    return part.admitted or exchange.edition.is_open("signup", exchange.now)


def next_question(exchange: Exchange, part: Participant) -> str | None:
    """Key of the first question without an answer; None when the form is complete."""
    return next((q.key for q in exchange.edition.form if q.key not in part.answers), None)


def answered(exchange: Exchange, part: Participant, key: str, answer: str) -> Participant:
    """Put an answer in the form. Refuses one that does not fit the question, and says what does."""
    answers = {**part.answers, key: _fitting(exchange.edition, key, answer)}
    return part.model_copy(update={"answers": answers})


def completed(exchange: Exchange, part: Participant) -> tuple[Participant, Place | None, Round]:
    """Take somebody in whose form is complete, and give their places a number."""
    part = part.model_copy(update={"state": "in", "since": exchange.now if part.state == "form" else part.since})
    mine = exchange.place_of(part.person)
    number = mine.number if mine else exchange.round.next_number
    place = _place(exchange.edition.id, part, number)
    if mine is None and place.seats == 0:
        return part, None, exchange.round
    return part, place, exchange.round.model_copy(update={"next_number": max(exchange.round.next_number, number + 1)})


def withdrawn(exchange: Exchange, part: Participant) -> list[Model]:
    """Let somebody go: their part without its preferences, their place closed, and the round without the locks on either."""
    # Who said it before publication and was heard after it leaves a published ring, and must be seen to do so.
    since = max(exchange.now, exchange.round.published or exchange.now)
    emptied = {"state": "withdrawn", "preferences": (), "avoids": (), "padded": 0, "since": since}
    gone: list[Model] = [part.model_copy(update=emptied)]
    if place := exchange.place_of(part.person):
        gone.append(place.model_copy(update={"open": False}))
    mine = place.number if place else None
    locks = tuple(lock for lock in exchange.round.locks if lock.person != part.person and lock.number != mine)
    if locks != exchange.round.locks:
        gone.append(exchange.round.model_copy(update={"locks": locks}))
    return gone


def left_alone(exchange: Exchange, part: Participant, last: date) -> Participant:
    """Send somebody no reminders through this day. Refuses a day that has passed, and one so far away that it is like leaving."""
    today = exchange.now.astimezone(exchange.edition.zone).date()
    if last < today:
        raise Misread(_("{day} has passed. Choose a day that is still to come.", day=Day(day=last)))
    if last > today + LONGEST_REST:
        raise Refusal(
            _(
                "I can be quiet until {day} at most. Do you want to leave? That is done with {how}.",
                day=Day(day=today + LONGEST_REST),
                how=Call(command="withdraw"),
            )
        )
    return part.model_copy(update={"undisturbed": last})


def must_still_offer(exchange: Exchange) -> None:
    """Refuse a change of the number of places once they can be ranked."""
    if exchange.phase not in (Phase.BEFORE, Phase.SIGNUP):
        raise Refusal(
            _(
                "The number of places is fixed now, because others choose from them. Is something wrong? Call or mail {contact}.",
                contact=str(exchange.edition.contact),
            )
        )


def _place(edition: str, part: Participant, number: int) -> Place:
    answers = part.answers
    return Place(
        id=f"{edition}/{number}",
        edition=edition,
        number=number,
        host=part.person,
        organisation=answers["organisation"],
        sector=answers["sector"],
        region=answers.get("region", ""),
        offer=answers.get("offer", ""),
        seats=int(answers["places"]),
    )


def _fitting(edition: Edition, key: str, answer: str) -> str:
    """The answer as it is kept: a choice as its Dutch label, a number as digits, and nothing where it may be skipped."""
    question = edition.question(key)
    answer = answer.strip()
    if not answer and question.optional:
        return ""
    match question.kind:
        case "number":
            return _number(answer, question.least, question.most)
        case "choice":
            return _choice(answer, question.choices)
        case "mail":
            return _mail(answer)
        case "yes_no":
            return _choice(answer, (Both(nl="ja", en="yes"), Both(nl="nee", en="no")))
        case "text":
            if not answer:
                raise Misread(_("I did not get an answer. Type it in one message."))
            return answer


def _mail(answer: str) -> str:
    name, _at, host = answer.partition("@")
    if not name or "." not in host.strip(".") or any(sign.isspace() for sign in answer) or "@" in host:
        raise Misread(_("That is no mail address. Type it like this: {example}.", example="naam@organisatie.nl"))
    return answer


NUMBERS: Final = {
    **dict.fromkeys(("nul", "geen", "zero", "none"), 0),
    **dict.fromkeys(("een", "één", "one"), 1),
    **dict.fromkeys(("twee", "two"), 2),
    **dict.fromkeys(("drie", "three"), 3),
    **dict.fromkeys(("vier", "four"), 4),
}
"""Small numbers as people write them out."""
MOST_DIGITS = 3
"""A longer row of figures is no answer to "how many"."""


def _number(answer: str, least: int, most: int) -> str:
    small = answer.isascii() and answer.isdecimal() and len(answer) <= MOST_DIGITS
    number = int(answer) if small else NUMBERS.get(folded(answer))
    if number is None or not least <= number <= most:
        raise Misread(_("I need a number from {least} to {most}. Type only the number.", least=least, most=most))
    return str(number)


def _choice(answer: str, choices: Sequence[Both]) -> str:
    numbered = {str(n): choice for n, choice in enumerate(choices, 1)}
    if answer in numbered:
        return numbered[answer].nl
    for choice in choices:
        if folded(answer) in (folded(choice.nl), folded(choice.en)):
            return choice.nl
    raise Misread(
        _("I do not know that answer. Choose one of these, or type its number:"),
        *(_("{number}. {choice}", number=n, choice=choice) for n, choice in enumerate(choices, 1)),
    )
