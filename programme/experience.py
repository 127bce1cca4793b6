"""Experiences: three short answers after the visit, for who the writer chooses. An anonymous one holds nothing of who wrote it."""

from collections.abc import Sequence
from hashlib import sha256

from programme.exchange import Exchange
from programme.records import Experience, Participant, Sharing
from programme.text import Call, Refusal, _

ENOUGH = 5
"""From so many anonymous experiences on they are shown; fewer could be guessed."""
SKIP = "-"
LONGEST = 1_000


def must_be_free(part: Participant, kept: Sequence[Experience], sharing: Sharing) -> None:
    """Refuse a second experience of somebody whose first was anonymous: nobody can find that one to replace it."""
    if part.shared and not any(it.person == part.person for it in kept):
        raise Refusal(
            _(
                "You have written down your experience without your name. I cannot find it again to change it, and I keep one of each person."
            )
        )
    if sharing == "anonymous" and part.shared:
        raise Refusal(
            _(
                "Your experience stands under your name. Take it back first with {how}.",
                how=Call(command="experience_remove"),
            )
        )


def written(exchange: Exchange, part: Participant, sharing: Sharing, answers: Sequence[str], secret: str) -> Experience:
    """An experience, with all its answers; `secret` gives an anonymous one an id that leads to nobody."""
    edition = exchange.edition.id
    if sharing == "anonymous":
        drawn = sha256("\n".join((secret, *answers)).encode()).hexdigest()[:24]
        return Experience(id=f"{edition}/anonymous/{drawn}", edition=edition, sharing=sharing, answers=tuple(answers))
    id_ = f"{edition}/person/{part.person}"
    return Experience(id=id_, edition=edition, person=part.person, sharing=sharing, answers=tuple(answers))


def must_fit(answer: str) -> str:
    """An answer as it is kept: empty when it is skipped. Refuses one that is too long."""
    if len(answer) > LONGEST:
        raise Refusal(_("That is too long. Write at most {most} characters.", most=LONGEST))
    return "" if answer.strip() == SKIP else answer.strip()


def shown(kept: Sequence[Experience]) -> tuple[list[Experience], list[Experience]]:
    """What the closing meeting may see: those with a name, and the anonymous ones when there are five or more, in no order of time."""
    named = sorted((it for it in kept if it.sharing == "cohort"), key=lambda it: it.person)
    anonymous = sorted((it for it in kept if it.sharing == "anonymous"), key=lambda it: it.id)
    return named, anonymous if len(anonymous) >= ENOUGH else []
