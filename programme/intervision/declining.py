"""Rules of not bringing in a case after all: in the round in which cases are brought, and as the one who was chosen."""

from programme.intervision.asking import Remark
from programme.intervision.happenings import PresenterDeclined
from programme.intervision.opening import part_begun
from programme.intervision.sitting import Sitting
from programme.intervision.spoken import Monologue, Round
from programme.intervision.turns import Turn
from programme.intervision.written import Vote


def is_asked(sitting: Sitting, person: str) -> bool:
    """Whether this person was asked to bring in their case and has not told it yet, so that passing is declining."""
    session = sitting.session
    if person != session.presenter or session.slow:
        return False
    tells = sitting.method.begins(sitting.phase.case) == session.phase and isinstance(session.turn, Monologue)
    return _is_chosen(session.turn) or (tells and person == session.turn.holder)


def _is_chosen(turn: Turn) -> bool:
    """Whether the choice was made and the phase of it goes on."""
    return isinstance(turn, Vote) and turn.closed


def declined(sitting: Sitting, person: str) -> Sitting:
    """Let whose case was chosen leave it: no reason is asked, and the session does not go on without a case.

    While the choice is at hand it begins anew, without this person; later the facilitator names somebody else, or goes back to it.
    """
    session = sitting.session
    out = session.declined | {person}
    again = _is_chosen(session.turn)
    sitting = sitting.having(
        PresenterDeclined(person, _another(sitting, out), again=again),
        presenter=None,
        outcome_known=None,
        declined=out,
    )
    return part_begun(sitting, session.part) if again else sitting.having(turn=session.turn.done())


def _another(sitting: Sitting, out: frozenset[str]) -> str | None:
    """Somebody whose case can be taken instead: who brought one, or else anybody who does not lead."""
    session = sitting.session
    able = [p for p in sitting.present if p not in {session.facilitator, *session.presented, *out}]
    return next((p for p in able if p in session.brought), next(iter(able), None))


def said(sitting: Sitting, person: str, remark: Remark | None) -> Sitting:
    """Take in, while cases are brought, whether who has the turn said to have none: nobody can choose it then."""
    session = sitting.session
    phases = sitting.method.phases[session.phase : session.phase + 2]
    if not isinstance(session.turn, Round) or "vote" not in (phases[0].then, phases[-1].turn):
        return sitting
    others = session.declined - {person}
    return sitting.having(declined=others | {person} if remark == "nothing_brought" else others)
