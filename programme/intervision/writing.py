"""Rules of what is done alone: private writing and its release, labels, and the vote on whose case it will be.

The words themselves stay with the caller, in memory. Here is only known who delivered.
"""

from programme.intervision.calls import PASS, PRESENTER, SKIP
from programme.intervision.happenings import (
    Hint,
    Labelled,
    NothingWritten,
    Revealing,
    StillWriting,
    VoteTied,
    WritingAsked,
)
from programme.intervision.opening import chosen, part_closed, settled
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import NOBODY
from programme.intervision.turns import lot
from programme.intervision.written import Classify, SilentWrite, Vote
from programme.text import Refusal, Text, _, _n

NO_CASE = _("Nobody is left whose case can be chosen. Say who presents with {how}.", how=PRESENTER)
NOT_IN_THE_LIST = _("This case cannot be chosen. Choose one from the list.")
NOTHING_TO_VOTE = _("There is nothing to vote on for you now.")
NOTHING_TO_WRITE = _("There is nothing to write for you now.")


def delivered(sitting: Sitting, person: str) -> Sitting:
    """Take in that this person sent a piece of writing. When it was the last one awaited, all is to be shown at once.

    Refuses when this person has nothing to write now, or it is shown already. A pause refuses nothing: it would lose the words.
    """
    turn = _writing(sitting, person)
    return _looked(sitting.seen(person).having(turn=turn.wrote(person, most=sitting.phase.most_items or 1)))


def _writing(sitting: Sitting, person: str) -> SilentWrite:
    sitting.must_not_be_over()
    sitting.must_be_there(person)
    turn = sitting.session.turn
    if not isinstance(turn, SilentWrite) or person not in turn.waiting | turn.delivered | turn.passed_on:
        raise Refusal(NOTHING_TO_WRITE)
    if turn.state != "writing":
        raise Refusal(_("It has been shown already, so nothing can be added to it."))
    return turn


def writing_on(sitting: Sitting, turn: SilentWrite, person: str) -> Sitting:
    """Go on while people write: who sent enough is ready; the facilitator closes what is done, or what has no time left."""
    chairs = person == sitting.session.facilitator
    alone = sitting.phase.reveal == "none" and not sitting.is_up
    if person in turn.waiting and (turn.items.get(person) or not chairs or (alone and len(turn.waiting) > 1)):
        return writing_ready(sitting, turn, person)
    if not chairs:
        raise Refusal(NOTHING_TO_WRITE)
    return closed(sitting, turn.ready(person) if alone else turn)


def writing_ready(sitting: Sitting, turn: SilentWrite, person: str) -> Sitting:
    """Wait for somebody no longer: they wrote what they had to. Refuses who has nothing to write, and too little of it."""
    if person not in turn.waiting:
        raise Refusal(NOTHING_TO_WRITE)
    least = sitting.phase.least_items if sitting.phase.reveal == "together" else 0
    if turn.items.get(person, 0) < least:
        raise Refusal(
            _n(
                "Send me {n} piece first. Or pass with {how}.",
                "Send me {n} pieces first. Or pass with {how}.",
                n=least,
                how=PASS,
            )
        )
    return _looked(sitting.having(turn=turn.ready(person)))


def closed(sitting: Sitting, turn: SilentWrite) -> Sitting:
    """Close writing: show what there is, or go on from what was shown. As long as people may still write it says who they are."""
    if sitting.phase.reveal == "none" and turn.waiting and not sitting.is_up and sitting.session.slow is None:
        raise Refusal(_still_alone(len(turn.waiting)))
    if sitting.phase.reveal == "none" or turn.state == "released":
        return part_closed(sitting)
    if turn.state == "releasing":
        raise Refusal(_("I am showing what everybody wrote. Go on when you see it."))
    decides = sitting.is_up and (sitting.session.slow is not None or not sitting.phase.waits_for_all)
    if turn.waiting and not decides:
        return sitting.having(StillWriting(tuple(sorted(turn.waiting)), waits=sitting.phase.waits_for_all))
    late = turn.model_copy(update={"waiting": NOBODY, "passed_on": turn.passed_on | turn.waiting})
    return _looked(sitting.having(turn=late))


def _still_alone(n: int) -> Text:
    return _n(
        "{n} person is still writing. Give a moment, or go on all the same with {how}.",
        "{n} people are still writing. Give them a moment, or go on all the same with {how}.",
        n=n,
        how=SKIP,
    )


def not_writing(sitting: Sitting, turn: SilentWrite, person: str) -> Sitting:
    """Pass on writing, for oneself."""
    if person not in turn.waiting:
        raise Refusal(NOTHING_TO_WRITE)
    return _looked(sitting.having(turn=turn.passes(person)))


def _looked(sitting: Sitting) -> Sitting:
    """Show all that was written once nobody is waited for; not while it is paused."""
    turn = sitting.session.turn
    if not isinstance(turn, SilentWrite) or turn.waiting or turn.state != "writing" or sitting.session.paused_at:
        return sitting
    if sitting.phase.reveal == "none":
        return settled(sitting)
    if not turn.total:
        none = turn.model_copy(update={"state": "released"})
        nothing = () if turn.delivered else (NothingWritten(),)  # in the slow form they may have posted it in the room
        return settled(sitting.having(*nothing, turn=none, items=0))
    order = sorted(turn.items, key=lambda p: lot(sitting.session.id, sitting.phase.key, p))
    releasing = turn.model_copy(update={"state": "releasing"})
    return sitting.having(Revealing(tuple(order)), turn=releasing, revealings=sitting.session.revealings + 1)


def released(sitting: Sitting) -> Sitting:
    """Take in that what everybody wrote has been shown. Anything but a release under way is left as it is."""
    turn = sitting.session.turn
    if not isinstance(turn, SilentWrite) or turn.state != "releasing":
        return sitting
    shown = turn.model_copy(update={"state": "released"})
    return settled(sitting.having(turn=shown, items=turn.total))


def notes_lost(sitting: Sitting) -> Sitting:
    """Ask those who had written to write again: after a restart nothing of it is left, and it was not shown."""
    turn = sitting.session.turn
    if not isinstance(turn, SilentWrite) or turn.state == "released" or not turn.items:
        return sitting
    again = tuple(p for p in sorted(turn.items) if p in sitting.present)
    empty = turn.model_copy(
        update={"waiting": turn.waiting | {*again}, "delivered": NOBODY, "items": {}, "state": "writing"}
    )
    return sitting.having(WritingAsked(again, again=True), turn=empty)


def complete(sitting: Sitting) -> Sitting:
    """Show what was written, or count the votes, when nobody is waited for any more; not while it is paused."""
    turn = sitting.session.turn
    open_vote = isinstance(turn, Vote) and turn.candidates and not turn.closed and not turn.tied
    if isinstance(turn, Vote) and open_vote and not turn.waiting and not sitting.session.paused_at:
        return votes_counted(sitting, turn)
    return _looked(sitting)


def labelled(sitting: Sitting, person: str, item: int, label: int) -> Sitting:
    """Let the presenter give an item (from 1) the label with this index. The label itself is said, and not kept."""
    sitting.must_run()
    turn = sitting.session.turn
    if not isinstance(turn, Classify) or person != turn.called:
        raise Refusal(_("There is nothing to label for you now."))
    if not 1 <= item <= turn.items or not 0 <= label < len(sitting.phase.labels):
        raise Refusal(_("Choose an item from 1 to {most}, and one of the labels.", most=turn.items))
    sitting = sitting.having(
        Labelled(item, sitting.phase.labels[label]),
        turn=turn.model_copy(update={"labelled": turn.labelled | {item}}),
        replied=True,
    )
    return settled(sitting) if sitting.session.turn.finished and not turn.finished else sitting


def voted(sitting: Sitting, person: str, case: str) -> Sitting:
    """Vote for the case of this person; another vote replaces it. When it was the last one awaited, they are counted."""
    turn = _voting(sitting, person)
    if case not in turn.candidates:
        raise Refusal(NOT_IN_THE_LIST)
    return complete(sitting.seen(person).having(turn=turn.voted(person, case)))


def _voting(sitting: Sitting, person: str) -> Vote:
    sitting.must_run()
    turn = sitting.session.turn
    if not isinstance(turn, Vote) or turn.finished or person not in sitting.takers:
        raise Refusal(NOTHING_TO_VOTE)
    return turn


def voted_aloud(sitting: Sitting, turn: Vote, person: str) -> Sitting:
    """Say where one votes, each time and at any level: a vote that does not count must not look as if it did."""
    return sitting.having(Hint(person, "choose_here")) if person in {*turn.waiting, *turn.ballots} else sitting


def not_voting(sitting: Sitting, turn: Vote, person: str) -> Sitting:
    """Pass on the vote."""
    if person not in turn.waiting:
        raise Refusal(NOTHING_TO_VOTE)
    return complete(sitting.having(turn=turn.model_copy(update={"waiting": turn.waiting - {person}})))


def votes_counted(sitting: Sitting, turn: Vote) -> Sitting:
    """Count the votes; a tie is for the facilitator. Refuses when nobody is left whose case it can be."""
    leaders = turn.leaders()
    if not leaders:
        raise Refusal(NO_CASE)
    if len(leaders) == 1:
        return chosen(sitting, leaders[0])
    tied = turn.model_copy(update={"tied": leaders, "waiting": NOBODY, "ballots": {}})
    return sitting.having(VoteTied(leaders), turn=tied)


def vote_on(sitting: Sitting, turn: Vote, person: str) -> Sitting:
    """Let the facilitator go on from the vote: close what is decided, or count when the time is up."""
    sitting.must_chair(person)
    if turn.closed:
        return part_closed(sitting)
    if turn.tied:
        raise Refusal(_("There are as many votes for more than one case. Choose between them first."))
    if turn.waiting and not sitting.is_up:
        raise Refusal(still_voting(turn))
    return votes_counted(sitting, turn)


def still_voting(turn: Vote) -> Text:
    """How many, not who."""
    return _n(
        "{n} person has not voted yet. Wait, or go on when the time is up.",
        "{n} people have not voted yet. Wait, or go on when the time is up.",
        n=len(turn.waiting),
    )


def tie_broken(sitting: Sitting, person: str, case: str) -> Sitting:
    """Let the facilitator choose between the cases with as many votes."""
    sitting.must_run()
    sitting.must_chair(person)
    turn = sitting.session.turn
    if not isinstance(turn, Vote) or case not in turn.tied:
        raise Refusal(NOT_IN_THE_LIST)
    return chosen(sitting, case)
