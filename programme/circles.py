"""Intervision groups: who wants to be in one, how they are split, what they agreed, and leaving.

How people are split is `programme/groups/`. Here stands what this programme asks of it: nobody from the own organisation, sectors
mixed, match partners apart unless both wish otherwise, and nobody again with whom one was in a group before.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations

from programme import apart
from programme.edition import Edition, Intervision
from programme.exchange import Exchange, folded
from programme.groups.bound import cuts, fewest_pairs, roomy
from programme.groups.problem import Member, Problem
from programme.matching.problem import Pair
from programme.records import Group, Grouping, Intervising, Participant, Round
from programme.text import Call, Refusal, _, _n

LEAST = 3
"""Below this number people do not learn from a case together (source: the programme's agreements, minimum attendance)."""
BETWEEN = timedelta(weeks=8)
"""How far sessions lie apart, as groups mostly do it (source: Dutch guides to intervision, which name six to eight weeks)."""

Groups = tuple[tuple[str, ...], ...]


def rule(edition: Edition) -> Intervision:
    """How this edition does intervision. Refuses when it does not."""
    if edition.intervision is None:
        raise Refusal(_("There is no intervision in {edition}.", edition=edition.name))
    return edition.intervision


# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def wished(exchange: Exchange, person: str, wish: Intervising) -> Participant:
    """Keep whether somebody wants to take part. Refuses who takes no part in the edition."""
    rule(exchange.edition)
    return exchange.active(person).model_copy(update={"intervision": wish})


def group_of(exchange: Exchange, person: str) -> Group | None:
    """The group in which this person is now."""
    return next((g for g in exchange.groups.values() if g.closed is None and person in g.members), None)


def own_group(exchange: Exchange, person: str) -> Group:
    """The group in which this person is now. Refuses who is in none, and says what comes."""
    rule(exchange.edition)
    group = group_of(exchange, person)
    if group is not None:
        return group
    if exchange.active(person).intervision in ("yes", "together"):
        raise Refusal(_("You are not in a group yet. The coordinator makes the groups. I will tell you yours."))
    raise Refusal(
        _(
            "You are not in an intervision group. Do you want to take part? Type {how}.",
            how=Call(command="intervision", arguments=("yes",)),
        )
    )


def candidates(exchange: Exchange) -> list[Participant]:
    """Who wants to be in a group and is in none, by id."""
    parts = (part for _person, part in sorted(exchange.participants.items()))
    wanting = (p for p in parts if p.takes_part and p.intervision in ("yes", "together"))
    return [p for p in wanting if group_of(exchange, p.person) is None]


def unasked(exchange: Exchange) -> list[Participant]:
    """Who takes part in the edition and has not said whether they want to be in a group, by id."""
    parts = (part for _person, part in sorted(exchange.participants.items()))
    return [p for p in parts if p.takes_part and not p.intervision]


def asked(exchange: Exchange) -> list[Participant]:
    """Who has not said whether they want to be in a group and was not asked today, with the moment at which they are asked: now."""
    edition = exchange.edition
    today = edition.day(exchange.now)
    fresh = (part for part in unasked(exchange) if part.asked is None or edition.day(part.asked) < today)
    return [part.model_copy(update={"asked": exchange.now}) for part in fresh]


# ── the split ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def ways(exchange: Exchange) -> tuple[tuple[int, ...], ...]:
    """The ways to cut those who want to, as sizes of groups, the usual one first. Refuses when there are too few people."""
    people = candidates(exchange)
    if len(people) < LEAST:
        raise Refusal(
            _n(
                "{n} person waits for a group, and {least} are needed. Ask the others with {how}.",
                "{n} people wait for a group, and {least} are needed. Ask the others with {how}.",
                n=len(people),
                least=LEAST,
                how=Call(command="groups_ask"),
            )
        )
    return cuts(len(people), roomy(len(people), rule(exchange.edition).size, LEAST))


def problem(exchange: Exchange, size: int) -> Problem:
    """What is asked of the split in groups of at most `size`; larger where else somebody would sit with one other.

    Refuses a size that does not fit.
    """
    most = max(rule(exchange.edition).size, *(max(way) for way in ways(exchange)))
    if not LEAST <= size <= most:
        raise Refusal(_("A group has {least} to {most} people. Choose such a number.", least=LEAST, most=most))
    parts = candidates(exchange)
    return Problem(
        people=tuple(_member(exchange, part) for part in parts),
        size=roomy(len(parts), size, LEAST),
        blocked=apart.among(exchange.round, {part.person for part in parts}),
        apart=tuple(_partners(exchange, parts)),
        met=tuple(sorted(_met(exchange))),
        seed=exchange.edition.id,
    )


def _member(exchange: Exchange, part: Participant) -> Member:
    organisation = folded(part.answers.get("organisation", ""))
    return Member(id=part.person, organisation=organisation, sector=_sector(exchange, part.person))


def _sector(exchange: Exchange, person: str) -> str:
    """The sector of somebody, where sectors are to be mixed; else empty, which is nobody's."""
    mixed = rule(exchange.edition).mixed_sectors
    return folded(exchange.participants[person].answers.get("sector", "")) if mixed else ""


def _met(exchange: Exchange) -> set[Pair]:
    """Who was in a group together, now or before."""
    return {pair for group in exchange.groups.values() for pair in combinations(sorted(group.members), 2)}


def _partners(exchange: Exchange, parts: Iterable[Participant]) -> Iterator[Pair]:
    """Pairs of people who visit each other's work, or one of them the other's; not those who both wish to be together."""
    wish = {part.person: part.intervision for part in parts}
    pairs = sorted({(min(v.guest, v.host), max(v.guest, v.host)) for v in exchange.visits.values()})
    for one, other in pairs:
        if one in wish and other in wish and (wish[one], wish[other]) != ("together", "together"):
            yield one, other


def proposed(exchange: Exchange, groups: Groups) -> Round:
    """Keep a split as the proposal."""
    return exchange.round.model_copy(update={"grouping": Grouping(made=exchange.now, groups=groups)})


def proposal(exchange: Exchange) -> Groups:
    """The groups of the proposal. Refuses when there is none, when somebody came or left since, or when it joins two who are kept apart since."""
    found = exchange.round.grouping
    how = Call(command="groups_propose")
    if found is None:
        raise Refusal(_("There are no groups proposed. Make a proposal with {how}.", how=how))
    if sorted(p for group in found.groups for p in group) != [part.person for part in candidates(exchange)]:
        raise Refusal(_("Somebody came or left after this proposal. Make a new one with {how}.", how=how))
    if any(apart.among(exchange.round, group) for group in found.groups):
        raise Refusal(_("Two who are kept apart are together in this proposal. Make a new one with {how}.", how=how))
    return found.groups


def swapped(exchange: Exchange, one: str, other: str) -> Round:
    """Let two people change places in the proposal. Refuses two of one group, and a group with two of one organisation or two kept apart."""
    groups = proposal(exchange)
    at = {person: number for number, group in enumerate(groups) for person in group}
    if one not in at or other not in at:
        raise Refusal(
            _("One of the two is in no group of the proposal. See the proposal with {how}.", how=Call(command="groups"))
        )
    if at[one] == at[other]:
        raise Refusal(_("The two are in the same group. Choose somebody of another group."))
    places = {one: other, other: one}
    better = tuple(tuple(sorted(places.get(person, person) for person in group)) for group in groups)
    for number in (at[one], at[other]):
        _must_differ(exchange, better[number])
    return proposed(exchange, better)


def _must_differ(exchange: Exchange, members: tuple[str, ...]) -> None:
    if apart.among(exchange.round, members):
        raise Refusal(_("Then two who are kept apart are in one group. Choose somebody else."))
    known = [exchange.participants[person].answers.get("organisation", "") for person in members]
    named, times = Counter(folded(name) for name in known if name).most_common(1)[0] if any(known) else ("", 0)
    if times > 1:
        shown = next(name for name in known if folded(name) == named)
        raise Refusal(
            _("Then two people of {organisation} are in one group. Choose somebody else.", organisation=shown)
        )


def same_sector(exchange: Exchange, groups: Groups) -> tuple[int, int]:
    """How many pairs of one sector share a group, and the fewest that any split in so many groups has."""
    sectors = [[name for person in group if (name := _sector(exchange, person))] for group in groups]
    pairs = sum(one == other for group in sectors for one, other in combinations(group, 2))
    return pairs, fewest_pairs(Counter(name for group in sectors for name in group).values(), len(groups))


def partners_together(exchange: Exchange, groups: Groups) -> list[Pair]:
    """The match partners who share a group without having both wished it."""
    at = {person: number for number, group in enumerate(groups) for person in group}
    return [pair for pair in _partners(exchange, candidates(exchange)) if at[pair[0]] == at[pair[1]]]


def made(exchange: Exchange, count: int, today: date) -> tuple[Edition, Round, list[Group]]:
    """Make the groups of the proposal. `count` is how many there are, as somebody typed it who has seen them; another is refused."""
    groups, it = proposal(exchange), rule(exchange.edition)
    if count != len(groups):
        how = Call(command="groups_make", arguments=(str(len(groups)),))
        raise Refusal(_("The proposal has {n} groups. If that is right, type {how}.", n=len(groups), how=how))
    if not it.agreements:
        raise Refusal(_("The file of this edition has no agreements for groups. Add them below [intervision] first."))
    goes_on = it.model_copy(update={"until": today + it.sessions * BETWEEN})
    edition = exchange.edition.model_copy(update={"intervision": goes_on})
    first = max(exchange.groups, default=0) + 1
    fresh = [_group(exchange, number, members) for number, members in enumerate(groups, first)]
    return edition, exchange.round.model_copy(update={"grouping": None}), fresh


def _group(exchange: Exchange, number: int, members: tuple[str, ...]) -> Group:
    edition = exchange.edition
    return Group(
        id=f"{edition.id}/{number}",
        edition=edition.id,
        number=number,
        members=members,
        version=rule(edition).version,
        made=exchange.now,
    )


# ── the agreements ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def agreed_on(edition: Edition, group: Group, person: str) -> date | None:
    """The day on which this member said yes to the agreements as they are now; None when they did not yet."""
    return group.agreed.get(person) if group.version == rule(edition).version else None


def waiting_for(edition: Edition, group: Group) -> list[str]:
    """The members who have not said yes to the agreements as they are now."""
    return [person for person in group.members if agreed_on(edition, group, person) is None]


def agreed(edition: Edition, group: Group, person: str, today: date) -> Group:
    """Keep that a member says yes to the agreements as they are now. What was said about another version counts no more."""
    version = rule(edition).version
    before = group.agreed if group.version == version else {}
    return group.model_copy(update={"version": version, "agreed": {**before, person: before.get(person, today)}})


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def without(group: Group, person: str) -> Group:
    """The group after this person has left it."""
    members = tuple(member for member in group.members if member != person)
    agreed = {member: day for member, day in group.agreed.items() if member != person}
    return group.model_copy(update={"members": members, "agreed": agreed})


def leavers(exchange: Exchange) -> list[tuple[Group, str]]:
    """The members of groups who take no part in the edition any more."""
    going = {p.person for p in exchange.participants.values() if p.takes_part}
    return [(g, p) for g in exchange.groups.values() if g.closed is None for p in g.members if p not in going]
