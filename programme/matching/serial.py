"""Drawing lots: one after the other, in lottery order, people take the best place that is left.

Random serial dictatorship: telling the truth is always best (Abdulkadiroğlu and Sönmez, Econometrica 66(3), 1998), at the price of
fewer people on one of their preferences than the fair matching. An edition chooses it before the ballots open.
"""

from programme.matching import lottery
from programme.matching.network import Network, network
from programme.matching.optimum import Returns, returns
from programme.matching.problem import Problem
from programme.text import Refusal, _


def draw(problem: Problem) -> dict[str, str]:
    """Return the match (person to place) by lot. Locked people go first; of places liked as much the lowest lot is taken.

    Raises `Refusal` when visits have to be mutual: then one person's turn would decide for two.
    """
    if problem.reciprocal == "required":
        raise Refusal(
            _("Lots cannot be drawn for pairs that visit each other. Choose the fair matching, or allow other visits.")
        )
    net, back = network(problem), returns(problem)
    match = problem.locks()
    room = dict(problem.places)
    for taken in match.values():
        room[taken] -= 1
    for person in lottery.order(problem.lottery, problem.people):
        if person not in match and (place := _choice(problem, net, person, room, match, back)) is not None:
            match[person] = place
            room[place] -= 1
    return dict(sorted(match.items()))


def _choice(
    problem: Problem, net: Network, person: str, room: dict[str, int], match: dict[str, str], back: Returns
) -> str | None:
    """The best place left for somebody whose turn it is, or None."""

    def can_be(place: str) -> bool:
        mutual = problem.reciprocal == "forbidden" and any(match.get(host) == own for host, own in back(person, place))
        return room[place] > 0 and not mutual

    arcs = ((level, net.places[place]) for place, _cost, level in net.arcs[net.people.index(person)])
    left = [(level, place) for level, place in arcs if can_be(place)]
    best = min((level for level, _place in left), default=None)
    liked = (place for level, place in left if level == best)
    return min(liked, key=lambda place: (lottery.lot(problem.lottery, person, place), place), default=None)
