"""What made-up people do until they know their match: sign up, fill in the form, rank places, say whether they come, leave."""

from collections.abc import Iterator
from datetime import timedelta

from programme import preferences
from programme.crowd.act import Act, Look
from programme.crowd.chance import draw
from programme.crowd.temperament import Pace, Trait
from programme.edition import Question
from programme.exchange import Phase
from programme.people import Person
from programme.records import Participant, Place
from programme.text import Call

WITHDRAW = Call(command="withdraw")
SKIP = "-"
OFFERS = {
    "nl": (
        "Een dag mee met de secretaris.",
        "Een overleg van de directie, en lunch met het team.",
        "Een dag op locatie.",
    ),
    "en": ("A day with the secretary.", "A meeting of the directors, and lunch with the team.", "A day in the field."),
}
WISHES = {
    "nl": ("Hoe jullie notuleren.", "Een vergadering van het bestuur.", "Hoe jullie met besluiten omgaan."),
    "en": ("How you take minutes.", "A meeting of the board.", "How you deal with decisions."),
}
ANYTHING = {"nl": ("Daar vertel ik graag meer over.",), "en": ("I would like to tell more about that.",)}


def acts(it: Look) -> Iterator[Act]:
    """What somebody plans with the edition itself."""
    part = it.part
    if part is None:
        yield from _signing_up(it)
    elif part.state == "form":
        yield from _filling_in(it, part)
    elif part.state == "offered":
        yield from it.act(f"room/{part.since}", it.soon("room"), Call(command="take_room"))
    elif part.takes_part:
        yield from _ranking(it, part)
        yield from _meetings(it, part)
        yield from _consulted(it)
        yield from _leaving(it, part)


def _signing_up(it: Look) -> Iterator[Act]:
    """The second time it is the button of the confirmation."""
    closes = it.exchange.edition.windows["signup"].ends(it.zone)
    at = it.in_window("signup", "signup", "cohort")
    if it.has(Trait.SIGNS_UP_LATE) and it.exchange.phase in (Phase.BEFORE, Phase.SIGNUP):
        at = it.a_while("signup", closes, 5, 60)
    yield from it.act("signup", at, Call(command="signup"), Call(command="signup"))


def _filling_in(it: Look, part: Participant) -> Iterator[Act]:
    """In one go; who is forgetful stops halfway and goes on when reminded."""
    form = it.exchange.edition.form
    missing = [question for question in form if question.key not in part.answers]
    half = len(form) // 2 + 1
    stops = it.temper.pace is Pace.FORGETFUL and not part.admitted
    if stops and len(missing) > len(form) - half:
        missing = missing[: len(missing) - (len(form) - half)]
        yield from it.act("form", it.directly(), *(_answer(it, question) for question in missing))
    else:
        at = it.reminded("form/rest", "unfinished") if stops else it.directly()
        yield from it.act("form/rest", at, *(_answer(it, question) for question in missing), most=2)


def _answer(it: Look, question: Question) -> Call:
    return Call(command="form", arguments=(question.key, answer(it.me, question, it.chance(f"form/{question.key}"))))


def answer(me: Person, question: Question, chance: float) -> str:
    """What somebody answers to a question of the form. `chance` is from 0 up to 1."""
    known = {"organisation": me.organisation, "sector": me.sector, "region": me.region}
    if known.get(question.key):
        return known[question.key]
    if question.optional and chance < 1 / 4:
        return SKIP
    if question.kind == "text":
        said = {"offer": OFFERS, "wishes": WISHES}.get(question.key, ANYTHING)[me.language or "nl"]
        return said[int(chance * len(said))]
    return _of_a_kind(me, question, chance)


def _of_a_kind(me: Person, question: Question, chance: float) -> str:
    match question.kind:
        case "choice":
            return question.choices[int(chance * chance * len(question.choices))].nl
        case "number":
            usual = 1 if chance < 9 / 10 else 2  # one in ten can receive two
            return str(min(question.most, max(question.least, usual)))
        case "mail":
            return f"{me.id.strip('@').partition(':')[0]}@voorbeeld.example"
        case _:
            return "ja"


def _ranking(it: Look, part: Participant) -> Iterator[Act]:
    """Look at the places and rank them; a short list is filled after a question. Some come back to it."""
    edition = it.exchange.edition
    if it.has(Trait.SILENT) or it.exchange.round.published or edition.is_over("preferences", it.now):
        return
    order = favourites(it, part)
    if not order:
        return
    if not part.preferences:
        at = it.in_window("preferences", "preferences", "undecided")
        yield from it.act("preferences", at, *_first_list(it, order), most=2)
    elif it.has(Trait.CHANGES_MIND) and part.preferences[0] == order[0]:
        at = it.a_while("other order", it.now, 20, 90)
        if at < edition.windows["preferences"].ends(it.zone):
            yield from it.act("other order", at, _prefer([*order[1:], order[0]]))


def _first_list(it: Look, order: list[int]) -> Iterator[Call]:
    yield Call(command="places")
    few = it.has(Trait.RANKS_FEW) and len(order) > 2  # noqa: PLR2004 - there is something to leave out
    if it.has(Trait.AVOIDS) and len(it.exchange.offered()) > len(order) + 1:
        rest = [place.number for place in it.exchange.offered() if place.number not in order and place.host != it.me.id]
        yield Call(command="avoid", arguments=(str(rest[0]),))
    yield from (_prefer(order[:2]), _prefer(order[:2])) if few else (_prefer(order),)


def _prefer(order: list[int]) -> Call:
    return Call(command="prefer", arguments=tuple(str(number) for number in order))


def favourites(it: Look, part: Participant) -> list[int]:
    """The numbers of the places that somebody likes, best first, as many as they may rank. Some places everybody likes."""

    def liked(place: Place) -> float:
        return draw(it.seed, "everybody", place.host) / 3 + it.chance(f"likes/{place.host}")

    ranked = sorted(it.exchange.choosable(part), key=lambda place: (-liked(place), place.number))
    return [place.number for place in ranked][: preferences.length(it.exchange, part)]


def _meetings(it: Look, part: Participant) -> Iterator[Act]:
    for meeting in it.exchange.edition.meetings:
        asked = it.reminded(f"meeting/{meeting.key}", "unanswered", meeting=meeting.key)
        forgets = it.temper.pace is Pace.FORGETFUL and it.chance(f"{meeting.key}/forgets") < 1 / 2
        if meeting.key in part.meetings or asked is None or forgets:
            continue
        at = it.a_while(f"meeting/{meeting.key}", asked, 0, 20)
        if at < meeting.span(it.zone).start:
            comes = it.chance(f"{meeting.key}/comes") < 17 / 20
            call = Call(command="attend" if comes else "absent", arguments=(meeting.key,))
            yield from it.act(f"meeting/{meeting.key}", at, call)


def _consulted(it: Look) -> Iterator[Act]:
    """Choose from the places that the coordinator proposed, or none of them."""
    for asked in it.exchange.round.consultations:
        if asked.person == it.me.id and asked.answer == "open" and not it.exchange.round.published:
            number = it.pick(f"consulted/{asked.times}", asked.offered)
            call = Call(command="alternative", arguments=(str(number),))
            if it.has(Trait.PICKY) and it.chance(f"picky/{asked.times}") < 2 / 3:
                call = Call(command="alternative_none")
            yield from it.act(f"consulted/{asked.times}", it.soon("consulted"), call)


def _leaving(it: Look, part: Participant) -> Iterator[Act]:
    """Leave, once. The second time it is the button of the confirmation."""
    edition, published = it.exchange.edition, it.exchange.round.published
    at = None
    if it.has(Trait.LEAVES_EARLY) and published is None:
        opens, closes = (edition.windows["preferences"].begins(it.zone), edition.windows["preferences"].ends(it.zone))
        at = it.at_work(max(it.now, opens + (closes - opens) * it.between("leave", 0.3, 0.9)), "leave")
    elif it.has(Trait.LEAVES_MATCHED) and published is not None:
        at = it.a_while("leave", published, 30, 240)
    elif it.has(Trait.LEAVES_LATE):
        agreed = [v.agreed[0].day for v in it.exchange.visits_of(part.person) if v.agreed and v.ended is None]
        at = it.a_while("leave", it.noon(min(agreed) - timedelta(days=5)), 0, 48) if agreed else None
    if at is not None and at > it.now - timedelta(days=1) and not edition.is_over("visits", it.now):
        yield from it.act("leave", max(at, it.now), WITHDRAW, WITHDRAW)
