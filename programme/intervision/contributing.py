"""Rules of contributing in the slow form: in the room, by a word that one is ready, or by passing; and going on before all are in.

A message of somebody who is expected to contribute is a contribution; what it says is not looked at. Who contributes where they
must listen gets a private word, and nobody is refused anything.
"""

from programme.intervision.anytime import Anytime
from programme.intervision.asking import OF_FORM, Remark
from programme.intervision.calls import SKIP
from programme.intervision.happenings import Hint
from programme.intervision.opening import part_closed, settled
from programme.intervision.sitting import Sitting
from programme.intervision.slow import missing
from programme.intervision.writing import complete, voted_aloud
from programme.intervision.written import SilentWrite, Vote
from programme.text import Refusal, Text, _, _n

HAD_YOUR_SAY = _("You have had your part in this phase. The next one begins when everybody is in, or at the deadline.")
NO_TURNS = _("In a slow session nobody has the turn: everybody writes when it suits them.")


def heard(sitting: Sitting, person: str, remark: Remark | None = None) -> Sitting:
    """Take in that this person typed something in the room; `remark` is all that is known of it."""
    turn = sitting.session.turn
    if isinstance(turn, Anytime) and turn.answerer == person:
        return _turned(sitting, turn, turn.answered())
    if isinstance(turn, Anytime) and person in turn.people:
        return _contributed(_remarked(sitting, person, remark), turn, person)
    if isinstance(turn, SilentWrite) and person in turn.waiting and sitting.phase.reveal == "together":
        return _posted(sitting, turn, person)
    if isinstance(turn, Vote) and remark == "votes":
        return voted_aloud(sitting, turn, person)
    return _out_of_place(sitting, person)


def _remarked(sitting: Sitting, person: str, remark: Remark | None) -> Sitting:
    """Hint at a better form, once in a phase, to this person alone."""
    session, about = sitting.session, OF_FORM.get(remark)
    if about is None or session.level == "quiet" or person in session.hinted:
        return sitting
    return sitting.having(Hint(person, about), hinted=session.hinted | {person})


def _contributed(sitting: Sitting, turn: Anytime, person: str) -> Sitting:
    """Count what somebody contributes; who had their one contribution already hears so once, alone."""
    if person in turn.waiting or not turn.once:
        return _turned(sitting, turn, turn.gave(person, sitting.now))
    if person in turn.hinted or sitting.session.level == "quiet":
        return sitting
    return sitting.having(Hint(person, "had_your_say"), turn=turn.told_once(person))


def _turned(sitting: Sitting, before: Anytime, after: Anytime) -> Sitting:
    """Go on with this turn, and to what follows when it brought it to its end."""
    sitting = sitting.having(turn=after)
    return settled(sitting) if after.finished and not before.finished else sitting


def _posted(sitting: Sitting, turn: SilentWrite, person: str) -> Sitting:
    """Take a message in the room for what this person would have written alone: that is for them to choose."""
    sitting = sitting.having(turn=turn.ready(person))
    return complete(sitting)


def _out_of_place(sitting: Sitting, person: str) -> Sitting:
    if person not in sitting.listeners or sitting.session.level == "quiet":
        return sitting
    return sitting.having(Hint(person, "listen" if person == sitting.session.presenter else "not_now"))


def gone_on(sitting: Sitting, turn: Anytime, person: str) -> Sitting:
    """Let somebody be ready; or let the facilitator, once they are, go on at the deadline.

    Refuses who had their part, and the facilitator as long as others can still contribute: leaving them out is another word.
    """
    chairs = person == sitting.session.facilitator
    if chairs and sitting.is_up:
        return part_closed(sitting)
    if not chairs or person in turn.waiting:
        return ready(sitting, turn, person)
    if turn.waiting:
        raise Refusal(_still_coming(sitting))
    return part_closed(sitting)


def ready(sitting: Sitting, turn: Anytime, person: str) -> Sitting:
    """Let somebody be ready with their own part, or have answered all that was asked. Refuses who had their part."""
    if person == turn.answerer and turn.questions:
        return _turned(sitting, turn, turn.answered(len(turn.questions)))
    if person not in turn.waiting:
        raise Refusal(HAD_YOUR_SAY)
    return _turned(sitting, turn, turn.says_ready(person))


def _still_coming(sitting: Sitting) -> Text:
    """How many, not who: the reminder goes to them alone."""
    return _n(
        "{n} person has not contributed yet, and has until the deadline. Go on without them with {how}.",
        "{n} people have not contributed yet, and have until the deadline. Go on without them with {how}.",
        n=len(missing(sitting.session.turn)),
        how=SKIP,
    )


def passed(sitting: Sitting, turn: Anytime, person: str) -> Sitting:
    """Pass without a reason; or leave the oldest question unanswered."""
    if person == turn.answerer and turn.questions:
        return _turned(sitting, turn, turn.answered())
    if person not in turn.waiting:
        raise Refusal(HAD_YOUR_SAY)
    return _turned(sitting, turn, turn.closed_for(person))
