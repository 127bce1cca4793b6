"""The matching of an exchange: as fair as can be, proved, and the same whoever computes it.

In this order: as few people as possible without a place; as many as possible on one of their preferences; as few as possible on their
last preference, then on the last but one, and so on; what is still equal, the published lottery decides.
"""

from collections import Counter

from programme.matching import lottery
from programme.matching.offers import all_offers
from programme.matching.optimum import optimum
from programme.matching.problem import Certificate, Matching, Problem
from programme.matching.proof import prove
from programme.matching.serial import draw

__all__ = ["Certificate", "Matching", "Problem", "solve"]


def solve(problem: Problem) -> Matching:
    """Find the one matching that the rules and the lottery give, with the proof that no better one exists.

    The answer depends on the facts alone, not on the order in which people signed up or are handed in. With `previous` it is
    the repair: first as few as possible without a place, then as few people as possible with another place than before,
    then the order above. `mechanism="loting"` draws lots instead; a repair under lots is done like every repair.

    Raises `Refusal` where the rule about mutual visits makes an exact answer impossible here (see `optimum` and `draw`).
    """
    if problem.mechanism == "loting" and problem.previous is None:
        match, certificate = draw(problem), Certificate(u={}, v={})
    else:
        match, certificate = optimum(problem)
    matching = _described(problem, match, certificate)
    matching = matching.model_copy(update={"alternatives": all_offers(problem, matching)})
    return matching.model_copy(update={"proved": prove(problem, matching) is None})


def _described(problem: Problem, match: dict[str, str], certificate: Certificate) -> Matching:
    """Count what a match gives. A place outside the list counts on the level after the longest list."""
    people, previous, outside = sorted(problem.people), problem.previous, problem.list_length()
    counts = Counter(problem.level_of(person).get(place, outside) for person, place in match.items())
    return Matching(
        match=match,
        unplaced=tuple(person for person in people if person not in match),
        profile=tuple(counts[level] for level in range(problem.levels())),
        alternatives={},
        mechanism=problem.mechanism,
        lottery_order=lottery.order(problem.lottery, people),
        certificate=certificate,
        proved=False,
        changed=None
        if previous is None
        else tuple(person for person in people if match.get(person) != previous.get(person)),
    )
